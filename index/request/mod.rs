//! What is asked of an index and what it answers, free of any engine's types.
//!
//! The JSON API, the command line and any later engine share these types: the same request must
//! mean the same thing whoever answers it.

pub mod compare;
mod deadline;
mod filters;
mod hit;
mod page;
mod similar;
pub mod terms;

pub use deadline::Deadline;
pub use filters::{Choice, Filters, ValueError};
pub use page::{Cursor, HitsRequest, PAGE, Page, ParagraphsRequest, ReportsRequest};
pub use similar::{Similar, SimilarRequest};

use crate::language::query::{NodeKind, Query};
use crate::records::{Attribute, ParagraphRecord, ReportHead, TopicUsed};
use serde::{Deserialize, Serialize};

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// The most relevant first.
    #[default]
    Relevance,
    /// The newest report first, then the report's own order.
    Date,
    /// By name of the authority, then the newest report first, then the report's own order.
    Authority,
}

impl Sort {
    /// All orders, as they are listed.
    pub const ALL: [Self; 3] = [Self::Relevance, Self::Date, Self::Authority];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Date => "date",
            Self::Authority => "authority",
        }
    }
}

/// A search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchRequest {
    /// The syntax tree; [`Query::All`] finds every paragraph that the filters leave.
    pub query: Query,
    /// Conditions beside it.
    pub filters: Filters,
    /// Order of the hits.
    pub sort: Sort,
    /// Put hits together; `limit` and `offset` then count groups.
    pub group: Option<Attribute>,
    /// How many hits a group shows.
    pub per_group: usize,
    /// Facets to count over all matches.
    pub facets: Vec<Attribute>,
    /// How many hits at the most.
    pub limit: usize,
    /// How many hits to pass over first.
    pub offset: usize,
    /// Show paragraphs that say nearly the same once, the best of them; see [`Hit::alike`].
    pub collapse: bool,
    /// Where fewer paragraphs than asked for hold all the words, add those that come closest; see
    /// [`SearchResponse::closest_from`].
    pub closest: bool,
    /// Say why each hit stands where it stands, and what each part of the query finds.
    pub explain: bool,
}

impl Default for SearchRequest {
    fn default() -> Self {
        Self {
            query: Query::All,
            filters: Filters::default(),
            sort: Sort::Relevance,
            group: None,
            per_group: 3,
            facets: Vec::new(),
            limit: 10,
            offset: 0,
            collapse: false,
            closest: false,
            explain: false,
        }
    }
}

/// One paragraph found.
///
/// In JSON the paragraph's fields stand beside `rank`, `score` and `spans`, and `report` is the
/// object [`ReportHead`] in place of the bare id that `findings export` gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its place among all hits (within a group: among the group's hits), counted from 1.
    pub rank: usize,
    /// Its score; higher is better. Comparable within one response only.
    pub score: f32,
    /// The paragraph.
    pub paragraph: ParagraphRecord,
    /// Its report.
    pub head: ReportHead,
    /// What matched, as `[start, end)` in characters of the text, in order, without overlap.
    pub spans: Vec<[usize; 2]>,
    /// Ids of other matches that say nearly the same, which are not shown by themselves.
    pub alike: Vec<String>,
    /// Why it stands where it stands, where asked for.
    pub explanation: Option<Explanation>,
}

/// Why a hit stands where it stands: its score is the sum of its parts times the three factors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// What each part of the query adds.
    pub parts: Vec<ExplainedPart>,
    /// Less than 1 where some part is missing: the more, the rarer that is.
    pub coverage: f32,
    /// Less than 1 for a paragraph too short to say much.
    pub length: f32,
    /// Less than 1 for what is not a finding.
    pub kind: f32,
}

/// What one part of a query adds to a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExplainedPart {
    /// The part, as printed.
    pub text: String,
    /// How often it stands in the paragraph, in any way of saying it.
    pub occurrences: u32,
    /// What it adds.
    pub score: f32,
}

/// A part of the tree and what it finds by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseCount {
    /// How deep it lies in the tree; the whole query lies at 0.
    pub depth: usize,
    /// What the part is.
    #[serde(rename = "sort")]
    pub kind: NodeKind,
    /// The part, as printed.
    pub text: String,
    /// How many paragraphs it finds within the filters.
    pub total: usize,
}

/// Hits of one report, authority or whatever else they were grouped by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The report's id, the authority's name, and so on; empty for what has none.
    pub key: String,
    /// How many paragraphs of it match.
    pub total: usize,
    /// Its best hits.
    pub hits: Vec<Hit>,
}

/// How often one value of a facet occurs among the matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetCount {
    /// The value; `None` counts the paragraphs without one.
    pub value: Option<String>,
    /// How many matching paragraphs have it.
    pub count: usize,
}

/// Counts of one facet over all matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetCounts {
    /// Which facet.
    pub facet: Attribute,
    /// Its values, the most frequent first, then by name; of sections, each before its children.
    pub counts: Vec<FacetCount>,
}

/// What the answer was drawn from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corpus {
    /// Number of reports held.
    pub reports: usize,
    /// Number of paragraphs held.
    pub paragraphs: usize,
    /// A hash over the reports held: equal fingerprints mean equal corpora.
    pub fingerprint: String,
}

/// Words that were searched beside what was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expansion {
    /// The part of the query, as written.
    pub written: String,
    /// What was searched as well.
    pub also: String,
    /// How many matches hold it.
    pub count: usize,
    /// How many of these do not hold what was written, and so were found only because of it or
    /// another expansion.
    pub alone: usize,
}

/// A word of a query that no paragraph holds: a slip, perhaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnheldWord {
    /// The word; of a phrase, folded.
    pub word: String,
    /// The field that was to hold it; `None` for the text.
    pub field: Option<Attribute>,
    /// The part of the query in which it was written, in characters from 0.
    pub span: [usize; 2],
    /// The words that are most like it, the likeliest first; none where nothing is like it.
    pub near: Vec<NearWord>,
}

/// A word that was perhaps meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearWord {
    /// The word, in small letters and without accents.
    pub word: String,
    /// How many paragraphs it finds in place of the other.
    pub paragraphs: usize,
}

/// The answer to a [`SearchRequest`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchResponse {
    /// The query as understood, printed from its tree.
    pub query: String,
    /// How many paragraphs match, exactly.
    pub total: usize,
    /// How many reports they stand in, exactly.
    pub reports: usize,
    /// How many matches come after those shown here and on pages before.
    pub left: usize,
    /// The hits, best first; empty where groups were asked for.
    pub hits: Vec<Hit>,
    /// The groups, where asked for.
    pub groups: Option<Vec<Group>>,
    /// How many groups there are in all, where asked for.
    pub total_groups: Option<usize>,
    /// Facet counts, in the order asked for.
    pub facets: Vec<FacetCounts>,
    /// The rank from which hits do not hold all of the words but come close; they are no part of
    /// `total`. `None` where every hit matches.
    pub closest_from: Option<usize>,
    /// What was searched beside what was written.
    pub expansions: Vec<Expansion>,
    /// The parts of the tree in its order and what each finds, where asked for.
    pub clauses: Vec<ClauseCount>,
    /// The topics by which paragraphs were chosen or counted, in the versions by which they were
    /// tagged; by id.
    pub topics_used: Vec<TopicUsed>,
    /// The version of the index's format.
    pub index_version: u32,
    /// What was searched.
    pub corpus: Corpus,
}
