//! Tests topics and acronyms as a user meets them: from a report's words to lists, filters and
//! errors.

use crate::invented::{FINDINGS, report};
use crate::suggested;
use findings::answer::counts::TopicCount;
use findings::render::terminal::{self, Look};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const NEGLECT: &str =
    "Chronic neglect is seen late, says the multi-agency safeguarding hub (MASH).";
const PONDS: &str = "The duck pond (DP) is deep; a personal adviser (PA) says so.";

const OWN: &str = r#"
[[topic]]
id = "ponds"
name = "Ponds"
version = 4
definition = "Water that stands."
phrases = ["duck pond"]
near_misses = ["frozen duck pond"]
"#;

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    fs::create_dir(&files).unwrap();
    fs::write(files.join("one.txt"), report("Borchester Council", 1, 23, NEGLECT)).unwrap();
    fs::write(files.join("two.txt"), report("Borchester Council", 2, 23, PONDS)).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(FINDINGS);
    command.current_dir(folder).args(["--index", "index"]).args(arguments);
    command.env_remove("FINDINGS_INDEX").env("COLUMNS", "100");
    let output = suggested::output(&mut command);
    let words = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), words(&output.stdout), words(&output.stderr))
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let (code, out, err) = run(folder, arguments);
    assert_eq!(code, 0, "{arguments:?}: {err}");
    serde_json::from_str(&out).unwrap()
}

fn indexed() -> TempDir {
    let folder = folder();
    assert_eq!(run(folder.path(), &["index", "files"]).0, 0);
    folder
}

