//! A folder of invented reports, and builds from it.

use crate::invented::FINDINGS;
use findings::ingest::{self, Built, Event, IngestError, Options, Progress};
use findings::knowledge::Knowledge;
use findings_index::engine::{all_reports, each_paragraph, paragraphs_of};
use findings_index::records::ledger::{LedgerEntry, Outcome};
use findings_index::records::{ParagraphRecord, ReportRecord};
use findings_index::request::{Deadline, Filters};
use findings_index::{Engine, Location, SearchError};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// A folder with its index next to it.
pub(crate) struct Place {
    folder: TempDir,
    pub(crate) options: Options,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = folder.path().join("files");
        fs::create_dir(&files).unwrap();
        let index = Location::Folder(folder.path().join("index"));
        let mut options = Options::new(vec![files], index, PathBuf::from(FINDINGS));
        options.threads = 2;
        Self { folder, options }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("files").join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }

    pub(crate) fn build(&self) -> Built {
        self.try_build().unwrap()
    }

    pub(crate) fn try_build(&self) -> Result<Built, IngestError> {
        ingest::build(&self.options, &Knowledge::embedded().unwrap(), &())
    }

    /// Builds, and returns the paths that the build announced for removal, and its result.
    pub(crate) fn build_watched(&self) -> (Vec<String>, Built) {
        let watcher = Watcher::default();
        let built =
            ingest::build(&self.options, &Knowledge::embedded().unwrap(), &watcher).unwrap();
        (watcher.removing.into_inner().unwrap(), built)
    }

    pub(crate) fn reader(&self) -> Arc<dyn Engine> {
        self.options.index.open().unwrap()
    }

    /// The paragraphs of a report that the index holds.
    pub(crate) fn paragraphs(&self, report: &str) -> Vec<ParagraphRecord> {
        paragraphs_of(self.reader().as_ref(), report, &Deadline::never()).unwrap()
    }

    /// The reports that the index holds, by path.
    pub(crate) fn held(&self) -> Vec<ReportRecord> {
        let mut held =
            all_reports(self.reader().as_ref(), &Filters::default(), &Deadline::never()).unwrap();
        held.sort_by(|a, b| a.path.cmp(&b.path));
        held
    }

    /// The ids of the reports that the index holds, by path.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.held().into_iter().map(|report| report.id).collect()
    }

    /// Every report and paragraph of the index, in its order, as it is in any index of the same files:
    /// without when it came.
    pub(crate) fn records(&self) -> (Vec<ReportRecord>, Vec<ParagraphRecord>) {
        let (mut reports, mut paragraphs) = self.dated();
        for report in &mut reports {
            (report.first_indexed, report.changed) = (None, None);
        }
        for paragraph in &mut paragraphs {
            (paragraph.first_indexed, paragraph.changed) = (None, None);
        }
        (reports, paragraphs)
    }

    /// When every report and paragraph of the index first came and last changed, by its id.
    pub(crate) fn times(&self) -> BTreeMap<String, [Timestamp; 2]> {
        let (reports, paragraphs) = self.dated();
        let mut times = BTreeMap::new();
        for report in reports {
            times.insert(report.id, [report.first_indexed.unwrap(), report.changed.unwrap()]);
        }
        for one in paragraphs {
            times.insert(one.id, [one.first_indexed.unwrap(), one.changed.unwrap()]);
        }
        times
    }

    fn dated(&self) -> (Vec<ReportRecord>, Vec<ParagraphRecord>) {
        let (engine, filters) = (self.reader(), Filters::default());
        let mut paragraphs = Vec::new();
        each_paragraph(engine.as_ref(), &filters, &Deadline::never(), |paragraph| {
            paragraphs.push(paragraph);
            Ok::<_, SearchError>(())
        })
        .unwrap();
        (all_reports(engine.as_ref(), &filters, &Deadline::never()).unwrap(), paragraphs)
    }

    /// The text of all paragraphs of the index.
    pub(crate) fn texts(&self) -> String {
        let mut texts = String::new();
        for report in self.held() {
            for paragraph in self.paragraphs(&report.id) {
                assert_eq!(paragraph.report, report.id);
                assert!(paragraph.id.starts_with(&format!("{}/", report.id)), "{}", paragraph.id);
                texts.push_str(&paragraph.text);
                texts.push('\n');
            }
        }
        texts
    }

    /// Names and outcomes of the last build's files.
    pub(crate) fn outcomes(&self, built: &Built) -> Vec<(String, Outcome)> {
        built.ledger.entries.iter().map(|entry| (self.short(entry), entry.outcome)).collect()
    }

    pub(crate) fn entry<'a>(&self, built: &'a Built, name: &str) -> &'a LedgerEntry {
        built.ledger.entries.iter().find(|entry| self.short(entry) == name).unwrap()
    }

    pub(crate) fn reason(&self, built: &Built, name: &str) -> String {
        let root = self.root();
        self.entry(built, name).explanation().unwrap().replace(&root, "")
    }

    fn short(&self, entry: &LedgerEntry) -> String {
        entry.path.strip_prefix(&self.root()).unwrap_or(&entry.path).to_owned()
    }

    fn root(&self) -> String {
        let root = self.folder.path().join("files").canonicalize().unwrap();
        format!("{}/", root.display())
    }
}

/// Sets the time of a file's last change to so many seconds ago.
pub(crate) fn age(path: &Path, seconds: u64) {
    let time = SystemTime::now() - Duration::from_secs(seconds);
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[derive(Default)]
struct Watcher {
    removing: Mutex<Vec<String>>,
}

impl Progress for Watcher {
    fn on(&self, event: Event<'_>) {
        if let Event::Removing { paths } = event {
            self.removing.lock().unwrap().extend(paths.iter().map(|path| (*path).to_owned()));
        }
    }
}
