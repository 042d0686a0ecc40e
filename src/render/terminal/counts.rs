//! Writes what named queries found, as a table.

use super::prose::Prose;
use super::table::{Side, Table};
use super::{Ink, Look};
use crate::answer::batch::Counts;
use crate::render::words;
use findings_index::request::FacetCount;
use std::io;

/// Writes the counts. The values of the attribute are columns where they fit into the window, and
/// otherwise a line below each query.
///
/// # Errors
/// Those of `out`.
pub fn counts(counts: &Counts, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let values = counts.values();
    let heads: Vec<&str> = values.iter().map(|value| value.unwrap_or(words::ABSENT)).collect();
    let whole = table(counts, &values, &heads);
    if look.width.is_none_or(|width| whole.width(2) <= width) {
        whole.write(out, look, "", 2)?;
        return legend(look, out);
    }
    table(counts, &[], &[]).write(out, look, "", 2)?;
    for query in counts.queries.iter().filter(|query| query.paragraphs > 0) {
        writeln!(out)?;
        let mut line = Prose::new();
        line.add(Ink::Strong, &query.name);
        line.write(out, look, "", "")?;
        let mut line = Prose::new();
        for FacetCount { value, count, .. } in query.by.iter().flatten() {
            let value = value.as_deref().unwrap_or(words::ABSENT);
            line.item(Ink::Plain, &format!("{value}: {}", words::number(*count)));
        }
        line.write(out, look, "  ", "  ")?;
    }
    writeln!(out)?;
    legend(look, out)
}

/// Says what is counted.
fn legend(look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = Prose::new();
    line.add(Ink::Faint, words::EVERY_KIND);
    line.write(out, look, "", "")
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

#[cfg(test)]
mod tests {
    use super::counts;
    use crate::answer::batch::{Counts, QueryCount};
    use crate::render::terminal::Look;
    use findings_index::records::Attribute;
    use findings_index::request::{Corpus, FacetCount};

    fn shown(width: usize) -> String {
        let count = |value: Option<&str>, count| FacetCount {
            value: value.map(str::to_owned),
            count,
            chosen: false,
            excluded: false,
        };
        let query = |name: &str, by: Vec<FacetCount>| QueryCount {
            name: name.to_owned(),
            query: name.to_owned(),
            paragraphs: by.iter().map(|count| count.count).sum(),
            reports: 2,
            by: Some(by),
            unheld: Vec::new(),
            uncounted: Vec::new(),
            otherwise: Vec::new(),
            notes: Vec::new(),
        };
        let table = Counts {
            by: Some(Attribute::Year),
            queries: vec![
                query("late visits", vec![count(Some("2016"), 1_040), count(None, 2)]),
                query("ferries", vec![count(Some("2014"), 3)]),
            ],
            index_version: 3,
            generation: "1".to_owned(),
            corpus: Corpus { reports: 9, paragraphs: 99, fingerprint: String::new() },
        };
        let mut out = Vec::new();
        counts(&table, &Look::plain(Some(width), false), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn values_are_columns_where_they_fit_and_lines_where_not() {
        insta::assert_snapshot!(shown(80), @"
        name         paragraphs  reports  2014   2016  (none)
        late visits       1,042        2     0  1,040       2
        ferries               3        2     3      0       0
        Counted as in a search: paragraphs of every kind; a comparison leaves out
        context and boilerplate
        ");
        insta::assert_snapshot!(shown(40), @"
        name         paragraphs  reports
        late visits       1,042        2
        ferries               3        2

        late visits
          2016: 1,040 · (none): 2

        ferries
          2014: 3

        Counted as in a search: paragraphs of
        every kind; a comparison leaves out
        context and boilerplate
        ");
    }
}
