//! Draws the funnel plot: rates against sizes, with limits within which chance alone keeps a group.
//!
//! The shape of a group's point shows its place as well, and groups far out are named. The curves are
//! the limits of groups with the mix of reports of all; a group of few reports has limits of its own,
//! drawn as a thin line at its point.

use super::{at, tick, ticks};
use crate::answer::compare::Strata;
use crate::answer::compare::funnel::{Funnel, Limits, Place, Point};
use crate::render::{clean, words};
use maud::{Markup, html};

const LEFT: f64 = 50.0;
/// Room for the names of the limits.
const RIGHT: f64 = 46.0;
const TOP: f64 = 14.0;
/// Room for the numbers and the name of the axis.
const BOTTOM: f64 = 46.0;
/// The height of a line of the legend.
const ENTRY: f64 = 19.0;

/// The size of text. In print a unit is 0.86 points, so it is more than 9 points there.
const TEXT: f64 = 12.0;

/// Up to this many groups are all named where there is room.
const ALL_NAMED: usize = 12;

/// The width that a letter of a name takes.
const LETTER: f64 = 6.5;
const LINE: f64 = 14.0;

/// The least distance between the names of two limits.
const APART: f64 = 12.0;

/// The size of a drawing, and what tells it from the other one of the same page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    id: &'static str,
    width: f64,
    /// Of the plot, without the legend.
    height: f64,
    /// Where the columns of the legend begin.
    columns: &'static [f64],
}

impl Frame {
    /// For a window, and for print.
    pub(super) const BROAD: Self =
        Self { id: "broad", width: 600.0, height: 330.0, columns: &[LEFT, 230.0, 410.0] };
    /// For a phone.
    pub(super) const NARROW: Self =
        Self { id: "narrow", width: 360.0, height: 320.0, columns: &[8.0] };
}

/// What is drawn.
pub(super) struct Drawing<'a> {
    pub(super) funnel: &'a Funnel,
    /// Names a group next to its point.
    pub(super) short: &'a dyn Fn(&Point) -> String,
    /// Names a group elsewhere.
    pub(super) name: &'a dyn Fn(&Point) -> String,
    /// Whether a group is the user's council.
    pub(super) is_own: &'a dyn Fn(&Point) -> bool,
}

struct Axes {
    frame: Frame,
    across: f64,
    up: f64,
}

impl Axes {
    fn right(&self) -> f64 {
        self.frame.width - RIGHT
    }

    fn ground(&self) -> f64 {
        self.frame.height - BOTTOM
    }

    fn x(&self, eligible: f64) -> f64 {
        LEFT + eligible / self.across * (self.right() - LEFT)
    }

    fn y(&self, rate: f64) -> f64 {
        self.ground() - rate / self.up * (self.ground() - TOP)
    }

    fn place(&self, point: &Point) -> (f64, f64) {
        (self.x(point.eligible as f64), self.y(point.rate))
    }

    fn line(&self, limits: &[Limits], of: impl Fn(&Limits) -> f64) -> String {
        let points = limits.iter().map(|limits| {
            format!("{},{}", at(self.x(limits.eligible as f64)), at(self.y(of(limits))))
        });
        points.collect::<Vec<_>>().join(" ")
    }
}

/// What a legend explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    Place(Place),
    Own,
    Inner,
    Outer,
    Whisker,
}

