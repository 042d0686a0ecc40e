//! The answers of the API are those of the commands.

use super::BATCH;
use crate::built::{Built, copy};
use crate::served::Server;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Takes out what the API adds and what each door words.
fn comparable(mut answer: Value, added: &[&str]) -> Value {
    let fields = answer.as_object_mut().unwrap();
    for field in added {
        assert!(fields.remove(*field).is_some(), "{field} is missing");
    }
    answer
}

#[test]
fn searches_are_those_of_the_command() {
    let built = Built::samples();
    let served = Server::over(&built);
    let questions: [(&[&str], &str); 15] = [
        (&["return-interview"], "q=return-interview"),
        (
            &["return-interview", "--facets", "authority,grade,year", "--grade", "good"],
            "q=return-interview&facets=authority,grade&facets=year&grade=good",
        ),
        (
            &["supervision", "--group", "authority", "--per-group", "2", "--limit", "3"],
            "q=supervision&group=authority&per_group=2&limit=3",
        ),
        (&["children", "--sample", "12", "--seed", "7"], "q=children&sample=12&seed=7"),
        (
            &["children", "--sample", "4", "--group", "framework"],
            "q=children&sample=4&group=framework",
        ),
        (&["\"return interview"], "q=%22return+interview"),
        (&["missing Stonewick 2014"], "q=missing+Stonewick+2014"),
        (&["return interviw"], "q=return+interviw"),
        (&["zeppelin", "--grade", "good"], "q=zeppelin&grade=good"),
        (&["supervision", "--kind", "footnote"], "q=supervision&kind=footnote"),
        (&["advocacy", "--explain", "--limit", "2"], "q=advocacy&explain=1&limit=2"),
        (&["RHI", "--exact"], "q=RHI&exact=yes"),
        (&["--kind", "recommendation", "--limit", "3"], "kind=recommendation&limit=3"),
        (
            &["social worker", "--sort", "date", "--limit", "2", "--offset", "3", "--repeats"],
            "q=social+worker&sort=date&limit=2&offset=3&repeats=on",
        ),
        (&["social worker", "--any", "--limit", "0"], "q=social+worker&any=1&limit=0"),
    ];
    let mut said = BTreeSet::new();
    for (typed, asked) in questions {
        let command = built.json(&[&["search"], typed].concat());
        let api = comparable(served.json(&format!("/search?{asked}")), &["next"]);
        assert_eq!(api, command, "{asked}");
        assert!(command["generation"].is_string(), "{command}");
        let is_there = |value: &Value| match value {
            Value::Null => false,
            Value::Array(values) => !values.is_empty(),
            _ => true,
        };
        let fields = command.as_object().unwrap().iter().filter(|(_, value)| is_there(value));
        said.extend(fields.map(|(name, _)| name.clone()));
    }
    let all = [
        "facets",
        "groups",
        "sample",
        "read_as",
        "repairs",
        "unheld",
        "relaxed",
        "notes",
        "clauses",
        "expansions",
        "uncounted",
        "closest_from",
    ];
    for field in all {
        assert!(said.contains(field), "no question is answered with `{field}`");
    }
}

#[test]
fn no_answer_names_a_folder_of_the_server() {
    let built = Built::empty();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports");
    copy(&samples.join("stonewick"), &built.0.path().join("reports/stonewick"));
    fs::write(built.0.path().join("reports/broken.pdf"), "%PDF-1.4\nnothing").unwrap();
    built.run(&["index", "reports"]);
    let served = Server::over(&built);
    assert_eq!(served.json("/coverage")["failed"][0]["path"], "broken.pdf");
    let unread = served.json("/compare?q=interview&by=authority")["silence"]["unreadable"].clone();
    assert_eq!(unread[0]["path"], "broken.pdf");
    let folder = built.0.path().canonicalize().unwrap();
    for path in [
        "/search?limit=200",
        "/coverage?missing=1",
        "/reports",
        "/reports/stonewick-sif-2014-09-09",
        "/paragraphs/stonewick-sif-2014-09-09/17",
        "/similar/stonewick-sif-2014-09-09/17",
        "/compare?q=interview&by=authority&newest=yes",
        "/timeline?authority=Stonewick&q=interview",
        "/grades",
        "/recommendations",
        "/recommendations?repeated=yes",
    ] {
        let text = served.json(path).to_string();
        assert!(!text.contains(folder.to_str().unwrap()), "{path}: {text}");
    }
}

