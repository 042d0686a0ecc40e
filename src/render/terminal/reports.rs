//! Writes the reports held as a table, or two lines per report where the window is too narrow.

use super::prose::Prose;
use super::table::{Side, Table};
use super::{Ink, Look, paint};
use crate::render::words;
use findings_index::records::ReportRecord;
use std::io;

/// Writes the list of reports.
///
/// # Errors
/// Those of `out`.
pub fn reports(
    reports: &[ReportRecord],
    held: usize,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if reports.is_empty() {
        paint(out, look, Ink::Strong, "no report found")?;
        return writeln!(out, " among the {} held", words::number(held));
    }
    let table = table(reports);
    if look.width.is_none_or(|width| table.width(2) <= width) {
        table.write(out, look, "", 2)?;
    } else {
        for report in reports {
            entry(report, look, out)?;
        }
    }
    writeln!(out)?;
    let paragraphs: usize = reports.iter().map(|report| report.paragraphs as usize).sum();
    let mut total = Prose::new();
    total.item(Ink::Strong, &words::count(reports.len(), "report"));
    total.item(Ink::Plain, &words::count(paragraphs, "paragraph"));
    if reports.len() < held {
        total.item(Ink::Faint, &format!("{} held in all", words::number(held)));
    }
    total.write(out, look, "", "")
}

fn table(reports: &[ReportRecord]) -> Table {
    let mut table = Table::new(&[
        ("authority", Side::Left),
        ("framework", Side::Left),
        ("inspected", Side::Left),
        ("published", Side::Left),
        ("overall", Side::Left),
        ("paragraphs", Side::Right),
        ("id", Side::Left),
    ]);
    for report in reports {
        let date = |date: Option<jiff::civil::Date>| {
            date.map_or_else(|| words::NOTHING.to_owned(), |date| date.to_string())
        };
        let overall = report.overall.as_ref();
        table.row(vec![
            (Ink::Strong, report.name().unwrap_or(words::NOTHING).to_owned()),
            (Ink::Plain, code(report)),
            (Ink::Plain, date(report.inspection_start)),
            (Ink::Plain, date(report.published)),
            (Ink::of(overall), words::grade(overall).to_owned()),
            (Ink::Plain, report.paragraphs.to_string()),
            (Ink::Faint, report.id.clone()),
        ]);
    }
    table
}

/// Returns the framework's code, with the kind of visit.
fn code(report: &ReportRecord) -> String {
    report.visit.map_or_else(
        || report.framework.clone(),
        |visit| format!("{}, {}", report.framework, words::visit(visit)),
    )
}

fn entry(report: &ReportRecord, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = Prose::new();
    line.add(Ink::Strong, report.name().unwrap_or(words::NOTHING));
    line.item(Ink::Plain, &code(report));
    match (report.inspection_start, report.published) {
        (Some(date), _) => line.item(Ink::Plain, &words::month(date)),
        (None, Some(date)) => line.item(Ink::Plain, &format!("published {}", words::month(date))),
        (None, None) => &mut line,
    };
    if let Some(overall) = &report.overall {
        line.item(Ink::of(Some(overall)), &overall.label);
    }
    line.write(out, look, "", "  ")?;
    let mut line = Prose::new();
    line.add(Ink::Faint, &report.id)
        .item(Ink::Faint, &words::count(report.paragraphs as usize, "paragraph"));
    line.write(out, look, "  ", "  ")
}
