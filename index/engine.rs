//! What every engine must answer, and how an index is written.
//!
//! Whoever asks and whoever builds knows these two traits alone: the same request means the same
//! thing whichever engine answers it.

use crate::language::acronyms::Acronyms;
use crate::language::lexicon::{Lexicon, Synonyms, Widened};
use crate::language::query::{Query, QueryError};
use crate::language::topic::Taxonomy;
use crate::records::ledger::Ledger;
use crate::records::{Attribute, ParagraphRecord, ReportRecord, Use};
use crate::request::compare::{CompareRequest, CompareResponse};
use crate::request::terms::{TermsRequest, TermsResponse};
use crate::request::{
    Corpus, Cursor, Deadline, Filters, Hit, HitsRequest, Page, ParagraphsRequest, ReportsRequest,
    SearchRequest, SearchResponse, Similar, SimilarRequest, UnheldWord,
};
use std::error::Error;
use std::fmt::Debug;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// One consistent state of an index: whatever is written meanwhile, every answer is of the same
/// commit. Can be shared by threads.
pub trait Engine: Debug + Send + Sync {
    /// What the index holds.
    fn corpus(&self) -> &Corpus;

    /// The version of the index's format.
    fn version(&self) -> u32;

    /// Ranked matches, counts of facets and groups.
    ///
    /// # Errors
    /// A tree that is too large, the time that is up, or an index that cannot be read.
    fn search(
        &self,
        request: &SearchRequest,
        deadline: &Deadline,
    ) -> Result<SearchResponse, SearchError>;

    /// What matches and out of what, for every group at once.
    ///
    /// # Errors
    /// [`SearchError::NothingToCompare`] where the filters leave boilerplate alone,
    /// [`SearchError::Dimensions`] unless there are one or two different dimensions, and those of
    /// [`Engine::search`].
    fn compare(
        &self,
        request: &CompareRequest,
        deadline: &Deadline,
    ) -> Result<CompareResponse, SearchError>;

    /// Counts of the words and phrases of two sets of paragraphs.
    ///
    /// # Errors
    /// Those of [`Engine::search`].
    fn terms(
        &self,
        request: &TermsRequest,
        deadline: &Deadline,
    ) -> Result<TermsResponse, SearchError>;

    /// Paragraphs like one; `None` where there is no such paragraph.
    ///
    /// # Errors
    /// Those of [`Engine::search`].
    fn similar(
        &self,
        request: &SimilarRequest,
        deadline: &Deadline,
    ) -> Result<Option<Similar>, SearchError>;

    /// A page of all matches.
    ///
    /// # Errors
    /// Those of [`Engine::search`], and [`SearchError::Cursor`].
    fn hits(&self, request: &HitsRequest, deadline: &Deadline) -> Result<Page<Hit>, SearchError>;

    /// A page of the paragraphs that filters leave.
    ///
    /// # Errors
    /// Those of [`Engine::search`], and [`SearchError::Cursor`].
    fn paragraphs(
        &self,
        request: &ParagraphsRequest,
        deadline: &Deadline,
    ) -> Result<Page<ParagraphRecord>, SearchError>;

    /// A page of the reports that filters leave.
    ///
    /// # Errors
    /// [`SearchError::KindOfReports`] where paragraphs of some kind are asked for, those of
    /// [`Engine::search`], and [`SearchError::Cursor`].
    fn reports(
        &self,
        request: &ReportsRequest,
        deadline: &Deadline,
    ) -> Result<Page<ReportRecord>, SearchError>;

    /// The report of that id.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn report(&self, id: &str) -> Result<Option<ReportRecord>, SearchError>;

    /// The paragraph of that id.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn paragraph(&self, id: &str) -> Result<Option<ParagraphRecord>, SearchError>;

    /// The values of an attribute that any paragraph has, in order.
    ///
    /// # Errors
    /// [`SearchError::Unserved`] where it is no facet, or where the index cannot be read.
    fn values(&self, attribute: Attribute) -> Result<Vec<String>, SearchError>;

    /// How many paragraphs have a word, given by its stem.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn frequency(&self, stem: &str) -> Result<u64, SearchError>;

    /// The words of a query that no paragraph holds (in a condition on sections: no heading), each
    /// once, with the words of the reports that are most like it. Proposes nothing for numbers and
    /// for words of fewer than four letters, and nothing more when the time is up.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn unheld(&self, query: &Query, deadline: &Deadline) -> Result<Vec<UnheldWord>, SearchError>;

    /// The topics by which the paragraphs were tagged.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn topics(&self) -> Result<&Taxonomy, SearchError>;

