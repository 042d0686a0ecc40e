//! Requests for all there is, a page at a time.

use crate::language::query::Query;
use crate::request::{Filters, Sort};
use serde::{Deserialize, Serialize};

/// Where the next page begins. Belongs to the request and the state of the index that gave it;
/// programs hand it back as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// Some of all there is, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Cursor>,
}

/// How many items a page has where nothing else is asked for: as many as are worth fetching
/// together.
pub const PAGE: usize = 256;

/// Every match, in order, with the spans that made it match.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HitsRequest {
    /// The query.
    pub query: Query,
    /// Conditions as well.
    pub filters: Filters,
    /// The order.
    pub sort: Sort,
    /// How many at the most on a page.
    pub limit: usize,
    /// Where the page begins; `None` for the first.
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

/// Every paragraph that the filters leave, by authority, date and id of its report, then in the
/// report's own order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ParagraphsRequest {
    /// The conditions.
    pub filters: Filters,
    /// How many at the most on a page.
    pub limit: usize,
    /// Where the page begins; `None` for the first.
    pub after: Option<Cursor>,
}

impl Default for ParagraphsRequest {
    fn default() -> Self {
        Self { filters: Filters::default(), limit: PAGE, after: None }
    }
}

/// The reports that the filters leave (see [`Filters::leave`]) and of which some paragraph has one
/// of the topics asked for, by authority, then date, then id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReportsRequest {
    /// The conditions.
    pub filters: Filters,
    /// How many at the most on a page.
    pub limit: usize,
    /// Where the page begins; `None` for the first.
    pub after: Option<Cursor>,
}

impl Default for ReportsRequest {
    fn default() -> Self {
        Self { filters: Filters::default(), limit: PAGE, after: None }
    }
}
