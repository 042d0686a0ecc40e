//! Compares what stands on the disk with the ledger and decides which files are to be read.
//!
//! It reads no more than the first bytes of a file and, where the file is new or changed, its hash.
//! Nothing here touches the index.

use super::progress::{Event, Progress};
use crate::discover::{self, Content, Fault, Found, SourceFile};
use crate::extract::Limits;
use findings_index::records::ledger::{Ledger, LedgerEntry, Outcome};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

/// Stands in the reason of an entry whose report an earlier version made, for as long as its
/// folder is not built again.
const STALE: &str = "read by an earlier version of the program";

/// Stands at the end of a reason in the one build that removes a report for it.
const AND_REMOVED: &str = "; the report read from it earlier is removed";

/// What a build has to do.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Files of which all is known without reading them.
    pub(super) settled: Vec<LedgerEntry>,
    /// Entries that lie under no root of this build.
    pub(super) elsewhere: Vec<LedgerEntry>,
    /// Files to be read, the largest first.
    pub(super) jobs: Vec<Job>,
    /// Files whose reports will be removed, since they are gone.
    pub(super) removed: Vec<String>,
}

/// A file to be read.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) file: SourceFile,
    pub(super) sha256: String,
    /// What to call it when it was read.
    pub(super) outcome: Outcome,
    /// Why it is read, where that is not plain.
    pub(super) reason: Option<String>,
    /// The id it should keep if it can: of the same bytes, or of the same file.
    pub(super) earlier: Option<String>,
    /// What the ledger says of the same file, where that holds a report which nobody takes over.
    pub(super) fallback: Option<LedgerEntry>,
    /// Other files with the same bytes.
    pub(super) copies: Vec<SourceFile>,
}

