//! Runs the examples of the README and of other pages exactly as they are written there.

use crate::built::copy;
#[cfg(feature = "serve")]
use crate::served::Server;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

/// A command of a page, with the output shown below it.
struct Example {
    command: String,
    shown: Vec<String>,
}

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The pages whose examples are run in order; those of the first page make the index.
const PAGES: [&str; 5] =
    ["README.md", "docs/indexing.md", "docs/records.md", "docs/comparing.md", "docs/new.md"];

/// The commands of all blocks marked `console`, in order.
fn examples(page: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for block in page.split("```console\n").skip(1) {
        let block = block.split("\n```").next().unwrap();
        for line in block.lines() {
            match line.strip_prefix("$ ") {
                Some(command) => {
                    examples.push(Example { command: command.to_owned(), shown: Vec::new() });
                }
                None => examples.last_mut().unwrap().shown.push(line.to_owned()),
            }
        }
    }
    examples
}

/// A copy of what a reader of the README has in the clone: the samples and the configuration.
fn clone_of_samples() -> tempfile::TempDir {
    let clone = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&root.join("samples"), &clone.path().join("samples"));
    fs::copy(root.join("findings.toml"), clone.path().join("findings.toml")).unwrap();
    clone
}

/// What a command prints on either stream, with `findings` as the program under test.
fn run(command: &str, folder: &Path) -> Vec<String> {
    let printed = String::from_utf8(output(command, folder).stdout).unwrap();
    printed.lines().map(|line| line.trim_end().to_owned()).collect()
}

fn output(command: &str, folder: &Path) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_findings")).parent().unwrap().to_owned();
    let paths = env::var_os("PATH").unwrap_or_default();
    let paths = env::join_paths(std::iter::once(program).chain(env::split_paths(&paths))).unwrap();
    Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(folder)
        .env("PATH", paths)
        .env("COLUMNS", "100")
        .env_remove("FINDINGS_INDEX")
        .output()
        .unwrap()
}

/// Whether the lines are those shown, where `...` matches any number of lines.
fn agrees(shown: &[String], printed: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line == "..." => {
            (0..=printed.len()).any(|left_out| agrees(rest, &printed[left_out..]))
        }
        Some((line, rest)) => printed
            .split_first()
            .is_some_and(|(first, others)| first == line && agrees(rest, others)),
    }
}

fn without_blank_end(lines: &[String]) -> &[String] {
    let end = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
    &lines[..end]
}

#[test]
fn every_example_prints_what_is_shown() {
    let clone = clone_of_samples();
    let examples = PAGES.map(|name| examples(&page(name)));
    assert!(examples[0].len() >= 5, "the README shows too little");
    let examples: Vec<Example> = examples.into_iter().flatten().collect();
    for example in examples {
        let printed = run(&example.command, clone.path());
        let shown = without_blank_end(&example.shown);
        assert!(
            agrees(shown, without_blank_end(&printed)),
            "$ {}\nprints\n{}\n\nthe page shows\n{}",
            example.command,
            printed.join("\n"),
            shown.join("\n")
        );
    }
}

/// The commands of the blocks that show no output. The folder `reports` is the reader's own.
#[test]
fn every_command_of_the_readme_works_on_the_samples() {
    let clone = clone_of_samples();
    copy(&clone.path().join("samples/reports/stonewick"), &clone.path().join("reports"));
    run("findings index samples/reports", clone.path());
    let readme = page("README.md");
    let blocks = readme.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap());
    let blocks: Vec<&str> = blocks.filter(|block| !block.contains("cargo run")).collect();
    assert!(blocks.len() > 3, "the README shows too little");
    for block in blocks {
        let done = output(&format!("set -e\n{block}"), clone.path());
        let printed = String::from_utf8_lossy(&done.stdout);
        assert_eq!(done.status.code(), Some(0), "{block}\nprints\n{printed}");
    }
}

#[test]
fn the_first_screen_of_a_newcomer_has_no_warning_and_no_council_that_is_not_held() {
    let clone = clone_of_samples();
    let first = run("findings index samples/reports", clone.path());
    assert_eq!(first, ["  12  read"]);
    let coverage = run("findings coverage --missing", clone.path()).join("\n");
    assert!(coverage.contains("Authorities of which no report is held\n  none\n"), "{coverage}");
    assert!(coverage.ends_with("Suspicious\n  nothing"), "{coverage}");
    let compared = run("findings compare supervision --by authority", clone.path()).join("\n");
    assert!(compared.contains("no report held, of authorities known to Findings: 0\n"));
    assert!(!compared.contains("Birmingham"), "{compared}");
    let near = "findings search supervision --neighbours-of Stonewick --group authority --limit 9";
    assert!(run(near, clone.path()).join("\n").contains("Harrowdale"));
}

