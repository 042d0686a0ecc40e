//! Reads paragraphs from answers of the cluster, and decides which of them a tree finds.

use super::{Reader, lock, unread};
use crate::embedded::excerpt::Excerpt;
use crate::engine::{Engine as _, SearchError};
use crate::language::query::Query;
use crate::opensearch::client::Fault;
use crate::opensearch::layout::of_text;
use crate::records::{ParagraphRecord, ReportHead, ReportRecord};
use crate::request::Deadline;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many paragraphs are read at a time where all are wanted.
const CHUNK: usize = 2_000;

/// A paragraph that was read.
#[derive(Debug, Clone)]
pub(super) struct Fetched {
    pub(super) paragraph: Arc<ParagraphRecord>,
    pub(super) head: Arc<ReportHead>,
    /// The values by which the cluster sorted it.
    pub(super) sort: Vec<Value>,
}

impl Reader {
    /// The record of the only document that all of these conditions find.
    pub(super) fn record<T: DeserializeOwned>(
        &self,
        conditions: &Value,
    ) -> Result<Option<T>, SearchError> {
        let mut all = vec![self.visible.clone()];
        all.extend(conditions.as_array().cloned().unwrap_or_default());
        let body = json!({"query": {"bool": {"filter": all}}, "size": 1, "_source": ["record"]});
        let answer = self.ask(&body, &Deadline::never())?;
        let hit = &answer["hits"]["hits"][0];
        match hit {
            Value::Null => Ok(None),
            hit => of_text(&hit["_source"]["record"]).map(Some).map_err(unread),
        }
    }

    /// The heads of these reports.
    pub(super) fn heads_of(&self, reports: &BTreeSet<String>) -> Result<(), SearchError> {
        let missing: Vec<String> = {
            let held = lock(&self.heads);
            reports.iter().filter(|report| !held.contains_key(*report)).cloned().collect()
        };
        for missing in missing.chunks(CHUNK) {
            let conditions = json!([
                self.visible, {"term": {"doc": "report"}}, {"terms": {"report": missing}},
            ]);
            let body = json!({
                "query": {"bool": {"filter": conditions}}, "size": missing.len(),
                "_source": ["head"],
            });
            let answer = self.ask(&body, &Deadline::never())?;
            let mut held = lock(&self.heads);
            for hit in answer["hits"]["hits"].as_array().into_iter().flatten() {
                let head: ReportHead = of_text(&hit["_source"]["head"]).map_err(unread)?;
                held.insert(head.id.clone(), Arc::new(head));
            }
        }
        Ok(())
    }

    /// The paragraphs of an answer, in its order.
    pub(super) fn fetched(&self, answer: &Value) -> Result<Vec<Fetched>, SearchError> {
        let hits = answer["hits"]["hits"].as_array().map_or(&[][..], Vec::as_slice);
        let mut read = Vec::with_capacity(hits.len());
        for hit in hits {
            let paragraph: ParagraphRecord = of_text(&hit["_source"]["record"]).map_err(unread)?;
            read.push((paragraph, hit["sort"].as_array().cloned().unwrap_or_default()));
        }
        self.heads_of(&read.iter().map(|(paragraph, _)| paragraph.report.clone()).collect())?;
        let held = lock(&self.heads);
        let fetched = read.into_iter().map(|(paragraph, sort)| {
            let head = held.get(&paragraph.report).cloned();
            let head = head.ok_or_else(|| unread("a paragraph has no report"))?;
            Ok(Fetched { paragraph: Arc::new(paragraph), head, sort })
        });
        fetched.collect()
    }

    /// Those of the paragraphs that a tree finds.
    pub(super) fn matching(
        &self,
        fetched: Vec<Fetched>,
        tree: &Query,
        deadline: &Deadline,
    ) -> Result<Vec<Fetched>, SearchError> {
        let whole = self.whole()?;
        let all = fetched.iter().map(|one| (&*one.paragraph, &*one.head));
        let matching = Excerpt::new(&whole, all)?.matches(tree, deadline)?;
        Ok(matching.into_iter().filter_map(|at| fetched.get(at).cloned()).collect())
    }

    /// Passes all paragraphs that the conditions find, and `tree` if that is to be checked, to `visit`:
    /// some at a time, by report, then in the report's own order.
    pub(super) fn each_match(
        &self,
        conditions: &[&Value],
        tree: Option<&Query>,
        deadline: &Deadline,
        visit: impl FnMut(Vec<Fetched>) -> Result<(), SearchError>,
    ) -> Result<(), SearchError> {
        let sort = json!([{"report": "asc"}, {"order": "asc"}]);
        self.each_in(&self.seen(conditions), &sort, tree, deadline, visit)
    }

    /// Does the same in another order.
    pub(super) fn each_in(
        &self,
        query: &Value,
        sort: &Value,
        tree: Option<&Query>,
        deadline: &Deadline,
        mut visit: impl FnMut(Vec<Fetched>) -> Result<(), SearchError>,
    ) -> Result<(), SearchError> {
        let mut after = Value::Null;
        loop {
            SearchError::in_time(deadline)?;
            let mut body = json!({
                "query": query, "sort": sort, "size": CHUNK, "_source": ["record"],
                "track_total_hits": false,
            });
            if !after.is_null() {
                body["search_after"] = after;
            }
            let answer = self.ask(&body, deadline)?;
            let fetched = self.fetched(&answer)?;
            let read = fetched.len();
            after = fetched.last().map_or(Value::Null, |last| json!(last.sort));
            let fetched = match tree {
                Some(tree) => self.matching(fetched, tree, deadline)?,
                None => fetched,
            };
            visit(fetched)?;
            if read < CHUNK {
                return Ok(());
            }
        }
    }

    /// A report with all of its paragraphs in their order.
    pub(crate) fn whole_report(
        &self,
        id: &str,
    ) -> Result<Option<(ReportRecord, Vec<ParagraphRecord>)>, Fault> {
        let failed = |error: SearchError| Fault::unread(error.to_string());
        let Some(report) = self.report(id).map_err(failed)? else { return Ok(None) };
        let mut paragraphs = Vec::new();
        let own = json!({"term": {"report": id}});
        let all = self.each_match(&[&own], None, &Deadline::never(), |fetched| {
            paragraphs.extend(fetched.into_iter().map(|one| (*one.paragraph).clone()));
            Ok(())
        });
        all.map_err(failed)?;
        Ok(Some((report, paragraphs)))
    }

    /// Passes the text of each paragraph of a report to `visit`.
    pub(crate) fn each_text(&self, report: &str, visit: &mut dyn FnMut(&str)) -> Result<(), Fault> {
        let own = json!({"term": {"report": report}});
        let all = self.each_match(&[&own], None, &Deadline::never(), |fetched| {
            fetched.iter().for_each(|one| visit(&one.paragraph.text));
            Ok(())
        });
        all.map_err(|error| Fault::unread(error.to_string()))
    }
}
