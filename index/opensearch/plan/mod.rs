//! Says in the cluster's query language what [`crate::planning`] plans.
//!
//! Not every shape of words can be said in it. What is said then finds all that is meant and more; each
//! [`Found`] knows whether it is exact, and what is not must be checked paragraph by paragraph.
//!
//! Nor does a cluster take queries of any size. What would be too large is said more simply, and then
//! finds more.

mod shape;
#[cfg(test)]
mod tests;

use crate::language::query::Range;
use crate::planning::{Field, Language, Places};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What stands for a position without a word.
pub(super) const HOLE: char = '*';

/// What marks a denied position.
pub(super) const DENIED: char = '!';

/// The most clauses of one tree. A cluster takes 1,024 in one query, as we do in one tree; but what is
/// one clause to us can be many to it, and two trees and the filters may have to be said together.
const MOST: usize = 450;

/// A query of the cluster.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub(crate) query: Value,
    /// Whether it finds just what is meant; if not, it finds that and more.
    pub(crate) is_exact: bool,
    /// Its clauses, as the cluster counts them.
    clauses: usize,
    /// What finds more with fewer clauses, if there is such a thing.
    simpler: Option<Box<Found>>,
}

/// Makes queries of the cluster.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Queries;

impl Found {
    pub(super) fn exact(query: Value) -> Self {
        Self { query, is_exact: true, clauses: 1, simpler: None }
    }

    /// Finds nothing.
    pub(super) fn nothing() -> Self {
        Self::exact(json!({"match_none": {}}))
    }

    /// Finds what any of these finds.
    fn any(all: Vec<Self>) -> Self {
        let is_exact = all.iter().all(|found| found.is_exact);
        let clauses = clauses(&all);
        Self { query: json!({"bool": {"should": queries(all)}}), is_exact, clauses, simpler: None }
    }

    /// Finds what all of `wanted` find and none of `left_out`, which must be exact.
    fn all(wanted: Vec<Self>, left_out: Vec<Self>) -> Self {
        let is_exact = wanted.iter().all(|found| found.is_exact);
        let clauses = clauses(&wanted) + clauses(&left_out);
        let query = json!({"bool": {"filter": queries(wanted), "must_not": queries(left_out)}});
        Self { query, is_exact, clauses, simpler: None }
    }
}

fn clauses(all: &[Found]) -> usize {
    all.iter().map(|found| found.clauses).sum()
}

fn queries(all: Vec<Found>) -> Vec<Value> {
    all.into_iter().map(|found| found.query).collect()
}

/// Says the largest of these more simply, until all together are small enough or no simpler.
fn simplify(all: &mut [Found]) {
    while clauses(all) > MOST {
        let simpler = all.iter_mut().filter(|found| found.simpler.is_some());
        let largest = simpler.max_by_key(|found| found.clauses);
        match largest.and_then(|found| Some((found.simpler.take()?, found))) {
            Some((simpler, found)) => *found = *simpler,
            None => return,
        }
    }
}

/// Joins those that are lists of terms of the same field.
fn join_terms(all: Vec<Found>) -> Vec<Found> {
    let mut lists: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut joined = Vec::new();
    for found in all {
        match list_of_terms(&found.query) {
            Some((field, terms)) => lists.entry(field).or_default().extend(terms),
            None => joined.push(found),
        }
    }
    let list =
        |(field, terms): (String, Vec<Value>)| Found::exact(json!({"terms": {field: terms}}));
    joined.extend(lists.into_iter().map(list));
    joined
}

fn list_of_terms(query: &Value) -> Option<(String, Vec<Value>)> {
    let of = |kind: &str| query[kind].as_object().and_then(|fields| fields.iter().next());
    if let Some((field, term)) = of("term") {
        return Some((field.clone(), vec![term["value"].clone()]));
    }
    let (field, terms) = of("terms")?;
    Some((field.clone(), terms.as_array()?.clone()))
}

/// Leaves out those for which there is no room; says whether any was.
fn shorten(all: &mut Vec<Found>, room: &mut usize) -> bool {
    let before = all.len();
    all.retain(|found| {
        let has_room = found.clauses <= *room;
        if has_room {
            *room -= found.clauses;
        }
        has_room
    });
    all.len() < before
}

/// The name of a field in the cluster.
pub(crate) fn field_name(field: Field) -> &'static str {
    match field {
        Field::Stem => "stem",
        Field::Exact => "exact",
        Field::Negated => "denial",
        Field::Denied => "denied",
        Field::Heading => "heading",
        Field::Number => "number",
        Field::Page => "page",
        Field::Date => "date",
        Field::FirstIndexed => "first_indexed",
        Field::Rank(crate::records::Attribute::Overall) => "overall_rank",
        Field::Rank(_) => "grade_rank",
        Field::Value(attribute) => attribute.name(),
    }
}

/// Everything that has one of these terms in a field.
pub(super) fn terms(field: &str, terms: &[String]) -> Value {
    match terms {
        [] => json!({"match_none": {}}),
        [term] => json!({"term": {field: {"value": term}}}),
        terms => json!({"terms": {field: terms}}),
    }
}

impl Language for Queries {
    type Query = Found;

    fn paragraphs(&self) -> Found {
        Found::exact(json!({"term": {"doc": {"value": "paragraph"}}}))
    }

    fn any_term(&self, field: Field, wanted: Vec<String>) -> Found {
        Found::exact(terms(field_name(field), &wanted))
    }

    fn any_number(&self, field: Field, numbers: Vec<u64>) -> Found {
        Found::exact(json!({"terms": {field_name(field): numbers}}))
    }

    fn range(&self, field: Field, Range { first, last }: Range) -> Found {
        // The largest number that the cluster keeps in such a field.
        let most = match field {
            Field::FirstIndexed => i64::MAX.unsigned_abs(),
            _ => u64::from(i32::MAX.unsigned_abs()),
        };
        let mut bounds = json!({"gte": first.min(most)});
        if last < most {
            bounds["lte"] = json!(last);
        }
        Found::exact(json!({"range": {field_name(field): bounds}}))
    }

    fn side_by_side(&self, field: Field, words: Vec<(usize, String)>) -> Found {
        shape::phrase(field, &words)
    }

    fn in_places(&self, places: Places) -> Found {
        shape::find(&places)
    }

    fn either(&self, mut queries: Vec<Found>) -> Found {
        simplify(&mut queries);
        if clauses(&queries) > MOST {
            queries = join_terms(queries);
        }
        match queries.len() {
            0 => Found::nothing(),
            1 => queries.remove(0),
            _ if clauses(&queries) > MOST => Found { is_exact: false, ..self.paragraphs() },
            _ => Found::any(queries),
        }
    }

    fn every(&self, mut queries: Vec<Found>) -> Found {
        match queries.len() {
            1 => queries.remove(0),
            _ => self.without(queries, Vec::new()),
        }
    }

    fn without(&self, mut wanted: Vec<Found>, mut left_out: Vec<Found>) -> Found {
        let is_exact = left_out.iter().all(|found| found.is_exact);
        // What finds too much would leave out too much.
        left_out.retain(|found| found.is_exact);
        simplify(&mut wanted);
        let mut room = MOST;
        let is_shortened = shorten(&mut wanted, &mut room) | shorten(&mut left_out, &mut room);
        let found = Found::all(wanted, left_out);
        Found { is_exact: found.is_exact && is_exact && !is_shortened, ..found }
    }
}
