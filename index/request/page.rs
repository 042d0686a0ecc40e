//! Requests for all matches, paragraphs or reports, a page at a time.

use crate::language::query::Query;
use crate::request::{Filters, Sort};
use serde::{Deserialize, Serialize};

/// The start of the next page. Belongs to the request and the state of the index that issued it;
/// programs pass it back unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// A part of all items, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The start of the next page; `None` on the last.
    pub next: Option<Cursor>,
}

/// The default number of items on a page: as many as are worth fetching together.
pub const PAGE: usize = 256;

/// A request for every match, in order, with the spans that made it match.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HitsRequest {
    /// The query.
    pub query: Query,
    /// Further conditions.
    pub filters: Filters,
    /// The order.
    pub sort: Sort,
    /// Maximum number of items on a page.
    pub limit: usize,
    /// The start of the page; `None` for the first.
    pub after: Option<Cursor>,
}

impl Default for HitsRequest {
    fn default() -> Self {
        Self {
            query: Query::All,
            filters: Filters::default(),
            sort: Sort::Relevance,
            limit: PAGE,
            after: None,
        }
    }
}

/// A request for every paragraph that passes the filters, by authority, date and id of its report,
/// then in the report's own order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ParagraphsRequest {
    /// The conditions.
    pub filters: Filters,
    /// Maximum number of items on a page.
    pub limit: usize,
    /// The start of the page; `None` for the first.
    pub after: Option<Cursor>,
}

impl Default for ParagraphsRequest {
    fn default() -> Self {
        Self { filters: Filters::default(), limit: PAGE, after: None }
    }
}

/// A request for the reports that pass the filters (see [`Filters::leave`]) and have a paragraph
/// with one of the topics asked for; by authority, then date, then id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReportsRequest {
    /// The conditions.
    pub filters: Filters,
    /// Maximum number of items on a page.
    pub limit: usize,
    /// The start of the page; `None` for the first.
    pub after: Option<Cursor>,
}

impl Default for ReportsRequest {
    fn default() -> Self {
        Self { filters: Filters::default(), limit: PAGE, after: None }
    }
}
