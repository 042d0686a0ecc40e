//! What Findings keeps between runs: the records, the query language, and the engine that answers.
//!
//! Everything but [`embedded`] is free of any engine, so that another can answer the same
//! [`request::SearchRequest`] with the same meaning. A room uses only those below it:
//!
//! ```text
//! embedded   the default engine, the only place that knows tantivy
//! marking    a query tree against one text: which words matched
//! request    requests and answers
//! language   words, query tree and parser, lexicon, topics, acronyms
//! records    paragraph, report, ledger: what is kept
//! ```

mod embedded;
pub mod language;
pub mod marking;
pub mod records;
pub mod request;

pub use embedded::reader::{IndexReader, SearchError, Similar, SimilarRequest};
pub use embedded::store::open::OpenError;
pub use embedded::store::schema::INDEX_VERSION;
pub use embedded::store::writer::{IndexWriter, WriteError, WriterOptions};
