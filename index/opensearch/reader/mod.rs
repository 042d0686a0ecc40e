//! Answers requests from a corpus in a cluster.
//!
//! ```text
//! ask      requests to the cluster, to which every part of the corpus must answer
//! found    tree and filters -> a query of the cluster, and whether it is exact
//! fetch    answers of the cluster -> paragraphs, and which of them a tree finds
//! count    totals, facets, synonyms
//! bound    tree -> the most that the score of a paragraph can be, as the cluster computes it
//! best     the best matches, proven
//! search   a search
//! compare  a comparison
//! pages    all matches, paragraphs or reports, a page at a time
//! words    words that are not held, words and phrases counted, similar paragraphs
//! ```

mod ask;
mod best;
mod bound;
mod compare;
mod count;
mod fetch;
mod found;
mod pages;
mod search;
mod words;

use super::address::Address;
use super::client::{Body, Client, Fault, escaped};
use super::layout::Names;
use super::made;
use super::plan::{Queries, field_name};
use super::state::{self, Parts, State, part};
use crate::answering::held::{Held, INDEX_VERSION};
use crate::embedded::excerpt::{Frequencies, Whole, words_with};
use crate::engine::{Engine, OpenError, SearchError};
use crate::language::acronyms::Acronyms;
use crate::language::query::Query;
use crate::language::topic::Taxonomy;
use crate::planning::{Field, Planner, Vocabulary};
use crate::ranking::meaning::{Learned, LearnedTable};
use crate::records::ledger::Ledger;
use crate::records::{Attribute, Authority, ParagraphRecord, ReportHead, ReportRecord, Use};
use crate::request::compare::{CompareRequest, CompareResponse};
use crate::request::terms::{TermsRequest, TermsResponse};
use crate::request::{
    Corpus, Deadline, Hit, HitsRequest, Page, ParagraphsRequest, ReportsRequest, SearchRequest,
    SearchResponse, Similar, SimilarRequest, UnheldWord,
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

/// How many values of a field are listed at a time.
const VALUES: usize = 10_000;

/// One generation of a corpus, open for reading. Can be shared between threads.
pub(crate) struct Reader {
    address: Address,
    client: Arc<Client>,
    names: Names,
    state: State,
    generation: String,
    corpus: Corpus,
    built: Timestamp,
    words: u64,
    opened: Instant,
    /// When it was last made sure that the paragraphs are those that were written.
    looked: Mutex<Instant>,
    /// What is seen in the generation.
    visible: Value,
    values: [OnceLock<Vec<String>>; Attribute::ALL.len()],
    numbers: OnceLock<Vec<String>>,
    headings: OnceLock<Vec<String>>,
    vocabulary: OnceLock<Vec<String>>,
    held: OnceLock<BTreeMap<String, Held>>,
    taxonomy: OnceLock<Taxonomy>,
    authorities: OnceLock<Vec<Authority>>,
    acronyms: OnceLock<Acronyms>,
    learned: OnceLock<Option<Learned>>,
    frequencies: Mutex<Frequencies>,
    heads: Mutex<HashMap<String, Arc<ReportHead>>>,
    orders: pages::Orders,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("corpus", &self.address).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the contents of a cell; if it is empty, reads them first.
fn read_once<T, E>(cell: &OnceLock<T>, read: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
    if let Some(held) = cell.get() {
        return Ok(held);
    }
    let read = read()?;
    Ok(cell.get_or_init(|| read))
}

fn unread(what: impl Into<String>) -> SearchError {
    Fault::unread(what).into()
}

/// The state of the corpus at an address, if anything was ever built there.
fn current(address: &Address, client: &Client) -> Result<State, OpenError> {
    let names = Names::of(address);
    let failed = |fault: Fault| fault.of_opening(address);
    let read = state::read(client, &names, &Deadline::never());
    match read {
        Ok(Some((state, _))) if state.payload.is_some() => Ok(state),
        Ok(_) => match made::is_there(client, &names.state) {
            Err(Fault::Foreign(index)) => Err(failed(Fault::Foreign(index))),
            _ => Err(missing(address, client, &names)),
        },
        // What cannot be read may be somebody else's.
        Err(fault @ Fault::Unread(_)) => {
            made::is_there(client, &names.state).map_err(failed)?;
            Err(failed(fault))
        }
        Err(fault) => Err(failed(fault)),
    }
}

/// Why there is nothing to open.
fn missing(address: &Address, client: &Client, names: &Names) -> OpenError {
    let (cluster, name) = (address.cluster(), address.name().to_owned());
    let path = format!("/{}.state-*?expand_wildcards=open", escaped(address.name()));
    let other = client.ask("GET", &path, Body::None, &Deadline::never());
    let formats = other.ok().and_then(|other| {
        let found = other.as_object()?.keys().filter(|found| **found != names.state);
        let format = |found: &String| found.rsplit_once('-')?.1.split('.').next()?.parse().ok();
        found.filter_map(format).max()
    });
    match formats {
        Some(found) => OpenError::OtherFormat { cluster, name, found, expected: INDEX_VERSION },
        None => OpenError::NoCorpus { cluster, name },
    }
}

/// Returns the name of the last commit.
pub(crate) fn generation(address: &Address) -> Result<String, OpenError> {
    let client = Client::new(address).map_err(|fault| fault.of_opening(address))?;
    Ok(current(address, &client)?.name())
}

impl Reader {
    /// Opens the corpus as of its last commit.
    pub(crate) fn open(address: &Address) -> Result<Self, OpenError> {
        let failed = |fault: Fault| fault.of_opening(address);
        let client = Arc::new(Client::new(address).map_err(failed)?);
        let state = current(address, &client)?;
        let reader = Self::of(address, client, state).map_err(failed)?;
        reader.check_paragraphs().map_err(failed)?;
        Ok(reader)
    }

    /// Opens a corpus in a state that was read.
    pub(crate) fn of(address: &Address, client: Arc<Client>, state: State) -> Result<Self, Fault> {
        let payload =
            state.payload.clone().ok_or_else(|| Fault::unread("nothing was ever built"))?;
        Ok(Self {
            address: address.clone(),
            client,
            names: Names::of(address),
            generation: state.name(),
            built: payload.built,
            words: payload.words,
            corpus: payload.into_corpus(),
            opened: Instant::now(),
            looked: Mutex::new(Instant::now()),
            visible: state.visible(),
            state,
            values: Default::default(),
            numbers: OnceLock::new(),
            headings: OnceLock::new(),
            vocabulary: OnceLock::new(),
            held: OnceLock::new(),
            taxonomy: OnceLock::new(),
            authorities: OnceLock::new(),
            acronyms: OnceLock::new(),
            learned: OnceLock::new(),
            frequencies: Mutex::default(),
            heads: Mutex::default(),
            orders: pages::Orders::default(),
        })
    }

    /// How many paragraphs each of these queries finds.
    fn counts(&self, queries: &[Value], deadline: &Deadline) -> Result<Vec<u64>, SearchError> {
        let bodies: Vec<Value> = queries
            .iter()
            .map(|query| json!({"query": self.seen(&[query]), "size": 0, "track_total_hits": true}))
            .collect();
        let answers = self.ask_all(&bodies, deadline)?;
        answers.iter().map(total).collect()
    }

    /// The paragraphs of the generation that all of these find.
    fn seen(&self, conditions: &[&Value]) -> Value {
        let paragraphs = json!({"term": {"doc": "paragraph"}});
        let mut all = vec![&self.visible, &paragraphs];
        all.extend(conditions);
        json!({"bool": {"filter": all}})
    }

    fn planner(&self) -> Planner<'_, Queries, Self> {
        Planner::new(Queries, self)
    }

    fn part<T: DeserializeOwned>(&self, name: &str) -> Result<T, SearchError> {
        let parts = self.state.parts.get(name).copied();
        let parts = parts.ok_or_else(|| unread(format!("the corpus has no {name}")))?;
        let bytes = self.bytes(name, parts)?;
        postcard::from_bytes(&bytes).map_err(|error| unread(error.to_string()))
    }

    fn bytes(&self, name: &str, parts: Parts) -> Result<Vec<u8>, SearchError> {
        let never = Deadline::never();
        Ok(state::kept(&self.client, &self.names, name, parts, &never)?)
    }

    /// What is known of each report held, by its id.
    pub(crate) fn held(&self) -> Result<&BTreeMap<String, Held>, SearchError> {
        read_once(&self.held, || self.part(part::HELD))
    }

    /// The ids of the reports held, with the SHA-256 of their files.
    pub(crate) fn held_reports(&self) -> Result<Vec<(String, String)>, Fault> {
        let held = self.held().map_err(|error| Fault::unread(error.to_string()))?;
        Ok(held.iter().map(|(id, held)| (id.clone(), held.sha256.clone())).collect())
    }

    /// When the build that made the generation began.
    pub(crate) fn built_at(&self) -> Timestamp {
        self.built
    }

    /// All words, as written and folded, in order.
    fn vocabulary(&self) -> Result<&[String], SearchError> {
        let read = || {
            let counted: Vec<(String, u32)> = self.part(part::WORDS)?;
            Ok::<_, SearchError>(counted.into_iter().map(|(word, _)| word).collect())
        };
        Ok(read_once(&self.vocabulary, read)?)
    }

    fn whole(&self) -> Result<Whole<'_>, SearchError> {
        Ok(Whole {
            paragraphs: self.corpus.paragraphs as u64,
            words: self.words,
            vocabulary: self.vocabulary()?,
        })
    }

    /// All values of a field among the paragraphs that a query finds, with the number of paragraphs that
    /// have each, in order.
    fn all_values(
        &self,
        query: &Value,
        field: &str,
        deadline: &Deadline,
    ) -> Result<Vec<(String, usize)>, SearchError> {
        let mut values = Vec::new();
        let mut after = Value::Null;
        loop {
            let source = json!([{"value": {"terms": {"field": field}}}]);
            let mut composite = json!({"size": VALUES, "sources": source});
            if !after.is_null() {
                composite["after"] = after;
            }
            let body = json!({
                "query": query, "size": 0, "aggs": {"all": {"composite": composite}},
            });
            let answer = self.ask(&body, deadline)?;
            let all = &answer["aggregations"]["all"];
            let buckets = all["buckets"].as_array().cloned().unwrap_or_default();
            for bucket in &buckets {
                let value = match &bucket["key"]["value"] {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                let count = bucket["doc_count"].as_u64().unwrap_or(0);
                values.push((value, usize::try_from(count).unwrap_or(usize::MAX)));
            }
            after = all["after_key"].clone();
            if buckets.len() < VALUES || after.is_null() {
                return Ok(values);
            }
        }
    }

    fn values_of_field(&self, field: &str) -> Result<Vec<String>, SearchError> {
        let all = self.all_values(&self.seen(&[]), field, &Deadline::never())?;
        Ok(all.into_iter().map(|(value, _)| value).collect())
    }

    /// The values of an attribute that is kept as strings, in order.
    fn column(&self, attribute: Attribute) -> Result<&[String], SearchError> {
        let read = || match attribute {
            Attribute::Report => Ok::<_, SearchError>(self.held()?.keys().cloned().collect()),
            attribute => self.values_of_field(attribute.name()),
        };
        Ok(read_once(&self.values[attribute as usize], read)?)
    }
}

/// The exact number of paragraphs that an answer is about.
fn total(answer: &Value) -> Result<u64, SearchError> {
    let total = &answer["hits"]["total"];
    match (total["value"].as_u64(), total["relation"].as_str()) {
        (Some(value), Some("eq")) => Ok(value),
        _ => Err(unread("the total is not exact")),
    }
}

impl Vocabulary for Reader {
    type Error = SearchError;

    fn names(
        &self,
        attribute: Attribute,
        accepts: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<String>, SearchError> {
        let names = self.column(attribute)?.iter();
        Ok(names.filter(|name| !name.is_empty() && accepts(name)).cloned().collect())
    }

    fn headings(&self) -> Result<&[String], SearchError> {
        Ok(read_once(&self.headings, || self.values_of_field(field_name(Field::Heading)))?)
    }

    fn terms(
        &self,
        field: Field,
        prefix: &str,
        accepts: &dyn Fn(&str) -> bool,
        most: usize,
    ) -> Result<Vec<String>, SearchError> {
        let all = match field {
            Field::Number => {
                read_once(&self.numbers, || self.values_of_field(field_name(Field::Number)))?
            }
            _ => self.vocabulary()?,
        };
        Ok(words_with(all, prefix, accepts, most))
    }
}

impl Engine for Reader {
    fn built(&self) -> Timestamp {
        self.built
    }

    fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    fn version(&self) -> u32 {
        INDEX_VERSION
    }

    fn generation(&self) -> &str {
        &self.generation
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

    fn report(&self, id: &str) -> Result<Option<ReportRecord>, SearchError> {
        self.record(&json!([{"term": {"doc": "report"}}, {"term": {"id": id}}]))
    }

    fn paragraph(&self, id: &str) -> Result<Option<ParagraphRecord>, SearchError> {
        self.record(&json!([{"term": {"doc": "paragraph"}}, {"term": {"id": id}}]))
    }

    fn values(&self, attribute: Attribute) -> Result<Vec<String>, SearchError> {
        crate::answering::serving::serving(Use::Facet, &[attribute])?;
        if attribute == Attribute::Year {
            let years = self.values_of_field("year")?.into_iter();
            return Ok(years.filter(|year| year != "0").collect());
        }
        let names = self.column(attribute)?.iter();
        Ok(names.filter(|name| !name.is_empty()).cloned().collect())
    }

    fn frequency(&self, stem: &str) -> Result<u64, SearchError> {
        let wanted = [(Field::Stem, stem.to_owned())];
        Ok(self.frequencies_of(&wanted, &Deadline::never())?.values().sum())
    }

    fn unheld(&self, query: &Query, deadline: &Deadline) -> Result<Vec<UnheldWord>, SearchError> {
        self.words_unheld(query, deadline)
    }

    fn topics(&self) -> Result<&Taxonomy, SearchError> {
        read_once(&self.taxonomy, || self.part(part::TOPICS))
    }

    fn authorities(&self) -> Result<&[Authority], SearchError> {
        Ok(read_once(&self.authorities, || self.part(part::AUTHORITIES))?)
    }

    fn learned(&self) -> Result<Option<&Learned>, SearchError> {
        let read = || {
            if !self.state.parts.contains_key(part::VECTORS) {
                return Ok(None);
            }
            let (version, bytes) = self.part(part::VECTORS)?;
            let read = Learned::read(LearnedTable { version, bytes });
            read.map(Some).map_err(|source| SearchError::Index { source: Box::new(source) })
        };
        Ok(read_once(&self.learned, read)?.as_ref())
    }

    fn acronyms(&self) -> Result<&Acronyms, SearchError> {
        read_once(&self.acronyms, || self.part(part::ACRONYMS))
    }

    fn ledger(&self) -> Result<Ledger, SearchError> {
        self.part(part::LEDGER)
    }
}
