//! Writes paragraphs that were found, each with its report.

use super::{date, judgements, label, normal, or_empty, rank, table};
use crate::render::{Made, words};
use findings_index::records::{
    Attribute, ParagraphRecord, PublishedFrom, ReportHead, ReportRecord,
};
use findings_index::request::Hit;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

/// The columns of a hit.
pub(super) const HIT: [&str; 21] = [
    "rank",
    "score",
    "authority",
    "framework",
    "inspection_start",
    "inspection_end",
    "published",
    "section",
    "theme",
    "topics",
    "grade",
    "overall",
    "number",
    "page",
    "page_end",
    "kind",
    "text",
    "citation",
    "id",
    "report",
    "path",
];

/// The columns of a report as those of one of its paragraphs.
pub(super) const REPORT: [&str; 22] = [
    "authority",
    "la_code",
    "region",
    "framework",
    "visit",
    "inspection_start",
    "inspection_end",
    "published",
    "published_from",
    "lead_inspector",
    "overall",
    "overall_rank",
    "judgements",
    "title",
    "path",
    "sha256",
    "report_pages",
    "report_paragraphs",
    "report_words",
    "report_warnings",
    "authority_printed",
    "inspection_theme",
];

/// Returns the cells of a report, in the order of [`REPORT`]; empty ones where there is none.
pub(super) fn of_report(report: Option<&ReportRecord>) -> [String; 22] {
    let Some(report) = report else { return Default::default() };
    [
        or_empty(report.authority.as_ref()),
        or_empty(report.la_code.as_ref()),
        or_empty(report.region.as_ref()),
        report.framework.clone(),
        report.visit.map(words::visit).unwrap_or_default().to_owned(),
        date(report.inspection_start),
        date(report.inspection_end),
        date(report.published),
        report.published_from.map(PublishedFrom::name).unwrap_or_default().to_owned(),
        or_empty(report.lead_inspector.as_ref()),
        label(report.overall.as_ref()),
        rank(report.overall.as_ref()),
        judgements(report),
        or_empty(report.title.as_ref()),
        report.path.clone(),
        report.sha256.clone(),
        or_empty(report.pages.as_ref()),
        report.paragraphs.to_string(),
        report.words.to_string(),
        report.warnings.len().to_string(),
        or_empty(report.authority_printed.as_ref()),
        or_empty(report.inspection_theme.as_ref()),
    ]
}

/// The columns of a paragraph that come after those of [`HIT`].
const MORE: [&str; 5] = ["grade_rank", "grade_area", "timescale", "addressee", "parent"];

/// The columns of a paragraph that come after all others, because they are the newest.
const LAST: [&str; 2] = ["refers", "topics_denied"];

/// Returns the columns of a hit with those of its report.
fn heads() -> Vec<&'static str> {
    let of_report = REPORT.into_iter().filter(|column| is_added(column));
    HIT.into_iter().chain(MORE).chain(of_report).chain(LAST).collect()
}

/// Whether a column of a report is not among those of a hit.
fn is_added(column: &str) -> bool {
    !HIT.contains(&column)
}

/// Returns the cells of a hit and of its report, which is given by id, in the order of [`heads`].
fn row(found: &Hit, reports: &BTreeMap<String, ReportRecord>) -> Vec<String> {
    let paragraph = &found.paragraph;
    let more = [
        rank(paragraph.grade.as_ref()),
        or_empty(paragraph.grade.as_ref().map(|grade| &grade.area)),
        normal(Attribute::Timescale, paragraph.timescale.as_deref()),
        normal(Attribute::Addressee, paragraph.addressee.as_deref()),
        or_empty(paragraph.parent.as_ref()),
    ];
    let last = [paragraph.refers.join("; "), paragraph.topics_denied.join("; ")];
    let report = REPORT.into_iter().zip(of_report(reports.get(&found.head.id)));
    let report = report.filter(|(column, _)| is_added(column)).map(|(_, cell)| cell);
    hit(found).into_iter().chain(more).chain(report).chain(last).collect()
}

/// Writes hits with every column of their reports, which are given by id.
///
/// # Errors
/// Those of `out`.
pub fn hits<'h>(
    hits: impl Iterator<Item = &'h Hit>,
    reports: &BTreeMap<String, ReportRecord>,
    bom: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    table(&heads(), hits.map(|hit| row(hit, reports)), bom, out)
}

/// Writes hits with every column of their reports, and at the end of each row what the whole table
/// says of itself, so that it stays with a row that is copied.
///
/// # Errors
/// Those of `out`.
pub fn hits_made<'h>(
    hits: impl Iterator<Item = &'h Hit>,
    reports: &BTreeMap<String, ReportRecord>,
    made: &Made,
    bom: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let heads: Vec<&str> =
        heads().into_iter().chain(["query", "generation", "attribution"]).collect();
    let last = [&made.query, &made.generation, &made.attribution].map(String::clone);
    let rows =
        hits.map(|hit| row(hit, reports).into_iter().chain(last.clone()).collect::<Vec<_>>());
    table(&heads, rows, bom, out)
}

/// Writes the heading row above the hits of named queries.
///
/// # Errors
/// Those of `out`.
pub fn named_heads(bom: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let heads: Vec<&str> = ["name"].into_iter().chain(heads()).collect();
    table(&heads, std::iter::empty::<Vec<String>>(), bom, out)
}

/// Writes a hit after the name of the query that found it, with every column of its report.
///
/// # Errors
/// Those of `out`.
pub fn named_hit(
    name: &str,
    hit: &Hit,
    reports: &BTreeMap<String, ReportRecord>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let cells: Vec<String> = [name.to_owned()].into_iter().chain(row(hit, reports)).collect();
    table(&[], std::iter::once(cells), false, out)
}

/// Returns the cells of a hit, in the order of [`HIT`].
fn hit(hit: &Hit) -> Vec<String> {
    let (paragraph, head) = (&hit.paragraph, &hit.head);
    let place = [hit.rank.to_string(), hit.score.to_string()];
    let ids = [paragraph.id.clone(), paragraph.report.clone(), head.path.clone()];
    place.into_iter().chain(of_paragraph(paragraph, head)).chain(ids).collect()
}

/// The columns of [`HIT`] that [`of_paragraph`] fills.
pub(super) const OF_PARAGRAPH: Range<usize> = 2..18;

/// Returns the cells of a paragraph and its report that every list of paragraphs begins with.
pub(super) fn of_paragraph(paragraph: &ParagraphRecord, head: &ReportHead) -> [String; 16] {
    [
        or_empty(head.authority.as_ref()),
        head.framework.clone(),
        date(head.inspection_start),
        date(head.inspection_end),
        date(head.published),
        paragraph.section.join(" > "),
        or_empty(paragraph.theme.as_ref()),
        paragraph.topics.join("; "),
        label(paragraph.grade.as_ref()),
        label(head.overall.as_ref()),
        or_empty(paragraph.number.as_ref()),
        or_empty(paragraph.page.as_ref()),
        or_empty(paragraph.page_end.as_ref()),
        paragraph.kind.name().to_owned(),
        paragraph.text.clone(),
        paragraph.citation.clone(),
    ]
}
