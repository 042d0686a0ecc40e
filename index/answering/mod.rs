//! Assembles answers from what an engine counted and found, the same way for every engine.
//!
//! Knows no engine's types: values are names or places in lists of names, and matches have an
//! address of any sort.
//!
//! ```text
//! serving   which attributes may be used as asked
//! facets    counts of values -> facets, and the topics that an answer used
//! sections  counts of paths -> a tree of headings
//! best      the best of many matches
//! grams     the words and phrases of paragraphs, counted
//! held      what the index holds in all, for writers and for readers
//! ```

pub(crate) mod best;
pub(crate) mod facets;
pub(crate) mod grams;
pub(crate) mod held;
pub(crate) mod sections;
pub(crate) mod serving;
