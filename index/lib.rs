//! What Findings keeps between runs: the records, the query language, and the engine behind them.
//!
//! The only package that knows tantivy. Everything public here is free of the engine's types, so
//! that another engine can later answer the same [`request::SearchRequest`] with the same meaning.
//!
//! ```text
//! record, ledger      what is kept; request   what is asked and answered; query   the language
//! words               text -> words, the one way for index, query and marks
//! topic, acronyms     what paragraphs are about, and what reports abbreviate
//! lock, schema, writer   records -> index: one writer, one commit, all or nothing
//! lexicon             tree -> tree widened by other ways of saying the same
//! shape, spans        tree -> how its words stand together; positions -> where they do
//! plan                tree and filters -> the engine's queries (filters, positions, negate)
//! deadline            when a search is given up
//! rank                a match -> its score, and why
//! values, collect, best   matches -> totals, facets, groups and the best, in one pass
//! alike               the best -> near-identical ones put together
//! compare, tally      what is compared; paragraphs -> counts of every group, in one pass
//! terms, grams        whose words are compared; paragraphs -> counts of words and phrases
//! reader, hit         index -> records and answers
//! ```

pub mod acronyms;
mod alike;
mod best;
mod collect;
pub mod compare;
mod deadline;
mod filters;
mod grams;
mod hit;
pub mod ledger;
pub mod lexicon;
mod lock;
mod negate;
mod plan;
mod positions;
pub mod query;
mod rank;
mod reader;
pub mod record;
pub mod request;
mod schema;
mod shape;
mod spans;
mod tally;
pub mod terms;
pub mod topic;
mod values;
mod words;
mod writer;

pub use filters::GradeFilterError;
pub use reader::{IndexReader, OpenError, SearchError, Similar, SimilarRequest};
pub use schema::INDEX_VERSION;
pub use writer::{IndexWriter, WriteError, WriterOptions};
