//! Tests that meaning orders what words find, says what it did, and never changes what matches.

use crate::built::Built;
use serde_json::Value;
use std::fs;

const QUESTIONS: [&str; 5] = [
    "kids who run away",
    "children",
    "Do social workers listen to what children say?",
    "supervision caseloads",
    "waiting for mental health help NOT authority:Saltmere",
];

fn ids(answer: &Value) -> Vec<String> {
    let hits = answer["hits"].as_array().unwrap().iter();
    hits.map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn totals_and_matches_are_those_of_the_words() {
    let built = Built::samples();
    for question in QUESTIONS {
        let ask = |more: &[&str]| {
            built.json(&[&["search", question, "--limit=400", "--repeats"], more].concat())
        };
        let (meant, by_words) = (ask(&[]), ask(&["--words-only"]));
        for field in ["total", "reports", "left", "expansions", "closest_from"] {
            assert_eq!(meant[field], by_words[field], "{question}: {field}");
        }
        let matching = meant["total"].as_u64().unwrap() as usize;
        let matches = |answer: &Value| {
            let mut ids = ids(answer);
            ids.truncate(matching);
            ids.sort_unstable();
            ids
        };
        assert_eq!(matches(&meant), matches(&by_words), "{question}");
        assert_eq!(by_words["called"], Value::Array(Vec::new()), "{question}");
    }
}

#[test]
fn pages_join_without_gap_or_repetition_whatever_their_size() {
    let built = Built::samples();
    for question in QUESTIONS {
        let whole = built.json(&["search", question, "--limit=40"]);
        let mut joined = Vec::new();
        for offset in (0..40).step_by(8) {
            let offset = offset.to_string();
            let page = built.json(&["search", question, "--limit=8", "--offset", &offset]);
            for (hit, rank) in page["hits"].as_array().unwrap().iter().zip(joined.len() + 1..) {
                assert_eq!(hit["rank"], rank, "{question}");
            }
            joined.extend(ids(&page));
        }
        assert_eq!(joined, ids(&whole), "{question}");
    }
}

#[test]
fn an_explanation_with_meaning_adds_up_and_names_the_nearest_words() {
    let built = Built::samples();
    let answer = built.json(&["search", "kids who run away", "--explain"]);
    let mut named = 0;
    for hit in answer["hits"].as_array().unwrap() {
        let why = &hit["explanation"];
        let number = |value: &Value| value.as_f64().unwrap();
        let parts = why["parts"].as_array().unwrap().iter();
        let sum: f64 = parts.map(|part| number(&part["score"])).sum();
        let words = sum * number(&why["coverage"]) * number(&why["length"]) * number(&why["kind"]);
        let all = words + why["meaning"].as_f64().unwrap_or_default();
        let score = number(&hit["score"]);
        assert!((all - score).abs() < 0.01, "{all} {score}");
        for near in hit["near"].as_array().into_iter().flatten() {
            assert!(hit["text"].as_str().unwrap().contains(near.as_str().unwrap()), "{near}");
            named += 1;
        }
    }
    assert!(named > 3, "hardly a word is named");
    let (_, said, _) = built.run(&["search", "kids who run away", "--explain"]);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("; close in meaning (children who go, missing, interview) adds"),
        "{said}"
    );
}

#[test]
fn what_the_reports_call_it_is_named_where_few_hold_all_that_was_asked() {
    let built = Built::samples();
    let (code, _, said) = built.run(&["search", "who listens to kids who run away?"]);
    assert_eq!(code, 1, "nothing holds all of it");
    assert!(said.contains("in these reports this is called `\"children who"), "{said}");
    // Each finds what it says, under the same conditions.
    let asked = ["search", "kids who run away", "--authority=Fairmere"];
    let answer = built.json(&asked);
    let called = answer["called"].as_array().unwrap();
    assert!((1..=5).contains(&called.len()), "{called:?}");
    for phrase in called {
        let query = phrase["query"].as_str().unwrap();
        let found = built.json(&["search", query, "--authority=Fairmere", "--limit=0"]);
        assert_eq!(found["total"], phrase["total"], "{query}");
    }
    // Ten paragraphs hold it, so nothing has to be said.
    let answer = built.json(&["search", "children"]);
    assert_eq!(answer["called"], Value::Array(Vec::new()));
}

#[test]
fn what_is_quoted_or_combined_is_called_nothing_else() {
    let built = Built::samples();
    for question in ["\"kids\"", "\"return interview\"", "kids OR runaways", "kid* NOT children"] {
        let meant = built.json(&["search", question, "--limit=60"]);
        let by_words = built.json(&["search", question, "--limit=60", "--words-only"]);
        assert_eq!(meant["called"], Value::Array(Vec::new()), "{question}");
        assert_eq!(ids(&meant).len(), ids(&by_words).len(), "{question}");
        assert_eq!(meant["closest_from"], by_words["closest_from"], "{question}");
    }
}

#[test]
fn contractions_are_skipped_like_other_words_of_grammar() {
    let built = Built::samples();
    let total = |question: &str| {
        let answer = built.json(&["search", question]);
        (answer["total"].clone(), answer["passed_over"].clone())
    };
    let (expected, _) = total("children interview");
    for question in ["children don't interview", "don’t children interview?"] {
        let (found, skipped) = total(question);
        assert_eq!(found, expected, "{question}");
        let skipped = skipped[0].as_str().unwrap().replace('’', "'");
        assert_eq!(skipped, "don't", "{question}");
    }
}

#[test]
fn a_glossary_of_ones_own_adds_to_the_built_in_one() {
    let built = Built::samples();
    let folder = built.0.path();
    let config = fs::read_to_string(folder.join("findings.toml")).unwrap();
    fs::write(folder.join("findings.toml"), format!("{config}glossary = ['ours.toml']\n")).unwrap();
    let file = folder.join("ours.toml");
    fs::write(&file, "[[term]]\nphrase = 'return interview'\nworkers = ['zorbling']\n").unwrap();
    let answer = built.json(&["search", "zorbling"]);
    assert_eq!(answer["called"][0]["query"], "\"return interview\"");
    let first = answer["hits"][0]["text"].as_str().unwrap();
    assert!(first.to_lowercase().contains("return interview"), "{first}");
    fs::write(&file, "[[term]]\nphrase = 'x'\nfriends = ['y']\n").unwrap();
    let (code, _, said) = built.run(&["search", "zorbling"]);
    assert_eq!(code, 2);
    assert!(said.contains("unknown field `friends`"), "{said}");
}

#[test]
fn what_is_too_little_to_learn_from_is_said_and_the_reports_are_held() {
    let built = Built::samples();
    let reports = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/reports");
    let (code, _, said) = built.run(&["index", reports, "--learn"]);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("the reports are in the index, but nothing was learned from them"),
        "{said}"
    );
    let answer = built.json(&["search", "children"]);
    assert_eq!(answer["vectors"], "built-in");
    let (code, said, _) = built.run(&["index", reports, "--learn=built-in"]);
    assert_eq!(code, 0);
    assert!(said.contains("ordered by the vectors that come with the program"), "{said}");
    let answer = built.json(&["search", "children", "--words-only"]);
    assert_eq!(answer["vectors"], Value::Null);
}
