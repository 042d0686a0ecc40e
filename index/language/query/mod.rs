//! The query language: a small syntax tree, free of any engine's types, and its parser.
//!
//! ```text
//! query     = or
//! or        = and { "OR" and }
//! and       = unary { [ "AND" ] unary }
//! unary     = { "NOT" | "-" | "+" } near
//! near      = weighed { ( "NEAR/" n | "ONEAR/" n ) weighed }        one operator in one chain
//! weighed   = primary [ "^" number ]                                above 0, up to 100; no space
//! primary   = "(" or ")" | phrase [ "~" n ] | field | "#" topic | word | wildcard | fuzzy | "*"
//! wildcard  = letters with "*" after at least two of them or "?" between them
//! fuzzy     = word "~" [ "1" | "2" ]
//! field     = name ":" ( value | phrase | "(" value { "OR" value } ")" )
//! value     = run of other characters except "," and "|"; for grade, overall, date, year, number
//!             and page also a ".." b | a ".." | ".." b | ">=" a | ">" a | "<=" a | "<" a
//! phrase    = '"' sequence '"'                                      or curly quotation marks
//! sequence  = part { part }
//! part      = word | wildcard | "*" | "(" sequence { "|" sequence } ")"
//! ```
//!
//! Words next to each other must all occur; they are matched by their stems. A word with a hyphen,
//! apostrophe or ampersand inside (`multi-agency`, `A&E`) is prose: its parts must be adjacent. A
//! phrase is matched word for word as written, except for case, accents and punctuation; within it
//! `*` is exactly one word. `+` changes nothing, since every word is required. `*` alone is every
//! paragraph. A colon with a space after it is prose (`leaders: good`), and so is a question mark
//! at the end of a word. A `^` after a word is a weight or an error, never prose, and an
//! exclamation mark before one is an error: read as punctuation, they would ask for something other
//! than they seem to.
//!
//! Distance counts words as a reader does: neighbours are 1 apart, and order does not matter.
//! `a NEAR/5 b NEAR/5 c` asks for all three in one run of text in which each is at most five words
//! after the one before it. `"a b c"~3` asks for all three in any order with at most three other
//! words between them. A word counts once: `care NEAR/5 care` needs two.
//!
//! Wildcards and fuzzy words are matched against words as written, not against stems. A fuzzy word
//! keeps its first letter and may have a letter added, removed, replaced or swapped with its
//! neighbour: one such change in words of up to five letters, two in longer ones, unless a number
//! is given.
//!
//! Whatever can be repaired is repaired and reported as a [`Repair`]; everything else is a
//! [`QueryError`] with its place and, if there is one, a suggestion. Nothing is dropped silently.
//! Parsing never panics and takes time proportional to the length of the query.

mod error;
mod fault;
mod field;
mod grade;
mod heading;
mod lex;
mod limits;
mod node;
mod parse;
mod pattern;
mod phrase;
mod print;
mod range;
mod rewrite;
mod token;
mod value;
mod word;

pub use error::{QueryError, Repair};
pub use fault::ValueFault;
pub(crate) use field::may_be;
pub use field::{check_value, written_in_place};
pub(crate) use grade::any_name;
pub use grade::names_a_grade;
pub use grade::{ABSENT, GradeFilter, GradeFilterError};
pub(crate) use heading::HeadingWords;
pub use node::NodeKind;
pub use parse::{Parsed, parse};
pub use pattern::{Form, usual_edits};
pub use phrase::Part;
pub(crate) use range::Range;
pub(crate) use value::is_meant;

use crate::records::Attribute;
use serde::{Deserialize, Serialize};
use std::ops;

/// The longest query that is read, in characters.
pub const MAX_LENGTH: usize = 4_000;
/// The deepest tree that is built or searched.
pub const MAX_DEPTH: usize = 64;
/// The most words, phrases and fields in one query.
pub const MAX_CLAUSES: usize = 1_024;
/// The most words that a wildcard or a fuzzy word may match.
pub const MAX_EXPANSIONS: usize = 1_000;
/// The most plain phrases that the alternatives of one phrase may make.
pub const MAX_READINGS: usize = 256;
/// The greatest distance, in words, that can be asked for.
pub const MAX_DISTANCE: u32 = 100;
/// The most parts that may be near one another.
pub const MAX_NEIGHBOURS: usize = 8;
/// The greatest weight that can be given.
pub const MAX_WEIGHT: f32 = 100.0;

/// Where in the query's text a node was written, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Span {
    /// First character, counted from 0.
    pub start: usize,
    /// The position after the last character.
    pub end: usize,
}

