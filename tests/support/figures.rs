//! Has the figures of an answer computed once more, by a script that shares no code with the program.

use crate::built::Built;
use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::Command;

/// A subject that searches find in the same words as comparisons do.
struct Subject<'b> {
    built: &'b Built,
    folder: PathBuf,
}

impl<'b> Subject<'b> {
    /// Writes what the script reads; `None`, with a message, without Python.
    fn new(built: &'b Built, query: &str) -> Option<Self> {
        if Command::new("python3").arg("--version").output().is_err() {
            io::stderr().write_all(b"SKIPPED: needs python3\n").unwrap();
            return None;
        }
        let folder = built.0.path().join("again");
        fs::create_dir_all(&folder).unwrap();
        let own = Self { built, folder };
        own.write("reports", &["reports", "--format", "jsonl"]);
        own.write("export", &["export"]);
        own.write("matching", &["search", query, "--format", "jsonl", "--limit", "100000"]);
        Some(own)
    }

    fn write(&self, name: &str, arguments: &[&str]) {
        let (_, out, _) = self.built.run(arguments);
        fs::write(self.folder.join(name), out).unwrap();
    }

    fn agrees(&self, answer: &str, said: &str) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/figures/recompute.py");
        let mut command = Command::new("python3");
        command.current_dir(&self.folder).arg(script);
        for name in ["reports", "export", "matching"] {
            command.arg(format!("--{name}")).arg(name);
        }
        let output = command.arg(format!("--{answer}")).arg(answer).output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{said}: {told}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// Compares, and checks every figure.
pub(crate) fn again(built: &Built, query: &str, by: &str) {
    let Some(subject) = Subject::new(built, query) else { return };
    let arguments = ["compare", query, "--by", by, "--quotes", "0", "--format", "json"];
    subject.write("comparison", &arguments);
    subject.agrees("comparison", &format!("{query} by {by}"));
}

/// Puts an authority's inspections in order, and checks every figure.
pub(crate) fn timeline_again(built: &Built, query: &str, authority: &str) {
    let Some(subject) = Subject::new(built, query) else { return };
    subject.write("timeline", &["timeline", authority, query, "--format", "json"]);
    subject.agrees("timeline", &format!("{query} in {authority}"));
}
