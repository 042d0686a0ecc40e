//! Tests that numbers agree with the export, and that every number leads to its paragraphs.

use crate::built::Built;
use crate::counted::{RETURN_INTERVIEWS, agrees_with_export};
use crate::figures_again::{again, timeline_again};
use serde_json::Value;

#[test]
fn numbers_of_the_samples_are_those_of_the_export_and_lead_to_their_paragraphs() {
    agrees_with_export(&Built::samples(), &RETURN_INTERVIEWS, usize::MAX);
}

#[test]
fn numbers_of_a_widened_or_narrowed_query_lead_to_their_paragraphs_as_well() {
    let built = Built::samples();
    let mut expansions = 0;
    for asked in [
        &["looked after children"][..],
        &["LSCB"],
        &["--any", "missing interviews"],
        &["--exact", "interviews"],
        &["the interviews of children"],
    ] {
        let options = ["compare", "--by=framework"];
        let answer = built.json(&[&options[..], asked].concat());
        expansions += answer["expansions"].as_array().unwrap().len();
        assert_ne!(answer["whole"]["paragraphs"]["count"], 0, "{asked:?}");
        let brought = answer["expansions"].as_array().unwrap().iter();
        let said = answer["counted"]
            .as_array()
            .unwrap()
            .iter()
            .any(|counted| counted.as_str().unwrap().starts_with("Synonyms count as well: ‘"));
        assert_eq!(said, brought.into_iter().any(|expansion| expansion["alone"] != 0), "{asked:?}");
        let groups = answer["groups"].as_array().unwrap().iter().chain([&answer["whole"]]);
        for group in groups {
            let arguments = group["find_matching"]["arguments"].as_array().unwrap();
            let mut arguments: Vec<&str> = arguments.iter().map(|a| a.as_str().unwrap()).collect();
            arguments.splice(1..1, ["--format=jsonl", "--limit=100000"]);
            let hits: Vec<Value> = built.lines(&arguments);
            assert_eq!(group["paragraphs"]["count"], hits.len(), "{asked:?}: {arguments:?}");
        }
    }
    assert!(expansions > 0, "nothing was widened, so nothing was tried");
}

#[test]
fn figures_of_the_samples_are_those_of_plain_iteration_over_the_export() {
    let built = Built::samples();
    for by in ["framework", "authority", "overall", "region", "year"] {
        again(&built, "supervision", by);
        again(&built, "child*", by);
    }
    timeline_again(&built, "child*", "Stonewick");
}