impl From<Span> for ops::Range<usize> {
    fn from(span: Span) -> Self {
        span.start..span.end
    }
}

impl From<ops::Range<usize>> for Span {
    fn from(range: ops::Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// A query as a syntax tree.
///
/// Two trees are equal only if they were also written in the same places; see [`Query::same_as`].
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Query {
    /// Every paragraph.
    #[default]
    All,
    /// A word of plain prose, matched by its stem; if it has several parts (`multi-agency`), their
    /// stems must be adjacent.
    Word {
        /// As written.
        text: String,
        /// Where it was written.
        #[serde(default)]
        span: Span,
    },
    /// Adjacent words exactly as written.
    Phrase {
        /// The parts between the quotation marks.
        parts: Vec<Part>,
        /// If set, in any order and with at most this many other words between them.
        #[serde(default)]
        within: Option<u32>,
        /// Where it was written, quotation marks included.
        #[serde(default)]
        span: Span,
    },
    /// Any word of this form, as written: `*` is any letters, `?` exactly one.
    Wildcard {
        /// The form, folded.
        pattern: String,
        /// Where it was written.
        #[serde(default)]
        span: Span,
    },
    /// A word, as written, or one with nearly the same spelling.
    Fuzzy {
        /// The word, folded.
        text: String,
        /// How many letters may be added, removed, replaced or swapped: 1 or 2.
        edits: u8,
        /// Where it was written.
        #[serde(default)]
        span: Span,
    },
    /// All of these in one run of text.
    Near {
        /// Words, phrases, wildcards, fuzzy words, alternatives of these, and further `Near` nodes.
        clauses: Vec<Query>,
        /// The maximum distance from one to the next, in words; neighbours are 1 apart.
        within: u32,
        /// Whether they must occur in this order.
        ordered: bool,
        /// Where it was written.
        #[serde(default)]
        span: Span,
    },
    /// A condition on an attribute of the paragraph or its report, other than the text.
    Field {
        /// The field.
        field: Attribute,
        /// Its value, without quotation marks.
        value: String,
        /// Where it was written.
        #[serde(default)]
        span: Span,
    },
    /// A clause that counts for more, or for less, in the order of hits.
    Boost {
        /// What must hold.
        clause: Box<Query>,
        /// The factor for its score.
        weight: f32,
        /// Where it was written.
        #[serde(default)]
        span: Span,
    },
    /// What was written, and what else counts as the same. Made by expansion, never by the parser.
    Expanded {
        /// What was written.
        clause: Box<Query>,
        /// The synonyms.
        also: Vec<Query>,
        /// Where it was written.
        #[serde(default)]
        span: Span,
    },
    /// All of these.
    And {
        /// What must hold.
        clauses: Vec<Query>,
        /// Where it was written.
        #[serde(default)]
        span: Span,
    },
    /// At least one of these.
    Or {
        /// The alternatives.
        clauses: Vec<Query>,
        /// Where it was written.
        #[serde(default)]
        span: Span,
    },
    /// What a clause finds, where something that makes it match is not denied; see
    /// [`Query::affirmed`]. There is no way to write it.
    Affirmed {
        /// The clause.
        clause: Box<Query>,
        /// Where it was written.
        #[serde(default)]
        span: Span,
    },
    /// Every paragraph except these.
    Not {
        /// What must not hold.
        clause: Box<Query>,
        /// Where it was written.
        #[serde(default)]
        span: Span,
    },
}

impl Query {
    /// Where the node was written; `None` for [`Query::All`].
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::All => None,
            Self::Word { span, .. }
            | Self::Phrase { span, .. }
            | Self::Wildcard { span, .. }
            | Self::Fuzzy { span, .. }
            | Self::Near { span, .. }
            | Self::Field { span, .. }
            | Self::Boost { span, .. }
            | Self::Affirmed { span, .. }
            | Self::Expanded { span, .. }
            | Self::And { span, .. }
            | Self::Or { span, .. }
            | Self::Not { span, .. } => Some(*span),
        }
    }

    /// The clauses directly below, in order.
    pub fn clauses(&self) -> impl DoubleEndedIterator<Item = &Self> {
        let (one, several): (Option<&Self>, &[Self]) = match self {
            Self::All
            | Self::Word { .. }
            | Self::Phrase { .. }
            | Self::Wildcard { .. }
            | Self::Fuzzy { .. }
            | Self::Field { .. } => (None, &[]),
            Self::Boost { clause, .. }
            | Self::Affirmed { clause, .. }
            | Self::Not { clause, .. } => (Some(&**clause), &[]),
            Self::Expanded { clause, also, .. } => (Some(&**clause), also),
            Self::Near { clauses, .. } | Self::And { clauses, .. } | Self::Or { clauses, .. } => {
                (None, clauses)
            }
        };
        one.into_iter().chain(several)
    }

