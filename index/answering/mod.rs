//! Assembles answers from what an engine counted and found, the same way for every engine.
//!
//! Knows no engine's types: values are names or places in lists of names, and matches have an
//! address of any sort.
//!
//! ```text
//! comparison  runs of paragraphs -> groups, cells and reports; what a comparison may ask
//! tally       counters of paragraphs, and how paragraphs are grouped
//! quotations  the matches of a comparison that may be quoted
//! facets      counts of values -> facets, and the topics that an answer used
//! sections    counts of paths -> a tree of headings
//! similar     the words that tell what a paragraph is about, and the trees that find others
//! unheld      words of a query that occur nowhere, and what may have been meant
//! serving     which attributes may be used as asked
//! pages       cursors and the bounds of pages
//! alike       the best of matches that say nearly the same
//! best        the best of many matches
//! grams       the words and phrases of paragraphs, counted
//! held        what the index holds in all, for writers and for readers
//! ```

pub(crate) mod alike;
pub(crate) mod best;
pub(crate) mod comparison;
pub(crate) mod facets;
pub(crate) mod grams;
pub(crate) mod held;
pub(crate) mod pages;
pub(crate) mod quotations;
pub(crate) mod sections;
pub(crate) mod serving;
pub(crate) mod similar;
pub(crate) mod tally;
pub(crate) mod unheld;
