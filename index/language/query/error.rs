//! The errors in a query, and the repairs made to one.

use super::fault::ValueFault;
use super::{MAX_CLAUSES, MAX_DEPTH, MAX_LENGTH, MAX_NEIGHBOURS, Query, Span};
use crate::language::nearest::nearest;
use crate::records::{Attribute, Use};
use std::ops::Range;

/// A query that cannot be understood: what is wrong, where, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct QueryError {
    fault: Fault,
    start: usize,
    end: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("the query is empty; write words, a \"phrase\", field:value, or * for every paragraph")]
    Empty,
    #[error("the query has {0} characters; at most {MAX_LENGTH} are read")]
    TooLong(usize),
    #[error("the query is nested more than {MAX_DEPTH} deep; take parentheses away")]
    TooDeep,
    #[error("the query has more than {MAX_CLAUSES} words, phrases and fields; ask in parts")]
    TooManyClauses,
    #[error("unknown field `{name}`; did you mean `{near}`?")]
    MisspeltField { name: String, near: &'static str },
    #[error(
        "unknown field `{name}`; fields are {}; \
         with a space behind the colon it is read as words",
        field_names()
    )]
    UnknownField { name: String },
    #[error("`{written}` is not a condition; did you mean `{meant}`?")]
    EqualsForColon { written: String, meant: String },
    #[error("`{written}` leaves nothing out; did you mean `{meant}`?")]
    MarkForMinus { written: String, meant: String },
    #[error("`{written}` is not a condition: {expected}")]
    BadValue { written: String, expected: String, meant: Option<String> },
    #[error("{fault}")]
    Value { fault: ValueFault, meant: Option<String> },
    #[error(
        "`{operator}` has nothing {side} it; write what it joins, or `{}` for the word itself",
        operator.to_lowercase()
    )]
    MissingOperand { operator: &'static str, side: &'static str },
    #[error("wildcard too broad: `{written}`: {reason}")]
    TooBroad { written: String, reason: String },
    #[error("`{written}` is not a fuzzy word: {reason}")]
    BadFuzzy { written: String, reason: String },
    #[error("phrase not understood: {0}")]
    BadPhrase(String),
    #[error("`{written}` is not a distance: {reason}")]
    BadDistance { written: String, reason: String, meant: Option<String> },
    #[error(
        "`{operand}` cannot be near anything; \
         NEAR takes words, phrases, and alternatives in parentheses: (a OR \"b c\") NEAR/5 d"
    )]
    BadOperand { operand: String },
    #[error("at most {MAX_NEIGHBOURS} parts can be near one another; leave some out or use AND")]
    TooManyNeighbours,
    #[error("`{written}` is not a weight: {reason}")]
    BadWeight { written: String, reason: String, meant: Option<String> },
}

fn field_names() -> String {
    Attribute::of(Use::Field).map(Attribute::name).collect::<Vec<_>>().join(", ")
}

/// What people call fields, and the fields that they mean.
const USUAL: [(&str, Attribute); 30] = [
    ("council", Attribute::Authority),
    ("councils", Attribute::Authority),
    ("la", Attribute::Authority),
    ("lea", Attribute::Authority),
    ("la_code", Attribute::Authority),
    ("la_name", Attribute::Authority),
    ("local_authority", Attribute::Authority),
    ("borough", Attribute::Authority),
    ("county", Attribute::Authority),
    ("provider", Attribute::Authority),
    ("rating", Attribute::Grade),
    ("ratings", Attribute::Grade),
    ("judgement", Attribute::Grade),
    ("judgment", Attribute::Grade),
    ("outcome", Attribute::Grade),
    ("overall_effectiveness", Attribute::Overall),
    ("effectiveness", Attribute::Overall),
    ("inspection", Attribute::Framework),
    ("inspection_type", Attribute::Framework),
    ("type", Attribute::Kind),
    ("publication", Attribute::Date),
    ("published", Attribute::Date),
    ("inspected", Attribute::Date),
    ("inspection_date", Attribute::Date),
    ("when", Attribute::Date),
    ("since", Attribute::Date),
    ("heading", Attribute::Section),
    ("area", Attribute::Theme),
    ("tag", Attribute::Topic),
    ("paragraph", Attribute::Number),
];

