//! Draws bars of section grades: of the matches, and of everything eligible.
//!
//! A place on the scale has a pattern as well as a colour, and a segment shows its share.

use super::at;
use crate::answer::compare::{GradeRow, Share};
use crate::render::{clean, words};
use maud::{Markup, html};

const BAR: f64 = 18.0;
const PAIR: f64 = 60.0;

/// The height of a line of the legend.
const ENTRY: f64 = 19.0;

/// The size of text. In print a unit is 0.86 points, so it is more than 9 points there.
const TEXT: f64 = 12.0;

/// The width that a letter takes.
const LETTER: f64 = 6.3;

/// The size of a drawing, and what tells it from the other one of the same page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    id: &'static str,
    width: f64,
    /// Where the bars begin.
    left: f64,
    /// Where the columns of the legend begin.
    legend: &'static [f64],
}

impl Frame {
    /// For a window, and for print.
    pub(super) const BROAD: Self =
        Self { id: "broad", width: 600.0, left: 124.0, legend: &[0.0, 300.0] };
    /// For a phone.
    pub(super) const NARROW: Self =
        Self { id: "narrow", width: 360.0, left: 104.0, legend: &[0.0] };

    /// The id of a thing of this drawing.
    fn id(self, what: &str) -> String {
        format!("mix-{}-{what}", self.id)
    }

    /// Returns the colour or pattern of a place on the scale.
    fn fill(self, rank: Option<u8>) -> String {
        match rank {
            Some(rank @ 1..=3) => format!("url(#{})", self.id(&format!("grade-{rank}"))),
            other => plain(other).to_owned(),
        }
    }
}

/// Segments narrower than this show no number.
const READABLE: f64 = 34.0;

/// Returns the colour of a place on the scale that has no pattern.
fn plain(rank: Option<u8>) -> &'static str {
    if rank == Some(4) { "#3d3d3d" } else { "#ffffff" }
}

fn patterns(frame: Frame) -> Markup {
    html! {
        defs {
            pattern id=(frame.id("grade-1")) width="10" height="10" patternUnits="userSpaceOnUse" {
                rect width="10" height="10" fill="#d3e6f5" {}
            }
            pattern id=(frame.id("grade-2")) width="8" height="8" patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)" {
                rect width="8" height="8" fill="#e4efe0" {}
                line x1="0" y1="0" x2="0" y2="8" stroke="#8ab07c" stroke-width="3" {}
            }
            pattern id=(frame.id("grade-3")) width="6" height="6" patternUnits="userSpaceOnUse" {
                rect width="6" height="6" fill="#f6e3c0" {}
                circle cx="3" cy="3" r="1.4" fill="#b07a1e" {}
            }
        }
    }
}

/// Draws the bars of some groups, each given by its name and grades.
pub(super) fn mix(groups: &[(String, &[GradeRow])], frame: Frame) -> Markup {
    let height = 12.0 + PAIR * groups.len() as f64;
    let column = frame.width / frame.legend.len() as f64;
    let letters = ((column - 34.0) / LETTER) as usize;
    let legend: Vec<(Vec<String>, Option<u8>)> = self::legend(groups)
        .into_iter()
        .map(|(labels, rank)| (wrapped(&labels, letters), rank))
        .collect();
    let rows = || legend.chunks(frame.legend.len());
    let lines = |row: &[(Vec<String>, Option<u8>)]| row.iter().map(|(lines, _)| lines.len()).max();
    let above = |row: usize| rows().take(row).filter_map(lines).sum::<usize>() as f64 * ENTRY;
    let size = format!("0 0 {} {}", frame.width, height + above(usize::MAX));
    let [title, desc] = ["title", "desc"].map(|what| frame.id(what));
    html! {
        svg class=(frame.id) viewBox=(size) role="img" aria-labelledby=(format!("{title} {desc}")) {
            title id=(title) { "Grades of the sections of the matches" }
            desc id=(desc) { (aloud(groups)) }
            (patterns(frame))
            @for (number, (name, rows)) in groups.iter().enumerate() {
                @let top = 8.0 + PAIR * number as f64;
                text x="0" y=(at(top + 4.0)) font-size="13" font-weight="600" { (clean::line(name)) }
                (bar(frame, rows, top + 9.0, "matches", |row| row.matching))
                (bar(frame, rows, top + 9.0 + BAR + 2.0, "eligible", |row| row.eligible))
            }
            @for (number, row) in rows().enumerate() {
                @for ((lines, rank), left) in row.iter().zip(frame.legend) {
                    @let y = height + above(number);
                    rect x=(left + 0.5) y=(at(y)) width="26" height="14" fill=(frame.fill(*rank))
                        stroke="#444" {}
                    @for (line, label) in lines.iter().enumerate() {
                        text x=(left + 34.0) y=(at(y + 12.0 + ENTRY * line as f64)) font-size=(TEXT) { (label) }
                    }
                }
            }
        }
    }
}