    /// Does the same as [`Query::clauses`], for changing them.
    pub fn clauses_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut Self> {
        let (one, several): (Option<&mut Self>, &mut [Self]) = match self {
            Self::All
            | Self::Word { .. }
            | Self::Phrase { .. }
            | Self::Wildcard { .. }
            | Self::Fuzzy { .. }
            | Self::Field { .. } => (None, &mut []),
            Self::Boost { clause, .. }
            | Self::Affirmed { clause, .. }
            | Self::Not { clause, .. } => (Some(&mut **clause), &mut []),
            Self::Expanded { clause, also, .. } => (Some(&mut **clause), also),
            Self::Near { clauses, .. } | Self::And { clauses, .. } | Self::Or { clauses, .. } => {
                (None, clauses)
            }
        };
        one.into_iter().chain(several)
    }

    /// Whether any part of it is a plain word.
    #[must_use]
    pub fn has_words(&self) -> bool {
        matches!(self, Self::Word { .. }) || self.clauses().any(Self::has_words)
    }

    /// Whether any part of it looks into the text, so that matches can be ranked: not where it has
    /// conditions alone.
    #[must_use]
    pub fn looks_into_text(&self) -> bool {
        match self {
            Self::Word { .. }
            | Self::Phrase { .. }
            | Self::Wildcard { .. }
            | Self::Fuzzy { .. }
            | Self::Near { .. } => true,
            // A word that must not occur makes no match better than another.
            Self::Not { .. } | Self::Field { .. } | Self::All => false,
            Self::Boost { .. }
            | Self::Affirmed { .. }
            | Self::Expanded { .. }
            | Self::And { .. }
            | Self::Or { .. } => self.clauses().any(Self::looks_into_text),
        }
    }

    /// The words of a text as a phrase.
    #[must_use]
    pub fn phrase_of(text: &str, span: Span) -> Self {
        Self::Phrase { parts: Part::of_text(text), within: None, span }
    }

    /// The same node with each clause directly below changed.
    #[must_use]
    pub(crate) fn map_clauses(&self, change: &mut dyn FnMut(&Self) -> Self) -> Self {
        let mut node = self.clone();
        match &mut node {
            Self::All
            | Self::Word { .. }
            | Self::Phrase { .. }
            | Self::Wildcard { .. }
            | Self::Fuzzy { .. }
            | Self::Field { .. } => {}
            Self::Boost { clause, .. }
            | Self::Affirmed { clause, .. }
            | Self::Not { clause, .. } => **clause = change(clause),
            Self::Expanded { clause, also, .. } => {
                **clause = change(clause);
                also.iter_mut().for_each(|clause| *clause = change(clause));
            }
            Self::Near { clauses, .. } | Self::And { clauses, .. } | Self::Or { clauses, .. } => {
                clauses.iter_mut().for_each(|clause| *clause = change(clause));
            }
        }
        node
    }

    /// The topics that the tree names, with their places, in order of appearance.
    #[must_use]
    pub fn topics(&self) -> Vec<(&str, Span)> {
        let mut topics = Vec::new();
        let mut open = vec![self];
        while let Some(query) = open.pop() {
            if let Self::Field { field: Attribute::Topic, value, span } = query {
                topics.push((&**value, *span));
            }
            open.extend(query.clauses().rev());
        }
        topics
    }

    /// Whether it asks for a value of a field by name, outside any NOT.
    #[must_use]
    pub fn asks_for(&self, wanted: Attribute, name: &str) -> bool {
        match self {
            Self::Field { field, value, .. } => {
                *field == wanted && value.trim().eq_ignore_ascii_case(name)
            }
            Self::Not { .. } => false,
            _ => self.clauses().any(|clause| clause.asks_for(wanted, name)),
        }
    }

    /// Whether it says where words occur, so that it can be an operand of NEAR.
    #[must_use]
    pub fn has_place(&self) -> bool {
        match self {
            Self::Word { .. }
            | Self::Phrase { .. }
            | Self::Wildcard { .. }
            | Self::Fuzzy { .. }
            | Self::Near { .. } => true,
            Self::Or { .. }
            | Self::Expanded { .. }
            | Self::Boost { .. }
            | Self::Affirmed { .. } => self.clauses().all(Self::has_place),
            Self::All | Self::Field { .. } | Self::And { .. } | Self::Not { .. } => false,
        }
    }
}
