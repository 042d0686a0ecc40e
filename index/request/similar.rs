//! Requests for paragraphs like a given one, and their answers.

use crate::records::ParagraphRecord;
use crate::request::{Corpus, Filters, Hit};
use serde::{Deserialize, Serialize};

/// A request for paragraphs like a given one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimilarRequest {
    /// The id of the paragraph.
    pub id: String,
    /// Leave out the paragraphs of its own authority, or of its own report if the authority is
    /// unknown.
    pub elsewhere: bool,
    /// Conditions on the paragraphs found.
    pub filters: Filters,
    /// Maximum number of results.
    pub limit: usize,
    /// Number of results to skip.
    pub offset: usize,
    /// Explain how each was ranked.
    pub explain: bool,
}

/// A paragraph and those like it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Similar {
    /// The paragraph itself.
    pub paragraph: ParagraphRecord,
    /// The words used to find similar paragraphs, the most telling first.
    pub words: Vec<String>,
    /// How many other paragraphs have any of the words.
    pub total: usize,
    /// How many of them are not shown yet.
    pub left: usize,
    /// Paragraphs like it, the most similar first.
    pub hits: Vec<Hit>,
    /// The version of the index's format.
    pub index_version: u32,
    /// The name of the commit that answered; another commit has another.
    pub generation: String,
    /// What was searched.
    pub corpus: Corpus,
}
