//! The kinds of nodes of a tree.

use super::Query;
use serde::{Deserialize, Serialize};

/// The kind of a node of a tree, whatever it contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum NodeKind {
    /// [`Query::All`].
    #[serde(rename = "everything")]
    All,
    /// [`Query::Word`].
    Word,
    /// [`Query::Phrase`].
    Phrase,
    /// [`Query::Wildcard`].
    Wildcard,
    /// [`Query::Fuzzy`].
    Fuzzy,
    /// [`Query::Near`] in any order.
    Near,
    /// [`Query::Near`] in order.
    #[serde(rename = "onear")]
    OrderedNear,
    /// [`Query::Field`].
    Field,
    /// [`Query::Boost`].
    #[serde(rename = "weight")]
    Boost,
    /// [`Query::Affirmed`].
    Affirmed,
    /// [`Query::Expanded`].
    #[serde(rename = "also")]
    Expanded,
    /// [`Query::And`].
    And,
    /// [`Query::Or`].
    Or,
    /// [`Query::Not`].
    Not,
}

impl Query {
    /// The kind of this node.
    #[must_use]
    pub fn kind(&self) -> NodeKind {
        match self {
            Self::All => NodeKind::All,
            Self::Word { .. } => NodeKind::Word,
            Self::Phrase { .. } => NodeKind::Phrase,
            Self::Wildcard { .. } => NodeKind::Wildcard,
            Self::Fuzzy { .. } => NodeKind::Fuzzy,
            Self::Near { ordered: false, .. } => NodeKind::Near,
            Self::Near { ordered: true, .. } => NodeKind::OrderedNear,
            Self::Field { .. } => NodeKind::Field,
            Self::Boost { .. } => NodeKind::Boost,
            Self::Affirmed { .. } => NodeKind::Affirmed,
            Self::Expanded { .. } => NodeKind::Expanded,
            Self::And { .. } => NodeKind::And,
            Self::Or { .. } => NodeKind::Or,
            Self::Not { .. } => NodeKind::Not,
        }
    }
}