impl Drawing<'_> {
    /// Draws the plot.
    pub(super) fn draw(&self, frame: Frame) -> Markup {
        let funnel = self.funnel;
        let largest = funnel.points.iter().map(|point| point.eligible).max().unwrap_or(1);
        let axes = Axes { frame, across: largest as f64 * 1.05, up: highest(funnel) };
        let names = self.names(&axes);
        let (ground, right) = (axes.ground(), axes.right());
        let entries = self.entries();
        let lines = entries.len().div_ceil(frame.columns.len());
        let size = format!("0 0 {} {}", frame.width, frame.height + 6.0 + ENTRY * lines as f64);
        let [title, desc, plot] =
            ["title", "desc", "plot"].map(|what| format!("funnel-{}-{what}", frame.id));
        let standardised = match funnel.strata {
            Strata::None => "",
            Strata::Framework | Strata::FrameworkAndYears => ", standardised",
        };
        html! {
            svg class=(frame.id) viewBox=(size) role="img" aria-labelledby=(format!("{title} {desc}")) {
                title id=(title) { "Rates against eligible paragraphs, with funnel limits" }
                desc id=(desc) { (aloud(funnel, self.name)) }
                defs {
                    clipPath id=(plot) {
                        rect x=(LEFT) y=(TOP) width=(right - LEFT) height=(ground - TOP) {}
                    }
                }
                @for number in ticks(axes.up, 7) {
                    @let y = at(axes.y(number));
                    line x1=(LEFT) x2=(right) y1=(y) y2=(y) stroke="#e2e2e2" {}
                    text x=(LEFT - 6.0) y=(at(axes.y(number) + 4.0)) font-size=(TEXT) text-anchor="end" {
                        (tick(number))
                    }
                }
                @for number in ticks(axes.across, if frame.width > 500.0 { 6 } else { 4 }) {
                    @let x = at(axes.x(number));
                    line x1=(x) x2=(x) y1=(ground) y2=(ground + 4.0) stroke="#444" {}
                    text x=(x) y=(ground + 18.0) font-size=(TEXT) text-anchor="middle" { (tick(number)) }
                }
                line x1=(LEFT) x2=(right) y1=(ground) y2=(ground) stroke="#444" {}
                text x=((LEFT + right) / 2.0) y=(ground + 38.0) font-size=(TEXT) text-anchor="middle" {
                    "eligible paragraphs in the group"
                }
                text x="12" y=((TOP + ground) / 2.0) font-size=(TEXT) text-anchor="middle"
                    transform=(format!("rotate(-90 12 {})", (TOP + ground) / 2.0)) {
                    "matching per 100" (standardised)
                }
                g clip-path=(format!("url(#{plot})")) fill="none" {
                    @for (limit, dashes) in [
                        (axes.line(&funnel.limits, |limits| limits.inner[0]), INNER),
                        (axes.line(&funnel.limits, |limits| limits.inner[1]), INNER),
                        (axes.line(&funnel.limits, |limits| limits.outer[0]), OUTER),
                        (axes.line(&funnel.limits, |limits| limits.outer[1]), OUTER),
                    ] {
                        polyline points=(limit) stroke="#555" stroke-width="1.3" stroke-dasharray=(dashes) {}
                    }
                    line x1=(LEFT) x2=(right) y1=(at(axes.y(funnel.overall)))
                        y2=(at(axes.y(funnel.overall))) stroke="#555" stroke-width="1.3" {}
                    @for point in funnel.points.iter().filter(|point| has_own(funnel, point)) {
                        @let x = axes.x(point.eligible as f64);
                        (whisker(x, axes.y(point.limits.inner[1]), axes.y(point.limits.inner[0])))
                    }
                }
                @for (y, said) in limit_names(funnel, &axes) {
                    text x=(right + 4.0) y=(at(y + 4.0)) font-size="11" { (said) }
                }
                @for point in &funnel.points {
                    @let (x, y) = axes.place(point);
                    @if (self.is_own)(point) { (own(x, y)) }
                    (mark(point.place, x, y, Some(&said(point, &(self.name)(point)))))
                }
                @for name in &names {
                    text x=(at(name.x)) y=(at(name.y)) font-size=(TEXT) text-anchor=(name.anchor)
                        font-weight=[name.is_own.then_some("700")] paint-order="stroke" stroke="#fff"
                        stroke-width="3" { (name.text) }
                }
                @for (number, entry) in entries.iter().enumerate() {
                    @let left = frame.columns[number % frame.columns.len()];
                    @let y = frame.height + 4.0 + ENTRY * (number / frame.columns.len()) as f64;
                    (explained(*entry, left, y))
                }
            }
        }
    }

    /// What the drawing needs to explain.
    fn entries(&self) -> Vec<Entry> {
        let places = || self.funnel.points.iter().map(|point| point.place);
        let has = |which: [Place; 2]| places().find(|place| which.contains(place));
        let mut entries = vec![Entry::Place(Place::Within), Entry::Inner, Entry::Outer];
        entries.extend(has([Place::Above95, Place::Below95]).map(Entry::Place));
        entries.extend(has([Place::Above998, Place::Below998]).map(Entry::Place));
        let is_own = self.funnel.points.iter().any(|point| (self.is_own)(point));
        entries.extend(is_own.then_some(Entry::Own));
        let has_own = self.funnel.points.iter().any(|point| has_own(self.funnel, point));
        entries.extend(has_own.then_some(Entry::Whisker));
        entries
    }

    /// Places names next to points without overlap. The user's council comes first, then those far
    /// out where not all are named, then the largest groups; a name without room appears only in the table.
    fn names(&self, axes: &Axes) -> Vec<Name> {
        let points = &self.funnel.points;
        let is_far = |point: &&Point| point.place != Place::Within;
        let all = points.len() <= ALL_NAMED;
        let mut named: Vec<&Point> =
            points.iter().filter(|point| all || is_far(point) || (self.is_own)(point)).collect();
        let is_near = |point: &Point| !matches!(point.place, Place::Above998 | Place::Below998);
        let order = |point: &&Point| {
            (!(self.is_own)(point), !all && is_near(point), usize::MAX - point.eligible)
        };
        named.sort_by_key(order);
        let mut taken: Vec<[f64; 4]> = points
            .iter()
            .map(|point| {
                let (x, y) = axes.place(point);
                [x - 5.0, y - 5.0, x + 5.0, y + 5.0]
            })
            .collect();
        let mut names = Vec::new();
        for point in named {
            let text = clean::line(&(self.short)(point));
            let width = text.chars().count() as f64 * LETTER;
            let (x, y) = axes.place(point);
            let tries = [
                (x + 9.0, y + 4.0, "start"),
                (x - 9.0, y + 4.0, "end"),
                (x + 5.0, y - 9.0, "start"),
                (x - 5.0, y - 9.0, "end"),
                (x + 5.0, y + 18.0, "start"),
                (x - 5.0, y + 18.0, "end"),
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
                    && room[2] <= axes.right()
                    && room[1] >= 0.0
                    && room[3] <= axes.ground();
                let overlaps = |other: &[f64; 4]| {
                    room[0] < other[2]
                        && other[0] < room[2]
                        && room[1] < other[3]
                        && other[1] < room[3]
                };
                if is_inside && !taken.iter().any(overlaps) {
                    taken.push(room);
                    names.push(Name { x, y, anchor, text, is_own: (self.is_own)(point) });
                    break;
                }
            }
        }
        names
    }
}

