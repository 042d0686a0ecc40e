//! Tests the library's reading of files and reports.

#![cfg(test)]

mod cover;
#[cfg(feature = "as-printed")]
#[path = "../support/endless.rs"]
mod endless;
mod errors;
mod golden;
#[path = "../house/main.rs"]
mod house;
mod ingest;
#[path = "../support/invented.rs"]
mod invented;
mod properties;
