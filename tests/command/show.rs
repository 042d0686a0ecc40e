//! `findings show --open`, and the file of a paragraph.

use crate::built::{Built, copy};
use std::fs;
use std::path::Path;
use std::process::Command;

const PARAGRAPH: &str = "stonewick-sif-2014-09-09/17";

/// Runs the program with a viewer that writes down what it is asked to open.
#[cfg(unix)]
fn open(built: &Built, viewer: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_findings"));
    command.current_dir(built.0.path()).args(["--index", "held", "show"]).args(arguments);
    let output =
        command.env_remove("FINDINGS_INDEX").env("FINDINGS_OPEN", viewer).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_paragraph_says_its_file_and_page() {
    let (code, out, err) = Built::samples().run(&["show", PARAGRAPH]);
    assert_eq!((code, err.as_str()), (0, ""));
    let last = out.lines().last().unwrap();
    assert_eq!(last, "file: stonewick/stonewick-sif-28-november-2014.pdf, page 5");
}

#[test]
fn a_conclusion_listed_at_the_end_is_shown_with_the_paragraph_it_repeats() {
    let folder = tempfile::tempdir().unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/other/committee");
    copy(&example, folder.path());
    let built = Built(folder);
    assert_eq!(built.run(&["index", "reports"]).0, 0);
    let exported = built.lines::<serde_json::Value>(&["export"]);
    let listed = exported.iter().find(|p| p["number"] == "2" && p["kind"] == "recommendation");
    let (id, said) = (&listed.unwrap()["id"], &listed.unwrap()["refers"][0]);
    let shown = |id: &serde_json::Value| built.run(&["show", id.as_str().unwrap()]).1;
    let (list, text) = (shown(id), shown(said));
    assert!(list.contains("> paragraph 2 · recommendation · refers to paragraph 4 ·"), "{list}");
    assert!(list.contains("Recommendation The ministry should say by the summer"), "{list}");
    assert!(text.contains("> paragraph 4 · recommendation"), "{text}");
    assert!(text.contains("(Recommendation, Paragraph 4)"), "{text}");
}

#[cfg(unix)]
#[test]
fn the_viewer_is_asked_for_the_page_and_it_is_said_what_was_opened() {
    let built = Built::samples();
    let viewer = "sh -c 'printf %s \"$1\" > opened' sh";
    let (code, out, err) = open(&built, viewer, &[PARAGRAPH, "--open"]);
    let opened = fs::read_to_string(built.0.path().join("opened")).unwrap();
    assert!(opened.starts_with("file:///"), "{opened}");
    assert!(opened.ends_with("/stonewick/stonewick-sif-28-november-2014.pdf#page=5"), "{opened}");
    assert!(out.contains("cite as: "), "{out}");
    assert_eq!(code, 0, "{err}");
    assert!(err.starts_with("opened /") && err.ends_with(" at page 5 with `sh`\n"), "{err}");
    // A report is opened at its beginning.
    let (_, _, err) = open(&built, viewer, &["stonewick-sif-2014-09-09", "--open"]);
    assert!(err.ends_with("28-november-2014.pdf with `sh`\n"), "{err}");
    let opened = fs::read_to_string(built.0.path().join("opened")).unwrap();
    assert!(opened.ends_with(".pdf"), "{opened}");
    let (code, _, err) = open(&built, "no-such-viewer", &[PARAGRAPH, "--open"]);
    assert_eq!(code, 2);
    assert!(err.contains("no-such-viewer") && err.contains("FINDINGS_OPEN"), "{err}");
    assert_eq!(open(&built, "false", &[PARAGRAPH, "--open"]).0, 2);
    let (code, _, err) = open(&built, viewer, &["stonewick-sif-2014-09-09/170", "--open"]);
    assert_eq!(code, 2);
    assert!(err.contains("stonewick-sif-2014-09-09/17"), "{err}");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_gone_is_said_to_be_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let name = "stonewick-sif-28-november-2014.pdf";
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports/stonewick").join(name);
    fs::copy(sample, folder.path().join(name)).unwrap();
    let built = Built::of(folder.path());
    fs::rename(folder.path().join(name), folder.path().join("elsewhere.pdf")).unwrap();
    let (code, out, err) = built.run(&["show", PARAGRAPH]);
    assert_eq!(code, 0);
    assert!(out.contains("cite as: "), "{out}");
    assert!(err.starts_with("note: the file is no longer at /"), "{err}");
    assert!(err.contains("findings index FOLDER"), "{err}");
    let (code, _, err) = open(&built, "true", &[PARAGRAPH, "--open"]);
    assert_eq!(code, 2);
    assert!(err.contains("is no longer at") && err.contains("findings index FOLDER"), "{err}");
    built.run(&["index", folder.path().to_str().unwrap()]);
    let (code, _, err) = open(&built, "true", &[PARAGRAPH, "--open"]);
    assert_eq!(code, 0, "{err}");
}
