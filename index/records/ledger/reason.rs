//! Why a file has the outcome that the ledger records.

use super::error::FileError;
use super::kind::FileType;
use crate::records::numerals::count;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a file has its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Another file has the same bytes, and the report is read from that one.
    Duplicate {
        /// The other file's absolute path.
        of: String,
    },
    /// The report was previously read from a file with the same bytes at another path.
    Moved {
        /// That path, absolute.
        from: String,
    },
    /// The file is gone, and its report is read from another file with the same bytes.
    MovedAway {
        /// That file's absolute path.
        to: String,
    },
    /// The file is gone, and the user wants its report to stay.
    KeptMissing,
    /// The program or its knowledge has changed since the file was read.
    ReadAgain,
    /// The report has a new id, because another report that would have the same one was added or
    /// removed.
    Renamed {
        /// The id it had.
        from: String,
    },
    /// The file can be read but is not a report.
    NotAReport(NotAReport),
    /// The file cannot be read.
    Unreadable(FileError),
}

/// Why a file gave no report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoReport {
    /// It is not a report.
    NotAReport(NotAReport),
    /// It cannot be read.
    Unreadable(FileError),
}

/// What a readable file is that is not a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum NotAReport {
    /// It has no bytes.
    #[error("is empty")]
    Empty,
    /// It contains only white space.
    #[error("contains only white space")]
    Blank,
    /// It is not a regular file.
    #[error("is a device, a pipe or a socket")]
    SpecialFile,
    /// Its format holds no reports.
    #[error("is {0}")]
    OtherType(FileType),
    /// It is a saved web page saying that there is no report.
    #[error("is a saved web page that says \"{title}\"")]
    ErrorPage {
        /// The title of the page.
        title: String,
    },
    /// It has lists, tables or a few lines, but no prose.
    #[error("has {} in sentences, too few for a report", count(*words, "word"))]
    NoProse {
        /// How many words there are in sentences.
        words: u64,
    },
}

impl NotAReport {
    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Blank => "blank",
            Self::SpecialFile => "special_file",
            Self::OtherType(_) => "other_type",
            Self::ErrorPage { .. } => "error_page",
            Self::NoProse { .. } => "no_prose",
        }
    }
}

impl Reason {
    /// A stable name, the same as in JSON; for a file that gave no report, the name of the cause.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Duplicate { .. } => "duplicate",
            Self::Moved { .. } => "moved",
            Self::MovedAway { .. } => "moved_away",
            Self::KeptMissing => "kept_missing",
            Self::ReadAgain => "read_again",
            Self::Renamed { .. } => "renamed",
            Self::NotAReport(what) => what.code(),
            Self::Unreadable(error) => error.code(),
        }
    }

    /// Whether it concerns one build only: the next build that finds the file unchanged does not
    /// repeat it.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Moved { .. }
            | Self::MovedAway { .. }
            | Self::ReadAgain
            | Self::Renamed { .. } => true,
            Self::Duplicate { .. }
            | Self::KeptMissing
            | Self::NotAReport(_)
            | Self::Unreadable(_) => false,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate { of } => write!(f, "has the same bytes as {of}"),
            Self::Moved { from } => write!(f, "its report was read from {from} before"),
            Self::MovedAway { to } => write!(f, "its report is now read from {to}"),
            Self::KeptMissing => f.write_str("is gone from disk; its report is kept as asked"),
            Self::ReadAgain => f.write_str("read again: the program or its knowledge has changed"),
            Self::Renamed { from } => write!(
                f,
                "had the id {from} until another report that would have the same was added or removed"
            ),
            Self::NotAReport(what) => what.fmt(f),
            Self::Unreadable(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for NoReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAReport(what) => what.fmt(f),
            Self::Unreadable(error) => error.fmt(f),
        }
    }
}

impl NoReport {
    /// A stable name, that of [`Reason::code`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAReport(what) => what.code(),
            Self::Unreadable(error) => error.code(),
        }
    }
}

impl From<NotAReport> for NoReport {
    fn from(what: NotAReport) -> Self {
        Self::NotAReport(what)
    }
}

impl From<FileError> for NoReport {
    fn from(error: FileError) -> Self {
        Self::Unreadable(error)
    }
}

impl From<NoReport> for Reason {
    fn from(why: NoReport) -> Self {
        match why {
            NoReport::NotAReport(what) => Self::NotAReport(what),
            NoReport::Unreadable(error) => Self::Unreadable(error),
        }
    }
}
