//! A cluster answers as the folder does from which the index was copied.

use crate::read::corpus;
use findings_index::agreement::{Questions, difference};
use findings_index::opensearch::Address;
use findings_index::request::Deadline;
use findings_index::transfer::transfer;
use findings_index::{BuildOptions, Location};
use std::env;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::Duration;

/// How long an answer may take: far longer than it should, since this is no test of speed.
const LIMIT: Duration = Duration::from_secs(180);

/// A number from the environment.
fn number(name: &str, usual: u64) -> u64 {
    match env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")),
        Err(_) => usual,
    }
}

#[test]
fn a_cluster_answers_as_a_folder_does() {
    let Some(corpus) = corpus() else { return };
    let Ok(cluster) = env::var("FINDINGS_CLUSTER") else {
        // The harness hides what tests that pass print otherwise.
        let skipped = "SKIPPED: FINDINGS_CLUSTER names no cluster; see tests/cluster/README.md\n";
        io::stderr().write_all(skipped.as_bytes()).unwrap();
        return;
    };
    let nodes: Vec<String> =
        cluster.split(',').map(|node| format!("{node}/findings-agreement")).collect();
    let folder = Location::Folder(corpus.program.0.path().join("held")).open().unwrap();
    let place = Location::Cluster(Address::parse(&nodes).unwrap());
    let build = place.build(&BuildOptions { wait: LIMIT, ..BuildOptions::default() }).unwrap();
    let copied = transfer(folder.as_ref(), build, |_, _| ()).unwrap();
    assert_eq!(copied, *folder.corpus());
    let cluster = place.open().unwrap();
    let (seed, wanted) = (number("FINDINGS_SEED", 1), number("FINDINGS_QUESTIONS", 200));
    let questions = Questions::about(folder.as_ref(), seed).unwrap();
    let mut differing = String::new();
    for question in questions.take(usize::try_from(wanted).unwrap()) {
        let deadline = || Deadline::after(LIMIT);
        if let Some(found) = difference(&question, folder.as_ref(), cluster.as_ref(), deadline) {
            let (one, other) = (found.one.to_string(), found.other.to_string());
            let short = |text: &str| text.chars().take(200).collect::<String>();
            let place = if found.place.is_empty() { "in all" } else { found.place.as_str() };
            writeln!(
                differing,
                "{}\n  {place}\n  folder:  {}\n  cluster: {}",
                question.text(),
                short(&one),
                short(&other)
            )
            .unwrap();
        }
    }
    assert!(differing.is_empty(), "{differing}");
}
