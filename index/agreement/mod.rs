//! Asks two engines the same, and says what they answer differently.
//!
//! For whoever runs a corpus on several machines and wants to know that it answers as one machine does.
//! Answers must be equal in everything that a reader sees: totals, ids, their order and scores, facets,
//! groups, matches and comparisons. What belongs to one engine alone, the name of its commit and its
//! cursors, is left out.

mod questions;

pub use questions::Questions;

use crate::engine::{Engine, SearchError, each_paragraph};
use crate::language::query::Query;
use crate::records::Attribute;
use crate::request::compare::CompareRequest;
use crate::request::terms::{TermSet, TermsRequest};
use crate::request::{
    Cursor, Deadline, Filters, HitsRequest, Page, ReportsRequest, SearchRequest, SimilarRequest,
};
use serde::Serialize;
use serde_json::{Value, json};
use std::error::Error;

/// The most matches of which pages are compared.
const PAGED: usize = 1_000;

/// Something to ask both engines.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// A search.
    Search(Box<SearchRequest>),
    /// A comparison.
    Compare(Box<CompareRequest>),
    /// Matches, page after page.
    Hits(Box<HitsRequest>),
    /// Paragraphs like one.
    Similar(Box<SimilarRequest>),
    /// The words and phrases of two sets.
    Terms(Box<TermsRequest>),
    /// All paragraphs that pass filters.
    Paragraphs(Box<Filters>),
    /// All reports that pass filters.
    Reports(Box<Filters>),
    /// The words of a query that are not held.
    Unheld(Box<Query>),
    /// The values of an attribute.
    Values(Attribute),
}

/// What two engines make of a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Both answer the same, or refuse it for the same reason.
    Same,
    /// They answer differently.
    Differs(Box<Difference>),
    /// One of them does not answer, or both do not: the time is up or the index cannot be read, so that
    /// nothing is known of their agreement.
    Unanswered {
        /// Why the first engine does not answer, in words; `None` if it does.
        one: Option<String>,
        /// Why the second engine does not answer, in words; `None` if it does.
        other: Option<String>,
    },
}

/// An answer that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// What was asked.
    pub question: Question,
    /// Where in the answer, as a JSON pointer; empty where one of the two is an error.
    pub place: String,
    /// What the first engine answers there.
    pub one: Value,
    /// What the second engine answers there.
    pub other: Value,
}

