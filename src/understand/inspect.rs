//! Explains how one file was understood, so that faults can be found.
//!
//! Collects what the stages know and the records do not keep: where each value of the header was
//! found, how headings are set, what was dropped as page furniture. Reads the file as a build does,
//! in a separate process, and decides nothing itself.

use crate::discover::{self, Content, SourceFile};
use crate::extract::worker::{WorkerError, Workers};
use crate::extract::{ExtractedText, Format, Furniture};
use crate::knowledge::Knowledge;
use crate::understand::parse::HeadingSet;
use crate::understand::recognise::Evidence;
use crate::understand::report::{self, Source, Studied};
use findings_index::records::ledger::{NoReport, NotAReport};
use findings_index::records::{FoundIn, Grade, Kind, ParagraphRecord, ReportRecord};
use serde::Serialize;
use std::io;

/// The number of blocks shown of a file that is not a report.
const BLOCKS: usize = 12;

/// How one file was understood.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inspection {
    /// The file's absolute path.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its format.
    pub format: Format,
    /// Whether a PDF was read by its tags; `None` for other formats.
    pub tagged: Option<bool>,
    /// Number of pages.
    pub pages: Option<u32>,
    /// The result: a report, or not.
    #[serde(flatten)]
    pub result: Understood,
    /// Headers, footers and page numbers that were dropped, each text once.
    pub furniture: Vec<Dropped>,
}

/// The result of reading a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Understood {
    /// A report.
    Report(Box<Anatomy>),
    /// A file that is not a report.
    NotAReport {
        /// The reason.
        reason: String,
        /// A stable name for it.
        code: &'static str,
        /// The first blocks of its text.
        begins: Vec<String>,
    },
}

/// A report, with the reasons for how it was understood.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Anatomy {
    /// The record, as a build would keep it.
    pub record: ReportRecord,
    /// The framework's name in words; `None` if no framework fits.
    pub framework_name: Option<String>,
    /// Where the values of the header were found.
    pub evidence: Vec<Evidence>,
    /// The sections, in the report's order.
    pub outline: Vec<OutlineEntry>,
    /// The number of paragraphs of each kind.
    pub kinds: Vec<KindCount>,
    /// The first and the last printed number of each unbroken run, in the report's order.
    pub numbers: Vec<(u32, u32)>,
    /// The paragraphs.
    pub paragraphs: Vec<ParagraphRecord>,
}

/// A section, with the reasons for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutlineEntry {
    /// The headings, outermost first.
    pub path: Vec<String>,
    /// The framework's name for the innermost heading; `None` if it does not know the heading.
    pub area: Option<String>,
    /// How the heading is set in the source.
    pub set: HeadingSet,
    /// The page on which it begins.
    pub page: Option<u32>,
    /// The number of its paragraphs, without those of its subsections.
    pub paragraphs: usize,
    /// The grade in force.
    pub grade: Option<Grade>,
    /// Where that grade was found.
    pub found_in: Vec<FoundIn>,
    /// Whether the grade is inherited from a section around it.
    pub inherited: bool,
}

/// The number of paragraphs of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct KindCount {
    /// The kind.
    pub kind: Kind,
    /// The number of paragraphs.
    pub paragraphs: usize,
}

/// A piece of page furniture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dropped {
    /// The text; all page numbers are listed together as `(page numbers)`.
    pub text: String,
    /// The pages on which it is printed, counted from 1.
    pub pages: Vec<u32>,
}

/// The reason why a file cannot be inspected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InspectError {
    /// The file cannot be opened.
    #[error("cannot read `{path}`")]
    Io {
        /// The file.
        path: String,
        /// The fault.
        #[source]
        source: io::Error,
    },
    /// The file gives no text.
    #[error("`{path}` {why}")]
    NoText {
        /// The file.
        path: String,
        /// The reason.
        why: NoReport,
    },
    /// No reader process can be started.
    #[error(transparent)]
    Worker(WorkerError),
}

/// Reads a file and explains how it was understood.
///
/// # Errors
/// The file cannot be read. A file that is not a report is not an error.
pub fn inspect(
    file: &SourceFile,
    workers: &Workers,
    knowledge: &Knowledge,
) -> Result<Inspection, InspectError> {
    let path = || file.name.clone();
    let io = |source| InspectError::Io { path: path(), source };
    let format = match file.content().map_err(io)? {
        Content::Readable(format) => format,
        Content::Other(what) => {
            return Err(InspectError::NoText { path: path(), why: what.into() });
        }
    };
    let sha256 = file.sha256().map_err(io)?;
    let text = workers.extract(&file.path, format).map_err(|error| match error {
        WorkerError::File(error) => InspectError::NoText { path: path(), why: error.into() },
        error => InspectError::Worker(error),
    })?;
    Ok(of_text(&text, &Source { path: &file.name, sha256: &sha256 }, knowledge))
}

