//! Invented reports, their index, and comparisons over it.

use crate::counted::Entry;
use findings::answer::compare::funnel::Method;
use findings::answer::compare::quotes::Wanted;
use findings::answer::compare::{self, Comparison, Question, Sort};
use findings::ask::Scope;
use findings::ask::trace::Again;
use findings::cli::CommandLine;
use findings::knowledge::names::Names;
use findings::render::Committee;
use findings::render::html;
use findings_index::language::query::parse;
use findings_index::records::ledger::Ledger;
use findings_index::records::{Attribute, Grade, ParagraphRecord, ReportRecord};
use findings_index::request::{Deadline, Filters, SearchRequest};
use findings_index::{BuildOptions, Engine, Location};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;

pub(crate) fn report(number: usize) -> ReportRecord {
    serde_json::from_value(json!({
        "id": format!("report-{number}"), "path": format!("{number}.pdf"), "sha256": "0",
        "title": null, "framework": "sif", "visit": null, "authority": "Elmet", "la_code": null,
        "region": null, "inspection_start": "2015-03-01", "inspection_end": null,
        "published": null, "published_from": null, "lead_inspector": null, "overall": null,
        "judgements": [], "sections": [], "pages": null, "paragraphs": 0, "words": 0,
        "warnings": []
    }))
    .unwrap()
}

pub(crate) fn paragraph(report: &ReportRecord, number: usize, text: &str) -> ParagraphRecord {
    serde_json::from_value(json!({
        "id": format!("{}/{number}", report.id), "report": report.id, "sha256": "0",
        "section": ["Visits"], "theme": null, "topics": [], "grade": null, "number": null,
        "page": null, "page_end": null, "kind": "finding", "timescale": null, "parent": null,
        "text": text, "citation": format!("{}, paragraph {number}", report.id)
    }))
    .unwrap()
}

pub(crate) fn grade(label: &str) -> Grade {
    let rank = match label {
        "Good" => 2,
        _ => 3,
    };
    Grade { label: label.to_owned(), rank: Some(rank), area: String::new() }
}

pub(crate) fn index(entries: &[Entry]) -> (TempDir, Arc<dyn Engine>) {
    let dir = tempfile::tempdir().unwrap();
    let location = Location::Folder(dir.path().to_owned());
    let options = BuildOptions { threads: 1, ..BuildOptions::default() };
    let writer = location.build(&options).unwrap();
    for (report, paragraphs) in entries {
        writer.put(report, paragraphs).unwrap();
    }
    let ledger: Ledger = serde_json::from_value(json!({
        "finished": "2026-01-01T00:00:00Z", "roots": [], "reading": "", "entries": []
    }))
    .unwrap();
    writer.commit(&ledger).unwrap();
    let reader = location.open().unwrap();
    (dir, reader)
}

static NAMES: LazyLock<Names> = LazyLock::new(|| Names::load(&[]));
static DOOR: CommandLine = CommandLine { options: Vec::new() };

pub(crate) fn question(query: &str, by: &[Attribute], filters: Filters) -> Question<'static> {
    Question {
        query: parse(query).unwrap().query,
        passed_over: Vec::new(),
        unheld: Vec::new(),
        uncounted: Vec::new(),
        otherwise: Vec::new(),
        remarks: Vec::new(),
        name: query.to_owned(),
        filters,
        include: Vec::new(),
        by: by.to_vec(),
        quotes: Wanted::Usual,
        is_negated: false,
        latest: false,
        sort: Sort::Name,
        is_standardised: false,
        limits: Method::default(),
        neighbourhood: None,
        scope: Scope { authorities: vec!["Rheged".to_owned()], said: "those asked for".to_owned() },
        again: Again { arguments: Vec::new(), command: "findings compare".to_owned() },
        door: &DOOR,
        names: &NAMES,
        asked: "2026-02-03T04:05:06Z".parse().unwrap(),
    }
}

/// Compares without a deadline.
pub(crate) fn compared(reader: &Arc<dyn Engine>, question: &Question) -> Comparison {
    compare::compare(reader.as_ref(), &Deadline::never(), question).unwrap()
}

pub(crate) const LABELS: [&str; 3] =
    ["Good", "Requires improvement", "Requires improvement to be good"];

/// The ids that the search of a trace finds, in this process.
pub(crate) fn found(
    reader: &Arc<dyn Engine>,
    trace: &findings::ask::trace::Trace,
) -> BTreeSet<String> {
    let request = SearchRequest {
        query: parse(&trace.query).unwrap().query,
        filters: trace.filters.clone(),
        limit: 100_000,
        ..SearchRequest::default()
    };
    let response = reader.search(&request, &Deadline::never()).unwrap();
    assert_eq!(response.hits.len(), response.total);
    response.hits.into_iter().map(|hit| hit.paragraph.id).collect()
}

/// Renders the page and checks that it has no faults, no scripts and nothing from elsewhere.
pub(crate) fn page(answer: &Comparison) -> String {
    let mut page = Vec::new();
    html::comparison(
        &Committee { comparison: answer, own: None, title: None },
        html::Sheet::Embedded,
        html::Numbers::Plain,
        &mut page,
    )
    .unwrap();
    let page = String::from_utf8(page).unwrap();
    let read = scraper::Html::parse_document(&page);
    assert!(read.errors.is_empty(), "{:?}", read.errors);
    let all = |selector: &str| {
        let selector = scraper::Selector::parse(selector).unwrap();
        read.select(&selector).map(|element| element.value().clone()).collect::<Vec<_>>()
    };
    assert!(all("script, img, iframe, link, object, [src], [onload]").is_empty());
    let ids: BTreeSet<String> =
        all("[id]").iter().map(|element| element.attr("id").unwrap().to_owned()).collect();
    assert_eq!(ids.len(), all("[id]").len(), "two things of one id");
    for link in all("[href]") {
        let place = link.attr("href").unwrap().strip_prefix('#').unwrap();
        assert!(ids.contains(place), "a link to {place}, which is not on the page");
    }
    assert!(all("[style]").is_empty(), "a style of its own");
    for picture in all("svg") {
        assert!(picture.attr("aria-labelledby").is_some() || picture.attr("aria-hidden").is_some());
    }
    page
}