impl Question {
    /// What kind of question it is, in one word.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Search(_) => "search",
            Self::Compare(_) => "compare",
            Self::Hits(_) => "hits",
            Self::Similar(_) => "similar",
            Self::Terms(_) => "terms",
            Self::Paragraphs(_) => "paragraphs",
            Self::Reports(_) => "reports",
            Self::Unheld(_) => "unheld",
            Self::Values(_) => "values",
        }
    }

    /// What it asks, in a few words.
    #[must_use]
    pub fn text(&self) -> String {
        let (query, conditions) = match self {
            Self::Search(request) => (Some(&request.query), in_short(&**request)),
            Self::Compare(request) => (Some(&request.query), in_short(&**request)),
            Self::Hits(request) => (Some(&request.query), in_short(&**request)),
            Self::Similar(request) => (None, in_short(&**request)),
            Self::Terms(request) => {
                let set = |set: &TermSet| {
                    let conditions = in_short(set);
                    match conditions.is_empty() {
                        true => set.query.to_string(),
                        false => format!("{}; {conditions}", set.query),
                    }
                };
                let [one, other] = &request.sets;
                let sets = format!("({}) against ({})", set(one), set(other));
                let conditions = in_short(&**request);
                (None, [sets, conditions].join("; ").trim_end_matches("; ").to_owned())
            }
            Self::Paragraphs(filters) => (None, in_short(&**filters)),
            Self::Reports(filters) => (None, in_short(&**filters)),
            Self::Unheld(query) => (Some(&**query), String::new()),
            Self::Values(attribute) => (None, attribute.name().to_owned()),
        };
        let query = query.map(ToString::to_string);
        let parts = query.into_iter().chain((!conditions.is_empty()).then_some(conditions));
        let text = parts.collect::<Vec<_>>().join("; ");
        format!("{} {text}", self.kind()).trim_end().to_owned()
    }

    /// The answer of an engine, without what belongs to that engine alone.
    ///
    /// # Errors
    /// Why it does not answer, in words.
    pub fn answer(&self, engine: &dyn Engine, deadline: &Deadline) -> Result<Value, String> {
        self.answered(engine, deadline).map_err(|error| in_words(&error))
    }

    fn answered(&self, engine: &dyn Engine, deadline: &Deadline) -> Result<Value, SearchError> {
        match self {
            Self::Search(request) => shown(&engine.search(request, deadline)?),
            Self::Compare(request) => shown(&engine.compare(request, deadline)?),
            Self::Hits(request) => {
                let page = |after| {
                    let request = HitsRequest { after, ..(**request).clone() };
                    engine.hits(&request, deadline)
                };
                paged(page)
            }
            Self::Similar(request) => shown(&engine.similar(request, deadline)?),
            Self::Terms(request) => shown(&engine.terms(request, deadline)?),
            Self::Paragraphs(filters) => {
                let mut paragraphs = Vec::new();
                each_paragraph(engine, filters, deadline, |paragraph| {
                    paragraphs.push(shown(&paragraph)?);
                    Ok::<_, SearchError>(())
                })?;
                Ok(json!(paragraphs))
            }
            Self::Reports(filters) => paged(|after| {
                let filters = (**filters).clone();
                engine.reports(&ReportsRequest { filters, limit: 100, after }, deadline)
            }),
            Self::Unheld(query) => shown(&engine.unheld(query, deadline)?),
            Self::Values(attribute) => shown(&engine.values(*attribute)?),
        }
    }
}

/// Asks both engines.
#[must_use]
pub fn ask(
    question: &Question,
    one: &dyn Engine,
    other: &dyn Engine,
    deadline: impl Fn() -> Deadline,
) -> Outcome {
    let one = question.answered(one, &deadline());
    let other = question.answered(other, &deadline());
    if is_unanswered(&one) || is_unanswered(&other) {
        let why = |answer: &Result<Value, SearchError>| answer.as_ref().err().map(in_words);
        return Outcome::Unanswered { one: why(&one), other: why(&other) };
    }
    let found = match (one, other) {
        (Ok(one), Ok(other)) => first_difference(String::new(), &one, &other),
        (one, other) => {
            let said = |answer: Result<Value, SearchError>| match answer {
                Ok(_) => json!("an answer"),
                Err(error) => json!(in_words(&error)),
            };
            let (one, other) = (said(one), said(other));
            // What cannot be asked of one engine cannot be asked of the other.
            (one != other).then_some((String::new(), one, other))
        }
    };
    found.map_or(Outcome::Same, |(place, one, other)| {
        let question = question.clone();
        Outcome::Differs(Box::new(Difference { question, place, one, other }))
    })
}

/// Asks both engines; `None` if they answer the same. One that does not answer differs.
#[must_use]
pub fn difference(
    question: &Question,
    one: &dyn Engine,
    other: &dyn Engine,
    deadline: impl Fn() -> Deadline,
) -> Option<Difference> {
    match ask(question, one, other, deadline) {
        Outcome::Same => None,
        Outcome::Differs(difference) => Some(*difference),
        Outcome::Unanswered { one, other } => {
            let said =
                |why: Option<String>| why.map_or_else(|| json!("an answer"), |why| json!(why));
            Some(Difference {
                question: question.clone(),
                place: String::new(),
                one: said(one),
                other: said(other),
            })
        }
    }
}

