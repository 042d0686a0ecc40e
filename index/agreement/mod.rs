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
use crate::request::terms::TermsRequest;
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
    /// What it asks, in a few words.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Search(request) => {
                format!("search {}; {}", request.query, in_short(&**request))
            }
            Self::Compare(request) => {
                format!("compare {}; {}", request.query, in_short(&**request))
            }
            Self::Hits(request) => format!("hits {}; {}", request.query, in_short(&**request)),
            Self::Similar(request) => format!("similar {}", in_short(&**request)),
            Self::Terms(request) => format!("terms {}", in_short(&**request)),
            Self::Paragraphs(filters) => format!("paragraphs {}", in_short(&**filters)),
            Self::Reports(filters) => format!("reports {}", in_short(&**filters)),
            Self::Unheld(query) => format!("unheld {query}"),
            Self::Values(attribute) => format!("values of {}", attribute.name()),
        }
    }

    /// The answer of an engine, without what belongs to that engine alone.
    ///
    /// # Errors
    /// Why it does not answer, in words.
    pub fn answer(&self, engine: &dyn Engine, deadline: &Deadline) -> Result<Value, String> {
        self.answered(engine, deadline).map_err(|error| {
            let mut text = error.to_string();
            let mut source = error.source();
            while let Some(cause) = source {
                text.push_str(": ");
                text.push_str(&cause.to_string());
                source = cause.source();
            }
            text
        })
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

/// Asks both engines; `None` if they answer the same.
#[must_use]
pub fn difference(
    question: &Question,
    one: &dyn Engine,
    other: &dyn Engine,
    deadline: impl Fn() -> Deadline,
) -> Option<Difference> {
    let one = question.answer(one, &deadline());
    let other = question.answer(other, &deadline());
    let (place, one, other) = match (one, other) {
        (Ok(one), Ok(other)) => first_difference(String::new(), &one, &other)?,
        // What cannot be asked of one engine cannot be asked of the other.
        (Err(one), Err(other)) if one == other => return None,
        (one, other) => {
            let said = |answer: Result<Value, String>| match answer {
                Ok(_) => json!("an answer"),
                Err(error) => json!(error),
            };
            (String::new(), said(one), said(other))
        }
    };
    Some(Difference { question: question.clone(), place, one, other })
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

fn in_short(request: &impl Serialize) -> String {
    let mut shown = serde_json::to_value(request).unwrap_or_default();
    let mut open = vec![&mut shown];
    while let Some(value) = open.pop() {
        if let Value::Object(fields) = value {
            // The query is written before; conditions that are not set say nothing.
            fields.remove("query");
            fields.retain(|_, value| {
                !matches!(value, Value::Null | Value::Bool(false))
                    && value.as_array().is_none_or(|items| !items.is_empty())
            });
            open.extend(fields.values_mut());
        }
    }
    shown.to_string()
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
