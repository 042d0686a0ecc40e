//! Facets: what was chosen, what could be chosen instead, and grades printed in two ways.

use crate::built::Built;
use serde_json::Value;

/// The values of a list of counts, each with its number and whether it was chosen.
fn values(counts: &Value) -> Vec<(String, u64, bool)> {
    let counts = counts.as_array().unwrap().iter();
    let value = |count: &Value| {
        let name = count["value"].as_str().unwrap_or("(none)").to_owned();
        (name, count["count"].as_u64().unwrap(), count["chosen"] == true)
    };
    counts.map(value).collect()
}

#[test]
fn what_was_chosen_is_marked_and_what_could_be_is_apart_in_every_format() {
    let built = Built::samples();
    let ask = ["search", "children", "--grade", "good", "--facets", "grade", "--limit", "0"];
    let answer = built.json(&ask);
    let facet = &answer["facets"][0];
    let chosen = ("Good".to_owned(), answer["total"].as_u64().unwrap(), true);
    assert_eq!(values(&facet["counts"]), [chosen]);
    let instead = values(&facet["instead"]);
    assert!(instead.iter().any(|(name, ..)| name == "Inadequate"), "{instead:?}");
    for (name, count, _) in instead.iter().filter(|(name, ..)| name != "(none)") {
        let other = built.json(&["search", "children", "--grade", name, "--limit", "0"]);
        assert_eq!(other["total"], *count, "{name}");
    }
    let (_, text, _) = built.run(&ask);
    let place = |text: &str, words: &str| {
        text.find(words).unwrap_or_else(|| panic!("{words} is not in {text}"))
    };
    assert!(place(&text, "Good (chosen)") < place(&text, "if chosen instead"));
    assert!(place(&text, "if chosen instead") < place(&text, "Inadequate"));
    let (_, text, _) = built.run(&[&ask[..], &["--format", "markdown"]].concat());
    assert!(place(&text, "| Good (chosen) |") < place(&text, "| if chosen instead | Paragraphs |"));
}

#[test]
fn a_condition_that_names_no_value_does_not_widen_a_facet() {
    let built = Built::samples();
    let report = "stonewick-ilacs-2023-08-14";
    let ask = ["search", "children", "--report", report, "--facets", "authority,report"];
    let answer = built.json(&ask);
    let total = answer["total"].as_u64().unwrap();
    for (facet, value) in [(0, "Stonewick"), (1, report)] {
        let facet = &answer["facets"][facet];
        assert_eq!(values(&facet["counts"]), [(value.to_owned(), total, false)]);
        assert_eq!(values(&facet["instead"]), []);
    }
}

#[test]
fn both_printings_are_one_grade_in_facets_groups_and_batch() {
    let built = Built::samples();
    let (both, long) = ("Requires improvement", "Requires improvement to be good");
    let total = |grade: &str| {
        built.json(&["search", "children", "--grade", grade, "--limit", "0"])["total"].clone()
    };
    let all = total(both).as_u64().unwrap();
    let short = total("=Requires improvement").as_u64().unwrap();
    assert!(0 < short && short < all);
    assert_eq!(total(long), all);
    let answer = built.json(&["search", "children", "--facets", "grade,overall"]);
    assert!(values(&answer["facets"][0]["counts"]).contains(&(both.to_owned(), all, false)));
    assert!(!answer["facets"].to_string().contains(long));
    let answer = built.json(&["search", "children", "--group", "grade", "--per-group", "500"]);
    let groups = answer["groups"].as_array().unwrap().iter();
    let group = groups.clone().find(|group| group["key"] == both).unwrap();
    assert_eq!(group["total"], all);
    let mut printed = group["hits"].as_array().unwrap().iter();
    assert!(printed.any(|hit| hit["grade"]["label"] == long));
    let file = built.0.path().join("queries.csv");
    std::fs::write(&file, "name,query,grade\nall,children,\nri,children,requires improvement\n")
        .unwrap();
    let answer = built.json(&["batch", file.to_str().unwrap(), "--by", "grade"]);
    let ri = &answer["queries"][1];
    assert_eq!(values(&ri["by"]), [(both.to_owned(), all, false)]);
    assert!(values(&answer["queries"][0]["by"]).contains(&(both.to_owned(), all, false)));
}
