//! Numbers of a comparison by reading one paragraph after the other, without the index.

use crate::built::Built;
use findings_index::records::{Attribute, Grade, Kind, ParagraphRecord, ReportRecord, Use};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A report and its paragraphs.
pub(crate) type Entry = (ReportRecord, Vec<ParagraphRecord>);

/// The value of a paragraph in a dimension.
fn value(
    dimension: Attribute,
    report: &ReportRecord,
    paragraph: &ParagraphRecord,
) -> Option<String> {
    let label = |grade: &Option<Grade>| grade.as_ref().map(one_label);
    match dimension {
        Attribute::Authority => report.authority.clone(),
        Attribute::Report => Some(report.id.clone()),
        Attribute::Grade => label(&paragraph.grade),
        Attribute::Overall => label(&report.overall),
        Attribute::Framework => Some(report.framework.clone()),
        Attribute::Year => report.date().map(|date| date.year().to_string()),
        Attribute::Region => report.region.clone(),
        Attribute::Visit => report.visit.map(|visit| visit.name().to_owned()),
        Attribute::Theme => paragraph.theme.clone(),
        Attribute::Kind => Some(paragraph.kind.name().to_owned()),
        Attribute::Timescale | Attribute::Addressee => {
            let printed = match dimension {
                Attribute::Timescale => &paragraph.timescale,
                _ => &paragraph.addressee,
            };
            printed.as_ref().map(|printed| dimension.normal(printed).into_owned())
        }
        other => panic!("say here what {other:?} is of a paragraph"),
    }
}

/// Both printings of a grade are one.
fn one_label(grade: &Grade) -> String {
    grade.label.trim_end_matches(" to be good").to_owned()
}

/// The counts of one group by plain iteration.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Counted {
    pub(crate) eligible: BTreeSet<String>,
    pub(crate) matching: BTreeSet<String>,
    pub(crate) words: usize,
    pub(crate) reports: [BTreeSet<String>; 2],
    pub(crate) recommendations: [usize; 2],
    /// Labels of section grades, for the matching and for the eligible paragraphs.
    pub(crate) grades: [BTreeMap<Option<String>, usize>; 2],
}

/// Counts by reading one paragraph after the other.
pub(crate) fn count(
    entries: &[Entry],
    by: &[Attribute],
    is_match: impl Fn(&ReportRecord, &ParagraphRecord) -> bool,
) -> BTreeMap<Vec<Option<String>>, Counted> {
    let mut groups: BTreeMap<Vec<Option<String>>, Counted> = BTreeMap::new();
    for (report, paragraphs) in entries {
        let counts =
            |own: &&ParagraphRecord| !matches!(own.kind, Kind::Boilerplate | Kind::Context);
        for paragraph in paragraphs.iter().filter(counts) {
            let key = by.iter().map(|by| value(*by, report, paragraph)).collect();
            let group = groups.entry(key).or_default();
            let advice = usize::from(paragraph.kind == Kind::Recommendation);
            let label = paragraph.grade.as_ref().map(one_label);
            group.words += paragraph.text.split_whitespace().count();
            group.eligible.insert(paragraph.id.clone());
            group.reports[1].insert(report.id.clone());
            group.recommendations[1] += advice;
            *group.grades[1].entry(label.clone()).or_default() += 1;
            if is_match(report, paragraph) {
                group.matching.insert(paragraph.id.clone());
                group.reports[0].insert(report.id.clone());
                group.recommendations[0] += advice;
                *group.grades[0].entry(label).or_default() += 1;
            }
        }
    }
    // A name that no table knows is no authority, and so no group.
    let authority = by.iter().position(|by| *by == Attribute::Authority);
    groups.retain(|key, _| authority.is_none_or(|at| key[at].is_some()));
    groups
}

pub(crate) fn dimensions() -> Vec<Attribute> {
    Attribute::of(Use::Dimension).collect()
}

/// Whether a text contains these words next to each other, checked without the index.
fn says(text: &str, phrase: &[&str]) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(phrase.len()).any(|window| window == phrase)
}

/// Everything in the index, as `reports` and `export` write it.
fn exported(built: &Built) -> Vec<Entry> {
    let reports: Vec<ReportRecord> = built.lines(&["reports", "--format", "jsonl"]);
    let mut by_report: BTreeMap<String, Vec<ParagraphRecord>> = BTreeMap::new();
    for paragraph in built.lines::<ParagraphRecord>(&["export"]) {
        by_report.entry(paragraph.report.clone()).or_default().push(paragraph);
    }
    let own = |report: ReportRecord| {
        let paragraphs = by_report.remove(&report.id).unwrap_or_default();
        (report, paragraphs)
    };
    reports.into_iter().map(own).collect()
}

/// Compares by some dimensions and counts the same from the export. `followed` is the number of
/// counts that are followed to their paragraphs by running the program once more.
pub(crate) fn agrees_with_export(built: &Built, phrases: &[&[&str]], followed: usize) {
    let quoted: Vec<String> =
        phrases.iter().map(|phrase| format!("\"{}\"", phrase.join(" "))).collect();
    let query = quoted.join(" OR ");
    let entries = exported(built);
    let is_match = |_: &ReportRecord, paragraph: &ParagraphRecord| {
        phrases.iter().any(|phrase| says(&paragraph.text, phrase))
    };
    let mut left = followed;
    for dimension in dimensions() {
        let name = serde_json::to_value(dimension).unwrap();
        let name = name.as_str().unwrap();
        let answer = built.json(&["compare", &query, "--by", name]);
        let groups = answer["groups"].as_array().unwrap();
        let counted = count(&entries, &[dimension], is_match);
        assert_eq!(groups.len(), counted.len(), "groups by {name}");
        for group in groups {
            let key = vec![group["values"][0].as_str().map(str::to_owned)];
            let own = &counted[&key];
            let number = |share: &str, of: &str| group[share][of].as_u64().unwrap() as usize;
            let said = format!("{name} {key:?}");
            assert_eq!(number("paragraphs", "count"), own.matching.len(), "{said}");
            assert_eq!(number("paragraphs", "out_of"), own.eligible.len(), "{said}");
            assert_eq!(number("reports", "count"), own.reports[0].len(), "{said}");
            assert_eq!(number("reports", "out_of"), own.reports[1].len(), "{said}");
            assert_eq!(number("recommendations", "count"), own.recommendations[0], "{said}");
            assert_eq!(number("eligible", "words"), own.words, "{said}");
            for (trace, ids) in [("find_matching", &own.matching), ("find_eligible", &own.eligible)]
            {
                if left == 0 || ids.is_empty() {
                    continue;
                }
                left -= 1;
                let arguments = group[trace]["arguments"].as_array().unwrap();
                let mut arguments: Vec<&str> =
                    arguments.iter().map(|argument| argument.as_str().unwrap()).collect();
                arguments.splice(1..1, ["--format=jsonl", "--limit=100000"]);
                let hits: Vec<Value> = built.lines(&arguments);
                let found: BTreeSet<String> =
                    hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect();
                assert_eq!(&found, ids, "{said}: {arguments:?}");
            }
        }
    }
}

pub(crate) const RETURN_INTERVIEWS: [&[&str]; 2] =
    [&["return", "interview"], &["return", "home", "interview"]];
