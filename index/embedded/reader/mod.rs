//! Answers searches and hands out records.

mod check;
mod compare;
mod each;
mod hits;
mod search;
mod sections;
mod similar;
mod statistics;
mod terms;
mod unheld;

use crate::embedded::store::open::{OpenError, ReadError, Snapshot};
pub use similar::{Similar, SimilarRequest};

use crate::embedded::plan::{Planner, Vocabulary, documents};
use crate::embedded::store::schema::{COLUMNS, DATE, Fields, INDEX_VERSION, NUMBERS, ORDER, doc};
use crate::embedded::store::values::{Numbers, Values};
use crate::language::acronyms::Acronyms;
use crate::language::lexicon::{Lexicon, Synonyms, Widened};
use crate::language::query::{Query, QueryError};
use crate::language::topic::Taxonomy;
use crate::language::words::Stemmer;
use crate::records::ledger::Ledger;
use crate::records::{ParagraphRecord, ReportRecord};
use crate::request::{Corpus, Facet, Filters, ReportHead, SearchRequest};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use tantivy::query::{BooleanQuery, EnableScoring, Occur, Query as EngineQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocAddress, DocSet, TERMINATED, TantivyError};

/// Ids further from what was asked are no help.
const LIKENESS: f64 = 0.75;
/// Of three letters one may differ in what is proposed for a name.
const LETTERS_ALIKE: f64 = 0.66;
/// Shorter parts of an id are parts of too many.
const PART: usize = 4;
/// How many ids are proposed.
const PROPOSALS: usize = 3;

/// Why a search or a look-up failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// The tree is larger than what is searched.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The search took longer than it may.
    #[error(
        "the search took longer than {} and was given up; ask for less at once: fewer \
         wildcards, alternatives and words near one another",
        seconds(*limit)
    )]
    TimedOut {
        /// How long it may take, in milliseconds.
        limit: u64,
    },
    /// Reports were asked for by a condition on paragraphs.
    #[error("reports have no kind; take the condition away or search paragraphs")]
    KindOfReports,
    /// A comparison by no dimension, by more than two, or by one twice.
    #[error("a comparison takes one dimension, or two different ones")]
    Dimensions,
    /// A comparison of boilerplate alone, which says nothing about anybody.
    #[error("boilerplate is never compared; name another kind of paragraph, or none")]
    NothingToCompare,
    /// The index could not be read.
    #[error("cannot read the index; run `findings index` anew")]
    Index {
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

fn seconds(milliseconds: u64) -> String {
    format!("{} s", milliseconds as f64 / 1_000.0)
}

impl From<ReadError> for SearchError {
    fn from(source: ReadError) -> Self {
        Self::Index { source: Box::new(source) }
    }
}

impl From<TantivyError> for SearchError {
    fn from(source: TantivyError) -> Self {
        ReadError::from(source).into()
    }
}

/// What a cell holds; where it is empty, it is read first.
fn held<T>(
    cell: &OnceLock<T>,
    read: impl FnOnce() -> Result<T, SearchError>,
) -> Result<&T, SearchError> {
    if let Some(held) = cell.get() {
        return Ok(held);
    }
    let read = read()?;
    Ok(cell.get_or_init(|| read))
}

/// The same where there may be no cell.
fn held_or_read<T: Clone>(
    cell: Option<&OnceLock<T>>,
    read: impl FnOnce() -> Result<T, SearchError>,
) -> Result<T, SearchError> {
    match cell {
        Some(cell) => held(cell, read).cloned(),
        None => read(),
    }
}

/// Whether two ids begin with words that are alike, or one holds the other: what has the year and
/// the framework in common but not the authority is not meant.
fn begins_alike(id: &str, wanted: &str) -> bool {
    let first = |id: &str| id.split('-').next().unwrap_or_default().to_owned();
    wanted.len() >= PART && id.contains(wanted)
        || strsim::normalized_damerau_levenshtein(&first(id), &first(wanted)) >= LETTERS_ALIKE
}

/// An index open for reading: the state of one commit, whatever is written meanwhile. Cheap to
/// open; can be shared by threads.
pub struct IndexReader {
    snapshot: Snapshot,
    corpus: Corpus,
    /// In the order of [`COLUMNS`]; read when first needed.
    values: [OnceLock<Arc<Values>>; 10],
    /// In the order of [`NUMBERS`]; opened when first needed.
    numbers: [OnceLock<Arc<Numbers>>; 4],
    /// By the numbers of the reports in their column; each read when first shown.
    heads: OnceLock<Box<[OnceLock<ReportHead>]>>,
    headings: OnceLock<Vec<String>>,
    taxonomy: OnceLock<Taxonomy>,
    acronyms: OnceLock<Acronyms>,
}

impl std::fmt::Debug for IndexReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IndexReader").field("corpus", &self.corpus).finish_non_exhaustive()
    }
}

