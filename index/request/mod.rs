//! The requests that an index takes and its answers, free of any engine's types.
//!
//! The JSON API, the command line and any later engine share these types: the same request must
//! mean the same thing whichever engine answers it.

mod choices;
pub mod compare;
mod deadline;
mod filters;
mod hit;
mod page;
mod similar;
pub mod terms;

pub use choices::{Choice, Choices, ValueError};
pub use deadline::Deadline;
pub use filters::Filters;
pub use page::{Cursor, HitsRequest, PAGE, Page, ParagraphsRequest, ReportsRequest};
pub use similar::{Similar, SimilarRequest};

use crate::language::negation::Asked;
use crate::language::query::{NodeKind, Query};
use crate::records::{Attribute, ParagraphRecord, ReportHead, TopicUsed};
use serde::{Deserialize, Serialize};

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Sort {
    /// The most relevant first.
    #[default]
    Relevance,
    /// The newest report first, then the report's own order.
    Date,
    /// By the name of the authority, then the newest report first, then the report's own order.
    Authority,
    /// The last to come or to change first, then the newest report first, then by the id of the report
    /// and its own order.
    Changed,
}

impl Sort {
    /// All orders, in the order in which they are listed.
    pub const ALL: [Self; 4] = [Self::Relevance, Self::Date, Self::Authority, Self::Changed];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Date => "date",
            Self::Authority => "authority",
            Self::Changed => "changed",
        }
    }
}

/// A search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchRequest {
    /// The syntax tree; [`Query::All`] finds every paragraph that passes the filters.
    pub query: Query,
    /// What the question says of its words, so that paragraphs that say the opposite come lower; none
    /// if that does not matter. Decides nothing about what matches.
    pub asked: Asked,
    /// Further conditions.
    pub filters: Filters,
    /// Order of the hits.
    pub sort: Sort,
    /// What to group hits by; `limit` and `offset` then count groups.
    pub group: Option<Attribute>,
    /// Number of hits shown per group.
    pub per_group: usize,
    /// Facets to count over all matches.
    pub facets: Vec<Attribute>,
    /// Facets whose filter is no choice among their values, so that nothing could be chosen instead.
    /// What is excluded is listed all the same.
    pub fixed: Vec<Attribute>,
    /// Maximum number of hits.
    pub limit: usize,
    /// Number of hits to skip.
    pub offset: usize,
    /// Show only the best of paragraphs that say nearly the same; see [`Hit::alike`].
    pub collapse: bool,
    /// If fewer paragraphs than asked for contain all the words, add those that come closest; see
    /// [`SearchResponse::closest_from`].
    pub closest: bool,
    /// Explain the rank of each hit, and count what each part of the query finds.
    pub explain: bool,
}

impl Default for SearchRequest {
    fn default() -> Self {
        Self {
            query: Query::All,
            asked: Asked::default(),
            filters: Filters::default(),
            sort: Sort::Relevance,
            group: None,
            per_group: 3,
            facets: Vec::new(),
            fixed: Vec::new(),
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
/// In JSON the paragraph's fields appear next to `rank`, `score` and `spans`, and `report` is the
/// object [`ReportHead`] in place of the bare id that `findings export` gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its place among all hits (in a group: among the group's hits), counted from 1.
    pub rank: usize,
    /// Its score; higher is better. Comparable only within one response.
    pub score: f32,
    /// The paragraph.
    pub paragraph: ParagraphRecord,
    /// Its report.
    pub head: ReportHead,
    /// What matched, as `[start, end)` in characters of the text, in order, without overlap.
    pub spans: Vec<[usize; 2]>,
    /// Ids of other matches that say nearly the same and are not shown separately.
    pub alike: Vec<String>,
    /// The words of its text that are closest in meaning to the question, the closest first, where
    /// closeness brought it here.
    pub near: Vec<String>,
    /// The explanation of its rank, if asked for.
    pub explanation: Option<Explanation>,
}

/// The explanation of a hit's rank: its score is the sum of its parts times the four factors, and what
/// closeness in meaning adds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Explanation {
    /// What each part of the query adds.
    pub parts: Vec<ExplainedPart>,
    /// Less than 1 if a part of the query is missing: the rarer that part, the smaller.
    pub coverage: f32,
    /// Less than 1 for a paragraph that is too short to say much.
    pub length: f32,
    /// Less than 1 for a paragraph that is not a finding.
    pub kind: f32,
    /// Less than 1 for a paragraph that says the opposite of what was asked.
    #[serde(default = "whole", skip_serializing_if = "is_whole")]
    pub negation: f32,
    /// The word of the question of which it says the opposite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opposed: Option<String>,
    /// What closeness in meaning adds; 0 where words alone count.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub meaning: f32,
}

fn whole() -> f32 {
    1.0
}

fn is_whole(factor: &f32) -> bool {
    *factor == 1.0
}

fn is_nothing(added: &f32) -> bool {
    *added == 0.0
}

/// What one part of a query adds to a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ExplainedPart {
    /// The part, as printed.
    pub text: String,
    /// How often it occurs in the paragraph, in any variant.
    pub occurrences: u32,
    /// What it adds to the score.
    pub score: f32,
}

