//! Writes counts of grades, one row for each grade of each group; or changes, one for each
//! authority.

use super::{code, date, or_empty, table};
use crate::answer::grades::{Changes, Grades, Inspected, Row, Table};
use crate::render::words;
use std::io;

/// Writes counts of grades, with a last group for all together in each table; or, where changes
/// were asked for, a row for each authority. Percentages are of the judgements of the group.
///
/// # Errors
/// Those of `out`.
pub fn grades(grades: &Grades, bom: bool, out: &mut dyn io::Write) -> io::Result<()> {
    match &grades.changes {
        Some(changes) => moved(grades, changes, bom, out),
        None => counts(grades, bom, out),
    }
}

fn counts(grades: &Grades, bom: bool, out: &mut dyn io::Write) -> io::Result<()> {
    const HEADS: [&str; 27] = [
        "body",
        "full_inspections",
        "frameworks",
        "scale",
        "part",
        "themes",
        "by",
        "value",
        "name",
        "and",
        "and_value",
        "and_name",
        "grade",
        "place",
        "judgements",
        "of_judgements",
        "percent",
        "inspections",
        "inspections_without",
        "authorities",
        "authorities_existed",
        "of_no_known_authority",
        "first",
        "last",
        "as_at",
        "command",
        "corpus",
    ];
    let rows = grades.tables.iter().flat_map(|table| {
        let rows = table.rows.iter().chain(&table.whole);
        rows.flat_map(|row| cells(grades, table, row))
    });
    table(&HEADS, rows, bom, out)
}

fn cells(grades: &Grades, table: &Table, row: &Row) -> Vec<Vec<String>> {
    let by = |at: usize| table.by.get(at).map_or_else(String::new, |by| by.name().to_owned());
    let value = |at: usize| match row.values.get(at) {
        None if at == 0 => "(all)".to_owned(),
        None => String::new(),
        Some(None) => crate::render::words::ABSENT.to_owned(),
        Some(Some(value)) => value.clone(),
    };
    let name = |at: usize| or_empty(row.names.get(at));
    let body = code(table.body);
    let whole = row.values.is_empty();
    let cell = |cell: &crate::answer::grades::Cell| {
        vec![
            body.clone(),
            table.is_full.to_string(),
            table.frameworks.join("; "),
            table.scale.clone(),
            or_empty(table.part.as_ref()),
            grades.themes.join("; "),
            by(0),
            value(0),
            name(0),
            if whole { String::new() } else { by(1) },
            value(1),
            name(1),
            cell.label.clone(),
            or_empty(cell.rank.as_ref()),
            cell.count.to_string(),
            row.judgements.to_string(),
            or_empty(cell.percent.map(|percent| format!("{percent:.4}")).as_ref()),
            row.inspections.to_string(),
            row.without.to_string(),
            row.authorities.to_string(),
            or_empty(row.known.as_ref()),
            row.unknown.to_string(),
            date(row.first),
            date(row.last),
            date(grades.as_at),
            grades.provenance.command.clone(),
            grades.provenance.corpus.fingerprint.clone(),
        ]
    };
    row.grades.iter().map(cell).collect()
}

fn moved(grades: &Grades, changes: &Changes, bom: bool, out: &mut dyn io::Write) -> io::Result<()> {
    const HEADS: [&str; 23] = [
        "authority",
        "la_code",
        "region",
        "inspections",
        "change",
        "places",
        "since",
        "earlier_report",
        "earlier_framework",
        "earlier_ended",
        "earlier_grade",
        "earlier_place",
        "earlier_scale",
        "latest_report",
        "latest_framework",
        "latest_ended",
        "latest_grade",
        "latest_place",
        "latest_scale",
        "themes",
        "command",
        "corpus",
        "neighbourhood",
    ];
    let near = |name: &str| grades.neighbourhood.as_ref().and_then(|own| own.near(name));
    let rows = changes.moved.iter().map(|own| {
        let mut row = vec![
            own.authority.clone(),
            or_empty(own.la_code.as_ref()),
            or_empty(own.region.as_ref()),
            own.inspections.to_string(),
            own.moved.name().to_owned(),
            or_empty(own.places.as_ref()),
            changes.since.name().to_owned(),
        ];
        row.extend(own.earlier.as_ref().map_or_else(|| vec![String::new(); 6], inspected));
        row.extend(inspected(&own.latest));
        row.extend([
            grades.themes.join("; "),
            grades.provenance.command.clone(),
            grades.provenance.corpus.fingerprint.clone(),
            near(&own.authority).map_or_else(String::new, |near| words::near(near).to_owned()),
        ]);
        row
    });
    table(&HEADS, rows, bom, out)
}

fn inspected(own: &Inspected) -> Vec<String> {
    vec![
        own.report.clone(),
        own.framework.clone(),
        date(own.ended),
        or_empty(own.label.as_ref()),
        or_empty(own.rank.as_ref()),
        own.scale.clone(),
    ]
}
