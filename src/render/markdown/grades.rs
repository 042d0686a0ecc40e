//! Writes counts of grades as tables for a paper.

use super::{escape, inline};
use crate::answer::compare::Span;
use crate::answer::grades::Grades;
use crate::render::grades::{self as worded, Extent, FEW, Grid};
use crate::render::words;
use std::io;

/// Writes counts of grades; `list` adds the authorities.
///
/// # Errors
/// Those of `out`.
pub fn grades(grades: &Grades, list: bool, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "# {}", inline(&worded::subject(grades)))?;
    let years = match grades.first {
        Some(_) => format!(", {}", words::years(Span { first: grades.first, last: grades.last })),
        None => String::new(),
    };
    let day = grades.as_at.map(|day| format!(", as at {}", words::day(day))).unwrap_or_default();
    writeln!(
        out,
        "\n{} of {}{day}{years}. {}",
        words::count(grades.inspections, "full inspection"),
        words::count(grades.authorities, "authority"),
        inline(&worded::census(grades))
    )?;
    for own in &grades.tables {
        writeln!(out, "\n## {}\n", inline(&worded::title(grades, own)))?;
        table(&worded::counts(own, Extent::Whole), out)?;
    }
    if let Some(changes) = &grades.changes {
        writeln!(out, "\n## Improved, kept, declined\n")?;
        writeln!(out, "{}", inline(&worded::moved(changes).join(" ")))?;
        if !grades.by.is_empty() {
            writeln!(out)?;
            table(&worded::groups(grades, changes), out)?;
        }
        for (title, grid) in worded::transitions(changes) {
            writeln!(out, "\n## {}\n", inline(&title))?;
            table(&grid, out)?;
        }
    }
    if list {
        writeln!(out, "\n## Authorities\n")?;
        match &grades.changes {
            Some(changes) => table(&worded::authorities(grades, changes), out)?,
            None => table(&worded::newest(grades), out)?,
        }
    }
    if !grades.apart.is_empty() {
        writeln!(out, "\n## Counted apart\n")?;
    }
    for apart in &grades.apart {
        writeln!(out, "- {}", escape(&worded::apart(apart, grades.as_at)))?;
    }
    writeln!(out, "\n## What to know\n")?;
    for note in &grades.notes {
        writeln!(out, "- {}", escape(note))?;
    }
    writeln!(out, "- No percentages of fewer than {FEW} are shown.")?;
    let from = &grades.provenance;
    writeln!(
        out,
        "\nAsked on {} with {}, of corpus {}.",
        from.asked.strftime("%Y-%m-%d"),
        super::code(&from.command),
        from.corpus.fingerprint
    )
}

fn table(grid: &Grid, out: &mut dyn io::Write) -> io::Result<()> {
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let is_word = |cell: &String| cell.contains(char::is_alphabetic);
    let sides = (0..grid.heads.len()).map(|at| {
        let has_words = grid.rows.iter().filter_map(|row| row.get(at)).any(is_word);
        if at < grid.names || has_words { "---" } else { "---:" }
    });
    writeln!(out, "{}", line(grid.heads.iter().map(|head| inline(head)).collect()))?;
    writeln!(out, "{}", line(sides.map(str::to_owned).collect()))?;
    for row in &grid.rows {
        writeln!(out, "{}", line(row.iter().map(|text| cell(text)).collect()))?;
    }
    Ok(())
}

/// Writes a cell, a percentage in brackets.
fn cell(text: &str) -> String {
    match text.trim_end().rsplit_once(' ') {
        Some((number, percent)) if percent.ends_with('%') => {
            format!("{} ({percent})", number.trim_end())
        }
        _ => inline(text.trim_end()),
    }
}
