//! Writes CSV that a spreadsheet can open without running anything.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe at its start, as OWASP
//! advises ("CSV injection"). Headings are joined by ` > `, lists by `; `.

mod basket;
mod comparison;
mod concordance;
mod counts;
mod distinctive;
mod evaluation;
mod grades;
mod hits;
mod recommendations;
mod timeline;

pub use basket::basket;
pub use comparison::comparison;
pub use concordance::{concordance, concordance_made};
pub use counts::counts;
pub use distinctive::distinctive;
pub use evaluation::evaluation;
pub use grades::grades;
pub use hits::{hits, hits_made, named_heads, named_hit};
pub use recommendations::{recommendation_groups, recommendations};
pub use timeline::timeline;

use super::{clean, words};
use crate::answer::counts::{TopicCount, TopicDetail};
use crate::answer::coverage::Coverage;
use findings_index::language::acronyms::AcronymEntry;
use findings_index::records::ledger::Outcome;
use findings_index::records::{Attribute, Grade, ParagraphRecord, ReportRecord};
use findings_index::request::FacetCount;
use hits::{REPORT, of_report};
use jiff::civil::Date;
use std::io;

/// The mark by which some spreadsheets recognise UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// Writes the list of topics.
///
/// # Errors
/// Those of `out`.
pub fn topics(topics: &[TopicCount], bom: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let rows = topics.iter().map(|topic| {
        [
            topic.id.clone(),
            topic.version.clone(),
            topic.paragraphs.to_string(),
            topic.reports.to_string(),
            topic.name.clone(),
            topic.denied.to_string(),
        ]
    });
    table(&["topic", "version", "paragraphs", "reports", "name", "denied"], rows, bom, out)
}

/// Writes where a topic occurs: one row per framework and one per year.
///
/// # Errors
/// Those of `out`.
pub fn topic(topic: &TopicDetail, bom: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let of = |by: &'static str, counts: &[FacetCount]| -> Vec<[String; 5]> {
        let row = |count: &FacetCount| {
            let (id, version) = (topic.count.id.clone(), topic.count.version.clone());
            [id, version, by.to_owned(), or_empty(count.value.as_ref()), count.count.to_string()]
        };
        counts.iter().map(row).collect()
    };
    let rows = of("framework", &topic.frameworks).into_iter().chain(of("year", &topic.years));
    table(&["topic", "version", "by", "value", "paragraphs"], rows, bom, out)
}

/// Writes acronyms, one row per meaning.
///
/// # Errors
/// Those of `out`.
pub fn acronyms(entries: &[&AcronymEntry], bom: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let rows = entries.iter().flat_map(|entry| {
        entry.expansions.iter().map(|expansion| {
            [
                entry.acronym.clone(),
                expansion.words.clone(),
                expansion.reports.to_string(),
                expansion.example.clone(),
            ]
        })
    });
    table(&["acronym", "stands_for", "reports", "example"], rows, bom, out)
}

/// Writes reports.
///
/// # Errors
/// Those of `out`.
pub fn reports(reports: &[ReportRecord], bom: bool, out: &mut dyn io::Write) -> io::Result<()> {
    const HEADS: [&str; 19] = [
        "id",
        "authority",
        "la_code",
        "region",
        "framework",
        "visit",
        "inspection_start",
        "inspection_end",
        "published",
        "lead_inspector",
        "overall",
        "judgements",
        "pages",
        "paragraphs",
        "words",
        "title",
        "path",
        "authority_printed",
        "inspection_theme",
    ];
    let rows = reports.iter().map(|report| {
        [
            report.id.clone(),
            or_empty(report.authority.as_ref()),
            or_empty(report.la_code.as_ref()),
            or_empty(report.region.as_ref()),
            report.framework.clone(),
            report.visit.map(words::visit).unwrap_or_default().to_owned(),
            date(report.inspection_start),
            date(report.inspection_end),
            date(report.published),
            or_empty(report.lead_inspector.as_ref()),
            label(report.overall.as_ref()),
            judgements(report),
            or_empty(report.pages.as_ref()),
            report.paragraphs.to_string(),
            report.words.to_string(),
            or_empty(report.title.as_ref()),
            report.path.clone(),
            or_empty(report.authority_printed.as_ref()),
            or_empty(report.inspection_theme.as_ref()),
        ]
    });
    table(&HEADS, rows, bom, out)
}

