//! Words, the query language and what is known of both; free of engines.
//!
//! ```text
//! words      text -> words, the one way for index, query and marks
//! accents    characters -> the same without their accents
//! query      text -> tree
//! lexicon    tree -> tree widened by other ways of saying the same
//! topic      what paragraphs are about, by queries
//! acronyms   what reports abbreviate
//! alike      texts -> whether they say nearly the same
//! ```

pub mod accents;
pub mod acronyms;
pub mod alike;
pub mod lexicon;
pub mod nearest;
pub mod query;
pub mod topic;
pub mod words;

pub use words::key;
