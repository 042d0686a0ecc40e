//! What the library makes of files and reports, and the order of the code itself.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod errors;
mod golden;
#[path = "../house/main.rs"]
mod house;
mod ingest;
#[path = "../support/invented.rs"]
mod invented;
mod properties;
