//! Topics: named, versioned sets of phrases and queries with which paragraphs are tagged.
//!
//! The taxonomy with which reports were tagged is kept in the index with them, so that a request
//! for a topic learns which version answered it, and a query can be expanded with the very phrases
//! that the tags are based on. Taxonomies are not read from files here.

mod measured;
mod tagger;
mod trie;

pub use measured::{Era, Estimate, Measured, Quality};
pub use tagger::{Tagger, TaggerError};

use crate::language::query::{Part, Query, QueryError, parse};
use crate::language::words;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::ops::Range;

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
    /// Queries of quoted phrases with AND, OR, NOT, NEAR and ONEAR, for words too common to tag a
    /// paragraph alone. Their phrases are compared as `phrases` are.
    pub queries: Vec<String>,
    /// Phrases within which none of the above counts.
    pub near_misses: Vec<String>,
    /// A note for readers, for instance on how the terms changed over the years.
    pub note: Option<String>,
    /// How well it tags, if that was measured with the rules that it has.
    #[serde(default)]
    pub measured: Option<Measured>,
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

    /// Says how well a topic tags; nothing if it no longer has the version that was measured.
    pub fn measured(&mut self, id: &str, version: &str, measured: Measured) {
        let own = self.topics.iter_mut().find(|topic| topic.id == id);
        if let Some(topic) = own.filter(|topic| topic.version() == version) {
            topic.measured = Some(measured);
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
         write \"phrases\" in quotation marks with AND, OR, NOT and NEAR"
    )]
    NotAPhrase {
        /// The part that is not a phrase.
        part: String,
    },
    /// A distance between anything but two phrases or alternatives of phrases.
    #[error(
        "`{part}` asks for more than topics can look for; \
         NEAR stands between two \"phrases\", or between (\"alternatives\" OR \"of phrases\")"
    )]
    NotNear {
        /// The part with the distance.
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
    /// Any of these phrases. Phrases are numbered in the order of the query, so that alternatives
    /// follow one another.
    AnyOf(Range<usize>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    /// One of the first and one of the second phrases, at most `within` words from the end of one to
    /// the beginning of the other.
    Near {
        one: Range<usize>,
        other: Range<usize>,
        within: usize,
        ordered: bool,
    },
}

/// A phrase of a query in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The number of the phrase.
    pub(crate) phrase: usize,
    /// The numbers of its first and its last word in the text.
    pub(crate) words: [usize; 2],
}

impl Condition {
    /// Reads a query and appends its phrases to `phrases`.
    pub(crate) fn read(text: &str, phrases: &mut Vec<String>) -> Result<Self, TopicError> {
        let parsed = parse(text).map_err(|fault| TopicError::Query {
            query: text.to_owned(),
            fault: Box::new(fault),
        })?;
        let condition = Self::of(&parsed.query, phrases)?;
        if condition.found(&[]).is_some() {
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
                Self::AnyOf(phrases.len() - 1..phrases.len())
            }
            Query::And { clauses, .. } => Self::All(each(clauses)?),
            Query::Or { clauses, .. } => {
                let clauses = each(clauses)?;
                let phrases: Option<Vec<_>> = clauses.iter().map(Self::alternatives).collect();
                match phrases.as_deref() {
                    Some([first, .., last]) => Self::AnyOf(first.start..last.end),
                    _ => Self::Any(clauses),
                }
            }
            Query::Not { clause, .. } => Self::Not(Box::new(Self::of(clause, phrases)?)),
            Query::Near { clauses, within, ordered, .. } => {
                let sides: Option<Vec<Range<usize>>> =
                    each(clauses)?.iter().map(Self::alternatives).collect();
                let sides = sides.and_then(|sides| <[Range<usize>; 2]>::try_from(sides).ok());
                let Some([one, other]) = sides else {
                    return Err(TopicError::NotNear { part: query.to_string() });
                };
                Self::Near { one, other, within: *within as usize, ordered: *ordered }
            }
            Query::All
            | Query::Word { .. }
            | Query::Phrase { .. }
            | Query::Wildcard { .. }
            | Query::Fuzzy { .. }
            | Query::Field { .. }
            | Query::Boost { .. }
            | Query::Affirmed { .. }
            | Query::Expanded { .. } => {
                return Err(TopicError::NotAPhrase { part: query.to_string() });
            }
        })
    }

    /// The phrases of which it asks for any one, if it asks for nothing else.
    fn alternatives(&self) -> Option<Range<usize>> {
        match self {
            Self::AnyOf(numbers) => Some(numbers.clone()),
            Self::Any(_) | Self::All(_) | Self::Not(_) | Self::Near { .. } => None,
        }
    }

    /// Runs of phrases of each of which one must occur, without overlap; it may need more.
    fn needed(&self) -> Vec<Range<usize>> {
        match self {
            Self::AnyOf(numbers) => vec![numbers.clone()],
            Self::All(clauses) => clauses.iter().flat_map(Self::needed).collect(),
            Self::Any(_) | Self::Not(_) => Vec::new(),
            Self::Near { one, other, .. } => vec![one.clone(), other.clone()],
        }
    }

    /// The phrases by which it holds if exactly these occur, which are in the order of their numbers;
    /// those that are near each other as one. `None` if it does not hold.
    pub(crate) fn found(&self, standing: &[Standing]) -> Option<Vec<Standing>> {
        let of = |numbers: &Range<usize>| {
            let before = |number| standing.partition_point(|one| one.phrase < number);
            &standing[before(numbers.start)..before(numbers.end)]
        };
        let found = match self {
            Self::AnyOf(numbers) => of(numbers).to_vec(),
            Self::All(clauses) => {
                let each: Option<Vec<_>> = clauses.iter().map(|c| c.found(standing)).collect();
                return each.map(|each| each.concat());
            }
            Self::Any(clauses) => {
                let each: Vec<_> = clauses.iter().filter_map(|c| c.found(standing)).collect();
                return (!each.is_empty()).then(|| each.concat());
            }
            Self::Not(clause) => return clause.found(standing).is_none().then(Vec::new),
            Self::Near { one, other, within, ordered } => {
                let (one, other) = (of(one), of(other));
                let follows = |before: &Standing, after: &Standing| {
                    let gap = after.words[0].checked_sub(before.words[1]);
                    gap.is_some_and(|gap| (1..=*within).contains(&gap))
                };
                let pairs = one.iter().flat_map(|one| other.iter().map(move |other| (one, other)));
                pairs
                    .filter(|(one, other)| follows(one, other) || !ordered && follows(other, one))
                    .map(|(one, other)| {
                        let [first, last] =
                            [one.words[0].min(other.words[0]), one.words[1].max(other.words[1])];
                        Standing { phrase: one.phrase, words: [first, last] }
                    })
                    .collect()
            }
        };
        (!found.is_empty()).then_some(found)
    }
}
