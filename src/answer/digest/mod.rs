//! What is new since a moment, for whoever comes back: reports, judgements, matches of saved searches.
//!
//! ```text
//! reports     all reports -> the new ones with what their judgements changed, and the changed ones
//! searches    saved searches -> what each finds that is new
//! ```
//!
//! Works above any engine, by the times that the records carry. It neither knows nor changes what
//! anybody has marked as read, and never says what a change means.

mod reports;
mod searches;

pub use reports::{Before, Changed, NewReport};
pub use searches::Matched;

use crate::answer::batch::BatchError;
use crate::answer::compare::{Source, sources};
use crate::answer::timeline::Direction;
use crate::answer::timeline::scales::Scales;
use crate::ask::batch::Entry;
use crate::ask::provenance::Provenance;
use crate::ask::since::Since;
use crate::ask::trace::{Again, Door};
use crate::ask::{AskError, Session};
use crate::knowledge::Knowledge;
use crate::knowledge::names::Names;
use findings_index::SearchError;
use findings_index::engine::all_reports;
use findings_index::records::ReportRecord;
use findings_index::request::Filters;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many paragraphs of each saved search are quoted where nobody says.
pub const QUOTES: usize = 3;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// Since when.
    pub since: Since,
    /// The saved searches.
    pub searches: Vec<Entry>,
    /// How many paragraphs of each are quoted; `None` for all new ones, those that say nearly the same
    /// one by one.
    pub quotes: Option<usize>,
    /// How to ask the same again.
    pub again: Again,
    /// Writes the searches that find what was counted.
    pub door: &'a dyn Door,
    /// The time of asking.
    pub asked: Timestamp,
}

/// Why there is no digest.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DigestError {
    /// A saved search cannot be asked, or was not answered.
    #[error(transparent)]
    Searches(#[from] BatchError),
    /// The engine failed, or what is known beforehand cannot be used.
    #[error(transparent)]
    Asking(#[from] AskError),
}

impl From<SearchError> for DigestError {
    fn from(error: SearchError) -> Self {
        Self::Asking(error.into())
    }
}

/// What is new.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Digest {
    /// Since when.
    pub since: Since,
    /// When the build began that is the last one told of.
    pub until: Timestamp,
    /// How much is new.
    pub counts: Counts,
    /// The new reports: full inspections first, then visits and others; each by authority and date.
    pub reports: Vec<NewReport>,
    /// Reports that were held before and are read otherwise now, or whose file was replaced; by
    /// authority and date.
    pub changed: Vec<Changed>,
    /// Every saved search, in the order of its file.
    pub searches: Vec<Matched>,
    /// What a reader must know.
    pub notes: Vec<String>,
    /// On what terms the reports may be reused.
    pub sources: Vec<Source>,
    /// What is needed to repeat the answer.
    pub provenance: Provenance,
    /// The names of frameworks.
    #[serde(skip)]
    pub names: Names,
}

/// How much is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Reports that came.
    pub reports: usize,
    /// Those of full inspections.
    pub full: usize,
    /// Judgements of these that are better than those before.
    pub better: usize,
    /// Those that are worse.
    pub worse: usize,
    /// Those that are the same.
    pub same: usize,
    /// Reports that were held before and have changed.
    pub changed: usize,
    /// Saved searches that were asked.
    pub searches: usize,
    /// Those that find something new.
    pub matched: usize,
    /// New matches of all of them; a paragraph counts for each search that finds it.
    pub matches: usize,
}

impl Digest {
    /// Whether anything came: a report, or a match of a saved search.
    #[must_use]
    pub fn has_news(&self) -> bool {
        self.counts.reports > 0 || self.counts.matches > 0
    }

    /// Whether there is nothing to tell: nothing came, and nothing has changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.has_news() && self.counts.changed == 0
    }
}

/// Collects what is new.
///
/// # Errors
/// Every fault in any saved search, all at once; a failure of the engine.
pub fn ask(
    session: &Session<'_>,
    knowledge: &Knowledge,
    question: Question<'_>,
) -> Result<Digest, DigestError> {
    let Question { since, searches, quotes, again, door, asked } = question;
    let engine = session.engine;
    let searches = searches::ask(session, searches, since.moment, quotes, door)?;
    // However long the searches took, each with its own time.
    let session = &session.renewed();
    let all = all_reports(engine, &Filters::default(), &session.deadline)?;
    let scales = Scales::new(knowledge.frameworks(), knowledge.themes());
    let names = session.reference.names();
    let reports = reports::new(&all, since.moment, &scales, names);
    let changed = reports::changed(session, &all, since.moment)?;
    let counts = counts(&reports, &changed, &searches);
    let quoted = searches.iter().flat_map(|search| &search.quotes).map(|hit| &hit.head);
    let told = reports.iter().map(|own| &own.report).chain(quoted);
    let frameworks: BTreeMap<&str, &str> =
        told.map(|head| (head.id.as_str(), head.framework.as_str())).collect();
    Ok(Digest {
        until: engine.built(),
        notes: notes(session, &since, &all, &reports, &searches),
        sources: sources(frameworks.into_values(), names),
        provenance: Provenance::new(engine, &again, asked)?,
        names: names.clone(),
        since,
        counts,
        reports,
        changed,
        searches,
    })
}

fn counts(reports: &[NewReport], changed: &[Changed], searches: &[Matched]) -> Counts {
    let went = |direction: Direction| {
        let changes =
            reports.iter().flat_map(|own| &own.judgements).filter_map(|j| j.change.as_ref());
        changes.filter(|change| change.direction == direction).count()
    };
    Counts {
        reports: reports.len(),
        full: reports.iter().filter(|own| own.is_full).count(),
        better: went(Direction::Better),
        worse: went(Direction::Worse),
        same: went(Direction::Same),
        changed: changed.len(),
        searches: searches.len(),
        matched: searches.iter().filter(|search| search.new > 0).count(),
        matches: searches.iter().map(|search| search.new).sum(),
    }
}

fn notes(
    session: &Session<'_>,
    since: &Since,
    all: &[ReportRecord],
    reports: &[NewReport],
    searches: &[Matched],
) -> Vec<String> {
    let mut notes = Vec::new();
    let built = session.engine.built();
    match &since.mark {
        Some(mark) if mark.generation == session.engine.generation() => {
            notes.push("The index is as it was when it was marked.".to_owned());
        }
        Some(_) if !all.is_empty() && reports.len() == all.len() => notes.push(
            "All reports that are held came after the mark: none of those that were marked is in \
             this index, or it was built again without its history."
                .to_owned(),
        ),
        None if since.moment > built => {
            notes.push(format!("Nothing can be new: the last build is of {built}."));
        }
        _ => {}
    }
    if reports.iter().flat_map(|own| &own.judgements).any(|own| own.change.is_some()) {
        notes.push(
            "Better, worse and the same are said only of judgements of one theme and body on the \
             same scale, against the authority's full inspection before."
                .to_owned(),
        );
    }
    if searches.iter().any(|search| !search.quotes.is_empty()) {
        notes.push(
            "Quoted are the new paragraphs that match best, not those that are most telling. The \
             grade of a section is not a paragraph's own."
                .to_owned(),
        );
    }
    notes
}
