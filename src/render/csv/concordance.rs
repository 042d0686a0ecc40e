//! Writes concordances.

use super::{date, or_empty, table};
use crate::answer::concordance::Concordance;
use std::io;

/// Writes the lines of a concordance, one row each.
///
/// # Errors
/// Those of `out`.
pub fn concordance(
    concordance: &Concordance,
    bom: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
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
    let rows = concordance.lines.iter().map(|line| {
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
    });
    table(&HEADS, rows, bom, out)
}
