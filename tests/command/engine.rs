//! An index in a cluster: what names it, and that no password is ever shown.
//!
//! No cluster answers here.

use crate::held::Held;
use std::fs;
use std::process::Command;

/// Addresses of which none answers: nothing listens on these ports.
const OPTION: &str = "http://127.0.0.1:1";
const VARIABLE: &str = "http://127.0.0.1:2";
const FILE: &str = "http://127.0.0.1:3";

/// One with a password, which is `sesame` in base 64 as well.
const SECRET: &str = "http://ann:sesame@127.0.0.1:1/reports";

/// What must not be seen of it.
const SECRETS: [&str; 3] = ["sesame", "ann:", "YW5uOnNlc2FtZQ"];

/// A run of the program: what is set, what is typed.
struct Run<'a> {
    held: &'a Held,
    index: bool,
    engine: Option<&'a str>,
    arguments: Vec<&'a str>,
}

impl Run<'_> {
    /// Returns the exit code, standard output and standard error.
    fn end(&self) -> (Option<i32>, String, String) {
        let mut command: Command = self.held.command(&self.arguments);
        if !self.index {
            command.env_remove("FINDINGS_INDEX");
        }
        if let Some(engine) = self.engine {
            command.env("FINDINGS_ENGINE", engine);
        }
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    /// Which index was asked, or why none was.
    fn asked(&self) -> String {
        let (code, out, err) = self.end();
        if code == Some(0) && out.contains("interview") {
            return "folder".to_owned();
        }
        assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
        let named = [OPTION, VARIABLE, FILE]
            .into_iter()
            .find(|url| err.starts_with(&format!("error: no answer from the cluster {url}\n")));
        named.map_or(err.trim_end().to_owned(), str::to_owned)
    }
}

/// Writes a configuration that names a cluster.
fn configure(held: &Held, url: &str) {
    fs::write(held.folder().join("findings.toml"), format!("engine = '{url}'\n")).unwrap();
}

#[test]
fn an_option_beats_the_environment_and_the_environment_the_configuration() {
    let held = Held::new();
    let folder = held.folder().to_str().unwrap();
    let asked = |index: bool, engine, options: &[&'static str]| {
        let mut arguments = vec!["search", "interview"];
        for option in options {
            arguments.push(option);
            arguments.push(if *option == "--index" { folder } else { OPTION });
        }
        Run { held: &held, index, engine, arguments }.asked()
    };
    assert_eq!(asked(true, None, &[]), "folder");
    assert_eq!(asked(false, Some(VARIABLE), &[]), VARIABLE);
    assert_eq!(asked(false, Some(VARIABLE), &["--index"]), "folder");
    assert_eq!(asked(true, Some(""), &[]), "folder");
    assert_eq!(asked(true, None, &["--engine"]), OPTION);
    assert_eq!(asked(false, Some(VARIABLE), &["--engine"]), OPTION);
    configure(&held, FILE);
    assert_eq!(asked(false, None, &[]), FILE);
    assert_eq!(asked(false, Some(""), &[]), FILE);
    assert_eq!(asked(true, None, &[]), "folder");
    assert_eq!(asked(false, None, &["--index"]), "folder");
    assert_eq!(asked(false, Some(VARIABLE), &[]), VARIABLE);
    assert_eq!(asked(false, None, &["--engine"]), OPTION);
}

#[test]
fn a_cluster_and_a_folder_at_once_are_refused_wherever_they_are_written() {
    let held = Held::new();
    let said = |index, engine, arguments: &[&'static str]| {
        Run { held: &held, index, engine, arguments: arguments.to_vec() }.asked()
    };
    for arguments in [
        ["--engine", OPTION, "--index", "held", "search", "interview"],
        ["search", "interview", "--index", "held", "--engine", OPTION],
        ["--index", "held", "search", "interview", "--engine", OPTION],
    ] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(said(false, None, &arguments), @"
            error: --engine and --index name two indexes
            hint: leave one of them out: --index for a folder, --engine for a cluster
            ");
        }
    }
    insta::assert_snapshot!(said(true, Some(VARIABLE), &["search", "interview"]), @"
    error: FINDINGS_ENGINE and FINDINGS_INDEX name two indexes
    hint: leave one of them out: FINDINGS_INDEX for a folder, FINDINGS_ENGINE for a cluster
    ");
}

#[test]
fn what_is_not_the_address_of_a_cluster_is_refused_with_its_place() {
    let held = Held::new();
    let said = |engine, arguments: &[&'static str]| {
        Run { held: &held, index: false, engine, arguments: arguments.to_vec() }.asked()
    };
    insta::assert_snapshot!(said(None, &["reports", "--engine", "a:9200"]), @"error: --engine: the address of the cluster does not begin with http:// or https://; write it like https://host:9200, and a comma in a password as %2C");
    insta::assert_snapshot!(said(None, &["reports", "--engine", ""]), @"error: --engine: there is no address of a cluster; write one like https://host:9200");
    insta::assert_snapshot!(said(Some("http://a,http://b/Reports"), &["reports"]), @"error: FINDINGS_ENGINE: the name of the corpus in address 2 of the cluster is not one; write at most 60 lower-case letters, digits, - and _, the first a letter, as in https://host:9200/findings");
    fs::write(held.folder().join("findings.toml"), "engine = ['http://a', 'https://b']\n").unwrap();
    insta::assert_snapshot!(said(None, &["reports"]), @"error: `engine` in the configuration: some addresses of the cluster begin with http:// and others with https://; write the same for all");
    fs::write(held.folder().join("findings.toml"), "engine = 9200\n").unwrap();
    insta::assert_snapshot!(said(None, &["reports"]), @"error: the configuration findings.toml can't be used: line 1: engine: this should be a text in quotation marks, or a list of such texts");
}

