//! Brings the index up to date with the files below the given paths.
//!
//! ```text
//! plan    files, last ledger -> what to read, what is known already, what is gone
//! read    files -> reports   in parallel, one per thread, each extracted in a worker process
//! settle  reports -> ids     readable and unique, whatever was in the index or read before
//! learn   paragraphs -> vectors of their terms, if asked for
//! ```
//!
//! A build can be read in parts by several machines; see `parts`.
//!
//! What came when is kept by the index, which is told here which files are still there: a file that
//! takes the place of one that is not follows it.
//!
//! A build either commits everything, ledger included, or changes nothing; without changes it does
//! not commit. Afterwards the index holds what a build from scratch would give it. Entries under
//! other paths than the given ones stay as they are. A file that can no longer be read keeps the
//! report read from it earlier; a file that is gone or is no longer a report loses it. A build
//! never decides what a report says, and never writes to the terminal.

mod ids;
mod learn;
mod parts;
mod plan;
mod progress;
mod read;
mod settle;
mod shelved;

pub use learn::Learned;
pub use parts::{PartRead, read_part};
pub use progress::{Event, Progress};
pub use shelved::{Finished, Part, PartError, PartsError};

use crate::discover::{self, DiscoverError};
use crate::extract::Limits;
use crate::extract::worker::{WorkerError, Workers};
use crate::knowledge::Knowledge;
use findings_index::ranking::meaning::TooLittle;
use findings_index::records::ledger::{EarlierReport, Ledger, LedgerEntry, Outcome};
use findings_index::{BuildOptions, Location, OpenError, SearchError, WriteError};
use ids::{Holder, Provisional};
use jiff::Timestamp;
use plan::{Job, Plan};
use read::{Reader, Reports};
use shelved::Shelved;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The stack of each thread that parses, in bytes.
const STACK: usize = 16 << 20;

/// Memory for the engine's buffers per thread, in bytes. More makes segments larger, but builds
/// hardly faster.
const ENGINE_MEMORY: usize = 32 << 20;

/// What to build, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folders and files.
    pub roots: Vec<PathBuf>,
    /// The place of the index, which is created if there is none.
    pub index: Location,
    /// The limits at which the reading of a file is given up.
    pub limits: Limits,
    /// Number of threads, each with a worker process; 0 for one per processor.
    pub threads: usize,
    /// How long to wait until another build ends.
    pub wait: Duration,
    /// Whether reports stay in the index when their files are gone.
    pub keep_missing: bool,
    /// Whether to take what was read from what parts of this build have read, all of them.
    pub finish: bool,
    /// Which vectors searches use from now on; as before if nothing is said.
    pub learn: Option<Learn>,
    /// The program that reads files if it is called with
    /// [`extract::worker::ARGUMENT`](crate::extract::worker::ARGUMENT).
    pub worker: PathBuf,
}

impl Options {
    /// Options to build `index` from `roots` with the reader `worker`, and with defaults otherwise.
    #[must_use]
    pub fn new(roots: Vec<PathBuf>, index: Location, worker: PathBuf) -> Self {
        Self {
            roots,
            index,
            limits: Limits::default(),
            threads: 0,
            wait: Duration::ZERO,
            keep_missing: false,
            finish: false,
            learn: None,
            worker,
        }
    }
}

/// Which vectors of terms searches use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learn {
    /// Those that are learned from the paragraphs that the index holds now.
    Own,
    /// Those that come with the program.
    BuiltIn,
}

/// What a build did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// The outcomes of the files below the roots, and of no others.
    pub ledger: Ledger,
    /// The number of files in the index that are elsewhere and were not looked at.
    pub elsewhere: usize,
    /// Whether the index changed.
    pub changed: bool,
    /// What was learned, if that was asked for.
    pub learned: Option<Learned>,
    /// What came from the parts of this build, if it was read in parts.
    pub finished: Option<Finished>,
}

impl Built {
    /// The number of files with this outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.ledger.entries.iter().filter(|entry| entry.outcome == outcome).count()
    }
}

