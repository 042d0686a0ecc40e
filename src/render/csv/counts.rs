//! Writes what named queries found.

use super::{code, or_empty, table};
use crate::answer::batch::Counts;
use std::io;

/// Writes the counts: one row per query and, where they were counted by an attribute, one for each
/// of its values, with the number of paragraphs that have it.
///
/// # Errors
/// Those of `out`.
pub fn counts(counts: &Counts, bom: bool, out: &mut dyn io::Write) -> io::Result<()> {
    // The facet's name in JSON is its name here.
    let by = counts.by.map(code);
    let mut rows = Vec::new();
    for query in &counts.queries {
        let notes =
            query.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>().join("; ");
        let row = |by: &str, value: String, paragraphs: usize, reports: String| {
            let (name, written, notes) = (query.name.clone(), query.query.clone(), notes.clone());
            [name, written, by.to_owned(), value, paragraphs.to_string(), reports, notes]
        };
        rows.push(row("", String::new(), query.paragraphs, query.reports.to_string()));
        if let Some(by) = &by {
            for count in query.by.iter().flatten() {
                rows.push(row(by, or_empty(count.value.as_ref()), count.count, String::new()));
            }
        }
    }
    let heads = ["name", "query", "by", "value", "paragraphs", "reports", "notes"];
    table(&heads, rows.into_iter(), bom, out)
}
