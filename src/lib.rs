//! Findings: full-text search and comparison of inspection reports.
//!
//! The modules stand in the order in which data flows:
//!
//! ```text
//! discover   paths -> files, told by their first bytes
//! extract    bytes of a file -> blocks of text with a little typography
//! recognise  text -> framework, authority, dates, inspector
//! parse      text, header -> sections, judgements, paragraphs
//! classify   paragraphs -> topics, acronyms
//! report     all of these together: a file's text -> the records that are kept
//! ingest     files -> index, in one atomic step that reads only what changed
//! render     records and answers -> terminal, JSON, CSV, Markdown
//! ```
//!
//! What is known beforehand (frameworks, authorities) is data and stands in `knowledge`. What is
//! kept between runs stands in the package `findings-index`.

pub mod classify;
pub mod dates;
pub mod discover;
pub mod extract;
mod fold;
pub mod ingest;
pub mod knowledge;
pub mod parse;
pub mod recognise;
pub mod render;
pub mod report;