/// The reason why nothing was built. The index is unchanged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The paths cannot be searched.
    #[error(transparent)]
    Discover(#[from] DiscoverError),
    /// The index cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The existing index cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The existing index cannot be read.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// Not all parts of the build were read.
    #[error(transparent)]
    Parts(#[from] PartsError),
    /// There is too little to learn from; the reports are in the index.
    #[error("the reports are in the index, but nothing was learned from them")]
    TooLittle(#[from] TooLittle),
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

/// Brings the index up to date with the files below the roots, and then learns from it if that is
/// asked for.
///
/// # Errors
/// A root does not exist, the index is locked or cannot be written, or no worker can be started.
/// A file that cannot be read is not an error: it is listed in the ledger.
pub fn build(
    options: &Options,
    knowledge: &Knowledge,
    progress: &dyn Progress,
) -> Result<Built, IngestError> {
    let mut built = bring_up_to_date(options, knowledge, progress)?;
    if let Some(learn) = options.learn {
        built.learned = learn::learn(options, learn, progress)?;
        built.changed = true;
    }
    Ok(built)
}

fn bring_up_to_date(
    options: &Options,
    knowledge: &Knowledge,
    progress: &dyn Progress,
) -> Result<Built, IngestError> {
    let roots = discover::roots(&options.roots)?;
    let pool = pool(options)?;
    let threads = pool.current_num_threads();
    let shelved = options.finish.then(|| Shelved::complete(options, knowledge)).transpose()?;
    // The lock comes before the search, so that a build that waited for another sees the files as
    // they are after it.
    let mut writer = options.index.build(&BuildOptions {
        threads,
        memory: ENGINE_MEMORY * threads,
        wait: options.wait,
    })?;
    if let Some(now_at) = writer.set_aside() {
        progress.on(Event::HistorySetAside { now_at });
    }
    writer.tagged_by(knowledge.topics().taxonomy().clone());
    writer.named_by(knowledge.authorities().all().cloned().collect());
    let reading = reading(knowledge);
    let found = discover::find(&roots, options.index.folder());
    progress.on(Event::Found { files: found.files.len() });
    let plan = pool
        .install(|| plan::make(options, &roots, found, writer.held(), &reading, None, progress));
    if !plan.removed.is_empty() {
        let paths: Vec<&str> = plan.removed.iter().map(String::as_str).collect();
        progress.on(Event::Removing { paths: &paths });
    }
    progress.on(Event::Reading {
        files: plan.jobs.len(),
        bytes: plan.jobs.iter().map(|job| job.file.bytes).sum(),
    });
    writer.present(present(&plan));
    let provisional = Provisional::default();
    reserve(&plan, &provisional);
    let workers = Workers::new(options.worker.clone(), options.limits);
    let shelf = shelved.as_ref().map(|(shelved, _)| shelved);
    let reader = Reader {
        reports: Reports { workers: &workers, knowledge, shelved: shelf },
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
    let finished = shelved
        .as_ref()
        .map(|(shelved, parts)| Finished { parts: *parts, read_now: shelved.absent() });
    let built =
        Built { elsewhere: other, changed: true, learned: None, finished, ledger: ledger.clone() };
    ledger.entries.extend(elsewhere);
    ledger.entries.sort_by(|a, b| a.path.cmp(&b.path));
    if writer.held().is_some_and(|previous| says_the_same(previous, &ledger)) {
        clear(shelf, progress);
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
    clear(shelf, progress);
    Ok(built)
}

/// Takes what the parts of a build read from the shelf, now that it is in the index.
fn clear(shelved: Option<&Shelved>, progress: &dyn Progress) {
    if let Some(Err(error)) = shelved.map(Shelved::clear) {
        progress.on(Event::ShelfStays { why: &error.to_string() });
    }
}

/// How reports are read: what was read by another version, or with other knowledge, is read again.
fn reading(knowledge: &Knowledge) -> String {
    format!("{} {}", env!("CARGO_PKG_VERSION"), knowledge.version())
}

/// The threads of a build.
fn pool(options: &Options) -> Result<rayon::ThreadPool, IngestError> {
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|number| format!("{THREAD}{number}"))
        .stack_size(STACK)
        .build()
        .map_err(|source| IngestError::Threads { threads, source })
}

/// The beginning of the names of a build's threads.
pub const THREAD: &str = "ingest-";

/// Reserves the ids of the reports that stay or may stay, so that no other report gets them.
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

/// The files whose reports stay, or come in this build, by their hashes. A file that changed is not among
/// them with what it was: if it cannot be read, what it was stays, which only a second report of the same
/// id would notice.
fn present(plan: &Plan) -> HashSet<String> {
    let staying = plan.settled.iter().chain(&plan.elsewhere).filter(|entry| plan::is_held(entry));
    let read = plan.jobs.iter().map(|job| job.sha256.clone());
    staying.filter_map(|entry| entry.sha256.clone()).chain(read).collect()
}

fn reports(ledger: &Ledger) -> impl Iterator<Item = &str> {
    ledger
        .entries
        .iter()
        .filter(|entry| plan::is_held(entry))
        .filter_map(|entry| entry.report.as_deref())
}

/// Whether a ledger reports nothing new: reports that were read last time are now unchanged, and
/// files that were removed then are no longer listed.
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
