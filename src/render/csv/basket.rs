//! Writes what is kept in a basket.

use super::{date, label, or_empty, table};
use crate::ask::basket::Collected;
use std::io;

/// The columns: what the basket says, then what is held of it.
const HEADS: [&str; 22] = [
    "id",
    "note",
    "query",
    "kept",
    "authority",
    "framework",
    "inspection_start",
    "inspection_end",
    "published",
    "section",
    "theme",
    "topics",
    "grade",
    "overall",
    "number",
    "page",
    "page_end",
    "kind",
    "text",
    "citation",
    "report",
    "path",
];

/// Writes kept paragraphs. One that is no longer held has a row with what the basket says of it.
///
/// # Errors
/// Those of `out`.
pub fn basket<'a>(
    kept: impl IntoIterator<Item = &'a Collected>,
    bom: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    table(&HEADS, kept.into_iter().map(row), bom, out)
}

fn row(collected: &Collected) -> [String; 22] {
    let mut row: [String; 22] = Default::default();
    let Collected { id, note, query, kept, paragraph, report } = collected;
    row[0].clone_from(id);
    row[1] = or_empty(note.as_ref());
    row[2] = or_empty(query.as_ref());
    row[3] = or_empty(kept.as_ref());
    if let Some(report) = report {
        row[4] = or_empty(report.authority.as_ref());
        row[5].clone_from(&report.framework);
        row[6] = date(report.inspection_start);
        row[7] = date(report.inspection_end);
        row[8] = date(report.published);
        row[13] = label(report.overall.as_ref());
        row[20].clone_from(&report.id);
        row[21].clone_from(&report.path);
    }
    if let Some(paragraph) = paragraph {
        row[9] = paragraph.section.join(" > ");
        row[10] = or_empty(paragraph.theme.as_ref());
        row[11] = paragraph.topics.join("; ");
        row[12] = label(paragraph.grade.as_ref());
        row[14] = or_empty(paragraph.number.as_ref());
        row[15] = or_empty(paragraph.page.as_ref());
        row[16] = or_empty(paragraph.page_end.as_ref());
        row[17] = paragraph.kind.name().to_owned();
        row[18].clone_from(&paragraph.text);
        row[19].clone_from(&paragraph.citation);
    }
    row
}
