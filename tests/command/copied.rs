//! Tests `findings index --from-index` and `findings check --against`, which says that a copy answers as
//! its original does.

use crate::held::{Answer, Held};
use crate::invented::report;
use serde_json::Value;
use std::fs;
use std::path::Path;

impl Held {
    /// A place next to the index.
    fn place(&self, name: &str) -> String {
        self.folder().join(name).display().to_string()
    }

    /// Copies the index to a place next to it.
    fn copied(&self, name: &str) -> (String, Answer) {
        let place = self.place(name);
        let original = self.folder().to_str().unwrap();
        let answer = self.findings(&["--index", &place, "index", "--from-index", original]);
        (place, answer)
    }

    /// Indexes reports that began on these days of June.
    fn indexed(&self, name: &str, days: &[u8]) -> String {
        let files = self.folder().join(format!("{name}-files"));
        fs::create_dir(&files).unwrap();
        for day in days {
            let text = report("Borchester Council", *day, 23, "Felpersham helps with transport.");
            fs::write(files.join(format!("{day:02}.txt")), text).unwrap();
        }
        let place = self.place(name);
        let built = self.findings(&["--index", &place, "index", files.to_str().unwrap()]);
        assert!(built.code <= 1, "{}", built.err);
        place
    }
}

/// The text with the folder of the test left out.
fn shown(text: &str, held: &Held) -> String {
    text.replace(held.folder().to_str().unwrap(), "HELD")
}

/// The first two lines.
fn first_lines(text: &str) -> String {
    text.lines().take(2).collect::<Vec<_>>().join("\n")
}

/// What commands answer about an index, with their exit codes.
fn answers(held: &Held, place: &str) -> Vec<String> {
    let asked = [
        &["search", "interview"][..],
        &["search", "interview", "--format", "jsonl"],
        &["compare", "interview", "--by", "authority"],
        &["grades"],
        &["reports", "--format", "jsonl"],
        &["export", "--format", "jsonl"],
        &["ledger", "--all"],
        &["coverage"],
        &["acronyms"],
        &["new", "--since", "2020"],
        &["new"],
    ];
    let answer = |asked: &&[&str]| {
        let answer = held.findings(&[&["--index", place], *asked].concat());
        format!("{asked:?} {} {} {}", answer.code, answer.out, answer.err)
    };
    asked.iter().map(answer).collect()
}

