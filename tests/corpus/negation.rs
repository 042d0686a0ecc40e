//! Whether paragraphs that say the opposite of a question come after those that say it, in real
//! reports. `tests/relevance/README.md` says where the pairs are from.

use crate::built::Built;
use crate::read::corpus;
use serde_json::Value;
use std::path::Path;

/// How many pairs are measured, and how many of them must be in the right order.
const MEASURED: usize = 20;
const RIGHT: usize = 18;

/// The places of two paragraphs among the results of a query, by id and file.
fn ranks(program: &Built, query: &str, wanted: [&Value; 2]) -> [Option<u64>; 2] {
    // Whether it is quick enough is measured elsewhere; a machine with much to do is no failure here.
    let answer = program.json(&["search", query, "--limit", "3000", "--time-limit", "300"]);
    let hits = answer["hits"].as_array().unwrap();
    wanted.map(|wanted| {
        let is = |hit: &&Value| hit["id"] == wanted["id"] && hit["sha256"] == wanted["sha256"];
        hits.iter().find(is).and_then(|hit| hit["rank"].as_u64())
    })
}

#[test]
fn paragraphs_that_say_the_opposite_come_after_those_that_say_it() {
    let Some(corpus) = corpus() else { return };
    let pairs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/relevance/negation.jsonl");
    let pairs = std::fs::read_to_string(pairs).unwrap();
    let mut wrong = Vec::new();
    for line in pairs.lines().take(MEASURED) {
        let pair: Value = serde_json::from_str(line).unwrap();
        let query = pair["query"].as_str().unwrap();
        let (first, second) = match pair["negative"].as_bool().unwrap() {
            true => (&pair["negating"], &pair["affirming"]),
            false => (&pair["affirming"], &pair["negating"]),
        };
        let [first, second] = ranks(&corpus.program, query, [first, second]);
        let is_right = first.is_some_and(|first| second.is_none_or(|second| first < second));
        if !is_right {
            wrong.push(format!("{query}: {first:?} before {second:?}"));
        }
    }
    assert!(wrong.len() <= MEASURED - RIGHT, "{}", wrong.join("\n"));
}
