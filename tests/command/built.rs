//! An index that the program builds from a folder of reports, for tests that query it.

use crate::suggested;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A temporary folder with an index of reports and the other files of a test.
pub(crate) struct Built(pub(crate) TempDir);

impl Built {
    /// Builds the index of a folder, in which some files may be unreadable.
    pub(crate) fn of(reports: &Path) -> Self {
        let (built, code) = Self::index(reports);
        assert_ne!(code, Some(1));
        built
    }

    pub(crate) fn samples() -> Self {
        let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports");
        let (built, code) = Self::index(&reports);
        assert_eq!(code, Some(0));
        built
    }

    /// An empty folder in which the samples' authorities are known, and nothing is indexed.
    pub(crate) fn empty() -> Self {
        Self::around(tempfile::tempdir().unwrap())
    }

    pub(crate) fn around(folder: TempDir) -> Self {
        let built = Self(folder);
        // Of the samples' authorities, which no other table has, only the names matter here.
        let table = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/authorities.csv");
        let table = std::fs::read_to_string(table).unwrap();
        let names: Vec<&str> = table.lines().filter_map(|line| line.split(',').next()).collect();
        std::fs::write(built.0.path().join("bodies.csv"), names.join("\n")).unwrap();
        let config = "authorities = ['bodies.csv']\n";
        std::fs::write(built.0.path().join("findings.toml"), config).unwrap();
        built
    }

    fn index(reports: &Path) -> (Self, Option<i32>) {
        let built = Self::empty();
        let output = built.output(&["index", reports.to_str().unwrap()]);
        (built, output.status.code())
    }

    pub(crate) fn output(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_findings"));
        command.current_dir(self.0.path()).args(["--index", "held"]).args(arguments);
        command.env("COLUMNS", "100");
        command.env_remove("FINDINGS_INDEX");
        suggested::output(&mut command)
    }

    /// Returns the exit code, standard output and standard error.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.output(arguments);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// Returns the exit code and the answer as JSON.
    pub(crate) fn answer(&self, arguments: &[&str]) -> (i32, Value) {
        let (code, out, err) = self.run(&[arguments, &["--format", "json"]].concat());
        (code, serde_json::from_str(&out).unwrap_or_else(|_| panic!("{arguments:?}: {err}")))
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        self.answer(arguments).1
    }

    pub(crate) fn lines<T: serde::de::DeserializeOwned>(&self, arguments: &[&str]) -> Vec<T> {
        let (_, out, _) = self.run(arguments);
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Copies a file, or a folder with everything in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir_all(to).unwrap();
    for inner in fs::read_dir(from).unwrap() {
        let name = inner.unwrap().file_name();
        copy(&from.join(&name), &to.join(&name));
    }
}
