//! What a committee wants to read of its own council next to a comparison: how its inspections judged
//! it, and what they recommended on the subject.
//!
//! A comparison says how often something is mentioned, which is no verdict. Neither are the three
//! inferred from each other here: they only stand on one page.

use crate::answer::compare::{self, Comparison};
use crate::answer::recommendations::{self, Recommendations};
use crate::answer::timeline::{self, Inspection};
use crate::ask::trace::Door;
use crate::ask::{AskError, Conditions, Session};
use findings_index::records::Attribute;
use findings_index::request::Sort;
use jiff::Timestamp;

/// How many recommendations a page shows.
pub const SHOWN: usize = 5;

/// What is held of the council that a comparison is made for.
#[derive(Debug, Clone, PartialEq)]
pub struct Own {
    /// Its name.
    pub authority: String,
    /// Its newest full inspection that judges anything, if one is held.
    pub newest: Option<Inspection>,
    /// What was recommended to it on the subject, the newest first.
    pub recommendations: Recommendations,
}

/// Returns the council that a comparison is made for: the one whose neighbours are compared, or the
/// only one that is looked into.
#[must_use]
pub fn council(comparison: &Comparison) -> Option<&str> {
    let councils = match &comparison.neighbourhood {
        Some(own) => own.councils.as_slice(),
        None => comparison.filters.values(Attribute::Authority),
    };
    match councils {
        [only] => Some(only),
        _ => None,
    }
}

/// Answers what is held of the council that a comparison is made for; `None` if it is made for none,
/// or for one of which nothing is held.
///
/// # Errors
/// A failure of the engine.
pub fn ask(
    session: &Session<'_>,
    typed: &compare::Typed,
    comparison: &Comparison,
    door: &dyn Door,
    asked: Timestamp,
) -> Result<Option<Own>, AskError> {
    let Some(authority) = council(comparison) else { return Ok(None) };
    match held(session, typed, authority, door, asked) {
        Ok(own) => Ok(Some(own)),
        // No report is held of it, or a condition leaves no recommendations.
        Err(AskError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn held(
    session: &Session<'_>,
    typed: &compare::Typed,
    authority: &str,
    door: &dyn Door,
    asked: Timestamp,
) -> Result<Own, AskError> {
    let knowledge = session.reference.knowledge()?;
    let question =
        timeline::Typed { authority: authority.to_owned(), ..timeline::Typed::default() };
    let line = timeline::ask(session, knowledge, &question, door, asked)?;
    let names = session.reference.names();
    let is_judged = |own: &Inspection| own.is_full(names) && !own.judgements.is_empty();
    let newest = line.inspections.into_iter().rev().find(is_judged);
    let of_council = recommendations::Typed {
        text: typed.text.clone(),
        reading: typed.reading,
        conditions: conditions(&typed.conditions, authority),
        sort: Sort::Date,
        limit: SHOWN,
        ..recommendations::Typed::default()
    };
    Ok(Own {
        authority: authority.to_owned(),
        newest,
        recommendations: recommendations::ask(session, &of_council, door, asked)?,
    })
}

/// The conditions of a comparison on the reports, for one council. What only findings have, such as
/// the grade of their section, would leave no recommendation.
fn conditions(compared: &Conditions, authority: &str) -> Conditions {
    let mut own = compared.clone();
    own.neighbours_of.clear();
    // A recommendation denies nothing.
    own.without_denials = false;
    for attribute in [Attribute::Kind, Attribute::Grade, Attribute::Theme] {
        own.take(attribute);
        own.not.remove(&attribute);
    }
    own.not.remove(&Attribute::Authority);
    own.values.insert(Attribute::Authority, vec![authority.to_owned()]);
    own
}
