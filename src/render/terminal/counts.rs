//! What named queries found, as a table.

use super::prose::Prose;
use super::table::{Side, Table};
use super::{Ink, Look};
use crate::batch::Counts;
use crate::render::words;
use findings_index::request::FacetCount;
use std::io;

/// What stands for the lack of a value.
const ABSENT: &str = "(none)";

/// Writes the counts; the values of the facet are columns where they fit into the window, and a
/// line below each query where they do not.
///
/// # Errors
/// Those of `out`.
pub fn counts(counts: &Counts, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let values = counts.values();
    let heads: Vec<&str> = values.iter().map(|value| value.unwrap_or(ABSENT)).collect();
    let whole = table(counts, &values, &heads);
    if look.width.is_none_or(|width| whole.width(2) <= width) {
        return whole.write(out, look, "", 2);
    }
    table(counts, &[], &[]).write(out, look, "", 2)?;
    for query in counts.queries.iter().filter(|query| query.paragraphs > 0) {
        writeln!(out)?;
        let mut line = Prose::new();
        line.add(Ink::Strong, &query.name);
        line.write(out, look, "", "")?;
        let mut line = Prose::new();
        for FacetCount { value, count } in query.by.iter().flatten() {
            let value = value.as_deref().unwrap_or(ABSENT);
            line.item(Ink::Plain, &format!("{value}: {}", words::number(*count)));
        }
        line.write(out, look, "  ", "  ")?;
    }
    Ok(())
}

fn table(counts: &Counts, values: &[Option<&str>], heads: &[&str]) -> Table {
    let mut columns =
        vec![("name", Side::Left), ("paragraphs", Side::Right), ("reports", Side::Right)];
    columns.extend(heads.iter().map(|head| (*head, Side::Right)));
    let mut table = Table::new(&columns);
    for query in &counts.queries {
        let mut cells = vec![
            (Ink::Plain, query.name.clone()),
            (Ink::Strong, words::number(query.paragraphs)),
            (Ink::Plain, words::number(query.reports)),
        ];
        cells.extend(values.iter().map(|value| (Ink::Plain, words::number(query.count(*value)))));
        table.row(cells);
    }
    table
}
