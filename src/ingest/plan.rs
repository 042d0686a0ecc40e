//! Compares the files on the disk with the ledger and decides which of them to read.
//!
//! It reads only the first bytes of a file and, if the file is new or changed, hashes it. It does
//! not touch the index.

use super::Options;
use super::progress::{Event, Progress};
use super::shelved::Part;
use crate::discover::{self, BadPath, Content, Discovered, SourceFile};
use crate::extract::{Format, Limits};
use findings_index::records::ledger::{
    EarlierReport, FileError, Ledger, LedgerEntry, NoReport, NotAReport, Outcome, Reason,
};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

/// The work of a build.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Entries of files that need not be read.
    pub(super) settled: Vec<LedgerEntry>,
    /// Entries of files under no root of this build.
    pub(super) elsewhere: Vec<LedgerEntry>,
    /// Files to be read, the largest first.
    pub(super) jobs: Vec<Job>,
    /// Files whose reports will be removed because the files are gone.
    pub(super) removed: Vec<String>,
}

/// A file to be read.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) file: SourceFile,
    pub(super) sha256: String,
    /// Its format; `None` if its first bytes were not looked at.
    pub(super) format: Option<Format>,
    /// The outcome to record when it has been read.
    pub(super) outcome: Outcome,
    /// The reason why it is read, unless it is obvious.
    pub(super) reason: Option<Reason>,
    /// The ledger's entry of the same file, if it holds a report that no other file takes over.
    pub(super) fallback: Option<LedgerEntry>,
    /// The ledger's entry of the copy that holds the report of these bytes now, if there is one.
    pub(super) holder: Option<LedgerEntry>,
    /// Other files with the same bytes.
    pub(super) copies: Vec<SourceFile>,
}

/// The state of a file before it is read.
enum FileState {
    /// Its size and time are those in the ledger, or another part looks at it.
    Untouched,
    /// Another part looks at it, and the ledger does not know it.
    Unknown,
    /// It has a format that can be read.
    Readable { format: Format, sha256: String },
    /// It is not a report or cannot be read.
    NoReport(NoReport),
}

/// Makes the plan; of the files of other parts than this one, if there are parts, none is looked at.
pub(super) fn make(
    options: &Options,
    roots: &[PathBuf],
    found: Discovered,
    previous: Option<&Ledger>,
    reading: &str,
    part: Option<Part>,
    progress: &dyn Progress,
) -> Plan {
    let outdated = previous.is_some_and(|ledger| ledger.reading != reading);
    let entries = previous.map_or(&[][..], |ledger| &ledger.entries);
    let roots: Vec<String> = roots.iter().map(|root| discover::name_of(root)).collect();
    let is_below = |entry: &LedgerEntry| roots.iter().any(|root| lies_in(&entry.path, root));
    let (here, elsewhere): (Vec<_>, Vec<_>) = entries
        .iter()
        .filter(|entry| entry.outcome != Outcome::Removed || !is_below(entry))
        .partition(|entry| is_below(entry));
    let known: HashMap<&str, &LedgerEntry> =
        here.iter().map(|entry| (entry.path.as_str(), *entry)).collect();
    let is_fresh = |entry: &LedgerEntry| !outdated && !entry.outdated;
    let states: Vec<FileState> = found
        .files
        .par_iter()
        .map(|file| {
            let state = match known.get(file.name.as_str()) {
                Some(entry) if is_fresh(entry) && is_untouched(file, entry) => FileState::Untouched,
                known if part.is_some_and(|part| !part.holds(&file.below)) => match known {
                    Some(_) => FileState::Untouched,
                    None => FileState::Unknown,
                },
                _ => look(file, &options.limits),
            };
            progress.on(Event::Looked);
            state
        })
        .collect();
    let mut planner = Planner {
        plan: Plan::default(),
        by_hash: HashMap::new(),
        holders: HashMap::new(),
        moved: HashMap::new(),
        refused: HashMap::new(),
        known,
        outdated,
    };
    for entry in here.iter().chain(&elsewhere) {
        planner.recall(entry, is_fresh(entry));
    }
    for (file, state) in found.files.iter().zip(states) {
        planner.meet(file, state);
    }
    planner.bad_paths(&found.bad);
    let seen: HashSet<&str> = found
        .files
        .iter()
        .map(|file| file.name.as_str())
        .chain(found.bad.iter().map(|bad| bad.name.as_str()))
        .collect();
    let missing: Vec<&LedgerEntry> = here
        .iter()
        .filter(|entry| is_held(entry) && !seen.contains(entry.path.as_str()))
        .copied()
        .collect();
    planner.missing(&missing, &found.bad, options.keep_missing);
    planner.elsewhere(&elsewhere, options.keep_missing);
    planner.finish()
}

