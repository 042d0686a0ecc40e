//! Phrases name the nearest forms that they do not count.

use crate::built::Built;
use serde_json::Value;

/// The forms that an answer names, each with its number and its query.
fn forms(answer: &Value) -> Vec<(Vec<String>, u64, String)> {
    let forms = answer["uncounted"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let form = |form: &Value| {
        let forms = form["forms"].as_array().unwrap().iter().map(text).collect();
        (forms, form["paragraphs"].as_u64().unwrap(), text(&form["query"]))
    };
    forms.iter().map(form).collect()
}

#[test]
fn a_phrase_names_its_inflections_and_forms_with_one_word_between() {
    let built = Built::samples();
    let answer = built.json(&["search", "\"return interview\""]);
    let named = forms(&answer);
    assert_eq!(named[0].0, ["return home interviews", "return home interview"]);
    assert!(named.iter().any(|(forms, ..)| forms == &["return interviews"]), "{named:?}");
    let counts: Vec<u64> = named.iter().map(|(_, paragraphs, _)| *paragraphs).collect();
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
}

/// Each form's query, asked in the same way, finds as many paragraphs as were promised, and each of
/// them has the form.
#[test]
fn the_query_of_a_form_finds_what_was_promised() {
    let built = Built::samples();
    let mut asked = 0;
    for (query, options) in [
        ("\"return interview\"", &[][..]),
        ("\"return interview\" missing", &[]),
        ("\"return interview\" OR RHI", &[]),
        ("\"return interview\" police", &["--any"]),
        ("return-interview", &["--exact"]),
        ("\"pathway plan\"", &["--framework", "ilacs"]),
        ("\"looked after child\"", &[]),
    ] {
        let of = |query: &str| {
            let limit = ["search", query, "--limit", "1000", "--repeats"];
            built.json(&[&limit, options].concat())
        };
        let answer = of(query);
        let ids = |answer: &Value| -> Vec<String> {
            let hits = answer["hits"].as_array().unwrap().iter();
            hits.map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
        };
        let total = usize::try_from(answer["total"].as_u64().unwrap()).unwrap();
        let found = &ids(&answer)[..total];
        for (forms, paragraphs, asks) in forms(&answer) {
            let again = of(&asks);
            assert_eq!(again["total"], paragraphs, "{asks}");
            let more = usize::try_from(paragraphs).unwrap();
            for hit in &again["hits"].as_array().unwrap()[..more] {
                let text = hit["text"].as_str().unwrap().to_lowercase();
                let text = text.replace('-', " ");
                assert!(forms.iter().any(|form| text.contains(form)), "{forms:?}: {text}");
            }
            assert!(ids(&again)[..more].iter().all(|id| !found.contains(id)), "{asks}");
            asked += 1;
        }
    }
    assert!(asked >= 10, "{asked}");
}

#[test]
fn a_phrase_names_its_equals_among_the_synonyms() {
    let built = Built::samples();
    let named = forms(&built.json(&["search", "\"children looked after\""]));
    assert!(named.iter().any(|(forms, ..)| forms == &["looked after children"]), "{named:?}");
}

#[test]
fn conditions_narrow_what_is_named() {
    let built = Built::samples();
    let all = forms(&built.json(&["search", "\"pathway plan\""]));
    let some = forms(&built.json(&["search", "\"pathway plan\"", "--authority", "Stonewick"]));
    let count = |named: &[(Vec<String>, u64, String)]| named.iter().map(|n| n.1).sum::<u64>();
    assert!(count(&some) < count(&all), "{some:?} {all:?}");
}

#[test]
fn every_count_of_a_phrase_names_what_it_leaves_out() {
    let built = Built::samples();
    let phrase = "\"return interview\"";
    let said = "“return interviews” (";
    for arguments in [
        &["search", phrase][..],
        &["search", phrase, "--format", "csv"],
        &["kwic", phrase],
        &["compare", phrase, "--by", "framework"],
        &["timeline", "Stonewick", phrase],
    ] {
        let (_, _, err) = built.run(arguments);
        assert!(err.contains(said), "{arguments:?}: {err}");
    }
    let (_, out, _) = built.run(&["search", phrase, "--format", "markdown"]);
    assert!(out.contains(said), "{out}");
    for arguments in [
        &["kwic", phrase][..],
        &["compare", phrase, "--by", "framework"],
        &["timeline", "Stonewick", phrase],
    ] {
        let answer = built.json(arguments);
        assert!(!forms(&answer).is_empty(), "{arguments:?}");
        let notes = answer["notes"].to_string();
        assert!(notes.contains("“return interviews” ("), "{arguments:?}: {notes}");
    }
    let file = built.0.path().join("queries.csv");
    std::fs::write(&file, "name,query\nri,\"\"\"return interview\"\"\"\n").unwrap();
    let file = file.to_str().unwrap();
    let (_, _, err) = built.run(&["batch", file]);
    assert!(err.contains(said), "{err}");
    assert!(!forms(&built.json(&["batch", file])["queries"][0]).is_empty());
}

#[test]
fn words_that_are_no_phrase_leave_nothing_out() {
    let built = Built::samples();
    assert!(forms(&built.json(&["search", "return-interview"])).is_empty());
    assert!(forms(&built.json(&["search", "missing NOT \"return interview\""])).is_empty());
}
