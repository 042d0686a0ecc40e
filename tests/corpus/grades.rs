//! Counts grades a second time, by plain iteration over what people read in the reports and over
//! the reports as they are listed, and holds `findings grades` against it.

use crate::read::read_lines;
use crate::{real, suggested};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use tempfile::TempDir;

const FULL: [&str; 5] = ["slac", "lac-2013", "sif", "sif-reinspection", "ilacs"];

/// The index that the program asks, made once.
fn held() -> Option<&'static Path> {
    static HELD: OnceLock<TempDir> = OnceLock::new();
    let folder: PathBuf = real::reports()?;
    let held = HELD.get_or_init(|| {
        let place = tempfile::tempdir().unwrap();
        let index = ["index", folder.to_str().unwrap()];
        assert!(!run(place.path(), &index).is_empty());
        place
    });
    Some(held.path())
}

fn run(place: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_findings"));
    command.current_dir(place).args(["--index", "held"]).args(arguments);
    String::from_utf8(suggested::output(&mut command).stdout).unwrap()
}

fn grades(place: &Path, arguments: &[&str]) -> Value {
    let arguments = [&["grades", "--format", "json"], arguments].concat();
    serde_json::from_str(&run(place, &arguments)).unwrap()
}

/// The reports as `findings reports` lists them.
fn listed(place: &Path) -> Vec<Value> {
    let text = run(place, &["reports", "--format", "jsonl"]);
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

fn is_full(report: &Value) -> bool {
    report["visit"].is_null() && FULL.contains(&text(report, "framework"))
}

/// The label as it is counted.
fn shared(label: &str) -> String {
    label.strip_suffix(" to be good").unwrap_or(label).to_owned()
}

/// How often each grade occurs, by value and grade.
type Counts = BTreeMap<(String, String), u64>;

/// The counts of the table of a body.
fn counted(answer: &Value, body: &str, by: &str) -> Counts {
    let tables = answer["tables"].as_array().unwrap().iter();
    let mut own = tables.filter(|table| {
        table["body"] == body
            && table["by"][0] == by
            && (body != "authority" || table["is_full"] == true)
    });
    let table = own.next().unwrap();
    let mut counts = Counts::new();
    for row in table["rows"].as_array().unwrap() {
        let value = row["values"][0].as_str().unwrap_or("none");
        for cell in row["grades"].as_array().unwrap() {
            let count = cell["count"].as_u64().unwrap();
            if count > 0 {
                counts.insert((value.to_owned(), text(cell, "label").to_owned()), count);
            }
        }
    }
    counts
}

#[test]
fn grades_are_counted_as_the_tables_of_the_reports_print_them() {
    let Some(place) = held() else { return };
    let gold = real::reports().unwrap().join("../gold/reports.jsonl");
    let gold = read_lines(&gold);
    let ours = listed(place);
    let id_of: BTreeMap<&str, &Value> = ours.iter().map(|own| (text(own, "sha256"), own)).collect();
    // What people read, of the reports that they read.
    let (mut overall, mut parts, mut themed) = (Counts::new(), Counts::new(), Counts::new());
    let mut ids = BTreeSet::new();
    for report in gold.iter().filter(|report| FULL.contains(&text(report, "framework"))) {
        let Some(own) = id_of.get(text(report, "sha256")) else { continue };
        if !ids.insert(text(own, "id")) {
            continue;
        }
        let add = |counts: &mut Counts, value: &str, grade: &Value| {
            let key = (value.to_owned(), shared(grade.as_str().unwrap()));
            *counts.entry(key).or_default() += 1;
        };
        match &report["overall_grade"] {
            Value::Object(several) => {
                for (area, grade) in several {
                    add(&mut parts, area.trim_end_matches(": Overall effectiveness"), grade);
                }
            }
            one => add(&mut overall, text(report, "framework"), one),
        }
        for (area, grade) in report["judgements"].as_object().unwrap() {
            let area = area.to_lowercase();
            let theme = if text(report, "framework") == "slac" {
                continue;
            } else if area.contains("leader") {
                "leadership"
            } else if area.contains("protection") {
                "help_protection"
            } else if area.contains("adoption") {
                "permanence"
            } else if area.contains("board") || area.contains("overall") {
                continue;
            } else if area.contains("care leavers") && !area.contains("children in care") {
                "care_leavers"
            } else {
                "care"
            };
            // What was not judged has no grade.
            if grade != "Not judged" {
                add(&mut themed, theme, grade);
            }
        }
    }
    assert!(ids.len() > 80, "{}", ids.len());
    let only: Vec<String> = ids.iter().map(|id| format!("--report={id}")).collect();
    let only: Vec<&str> = only.iter().map(String::as_str).collect();
    let answer = grades(place, &[&["--by", "framework"], &only[..]].concat());
    assert_eq!(counted(&answer, "authority", "framework"), overall);
    let tables = answer["tables"].as_array().unwrap().iter();
    let mut of_parts = Counts::new();
    for table in tables.filter(|table| table["part"].is_string()) {
        for cell in table["whole"]["grades"].as_array().unwrap() {
            let count = cell["count"].as_u64().unwrap();
            if count > 0 {
                of_parts.insert(
                    (text(table, "part").to_owned(), text(cell, "label").to_owned()),
                    count,
                );
            }
        }
    }
    assert_eq!(of_parts, parts);
    let answer = grades(
        place,
        &[&["--by", "theme", "--framework", "sif,sif-reinspection,ilacs"], &only[..]].concat(),
    );
    let mut ours = counted(&answer, "authority", "theme");
    ours.retain(|(theme, _), _| theme != "overall");
    assert_eq!(ours, themed);
}

#[test]
fn every_table_agrees_with_a_plain_count_of_the_reports() {
    let Some(place) = held() else { return };
    let reports = listed(place);
    for by in ["framework", "year", "region"] {
        let mut expected: BTreeMap<&str, Counts> = BTreeMap::new();
        for report in &reports {
            let value = match by {
                "year" => text(report, "inspection_start").get(..4).unwrap_or("none").to_owned(),
                by => report[by].as_str().unwrap_or("none").to_owned(),
            };
            let mut add = |body, label: &str| {
                let counts = expected.entry(body).or_default();
                *counts.entry((value.clone(), shared(label))).or_default() += 1;
            };
            // One that judges two parts is held against the gold, above.
            if is_full(report) && text(report, "framework") != "slac" {
                add("authority", text(&report["overall"], "label"));
            } else if text(report, "framework") == "send" {
                add("partnership", text(&report["overall"], "label"));
            }
            let judgements = report["judgements"].as_array().unwrap();
            for own in judgements.iter().filter(|own| own["body"] == "lscb") {
                add("lscb", text(own, "label"));
            }
        }
        let answer = grades(place, &["--by", by]);
        for (body, expected) in expected {
            assert_eq!(counted(&answer, body, by), expected, "{body} by {by}");
        }
        let apart = answer["apart"].as_array().unwrap().iter();
        let apart: u64 = apart.map(|own| own["count"].as_u64().unwrap()).sum();
        let joint = reports.iter().filter(|own| text(own, "framework") == "jtai").count();
        assert_eq!(apart, joint as u64);
    }
}

#[test]
fn changes_are_those_from_the_first_to_the_latest_full_inspection() {
    let Some(place) = held() else { return };
    let reports = listed(place);
    for (as_at, since) in
        [("2099-12-31", "first"), ("2019-03-31", "first"), ("2022-12-31", "previous")]
    {
        let mut all: BTreeMap<&str, Vec<(&str, &Value)>> = BTreeMap::new();
        for report in reports.iter().filter(|report| is_full(report)) {
            let day = text(report, "inspection_end");
            if day <= as_at {
                all.entry(text(report, "authority")).or_default().push((day, report));
            }
        }
        let mut expected: BTreeMap<&str, (&str, &str, &str)> = BTreeMap::new();
        for (authority, own) in &mut all {
            own.sort_by_key(|(day, _)| *day);
            let latest = own[own.len() - 1].1;
            let earlier = match (own.len(), since) {
                (1, _) => None,
                (_, "first") => Some(own[0].1),
                (many, _) => Some(own[many - 2].1),
            };
            let old = |report: &Value| ["slac", "lac-2013"].contains(&text(report, "framework"));
            let rank = |report: &Value| report["overall"]["rank"].as_u64().unwrap();
            let change = match earlier {
                None => "once",
                Some(earlier) if old(earlier) != old(latest) => "not_comparable",
                Some(earlier) if rank(earlier) > rank(latest) => "improved",
                Some(earlier) if rank(earlier) < rank(latest) => "declined",
                Some(_) => "kept",
            };
            let earlier = earlier.map_or("", |report| text(report, "id"));
            expected.insert(authority, (earlier, text(latest, "id"), change));
        }
        let option = format!("--changes={since}");
        let answer = grades(place, &[&option, "--as-at", as_at]);
        let changes = &answer["changes"];
        let moved = changes["moved"].as_array().unwrap();
        let mut numbers: BTreeMap<&str, u64> = BTreeMap::new();
        for own in moved {
            let change = text(own, "moved");
            let earlier = own["earlier"]["report"].as_str().unwrap_or_default();
            let latest = text(&own["latest"], "report");
            assert_eq!(expected[text(own, "authority")], (earlier, latest, change));
            *numbers.entry(change).or_default() += 1;
        }
        assert_eq!(moved.len(), expected.len(), "as at {as_at}");
        for (change, number) in numbers {
            assert_eq!(changes["whole"][change], number, "{change} as at {as_at}");
        }
        // The table of grades holds every authority that was compared, once.
        let pairs = changes["transitions"].as_array().unwrap().iter();
        let comparable = pairs.filter(|own| own["is_comparable"] == true);
        let together: u64 = comparable.map(|own| own["authorities"].as_u64().unwrap()).sum();
        assert_eq!(changes["whole"]["compared"], together);
    }
}

#[test]
fn the_latest_by_region_are_the_reports_that_are_listed_as_the_latest() {
    let Some(place) = held() else { return };
    let day = "2019-03-31";
    let answer = grades(place, &["--as-at", day, "--by", "region"]);
    let mut expected = Counts::new();
    for line in run(place, &["reports", "--as-at", day, "--format", "jsonl"]).lines() {
        let report: Value = serde_json::from_str(line).unwrap();
        let key = (text(&report, "region").to_owned(), shared(text(&report["overall"], "label")));
        *expected.entry(key).or_default() += 1;
    }
    assert_eq!(counted(&answer, "authority", "region"), expected);
    let census = &answer["census"];
    let missing = census["missing"].as_array().unwrap().len() as u64;
    assert_eq!(census["held"].as_u64().unwrap() + missing, census["known"].as_u64().unwrap());
    // 152 authorities existed on that day.
    assert_eq!(census["known"], 152);
    let rows = answer["tables"][0]["rows"].as_array().unwrap().iter();
    let known: u64 = rows.map(|row| row["known"].as_u64().unwrap()).sum();
    assert_eq!(known, 152);
}