/// Whether the index holds a report made from this entry's file.
pub(super) fn is_held(entry: &LedgerEntry) -> bool {
    entry.report.is_some() && entry.outcome != Outcome::Removed
}

/// An entry for a file of which only the outcome is known so far.
pub(super) fn entry(file: &SourceFile, outcome: Outcome, reason: Option<Reason>) -> LedgerEntry {
    LedgerEntry {
        path: file.name.clone(),
        outcome,
        reason,
        earlier: None,
        outdated: false,
        bytes: file.bytes,
        modified: file.modified,
        sha256: None,
        report: None,
        plain_id: None,
        pages: None,
        paragraphs: 0,
        warnings: 0,
    }
}

/// An entry for a file with the same bytes as the one at `path`.
pub(super) fn duplicate(file: &SourceFile, sha256: &str, path: &str) -> LedgerEntry {
    let reason = Reason::Duplicate { of: path.to_owned() };
    LedgerEntry { sha256: Some(sha256.to_owned()), ..entry(file, Outcome::Duplicate, Some(reason)) }
}

/// An entry for a file that is not a report, whatever it was before.
pub(super) fn no_report(
    file: &SourceFile,
    sha256: Option<&str>,
    what: NotAReport,
    earlier: Option<&LedgerEntry>,
) -> LedgerEntry {
    LedgerEntry {
        sha256: sha256.map(str::to_owned),
        earlier: earlier.filter(|entry| is_held(entry)).map(|_| EarlierReport::Removed),
        ..entry(file, Outcome::NotAReport, Some(Reason::NotAReport(what)))
    }
}

/// An entry for a file that cannot be read now; a report read from it earlier stays.
pub(super) fn unreadable(
    file: &SourceFile,
    error: FileError,
    fallback: Option<&LedgerEntry>,
) -> LedgerEntry {
    let entry = entry(file, Outcome::Unreadable, Some(Reason::Unreadable(error)));
    match fallback {
        Some(held) => LedgerEntry {
            outcome: entry.outcome,
            reason: entry.reason,
            earlier: Some(EarlierReport::Kept),
            ..held.clone()
        },
        None => entry,
    }
}

fn lies_in(path: &str, folder: &str) -> bool {
    Path::new(path).starts_with(folder)
}

/// Whether a file need not be looked at. An unreadable file is always tried again, because changes
/// of limits and permissions leave no trace in the file.
fn is_untouched(file: &SourceFile, entry: &LedgerEntry) -> bool {
    file.bytes == entry.bytes
        && file.modified == entry.modified
        && entry.outcome != Outcome::Unreadable
}

fn look(file: &SourceFile, limits: &Limits) -> FileState {
    let no_report = |why: NoReport| FileState::NoReport(why);
    match file.content() {
        Ok(Content::Other(what)) => no_report(what.into()),
        Ok(Content::Readable(_)) if file.bytes > limits.bytes => {
            no_report(FileError::TooLarge { bytes: file.bytes, limit: limits.bytes }.into())
        }
        Ok(Content::Readable(format)) => match file.sha256() {
            Ok(sha256) => FileState::Readable { format, sha256 },
            Err(error) => no_report(FileError::from(error).into()),
        },
        Err(error) => no_report(FileError::from(error).into()),
    }
}

/// A file that may be read, with its format if that is known.
type Candidate<'a> = (&'a SourceFile, Option<Format>);

struct Planner<'a> {
    plan: Plan,
    /// Files below the roots by their hashes, each list sorted by path.
    by_hash: HashMap<String, Vec<Candidate<'a>>>,
    /// By hash: the paths of files whose reports stay in the index though the files are not looked
    /// at.
    holders: HashMap<String, String>,
    /// By hash: the entries that held the report when the ledger was written.
    moved: HashMap<String, &'a LedgerEntry>,
    /// By hash: the reasons why files are not reports.
    refused: HashMap<String, NotAReport>,
    known: HashMap<&'a str, &'a LedgerEntry>,
    outdated: bool,
}

