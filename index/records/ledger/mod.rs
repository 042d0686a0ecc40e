//! The ledger: what happened to every file that a build found.

mod error;
mod kind;
mod reason;

pub use error::{Damage, FileError, ProcessEnd};
pub use kind::{FileKind, FileType};
pub use reason::{NoReport, NotAReport, Reason};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Outcome {
    /// Read for the first time.
    Read,
    /// Held already, byte for byte.
    Unchanged,
    /// Held before with other content.
    Replaced,
    /// Held before, but no longer there.
    Removed,
    /// The same bytes as another file.
    Duplicate,
    /// Readable, but not a report.
    NotAReport,
    /// Could not be read.
    Unreadable,
}

/// What happened to the report that a file gave earlier, where it gives none now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EarlierReport {
    /// It is still held.
    Kept,
    /// It was removed. Only the build that removed it records this.
    Removed,
}

/// One file.
///
/// Stored in this form; the JSON that users read also gives the reason in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// The file's absolute path.
    pub path: String,
    /// What happened to it in the last build that found it.
    pub outcome: Outcome,
    /// Why, where the outcome alone does not say it.
    pub reason: Option<Reason>,
    /// What happened to the report that it gave earlier, if it gives none now.
    pub earlier: Option<EarlierReport>,
    /// Whether it was read by an earlier version of the program or of its knowledge: the next build
    /// of its folder reads it again.
    pub outdated: bool,
    /// Size in bytes.
    pub bytes: u64,
    /// Time of last change, in nanoseconds since 1970.
    pub modified: i128,
    /// SHA-256 of the bytes, where they were read.
    pub sha256: Option<String>,
    /// Id of the report made from it.
    pub report: Option<String>,
    /// The id that the report would have if no other asked for the same.
    pub plain_id: Option<String>,
    /// Number of pages.
    pub pages: Option<u32>,
    /// Number of paragraphs.
    pub paragraphs: u32,
    /// Number of warnings that something may have been misread.
    pub warnings: u32,
}

impl LedgerEntry {
    /// A stable name for the reason.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        self.reason.as_ref().map(Reason::code)
    }

    /// The reason, the fate of the earlier report and whether the entry is outdated, in words.
    #[must_use]
    pub fn explanation(&self) -> Option<String> {
        const OUTDATED: &str = "read by an earlier version of the program";
        let mut words = self.reason.as_ref().map(ToString::to_string).unwrap_or_default();
        match self.earlier {
            Some(EarlierReport::Kept) => {
                words.push_str("; the report read from it earlier is kept")
            }
            Some(EarlierReport::Removed) => {
                words.push_str("; the report read from it earlier is removed");
            }
            None => {}
        }
        match (self.outdated, words.is_empty()) {
            (true, true) => Some(OUTDATED.to_owned()),
            (true, false) => Some(format!("{words} ({OUTDATED})")),
            (false, true) => None,
            (false, false) => Some(words),
        }
    }
}

/// All files of the index, with what the last build did with each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// When the build was committed.
    pub finished: Timestamp,
    /// The paths it was given, absolute.
    pub roots: Vec<String>,
    /// Identifies what made the records. Changes whenever files must be read again even though they
    /// are the same.
    pub reading: String,
    /// The files, sorted by path.
    pub entries: Vec<LedgerEntry>,
}

/// The number of files that gave no report for one cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CauseCount {
    /// Whether they could not be read or are not reports.
    pub outcome: Outcome,
    /// The name of the cause, see [`Reason::code`].
    pub code: &'static str,
    /// Number of files.
    pub files: usize,
}

impl Ledger {
    /// The files that a report was read from, each copy of it, in the order of the entries.
    pub fn files_of(&self, report: &str) -> impl Iterator<Item = &Path> {
        let of_report = move |entry: &&LedgerEntry| entry.report.as_deref() == Some(report);
        self.entries.iter().filter(of_report).map(|entry| Path::new(&entry.path))
    }

    /// Counts the files that could not be read, by cause, then those that are not reports; the most
    /// common cause first.
    #[must_use]
    pub fn causes(&self) -> Vec<CauseCount> {
        let mut causes: Vec<CauseCount> = Vec::new();
        for entry in &self.entries {
            let (Outcome::Unreadable | Outcome::NotAReport, Some(code)) =
                (entry.outcome, entry.code())
            else {
                continue;
            };
            let known =
                causes.iter_mut().find(|one| (one.outcome, one.code) == (entry.outcome, code));
            match known {
                Some(known) => known.files += 1,
                None => causes.push(CauseCount { outcome: entry.outcome, code, files: 1 }),
            }
        }
        causes.sort_by(|a, b| {
            let rank =
                |one: &CauseCount| (one.outcome != Outcome::Unreadable, usize::MAX - one.files);
            rank(a).cmp(&rank(b)).then(a.code.cmp(b.code))
        });
        causes
    }
}

#[cfg(test)]
mod tests;