#[test]
fn in_a_narrow_window_a_topic_has_two_lines_and_no_word_is_cut() {
    let topic = TopicCount {
        id: "ponds".to_owned(),
        name: "Ponds, lakes and whatever else there is of water that stands still".to_owned(),
        version: "4+c7e397".to_owned(),
        denied: 0,
        paragraphs: 1,
        reports: 1,
    };
    let shown = |width| {
        let mut out = Vec::new();
        let look = Look::plain(width, false);
        terminal::topics(std::slice::from_ref(&topic), &look, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    insta::assert_snapshot!(shown(Some(80)), @"
    ponds · Ponds, lakes and whatever else there is of water that stands still
      1 paragraph in 1 report · version 4+c7e397
    ");
    assert!(shown(None).starts_with("topic  version"), "{}", shown(None));
}

#[test]
fn paragraphs_are_tagged_counted_and_found_by_topic() {
    let folder = indexed();
    let topics = json(folder.path(), &["topics", "--format", "json"]);
    let of = |id: &str| topics.as_array().unwrap().iter().find(|t| t["id"] == id).cloned().unwrap();
    assert_eq!(of("neglect")["reports"], 1);
    assert_eq!(of("adoption")["paragraphs"], 0);

    let found = json(folder.path(), &["search", "--topic", "neglect", "--format", "json"]);
    assert_eq!(found["total"], of("neglect")["paragraphs"]);
    let topics = found["hits"][0]["topics"].as_array().unwrap();
    assert!(topics.contains(&"neglect".into()) && topics.contains(&"front_door".into()));
    assert_eq!(found["topics_used"][0]["id"], "neglect");
    assert_eq!(found["topics_used"][0]["version"], of("neglect")["version"]);
    let asked = json(folder.path(), &["search", "topic:neglect", "--format", "json"]);
    assert_eq!((&asked["total"], &asked["topics_used"]), (&found["total"], &found["topics_used"]));

    let reports = run(folder.path(), &["reports", "--topic", "neglect", "--format", "jsonl"]);
    assert_eq!(reports.1.lines().count(), 1);
    let exported = run(folder.path(), &["export", "--topic", "neglect"]);
    assert_eq!(exported.1.lines().count().to_string(), found["total"].to_string());
}

#[test]
fn facet_of_topics_counts_every_topic_of_a_paragraph() {
    let folder = indexed();
    let found = json(
        folder.path(),
        &["search", "\"chronic neglect\"", "--facets", "topic", "--format", "json"],
    );
    let counts = found["facets"][0]["counts"].as_array().unwrap();
    let values: Vec<&str> = counts.iter().filter_map(|count| count["value"].as_str()).collect();
    assert_eq!(values, ["front_door", "neglect"]);
    assert_eq!(found["total"], 1);
    assert_eq!(found["topics_used"].as_array().unwrap().len(), 2);
}

#[test]
fn unknown_topic_is_answered_by_the_nearest() {
    let folder = indexed();
    let (code, _, err) = run(folder.path(), &["search", "--topic", "neglekt"]);
    assert!(code == 2 && err.contains("did you mean `neglect`?"), "{err}");
    let (code, _, err) = run(folder.path(), &["search", "late topic:neglekt"]);
    assert!(code == 2 && err.contains("no topic `neglekt`"), "{err}");
    assert!(err.contains("hint: write `late topic:neglect`"), "{err}");
    assert!(err.contains("\n       ^^^^"), "{err}");
    let (code, _, err) = run(folder.path(), &["topics", "show", "neglekt"]);
    assert!(code == 2 && err.contains("did you mean `neglect`?"), "{err}");
}

#[test]
fn topics_are_found_by_name_phrase_and_acronym_and_a_wrong_id_suggests_them() {
    let folder = indexed();
    let found = |typed: &[&str]| -> Vec<String> {
        let topics = json(folder.path(), &[&["topics", "--format", "json"], typed].concat());
        let ids = topics.as_array().unwrap().iter().map(|topic| topic["id"].as_str().unwrap());
        ids.map(str::to_owned).collect()
    };
    assert_eq!(found(&["private", "fostering"])[0], "private_fostering");
    assert_eq!(found(&["agency staff"]), ["workforce"]);
    assert_eq!(found(&["return interviews"]), ["missing_rhi"]);
    // The hub that a report explains as MASH is a phrase of the topic.
    assert_eq!(found(&["MASH"])[0], "front_door");
    let (code, out, _) = run(folder.path(), &["topics", "zebra crossings"]);
    assert_eq!(
        (code, out.as_str()),
        (1, "no topic has the name, phrase or acronym ‘zebra crossings’\n")
    );
    assert_eq!(run(folder.path(), &["topics", "show", "neglect"]).0, 0);
    for (typed, meant) in [
        ("return interviews", "missing_rhi"),
        ("Missing children and return home interviews", "missing_rhi"),
        ("agency staff", "workforce"),
    ] {
        let (code, _, err) = run(folder.path(), &["search", "--topic", typed]);
        assert_eq!(code, 2, "{typed}");
        assert!(err.contains(&format!("hint: did you mean `{meant}`?")), "{err}");
    }
    assert_eq!(run(folder.path(), &["search", "--topic", "private fostering"]).0, 1);
}

#[test]
fn topic_of_the_user_is_used_once_its_file_is_named_and_reports_are_read_again() {
    let folder = indexed();
    let own = folder.path().join("own.toml");
    fs::write(&own, OWN).unwrap();
    let again = ["index", "files", "--topics", "own.toml"];
    assert_eq!(run(folder.path(), &again).0, 0);
    let shown = json(folder.path(), &["topics", "show", "ponds", "--format", "json"]);
    assert_eq!((&shown["paragraphs"], &shown["reports"]), (&1.into(), &1.into()));
    assert!(shown["version"].as_str().unwrap().starts_with("4+"));
    let (_, out, _) = run(folder.path(), &["topics", "show", "ponds"]);
    assert!(out.contains("Water that stands.") && out.contains("frozen duck pond"), "{out}");
    let (_, out, _) = run(folder.path(), &again);
    assert!(out.contains("nothing has changed"), "{out}");
}

#[test]
fn faulty_file_of_topics_stops_the_build_and_names_the_line() {
    let folder = folder();
    fs::write(folder.path().join("own.toml"), OWN.replace("\"duck pond\"", "\"…\"")).unwrap();
    let (code, _, err) = run(folder.path(), &["index", "files", "--topics", "own.toml"]);
    assert_eq!(code, 2);
    assert!(err.contains("own.toml") && err.contains("line 7: the phrase `…` holds no"), "{err}");
    assert!(!folder.path().join("index").exists());
}

#[test]
fn acronyms_are_learned_from_the_reports() {
    let folder = indexed();
    let all = json(folder.path(), &["acronyms", "--format", "json"]);
    let short: Vec<&str> =
        all.as_array().unwrap().iter().filter_map(|entry| entry["acronym"].as_str()).collect();
    assert!(short.contains(&"MASH") && short.contains(&"PA"), "{short:?}");
    let one = json(folder.path(), &["acronyms", "mash", "--format", "json"]);
    let meaning = &one[0]["expansions"][0];
    assert_eq!(meaning["words"], "multi-agency safeguarding hub");
    let example = meaning["example"].as_str().unwrap();
    assert_eq!(run(folder.path(), &["show", example]).0, 0);
    let (code, _, err) = run(folder.path(), &["acronyms", "MASK"]);
    assert!(code == 2 && err.contains("did you mean `MASH`?"), "{err}");
    let (_, out, _) = run(folder.path(), &["acronyms", "--format", "csv"]);
    assert!(out.starts_with("acronym,stands_for,reports,example\n"), "{out}");
    let (_, records, _) = run(folder.path(), &["reports", "--format", "jsonl"]);
    assert!(records.contains(r#""acronyms":[{"short":"MASH""#), "{records}");
}
