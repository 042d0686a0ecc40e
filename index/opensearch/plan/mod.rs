//! Says in the cluster's query language what [`crate::planning`] plans.
//!
//! Not every shape of words can be said in it. What is said then finds all that is meant and more; each
//! [`Found`] knows whether it is exact, and what is not must be checked paragraph by paragraph.

mod shape;

use crate::language::query::Range;
use crate::planning::{Field, Language, Places};
use serde_json::{Value, json};

/// What stands for a position without a word.
pub(super) const HOLE: char = '*';

/// What marks a denied position.
pub(super) const DENIED: char = '!';

/// A query of the cluster.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub(crate) query: Value,
    /// Whether it finds just what is meant; if not, it finds that and more.
    pub(crate) is_exact: bool,
}

/// Makes queries of the cluster.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Queries;

impl Found {
    pub(super) fn exact(query: Value) -> Self {
        Self { query, is_exact: true }
    }

    /// Finds nothing.
    pub(super) fn nothing() -> Self {
        Self::exact(json!({"match_none": {}}))
    }
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
        match queries.len() {
            0 => Found::nothing(),
            1 => queries.remove(0),
            _ => {
                let is_exact = queries.iter().all(|found| found.is_exact);
                let any: Vec<Value> = queries.into_iter().map(|found| found.query).collect();
                Found { query: json!({"bool": {"should": any}}), is_exact }
            }
        }
    }

    fn every(&self, mut queries: Vec<Found>) -> Found {
        match queries.len() {
            1 => queries.remove(0),
            _ => self.without(queries, Vec::new()),
        }
    }

    fn without(&self, wanted: Vec<Found>, left_out: Vec<Found>) -> Found {
        let is_exact = wanted.iter().chain(&left_out).all(|found| found.is_exact);
        // What finds too much would leave out too much.
        let left_out = left_out.into_iter().filter(|found| found.is_exact);
        let queries = |found: Vec<Found>| -> Vec<Value> {
            found.into_iter().map(|found| found.query).collect()
        };
        let (wanted, left_out) = (queries(wanted), queries(left_out.collect()));
        Found { query: json!({"bool": {"filter": wanted, "must_not": left_out}}), is_exact }
    }
}
