//! The index on which searches and comparisons are timed.

use crate::corpus::Corpus;
use findings_index::records::ledger::Ledger;
use findings_index::{BuildOptions, Location};
use std::error::Error;
use std::path::Path;
use std::time::Duration;

/// Writes an index of a generated corpus; the number of threads determines the number of segments.
pub(crate) fn write(corpus: &Corpus, dir: &Path, threads: usize) -> Result<(), Box<dyn Error>> {
    let options = BuildOptions { threads, memory: 128_000_000 * threads, wait: Duration::ZERO };
    let writer = Location::Folder(dir.to_owned()).build(&options)?;
    for (report, paragraphs) in corpus.reports() {
        writer.put(&report, &paragraphs)?;
    }
    writer.commit(&Ledger {
        finished: jiff::Timestamp::UNIX_EPOCH,
        roots: Vec::new(),
        reading: String::new(),
        entries: Vec::new(),
    })?;
    Ok(())
}
