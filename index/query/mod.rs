//! The query language: a small syntax tree, free of any engine's types, and its parser.
//!
//! ```text
//! query   = or
//! or      = and { "OR" and }
//! and     = unary { [ "AND" ] unary }
//! unary   = { "NOT" | "-" | "+" } primary
//! primary = "(" or ")" | phrase | field | word | "*"
//! field   = name ":" ( phrase | run of other characters )
//! phrase  = '"' ... '"'          curly quotation marks are as good
//! ```
//!
//! Words that stand side by side must all occur; they are matched by their stems. A word with a
//! hyphen, apostrophe or ampersand inside (`multi-agency`, `A&E`) is prose: its parts must stand
//! side by side. A phrase is matched word for word as written, but for case, accents and
//! punctuation. `+` changes nothing, since every word is required. `*` alone is every paragraph.
//! A colon with a space behind it is prose (`leaders: good`).
//!
//! Whatever can be mended is mended and reported as a [`Repair`]; everything else is a
//! [`QueryError`] with its place and, where there is one, a suggestion. Nothing is dropped
//! silently. Parsing never panics and takes time in proportion to the length of the query.

mod error;
mod lex;
mod matching;
mod parse;
mod print;

pub use error::{QueryError, Repair};
pub(crate) use matching::{HeadingWords, stems_from_first};
pub use matching::{Matcher, Subject};
pub use parse::{Parsed, parse};

use crate::record::Kind;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The longest query that is read, in characters.
pub const MAX_LENGTH: usize = 4_000;
/// The deepest tree that is built or searched.
pub const MAX_DEPTH: usize = 64;
/// The most words, phrases and fields in one query.
pub const MAX_CLAUSES: usize = 1_024;

/// Where in the query's text a node was written, in characters.
///
/// All spans are equal: two trees are the same when they mean the same, wherever they came from.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Span {
    /// First character, counted from 0.
    pub start: usize,
    /// Behind the last character.
    pub end: usize,
}

impl PartialEq for Span {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Span {}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// A field that `field:value` can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The grade of the section: a word, a place on the scale, a range of them, or `none`.
    Grade,
    /// The overall judgement of the report, as [`Field::Grade`].
    Overall,
    /// The canonical theme.
    Theme,
    /// A topic of the paragraph, by its id.
    Topic,
    /// Words of one heading, of any level.
    Section,
    /// The authority.
    Authority,
    /// The region.
    Region,
    /// The framework's code.
    Framework,
    /// The kind of paragraph.
    Kind,
    /// The report's id.
    Report,
    /// The printed number of the paragraph.
    Number,
    /// A page on which the paragraph stands.
    Page,
}

impl Field {
    /// All fields, in the order in which they are explained.
    pub const ALL: [Self; 12] = [
        Self::Grade,
        Self::Overall,
        Self::Theme,
        Self::Topic,
        Self::Section,
        Self::Authority,
        Self::Region,
        Self::Framework,
        Self::Kind,
        Self::Report,
        Self::Number,
        Self::Page,
    ];

    /// The name as written before the colon.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Grade => "grade",
            Self::Overall => "overall",
            Self::Theme => "theme",
            Self::Topic => "topic",
            Self::Section => "section",
            Self::Authority => "authority",
            Self::Region => "region",
            Self::Framework => "framework",
            Self::Kind => "kind",
            Self::Report => "report",
            Self::Number => "number",
            Self::Page => "page",
        }
    }

    /// The field of that name, whatever its case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name().eq_ignore_ascii_case(name))
    }
}

/// A query as a syntax tree.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Query {
    /// Every paragraph.
    #[default]
    All,
    /// A word of plain prose, matched by its stem; where it holds several words (`multi-agency`),
    /// their stems side by side.
    Word {
        /// As written.
        text: String,
        /// Where it was written.
        #[serde(default)]
        span: Span,
    },
    /// Words side by side exactly as written.
    Phrase {
        /// What stood between the quotation marks.
        text: String,
        /// Where it was written, quotation marks included.
        #[serde(default)]
        span: Span,
    },
    /// A condition on what is known about the paragraph beside its text.
    Field {
        /// Which field.
        field: Field,
        /// Its value, without quotation marks.
        value: String,
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
    /// Every paragraph but these.
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
            | Self::Field { span, .. }
            | Self::And { span, .. }
            | Self::Or { span, .. }
            | Self::Not { span, .. } => Some(*span),
        }
    }

    /// The topics that the tree names, with their places, in the order met.
    #[must_use]
    pub fn topics(&self) -> Vec<(&str, Span)> {
        let mut topics = Vec::new();
        let mut open = vec![self];
        while let Some(query) = open.pop() {
            match query {
                Self::Field { field: Field::Topic, value, span } => topics.push((&**value, *span)),
                Self::All | Self::Word { .. } | Self::Phrase { .. } | Self::Field { .. } => {}
                Self::And { clauses, .. } | Self::Or { clauses, .. } => {
                    open.extend(clauses.iter().rev());
                }
                Self::Not { clause, .. } => open.push(clause),
            }
        }
        topics
    }

    /// Refuses trees that are too deep or too wide to search, however they were made.
    ///
    /// # Errors
    /// The limit that is passed.
    pub fn check_limits(&self) -> Result<(), QueryError> {
        let mut clauses = 0;
        let mut open = vec![(self, 1)];
        while let Some((query, depth)) = open.pop() {
            if depth > MAX_DEPTH {
                return Err(QueryError::too_deep(query.span().unwrap_or_default()));
            }
            match query {
                Self::All => {}
                Self::Word { .. } | Self::Phrase { .. } | Self::Field { .. } => clauses += 1,
                Self::And { clauses, .. } | Self::Or { clauses, .. } => {
                    open.extend(clauses.iter().map(|clause| (clause, depth + 1)));
                }
                Self::Not { clause, .. } => open.push((clause, depth + 1)),
            }
            if clauses > MAX_CLAUSES {
                return Err(QueryError::too_many_clauses(query.span().unwrap_or_default()));
            }
        }
        Ok(())
    }
}

/// The kind of paragraph named so, whatever its case.
pub(crate) fn kind_named(name: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
}
