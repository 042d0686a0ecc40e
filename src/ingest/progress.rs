//! What a build tells while it works. The library never writes to a terminal itself.

use findings_index::records::ledger::Outcome;

/// Somebody who watches a build. Called from several threads.
pub trait Progress: Sync {
    /// Something happened.
    fn on(&self, event: Event<'_>);
}

/// Nobody watches.
impl Progress for () {
    fn on(&self, _event: Event<'_>) {}
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The folders were searched; each file will be looked at.
    Found {
        /// Number of files.
        files: usize,
    },
    /// One more file was compared with what the index holds.
    Looked,
    /// Reports will be removed, since their files are gone. Told before anything is done.
    Removing {
        /// The files' absolute paths, sorted.
        paths: &'a [&'a str],
    },
    /// Files will be read: those that are new or changed.
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
        /// What became of it.
        outcome: Outcome,
        /// Its size.
        bytes: u64,
        /// Number of pages; 0 where it has none.
        pages: u32,
        /// Number of paragraphs.
        paragraphs: u32,
    },
    /// The index is being written out.
    Committing,
}
