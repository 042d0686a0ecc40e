//! Writes what named queries found.

use super::{BOM, HIT, hit, or_empty, table};
use crate::answer::batch::Counts;
use findings_index::request::Hit;
use std::io;

/// Writes the counts: one row per query and, where they were counted by an attribute, one for each
/// of its values, with the number of paragraphs that have it.
///
/// # Errors
/// Those of `out`.
pub fn counts(counts: &Counts, bom: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let by = counts.by.map(|facet| {
        // The facet's name in JSON is its name here.
        let name = serde_json::to_value(facet).unwrap_or_default();
        name.as_str().unwrap_or_default().to_owned()
    });
    let mut rows = Vec::new();
    for query in &counts.queries {
        let row = |by: &str, value: String, paragraphs: usize, reports: String| {
            let (name, written) = (query.name.clone(), query.query.clone());
            [name, written, by.to_owned(), value, paragraphs.to_string(), reports]
        };
        rows.push(row("", String::new(), query.paragraphs, query.reports.to_string()));
        if let Some(by) = &by {
            for count in query.by.iter().flatten() {
                rows.push(row(by, or_empty(count.value.as_ref()), count.count, String::new()));
            }
        }
    }
    let heads = ["name", "query", "by", "value", "paragraphs", "reports"];
    table(&heads, rows.into_iter(), bom, out)
}

/// Writes hits, each after the name of the query that found it. The heading row is written only
/// where `heads` is set, so that the hits of many queries can be written one query at a time.
///
/// # Errors
/// Those of `out`.
pub fn named_hits(
    name: &str,
    hits: &[Hit],
    heads: bool,
    bom: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if bom {
        out.write_all(BOM)?;
    }
    let columns: Vec<&str> = ["name"].into_iter().chain(HIT).collect();
    let rows = hits.iter().map(|found| {
        let mut cells = hit(found).into_iter();
        std::array::from_fn::<String, 22, _>(|at| match at {
            0 => name.to_owned(),
            _ => cells.next().unwrap_or_default(),
        })
    });
    table(if heads { &columns } else { &[] }, rows, false, out)
}
