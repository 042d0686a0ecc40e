//! Topics: named, versioned sets of phrases and queries with which paragraphs are tagged.
//!
//! The taxonomy with which reports were tagged is kept in the index with them, so that a request
//! for a topic learns which version answered it, and a query can be expanded with the very phrases
//! that the tags are based on. Taxonomies are not read from files here.

mod tagger;

pub use tagger::{Tagger, TaggerError};

use crate::language::query::{Part, Query, QueryError, parse};
use crate::language::words;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A topic: what it is about, and the words by which it is recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// The short name used in filters and records: lower case, digits and underscores.
    pub id: String,
    /// The name shown to readers.
    pub name: String,
    /// Incremented by its author whenever it changes; see [`Topic::version`].
    pub version: u32,
    /// What a paragraph of this topic is about, in a sentence.
    pub definition: String,
    /// Phrases that tag a paragraph wherever they occur in it. Compared as exact phrases are,
    /// except that the last word may be in the plural.
    pub phrases: Vec<String>,
    /// Like `phrases`, but upper and lower case must be as written here.
    pub cased: Vec<String>,
    /// Queries of quoted phrases with AND, OR and NOT, for words too common to tag a paragraph
    /// alone. Their phrases are compared as `phrases` are.
    pub queries: Vec<String>,
    /// Phrases within which none of the above counts.
    pub near_misses: Vec<String>,
    /// A note for readers, for instance on how the terms changed over the years.
    pub note: Option<String>,
}

impl Topic {
    /// The author's version and a hash of everything that determines the tagging, `1+3fa9c2`: two
    /// topics with the same version tag the same paragraphs, even if the author forgot to increment
    /// the number.
    #[must_use]
    pub fn version(&self) -> String {
        let mut hash = Sha256::new();
        for list in [&self.phrases, &self.cased, &self.queries, &self.near_misses] {
            for item in list {
                hash.update(item);
                hash.update([0]);
            }
            hash.update([1]);
        }
        format!("{}+{}", self.version, hex::encode(&hash.finalize()[..3]))
    }
}

/// All topics in use, in the order in which they are listed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Taxonomy {
    topics: Vec<Topic>,
}

impl Taxonomy {
    /// The topics in their order.
    #[must_use]
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// The topic with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == id)
    }

    /// Adds a topic; replaces the one with the same id.
    pub fn put(&mut self, topic: Topic) {
        match self.topics.iter_mut().find(|held| held.id == topic.id) {
            Some(held) => *held = topic,
            None => self.topics.push(topic),
        }
    }

    /// A hash of ids and versions: a taxonomy with another version may tag the same report
    /// differently.
    #[must_use]
    pub fn version(&self) -> String {
        let mut hash = Sha256::new();
        for topic in &self.topics {
            hash.update(&topic.id);
            hash.update([0]);
            hash.update(topic.version());
            hash.update([0]);
        }
        hex::encode(&hash.finalize()[..6])
    }
}

/// What is wrong with a phrase or query of a topic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TopicError {
    /// A phrase of punctuation alone.
    #[error("the phrase `{0}` holds no letters or digits")]
    NoWords(String),
    /// A query that cannot be parsed.
    #[error("the query `{query}` is not understood at column {}: {fault}", fault.column())]
    Query {
        /// The query.
        query: String,
        /// What is wrong with it.
        fault: Box<QueryError>,
    },
    /// A query that contains something other than phrases.
    #[error(
        "`{part}` has no place in the query of a topic; \
         write \"phrases\" in quotation marks with AND, OR and NOT"
    )]
    NotAPhrase {
        /// The part that is not a phrase.
        part: String,
    },
    /// A query that holds without any of its phrases.
    #[error("the query `{0}` would tag paragraphs that hold none of its phrases")]
    HoldsOfNothing(String),
}

/// Rejects a phrase that cannot occur in any text.
///
/// # Errors
/// [`TopicError::NoWords`] if it has no letters or digits.
pub fn check_phrase(phrase: &str) -> Result<(), TopicError> {
    if words::exact(phrase).is_empty() {
        return Err(TopicError::NoWords(phrase.to_owned()));
    }
    Ok(())
}

/// Rejects a query that a topic cannot have.
///
/// # Errors
/// Any [`TopicError`].
pub fn check_query(text: &str) -> Result<(), TopicError> {
    Condition::read(text, &mut Vec::new()).map(|_| ())
}

/// A topic's query over its phrases, each given by its number.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    Phrase(usize),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
}

impl Condition {
    /// Reads a query and appends its phrases to `phrases`.
    pub(crate) fn read(text: &str, phrases: &mut Vec<String>) -> Result<Self, TopicError> {
        let parsed = parse(text).map_err(|fault| TopicError::Query {
            query: text.to_owned(),
            fault: Box::new(fault),
        })?;
        let condition = Self::of(&parsed.query, phrases)?;
        if condition.holds(&[]) {
            return Err(TopicError::HoldsOfNothing(text.to_owned()));
        }
        Ok(condition)
    }

    fn of(query: &Query, phrases: &mut Vec<String>) -> Result<Self, TopicError> {
        let mut each = |clauses: &[Query]| -> Result<Vec<Self>, TopicError> {
            clauses.iter().map(|clause| Self::of(clause, phrases)).collect()
        };
        Ok(match query {
            Query::Phrase { parts, within: None, .. } => {
                let words = parts.iter().map(|part| match part {
                    Part::Word(word) => Ok(word.as_str()),
                    Part::AnyOf(_) | Part::Gap | Part::Wildcard(_) => {
                        Err(TopicError::NotAPhrase { part: query.to_string() })
                    }
                });
                phrases.push(words.collect::<Result<Vec<_>, _>>()?.join(" "));
                Self::Phrase(phrases.len() - 1)
            }
            Query::And { clauses, .. } => Self::All(each(clauses)?),
            Query::Or { clauses, .. } => Self::Any(each(clauses)?),
            Query::Not { clause, .. } => Self::Not(Box::new(Self::of(clause, phrases)?)),
            Query::All
            | Query::Word { .. }
            | Query::Phrase { .. }
            | Query::Wildcard { .. }
            | Query::Fuzzy { .. }
            | Query::Near { .. }
            | Query::Field { .. }
            | Query::Boost { .. }
            | Query::Expanded { .. } => {
                return Err(TopicError::NotAPhrase { part: query.to_string() });
            }
        })
    }

    /// Whether it holds if exactly these phrases occur.
    pub(crate) fn holds(&self, standing: &[usize]) -> bool {
        match self {
            Self::Phrase(number) => standing.contains(number),
            Self::All(clauses) => clauses.iter().all(|clause| clause.holds(standing)),
            Self::Any(clauses) => clauses.iter().any(|clause| clause.holds(standing)),
            Self::Not(clause) => !clause.holds(standing),
        }
    }
}
