//! Draws the funnel plot: rates against sizes, with limits within which chance alone keeps a group.
//!
//! The shape of a group's point shows its place as well, and groups far out are named.

use super::{at, tick, ticks};
use crate::answer::compare::funnel::{Funnel, Limits, Place, Point};
use crate::render::{clean, words};
use maud::{Markup, html};

const WIDTH: f64 = 520.0;
const HEIGHT: f64 = 350.0;
const LEFT: f64 = 46.0;
/// Room for the names of the limits.
const RIGHT: f64 = 44.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 44.0;

/// Up to this many groups are all named.
const ALL_NAMED: usize = 12;

/// The width that a letter of a name takes.
const LETTER: f64 = 6.4;
const LINE: f64 = 13.0;

/// The least distance between the names of two limits.
const APART: f64 = 11.0;

struct Axes {
    across: f64,
    up: f64,
}

impl Axes {
    fn x(&self, eligible: f64) -> f64 {
        LEFT + eligible / self.across * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, rate: f64) -> f64 {
        HEIGHT - BOTTOM - rate / self.up * (HEIGHT - TOP - BOTTOM)
    }

    fn line(&self, limits: &[Limits], of: impl Fn(&Limits) -> f64) -> String {
        let points = limits.iter().map(|limits| {
            format!("{},{}", at(self.x(limits.eligible as f64)), at(self.y(of(limits))))
        });
        points.collect::<Vec<_>>().join(" ")
    }
}

/// Draws the plot; `short` names a group next to its point, `name` elsewhere.
pub(super) fn funnel(
    funnel: &Funnel,
    short: impl Fn(&Point) -> String,
    name: impl Fn(&Point) -> String,
) -> Markup {
    let largest = funnel.points.iter().map(|point| point.eligible).max().unwrap_or(1);
    let highest = funnel.points.iter().map(|point| point.rate).fold(funnel.overall, f64::max);
    let axes = Axes { across: largest as f64 * 1.05, up: highest * 1.12 };
    let names = names(funnel, &axes, &short);
    let size = format!("0 0 {WIDTH} {HEIGHT}");
    let (ground, right) = (HEIGHT - BOTTOM, WIDTH - RIGHT);
    html! {
        svg viewBox=(size) role="img" aria-labelledby="funnel-title funnel-desc" {
            title id="funnel-title" { "Rates against eligible paragraphs, with funnel limits" }
            desc id="funnel-desc" { (aloud(funnel, &name)) }
            defs {
                clipPath id="plot" {
                    rect x=(LEFT) y=(TOP) width=(right - LEFT) height=(ground - TOP) {}
                }
            }
            @for number in ticks(axes.up, 7) {
                @let y = at(axes.y(number));
                line x1=(LEFT) x2=(right) y1=(y) y2=(y) stroke="#e2e2e2" {}
                text x=(LEFT - 6.0) y=(at(axes.y(number) + 4.0)) font-size="12" text-anchor="end" {
                    (tick(number))
                }
            }
            @for number in ticks(axes.across, 6) {
                @let x = at(axes.x(number));
                line x1=(x) x2=(x) y1=(ground) y2=(ground + 4.0) stroke="#444" {}
                text x=(x) y=(ground + 18.0) font-size="12" text-anchor="middle" { (tick(number)) }
            }
            line x1=(LEFT) x2=(right) y1=(ground) y2=(ground) stroke="#444" {}
            text x=((LEFT + right) / 2.0) y=(HEIGHT - 6.0) font-size="12" text-anchor="middle" {
                "eligible paragraphs in the group"
            }
            text x="12" y=((TOP + ground) / 2.0) font-size="12" text-anchor="middle"
                transform=(format!("rotate(-90 12 {})", (TOP + ground) / 2.0)) {
                "matching paragraphs per 100"
            }
            g clip-path="url(#plot)" fill="none" {
                @for (limit, dashes) in [
                    (axes.line(&funnel.limits, |limits| limits.inner[0]), "7 4"),
                    (axes.line(&funnel.limits, |limits| limits.inner[1]), "7 4"),
                    (axes.line(&funnel.limits, |limits| limits.outer[0]), "2 3"),
                    (axes.line(&funnel.limits, |limits| limits.outer[1]), "2 3"),
                ] {
                    polyline points=(limit) stroke="#555" stroke-width="1.3" stroke-dasharray=(dashes) {}
                }
                line x1=(LEFT) x2=(right) y1=(at(axes.y(funnel.overall)))
                    y2=(at(axes.y(funnel.overall))) stroke="#555" stroke-width="1.3" {}
            }
            @for (y, said) in limit_names(funnel, &axes) {
                text x=(right + 5.0) y=(at(y + 4.0)) font-size="10.5" { (said) }
            }
            @for point in &funnel.points {
                (mark(point, axes.x(point.eligible as f64), axes.y(point.rate), &name(point)))
            }
            @for (x, y, anchor, name) in &names {
                text x=(at(*x)) y=(at(*y)) font-size="11.5" text-anchor=(anchor) paint-order="stroke"
                    stroke="#fff" stroke-width="3" { (name) }
            }
        }
    }
}