/// Whether an engine says nothing about the question: neither an answer, nor why there can be none.
fn is_unanswered(answer: &Result<Value, SearchError>) -> bool {
    let Err(error) = answer else { return false };
    matches!(
        error,
        SearchError::TimedOut { .. } | SearchError::Cancelled | SearchError::Index { .. }
    )
}

/// An error with its causes.
fn in_words(error: &SearchError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// The first place at which two answers differ, with both values.
fn first_difference(place: String, one: &Value, other: &Value) -> Option<(String, Value, Value)> {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            let names = a.keys().chain(b.keys().filter(|name| !a.contains_key(*name)));
            names.into_iter().find_map(|name| {
                let null = &Value::Null;
                let (a, b) = (a.get(name).unwrap_or(null), b.get(name).unwrap_or(null));
                first_difference(format!("{place}/{name}"), a, b)
            })
        }
        (Value::Array(a), Value::Array(b)) => {
            let both = a.iter().zip(b).enumerate();
            let inside = both
                .into_iter()
                .find_map(|(at, (a, b))| first_difference(format!("{place}/{at}"), a, b));
            inside.or_else(|| {
                let (longer, is_longer) = (a.len().max(b.len()), a.len() != b.len());
                is_longer.then(|| {
                    let at = a.len().min(b.len());
                    let item = |items: &[Value]| items.get(at).cloned().unwrap_or(Value::Null);
                    (format!("{place}/{at} of {longer}"), item(a), item(b))
                })
            })
        }
        _ => (one != other).then(|| (place, one.clone(), other.clone())),
    }
}

/// An answer as JSON, without what belongs to one engine alone.
fn shown(answer: &impl Serialize) -> Result<Value, SearchError> {
    let mut shown = serde_json::to_value(answer)
        .map_err(|source| SearchError::Index { source: Box::new(source) })?;
    forget_own(&mut shown);
    Ok(shown)
}

fn forget_own(answer: &mut Value) {
    match answer {
        Value::Object(fields) => {
            fields.remove("generation");
            fields.values_mut().for_each(forget_own);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_own),
        _ => {}
    }
}

/// What a request asks besides its query, in words: the name and the values of whatever is set.
fn in_short(request: &impl Serialize) -> String {
    let mut said = Vec::new();
    let shown = serde_json::to_value(request).unwrap_or_default();
    set_fields("", &shown, &mut said);
    said.join("; ")
}

fn set_fields(before: &str, request: &Value, said: &mut Vec<String>) {
    let Value::Object(fields) = request else { return };
    for (name, value) in fields {
        let name = format!("{before}{}", name.replace('_', " "));
        match value {
            // The query is written before, sets have queries of their own, and only groups are of a size.
            _ if matches!(name.as_str(), "query" | "sets" | "asked") => {}
            _ if name == "per group" && fields.get("group").is_none_or(Value::is_null) => {}
            Value::Null | Value::Bool(false) => {}
            Value::Bool(true) => said.push(name),
            Value::Array(values) if values.is_empty() => {}
            Value::Array(values) => {
                let values: Vec<String> = values.iter().map(in_a_word).collect();
                said.push(format!("{name}: {}", values.join(", ")));
            }
            Value::Object(_) => {
                let before = if name == "filters" { String::new() } else { format!("{name} ") };
                set_fields(&before, value, said);
            }
            Value::Number(_) | Value::String(_) => {
                said.push(format!("{name}: {}", in_a_word(value)));
            }
        }
    }
}

fn in_a_word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The items of page after page.
fn paged<T: Serialize>(
    page: impl Fn(Option<Cursor>) -> Result<Page<T>, SearchError>,
) -> Result<Value, SearchError> {
    let mut items = Vec::new();
    let mut after = None;
    loop {
        let Page { items: more, next } = page(after)?;
        for item in more {
            items.push(shown(&item)?);
        }
        if next.is_none() || items.len() >= PAGED {
            return Ok(json!({"items": items, "more": next.is_some()}));
        }
        after = next;
    }
}
