//! Writes many documents: a few megabytes at a time, no more than the cluster takes.

use super::client::{Body, Client, Fault, Refusal};
use crate::request::Deadline;
use serde_json::{Value, json};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
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

/// Writes documents. Is used by many threads, which share what may be on its way.
pub(crate) struct Bulk {
    client: Arc<Client>,
    free: Mutex<usize>,
    freed: Condvar,
}

impl Bulk {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client, free: Mutex::new(IN_FLIGHT), freed: Condvar::new() }
    }

    /// Writes all of these; blocks while too much is on its way. [`Fault::NotTaken`] if one of them can never
    /// be written; others of them may be.
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
                        let refusal = refusal(status, result);
                        if refusal.is_lasting() {
                            return Err(Fault::Refused(refusal));
                        }
                        full = Some(refusal);
                        again.push(line);
                    }
                    // The cluster works; it is this document that it does not take.
                    400 => return Err(Fault::NotTaken(refusal(status, result))),
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
    let (reason, cause) = (text("reason"), {
        let cause = result.and_then(|result| result["error"]["caused_by"]["reason"].as_str());
        cause.unwrap_or_default()
    });
    let reason = if cause.is_empty() { reason } else { format!("{reason}: {cause}") };
    Refusal::new(u16::try_from(status).unwrap_or(500), text("type"), &reason)
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

#[cfg(test)]
mod tests {
    use super::{Bulk, Operation, REQUEST};
    use crate::opensearch::client::{Client, Fault};
    use crate::opensearch::double::{Asked, Double};
    use serde_json::json;
    use std::sync::Arc;

    /// A document with an id and this text; none deletes it.
    fn operation<'o>(id: &str, text: Option<&str>) -> Operation<'o> {
        let document = text.map(|text| json!({"text": text}));
        Operation { index: "i", id: id.to_owned(), routing: "r", document }
    }

    fn written(
        answers: &[(u16, &str)],
        operations: Vec<Operation<'_>>,
    ) -> (Result<(), Fault>, Vec<Asked>) {
        let node = Double::answering(answers);
        let client = Client::new(&node.address()).unwrap();
        let written = Bulk::new(Arc::new(client)).write(operations);
        (written, node.asked())
    }

    #[test]
    fn what_the_cluster_had_no_room_for_is_sent_again_and_nothing_else() {
        let full = r#"{"errors": true, "items": [{"index": {"status": 201}},
            {"index": {"status": 429, "error": {"type": "rejected", "reason": "full"}}}]}"#;
        let done = r#"{"errors": false}"#;
        let operations = vec![operation("a", Some("one")), operation("b", Some("two"))];
        let (written, asked) = written(&[(200, full), (200, done)], operations);
        written.unwrap();
        insta::assert_snapshot!(asked[0].body, @r#"
        {"index":{"_id":"a","_index":"i","routing":"r"}}
        {"text":"one"}
        {"index":{"_id":"b","_index":"i","routing":"r"}}
        {"text":"two"}
        "#);
        insta::assert_snapshot!(asked[1].body, @r#"
        {"index":{"_id":"b","_index":"i","routing":"r"}}
        {"text":"two"}
        "#);
    }

    #[test]
    fn a_document_that_is_not_taken_is_told_from_a_cluster_that_takes_none() {
        let of = |status: u16| {
            let refused = format!(
                r#"{{"errors": true, "items": [{{"index": {{"status": {status}, "error": {{"type": "some_exception",
                "reason": "no such field", "caused_by": {{"reason": "it is strict"}}}}}}}}]}}"#
            );
            written(&[(200, &refused)], vec![operation("a", Some("one"))]).0.unwrap_err()
        };
        assert!(matches!(of(400), Fault::NotTaken(_)));
        insta::assert_snapshot!(of(400), @"refused with status 400: some_exception: no such field: it is strict");
        assert!(matches!(of(403), Fault::Refused(_)));
    }

    #[test]
    fn what_is_to_be_deleted_may_be_gone() {
        let gone = r#"{"errors": true, "items": [{"delete": {"status": 404}}]}"#;
        let (written, asked) = written(&[(200, gone)], vec![operation("a", None)]);
        written.unwrap();
        insta::assert_snapshot!(asked[0].body, @r#"{"delete":{"_id":"a","_index":"i","routing":"r"}}"#);
    }

    #[test]
    fn nothing_is_sent_for_nothing_and_much_in_parts() {
        let (none, asked) = written(&[], Vec::new());
        assert!(none.is_ok() && asked.is_empty());
        let text = "x".repeat(REQUEST);
        let done = (200, r#"{"errors": false}"#);
        let large = vec![operation("a", Some(&text)), operation("b", Some("two"))];
        let (large, asked) = written(&[done, done], large);
        large.unwrap();
        assert!(asked[0].body.len() > REQUEST && asked[1].body.len() < 100);
        assert!(asked[0].line.starts_with("POST /_bulk?"), "{}", asked[0].line);
    }
}
