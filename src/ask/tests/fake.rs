//! A fake engine that holds a few reports and tries every paragraph with the matcher.

use findings_index::language::acronyms::Acronyms;
use findings_index::language::query::{Query, Span};
use findings_index::language::topic::Taxonomy;
use findings_index::marking::{Matcher, Subject};
use findings_index::ranking::meaning::Learned;
use findings_index::records::ledger::Ledger;
use findings_index::records::{Attribute, Authority, ParagraphRecord, ReportHead, ReportRecord};
use findings_index::request::compare::{CompareRequest, CompareResponse};
use findings_index::request::terms::{TermsRequest, TermsResponse};
use findings_index::request::{
    Corpus, Deadline, FacetCount, FacetCounts, Hit, HitsRequest, Page, ParagraphsRequest,
    ReportsRequest, SearchRequest, SearchResponse, Similar, SimilarRequest, UnheldWord,
};
use findings_index::{Engine, SearchError};
use jiff::Timestamp;
use serde_json::json;
use std::collections::BTreeSet;

/// Reports and their paragraphs.
#[derive(Debug)]
pub(super) struct Fake {
    pub(super) reports: Vec<(ReportRecord, Vec<ParagraphRecord>)>,
    pub(super) topics: Taxonomy,
    acronyms: Acronyms,
    corpus: Corpus,
}

impl Fake {
    pub(super) fn new(
        reports: Vec<(ReportRecord, Vec<ParagraphRecord>)>,
        topics: Taxonomy,
    ) -> Self {
        let corpus = Corpus {
            reports: reports.len(),
            paragraphs: reports.iter().map(|(_, paragraphs)| paragraphs.len()).sum(),
            fingerprint: "fake".to_owned(),
        };
        Self { reports, topics, acronyms: Acronyms::default(), corpus }
    }

    fn found(&self, request: &SearchRequest) -> Vec<Hit> {
        let span = Span::default();
        let conditions = request.filters.conditions().map(|(field, choice)| {
            let one = |value: String| Query::Field { field, value, span };
            Query::Or { clauses: choice.written().into_iter().map(one).collect(), span }
        });
        let excluded = request.filters.not.iter().flat_map(|(field, choice)| {
            let one = move |value: String| Query::Not {
                clause: Box::new(Query::Field { field, value, span }),
                span,
            };
            choice.written().into_iter().map(one)
        });
        let conditions = conditions.chain(excluded);
        let clauses = std::iter::once(request.query.clone()).chain(conditions).collect();
        let matcher = Matcher::new(&Query::And { clauses, span });
        let mut hits = Vec::new();
        for (report, paragraphs) in &self.reports {
            let (from, to) = (request.filters.from, request.filters.to);
            let in_time =
                |date| from.is_none_or(|from| from <= date) && to.is_none_or(|to| date <= to);
            let is_dated = from.is_some() || to.is_some();
            if is_dated && !report.date().is_some_and(in_time) {
                continue;
            }
            let head = ReportHead::from(report);
            for paragraph in paragraphs {
                if let Some(spans) = matcher.find(Subject { paragraph, report: &head }) {
                    hits.push(Hit {
                        rank: hits.len() + 1,
                        score: 1.0,
                        paragraph: paragraph.clone(),
                        head: head.clone(),
                        spans,
                        alike: Vec::new(),
                        near: Vec::new(),
                        explanation: None,
                    });
                }
            }
        }
        hits
    }
}

impl Engine for Fake {
    fn learned(&self) -> Result<Option<&Learned>, SearchError> {
        Ok(None)
    }

    fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    fn version(&self) -> u32 {
        0
    }

    fn generation(&self) -> &str {
        "fake"
    }

