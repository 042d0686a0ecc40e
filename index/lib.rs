//! What Findings keeps between runs: the records, the query language, and the engine behind them.
//!
//! The only package that knows tantivy. Everything public here is free of the engine's types, so
//! that another engine can later answer the same [`request::SearchRequest`] with the same meaning.

pub mod ledger;
pub mod query;
pub mod record;
pub mod request;
