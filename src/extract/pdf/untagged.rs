//! Reads the blocks of a file without a usable structure tree: by position, and furniture by
//! repetition.
//!
//! Separates furniture, tables of two columns, tables of contents, footnotes and list items from
//! paragraphs. Headings stay paragraphs, whose size and weight are kept for later stages.

use super::compose::{Placed, compose, dominant_size, is_note_mark, runs_of};
use super::device::{Mark, Page};
use super::fuse::Fuse;
use super::geometry::{Line, SINGLE_SPACING, lines, paragraphs};
use super::print;
use super::tagged::artifacts;
use crate::extract::{Block, Cell, ExtractedText, Furniture, Role};
use std::collections::{HashMap, HashSet};

/// The margin in which furniture is printed, as a share of the page's height.
const MARGIN: f32 = 0.12;

/// Fills in blocks and furniture.
pub(super) fn fill(text: &mut ExtractedText, pages: &[Page], fuse: &Fuse) {
    text.furniture = artifacts(pages);
    let mut pages_of_lines: Vec<Vec<Line<'_>>> = Vec::with_capacity(pages.len());
    for page in 0..pages.len() as u32 {
        fuse.check_time();
        let runs: Vec<_> = runs_of(pages, page, |mark| mark != Mark::Artifact).collect();
        pages_of_lines.push(lines(&runs));
    }

    let repeated = repeated(&pages_of_lines, pages);
    let size = dominant_size(
        &pages_of_lines.iter().flatten().flat_map(|line| line.runs.clone()).collect::<Vec<_>>(),
    );
    let mut tables = 0;
    for (page, lines) in pages.iter().zip(pages_of_lines) {
        fuse.check_time();
        let is_repeated = |line: &Line<'_>, edge| repeated.contains(&(edge, shape(line)));
        let at = |wanted: Edge| {
            let lines = lines.iter().filter(move |line| edge(line, page) == Some(wanted));
            lines.filter(move |line| is_repeated(line, wanted)).map(|line| line.y)
        };
        // Anything between furniture and the edge of the page is furniture as well.
        let upper = at(Edge::Upper).max_by(f32::total_cmp);
        let lower = at(Edge::Lower).min_by(f32::total_cmp);
        let (furniture, body): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| {
            upper.is_some_and(|upper| line.y <= upper) || lower.is_some_and(|lower| line.y >= lower)
        });
        text.furniture.extend(furniture.iter().filter_map(|line| {
            let block = compose(Role::Paragraph, &line.runs)?;
            Some(Furniture { text: block.text, page: block.page? })
        }));
        let (body, notes) = split_notes(&body, page, size);
        for part in parts(body, pages.len()) {
            match part {
                Part::Text(lines) => {
                    let paragraphs = paragraphs(lines);
                    text.blocks.extend(paragraphs.iter().filter_map(|runs| paragraph(runs)));
                }
                Part::Contents(lines) => text.blocks.extend(entries(lines)),
                Part::Table(lines, second) => {
                    text.blocks.extend(cells(lines, second, tables));
                    tables += 1;
                }
            }
        }
        text.blocks.extend(notes_of(notes));
    }
    text.furniture.sort_by_key(|line| line.page);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Edge {
    Upper,
    Lower,
}

fn edge(line: &Line<'_>, page: &Page) -> Option<Edge> {
    if line.y < MARGIN * page.height {
        Some(Edge::Upper)
    } else if line.y > (1.0 - MARGIN) * page.height {
        Some(Edge::Lower)
    } else {
        None
    }
}

/// The text of a line with each number replaced by `#`, so that page numbers do not matter, and
/// its size: a title is not the header that repeats it.
fn shape(line: &Line<'_>) -> String {
    let mut shape = String::new();
    for letter in line.runs.iter().flat_map(|placed| placed.text.chars()) {
        if letter.is_ascii_digit() {
            if !shape.ends_with('#') {
                shape.push('#');
            }
        } else if !letter.is_whitespace() {
            shape.push(letter);
        }
    }
    shape.push_str(&format!(" {:.0}", line.size));
    shape
}

/// The lines that occur at the same edge of at least three pages, or of both if there are two.
fn repeated(pages_of_lines: &[Vec<Line<'_>>], pages: &[Page]) -> HashSet<(Edge, String)> {
    let mut seen: HashMap<(Edge, String), HashSet<u32>> = HashMap::new();
    for (page, lines) in pages.iter().zip(pages_of_lines) {
        for line in lines {
            if let Some(edge) = edge(line, page) {
                seen.entry((edge, shape(line))).or_default().insert(line.page);
            }
        }
    }
    let enough = pages.len().clamp(2, 3);
    seen.into_iter().filter(|(_, on)| on.len() >= enough).map(|(line, _)| line).collect()
}

/// Makes a block of a paragraph; one that begins with a footnote mark is a footnote.
fn paragraph(runs: &[Placed<'_>]) -> Option<Block> {
    let mut block = compose(Role::Paragraph, runs)?;
    let first = runs.iter().find(|placed| !placed.text.trim().is_empty())?;
    if is_note_mark(first.text) && block.notes.first().is_some_and(|note| note == first.text.trim())
    {
        block.role = Role::Note;
    }
    Some(block)
}

/// Splits off the footnotes: lines in smaller letters at the foot of a page, the first of which
/// begins with a mark.
fn split_notes<'l, 'p>(
    lines: &'l [Line<'p>],
    page: &Page,
    size: f32,
) -> (&'l [Line<'p>], &'l [Line<'p>]) {
    const SMALLER: f32 = 0.92;
    let is_small = |line: &&Line<'_>| line.size < SMALLER * size && line.y > 0.5 * page.height;
    let small = lines.iter().rev().take_while(is_small).count();
    let from = lines.len() - small;
    let begins = lines[from..].iter().position(|line| mark_of(line).is_some());
    lines.split_at(begins.map_or(lines.len(), |place| from + place))
}

