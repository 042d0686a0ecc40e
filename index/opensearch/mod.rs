//! The distributed engine: a corpus in an OpenSearch cluster.
//!
//! ```text
//! address     the addresses of a cluster, and the name of the corpus in it
//! ```

pub mod address;

pub use address::{Address, AddressError, Node};

use crate::engine::{Build, BuildOptions, Engine, OpenError, WriteError};
use std::sync::Arc;

// The three functions below are replaced by those of the client.

/// Opens the corpus as of its last commit.
///
/// # Errors
/// [`OpenError::Unreachable`].
pub fn open(address: &Address) -> Result<Arc<dyn Engine>, OpenError> {
    generation(address)?;
    Err(unreachable(address))
}

/// Returns the name of the last commit; see [`Engine::generation`].
///
/// # Errors
/// [`OpenError::Unreachable`].
pub fn generation(address: &Address) -> Result<String, OpenError> {
    Err(unreachable(address))
}

/// Opens the corpus for writing.
///
/// # Errors
/// [`WriteError::Unreachable`].
pub fn build(address: &Address, _: &BuildOptions) -> Result<Box<dyn Build>, WriteError> {
    Err(WriteError::Unreachable { cluster: address.cluster(), source: "no answer".into() })
}

fn unreachable(address: &Address) -> OpenError {
    OpenError::Unreachable { cluster: address.cluster(), source: "no answer".into() }
}
