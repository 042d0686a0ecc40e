//! The index as its users meet it: write, commit, open, search.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod commit;
mod deadline;
mod each;
mod facets;
mod fixture;
mod hits;
mod language;
mod naive;
mod query;
mod ranking;
mod unheld;
