//! Draws bars of section grades: of the matches, and of everything eligible.
//!
//! A place on the scale has a pattern as well as a colour, and a segment shows its share.

use super::at;
use crate::answer::compare::{GradeRow, Share};
use crate::render::{clean, words};
use maud::{Markup, html};

const WIDTH: f64 = 520.0;
const LEFT: f64 = 116.0;
const BAR: f64 = 18.0;
const PAIR: f64 = 60.0;

/// Segments narrower than this, in per cent, show no number.
const READABLE: f64 = 7.0;

/// Returns the colour or pattern of a place on the scale.
fn fill(rank: Option<u8>) -> &'static str {
    match rank {
        Some(1) => "url(#grade-1)",
        Some(2) => "url(#grade-2)",
        Some(3) => "url(#grade-3)",
        Some(4) => "#3d3d3d",
        _ => "#ffffff",
    }
}

fn patterns() -> Markup {
    html! {
        defs {
            pattern id="grade-1" width="10" height="10" patternUnits="userSpaceOnUse" {
                rect width="10" height="10" fill="#d3e6f5" {}
            }
            pattern id="grade-2" width="8" height="8" patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)" {
                rect width="8" height="8" fill="#e4efe0" {}
                line x1="0" y1="0" x2="0" y2="8" stroke="#8ab07c" stroke-width="3" {}
            }
            pattern id="grade-3" width="6" height="6" patternUnits="userSpaceOnUse" {
                rect width="6" height="6" fill="#f6e3c0" {}
                circle cx="3" cy="3" r="1.4" fill="#b07a1e" {}
            }
        }
    }
}

/// Draws the bars of some groups, each given by its name and grades.
pub(super) fn mix(groups: &[(String, &[GradeRow])]) -> Markup {
    let height = 12.0 + PAIR * groups.len() as f64;
    let legend = legend(groups);
    let lines = legend.len() as f64;
    let size = format!("0 0 {WIDTH} {}", height + lines * 20.0);
    html! {
        svg viewBox=(size) role="img" aria-labelledby="mix-title mix-desc" {
            title id="mix-title" { "Grades of the sections of the matches" }
            desc id="mix-desc" { (aloud(groups)) }
            (patterns())
            @for (number, (name, rows)) in groups.iter().enumerate() {
                @let top = 8.0 + PAIR * number as f64;
                text x="0" y=(at(top + 4.0)) font-size="13" font-weight="600" { (clean::line(name)) }
                (bar(rows, top + 9.0, "matches", |row| row.matching))
                (bar(rows, top + 9.0 + BAR + 2.0, "eligible", |row| row.eligible))
            }
            @for (number, (label, rank)) in legend.iter().enumerate() {
                @let y = height + 20.0 * number as f64;
                rect x=(LEFT) y=(at(y)) width="26" height="14" fill=(fill(*rank)) stroke="#444" {}
                text x=(LEFT + 34.0) y=(at(y + 12.0)) font-size="12" { (label) }
            }
        }
    }
}

fn bar(rows: &[GradeRow], top: f64, what: &str, share: impl Fn(&GradeRow) -> Share) -> Markup {
    let mut left = LEFT;
    let mut segments = Vec::new();
    for row in rows {
        let share = share(row);
        let percent = share.percent.unwrap_or(0.0);
        let width = percent / 100.0 * (WIDTH - LEFT - 2.0);
        segments.push((left, width, percent, row, share.count));
        left += width;
    }
    let total: usize = segments.iter().map(|(.., count)| count).sum();
    html! {
        text x=(LEFT - 8.0) y=(at(top + 13.0)) font-size="12" text-anchor="end" {
            (what) " (" (words::number(total)) ")"
        }
        @for (left, width, percent, row, count) in segments.iter().filter(|(_, w, ..)| *w > 0.0) {
            rect x=(at(*left)) y=(at(top)) width=(at(*width)) height=(BAR) fill=(fill(row.rank))
                stroke="#444" stroke-width="0.8" {
                title { (label(row)) ": " (words::number(*count)) " (" (format!("{percent:.0}")) "%)" }
            }
            @if *percent >= READABLE {
                @let middle = left + width / 2.0;
                @if row.rank == Some(4) {
                    text x=(at(middle)) y=(at(top + 13.0)) font-size="11" text-anchor="middle"
                        style="fill:#fff" { (format!("{percent:.0}%")) }
                } @else {
                    rect x=(at(middle - 14.0)) y=(at(top + 3.0)) width="28" height="12" rx="2"
                        fill="#fff" fill-opacity="0.85" {}
                    text x=(at(middle)) y=(at(top + 13.0)) font-size="11" text-anchor="middle" {
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

/// Lists the patterns that occur, each with its grades, in the order of the scale; grades with the
/// same place on it look alike.
fn legend(groups: &[(String, &[GradeRow])]) -> Vec<(String, Option<u8>)> {
    let mut seen: Vec<(Option<u8>, Vec<String>)> = Vec::new();
    for row in groups.iter().flat_map(|(_, rows)| rows.iter()) {
        let same = seen.iter().position(|(rank, _)| fill(*rank) == fill(row.rank));
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
    seen.into_iter().map(|(rank, labels)| (labels.join(" · "), rank)).collect()
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
        let said: Vec<(&str, Option<u8>)> =
            legend.iter().map(|(label, rank)| (label.as_str(), *rank)).collect();
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
