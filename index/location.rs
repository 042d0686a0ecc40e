//! Where an index is kept, and the engine that answers from there.

use crate::embedded::{self, IndexReader, IndexWriter};
use crate::engine::{Build, BuildOptions, Engine, OpenError, WriteError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where an index is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// A folder on this machine.
    Folder(PathBuf),
}

impl Location {
    /// Opens the index as of its last commit.
    ///
    /// # Errors
    /// [`OpenError::Missing`] if no index was ever built here, [`OpenError::Incompatible`] if
    /// another version of Findings built it.
    pub fn open(&self) -> Result<Arc<dyn Engine>, OpenError> {
        match self {
            Self::Folder(dir) => Ok(Arc::new(IndexReader::open(dir)?)),
        }
    }

    /// Returns the name of the last commit, without opening it; see [`Engine::generation`].
    ///
    /// # Errors
    /// Those of [`Location::open`].
    pub fn generation(&self) -> Result<String, OpenError> {
        match self {
            Self::Folder(dir) => embedded::generation(dir),
        }
    }

    /// Opens the index for writing and creates it if there is none.
    ///
    /// # Errors
    /// [`WriteError::Locked`] if another build is running and does not end in time; the other
    /// errors if the folder cannot be used.
    pub fn build(&self, options: &BuildOptions) -> Result<Box<dyn Build>, WriteError> {
        match self {
            Self::Folder(dir) => Ok(Box::new(IndexWriter::open(dir, options)?)),
        }
    }

    /// The folder on this machine that holds the index, if it is in one.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(dir) => Some(dir),
        }
    }
}