/// Puts labels on lines of at most so many letters, unless one alone is longer.
fn wrapped(labels: &[String], letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for label in labels {
        match lines.last_mut() {
            Some(line) if line.chars().count() + label.chars().count() + 3 <= letters => {
                line.push_str(" · ");
                line.push_str(label);
            }
            _ => lines.push(label.clone()),
        }
    }
    lines
}

fn bar(
    frame: Frame,
    rows: &[GradeRow],
    top: f64,
    what: &str,
    share: impl Fn(&GradeRow) -> Share,
) -> Markup {
    let whole = frame.width - frame.left - 2.0;
    let mut left = frame.left;
    let mut segments = Vec::new();
    for row in rows {
        let share = share(row);
        let percent = share.percent.unwrap_or(0.0);
        let width = percent / 100.0 * whole;
        segments.push((left, width, percent, row, share.count));
        left += width;
    }
    let total: usize = segments.iter().map(|(.., count)| count).sum();
    html! {
        text x=(frame.left - 8.0) y=(at(top + 13.0)) font-size=(TEXT) text-anchor="end" {
            (what) " (" (words::number(total)) ")"
        }
        @for (left, width, percent, row, count) in segments.iter().filter(|(_, w, ..)| *w > 0.0) {
            rect x=(at(*left)) y=(at(top)) width=(at(*width)) height=(BAR) fill=(frame.fill(row.rank))
                stroke="#444" stroke-width="0.8" {
                title { (label(row)) ": " (words::number(*count)) " (" (format!("{percent:.0}")) "%)" }
            }
            @if *width >= READABLE {
                @let middle = left + width / 2.0;
                @if row.rank == Some(4) {
                    text x=(at(middle)) y=(at(top + 13.0)) font-size=(TEXT) text-anchor="middle"
                        class="light" { (format!("{percent:.0}%")) }
                } @else {
                    rect x=(at(middle - 15.0)) y=(at(top + 3.0)) width="30" height="12" rx="2"
                        fill="#fff" fill-opacity="0.85" {}
                    text x=(at(middle)) y=(at(top + 13.0)) font-size=(TEXT) text-anchor="middle" {
                        (format!("{percent:.0}%"))
                    }
                }
            }
        }
    }
}

fn label(row: &GradeRow) -> String {
    row.label.as_deref().map_or_else(|| "no grade in force".to_owned(), clean::line)
}

/// What a place on the scale looks like: places without a pattern or colour of their own look alike.
fn look(rank: Option<u8>) -> u8 {
    rank.filter(|rank| (1..=4).contains(rank)).unwrap_or_default()
}

/// Lists the patterns that occur, each with its grades, in the order of the scale; grades with the
/// same place on it look alike.
fn legend(groups: &[(String, &[GradeRow])]) -> Vec<(Vec<String>, Option<u8>)> {
    let mut seen: Vec<(Option<u8>, Vec<String>)> = Vec::new();
    for row in groups.iter().flat_map(|(_, rows)| rows.iter()) {
        let same = seen.iter().position(|(rank, _)| look(*rank) == look(row.rank));
        let place = same.unwrap_or_else(|| {
            seen.push((row.rank, Vec::new()));
            seen.len() - 1
        });
        let label = label(row);
        if !seen[place].1.contains(&label) {
            seen[place].1.push(label);
        }
    }
    seen.sort_by_key(|(rank, _)| (rank.is_none(), *rank));
    seen.into_iter().map(|(rank, labels)| (labels, rank)).collect()
}

/// Describes the bars in words, for readers who hear them.
fn aloud(groups: &[(String, &[GradeRow])]) -> String {
    let said = groups.iter().map(|(name, rows)| {
        let shares: Vec<String> = rows
            .iter()
            .map(|row| {
                let share = |share: Share| share.percent.map_or(0.0, |percent| percent.round());
                format!(
                    "{} {}% of the matches and {}% of everything eligible",
                    label(row),
                    share(row.matching),
                    share(row.eligible)
                )
            })
            .collect();
        format!("{}: {}.", clean::line(name), shares.join(", "))
    });
    said.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::legend;
    use crate::answer::compare::{GradeRow, Share};

    #[test]
    fn grades_that_look_alike_share_one_line_of_the_legend() {
        let row = |label: Option<&str>, rank| GradeRow {
            label: label.map(str::to_owned),
            rank,
            matching: Share::whole(1, 4),
            eligible: Share::whole(1, 4),
        };
        let rows = [
            row(Some("Good"), Some(2)),
            row(Some("Adequate"), Some(3)),
            row(Some("Requires improvement"), Some(3)),
            row(Some("Not judged"), None),
            row(None, None),
        ];
        let legend = legend(&[("All".to_owned(), &rows), ("London".to_owned(), &rows[..3])]);
        let said: Vec<(String, Option<u8>)> =
            legend.iter().map(|(labels, rank)| (labels.join(" · "), *rank)).collect();
        let said: Vec<(&str, Option<u8>)> =
            said.iter().map(|(label, rank)| (label.as_str(), *rank)).collect();
        assert_eq!(
            said,
            [
                ("Good", Some(2)),
                ("Adequate · Requires improvement", Some(3)),
                ("Not judged · no grade in force", None),
            ]
        );
    }
}
