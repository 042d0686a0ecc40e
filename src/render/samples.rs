//! Invented records on which the renderers are tested.

use crate::knowledge::names::Names;
#[cfg(feature = "serve")]
use findings_index::language::topic::Taxonomy;
use findings_index::records::ledger::{
    FileError, Ledger, LedgerEntry, NotAReport, Outcome, Reason,
};
use findings_index::records::{
    Attribute, Body, FoundIn, Grade, Judgement, Kind, ParagraphRecord, PublishedFrom, ReportHead,
    ReportRecord, SectionRecord, Warning, WarningCode,
};
use findings_index::request::{Corpus, FacetCount, FacetCounts, Group, Hit, SearchResponse, Sort};
use jiff::civil::date;
use std::sync::LazyLock;

/// The names of frameworks.
pub(crate) static NAMES: LazyLock<Names> = LazyLock::new(|| Names::load(&[]));

/// No topics.
#[cfg(feature = "serve")]
pub(crate) static TOPICS: LazyLock<Taxonomy> = LazyLock::new(Taxonomy::default);

pub(crate) fn grade(label: &str, rank: u8, area: &str) -> Grade {
    Grade { label: label.to_owned(), rank: Some(rank), area: area.to_owned() }
}

pub(crate) fn report() -> ReportRecord {
    let help = "Children who need help and protection";
    let section = |path: &[&str], page, paragraphs, grade: Option<Grade>| SectionRecord {
        path: path.iter().map(|heading| (*heading).to_owned()).collect(),
        theme: None,
        grade,
        page: Some(page),
        paragraphs,
    };
    let judgement = |area: &str, label: &str, rank, body, found_in: &[FoundIn]| Judgement {
        area: area.to_owned(),
        theme: None,
        label: label.to_owned(),
        rank,
        body,
        found_in: found_in.to_vec(),
    };
    ReportRecord {
        id: "wealdshire-sif-2015-10-19".to_owned(),
        path: "reports/wealdshire.pdf".to_owned(),
        sha256: "0".repeat(64),
        title: Some("Wealdshire County Council: inspection of services for children".to_owned()),
        framework: "sif".to_owned(),
        visit: None,
        authority: Some("Wealdshire".to_owned()),
        authority_printed: None,
        la_code: Some("999".to_owned()),
        region: Some("South East".to_owned()),
        inspection_theme: None,
        inspection_start: Some(date(2015, 10, 19)),
        inspection_end: Some(date(2015, 11, 12)),
        published: Some(date(2016, 1, 8)),
        published_from: Some(PublishedFrom::Text),
        lead_inspector: Some("Ada Brook".to_owned()),
        overall: Some(grade("Inadequate", 4, "Overall effectiveness")),
        judgements: vec![
            judgement(
                help,
                "Inadequate",
                Some(4),
                Body::Authority,
                &[FoundIn::Table, FoundIn::Heading],
            ),
            judgement(
                "Leadership, management and governance",
                "Requires improvement",
                Some(3),
                Body::Authority,
                &[FoundIn::Table],
            ),
            judgement(
                "Local Safeguarding Children Board",
                "Not judged",
                None,
                Body::Lscb,
                &[FoundIn::Sentence],
            ),
        ],
        sections: vec![
            section(&["Executive summary"], 2, 4, None),
            section(&[help], 9, 12, Some(grade("Inadequate", 4, help))),
            section(
                &[help, "Children who go missing, and what is done when they come home again"],
                11,
                7,
                Some(grade("Inadequate", 4, help)),
            ),
        ],
        pages: Some(41),
        paragraphs: 137,
        words: 14_820,
        warnings: vec![Warning {
            page: Some(12),
            code: WarningCode::NumberGap,
            message: "paragraph 46 is missing".to_owned(),
        }],
        corrections: Vec::new(),
        acronyms: Vec::new(),
        first_indexed: None,
        changed: None,
    }
}

pub(crate) fn paragraph() -> ParagraphRecord {
    let help = "Children who need help and protection";
    ParagraphRecord {
        id: "wealdshire-sif-2015-10-19/45".to_owned(),
        report: "wealdshire-sif-2015-10-19".to_owned(),
        sha256: "0".repeat(64),
        section: vec![help.to_owned(), "Children who go missing".to_owned()],
        theme: Some("help_protection".to_owned()),
        topics: vec!["missing".to_owned()],
        grade: Some(grade("Inadequate", 4, help)),
        number: Some("45".to_owned()),
        page: Some(11),
        page_end: Some(12),
        kind: Kind::Finding,
        timescale: None,
        addressee: None,
        parent: None,
        refers: Vec::new(),
        topics_denied: Vec::new(),
        boxes: None,
        text: "When children come home, a return interview is offered in fewer than half of the \
               cases, and it is seldom held within three days. What they say is not brought \
               together, so that leaders cannot tell where children are at risk."
            .to_owned(),
        citation: "Wealdshire, Single inspection, 19 October 2015, Children who go missing, \
                   paragraph 45, pages 11–12"
            .to_owned(),
        verbatim: Some(true),
        first_indexed: None,
        changed: None,
    }
}

