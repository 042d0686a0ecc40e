//! Writes many documents: a few megabytes at a time, no more than the cluster takes.

use super::client::{Body, Client, Fault, Refusal};
use crate::request::Deadline;
use serde_json::{Value, json};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The size of one request, in bytes.
const REQUEST: usize = 2 << 20;
/// What all threads together may have sent without an answer, in bytes.
const IN_FLIGHT: usize = 16 << 20;
/// How often documents that the cluster has no room for are sent again.
const TRIES: u32 = 12;

/// One document to write or to delete.
pub(crate) struct Operation<'d> {
    pub(crate) index: &'d str,
    pub(crate) id: String,
    /// What decides on which machine it is kept.
    pub(crate) routing: &'d str,
    /// The document; `None` deletes it.
    pub(crate) document: Option<Value>,
}

/// Writes documents. Can be used from many threads.
pub(crate) struct Bulk<'c> {
    client: &'c Client,
    free: Mutex<usize>,
    freed: Condvar,
}

impl<'c> Bulk<'c> {
    pub(crate) fn new(client: &'c Client) -> Self {
        Self { client, free: Mutex::new(IN_FLIGHT), freed: Condvar::new() }
    }

    /// Writes all of these; blocks while too much is on its way.
    pub(crate) fn write<'d>(
        &self,
        operations: impl IntoIterator<Item = Operation<'d>>,
    ) -> Result<(), Fault> {
        let mut lines: Vec<Vec<u8>> = Vec::new();
        let mut size = 0;
        for operation in operations {
            let line = line(operation);
            size += line.len();
            lines.push(line);
            if size >= REQUEST {
                self.send(std::mem::take(&mut lines))?;
                size = 0;
            }
        }
        self.send(lines)
    }

    fn send(&self, lines: Vec<Vec<u8>>) -> Result<(), Fault> {
        if lines.is_empty() {
            return Ok(());
        }
        let size = lines.iter().map(Vec::len).sum::<usize>().min(IN_FLIGHT);
        let lock = || self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = lock();
        while *free < size {
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= size;
        drop(free);
        let sent = self.deliver(lines);
        *lock() += size;
        self.freed.notify_all();
        sent
    }

    /// Sends lines until the cluster has taken each.
    fn deliver(&self, mut lines: Vec<Vec<u8>>) -> Result<(), Fault> {
        let mut pause = Duration::from_millis(100);
        for attempt in 1.. {
            let body = lines.concat();
            let path = "/_bulk?filter_path=errors,items.*.status,items.*.error";
            let answer = self.client.ask("POST", path, Body::Lines(&body), &Deadline::never())?;
            if answer["errors"] == Value::Bool(false) {
                return Ok(());
            }
            let items = answer["items"].as_array().ok_or_else(|| {
                Fault::unread("an answer to what was written does not say what became of it")
            })?;
            let mut again = Vec::new();
            let mut full = None;
            for (item, line) in items.iter().zip(lines) {
                let result = item.as_object().and_then(|item| item.values().next());
                let status = result.and_then(|result| result["status"].as_u64()).unwrap_or(500);
                match status {
                    200..=299 => {}
                    // What is to be deleted is gone.
                    404 => {}
                    429 | 503 => {
                        full = Some(refusal(status, result));
                        again.push(line);
                    }
                    _ => return Err(Fault::Refused(refusal(status, result))),
                }
            }
            lines = again;
            match full {
                None => return Ok(()),
                Some(refusal) if attempt >= TRIES => return Err(Fault::Refused(refusal)),
                Some(_) => thread::sleep(pause),
            }
            pause = (pause * 2).min(Duration::from_secs(10));
        }
        Ok(())
    }
}

fn refusal(status: u64, result: Option<&Value>) -> Refusal {
    let text = |name: &str| {
        let text = result.and_then(|result| result["error"][name].as_str());
        text.unwrap_or_default().to_owned()
    };
    Refusal {
        status: u16::try_from(status).unwrap_or(500),
        kind: text("type"),
        reason: text("reason"),
    }
}

fn line(operation: Operation<'_>) -> Vec<u8> {
    let Operation { index, id, routing, document } = operation;
    let target = json!({"_index": index, "_id": id, "routing": routing});
    let mut line = match &document {
        Some(_) => json!({"index": target}),
        None => json!({"delete": target}),
    }
    .to_string();
    line.push('\n');
    if let Some(document) = document {
        line.push_str(&document.to_string());
        line.push('\n');
    }
    line.into_bytes()
}
