//! Words that are one thing are read as such, and the answer says so.

use crate::built::Built;

#[test]
fn a_compound_is_said_with_the_number_of_its_words_apart() {
    let built = Built::samples();
    let answer = built.json(&["search", "children's homes"]);
    let other = &answer["otherwise"][0];
    assert_eq!(other["query"], "children's AND homes");
    let apart = built.json(&["search", "children's AND homes"]);
    assert_eq!(apart["total"], other["total"]);
    assert!(apart["otherwise"].as_array().unwrap().is_empty(), "{}", apart["otherwise"]);
    let total = |answer: &serde_json::Value| answer["total"].as_u64().unwrap();
    assert!(0 < total(&answer) && total(&answer) < total(&apart));
    let forms = built.json(&["search", "children’s home"]);
    assert_eq!(forms["total"], answer["total"]);
    let bare = built.json(&["search", "childrens homes"]);
    assert_eq!(bare["total"], answer["total"]);
}

#[test]
fn a_compound_is_said_wherever_it_is_counted() {
    let built = Built::samples();
    let said = "“children's homes” is read as one term";
    let words = "children's homes";
    for arguments in [
        &["search", words][..],
        &["kwic", words],
        &["compare", words, "--by", "framework"],
        &["timeline", "Stonewick", words],
    ] {
        let (_, _, err) = built.run(arguments);
        assert!(err.contains(said), "{arguments:?}: {err}");
    }
    for format in ["markdown", "json"] {
        let (_, out, _) = built.run(&["search", words, "--format", format]);
        assert!(out.contains(said), "{out}");
    }
    let (_, out, _) = built.run(&["compare", words, "--by", "framework", "--format", "json"]);
    assert!(out.contains(said), "{out}");
}

#[test]
fn any_and_exact_read_the_words_apart() {
    let built = Built::samples();
    let total = |arguments: &[&str]| {
        let answer = built.json(arguments);
        assert!(answer["otherwise"].as_array().unwrap().is_empty(), "{arguments:?}");
        answer["total"].as_u64().unwrap()
    };
    let any = total(&["search", "children's homes", "--any"]);
    assert_eq!(any, total(&["search", "children's OR homes"]));
    let exact = total(&["search", "children's homes", "--exact"]);
    assert_eq!(exact, total(&["search", "children's AND homes", "--exact"]));
}

#[test]
fn each_embedded_compound_is_read_as_one_and_other_words_are_not() {
    let built = Built::samples();
    let query = |typed: &str| built.json(&["search", typed, "--limit", "0"])["query"].to_string();
    assert!(query("young carers").contains("young-carers"));
    assert!(query("looked after child").contains("looked-after-child"));
    assert!(!query("young neglect").contains('-'));
}
