//! Leads from a number to its paragraphs: the search that finds exactly those that were counted,
//! and how to ask for an answer again.
//!
//! Holds questions as values; each door puts them into its own words.

use super::question::Reading;
use findings_index::language::query::GradeFilter;
use findings_index::records::{Attribute, LONGER_PRINTING, shared_label};
use findings_index::request::Filters;
use serde::Serialize;
use std::fmt::Debug;

/// How to ask for something again through a door.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Again {
    /// The arguments of the program, one by one; empty where the door takes none.
    pub arguments: Vec<String>,
    /// The same as one line: a command, or an address.
    pub command: String,
}

/// A question to be asked again, with every name as the records have it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Repeat<'a> {
    /// A search.
    Search {
        /// The query.
        query: &'a str,
        /// Conditions in addition to the query.
        filters: &'a Filters,
    },
    /// A comparison.
    Compare {
        /// What was looked for.
        subject: Looked<'a>,
        /// The paragraphs that were searched.
        filters: &'a Filters,
    },
    /// A timeline.
    Timeline {
        /// The authority whose reports are shown.
        authority: &'a str,
        /// What was looked for, if anything.
        subject: Option<Looked<'a>>,
    },
    /// The counts of grades.
    Grades {
        /// The reports whose judgements are counted, and the themes of these.
        filters: &'a Filters,
    },
    /// Recommendations.
    Recommendations {
        /// What was looked for.
        subject: Looked<'a>,
        /// The recommendations and reports that were searched.
        filters: &'a Filters,
    },
    /// The terms that set two sets of paragraphs apart.
    Distinctive {
        /// The two sets.
        sets: [Set<'a>; 2],
    },
}

/// What was looked for: the text of a query, topics, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked<'a> {
    /// The query as typed; empty where topics alone were given.
    pub text: &'a str,
    /// How its words were read.
    pub reading: Reading,
    /// The ids of the topics.
    pub topics: &'a [String],
}

/// A set of paragraphs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Set<'a> {
    /// The query that they match, if any.
    pub text: Option<&'a str>,
    /// How its words were read.
    pub reading: Reading,
    /// The filters that they pass, without the reports that `newest` chooses.
    pub filters: &'a Filters,
    /// Whether only the newest full inspection of each authority counts, and as at which day.
    pub newest: Newest<'a>,
}

/// The condition that takes the newest full inspection of each authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Newest<'a> {
    /// It is not set.
    #[default]
    Any,
    /// The newest that is held.
    Held,
    /// The newest that had ended by a day, as typed.
    AsAt(&'a str),
}

/// Words questions for those who ask through a door.
pub trait Door: Debug {
    /// States how to ask a question again.
    fn again(&self, repeat: &Repeat<'_>) -> Again;

    /// States the conditions of a set, as they are written at this door.
    fn conditions(&self, set: &Set<'_>) -> String;
}

/// A search whose total is a number shown, and whose results are the paragraphs counted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Trace {
    /// The query.
    pub query: String,
    /// Conditions in addition to the query.
    pub filters: Filters,
    /// How to ask for the search.
    #[serde(flatten)]
    pub again: Again,
}

impl Trace {
    /// Makes the trace of a query within filters.
    #[must_use]
    pub fn new(query: &str, filters: &Filters, door: &dyn Door) -> Self {
        let again = door.again(&Repeat::Search { query, filters });
        Self { query: query.to_owned(), filters: filters.clone(), again }
    }
}

/// Narrows filters to one group: the filters of all groups, and the value of the group.
#[must_use]
pub fn narrowed(filters: &Filters, dimension: Attribute, value: Option<&str>) -> Filters {
    let mut left = filters.clone();
    match dimension {
        dimension if dimension.is_grade() => {
            // Both printings of a grade are counted as one, unless one of them is asked for or
            // excluded.
            let are_one = !filters.tell_printings(dimension);
            let named = |value: &str| match are_one && value == shared_label(LONGER_PRINTING) {
                true => GradeFilter::Label(value.to_owned()),
                false => GradeFilter::Exactly(value.to_owned()),
            };
            left.set(dimension, vec![value.map_or(GradeFilter::None, named)]);
        }
        Attribute::Kind => {
            let kinds = left.kinds().iter().copied().filter(|kind| Some(kind.name()) == value);
            left.set(dimension, kinds.collect::<Vec<_>>());
        }
        Attribute::Year if value.is_none() => left.undated = true,
        // A part of a name finds longer ones as well, unless it is asked for as a whole.
        Attribute::Addressee => {
            let whole = value.map_or(Filters::ABSENT.to_owned(), |value| format!("={value}"));
            left.set(dimension, vec![whole]);
        }
        dimension => left.set(dimension, [value.unwrap_or(Filters::ABSENT)]),
    }
    left
}
