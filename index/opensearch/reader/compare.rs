//! Answers a comparison.
//!
//! The cluster counts paragraphs by everything that a comparison counts them by, and what it counts is
//! added up here as it is for every engine. Only where it finds more than is meant are matches counted
//! one by one.

use super::best::{Ranked, Scored};
use super::count::{Counted, counted_name, names_of};
use super::fetch::Fetched;
use super::found::Sought;
use super::search::Shown;
use super::{Reader, lock, unread};
use crate::answering::best::Found;
use crate::answering::comparison::{Comparison, ReportRow, Tallies, eligible, with_phrases};
use crate::answering::facets::topics_used;
use crate::answering::held::INDEX_VERSION;
use crate::answering::quotations::{PER_REPORT, Quotations};
use crate::answering::tally::{Grouping, Names, Run, Stand, keys, number};
use crate::engine::{Engine as _, SearchError};
use crate::language::negation::Asked;
use crate::language::query::Query;
use crate::records::day::day;
use crate::records::{Attribute, ReportHead, Value as Own};
use crate::request::compare::{CompareRequest, CompareResponse, GroupTally, ReportTally};
use crate::request::{Deadline, Filters, SearchRequest, Sort};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

/// How many combinations are counted at a time.
const ROWS: usize = 10_000;

/// How many groups are quoted from at a time.
const AT_ONCE: usize = 8;

