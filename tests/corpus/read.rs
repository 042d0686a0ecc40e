//! The corpus as it is read: indexed once, and used by every test.

use crate::built::Built;
use crate::real;
use findings::ingest::{self, Options};
use findings::knowledge::Knowledge;
use findings_index::Location;
use findings_index::engine::{all_reports, paragraphs_of};
use findings_index::records::{ParagraphRecord, ReportRecord};
use findings_index::request::{Deadline, Filters};
use serde_json::Value;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;
use tempfile::TempDir;

/// The reports of a folder, with what was made of them.
pub(crate) struct Corpus {
    pub(crate) folder: PathBuf,
    pub(crate) built: ingest::Built,
    /// The same index, for questions to the program.
    pub(crate) program: Built,
    pub(crate) reports: Vec<ReportRecord>,
    pub(crate) paragraphs: HashMap<String, Vec<ParagraphRecord>>,
}

/// The indexed corpus; `None`, with a message, if there is none.
pub(crate) fn corpus() -> Option<&'static Corpus> {
    static CORPUS: OnceLock<Corpus> = OnceLock::new();
    let folder = real::reports()?;
    Some(CORPUS.get_or_init(|| index(&folder, lasting())))
}

/// A folder for what lives as long as the tests: statics are never dropped, so what earlier runs
/// left is removed by the next.
pub(crate) fn lasting() -> TempDir {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("indexed");
    fs::create_dir_all(&place).unwrap();
    for left in fs::read_dir(&place).unwrap().flatten() {
        let age = left.metadata().and_then(|data| data.modified()).map(|at| at.elapsed());
        if matches!(age, Ok(Ok(age)) if age > Duration::from_secs(3600)) {
            // Another run may be removing it as well.
            let _ = fs::remove_dir_all(left.path());
        }
    }
    tempfile::tempdir_in(place).unwrap()
}

/// Indexes the reports of a folder in another.
pub(crate) fn index(folder: &Path, into: TempDir) -> Corpus {
    let program = Built::around(into);
    let index = Location::Folder(program.0.path().join("held"));
    let worker = PathBuf::from(env!("CARGO_BIN_EXE_findings"));
    let options = Options::new(vec![folder.to_owned()], index, worker);
    let built = ingest::build(&options, &Knowledge::embedded().unwrap(), &()).unwrap();
    let reader = options.index.open().unwrap();
    let never = Deadline::never();
    let reports = all_reports(reader.as_ref(), &Filters::default(), &never).unwrap();
    let held = |report: &ReportRecord| {
        let paragraphs = paragraphs_of(reader.as_ref(), &report.id, &never).unwrap();
        (report.sha256.clone(), paragraphs)
    };
    let paragraphs = reports.iter().map(held).collect();
    Corpus { folder: folder.to_owned(), built, program, reports, paragraphs }
}

impl Corpus {
    /// A file or folder next to the folder of reports.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.join("..").join(name)
    }

    pub(crate) fn seed(&self) -> &ReportRecord {
        self.reports.iter().find(|r| r.framework == "slac").unwrap()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&ReportRecord, &ParagraphRecord)> {
        self.reports.iter().flat_map(|r| self.paragraphs[&r.sha256].iter().map(move |p| (r, p)))
    }
}

/// The lines of a JSONL file.
pub(crate) fn read_lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The first word or two of a grade, to compare eras that phrase it differently.
pub(crate) fn family(grade: Option<&str>) -> Option<String> {
    let grade = words(grade?).join(" ");
    let families = ["outstanding", "inadequate", "requires improvement", "adequate", "good"];
    let known = families.iter().find(|family| grade.starts_with(*family));
    Some(known.map_or(grade.clone(), |family| (*family).to_owned()))
}

/// Runs of unaccented letters and digits, without apostrophes, as the gold counts words.
pub(crate) fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace(['‘', '’', '\'', '\u{ad}'], "");
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// CRC-32 of the first or last six words; a number at the beginning does not count.
pub(crate) fn crc_of(words: &[String], first: bool) -> u64 {
    let numbered =
        words.first().is_some_and(|w| w.len() <= 3 && w.bytes().all(|b| b.is_ascii_digit()));
    let words = &words[usize::from(numbered)..];
    let some =
        if first { &words[..words.len().min(6)] } else { &words[words.len().saturating_sub(6)..] };
    crc_of_words(some)
}

/// CRC-32 of words.
pub(crate) fn crc_of_words(words: &[String]) -> u64 {
    u64::from(crc32(words.join(" ").as_bytes()))
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}
