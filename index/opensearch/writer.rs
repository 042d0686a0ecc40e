//! Writes reports into a corpus, all or nothing.
//!
//! What a build writes is kept at once but not seen: its documents carry the number of the build. Its
//! commit replaces the state of the corpus by compare-and-set. Then, and everywhere at once, what it
//! wrote is seen and what that replaces is not. What is no longer seen is deleted by a later build, once
//! no reader can ask for it any more.

use super::address::Address;
use super::bulk::{Bulk, Operation};
use super::client::{Body, Client, Fault, escaped, whole};
use super::history::Histories;
use super::layout::{self, Names};
use super::reader::Reader;
use super::state::{self, Dead, Lease, Parts, READABLE, State, Version, part};
use crate::answering::held::{Held, Payload, own_name, summary};
use crate::embedded::excerpt::Marks;
use crate::engine::{Build, BuildOptions, Engine as _, WriteError};
use crate::language::acronyms::Acronyms;
use crate::language::topic::Taxonomy;
use crate::language::words;
use crate::ranking::meaning::LearnedTable;
use crate::records::history::Followed;
use crate::records::ledger::Ledger;
use crate::records::{Authority, ParagraphRecord, ReportHead, ReportRecord};
use crate::request::{Corpus, Deadline};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a build that says nothing more keeps the right to build.
const LEASE: Duration = Duration::from_secs(30);
/// How often a build says that it is still there.
const RENEWAL: Duration = Duration::from_secs(5);
/// The pause between attempts to take the right to build.
const PAUSE: Duration = Duration::from_millis(500);
/// How many documents are deleted at a time.
const DELETED: usize = 2_000;

/// The state, with its version, while it is being built on.
struct Holding {
    state: State,
    version: Version,
    is_lost: bool,
}

/// What the renewal and the build share.
struct Shared {
    client: Arc<Client>,
    names: Names,
    number: u64,
    holding: Mutex<Holding>,
    is_over: Mutex<bool>,
    over: Condvar,
}

/// Writes reports into a corpus.
pub(crate) struct Writer {
    address: Address,
    shared: Arc<Shared>,
    renewal: Option<thread::JoinHandle<()>>,
    before: BTreeMap<String, Held>,
    held: Mutex<BTreeMap<String, Held>>,
    /// The reports that this build wrote, with the number of their paragraphs.
    put: Mutex<BTreeMap<String, usize>>,
    /// How many of the reports written contain each word.
    words: Mutex<BTreeMap<String, u32>>,
    ledger: Option<Ledger>,
    taxonomy: Taxonomy,
    authorities: Vec<Authority>,
    vectors: Option<Option<LearnedTable>>,
    histories: Histories,
    has_failed: AtomicBool,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("corpus", &self.address).finish_non_exhaustive()
    }
}

fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

impl Writer {
    /// Opens a corpus for writing, and begins one if there is none.
    pub(crate) fn open(address: &Address, options: &BuildOptions) -> Result<Self, WriteError> {
        let failed = |fault: Fault| fault.of_writing(address);
        let client = Arc::new(Client::new(address).map_err(failed)?);
        let names = Names::of(address);
        prepare(&client, &names).map_err(|error| error.of_writing(address))?;
        let (state, version, number) = take_lease(&client, &names, address, options.wait)?;
        let shared = Arc::new(Shared {
            client,
            names,
            number,
            holding: Mutex::new(Holding { state: state.clone(), version, is_lost: false }),
            is_over: Mutex::new(false),
            over: Condvar::new(),
        });
        let renewing = Arc::clone(&shared);
        let renewal = thread::spawn(move || renewing.renew());
        let mut writer = Self {
            address: address.clone(),
            histories: Histories::open(&shared.client, &shared.names, None).map_err(failed)?,
            shared,
            renewal: Some(renewal),
            before: BTreeMap::new(),
            held: Mutex::default(),
            put: Mutex::default(),
            words: Mutex::default(),
            ledger: None,
            taxonomy: Taxonomy::default(),
            authorities: Vec::new(),
            vectors: None,
            has_failed: AtomicBool::new(false),
        };
        writer.tidy().map_err(failed)?;
        if state.payload.is_some() {
            let client = Arc::clone(&writer.shared.client);
            let reader = Reader::of(address, client, state).map_err(failed)?;
            let unreadable = |source: crate::SearchError| WriteError::UnreadableCorpus {
                cluster: address.cluster(),
                name: address.name().to_owned(),
                source: Box::new(source),
            };
            writer.before = reader.held().map_err(unreadable)?.clone();
            writer.held = Mutex::new(writer.before.clone());
            writer.ledger = Some(reader.ledger().map_err(unreadable)?);
            writer.taxonomy = reader.topics().map_err(unreadable)?.clone();
            writer.authorities = reader.authorities().map_err(unreadable)?.to_vec();
            let client = &writer.shared.client;
            writer.histories =
                Histories::open(client, &writer.shared.names, Some(&reader)).map_err(failed)?;
        }
        Ok(writer)
    }

