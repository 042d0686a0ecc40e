//! Holds every paragraph of an index against the pages of its file, which is read again.
//!
//! What a build found at the time is on the records; this shows it for the whole index, and for the
//! program that runs now. Changes nothing.

use crate::discover::Content;
use crate::extract::Format;
use crate::extract::worker::{WorkerError, Workers};
use crate::understand::inspect;
use crate::understand::verbatim::Pages;
use findings_index::engine::paragraphs_of;
use findings_index::records::ParagraphRecord;
use findings_index::records::ledger::{LedgerEntry, NoReport};
use findings_index::request::Deadline;
use findings_index::{Engine, SearchError};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// How far the paragraphs of an index are printed as they are quoted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PagesChecked {
    /// Reports whose files have pages and were read again.
    pub reports: usize,
    /// Their paragraphs.
    pub paragraphs: usize,
    /// How many of these are printed as they are quoted.
    pub verbatim: usize,
    /// The share of these in percent; `None` if there are no paragraphs.
    pub percent: Option<f64>,
    /// How many are not, by what is wrong.
    pub causes: BTreeMap<&'static str, usize>,
    /// Those that are not.
    pub differing: Vec<Differing>,
    /// Reports whose sources have no pages.
    pub without_pages: usize,
    /// Reports whose files could not be compared.
    pub unread: Vec<Unread>,
}

/// A paragraph that is not printed as it is quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Differing {
    /// Id of the paragraph.
    pub id: String,
    /// The page on which it begins.
    pub page: Option<u32>,
    /// What is wrong, for programs.
    pub code: &'static str,
    /// What is wrong, in words.
    pub reason: &'static str,
    /// Whether the record says that it is not verbatim.
    pub marked: bool,
    /// The text as kept.
    pub text: String,
}

/// A report whose file could not be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Id of the report.
    pub report: String,
    /// The file.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// The reason why the pages cannot be checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PagesError {
    /// The index cannot be read.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// No reader process can be started.
    #[error(transparent)]
    Worker(WorkerError),
}

/// What became of one report.
enum Read {
    Compared { paragraphs: usize, differing: Vec<Differing> },
    WithoutPages,
    Not(Unread),
}

/// Reads the files of all reports again and compares their paragraphs; tells `progress` of each.
///
/// # Errors
/// The index cannot be read, the time is up, or no worker can be started. A file that cannot be read
/// is listed.
pub fn check_pages(
    engine: &dyn Engine,
    workers: &Workers,
    deadline: &Deadline,
    progress: &(dyn Fn() + Sync),
) -> Result<PagesChecked, PagesError> {
    let ledger = engine.ledger()?;
    let mut seen = HashSet::new();
    let held = ledger.entries.iter().filter_map(|entry| Some((entry, entry.report.as_deref()?)));
    let held: Vec<_> = held.filter(|(_, report)| seen.insert(*report)).collect();
    let all: Vec<Read> = held
        .par_iter()
        .map(|(entry, report)| {
            let read = compare(engine, workers, deadline, entry, report);
            progress();
            read
        })
        .collect::<Result<_, PagesError>>()?;

    let mut checked = PagesChecked {
        reports: 0,
        paragraphs: 0,
        verbatim: 0,
        percent: None,
        causes: BTreeMap::new(),
        differing: Vec::new(),
        without_pages: 0,
        unread: Vec::new(),
    };
    for read in all {
        match read {
            Read::Compared { paragraphs, differing } => {
                checked.reports += 1;
                checked.paragraphs += paragraphs;
                checked.verbatim += paragraphs - differing.len();
                checked.differing.extend(differing);
            }
            Read::WithoutPages => checked.without_pages += 1,
            Read::Not(unread) => checked.unread.push(unread),
        }
    }
    for differing in &checked.differing {
        *checked.causes.entry(differing.code).or_default() += 1;
    }
    checked.percent = (checked.paragraphs > 0)
        .then(|| 100.0 * checked.verbatim as f64 / checked.paragraphs as f64);
    Ok(checked)
}

fn compare(
    engine: &dyn Engine,
    workers: &Workers,
    deadline: &Deadline,
    entry: &LedgerEntry,
    report: &str,
) -> Result<Read, PagesError> {
    let unread = |reason: String| {
        Ok(Read::Not(Unread { report: report.to_owned(), path: entry.path.clone(), reason }))
    };
    let file = match inspect::file(Path::new(&entry.path)) {
        Ok(file) => file,
        Err(fault) => return unread(fault.to_string()),
    };
    match file.content() {
        Ok(Content::Readable(Format::Pdf)) => {}
        Ok(Content::Readable(_)) => return Ok(Read::WithoutPages),
        Ok(Content::Other(what)) => return unread(NoReport::NotAReport(what).to_string()),
        Err(fault) => return unread(fault.to_string()),
    }
    match file.sha256() {
        Ok(now) if entry.sha256.as_ref().is_some_and(|then| *then != now) => {
            return unread("has changed since it was indexed".to_owned());
        }
        Ok(_) => {}
        Err(fault) => return unread(fault.to_string()),
    }
    let text = match workers.extract(&file.path, Format::Pdf) {
        Ok(text) => text,
        Err(WorkerError::File(fault)) => return unread(NoReport::Unreadable(fault).to_string()),
        Err(fault) => return Err(PagesError::Worker(fault)),
    };
    let Some(pages) = Pages::of(&text) else {
        return Ok(Read::WithoutPages);
    };
    let paragraphs = paragraphs_of(engine, report, deadline)?;
    let differing =
        paragraphs.iter().filter_map(|paragraph| differing(&pages, paragraph)).collect();
    Ok(Read::Compared { paragraphs: paragraphs.len(), differing })
}

fn differing(pages: &Pages, paragraph: &ParagraphRecord) -> Option<Differing> {
    let departure = pages.departure(paragraph)?;
    Some(Differing {
        id: paragraph.id.clone(),
        page: paragraph.page,
        code: departure.code(),
        reason: departure.words(),
        marked: paragraph.verbatim == Some(false),
        text: paragraph.text.clone(),
    })
}
