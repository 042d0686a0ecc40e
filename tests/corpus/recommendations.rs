//! Whether recommendations that are shown as repeated ask for the same thing, in real reports.
//! `tests/relevance/README.md` says where the labels are from.

use crate::read::corpus;
use serde_json::Value;
use std::collections::HashSet;
use std::path::Path;

/// How many of the pairs that the rule found ask for the same, when it was measured.
const PRECISION: f64 = 23.0 / 25.0;
/// How many of the measured pairs that ask for the same it found.
const RECALL: f64 = 23.0 / 32.0;

/// The ids and files of a pair.
fn pair(label: &Value) -> Option<[&str; 4]> {
    let of = |end: &str, field: &str| label[end][field].as_str();
    Some([
        of("earlier", "id")?,
        of("earlier", "sha256")?,
        of("later", "id")?,
        of("later", "sha256")?,
    ])
}

#[test]
fn what_is_shown_as_repeated_asks_for_the_same_as_often_as_was_measured() {
    let Some(corpus) = corpus() else { return };
    let (_, answer) = corpus.program.answer(&["recommendations", "--repeated", "-n", "100000"]);
    let chains = answer["repeated"]["listed"].as_array().unwrap();
    let mut found = HashSet::new();
    for chain in chains {
        let file = |id: &Value| {
            let made = chain["recommendations"].as_array().unwrap().iter();
            made.filter(|own| own["id"] == *id).find_map(|own| own["sha256"].as_str()).unwrap()
        };
        let made = chain["recommendations"].as_array().unwrap().iter();
        for link in made.flat_map(|own| own["repeats"].as_array().unwrap()) {
            let ends = [&link["earlier"], &link["later"]];
            let [earlier, later] = ends.map(|id| id.as_str().unwrap());
            found.insert([earlier, file(ends[0]), later, file(ends[1])]);
        }
    }
    let labels =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/relevance/recommendations.jsonl");
    let labels = std::fs::read_to_string(labels).unwrap();
    let labels = labels.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let measured: Vec<Value> = labels.filter(|label| label["use"] == "measured").collect();
    let is_found = |label: &&Value| pair(label).is_some_and(|pair| found.contains(&pair));
    let is_same = |label: &&Value| label["same"] == true;
    let count = |both: &dyn Fn(&&Value) -> bool| measured.iter().filter(both).count() as f64;
    let right = count(&|label| is_found(label) && is_same(label));
    let precision = right / count(&is_found);
    let recall = right / count(&is_same);
    assert_eq!(measured.len(), 50);
    assert!(precision >= PRECISION, "{precision:.3} of those found are the same");
    assert!(recall >= RECALL, "{recall:.3} of the same are found");
}
