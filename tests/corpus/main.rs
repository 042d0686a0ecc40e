//! Tests on real reports, if there are any: set `FINDINGS_CORPUS` to their folder.

#![cfg(test)]

#[cfg(feature = "opensearch")]
mod agree;
#[path = "../support/apart.rs"]
mod apart;
#[path = "../command/built.rs"]
#[allow(dead_code, reason = "the tests of the commands use the rest of it")]
mod built;
mod chance;
mod compare;
#[path = "../support/counted.rs"]
mod counted;
mod evaluate;
mod figures;
#[path = "../support/figures.rs"]
mod figures_again;
mod first;
#[path = "../support/first.rs"]
mod first_questions;
mod grades;
mod halves;
mod held;
mod learned;
mod negation;
#[cfg(feature = "as-printed")]
mod printed;
mod read;
#[path = "../support/real.rs"]
mod real;
mod recommendations;
mod reports;
#[path = "../support/suggested.rs"]
mod suggested;
mod topics;