impl IndexReader {
    /// Opens the index in `dir` as of its last commit.
    ///
    /// # Errors
    /// [`OpenError::Missing`] where nothing was ever built, [`OpenError::Incompatible`] where
    /// another version of Findings built it.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        let snapshot = Snapshot::open(dir)?;
        let corpus = snapshot.payload.clone().into_corpus();
        Ok(Self {
            snapshot,
            corpus,
            values: Default::default(),
            numbers: Default::default(),
            heads: OnceLock::new(),
            headings: OnceLock::new(),
            taxonomy: OnceLock::new(),
            acronyms: OnceLock::new(),
        })
    }

    /// What the index holds.
    #[must_use]
    pub fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// The version of the index's format.
    #[must_use]
    pub fn version(&self) -> u32 {
        INDEX_VERSION
    }

    /// The ledger of the build that made the index.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn ledger(&self) -> Result<Ledger, SearchError> {
        Ok(self.snapshot.state()?.0)
    }

    /// The topics by which the paragraphs were tagged. Read when first asked for.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn topics(&self) -> Result<&Taxonomy, SearchError> {
        held(&self.taxonomy, || Ok(self.snapshot.taxonomy()?))
    }

    /// The acronyms that the reports explain. Read when first asked for.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn acronyms(&self) -> Result<&Acronyms, SearchError> {
        held(&self.acronyms, || Ok(self.snapshot.acronyms()?))
    }

    /// Widens a query by other ways of saying what it says: those given, and the acronyms that the
    /// reports explain.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn widen(&self, query: &Query, synonyms: &Synonyms) -> Result<Widened, SearchError> {
        let mut lexicon = Lexicon::new(query, synonyms, self.acronyms()?);
        let field = self.fields().stem;
        let searcher = &self.snapshot.searcher;
        let mut frequency = |stem: &str| {
            // Only weighs whether an acronym is meant: without an answer it is taken for a word.
            searcher.doc_freq(&Term::from_field_text(field, stem)).unwrap_or(u64::MAX)
        };
        Ok(lexicon.widen(query, &mut frequency))
    }

    /// The reports that the filters leave (see [`Filters::leave`]) and of which some paragraph has
    /// one of the topics asked for, by authority, then date, then id.
    ///
    /// # Errors
    /// [`SearchError::KindOfReports`] where paragraphs of some kind are asked for.
    pub fn reports(&self, filters: &Filters) -> Result<Vec<ReportRecord>, SearchError> {
        if !filters.kind.is_empty() {
            return Err(SearchError::KindOfReports);
        }
        let about = self.reports_about(&filters.topic)?;
        let mut reports = Vec::new();
        for address in self.addresses(documents(&self.fields(), doc::REPORT).as_ref())? {
            let report: ReportRecord = self.record(address)?;
            if about.as_ref().is_none_or(|ids| ids.contains(&report.id)) && filters.leave(&report) {
                reports.push(report);
            }
        }
        reports.sort_by(|a, b| {
            let order = |r: &ReportRecord| (r.authority.is_none(), r.authority.clone(), r.date());
            order(a).cmp(&order(b)).then_with(|| a.id.cmp(&b.id))
        });
        Ok(reports)
    }

    /// Ids of the reports with a paragraph of one of these topics; `None` where none is asked for.
    fn reports_about(&self, topics: &[String]) -> Result<Option<BTreeSet<String>>, SearchError> {
        if topics.is_empty() {
            return Ok(None);
        }
        let filters = Filters { topic: topics.to_vec(), ..Filters::default() };
        let facets = vec![Facet::Report];
        let request = SearchRequest { filters, facets, limit: 0, ..SearchRequest::default() };
        let counts = self.search(&request)?.facets.into_iter().flat_map(|facet| facet.counts);
        Ok(Some(counts.filter_map(|count| count.value).collect()))
    }

    /// The report of that id.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn report(&self, id: &str) -> Result<Option<ReportRecord>, SearchError> {
        let address = self.first(self.fields().report_id, id)?;
        address.map(|address| self.record(address)).transpose()
    }

    /// The paragraph of that id.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn paragraph(&self, id: &str) -> Result<Option<ParagraphRecord>, SearchError> {
        let address = self.first(self.fields().id, id)?;
        address.map(|address| self.record(address)).transpose()
    }

    /// The paragraphs of a report in its own order; none if it is not held.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn paragraphs(&self, report_id: &str) -> Result<Vec<ParagraphRecord>, SearchError> {
        let field = self.fields().value(Facet::Report);
        let of_report =
            TermQuery::new(Term::from_field_text(field, report_id), IndexRecordOption::Basic);
        let paragraphs = BooleanQuery::new(vec![
            (Occur::Must, Box::new(of_report) as Box<dyn EngineQuery>),
            (Occur::Must, documents(&self.fields(), doc::PARAGRAPH)),
        ]);
        let mut places = Vec::new();
        let order = self.numbers(ORDER)?;
        for address in self.addresses(&paragraphs)? {
            places.push((order.of(address), address));
        }
        places.sort_unstable();
        places.into_iter().map(|(_, address)| self.record(address)).collect()
    }

    /// Hands every paragraph that the filters leave to `visit`, by authority, date and id of its
    /// report, then in the report's own order. Holds one paragraph and sixteen to forty bytes for
    /// every other in memory.
    ///
    /// # Errors
    /// The first error of `visit`, or that the index cannot be read.
    pub fn export<E: From<SearchError>>(
        &self,
        filters: &Filters,
        mut visit: impl FnMut(&ParagraphRecord) -> Result<(), E>,
    ) -> Result<(), E> {
        for address in self.in_order(&Query::All, filters)? {
            let paragraph: ParagraphRecord = self.record(address)?;
            visit(&paragraph)?;
        }
        Ok(())
    }

    /// The paragraphs that match and that the filters leave, by authority, date and id of their
    /// reports, then in the report's own order.
    fn in_order(&self, query: &Query, filters: &Filters) -> Result<Vec<DocAddress>, SearchError> {
        let authorities = self.values(Facet::Authority)?;
        let reports = self.values(Facet::Report)?;
        let mut planner = self.planner();
        let conditions = planner.filters(filters)?;
        let conditions = conditions.into_iter().map(|(_, query)| query).collect();
        let query = planner.search(query, conditions)?;
        let (dates, orders) = (self.numbers(DATE)?, self.numbers(ORDER)?);
        let mut places = Vec::new();
        let mut segment = None;
        for address in self.addresses(query.as_ref())? {
            let ord = address.segment_ord;
            let columns = match segment.take() {
                Some((at, columns)) if at == ord => columns,
                _ => (authorities.column(ord), reports.column(ord)),
            };
            let (authority, report) = &columns;
            let doc_id = address.doc_id;
            let authority = Some(authority.of(doc_id))
                .filter(|number| !authorities.names[*number as usize].is_empty())
                .unwrap_or(u32::MAX);
            let (date, order) = (dates.of(address), orders.of(address));
            let place = (authority, date, report.of(doc_id), order);
            places.push((place, address));
            segment = Some((ord, columns));
        }
        places.sort_unstable();
        Ok(places.into_iter().map(|(_, address)| address).collect())
    }

    /// Ids of reports that look like this one, the likest first: what was meant, perhaps.
    #[must_use]
    pub fn ids_like(&self, id: &str) -> Vec<String> {
        let Ok(values) = self.values(Facet::Report) else {
            return Vec::new();
        };
        let wanted = id.split('/').next().unwrap_or(id).to_lowercase();
        let mut near: Vec<(f64, &String)> = values
            .names
            .iter()
            .filter(|name| !name.is_empty())
            .map(|name| {
                let is_part = wanted.len() >= PART && name.contains(&wanted);
                let likeness = strsim::jaro_winkler(name, &wanted);
                (if is_part { likeness.max(1.0) } else { likeness }, name)
            })
            .filter(|(likeness, name)| *likeness >= LIKENESS && begins_alike(name, &wanted))
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let best = near.into_iter().take(PROPOSALS);
        best.map(|(_, name)| name.clone()).collect()
    }

    fn fields(&self) -> Fields {
        self.snapshot.fields
    }

    fn planner(&self) -> Planner<'_, Self> {
        Planner {
            fields: self.fields(),
            vocabulary: self,
            stemmer: Stemmer::default(),
            deadline: Arc::default(),
            expanded: 0,
        }
    }

    /// The values of a facet that lies in a column of strings.
    fn values(&self, facet: Facet) -> Result<Arc<Values>, SearchError> {
        let at = COLUMNS.iter().position(|column| *column == facet);
        let read = || Ok(Arc::new(Values::read(&self.snapshot.searcher, facet)?));
        held_or_read(at.map(|at| &self.values[at]), read)
    }

    fn record<T: serde::de::DeserializeOwned>(
        &self,
        address: DocAddress,
    ) -> Result<T, SearchError> {
        Ok(self.snapshot.stored(address, self.fields().record)?)
    }

    /// The head of the report of a paragraph.
    fn head(&self, report: &str) -> Result<ReportHead, SearchError> {
        let reports = self.values(Facet::Report)?;
        let heads = || (0..reports.names.len()).map(|_| OnceLock::new()).collect();
        let heads = self.heads.get_or_init(heads);
        let cell = reports.number(report).and_then(|number| heads.get(number as usize));
        held_or_read(cell, || {
            let address = self.first(self.fields().report_id, report)?;
            let address = address.ok_or(ReadError::Absent("report for a paragraph"))?;
            Ok(self.snapshot.stored(address, self.fields().head)?)
        })
    }

    /// A column of numbers of which every document has one.
    fn numbers(&self, column: &str) -> Result<Arc<Numbers>, SearchError> {
        let at = NUMBERS.iter().position(|held| *held == column);
        let read = || Ok(Arc::new(Numbers::read(&self.snapshot.searcher, column)?));
        held_or_read(at.map(|at| &self.numbers[at]), read)
    }

    /// The first living document with a term.
    fn first(&self, field: Field, text: &str) -> Result<Option<DocAddress>, SearchError> {
        let term = Term::from_field_text(field, text);
        for (at, segment) in (0..).zip(self.snapshot.searcher.segment_readers()) {
            let index = segment.inverted_index(field)?;
            let postings =
                index.read_postings(&term, IndexRecordOption::Basic).map_err(TantivyError::from)?;
            let Some(mut postings) = postings else {
                continue;
            };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if !segment.is_deleted(doc) {
                    return Ok(Some(DocAddress::new(at, doc)));
                }
                doc = postings.advance();
            }
        }
        Ok(None)
    }

    /// All living documents of a query, segment by segment.
    fn addresses(&self, query: &dyn EngineQuery) -> Result<Vec<DocAddress>, SearchError> {
        let searcher = &self.snapshot.searcher;
        let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
        let mut addresses = Vec::new();
        for (at, segment) in (0..).zip(searcher.segment_readers()) {
            weight.for_each_no_score(segment, &mut |docs| {
                let alive = docs.iter().filter(|doc| !segment.is_deleted(**doc));
                addresses.extend(alive.map(|doc| DocAddress::new(at, *doc)));
            })?;
        }
        Ok(addresses)
    }
}