/// The mark with which a line begins: a run of its own, or a number before a capital.
fn mark_of(line: &Line<'_>) -> Option<String> {
    let mut visible = line.runs.iter().filter(|placed| !placed.text.trim().is_empty());
    let first = visible.next()?.text.trim();
    if is_note_mark(first) && visible.next().is_some() {
        return Some(first.to_owned());
    }
    let (mark, rest) = first.split_once(' ')?;
    let is_sentence =
        rest.trim_start().starts_with(|c: char| c.is_uppercase() || "‘“'\"".contains(c));
    (is_note_mark(mark) && is_sentence).then(|| mark.to_owned())
}

/// Makes a block of each footnote.
fn notes_of(lines: &[Line<'_>]) -> Vec<Block> {
    let mut notes: Vec<(String, Vec<Placed<'_>>)> = Vec::new();
    for line in lines {
        let number = |mark: &str| mark.parse::<u32>().ok();
        let mark = mark_of(line).filter(|mark| {
            let before = notes.last().map(|(before, _)| number(before));
            before.is_none_or(|before| before.map(|n| n + 1) == number(mark))
        });
        match (mark, notes.last_mut()) {
            (None, Some((_, runs))) => runs.extend(&line.runs),
            (mark, _) => notes.push((mark.unwrap_or_default(), line.runs.clone())),
        }
    }
    let block = |(mark, runs): (String, Vec<Placed<'_>>)| {
        let mut block = compose(Role::Note, &runs)?;
        if let Some(rest) = block.text.strip_prefix(&format!("{mark} ")) {
            block.text = rest.to_owned();
            block.notes.insert(0, mark);
            print::label(&mut block.printed, 1);
        }
        Some(block)
    };
    notes.into_iter().filter_map(block).collect()
}

/// A group of lines that belong together.
enum Part<'l, 'p> {
    Text(&'l [Line<'p>]),
    Contents(&'l [Line<'p>]),
    /// A table of two columns, with the left edge of the second.
    Table(&'l [Line<'p>], f32),
}

/// The least number of lines ending in a number that make a table of contents.
const FEWEST_ENTRIES: usize = 3;

fn parts<'l, 'p>(lines: &'l [Line<'p>], pages: usize) -> Vec<Part<'l, 'p>> {
    let ends_in_page = |line: &Line<'_>| page_at_end(line).is_some();
    if are_contents(lines, pages) {
        let first = lines.iter().position(ends_in_page).unwrap_or(0);
        let end = lines.iter().rposition(ends_in_page).map_or(first, |last| last + 1);
        return vec![
            Part::Text(&lines[..first]),
            Part::Contents(&lines[first..end]),
            Part::Text(&lines[end..]),
        ];
    }
    let Some((first, end, second)) = table(lines) else {
        return vec![Part::Text(lines)];
    };
    vec![
        Part::Text(&lines[..first]),
        Part::Table(&lines[first..end], second),
        Part::Text(&lines[end..]),
    ]
}

/// Finds the run after the first wide gap of a line, unless only a bullet or number precedes it.
fn second_column(line: &Line<'_>) -> Option<usize> {
    const WIDE: f32 = 2.0;
    let visible: Vec<_> =
        (0..line.runs.len()).filter(|&place| !line.runs[place].text.trim().is_empty()).collect();
    let gap = visible
        .windows(2)
        .find(|pair| line.runs[pair[1]].run.x - line.runs[pair[0]].run.end > WIDE * line.size)?;
    let before = line.runs[..gap[1]].iter().flat_map(|placed| placed.text.chars());
    (before.filter(|letter| letter.is_alphabetic()).count() > 1).then_some(gap[1])
}