/// Places the names of the limits to the right of their ends, from top to bottom without overlap.
fn limit_names(funnel: &Funnel, axes: &Axes) -> Vec<(f64, &'static str)> {
    let Some(last) = funnel.limits.last() else {
        return Vec::new();
    };
    let ends = [
        (last.outer[1], "99.8%"),
        (last.inner[1], "95%"),
        (last.inner[0], "95%"),
        (last.outer[0], "99.8%"),
    ];
    let within = ends.into_iter().filter(|(rate, _)| *rate <= axes.up);
    let mut names: Vec<(f64, &str)> = within.map(|(rate, said)| (axes.y(rate), said)).collect();
    let wanted: f64 = names.iter().map(|(y, _)| y).sum();
    for below in 1..names.len() {
        names[below].0 = names[below].0.max(names[below - 1].0 + APART);
    }
    // Names pushed down are spread to both sides, but not over the numbers of the axis.
    let spread = (names.iter().map(|(y, _)| y).sum::<f64>() - wanted) / names.len().max(1) as f64;
    let lowest = names.last().map_or(0.0, |(y, _)| y - spread);
    let up = spread + (lowest - (HEIGHT - BOTTOM)).max(0.0);
    names.into_iter().map(|(y, said)| (y - up, said)).collect()
}

/// Draws the point of a group: a ring within the limits, a diamond outside the 95% limits, a
/// triangle that points away from them outside the 99.8% limits.
fn mark(point: &Point, x: f64, y: f64, name: &str) -> Markup {
    let shape = |d: String| {
        html! {
            path d=(d) fill="#1d4f91" stroke="#fff" stroke-width="0.7" { title { (said(point, name)) } }
        }
    };
    let [x0, y0] = [at(x), at(y)];
    match point.place {
        Place::Within => html! {
            circle cx=(x0) cy=(y0) r="4" fill="#fff" stroke="#1d4f91" stroke-width="1.5" {
                title { (said(point, name)) }
            }
        },
        Place::Above95 | Place::Below95 => {
            shape(format!("M{x0} {} l5 5 l-5 5 l-5 -5 z", at(y - 5.0)))
        }
        Place::Above998 => shape(format!("M{x0} {} l6 10 l-12 0 z", at(y - 6.0))),
        Place::Below998 => shape(format!("M{x0} {} l6 -10 l-12 0 z", at(y + 6.0))),
    }
}

fn said(point: &Point, name: &str) -> String {
    let place = match point.place {
        Place::Within => "within the limits",
        Place::Above95 => "above the 95% limit",
        Place::Below95 => "below the 95% limit",
        Place::Above998 => "above the 99.8% limit",
        Place::Below998 => "below the 99.8% limit",
    };
    let rate = words::percent(Some(point.rate));
    let name = clean::line(name);
    format!("{name}: {rate} per 100 of {}, {place}", words::number(point.eligible))
}

