//! The requests that every engine answers, and how an index is written.
//!
//! Callers that search and callers that build know only the two traits here: the same request means
//! the same thing whichever engine answers it.

use crate::language::acronyms::Acronyms;
use crate::language::lexicon::{Lexicon, Synonyms, Widened};
use crate::language::query::{Query, QueryError};
use crate::language::topic::Taxonomy;
use crate::ranking::meaning::{Learned, LearnedTable};
use crate::records::ledger::Ledger;
use crate::records::{Attribute, Authority, ParagraphRecord, ReportRecord, Use};
use crate::request::compare::{CompareRequest, CompareResponse};
use crate::request::terms::{TermsRequest, TermsResponse};
use crate::request::{
    Corpus, Cursor, Deadline, Filters, Hit, HitsRequest, Page, ParagraphsRequest, ReportsRequest,
    SearchRequest, SearchResponse, Similar, SimilarRequest, UnheldWord,
};
use jiff::Timestamp;
use std::collections::HashSet;
use std::error::Error;
use std::fmt::Debug;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// One consistent state of an index. Whatever is written meanwhile, every answer comes from the
/// same commit. Can be shared between threads.
pub trait Engine: Debug + Send + Sync {
    /// How much the index holds, and its fingerprint.
    fn corpus(&self) -> &Corpus;

    /// The version of the index's format.
    fn version(&self) -> u32;

    /// The name of the commit that answers, which no other commit has.
    fn generation(&self) -> &str;

    /// When the build that made the commit began, in whole milliseconds: later for every commit than
    /// for the one before. What came with it has this time in `first_indexed`.
    fn built(&self) -> Timestamp;

    /// Returns ranked matches, facet counts and groups.
    ///
    /// # Errors
    /// If the query tree is too large, the time is up, the request was cancelled, an attribute
    /// cannot be used as asked, or the index cannot be read.
    fn search(
        &self,
        request: &SearchRequest,
        deadline: &Deadline,
    ) -> Result<SearchResponse, SearchError>;

    /// Counts the eligible and the matching paragraphs of every group at once.
    ///
    /// # Errors
    /// [`SearchError::NothingToCompare`] if the filters leave only boilerplate,
    /// [`SearchError::Dimensions`] unless there are one or two different dimensions, and those of
    /// [`Engine::search`].
    fn compare(
        &self,
        request: &CompareRequest,
        deadline: &Deadline,
    ) -> Result<CompareResponse, SearchError>;

    /// Counts the words and phrases of two sets of paragraphs.
    ///
    /// # Errors
    /// Those of [`Engine::search`].
    fn terms(
        &self,
        request: &TermsRequest,
        deadline: &Deadline,
    ) -> Result<TermsResponse, SearchError>;

    /// Finds paragraphs like a given one; `None` if there is no such paragraph.
    ///
    /// # Errors
    /// Those of [`Engine::search`].
    fn similar(
        &self,
        request: &SimilarRequest,
        deadline: &Deadline,
    ) -> Result<Option<Similar>, SearchError>;

    /// Returns one page of all matches.
    ///
    /// # Errors
    /// Those of [`Engine::search`], and [`SearchError::Cursor`].
    fn hits(&self, request: &HitsRequest, deadline: &Deadline) -> Result<Page<Hit>, SearchError>;

    /// Returns one page of the paragraphs that pass the filters.
    ///
    /// # Errors
    /// Those of [`Engine::search`], and [`SearchError::Cursor`].
    fn paragraphs(
        &self,
        request: &ParagraphsRequest,
        deadline: &Deadline,
    ) -> Result<Page<ParagraphRecord>, SearchError>;

    /// Returns one page of the reports that pass the filters.
    ///
    /// # Errors
    /// [`SearchError::KindOfReports`] if the filters ask for kinds of paragraph or exclude some,
    /// [`SearchError::Cursor`], and those of [`Engine::search`].
    fn reports(
        &self,
        request: &ReportsRequest,
        deadline: &Deadline,
    ) -> Result<Page<ReportRecord>, SearchError>;

    /// The report with that id.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn report(&self, id: &str) -> Result<Option<ReportRecord>, SearchError>;

    /// The paragraph with that id.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn paragraph(&self, id: &str) -> Result<Option<ParagraphRecord>, SearchError>;

    /// The values of an attribute that occur in any paragraph, in order.
    ///
    /// # Errors
    /// [`SearchError::Unserved`] if the attribute is not a facet; another error if the index cannot
    /// be read.
    fn values(&self, attribute: Attribute) -> Result<Vec<String>, SearchError>;

