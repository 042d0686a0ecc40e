//! Tests how answers look where they are read: width, marks, completions, pages for `man`.

use crate::held::Held;
use std::fs;

fn columns(text: &str) -> usize {
    text.lines().map(|line| line.chars().count()).max().unwrap_or(0)
}

#[test]
fn what_is_piped_takes_the_columns_that_are_said_or_eighty() {
    let held = Held::new();
    let widest = |said: Option<&str>| {
        let mut command = held.command(&["search", "interview", "--explain"]);
        match said {
            Some(said) => command.env("COLUMNS", said),
            None => command.env_remove("COLUMNS"),
        };
        columns(&String::from_utf8(command.output().unwrap().stdout).unwrap())
    };
    assert!((71..=80).contains(&widest(None)), "{}", widest(None));
    assert!((51..=60).contains(&widest(Some("60"))), "{}", widest(Some("60")));
    assert_eq!(widest(Some("none")), widest(None));
}

#[test]
fn what_matched_is_marked_where_there_is_no_colour() {
    let held = Held::new();
    let phrase = "\"return interview\"";
    let plain = held.findings(&["search", phrase]).out;
    assert!(plain.contains("a **return interview** is offered"), "{plain}");
    assert_eq!(held.findings(&["search", phrase, "--color", "never"]).out, plain);
    let coloured = held.findings(&["search", phrase, "--color", "always"]).out;
    assert!(coloured.contains("\u{1b}[") && !coloured.contains("**"), "{coloured}");
    for format in ["json", "jsonl", "csv"] {
        let answer = held.findings(&["search", phrase, "--format", format]).out;
        assert!(answer.contains("a return interview is offered"), "{answer}");
    }
    let quoted = held.findings(&["compare", phrase, "--by", "authority"]).out;
    assert!(quoted.contains("**return interview**"), "{quoted}");
}

#[test]
fn marked_matches_are_still_one_column_of_a_concordance() {
    let held = Held::new();
    let answer = held.findings(&["kwic", "\"return interview\""]).out;
    let place = |line: &str| line.find("**").map(|at| line[..at].chars().count());
    let places: Vec<usize> = answer.lines().filter_map(place).collect();
    assert!(places.len() > 2 && places.iter().all(|at| *at == places[0]), "{answer}");
    assert!(answer.contains("**return interview**"), "{answer}");
    assert!(columns(&answer) <= 100, "{answer}");
}

#[test]
fn the_headings_of_an_explained_query_are_apart() {
    let answer = Held::new().findings(&["search", "interview", "--explain"]);
    assert!(answer.out.contains("the query, as understood  paragraphs\n"), "{}", answer.out);
}

#[test]
fn a_page_is_not_paged_where_it_is_piped() {
    let held = Held::new();
    let mut command = held.command(&["search", "interview"]);
    command.env("FINDINGS_PAGER", "false").env("PAGER", "false");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let plain = held.findings(&["search", "interview", "--no-pager"]).out;
    assert_eq!(String::from_utf8(output.stdout).unwrap(), plain);
}

#[test]
fn every_shell_gets_completions_of_commands_and_options() {
    let held = Held::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let answer = held.findings(&["completions", shell]);
        assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{shell}");
        for word in ["distinctive", "neighbours-of"] {
            assert!(answer.out.contains(word), "{shell} is not told of {word}");
        }
    }
    let unknown = held.findings(&["completions", "fsh"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("fish"), "{}", unknown.err);
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let held = Held::new();
    let page = held.findings(&["manual", "search"]).out;
    assert!(page.contains(".TH findings-search 1") && page.contains("neighbours"), "{page}");
    let folder = tempfile::tempdir().unwrap();
    let man = folder.path().join("share/man1");
    let answer = held.findings(&["manual", "--folder", man.to_str().unwrap()]);
    assert_eq!((answer.code, answer.out.as_str()), (0, ""));
    for name in ["findings", "findings-compare", "findings-frameworks-check"] {
        let page = fs::read_to_string(man.join(format!("{name}.1"))).unwrap();
        assert!(page.contains(".SH NAME") && page.contains("EXTRA"), "{page}");
    }
    let unknown = held.findings(&["manual", "serach"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("did you mean `search`?"), "{}", unknown.err);
}
