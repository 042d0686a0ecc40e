//! Writes counts of grades, and how they changed.

use super::outline::part;
use super::prose::Prose;
use super::provenance::repeat;
use super::table::{Line, Side, Table};
use super::{Ink, Look, MEASURE};
use crate::answer::compare::Span;
use crate::answer::grades::Grades;
use crate::render::grades::{self as worded, Extent, FEW, Grid};
use crate::render::words;
use std::io;
use unicode_width::UnicodeWidthStr;

/// Columns before a table.
const INDENT: &str = "  ";

/// A head of a number is wrapped at this many columns.
const HEAD: usize = 11;

/// Writes counts of grades; `list` adds the authorities.
///
/// # Errors
/// Those of `out`.
pub fn grades(grades: &Grades, list: bool, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = Prose::new();
    line.add(Ink::Strong, &worded::subject(grades));
    line.item(Ink::Plain, &words::count(grades.inspections, "inspection"));
    line.item(Ink::Plain, &words::count(grades.authorities, "authority"));
    if let Some(day) = grades.as_at {
        line.item(Ink::Plain, &format!("as at {}", words::day(day)));
    }
    if grades.first.is_some() {
        line.item(Ink::Plain, &words::years(Span { first: grades.first, last: grades.last }));
    }
    line.write(out, look, "", "  ")?;
    let mut line = Prose::new();
    line.add(Ink::Plain, &worded::census(grades)).write(out, look, "", "  ")?;
    for table in &grades.tables {
        part(&worded::title(grades, table), look, out)?;
        let whole = worded::counts(table, Extent::Whole);
        let narrow = || worded::counts(table, Extent::Narrow);
        let grid = if fits(&whole, look) { whole } else { narrow() };
        set(&grid, Side::Right, look, out)?;
    }
    if let Some(changes) = &grades.changes {
        part("Improved, kept, declined", look, out)?;
        for said in worded::moved(changes) {
            let mut line = Prose::new();
            line.add(Ink::Plain, &said).write(out, look, INDENT, INDENT)?;
        }
        if !grades.by.is_empty() {
            writeln!(out)?;
            set(&worded::groups(grades, changes), Side::Right, look, out)?;
        }
        for (title, grid) in worded::transitions(changes) {
            part(&title, look, out)?;
            set(&grid, Side::Right, look, out)?;
        }
    }
    legend(grades, look, out)?;
    if list {
        part("Authorities", look, out)?;
        let grid = match &grades.changes {
            Some(changes) => worded::authorities(grades, changes),
            None => worded::newest(grades),
        };
        set(&grid, Side::Left, look, out)?;
    }
    if !grades.apart.is_empty() {
        part("Counted apart", look, out)?;
    }
    for apart in &grades.apart {
        let mut line = Prose::new();
        line.add(Ink::Plain, &worded::apart(apart, grades.as_at));
        line.write(out, look, "  - ", "    ")?;
    }
    if !grades.notes.is_empty() {
        part("What to know", look, out)?;
    }
    for note in &grades.notes {
        let mut line = Prose::new();
        line.add(Ink::Plain, note).write(out, look, "  - ", "    ")?;
    }
    repeat(None, &grades.provenance, look, out)
}

/// Explains the columns that need it.
fn legend(grades: &Grades, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let rows = || grades.tables.iter().flat_map(|table| table.rows.iter().chain(&table.whole));
    let mut said = Vec::new();
    if rows().any(|row| row.without > 0) {
        said.push("without: inspections that give no such grade");
    }
    if rows().any(|row| row.known.is_some()) {
        said.push("authorities: those inspected, of those known that existed then");
    }
    let moves =
        grades.changes.iter().flat_map(|own| own.groups.iter().map(|own| own.moves.compared));
    let few = format!("no percentages of fewer than {FEW}");
    if rows().map(|row| row.judgements).chain(moves).any(|number| number < FEW) {
        said.push(&few);
    }
    if said.is_empty() {
        return Ok(());
    }
    let mut line = Prose::new();
    line.add(Ink::Faint, &said.join("; "));
    writeln!(out)?;
    line.write(out, look, INDENT, INDENT)
}

fn fits(grid: &Grid, look: &Look) -> bool {
    let width = look.width.unwrap_or(MEASURE);
    table(grid, Side::Right, 0).width(2) + INDENT.len() <= width
}

/// Writes a grid; where it is too wide, the names of a row are on a line of their own.
fn set(grid: &Grid, side: Side, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let width = look.width.unwrap_or(MEASURE);
    let whole = table(grid, side, 0);
    for gap in [2, 1] {
        if whole.width(gap) + INDENT.len() <= width {
            return lines(whole.lines(look, gap)?, INDENT, out);
        }
    }
    let rest = table(grid, side, grid.names);
    let gap = if rest.width(2) + 2 * INDENT.len() <= width { 2 } else { 1 };
    let mut heads = rest.lines(look, gap)?;
    let own = heads.split_off(heads.len().saturating_sub(grid.rows.len()));
    lines(heads, "    ", out)?;
    for (row, line) in grid.rows.iter().zip(own) {
        let mut name = Prose::new();
        for part in row.iter().take(grid.names).filter(|part| !part.is_empty()) {
            name.item(if name.is_empty() { Ink::Strong } else { Ink::Plain }, part);
        }
        name.write(out, look, INDENT, INDENT)?;
        lines(vec![line], "    ", out)?;
    }
    Ok(())
}

/// Writes lines without the room that is kept for percentages at their ends.
fn lines(lines: Vec<Line>, indent: &str, out: &mut dyn io::Write) -> io::Result<()> {
    for line in lines {
        writeln!(out, "{indent}{}", line.text.trim_end())?;
    }
    Ok(())
}

/// Lays out the columns of a grid from one on, with heads of several lines.
fn table(grid: &Grid, side: Side, from: usize) -> Table {
    let columns = from..grid.heads.len();
    let sides = columns.clone().map(|at| if at < grid.names { Side::Left } else { side });
    let heads: Vec<(&str, Side)> = sides.map(|side| ("", side)).collect();
    let mut table = Table::new(&heads);
    let wrapped: Vec<Vec<String>> = columns.clone().map(|at| head(&grid.heads[at])).collect();
    let tallest = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    for line in 0..tallest {
        let cells = wrapped.iter().zip(columns.clone()).map(|(lines, at)| {
            let text = (line + lines.len()).checked_sub(tallest).and_then(|at| lines.get(at));
            let ink = grid.ranks.get(at).copied().flatten().map_or(Ink::Faint, Ink::Rank);
            (ink, text.cloned().unwrap_or_default())
        });
        table.row(cells.collect());
    }
    for row in &grid.rows {
        let cells = row.iter().enumerate().skip(from);
        let ink = |at: usize| if at == 0 { Ink::Strong } else { Ink::Plain };
        table.row(cells.map(|(at, cell)| (ink(at), cell.clone())).collect());
    }
    table
}

/// Wraps a head at its spaces.
fn head(text: &str) -> Vec<String> {
    let options = textwrap::Options::new(HEAD).break_words(false);
    let lines = textwrap::wrap(text, options);
    lines.iter().map(|line| line.trim_end().to_owned()).filter(|line| line.width() > 0).collect()
}