/// The field that is usually meant by a name that is none.
fn usual(name: &str) -> Option<&'static str> {
    let found = USUAL.iter().find(|(usual, _)| usual.eq_ignore_ascii_case(name));
    found.map(|(_, field)| field.name())
}

/// The condition as it must be written in place of the faulty one, which is `written`: without the
/// name of the field if that precedes several values in parentheses.
pub(super) fn in_place(meant: String, written: &str, span: Span) -> String {
    let (name, value) = written.split_once(':').unwrap_or_default();
    let length = span.end.saturating_sub(span.start);
    let is_bare = length < written.chars().count();
    let is_topic_sign = name == Attribute::Topic.name() && length == value.chars().count() + 1;
    match meant.split_once(':') {
        Some((_, value)) if is_bare && !is_topic_sign => value.to_owned(),
        _ => meant,
    }
}

impl QueryError {
    fn new(fault: Fault, span: Span) -> Self {
        Self { fault, start: span.start, end: span.end }
    }

    pub(super) fn empty(span: Span) -> Self {
        Self::new(Fault::Empty, span)
    }

    pub(super) fn too_long(length: usize) -> Self {
        Self::new(Fault::TooLong(length), Span { start: MAX_LENGTH, end: length })
    }

    pub(super) fn too_deep(span: Span) -> Self {
        Self::new(Fault::TooDeep, span)
    }

    pub(crate) fn too_many_clauses(span: Span) -> Self {
        Self::new(Fault::TooManyClauses, span)
    }

    pub(super) fn unknown_field(name: String, span: Span) -> Self {
        let named = Attribute::of(Use::Field).map(Attribute::name);
        let near = usual(&name).or_else(|| nearest(named, &name));
        let fault = match near {
            Some(near) => Fault::MisspeltField { name, near },
            None => Fault::UnknownField { name },
        };
        Self::new(fault, span)
    }

    pub(super) fn equals_for_colon(written: String, span: Span) -> Self {
        let meant = written.replacen('=', ":", 1);
        Self::new(Fault::EqualsForColon { written, meant }, span)
    }

    pub(super) fn mark_for_minus(written: String, span: Span) -> Self {
        let meant = written.replacen('!', "-", 1);
        Self::new(Fault::MarkForMinus { written, meant }, span)
    }

    pub(super) fn bad_value(
        written: String,
        expected: impl Into<String>,
        meant: Option<String>,
        span: Span,
    ) -> Self {
        let meant = meant.map(|meant| in_place(meant, &written, span));
        Self::new(Fault::BadValue { written, expected: expected.into(), meant }, span)
    }

    pub(super) fn bad_field(fault: ValueFault, meant: Option<String>, span: Span) -> Self {
        Self::new(Fault::Value { fault, meant }, span)
    }

    pub(super) fn missing_operand(operator: &'static str, side: &'static str, span: Span) -> Self {
        Self::new(Fault::MissingOperand { operator, side }, span)
    }

    pub(crate) fn too_broad(
        written: impl Into<String>,
        reason: impl Into<String>,
        span: Span,
    ) -> Self {
        Self::new(Fault::TooBroad { written: written.into(), reason: reason.into() }, span)
    }

    pub(super) fn bad_fuzzy(written: String, reason: impl Into<String>, span: Span) -> Self {
        Self::new(Fault::BadFuzzy { written, reason: reason.into() }, span)
    }

    pub(super) fn bad_phrase(reason: impl Into<String>, span: Span) -> Self {
        Self::new(Fault::BadPhrase(reason.into()), span)
    }

    pub(super) fn bad_distance(
        written: String,
        reason: impl Into<String>,
        meant: Option<String>,
        span: Span,
    ) -> Self {
        Self::new(Fault::BadDistance { written, reason: reason.into(), meant }, span)
    }

    pub(super) fn bad_operand(operand: &Query) -> Self {
        let span = operand.span().unwrap_or_default();
        Self::new(Fault::BadOperand { operand: operand.to_string() }, span)
    }

    pub(super) fn too_many_neighbours(span: Span) -> Self {
        Self::new(Fault::TooManyNeighbours, span)
    }

    pub(super) fn bad_weight(
        written: String,
        reason: impl Into<String>,
        meant: Option<String>,
        span: Span,
    ) -> Self {
        Self::new(Fault::BadWeight { written, reason: reason.into(), meant }, span)
    }