#[test]
fn who_asks_is_set_as_a_whole() {
    let held = Held::new();
    let mut command = held.command(&["reports", "--engine", OPTION]);
    let output = command.env("FINDINGS_ENGINE_PASSWORD", "sesame").output().unwrap();
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @"
    error: --engine: FINDINGS_ENGINE_PASSWORD is set, and FINDINGS_ENGINE_USER is not
    hint: set both, or neither
    ");
}

#[test]
fn a_cluster_that_does_not_answer_is_named_with_what_to_do() {
    let held = Held::new();
    let said = |arguments: &[&'static str]| {
        let run = Run { held: &held, index: false, engine: None, arguments: arguments.to_vec() };
        let (code, out, err) = run.end();
        assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
        // Why it does not answer is the system's word.
        err.lines().filter(|line| !line.starts_with("  because")).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(said(&["--engine", SECRET, "search", "interview"]), @"
    error: no answer from the cluster http://127.0.0.1:1
    hint: see that the cluster runs and that the address and its port are right; of a cluster with several nodes name more than one: `--engine URL,URL`
    ");
    insta::assert_snapshot!(said(&["--engine", SECRET, "index", "."]), @"
    error: no answer from the cluster http://127.0.0.1:1; the corpus is as it was before
    hint: see that the cluster runs and that the address and its port are right; of a cluster with several nodes name more than one: `--engine URL,URL`
    ");
    // What is in no folder may yet be a report that the cluster holds.
    insta::assert_snapshot!(said(&["--engine", SECRET, "inspect", "wealdshire-sif-2015-10-19"]), @"
    error: no answer from the cluster http://127.0.0.1:1
    hint: see that the cluster runs and that the address and its port are right; of a cluster with several nodes name more than one: `--engine URL,URL`
    ");
    #[cfg(feature = "serve")]
    insta::assert_snapshot!(said(&["--engine", SECRET, "serve", "--listen", "127.0.0.1:0"]), @"
    error: no answer from the cluster http://127.0.0.1:1
    hint: see that the cluster runs and that the address and its port are right; of a cluster with several nodes name more than one: `--engine URL,URL`
    ");
}

#[test]
fn a_password_is_printed_by_no_command() {
    let held = Held::new();
    fs::write(held.folder().join("asked.csv"), "name,query\nits,interview\n").unwrap();
    let commands: &[&[&str]] = &[
        &["search", "interview", "--format", "json"],
        &["search", "grad:good", "--format", "json"],
        &["search", "--no-such-option"],
        &["kwic", "interview"],
        &["batch", "asked.csv"],
        &["similar", "wealdshire-sif-2015-10-19/1"],
        &["compare", "interview", "--by", "framework", "--format", "json"],
        &["timeline", "Wealdshire"],
        &["grades"],
        &["recommendations"],
        &["new"],
        &["new", "--mark"],
        &["show", "wealdshire-sif-2015-10-19"],
        &["reports", "--format", "jsonl"],
        &["export"],
        &["topics"],
        &["acronyms"],
        &["ledger", "--json"],
        &["coverage"],
        &["index", "."],
        &["inspect", "wealdshire-sif-2015-10-19", "--format", "json"],
        &["frameworks"],
        &["query"],
        &["completions", "bash"],
        &["completions", "zsh"],
        &["manual"],
        &["manual", "search"],
        &["--help"],
        &["help", "search"],
        &["search", "--help"],
        #[cfg(feature = "serve")]
        &["serve", "--log", "questions", "--listen", "127.0.0.1:0"],
    ];
    // Of the second the address is no address.
    for url in [SECRET, "http://ann:sesame@127.0.0.1:1/reports/x,http://ann:ses,ame"] {
        configure(&held, url);
        for arguments in commands {
            let run = |engine, options: &[&'static str]| {
                let arguments = [*arguments, options].concat();
                Run { held: &held, index: false, engine, arguments }.end()
            };
            let by_option: &[&str] = if url == SECRET { &["--engine", SECRET] } else { &[] };
            for (_, out, err) in [run(None, by_option), run(Some(url), &[]), run(None, &[])] {
                for secret in SECRETS {
                    assert!(!out.contains(secret), "{arguments:?}: {out}");
                    assert!(!err.contains(secret), "{arguments:?}: {err}");
                }
            }
        }
    }
}

#[test]
fn an_answer_does_not_say_where_else_the_index_might_have_been() {
    let held = Held::new();
    configure(&held, SECRET);
    for arguments in [&["search", "interview"][..], &["compare", "interview", "--by", "framework"]]
    {
        let folder = held.folder().to_str().unwrap();
        let arguments = [arguments, &["--format", "json", "--index", folder]].concat();
        let (code, out, err) =
            Run { held: &held, index: false, engine: Some(SECRET), arguments }.end();
        assert_eq!(code, Some(0), "{err}");
        for secret in SECRETS.into_iter().chain(["127.0.0.1"]) {
            assert!(!out.contains(secret) && !err.contains(secret), "{out}{err}");
        }
    }
}
