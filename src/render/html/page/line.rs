//! Draws how often the reports of one authority mention something, over the years.
//!
//! A point is a report; a short line at it is what is usual for reports of its framework. Points are
//! not joined: between two inspections nobody knows.

use crate::answer::timeline::{Inspection, Mentioned, Timeline};
use crate::render::html::{at, tick, ticks};
use crate::render::words;
use jiff::civil::Date;
use maud::{Markup, html};

const LEFT: f64 = 44.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 30.0;

/// Half the width of the line that says what is usual.
const USUAL: f64 = 9.0;

/// The size of a drawing, and what tells it from the other one of the same page.
#[derive(Debug, Clone, Copy)]
struct Frame {
    class: &'static str,
    width: f64,
    height: f64,
}

const BROAD: Frame = Frame { class: "broad", width: 640.0, height: 240.0 };
const NARROW: Frame = Frame { class: "narrow", width: 360.0, height: 240.0 };

/// A report in the drawing.
struct Point {
    day: f64,
    rate: f64,
    usual: Option<f64>,
    is_small: bool,
}

/// Draws the reports that have a date; nothing where there are fewer than two.
pub(super) fn chart(answer: &Timeline) -> Markup {
    let dated = answer.inspections.iter().filter_map(|own| Some((own, own.mentioned.as_ref()?)));
    let points: Vec<Point> = dated.filter_map(|(own, mentioned)| point(own, mentioned)).collect();
    if points.len() < 2 {
        return html! {};
    }
    let said = spoken(answer);
    html! {
        figure {
            (draw(&points, BROAD, &said))
            (draw(&points, NARROW, &said))
            figcaption {
                "Paragraphs that mention it, of every 100 that could. A dot is a report (a ring one with "
                "fewer than 100 paragraphs), the line at it what is usual for reports of its framework."
            }
        }
    }
}

fn point(own: &Inspection, mentioned: &Mentioned) -> Option<Point> {
    Some(Point {
        day: place(own.date?),
        rate: mentioned.paragraphs.percent?,
        usual: mentioned.usual,
        is_small: mentioned.is_small,
    })
}

/// A day as a number of years.
fn place(day: Date) -> f64 {
    f64::from(day.year()) + f64::from(day.day_of_year() - 1) / 366.0
}

/// The drawing in words.
fn spoken(answer: &Timeline) -> String {
    let each = answer.inspections.iter().filter_map(|own| {
        let (day, mentioned) = (own.date?, own.mentioned.as_ref()?);
        let usual = words::percent(mentioned.usual);
        let rate = words::percent(mentioned.paragraphs.percent);
        Some(format!("{}, {}: {rate}, usual {usual}", words::month(day), own.framework_short))
    });
    format!("Paragraphs per 100 that mention it. {}.", each.collect::<Vec<_>>().join("; "))
}

fn draw(points: &[Point], frame: Frame, said: &str) -> Markup {
    let days = || points.iter().map(|point| point.day);
    let first = days().fold(f64::INFINITY, f64::min).floor();
    let last = days().fold(f64::NEG_INFINITY, f64::max).floor() + 1.0;
    let rates = points.iter().flat_map(|point| [Some(point.rate), point.usual]).flatten();
    let top = rates.fold(0.0, f64::max) * 1.1;
    let top = if top > 0.0 { top } else { 1.0 };
    let (right, bottom) = (frame.width - RIGHT, frame.height - BOTTOM);
    let across = |day: f64| LEFT + (day - first) / (last - first) * (right - LEFT);
    let up = |rate: f64| bottom - rate / top * (bottom - TOP);
    let step = ((last - first) / (frame.width / 56.0)).ceil().max(1.0);
    let years = (0..).map(|at| first + f64::from(at) * step).take_while(|year| *year < last);
    html! {
        svg class=(frame.class) role="img" aria-label=(said) viewBox=(format!("0 0 {} {}", frame.width, frame.height)) {
            @for rate in ticks(top, 4) {
                line x1=(at(LEFT)) x2=(at(right)) y1=(at(up(rate))) y2=(at(up(rate))) stroke="#cfd6dd" stroke-width="1" {}
                text x=(at(LEFT - 8.0)) y=(at(up(rate) + 4.0)) text-anchor="end" font-size="12" { (tick(rate)) }
            }
            @for year in years {
                line x1=(at(across(year))) x2=(at(across(year))) y1=(at(bottom)) y2=(at(bottom + 5.0)) stroke="#6b7680" stroke-width="1" {}
                text x=(at(across(year))) y=(at(bottom + 20.0)) text-anchor="middle" font-size="12" { (format!("{year:.0}")) }
            }
            @for point in points {
                @let (x, y) = (across(point.day), up(point.rate));
                @if let Some(usual) = point.usual {
                    line x1=(at(x - USUAL)) x2=(at(x + USUAL)) y1=(at(up(usual))) y2=(at(up(usual))) stroke="#4a5560" stroke-width="2" {}
                }
                @if point.is_small {
                    circle cx=(at(x)) cy=(at(y)) r="4.5" fill="#fff" stroke="#0b4f8a" stroke-width="2" {}
                } @else {
                    circle cx=(at(x)) cy=(at(y)) r="5.5" fill="#0b4f8a" {}
                }
            }
        }
    }
}
