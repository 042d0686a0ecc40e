//! Cursors and the bounds of pages.
//!
//! A cursor is a place in an order, together with a hash of the index's state and the request.

use crate::engine::SearchError;
use crate::request::Cursor;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// A name for the order of a request in a state of the index. `state` is different for every state,
/// `sort` for every sort of request.
///
/// # Errors
/// If the request cannot be written.
pub(crate) fn name_of(
    state: &[u8],
    sort: &str,
    asked: &impl Serialize,
) -> Result<String, SearchError> {
    let mut hash = Sha256::new();
    hash.update(state);
    hash.update(sort);
    let asked = serde_json::to_vec(asked);
    hash.update(asked.map_err(|source| SearchError::Index { source: Box::new(source) })?);
    Ok(hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The place where a page begins.
///
/// # Errors
/// [`SearchError::Cursor`] if the cursor belongs to another order.
pub(crate) fn start(order: &str, after: Option<&Cursor>) -> Result<usize, SearchError> {
    let Some(Cursor(cursor)) = after else {
        return Ok(0);
    };
    match cursor.split_once(':') {
        Some((of, place)) if of == order => place.parse().map_err(|_| SearchError::Cursor),
        _ => Err(SearchError::Cursor),
    }
}

/// The cursor of the page that begins at the place `end`; `None` if nothing comes after it.
pub(crate) fn next(order: &str, end: usize, of: usize) -> Option<Cursor> {
    (end < of).then(|| Cursor(format!("{order}:{end}")))
}

/// The first place of a page and the one after its last.
pub(crate) fn within(start: usize, limit: usize, of: usize) -> (usize, usize) {
    let start = start.min(of);
    (start, start.saturating_add(limit).min(of))
}