/// Writes paragraphs of one report, with every column of the report. The heading row is written
/// only where `heads` is set, so that a long export can be written report by report.
///
/// # Errors
/// Those of `out`.
pub fn paragraphs(
    paragraphs: &[ParagraphRecord],
    report: Option<&ReportRecord>,
    heads: bool,
    bom: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    const HEADS: [&str; 19] = [
        "id",
        "report",
        "section",
        "theme",
        "topics",
        "grade",
        "grade_area",
        "number",
        "page",
        "page_end",
        "kind",
        "timescale",
        "addressee",
        "parent",
        "text",
        "citation",
        "grade_rank",
        "refers",
        "topics_denied",
    ];
    let rows = paragraphs.iter().map(|paragraph| {
        let own = [
            paragraph.id.clone(),
            paragraph.report.clone(),
            paragraph.section.join(" > "),
            or_empty(paragraph.theme.as_ref()),
            paragraph.topics.join("; "),
            label(paragraph.grade.as_ref()),
            or_empty(paragraph.grade.as_ref().map(|grade| &grade.area)),
            or_empty(paragraph.number.as_ref()),
            or_empty(paragraph.page.as_ref()),
            or_empty(paragraph.page_end.as_ref()),
            paragraph.kind.name().to_owned(),
            normal(Attribute::Timescale, paragraph.timescale.as_deref()),
            normal(Attribute::Addressee, paragraph.addressee.as_deref()),
            or_empty(paragraph.parent.as_ref()),
            paragraph.text.clone(),
            paragraph.citation.clone(),
            rank(paragraph.grade.as_ref()),
            paragraph.refers.join("; "),
            paragraph.topics_denied.join("; "),
        ];
        own.into_iter().chain(of_report(report)).collect::<Vec<String>>()
    });
    let columns: Vec<&str> = HEADS.into_iter().chain(REPORT).collect();
    table(if heads { &columns } else { &[] }, rows, bom, out)
}

/// Writes what an index holds and how far it can be trusted: one row for each authority and
/// framework, each suspicion, correction, failure and missing authority; the first column says
/// which.
///
/// # Errors
/// Those of `out`.
pub fn coverage(coverage: &Coverage, bom: bool, out: &mut dyn io::Write) -> io::Result<()> {
    const HEADS: [&str; 11] = [
        "what",
        "authority",
        "region",
        "framework",
        "years",
        "report",
        "path",
        "page",
        "code",
        "reason",
        "look",
    ];
    let row = |what: &str| -> [String; 11] {
        let mut row: [String; 11] = Default::default();
        row[0] = what.to_owned();
        row
    };
    let mut rows = Vec::new();
    for authority in &coverage.authorities {
        for (framework, years) in &authority.held {
            let years: Vec<String> = years.iter().map(|year| or_empty(year.as_ref())).collect();
            let mut row = row("held");
            row[1] = or_empty(authority.authority.as_ref());
            row[2] = or_empty(authority.region.as_ref());
            row[3].clone_from(framework);
            row[4] = years.join("; ");
            rows.push(row);
        }
    }
    for suspicion in &coverage.suspicious {
        let mut row = row("suspicious");
        row[1] = or_empty(suspicion.authority.as_ref());
        row[3].clone_from(&suspicion.framework);
        row[5].clone_from(&suspicion.report);
        row[6].clone_from(&suspicion.path);
        row[7] = or_empty(suspicion.page.as_ref());
        row[8].clone_from(&suspicion.code);
        row[9].clone_from(&suspicion.reason);
        row[10].clone_from(&suspicion.look);
        rows.push(row);
    }
    for report in &coverage.corrected {
        for correction in &report.corrections {
            let mut row = row("corrected");
            row[5].clone_from(&report.report);
            row[8].clone_from(&correction.field);
            row[9] = format!(
                "{} in place of {}: {}",
                correction.to,
                correction.from.as_deref().unwrap_or("nothing"),
                correction.why
            );
            rows.push(row);
        }
    }
    for failure in &coverage.failed {
        let mut row = row(match failure.outcome {
            Outcome::Unreadable => "unreadable",
            _ => "not a report",
        });
        row[6].clone_from(&failure.path);
        row[8] = or_empty(failure.code.as_ref());
        row[9] = or_empty(failure.reason.as_ref());
        rows.push(row);
    }
    for missing in coverage.missing.iter().flatten() {
        let mut row = row("missing");
        row[1].clone_from(&missing.authority);
        row[2].clone_from(&missing.region);
        rows.push(row);
    }
    table(&HEADS, rows.into_iter(), bom, out)
}

