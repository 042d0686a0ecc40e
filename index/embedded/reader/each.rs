//! Returns all matches, paragraphs or reports, a page at a time.
//!
//! The order of hits and of paragraphs is computed for the first page and remembered for the next
//! pages.

use super::IndexReader;
use super::hits::{Collapsed, Fetch};
use super::search::{Ranked, Round};
use crate::answering::pages::{name_of, next, start, within};
use crate::engine::SearchError;
use crate::language::query::Query;
use crate::records::{ParagraphRecord, ReportRecord};
use crate::request::{
    Deadline, Filters, Hit, HitsRequest, Page, ParagraphsRequest, ReportsRequest, SearchRequest,
};
use serde::Serialize;
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::DocAddress;

/// The order computed last, with the request it belongs to.
#[derive(Default)]
pub(super) struct Orders {
    hits: Mutex<Option<(HitsRequest, Arc<Ranked>)>>,
    paragraphs: Mutex<Option<(Filters, Arc<Vec<DocAddress>>)>>,
}

/// Returns what is remembered for `asked`; otherwise computes it with `work` and remembers that
/// instead.
fn remembered<A: PartialEq, T>(
    cell: &Mutex<Option<(A, Arc<T>)>>,
    asked: A,
    work: impl FnOnce() -> Result<T, SearchError>,
) -> Result<Arc<T>, SearchError> {
    let lock = || cell.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((of, order)) = lock().as_ref()
        && *of == asked
    {
        return Ok(order.clone());
    }
    let order = Arc::new(work()?);
    *lock() = Some((asked, order.clone()));
    Ok(order)
}

impl IndexReader {
    pub(super) fn page_of_hits(
        &self,
        request: &HitsRequest,
        deadline: &Deadline,
    ) -> Result<Page<Hit>, SearchError> {
        let asked = HitsRequest { limit: 0, after: None, ..request.clone() };
        let order = self.order_of("hits", &asked)?;
        let start = start(&order, request.after.as_ref())?;
        request.query.check_limits()?;
        let ranked = remembered(&self.orders.hits, asked, || {
            let search = SearchRequest {
                query: request.query.clone(),
                filters: request.filters.clone(),
                sort: request.sort,
                limit: usize::MAX,
                ..SearchRequest::default()
            };
            let round = Round { keep: usize::MAX, ..Round::default() };
            self.gather(&request.query, &search, &round, deadline)
        })?;
        let best = &ranked.gathered.best;
        let (start, end) = within(start, request.limit, best.len());
        let items = Fetch::new(self, &request.query, deadline).hits(
            &Collapsed::none(&best[start..end]),
            0..end - start,
            start,
        )?;
        Ok(Page { items, next: next(&order, end, best.len()) })
    }

    pub(super) fn page_of_paragraphs(
        &self,
        request: &ParagraphsRequest,
        deadline: &Deadline,
    ) -> Result<Page<ParagraphRecord>, SearchError> {
        let order = self.order_of("paragraphs", &request.filters)?;
        let start = start(&order, request.after.as_ref())?;
        let found = remembered(&self.orders.paragraphs, request.filters.clone(), || {
            self.in_order(&Query::All, &request.filters, deadline)
        })?;
        let (start, end) = within(start, request.limit, found.len());
        let records = found[start..end].iter().map(|address| {
            SearchError::in_time(deadline)?;
            self.record(*address)
        });
        let items = records.collect::<Result<_, _>>()?;
        Ok(Page { items, next: next(&order, end, found.len()) })
    }

    pub(super) fn page_of_reports(
        &self,
        request: &ReportsRequest,
        deadline: &Deadline,
    ) -> Result<Page<ReportRecord>, SearchError> {
        let order = self.order_of("reports", &request.filters)?;
        let start = start(&order, request.after.as_ref())?;
        let mut reports = self.filtered_reports(&request.filters, deadline)?;
        let (start, end) = within(start, request.limit, reports.len());
        let next = next(&order, end, reports.len());
        reports.truncate(end);
        Ok(Page { items: reports.split_off(start), next })
    }

    /// A name for the order of a request in this state of the index: every segment has a unique
    /// name, and every commit writes a segment.
    fn order_of(&self, sort: &str, asked: &impl Serialize) -> Result<String, SearchError> {
        let mut state = Vec::new();
        for segment in self.snapshot.searcher.segment_readers() {
            state.extend_from_slice(segment.segment_id().uuid_string().as_bytes());
            state.extend_from_slice(&segment.num_deleted_docs().to_le_bytes());
        }
        name_of(&state, sort, asked)
    }
}
