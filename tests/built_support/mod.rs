//! An index that the program builds and is asked about.

use crate::made::Entry;
use findings_index::record::{ParagraphRecord, ReportRecord};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// An index of a folder of reports, built and asked by the program.
pub(crate) struct Built(pub(crate) TempDir);

impl Built {
    pub(crate) fn of(reports: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let built = Self(folder);
        let output = built.output(&["index", reports.to_str().unwrap()]);
        assert_ne!(output.status.code(), Some(1), "{output:?}");
        built
    }

    pub(crate) fn samples() -> Self {
        Self::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports"))
    }

    pub(crate) fn output(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_findings"));
        command.current_dir(self.0.path()).args(["--index", "held"]).args(arguments);
        command.env_remove("FINDINGS_INDEX").output().unwrap()
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let output = self.output(arguments);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {err}"))
    }

    pub(crate) fn lines<T: serde::de::DeserializeOwned>(&self, arguments: &[&str]) -> Vec<T> {
        let output = self.output(arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Exit code and what was said on standard error.
    pub(crate) fn refusal(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.output(arguments);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }

    /// All that is held, as `reports` and `export` write it.
    pub(crate) fn exported(&self) -> Vec<Entry> {
        let reports: Vec<ReportRecord> = self.lines(&["reports", "--format", "jsonl"]);
        let mut by_report: BTreeMap<String, Vec<ParagraphRecord>> = BTreeMap::new();
        for paragraph in self.lines::<ParagraphRecord>(&["export"]) {
            by_report.entry(paragraph.report.clone()).or_default().push(paragraph);
        }
        let own = |report: ReportRecord| {
            let paragraphs = by_report.remove(&report.id).unwrap_or_default();
            (report, paragraphs)
        };
        reports.into_iter().map(own).collect()
    }
}