fn table<R: AsRef<[String]>>(
    heads: &[&str],
    rows: impl Iterator<Item = R>,
    bom: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if bom {
        out.write_all(BOM)?;
    }
    let mut writer = csv::Writer::from_writer(out);
    if !heads.is_empty() {
        writer.write_record(heads).map_err(fault)?;
    }
    for row in rows {
        writer.write_record(row.as_ref().iter().map(|cell| safe(cell))).map_err(fault)?;
    }
    writer.flush()
}

/// Returns the fault of the file or pipe itself, so that a closed pipe is recognised.
fn fault(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(fault) => fault,
        _ => io::Error::other("a row of the table has other columns than its heads"),
    }
}

/// Returns the cell as text, whatever a spreadsheet would make of it.
fn safe(cell: &str) -> String {
    let clean = clean::lines(cell);
    // The wide forms are formulas to spreadsheets of East Asian locales. Some programs drop a tab
    // or carriage return at the start and then see what follows.
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let is_number = cell.starts_with('-') && cell.parse::<f64>().is_ok_and(f64::is_finite);
    if formula && !is_number { format!("'{clean}") } else { clean }
}

/// The code of a value that is one of a few, as in JSON.
fn code(value: impl serde::Serialize) -> String {
    let code = serde_json::to_value(value).unwrap_or_default();
    code.as_str().unwrap_or_default().to_owned()
}

fn or_empty<T: ToString>(value: Option<&T>) -> String {
    value.map(T::to_string).unwrap_or_default()
}

fn date(date: Option<Date>) -> String {
    or_empty(date.as_ref())
}

/// Returns a value as it is counted, where reports print the same in several forms.
fn normal(attribute: Attribute, value: Option<&str>) -> String {
    value.map(|value| attribute.normal(value).into_owned()).unwrap_or_default()
}

fn judgements(report: &ReportRecord) -> String {
    let judgements = report.judgements.iter();
    let judgements = judgements.map(|judgement| format!("{}: {}", judgement.area, judgement.label));
    judgements.collect::<Vec<_>>().join("; ")
}

fn rank(grade: Option<&Grade>) -> String {
    or_empty(grade.and_then(|grade| grade.rank.as_ref()))
}

fn label(grade: Option<&Grade>) -> String {
    or_empty(grade.map(|grade| &grade.label))
}

#[cfg(test)]
mod tests {
    use super::{hits, paragraphs, reports, safe};
    use crate::render::samples;
    use std::collections::BTreeMap;
    use std::io;

    fn written(write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        assert!(write(&mut out).is_ok());
        String::from_utf8_lossy(&out).into_owned()
    }

