//! Tests that numbers agree with the export, and that every number leads to its paragraphs.

use super::counts::{count, dimensions};
use super::made::Entry;
use crate::built::Built;
use crate::real;
use findings_index::records::{ParagraphRecord, ReportRecord};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

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
fn agrees_with_export(built: &Built, phrases: &[&[&str]], followed: usize) {
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

const RETURN_INTERVIEWS: [&[&str]; 2] =
    [&["return", "interview"], &["return", "home", "interview"]];

#[test]
fn numbers_of_the_samples_are_those_of_the_export_and_lead_to_their_paragraphs() {
    agrees_with_export(&Built::samples(), &RETURN_INTERVIEWS, usize::MAX);
}

#[test]
fn numbers_of_a_widened_or_narrowed_query_lead_to_their_paragraphs_as_well() {
    let built = Built::samples();
    let mut expansions = 0;
    for asked in [
        &["looked after children"][..],
        &["LSCB"],
        &["--any", "missing interviews"],
        &["--exact", "interviews"],
        &["the interviews of children"],
    ] {
        let options = ["compare", "--by=framework"];
        let answer = built.json(&[&options[..], asked].concat());
        expansions += answer["expansions"].as_array().unwrap().len();
        assert_ne!(answer["whole"]["paragraphs"]["count"], 0, "{asked:?}");
        let brought = answer["expansions"].as_array().unwrap().iter();
        let said = answer["counted"]
            .as_array()
            .unwrap()
            .iter()
            .any(|counted| counted.as_str().unwrap().starts_with("Synonyms count as well: ‘"));
        assert_eq!(said, brought.into_iter().any(|expansion| expansion["alone"] != 0), "{asked:?}");
        let groups = answer["groups"].as_array().unwrap().iter().chain([&answer["whole"]]);
        for group in groups {
            let arguments = group["find_matching"]["arguments"].as_array().unwrap();
            let mut arguments: Vec<&str> = arguments.iter().map(|a| a.as_str().unwrap()).collect();
            arguments.splice(1..1, ["--format=jsonl", "--limit=100000"]);
            let hits: Vec<Value> = built.lines(&arguments);
            assert_eq!(group["paragraphs"]["count"], hits.len(), "{asked:?}: {arguments:?}");
        }
    }
    assert!(expansions > 0, "nothing was widened, so nothing was tried");
}

#[test]
fn numbers_of_real_reports_are_those_of_the_export() {
    let Some(folder) = real::reports() else {
        return;
    };
    let built = Built::of(&folder);
    agrees_with_export(&built, &RETURN_INTERVIEWS, 60);
    agrees_with_export(&built, &[&["caseloads"]], 0);
}
