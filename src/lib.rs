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
//! doubts     what is odd about a report, so that errors are found
//! report     all of these together: a file's text -> the records that are kept
//! ingest     files -> index, in one atomic step that reads only what changed
//! inspect    a file -> how it was understood
//! coverage   all records -> what is held, what failed, what looks suspicious
//! concordance  matches -> each with what stands left and right of it
//! batch      named queries -> counts
//! evaluate   hits, paragraphs graded by people -> how good the ranking is
//! compare    counts of an index -> rates, intervals, silence, a sentence
//! timeline   an authority's reports -> judgements, changes, breaks in the scale, a topic's rate
//! distinctive  words of two sets of paragraphs -> what sets them apart
//! provenance  an answer -> by what it can be repeated
//! render     records and answers -> terminal, JSON, CSV, Markdown
//! ```
//!
//! What is known beforehand (frameworks, themes, authorities, the user's corrections) is data and
//! stands in `knowledge`; the user's own files that add to it are named in the `config`, and `form`
//! finds the faults in them. What is kept between runs stands in the package `findings-index`.

pub mod batch;
pub mod classify;
pub mod compare;
pub mod concordance;
pub mod config;
pub mod coverage;
pub mod dates;
pub mod discover;
pub mod distinctive;
mod doubts;
pub mod evaluate;
pub mod extract;
mod fold;
pub mod form;
pub mod ingest;
pub mod inspect;
pub mod knowledge;
pub mod parse;
pub mod provenance;
pub mod recognise;
pub mod render;
pub mod report;
pub mod timeline;