/// Explains how a text was understood.
#[must_use]
pub fn of_text(text: &ExtractedText, source: &Source<'_>, knowledge: &Knowledge) -> Inspection {
    let result = match report::refuse(text) {
        Ok(()) => Understood::Report(Box::new(anatomy(report::study(text, source, knowledge)))),
        Err(reason) => refused(&reason, text),
    };
    Inspection {
        path: source.path.to_owned(),
        sha256: source.sha256.to_owned(),
        format: text.format,
        tagged: text.tagged,
        pages: text.pages,
        result,
        furniture: dropped(&text.furniture),
    }
}

fn refused(reason: &NotAReport, text: &ExtractedText) -> Understood {
    Understood::NotAReport {
        reason: reason.to_string(),
        code: reason.code(),
        begins: text.blocks.iter().take(BLOCKS).map(|block| block.text.clone()).collect(),
    }
}

fn anatomy(studied: Studied<'_>) -> Anatomy {
    let Studied { header, outline, report } = studied;
    let places = |grade: &Grade| {
        let judgement = outline.judgements.iter().find(|j| j.area == grade.area);
        judgement.map(|j| j.found_in.clone()).unwrap_or_default()
    };
    let entries = outline.sections.iter().map(|section| {
        let grade = section.grade.as_ref();
        // The name of an area follows that of its parent if it is not unique alone.
        let own = |grade: &Grade| {
            section.judged
                && section.area.as_ref().is_some_and(|area| {
                    grade.area == *area || grade.area.ends_with(&format!(": {area}"))
                })
        };
        OutlineEntry {
            path: section.path.clone(),
            area: section.area.clone(),
            set: section.set,
            page: section.page,
            paragraphs: section.paragraphs.len(),
            found_in: grade.map(places).unwrap_or_default(),
            inherited: grade.is_some_and(|grade| !own(grade)),
            grade: section.grade.clone(),
        }
    });
    let of_kind = |kind| report.paragraphs.iter().filter(|p| p.kind == kind).count();
    let mut evidence = header.evidence;
    evidence.sort_by_key(|one| {
        crate::understand::recognise::Field::ALL.iter().position(|field| *field == one.field)
    });
    Anatomy {
        framework_name: header.framework.map(|framework| framework.name.clone()),
        evidence,
        outline: entries.collect(),
        kinds: Kind::ALL
            .iter()
            .map(|kind| KindCount { kind: *kind, paragraphs: of_kind(*kind) })
            .filter(|count| count.paragraphs > 0)
            .collect(),
        numbers: runs(&report.paragraphs),
        record: report.record,
        paragraphs: report.paragraphs,
    }
}

/// Groups the printed numbers into unbroken runs.
fn runs(paragraphs: &[ParagraphRecord]) -> Vec<(u32, u32)> {
    let numbers = paragraphs.iter().filter_map(|p| p.number.as_ref()?.parse::<u32>().ok());
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}

/// Lists each text once, in order of first occurrence, and page numbers as one text.
fn dropped(furniture: &[Furniture]) -> Vec<Dropped> {
    let mut all: Vec<Dropped> = Vec::new();
    for one in furniture {
        let words = one.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let number = !words.is_empty() && words.chars().all(|c| c.is_ascii_digit());
        let text = if number { "(page numbers)".to_owned() } else { words };
        match all.iter_mut().find(|known| known.text == text) {
            Some(known) => known.pages.push(one.page),
            None => all.push(Dropped { text, pages: vec![one.page] }),
        }
    }
    all
}

/// Finds the file at a path that a user names.
///
/// # Errors
/// The path does not exist or is a folder.
pub fn file(path: &std::path::Path) -> io::Result<SourceFile> {
    let path = path.canonicalize()?;
    let metadata = path.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "it is a folder; name one file in it",
        ));
    }
    let name = discover::name_of(&path);
    Ok(SourceFile { below: name.clone(), name, path, bytes: metadata.len(), modified: 0 })
}
