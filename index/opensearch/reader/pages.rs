//! Returns all matches, paragraphs or reports, a page at a time.
//!
//! A cursor is a place in an order, together with a hash of the generation and the request: the number
//! of the next match, or what the last paragraph was sorted by.

use super::best::Scored;
use super::search::Shown;
use super::{Reader, lock, unread};
use crate::answering::pages::{name_of, next, start, within};
use crate::engine::{Engine as _, SearchError};
use crate::language::query::Query;
use crate::opensearch::layout::of_text;
use crate::records::{Attribute, ParagraphRecord, ReportRecord};
use crate::request::{
    Cursor, Deadline, Filters, Hit, HitsRequest, Page, ParagraphsRequest, ReportsRequest,
    SearchRequest,
};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

/// How far matches are sought in the order of the most that they can score; beyond, all are scored.
const PROVEN: usize = 2_000;

/// How many records are read at a time.
const CHUNK: usize = 1_000;

/// The order of the matches of a request, as far as it is known.
struct Order {
    /// The score and id of each, the best first.
    found: Vec<(f32, String)>,
    is_all: bool,
}

/// The order computed last, with the request it belongs to.
#[derive(Default)]
pub(super) struct Orders(Mutex<Option<(HitsRequest, Arc<Order>)>>);

impl Reader {
    pub(super) fn page_of_hits(
        &self,
        request: &HitsRequest,
        deadline: &Deadline,
    ) -> Result<Page<Hit>, SearchError> {
        let asked = HitsRequest { limit: 0, after: None, ..request.clone() };
        let name = name_of(self.generation.as_bytes(), "hits", &asked)?;
        let start = start(&name, request.after.as_ref())?;
        request.query.check_limits()?;
        let order = self.order_to(asked, start.saturating_add(request.limit), deadline)?;
        let (start, end) = within(start, request.limit, order.found.len());
        let page = &order.found[start..end];
        let mut held: HashMap<String, Scored> = HashMap::new();
        for page in page.chunks(CHUNK) {
            let ids: Vec<&String> = page.iter().map(|(_, id)| id).collect();
            let body = json!({
                "query": self.seen(&[&json!({"terms": {"id": ids}})]), "size": ids.len(),
                "_source": ["record"], "sort": [{"report": "asc"}, {"order": "asc"}],
            });
            for one in self.fetched(&self.ask(&body, deadline)?)? {
                held.insert(one.paragraph.id.clone(), Scored::unplaced(one));
            }
        }
        let found = page.iter().map(|(score, id)| {
            let one =
                held.remove(id).ok_or_else(|| unread("a paragraph that was found is gone"))?;
            Ok(Scored { score: *score, ..one })
        });
        let shown = Shown::all(found.collect::<Result<_, SearchError>>()?);
        let items = self.hits_of(&shown, 0..end - start, start, &request.query, None, deadline)?;
        Ok(Page { items, next: next(&name, end, order.found.len()) })
    }

    /// The order of a request's matches, at least up to a place, and whether there are more.
    fn order_to(
        &self,
        asked: HitsRequest,
        end: usize,
        deadline: &Deadline,
    ) -> Result<Arc<Order>, SearchError> {
        if let Some((of, order)) = lock(&self.orders.0).as_ref()
            && *of == asked
            && (order.is_all || order.found.len() > end)
        {
            return Ok(Arc::clone(order));
        }
        let sought = self.sought(&asked.query, &asked.filters)?;
        let expanded = self.expanded(&asked.query, deadline)?;
        let none = crate::language::negation::Asked::default();
        let ranked = self.ranked(&sought, &asked.query, &none, asked.sort, &expanded, deadline)?;
        let filters: Vec<&Value> = sought.filters.iter().map(|(_, filter)| filter).collect();
        let placed = |one: &Scored| (one.score, one.one.paragraph.id.clone());
        let order = if end < PROVEN {
            let mut reading = self.reading(&ranked, &filters);
            self.read_best(&mut reading, PROVEN, deadline)?;
            let known = reading.proven();
            let is_all = reading.is_all;
            Order { found: reading.found[..known].iter().map(placed).collect(), is_all }
        } else {
            let mut all = Vec::new();
            self.each_match(&sought.conditions(), None, deadline, |fetched| {
                let scored = self.scored(&ranked, fetched, deadline)?;
                all.extend(scored.iter().map(|one| (one.key.clone(), placed(one))));
                Ok(())
            })?;
            all.sort_by(|(one, _), (other, _)| one.cmp(other));
            Order { found: all.into_iter().map(|(_, placed)| placed).collect(), is_all: true }
        };
        let order = Arc::new(order);
        *lock(&self.orders.0) = Some((asked, Arc::clone(&order)));
        Ok(order)
    }

