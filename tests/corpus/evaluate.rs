//! Compares our scores with those of an independent script, on judgements of real reports. Set
//! `FINDINGS_CORPUS` to their folder; the folder `relevance` next to it holds topics, judgements
//! and script.

use findings::answer::evaluate::{self, RunHit};
use serde_json::Value;
use std::collections::HashMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The folder of the judgements; `None`, with a message, if it or Python is missing.
fn relevance() -> Option<PathBuf> {
    let folder =
        env::var_os("FINDINGS_CORPUS").map(|corpus| Path::new(&corpus).join("../relevance"));
    let folder = folder.filter(|folder| folder.join("evaluate.py").exists());
    let python = Command::new("python3").arg("--version").output();
    let folder = folder.filter(|_| python.is_ok_and(|python| python.status.success()));
    if folder.is_none() {
        // Written directly to standard error, because the harness hides the output of tests that
        // pass.
        let skipped = "SKIPPED: needs python3, and judgements beside FINDINGS_CORPUS\n";
        io::stderr().write_all(skipped.as_bytes()).unwrap();
    }
    folder
}

/// A run with every case that the matching must distinguish: judged paragraphs whole, cut at either
/// end to about the share that just counts, numbered, in capitals, twice, and of another file.
fn hits(judgements: &str) -> Vec<RunHit> {
    let mut hits = Vec::new();
    let mut ranks: HashMap<String, u64> = HashMap::new();
    for (place, line) in judgements.lines().enumerate() {
        let judgement: Value = serde_json::from_str(line).unwrap();
        let field = |name: &str| judgement[name].as_str().unwrap().to_owned();
        let text = field("text");
        let words: Vec<&str> = text.split(' ').collect();
        let half = words.len() / 2;
        let other = "and so on for some more words that stand nowhere else at all ".repeat(4);
        let (sha256, text) = match place * 7 % 9 {
            0 => (field("sha256"), text.clone()),
            1 => (field("sha256"), format!("{}. {}", place, text.to_uppercase())),
            2 => (field("sha256"), format!("{} {other}", words[..half].join(" "))),
            3 => (field("sha256"), format!("{other} {}", words[words.len() * 2 / 5..].join(" "))),
            4 => (field("sha256"), format!("{} {other}", words[..words.len() * 3 / 5].join(" "))),
            5 => ("0".repeat(64), text.clone()),
            6 => (field("sha256"), words[..words.len().min(3)].join(" ")),
            _ => continue,
        };
        for _ in 0..1 + usize::from(place % 5 == 0) {
            let rank = ranks.entry(field("topic")).or_default();
            *rank += 1;
            let (topic, sha256, text) = (field("topic"), sha256.clone(), text.clone());
            hits.push(RunHit { topic, rank: *rank, sha256, text });
        }
    }
    // Lines need not be in the order of their ranks.
    hits.reverse();
    hits
}

#[test]
fn scores_are_those_of_the_independent_script() {
    let Some(folder) = relevance() else { return };
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (topics, judgements) = (read("topics.tsv"), read("judgements.jsonl"));
    let hits = hits(&judgements);
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("run.jsonl");
    let lines: Vec<String> = hits.iter().map(|hit| serde_json::to_string(hit).unwrap()).collect();
    fs::write(&file, lines.join("\n")).unwrap();
    let script = Command::new("python3")
        .arg(folder.join("evaluate.py"))
        .arg(&file)
        .arg("--per-topic")
        .output()
        .unwrap();
    assert!(script.status.success(), "{}", String::from_utf8_lossy(&script.stderr));

    let topics = evaluate::topics(&topics).unwrap();
    let judgements = evaluate::judgements(&judgements).unwrap();
    let run = evaluate::run(&fs::read_to_string(&file).unwrap()).unwrap();
    let evaluation = evaluate::evaluate(&topics, &judgements, &run);
    let mut ours: Vec<String> = evaluation
        .topics
        .iter()
        .map(|topic| format!("{}\t{:.3}\t{}", topic.topic, topic.scores.ndcg_10, topic.query))
        .collect();
    let group = |name: &str| {
        let means = evaluation.groups.iter().find(|means| means.group.as_deref() == Some(name));
        means.unwrap().ndcg_10
    };
    ours.push(format!(
        "topics {}  nDCG@10 plain {:.3}  hard {:.3}  all {:.3}  unjudged {}/{}",
        evaluation.all.topics,
        group("t"),
        group("h"),
        evaluation.all.ndcg_10,
        evaluation.all.unjudged_10,
        evaluation.all.shown_10
    ));
    let theirs = String::from_utf8(script.stdout).unwrap();
    assert_eq!(ours, theirs.lines().collect::<Vec<_>>());
    // If the run were all right or all wrong, the comparison would show little.
    assert!((0.2..0.9).contains(&evaluation.all.ndcg_10), "{}", evaluation.all.ndcg_10);
}