    /// The acronyms that the reports explain.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn acronyms(&self) -> Result<&Acronyms, SearchError>;

    /// The ledger of the build that made the index.
    ///
    /// # Errors
    /// Where the index cannot be read.
    fn ledger(&self) -> Result<Ledger, SearchError>;
}

/// An index being written; the only one that does so until it is committed or dropped. Until
/// [`Build::commit`] every reader sees the state before.
pub trait Build: Debug + Send + Sync {
    /// The ledger of the last commit; `None` where nothing was ever committed.
    fn held(&self) -> Option<&Ledger>;

    /// Says by which topics the paragraphs that are put were tagged; until then it is as at the
    /// last commit.
    fn tagged_by(&mut self, taxonomy: Taxonomy);

    /// Puts a report into the index, in place of what is held under its id. Can be called from
    /// many threads; blocks while the engine is busy.
    ///
    /// # Errors
    /// Where the engine has failed; commit will fail as well.
    fn put(&self, report: &ReportRecord, paragraphs: &[ParagraphRecord]) -> Result<(), WriteError>;

    /// Takes a report out of the index; nothing happens if it is not held.
    ///
    /// # Errors
    /// Where the engine has failed.
    fn remove(&self, report_id: &str) -> Result<(), WriteError>;

    /// Makes everything put and removed visible at once, together with the ledger.
    ///
    /// # Errors
    /// Where the engine or the disk fails; then nothing has changed.
    fn commit(self: Box<Self>, ledger: &Ledger) -> Result<Corpus, WriteError>;
}

/// How to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuildOptions {
    /// Threads that build the index.
    pub threads: usize,
    /// Memory of all threads together, in bytes. Fewer threads run where it does not suffice.
    pub memory: usize,
    /// How long to wait for another build to end; zero does not wait.
    pub wait: Duration,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self { threads: 2, memory: 128_000_000, wait: Duration::ZERO }
    }
}

/// Widens a query by other ways of saying what it says: those given, and the acronyms that the
/// reports explain.
///
/// # Errors
/// Where the index cannot be read.
pub fn widen(
    engine: &dyn Engine,
    query: &Query,
    synonyms: &Synonyms,
) -> Result<Widened, SearchError> {
    let mut lexicon = Lexicon::new(query, synonyms, engine.acronyms()?);
    // Only weighs whether an acronym is meant: without an answer it is taken for a word.
    let mut frequency = |stem: &str| engine.frequency(stem).unwrap_or(u64::MAX);
    Ok(lexicon.widen(query, &mut frequency))
}

/// Walks through pages until the last, handing each item on.
fn pages<T, E: From<SearchError>>(
    mut page: impl FnMut(Option<Cursor>) -> Result<Page<T>, SearchError>,
    mut visit: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = None;
    loop {
        let Page { items, next } = page(after)?;
        for item in items {
            visit(item)?;
        }
        match next {
            Some(_) => after = next,
            None => return Ok(()),
        }
    }
}

/// Hands every match to `visit`, in order.
///
/// # Errors
/// The first error of `visit`, or one of [`Engine::hits`].
pub fn each_hit<E: From<SearchError>>(
    engine: &dyn Engine,
    request: &HitsRequest,
    deadline: &Deadline,
    visit: impl FnMut(Hit) -> Result<(), E>,
) -> Result<(), E> {
    pages(|after| engine.hits(&HitsRequest { after, ..request.clone() }, deadline), visit)
}

/// Hands every paragraph that the filters leave to `visit`, by authority, date and id of its
/// report, then in the report's own order.
///
/// # Errors
/// The first error of `visit`, or one of [`Engine::paragraphs`].
pub fn each_paragraph<E: From<SearchError>>(
    engine: &dyn Engine,
    filters: &Filters,
    deadline: &Deadline,
    visit: impl FnMut(ParagraphRecord) -> Result<(), E>,
) -> Result<(), E> {
    let request = ParagraphsRequest { filters: filters.clone(), ..ParagraphsRequest::default() };
    pages(
        |after| engine.paragraphs(&ParagraphsRequest { after, ..request.clone() }, deadline),
        visit,
    )
}

/// The paragraphs of a report in its own order; none if it is not held.
///
/// # Errors
/// Those of [`Engine::paragraphs`].
pub fn paragraphs_of(
    engine: &dyn Engine,
    report_id: &str,
    deadline: &Deadline,
) -> Result<Vec<ParagraphRecord>, SearchError> {
    let filters = Filters::of(Attribute::Report, [report_id]);
    let mut paragraphs = Vec::new();
    each_paragraph(engine, &filters, deadline, |paragraph| {
        paragraphs.push(paragraph);
        Ok::<_, SearchError>(())
    })?;
    Ok(paragraphs)
}

