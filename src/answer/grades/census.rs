//! How many of the authorities that existed then have an inspection among those counted.

use super::judged::authorities;
use crate::ask::{Scope, once_each};
use findings_index::records::ReportRecord;
use jiff::civil::Date;
use serde::Serialize;

/// The authorities that were to be expected, and those that are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Census {
    /// Which authorities they are, in words: `authorities known to Findings`.
    pub of: String,
    /// Whether they are those that were asked for by name.
    pub is_named: bool,
    /// The first day of the span in which they existed; `None` if it is open.
    pub from: Option<Date>,
    /// The last day of that span.
    pub to: Option<Date>,
    /// How many there were.
    pub known: usize,
    /// How many of these have a full inspection here.
    pub held: usize,
    /// The others.
    pub missing: Vec<String>,
}

/// Compares the authorities of a scope with those of full inspections.
pub(super) fn census(
    scope: &Scope,
    full: &[&ReportRecord],
    is_named: bool,
    (from, to): (Option<Date>, Option<Date>),
) -> Census {
    let held = authorities(full);
    let expected = once_each(scope.authorities.clone());
    let known = expected.len();
    let mut missing = expected;
    missing.retain(|name| !held.contains(name.as_str()));
    missing.sort();
    Census {
        of: scope.said.clone(),
        is_named,
        from,
        to,
        known,
        held: known - missing.len(),
        missing,
    }
}
