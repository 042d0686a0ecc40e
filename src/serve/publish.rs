//! Shows of answers only what a network may see.

use super::app::Held;
use super::fault::Fault;
use crate::answer::coverage::Coverage;
use findings_index::request::{Hit, SearchResponse};
use std::path::Path;

/// Shows of an answer only what a network may see: paths below the indexed folder.
pub(super) fn publish(response: &mut SearchResponse, held: &Held) -> Result<(), Fault> {
    shown(&mut response.hits, held)?;
    for group in response.groups.iter_mut().flatten() {
        shown(&mut group.hits, held)?;
    }
    Ok(())
}

/// Does the same for hits.
pub(super) fn shown(hits: &mut [Hit], held: &Held) -> Result<(), Fault> {
    hits.iter_mut().try_for_each(|hit| below(&mut hit.head.path, held))
}

/// Does the same for a survey of what is held.
pub(super) fn surveyed(coverage: &mut Coverage, held: &Held) -> Result<(), Fault> {
    let suspicious = coverage.suspicious.iter_mut().map(|suspicion| &mut suspicion.path);
    let failed = coverage.failed.iter_mut().map(|failure| &mut failure.path);
    suspicious.chain(failed).try_for_each(|path| below(path, held))
}

/// Replaces the path of a file by what a network may see of it.
pub(super) fn below(path: &mut String, held: &Held) -> Result<(), Fault> {
    // Those of records are below the folder already.
    if Path::new(path.as_str()).is_absolute() {
        *path = held.library()?.shown(path);
    }
    Ok(())
}
