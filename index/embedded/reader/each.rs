//! Hands out all there is, a page at a time.
//!
//! The order of everything is worked out for the first page and remembered for those after it: a
//! cursor is a place in that order, and the state of the index that it is a place of.

use super::IndexReader;
use super::hits::{Fetch, Shown};
use super::search::{Ranked, Round};
use crate::engine::SearchError;
use crate::language::query::Query;
use crate::records::{ParagraphRecord, ReportRecord};
use crate::request::{
    Cursor, Deadline, Filters, Hit, HitsRequest, Page, ParagraphsRequest, ReportsRequest,
    SearchRequest,
};
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::DocAddress;

/// The order worked out last, with what asked for it.
#[derive(Default)]
pub(super) struct Orders {
    hits: Mutex<Option<(HitsRequest, Arc<Ranked>)>>,
    paragraphs: Mutex<Option<(Filters, Arc<Vec<DocAddress>>)>>,
}

/// What is remembered for `asked`, or else what `work` gives, which is remembered instead.
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
        let start = self.start(request.after.as_ref())?;
        request.query.check_limits()?;
        let asked = HitsRequest { limit: 0, after: None, ..request.clone() };
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
        let items = Fetch::new(self, &request.query).hits(
            &Shown::all(&best[start..end]),
            0..end - start,
            start,
        )?;
        Ok(Page { items, next: self.next(end, best.len()) })
    }

    pub(super) fn page_of_paragraphs(
        &self,
        request: &ParagraphsRequest,
        deadline: &Deadline,
    ) -> Result<Page<ParagraphRecord>, SearchError> {
        let start = self.start(request.after.as_ref())?;
        let order = remembered(&self.orders.paragraphs, request.filters.clone(), || {
            self.in_order(&Query::All, &request.filters, deadline)
        })?;
        let (start, end) = within(start, request.limit, order.len());
        let records = order[start..end].iter().map(|address| self.record(*address));
        let items = records.collect::<Result<_, _>>()?;
        Ok(Page { items, next: self.next(end, order.len()) })
    }

    pub(super) fn page_of_reports(
        &self,
        request: &ReportsRequest,
        deadline: &Deadline,
    ) -> Result<Page<ReportRecord>, SearchError> {
        let start = self.start(request.after.as_ref())?;
        let mut reports = self.filtered_reports(&request.filters, deadline)?;
        let (start, end) = within(start, request.limit, reports.len());
        let next = self.next(end, reports.len());
        reports.truncate(end);
        Ok(Page { items: reports.split_off(start), next })
    }

    /// The place at which a page begins.
    fn start(&self, after: Option<&Cursor>) -> Result<usize, SearchError> {
        let Some(Cursor(cursor)) = after else {
            return Ok(0);
        };
        let (state, place) = cursor.split_once(':').ok_or(SearchError::Cursor)?;
        if state != self.corpus.fingerprint {
            return Err(SearchError::Cursor);
        }
        place.parse().map_err(|_| SearchError::Cursor)
    }

    fn next(&self, end: usize, of: usize) -> Option<Cursor> {
        (end < of).then(|| Cursor(format!("{}:{end}", self.corpus.fingerprint)))
    }
}

/// The first place of a page and the one after its last.
fn within(start: usize, limit: usize, of: usize) -> (usize, usize) {
    let start = start.min(of);
    (start, start.saturating_add(limit).min(of))
}
