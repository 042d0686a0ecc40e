//! The events that a build reports while it works. The library never writes to a terminal itself.

use findings_index::records::ledger::Outcome;
use std::path::Path;

/// An observer of a build, called from several threads.
pub trait Progress: Sync {
    /// Receives an event.
    fn on(&self, event: Event<'_>);
}

/// An observer that ignores all events.
impl Progress for () {
    fn on(&self, _event: Event<'_>) {}
}

/// A step of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The history could not be read. It was made again from the index, and the file has another name.
    HistorySetAside {
        /// The file.
        now_at: &'a Path,
    },
    /// The folders were searched; each file will be looked at.
    Found {
        /// Number of files.
        files: usize,
    },
    /// One more file was compared with what the index holds.
    Looked,
    /// Reports will be removed because their files are gone. Sent before anything is done.
    Removing {
        /// The absolute paths of the files, sorted.
        paths: &'a [&'a str],
    },
    /// New and changed files will be read.
    Reading {
        /// Number of files.
        files: usize,
        /// Their size in bytes.
        bytes: u64,
    },
    /// One of them was read.
    Read {
        /// The file's absolute path.
        path: &'a str,
        /// The outcome of the file.
        outcome: Outcome,
        /// Its size in bytes.
        bytes: u64,
        /// Number of pages; 0 where it has none.
        pages: u32,
        /// Number of paragraphs.
        paragraphs: u32,
    },
    /// What the parts of a build read is in the index now, and could not be deleted from the shelf.
    ShelfStays {
        /// Why.
        why: &'a str,
    },
    /// The index is being written out.
    Committing,
    /// Vectors are learned from the paragraphs.
    Learning {
        /// Number of different paragraphs.
        paragraphs: usize,
    },
}