/// The commands for a fresh clone. Compiling in a test would take minutes, so only the words after
/// `--` are run.
fn first_commands() -> Vec<String> {
    let readme = page("README.md");
    let lines = readme.lines().filter_map(|line| line.strip_prefix("cargo run --release -- "));
    lines.map(str::to_owned).collect()
}

#[test]
fn the_commands_for_a_fresh_clone_find_cited_paragraphs() {
    let clone = clone_of_samples();
    let index = output("findings index samples/reports", clone.path());
    assert_eq!(index.status.code(), Some(0));
    let on_the_terminal = first_commands().into_iter().filter(|line| !line.starts_with("serve "));
    let commands: Vec<String> = on_the_terminal.map(|line| format!("findings {line}")).collect();
    let printed = run(&commands.join("\n"), clone.path()).join("\n");
    assert!(
        printed.contains("return\n   interview") || printed.contains("return interview"),
        "{printed}"
    );
    assert!(printed.contains("stonewick-sif-2014-09-09/17"), "{printed}");
}

#[cfg(feature = "serve")]
#[test]
fn the_first_command_for_a_fresh_clone_leads_to_a_page() {
    let first = first_commands().into_iter().next().unwrap();
    let words: Vec<&str> = first.split(' ').collect();
    let [serve, path, open] = words[..] else { panic!("{first}") };
    assert_eq!((serve, open), ("serve", "--open"));
    let clone = clone_of_samples();
    // No browser is opened in a test, and another port is taken than the usual one.
    let server = Server::start(clone.path(), &[path]);
    let page = server.get("/search?q=return-interview").text();
    assert!(page.contains("31 paragraphs in 12 reports"), "{page}");
    assert!(page.contains("<mark>return interview</mark>"), "{page}");
    assert_eq!(server.get("/").status, 200);
    assert_eq!(server.end(), Some(0));
}

#[test]
fn the_queries_that_the_readme_shows_are_those_of_the_samples() {
    let shown = page("README.md").split("```csv\n").nth(1).unwrap().to_owned();
    assert_eq!(shown.split("```").next().unwrap(), page("samples/queries.csv"));
}

#[test]
fn options_that_the_pages_name_exist() {
    let clone = clone_of_samples();
    let commands = [
        "index",
        "search",
        "kwic",
        "batch",
        "eval",
        "similar",
        "compare",
        "timeline",
        "grades",
        "recommendations",
        "new",
        "distinctive",
        "show",
        "keep",
        "reports",
        "export",
        "ledger",
        "coverage",
        "inspect",
        "topics",
        "acronyms",
        "frameworks",
        "frameworks check",
        "check",
        "completions",
        "manual",
    ];
    let commands = commands.into_iter().chain(cfg!(feature = "serve").then_some("serve"));
    let help: String = commands
        .map(|name| run(&format!("findings {name} --help"), clone.path()).join("\n"))
        .collect();
    let pages = PAGES.map(page).concat() + &page("docs/query.md") + &page("docs/frameworks.md");
    let pages = if cfg!(feature = "serve") { pages + &page("docs/serving.md") } else { pages };
    let named = pages.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let ours = named.filter(|word| word.starts_with("--") && word.len() > 3);
    // Options of cargo, systemd, adduser and curl.
    let others = [
        "--release",
        "--workspace",
        "--path",
        "--now",
        "--system",
        "--group",
        "--home",
        "--unix-socket",
    ];
    for option in ours.filter(|option| !others.contains(option)) {
        assert!(help.contains(option), "a page names {option}");
    }
}

/// Collects the names of all fields of an object and of the objects in it.
fn fields(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                names.insert(name.clone());
                fields(value, names);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| fields(value, names)),
        _ => {}
    }
}

#[test]
fn every_field_of_a_record_is_explained() {
    let clone = clone_of_samples();
    run("findings index samples/reports", clone.path());
    let mut names = BTreeSet::new();
    for command in [
        "findings export",
        "findings reports --format jsonl",
        "findings search 'RHI supervison' --any --limit 1 --format json 2> errors.txt",
        "findings kwic RHI --limit 1 --format jsonl",
    ] {
        for line in run(command, clone.path()) {
            fields(&serde_json::from_str(&line).unwrap(), &mut names);
        }
    }
    let records = page("docs/records.md");
    for name in names {
        assert!(records.contains(&format!("`{name}`")), "docs/records.md does not name `{name}`");
    }
}
