//! Why a file could not be read: because of the disk, the reader, or the limits of either.

use super::kind::FileType;
use crate::records::numerals::{count, thousands};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io;

/// Why a file could not be read.
///
/// The messages have the file as their subject: `is damaged`. They do not say how to raise a limit,
/// because that depends on the program that asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum FileError {
    /// The permissions of the file or its folder forbid it.
    #[error("cannot be opened: permission denied")]
    PermissionDenied,
    /// It was there when the folder was listed.
    #[error("disappeared while it was being read")]
    Vanished,
    /// The disk failed.
    #[error("cannot be read: {message}")]
    Io {
        /// What the system says.
        message: String,
    },
    /// The system cannot list the path and gives no reason.
    #[error("cannot be listed")]
    Unlisted,
    /// A folder above it cannot be listed.
    #[error("is in a folder that cannot be read")]
    FolderUnreadable,
    /// It is a symbolic link to nothing.
    #[error("is a symbolic link that leads nowhere")]
    DanglingLink,
    /// It is larger than the limit.
    #[error("is {} in size, more than the limit of {}", megabytes_up(*bytes), megabytes(*limit))]
    TooLarge {
        /// Size of the file.
        bytes: u64,
        /// The limit, in bytes.
        limit: u64,
    },
    /// It grew larger than the limit after its size was checked.
    #[error("grew beyond the limit of {} while it was being read", megabytes(*limit))]
    GrewTooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// It has more pages than the limit.
    #[error(
        "has {}, more than the limit of {}",
        count(u64::from(*pages), "page"),
        thousands(u64::from(*limit))
    )]
    TooManyPages {
        /// Number of pages.
        pages: u32,
        /// The limit.
        limit: u32,
    },
    /// Reading took longer than the limit.
    #[error("took longer than the limit of {}", count(u64::from(*seconds), "second"))]
    TimedOut {
        /// The limit.
        seconds: u32,
    },
    /// Reading needed more memory than the limit.
    #[error("needed more memory than the limit of {}", megabytes(*limit))]
    TooMuchMemory {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The stack of the reader ran out.
    #[error("is nested too deeply to be read")]
    TooDeep,
    /// It draws far more than pages of text do, for instance with nested forms that repeat each
    /// other.
    #[error(
        "draws more than a document of {} can need: it may be damaged or hostile",
        count(u64::from(*pages), "page")
    )]
    TooComplex {
        /// Number of pages.
        pages: u32,
    },
    /// The bytes are not in the format in which the file was to be read.
    #[error("is not a PDF (it looks like {found}): rename it, or replace it")]
    NotAPdf {
        /// What the bytes look like.
        found: FileType,
    },
    /// A password is needed.
    #[error("is protected by a password: save a copy without it")]
    Encrypted,
    /// It violates its format too badly to be read.
    #[error("is damaged ({damage}): download it again")]
    Damaged {
        /// What is broken.
        damage: Damage,
    },
    /// There are pages but no words.
    #[error("has no text: if it is scanned, run text recognition (OCR) on it first")]
    NoText,
    /// There is text, and none of its fonts says which letters it shows.
    #[error(
        "has text that cannot be read: its fonts do not say which letters they show; run text \
         recognition (OCR) on it, or look for another copy"
    )]
    UnknownLetters,
    /// The reader panicked, which is a bug in the program.
    #[error("made its reader fail: {message}")]
    ReaderFailed {
        /// The message of the panic.
        message: String,
    },
    /// The reader's process ended by itself.
    #[error("ended its reader process ({end})")]
    ReaderEnded {
        /// How it ended.
        end: ProcessEnd,
    },
    /// The reader's process sent something that is not a reply.
    #[error("made the reader process send a malformed reply")]
    MalformedReply,
    /// Its text was read, and the code that interprets it panicked, which is a bug in the program.
    #[error("was read but not understood, which is a fault of this program: {message}")]
    NotUnderstood {
        /// The message of the panic.
        message: String,
    },
    /// It was read and understood, and the cluster that keeps the index does not take it.
    #[error("was read, but the index did not take it: {message}")]
    NotTaken {
        /// Why, in the words of what keeps the index.
        message: String,
    },
}

/// What is broken in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Damage {
    /// It has no list of its pages.
    NoPageList,
    /// The list of its pages is empty.
    NoPages,
    /// The reader panicked on it; nothing more is known.
    ReaderFailed,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcessEnd {
    /// With this code.
    ExitCode(i32),
    /// By this signal.
    Signal(i32),
    /// The system does not say.
    Unknown,
}

impl FileError {
    /// A stable name, the same as in JSON.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::PermissionDenied => "permission_denied",
            Self::Vanished => "vanished",
            Self::Io { .. } => "io",
            Self::Unlisted => "unlisted",
            Self::FolderUnreadable => "folder_unreadable",
            Self::DanglingLink => "dangling_link",
            Self::TooLarge { .. } => "too_large",
            Self::GrewTooLarge { .. } => "grew_too_large",
            Self::TooManyPages { .. } => "too_many_pages",
            Self::TimedOut { .. } => "timed_out",
            Self::TooMuchMemory { .. } => "too_much_memory",
            Self::TooDeep => "too_deep",
            Self::TooComplex { .. } => "too_complex",
            Self::NotAPdf { .. } => "not_a_pdf",
            Self::Encrypted => "encrypted",
            Self::Damaged { .. } => "damaged",
            Self::NoText => "no_text",
            Self::UnknownLetters => "unknown_letters",
            Self::ReaderFailed { .. } => "reader_failed",
            Self::ReaderEnded { .. } => "reader_ended",
            Self::MalformedReply => "malformed_reply",
            Self::NotUnderstood { .. } => "not_understood",
            Self::NotTaken { .. } => "not_taken",
        }
    }
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::PermissionDenied,
            io::ErrorKind::NotFound => Self::Vanished,
            _ => Self::Io { message: error.to_string() },
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoPageList => "nothing lists its pages",
            Self::NoPages => "it has no pages",
            Self::ReaderFailed => "the PDF reader failed on it",
        })
    }
}

impl fmt::Display for ProcessEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// The signal with which a system ends processes when its memory runs out.
        const KILLED: i32 = 9;
        match self {
            Self::ExitCode(code) => write!(f, "exit code {code}"),
            Self::Signal(KILLED) => {
                write!(f, "signal {KILLED}: the system may have been short of memory")
            }
            Self::Signal(signal) => write!(f, "signal {signal}"),
            Self::Unknown => f.write_str("the system does not say how"),
        }
    }
}

/// Formats a limit, which users give in whole megabytes.
fn megabytes(bytes: u64) -> String {
    if bytes < MEGABYTE {
        return count(bytes, "byte");
    }
    format!("{} MB", thousands(bytes / MEGABYTE))
}

/// Formats a size above a limit, rounded up so that it reads as more than the limit.
fn megabytes_up(bytes: u64) -> String {
    if bytes < MEGABYTE {
        return count(bytes, "byte");
    }
    format!("{} MB", thousands(bytes.div_ceil(MEGABYTE)))
}

const MEGABYTE: u64 = 1 << 20;