    fn built(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn search(&self, request: &SearchRequest, _: &Deadline) -> Result<SearchResponse, SearchError> {
        let hits = self.found(request);
        // Facets are counted by year alone.
        let years = || {
            let held = hits.iter().filter_map(|hit| Some(hit.head.date()?.year().to_string()));
            let each: BTreeSet<String> = held.collect();
            each.into_iter()
                .map(|year| FacetCount {
                    value: Some(year),
                    count: 1,
                    chosen: false,
                    excluded: false,
                })
                .collect()
        };
        let asked = request.facets.iter().filter(|facet| **facet == Attribute::Year);
        let facets = asked
            .map(|facet| FacetCounts { facet: *facet, counts: years(), instead: Vec::new() })
            .collect();
        let reports: BTreeSet<&str> = hits.iter().map(|hit| hit.head.id.as_str()).collect();
        Ok(SearchResponse {
            query: request.query.to_string(),
            total: hits.len(),
            reports: reports.len(),
            sort: request.sort,
            left: 0,
            hits,
            groups: None,
            total_groups: None,
            facets,
            closest_from: None,
            expansions: Vec::new(),
            clauses: Vec::new(),
            topics_used: Vec::new(),
            index_version: 0,
            generation: "0".to_owned(),
            corpus: self.corpus.clone(),
        })
    }

    fn compare(&self, _: &CompareRequest, _: &Deadline) -> Result<CompareResponse, SearchError> {
        Err(SearchError::Cancelled)
    }

    fn terms(&self, _: &TermsRequest, _: &Deadline) -> Result<TermsResponse, SearchError> {
        Err(SearchError::Cancelled)
    }

    fn similar(&self, _: &SimilarRequest, _: &Deadline) -> Result<Option<Similar>, SearchError> {
        Ok(None)
    }

    fn hits(&self, _: &HitsRequest, _: &Deadline) -> Result<Page<Hit>, SearchError> {
        Err(SearchError::Cancelled)
    }

    fn paragraphs(
        &self,
        _: &ParagraphsRequest,
        _: &Deadline,
    ) -> Result<Page<ParagraphRecord>, SearchError> {
        Err(SearchError::Cancelled)
    }

    fn reports(&self, _: &ReportsRequest, _: &Deadline) -> Result<Page<ReportRecord>, SearchError> {
        let items = self.reports.iter().map(|(report, _)| report.clone()).collect();
        Ok(Page { items, next: None })
    }

    fn report(&self, id: &str) -> Result<Option<ReportRecord>, SearchError> {
        let mut reports = self.reports.iter().map(|(report, _)| report);
        Ok(reports.find(|report| report.id == id).cloned())
    }

    fn paragraph(&self, id: &str) -> Result<Option<ParagraphRecord>, SearchError> {
        let mut paragraphs = self.reports.iter().flat_map(|(_, paragraphs)| paragraphs);
        Ok(paragraphs.find(|paragraph| paragraph.id == id).cloned())
    }

    fn values(&self, attribute: Attribute) -> Result<Vec<String>, SearchError> {
        let mut values = BTreeSet::new();
        for (report, paragraphs) in &self.reports {
            for paragraph in paragraphs {
                let grade = |grade: &Option<findings_index::records::Grade>| {
                    grade.as_ref().map(|grade| grade.label.clone())
                };
                values.extend(match attribute {
                    Attribute::Grade => grade(&paragraph.grade),
                    Attribute::Overall => grade(&report.overall),
                    Attribute::Theme => paragraph.theme.clone(),
                    Attribute::Authority => report.authority.clone(),
                    Attribute::Region => report.region.clone(),
                    Attribute::Framework => Some(report.framework.clone()),
                    Attribute::Report => Some(report.id.clone()),
                    _ => None,
                });
            }
        }
        Ok(values.into_iter().collect())
    }

    fn frequency(&self, _: &str) -> Result<u64, SearchError> {
        Ok(0)
    }

    fn unheld(&self, query: &Query, _: &Deadline) -> Result<Vec<UnheldWord>, SearchError> {
        let mut unheld = Vec::new();
        let mut open = vec![query];
        while let Some(query) = open.pop() {
            open.extend(query.clauses());
            let Query::Field { field: Attribute::Section, value, .. } = query else { continue };
            let alone = SearchRequest { query: query.clone(), ..SearchRequest::default() };
            if self.found(&alone).is_empty() {
                let (word, field) = (value.clone(), Some(Attribute::Section));
                unheld.push(UnheldWord { word, field, span: [0, 0], near: Vec::new() });
            }
        }
        Ok(unheld)
    }

    fn topics(&self) -> Result<&Taxonomy, SearchError> {
        Ok(&self.topics)
    }

    fn authorities(&self) -> Result<&[Authority], SearchError> {
        Ok(&[])
    }

    fn acronyms(&self) -> Result<&Acronyms, SearchError> {
        Ok(&self.acronyms)
    }

    fn ledger(&self) -> Result<Ledger, SearchError> {
        Err(SearchError::Cancelled)
    }
}

/// Two reports of invented authorities.
pub(super) fn reports() -> Fake {
    let report =
        |id: &str, authority: &str, region: Option<&str>, date: &str, overall: Option<&str>| {
            serde_json::from_value::<ReportRecord>(json!({
                "id": id, "path": id, "sha256": id, "title": null, "framework": "ilacs",
                "visit": overall.is_none().then_some("focused"),
                "authority": authority, "la_code": null, "region": region,
                "inspection_start": date, "inspection_end": null, "published": null,
                "published_from": null, "lead_inspector": null,
                "overall": overall.map(|label| json!({ "label": label, "rank": 2, "area": "" })),
                "judgements": [], "sections": [], "pages": null, "paragraphs": 2, "words": 10,
                "warnings": [], "corrections": [], "acronyms": []
            }))
            .unwrap()
        };
    let paragraph =
        |report: &str, number: usize, grade: Option<&str>, kind: &str, theme: Option<&str>| {
            serde_json::from_value::<ParagraphRecord>(json!({
                "id": format!("{report}/{number}"), "report": report, "sha256": report,
                "section": ["Help and protection"], "theme": theme, "topics": ["ferries"],
                "grade": grade.map(|label| json!({ "label": label, "rank": 2, "area": "" })),
                "number": number.to_string(), "page": 1, "page_end": 1, "kind": kind,
                "timescale": null, "addressee": null, "parent": null,
                "text": "The visit was late.", "citation": ""
            }))
            .unwrap()
        };
    let mut topics = Taxonomy::default();
    topics.put(
        serde_json::from_value(json!({
            "id": "ferries", "name": "Ferries", "definition": "", "phrases": ["ferry"], "cased": [],
            "queries": [], "near_misses": [], "note": null, "version": 1
        }))
        .unwrap(),
    );
    Fake::new(
        vec![
            (
                report("elmet-2019", "Elmet", Some("Northern Isles"), "2019-03-04", Some("Good")),
                vec![
                    paragraph("elmet-2019", 1, Some("Good"), "finding", Some("help_protection")),
                    paragraph("elmet-2019", 2, None, "recommendation", None),
                ],
            ),
            (
                report("rheged-2020", "Rheged", None, "2020-03-04", None),
                vec![paragraph("rheged-2020", 1, Some("Inadequate"), "finding", None)],
            ),
        ],
        topics,
    )
}
