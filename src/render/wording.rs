//! Says what a reader can do next, in the words of the door through which the answer goes out.
//!
//! A renderer knows what can be done; only a door knows what to type or press for it.

use super::words;
use crate::ask::Conditions;
use findings_index::records::Attribute;
use std::fmt::Debug;

/// What a reader can do next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Next<'a> {
    /// See the results after those shown.
    Results {
        /// How many come before them.
        offset: usize,
    },
    /// Leave out a condition; all of them where it is empty.
    Without(&'a Conditions),
    /// See the groups drawn around the overall rate.
    Funnel,
    /// See all values of an attribute.
    By(Attribute),
    /// See all of a list that is cut.
    All,
    /// See all judgements.
    Judgements,
    /// See the headers and footers that were dropped.
    Furniture,
    /// See the warnings of a report.
    Warnings,
    /// See what became of every file.
    Ledger,
}

/// Puts into words what can be done next.
pub trait Wording: Debug + Sync {
    /// Says how it is done.
    fn next(&self, next: &Next<'_>) -> String;
}

/// The wording where there is no door at which anything could be typed.
#[derive(Debug)]
pub struct Neutral;

impl Wording for Neutral {
    fn next(&self, next: &Next<'_>) -> String {
        match next {
            Next::Results { offset } => format!("from result {}", offset + 1),
            Next::Without(conditions) => words::conditions(conditions),
            Next::Funnel => "a chart shows them".to_owned(),
            Next::By(_) | Next::All | Next::Judgements => "left out here".to_owned(),
            Next::Furniture | Next::Warnings | Next::Ledger => "listed elsewhere".to_owned(),
        }
    }
}
