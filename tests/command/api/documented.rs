//! The examples of the page on the API are true.

use crate::built::Built;
use crate::served::{Reply, Server};
use std::fs;
use std::path::Path;

/// Asks what a command with `curl` asks.
fn curl(command: &str, body: &str, served: &Server) -> Reply {
    let address = command.split("http://127.0.0.1:7700").nth(1).unwrap().trim_end_matches('"');
    match command.contains("-d @queries.json") {
        true => served.post(address, body, &["Content-Type: application/json"]),
        false => served.get(address),
    }
}

/// Whether a text is the one that is shown, in which `…` is any text.
fn agrees(shown: &str, text: &str) -> bool {
    let mut parts = shown.split('…');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
        if part.is_empty() {
            rest = "";
        }
    }
    rest.is_empty()
}

#[test]
fn every_example_of_the_page_answers_what_is_shown() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/api.md")).unwrap();
    let block = |kind: &str| {
        let start = format!("```{kind}\n");
        let blocks = page.split(start.as_str()).skip(1);
        blocks.map(|block| block.split("\n```").next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let bodies = block("json");
    let served = Server::over(&Built::samples());
    let examples = block("console");
    assert!(examples.len() >= 4, "the page shows too little");
    for example in examples {
        let (command, shown) = example.split_once('\n').unwrap();
        let printed = curl(command.strip_prefix("$ curl ").unwrap(), &bodies[0], &served).text();
        assert!(
            agrees(shown, printed.trim_end()),
            "{command}\nprints\n{printed}\nthe page shows\n{shown}"
        );
    }
}
