//! The distributed engine: a corpus in an OpenSearch cluster.
//!
//! No other module knows OpenSearch. The cluster keeps paragraphs, finds and counts them; what is a word,
//! what a tree means and how relevant a paragraph is are decided here, by the code of every engine.
//!
//! ```text
//! address  the addresses of a cluster, and the name of the corpus in it
//! client   requests to the nodes, within time limits; tls: whose certificates are trusted
//! layout   names, fields and documents
//! plan     what is planned -> queries of the cluster, and whether they are exact
//! state    the generation that is seen, who builds, and what belongs to the corpus as a whole
//! reader   requests -> answers
//! bulk     many documents -> the cluster, no more than it takes
//! history  when reports and paragraphs came and changed
//! lease    the right to build, of one builder at a time
//! made     the indexes of a corpus, and those of other programs
//! writer   records -> corpus: one writer, one commit, all or nothing
//! shelf    what several machines read for one build
//! ```

pub mod address;
mod bulk;
mod client;
#[cfg(test)]
mod double;
mod history;
mod layout;
mod lease;
mod made;
mod plan;
mod reader;
mod shelf;
mod state;
#[cfg(feature = "tls")]
mod tls;
mod writer;

pub use address::{Address, AddressError, Node};

use crate::engine::{Build, BuildOptions, Engine, OpenError, WriteError};
use crate::shelf::Shelf;
use std::sync::Arc;

/// Opens the corpus as of its last commit.
///
/// # Errors
/// [`OpenError::NoCorpus`] if nothing was ever built there; the other errors if the cluster cannot be
/// used.
pub fn open(address: &Address) -> Result<Arc<dyn Engine>, OpenError> {
    Ok(Arc::new(reader::Reader::open(address)?))
}

/// Returns the name of the last commit; see [`Engine::generation`].
///
/// # Errors
/// Those of [`open`].
pub fn generation(address: &Address) -> Result<String, OpenError> {
    reader::generation(address)
}

/// Opens the corpus for writing and begins one if there is none.
///
/// # Errors
/// [`WriteError::Locked`] if another build is running and does not end in time; the other errors if the
/// cluster cannot be used.
pub fn build(address: &Address, options: &BuildOptions) -> Result<Box<dyn Build>, WriteError> {
    Ok(Box::new(writer::Writer::open(address, options)?))
}

/// Returns the shelf of the corpus, which need not be there yet.
///
/// # Errors
/// [`OpenError::Untrusted`] if the certificates that are to be trusted cannot be read.
pub fn shelf(address: &Address) -> Result<Box<dyn Shelf>, OpenError> {
    Ok(Box::new(shelf::Cluster::of(address)?))
}