    fn failed(&self, fault: Fault) -> WriteError {
        self.has_failed.store(true, Ordering::Relaxed);
        fault.of_writing(&self.address)
    }

    fn encoding_failed(&self, error: postcard::Error) -> WriteError {
        self.failed(Fault::unread(error.to_string()))
    }

    /// Deletes what builds that ended early wrote, and what no reader can ask for any more.
    fn tidy(&self) -> Result<(), Fault> {
        let shared = &*self.shared;
        let state = shared.lock().state.clone();
        let (gone, kept): (Vec<Dead>, Vec<Dead>) =
            state.dead.iter().cloned().partition(|dead| is_past(dead.since));
        let left = json!({"range": {"from": {"gt": state.generation, "lt": shared.number}}});
        let mut deleted = self.delete(&left)?;
        let never = Deadline::never();
        let (client, names) = (&shared.client, &shared.names);
        for early in state.generation + 1..shared.number {
            for name in part::ALL {
                state::forget(client, names, name, early, &never)?;
            }
        }
        if !state.skipped.is_empty() {
            deleted += self.delete(&json!({"terms": {"from": state.skipped}}))?;
        }
        if !gone.is_empty() {
            // Readers of older generations are told so before anything is missing.
            let oldest = gone.iter().map(|dead| dead.before).max().unwrap_or(0);
            shared.change(|state| state.oldest = state.oldest.max(oldest))?;
        }
        for dead in &gone {
            for found in dead.found() {
                deleted += self.delete(&found)?;
            }
            for (name, build) in &dead.parts {
                state::forget(client, names, name, *build, &never)?;
            }
        }
        if deleted > 0 {
            shared.refresh()?;
        }
        if !gone.is_empty() {
            shared.change(|state| state.dead = kept)?;
        }
        Ok(())
    }

    /// Deletes all documents that a query finds; returns their number.
    fn delete(&self, query: &Value) -> Result<usize, Fault> {
        let shared = &*self.shared;
        let index = &shared.names.paragraphs;
        let path = format!("/{}/_search?allow_partial_search_results=false", escaped(index));
        let mut deleted = 0;
        let mut after: Option<Value> = None;
        loop {
            let mut body = json!({
                "query": query, "size": DELETED, "_source": false,
                "sort": [{"report": "asc"}, {"order": "asc"}, {"from": "asc"}, {"doc": "asc"}],
            });
            if let Some(after) = &after {
                body["search_after"] = after.clone();
            }
            let answer = shared.client.ask("POST", &path, Body::Json(&body), &Deadline::never())?;
            whole(&answer)?;
            let hits = answer["hits"]["hits"].as_array().cloned().unwrap_or_default();
            let Some(last) = hits.last() else { return Ok(deleted) };
            after = Some(last["sort"].clone());
            deleted += hits.len();
            let operations = hits.iter().map(|hit| Operation {
                index,
                id: hit["_id"].as_str().unwrap_or_default().to_owned(),
                routing: hit["_routing"].as_str().unwrap_or_default(),
                document: None,
            });
            Bulk::new(&shared.client).write(operations)?;
        }
    }

    /// How many reports contain each word, with the changes of this build.
    fn counted_words(
        &self,
        state: &State,
        dead: &[String],
    ) -> Result<BTreeMap<String, u32>, Fault> {
        let mut counts = lock(&self.words).clone();
        let is_all = dead.len() == self.before.len();
        let Some(parts) = state.parts.get(part::WORDS).filter(|_| !is_all) else {
            return Ok(counts);
        };
        let shared = &*self.shared;
        let never = Deadline::never();
        let bytes = state::kept(&shared.client, &shared.names, part::WORDS, *parts, &never)?;
        let before: Vec<(String, u32)> =
            postcard::from_bytes(&bytes).map_err(|error| Fault::unread(error.to_string()))?;
        for (word, reports) in before {
            *counts.entry(word).or_default() += reports;
        }
        if dead.is_empty() {
            return Ok(counts);
        }
        let client = Arc::clone(&shared.client);
        let reader = Reader::of(&self.address, client, state.clone())?;
        for report in dead {
            let mut words = BTreeSet::new();
            reader.each_text(report, &mut |text| words.extend(words::exact(text)))?;
            for word in words {
                if let Some(count) = counts.get_mut(&word) {
                    *count = count.saturating_sub(1);
                }
            }
        }
        counts.retain(|_, count| *count > 0);
        Ok(counts)
    }

