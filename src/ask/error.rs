//! Why a question cannot be answered, as values that each door puts in its own words.

use crate::knowledge::authorities::AuthoritiesError;
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
    /// What was typed cannot be asked as it is.
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
}

impl From<Refusal> for AskError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// What was typed that cannot be asked as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// A name for the kind of fault that programs can rely on.
    pub code: &'static str,
    /// What is wrong, without the place.
    pub message: String,
    /// Where.
    pub place: Option<Box<Place>>,
    /// What to write instead: the whole of the text, or the value of a condition.
    pub suggestion: Option<String>,
    /// What else may help.
    pub hints: Vec<Hint>,
}

/// Where in what was typed a fault lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the text of a query, in characters from 0.
    Text {
        /// The text.
        typed: String,
        /// The faulty part.
        span: [usize; 2],
    },
    /// In a condition on an attribute.
    Condition(Attribute),
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
}

impl OtherCondition {
    /// The name, as a column of a table has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::To => "to",
            Self::NeighboursOf => "neighbours_of",
        }
    }
}

/// What may help whoever typed it.
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
    /// The list of all topics.
    Topics,
    /// The list of all reports.
    Reports,
    /// The values that an attribute has.
    Values(Attribute),
    /// Fewer conditions.
    Relax,
    /// The query left out, for every paragraph.
    NoQuery,
    /// A query, as well as how it is read.
    AddQuery,
    /// A query or a topic.
    QueryOrTopic,
    /// Both a query and a topic, in one query.
    Both {
        /// That query.
        query: String,
    },
    /// Boilerplate can be searched, though it is not compared.
    SearchBoilerplate,
    /// What to do, in words that every door can use.
    Advice(String),
}

/// How many values a hint lists at the most.
const LISTED: usize = 12;

impl Hint {
    /// The values there are to choose from.
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

    /// Adds something that may help.
    #[must_use]
    pub(crate) fn hint(mut self, hint: Hint) -> Self {
        self.hints.push(hint);
        self
    }

    /// Says where.
    #[must_use]
    pub(crate) fn at(mut self, place: Place) -> Self {
        self.place = Some(Box::new(place));
        self
    }

    /// What is wrong with a query and where in the text.
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

/// The text with the faulty part, in characters, replaced.
pub(crate) fn mended(typed: &str, span: Range<usize>, meant: &str) -> String {
    let before: String = typed.chars().take(span.start).collect();
    let after: String = typed.chars().skip(span.end).collect();
    format!("{before}{meant}{after}")
}
