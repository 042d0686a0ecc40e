//! What is asked about paragraphs like one, and what is answered.

use crate::records::ParagraphRecord;
use crate::request::{Filters, Hit};
use serde::{Deserialize, Serialize};

/// What paragraphs are wanted that are like one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimilarRequest {
    /// The id of the paragraph.
    pub id: String,
    /// Leave out the paragraphs of its own authority; of its own report where none is known.
    pub elsewhere: bool,
    /// Conditions on those that are found.
    pub filters: Filters,
    /// How many at the most.
    pub limit: usize,
    /// Number of results to skip.
    pub offset: usize,
    /// Explain how each was ranked.
    pub explain: bool,
}

/// A paragraph and those like it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Similar {
    /// The paragraph itself.
    pub paragraph: ParagraphRecord,
    /// The words by which others were found to be like it, the most telling first.
    pub words: Vec<String>,
    /// Those like it, the likest first.
    pub hits: Vec<Hit>,
}
