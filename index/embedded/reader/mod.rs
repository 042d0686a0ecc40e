//! Answers searches and returns records.

mod compare;
mod each;
mod hits;
mod search;
mod similar;
mod statistics;
mod terms;
mod unheld;

use crate::answering::held::INDEX_VERSION;
use crate::answering::serving::serving;
use crate::answering::unheld::words_unheld;
use crate::embedded::store::open::{ReadError, Snapshot};
use crate::engine::{Engine, OpenError, SearchError};

use crate::embedded::plan::{Queries, documents, field_of};
use crate::embedded::store::schema::{DATE, Fields, NUMBERS, ORDER, doc};
use crate::embedded::store::values::{Numbers, Values};
use crate::language::acronyms::Acronyms;
use crate::language::query::Query;
use crate::language::topic::Taxonomy;
use crate::planning::{Field as PlannedField, Planner, Vocabulary};
use crate::ranking::meaning::Learned;
use crate::records::ledger::Ledger;
use crate::records::{Attribute, Authority, ParagraphRecord, ReportHead, ReportRecord, Use};
use crate::request::compare::{CompareRequest, CompareResponse};
use crate::request::terms::{TermsRequest, TermsResponse};
use crate::request::{
    Corpus, Deadline, Filters, Hit, HitsRequest, Page, ParagraphsRequest, ReportsRequest,
    SearchRequest, SearchResponse, Similar, SimilarRequest, UnheldWord,
};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use tantivy::query::{Bm25StatisticsProvider, EnableScoring, Query as EngineQuery};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocAddress, DocSet, TERMINATED, TantivyError};

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

/// Returns the contents of a cell; if it is empty, reads them first.
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

/// Does the same if there is a cell; otherwise reads.
fn held_or_read<T: Clone>(
    cell: Option<&OnceLock<T>>,
    read: impl FnOnce() -> Result<T, SearchError>,
) -> Result<T, SearchError> {
    match cell {
        Some(cell) => held(cell, read).cloned(),
        None => read(),
    }
}