    /// How many paragraphs contain a word, given by its stem.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn frequency(&self, stem: &str) -> Result<u64, SearchError>;

    /// Finds the words of a query that occur in no paragraph (in a condition on sections: in no
    /// heading).
    ///
    /// Each is listed once, with the most similar words of the reports. Suggests nothing for
    /// numbers and for words of fewer than four letters, and nothing more once the time is up.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn unheld(&self, query: &Query, deadline: &Deadline) -> Result<Vec<UnheldWord>, SearchError>;

    /// The topics with which the paragraphs were tagged.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn topics(&self) -> Result<&Taxonomy, SearchError>;

    /// The authorities of the tables with which the reports were read.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn authorities(&self) -> Result<&[Authority], SearchError>;

    /// The vectors that were learned from these paragraphs, if any were.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn learned(&self) -> Result<Option<&Learned>, SearchError>;

    /// The acronyms that the reports explain.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn acronyms(&self) -> Result<&Acronyms, SearchError>;

    /// The ledger of the build that made the index.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn ledger(&self) -> Result<Ledger, SearchError>;
}

/// An index that is being written. It holds the only right to write until it is committed or
/// dropped; until [`Build::commit`] every reader sees the previous state.
pub trait Build: Debug + Send + Sync {
    /// The ledger of the last commit; `None` if nothing was ever committed.
    fn held(&self) -> Option<&Ledger>;

    /// Sets the topics with which the paragraphs of this build were tagged. Without a call, those
    /// of the last commit remain.
    fn tagged_by(&mut self, taxonomy: Taxonomy);

    /// Sets the tables of authorities with which the reports of this build were read. Without a
    /// call, those of the last commit remain.
    fn named_by(&mut self, authorities: Vec<Authority>);

    /// Keeps vectors that were learned from the paragraphs, or forgets those that are kept. Without a
    /// call, they remain.
    fn learned_by(&mut self, learned: Option<LearnedTable>);

    /// Names the files, by SHA-256, whose reports stay or come in this build. A report with the id of
    /// one whose file is not among them takes its place in [`history`](crate::records::history).
    fn present(&mut self, files: HashSet<String>);

    /// Takes the times at which reports and paragraphs came and changed from the records that are put,
    /// where these have them, instead of from what is known of earlier builds: for records that come from
    /// another index.
    fn keep_times(&mut self);

    /// Where the history is now if it could not be read; it was then made again from the index.
    fn set_aside(&self) -> Option<&Path>;

    /// Puts a report into the index and replaces what is held under its id. Whatever `first_indexed`
    /// and `changed` are in the records, they are set by what is known from earlier builds. Can be
    /// called from many threads; blocks while the engine is busy.
    ///
    /// # Errors
    /// [`WriteError::NotTaken`] if the engine works and does not take this report: it is then held as it was
    /// before. Otherwise the engine has failed; commit will then fail as well.
    fn put(&self, report: &ReportRecord, paragraphs: &[ParagraphRecord]) -> Result<(), WriteError>;

    /// Removes a report from the index; does nothing if it is not held.
    ///
    /// # Errors
    /// If the engine has failed.
    fn remove(&self, report_id: &str) -> Result<(), WriteError>;

    /// Makes all that was put and removed visible at once, together with the ledger.
    ///
    /// # Errors
    /// If the engine or the disk fails; nothing has changed then.
    fn commit(self: Box<Self>, ledger: &Ledger) -> Result<Corpus, WriteError>;
}

/// How to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuildOptions {
    /// Threads that build the index.
    pub threads: usize,
    /// Memory for all threads together, in bytes. Fewer threads run if it is not enough.
    pub memory: usize,
    /// How long to wait for another build to end; zero means no wait.
    pub wait: Duration,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self { threads: 2, memory: 128_000_000, wait: Duration::ZERO }
    }
}

/// Expands a query with other ways of saying the same: the given synonyms, and the acronyms that
/// the reports explain.
///
/// # Errors
/// If the index cannot be read.
pub fn widen(
    engine: &dyn Engine,
    query: &Query,
    synonyms: &Synonyms,
) -> Result<Widened, SearchError> {
    widen_together(engine, query, synonyms, &[])
}

