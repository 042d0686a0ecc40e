//! Tests on real reports, if there are any: set `FINDINGS_CORPUS` to their folder.

#![cfg(test)]

mod evaluate;
#[path = "../support/real.rs"]
mod real;
mod reports;
