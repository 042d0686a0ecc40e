//! `findings eval`.

use crate::held::Held;
use std::fs;
use std::path::Path;

const TOPICS: &str = "t1\treturn interview\nt2\tpanel\th\nh1\twho speaks\n";

fn write(folder: &Path) -> (String, String) {
    // All report files have the same hash here.
    let judgement = |topic: &str, grade: u8, text: &str| {
        let file = "0".repeat(64);
        format!(r#"{{"topic": "{topic}", "grade": {grade}, "sha256": "{file}", "text": "{text}"}}"#)
    };
    let judgements = [
        judgement("t1", 3, "Police share what a return interview tells them on the same day."),
        judgement("t1", 2, "nobody has ever written this paragraph"),
        judgement("t2", 1, "The panel meets weekly and knows each child."),
        judgement("h1", 0, "Partners must agree who speaks to a child that was away."),
    ];
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    fs::write(path("topics.tsv"), TOPICS).unwrap();
    fs::write(path("judgements.jsonl"), judgements.join("\n")).unwrap();
    (path("topics.tsv"), path("judgements.jsonl"))
}

#[test]
fn a_ranking_is_measured_topic_by_topic_and_against_another_run() {
    let held = Held::new();
    let folder = tempfile::tempdir().unwrap();
    let (topics, judgements) = write(folder.path());
    // A name of known length, so that the lines wrap in the same places everywhere.
    let run = "run.jsonl";
    let written = held.folder().join(run);
    let answer = held.findings(&["eval", &topics, &judgements, "--run", run]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    insta::assert_snapshot!(answer.out, @"
    mean over   topics  nDCG@10  precision@10  recall@100  unjudged
    t…               2    0.697         0.100       0.750    2 of 4
    h…               1    0.000         0.000           –    0 of 1
    all topics       3    0.465         0.067       0.750    2 of 5

    topic  nDCG@10  precision@10  recall@100  unjudged  query
    t1       0.394         0.100       0.500         2  return interview
    t2       1.000         0.100       1.000         0  panel
    h1       0.000         0.000           –         0  who speaks

    relevant: grade 1 or more; unjudged: hits among the first ten that nobody has judged, which count as
      not relevant
    ");

    let hits = fs::read_to_string(&written).unwrap();
    assert_eq!(hits.lines().count(), 5);
    let first: serde_json::Value = serde_json::from_str(hits.lines().next().unwrap()).unwrap();
    let keys: Vec<&String> = first.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["rank", "sha256", "text", "topic"]);

    // The other run has found less for t1 and nothing for h1.
    let less: Vec<&str> = hits.lines().filter(|line| line.contains("t2")).collect();
    fs::write(&written, less.join("\n")).unwrap();
    let answer = held.findings(&["eval", &topics, &judgements, "--against", run]);
    let told = answer.out.replace(run, "RUN");
    insta::assert_snapshot!(told.split("\n\n").skip(2).collect::<Vec<_>>().join("\n\n"), @"
    against RUN · nDCG@10 +0.131 · 1 better · 2 the same · 0 worse · p = 1.000

    topic  before    now  difference  query
    t2      1.000  1.000       0.000  panel
    h1      0.000  0.000       0.000  who speaks
    t1      0.000  0.394      +0.394  return interview

    relevant: grade 1 or more; unjudged: hits among the first ten that nobody has judged, which count as
      not relevant
    p: how often a mean difference as large would come about if every topic's sign were chance
    without a hit in the other run: t1, h1
    ");
}

#[test]
fn a_broken_line_is_named_with_its_file() {
    let held = Held::new();
    let folder = tempfile::tempdir().unwrap();
    let (topics, judgements) = write(folder.path());
    let told = |topics_text: &str, judgements_text: Option<&str>| {
        fs::write(&topics, topics_text).unwrap();
        if let Some(text) = judgements_text {
            fs::write(&judgements, text).unwrap();
        }
        let answer = held.findings(&["eval", &topics, &judgements]);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""));
        answer.err.replace(folder.path().to_str().unwrap(), "FOLDER")
    };
    insta::assert_snapshot!(told("t1\tferries\nt2 boats\n", None), @"error: FOLDER/topics.tsv, line 2: no query; write `id`, a tab, and the query");
    insta::assert_snapshot!(told("t1\tferries\n\nt2\tgrad:good x\n", None), @"
    note: FOLDER/topics.tsv, line 1, topic t1: no paragraph has `ferries`
    error: FOLDER/topics.tsv, line 3, topic t2: unknown field `grad`; did you mean `grade`?
      grad:good x
      ^^^^
    hint: write `grade:good x`
    ");
    insta::assert_snapshot!(told("\n", None), @"
    error: no topic in FOLDER/topics.tsv
    hint: write an id, a tab and a query on each line
    ");
    insta::assert_snapshot!(told("t1\tferries\n", Some("\n")), @"
    error: no judgement in FOLDER/judgements.jsonl
    hint: `findings eval --help` shows a line of each file
    ");
    insta::assert_snapshot!(told("t1\tferries\n", Some("{}\n")), @"error: FOLDER/judgements.jsonl, line 1: missing field `topic` (column 2)");
}
