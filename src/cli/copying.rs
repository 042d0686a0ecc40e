//! `findings index --from-index`: copies an index that is there instead of reading files.

use super::place::{is_same, marks, named};
use super::progress::{Bar, removing};
use super::{Context, Exit, Refusal, note};
use crate::ask::mark::{self, Mark};
use crate::ingest::{Event, Progress};
use crate::render::{clean, words};
use anyhow::Context as _;
use findings_index::records::ledger::{Ledger, LedgerEntry, Outcome};
use findings_index::transfer::{TransferError, transfer};
use findings_index::{BuildOptions, Engine, Location, OpenError};
use std::collections::HashSet;
use std::env;
use std::path::Path;
use std::time::Duration;

/// The option that names what is copied.
const OPTION: &str = "--from-index";

/// Copies an index to the place that the context names: the one in a folder, or where none is named
/// the one in the folder that the index is in where no cluster holds it.
pub(super) fn copy(from: Option<&Path>, wait: Duration, context: &Context) -> anyhow::Result<Exit> {
    let from = named(from.unwrap_or(&context.folder), OPTION, |name| env::var_os(name))?;
    let to = &context.location;
    if is_same(&from, to) {
        return Err(Refusal::new(format!("{OPTION}: {from} would be copied to itself"))
            .hint("name where to with `--engine URL` or `--index DIR`, or another index to copy")
            .into());
    }
    let engine = from.open().map_err(|error| unopened(error, &from))?;
    let unread = || format!("cannot copy from {from}");
    let unwritten = || format!("cannot copy to {to}");
    let build =
        to.build(&BuildOptions { wait, ..BuildOptions::default() }).with_context(unwritten)?;
    let bar = Bar::new();
    if let Some(now_at) = build.set_aside() {
        bar.on(Event::HistorySetAside { now_at });
    }
    let ledger = engine.ledger().with_context(unread)?;
    let gone = gone(build.held(), &ledger);
    if !gone.is_empty() {
        // Nobody reads a closed stderr, and the copy goes on regardless.
        let why = format!("not in {from}");
        bar.line.suspend(|| drop(removing(&gone, &why, &mut anstream::stderr())));
    }
    let of = engine.corpus().reports as u64;
    bar.phase(of, "copying [{bar:24}] {pos} of {len} reports, {eta} left");
    let copied = transfer(engine.as_ref(), build, |done, of| {
        bar.line.set_position(done as u64);
        if done == of {
            bar.on(Event::Committing);
        }
    });
    bar.line.finish_and_clear();
    let corpus = copied.map_err(|error| match error {
        TransferError::Read(error) => anyhow::Error::new(error).context(unread()),
        TransferError::Write(error) => anyhow::Error::new(error).context(unwritten()),
        error => anyhow::Error::new(error),
    })?;
    if let Err(error) = mark_alike(&from, context, engine.as_ref()) {
        note(&format!("what was marked as read is not marked in the copy: {error}"));
    }
    let reports = words::count(corpus.reports, "report");
    let paragraphs = words::count(corpus.paragraphs, "paragraph");
    context.print(|out| {
        writeln!(out, "copied {reports} with {paragraphs}")?;
        // Places are not wrapped, so that they can be copied.
        for (side, place) in [("from", &from), ("to", to)] {
            writeln!(out, "  {side:4}  {}", clean::line(&place.to_string()))?;
        }
        Ok(())
    })?;
    Ok(Exit::if_any(corpus.reports))
}

/// The error where the index that is to be copied cannot be opened.
fn unopened(error: OpenError, from: &Location) -> anyhow::Error {
    match error {
        OpenError::Missing { .. } | OpenError::NoCorpus { .. } => Refusal::new(error.to_string())
            .within(OPTION)
            .hint("name the folder of an index; reports are read with `findings index PATH`")
            .into(),
        error => anyhow::Error::new(error).context(format!("cannot copy from {from}")),
    }
}

/// Returns the paths of the reports that are held and not in the ledger of what is copied.
fn gone<'l>(held: Option<&'l Ledger>, copied: &Ledger) -> Vec<&'l str> {
    let has_report = |entry: &&LedgerEntry| entry.outcome != Outcome::Removed;
    let copied: HashSet<&str> =
        copied.entries.iter().filter(has_report).filter_map(|it| it.report.as_deref()).collect();
    let held = held.map_or(&[][..], |ledger| &ledger.entries);
    let gone = held.iter().filter(has_report);
    let gone = gone.filter(|it| it.report.as_deref().is_some_and(|id| !copied.contains(id)));
    gone.map(|entry| entry.path.as_str()).collect()
}

/// Marks in the copy what was marked as read in the original, unless something is marked there.
fn mark_alike(from: &Location, context: &Context, engine: &dyn Engine) -> anyhow::Result<()> {
    let Some(mark) = mark::read(&marks(from))? else { return Ok(()) };
    if mark::read(&context.marks)?.is_some() {
        return Ok(());
    }
    let generation = match mark.generation == engine.generation() {
        true => context.location.generation()?,
        false => mark.generation,
    };
    Ok(mark::write(&context.marks, &Mark { generation, ..mark })?)
}
