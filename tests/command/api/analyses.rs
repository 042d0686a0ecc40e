//! Comparisons, timelines, grades, distinctive words and recommendations over the API.

use crate::built::Built;
use crate::served::Server;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Takes out what each door words, and when it was asked.
fn without_wording(answer: &mut Value) {
    match answer {
        Value::Array(values) => values.iter_mut().for_each(without_wording),
        Value::Object(fields) => {
            for name in ["command", "arguments", "asked"] {
                fields.remove(name);
            }
            // Of the two sets that are told apart, not of filters.
            if fields.get("conditions").is_some_and(Value::is_string) {
                fields.remove("conditions");
            }
            fields.values_mut().for_each(without_wording);
        }
        _ => {}
    }
}

/// An answer of the API without what the API adds, and without wording.
fn comparable(mut answer: Value, added: &[&str]) -> Value {
    let fields = answer.as_object_mut().unwrap();
    for field in added {
        assert!(fields.remove(*field).is_some(), "{field} is missing");
    }
    without_wording(&mut answer);
    answer
}

/// What is typed, the address that asks the same, and what the API adds to the answer.
type Case = (&'static [&'static str], &'static str, &'static [&'static str]);

const COMPARED: &[&str] = &["remarks", "newest"];
const REMARKED: &[&str] = &["remarks"];
const LISTED: &[&str] = &["remarks", "next"];

const CASES: [Case; 24] = [
    (
        &["compare", "return-interview", "--by", "framework"],
        "/compare?q=return-interview&by=framework",
        COMPARED,
    ),
    (
        &["compare", "children", "--by", "overall", "--and", "year", "--sort", "reports"],
        "/compare?q=children&by=overall&and=year&sort=reports",
        COMPARED,
    ),
    (
        &[
            "compare",
            "social worker",
            "--any",
            "--by",
            "authority",
            "--sort",
            "rate",
            "--standardise",
            "framework",
            "--limits",
            "raw",
            "--quotes",
            "3",
            "--include",
            "context",
        ],
        "/compare?q=social+worker&any=yes&by=authority&sort=rate&standardise=framework&limits=raw\
         &quotes=3&include=context",
        COMPARED,
    ),
    (
        &["compare", "--topic", "missing_rhi", "--by", "grade", "--latest", "--not", "kind:table"],
        "/compare?topic=missing_rhi&by=grade&latest=yes&not_kind=table",
        COMPARED,
    ),
    (
        &["compare", "RHI", "--exact", "--by", "region", "--from", "2014", "--without-denials"],
        "/compare?q=RHI&exact=1&by=region&from=2014&without_denials=1",
        COMPARED,
    ),
    (
        &["compare", "return interviw", "--by", "authority", "--authority", "Stonewick"],
        "/compare?q=return+interviw&by=authority&authority=Stonewick",
        COMPARED,
    ),
    (&["timeline", "Stonewick"], "/timeline?authority=Stonewick", REMARKED),
    (
        &["timeline", "Fairmere", "return-interview", "--include", "context"],
        "/timeline?authority=fairmere&q=return-interview&include=context",
        REMARKED,
    ),
    (
        &["timeline", "Stonewick", "--topic", "missing_rhi", "--as-at", "2024"],
        "/timeline?authority=Stonewick&topic=missing_rhi&as_at=2024",
        REMARKED,
    ),
    (
        &["timeline", "Stonewick", "social worker", "--any", "--exact", "--latest"],
        "/timeline?authority=Stonewick&q=social+worker&any=1&exact=1&latest=1",
        REMARKED,
    ),
    (&["grades"], "/grades", REMARKED),
    (
        &["grades", "--by", "region", "--and", "framework", "--as-at", "2022"],
        "/grades?by=region&and=framework&as_at=2022",
        REMARKED,
    ),
    (
        &["grades", "--theme", "leadership", "--by", "year", "--from", "2014"],
        "/grades?theme=leadership&by=year&from=2014",
        REMARKED,
    ),
    (&["grades", "--changes"], "/grades?changes=first", REMARKED),
    (
        &["grades", "--changes=previous", "--by", "region", "--not", "authority:Fairmere"],
        "/grades?changes=previous&by=region&not_authority=Fairmere",
        REMARKED,
    ),
    (
        &["distinctive", "--framework", "sif", "--against", "", "--least-reports", "2"],
        "/distinctive?framework=sif&least_reports=2",
        REMARKED,
    ),
    (
        &[
            "distinctive",
            "--query",
            "children",
            "--any",
            "--framework",
            "ilacs",
            "--against",
            "--query \"social worker\" --exact --not framework:ilacs",
            "--longest",
            "2",
            "--limit",
            "5",
            "--sort",
            "log-ratio",
            "--include",
            "context",
        ],
        "/distinctive?q=children&any=yes&framework=ilacs&against_q=social+worker&against_exact=yes\
         &against_not_framework=ilacs&longest=2&limit=5&sort=log-ratio\
         &include=context",
        REMARKED,
    ),
    (
        &["distinctive", "--latest", "--against", "--to 2018 --kind finding"],
        "/distinctive?latest=yes&against_to=2018&against_kind=finding",
        REMARKED,
    ),
    (&["recommendations"], "/recommendations", LISTED),
    (
        &["recommendations", "--by", "addressee", "--limit", "3", "--offset", "2"],
        "/recommendations?by=addressee&limit=3&offset=2",
        LISTED,
    ),
    (
        &["recommendations", "return-interview", "--sort", "date", "--framework", "sif"],
        "/recommendations?q=return-interview&sort=date&framework=sif",
        LISTED,
    ),
    (
        &["recommendations", "--repeated", "--latest", "--limit", "4"],
        "/recommendations?repeated=yes&latest=yes&limit=4",
        LISTED,
    ),
    (
        &["recommendations", "--repeated", "--by", "topic", "--limit", "1", "--offset", "1"],
        "/recommendations?repeated=yes&by=topic&limit=1&offset=1",
        LISTED,
    ),
    (
        &["recommendations", "supervison", "--any", "--not", "topic:workforce"],
        "/recommendations?q=supervison&any=yes&not_topic=workforce",
        LISTED,
    ),
];

#[test]
fn they_are_those_of_the_commands() {
    let built = Built::samples();
    let served = Server::over(&built);
    for (typed, asked, added) in CASES {
        let mut command = built.json(typed);
        without_wording(&mut command);
        let api = comparable(served.json(asked), added);
        assert_eq!(api, command, "{asked}");
    }
}

/// An answer names how it is asked for again: the same as it was, however it was written.
#[test]
fn an_answer_says_how_to_ask_for_it_again() {
    let built = Built::samples();
    let served = Server::over(&built);
    for (_, asked, added) in CASES {
        let mut first = served.json(asked);
        let again = first["provenance"]["command"].as_str().unwrap().to_owned();
        let path = asked.split('?').next().unwrap();
        assert!(again.starts_with(&format!("/api/v1{path}")), "{again}");
        let mut second = served.json(again.strip_prefix("/api/v1").unwrap());
        // What was repaired is written as it was understood; which part is shown is no part of the
        // question.
        let parts = ["next", "offset", "recommendations", "repeated", "remarks", "notes", "unheld"];
        for answer in [&mut first, &mut second] {
            let fields = answer.as_object_mut().unwrap();
            parts.iter().for_each(|part| _ = fields.remove(*part));
        }
        let left: Vec<&str> = added.iter().copied().filter(|own| !parts.contains(own)).collect();
        assert_eq!(comparable(second, &left), comparable(first, &left), "{asked}\n{again}");
    }
}

/// Collects the searches that an answer names, each with the number that it is to find.
fn searches(answer: &Value, found: &mut BTreeMap<String, u64>) {
    let mut take = |trace: &Value, count: &Value| {
        if let Some(count) = count.as_u64() {
            let command = trace["command"].as_str().unwrap();
            found.insert(command.to_owned(), count);
        }
    };
    if let Value::Object(fields) = answer {
        let count = |name: &str, of: &str| answer[name].get(of).cloned().unwrap_or(Value::Null);
        for (name, of) in [("matching", "find_matching"), ("eligible", "find_eligible")] {
            if fields.contains_key(of) && answer[name].is_object() {
                take(&answer[of], &count(name, "paragraphs"));
            }
        }
        if fields.contains_key("find_matching") && answer["paragraphs"].is_object() {
            take(&answer["find_matching"], &count("paragraphs", "count"));
            take(&answer["find_eligible"], &count("paragraphs", "out_of"));
        }
        if answer["find"].is_object() {
            let of_groups = &answer["recommendations"];
            take(
                &answer["find"],
                if of_groups.is_u64() { of_groups } else { &answer["paragraphs"] },
            );
        }
    }
    match answer {
        Value::Array(values) => values.iter().for_each(|value| searches(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| searches(value, found)),
        _ => {}
    }
}

#[test]
fn every_search_that_an_answer_names_finds_what_was_counted() {
    let built = Built::samples();
    let served = Server::over(&built);
    for (asked, at_least) in [
        ("/compare?topic=missing_rhi&by=grade&and=authority&not_year=2012", 30),
        ("/timeline?authority=Stonewick&q=return-interview", 2),
        ("/recommendations?by=authority&limit=0", 5),
        ("/distinctive?framework=sif&framework=ilacs&against_not_framework=sif&least_reports=2", 2),
    ] {
        let mut found = BTreeMap::new();
        searches(&served.json(asked), &mut found);
        assert!(found.len() >= at_least, "{asked}: {found:?}");
        for (address, count) in found {
            let path = address.strip_prefix("/api/v1").unwrap();
            let answer = served.json(&format!("{path}&limit=0"));
            assert_eq!(answer["total"], count, "{asked}\n{address}");
        }
    }
}

/// Counted by hand in the sample reports.
#[test]
fn the_figures_are_those_of_the_samples() {
    let built = Built::samples();
    let served = Server::over(&built);
    let comparison = served.json("/compare?q=return-interview&by=authority&sort=reports&quotes=0");
    let of = |authority: &str| {
        let groups = comparison["groups"].as_array().unwrap();
        let group = groups.iter().find(|group| group["values"] == json!([authority])).unwrap();
        (group["matching"]["paragraphs"].clone(), group["reports"]["out_of"].clone())
    };
    assert_eq!(of("Stonewick"), (json!(9), json!(2)));
    assert_eq!(of("Fairmere"), (json!(6), json!(2)));
    let grades = served.json("/grades?by=framework");
    let rows = grades["tables"][0]["rows"].as_array().unwrap();
    let given = |row: &Value| -> Vec<u64> {
        let grades = row["grades"].as_array().unwrap();
        grades.iter().map(|grade| grade["count"].as_u64().unwrap()).collect()
    };
    // Outstanding, good, requires improvement, inadequate.
    assert_eq!((&rows[0]["values"], given(&rows[0])), (&json!(["sif"]), vec![0, 0, 0, 2]));
    assert_eq!((&rows[1]["values"], given(&rows[1])), (&json!(["ilacs"]), vec![1, 1, 1, 0]));
    let timeline = served.json("/timeline?authority=Fairmere");
    let inspections = timeline["inspections"].as_array().unwrap();
    let ids: Vec<&str> = inspections.iter().map(|own| own["report"].as_str().unwrap()).collect();
    assert_eq!(ids, ["fairmere-slac-2012-01-16", "fairmere-ilacs-2019-04-29"]);
}

#[test]
fn what_was_repaired_or_is_not_held_is_remarked() {
    let built = Built::samples();
    let served = Server::over(&built);
    for asked in [
        "/compare?q=return+interviw&by=framework",
        "/timeline?authority=Stonewick&q=return+interviw",
        "/distinctive?q=return+interviw&any=yes",
        "/recommendations?q=return+interviw",
    ] {
        let answer = served.json(asked);
        assert!(answer["remarks"].to_string().contains("interviw"), "{asked}: {answer}");
    }
    let remarks = &served.json("/grades?latest=yes&framework=sif")["remarks"];
    assert!(!remarks.as_array().unwrap().is_empty(), "what `latest` left out");
}

#[test]
fn the_newest_inspections_are_compared_as_well_where_that_is_asked_for() {
    let built = Built::samples();
    let served = Server::over(&built);
    let asked = "/compare?q=return-interview&by=framework";
    let both = served.json(&format!("{asked}&newest=yes"));
    let newest = served.json(&format!("{asked}&latest=yes&quotes=0"));
    for part in ["whole", "groups", "mentions"] {
        let mut parts = [both["newest"][part].clone(), newest[part].clone()];
        parts.iter_mut().for_each(without_wording);
        assert_eq!(parts[0], parts[1], "{part}");
    }
    assert!(both["newest"]["whole"]["reports"]["out_of"].as_u64() < Some(12), "{both}");
    let plain = served.json(asked);
    assert_eq!((&plain["newest"], &plain["whole"]), (&Value::Null, &both["whole"]));
    let of_none = served.json("/compare?q=return-interview&by=framework&newest=yes&framework=send");
    assert!(of_none["newest"].is_object() || of_none["newest"].is_null());
}

#[test]
fn recommendations_and_chains_are_given_page_by_page() {
    let built = Built::samples();
    let served = Server::over(&built);
    let ids = |answer: &Value| -> Vec<String> {
        let listed = answer["recommendations"].as_array().unwrap();
        listed.iter().map(|own| own["id"].as_str().unwrap().to_owned()).collect()
    };
    let total = served.json("/recommendations?limit=0")["total"].as_u64().unwrap();
    let mut page = served.json("/recommendations?limit=15&fields=id");
    let mut all = ids(&page);
    while let Some(next) = page["next"].as_str() {
        page = served.json(&format!("/recommendations?limit=15&fields=id&cursor={next}"));
        all.extend(ids(&page));
    }
    assert_eq!(all, ids(&served.json("/recommendations?limit=200")));
    assert_eq!(all.len() as u64, total);
    let chains = served.json("/recommendations?repeated=yes&limit=1&fields=id,report.authority");
    let listed = chains["repeated"]["listed"].as_array().unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["recommendations"][0].as_object().unwrap().len(), 2);
    let many = chains["repeated"]["chains"].as_u64().unwrap();
    assert_eq!(chains["next"].is_string(), many > 1, "{many} chains");
    let reply = served.get("/api/v1/recommendations?limit=1");
    assert!(reply.header("link").unwrap().contains("rel=\"next\""));
}

#[test]
fn the_page_of_distinctive_words_writes_conditions_as_the_api_does() {
    let built = Built::samples();
    let served = Server::over(&built);
    let asked = "distinctive.json?q=children&latest=1&not_kind=summary&from=2012\
                 &against_to=2023-12-31&against_not_framework=jtai&least_reports=2";
    let page = served.get(&format!("/{asked}")).json();
    let api = served.json(&format!("/{}", asked.replace(".json", "").replace("=1&", "=yes&")));
    let conditions = |answer: &Value| [0, 1].map(|at| answer["sets"][at]["conditions"].clone());
    assert_eq!(conditions(&page), conditions(&api));
    assert_eq!(
        conditions(&page),
        [
            json!("q=children&not_kind=summary&from=2012-01-01&latest=yes"),
            json!("not_framework=jtai&to=2023-12-31"),
        ]
    );
}