/// Whether a group's own limits are drawn: they are where it has few reports, and where the curves,
/// which are for groups with the mix of all, put it elsewhere than it is.
fn has_own(funnel: &Funnel, point: &Point) -> bool {
    let curve = funnel.limits.iter().find(|limits| limits.eligible >= point.eligible);
    let is_within = |limits: [f64; 2]| (limits[0]..=limits[1]).contains(&point.rate);
    let differs = curve.is_some_and(|curve| {
        is_within(curve.inner) != is_within(point.limits.inner)
            || is_within(curve.outer) != is_within(point.limits.outer)
    });
    point.is_shuffled || differs
}

/// The highest rate that is drawn: above all groups and, as far as these are still told apart, above
/// their limits; and above the ends of the limits that have a name there.
fn highest(funnel: &Funnel) -> f64 {
    let points = || funnel.points.iter();
    let rate = points().map(|point| point.rate).fold(funnel.overall, f64::max);
    let limit = points().map(|point| point.limits.inner[1]).fold(0.0, f64::max);
    let end = funnel.limits.last().map_or(0.0, |limits| limits.outer[1]);
    (rate * 1.15).max(limit.min(rate * 2.0) * 1.05).max(end.min(rate * 3.0) * 1.05)
}

/// The name of a group where it is drawn.
#[derive(Debug, Clone, PartialEq)]
struct Name {
    x: f64,
    y: f64,
    anchor: &'static str,
    text: String,
    is_own: bool,
}

const INNER: &str = "7 4";
const OUTER: &str = "2 3";

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
    let up = spread + (lowest - axes.ground()).max(0.0);
    names.into_iter().map(|(y, said)| (y - up, said)).collect()
}