    /// The column at which the fault begins, counted from 1, in characters.
    #[must_use]
    pub fn column(&self) -> usize {
        self.start + 1
    }

    /// The faulty part, in characters counted from 0.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    /// A name for the kind of fault, which programs can rely on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.fault {
            Fault::Empty => "empty",
            Fault::TooLong(_) => "too_long",
            Fault::TooDeep => "too_deep",
            Fault::TooManyClauses => "too_many_clauses",
            Fault::MisspeltField { .. } | Fault::UnknownField { .. } => "unknown_field",
            Fault::EqualsForColon { .. } => "equals_for_colon",
            Fault::MarkForMinus { .. } => "mark_for_minus",
            Fault::BadValue { .. } | Fault::Value { .. } => "bad_value",
            Fault::MissingOperand { .. } => "missing_operand",
            Fault::TooBroad { .. } => "too_broad",
            Fault::BadFuzzy { .. } => "bad_fuzzy",
            Fault::BadPhrase(_) => "bad_phrase",
            Fault::BadDistance { .. } => "bad_distance",
            Fault::BadOperand { .. } => "bad_operand",
            Fault::TooManyNeighbours => "too_many_neighbours",
            Fault::BadWeight { .. } => "bad_weight",
        }
    }

    /// What to write in place of the faulty part, if there is a good guess.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        match &self.fault {
            Fault::MisspeltField { near, .. } => Some(near),
            Fault::EqualsForColon { meant, .. } | Fault::MarkForMinus { meant, .. } => Some(meant),
            Fault::BadValue { meant, .. }
            | Fault::Value { meant, .. }
            | Fault::BadDistance { meant, .. }
            | Fault::BadWeight { meant, .. } => meant.as_deref(),
            _ => None,
        }
    }
}

/// Something that was repaired so that the query could be understood. Columns are counted in
/// characters, from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Repair {
    /// A phrase was not closed.
    #[error("closed the quotation mark opened at column {column}")]
    ClosedQuote {
        /// Where it was opened.
        column: usize,
    },
    /// A parenthesis was not closed.
    #[error("closed the parenthesis opened at column {column}")]
    ClosedParenthesis {
        /// Where it was opened.
        column: usize,
    },
    /// A closing parenthesis closed nothing.
    #[error("skipped the closing parenthesis at column {column}: none is open")]
    DroppedParenthesis {
        /// Where it is.
        column: usize,
    },
    /// Something without letters or digits: parentheses or quotation marks around nothing, or
    /// punctuation alone.
    #[error("skipped `{written}` at column {column}: it holds no letters or digits")]
    NothingToFind {
        /// What was skipped.
        written: String,
        /// Where it is.
        column: usize,
    },
    /// Single quotation marks around several words were taken as double ones.
    #[error("read the single quotation marks at column {column} as double ones, around a phrase")]
    SingleQuotes {
        /// Where the first one is.
        column: usize,
    },
    /// A dash was taken as a minus sign.
    #[error("read the dash at column {column} as NOT, which leaves out what follows it")]
    DashForMinus {
        /// Where it is.
        column: usize,
    },
    /// A bar between words was taken as OR.
    #[error("read `{written}` at column {column} as OR")]
    BarForOr {
        /// The bar.
        written: String,
        /// Where it is.
        column: usize,
    },
    /// Several words after a field's colon were taken as one value.
    #[error("read {written} as one value")]
    JoinedValue {
        /// The condition with its value in quotation marks.
        written: String,
        /// Where it begins.
        column: usize,
    },
    /// Curly quotation marks were taken as straight ones.
    #[error("read the curly quotation marks as straight ones")]
    CurlyQuotes {
        /// Where the first one is.
        column: usize,
    },
}

impl Repair {
    /// The column of the repair, counted from 1, in characters.
    #[must_use]
    pub fn column(&self) -> usize {
        match self {
            Self::ClosedQuote { column }
            | Self::ClosedParenthesis { column }
            | Self::DroppedParenthesis { column }
            | Self::NothingToFind { column, .. }
            | Self::SingleQuotes { column }
            | Self::DashForMinus { column }
            | Self::BarForOr { column, .. }
            | Self::JoinedValue { column, .. }
            | Self::CurlyQuotes { column } => *column,
        }
    }
}
