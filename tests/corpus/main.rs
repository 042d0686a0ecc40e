//! Real reports, where there are some: set `FINDINGS_CORPUS` to their folder.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod evaluate;
#[path = "../support/real.rs"]
mod real;
mod reports;
