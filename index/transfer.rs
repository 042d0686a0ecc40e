//! Copies an index to another place, without reading the reports again.
//!
//! The copy answers as the original does: with the same ids, times, ledger, topics, tables of authorities
//! and learned vectors.

use crate::engine::{Build, Engine, SearchError, WriteError, all_reports, paragraphs_of};
use crate::ranking::meaning::LearnedTable;
use crate::request::{Corpus, Deadline, Filters};
use std::collections::HashSet;

/// Why an index was not copied. What was at the other place is as it was before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransferError {
    /// The original cannot be read.
    #[error(transparent)]
    Read(#[from] SearchError),
    /// The copy cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Copies what an engine holds into a build and commits it; what the build held and the engine does not
/// is removed. `progress` is told the number of reports copied and of all reports.
///
/// # Errors
/// If the original cannot be read or the copy cannot be written.
pub fn transfer(
    from: &dyn Engine,
    mut to: Box<dyn Build>,
    mut progress: impl FnMut(usize, usize),
) -> Result<Corpus, TransferError> {
    let never = Deadline::never();
    let ledger = from.ledger()?;
    let reports = all_reports(from, &Filters::default(), &never)?;
    let files: HashSet<String> = reports.iter().map(|report| report.sha256.clone()).collect();
    let ids: HashSet<&str> = reports.iter().map(|report| report.id.as_str()).collect();
    to.keep_times();
    to.present(files);
    to.tagged_by(from.topics()?.clone());
    to.named_by(from.authorities()?.to_vec());
    to.learned_by(from.learned()?.map(|learned| LearnedTable {
        version: learned.version.clone(),
        bytes: learned.meaning.bytes().to_vec(),
    }));
    let held = to.held().into_iter().flat_map(|ledger| &ledger.entries);
    let before: Vec<String> = held.filter_map(|entry| entry.report.clone()).collect();
    for gone in before.iter().filter(|id| !ids.contains(id.as_str())) {
        to.remove(gone)?;
    }
    for (number, report) in reports.iter().enumerate() {
        to.put(report, &paragraphs_of(from, &report.id, &never)?)?;
        progress(number + 1, reports.len());
    }
    Ok(to.commit(&ledger)?)
}
