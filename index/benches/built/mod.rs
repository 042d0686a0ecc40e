//! The index on which searches and comparisons are timed.

use crate::corpus::Corpus;
use findings_index::records::ledger::Ledger;
use findings_index::{BuildOptions, Location, WriteError};
use std::error::Error;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Writes an index of a generated corpus. The number of threads determines the number of segments in a
/// folder; `hands` is the number of threads that generate reports and hand them over.
pub(crate) fn write(
    corpus: &Corpus,
    place: &Location,
    threads: usize,
    hands: usize,
) -> Result<(), Box<dyn Error>> {
    let options = BuildOptions { threads, memory: 128_000_000 * threads, wait: Duration::ZERO };
    let writer = place.build(&options)?;
    let reports = Mutex::new(corpus.reports());
    let hand_over = || -> Result<(), WriteError> {
        loop {
            let made = reports.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((report, paragraphs)) = made else { return Ok(()) };
            writer.put(&report, &paragraphs)?;
        }
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..hands).map(|_| scope.spawn(hand_over)).collect();
        let own = hand_over();
        let others = others.into_iter().map(|other| match other.join() {
            Ok(handed) => handed,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        others.fold(own, Result::and)
    })?;
    writer.commit(&Ledger {
        finished: jiff::Timestamp::UNIX_EPOCH,
        roots: Vec::new(),
        reading: String::new(),
        entries: Vec::new(),
    })?;
    Ok(())
}
