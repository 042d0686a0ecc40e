//! Tests baskets as users meet them: kept over several runs, shown, exported, never damaged.

use crate::held::{Answer, Held};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use tempfile::TempDir;

const FIRST: &str = "wealdshire-sif-2015-10-19/45";
const SECOND: &str = "port-ansel-ilacs-2019-02-04/7";

/// An index and a folder for a basket.
struct Place(Held, TempDir);

impl Place {
    fn new() -> Self {
        Self(Held::new(), tempfile::tempdir().unwrap())
    }

    fn basket(&self) -> PathBuf {
        self.1.path().join("basket.jsonl")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.basket()).unwrap()
    }

    /// Runs a command with `--basket`; notes are without the folder of the basket.
    fn run(&self, arguments: &[&str]) -> Answer {
        let folder = format!("{}/", self.1.path().display());
        let basket = self.basket();
        let all = [arguments, &["--basket", basket.to_str().unwrap()]].concat();
        let mut answer = self.0.findings(&all);
        answer.err = answer.err.replace(&folder, "");
        answer
    }
}

#[test]
fn paragraphs_are_kept_in_order_with_their_notes() {
    let place = Place::new();
    let answer = place.run(&["keep", FIRST, "--note", "half of them", "--query", "interview"]);
    assert_eq!((answer.code, answer.out.as_str()), (0, ""));
    insta::assert_snapshot!(answer.err, @r"
    kept wealdshire-sif-2015-10-19/45
    1 paragraph in basket.jsonl
    ");
    assert_eq!(place.run(&["keep", &SECOND.to_uppercase()]).code, 0);
    let shown = place.run(&["show"]);
    assert_eq!((shown.code, shown.err.as_str()), (0, ""));
    insta::assert_snapshot!(shown.out, @"
    2 paragraphs kept

    1. Wealdshire, page 11
       note: half of them
       When children come home, a return interview is offered in fewer than half of the cases, and it is
       seldom held within three days:
       found by: interview
       wealdshire-sif-2015-10-19/45

    2. Port Ansel, Combe and St. Ives, page 11
       Return interviews are prompt. What children say in a return interview changes what is done for
       them.
       port-ansel-ilacs-2019-02-04/7
    ");
    let written: Vec<Value> =
        place.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(written[0]["note"], "half of them");
    assert_eq!((&written[1]["id"], &written[1]["note"]), (&SECOND.into(), &Value::Null));
    let when: jiff::Timestamp = written[0]["kept"].as_str().unwrap().parse().unwrap();
    assert!(when <= jiff::Timestamp::now());
}

#[test]
fn keeping_again_says_so_and_changes_the_note() {
    let place = Place::new();
    place.run(&["keep", FIRST, SECOND, "--note", "old"]);
    let before = place.text();
    let again = place.run(&["keep", FIRST]);
    assert!(
        again.err.starts_with(&format!("already kept: {FIRST}\n2 paragraphs")),
        "{}",
        again.err
    );
    assert_eq!(place.text(), before);
    let noted = place.run(&["keep", FIRST, "--note", "new"]);
    assert!(noted.err.starts_with(&format!("already kept: {FIRST}; updated\n")), "{}", noted.err);
    assert_eq!(place.text(), before.replacen("old", "new", 1));
    let removed = place.run(&["keep", "--remove", FIRST]);
    assert_eq!(removed.code, 0, "{}", removed.err);
    assert_eq!(place.text(), before.lines().nth(1).unwrap().to_owned() + "\n");
    let unknown = place.run(&["keep", "--remove", "port-ansel-ilacs-2019-02-04/8"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains(&format!("did you mean `{SECOND}`?")), "{}", unknown.err);
}

#[test]
fn an_id_that_is_not_held_is_refused_with_the_nearest_and_nothing_is_written() {
    let place = Place::new();
    let answer = place.run(&["keep", FIRST, "wealdshire-sif-2015-10-19/54"]);
    assert_eq!(answer.code, 2);
    assert!(answer.err.contains("no paragraph `wealdshire-sif-2015-10-19/54` is held"));
    assert!(answer.err.contains("did you mean `wealdshire-sif-2015-10-19/4"), "{}", answer.err);
    let report = place.run(&["keep", "wealdshire-sif-2015-10-19"]);
    assert_eq!(report.code, 2);
    assert!(report.err.contains("is a report, and a basket keeps paragraphs"), "{}", report.err);
    assert!(!place.basket().exists());
    for command in ["show", "export"] {
        let none = place.run(&[command]);
        assert_eq!(none.code, 2);
        assert!(none.err.starts_with("error: there is no basket basket.jsonl\n"), "{}", none.err);
    }
}

#[test]
fn every_format_has_the_notes_and_says_what_is_no_longer_held() {
    let place = Place::new();
    let gone = "gone-sif-2015-10-19/1";
    place.run(&["keep", SECOND, "--note", "prompt"]);
    let text = format!("{}{{\"id\":\"{gone}\",\"note\":\"lost\"}}\n", place.text());
    fs::write(place.basket(), &text).unwrap();
    place.run(&["keep", FIRST, "--note", "half"]);
    assert!(place.text().starts_with(&text), "{}", place.text());
    for format in ["text", "json", "jsonl", "csv", "markdown"] {
        let answer = place.run(&["show", "--format", format]);
        assert_eq!(answer.code, 0);
        let said = format!("note: `{gone}` is no longer held; it stays in the basket\n");
        assert_eq!(answer.err, said);
        let at = |word: &str| answer.out.find(word).unwrap_or_else(|| panic!("{word}: {format}"));
        let order = ["prompt", "lost", "half"].map(at);
        assert!(order.is_sorted(), "{}", answer.out);
        assert!(order[0].abs_diff(at("Return interviews are prompt")) < 2000, "{}", answer.out);
    }
    let lines = place.run(&["show", "--format", "jsonl"]).records();
    assert_eq!((&lines[1]["id"], &lines[1]["paragraph"]), (&gone.into(), &Value::Null));
    assert_eq!(lines[2]["report"]["authority"], "Wealdshire");
    insta::assert_snapshot!(place.run(&["show", "--format", "markdown"]).out, @r"
    prompt

    > 7\. Return interviews are prompt. What children say in a return interview changes what is done for them.
    >
    > — Port Ansel, Combe and St. Ives, page 11 `port-ansel-ilacs-2019-02-04/7`

    lost

    `gone-sif-2015-10-19/1` is no longer held

    half

    > 45\. When children come home, a return interview is offered in fewer than half of the cases, and it is seldom held within three days:
    >
    > — Wealdshire, page 11 `wealdshire-sif-2015-10-19/45`
    ");
    let records = place.run(&["export"]).records();
    let noted: Vec<_> = records.iter().map(|record| (&record["id"], &record["note"])).collect();
    assert_eq!(noted, [(&SECOND.into(), &"prompt".into()), (&FIRST.into(), &"half".into())]);
    let table = place.run(&["export", "--format", "csv"]).out;
    assert!(table.starts_with("id,note,query,kept,authority,"), "{table}");
    let refused = place.run(&["export", "--kind", "finding"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("without conditions"), "{}", refused.err);
}

#[test]
fn a_damaged_line_is_named_and_stays() {
    let place = Place::new();
    place.run(&["keep", FIRST]);
    fs::write(place.basket(), format!("{}{{\"id\": half a li\n", place.text())).unwrap();
    let shown = place.run(&["show"]);
    let said = "note: basket.jsonl, line 2: not a kept paragraph; skipped, and left in the file";
    assert!(shown.err.starts_with(said), "{}", shown.err);
    assert!(shown.out.starts_with("1 paragraph kept\n"), "{}", shown.out);
    let kept = place.run(&["keep", SECOND]);
    assert!(kept.err.contains("line 2"), "{}", kept.err);
    assert_eq!(place.text().lines().nth(1), Some("{\"id\": half a li"));
    assert_eq!(place.text().lines().count(), 3);
}

#[test]
fn runs_at_once_lose_nothing() {
    let place = Place::new();
    let records = place.0.findings(&["export"]).records();
    let ids: Vec<&str> = records.iter().map(|record| record["id"].as_str().unwrap()).collect();
    let keep = |id: &&str| {
        let mut command = place.0.command(&["keep", *id, "--basket"]);
        command.arg(place.basket()).stderr(Stdio::null()).spawn().unwrap()
    };
    let runs: Vec<_> = ids.iter().map(keep).collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    let mut kept: Vec<String> =
        place.run(&["show", "--format", "jsonl"]).records().iter().map(crate::held::id).collect();
    kept.sort_unstable();
    let mut ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    ids.sort_unstable();
    assert!(ids.len() > 5);
    assert_eq!(kept, ids);
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_basket_as_it_was() {
    let place = Place::new();
    place.run(&["keep", FIRST, "--note", &"long ".repeat(400)]);
    let before = place.text();
    // Writing beyond the limit fails as it does on a full disk.
    let mut command = std::process::Command::new("sh");
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" keep \"$1\" --basket \"$2\"";
    command.args(["-c", script, env!("CARGO_BIN_EXE_findings"), SECOND]).arg(place.basket());
    for (name, value) in place.0.command(&[]).get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let output = command.current_dir(place.1.path()).output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("cannot write the basket") && err.contains("as it was"), "{err}");
    assert_eq!(place.text(), before);
    let left = fs::read_dir(place.1.path()).unwrap().count();
    assert_eq!(left, 2, "the basket and the lock");
}
