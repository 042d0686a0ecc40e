//! `findings check`, on invented reports.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn findings(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_findings"));
    command.current_dir(folder).env_remove("FINDINGS_INDEX").env("COLUMNS", "100").args(arguments);
    command.output().unwrap()
}

#[test]
fn pages_are_read_again_and_every_paragraph_is_as_printed() {
    let folder = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports");
    let built = findings(folder.path(), &["index", samples.to_str().unwrap()]);
    assert_eq!(built.status.code(), Some(0), "{built:?}");

    let json = findings(folder.path(), &["check", "--pages", "--format", "json"]);
    let checked: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(checked["differing"], Value::Array(Vec::new()), "{checked:#}");
    assert_eq!(checked["unread"], Value::Array(Vec::new()), "{checked:#}");
    assert_eq!(checked["percent"], 100.0);
    assert!(checked["reports"].as_u64() > Some(3) && checked["without_pages"].as_u64() > Some(0));
    assert_eq!(json.status.code(), Some(0));

    let text = findings(folder.path(), &["check", "--pages"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("paragraphs are as printed · 100.000%"), "{text}");
    assert_eq!(findings(folder.path(), &["check"]).status.code(), Some(2), "nothing is named");
}
