//! Extracted text to records.
//!
//! ```text
//! recognise  text -> framework, authority, dates, inspector
//! parse      text, header -> sections, judgements, paragraphs
//! classify   paragraphs -> topics, acronyms
//! doubts     what is odd about a report, so that errors are found
//! report     all of these together: a file's text -> the records that are kept
//! inspect    a file -> how it was understood
//! ```

pub mod classify;
mod doubts;
pub mod inspect;
pub mod parse;
pub mod recognise;
pub mod report;
