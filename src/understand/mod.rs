//! Turns extracted text into records.
//!
//! ```text
//! recognise  text -> framework, authority, dates, inspector
//! parse      text, header -> sections, judgements, paragraphs
//! classify   paragraphs -> topics, acronyms
//! doubts     report -> warnings about what is odd
//! verbatim   paragraphs, pages as printed -> what is not quoted as it is printed
//! report     a file's text -> the records that are kept, by all of the above
//! inspect    a file -> an explanation of how it was understood
//! trial      a report read by a framework -> why its patterns fit nothing
//! ```

pub mod classify;
mod doubts;
pub mod inspect;
pub mod parse;
pub mod recognise;
pub mod report;
pub mod trial;
pub(crate) mod verbatim;
