//! Tests the index as its users see it: write, commit, open, search.

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
mod query;
mod ranking;
mod unheld;
