//! Draws a paragraph as its page prints it, from its record and the file that it was read from.
//!
//! Says which file, what is looked for in it and what is printed below; the drawing itself is done in
//! a reader process. Keeps no picture.

use crate::ask::notes::Note;
use crate::ask::{AskError, Conditions, Question, Session};
use crate::extract::picture::{DrawRequest, Drawn, Undrawn, View};
use crate::extract::worker::{DrawError, Workers};
use crate::knowledge::names::Names;
use findings_index::marking::{Matcher, Subject};
use findings_index::records::{ParagraphRecord, ReportHead, ReportRecord};
use findings_index::{Engine, SearchError};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A paragraph to be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Printed<'a> {
    /// The report that holds it.
    pub report: &'a ReportRecord,
    /// Where the file of the report is; see [`file()`].
    pub path: &'a Path,
    /// The paragraph.
    pub paragraph: &'a ParagraphRecord,
    /// The words to mark, in characters of its text.
    pub spans: &'a [[usize; 2]],
    /// How much to draw.
    pub view: View,
    /// Pixels per point; see [`SCALES`](crate::extract::picture::SCALES).
    pub scale: f32,
    /// Whether the citation, and the terms on which the report may be reused, are printed below.
    pub is_cited: bool,
}

/// The reason why a paragraph cannot be shown as printed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrintedError {
    /// The source is a web page or a text.
    #[error("`{report}` was read from a source without pages")]
    WithoutPages {
        /// The report.
        report: String,
    },
    /// The ledger has no file of the report.
    #[error("nobody knows where the file of `{report}` is")]
    FileUnknown {
        /// The report.
        report: String,
    },
    /// The file gives no such picture.
    #[error("{} {error}", path.display())]
    Undrawn {
        /// The file.
        path: PathBuf,
        /// The fault.
        error: Undrawn,
    },
    /// The index cannot be read.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// No reader process can be started.
    #[error(transparent)]
    Draw(DrawError),
}

impl PrintedError {
    /// A stable name, for programs; `None` where the index is at fault.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::WithoutPages { .. } => Some("without_pages"),
            Self::FileUnknown { .. } => Some("file_unknown"),
            Self::Undrawn { error, .. } => Some(error.code()),
            Self::Draw(error) => Some(error.code()),
            Self::Search(_) => None,
        }
    }
}

/// Draws a paragraph. Blocks until it is drawn, or the time is up.
///
/// # Errors
/// The file has no pages, is gone, has changed or cannot be drawn; see [`PrintedError`].
pub fn draw(
    workers: &Workers,
    names: &Names,
    printed: &Printed<'_>,
    within: Duration,
) -> Result<Drawn, PrintedError> {
    let Printed { report, path, paragraph, spans, view, scale, is_cited } = *printed;
    let Some(boxes) = &paragraph.boxes else {
        return Err(PrintedError::WithoutPages { report: report.id.clone() });
    };
    let below = if is_cited {
        vec![paragraph.citation.clone(), names.terms(&report.framework).said()]
    } else {
        Vec::new()
    };
    let request = DrawRequest {
        path: path.to_owned(),
        sha256: report.sha256.clone(),
        view,
        boxes: boxes.clone(),
        text: paragraph.text.clone(),
        spans: spans.to_vec(),
        scale,
        below,
    };
    workers.draw(&request, within).map_err(|error| match error {
        DrawError::Undrawn(error) => PrintedError::Undrawn { path: request.path, error },
        other => PrintedError::Draw(other),
    })
}

/// Finds where the file of a report is: of several copies one that is there, if any is.
///
/// # Errors
/// A ledger that has no file of it, or an index that cannot be read.
pub fn file(engine: &dyn Engine, report: &ReportRecord) -> Result<PathBuf, PrintedError> {
    let ledger = engine.ledger()?;
    let copies = || ledger.files_of(&report.id);
    let there = copies().find(|path| path.is_file());
    let held = there.or_else(|| copies().next()).map(Path::to_path_buf);
    held.ok_or_else(|| PrintedError::FileUnknown { report: report.id.clone() })
}

/// What of a paragraph matches a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Matched {
    /// The words, in characters of the text; `None` if the paragraph does not match.
    pub spans: Option<Vec<[usize; 2]>>,
    /// Notes on the query, for whoever asked.
    pub notes: Vec<Note>,
}

/// Finds the words of a paragraph that match a question; its conditions mark nothing.
///
/// # Errors
/// A text that is not a query, or an engine that fails.
pub fn matched(
    session: &Session<'_>,
    marks: &Question,
    report: &ReportRecord,
    paragraph: &ParagraphRecord,
) -> Result<Matched, AskError> {
    let mut understood = session.read(&marks.text, marks.reading, &Conditions::default())?;
    understood.leave_out(&marks.not_also);
    let head = ReportHead::from(report);
    let spans = Matcher::new(&understood.query).find(Subject { paragraph, report: &head });
    Ok(Matched { spans, notes: understood.notes() })
}
