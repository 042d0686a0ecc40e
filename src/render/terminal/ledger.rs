//! Writes what became of the files.

use super::prose::Prose;
use super::table::{Side, Table};
use super::{Ink, Look, paint};
use crate::render::words;
use findings_index::records::ledger::{CauseCount, Ledger, LedgerEntry, Outcome};
use std::io;

/// Every outcome, in the order in which they are listed.
const OUTCOMES: [Outcome; 7] = [
    Outcome::Read,
    Outcome::Unchanged,
    Outcome::Replaced,
    Outcome::Removed,
    Outcome::Duplicate,
    Outcome::NotAReport,
    Outcome::Unreadable,
];

fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Read => "read",
        Outcome::Unchanged => "unchanged",
        Outcome::Replaced => "replaced",
        Outcome::Removed => "removed",
        Outcome::Duplicate => "duplicate",
        Outcome::NotAReport => "not a report",
        Outcome::Unreadable => "unreadable",
    }
}

fn ink(outcome: Outcome) -> Ink {
    match outcome {
        Outcome::Unreadable => Ink::Fault,
        Outcome::Read
        | Outcome::Unchanged
        | Outcome::Replaced
        | Outcome::Removed
        | Outcome::Duplicate
        | Outcome::NotAReport => Ink::Plain,
    }
}

/// How many files of an outcome a build names before it counts the rest.
const NAMED: usize = 10;

/// The outcomes of which a build names files.
const WORTH_NAMING: [Outcome; 3] = [Outcome::Duplicate, Outcome::NotAReport, Outcome::Unreadable];

/// Whether [`built`] names every file that it might name.
#[must_use]
pub fn names_all(ledger: &Ledger) -> bool {
    WORTH_NAMING.iter().all(|outcome| count(ledger, *outcome) <= NAMED)
}

fn count(ledger: &Ledger, outcome: Outcome) -> usize {
    ledger.entries.iter().filter(|entry| entry.outcome == outcome).count()
}

/// Writes what a build made of the files: the counts, then the first of the files that yielded no
/// report, and why.
///
/// # Errors
/// Those of `out`.
pub fn built(ledger: &Ledger, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    if ledger.entries.is_empty() {
        writeln!(out, "there is no file below what was named, so there is no report")?;
    }
    summary(ledger, look, out)?;
    for outcome in WORTH_NAMING {
        files(ledger, outcome, NAMED, look, out)?;
    }
    Ok(())
}

fn summary(ledger: &Ledger, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = Table::new(&[("", Side::Right), ("", Side::Left)]);
    for outcome in OUTCOMES {
        let count = count(ledger, outcome);
        if count > 0 {
            let ink = ink(outcome);
            table.row(vec![(Ink::Strong, words::number(count)), (ink, name(outcome).to_owned())]);
        }
    }
    // A report that was removed is no longer there to be shown.
    let held = ledger.entries.iter().filter(|entry| entry.outcome != Outcome::Removed);
    let warned = held.filter(|entry| entry.warnings > 0).count();
    if warned > 0 {
        table.row(vec![
            (Ink::Strong, words::number(warned)),
            (Ink::Plain, "read with warnings".to_owned()),
        ]);
    }
    table.write(out, look, "  ", 2)
}

/// Writes the ledger: the counts, then the files that yielded no report, and why; with `all`, every
/// file.
///
/// # Errors
/// Those of `out`.
pub fn ledger(ledger: &Ledger, all: bool, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut line = Prose::new();
    line.add(Ink::Strong, &words::count(ledger.entries.len(), "file")).add(
        Ink::Plain,
        &format!(", last indexed {}", ledger.finished.strftime("%Y-%m-%d %H:%M UTC")),
    );
    line.write(out, look, "", "")?;
    for root in &ledger.roots {
        let mut line = Prose::new();
        line.add(Ink::Faint, root);
        line.write(out, look, "  ", "  ")?;
    }
    writeln!(out)?;
    summary(ledger, look, out)?;
    for outcome in OUTCOMES.into_iter().rev() {
        let is_worth_reading = match outcome {
            Outcome::Unreadable | Outcome::NotAReport | Outcome::Duplicate | Outcome::Removed => {
                true
            }
            Outcome::Read | Outcome::Unchanged | Outcome::Replaced => all,
        };
        if is_worth_reading {
            files(ledger, outcome, usize::MAX, look, out)?;
        }
    }
    Ok(())
}

/// Writes the files of one outcome, at most `most` of them.
fn files(
    ledger: &Ledger,
    outcome: Outcome,
    most: usize,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let all = count(ledger, outcome);
    if all == 0 {
        return Ok(());
    }
    writeln!(out)?;
    paint(out, look, Ink::Strong, name(outcome))?;
    writeln!(out)?;
    causes(&ledger.causes(), outcome, look, out)?;
    let entries = ledger.entries.iter().filter(|entry| entry.outcome == outcome);
    for entry in entries.take(most) {
        write_entry(entry, look, out)?;
    }
    if all > most {
        writeln!(out, "  and {} more", words::number(all - most))?;
    }
    Ok(())
}

/// Writes how many files there are for each cause of an outcome; nothing for a single file, which
/// states its cause itself.
pub(super) fn causes(
    causes: &[CauseCount],
    outcome: Outcome,
    look: &Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let causes: Vec<&CauseCount> = causes.iter().filter(|one| one.outcome == outcome).collect();
    if causes.iter().map(|one| one.files).sum::<usize>() < 2 {
        return Ok(());
    }
    let mut line = Prose::new();
    for one in causes {
        let (files, cause) = (words::number(one.files), words::cause(one.code));
        line.item(Ink::Plain, &format!("{files} {cause}"));
    }
    line.write(out, look, "  ", "    ")
}

/// Writes what to do next, in the caller's terms.
///
/// # Errors
/// Those of `out`.
pub fn hints(hints: &[String], look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    if !hints.is_empty() {
        writeln!(out)?;
    }
    for hint in hints {
        let mut line = Prose::new();
        line.add(Ink::Strong, "hint: ").add(Ink::Plain, hint);
        line.write(out, look, "", "  ")?;
    }
    Ok(())
}

fn write_entry(entry: &LedgerEntry, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    // A path is not wrapped, so that it can be copied.
    out.write_all(b"  ")?;
    paint(out, look, Ink::Plain, &crate::render::clean::line(&entry.path))?;
    writeln!(out)?;
    let mut line = Prose::new();
    if let Some(explanation) = entry.explanation() {
        line.item(Ink::Plain, &explanation);
    }
    if let Some(report) = &entry.report {
        line.item(Ink::Faint, report);
        line.item(Ink::Faint, &words::count(entry.paragraphs as usize, "paragraph"));
        if entry.warnings > 0 {
            line.item(Ink::Plain, &words::count(entry.warnings as usize, "warning"));
        }
    }
    if line.is_empty() {
        return Ok(());
    }
    line.write(out, look, "    ", "    ")
}