#[test]
fn a_copy_answers_as_its_original_does() {
    let held = Held::new();
    assert_eq!(held.findings(&["new", "--mark"]).code, 0);
    let (place, copied) = held.copied("copy");
    assert_eq!((copied.code, copied.err.as_str()), (0, ""), "{}", copied.out);
    insta::assert_snapshot!(shown(&copied.out, &held), @"
    copied 3 reports with 6 paragraphs
      from  HELD
      to    HELD/copy
    ");
    let original = held.folder().to_str().unwrap();
    for (one, other) in answers(&held, original).iter().zip(answers(&held, &place)) {
        assert_eq!(*one, other);
    }
    let checked = held.findings(&["check", "--against", &place]);
    assert_eq!((checked.code, checked.err.as_str()), (0, ""), "{}", checked.out);
    insta::assert_snapshot!(shown(&checked.out, &held), @"
    here   3 reports · 6 paragraphs · fingerprint cde425ad9046ad3d · HELD
    there  3 reports · 6 paragraphs · fingerprint cde425ad9046ad3d · HELD/copy
    both hold the same

    200 questions, 0 answered differently
      compare 39 · hits 19 · paragraphs 4 · reports 4 · search 115 · similar 8 · terms 5 · unheld 5 ·
      values 1
    ");
}

#[test]
fn what_the_other_place_held_alone_is_announced_and_removed() {
    let held = Held::new();
    let (one, other) = (held.indexed("one", &[1, 2]), held.indexed("other", &[2, 3]));
    let copied = held.findings(&["--index", &other, "index", "--from-index", &one]);
    assert_eq!(copied.code, 0, "{}", copied.err);
    insta::assert_snapshot!(shown(&copied.err, &held), @"
    1 report is not in HELD/one and will be removed:
      HELD/other-files/03.txt
    ");
    let checked = held.findings(&["--index", &one, "check", "--against", &other]);
    assert_eq!(checked.code, 0, "{}", checked.out);
}

#[test]
fn a_copy_keeps_what_was_marked_there() {
    let held = Held::new();
    let (one, other) = (held.indexed("one", &[1]), held.indexed("other", &[2]));
    for place in [&one, &other] {
        assert_eq!(held.findings(&["--index", place, "new", "--mark"]).code, 0);
    }
    let mark = || fs::read(Path::new(&other).join("mark.json")).unwrap();
    let before = mark();
    assert_eq!(held.findings(&["--index", &other, "index", "--from-index", &one]).code, 0);
    assert_eq!(mark(), before);
}

#[test]
fn what_cannot_be_copied_says_on_which_side_it_fails() {
    let held = Held::new();
    let original = held.folder().to_str().unwrap();
    let said = |arguments: &[&str]| {
        let answer = held.findings(arguments);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""));
        shown(&answer.err, &held)
    };
    let itself = format!("{original}/../{}", held.folder().file_name().unwrap().display());
    insta::assert_snapshot!(said(&["index", "--from-index"]), @r"
    error: --from-index: HELD would be copied to itself
    hint: name where to with `--engine URL` or `--index DIR`, or another index to copy
    ");
    assert!(said(&["index", "--from-index", &itself]).contains("would be copied to itself"));
    let copy = held.place("copy");
    insta::assert_snapshot!(said(&["--index", &copy, "index", "--from-index", "nowhere"]), @r"
    error: --from-index: no index in nowhere
    hint: name the folder of an index; reports are read with `findings index PATH`
    ");
    assert!(!Path::new(&copy).exists(), "nothing is made for an index that is not there");
    fs::write(&copy, "").unwrap();
    insta::assert_snapshot!(said(&["--index", &copy, "index", "--from-index", original]), @r"
    error: cannot copy to HELD/copy
      because HELD/copy is not a folder; name a folder for the index
    ");
    let broken = held.indexed("broken", &[1]);
    let mut formats = fs::read_dir(&broken).unwrap().map(|entry| entry.unwrap().path());
    let format = formats.find(|path| path.is_dir() && !path.ends_with("history")).unwrap();
    for file in fs::read_dir(format).unwrap() {
        fs::write(file.unwrap().path(), "damaged").unwrap();
    }
    let other = held.place("other");
    // What it suggests needs a path.
    let mut copy = held.command(&["--index", &other, "index", "--from-index", &broken]);
    let error = String::from_utf8(copy.output().unwrap().stderr).unwrap();
    insta::assert_snapshot!(first_lines(&shown(&error, &held)), @"
    error: cannot copy from HELD/broken
      because the index in HELD/broken is damaged
    ");
    assert!(!Path::new(&other).exists());
}

#[test]
fn options_about_files_are_refused_where_none_is_read() {
    let held = Held::new();
    let original = held.folder().to_str().unwrap();
    let copy = held.place("copy");
    for option in [
        "--keep-missing",
        "--learn",
        "--frameworks=f",
        "--authorities=a",
        "--topics=t",
        "--corrections=c",
        "--threads=2",
        "--max-file-size=9",
        "--max-pages=9",
        "--max-seconds=9",
        "--max-memory=900",
        "--max-depth=9",
    ] {
        let asked = ["--index", &copy, "index", "--from-index", original, option];
        let answer = held.findings(&asked);
        assert_eq!(answer.code, 2, "{option}");
        assert!(answer.err.contains("cannot be used with"), "{option}: {}", answer.err);
    }
    let both = ["--index", &copy, "index", "files", "--from-index", original];
    assert!(held.findings(&both).err.contains("cannot be used with"));
    let waited = ["--index", &copy, "index", "--wait=1", "--from-index", original];
    assert_eq!(held.findings(&waited).code, 0);
}

#[test]
fn an_index_of_nothing_is_copied_and_said_to_hold_nothing() {
    let held = Held::new();
    let (nothing, copy) = (held.indexed("nothing", &[]), held.place("copy"));
    let copied = held.findings(&["--index", &copy, "index", "--from-index", &nothing]);
    assert_eq!(copied.code, 1, "{}{}", copied.out, copied.err);
    assert!(copied.out.starts_with("copied 0 reports with 0 paragraphs\n"), "{}", copied.out);
    let checked = held.findings(&["--index", &copy, "check", "--against", &nothing]);
    assert_eq!(checked.code, 2);
    assert!(checked.err.contains("nothing can be asked"), "{}", checked.err);
}

#[test]
fn indexes_that_hold_different_reports_are_told_apart() {
    let held = Held::new();
    let (one, other) = (held.indexed("one", &[1, 2]), held.indexed("other", &[2, 3]));
    let asked = ["--index", &one, "check", "--against", &other, "--questions", "30"];
    let checked = held.findings(&asked);
    assert_eq!(checked.code, 1, "{}", checked.err);
    let differing = "they hold different reports, so that answers differ as well\n\n\
         Held here alone: 1 report\n  borchester-slac-2012-06-01\n\n\
         Held there alone: 1 report\n  borchester-slac-2012-06-03\n\n\
         Answered differently\n";
    assert!(checked.out.contains(differing), "{}", checked.out);
    let json = held.findings(&[&asked[..], &["--format", "json"]].concat());
    assert_eq!(json.code, 1);
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["questions"], 30);
    assert_eq!(json["seed"], 1);
    assert_eq!(json["held"]["same"], false);
    assert_eq!(json["held"]["only_here"][0], "borchester-slac-2012-06-01");
    assert_eq!(json["here"]["corpus"]["reports"], 2);
    let differing = json["differing"].as_array().unwrap();
    let said = format!("30 questions, {} answered differently\n", differing.len());
    assert!(!differing.is_empty() && checked.out.contains(&said), "{}", checked.out);
    for field in ["number", "asked", "at", "here", "there"] {
        assert!(differing[0].get(field).is_some(), "{field}");
    }
    let kinds = json["kinds"].as_object().unwrap().values();
    assert_eq!(kinds.filter_map(Value::as_u64).sum::<u64>(), 30);
}

#[test]
fn a_seed_draws_the_same_questions_again_and_another_seed_others() {
    let held = Held::new();
    let (place, _) = held.copied("copy");
    let kinds = |seed: &str| {
        let asked = ["check", "--against", &place, "--seed", seed, "--json"];
        let answer: Value = serde_json::from_str(&held.findings(&asked).out).unwrap();
        answer["kinds"].clone()
    };
    assert_eq!(kinds("7"), kinds("7"));
    assert_ne!(kinds("7"), kinds("8"));
}

#[test]
fn a_question_that_is_not_answered_in_time_is_no_agreement() {
    let held = Held::new();
    let (place, _) = held.copied("copy");
    let asked = ["--time-limit", "0", "check", "--against", &place, "--questions", "40"];
    let checked = held.findings(&asked);
    assert_eq!(checked.code, 2, "{}", checked.out);
    assert!(checked.out.contains("here   the answer took longer than 0 s"), "{}", checked.out);
    assert!(checked.out.contains("answered differently, "), "{}", checked.out);
    assert!(checked.out.contains(" not answered\n"), "{}", checked.out);
}

#[test]
fn what_cannot_be_compared_says_why() {
    let held = Held::new();
    let original = held.folder().to_str().unwrap();
    let said = |arguments: &[&str]| {
        let answer = held.findings(arguments);
        assert_eq!(answer.code, 2, "{arguments:?}: {}", answer.out);
        shown(&answer.err, &held)
    };
    insta::assert_snapshot!(said(&["check"]), @r"
    error: nothing to check is named
    hint: add --pages, or --against and another index
    ");
    insta::assert_snapshot!(said(&["check", "--against", original]), @r"
    error: --against: HELD is the index itself
    hint: name another one: the address of a cluster, or another folder
    ");
    insta::assert_snapshot!(said(&["check", "--against", "nowhere"]), @r"
    error: --against: no index in nowhere
    hint: name the folder of an index, or the address of a cluster
    ");
    for asked in [
        &["check", "--pages", "--against", "nowhere"][..],
        &["check", "--pages", "--questions", "3"],
        &["check", "--pages", "--seed", "3"],
        &["check", "--against", "nowhere", "--questions", "0"],
        &["check", "--against", "nowhere", "--all", "--json"],
    ] {
        said(asked);
    }
}

#[cfg(feature = "opensearch")]
mod cluster {
    use super::{Held, Value, answers, fs};
    use std::io::{self, Write as _};

    #[test]
    fn a_cluster_that_does_not_answer_is_told_without_its_password() {
        let held = Held::new();
        // Nothing listens on the port of discarded bytes, or at least no cluster.
        let url = "http://ann:secret@127.0.0.1:9";
        let original = held.folder().to_str().unwrap();
        let said = |arguments: &[&str]| {
            let answer = held.findings(arguments);
            assert_eq!((answer.code, answer.out.as_str()), (2, ""));
            assert!(!answer.err.contains("secret"), "{}", answer.err);
            answer.err
        };
        let mut copy = held.command(&["--engine", url, "index", "--from-index", original]);
        let copied = String::from_utf8(copy.output().unwrap().stderr).unwrap();
        assert!(
            copied.starts_with("error: cannot copy to http://127.0.0.1:9/findings\n"),
            "{copied}"
        );
        assert!(!copied.contains("secret"), "{copied}");
        let place = held.place("copy");
        let error = said(&["--index", &place, "index", "--from-index", url]);
        assert!(
            error.starts_with("error: cannot copy from http://127.0.0.1:9/findings\n"),
            "{error}"
        );
        let error = said(&["check", "--against", url]);
        assert!(
            error.starts_with("error: cannot compare with http://127.0.0.1:9/findings\n"),
            "{error}"
        );
        let error = said(&["check", "--against", "ftp://ann:secret@127.0.0.1"]);
        assert!(error.starts_with("error: --against: "), "{error}");
    }

    #[test]
    fn an_index_goes_to_a_cluster_and_back_and_answers_the_same() {
        let Ok(cluster) = std::env::var("FINDINGS_CLUSTER") else {
            let skipped =
                "SKIPPED: FINDINGS_CLUSTER names no cluster; see tests/cluster/README.md\n";
            io::stderr().write_all(skipped.as_bytes()).unwrap();
            return;
        };
        let nodes: Vec<String> =
            cluster.split(',').map(|node| format!("{node}/findings-copied")).collect();
        let place = nodes.join(",");
        let held = Held::new();
        let original = held.folder().to_str().unwrap();
        let run = |arguments: &[&str]| {
            let mut command = held.command(arguments);
            let output = command.env_remove("FINDINGS_INDEX").output().unwrap();
            let [out, err] =
                [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
            assert_eq!(output.status.code(), Some(0), "{out}{err}");
            out
        };
        let copied = run(&["--engine", &place, "index", "--wait=60", "--from-index", original]);
        assert!(copied.ends_with(&format!("  to    {place}\n")), "{copied}");
        let back = held.place("back");
        run(&["--index", &back, "index", "--from-index", &place]);
        for (one, other) in answers(&held, original).iter().zip(answers(&held, &back)) {
            assert_eq!(*one, other);
        }
        for (one, other) in [(original, place.as_str()), (&back, &place), (&back, original)] {
            let checked = run(&["--index", one, "check", "--against", other, "--json"]);
            let checked: Value = serde_json::from_str(&checked).unwrap();
            assert_eq!(checked["questions"], 200);
        }
        run(&["--engine", &place, "check", "--against", &back]);
        assert!(!fs::exists(held.folder().join(".findings")).unwrap(), "nothing was marked");
    }
}