impl<'a> Planner<'a> {
    fn recall(&mut self, entry: &'a LedgerEntry, fresh: bool) {
        let Some(sha256) = &entry.sha256 else { return };
        if is_held(entry) {
            self.moved.entry(sha256.clone()).or_insert(entry);
        } else if let (Some(Reason::NotAReport(what)), true) = (&entry.reason, fresh) {
            self.refused.insert(sha256.clone(), what.clone());
        }
    }

    fn meet(&mut self, file: &'a SourceFile, state: FileState) {
        let earlier = self.known.get(file.name.as_str()).copied();
        match state {
            FileState::Untouched => match earlier.and_then(|entry| entry.sha256.clone()) {
                Some(sha256) => self.by_hash.entry(sha256).or_default().push((file, None)),
                // Its first bytes showed that it is not a report, and they have not changed.
                None => {
                    let entry = earlier.map(|entry| LedgerEntry { earlier: None, ..entry.clone() });
                    self.plan.settled.extend(entry);
                }
            },
            FileState::Unknown => {}
            FileState::Readable { format, sha256 } => {
                self.by_hash.entry(sha256).or_default().push((file, Some(format)));
            }
            FileState::NoReport(why) => self.without_report(file, why, earlier),
        }
    }

    fn without_report(&mut self, file: &SourceFile, why: NoReport, earlier: Option<&LedgerEntry>) {
        let entry = match why {
            NoReport::NotAReport(what) => no_report(file, None, what, earlier),
            NoReport::Unreadable(error) => {
                let fallback = earlier.filter(|entry| is_held(entry)).map(|entry| self.aged(entry));
                if let Some(entry) = &fallback {
                    self.stays(entry);
                }
                unreadable(file, error, fallback.as_ref())
            }
        };
        self.plan.settled.push(entry);
    }

    /// Notes that a report stays in the index though its file is not looked at.
    fn stays(&mut self, entry: &LedgerEntry) {
        if let Some(sha256) = &entry.sha256 {
            self.holders.entry(sha256.clone()).or_insert_with(|| entry.path.clone());
        }
    }

    fn bad_paths(&mut self, bad: &[BadPath]) {
        for BadPath { name, why } in bad {
            let file = SourceFile {
                path: PathBuf::from(name),
                name: name.clone(),
                below: String::new(),
                bytes: 0,
                modified: 0,
            };
            let earlier = self.known.get(name.as_str()).copied();
            self.without_report(&file, why.clone(), earlier);
        }
    }