/// The names that numbers refer to, by attribute.
struct Columns(BTreeMap<&'static str, Vec<String>>);

/// Paragraphs that have everything in common that they are counted by.
struct Row {
    report: String,
    kind: String,
    grade: String,
    rank: Option<u8>,
    /// Their values of the dimensions.
    values: Vec<String>,
    paragraphs: usize,
    words: u64,
}

impl Columns {
    fn of(&self, attribute: Attribute) -> &[String] {
        self.0.get(attribute.name()).map_or(&[], Vec::as_slice)
    }

    fn number(&self, attribute: Attribute, name: &str) -> u32 {
        match attribute {
            Attribute::Year => name.parse().unwrap_or(0),
            attribute => number(self.of(attribute), name).unwrap_or(0),
        }
    }
}

impl Reader {
    pub(super) fn count_groups(
        &self,
        request: &CompareRequest,
        deadline: &Deadline,
    ) -> Result<CompareResponse, SearchError> {
        let filters = eligible(request)?;
        let expanded = self.expanded(&request.query, deadline)?;
        let columns = self.columns(&request.by, &filters)?;
        let by: Vec<Grouping<'_>> =
            request.by.iter().map(|by| Grouping::new(*by, columns.of(*by))).collect();
        let names = Names {
            reports: columns.of(Attribute::Report),
            authorities: columns.of(Attribute::Authority),
            regions: columns.of(Attribute::Region),
            frameworks: columns.of(Attribute::Framework),
            visits: columns.of(Attribute::Visit),
            overalls: columns.of(Attribute::Overall),
            grades: columns.of(Attribute::Grade),
            kinds: columns.of(Attribute::Kind),
        };
        let mut comparison = Comparison::new(names, &request.by, &by);
        let every = self.sought(&Query::All, &filters)?;
        let sought = self.sought(&request.query, &filters)?;
        let key = |row: &Row| {
            let mut groups = by.iter().zip(&request.by).zip(&row.values);
            let mut next = || {
                groups
                    .next()
                    .map(|((by, attribute), name)| by.group(columns.number(*attribute, name)))
            };
            let first = next();
            keys(first, next())
        };
        self.each_row(&every, &request.by, &filters, deadline, |row, head| {
            let run = run(&columns, &row);
            comparison.add_eligible(&run, key(&row), || report_row(&columns, &filters, head));
        })?;
        self.each_row(&sought, &request.by, &filters, deadline, |row, head| {
            let run = run(&columns, &row);
            comparison.add_matching(&run, key(&row), || report_row(&columns, &filters, head));
        })?;
        let Tallies { whole, mut groups, columns: second, cells, reports } = comparison.tallies();
        let ranked_tree = with_phrases(&request.query, || self.topics())?;
        if request.candidates > 0 {
            let asked = Asked::default();
            let ranked =
                self.ranked(&sought, &ranked_tree, &asked, Sort::Relevance, &expanded, deadline)?;
            let quoting = Quoting { request, filters: &filters, columns: &columns, by: &by };
            // Each group is a search or more, of which most of the time is spent on the way.
            let left = Mutex::new(groups.iter_mut());
            let failed = OnceLock::new();
            let quote = || {
                while failed.get().is_none() {
                    let Some((number, group)) = lock(&left).next() else { return };
                    let quoted =
                        self.quoted(&quoting, *number, group, &reports, &ranked, &sought, deadline);
                    match quoted {
                        Ok(candidates) => group.candidates = candidates,
                        Err(error) => drop(failed.set(error)),
                    }
                }
            };
            thread::scope(|scope| {
                for _ in 0..AT_ONCE {
                    scope.spawn(quote);
                }
            });
            if let Some(error) = failed.into_inner() {
                return Err(error);
            }
        }
        let answered =
            SearchRequest { query: request.query.clone(), filters, ..SearchRequest::default() };
        let expansions = if expanded.is_empty() {
            Vec::new()
        } else {
            let counted: Counted = self.counted(&sought, &answered, &expanded, deadline)?;
            counted.expansions
        };
        Ok(CompareResponse {
            query: request.query.unwidened().to_string(),
            by: request.by.clone(),
            whole,
            groups: groups.into_iter().map(|(_, group)| group).collect(),
            columns: second,
            cells,
            reports,
            expansions,
            topics_used: topics_used(&answered, &[], || self.topics())?,
            index_version: INDEX_VERSION,
            corpus: self.corpus.clone(),
        })
    }

    fn columns(&self, by: &[Attribute], filters: &Filters) -> Result<Columns, SearchError> {
        let always = [
            Attribute::Report,
            Attribute::Authority,
            Attribute::Region,
            Attribute::Framework,
            Attribute::Visit,
            Attribute::Overall,
            Attribute::Grade,
            Attribute::Kind,
        ];
        let mut columns = BTreeMap::new();
        for attribute in always.iter().chain(by).filter(|one| **one != Attribute::Year) {
            let names = self.column(*attribute)?.iter();
            let counted: BTreeSet<String> =
                names.map(|name| counted_name(*attribute, filters, name)).collect();
            columns.insert(attribute.name(), counted.into_iter().collect());
        }
        Ok(Columns(columns))
    }

    /// Passes the paragraphs that are sought to `visit`, counted by report, kind, grade and the
    /// dimensions, with the head of the report.
    fn each_row(
        &self,
        sought: &Sought,
        by: &[Attribute],
        filters: &Filters,
        deadline: &Deadline,
        mut visit: impl FnMut(Row, &ReportHead),
    ) -> Result<(), SearchError> {
        if !sought.found.is_exact {
            let conditions = sought.conditions();
            return self.each_match(&conditions, Some(&sought.tree), deadline, |matches| {
                for one in &matches {
                    visit(row_of(one, by, filters), &one.head);
                }
                Ok(())
            });
        }
        let mut sources = vec![
            json!({"report": {"terms": {"field": "report"}}}),
            json!({"kind": {"terms": {"field": "kind"}}}),
            json!({"grade": {"terms": {"field": "grade"}}}),
            json!({"rank": {"terms": {"field": "grade_rank", "missing_bucket": true}}}),
        ];
        for (at, attribute) in by.iter().enumerate() {
            sources.push(json!({format!("by{at}"): {"terms": {"field": attribute.name()}}}));
        }
        let query = self.seen(&sought.conditions());
        let mut after = Value::Null;
        loop {
            let mut composite = json!({"size": ROWS, "sources": sources});
            if !after.is_null() {
                composite["after"] = after;
            }
            let rows = json!({
                "composite": composite, "aggs": {"words": {"sum": {"field": "words"}}},
            });
            let body = json!({"query": query, "size": 0, "aggs": {"rows": rows}});
            let answer = self.ask(&body, deadline)?;
            let rows = &answer["aggregations"]["rows"];
            let buckets = rows["buckets"].as_array().map_or(&[][..], Vec::as_slice);
            let read: Vec<Row> =
                buckets.iter().map(|bucket| read_row(bucket, by, filters)).collect();
            let reports: BTreeSet<String> = read.iter().map(|row| row.report.clone()).collect();
            self.heads_of(&reports)?;
            for row in read {
                let head: Option<Arc<ReportHead>> = lock(&self.heads).get(&row.report).cloned();
                let head = head.ok_or_else(|| unread("a paragraph has no report"))?;
                visit(row, &head);
            }
            after = rows["after_key"].clone();
            if buckets.len() < ROWS || after.is_null() {
                return Ok(());
            }
        }
    }

    /// The matches of a group that may be quoted: the best of each report, then the second best of each.
    #[expect(clippy::too_many_arguments, reason = "all say what is quoted, and of which group")]
    fn quoted(
        &self,
        quoting: &Quoting<'_>,
        group_number: u32,
        group: &GroupTally,
        reports: &[ReportTally],
        ranked: &Ranked<'_>,
        sought: &Sought,
        deadline: &Deadline,
    ) -> Result<Vec<crate::request::Hit>, SearchError> {
        let keep = quoting.request.candidates;
        let matching: usize = group.reports.iter().map(|part| part.matching).sum();
        if matching == 0 {
            return Ok(Vec::new());
        }
        let own = self.group_condition(quoting, group_number)?;
        let mut conditions: Vec<&Value> = sought.filters.iter().map(|(_, filter)| filter).collect();
        conditions.push(&own);
        let mut reading = self.reading(ranked, &conditions);
        // How many of each report may be quoted.
        let wanted: BTreeMap<&str, usize> = group
            .reports
            .iter()
            .filter(|part| part.matching > 0)
            .filter_map(|part| {
                Some((reports.get(part.report)?.report.as_str(), part.matching.min(PER_REPORT)))
            })
            .collect();
        let mut size = (keep * 4).max(20);
        while !reading.is_all {
            self.read_more(&mut reading, size, deadline)?;
            size = size.saturating_mul(2).min(2_000);
            let mut met: BTreeMap<&str, usize> = BTreeMap::new();
            for one in &reading.found[..reading.proven()] {
                *met.entry(one.one.paragraph.report.as_str()).or_default() += 1;
            }
            let is_enough = met.len() >= keep
                || wanted
                    .iter()
                    .all(|(report, least)| met.get(report).copied().unwrap_or(0) >= *least);
            if is_enough {
                break;
            }
        }
        let mut quotations: Quotations<usize> = Quotations::new(keep);
        let known = reading.proven();
        for (at, one) in reading.found[..known].iter().enumerate() {
            let report = quoting.columns.number(Attribute::Report, &one.one.paragraph.report);
            let found = Found::by_relevance(one.score, false, (report, one.order()), at);
            quotations.push(0, report, found);
        }
        let best = quotations.by_group().remove(&0).unwrap_or_default();
        let found: Vec<Scored> =
            best.iter().filter_map(|found| reading.found.get(found.address).cloned()).collect();
        let shown = Shown::all(found);
        self.hits_of(&shown, 0..shown.len(), 0, ranked.query, None, deadline)
    }

    /// What is in the group of a number.
    fn group_condition(&self, quoting: &Quoting<'_>, number: u32) -> Result<Value, SearchError> {
        let Some((by, attribute)) = quoting.by.first().zip(quoting.request.by.first()) else {
            return Ok(json!({"match_none": {}}));
        };
        if *attribute == Attribute::Year {
            return Ok(json!({"term": {"year": number}}));
        }
        let all = self.column(*attribute)?.iter();
        let own: Vec<&String> = all
            .filter(|name| {
                let counted = counted_name(*attribute, quoting.filters, name);
                by.group(quoting.columns.number(*attribute, &counted)) == number
            })
            .collect();
        Ok(json!({"terms": {attribute.name(): own}}))
    }
}

/// What is quoted for.
struct Quoting<'q> {
    request: &'q CompareRequest,
    filters: &'q Filters,
    columns: &'q Columns,
    by: &'q [Grouping<'q>],
}