impl Vocabulary for IndexReader {
    type Error = SearchError;

    fn names(&self, facet: Facet) -> Result<Arc<Values>, SearchError> {
        self.values(facet)
    }

    fn headings(&self) -> Result<&[String], SearchError> {
        let all = held(&self.headings, || {
            let field = self.fields().heading;
            let mut headings = BTreeSet::new();
            for segment in self.snapshot.searcher.segment_readers() {
                let index = segment.inverted_index(field)?;
                let mut stream = index.terms().stream().map_err(TantivyError::from)?;
                while stream.advance() {
                    headings.insert(String::from_utf8_lossy(stream.key()).into_owned());
                }
            }
            Ok(headings.into_iter().collect())
        })?;
        Ok(all)
    }

    fn terms(
        &self,
        field: Field,
        prefix: &str,
        accepts: &dyn Fn(&str) -> bool,
        most: usize,
    ) -> Result<Vec<String>, SearchError> {
        let mut terms = BTreeSet::new();
        for segment in self.snapshot.searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let from = index.terms().range().ge(prefix.as_bytes());
            let mut stream = from.into_stream().map_err(TantivyError::from)?;
            while terms.len() <= most && stream.advance() {
                let term = String::from_utf8_lossy(stream.key());
                if !term.starts_with(prefix) {
                    break;
                }
                if accepts(&term) {
                    terms.insert(term.into_owned());
                }
            }
        }
        Ok(terms.into_iter().collect())
    }
}
