//! The ledger: what became of every file that a build met.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Read for the first time.
    Read,
    /// Held already, byte for byte.
    Unchanged,
    /// Held before with other content.
    Replaced,
    /// Held before and no longer there.
    Removed,
    /// The same bytes as another file.
    Duplicate,
    /// Readable, but no report.
    NotAReport,
    /// Could not be read.
    Unreadable,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// The file's absolute path.
    pub path: String,
    /// What became of it in the last build that met it.
    pub outcome: Outcome,
    /// Why, where the outcome alone does not say it: the fault, the file it duplicates.
    pub reason: Option<String>,
    /// Size in bytes.
    pub bytes: u64,
    /// Time of last change, in nanoseconds since 1970.
    pub modified: i128,
    /// SHA-256 of the bytes, where they were read.
    pub sha256: Option<String>,
    /// Id of the report made from it.
    pub report: Option<String>,
    /// Number of pages.
    pub pages: Option<u32>,
    /// Number of paragraphs.
    pub paragraphs: u32,
    /// Number of warnings about its structure.
    pub warnings: u32,
}

/// All files of the index, with what the last build did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// When the build was committed.
    pub finished: Timestamp,
    /// The paths it was given, absolute.
    pub roots: Vec<String>,
    /// What made the records: changes whenever files must be read again though they are the same.
    pub reading: String,
    /// The files, sorted by path.
    pub entries: Vec<LedgerEntry>,
}