/// All reports that the filters leave.
///
/// # Errors
/// Those of [`Engine::reports`].
pub fn all_reports(
    engine: &dyn Engine,
    filters: &Filters,
    deadline: &Deadline,
) -> Result<Vec<ReportRecord>, SearchError> {
    let request = ReportsRequest { filters: filters.clone(), limit: usize::MAX, after: None };
    let mut reports = Vec::new();
    pages(
        |after| engine.reports(&ReportsRequest { after, ..request.clone() }, deadline),
        |report| {
            reports.push(report);
            Ok::<_, SearchError>(())
        },
    )?;
    Ok(reports)
}

/// Why a request was not answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// The tree is larger than what is searched.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The answer took longer than it may.
    #[error("the answer took longer than {} and was given up", seconds(*limit))]
    TimedOut {
        /// How long it may take.
        limit: Duration,
    },
    /// Whoever asked no longer wants the answer.
    #[error("the request was cancelled")]
    Cancelled,
    /// A cursor that this state of the index did not give to this request.
    #[error("the cursor does not belong to this request or to the index as it is now")]
    Cursor,
    /// Reports were asked for by a condition on paragraphs.
    #[error("reports have no kind; take the condition away or search paragraphs")]
    KindOfReports,
    /// A comparison by no dimension, by more than two, or by one twice.
    #[error("a comparison takes one dimension, or two different ones")]
    Dimensions,
    /// An attribute was asked for something that it cannot be used for.
    #[error("`{}` cannot be used as a {}", attribute.name(), purpose.name())]
    Unserved {
        /// The attribute.
        attribute: Attribute,
        /// What it was to be used for.
        purpose: Use,
    },
    /// A comparison of boilerplate alone, which says nothing about anybody.
    #[error("boilerplate is never compared; name another kind of paragraph, or none")]
    NothingToCompare,
    /// The index could not be read.
    #[error("cannot read the index")]
    Index {
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl SearchError {
    /// What became of a request whose deadline has passed; `None` while there is time.
    #[must_use]
    pub fn of_deadline(deadline: &Deadline) -> Option<Self> {
        match (deadline.is_cancelled(), deadline.limit()) {
            _ if !deadline.was_noticed() => None,
            (false, Some(limit)) => Some(Self::TimedOut { limit }),
            _ => Some(Self::Cancelled),
        }
    }

    /// Looks at the clock, and fails once the deadline has passed.
    ///
    /// # Errors
    /// [`SearchError::TimedOut`] or [`SearchError::Cancelled`].
    pub fn in_time(deadline: &Deadline) -> Result<(), Self> {
        if !deadline.has_passed() {
            return Ok(());
        }
        Err(Self::of_deadline(deadline).unwrap_or(Self::Cancelled))
    }
}

fn seconds(limit: Duration) -> String {
    format!("{} s", limit.as_secs_f64())
}

/// Why an index cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// No build was ever finished here.
    #[error("no index in {}", dir.display())]
    Missing {
        /// The index's folder.
        dir: PathBuf,
    },
    /// Another version of Findings built it.
    #[error(
        "the index in {} has format {found} and this program reads format {expected}",
        dir.display()
    )]
    Incompatible {
        /// The index's folder.
        dir: PathBuf,
        /// The version found.
        found: u32,
        /// The version that can be read.
        expected: u32,
    },
    /// The disk or its permissions.
    #[error("cannot read {}", path.display())]
    Io {
        /// What could not be read.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What is there is damaged.
    #[error("the index in {} is damaged", dir.display())]
    Damaged {
        /// The index's folder.
        dir: PathBuf,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
}

/// Why nothing, or nothing more, could be written. What was committed before is untouched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// Another build is at work.
    #[error("the index is being written by {holder}; wait until it has ended, or stop it")]
    Locked {
        /// Who holds the lock, in words.
        holder: String,
    },
    /// The path is that of a file.
    #[error("{} is not a folder; name a folder for the index", dir.display())]
    NotAFolder {
        /// The path.
        dir: PathBuf,
    },
    /// The disk or its permissions.
    #[error("cannot write {}", path.display())]
    Io {
        /// What could not be written.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The index that is there cannot be read.
    #[error("cannot update the index in {}: delete the folder and build it again", dir.display())]
    Unreadable {
        /// The index's folder.
        dir: PathBuf,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The engine failed, a full disk for instance.
    #[error("cannot write the index in {}; the index is as it was before", dir.display())]
    Engine {
        /// The index's folder.
        dir: PathBuf,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
}
