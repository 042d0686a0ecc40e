//! Tests the program as users meet it, command by command.

#![cfg(test)]

mod basket;
mod batch;
mod built;
mod compare;
mod compounds;
mod coverage;
mod distinctive;
mod eval;
mod facets;
mod first;
#[path = "../support/first.rs"]
mod first_questions;
mod frameworks;
mod held;
mod index;
#[path = "../support/invented.rs"]
mod invented;
mod kwic;
mod manners;
mod meant;
#[cfg(unix)]
mod readme;
#[path = "../support/real.rs"]
mod real;
mod shell;
mod timeline;
mod topics;
mod uncounted;
