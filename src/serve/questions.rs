//! The parameters of an address -> the questions other than searches, as typed. The way back are the
//! lists of fields in [`page`](crate::render::html::page).
//!
//! Gives no meaning to values, like [`parameters`]. Pages and API read the same parameters.

use super::parameters::{self, Fault, MOST, Parameters};
use super::refused::within;
use crate::answer::compare::funnel::Method;
use crate::answer::compare::{self, Sort};
use crate::answer::concordance;
use crate::answer::distinctive::{self, Order, TypedSet};
use crate::answer::grades::{self, By, Since};
use crate::answer::recommendations;
use crate::answer::timeline;
use crate::ask::Session;
use crate::render::html::page::AGAINST;
use findings_index::SearchError;
use findings_index::records::{Attribute, Kind, Use};
use findings_index::request;
use findings_index::request::terms::LONGEST;

/// The values held of the attributes that a form offers.
pub(super) fn offered(
    session: &Session<'_>,
    attributes: &[Attribute],
) -> Result<Vec<(Attribute, Vec<String>)>, SearchError> {
    let values = attributes.iter().map(|own| Ok((*own, session.engine.values(*own)?)));
    values.collect()
}

/// The parameters of a comparison, besides those of conditions.
pub(super) const COMPARE: [&str; 10] =
    ["q", "any", "exact", "by", "and", "include", "sort", "quotes", "standardise", "limits"];

/// The most paragraphs of a group that are quoted.
pub(super) const QUOTES: usize = 20;

/// Takes a comparison; without `by` it has no dimension.
pub(super) fn compare(from: &mut Parameters) -> Result<compare::Typed, Fault> {
    let mut dimension = |name| {
        let value = from.take(name)?;
        value.map(|value| parameters::serving(name, Use::Dimension, &value)).transpose()
    };
    let by = differing(dimension("by")?, dimension("and")?)?;
    let methods = [Method::Adjusted, Method::Raw];
    let standards = [Attribute::Framework];
    Ok(compare::Typed {
        text: parameters::text(from)?,
        reading: parameters::reading(from)?,
        conditions: parameters::conditions(from)?,
        by,
        include: include(from)?,
        sort: parameters::one_of(from, "sort", &Sort::ALL, Sort::name)?.unwrap_or_default(),
        quotes: parameters::between(from, "quotes", 0, Some(QUOTES))?.into(),
        standardise: parameters::one_of(from, "standardise", &standards, Attribute::name)?,
        limits: parameters::one_of(from, "limits", &methods, Method::name)?.unwrap_or_default(),
        newest_as_well: false,
    })
}

/// The parameters of a timeline.
pub(super) const TIMELINE: [&str; 8] =
    ["authority", "q", "any", "exact", "topic", "latest", "as_at", "include"];

/// Takes a timeline; without `authority` its name is empty.
pub(super) fn timeline(from: &mut Parameters) -> Result<timeline::Typed, Fault> {
    Ok(timeline::Typed {
        authority: from.take("authority")?.unwrap_or_default(),
        text: parameters::text(from)?,
        reading: parameters::reading(from)?,
        topics: from.take_all("topic"),
        latest: from.flag("latest")?,
        as_at: from.take("as_at")?,
        include: include(from)?,
    })
}

/// The parameters of a question about grades, besides those of conditions.
pub(super) const GRADES: [&str; 3] = ["by", "and", "changes"];

/// Takes a question about grades.
pub(super) fn grades(from: &mut Parameters) -> Result<grades::Typed, Fault> {
    let by = parameters::one_of(from, "by", &By::ALL, By::name)?;
    let and = parameters::one_of(from, "and", &By::ALL, By::name)?;
    Ok(grades::Typed {
        by: differing(by, and)?,
        conditions: parameters::conditions(from)?,
        changes: parameters::one_of(from, "changes", &Since::ALL, Since::name)?,
    })
}

/// The parameters of two sets, besides those of the sets.
pub(super) const DISTINCTIVE: [&str; 5] = ["longest", "limit", "least_reports", "sort", "include"];

