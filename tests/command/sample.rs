//! `findings search --sample`.

use crate::held::{Held, id};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn drawn(held: &Held, arguments: &[&str]) -> BTreeSet<String> {
    let arguments = [&["search", "--format", "jsonl"], arguments].concat();
    held.findings(&arguments).records().iter().map(id).collect()
}

#[test]
fn the_same_seed_draws_the_same_paragraphs_whatever_the_order_and_a_larger_sample_has_them_too() {
    let held = Held::new();
    let three = drawn(&held, &["--sample", "3", "--seed", "1"]);
    assert_eq!(three.len(), 3);
    assert_eq!(three, drawn(&held, &["--sample", "3", "--seed", "1", "--sort", "date"]));
    assert!(three.is_subset(&drawn(&held, &["--sample", "5", "--seed", "1"])));
    let others = (2..12).map(|seed| drawn(&held, &["--sample", "3", "--seed", &seed.to_string()]));
    assert!(others.into_iter().any(|other| other != three), "every seed draws the same");
    let every = drawn(&held, &["--limit", "100"]);
    assert_eq!(drawn(&held, &["--sample", "100"]), every);
}

#[test]
fn the_total_is_that_of_all_and_a_note_says_of_what_it_is_a_sample() {
    let held = Held::new();
    let arguments = ["search", "interview", "--sample", "2", "--seed", "7"];
    let answer = held.findings(&arguments);
    insta::assert_snapshot!(answer.err, @"note: a sample of 2 of 3 paragraphs, drawn at random with seed 7");
    let first = answer.out.lines().next().unwrap();
    let said =
        "3 paragraphs in 3 reports · 2 drawn at random, seed 7 · 1–2 shown, most relevant first";
    assert_eq!(first, said);
    let answer = held.findings(&[&arguments[..], &["--format", "json"]].concat());
    let json: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!((&json["total"], &json["left"]), (&3.into(), &0.into()));
    assert_eq!(json["sample"], serde_json::json!({ "size": 2, "seed": 7 }));
    assert_eq!(json["notes"][0]["code"], "sample");
    let ranks: Vec<&Value> = json["hits"].as_array().unwrap().iter().map(|h| &h["rank"]).collect();
    assert_eq!(ranks, [&Value::from(1), &Value::from(2)]);
    let csv = held.findings(&[&arguments[..], &["--format", "csv"]].concat());
    assert_eq!(csv.out.lines().count(), 3);
    let page = held.findings(&[&arguments[..], &["--format", "json", "--limit", "1"]].concat());
    let page: Value = serde_json::from_str(&page.out).unwrap();
    assert_eq!((&page["hits"][0]["id"], &page["left"]), (&json["hits"][0]["id"], &1.into()));
    let json = held.findings(&["search", "interview", "--format", "json"]);
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert!(json.get("sample").is_none());
}

#[test]
fn each_group_has_a_sample_of_its_own_and_its_full_total() {
    let held = Held::new();
    for by in ["authority", "kind", "year", "grade"] {
        let ask = |sample: &str| -> BTreeMap<String, (u64, Vec<String>)> {
            let arguments =
                ["search", "--group", by, "--sample", sample, "--seed", "3", "--format", "json"];
            let answer = held.findings(&arguments);
            let json: Value = serde_json::from_str(&answer.out).unwrap();
            let groups = json["groups"].as_array().unwrap().iter();
            let group = |group: &Value| {
                let ids = group["hits"].as_array().unwrap().iter().map(id).collect();
                let key = group["key"].as_str().unwrap().to_owned();
                (key, (group["total"].as_u64().unwrap(), ids))
            };
            groups.map(group).collect()
        };
        let (one, all) = (ask("1"), ask("100"));
        assert!(all.len() > 1, "{by}");
        for (key, (total, every)) in &all {
            assert_eq!(every.len() as u64, *total, "{by} {key}");
            let (same, drawn) = &one[key];
            assert_eq!((same, drawn.len()), (total, 1), "{by} {key}");
            assert!(every.contains(&drawn[0]), "{by} {key}");
        }
    }
}

#[test]
fn what_a_sample_cannot_show_is_refused() {
    let held = Held::new();
    for wrong in [&["--sample", "0"][..], &["--seed", "3"], &["--sample", "2", "--explain"]] {
        let answer = held.findings(&[&["search", "interview"], wrong].concat());
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{wrong:?}");
        assert!(!answer.err.is_empty());
    }
    let none = held.findings(&["search", "zebra", "--sample", "2"]);
    assert_eq!(none.code, 1);
    assert!(!none.err.contains("sample"), "{}", none.err);
}
