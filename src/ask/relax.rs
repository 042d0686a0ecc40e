//! Help with a search that found nothing: what it would find without one of its conditions, and the
//! years of which reports of the authorities asked for are held.

use super::Session;
use super::error::AskError;
use super::notes::Note;
use super::question::Conditions;
use super::search::Relaxed;
use findings_index::language::query::{Query, Span};
use findings_index::records::Attribute;
use findings_index::request::{Filters, SearchRequest};
use jiff::civil::Date;

impl Session<'_> {
    /// Counts what would be found without each condition; if leaving out one alone does not help,
    /// without all of them.
    pub(super) fn relaxed(
        &self,
        request: &SearchRequest,
        conditions: &Conditions,
    ) -> Result<Vec<Relaxed>, AskError> {
        let total = |filters: &Filters| self.total(&request.query, filters);
        let each = conditions.each();
        let several = each.len() > 1;
        let mut relaxed = Vec::new();
        for without in each {
            // The newest inspections depend on other conditions, so they are chosen again. What is
            // excluded is left out value by value, so the others are resolved again.
            let filters = if conditions.takes_latest() || !without.not.is_empty() {
                match self.filters(&conditions.without(&without)) {
                    Ok(filters) => filters,
                    Err(AskError::Refused(_)) => continue,
                    Err(other) => return Err(other),
                }
            } else {
                left_without(&request.filters, &without)
            };
            let total = total(&filters)?;
            relaxed.push(Relaxed { without, total });
        }
        relaxed.retain(|relaxed| relaxed.total > 0);
        if relaxed.is_empty() && several {
            let total = total(&Filters::default())?;
            if total > 0 {
                relaxed.push(Relaxed { without: Conditions::default(), total });
            }
        }
        Ok(relaxed)
    }

    /// A note on the years of which reports are held, where authorities and dates were asked for and
    /// no report is of both.
    ///
    /// # Errors
    /// An engine that fails.
    pub fn not_held_then(
        &self,
        query: &Query,
        filters: &Filters,
    ) -> Result<Option<Note>, AskError> {
        let (fields, dates): (Vec<&Query>, Vec<&Query>) = asked(query)
            .filter(|(field, ..)| {
                matches!(field, Attribute::Authority | Attribute::Date | Attribute::Year)
            })
            .map(|(.., query)| query)
            .partition(|query| matches!(query, Query::Field { field: Attribute::Authority, .. }));
        let of = filters.values(Attribute::Authority);
        let named = fields.iter().filter_map(|query| match query {
            Query::Field { value, .. } => Some(value),
            _ => None,
        });
        let names: Vec<&String> =
            of.iter().chain(named).filter(|name| *name != Filters::ABSENT).collect();
        let (from, to) = (filters.from, filters.to);
        let years = filters.values(Attribute::Year);
        let is_any_day = from.is_none() && to.is_none() && years.is_empty() && dates.is_empty();
        if names.is_empty() || is_any_day {
            return Ok(None);
        }
        let both = |clauses: Vec<&Query>, years: &[String], from, to| {
            let mut filters = Filters::of(Attribute::Authority, of.to_vec())
                .with(Attribute::Year, years.to_vec());
            (filters.from, filters.to) = (from, to);
            let mut clauses: Vec<Query> = clauses.into_iter().cloned().collect();
            let query = match clauses.len() {
                0 => Query::All,
                1 => clauses.remove(0),
                _ => Query::And { clauses, span: Span::default() },
            };
            let facets = vec![Attribute::Year];
            let request =
                SearchRequest { query, filters, facets, limit: 0, ..SearchRequest::default() };
            self.engine.search(&request, &self.deadline)
        };
        let dates_asked = dates_asked(&dates, years, from, to);
        let then = fields.iter().chain(&dates).copied().collect();
        if both(then, years, from, to)?.total > 0 {
            return Ok(None);
        }
        let ever = both(fields, &[], None, None)?;
        let counts = ever.facets.iter().flat_map(|facet| &facet.counts);
        let mut years: Vec<&str> = counts.filter_map(|count| count.value.as_deref()).collect();
        years.sort_unstable();
        let Some((last, before)) = years.split_last() else {
            return Ok(None);
        };
        let years = match before {
            [] => (*last).to_owned(),
            before => format!("{} and {last}", before.join(", ")),
        };
        let existed = match names.as_slice() {
            [name] => self.not_then(name, from, to)?,
            _ => None,
        };
        let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
        let names = names.join(" or ");
        let existed = existed.map(|said| format!("; {said}")).unwrap_or_default();
        let text =
            format!("no report of {names} is held for {dates_asked}; years held: {years}{existed}");
        Ok(Some(Note { code: "not_held_then", text }))
    }
}

/// The dates of inspections that were asked for, in words.
fn dates_asked(
    fields: &[&Query],
    years: &[String],
    from: Option<Date>,
    to: Option<Date>,
) -> String {
    let mut asked: Vec<String> = Vec::new();
    for field in fields {
        if let Query::Field { value, .. } = field {
            asked.push(format!("`{value}`"));
        }
    }
    let years: Vec<String> = years.iter().map(|years| format!("`{years}`")).collect();
    asked.extend((!years.is_empty()).then(|| years.join(" or ")));
    asked.extend(match (from, to) {
        (Some(from), Some(to)) => Some(format!("{from} to {to}")),
        (Some(from), None) => Some(format!("{from} and later")),
        (None, Some(to)) => Some(format!("{to} and earlier")),
        (None, None) => None,
    });
    asked.join(" and ")
}

/// The fields that every match must have.
fn asked(query: &Query) -> impl Iterator<Item = (Attribute, &Query)> {
    let clauses: Vec<&Query> = match query {
        Query::And { clauses, .. } => clauses.iter().collect(),
        one => vec![one],
    };
    clauses.into_iter().filter_map(|query| match query {
        Query::Field { field, .. } => Some((*field, query)),
        _ => None,
    })
}

/// The filters without those that came from a condition.
fn left_without(filters: &Filters, without: &Conditions) -> Filters {
    let mut left = filters.clone();
    for attribute in without.values.keys() {
        left.clear(*attribute);
    }
    if !without.neighbours_of.is_empty() {
        left.clear(Attribute::Authority);
    }
    if without.from.is_some() {
        left.from = None;
    }
    if without.to.is_some() {
        left.to = None;
    }
    if without.undated {
        left.undated = false;
    }
    if without.without_denials {
        left.without_denials = false;
    }
    if without.new_since.is_some() {
        left.new_since = None;
    }
    left
}