/// Does the same as [`widen`], and reads words that are one thing when they stand together as such.
///
/// # Errors
/// If the index cannot be read.
pub fn widen_together(
    engine: &dyn Engine,
    query: &Query,
    synonyms: &Synonyms,
    compounds: &[String],
) -> Result<Widened, SearchError> {
    let lexicon = Lexicon::new(query, synonyms, engine.acronyms()?);
    let mut lexicon = lexicon.with_compounds(compounds);
    // The frequency only helps to decide whether an acronym is meant: if it cannot be read, the
    // acronym is taken for an ordinary word.
    let mut frequency = |stem: &str| engine.frequency(stem).unwrap_or(u64::MAX);
    Ok(lexicon.widen(query, &mut frequency))
}

/// Fetches page after page and passes each item to `visit`.
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

/// Passes every match to `visit`, in order.
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

/// Passes every paragraph that the filters leave to `visit`: by authority, date and id of its
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

/// Collects the paragraphs of a report in its own order; none if the report is not held.
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

/// Collects all reports that the filters leave.
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
    /// The query tree is too large to be searched.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The answer took longer than allowed.
    #[error("the answer took longer than {} and was given up", seconds(*limit))]
    TimedOut {
        /// The time allowed.
        limit: Duration,
    },
    /// The caller no longer wants the answer.
    #[error("the request was cancelled")]
    Cancelled,
    /// The cursor was not issued for this request by this state of the index.
    #[error("the cursor does not belong to this request or to the index as it is now")]
    Cursor,
    /// Reports were requested with a condition on paragraphs.
    #[error("reports have no kind; take the condition away or search paragraphs")]
    KindOfReports,
    /// A comparison by no dimension, by more than two, or by the same one twice.
    #[error("a comparison takes one dimension, or two different ones")]
    Dimensions,
    /// An attribute was used for a purpose it does not serve.
    #[error("`{}` cannot be used as a {}", attribute.name(), purpose.name())]
    Unserved {
        /// The attribute.
        attribute: Attribute,
        /// What it was meant to be used for.
        purpose: Use,
    },
    /// A comparison of nothing but boilerplate, which says nothing about anybody.
    #[error("boilerplate is never compared; name another kind of paragraph, or none")]
    NothingToCompare,
    /// What keeps the index does not answer now, and may do so soon.
    #[error("the index cannot be asked now")]
    Unavailable {
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// What keeps the index refuses.
    #[error("the cluster refuses with status {status}: {reason}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The cluster's name for the reason, such as `cluster_block_exception`; empty if it has none.
        kind: String,
        /// Why, in the words of the cluster.
        reason: String,
    },
    /// Another program changed the index, so that answers from it could be wrong.
    #[error("`{index}` was changed by another program: {what}")]
    ChangedIndex {
        /// The name of the cluster's index.
        index: String,
        /// What was changed.
        what: String,
    },
    /// The index could not be read.
    #[error("cannot read the index")]
    Index {
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl SearchError {
    /// The error for a request whose deadline was noticed to have passed; `None` otherwise.
    #[must_use]
    pub fn of_deadline(deadline: &Deadline) -> Option<Self> {
        match (deadline.is_cancelled(), deadline.limit()) {
            _ if !deadline.was_noticed() => None,
            (false, Some(limit)) => Some(Self::TimedOut { limit }),
            _ => Some(Self::Cancelled),
        }
    }

    /// Checks the clock and fails once the deadline has passed.
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
    /// No build was ever completed here.
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
    /// The disk failed, or permission was denied.
    #[error("cannot read {}", path.display())]
    Io {
        /// What could not be read.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The index is damaged.
    #[error("the index in {} is damaged", dir.display())]
    Damaged {
        /// The index's folder.
        dir: PathBuf,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// No node of the cluster answers.
    #[error("no answer from the cluster {cluster}")]
    Unreachable {
        /// Its nodes.
        cluster: String,
        /// What was tried last, and why it failed.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The cluster answers with a certificate that is not trusted.
    #[error("the certificate of the cluster {cluster} is not trusted")]
    Untrusted {
        /// Its nodes.
        cluster: String,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The cluster does not do what was asked, for instance because the password is wrong.
    #[error("the cluster {cluster} refuses with status {status}: {reason}")]
    Refused {
        /// Its nodes.
        cluster: String,
        /// The HTTP status.
        status: u16,
        /// The cluster's name for the reason, such as `cluster_block_exception`; empty if it has none.
        kind: String,
        /// Why, in the words of the cluster.
        reason: String,
    },
    /// No build of this corpus was ever completed in the cluster.
    #[error("no corpus `{name}` in the cluster {cluster}")]
    NoCorpus {
        /// Its nodes.
        cluster: String,
        /// The name of the corpus.
        name: String,
    },
    /// What has the name of the corpus in the cluster is not of Findings.
    #[error("`{index}` in the cluster {cluster} was not made by this program")]
    ForeignIndex {
        /// Its nodes.
        cluster: String,
        /// The name of the cluster's index.
        index: String,
    },
    /// Another program changed the corpus, so that answers from it could be wrong.
    #[error("`{index}` in the cluster {cluster} was changed by another program: {what}")]
    ChangedIndex {
        /// Its nodes.
        cluster: String,
        /// The name of the cluster's index.
        index: String,
        /// What was changed.
        what: String,
    },
    /// Another version of Findings built the corpus.
    #[error(
        "the corpus `{name}` in the cluster {cluster} has format {found} and this program reads \
         format {expected}"
    )]
    OtherFormat {
        /// The cluster's nodes.
        cluster: String,
        /// The name of the corpus.
        name: String,
        /// The version found.
        found: u32,
        /// The version that can be read.
        expected: u32,
    },
    /// The corpus is damaged.
    #[error("the corpus `{name}` in the cluster {cluster} is damaged")]
    DamagedCorpus {
        /// The cluster's nodes.
        cluster: String,
        /// The name of the corpus.
        name: String,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
}

/// Why nothing, or nothing more, could be written. What was committed before stays untouched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// Another build is running.
    #[error("the index is being written by {holder}; wait until it has ended, or stop it")]
    Locked {
        /// Who holds the lock, in words.
        holder: String,
    },
    /// The path names a file.
    #[error("{} is not a folder; name a folder for the index", dir.display())]
    NotAFolder {
        /// The path.
        dir: PathBuf,
    },
    /// The disk failed, or permission was denied.
    #[error("cannot write {}", path.display())]
    Io {
        /// What could not be written.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The existing index cannot be read.
    #[error("cannot update the index in {}: delete the folder and build it again", dir.display())]
    Unreadable {
        /// The folder of the index in this format; the history is not in it.
        dir: PathBuf,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The history could not be read or written.
    #[error("cannot keep the history in {}; the index is as it was before", dir.display())]
    History {
        /// The index's folder.
        dir: PathBuf,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The engine failed, for instance because the disk is full.
    #[error("cannot write the index in {}; the index is as it was before", dir.display())]
    Engine {
        /// The index's folder.
        dir: PathBuf,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// No node of the cluster answers.
    #[error("no answer from the cluster {cluster}; the corpus is as it was before")]
    Unreachable {
        /// Its nodes.
        cluster: String,
        /// What was tried last, and why it failed.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The cluster answers with a certificate that is not trusted.
    #[error("the certificate of the cluster {cluster} is not trusted")]
    Untrusted {
        /// Its nodes.
        cluster: String,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The cluster does not do what was asked, for instance because it is read-only.
    #[error(
        "the cluster {cluster} refuses with status {status}: {reason}; the corpus is as it was before"
    )]
    Refused {
        /// Its nodes.
        cluster: String,
        /// The HTTP status.
        status: u16,
        /// The cluster's name for the reason, such as `cluster_block_exception`; empty if it has none.
        kind: String,
        /// Why, in the words of the cluster.
        reason: String,
    },
    /// Another program changed the corpus, which is left as it is.
    #[error("`{index}` in the cluster {cluster} was changed by another program: {what}")]
    ChangedIndex {
        /// Its nodes.
        cluster: String,
        /// The name of the cluster's index.
        index: String,
        /// What was changed.
        what: String,
    },
    /// One report is not taken, for instance because something in it is too long. Nothing of it was
    /// written, and others can be.
    #[error("the report {report} was not taken: {reason}")]
    NotTaken {
        /// The report's id.
        report: String,
        /// Why, in the words of the engine.
        reason: String,
    },
    /// What has the name of the corpus in the cluster is not of Findings; it is left alone.
    #[error("`{index}` in the cluster {cluster} was not made by this program and is left alone")]
    ForeignIndex {
        /// Its nodes.
        cluster: String,
        /// The name of the cluster's index.
        index: String,
    },
    /// The existing corpus cannot be read.
    #[error("cannot update the corpus `{name}` in the cluster {cluster}: it cannot be read")]
    UnreadableCorpus {
        /// The cluster's nodes.
        cluster: String,
        /// The name of the corpus.
        name: String,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The cluster failed while it was written to.
    #[error("cannot write the corpus `{name}` in the cluster {cluster}; it is as it was before")]
    Unwritten {
        /// The cluster's nodes.
        cluster: String,
        /// The name of the corpus.
        name: String,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
}
