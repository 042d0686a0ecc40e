//! Several words are not taken for a phrase.

use crate::built::Built;
use serde_json::Value;

/// The queries that an answer names as other readings, with what each finds.
fn otherwise(answer: &Value) -> Vec<(String, u64)> {
    let others = answer["otherwise"].as_array().unwrap().iter();
    others
        .map(|other| {
            let query = other["query"].as_str().unwrap().to_owned();
            (query, other["total"].as_u64().unwrap())
        })
        .collect()
}

#[test]
fn a_comparison_of_several_words_names_the_phrase_and_the_topic_and_what_they_find() {
    let built = Built::samples();
    let compare = |query: &str| built.json(&["compare", query, "--by", "framework"]);
    let answer = compare("missing children");
    assert_eq!(answer["name"], "‘missing’ and ‘children’");
    let first = &answer["notes"][0];
    assert_eq!(first["about"], "words");
    assert_eq!(
        first["text"],
        "A paragraph matches if it has ‘missing’ and ‘children’, anywhere in it."
    );
    let others = otherwise(&answer);
    let queries: Vec<&str> = others.iter().map(|(query, _)| query.as_str()).collect();
    assert_eq!(queries, ["\"missing children\"", "topic:missing_rhi"]);
    for (query, total) in others {
        let found = compare(&query);
        assert_eq!(found["whole"]["paragraphs"]["count"].as_u64(), Some(total), "{query}");
    }
    let topic = compare("topic:missing_rhi");
    assert_eq!(topic["name"], "Missing children and return home interviews (topic missing_rhi)");
    let any = built.json(&["compare", "missing children", "--any", "--by", "framework"]);
    assert_eq!(any["name"], "‘missing’ or ‘children’");
}

#[test]
fn one_word_a_phrase_and_words_that_are_one_term_are_named_as_typed() {
    let built = Built::samples();
    for (query, name) in [
        ("supervision", "‘supervision’"),
        ("\"missing children\"", "\"missing children\""),
        ("children’s homes", "‘children’s homes’"),
    ] {
        let answer = built.json(&["compare", query, "--by", "framework"]);
        assert_eq!(answer["name"], name);
        assert_ne!(answer["notes"][0]["about"], "words", "{query}");
    }
}

#[test]
fn a_timeline_of_several_words_names_the_phrase_under_its_own_conditions() {
    let built = Built::samples();
    let timeline = |query: &str| built.json(&["timeline", "Stonewick", query, "--latest"]);
    let answer = timeline("missing children");
    assert_eq!(answer["name"], "‘missing’ and ‘children’");
    for (query, total) in otherwise(&answer) {
        assert_eq!(timeline(&query)["mentioned"]["count"].as_u64(), Some(total), "{query}");
    }
}

#[test]
fn a_concordance_says_that_it_counts_single_words() {
    let built = Built::samples();
    let first = |query: &[&str]| {
        let command = [&["kwic"][..], query].concat();
        let (_, out, _) = built.run(&command);
        out.split("\n\n").next().unwrap().replace('\n', " ")
    };
    let said = first(&["missing children"]);
    assert!(
        said.contains(" matches of any of the words in ")
            && said.contains(" that have all of them, of "),
        "{said}"
    );
    let said = first(&["missing children", "--any"]);
    assert!(said.contains(" of any of the words in ") && !said.contains("all of them"), "{said}");
    assert!(!first(&["\"return interview\""]).contains("any of the words"));
    assert_eq!(built.json(&["kwic", "missing children"])["match_of"], "word_of_all");
    assert_eq!(built.json(&["kwic", "supervision"])["match_of"], "whole");
}