    fn missing(&mut self, missing: &[&'a LedgerEntry], bad: &[BadPath], keep: bool) {
        let is_unseen = |entry: &LedgerEntry| {
            bad.iter().any(|path| {
                matches!(path.why, NoReport::Unreadable(_)) && lies_in(&entry.path, &path.name)
            })
        };
        for &entry in missing {
            if is_unseen(entry) {
                self.stays(entry);
                self.plan.settled.push(LedgerEntry {
                    outcome: Outcome::Unreadable,
                    reason: Some(Reason::Unreadable(FileError::FolderUnreadable)),
                    earlier: Some(EarlierReport::Kept),
                    ..self.aged(entry)
                });
            } else if keep {
                self.stays(entry);
                self.plan.settled.push(LedgerEntry {
                    outcome: Outcome::Unchanged,
                    reason: Some(Reason::KeptMissing),
                    earlier: None,
                    ..self.aged(entry)
                });
            } else {
                let copy = entry.sha256.as_ref().and_then(|sha256| self.by_hash.get(sha256));
                let reason = copy.and_then(|files| files.first()).map(|(file, _)| now_at(file));
                if reason.is_none() {
                    self.plan.removed.push(entry.path.clone());
                }
                self.plan.settled.push(LedgerEntry {
                    outcome: Outcome::Removed,
                    reason,
                    earlier: None,
                    ..entry.clone()
                });
            }
        }
    }

    fn elsewhere(&mut self, elsewhere: &[&'a LedgerEntry], keep: bool) {
        for &entry in elsewhere {
            let copy = entry.sha256.as_ref().and_then(|sha256| self.by_hash.get(sha256));
            // A folder that was moved as a whole: its old place is under no root any more.
            let moved = copy.and_then(|files| files.first()).filter(|_| {
                is_held(entry)
                    && !keep
                    && Path::new(&entry.path)
                        .symlink_metadata()
                        .is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
            });
            let entry = match moved {
                Some((file, _)) => LedgerEntry {
                    outcome: Outcome::Removed,
                    reason: Some(now_at(file)),
                    earlier: None,
                    ..entry.clone()
                },
                None => {
                    if is_held(entry) {
                        self.stays(entry);
                    }
                    self.aged(entry)
                }
            };
            self.plan.elsewhere.push(entry);
        }
    }

    /// Marks an entry as outdated if an earlier version made it, because the new ledger as a whole
    /// has the version of this build.
    fn aged(&self, entry: &LedgerEntry) -> LedgerEntry {
        let was_read = is_held(entry) || entry.outcome == Outcome::NotAReport;
        LedgerEntry { outdated: entry.outdated || (self.outdated && was_read), ..entry.clone() }
    }

    fn finish(mut self) -> Plan {
        let mut taken_over: HashSet<String> = HashSet::new();
        for (sha256, files) in std::mem::take(&mut self.by_hash) {
            self.decide(sha256, &files, &mut taken_over);
        }
        for job in &mut self.plan.jobs {
            job.fallback = job
                .fallback
                .take()
                .filter(|entry| entry.report.as_ref().is_none_or(|id| !taken_over.contains(id)));
        }
        self.plan.jobs.sort_by(|a, b| {
            b.file.bytes.cmp(&a.file.bytes).then_with(|| a.file.name.cmp(&b.file.name))
        });
        self.plan.removed.sort();
        self.plan
    }

    /// Decides which of the files with the same bytes is the report, and whether to read it: the
    /// first by name, as in a build from scratch, unless a file elsewhere holds the report.
    fn decide(
        &mut self,
        sha256: String,
        files: &[Candidate<'a>],
        taken_over: &mut HashSet<String>,
    ) {
        let known = |file: &SourceFile| self.known.get(file.name.as_str()).copied();
        if let Some(what) = self.refused.get(&sha256) {
            for (file, _) in files {
                let entry = no_report(file, Some(&sha256), what.clone(), known(file));
                self.plan.settled.push(entry);
            }
            return;
        }
        let from = self.moved.get(&sha256).copied();
        let is_here = |entry: &&LedgerEntry| files.iter().any(|(file, _)| file.name == entry.path);
        let holder = from.filter(is_here);
        if let (None, Some(path)) = (holder, self.holders.get(&sha256)) {
            for (file, _) in files {
                self.plan.settled.push(duplicate(file, &sha256, path));
            }
            return;
        }
        let Some(&(owner, format)) = files.first() else { return };
        let copies = files.iter().map(|(file, _)| *file).filter(|file| file.name != owner.name);
        let own = holder.filter(|entry| entry.path == owner.name);
        if let Some(entry) = own
            && !self.outdated
            && !entry.outdated
        {
            self.plan.settled.extend(copies.map(|file| duplicate(file, &sha256, &owner.name)));
            self.plan.settled.push(LedgerEntry {
                outcome: Outcome::Unchanged,
                reason: None,
                earlier: None,
                modified: owner.modified,
                ..entry.clone()
            });
            return;
        }
        let fallback = known(owner).filter(|entry| is_held(entry));
        let reason = match (own, from) {
            (Some(_), _) => Some(Reason::ReadAgain),
            (None, Some(entry)) => Some(Reason::Moved { from: entry.path.clone() }),
            (None, None) => None,
        };
        if let (None, Some(entry)) = (own, from) {
            taken_over.extend(entry.report.clone());
        }
        let holder = holder.filter(|entry| entry.path != owner.name).map(|entry| LedgerEntry {
            outcome: Outcome::Unchanged,
            reason: None,
            earlier: None,
            ..self.aged(entry)
        });
        self.plan.jobs.push(Job {
            file: owner.clone(),
            format,
            outcome: if fallback.is_some() { Outcome::Replaced } else { Outcome::Read },
            reason,
            fallback: fallback.map(|entry| self.aged(entry)),
            holder,
            copies: copies.cloned().collect(),
            sha256,
        });
    }
}

fn now_at(file: &SourceFile) -> Reason {
    Reason::MovedAway { to: file.name.clone() }
}