/// Places names next to points without overlap. The largest groups come first; a name without room
/// appears only in the table.
fn names(
    funnel: &Funnel,
    axes: &Axes,
    name: impl Fn(&Point) -> String,
) -> Vec<(f64, f64, &'static str, String)> {
    let is_far = |point: &&Point| matches!(point.place, Place::Above998 | Place::Below998);
    let all = funnel.points.len() <= ALL_NAMED;
    let mut points: Vec<&Point> =
        funnel.points.iter().filter(|point| all || is_far(point)).collect();
    points.sort_by_key(|point| usize::MAX - point.eligible);
    let place = |point: &Point| (axes.x(point.eligible as f64), axes.y(point.rate));
    let mut taken: Vec<[f64; 4]> = funnel
        .points
        .iter()
        .map(|point| {
            let (x, y) = place(point);
            [x - 5.0, y - 5.0, x + 5.0, y + 5.0]
        })
        .collect();
    let mut names = Vec::new();
    for point in points {
        let text = clean::line(&name(point));
        let width = text.chars().count() as f64 * LETTER;
        let (x, y) = place(point);
        let tries = [
            (x + 9.0, y + 4.0, "start"),
            (x - 9.0, y + 4.0, "end"),
            (x + 5.0, y - 9.0, "start"),
            (x - 5.0, y - 9.0, "end"),
            (x, y - 10.0, "middle"),
            (x, y + 18.0, "middle"),
        ];
        for (x, y, anchor) in tries {
            let left = match anchor {
                "start" => x,
                "end" => x - width,
                _ => x - width / 2.0,
            };
            let room = [left, y - LINE + 3.0, left + width, y + 3.0];
            let is_inside = room[0] >= LEFT
                && room[2] <= WIDTH - RIGHT
                && room[1] >= 0.0
                && room[3] <= HEIGHT - BOTTOM;
            let overlaps = |other: &[f64; 4]| {
                room[0] < other[2] && other[0] < room[2] && room[1] < other[3] && other[1] < room[3]
            };
            if is_inside && !taken.iter().any(overlaps) {
                taken.push(room);
                names.push((x, y, anchor, text));
                break;
            }
        }
    }
    names
}

/// Describes the plot in words, for readers who hear it.
fn aloud(funnel: &Funnel, name: impl Fn(&Point) -> String) -> String {
    let outside = |place: Place| -> String {
        let named: Vec<String> = funnel
            .points
            .iter()
            .filter(|point| point.place == place)
            .map(|point| clean::line(&name(point)))
            .collect();
        if named.is_empty() { "none".to_owned() } else { named.join(", ") }
    };
    format!(
        "{} groups around an overall rate of {} matching paragraphs in 100. Above the 99.8% limit: \
         {}. Below the 99.8% limit: {}. Between the 95% and the 99.8% limit: above {}; below {}. All \
         rates stand in the table.",
        funnel.points.len(),
        words::percent(Some(funnel.overall)),
        outside(Place::Above998),
        outside(Place::Below998),
        outside(Place::Above95),
        outside(Place::Below95),
    )
}

#[cfg(test)]
mod tests {
    use super::{APART, Axes, BOTTOM, HEIGHT, limit_names, names};
    use crate::answer::compare::funnel::{Funnel, tests::raw};

    fn funnel(groups: &[(usize, usize)]) -> (Funnel, Axes) {
        let funnel = raw(groups).unwrap();
        let across = groups.iter().map(|(eligible, _)| *eligible).max().unwrap() as f64;
        (funnel, Axes { across: across * 1.05, up: 12.0 })
    }

    #[test]
    fn names_of_limits_that_nearly_meet_stand_apart_and_above_the_axis() {
        // Limits within a tenth of each other on a scale to 12, and limits that are nearly nothing.
        for groups in [[(90_000, 3_600); 5], [(20_000, 20); 5]] {
            let (funnel, axes) = funnel(&groups);
            let names = limit_names(&funnel, &axes);
            assert_eq!(
                names.iter().map(|(_, said)| *said).collect::<Vec<_>>(),
                ["99.8%", "95%", "95%", "99.8%"]
            );
            let gaps = names.windows(2).map(|pair| pair[1].0 - pair[0].0);
            assert!(gaps.into_iter().all(|gap| gap > APART - 0.01), "{names:?}");
            assert!(names[3].0 <= HEIGHT - BOTTOM + 0.01, "{names:?}");
        }
    }

    #[test]
    fn a_group_without_a_match_is_named_above_the_axis_and_not_across_it() {
        let (funnel, axes) =
            funnel(&[(900, 0), (4_000, 160), (5_000, 200), (6_000, 240), (8_000, 320)]);
        let names = names(&funnel, &axes, |point| format!("group {}", point.eligible));
        let (_, y, ..) = names.iter().find(|(.., name)| name == "group 900").unwrap();
        assert!(*y < HEIGHT - BOTTOM - 3.0, "{names:?}");
    }
}
