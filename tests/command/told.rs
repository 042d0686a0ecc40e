//! When recommendations are due, and to whom they are addressed.

use crate::built::Built;
use serde_json::Value;

fn total(built: &Built, arguments: &[&str]) -> u64 {
    let arguments = [&["search", "--limit", "0"], arguments].concat();
    built.json(&arguments)["total"].as_u64().unwrap()
}

#[test]
fn a_timescale_is_the_same_in_words_and_digits_as_option_field_facet_and_column() {
    let built = Built::samples();
    let three = total(&built, &["--timescale", "within three months"]);
    let records: Vec<Value> = built.lines(&["export", "--timescale", "within three months"]);
    let printed = |record: &Value| record["timescale"].as_str().unwrap().to_owned();
    assert!(records.iter().any(|record| printed(record) == "Within 3 months"));
    assert!(records.iter().any(|record| printed(record) == "Within three months"));
    assert_eq!(three, records.len() as u64);
    for typed in ["within 3 months", "Within 3 months:", "WITHIN THREE MONTHS"] {
        assert_eq!(total(&built, &["--timescale", typed]), three, "{typed}");
    }
    assert_eq!(total(&built, &["timescale:\"within 3 months\""]), three);
    let facets = built.json(&["search", "--limit", "0", "--facets", "timescale"]);
    let counts = facets["facets"][0]["counts"].as_array().unwrap();
    let count = counts.iter().find(|count| count["value"] == "within three months").unwrap();
    assert_eq!(count["count"], three);
    assert!(counts.iter().all(|count| count["value"] != "Within 3 months"));
    let (_, table, _) = built.run(&["export", "--timescale", "within 3 months", "--format", "csv"]);
    assert_eq!(table.matches(",within three months,").count() as u64, three, "{table}");
    let none = total(&built, &["--timescale", "none"]);
    assert_eq!(none + total(&built, &["timescale:\"within 3 months\" OR NOT timescale:none"]), {
        total(&built, &[])
    });
}

#[test]
fn a_span_that_nobody_was_given_finds_nothing_and_lists_those_there_are() {
    let built = Built::samples();
    let (code, _, said) = built.run(&["search", "--timescale", "within 5 years"]);
    assert_eq!(code, 1);
    assert!(said.contains("no recommendation is due `within five years`"), "{said}");
    for held in ["immediately", "within three months", "within six months"] {
        assert!(said.contains(held), "{held}: {said}");
    }
    let (code, _, said) = built.run(&["search", "--timescale", "imediately"]);
    assert!(code == 2 && said.contains("did you mean `immediately`?"), "{said}");
}

#[test]
fn an_addressee_is_found_by_a_part_of_its_name_wherever_it_is_named() {
    let built = Built::samples();
    let told = |body: &str| -> Vec<Value> {
        built.lines(&["search", "--addressee", body, "--format", "jsonl", "--limit", "100"])
    };
    for (body, report) in [
        // In a column next to the recommendations, alone and with another body.
        ("Kelderby County Council", "kelderby-send-2023-07-03"),
        // In the first words.
        ("Fairmere County Council", "fairmere-slac-2012-01-16"),
        ("police", "brackenford-jtai-2023-02-06"),
        // In a heading above.
        ("Local Safeguarding Children Board", "stonewick-sif-2014-09-09"),
    ] {
        let found = told(body);
        assert!(found.iter().any(|hit| hit["report"]["id"] == report), "{body}");
        for hit in &found {
            assert_eq!(hit["kind"], "recommendation", "{body}");
            let named = hit["addressee"].as_str().unwrap().to_lowercase();
            assert!(named.contains(&body.to_lowercase()), "{named}");
        }
        let field = format!("addressee:\"{body}\"");
        assert_eq!(total(&built, &[&field]), found.len() as u64, "{body}");
    }
    assert_eq!(told("Kelderby County Council").len(), 2);
    assert_eq!(told("=Kelderby County Council").len(), 1);
    assert_eq!(told("the partnership").len(), told("Partnership").len());
    let (code, _, said) = built.run(&["search", "--addressee", "zebras"]);
    assert!(code == 2 && said.contains("no recommendation is addressed to `zebras`"), "{said}");
    let compared = built.json(&["compare", "review", "--by", "addressee"]);
    assert!(compared["groups"].as_array().unwrap().len() > 1, "{compared}");
}
