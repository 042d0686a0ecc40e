//! The query language: a small syntax tree, free of any engine's types.

use serde::{Deserialize, Serialize};

/// A query as a syntax tree.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Query {
    /// Every paragraph.
    #[default]
    All,
}
