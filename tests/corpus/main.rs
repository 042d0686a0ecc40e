//! Real reports, where there are some: set `FINDINGS_CORPUS` to their folder.

#![cfg(test)]

mod evaluate;
#[path = "../support/real.rs"]
mod real;
mod reports;