/// A part of the tree, with the number of paragraphs that it finds by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ClauseCount {
    /// Its depth in the tree; the whole query has depth 0.
    pub depth: usize,
    /// What the part is.
    #[serde(rename = "sort")]
    pub kind: NodeKind,
    /// The part, as printed.
    pub text: String,
    /// Number of paragraphs that it finds within the filters.
    pub total: usize,
}

/// Hits of one report, one authority, or one value of whatever attribute they are grouped by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Group {
    /// The report's id, the authority's name, and so on; empty for hits without a value.
    pub key: String,
    /// Number of its paragraphs that match.
    pub total: usize,
    /// Its best hits.
    pub hits: Vec<Hit>,
}

/// How often one value of a facet occurs among the matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FacetCount {
    /// The value; `None` counts the paragraphs without one.
    pub value: Option<String>,
    /// Number of matching paragraphs that have it.
    pub count: usize,
    /// Whether a filter chose the value.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub chosen: bool,
    /// Whether a filter excludes the value, so that the number is of the paragraphs that would come
    /// back if it did not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub excluded: bool,
}

/// Counts of one facet over all matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FacetCounts {
    /// The facet.
    pub facet: Attribute,
    /// Its values among the matches: those that a filter chose first, then the most frequent, then
    /// by name; for sections, each before its children.
    pub counts: Vec<FacetCount>,
    /// If a filter chose among its values: the others, and the number of paragraphs that would match
    /// if each were chosen instead; in the same order. Then the values that a filter excludes, each
    /// with the number of paragraphs that would match in addition if it were no longer excluded;
    /// values that would bring back none are left out. Paragraphs with several excluded values are
    /// counted for none of them, except that those below several excluded headings are counted for
    /// the outermost.
    #[serde(default)]
    pub instead: Vec<FacetCount>,
}

/// The contents that an answer is based on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Corpus {
    /// Number of reports held.
    pub reports: usize,
    /// Number of paragraphs held.
    pub paragraphs: usize,
    /// A hash of the reports held: equal fingerprints mean equal corpora.
    pub fingerprint: String,
}

/// Words that were searched in addition to what was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Expansion {
    /// The part of the query, as written.
    pub written: String,
    /// What was also searched.
    pub also: String,
    /// Number of matches that contain it.
    pub count: usize,
    /// Number of these that do not contain what was written and that the query as a whole does not
    /// find by its own words, and so were found only because of this or another expansion.
    pub alone: usize,
}

/// A word of a query that occurs in no paragraph: perhaps a typing error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UnheldWord {
    /// The word; folded if it is part of a phrase.
    pub word: String,
    /// The field that it was searched in; `None` for the text.
    pub field: Option<Attribute>,
    /// The part of the query in which it was written, in characters counted from 0.
    pub span: [usize; 2],
    /// The most similar words, the likeliest first; empty if none is similar.
    pub near: Vec<NearWord>,
}

/// A word that may have been meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NearWord {
    /// The word, in lower case and without accents.
    pub word: String,
    /// Number of paragraphs that it finds in place of the other.
    pub paragraphs: usize,
}

/// The answer to a [`SearchRequest`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SearchResponse {
    /// The query as understood, printed from its tree.
    pub query: String,
    /// The exact number of paragraphs that match.
    pub total: usize,
    /// The exact number of reports they belong to.
    pub reports: usize,
    /// The order of the hits.
    pub sort: Sort,
    /// Number of matches after those on this page and on pages before it.
    pub left: usize,
    /// The hits, best first; empty if groups were asked for.
    pub hits: Vec<Hit>,
    /// The groups, if asked for.
    pub groups: Option<Vec<Group>>,
    /// The number of all groups, if asked for.
    pub total_groups: Option<usize>,
    /// Facet counts, in the order asked for.
    pub facets: Vec<FacetCounts>,
    /// The rank from which hits do not contain all the words but come close; they do not count in
    /// `total`. `None` if every hit matches.
    pub closest_from: Option<usize>,
    /// What was searched in addition to what was written.
    pub expansions: Vec<Expansion>,
    /// The parts of the tree, in its order, and what each finds; if asked for.
    pub clauses: Vec<ClauseCount>,
    /// The topics that selected or counted paragraphs, in the versions with which these were
    /// tagged; by id.
    pub topics_used: Vec<TopicUsed>,
    /// The version of the index's format.
    pub index_version: u32,
    /// The name of the commit that answered; another commit has another.
    #[serde(default)]
    pub generation: String,
    /// What was searched.
    pub corpus: Corpus,
}

impl SearchResponse {
    /// The hits, whether grouped or not, in their order.
    pub fn every_hit(&self) -> impl Iterator<Item = &Hit> {
        let grouped = self.groups.iter().flatten().flat_map(|group| &group.hits);
        self.hits.iter().chain(grouped)
    }
}
