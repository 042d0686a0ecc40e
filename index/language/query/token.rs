//! The tokens of a query.

use super::{Part, Span};
use crate::records::Attribute;

/// A token and its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) what: What,
    pub(super) span: Span,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    Open,
    Close,
    And,
    Or,
    /// `NOT`, or `-` before something.
    Not,
    /// `+` before something.
    Plus,
    Everything,
    Word(String),
    Phrase(Vec<Part>, Option<u32>),
    Wildcard(String),
    Fuzzy(String, u8),
    Field(Attribute, String),
    /// `NEAR/n`, or `ONEAR/n` where order counts.
    Near {
        within: u32,
        ordered: bool,
    },
    /// `^n` after something.
    Weight(f32),
}

impl What {
    /// The name of the operator, if it joins two clauses.
    pub(super) fn operator(&self) -> Option<&'static str> {
        match self {
            Self::And => Some("AND"),
            Self::Or => Some("OR"),
            Self::Near { ordered: false, .. } => Some("NEAR"),
            Self::Near { ordered: true, .. } => Some("ONEAR"),
            _ => None,
        }
    }
}
