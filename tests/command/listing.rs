//! Lists of paragraphs: a search without words, and tables with every column of the report.

use crate::built::Built;
use crate::held::{Held, id};
use serde_json::Value;

#[test]
fn a_search_without_words_lists_by_authority_and_in_the_reports_own_order() {
    let built = Built::samples();
    let hits: Vec<Value> = built.lines(&["search", "--limit", "1000", "--format", "jsonl"]);
    let exported: Vec<Value> = built.lines(&["export"]);
    let place = |hit: &Value| exported.iter().position(|record| record["id"] == hit["id"]).unwrap();
    assert_eq!(hits.len(), exported.len());
    for pair in hits.windows(2) {
        let key = |hit: &Value| {
            let report = &hit["report"];
            let start = report["inspection_start"].as_str().unwrap().replace('-', "");
            // The newest report of an authority comes first.
            let newest = 99_999_999 - start.parse::<u32>().unwrap();
            (report["authority"].as_str().unwrap().to_owned(), newest, place(hit))
        };
        assert!(key(&pair[0]) < key(&pair[1]), "{} {}", pair[0]["id"], pair[1]["id"]);
    }
    for query in ["*", "grade:good"] {
        let (_, listed, said) = built.run(&["search", query, "--limit", "2"]);
        assert!(listed.lines().next().unwrap().ends_with("by authority"), "{listed}");
        assert!(said.contains("in its own order"), "{said}");
    }
    let (_, ranked, said) = built.run(&["search", "supervision", "--limit", "2"]);
    assert!(ranked.lines().next().unwrap().ends_with("most relevant first"), "{ranked}");
    assert_eq!(said, "");
    let (_, newest, said) = built.run(&["search", "--sort", "date", "--limit", "2"]);
    assert!(newest.lines().next().unwrap().ends_with("newest first"), "{newest}");
    assert_eq!(said, "");
    let (_, _, said) = built.run(&["search", "--limit", "0", "--facets", "grade"]);
    assert_eq!(said, "", "nothing is listed");
    assert_eq!(built.json(&["search", "--limit", "0"])["sort"], "authority");
}

/// The cells of a table by the names of its columns.
fn rows(text: &str) -> Vec<std::collections::HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let named = |row: csv::StringRecord| {
        heads.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect()
    };
    reader.records().map(|row| named(row.unwrap())).collect()
}

#[test]
fn tables_of_paragraphs_have_every_column_of_the_report_and_the_old_ones_first() {
    let held = Held::new();
    let reports = held.findings(&["reports", "--format", "jsonl"]).records();
    let report = |id: &str| reports.iter().find(|report| report["id"] == id).unwrap();
    let found = held.findings(&["search", "interview", "--format", "csv"]).out;
    let exported = held.findings(&["export", "--format", "csv"]).out;
    assert!(found.starts_with("rank,score,authority,framework,inspection_start,"), "{found}");
    assert!(exported.starts_with("id,report,section,theme,topics,grade,grade_area,"), "{exported}");
    assert_eq!((rows(&found).len(), rows(&exported).len() > 3), (3, true));
    for row in rows(&found).into_iter().chain(rows(&exported)) {
        let report = report(&row["report"]);
        for column in [
            "authority",
            "la_code",
            "region",
            "framework",
            "inspection_start",
            "inspection_end",
            "published",
            "published_from",
            "lead_inspector",
            "title",
            "path",
            "sha256",
        ] {
            assert_eq!(row[column], report[column].as_str().unwrap_or_default(), "{column}");
        }
        assert_eq!(row["overall"], report["overall"]["label"].as_str().unwrap_or_default());
        assert_eq!(row["report_words"], report["words"].to_string());
        assert_eq!(row["report_pages"].is_empty(), report["pages"].is_null());
    }
    // Grouped hits have their reports as well.
    let grouped = held.findings(&["search", "interview", "--group", "report", "--format", "csv"]);
    assert!(rows(&grouped.out).iter().all(|row| !row["sha256"].is_empty()));
    let ids: Vec<String> = rows(&exported).iter().map(|row| row["id"].clone()).collect();
    assert_eq!(ids, held.findings(&["export"]).records().iter().map(id).collect::<Vec<_>>());
}
