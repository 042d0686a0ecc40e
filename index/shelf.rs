//! What several machines read for one build, until one of them finishes it.
//!
//! Everybody may write, at any time and without the right to build: what is put under a name is the same
//! whoever puts it, since the name tells all that it depends on.

use crate::engine::{SearchError, WriteError};
use std::fmt;

/// Keeps bytes by name beside an index, outside its generations.
pub trait Shelf: fmt::Debug + Send + Sync {
    /// Puts bytes under a name of letters, digits and hyphens; what was there is replaced as a whole.
    ///
    /// # Errors
    /// The folder or the cluster cannot be written.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), WriteError>;

    /// Returns what is under a name; `None` if nothing is.
    ///
    /// # Errors
    /// [`SearchError::Index`] if it cannot be read.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, SearchError>;

    /// Takes everything away.
    ///
    /// # Errors
    /// The folder or the cluster cannot be written.
    fn clear(&self) -> Result<(), WriteError>;
}
