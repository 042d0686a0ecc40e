//! Findings: full-text search and comparison of inspection reports.

pub mod extract;
pub mod render;
