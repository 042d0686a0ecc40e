//! Builds the index: brings it up to date with the files below the given paths.
//!
//! ```text
//! plan    files, last ledger -> what to read, what is known already, what is gone
//! read    files -> reports   in parallel, each extracted in a worker process, one at a time in mind
//! settle  reports -> ids     readable, unique, whatever was held or read before
//! ```
//!
//! A build either commits everything, ledger included, or changes nothing; it does not commit where
//! nothing changed. Afterwards the index holds what a build from nothing would give it. What lies
//! under other paths than the given ones stays as it is. A file that can no longer be read keeps the
//! report read from it earlier; one that has become no report, or is gone, loses it. It never
//! decides what a report says, and never writes to the terminal.

mod ids;
mod plan;
mod progress;
mod read;
mod settle;

pub use progress::{Event, Progress};

use crate::discover::{self, DiscoverError};
use crate::extract::Limits;
use crate::extract::worker::{WorkerError, Workers};
use crate::knowledge::Knowledge;
use findings_index::records::ledger::{EarlierReport, Ledger, LedgerEntry, Outcome};
use findings_index::{BuildOptions, Location, OpenError, SearchError, WriteError};
use ids::{Holder, Provisional};
use jiff::Timestamp;
use plan::{Job, Plan};
use read::Reader;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Stack of the threads that parse.
const STACK: usize = 16 << 20;

/// Memory for the engine's buffers per thread, in bytes. More makes larger segments, hardly speed.
const ENGINE_MEMORY: usize = 32 << 20;

/// What to build, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folders and files.
    pub roots: Vec<PathBuf>,
    /// Where the index is kept; made where there is none.
    pub index: Location,
    /// What one file may cost.
    pub limits: Limits,
    /// Number of threads, each with a worker process; 0 for one per processor.
    pub threads: usize,
    /// How long to wait for another build to end.
    pub wait: Duration,
    /// Whether reports stay whose files are gone.
    pub keep_missing: bool,
    /// The program that reads files when it is called with
    /// [`extract::worker::ARGUMENT`](crate::extract::worker::ARGUMENT).
    pub worker: PathBuf,
}

impl Options {
    /// Builds `index` from `roots`, which `worker` reads, and all else by default.
    #[must_use]
    pub fn new(roots: Vec<PathBuf>, index: Location, worker: PathBuf) -> Self {
        Self {
            roots,
            index,
            limits: Limits::default(),
            threads: 0,
            wait: Duration::ZERO,
            keep_missing: false,
            worker,
        }
    }
}

/// What a build did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// What became of the files below the roots, and of no others.
    pub ledger: Ledger,
    /// Number of files of the index that lie elsewhere and were not looked at.
    pub elsewhere: usize,
    /// Whether the index changed.
    pub changed: bool,
}

impl Built {
    /// How many files had this outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.ledger.entries.iter().filter(|entry| entry.outcome == outcome).count()
    }
}

/// Why nothing was built. The index is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The paths cannot be searched.
    #[error(transparent)]
    Discover(#[from] DiscoverError),
    /// The index cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The index as it was cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The index as it was cannot be read.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The ledger names a report that the index does not hold.
    #[error("the index no longer holds the report of {path}")]
    Lost {
        /// The report's file.
        path: String,
    },
    /// No reader process can be started.
    #[error(transparent)]
    Worker(WorkerError),
    /// The threads cannot be started.
    #[error("cannot start {threads} threads")]
    Threads {
        /// Their number.
        threads: usize,
        /// The fault.
        #[source]
        source: rayon::ThreadPoolBuildError,
    },
}

