//! Findings: full-text search and comparison of inspection reports.
//!
//! Each room uses only those below it:
//!
//! ```text
//! cli          the command line: what was typed -> a question; an answer -> output
//! serve        the pages and the API: a request -> a question; an answer -> a reply
//! render       answers and records -> terminal, HTML, JSON, CSV, Markdown, feeds; no renderer computes
//! answer       counts -> comparisons, timelines, distinctive terms, concordances, coverage
//! ask          what was typed -> a checked request -> an answer
//! ingest       files -> index, in one atomic step that reads only what changed
//! understand   extracted text -> records: recognise, parse, classify, doubts
//! knowledge    what is known beforehand: frameworks, themes, authorities, topics, configuration
//! discover     paths -> files, recognised by their first bytes
//! extract      bytes of a file -> blocks of text with a little typography
//! ```
//!
//! What is kept between runs is in the package `findings-index`.

pub mod answer;
pub mod ask;
pub mod cli;
pub mod discover;
pub mod extract;
pub mod ingest;
pub mod knowledge;
pub mod render;
#[cfg(feature = "serve")]
pub mod serve;
pub mod understand;