/// Whether lines hold a table of contents rather than a table of figures: numbers that never fall
/// and are those of pages. Printed page numbers may be a few ahead of the file's.
fn are_contents(lines: &[Line<'_>], pages: usize) -> bool {
    const AHEAD: usize = 10;
    let numbers: Vec<usize> = lines.iter().filter_map(page_at_end).collect();
    numbers.len() >= FEWEST_ENTRIES
        && numbers.is_sorted()
        && numbers.iter().all(|number| *number <= pages + AHEAD)
}

/// The number after the wide gap at the end of a line.
fn page_at_end(line: &Line<'_>) -> Option<usize> {
    let second = second_column(line)?;
    let text: String = line.runs[second..].iter().map(|placed| placed.text).collect();
    let text = text.trim();
    let number = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    number.then(|| text.parse().ok()).flatten()
}

/// Splits a table of contents into entries: an entry ends with its page number or before a wide
/// gap.
fn entries(lines: &[Line<'_>]) -> Vec<Block> {
    let mut entries = Vec::new();
    let mut open: Vec<Placed<'_>> = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let is_apart = place > 0 && line.y - lines[place - 1].y > 2.0 * line.size;
        if is_apart {
            entries.extend(compose(Role::Contents, &std::mem::take(&mut open)));
        }
        open.extend(&line.runs);
        if page_at_end(line).is_some() {
            entries.extend(compose(Role::Contents, &std::mem::take(&mut open)));
        }
    }
    entries.extend(compose(Role::Contents, &open));
    entries
}

/// Finds a table of two columns: its first line, one past its last line, and the left edge of the
/// second column.
///
/// A table is at least two rows whose second cells begin at the same distance from the left. Lines
/// between its rows belong to it.
fn table(lines: &[Line<'_>]) -> Option<(usize, usize, f32)> {
    const ALIGNED: f32 = 3.0;
    let starts: Vec<(usize, f32)> = lines
        .iter()
        .enumerate()
        .filter_map(|(place, line)| Some((place, line.runs[second_column(line)?].run.x)))
        .collect();
    let (_, second) = *starts.iter().find(|(_, x)| {
        starts.iter().filter(|(_, other)| (other - x).abs() < ALIGNED).count() >= 2
    })?;
    let mut rows = starts.iter().filter(|(_, x)| (x - second).abs() < ALIGNED);
    let (first, _) = *rows.next()?;
    let (last, _) = *rows.next_back()?;
    // Text across both columns is not a row: then the gaps are something else.
    let crosses = |line: &Line<'_>| {
        line.runs
            .iter()
            .any(|placed| placed.run.x < second - ALIGNED && placed.run.end > second + ALIGNED)
    };
    if lines[first..=last].iter().any(crosses) {
        return None;
    }
    let mut end = last + 1;
    while lines.get(end).is_some_and(|line| {
        let step = line.y - lines[end - 1].y;
        step < SINGLE_SPACING * line.size && !crosses(line) && line.size == lines[last].size
    }) {
        end += 1;
    }
    Some((first, end, second))
}

/// Makes the cells of a table of two columns. Lines of the first column close to each other are
/// one row. Where every row begins in both columns at one height, a line of the second column
/// belongs to the last row above it; otherwise its cells are often centred, and belong to the
/// nearest row.
fn cells(lines: &[Line<'_>], second: f32, table: u32) -> Vec<Block> {
    struct Row<'p> {
        top: f32,
        bottom: f32,
        cells: [Vec<Placed<'p>>; 2],
    }
    let mut rows: Vec<Row<'_>> = Vec::new();
    let is_second = |placed: &&Placed<'_>| placed.run.x >= second - 3.0;
    for line in lines {
        let cell: Vec<_> = line.runs.iter().filter(|placed| !is_second(placed)).copied().collect();
        if cell.iter().all(|placed| placed.text.trim().is_empty()) {
            continue;
        }
        match rows.last_mut() {
            Some(row) if line.y - row.bottom < SINGLE_SPACING * line.size => {
                row.bottom = line.y;
                row.cells[0].extend(cell);
            }
            _ => rows.push(Row { top: line.y, bottom: line.y, cells: [cell, Vec::new()] }),
        }
    }
    let in_second: Vec<f32> = lines
        .iter()
        .filter(|line| line.runs.iter().any(|run| is_second(&run)))
        .map(|l| l.y)
        .collect();
    let begins_level = |row: &Row<'_>| in_second.iter().any(|y| (y - row.top).abs() < 2.0);
    let level = rows.iter().all(begins_level);
    let mut previous: Option<(f32, usize)> = None;
    for line in lines {
        let cell: Vec<_> = line.runs.iter().filter(is_second).copied().collect();
        if cell.is_empty() {
            continue;
        }
        let distance = |row: &Row<'_>| (row.top - line.y).max(line.y - row.bottom).max(0.0);
        let nearest =
            || (0..rows.len()).min_by(|&a, &b| distance(&rows[a]).total_cmp(&distance(&rows[b])));
        let continued = previous.filter(|(y, _)| line.y - y < SINGLE_SPACING * line.size);
        let above = || rows.iter().rposition(|row| row.top < line.y + 2.0);
        let found = match level {
            true => above(),
            false => continued.map(|(_, row)| row).or_else(nearest),
        };
        if let Some(row) = found {
            rows[row].cells[1].extend(cell);
            previous = Some((line.y, row));
        }
    }
    let mut blocks = Vec::new();
    for (row, cells) in (0..).zip(rows.iter().map(|row| &row.cells)) {
        for (column, runs) in (0..).zip(cells) {
            let cell = Some(Cell { table, row, column });
            blocks.extend(compose(Role::Paragraph, runs).map(|block| Block { cell, ..block }));
        }
    }
    blocks
}
