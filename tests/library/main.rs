//! What the library makes of files and reports, and the order of the code itself.

#![cfg(test)]

mod errors;
mod golden;
#[path = "../house/main.rs"]
mod house;
mod ingest;
#[path = "../support/invented.rs"]
mod invented;
mod properties;
