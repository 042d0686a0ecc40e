//! Builds that several machines share: each reads a part of the files, and one of them finishes.
//!
//! What is read from a file depends on its bytes, its path below the root, this program, its knowledge
//! and its limits, and on nothing else. So whoever reads a file puts the report on the shelf of the index
//! under a hash of these, and whoever finishes makes a build like any other, which takes from the shelf
//! what it would read from the files. Ids, copies, acronyms, removals and the ledger are settled there,
//! over all files, as in every build. A file that no part has read, since it came later, is read then.

use super::plan::{self, Job};
use super::progress::{Event, Progress};
use super::read::{Done, Reports, entry_of, event_of};
use super::shelved::{Part, Read, Shelved};
use super::{IngestError, Options, pool};
use crate::discover;
use crate::extract::worker::Workers;
use crate::knowledge::Knowledge;
use crate::understand::report::Report;
use findings_index::OpenError;
use findings_index::records::ledger::{Ledger, LedgerEntry, NoReport};
use jiff::Timestamp;
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use std::collections::HashSet;

/// What a part of a build read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRead {
    /// The outcomes of the files of this part, as far as they are known before all parts are.
    pub ledger: Ledger,
    /// How many files were on the shelf already, since this part was read before.
    pub on_shelf: usize,
}

/// Reads one part of the files below the roots, and puts what they say on the shelf of the index, which
/// is otherwise not touched. Needs no right to build: parts may be read at any time, on any number of
/// machines, more than once.
///
/// # Errors
/// A root does not exist, the index cannot be read or its shelf not written, or no worker can be started. A
/// file that cannot be read is not an error: the ledger lists it, and the build that finishes tries again.
pub fn read_part(
    options: &Options,
    part: Part,
    knowledge: &Knowledge,
    progress: &dyn Progress,
) -> Result<PartRead, IngestError> {
    let roots = discover::roots(&options.roots)?;
    let pool = pool(options)?;
    let shelved = Shelved::new(options, knowledge)?;
    let held = match options.index.open() {
        Ok(engine) => Some(engine.ledger()?),
        // As for every build, what another format holds is as good as not held.
        Err(
            OpenError::Missing { .. }
            | OpenError::NoCorpus { .. }
            | OpenError::Incompatible { .. }
            | OpenError::OtherFormat { .. },
        ) => None,
        Err(error) => return Err(error.into()),
    };
    shelved.begin(part)?;
    let found = discover::find(&roots, options.index.folder());
    progress.on(Event::Found { files: found.files.len() });
    let own = found.files.iter().filter(|file| part.holds(&file.below)).map(|file| &file.name);
    let bad = found.bad.iter().map(|bad| &bad.name).filter(|name| part.holds(name));
    let own: HashSet<String> = own.chain(bad).cloned().collect();
    let reading = super::reading(knowledge);
    let held = held.as_ref();
    let mut plan =
        pool.install(|| plan::make(options, &roots, found, held, &reading, Some(part), progress));
    plan.jobs.retain(|job| own.contains(&job.file.name));
    progress.on(Event::Reading {
        files: plan.jobs.len(),
        bytes: plan.jobs.iter().map(|job| job.file.bytes).sum(),
    });
    let workers = Workers::new(options.worker.clone(), options.limits);
    let reports = Reports { workers: &workers, knowledge, shelved: None };
    let one = |job: &Job| {
        let done = read(&reports, &shelved, job)?;
        progress.on(event_of(&done.entry, job));
        Ok(done.entries(job))
    };
    // Files differ greatly in size, so a thread takes one file at a time.
    let all =
        || -> Result<_, IngestError> { plan.jobs.par_iter().with_max_len(1).map(one).collect() };
    let read: Vec<Vec<LedgerEntry>> = pool.install(all)?;
    let on_shelf = plan.jobs.len() - shelved.absent();
    shelved.end(part)?;
    let mut entries = plan.settled;
    entries.extend(read.into_iter().flatten());
    entries.retain(|entry| own.contains(&entry.path));
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    let roots = roots.iter().map(|root| discover::name_of(root)).collect();
    let ledger = Ledger { finished: Timestamp::now(), roots, reading, entries };
    Ok(PartRead { ledger, on_shelf })
}

/// Reads the file of one job, if it is not on the shelf, and puts it there.
fn read(reports: &Reports<'_>, shelved: &Shelved, job: &Job) -> Result<Done, IngestError> {
    let (below, sha256) = (&job.file.below, &job.sha256);
    let report = match shelved.read(below, sha256)? {
        Some(read) => read.map_err(NoReport::NotAReport),
        None => {
            let report = reports.report(job)?;
            let read = match &report {
                Ok(Report { record, paragraphs }) => {
                    Some(Read::Report(Box::new(record.clone()), paragraphs.clone()))
                }
                Err(NoReport::NotAReport(what)) => Some(Read::NotAReport(what.clone())),
                // Whoever finishes tries again, as every build does.
                Err(NoReport::Unreadable(_)) => None,
            };
            if let Some(read) = read {
                shelved.put(below, sha256, &read)?;
            }
            report
        }
    };
    Ok(match report {
        Ok(report) => Done { entry: entry_of(job, &report, &report.record.id), holder: None },
        Err(why) => Done::without_report(job, why),
    })
}