    fn keep(&self, name: &str, record: &impl Serialize) -> Result<(String, Parts), WriteError> {
        let bytes = postcard::to_allocvec(record).map_err(|error| self.encoding_failed(error))?;
        let Shared { client, names, number, .. } = &*self.shared;
        let kept = state::keep(client, names, name, *number, &bytes, &Deadline::never());
        Ok((name.to_owned(), kept.map_err(|fault| self.failed(fault))?))
    }

    /// The ids of a report's documents in this build.
    fn ids(&self, report: &str, paragraphs: usize) -> impl Iterator<Item = String> + use<> {
        let number = self.shared.number;
        let report = report.to_owned();
        let own = format!("{number}.{report}");
        let of = move |order: usize| format!("{number}.{report}.{order}");
        (0..paragraphs).map(of).chain([own])
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_past(since: i64) -> bool {
    now().saturating_sub(since) > milliseconds(READABLE)
}

/// Why a corpus could not be prepared.
enum Unprepared {
    Fault(Fault),
    Foreign(String),
}

impl Unprepared {
    fn of_writing(self, address: &Address) -> WriteError {
        match self {
            Self::Fault(fault) => fault.of_writing(address),
            Self::Foreign(index) => WriteError::ForeignIndex { cluster: address.cluster(), index },
        }
    }
}

/// Makes the indexes of a corpus where they are missing.
fn prepare(client: &Client, names: &Names) -> Result<(), Unprepared> {
    let made = [
        (&names.paragraphs, layout::paragraphs()),
        (&names.state, layout::state()),
        (&names.history, layout::state()),
    ];
    let never = Deadline::never();
    for (index, made_with) in made {
        let path = format!("/{}", escaped(index));
        let mappings = match client.ask("GET", &path, Body::None, &never) {
            Ok(found) => found[index]["mappings"].clone(),
            Err(fault) if fault.status() == Some(404) => {
                match client.ask("PUT", &path, Body::Json(&made_with), &never) {
                    Ok(_) => continue,
                    // Another build was faster.
                    Err(Fault::Refused(refusal))
                        if refusal.kind == "resource_already_exists_exception" =>
                    {
                        continue;
                    }
                    Err(fault) => return Err(Unprepared::Fault(fault)),
                }
            }
            Err(fault) => return Err(Unprepared::Fault(fault)),
        };
        if mappings["_meta"]["program"] != "findings" {
            return Err(Unprepared::Foreign(index.clone()));
        }
    }
    Ok(())
}

/// Takes the right to build, and waits for it at most this long.
fn take_lease(
    client: &Client,
    names: &Names,
    address: &Address,
    wait: Duration,
) -> Result<(State, Version, u64), WriteError> {
    let never = Deadline::never();
    let failed = |fault: Fault| fault.of_writing(address);
    let started = Instant::now();
    loop {
        let read = state::read(client, names, &never).map_err(failed)?;
        let (mut state, version) = match read {
            Some((state, version)) => (state, Some(version)),
            None => (State { corpus: new_name(), ..State::default() }, None),
        };
        match state.lease.as_ref().filter(|lease| lease.until > now()) {
            Some(lease) if started.elapsed() >= wait => {
                return Err(WriteError::Locked { holder: lease.holder.clone() });
            }
            Some(_) => {}
            None => {
                let number = state.number + 1;
                let until = now() + milliseconds(LEASE);
                state.number = number;
                state.lease = Some(Lease { number, holder: own_name(), until });
                let taken =
                    state::replace(client, names, &state, version, &never).map_err(failed)?;
                if let Some(version) = taken {
                    return Ok((state, version, number));
                }
                continue;
            }
        }
        thread::sleep(PAUSE.min(wait));
    }
}

/// A name that no other corpus has.
fn new_name() -> String {
    let own = format!("{} {} {:?}", own_name(), Timestamp::now(), thread::current().id());
    hex::encode(&Sha256::digest(own)[..6])
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, Holding> {
        lock(&self.holding)
    }

    /// Changes the state of the corpus; fails if the right to build is lost.
    fn change(&self, change: impl FnOnce(&mut State)) -> Result<(), Fault> {
        let mut holding = self.lock();
        if holding.is_lost {
            return Err(lost());
        }
        let mut state = holding.state.clone();
        change(&mut state);
        let never = Deadline::never();
        match state::replace(&self.client, &self.names, &state, Some(holding.version), &never)? {
            Some(version) => {
                holding.state = state;
                holding.version = version;
                Ok(())
            }
            None => {
                holding.is_lost = true;
                Err(lost())
            }
        }
    }

    fn renew(&self) {
        let mut is_over = lock(&self.is_over);
        while !*is_over {
            let (guard, _) =
                self.over.wait_timeout(is_over, RENEWAL).unwrap_or_else(PoisonError::into_inner);
            is_over = guard;
            if *is_over {
                return;
            }
            drop(is_over);
            let until = now() + milliseconds(LEASE);
            // Whatever fails, fails again when something is written or committed.
            let _ = self.change(|state| {
                if let Some(lease) = &mut state.lease {
                    lease.until = until;
                }
            });
            is_over = lock(&self.is_over);
        }
    }

    /// Makes what was written or deleted visible in every copy.
    fn refresh(&self) -> Result<(), Fault> {
        for index in [&self.names.paragraphs, &self.names.history] {
            let path = format!("/{}/_refresh", escaped(index));
            let answer = self.client.ask("POST", &path, Body::None, &Deadline::never())?;
            let failed = answer["_shards"]["failed"].as_u64().unwrap_or(0);
            if failed > 0 {
                return Err(Fault::Partial(format!("{failed} parts of the corpus failed")));
            }
        }
        Ok(())
    }
}

fn lost() -> Fault {
    Fault::Partial(
        "another build took over, since this one was not heard of for too long".to_owned(),
    )
}

impl Drop for Writer {
    fn drop(&mut self) {
        *lock(&self.shared.is_over) = true;
        self.shared.over.notify_all();
        if let Some(renewal) = self.renewal.take() {
            let _ = renewal.join();
        }
        let number = self.shared.number;
        let is_held = self.shared.lock().state.lease.as_ref().is_some_and(|l| l.number == number);
        if is_held {
            // The next build need not wait until the lease ends.
            let _ = self.shared.change(|state| state.lease = None);
        }
    }
}

impl Build for Writer {
    fn held(&self) -> Option<&Ledger> {
        self.ledger.as_ref()
    }

    fn tagged_by(&mut self, taxonomy: Taxonomy) {
        self.taxonomy = taxonomy;
    }

    fn named_by(&mut self, authorities: Vec<Authority>) {
        self.authorities = authorities;
    }

    fn learned_by(&mut self, learned: Option<LearnedTable>) {
        self.vectors = Some(learned);
    }

    fn present(&mut self, files: HashSet<String>) {
        self.histories.present(files);
    }

    fn keep_times(&mut self) {
        self.histories.keep_times();
    }

    fn set_aside(&self) -> Option<&Path> {
        None
    }

    fn put(&self, report: &ReportRecord, paragraphs: &[ParagraphRecord]) -> Result<(), WriteError> {
        let followed = self.histories.follow(report, paragraphs);
        let Followed { report: stamp, paragraphs: stamps, .. } =
            followed.map_err(|fault| self.failed(fault))?;
        let Shared { client, names, number, .. } = &*self.shared;
        let head = ReportHead::from(report);
        let mut held = Held {
            sha256: report.sha256.clone(),
            paragraphs: paragraphs.len(),
            words: 0,
            acronyms: report.acronyms.clone(),
        };
        let mut marks = Marks::default();
        let mut own_words = BTreeSet::new();
        let mut documents = Vec::with_capacity(paragraphs.len() + 1);
        for (order, (paragraph, stamp)) in paragraphs.iter().zip(stamps).enumerate() {
            held.words += words::estimate(&paragraph.text);
            own_words.extend(words::exact(&paragraph.text));
            let stamped = ParagraphRecord {
                first_indexed: Some(stamp.first_indexed),
                changed: Some(stamp.changed),
                ..paragraph.clone()
            };
            let document = layout::paragraph(&head, &stamped, order, *number, &mut marks);
            documents.push(document.map_err(|error| self.encoding_failed(error))?);
        }
        let stamped = ReportRecord {
            first_indexed: Some(stamp.first_indexed),
            changed: Some(stamp.changed),
            ..report.clone()
        };
        let document = layout::report(&stamped, *number);
        documents.push(document.map_err(|error| self.encoding_failed(error))?);
        let before = lock(&self.put).insert(report.id.clone(), paragraphs.len());
        let operation = |id, document| Operation {
            index: &names.paragraphs,
            id,
            routing: &report.id,
            document,
        };
        let written = self.ids(&report.id, paragraphs.len()).zip(documents);
        let written = written.map(|(id, document)| operation(id, Some(document)));
        // Of a report that is put a second time, nothing of the first may remain.
        let more = before.into_iter().flat_map(|before| {
            let first = before.min(paragraphs.len());
            self.ids(&report.id, before).take(before).skip(first).collect::<Vec<_>>()
        });
        let more = more.map(|id| operation(id, None));
        Bulk::new(client).write(written.chain(more)).map_err(|fault| self.failed(fault))?;
        if before.is_none() {
            let mut words = lock(&self.words);
            for word in own_words {
                *words.entry(word).or_default() += 1;
            }
        }
        lock(&self.held).insert(report.id.clone(), held);
        Ok(())
    }

    fn remove(&self, report_id: &str) -> Result<(), WriteError> {
        lock(&self.held).remove(report_id);
        let Some(paragraphs) = lock(&self.put).remove(report_id) else { return Ok(()) };
        let Shared { client, names, .. } = &*self.shared;
        let operations = self.ids(report_id, paragraphs).map(|id| Operation {
            index: &names.paragraphs,
            id,
            routing: report_id,
            document: None,
        });
        Bulk::new(client).write(operations).map_err(|fault| self.failed(fault))
    }

    fn commit(self: Box<Self>, ledger: &Ledger) -> Result<Corpus, WriteError> {
        if self.has_failed.load(Ordering::Relaxed) {
            return Err(self.failed(Fault::unread("something could not be written")));
        }
        let number = self.shared.number;
        let held = std::mem::take(&mut *lock(&self.held));
        let put = lock(&self.put).clone();
        let is_dead = |id: &&String| !held.contains_key(*id) || put.contains_key(*id);
        let dead: Vec<String> = self.before.keys().filter(is_dead).cloned().collect();
        let is_all = !dead.is_empty() && dead.len() == self.before.len();
        let state = self.shared.lock().state.clone();
        let failed = |fault| self.failed(fault);
        self.shared.refresh().map_err(failed)?;
        let payload: Payload = summary(&held, self.histories.now());
        let acronyms = Acronyms::learn(held.values().map(|report| report.acronyms.as_slice()));
        let words = self.counted_words(&state, &dead).map_err(failed)?;
        let words: Vec<(String, u32)> = words.into_iter().collect();
        let mut parts = BTreeMap::from([
            self.keep(part::LEDGER, ledger)?,
            self.keep(part::HELD, &held)?,
            self.keep(part::TOPICS, &self.taxonomy)?,
            self.keep(part::ACRONYMS, &acronyms)?,
            self.keep(part::AUTHORITIES, &self.authorities)?,
            self.keep(part::WORDS, &words)?,
        ]);
        match &self.vectors {
            Some(Some(LearnedTable { version, bytes })) => {
                parts.extend([self.keep(part::VECTORS, &(version, bytes))?]);
            }
            Some(None) => {}
            None => {
                parts
                    .extend(state.parts.get_key_value(part::VECTORS).map(|(n, p)| (n.clone(), *p)));
            }
        }
        self.histories
            .commit(held.values().map(|report| report.sha256.as_str()))
            .map_err(failed)?;
        let kept: Vec<(String, u64)> = state
            .parts
            .iter()
            .filter(|(name, kept)| parts.get(*name) != Some(*kept))
            .map(|(name, kept)| (name.clone(), kept.build))
            .collect();
        self.shared
            .change(|state| {
                state.skipped.extend(state.generation + 1..number);
                state.generation = number;
                if !dead.is_empty() || !kept.is_empty() {
                    let since = now();
                    let reports = if is_all { Vec::new() } else { dead };
                    state.dead.push(Dead { before: number, since, reports, is_all, parts: kept });
                }
                state.lease = None;
                state.payload = Some(payload.clone());
                state.parts = parts.clone();
            })
            .map_err(failed)?;
        Ok(payload.into_corpus())
    }
}