/// An index open for reading: the state of one commit, whatever is written meanwhile. Cheap to
/// open; can be shared between threads.
pub struct IndexReader {
    snapshot: Snapshot,
    corpus: Corpus,
    /// The string columns, by attribute; each is read when first needed.
    values: [OnceLock<Arc<Values>>; Attribute::ALL.len()],
    /// The numeric columns, in the order of [`NUMBERS`]; each is opened when first needed.
    numbers: [OnceLock<Arc<Numbers>>; NUMBERS.len()],
    /// The heads, by the number of the report in its column; each is read when first shown.
    heads: OnceLock<Box<[OnceLock<ReportHead>]>>,
    headings: OnceLock<Vec<String>>,
    taxonomy: OnceLock<Taxonomy>,
    tables: OnceLock<Vec<Authority>>,
    acronyms: OnceLock<Acronyms>,
    learned: OnceLock<Option<Learned>>,
    orders: each::Orders,
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
    /// [`OpenError::Missing`] if no index was ever built here, [`OpenError::Incompatible`] if
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
            tables: OnceLock::new(),
            acronyms: OnceLock::new(),
            learned: OnceLock::new(),
            orders: each::Orders::default(),
        })
    }

    /// The reports that pass the filters (see [`Filters::leave`]), have a paragraph with one of the
    /// topics asked for and none with a topic that is excluded; by authority, then date, then id.
    ///
    /// # Errors
    /// [`SearchError::KindOfReports`] if the filters ask for kinds of paragraph or exclude some;
    /// another error if the time is up or the index cannot be read.
    fn filtered_reports(
        &self,
        filters: &Filters,
        deadline: &Deadline,
    ) -> Result<Vec<ReportRecord>, SearchError> {
        if !filters.kinds().is_empty() || !filters.not.kinds().is_empty() {
            return Err(SearchError::KindOfReports);
        }
        let (wanted, left_out) =
            (filters.values(Attribute::Topic), filters.not.values(Attribute::Topic));
        let about = self.reports_about(wanted, filters.without_denials, deadline)?;
        let excluded = self.reports_about(left_out, false, deadline)?;
        let is_about = |report: &ReportRecord| {
            about.as_ref().is_none_or(|ids| ids.contains(&report.id))
                && excluded.as_ref().is_none_or(|ids| !ids.contains(&report.id))
        };
        let mut reports = Vec::new();
        let held = documents(&self.fields(), doc::REPORT);
        for address in self.addresses(held.as_ref(), deadline)? {
            SearchError::in_time(deadline)?;
            let report: ReportRecord = self.record(address)?;
            if is_about(&report) && filters.leave(&report) {
                reports.push(report);
            }
        }
        reports.sort_by(|a, b| {
            let order = |r: &ReportRecord| (r.authority.is_none(), r.authority.clone(), r.date());
            order(a).cmp(&order(b)).then_with(|| a.id.cmp(&b.id))
        });
        Ok(reports)
    }

    /// Ids of the reports with a paragraph on one of these topics; `None` if no topic is asked for.
    fn reports_about(
        &self,
        topics: &[String],
        without_denials: bool,
        deadline: &Deadline,
    ) -> Result<Option<BTreeSet<String>>, SearchError> {
        if topics.is_empty() {
            return Ok(None);
        }
        let mut filters = Filters::of(Attribute::Topic, topics.to_vec());
        filters.without_denials = without_denials;
        let facets = vec![Attribute::Report];
        let request = SearchRequest { filters, facets, limit: 0, ..SearchRequest::default() };
        let counts =
            self.find(&request, deadline)?.facets.into_iter().flat_map(|facet| facet.counts);
        Ok(Some(counts.filter_map(|count| count.value).collect()))
    }

    /// The paragraphs that match and pass the filters, by authority, date and id of their reports,
    /// then in the report's own order.
    fn in_order(
        &self,
        query: &Query,
        filters: &Filters,
        deadline: &Deadline,
    ) -> Result<Vec<DocAddress>, SearchError> {
        let authorities = self.column(Attribute::Authority)?;
        let reports = self.column(Attribute::Report)?;
        let mut planner = self.planner(deadline);
        let conditions = planner.filters(filters)?;
        let conditions = conditions.into_iter().map(|(_, query)| query).collect();
        let query = planner.search(&filters.looked_for(query), conditions)?;
        let (dates, orders) = (self.numbers(DATE)?, self.numbers(ORDER)?);
        let mut places = Vec::new();
        let mut segment = None;
        for address in self.addresses(query.as_ref(), deadline)? {
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

    fn fields(&self) -> Fields {
        self.snapshot.fields
    }

    fn planner(&self, deadline: &Deadline) -> Planner<'_, Queries, Self> {
        Planner::new(Queries { fields: self.fields(), deadline: deadline.clone() }, self)
    }

    /// The values of an attribute that is a string column.
    fn column(&self, attribute: Attribute) -> Result<Arc<Values>, SearchError> {
        let read = || Ok(Arc::new(Values::read(&self.snapshot.searcher, attribute)?));
        held(&self.values[attribute as usize], read).cloned()
    }

    fn record<T: serde::de::DeserializeOwned>(
        &self,
        address: DocAddress,
    ) -> Result<T, SearchError> {
        Ok(self.snapshot.stored(address, self.fields().record)?)
    }

    /// The head of a report, by its id.
    fn head(&self, report: &str) -> Result<ReportHead, SearchError> {
        let reports = self.column(Attribute::Report)?;
        let heads = || (0..reports.names.len()).map(|_| OnceLock::new()).collect();
        let heads = self.heads.get_or_init(heads);
        let cell = reports.number(report).and_then(|number| heads.get(number as usize));
        held_or_read(cell, || {
            let address = self.first(self.fields().report_id, report)?;
            let address = address.ok_or(ReadError::Absent("report for a paragraph"))?;
            Ok(self.snapshot.stored(address, self.fields().head)?)
        })
    }

    /// A numeric column in which every document has a value.
    fn numbers(&self, column: &str) -> Result<Arc<Numbers>, SearchError> {
        let at = NUMBERS.iter().position(|held| *held == column);
        let read = || Ok(Arc::new(Numbers::read(&self.snapshot.searcher, column)?));
        held_or_read(at.map(|at| &self.numbers[at]), read)
    }

    /// The first live document with a term.
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

    /// All live documents of a query, segment by segment.
    fn addresses(
        &self,
        query: &dyn EngineQuery,
        deadline: &Deadline,
    ) -> Result<Vec<DocAddress>, SearchError> {
        let searcher = &self.snapshot.searcher;
        let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
        let mut addresses = Vec::new();
        for (at, segment) in (0..).zip(searcher.segment_readers()) {
            let visited = weight.for_each_no_score(segment, &mut |docs| {
                // The engine cannot be stopped, but its further matches are ignored.
                if deadline.has_passed() {
                    return;
                }
                let alive = docs.iter().filter(|doc| !segment.is_deleted(**doc));
                addresses.extend(alive.map(|doc| DocAddress::new(at, *doc)));
            });
            SearchError::in_time(deadline)?;
            visited?;
        }
        Ok(addresses)
    }
}

