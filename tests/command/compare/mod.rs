//! Comparisons against plain counting: what is compared, how it is told, and what is refused.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answer;
mod command;
mod counts;
mod export;
mod made;
mod rendered;
