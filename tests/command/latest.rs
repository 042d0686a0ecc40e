//! `--latest` and `--as-at`.

use crate::built::Built;
use serde_json::Value;
use std::collections::BTreeSet;

fn reports(built: &Built, arguments: &[&str]) -> BTreeSet<String> {
    let arguments = [&["reports", "--format", "jsonl"], arguments].concat();
    let reports: Vec<Value> = built.lines(&arguments);
    reports.iter().map(|report| report["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_authority_has_one_report_the_newest_of_its_full_inspections() {
    let built = Built::samples();
    let all: Vec<Value> = built.lines(&["reports", "--format", "jsonl"]);
    let full = |report: &&Value| {
        let framework = report["framework"].as_str().unwrap();
        report["visit"].is_null() && ["slac", "lac-2013", "sif", "ilacs"].contains(&framework)
    };
    let mut expected = BTreeSet::new();
    for authority in all.iter().map(|report| &report["authority"]).collect::<Vec<_>>() {
        let own = all.iter().filter(full).filter(|report| report["authority"] == *authority);
        let newest = own.max_by_key(|report| report["inspection_end"].as_str().unwrap());
        expected.extend(newest.map(|report| report["id"].as_str().unwrap().to_owned()));
    }
    assert!(expected.len() > 2);
    assert_eq!(reports(&built, &["--latest"]), expected);
    // Every door that looks through paragraphs takes the same.
    let of = |value: &Value| value["report"].as_str().unwrap().to_owned();
    let exported: Vec<Value> = built.lines(&["export", "--latest"]);
    assert_eq!(exported.iter().map(of).collect::<BTreeSet<_>>(), expected);
    let found = built.json(&["search", "--latest", "--limit", "1000"]);
    let hits = found["hits"].as_array().unwrap();
    let of_hits = hits.iter().map(|hit| hit["report"]["id"].as_str().unwrap().to_owned());
    assert_eq!(of_hits.collect::<BTreeSet<_>>(), expected);
    assert_eq!(found["total"], exported.len());
    let lines = built.json(&["kwic", "a", "--exact", "--latest", "--limit", "10000"]);
    let lines = lines["lines"].as_array().unwrap();
    assert!(lines.iter().all(|line| expected.contains(&of(line))));
}

#[test]
fn the_newest_is_chosen_before_the_other_conditions_and_what_is_left_out_is_said() {
    let built = Built::samples();
    let stonewick = ["--authority", "Stonewick"];
    let newest = reports(&built, &[&["--latest"], &stonewick[..]].concat());
    let older = reports(&built, &[&["--as-at", "2015-06-30"], &stonewick[..]].concat());
    assert_eq!((newest.len(), older.len()), (1, 1));
    assert!(newest.iter().all(|id| id.contains("2023")), "{newest:?}");
    assert_eq!(older, BTreeSet::from(["stonewick-sif-2014-09-09".to_owned()]));
    // A grade that only the older report has finds nothing, and leaving it out is offered.
    let narrow = ["search", "--latest", "--authority", "Stonewick", "--overall", "inadequate"];
    let (code, out, _) = built.run(&narrow);
    assert_eq!(code, 1);
    assert!(out.contains("without --latest there would be"), "{out}");
    let (_, _, said) = built.run(&["search", "supervision", "--latest"]);
    assert!(said.contains("the newest full inspection of each authority"), "{said}");
    for left_out in ["older inspection", "visit", "under other frameworks"] {
        assert!(said.contains(left_out), "{left_out}: {said}");
    }
    let json = built.json(&["search", "supervision", "--latest"]);
    assert!(json["notes"].as_array().unwrap().iter().any(|note| note["code"] == "latest"));
    // The frameworks asked for take the place of the full inspections.
    let joint = reports(&built, &["--latest", "--framework", "jtai"]);
    assert_eq!(joint, reports(&built, &["--framework", "jtai"]));
    assert!(!joint.is_empty());
}

#[test]
fn comparisons_timelines_and_batches_take_the_newest_too() {
    let built = Built::samples();
    let held = reports(&built, &["--latest"]);
    let compared = built.json(&["compare", "supervision", "--by", "report", "--latest"]);
    let groups = compared["groups"].as_array().unwrap().iter();
    let compared_of = groups.map(|group| group["values"][0].as_str().unwrap().to_owned());
    assert_eq!(compared_of.collect::<BTreeSet<_>>(), held);
    let sentence = compared["sentence"].as_str().unwrap();
    assert!(sentence.contains("in the newest inspection of each authority"), "{sentence}");
    let asked = compared["provenance"]["command"].as_str().unwrap();
    assert!(asked.contains(" --latest") && !asked.contains("--report"), "{asked}");
    let timeline = built.json(&["timeline", "Stonewick", "supervision", "--latest"]);
    let inspections = timeline["inspections"].as_array().unwrap();
    assert_eq!(inspections.len(), 1);
    assert!(held.contains(inspections[0]["report"].as_str().unwrap()));
    let asked = timeline["provenance"]["command"].as_str().unwrap();
    assert!(asked.contains("--latest"), "{asked}");
    let found = |query: &[&str]| built.json(&[&["search", "supervision"], query].concat());
    let total = found(&["--as-at", "2015"])["total"].clone();
    assert_ne!(total, found(&[])["total"]);
    let batch = |name: &str, text: &str| {
        std::fs::write(built.0.path().join(name), text).unwrap();
        built.json(&["batch", name])["queries"][0]["paragraphs"].clone()
    };
    assert_eq!(batch("a.csv", "name,query,as_at\na,supervision,2015\n"), total);
    let toml = "[[query]]\nname = 'a'\nquery = 'supervision'\nlatest = true\nas_at = '2015'\n";
    assert_eq!(batch("a.toml", toml), total);
    let latest = found(&["--latest"])["total"].clone();
    assert_eq!(batch("b.csv", "name,query,latest\na,supervision,yes\n"), latest);
    let toml = "[[query]]\nname = 'a'\nquery = 'supervision'\nlatest = true\n";
    assert_eq!(batch("b.toml", toml), latest);
    let (code, _, err) = built.run(&["batch", "c.csv"]);
    assert_eq!(code, 2, "{err}");
    std::fs::write(built.0.path().join("d.csv"), "name,query,latest\na,b,perhaps\n").unwrap();
    let (code, _, err) = built.run(&["batch", "d.csv"]);
    assert!(code == 2 && err.contains("`latest` is `yes` or `no`"), "{err}");
}

#[test]
fn what_cannot_be_the_newest_is_refused() {
    let built = Built::samples();
    for (wrong, said) in [
        (&["--as-at", "whenever"][..], "--as-at: `whenever` is not a date"),
        (&["--as-at", "1999"], "no full inspection that had ended by 1999-12-31 is held"),
        (&["--latest", "--report", "stonewick-sif-2014-09-09"], "is not the newest inspection"),
    ] {
        let (code, _, err) = built.run(&[&["search", "supervision"], wrong].concat());
        assert!(code == 2 && err.contains(said), "{err}");
    }
}

#[test]
fn asking_for_key_terms_again_asks_for_the_newest_again() {
    let built = Built::samples();
    let asked = ["distinctive", "--grade", "good..outstanding", "--latest", "--least-reports", "2"];
    let against = ["--against", "--grade adequate..inadequate --as-at 2015"];
    let terms = built.json(&[&asked[..], &against].concat());
    let command = terms["provenance"]["command"].as_str().unwrap();
    assert!(command.contains(" --latest") && command.contains("--as-at=2015"), "{command}");
    assert!(!command.contains("--report"), "{command}");
    assert!(!terms["sets"][0]["conditions"].as_str().unwrap().contains("--report"), "{terms}");
}

#[test]
fn the_newest_reports_are_a_condition_and_no_chosen_values_of_a_facet() {
    let built = Built::samples();
    let found = built.json(&["search", "supervision", "--latest", "--facets", "report"]);
    let counts = found["facets"][0]["counts"].as_array().unwrap();
    let held = reports(&built, &["--latest"]);
    assert!(!counts.is_empty());
    for count in counts {
        assert!(held.contains(count["value"].as_str().unwrap()), "{count}");
        assert!(count["chosen"].is_null(), "{count}");
    }
}