impl Engine for IndexReader {
    fn built(&self) -> Timestamp {
        self.snapshot.payload.built
    }

    fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    fn version(&self) -> u32 {
        INDEX_VERSION
    }

    fn generation(&self) -> &str {
        &self.snapshot.generation
    }

    fn ledger(&self) -> Result<Ledger, SearchError> {
        Ok(self.snapshot.state()?.0)
    }

    fn topics(&self) -> Result<&Taxonomy, SearchError> {
        held(&self.taxonomy, || Ok(self.snapshot.taxonomy()?))
    }

    fn authorities(&self) -> Result<&[Authority], SearchError> {
        Ok(held(&self.tables, || Ok(self.snapshot.authorities()?))?.as_slice())
    }

    fn learned(&self) -> Result<Option<&Learned>, SearchError> {
        let read = || {
            let table = self.snapshot.vectors()?;
            let read = table.map(Learned::read).transpose();
            read.map_err(|source| SearchError::Index { source: Box::new(source) })
        };
        Ok(held(&self.learned, read)?.as_ref())
    }

    fn acronyms(&self) -> Result<&Acronyms, SearchError> {
        held(&self.acronyms, || Ok(self.snapshot.acronyms()?))
    }

    fn report(&self, id: &str) -> Result<Option<ReportRecord>, SearchError> {
        let address = self.first(self.fields().report_id, id)?;
        address.map(|address| self.record(address)).transpose()
    }

    fn paragraph(&self, id: &str) -> Result<Option<ParagraphRecord>, SearchError> {
        let address = self.first(self.fields().id, id)?;
        address.map(|address| self.record(address)).transpose()
    }

    fn search(
        &self,
        request: &SearchRequest,
        deadline: &Deadline,
    ) -> Result<SearchResponse, SearchError> {
        self.find(request, deadline)
    }

    fn compare(
        &self,
        request: &CompareRequest,
        deadline: &Deadline,
    ) -> Result<CompareResponse, SearchError> {
        self.count_groups(request, deadline)
    }

    fn terms(
        &self,
        request: &TermsRequest,
        deadline: &Deadline,
    ) -> Result<TermsResponse, SearchError> {
        self.count_terms(request, deadline)
    }

    fn similar(
        &self,
        request: &SimilarRequest,
        deadline: &Deadline,
    ) -> Result<Option<Similar>, SearchError> {
        self.find_similar(request, deadline)
    }

    fn hits(&self, request: &HitsRequest, deadline: &Deadline) -> Result<Page<Hit>, SearchError> {
        self.page_of_hits(request, deadline)
    }

    fn paragraphs(
        &self,
        request: &ParagraphsRequest,
        deadline: &Deadline,
    ) -> Result<Page<ParagraphRecord>, SearchError> {
        self.page_of_paragraphs(request, deadline)
    }

    fn reports(
        &self,
        request: &ReportsRequest,
        deadline: &Deadline,
    ) -> Result<Page<ReportRecord>, SearchError> {
        self.page_of_reports(request, deadline)
    }

    fn values(&self, attribute: Attribute) -> Result<Vec<String>, SearchError> {
        serving(Use::Facet, &[attribute])?;
        if attribute == Attribute::Year {
            let facets = vec![attribute];
            let request = SearchRequest { facets, limit: 0, ..SearchRequest::default() };
            let counted = self.find(&request, &Deadline::never())?.facets;
            let counts = counted.into_iter().flat_map(|facet| facet.counts);
            let mut years: Vec<String> = counts.filter_map(|count| count.value).collect();
            years.sort_unstable();
            return Ok(years);
        }
        let values = self.column(attribute)?;
        Ok(values.names.iter().filter(|name| !name.is_empty()).cloned().collect())
    }

    fn frequency(&self, stem: &str) -> Result<u64, SearchError> {
        let term = Term::from_field_text(self.fields().stem, stem);
        Ok(self.statistics().doc_freq(&term)?)
    }

    fn unheld(&self, query: &Query, deadline: &Deadline) -> Result<Vec<UnheldWord>, SearchError> {
        words_unheld(self, query, deadline)
    }
}

impl Vocabulary for IndexReader {
    type Error = SearchError;

    fn names(
        &self,
        attribute: Attribute,
        accepts: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<String>, SearchError> {
        let column = self.column(attribute)?;
        let names = column.names.iter().filter(|name| !name.is_empty() && accepts(name));
        Ok(names.cloned().collect())
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
        field: PlannedField,
        prefix: &str,
        accepts: &dyn Fn(&str) -> bool,
        most: usize,
    ) -> Result<Vec<String>, SearchError> {
        let field = field_of(&self.fields(), field);
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
