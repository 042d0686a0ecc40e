//! The default engine: an index in a folder on this machine, searched with tantivy.
//!
//! No other module knows tantivy.
//!
//! ```text
//! store    records -> index: one writer, one commit, all or nothing; the folder, fields, columns
//! plan     tree and filters -> the engine's queries
//! rank     a match -> the counts of words that determine its score
//! count    matches -> totals, facets, groups, comparisons and the best, in one pass
//! reader   requests -> answers
//! ```

pub(crate) mod count;
#[cfg(feature = "opensearch")]
pub(crate) mod excerpt;
#[cfg(test)]
mod parity;
pub(crate) mod plan;
pub(crate) mod rank;
pub(crate) mod reader;
pub(crate) mod store;

pub use crate::answering::held::INDEX_VERSION;
pub use reader::IndexReader;
pub use store::open::generation;
pub use store::writer::IndexWriter;