    pub(super) fn page_of_paragraphs(
        &self,
        request: &ParagraphsRequest,
        deadline: &Deadline,
    ) -> Result<Page<ParagraphRecord>, SearchError> {
        let name = name_of(self.generation.as_bytes(), "paragraphs", &request.filters)?;
        let sought = self.sought(&Query::All, &request.filters)?;
        let query = self.seen(&sought.conditions());
        let mut after = match &request.after {
            Some(Cursor(cursor)) => Some(last_of(&name, cursor)?),
            None => None,
        };
        let mut items = Vec::new();
        let mut is_more = true;
        while items.len() < request.limit && is_more {
            SearchError::in_time(deadline)?;
            // One more than is wanted shows whether there are more.
            let size = (request.limit - items.len()).saturating_add(1).min(CHUNK + 1);
            let mut body = json!({
                "query": query, "sort": by_authority(), "size": size, "_source": ["record"],
                "track_total_hits": false,
            });
            if let Some(after) = &after {
                body["search_after"] = after.clone();
            }
            let answer = self.ask(&body, deadline)?;
            let hits = answer["hits"]["hits"].as_array().map_or(&[][..], Vec::as_slice);
            is_more = hits.len() == size;
            for hit in &hits[..hits.len().min(size - 1)] {
                items.push(of_text(&hit["_source"]["record"]).map_err(unread)?);
                after = Some(hit["sort"].clone());
            }
        }
        let next = after
            .filter(|_| is_more)
            .map(|after| Cursor(format!("{name}:{}", hex::encode(after.to_string()))));
        Ok(Page { items, next })
    }

    pub(super) fn page_of_reports(
        &self,
        request: &ReportsRequest,
        deadline: &Deadline,
    ) -> Result<Page<ReportRecord>, SearchError> {
        let name = name_of(self.generation.as_bytes(), "reports", &request.filters)?;
        let start = start(&name, request.after.as_ref())?;
        let mut reports = self.filtered_reports(&request.filters, deadline)?;
        let (start, end) = within(start, request.limit, reports.len());
        let next = next(&name, end, reports.len());
        reports.truncate(end);
        Ok(Page { items: reports.split_off(start), next })
    }

    /// The reports that pass the filters; by authority, then date, then id.
    fn filtered_reports(
        &self,
        filters: &Filters,
        deadline: &Deadline,
    ) -> Result<Vec<ReportRecord>, SearchError> {
        if !filters.kinds().is_empty() || !filters.not.kinds().is_empty() {
            return Err(SearchError::KindOfReports);
        }
        let (wanted, left_out) =
            (filters.values(Attribute::Topic), filters.not.values(Attribute::Topic));
        let about = self.reports_about(wanted, filters.without_denials, deadline)?;
        let excluded = self.reports_about(left_out, false, deadline)?;
        let is_about = |report: &ReportRecord| {
            about.as_ref().is_none_or(|ids| ids.contains(&report.id))
                && excluded.as_ref().is_none_or(|ids| !ids.contains(&report.id))
        };
        let mut reports: Vec<ReportRecord> = Vec::new();
        let all = json!({"bool": {"filter": [self.visible, {"term": {"doc": "report"}}]}});
        let mut after = Value::Null;
        loop {
            SearchError::in_time(deadline)?;
            let mut body = json!({
                "query": all, "sort": [{"report": "asc"}], "size": CHUNK, "_source": ["record"],
                "track_total_hits": false,
            });
            if !after.is_null() {
                body["search_after"] = after;
            }
            let answer = self.ask(&body, deadline)?;
            let hits = answer["hits"]["hits"].as_array().map_or(&[][..], Vec::as_slice);
            for hit in hits {
                let report: ReportRecord = of_text(&hit["_source"]["record"]).map_err(unread)?;
                if is_about(&report) && filters.leave(&report) {
                    reports.push(report);
                }
            }
            match hits.last() {
                Some(last) if hits.len() == CHUNK => after = last["sort"].clone(),
                _ => break,
            }
        }
        reports.sort_by(|a, b| {
            let order = |r: &ReportRecord| (r.authority.is_none(), r.authority.clone(), r.date());
            order(a).cmp(&order(b)).then_with(|| a.id.cmp(&b.id))
        });
        Ok(reports)
    }

    /// Ids of the reports with a paragraph on one of these topics; `None` if no topic is asked for.
    fn reports_about(
        &self,
        topics: &[String],
        without_denials: bool,
        deadline: &Deadline,
    ) -> Result<Option<BTreeSet<String>>, SearchError> {
        if topics.is_empty() {
            return Ok(None);
        }
        let mut filters = Filters::of(Attribute::Topic, topics.to_vec());
        filters.without_denials = without_denials;
        let facets = vec![Attribute::Report];
        let request = SearchRequest { filters, facets, limit: 0, ..SearchRequest::default() };
        let counts =
            self.search(&request, deadline)?.facets.into_iter().flat_map(|facet| facet.counts);
        Ok(Some(counts.filter_map(|count| count.value).collect()))
    }
}

/// By authority, date and id of the report, then in the report's own order.
pub(super) fn by_authority() -> Value {
    json!([
        {"unnamed": "asc"}, {"authority": "asc"}, {"date": "asc"}, {"report": "asc"},
        {"order": "asc"},
    ])
}

/// What the last paragraph before a cursor was sorted by.
fn last_of(name: &str, cursor: &str) -> Result<Value, SearchError> {
    let sorted = cursor.split_once(':').filter(|(of, _)| *of == name).map(|(_, sorted)| sorted);
    let bytes = sorted.and_then(|sorted| hex::decode(sorted).ok());
    let last = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    last.ok_or(SearchError::Cursor)
}
