//! Gives the reports their final ids once all reports are known, and writes again those that had
//! another id, whether read in this build or earlier.

use super::IngestError;
use super::ids::{self, Nameless};
use super::plan::{self, Job};
use super::read::{Done, Reader};
use crate::understand::report::Report;
use findings_index::engine::paragraphs_of;
use findings_index::records::ledger::{LedgerEntry, NoReport, Outcome, Reason};
use findings_index::request::Deadline;
use findings_index::{Engine, Location};
use std::collections::HashMap;
use std::sync::Arc;

/// The place from which the report of an entry can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The last commit.
    Index,
    /// The last commit, but this build has written another report under its id.
    Overwritten,
    /// The file of the job with this number.
    File(usize),
}

/// Gives final ids to the reports of the jobs and of the entries that no job reads.
pub(super) fn settle(
    reader: &Reader<'_>,
    location: &Location,
    jobs: &[Job],
    done: &mut [Done],
    unread: &mut [LedgerEntry],
) -> Result<(), IngestError> {
    let mut last = LastCommit::new(location, jobs, unread);
    let mut overwritten = vec![false; jobs.len()];
    loop {
        let mut failed: Vec<(usize, NoReport)> = Vec::new();
        let mut held = held(done, unread, &overwritten);
        let ids = final_ids(&held);
        for ((entry, origin), id) in held.iter_mut().zip(ids) {
            if entry.report.as_ref() == Some(&id) && *origin != Origin::Overwritten {
                continue;
            }
            match *origin {
                Origin::Index | Origin::Overwritten => {
                    let mut report = last.report(entry)?;
                    report.rename(&id);
                    reader.write(&report.record, &report.paragraphs)?;
                    last.rename(entry, id);
                }
                Origin::File(number) => match reader.again(&jobs[number], &id)? {
                    Ok(again) => **entry = again,
                    Err(why) => failed.push((number, why)),
                },
            }
        }
        if failed.is_empty() {
            return Ok(());
        }
        // These files have changed since they were first read. Without their reports, other ids may
        // change.
        overwritten.fill(false);
        for (number, why) in failed {
            done[number] = Done::without_report(&jobs[number], why);
            overwritten[number] = true;
        }
    }
}

/// The entries whose reports belong in the index.
fn held<'a>(
    done: &'a mut [Done],
    unread: &'a mut [LedgerEntry],
    overwritten: &[bool],
) -> Vec<(&'a mut LedgerEntry, Origin)> {
    let mut held: Vec<(&mut LedgerEntry, Origin)> = Vec::new();
    for (number, done) in done.iter_mut().enumerate() {
        let earlier = if overwritten[number] { Origin::Overwritten } else { Origin::Index };
        let origin = match done.entry.outcome {
            Outcome::Read | Outcome::Replaced => Origin::File(number),
            _ => earlier,
        };
        held.push((&mut done.entry, origin));
        held.extend(done.holder.as_mut().map(|holder| (holder, earlier)));
    }
    held.extend(unread.iter_mut().map(|entry| (entry, Origin::Index)));
    held.retain(|(entry, _)| plan::is_held(entry));
    held
}

fn final_ids(held: &[(&mut LedgerEntry, Origin)]) -> Vec<String> {
    let nameless: Vec<Nameless<'_>> = held
        .iter()
        .map(|(entry, _)| Nameless {
            plain: entry.plain_id.as_deref().unwrap_or_default(),
            sha256: entry.sha256.as_deref().unwrap_or_default(),
        })
        .collect();
    ids::assign(&nameless)
}

/// The index as it was before this build.
struct LastCommit<'a> {
    location: &'a Location,
    engine: Option<Arc<dyn Engine>>,
    /// The ids of the reports, by the paths of their files.
    ids: HashMap<String, String>,
}

impl<'a> LastCommit<'a> {
    fn new(location: &'a Location, jobs: &[Job], unread: &[LedgerEntry]) -> Self {
        let replaced = jobs.iter().flat_map(|job| job.fallback.iter().chain(&job.holder));
        let ids = unread
            .iter()
            .chain(replaced)
            .filter_map(|entry| Some((entry.path.clone(), entry.report.clone()?)))
            .collect();
        Self { location, engine: None, ids }
    }

    /// Reads the report of a file from the index; the file may be gone, changed or unreadable by
    /// now.
    fn report(&mut self, entry: &LedgerEntry) -> Result<Report, IngestError> {
        let lost = || IngestError::Lost { path: entry.path.clone() };
        let id = self.ids.get(&entry.path).ok_or_else(lost)?;
        let engine = match &mut self.engine {
            Some(engine) => engine,
            none => none.insert(self.location.open()?),
        };
        let record = engine.report(id)?.ok_or_else(lost)?;
        let paragraphs = paragraphs_of(engine.as_ref(), id, &Deadline::never())?;
        Ok(Report { record, paragraphs })
    }

    /// Sets the id of an entry, and notes if it differs from the one before.
    fn rename(&self, entry: &mut LedgerEntry, id: String) {
        if matches!(entry.reason, None | Some(Reason::Renamed { .. })) {
            let before = self.ids.get(&entry.path).filter(|before| **before != id);
            entry.reason = before.map(|before| Reason::Renamed { from: before.clone() });
        }
        entry.report = Some(id);
    }
}