/// Draws a line of the legend.
fn explained(entry: Entry, left: f64, y: f64) -> Markup {
    let middle = left + 12.0;
    let line = |dashes: &str| {
        html! {
            line x1=(left) x2=(left + 24.0) y1=(at(y)) y2=(at(y)) stroke="#555" stroke-width="1.3"
                stroke-dasharray=(dashes) {}
        }
    };
    let (drawn, said) = match entry {
        Entry::Place(place) => {
            let said = match place {
                Place::Within => "within the limits",
                Place::Above95 | Place::Below95 => "outside 95%",
                Place::Above998 | Place::Below998 => "outside 99.8%",
            };
            (mark(place, middle, y, None), said.to_owned())
        }
        Entry::Own => (own(middle, y), "your council".to_owned()),
        Entry::Inner => (line(INNER), "95% limits".to_owned()),
        Entry::Outer => (line(OUTER), "99.8% limits".to_owned()),
        Entry::Whisker => (whisker(middle, y - 7.0, y + 7.0), "95% limits of its own".to_owned()),
    };
    html! {
        (drawn)
        text x=(left + 32.0) y=(at(y + 4.0)) font-size=(TEXT) { (said) }
    }
}

/// Draws a group's own limits.
fn whisker(x: f64, high: f64, low: f64) -> Markup {
    let [x0, left, right] = [x, x - 3.0, x + 3.0].map(at);
    let [top, bottom] = [high, low].map(at);
    html! {
        path d=(format!("M{left} {top} H{right} M{x0} {top} V{bottom} M{left} {bottom} H{right}"))
            fill="none" stroke="#767676" stroke-width="0.9" {}
    }
}

/// Draws what tells the user's council from others.
fn own(x: f64, y: f64) -> Markup {
    html! {
        circle cx=(at(x)) cy=(at(y)) r="8.5" fill="#ffe9a8" stroke="#1a1a1a" stroke-width="1.4" {}
    }
}

/// Draws the point of a group: a ring within the limits, a diamond outside the 95% limits, a
/// triangle that points away from them outside the 99.8% limits.
fn mark(place: Place, x: f64, y: f64, said: Option<&str>) -> Markup {
    let title = html! { @if let Some(said) = said { title { (said) } } };
    let shape = |d: String| {
        html! {
            path d=(d) fill="#1d4f91" stroke="#fff" stroke-width="0.7" { (title) }
        }
    };
    let [x0, y0] = [at(x), at(y)];
    match place {
        Place::Within => html! {
            circle cx=(x0) cy=(y0) r="4" fill="#fff" stroke="#1d4f91" stroke-width="1.5" { (title) }
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
    format!(
        "{name}: {rate} per 100 of {} in {}, {place}",
        words::number(point.eligible),
        words::count(point.reports, "report")
    )
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
         rates are in the table.",
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
    use super::{APART, Axes, Drawing, Frame, limit_names};
    use crate::answer::compare::funnel::{Funnel, tests::raw};

    fn funnel(groups: &[(usize, usize)], frame: Frame) -> (Funnel, Axes) {
        let funnel = raw(groups).unwrap();
        let across = groups.iter().map(|(eligible, _)| *eligible).max().unwrap() as f64;
        (funnel, Axes { frame, across: across * 1.05, up: 12.0 })
    }

    #[test]
    fn names_of_limits_that_nearly_meet_are_apart_and_above_the_axis() {
        // Limits within a tenth of each other on a scale to 12, and limits that are nearly nothing.
        for groups in [[(90_000, 3_600); 5], [(20_000, 20); 5]] {
            let (funnel, axes) = funnel(&groups, Frame::BROAD);
            let names = limit_names(&funnel, &axes);
            assert_eq!(
                names.iter().map(|(_, said)| *said).collect::<Vec<_>>(),
                ["99.8%", "95%", "95%", "99.8%"]
            );
            let gaps = names.windows(2).map(|pair| pair[1].0 - pair[0].0);
            assert!(gaps.into_iter().all(|gap| gap > APART - 0.01), "{names:?}");
            assert!(names[3].0 <= axes.ground() + 0.01, "{names:?}");
        }
    }

    #[test]
    fn a_group_without_a_match_is_named_above_the_axis_and_the_users_own_first() {
        let groups = [(900, 0), (4_000, 160), (5_000, 200), (6_000, 240), (8_000, 320)];
        for frame in [Frame::BROAD, Frame::NARROW] {
            let (funnel, axes) = funnel(&groups, frame);
            let drawing = Drawing {
                funnel: &funnel,
                short: &|point| format!("group {}", point.eligible),
                name: &|point| format!("group {}", point.eligible),
                is_own: &|point| point.eligible == 900,
            };
            let names = drawing.names(&axes);
            assert_eq!((names[0].text.as_str(), names[0].is_own), ("group 900", true));
            assert!(names[0].y < axes.ground() - 3.0, "{names:?}");
        }
    }
}