fn run(columns: &Columns, row: &Row) -> Run {
    let stand = Stand {
        report: columns.number(Attribute::Report, &row.report),
        kind: columns.number(Attribute::Kind, &row.kind),
        grade: (columns.number(Attribute::Grade, &row.grade), row.rank),
    };
    Run { stand, paragraphs: row.paragraphs, words: row.words }
}

fn report_row(columns: &Columns, filters: &Filters, head: &ReportHead) -> ReportRow {
    let number = |attribute: Attribute| {
        let names = crate::opensearch::layout::names(attribute, attribute.value(None, head));
        let name = names.first().map_or("", String::as_str);
        columns.number(attribute, &counted_name(attribute, filters, name))
    };
    ReportRow {
        authority: number(Attribute::Authority),
        region: number(Attribute::Region),
        framework: number(Attribute::Framework),
        visit: number(Attribute::Visit),
        overall: number(Attribute::Overall),
        overall_rank: head.overall.as_ref().and_then(|grade| grade.rank),
        date: day(head.date()),
    }
}

/// A single paragraph as it is counted.
fn row_of(one: &Fetched, by: &[Attribute], filters: &Filters) -> Row {
    let name = |attribute: Attribute| {
        names_of(attribute, filters, one).into_iter().next().unwrap_or_default()
    };
    let rank = match Attribute::Grade.value(Some(&one.paragraph), &one.head) {
        Own::Grade(Some(grade)) => grade.rank,
        _ => None,
    };
    Row {
        report: one.paragraph.report.clone(),
        kind: name(Attribute::Kind),
        grade: name(Attribute::Grade),
        rank,
        values: by.iter().map(|by| name(*by)).collect(),
        paragraphs: 1,
        words: one.paragraph.text.split_whitespace().count() as u64,
    }
}

fn read_row(bucket: &Value, by: &[Attribute], filters: &Filters) -> Row {
    let none = Map::new();
    let key = bucket["key"].as_object().unwrap_or(&none);
    let text = |name: &str| match key.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    let values =
        by.iter().enumerate().map(|(at, by)| counted_name(*by, filters, &text(&format!("by{at}"))));
    Row {
        report: text("report"),
        kind: text("kind"),
        grade: counted_name(Attribute::Grade, filters, &text("grade")),
        rank: key.get("rank").and_then(Value::as_u64).and_then(|rank| u8::try_from(rank).ok()),
        values: values.collect(),
        paragraphs: bucket["doc_count"]
            .as_u64()
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(0),
        words: bucket["words"]["value"].as_f64().map_or(0, |words| words as u64),
    }
}
