//! The parameters of an address -> the questions other than searches, as typed. The way back are the
//! lists of fields in [`page`](crate::render::html::page).
//!
//! Gives no meaning to values, like [`parameters`]. Pages and API read the same parameters.

use super::parameters::{self, Fault, Parameters};
use crate::answer::compare::funnel::Method;
use crate::answer::compare::{self, Sort};
use crate::answer::grades::{self, By, Since};
use crate::answer::timeline;
use findings_index::records::{Attribute, Kind, Use};

/// The parameters of a comparison, besides those of conditions.
pub(super) const COMPARE: [&str; 10] =
    ["q", "any", "exact", "by", "and", "include", "sort", "quotes", "standardise", "limits"];

/// The most paragraphs of a group that are quoted.
const QUOTED: usize = 20;

/// Takes a comparison; without `by` it has no dimension.
pub(super) fn compare(from: &mut Parameters) -> Result<compare::Typed, Fault> {
    let mut by = Vec::new();
    for name in ["by", "and"] {
        if let Some(value) = from.take(name)? {
            by.push(parameters::serving(name, Use::Dimension, &value)?);
        }
    }
    if by.len() == 2 && by[0] == by[1] {
        return Err(Fault::new("and", "`and` is the same as `by`"));
    }
    let methods = [Method::Adjusted, Method::Raw];
    let standards = [Attribute::Framework];
    Ok(compare::Typed {
        text: parameters::text(from)?,
        reading: parameters::reading(from)?,
        conditions: parameters::conditions(from)?,
        by,
        include: include(from)?,
        sort: parameters::one_of(from, "sort", &Sort::ALL, Sort::name)?.unwrap_or_default(),
        quotes: quotes(from)?.into(),
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
    if by.is_some() && by == and {
        return Err(Fault::new("and", "`and` is the same as `by`"));
    }
    Ok(grades::Typed {
        by: by.into_iter().chain(and).collect(),
        conditions: parameters::conditions(from)?,
        changes: parameters::one_of(from, "changes", &Since::ALL, Since::name)?,
    })
}

fn quotes(from: &mut Parameters) -> Result<Option<usize>, Fault> {
    let quotes = from.number("quotes")?;
    match quotes {
        Some(quotes) if quotes > QUOTED => {
            Err(Fault::new("quotes", format!("`quotes` is at most {QUOTED}, not {quotes}")))
        }
        other => Ok(other),
    }
}

/// Takes the kinds that are counted only where they are asked for.
fn include(from: &mut Parameters) -> Result<Vec<Kind>, Fault> {
    let kind = parameters::one_of(from, "include", &[Kind::Context], Kind::name)?;
    Ok(kind.into_iter().collect())
}
