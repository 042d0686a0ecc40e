//! Writes what is kept in a basket.

use super::hits::{HIT, OF_PARAGRAPH, of_paragraph};
use super::{or_empty, table};
use crate::ask::basket::Collected;
use findings_index::records::ReportHead;
use std::io;

/// Writes kept paragraphs. One that is no longer held has a row with what the basket says of it. `link`
/// says at which address one is shown, where there is a server to ask; it has a column then.
///
/// # Errors
/// Those of `out`.
pub fn basket<'a>(
    kept: impl IntoIterator<Item = &'a Collected>,
    link: Option<&dyn Fn(&str) -> String>,
    bom: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let heads: Vec<&str> = ["id", "note", "query", "kept"]
        .into_iter()
        .chain(HIT[OF_PARAGRAPH].iter().copied())
        .chain(["report", "path"])
        .chain(link.map(|_| "link"))
        .collect();
    let row = |collected: &Collected| {
        let mut row = row(collected);
        let is_held = collected.paragraph.is_some();
        row.extend(link.map(|link| if is_held { link(&collected.id) } else { String::new() }));
        row
    };
    table(&heads, kept.into_iter().map(row), bom, out)
}

fn row(collected: &Collected) -> Vec<String> {
    let Collected { id, note, query, kept, paragraph, report } = collected;
    let said =
        [id.clone(), or_empty(note.as_ref()), or_empty(query.as_ref()), or_empty(kept.as_ref())];
    let (held, ids) = match (paragraph, report) {
        (Some(paragraph), Some(report)) => (
            of_paragraph(paragraph, &ReportHead::from(report)),
            [report.id.clone(), report.path.clone()],
        ),
        _ => Default::default(),
    };
    said.into_iter().chain(held).chain(ids).collect()
}
