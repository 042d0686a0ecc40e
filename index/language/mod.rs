//! Words, the query language, and knowledge about both; independent of any engine.
//!
//! ```text
//! words      text -> words, in the same way for index, query and marks
//! accents    characters -> the same without their accents
//! query      text -> tree
//! grammar    which words say too little to be searched for
//! negation   which words of a text are negated, and how
//! lexicon    tree -> tree expanded with other ways of saying the same
//! topic      what paragraphs are about, determined by phrases and queries
//! acronyms   the acronyms that reports explain
//! alike      texts -> whether they say nearly the same
//! dates      what people type -> days
//! ```

pub mod accents;
pub mod acronyms;
pub mod alike;
pub mod dates;
pub mod grammar;
pub mod lexicon;
pub mod nearest;
pub mod negation;
pub mod query;
pub mod topic;
pub mod words;

pub use words::key;