/// What is known of a file before it is read.
enum Standing {
    /// Size and time are those of the ledger.
    Untouched,
    /// Of a format that can be read; with its hash.
    Readable(String),
    /// No report.
    Other(&'static str),
    Unreadable(String),
}

/// Makes the plan.
pub(super) fn make(
    roots: &[PathBuf],
    found: Found,
    previous: Option<&Ledger>,
    reading: &str,
    keep_missing: bool,
    limits: &Limits,
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
    let is_fresh = |entry: &LedgerEntry| !outdated && !is_stale(entry);
    let standings: Vec<Standing> = found
        .files
        .par_iter()
        .map(|file| {
            let standing = match known.get(file.name.as_str()) {
                Some(entry) if is_fresh(entry) && is_untouched(file, entry) => Standing::Untouched,
                _ => look(file, limits),
            };
            progress.on(Event::Looked);
            standing
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
    for (file, standing) in found.files.iter().zip(standings) {
        planner.meet(file, standing);
    }
    planner.faults(&found.faults);
    let seen: HashSet<&str> = found
        .files
        .iter()
        .map(|file| file.name.as_str())
        .chain(found.faults.iter().map(|fault| fault.name.as_str()))
        .collect();
    let missing: Vec<&LedgerEntry> = here
        .iter()
        .filter(|entry| is_held(entry) && !seen.contains(entry.path.as_str()))
        .copied()
        .collect();
    planner.missing(&missing, &found.faults, keep_missing);
    planner.elsewhere(&elsewhere, keep_missing);
    planner.finish()
}

/// Whether the index holds a report made from this entry's file.
pub(super) fn is_held(entry: &LedgerEntry) -> bool {
    entry.report.is_some() && entry.outcome != Outcome::Removed
}

/// An entry for a file of which nothing is known yet but its outcome.
pub(super) fn entry(file: &SourceFile, outcome: Outcome, reason: Option<String>) -> LedgerEntry {
    LedgerEntry {
        path: file.name.clone(),
        outcome,
        reason,
        bytes: file.bytes,
        modified: file.modified,
        sha256: None,
        report: None,
        pages: None,
        paragraphs: 0,
        warnings: 0,
    }
}

/// An entry for a file with the same bytes as the one at `path`.
pub(super) fn duplicate(file: &SourceFile, sha256: &str, path: &str) -> LedgerEntry {
    LedgerEntry {
        sha256: Some(sha256.to_owned()),
        ..entry(file, Outcome::Duplicate, Some(format!("the same bytes as {path}")))
    }
}

/// An entry for a file that cannot be read now: what was read from it earlier stays.
pub(super) fn unreadable(
    file: &SourceFile,
    reason: String,
    fallback: Option<&LedgerEntry>,
) -> LedgerEntry {
    let entry = entry(file, Outcome::Unreadable, Some(reason));
    match fallback {
        Some(earlier) => LedgerEntry {
            reason: entry.reason.map(|reason| keeps_earlier(&reason)),
            ..LedgerEntry { outcome: entry.outcome, ..earlier.clone() }
        },
        None => entry,
    }
}

fn keeps_earlier(reason: &str) -> String {
    format!("{reason}; the report read from it earlier is kept")
}

/// Why the file is no report, without what was done about it at the time.
pub(super) fn plain_reason(entry: &LedgerEntry) -> Option<String> {
    let reason = entry.reason.as_deref()?;
    Some(reason.strip_suffix(AND_REMOVED).unwrap_or(reason).to_owned())
}

fn is_stale(entry: &LedgerEntry) -> bool {
    entry.reason.as_ref().is_some_and(|reason| reason.contains(STALE))
}

fn lies_in(path: &str, folder: &str) -> bool {
    Path::new(path).starts_with(folder)
}

/// Whether a file need not be looked at. What could not be read is always tried again: limits and
/// permissions leave no trace in the file.
fn is_untouched(file: &SourceFile, entry: &LedgerEntry) -> bool {
    file.bytes == entry.bytes
        && file.modified == entry.modified
        && entry.outcome != Outcome::Unreadable
}

fn look(file: &SourceFile, limits: &Limits) -> Standing {
    match file.content() {
        Ok(Content::Other(what)) => Standing::Other(what),
        Ok(Content::Readable(_)) if file.bytes > limits.bytes => Standing::Unreadable(format!(
            "is {} MB large, more than the limit of {} MB; raise --max-file-size",
            file.bytes.div_ceil(1 << 20),
            limits.bytes >> 20
        )),
        Ok(Content::Readable(_)) => match hash(&file.path) {
            Ok(sha256) => Standing::Readable(sha256),
            Err(error) => Standing::Unreadable(discover::words(error)),
        },
        Err(error) => Standing::Unreadable(discover::words(error)),
    }
}

pub(crate) fn hash(path: &Path) -> io::Result<String> {
    let mut reader = BufReader::with_capacity(64 << 10, File::open(path)?);
    let mut hasher = Sha256::new();
    loop {
        let chunk = io::BufRead::fill_buf(&mut reader)?;
        if chunk.is_empty() {
            break;
        }
        hasher.update(chunk);
        let read = chunk.len();
        io::BufRead::consume(&mut reader, read);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

struct Planner<'a> {
    plan: Plan,
    /// Files below the roots by their hashes, each list sorted by path.
    by_hash: HashMap<String, Vec<&'a SourceFile>>,
    /// By hash: the entries of reports that stay where they are without being looked at.
    holders: HashMap<String, String>,
    /// By hash: entries that held the report when the ledger was written.
    moved: HashMap<String, &'a LedgerEntry>,
    /// By hash: why bytes are no report.
    refused: HashMap<String, String>,
    known: HashMap<&'a str, &'a LedgerEntry>,
    outdated: bool,
}

impl<'a> Planner<'a> {
    fn recall(&mut self, entry: &'a LedgerEntry, fresh: bool) {
        let Some(sha256) = &entry.sha256 else { return };
        if is_held(entry) {
            self.moved.entry(sha256.clone()).or_insert(entry);
        } else if entry.outcome == Outcome::NotAReport && fresh {
            self.refused.insert(sha256.clone(), plain_reason(entry).unwrap_or_default());
        }
    }

    fn meet(&mut self, file: &'a SourceFile, standing: Standing) {
        let earlier = self.known.get(file.name.as_str()).copied();
        let sha256 = match standing {
            Standing::Untouched => earlier.and_then(|entry| entry.sha256.clone()),
            Standing::Readable(sha256) => Some(sha256),
            Standing::Other(what) => {
                self.plan.settled.push(no_report(file, None, what, earlier));
                return;
            }
            Standing::Unreadable(reason) => {
                let fallback = earlier.filter(|entry| is_held(entry));
                self.plan.settled.push(unreadable(file, reason, fallback));
                if let Some(entry) = fallback {
                    self.stays(entry);
                }
                return;
            }
        };
        match (sha256, earlier) {
            (Some(sha256), _) => self.by_hash.entry(sha256).or_default().push(file),
            // Told to be no report by its first bytes, which are the same as then.
            (None, Some(entry)) => {
                let reason = plain_reason(entry);
                self.plan.settled.push(LedgerEntry { reason, ..entry.clone() });
            }
            (None, None) => {}
        }
    }

    /// Notes that a report stays in the index though its file is not looked at.
    fn stays(&mut self, entry: &LedgerEntry) {
        if let Some(sha256) = &entry.sha256 {
            self.holders.entry(sha256.clone()).or_insert_with(|| entry.path.clone());
        }
    }

    fn faults(&mut self, faults: &[Fault]) {
        for fault in faults {
            let file = SourceFile {
                path: PathBuf::from(&fault.name),
                name: fault.name.clone(),
                below: String::new(),
                bytes: 0,
                modified: 0,
            };
            let earlier = self.known.get(fault.name.as_str()).copied().filter(|e| is_held(e));
            let entry = if fault.unreadable {
                if let Some(entry) = earlier {
                    self.stays(entry);
                }
                unreadable(&file, fault.reason.clone(), earlier)
            } else {
                no_report(&file, None, &fault.reason, earlier)
            };
            self.plan.settled.push(entry);
        }
    }

    fn missing(&mut self, missing: &[&'a LedgerEntry], faults: &[Fault], keep: bool) {
        for &entry in missing {
            let hidden =
                faults.iter().any(|fault| fault.unreadable && lies_in(&entry.path, &fault.name));
            if hidden {
                self.stays(entry);
                self.plan.settled.push(LedgerEntry {
                    outcome: Outcome::Unreadable,
                    reason: Some(keeps_earlier("its folder cannot be read")),
                    ..entry.clone()
                });
            } else if keep {
                self.stays(entry);
                self.plan.settled.push(LedgerEntry {
                    outcome: Outcome::Unchanged,
                    reason: Some("is gone from disk; kept as asked".to_owned()),
                    ..self.aged(entry)
                });
            } else {
                let copy = entry.sha256.as_ref().and_then(|sha256| self.by_hash.get(sha256));
                let reason = copy.and_then(|files| files.first()).map(|file| now_at(file));
                if reason.is_none() {
                    self.plan.removed.push(entry.path.clone());
                }
                self.plan.settled.push(LedgerEntry {
                    outcome: Outcome::Removed,
                    reason,
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
                Some(file) => LedgerEntry {
                    outcome: Outcome::Removed,
                    reason: Some(now_at(file)),
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

    /// The entry, marked if an earlier version made it: the ledger as a whole will bear the name
    /// of this version.
    fn aged(&self, entry: &LedgerEntry) -> LedgerEntry {
        let mut entry = entry.clone();
        let dated = is_held(&entry) || entry.outcome == Outcome::NotAReport;
        if self.outdated && dated && !is_stale(&entry) {
            entry.reason = Some(match entry.reason {
                Some(reason) => format!("{reason} ({STALE})"),
                None => STALE.to_owned(),
            });
        }
        entry
    }

    fn finish(mut self) -> Plan {
        let mut taken_over: HashSet<String> = HashSet::new();
        for (sha256, files) in std::mem::take(&mut self.by_hash) {
            self.decide(sha256, &files, &mut taken_over);
        }
        for job in &mut self.plan.jobs {
            let is_lost = |entry: &LedgerEntry| {
                entry.report.as_ref().is_some_and(|id| taken_over.contains(id))
            };
            if job.fallback.as_ref().is_some_and(is_lost) {
                if job.earlier == job.fallback.as_ref().and_then(|entry| entry.report.clone()) {
                    job.earlier = None;
                }
                job.fallback = None;
            }
        }
        self.plan.jobs.sort_by(|a, b| {
            b.file.bytes.cmp(&a.file.bytes).then_with(|| a.file.name.cmp(&b.file.name))
        });
        self.plan.removed.sort();
        self.plan
    }

    /// Decides which of the files with the same bytes is the report, and whether it must be read.
    fn decide(&mut self, sha256: String, files: &[&SourceFile], taken_over: &mut HashSet<String>) {
        if let Some(reason) = self.refused.get(&sha256) {
            for file in files {
                let earlier = self.known.get(file.name.as_str()).copied();
                let entry = no_report(file, Some(&sha256), reason, earlier);
                self.plan.settled.push(entry);
            }
            return;
        }
        let held_at = |file: &SourceFile| {
            self.known
                .get(file.name.as_str())
                .copied()
                .filter(|entry| is_held(entry) && entry.sha256.as_ref() == Some(&sha256))
        };
        let holder = files.iter().position(|file| held_at(file).is_some());
        if let (None, Some(path)) = (holder, self.holders.get(&sha256)) {
            for file in files {
                self.plan.settled.push(duplicate(file, &sha256, path));
            }
            return;
        }
        // The file that holds the report goes on holding it, so that nothing is read for a copy.
        let owner = files[holder.unwrap_or(0)];
        let copies = files.iter().filter(|file| file.name != owner.name);
        if let Some(entry) = held_at(owner)
            && !self.outdated
            && !is_stale(entry)
        {
            self.plan.settled.extend(copies.map(|file| duplicate(file, &sha256, &owner.name)));
            self.plan.settled.push(LedgerEntry {
                outcome: Outcome::Unchanged,
                reason: None,
                modified: owner.modified,
                ..entry.clone()
            });
            return;
        }
        let fallback = self.known.get(owner.name.as_str()).copied().filter(|entry| is_held(entry));
        let from = self.moved.get(&sha256).copied();
        let reason = match (held_at(owner), from) {
            (Some(_), _) => Some("read again: the program or its knowledge has changed".to_owned()),
            (None, Some(entry)) => Some(format!("stood at {} before", entry.path)),
            (None, None) => None,
        };
        if let Some(entry) = from
            && entry.path != owner.name
        {
            taken_over.extend(entry.report.clone());
        }
        self.plan.jobs.push(Job {
            file: owner.clone(),
            outcome: if fallback.is_some() { Outcome::Replaced } else { Outcome::Read },
            reason,
            earlier: from.or(fallback).and_then(|entry| entry.report.clone()),
            fallback: fallback.cloned(),
            copies: copies.map(|file| (*file).clone()).collect(),
            sha256,
        });
    }
}

/// An entry for a file that is no report, whatever it was before.
pub(super) fn no_report(
    file: &SourceFile,
    sha256: Option<&str>,
    reason: &str,
    earlier: Option<&LedgerEntry>,
) -> LedgerEntry {
    let reason = match earlier {
        Some(earlier) if is_held(earlier) => {
            format!("{reason}{AND_REMOVED}")
        }
        _ => reason.to_owned(),
    };
    LedgerEntry {
        sha256: sha256.map(str::to_owned),
        ..entry(file, Outcome::NotAReport, Some(reason))
    }
}

fn now_at(file: &SourceFile) -> String {
    format!("its report is read from {} now", file.name)
}
