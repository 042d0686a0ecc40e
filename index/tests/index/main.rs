//! Tests the index as its users see it: write, commit, open, search. See `place.rs` for where.

#![cfg(test)]

mod commit;
mod compounds;
mod deadline;
mod each;
mod facets;
mod fixture;
mod history;
mod hits;
mod language;
mod naive;
mod negation;
mod place;
mod query;
mod ranking;
mod shelf;
mod unheld;