    /// A reader such as `head` closes the pipe while rows are written.
    #[test]
    fn a_pipe_that_closes_between_rows_is_told_as_that() {
        struct Closed;
        impl io::Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let rows = std::iter::repeat_n(["a cell".to_owned()], 10_000);
        let fault = super::table(&["head"], rows, false, &mut Closed).map_err(|e| e.kind());
        assert_eq!(fault, Err(io::ErrorKind::BrokenPipe));
    }

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert!(safe(cell).starts_with('\''), "{cell:?}");
        }
        assert_eq!(safe("fewer = worse"), "fewer = worse");
        assert_eq!(safe("-1.25"), "-1.25", "a number is none");
        let mut response = samples::response();
        response.hits[0].paragraph.text = "=HYPERLINK(\"x\"),\u{1b}[2J".to_owned();
        let text = written(|out| hits(response.every_hit(), &BTreeMap::new(), false, out));
        assert!(text.contains("\"'=HYPERLINK(\"\"x\"\"),\u{fffd}[2J\""), "{text}");
    }

    #[test]
    fn hits_have_heads_and_a_mark_if_wanted() {
        let report = samples::report();
        let reports = BTreeMap::from([(report.id.clone(), report)]);
        let text = written(|out| hits(samples::response().every_hit(), &reports, true, out));
        insta::assert_snapshot!(text, @r#"
        ﻿rank,score,authority,framework,inspection_start,inspection_end,published,section,theme,topics,grade,overall,number,page,page_end,kind,text,citation,id,report,path,grade_rank,grade_area,timescale,addressee,parent,la_code,region,visit,published_from,lead_inspector,overall_rank,judgements,title,sha256,report_pages,report_paragraphs,report_words,report_warnings,authority_printed,inspection_theme,refers,topics_denied
        1,7.25,Wealdshire,sif,2015-10-19,2015-11-12,2016-01-08,Children who need help and protection > Children who go missing,help_protection,missing,Inadequate,Inadequate,45,11,12,finding,"When children come home, a return interview is offered in fewer than half of the cases, and it is seldom held within three days. What they say is not brought together, so that leaders cannot tell where children are at risk.","Wealdshire, Single inspection, 19 October 2015, Children who go missing, paragraph 45, pages 11–12",wealdshire-sif-2015-10-19/45,wealdshire-sif-2015-10-19,reports/wealdshire.pdf,4,Children who need help and protection,,,,999,South East,,text,Ada Brook,4,"Children who need help and protection: Inadequate; Leadership, management and governance: Requires improvement; Local Safeguarding Children Board: Not judged",Wealdshire County Council: inspection of services for children,0000000000000000000000000000000000000000000000000000000000000000,41,137,14820,1,,,,
        2,3.5,Port Ansel,jtai,,,2017-03-02,,help_protection,missing,,,,,,recommendation,offer the return interview to every child,"Port Ansel, JTAI, 2017",port-ansel-jtai-2017/p3-2,port-ansel-jtai-2017,reports/wealdshire.pdf,,,within three months,,,,,,,,,,,,,,,,,,,
        "#);
        assert!(text.starts_with('\u{feff}'));
    }

    #[test]
    fn hits_of_groups_are_not_lost() {
        let text =
            written(|out| hits(samples::grouped().every_hit(), &BTreeMap::new(), false, out));
        assert_eq!(text.lines().count(), 4);
    }

    #[test]
    fn every_row_has_as_many_cells_as_there_are_heads() {
        // The writer refuses rows of unequal length.
        let text = written(|out| reports(&[samples::report()], false, out));
        assert!(text.contains("Children who need help and protection: Inadequate; "), "{text}");
        let report = samples::report();
        let one = [samples::paragraph()];
        let text = written(|out| paragraphs(&one, Some(&report), true, false, out));
        assert!(text.starts_with("id,report,section,"), "{text}");
        let text = written(|out| paragraphs(&one, None, true, false, out));
        assert_eq!(text.lines().count(), 2, "{text}");
        let text = written(|out| paragraphs(&one, Some(&report), false, false, out));
        assert!(text.starts_with("wealdshire-sif-2015-10-19/45,"), "{text}");
    }
}
