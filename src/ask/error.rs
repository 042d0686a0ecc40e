//! The reasons why a question cannot be answered, as values that each door puts into its own
//! words.

use super::mark::MarkError;
use crate::knowledge::KnowledgeError;
use crate::knowledge::authorities::AuthoritiesError;
use crate::knowledge::glossary::GlossaryError;
use crate::knowledge::synonyms::SynonymsError;
use findings_index::SearchError;
use findings_index::language::query::QueryError;
use findings_index::records::Attribute;
use serde::Serialize;
use std::ops::Range;

/// Why a question was not answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// The question cannot be asked as it was typed.
    #[error(transparent)]
    Refused(#[from] Box<Refusal>),
    /// The engine could not answer.
    #[error(transparent)]
    Engine(#[from] SearchError),
    /// A table of authorities cannot be used.
    #[error(transparent)]
    Authorities(#[from] AuthoritiesError),
    /// A file of synonyms cannot be used.
    #[error(transparent)]
    Synonyms(#[from] SynonymsError),
    /// A file of the glossary cannot be used.
    #[error(transparent)]
    Glossary(#[from] GlossaryError),
    /// A framework or another file by which reports are read cannot be used.
    #[error(transparent)]
    Knowledge(#[from] KnowledgeError),
    /// The mark of what was read cannot be used.
    #[error(transparent)]
    Mark(#[from] MarkError),
}

impl From<Refusal> for AskError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// A refused question: what is wrong, where, and what may help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// A name for the kind of fault, which programs can rely on.
    pub code: &'static str,
    /// What is wrong, without the place.
    pub message: String,
    /// Where the fault is, if it is in one place.
    pub place: Option<Box<Place>>,
    /// What to write instead: the whole of the text, or the value of a condition.
    pub suggestion: Option<String>,
    /// What else may help.
    pub hints: Vec<Hint>,
}

/// The place of a fault in what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the text of a query.
    Text {
        /// The text.
        typed: String,
        /// The faulty part, from and to, in characters counted from 0.
        span: [usize; 2],
    },
    /// In a condition on an attribute.
    Condition(Attribute),
    /// Among the values of an attribute that are excluded.
    Exclusion(Attribute),
    /// In one of the conditions that narrow no attribute.
    Other(OtherCondition),
}

/// The conditions that narrow no attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherCondition {
    /// The first day.
    From,
    /// The last day.
    To,
    /// The neighbours of an authority.
    NeighboursOf,
    /// The day as at which inspections are the newest.
    AsAt,
    /// The moment from which on things are new.
    NewSince,
    /// The same, where what is new is listed.
    Since,
    /// Leaving out what is only denied.
    WithoutDenials,
}

impl OtherCondition {
    /// The name, as used for a column of a table of queries.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::To => "to",
            Self::NeighboursOf => "neighbours_of",
            Self::AsAt => "as_at",
            Self::NewSince => "new_since",
            Self::Since => "since",
            Self::WithoutDenials => "without_denials",
        }
    }
}

/// Advice on how to mend a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// The value that was perhaps meant.
    Near(String),
    /// Values to choose from.
    Choose {
        /// The first of them.
        values: Vec<String>,
        /// How many more there are.
        more: usize,
    },
    /// Marking what is held as read, or a date.
    Mark,
    /// Saying since when, and marking anew.
    MarkAnew,
    /// The list of all topics.
    Topics,
    /// The list of all reports.
    Reports,
    /// The list of the authorities of which a report is held.
    Authorities,
    /// The list of what is held, which names the authorities of which no report is.
    Unheld,
    /// Fewer conditions.
    Relax,
    /// Leaving out the query, which then finds every paragraph.
    NoQuery,
    /// Giving a query as well as how it is read.
    AddQuery,
    /// Giving a query or a topic.
    QueryOrTopic,
    /// Searching for boilerplate, which is not compared but can be searched.
    SearchBoilerplate,
    /// What to do, in words that every door can use.
    Advice(String),
}

/// The greatest number of values that a hint lists.
const LISTED: usize = 12;

impl Hint {
    /// A hint that lists the values to choose from.
    pub(crate) fn choose(held: &[String]) -> Self {
        let values: Vec<String> = held.iter().take(LISTED).cloned().collect();
        let more = held.len() - values.len();
        Self::Choose { values, more }
    }
}

impl Refusal {
    /// A refusal without place, suggestion or hints.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), place: None, suggestion: None, hints: Vec::new() }
    }

    /// Adds a hint.
    #[must_use]
    pub(crate) fn hint(mut self, hint: Hint) -> Self {
        self.hints.push(hint);
        self
    }

    /// Sets the place of the fault.
    #[must_use]
    pub(crate) fn at(mut self, place: Place) -> Self {
        self.place = Some(Box::new(place));
        self
    }

    /// Makes a refusal from an error of the query parser.
    pub(crate) fn of_query(typed: &str, error: &QueryError) -> Self {
        let span = error.span();
        let suggestion = error.suggestion().map(|meant| mended(typed, span.clone(), meant));
        Self {
            code: error.code(),
            message: error.to_string(),
            place: Some(Box::new(Place::Text {
                typed: typed.to_owned(),
                span: [span.start, span.end],
            })),
            suggestion,
            hints: Vec::new(),
        }
    }
}

/// Replaces the faulty part of a text; the span is in characters.
pub(crate) fn mended(typed: &str, span: Range<usize>, meant: &str) -> String {
    let before: String = typed.chars().take(span.start).collect();
    let after: String = typed.chars().skip(span.end).collect();
    format!("{before}{meant}{after}")
}