/// Takes two sets that are to be told apart.
pub(super) fn distinctive(
    from: &mut Parameters,
) -> Result<distinctive::Typed, super::fault::Fault> {
    let usual = distinctive::Typed::default();
    let first = set(from)?;
    let mut against = from.take_within(AGAINST);
    let second = set(&mut against).map_err(within)?;
    // What is left is unknown, and is told by its whole name.
    from.put_within(AGAINST, against);
    let order = parameters::one_of(from, "sort", &Order::ALL, Order::name)?;
    Ok(distinctive::Typed {
        sets: [first, second],
        longest: parameters::between(from, "longest", 1, Some(LONGEST))?.unwrap_or(usual.longest),
        limit: parameters::between(from, "limit", 1, Some(MOST))?.unwrap_or(usual.limit),
        least_reports: parameters::between(from, "least_reports", 2, None)?,
        order: order.unwrap_or_default(),
        include: include(from)?,
    })
}

/// Takes what makes one of two sets.
fn set(from: &mut Parameters) -> Result<TypedSet, Fault> {
    let text = parameters::text(from)?;
    Ok(TypedSet {
        text: (!text.is_empty()).then_some(text),
        reading: parameters::reading(from)?,
        conditions: parameters::conditions(from)?,
    })
}

/// Refuses a second thing to count by that is the first, or has none before it.
fn differing<T: PartialEq>(by: Option<T>, and: Option<T>) -> Result<Vec<T>, Fault> {
    match (&by, &and) {
        (None, Some(_)) => Err(Fault::new("and", "`and` needs `by`")),
        (Some(one), Some(other)) if one == other => {
            Err(Fault::new("and", "`and` is the same as `by`"))
        }
        _ => Ok(by.into_iter().chain(and).collect()),
    }
}

/// The parameters of a concordance, besides those of conditions.
pub(super) const KWIC: [&str; 7] = ["q", "any", "exact", "sort", "context", "sample", "seed"];

/// The most characters of context on either side of a match.
const CONTEXT: usize = 1_000;

/// Takes a concordance: not which of its lines are shown.
pub(super) fn kwic(from: &mut Parameters) -> Result<concordance::Typed, Fault> {
    let usual = concordance::Typed::default();
    let context = from.number("context")?.unwrap_or(usual.context);
    if context > CONTEXT {
        let message = format!("`context` is at most {CONTEXT}, not {context}");
        return Err(Fault::new("context", message));
    }
    Ok(concordance::Typed {
        sample: parameters::sample(from)?,
        text: parameters::text(from)?,
        reading: parameters::reading(from)?,
        conditions: parameters::conditions(from)?,
        sort: parameters::one_of(from, "sort", &concordance::Order::ALL, concordance::Order::name)?
            .unwrap_or(usual.sort),
        context,
        ..usual
    })
}

/// The parameters of a question about recommendations, besides those of conditions.
pub(super) const RECOMMENDATIONS: [&str; 6] = ["q", "any", "exact", "by", "repeated", "sort"];

/// Takes a question about recommendations: not which of them are listed.
pub(super) fn recommendations(from: &mut Parameters) -> Result<recommendations::Typed, Fault> {
    let usual = recommendations::Typed::default();
    let sort = parameters::one_of(from, "sort", &request::Sort::ALL, request::Sort::name)?;
    Ok(recommendations::Typed {
        text: parameters::text(from)?,
        reading: parameters::reading(from)?,
        conditions: parameters::conditions(from)?,
        by: parameters::one_of(from, "by", &recommendations::BY, Attribute::name)?,
        sort: sort.unwrap_or(usual.sort),
        repeated: from.flag("repeated")?,
        ..usual
    })
}

/// Takes the kinds that are counted only where they are asked for.
fn include(from: &mut Parameters) -> Result<Vec<Kind>, Fault> {
    let kind = parameters::one_of(from, "include", &[Kind::Context], Kind::name)?;
    Ok(kind.into_iter().collect())
}
