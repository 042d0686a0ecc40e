//! Writes what an index holds, what failed and what looks suspicious.

use super::ledger::causes;
use super::outline::{corrected, part};
use super::prose::Prose;
use super::table::{Side, Table};
use super::{Ink, Look, paint};
use crate::answer::coverage::{AuthorityRow, Coverage, Failure, Missing, Suspicion};
use crate::render::{clean, words};
use findings_index::records::ledger::Outcome;
use std::io;

/// Writes what an index holds and how far it can be trusted.
///
/// # Errors
/// Those of `out`.
pub fn coverage(coverage: &Coverage, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = Prose::new();
    let named = coverage.authorities.iter().filter(|row| row.authority.is_some()).count();
    line.item(Ink::Strong, &words::count(coverage.reports, "report"))
        .item(Ink::Plain, &words::count(named, "authority"))
        .item(Ink::Plain, &words::count(coverage.frameworks.len(), "framework"));
    line.write(out, look, "", "")?;
    if coverage.reports > 0 {
        writeln!(out)?;
        frameworks(coverage, look, out)?;
        part("Held, by year of inspection", look, out)?;
        held(coverage, look, out)?;
    }
    if let Some(missing) = &coverage.missing {
        absent(missing, look, out)?;
    }
    failed(coverage, look, out)?;
    if !coverage.corrected.is_empty() {
        part("Corrected by you", look, out)?;
        for report in &coverage.corrected {
            writeln!(out, "  {}", clean::line(&report.report))?;
            for correction in &report.corrections {
                corrected(correction).write(out, look, "    ", "      ")?;
            }
        }
    }
    suspicious(&coverage.suspicious, look, out)
}

fn frameworks(coverage: &Coverage, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = Table::new(&[
        ("framework", Side::Left),
        ("reports", Side::Right),
        ("median of paragraphs", Side::Right),
    ]);
    for framework in &coverage.frameworks {
        table.row(vec![
            (Ink::Plain, framework.framework.clone()),
            (Ink::Strong, words::number(framework.reports)),
            (Ink::Plain, words::number(framework.median_paragraphs as usize)),
        ]);
    }
    table.write(out, look, "  ", 2)
}

/// Writes the matrix of authorities and frameworks, or one line per authority where the window is
/// too narrow.
fn held(coverage: &Coverage, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let codes: Vec<&str> =
        coverage.frameworks.iter().map(|framework| framework.framework.as_str()).collect();
    let mut heads = vec![("authority", Side::Left)];
    heads.extend(codes.iter().map(|code| (*code, Side::Left)));
    let mut table = Table::new(&heads);
    for row in &coverage.authorities {
        let mut cells = vec![(Ink::Strong, name(row).to_owned())];
        cells.extend(codes.iter().map(|code| (Ink::Plain, years(row, code))));
        table.row(cells);
    }
    if look.width.is_none_or(|width| table.width(2) + 2 <= width) {
        return table.write(out, look, "  ", 2);
    }
    for row in &coverage.authorities {
        let mut line = Prose::new();
        line.add(Ink::Strong, name(row));
        for code in codes.iter().filter(|code| row.held.contains_key(**code)) {
            line.item(Ink::Plain, &format!("{code} {}", years(row, code)));
        }
        line.write(out, look, "  ", "    ")?;
    }
    Ok(())
}

fn name(row: &AuthorityRow) -> &str {
    row.authority.as_deref().unwrap_or("(authority not known)")
}

fn years(row: &AuthorityRow, code: &str) -> String {
    let Some(years) = row.held.get(code) else {
        return String::new();
    };
    let year = |year: &Option<i16>| year.map_or_else(|| "undated".to_owned(), |y| y.to_string());
    years.iter().map(year).collect::<Vec<_>>().join(", ")
}

fn absent(missing: &[Missing], look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    part("Authorities of which no report is held", look, out)?;
    if missing.is_empty() {
        return writeln!(out, "  none");
    }
    let mut regions: Vec<&str> = missing.iter().map(|one| one.region.as_str()).collect();
    regions.sort_unstable();
    regions.dedup();
    for region in regions {
        let mut line = Prose::new();
        line.add(Ink::Strong, region).add(Ink::Plain, ": ");
        let names: Vec<String> = missing
            .iter()
            .filter(|one| one.region == region)
            .map(|one| match (one.from, one.until) {
                (_, Some(until)) => format!("{} (until {})", one.authority, words::day(until)),
                (Some(from), None) => format!("{} (since {})", one.authority, words::day(from)),
                (None, None) => one.authority.clone(),
            })
            .collect();
        line.add(Ink::Plain, &names.join("; "));
        line.write(out, look, "  ", "    ")?;
    }
    Ok(())
}

fn failed(coverage: &Coverage, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    for (outcome, title) in
        [(Outcome::Unreadable, "Could not be read"), (Outcome::NotAReport, "Not a report")]
    {
        let of_this = |failure: &&Failure| failure.outcome == outcome;
        let mut failed = coverage.failed.iter().filter(of_this).peekable();
        if failed.peek().is_none() {
            continue;
        }
        part(title, look, out)?;
        causes(&coverage.causes, outcome, look, out)?;
        for failure in failed {
            // A path is not wrapped, so that it can be copied.
            writeln!(out, "  {}", clean::line(&failure.path))?;
            let mut line = Prose::new();
            line.add(Ink::Plain, failure.reason.as_deref().unwrap_or("no reason is known"));
            line.write(out, look, "    ", "    ")?;
        }
    }
    Ok(())
}

fn suspicious(all: &[Suspicion], look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    part("Suspicious", look, out)?;
    if all.is_empty() {
        return writeln!(out, "  nothing");
    }
    for of_one in all.chunk_by(|a, b| a.report == b.report) {
        let Some(first) = of_one.first() else {
            continue;
        };
        paint(out, look, Ink::Strong, &format!("  {}", clean::line(&first.report)))?;
        writeln!(out)?;
        for suspicion in of_one {
            let mut line = Prose::new();
            if let Some(page) = suspicion.page {
                line.add(Ink::Plain, &format!("page {page}: "));
            }
            line.add(Ink::Plain, &suspicion.reason);
            line.write(out, look, "    ", "      ")?;
        }
        paint(out, look, Ink::Faint, &format!("    {}", clean::line(&first.look)))?;
        writeln!(out)?;
    }
    let reports = all.chunk_by(|a, b| a.report == b.report).count();
    writeln!(out)?;
    let mut line = Prose::new();
    line.item(Ink::Strong, &words::count(all.len(), "suspicion"))
        .item(Ink::Plain, &format!("in {}", words::count(reports, "report")));
    line.write(out, look, "", "")
}
