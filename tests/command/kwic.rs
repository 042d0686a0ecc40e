//! `findings kwic`.

use crate::held::{Held, id};

#[test]
fn what_was_searched_beside_what_was_written_is_said() {
    let held = Held::new();
    let answer = held.findings(&["kwic", "RHI"]);
    assert!(answer.out.contains("also searched for RHI: return interview ("), "{}", answer.out);
    let json = held.findings(&["kwic", "RHI", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["expansions"][0]["written"], "RHI");
    let exact = held.findings(&["kwic", "return interview", "--exact"]);
    assert!(!exact.out.contains("also"), "{}", exact.out);
}

#[test]
fn matches_stand_below_each_other() {
    let held = Held::new();
    let answer = held.findings(&["kwic", "interview", "--sort", "left"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    insta::assert_snapshot!(answer.out, @"
    4 matches in 3 paragraphs of 3 reports · by the words to the left

    1                                 Return **interviews** are prompt. What children say in a return
    2      When children come home, a return **interview** is offered in fewer than half of the cases,
    3  prompt. What children say in a return **interview** changes what is done for them.
    4             Police share what a return **interview** tells them on the same day.

    1  port-ansel-ilacs-2019-02-04/7
    2  wealdshire-sif-2015-10-19/45
    3  port-ansel-ilacs-2019-02-04/7
    4  harrowmere-jtai-2017-03-02/1
    ");
    let places: Vec<usize> =
        answer.out.lines().filter_map(|line| line.to_lowercase().find("interview")).collect();
    assert!(places.iter().all(|place| *place == places[0]), "{places:?}");
}

#[test]
fn a_line_is_a_match_and_not_a_paragraph() {
    let held = Held::new();
    let answer = held.findings(&["kwic", "interview", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    // One paragraph contains two of the four.
    assert_eq!(
        (&json["total"], &json["paragraphs"], &json["reports"]),
        (&4.into(), &3.into(), &3.into())
    );
    let lines = json["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 4);
    for line in lines {
        assert!(line["match"].as_str().unwrap().to_lowercase().starts_with("interview"), "{line}");
        assert!(!line["citation"].as_str().unwrap().is_empty());
    }
    let of = |format: &str| held.findings(&["kwic", "interview", "--format", format]);
    assert_eq!(of("jsonl").records().as_slice(), lines.as_slice());
    assert_eq!(of("csv").out.lines().count(), 5);
}

#[test]
fn sorting_by_context_goes_outwards_from_the_match() {
    let held = Held::new();
    let sides = |sort: &str, side: &str| -> Vec<String> {
        let answer = held.findings(&["kwic", "return", "--sort", sort, "--format", "jsonl"]);
        let text = |line: &serde_json::Value| line[side].as_str().unwrap().trim().to_owned();
        answer.records().iter().map(text).collect()
    };
    // Sorted by the last word, nothing, `a`, `a`, `a`; then by the words before: `home`, `in`,
    // `what`.
    let left = sides("left", "left");
    let ends = ["", "home, a", "in a", "what a"];
    assert!(left.iter().zip(ends).all(|(left, end)| left.ends_with(end)), "{left:#?}");
    assert_eq!(left[0], "");
    // Sorted: `interview changes`, `interview is`, `interview tells`, `interviews are`.
    let right = sides("right", "right");
    let begins = ["interview changes", "interview is", "interview tells", "interviews are"];
    assert!(right.iter().zip(begins).all(|(right, begin)| right.starts_with(begin)), "{right:#?}");
}

#[test]
fn a_sample_is_the_same_for_the_same_seed_and_grows_from_the_smaller_one() {
    let held = Held::new();
    let sample = |size: &str, seed: &str| -> Vec<(String, String)> {
        let answer = held.findings(&[
            "kwic", "a", "--sample", size, "--seed", seed, "--format", "jsonl", "--sort", "left",
        ]);
        answer.records().iter().map(|line| (id(line), line["span"].to_string())).collect()
    };
    let three = sample("3", "1");
    assert_eq!(three.len(), 3);
    assert_eq!(three, sample("3", "1"));
    let five = sample("5", "1");
    assert!(three.iter().all(|line| five.contains(line)), "{three:?} {five:?}");
    let others: Vec<_> = (2..12).map(|seed| sample("3", &seed.to_string())).collect();
    assert!(others.iter().any(|other| *other != three), "every seed draws the same");
    let answer = held.findings(&["kwic", "a", "--sample", "3"]);
    assert!(answer.out.contains("3 drawn at random, seed 0"), "{}", answer.out);
}

#[test]
fn pages_and_conditions_hold_for_lines() {
    let held = Held::new();
    let all = held.findings(&["kwic", "interview", "--format", "jsonl"]).records();
    let two = ["kwic", "interview", "--format", "jsonl", "--offset", "1", "--limit", "2"];
    assert_eq!(held.findings(&two).records(), all[1..3]);
    let answer = held.findings(&["kwic", "interview", "--limit", "1"]);
    assert!(answer.out.contains("3 lines left: add --offset 1"), "{}", answer.out);
    let answer = held.findings(&["kwic", "interview", "--framework", "ilacs", "--limit", "0"]);
    assert_eq!(
        answer.out,
        "2 matches in 1 paragraph of 1 report · none shown · most relevant first\n"
    );
    let answer = held.findings(&["kwic", "zebra"]);
    assert_eq!((answer.code, answer.out.lines().count()), (1, 1));
}

#[test]
fn context_is_as_long_as_asked_for_and_cuts_no_word() {
    let held = Held::new();
    let answer = held.findings(&["kwic", "tells", "--context", "12", "--format", "jsonl"]);
    let line = &answer.records()[0];
    // `n interview ` would cut a word.
    assert_eq!((&line["left"], &line["right"]), (&"interview ".into(), &" them on the".into()));
}

#[test]
fn a_query_without_words_makes_no_concordance() {
    let held = Held::new();
    for query in ["*", "grade:good"] {
        let answer = held.findings(&["kwic", query]);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{query}");
        assert!(answer.err.contains("no words"), "{}", answer.err);
    }
    assert_eq!(held.findings(&["kwic", "interview", "--seed", "3"]).code, 2);
    assert_eq!(held.findings(&["kwic", "interview", "--bom"]).code, 2);
}

#[test]
fn what_would_show_nothing_is_refused() {
    let held = Held::new();
    let answer = held.findings(&["kwic", "interview", "--sample", "0"]);
    assert_eq!((answer.code, answer.out.as_str()), (2, ""));
    assert!(answer.err.contains("--sample"), "{}", answer.err);
    let answer = held.findings(&["kwic", " "]);
    insta::assert_snapshot!(answer.err, @"
    error: nothing to look for
    hint: give a word or a phrase
    ");
    let far = usize::MAX.to_string();
    let answer = held.findings(&["kwic", "interview", "--offset", &far, "--limit", &far]);
    assert_eq!(answer.code, 0, "{}", answer.err);
}
