//! Invented reports, and an index of them.

use crate::place::Place;
use findings_index::language::query::parse;
use findings_index::records::ledger::Ledger;
use findings_index::records::{
    Attribute, Body, FoundIn, Grade, Judgement, Kind, ParagraphRecord, ReportRecord, SectionRecord,
};
use findings_index::request::{Deadline, FacetCount, SearchRequest, SearchResponse};
use findings_index::{BuildOptions, Engine, SearchError};
use std::sync::Arc;
use std::time::Duration;

pub(crate) fn options() -> BuildOptions {
    BuildOptions { threads: 2, memory: 30_000_000, wait: Duration::ZERO }
}

pub(crate) fn grade(label: &str, rank: u8) -> Grade {
    Grade { label: label.to_owned(), rank: Some(rank), area: "Overall effectiveness".to_owned() }
}

pub(crate) fn report(id: &str, authority: &str, date: &str) -> ReportRecord {
    ReportRecord {
        id: id.to_owned(),
        path: format!("reports/{id}.pdf"),
        sha256: format!("{id:0>64}"),
        title: None,
        framework: "ilacs".to_owned(),
        visit: None,
        authority: Some(authority.to_owned()),
        authority_printed: None,
        la_code: None,
        region: Some("Northern Isles".to_owned()),
        inspection_theme: None,
        inspection_start: Some(date.parse().unwrap()),
        inspection_end: None,
        published: None,
        published_from: None,
        lead_inspector: None,
        overall: Some(grade("Good", 2)),
        judgements: vec![Judgement {
            area: "Leadership".to_owned(),
            theme: Some("leadership".to_owned()),
            label: "Inadequate".to_owned(),
            rank: Some(4),
            body: Body::Authority,
            found_in: vec![FoundIn::Table],
        }],
        sections: vec![SectionRecord {
            path: vec!["Help and protection".to_owned()],
            theme: None,
            grade: None,
            page: Some(2),
            paragraphs: 2,
        }],
        pages: Some(12),
        paragraphs: 0,
        words: 0,
        warnings: Vec::new(),
        corrections: Vec::new(),
        acronyms: Vec::new(),
        first_indexed: None,
        changed: None,
    }
}

pub(crate) fn paragraph(report: &ReportRecord, number: usize, text: &str) -> ParagraphRecord {
    ParagraphRecord {
        id: format!("{}/{number}", report.id),
        report: report.id.clone(),
        sha256: report.sha256.clone(),
        section: vec!["Help and protection".to_owned()],
        theme: Some("help".to_owned()),
        topics_denied: Vec::new(),
        topics: Vec::new(),
        grade: Some(grade("Good", 2)),
        number: Some(number.to_string()),
        page: Some(3),
        page_end: Some(4),
        kind: Kind::Finding,
        timescale: None,
        addressee: None,
        parent: None,
        refers: Vec::new(),
        boxes: None,
        text: text.to_owned(),
        citation: format!("{}, paragraph {number}", report.id),
        verbatim: None,
        first_indexed: None,
        changed: None,
    }
}

pub(crate) fn ledger() -> Ledger {
    Ledger {
        finished: "2026-01-02T03:04:05Z".parse().unwrap(),
        roots: vec!["reports".to_owned()],
        reading: "1".to_owned(),
        entries: Vec::new(),
    }
}

/// A report and its paragraphs.
pub(crate) type Entry = (ReportRecord, Vec<ParagraphRecord>);

pub(crate) fn entry(id: &str, authority: &str, date: &str, texts: &[&str]) -> Entry {
    let report = report(id, authority, date);
    let paragraphs =
        texts.iter().zip(1..).map(|(text, number)| paragraph(&report, number, text)).collect();
    (report, paragraphs)
}

pub(crate) fn write(place: &Place, entries: &[Entry]) {
    let writer = place.build(&options()).unwrap();
    for (report, paragraphs) in entries {
        writer.put(report, paragraphs).unwrap();
    }
    writer.commit(&ledger()).unwrap();
}

pub(crate) fn index(entries: &[Entry]) -> (Place, Arc<dyn Engine>) {
    let place = Place::new();
    write(&place, entries);
    let reader = place.open().unwrap();
    (place, reader)
}

pub(crate) fn request(query: &str) -> SearchRequest {
    SearchRequest { query: parse(query).unwrap().query, ..SearchRequest::default() }
}

/// Asks without a deadline.
pub(crate) fn search(
    reader: &Arc<dyn Engine>,
    request: &SearchRequest,
) -> Result<SearchResponse, SearchError> {
    reader.search(request, &Deadline::never())
}

/// What is found, whichever commit answers and whenever it came.
pub(crate) fn whichever_commit(
    reader: &Arc<dyn Engine>,
    request: &SearchRequest,
) -> SearchResponse {
    let mut response = search(reader, request).unwrap();
    for hit in &mut response.hits {
        hit.paragraph = whenever(hit.paragraph.clone());
    }
    SearchResponse { generation: String::new(), ..response }
}

/// A paragraph without when it came.
pub(crate) fn whenever(paragraph: ParagraphRecord) -> ParagraphRecord {
    ParagraphRecord { first_indexed: None, changed: None, ..paragraph }
}

pub(crate) fn ids(response: &SearchResponse) -> Vec<&str> {
    let hits = response.hits.iter();
    hits.map(|hit| hit.paragraph.id.as_str()).collect()
}

pub(crate) fn found(reader: &Arc<dyn Engine>, query: &str) -> Vec<String> {
    let response = search(reader, &request(query)).unwrap();
    let mut found: Vec<String> = ids(&response).into_iter().map(str::to_owned).collect();
    assert_eq!(found.len(), response.total, "the total is that of the hits");
    found.sort();
    found
}

pub(crate) fn counts(response: &SearchResponse, facet: Attribute) -> Vec<(Option<&str>, usize)> {
    let facet = response.facets.iter().find(|counts| counts.facet == facet);
    pairs(&facet.unwrap().counts)
}

/// What would be found if a value of a facet were chosen instead.
pub(crate) fn instead(response: &SearchResponse, facet: Attribute) -> Vec<(Option<&str>, usize)> {
    let facet = response.facets.iter().find(|counts| counts.facet == facet);
    pairs(&facet.unwrap().instead)
}

fn pairs(counts: &[FacetCount]) -> Vec<(Option<&str>, usize)> {
    let counts = counts.iter();
    counts.map(|c| (c.value.as_deref(), c.count)).collect()
}
