//! The default engine: an index in a folder, answered from this machine by tantivy.
//!
//! The only place that knows tantivy.
//!
//! ```text
//! store    records -> index: one writer, one commit, all or nothing; its folder, fields, columns
//! plan     tree and filters -> the engine's queries
//! rank     a match -> counts of words, by which it is scored
//! count    matches -> totals, facets, groups, comparisons, terms and the best, in one pass
//! reader   requests -> answers
//! ```

pub(crate) mod count;
#[cfg(test)]
mod parity;
pub(crate) mod plan;
pub(crate) mod rank;
pub(crate) mod reader;
pub(crate) mod store;

pub use reader::IndexReader;
pub use store::schema::INDEX_VERSION;
pub use store::writer::IndexWriter;
