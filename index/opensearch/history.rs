//! Keeps the histories of reports in an index of their own, outside the generations of a corpus.
//!
//! They outlive its format, as they do on one machine: see [`crate::records::history`] for the rules.

use super::bulk::{Bulk, Operation};
use super::client::{Body, Client, Fault, escaped, whole};
use super::layout::{self, Names};
use super::reader::Reader;
use crate::records::history::known::{Fault as Unknown, Known, after, earlier};
use crate::records::history::{Followed, ReportHistory, follow, plain_id, told};
use crate::records::{ParagraphRecord, ReportRecord};
use crate::request::Deadline;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// How many are listed at a time.
const PAGE: usize = 5_000;

/// The histories, open for one build.
pub(crate) struct Histories {
    client: Arc<Client>,
    names: Names,
    /// The files of which something is known, with the id of their reports.
    files: HashMap<String, String>,
    /// The files that gave a report of an id.
    ids: HashMap<String, Vec<String>>,
    /// The files whose reports were held after the last build.
    held: HashSet<String>,
    /// The files whose reports stay or come in this build.
    present: HashSet<String>,
    /// Whether the times are those of the records.
    keeps_times: bool,
    now: Timestamp,
    /// What this build has noted, by file, with the id of its report.
    pending: Mutex<BTreeMap<String, (String, ReportHistory)>>,
}

impl Histories {
    /// Reads which files are known; what `index` holds and the histories do not is taken from its
    /// records.
    pub(crate) fn open(
        client: &Arc<Client>,
        names: &Names,
        index: Option<&Reader>,
    ) -> Result<Self, Fault> {
        let mut histories = Self {
            client: Arc::clone(client),
            names: names.clone(),
            files: HashMap::new(),
            ids: HashMap::new(),
            held: HashSet::new(),
            present: HashSet::new(),
            keeps_times: false,
            now: after(index.map(Reader::built_at), Timestamp::now()),
            pending: Mutex::default(),
        };
        histories.list()?;
        if let Some(index) = index {
            histories.catch_up(index)?;
        }
        Ok(histories)
    }

    fn list(&mut self) -> Result<(), Fault> {
        let never = Deadline::never();
        let index = escaped(&self.names.history);
        self.client.ask("POST", &format!("/{index}/_refresh"), Body::None, &never)?;
        let path = format!("/{index}/_search?allow_partial_search_results=false");
        let mut after = Value::Null;
        loop {
            let mut body = json!({
                "size": PAGE, "_source": ["file", "plain_id", "held"], "sort": [{"file": "asc"}],
            });
            if !after.is_null() {
                body["search_after"] = after;
            }
            let answer = self.client.ask("POST", &path, Body::Json(&body), &never)?;
            whole(&answer)?;
            let hits = answer["hits"]["hits"].as_array().cloned().unwrap_or_default();
            let Some(last) = hits.last() else { return Ok(()) };
            after = last["sort"].clone();
            for hit in &hits {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let (file, id) = (text(&hit["_source"]["file"]), text(&hit["_source"]["plain_id"]));
                self.ids.entry(id.clone()).or_default().push(file.clone());
                if hit["_source"]["held"] == Value::Bool(true) {
                    self.held.insert(file.clone());
                }
                self.files.insert(file, id);
            }
        }
    }

    /// Notes the history of reports that are held and of which nothing is known.
    fn catch_up(&mut self, index: &Reader) -> Result<(), Fault> {
        for (id, held) in index.held_reports()? {
            if self.files.contains_key(&held) {
                self.held.insert(held);
                continue;
            }
            let Some((report, paragraphs)) = index.whole_report(&id)? else { continue };
            if let Some(history) = ReportHistory::of(&report, &paragraphs, None) {
                let id = plain_id(&report).to_owned();
                self.ids.entry(id.clone()).or_default().push(held.clone());
                self.files.insert(held.clone(), id.clone());
                let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
                pending.insert(held.clone(), (id, history));
            }
            self.held.insert(held);
        }
        Ok(())
    }

    /// The time of this build, which no other build has.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Names the files whose reports stay or come in this build: no other takes their place.
    pub(crate) fn present(&mut self, files: HashSet<String>) {
        self.present = files;
    }

    /// Takes times from the records from now on, where these have them.
    pub(crate) fn keep_times(&mut self) {
        self.keeps_times = true;
    }

    /// Says when a report and its paragraphs came and changed, and notes it.
    pub(crate) fn follow(
        &self,
        report: &ReportRecord,
        paragraphs: &[ParagraphRecord],
    ) -> Result<Followed, Fault> {
        let unread = |error: Unknown| Fault::unread(error.to_string());
        let known = if self.keeps_times { self.of(&report.sha256).map_err(unread)? } else { None };
        let told = self.keeps_times.then(|| told(report, paragraphs, known.as_ref())).flatten();
        let followed = match told {
            Some(followed) => followed,
            None => {
                let known = earlier(self, report, &self.present).map_err(unread)?;
                follow(&known, report, paragraphs, self.now)
            }
        };
        let noted = (plain_id(report).to_owned(), followed.history.clone());
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.insert(report.sha256.clone(), noted);
        Ok(followed)
    }

    /// Keeps what was noted of the reports that are held; of others that were put, nothing came.
    pub(crate) fn commit<'h>(&self, held: impl Iterator<Item = &'h str>) -> Result<(), Fault> {
        let held: HashSet<&str> = held.collect();
        let pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let mut operations = Vec::new();
        let mut write = |file: &str, document: Value| {
            operations.push((file.to_owned(), document));
        };
        for (file, (id, history)) in pending.iter().filter(|(file, _)| held.contains(file.as_str()))
        {
            let part = layout::packed(history).map_err(|error| Fault::unread(error.to_string()))?;
            write(file, json!({"file": file, "plain_id": id, "held": true, "part": part}));
        }
        // Those that are gone, and those that are back without having been read again.
        for (file, id) in &self.files {
            let is_held = held.contains(file.as_str());
            if pending.contains_key(file) && is_held || self.held.contains(file) == is_held {
                continue;
            }
            if let Some(part) = self.packed(file)? {
                write(file, json!({"file": file, "plain_id": id, "held": is_held, "part": part}));
            }
        }
        let index = &self.names.history;
        let operations = operations.iter().map(|(file, document)| Operation {
            index,
            id: file.clone(),
            routing: file,
            document: Some(document.clone()),
        });
        Bulk::new(Arc::clone(&self.client)).write(operations)
    }

    fn packed(&self, file: &str) -> Result<Option<Value>, Fault> {
        let index = escaped(&self.names.history);
        let path = format!("/{index}/_doc/{}", escaped(file));
        match self.client.ask("GET", &path, Body::None, &Deadline::never()) {
            Ok(answer) => Ok(Some(answer["_source"]["part"].clone())),
            Err(fault) if fault.status() == Some(404) => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}

impl Known for Histories {
    fn of(&self, sha256: &str) -> Result<Option<ReportHistory>, Unknown> {
        if !self.files.contains_key(sha256) {
            return Ok(None);
        }
        let packed = self.packed(sha256)?;
        Ok(packed.map(|part| layout::unpacked(&part)).transpose()?)
    }

    fn of_id(&self, plain_id: &str) -> Result<Vec<String>, Unknown> {
        Ok(self.ids.get(plain_id).cloned().unwrap_or_default())
    }

    fn was_held(&self, sha256: &str) -> bool {
        self.held.contains(sha256)
    }
}
