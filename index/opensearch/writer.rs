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
use super::lease::{Right, lock, milliseconds, now};
use super::made;
use super::reader::Reader;
use super::state::{self, Dead, Parts, READABLE, State, part};
use crate::answering::held::{Held, Payload, summary};
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
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// How many documents are deleted at a time.
const DELETED: usize = 2_000;

/// Writes reports into a corpus.
pub(crate) struct Writer {
    address: Address,
    right: Right,
    bulk: Bulk,
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
    /// The cluster's own id of the index of paragraphs.
    paragraphs: String,
    has_failed: AtomicBool,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("corpus", &self.address).finish_non_exhaustive()
    }
}

impl Writer {
    /// Opens a corpus for writing, and begins one if there is none.
    pub(crate) fn open(address: &Address, options: &BuildOptions) -> Result<Self, WriteError> {
        let failed = |fault: Fault| fault.of_writing(address);
        let client = Client::patient(address).map_err(failed)?;
        let names = Names::of(address);
        prepare(&client, &names).map_err(failed)?;
        let made::Looked { id } = made::look(&client, &names).map_err(failed)?;
        let right = Right::take(client, names, address, options.wait)?;
        let state = right.state();
        if state.payload.is_some() && state.paragraphs != id {
            return Err(failed(made::replaced(right.names())));
        }
        let mut writer = Self {
            address: address.clone(),
            histories: Histories::open(right.client(), right.names(), None).map_err(failed)?,
            bulk: Bulk::new(Arc::clone(right.client())),
            right,
            before: BTreeMap::new(),
            held: Mutex::default(),
            put: Mutex::default(),
            words: Mutex::default(),
            ledger: None,
            taxonomy: Taxonomy::default(),
            authorities: Vec::new(),
            vectors: None,
            paragraphs: id,
            has_failed: AtomicBool::new(false),
        };
        writer.tidy().map_err(failed)?;
        if state.payload.is_some() {
            let client = Arc::clone(writer.right.client());
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
            let client = writer.right.client();
            writer.histories =
                Histories::open(client, writer.right.names(), Some(&reader)).map_err(failed)?;
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
        let right = &self.right;
        let state = right.state();
        let (gone, kept): (Vec<Dead>, Vec<Dead>) =
            state.dead.iter().cloned().partition(|dead| is_past(dead.since));
        let left = json!({"range": {"from": {"gt": state.generation, "lt": right.number()}}});
        let mut deleted = self.delete(&left)?;
        let never = Deadline::never();
        let (client, names) = (right.client(), right.names());
        for early in state.generation + 1..right.number() {
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
            right.change(|state| state.oldest = state.oldest.max(oldest))?;
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
            right.refresh()?;
        }
        if !gone.is_empty() {
            right.change(|state| state.dead = kept)?;
        }
        Ok(())
    }

    /// Deletes all documents that a query finds; returns their number.
    fn delete(&self, query: &Value) -> Result<usize, Fault> {
        let right = &self.right;
        let index = &right.names().paragraphs;
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
            let answer =
                right.client().ask("POST", &path, Body::Json(&body), &Deadline::never())?;
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
            self.bulk.write(operations)?;
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
        let right = &self.right;
        let never = Deadline::never();
        let bytes = state::kept(right.client(), right.names(), part::WORDS, *parts, &never)?;
        let before: Vec<(String, u32)> =
            postcard::from_bytes(&bytes).map_err(|error| Fault::unread(error.to_string()))?;
        for (word, reports) in before {
            *counts.entry(word).or_default() += reports;
        }
        if dead.is_empty() {
            return Ok(counts);
        }
        let client = Arc::clone(right.client());
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
        let (client, names, number) =
            (self.right.client(), self.right.names(), self.right.number());
        let kept = state::keep(client, names, name, number, &bytes, &Deadline::never());
        Ok((name.to_owned(), kept.map_err(|fault| self.failed(fault))?))
    }

    /// Deletes what this build wrote of a report.
    fn unwrite(&self, report_id: &str) -> Result<(), WriteError> {
        let Some(paragraphs) = lock(&self.put).remove(report_id) else { return Ok(()) };
        let operations = self.ids(report_id, paragraphs).map(|id| Operation {
            index: &self.right.names().paragraphs,
            id,
            routing: report_id,
            document: None,
        });
        self.bulk.write(operations).map_err(|fault| self.failed(fault))
    }

    /// The ids of a report's documents in this build.
    fn ids(&self, report: &str, paragraphs: usize) -> impl Iterator<Item = String> + use<> {
        let number = self.right.number();
        let report = report.to_owned();
        let own = format!("{number}.{report}");
        let of = move |order: usize| format!("{number}.{report}.{order}");
        (0..paragraphs).map(of).chain([own])
    }
}

/// Makes the indexes of a corpus where they are missing; none if one of them is another program's, or if
/// there is a corpus and its paragraphs are gone.
fn prepare(client: &Client, names: &Names) -> Result<(), Fault> {
    let has_state = made::is_there(client, &names.state)?;
    let is_built = has_state
        && state::read(client, names, &Deadline::never())?
            .is_some_and(|(state, _)| state.payload.is_some());
    let has_paragraphs = made::is_there(client, &names.paragraphs)?;
    made::is_there(client, &names.history)?;
    if is_built && !has_paragraphs {
        // Says that it is gone.
        made::look(client, names)?;
    }
    made::make(client, &names.paragraphs, &layout::paragraphs())?;
    made::make(client, &names.state, &layout::state())?;
    made::make(client, &names.history, &layout::state())
}

fn is_past(since: i64) -> bool {
    now().saturating_sub(since) > milliseconds(READABLE)
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
        let (names, number) = (self.right.names(), self.right.number());
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
            let document = layout::paragraph(&head, &stamped, order, number, &mut marks);
            documents.push(document.map_err(|error| self.encoding_failed(error))?);
        }
        let stamped = ReportRecord {
            first_indexed: Some(stamp.first_indexed),
            changed: Some(stamp.changed),
            ..report.clone()
        };
        let document = layout::report(&stamped, number);
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
        match self.bulk.write(written.chain(more)) {
            Ok(()) => {}
            Err(Fault::NotTaken(refusal)) => {
                // Of such a report nothing stays, and what was held of it before does.
                self.unwrite(&report.id)?;
                let report = report.id.clone();
                return Err(WriteError::NotTaken { report, reason: refusal.reason });
            }
            Err(fault) => return Err(self.failed(fault)),
        }
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
        self.unwrite(report_id)
    }

    fn commit(self: Box<Self>, ledger: &Ledger) -> Result<Corpus, WriteError> {
        if self.has_failed.load(Ordering::Relaxed) {
            return Err(self.failed(Fault::unread("something could not be written")));
        }
        let number = self.right.number();
        let held = std::mem::take(&mut *lock(&self.held));
        let put = lock(&self.put).clone();
        let is_dead = |id: &&String| !held.contains_key(*id) || put.contains_key(*id);
        let dead: Vec<String> = self.before.keys().filter(is_dead).cloned().collect();
        let is_all = !dead.is_empty() && dead.len() == self.before.len();
        let state = self.right.state();
        let failed = |fault| self.failed(fault);
        self.right.refresh().map_err(failed)?;
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
        self.right
            .change(|state| {
                state.skipped.extend(state.generation + 1..number);
                state.generation = number;
                if !dead.is_empty() || !kept.is_empty() {
                    let since = now();
                    let reports = if is_all { Vec::new() } else { dead };
                    state.dead.push(Dead { before: number, since, reports, is_all, parts: kept });
                }
                state.lease = None;
                state.paragraphs = self.paragraphs.clone();
                state.payload = Some(payload.clone());
                state.parts = parts.clone();
            })
            .map_err(failed)?;
        Ok(payload.into_corpus())
    }
}