/// Brings the index up to date with the files below the roots.
///
/// # Errors
/// A root does not exist, the index is locked or cannot be written, or no worker can be started.
/// A file that cannot be read is no error: it stands in the ledger.
pub fn build(
    options: &Options,
    knowledge: &Knowledge,
    progress: &dyn Progress,
) -> Result<Built, IngestError> {
    let roots = discover::roots(&options.roots)?;
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|number| format!("{THREAD}{number}"))
        .stack_size(STACK)
        .build()
        .map_err(|source| IngestError::Threads { threads, source })?;
    // Before the search, so that whoever waits for another build sees the files as they are then.
    let mut writer = options.index.build(&BuildOptions {
        threads,
        memory: ENGINE_MEMORY * threads,
        wait: options.wait,
    })?;
    writer.tagged_by(knowledge.topics().taxonomy().clone());
    let reading = format!("{} {}", env!("CARGO_PKG_VERSION"), knowledge.version());
    let found = discover::find(&roots, options.index.folder());
    progress.on(Event::Found { files: found.files.len() });
    let plan = pool.install(|| {
        plan::make(
            &roots,
            found,
            writer.held(),
            &reading,
            options.keep_missing,
            &options.limits,
            progress,
        )
    });
    if !plan.removed.is_empty() {
        let paths: Vec<&str> = plan.removed.iter().map(String::as_str).collect();
        progress.on(Event::Removing { paths: &paths });
    }
    progress.on(Event::Reading {
        files: plan.jobs.len(),
        bytes: plan.jobs.iter().map(|job| job.file.bytes).sum(),
    });
    let provisional = Provisional::default();
    reserve(&plan, &provisional);
    let workers = Workers::new(options.worker.clone(), options.limits);
    let reader = Reader {
        workers: &workers,
        knowledge,
        writer: writer.as_ref(),
        provisional: &provisional,
        progress,
        written: Mutex::default(),
    };
    let Plan { settled, elsewhere, jobs, .. } = plan;
    let mut done = pool.install(|| reader.all(&jobs))?;
    let (here, other) = (settled.len(), elsewhere.len());
    let mut unread = settled;
    unread.extend(elsewhere);
    settle::settle(&reader, &options.index, &jobs, &mut done, &mut unread)?;
    let written = reader.written.into_inner().unwrap_or_else(PoisonError::into_inner);

    let elsewhere = unread.split_off(here);
    let mut entries = unread;
    entries.extend(done.into_iter().zip(&jobs).flat_map(|(done, job)| done.entries(job)));
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    let mut ledger = Ledger {
        finished: Timestamp::now(),
        roots: roots.iter().map(|root| discover::name_of(root)).collect(),
        reading,
        entries,
    };
    let built = Built { elsewhere: other, changed: true, ledger: ledger.clone() };
    ledger.entries.extend(elsewhere);
    ledger.entries.sort_by(|a, b| a.path.cmp(&b.path));
    if writer.held().is_some_and(|previous| says_the_same(previous, &ledger)) {
        return Ok(Built { changed: false, ..built });
    }
    progress.on(Event::Committing);
    let kept: HashSet<&str> = reports(&ledger).collect();
    let before: Vec<String> = writer
        .held()
        .map(|ledger| reports(ledger).map(str::to_owned).collect())
        .unwrap_or_default();
    let dropped: HashSet<&str> =
        before.iter().chain(&written).map(String::as_str).filter(|id| !kept.contains(id)).collect();
    for id in dropped {
        writer.remove(id)?;
    }
    writer.commit(&ledger)?;
    Ok(built)
}

/// How the names of the threads of a build begin.
pub const THREAD: &str = "ingest-";

/// Keeps the ids of the reports that stay, and of those that may stay, from being given to others.
fn reserve(plan: &Plan, provisional: &Provisional) {
    let hold = |entry: &LedgerEntry, holder| {
        if let (true, Some(id), Some(plain)) =
            (plan::is_held(entry), &entry.report, &entry.plain_id)
        {
            provisional.hold(id, plain, holder);
        }
    };
    for entry in plan.settled.iter().chain(&plan.elsewhere) {
        hold(entry, Holder::Held);
    }
    for (number, Job { fallback, holder, .. }) in plan.jobs.iter().enumerate() {
        for entry in fallback.iter().chain(holder) {
            hold(entry, Holder::Job(number));
        }
    }
}

fn reports(ledger: &Ledger) -> impl Iterator<Item = &str> {
    ledger
        .entries
        .iter()
        .filter(|entry| plan::is_held(entry))
        .filter_map(|entry| entry.report.as_deref())
}

/// Whether a ledger tells nothing that the last one did not: reports that were read then are
/// unchanged now, and what was removed then is no longer spoken of.
fn says_the_same(previous: &Ledger, now: &Ledger) -> bool {
    let state = |entry: &LedgerEntry| {
        let mut entry = entry.clone();
        if matches!(entry.outcome, Outcome::Read | Outcome::Replaced) {
            entry.outcome = Outcome::Unchanged;
        }
        if entry.earlier == Some(EarlierReport::Removed) {
            entry.earlier = None;
        }
        entry.reason = entry.reason.filter(|reason| !reason.is_passing());
        entry
    };
    let of = |ledger: &Ledger| -> Vec<LedgerEntry> {
        ledger.entries.iter().filter(|e| e.outcome != Outcome::Removed).map(state).collect()
    };
    let removes = now
        .entries
        .iter()
        .any(|entry| entry.outcome == Outcome::Removed && !previous.entries.contains(entry));
    !removes && previous.reading == now.reading && of(previous) == of(now)
}
