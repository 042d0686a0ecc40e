//! Shows of answers only what a network may see.

use super::app::Held;
use super::fault::Fault;
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

/// Replaces the path of a file by what a network may see of it.
pub(super) fn below(path: &mut String, held: &Held) -> Result<(), Fault> {
    // Those of records are below the folder already.
    if Path::new(path.as_str()).is_absolute() {
        *path = held.library()?.shown(path);
    }
    Ok(())
}
