//! The API of `findings serve`.

mod analyses;
mod described;
mod documented;
mod files;
mod pages;
mod problems;
mod same;

/// The address that takes batches of queries.
const BATCH: &str = "/api/v1/batch";