#[test]
fn lines_paragraphs_like_one_and_coverage_are_those_of_the_commands() {
    let built = Built::samples();
    let served = Server::over(&built);
    let lines: [(&[&str], &str); 3] = [
        (&["interview", "--sort", "left"], "q=interview&sort=left"),
        (&["interview", "--sample", "3", "--context", "20"], "q=interview&sample=3&context=20"),
        (&["--topic", "missing_rhi", "--limit", "4"], "topic=missing_rhi&limit=4"),
    ];
    for (typed, asked) in lines {
        let command = built.json(&[&["kwic"], typed].concat());
        assert_eq!(comparable(served.json(&format!("/kwic?{asked}")), &["next"]), command);
    }
    let id = "harrowdale-sif-2016-10-10/7";
    let command = built.json(&["similar", id, "--elsewhere", "--limit", "3"]);
    let api = served.json(&format!("/similar/{id}?elsewhere=1&limit=3"));
    assert_eq!(comparable(api, &["next", "notes"]), command);
    let command = built.json(&["coverage", "--missing", "--framework", "sif"]);
    let mut api = comparable(served.json("/coverage?missing=1&framework=sif"), &["notes"]);
    for suspicion in api["suspicious"].as_array_mut().unwrap() {
        let look = format!("findings inspect {}", suspicion["report"].as_str().unwrap());
        suspicion["look"] = look.into();
    }
    assert_eq!(api, command);
}

#[test]
fn lists_are_those_of_the_commands_page_by_page() {
    let built = Built::samples();
    let served = Server::over(&built);
    let cases: [(&[&str], &str); 4] = [
        (&["reports", "--format", "jsonl", "--sort", "date"], "/reports?sort=date&limit=5"),
        (&["reports", "--format", "jsonl", "--overall", "good"], "/reports?overall=good"),
        (&["export"], "/paragraphs?limit=100"),
        (&["export", "--grade", "inadequate"], "/paragraphs?grade=inadequate&limit=7"),
    ];
    for (typed, asked) in cases {
        let command: Vec<Value> = built.lines(typed);
        let mut page = served.json(asked);
        assert_eq!(page["total"], command.len(), "{asked}");
        let mut all = Vec::new();
        loop {
            all.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next"].as_str() else { break };
            let separator = if asked.contains('?') { '&' } else { '?' };
            page = served.json(&format!("{asked}{separator}cursor={next}"));
        }
        assert_eq!(all, command, "{asked}");
    }
    let topics = built.json(&["topics"]);
    assert_eq!(served.json("/topics?limit=200")["items"], topics);
    let found = built.json(&["topics", "agency", "staff"]);
    assert_eq!(served.json("/topics?q=agency+staff")["items"], found);
    let id = topics[0]["id"].as_str().unwrap();
    assert_eq!(served.json(&format!("/topics/{id}")), built.json(&["topics", "show", id]));
    let report = "stonewick-sif-2014-09-09";
    assert_eq!(served.json(&format!("/reports/{report}")), built.json(&["show", report]));
    let id = "harrowdale-sif-2016-10-10/7";
    let shown = built.json(&["show", id, "--context", "1"]);
    assert_eq!(served.json(&format!("/paragraphs/{id}?context=1")), shown);
}

#[test]
fn named_queries_are_counted_as_by_the_command() {
    let built = Built::samples();
    let served = Server::over(&built);
    let file = "[[query]]\nname = 'a'\nquery = 'return-interview'\nframework = ['sif', 'ilacs']\n\n\
                [[query]]\nname = 'b'\nquery = 'supervision'\nfrom = '2018'\nlatest = true\n";
    std::fs::write(built.0.path().join("queries.toml"), file).unwrap();
    let command = built.json(&["batch", "queries.toml", "--by", "authority"]);
    let body = r#"{"queries":[{"name":"a","query":"return-interview","framework":["sif","ilacs"]},
                  {"name":"b","query":"supervision","from":"2018","latest":true}],"by":"authority"}"#;
    let reply = served.post(BATCH, body, &["Content-Type: application/json; charset=utf-8"]);
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.json(), command);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}

#[test]
fn the_values_of_an_attribute_are_those_of_a_facet() {
    let built = Built::samples();
    let served = Server::over(&built);
    let command =
        built.json(&["search", "interview", "--facets", "authority", "--authority", "Stonewick"]);
    let asked = "/facets?attribute=authority&q=interview&authority=Stonewick";
    let api = served.json(asked);
    assert_eq!(api["items"], command["facets"][0]["counts"]);
    assert_eq!(api["instead"], command["facets"][0]["instead"]);
    assert_eq!((&api["paragraphs"], &api["reports"]), (&command["total"], &command["reports"]));
    let whole = served.json("/facets?attribute=authority");
    let first = served.json("/facets?attribute=authority&limit=2");
    let next =
        format!("/facets?attribute=authority&limit=2&cursor={}", first["next"].as_str().unwrap());
    assert_eq!(first["items"][1], whole["items"][1]);
    assert_eq!(served.json(&next)["items"][0], whole["items"][2]);
    assert_eq!(whole["total"], whole["items"].as_array().unwrap().len());
}
