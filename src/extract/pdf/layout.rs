//! Puts the runs of a page into the order in which a reader meets them: line by line, column by
//! column.
//!
//! Uses positions alone, so that what the tags of a file say can be held against it.

use super::compose::{Placed, is_note_mark, runs_of};
use super::device::{Page, WORD_GAP};
use super::fuse::Fuse;
use super::geometry::{Line, lines};
use crate::extract::PrintedPage;

/// A part of a line without a wide gap.
pub(super) struct Segment<'p> {
    pub(super) runs: Vec<Placed<'p>>,
    pub(super) y: f32,
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) size: f32,
}

/// The gap at which a line falls into parts, as a share of the letters' size.
#[derive(Clone, Copy)]
pub(super) struct Parting {
    gap: f32,
    /// The width that a space at the end of a run adds to the gap after it.
    space: f32,
}

impl Parting {
    /// For text whose cells are known by its tags.
    pub(super) const OF_TAGGED: Self = Self { gap: 0.9, space: 0.0 };
    /// For text of which only places are known. The cells of a table may be this close.
    const OF_PRINTED: Self = Self { gap: 0.7, space: 0.25 };
}

/// How far below the last line of a column its next line may be, as a share of the letters' size.
const REACH: f32 = 2.5;

/// How far lines must overlap to be in one column, in points.
const OVERLAP: f32 = 2.0;

/// The segments of one page in reading order.
///
/// `parts` says where a line falls into two besides its wide gaps: it gets the runs before and
/// after a gap, and the gap as a share of the letters' size.
pub(super) fn in_reading_order<'p>(
    lines: &[Line<'p>],
    parting: Parting,
    parts: impl Fn(&Placed<'p>, &Placed<'p>, f32) -> bool,
) -> Vec<Segment<'p>> {
    let mut columns: Vec<Vec<Segment<'p>>> = Vec::new();
    let mut open: Vec<Tail> = Vec::new();
    for line in lines {
        let segments = split(line, parting, &parts);
        open.retain(|tail| line.y - tail.y <= REACH * tail.size.max(line.size));
        let meets = |tail: &Tail, segment: &Segment<'_>| {
            tail.right.min(segment.right) - tail.left.max(segment.left) > OVERLAP
        };
        // A line below two columns, or two columns below a line, begin anew.
        let column_of = |segment: &Segment<'_>| {
            let mut above = open.iter().filter(|tail| meets(tail, segment));
            let tail = above.next().filter(|_| above.next().is_none())?;
            let below = segments.iter().filter(|segment| meets(tail, segment)).count();
            (below == 1).then_some(tail.column)
        };
        let places: Vec<Option<usize>> = segments.iter().map(column_of).collect();
        open.retain(|tail| !segments.iter().any(|segment| meets(tail, segment)));
        for (segment, place) in segments.into_iter().zip(places) {
            let column = place.unwrap_or(columns.len());
            if place.is_none() {
                columns.push(Vec::new());
            }
            open.push(Tail {
                column,
                y: segment.y,
                left: segment.left,
                right: segment.right,
                size: segment.size,
            });
            columns[column].push(segment);
        }
    }
    columns.into_iter().flatten().collect()
}

/// The last line of a column.
struct Tail {
    column: usize,
    y: f32,
    left: f32,
    right: f32,
    size: f32,
}

fn split<'p>(
    line: &Line<'p>,
    parting: Parting,
    parts: impl Fn(&Placed<'p>, &Placed<'p>, f32) -> bool,
) -> Vec<Segment<'p>> {
    let mut segments: Vec<Segment<'p>> = Vec::with_capacity(1);
    let mut before: Option<&Placed<'p>> = None;
    // Only a bullet or a number so far.
    let mut opening = true;
    for placed in &line.runs {
        let run = placed.run;
        let is_blank = placed.text.trim().is_empty();
        match segments.last_mut() {
            Some(segment) if is_blank => segment.runs.push(*placed),
            Some(segment)
                if before.is_none_or(|before| {
                    let space = if before.text.ends_with(' ') { parting.space } else { 0.0 };
                    let gap = (run.x - segment.right) / line.size.max(1.0) + space;
                    !((gap > parting.gap && !opening) || parts(before, placed, gap))
                }) =>
            {
                segment.runs.push(*placed);
                segment.right = segment.right.max(run.end);
                before = Some(placed);
            }
            _ => {
                segments.push(Segment {
                    runs: vec![*placed],
                    y: line.y,
                    left: run.x,
                    right: run.end,
                    size: line.size,
                });
                before = (!is_blank).then_some(placed);
                opening = true;
            }
        }
        opening = opening && placed.text.chars().filter(|c| c.is_alphabetic()).count() < 2;
    }
    segments
}

/// The words of all pages as they are printed, furniture included.
pub(super) fn printed(pages: &[Page], fuse: &Fuse) -> Vec<PrintedPage> {
    let printed = |page: u32| {
        fuse.check_time();
        let runs: Vec<_> = runs_of(pages, page, |_| true).collect();
        let lines = lines(&runs);
        let segments = in_reading_order(&lines, Parting::OF_PRINTED, |_, _, _| false);
        let is_split = segments.len() != lines.len();
        let columns = segments.iter().map(|segment| (&segment.runs, segment.y, segment.size));
        let across = lines.iter().map(|line| (&line.runs, line.y, line.size));
        PrintedPage { columns: written(columns), across: is_split.then(|| written(across)) }
    };
    (0..pages.len() as u32).map(printed).collect()
}

/// Writes lines, given by their runs, baselines and sizes.
fn written<'r, 'p: 'r>(lines: impl Iterator<Item = (&'r Vec<Placed<'p>>, f32, f32)>) -> String {
    let mut text = String::new();
    for (runs, y, size) in lines {
        // Some lines hold invisible spaces of another size, so that runs may overlap.
        let mut end = f32::NEG_INFINITY;
        for placed in runs {
            let run = placed.run;
            let rise = y - run.y;
            let is_raised = run.size < 0.8 * size && rise > 0.1 * size;
            let is_apart = end.is_finite() && run.x - end > WORD_GAP * run.size;
            // An invisible space over printed letters, as of an empty line of no height, parts none.
            let is_over = run.x < end && run.end <= end && placed.text.trim().is_empty();
            end = end.max(run.end);
            if is_over || (is_raised && is_note_mark(placed.text)) {
                continue;
            }
            if is_apart {
                text.push(' ');
            }
            text.push_str(placed.text);
        }
        text.push('\n');
    }
    text
}
