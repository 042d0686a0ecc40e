//! Writes concordances.

use super::{date, or_empty, table};
use crate::answer::concordance::{Concordance, Line};
use crate::render::Made;
use std::io;

const HEADS: [&str; 13] = [
    "rank",
    "left",
    "match",
    "right",
    "authority",
    "framework",
    "date",
    "section",
    "grade",
    "page",
    "citation",
    "id",
    "report",
];

/// Writes the lines of a concordance, one row each.
///
/// # Errors
/// Those of `out`.
pub fn concordance(
    concordance: &Concordance,
    bom: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    table(&HEADS, concordance.lines.iter().map(cells), bom, out)
}

/// Writes the same with what a file says of itself, the same in each row.
///
/// # Errors
/// Those of `out`.
pub fn concordance_made(
    concordance: &Concordance,
    made: &Made,
    bom: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let heads: Vec<&str> =
        HEADS.into_iter().chain(["query", "generation", "attribution"]).collect();
    let last = [&made.query, &made.generation, &made.attribution].map(String::clone);
    let rows = concordance.lines.iter();
    let rows = rows.map(|line| cells(line).into_iter().chain(last.clone()).collect::<Vec<_>>());
    table(&heads, rows, bom, out)
}

fn cells(line: &Line) -> [String; 13] {
    [
        line.rank.to_string(),
        line.left.clone(),
        line.matched.clone(),
        line.right.clone(),
        or_empty(line.authority.as_ref()),
        line.framework.clone(),
        date(line.date),
        line.section.join(" > "),
        or_empty(line.grade.as_ref()),
        or_empty(line.page.as_ref()),
        line.citation.clone(),
        line.id.clone(),
        line.report.clone(),
    ]
}