pub(crate) fn hit() -> Hit {
    Hit {
        rank: 1,
        score: 7.25,
        paragraph: paragraph(),
        head: ReportHead::from(&report()),
        // "return interview".
        spans: vec![[27, 43]],
        alike: Vec::new(),
        near: Vec::new(),
        explanation: None,
    }
}

/// A recommendation in a report about which little is known.
pub(crate) fn bare_hit() -> Hit {
    let mut hit = hit();
    hit.rank = 2;
    hit.score = 3.5;
    hit.spans = vec![[10, 26]];
    hit.paragraph = ParagraphRecord {
        id: "port-ansel-jtai-2017/p3-2".to_owned(),
        report: "port-ansel-jtai-2017".to_owned(),
        section: Vec::new(),
        grade: None,
        number: None,
        page: None,
        page_end: None,
        kind: Kind::Recommendation,
        timescale: Some("within three months".to_owned()),
        addressee: None,
        text: "offer the return interview to every child".to_owned(),
        citation: "Port Ansel, JTAI, 2017".to_owned(),
        verbatim: None,
        first_indexed: None,
        changed: None,
        ..hit.paragraph
    };
    hit.head = ReportHead {
        id: "port-ansel-jtai-2017".to_owned(),
        authority: Some("Port Ansel".to_owned()),
        framework: "jtai".to_owned(),
        inspection_start: None,
        inspection_end: None,
        published: Some(date(2017, 3, 2)),
        overall: None,
        ..hit.head
    };
    hit
}

pub(crate) fn response() -> SearchResponse {
    let counts = |facet, values: &[(Option<&str>, usize)]| FacetCounts {
        facet,
        counts: values
            .iter()
            .map(|(value, count)| FacetCount {
                value: value.map(str::to_owned),
                count: *count,
                chosen: false,
                excluded: false,
            })
            .collect(),
        instead: Vec::new(),
    };
    SearchResponse {
        query: "\"return interview\"".to_owned(),
        total: 1_248,
        reports: 33,
        sort: Sort::Relevance,
        left: 1_246,
        hits: vec![hit(), bare_hit()],
        groups: None,
        total_groups: None,
        facets: vec![
            counts(
                Attribute::Grade,
                &[(Some("Inadequate"), 1_020), (Some("Good"), 96), (None, 132)],
            ),
            counts(Attribute::Year, &[(Some("2015"), 1_100), (Some("2017"), 148)]),
            counts(Attribute::Authority, &[(Some("Wealdshire"), 1_100), (Some("Port Ansel"), 148)]),
        ],
        closest_from: None,
        expansions: Vec::new(),
        clauses: Vec::new(),
        topics_used: Vec::new(),
        index_version: 1,
        generation: "1".to_owned(),
        corpus: Corpus { reports: 40, paragraphs: 5_600, fingerprint: "abc".to_owned() },
    }
}

pub(crate) fn grouped() -> SearchResponse {
    let mut second = hit();
    second.rank = 2;
    second.paragraph.number = Some("52".to_owned());
    second.paragraph.id = "wealdshire-sif-2015-10-19/52".to_owned();
    second.paragraph.text = "A return interview is not a return to ask for.".to_owned();
    second.spans = vec![[2, 18]];
    SearchResponse {
        hits: Vec::new(),
        groups: Some(vec![
            Group {
                key: "wealdshire-sif-2015-10-19".to_owned(),
                total: 12,
                hits: vec![hit(), second],
            },
            Group { key: "port-ansel-jtai-2017".to_owned(), total: 1, hits: vec![bare_hit()] },
        ]),
        total_groups: Some(33),
        facets: Vec::new(),
        ..response()
    }
}

pub(crate) fn ledger() -> Ledger {
    let entry = |path: &str, outcome, reason, report: Option<&str>| LedgerEntry {
        path: path.to_owned(),
        outcome,
        reason,
        earlier: None,
        outdated: false,
        bytes: 1_000,
        modified: 0,
        sha256: None,
        report: report.map(str::to_owned),
        plain_id: report.map(str::to_owned),
        pages: Some(10),
        paragraphs: if report.is_some() { 137 } else { 0 },
        warnings: u32::from(report.is_some()),
    };
    let page = NotAReport::ErrorPage { title: "not found".to_owned() };
    let long = FileError::TooManyPages { pages: 9_000, limit: 2_000 };
    Ledger {
        finished: jiff::Timestamp::UNIX_EPOCH,
        roots: vec!["/reports".to_owned()],
        reading: "1".to_owned(),
        entries: vec![
            entry("/reports/a.pdf", Outcome::Read, None, Some("wealdshire-sif-2015-10-19")),
            entry(
                "/reports/b.pdf",
                Outcome::Duplicate,
                Some(Reason::Duplicate { of: "/reports/a.pdf".to_owned() }),
                None,
            ),
            entry("/reports/c.pdf", Outcome::NotAReport, Some(Reason::NotAReport(page)), None),
            entry(
                "/reports/d\u{1b}[2J.pdf",
                Outcome::Unreadable,
                Some(Reason::Unreadable(long)),
                None,
            ),
        ],
    }
}
