//! Finds lines and paragraphs by position, for text that no structure describes.

use super::compose::{Placed, is_bullet, is_note_mark};

/// Runs that share a baseline, from left to right.
pub(super) struct Line<'p> {
    pub(super) page: u32,
    /// Baseline from the top of the page.
    pub(super) y: f32,
    pub(super) left: f32,
    pub(super) right: f32,
    /// Height of its largest visible letters.
    pub(super) size: f32,
    pub(super) runs: Vec<Placed<'p>>,
}

impl Line<'_> {
    /// The first visible characters.
    pub(super) fn beginning(&self) -> impl Iterator<Item = char> {
        let letters = self.runs.iter().flat_map(|placed| placed.text.chars());
        letters.skip_while(|letter| letter.is_whitespace())
    }

    /// Takes size and baseline from the largest visible letters. The space after a footnote's mark
    /// may be as large as those of the text above.
    fn measure(&mut self) {
        let visible = self.runs.iter().filter(|placed| !placed.text.trim().is_empty());
        if let Some(largest) = visible.rev().max_by(|a, b| a.run.size.total_cmp(&b.run.size)) {
            self.size = largest.run.size;
            self.y = largest.run.y;
        }
    }

    fn is_bold(&self) -> bool {
        self.runs.iter().filter(|placed| !placed.text.trim().is_empty()).all(|p| p.run.bold)
    }
}

/// Groups runs into lines from top to bottom, page by page.
pub(super) fn lines<'p>(runs: &[Placed<'p>]) -> Vec<Line<'p>> {
    let mut sorted: Vec<Placed<'p>> = runs.to_vec();
    sorted.retain(|placed| !placed.text.is_empty());
    sorted.sort_by(|a, b| a.page.cmp(&b.page).then(a.run.y.total_cmp(&b.run.y)));
    let mut lines: Vec<Line<'p>> = Vec::new();
    for placed in sorted {
        let run = placed.run;
        match lines.last_mut() {
            // A raised mark is a third of its line's height above the baseline.
            Some(line)
                if line.page == placed.page && run.y - line.y < 0.4 * line.size.max(run.size) =>
            {
                if run.size > line.size {
                    line.y = run.y;
                    line.size = run.size;
                }
                line.runs.push(placed);
            }
            _ => lines.push(Line {
                page: placed.page,
                y: run.y,
                left: run.x,
                right: run.end,
                size: run.size,
                runs: vec![placed],
            }),
        }
    }
    lines.iter_mut().for_each(Line::measure);
    let mut lines = join_raised(lines);
    for line in &mut lines {
        line.runs.sort_by(|a, b| a.run.x.total_cmp(&b.run.x));
        let visible = || line.runs.iter().filter(|placed| !placed.text.trim().is_empty());
        line.left = visible().map(|placed| placed.run.x).fold(f32::INFINITY, f32::min);
        line.right = visible().map(|placed| placed.run.end).fold(0.0, f32::max);
    }
    lines.retain(|line| line.left.is_finite());
    lines
}

/// Joins lines that contain only raised marks or letters to the line over which they are raised.
fn join_raised(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let mut joined: Vec<Line<'_>> = Vec::with_capacity(lines.len());
    for mut line in lines {
        if let Some(before) = joined.last()
            && before.page == line.page
            && before.size < 0.8 * line.size
            && line.y - before.y < 0.8 * line.size
            && before.runs.iter().all(|p| is_note_mark(p.text) || is_ordinal_ending(p.text))
            && let Some(marks) = joined.pop()
        {
            line.runs.extend(marks.runs);
        }
        joined.push(line);
    }
    joined
}

/// Whether these are the raised letters of "1st" or "18th".
fn is_ordinal_ending(text: &str) -> bool {
    matches!(text.trim(), "st" | "nd" | "rd" | "th")
}

/// Groups consecutive lines into paragraphs, and returns these as runs.
pub(super) fn paragraphs<'p>(lines: &[Line<'p>]) -> Vec<Vec<Placed<'p>>> {
    let mut paragraphs: Vec<Vec<Placed<'p>>> = Vec::new();
    let mut previous: Option<&Line<'p>> = None;
    let mut leading = None;
    for line in lines {
        let begins = previous.is_none_or(|before| begins_paragraph(before, line, leading));
        match paragraphs.last_mut() {
            Some(paragraph) if !begins => {
                leading = previous.map(|before| line.y - before.y);
                paragraph.extend(&line.runs);
            }
            _ => {
                leading = None;
                paragraphs.push(line.runs.clone());
            }
        }
        previous = Some(line);
    }
    paragraphs
}

/// The distance between baselines as a share of the letters' size, for the fonts with the tallest
/// lines.
pub(super) const SINGLE_SPACING: f32 = 1.3;

fn begins_paragraph(before: &Line<'_>, line: &Line<'_>, leading: Option<f32>) -> bool {
    let usual = leading.unwrap_or(SINGLE_SPACING * before.size);
    line.page != before.page
        || line.y - before.y > usual + 0.15 * line.size
        || (line.size - before.size).abs() > 0.1 * before.size
        || line.is_bold() != before.is_bold()
        || line.beginning().next().is_some_and(is_bullet)
        || is_numbered(line)
}

/// Whether a line begins with a printed number such as `12.`, `12)` or `3.36`.
fn is_numbered(line: &Line<'_>) -> bool {
    is_whole_number(line) || is_dotted_number(line)
}

/// Whether a line begins with a number such as `3.36` and then a capital: "1.3 million" is none.
fn is_dotted_number(line: &Line<'_>) -> bool {
    const LONGEST: usize = 12;
    let beginning: String = line.beginning().take(LONGEST + 2).collect();
    let end = beginning.find(|c: char| !(c.is_ascii_digit() || c == '.'));
    let Some((number, rest)) = end.map(|end| beginning.split_at(end)) else { return false };
    let parts = number.trim_end_matches('.').split('.');
    let dotted =
        parts.clone().count() > 1 && parts.into_iter().all(|part| matches!(part.len(), 1..=3));
    let rest_opens =
        rest.trim_start().starts_with(|c: char| c.is_uppercase() || "‘“'\"".contains(c));
    dotted && rest_opens
}

fn is_whole_number(line: &Line<'_>) -> bool {
    let beginning: String = line.beginning().take(5).collect();
    let digits = beginning.chars().take_while(char::is_ascii_digit).count();
    (1..=3).contains(&digits)
        && matches!(beginning[digits..].chars().next(), Some('.' | ')'))
        && beginning[digits + 1..].chars().next().is_none_or(char::is_whitespace)
}
