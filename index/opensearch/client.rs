//! Asks the nodes of a cluster: one after the other, each within a time limit.
//!
//! A node that does not answer is left alone for a while, so that it holds nobody up. An answer to which
//! a part of the corpus did not contribute is an error, never an answer.

use super::address::Address;
use crate::engine::{OpenError, SearchError, WriteError};
use crate::request::Deadline;
use serde_json::Value;
use std::error::Error;
use std::fmt::{self, Formatter};
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long one node may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(2);
/// How long one node may take to answer a question, at first; each other try allows twice as long, since a
/// question may be much work. A node that is frozen, or that waits for one, answers nothing: another try, by way of another
/// node, does.
const ANSWER: Duration = Duration::from_secs(4);
/// The same for what is written, which takes longer and is not asked of another in vain.
const WRITTEN: Duration = Duration::from_secs(30);
/// How long a request of a build may take in all.
const PATIENCE: Duration = Duration::from_secs(300);
/// How long any other request may take in all if it has no deadline.
const LOOKUP: Duration = Duration::from_secs(30);
/// How long it is tried to ask a cluster of which every node says that it is not ready.
const UNREADY: Duration = Duration::from_secs(120);
/// How long it is tried to reach a cluster of which every node refuses, for a question and for what is
/// written. One that never answered is given up at once: its address may be wrong.
const REFUSED: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(30)];
/// How long a node that did not answer is asked only if no other does.
const AVOIDED: Duration = Duration::from_secs(15);
/// The pause before a request that was refused for want of room is sent again; then twice as long each
/// time, up to [`LONGEST_PAUSE`].
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// The most that is read of one answer, in bytes.
const MOST_READ: u64 = 1 << 30;

/// Why a request was not answered.
#[derive(Debug)]
pub(crate) enum Fault {
    /// No node answers; says what each did last.
    Unreachable(Vec<(String, String)>),
    /// The certificate of a node is not trusted.
    Untrusted(Box<dyn Error + Send + Sync>),
    /// The cluster refuses.
    Refused(Refusal),
    /// The cluster works, and does not take one document.
    NotTaken(Refusal),
    /// An index of the corpus is another program's.
    Foreign(String),
    /// Another program changed an index of the corpus.
    Changed { index: String, what: String },
    /// A part of the corpus did not contribute to the answer.
    Partial(String),
    /// The answer is not what it should be.
    Unread(String),
    /// The time is up.
    Late(SearchError),
}

/// An answer that is an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// The cluster's name for it, such as `version_conflict_engine_exception`.
    pub(crate) kind: String,
    pub(crate) reason: String,
}

impl Refusal {
    pub(crate) fn new(status: u16, kind: String, reason: &str) -> Self {
        // A block ends with a sign, since several may follow one another.
        Self { status, kind, reason: reason.trim_end_matches([';', ' ']).to_owned() }
    }

    /// Whether it stays so until somebody does something, such as make room on a disk, though its status is
    /// that of a cluster with much to do.
    pub(crate) fn is_lasting(&self) -> bool {
        self.status == 429 && self.kind == "cluster_block_exception"
    }

    /// Whether the same request may be answered soon.
    fn is_passing(&self) -> bool {
        matches!(self.status, 429 | 502..=504)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(tried) => {
                for (at, (node, why)) in tried.iter().enumerate() {
                    let separator = if at == 0 { "" } else { "; " };
                    write!(f, "{separator}{node}: {why}")?;
                }
                Ok(())
            }
            Self::Untrusted(source) => write!(f, "the certificate is not trusted: {source}"),
            Self::Refused(refusal) | Self::NotTaken(refusal) => {
                let Refusal { status, kind, reason } = refusal;
                let separator = if kind.is_empty() { "" } else { ": " };
                write!(f, "refused with status {status}: {kind}{separator}{reason}")
            }
            Self::Foreign(index) => write!(f, "`{index}` was not made by this program"),
            Self::Changed { index, what } => {
                write!(f, "`{index}` was changed by another program: {what}")
            }
            Self::Partial(what) => write!(f, "incomplete answer: {what}"),
            Self::Unread(what) => write!(f, "unexpected answer: {what}"),
            Self::Late(error) => error.fmt(f),
        }
    }
}

impl Error for Fault {}

impl Fault {
    pub(crate) fn unread(what: impl Into<String>) -> Self {
        Self::Unread(what.into())
    }

    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(refusal) | Self::NotTaken(refusal) => Some(refusal.status),
            _ => None,
        }
    }

    pub(crate) fn of_opening(self, address: &Address) -> OpenError {
        let (cluster, name) = (address.cluster(), address.name().to_owned());
        match self {
            Self::Untrusted(source) => OpenError::Untrusted { cluster, source },
            Self::Refused(Refusal { status, kind, reason }) => {
                OpenError::Refused { cluster, status, kind, reason }
            }
            Self::Foreign(index) => OpenError::ForeignIndex { cluster, index },
            Self::Changed { index, what } => OpenError::ChangedIndex { cluster, index, what },
            Self::Unread(_) => OpenError::DamagedCorpus { cluster, name, source: self.into() },
            _ => OpenError::Unreachable { cluster, source: self.into() },
        }
    }

    pub(crate) fn of_writing(self, address: &Address) -> WriteError {
        let (cluster, name) = (address.cluster(), address.name().to_owned());
        match self {
            Self::Unreachable(_) => WriteError::Unreachable { cluster, source: self.into() },
            Self::Untrusted(source) => WriteError::Untrusted { cluster, source },
            Self::Refused(Refusal { status, kind, reason }) => {
                WriteError::Refused { cluster, status, kind, reason }
            }
            Self::Foreign(index) => WriteError::ForeignIndex { cluster, index },
            Self::Changed { index, what } => WriteError::ChangedIndex { cluster, index, what },
            _ => WriteError::Unwritten { cluster, name, source: self.into() },
        }
    }
}

impl From<Fault> for SearchError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Late(error) => error,
            fault @ (Fault::Unreachable(_) | Fault::Partial(_)) => {
                Self::Unavailable { source: fault.into() }
            }
            Fault::Refused(refusal) if refusal.is_passing() => {
                Self::Unavailable { source: Fault::Refused(refusal).into() }
            }
            Fault::Refused(Refusal { status, kind, reason }) => {
                Self::Refused { status, kind, reason }
            }
            Fault::Changed { index, what } => Self::ChangedIndex { index, what },
            fault => Self::Index { source: Box::new(fault) },
        }
    }
}

/// What is sent.
#[derive(Clone, Copy)]
pub(crate) enum Body<'b> {
    None,
    Json(&'b Value),
    /// One JSON value a line.
    Lines(&'b [u8]),
}

struct Endpoint {
    base: String,
    authorization: Option<String>,
    /// Since when it has not answered.
    silent: Mutex<Option<Instant>>,
}

/// A connection to a cluster. Can be shared between threads.
pub(crate) struct Client {
    nodes: Vec<Endpoint>,
    agent: ureq::Agent,
    next: AtomicUsize,
    /// How long a request without a deadline may take.
    patience: Duration,
    /// Whether a node ever answered.
    is_known: AtomicBool,
}

impl Client {
    /// A connection for a build, which waits rather than fail.
    pub(crate) fn patient(address: &Address) -> Result<Self, Fault> {
        Ok(Self { patience: PATIENCE, ..Self::new(address)? })
    }

    /// A connection for somebody who waits for the answer.
    pub(crate) fn new(address: &Address) -> Result<Self, Fault> {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // An environment for a browser must not decide where reports are sent.
            .proxy(None)
            .timeout_connect(Some(CONNECT))
            .max_idle_connections_per_host(16)
            .user_agent("findings");
        #[cfg(feature = "tls")]
        let config = config.tls_config(super::tls::config(address.ca()).map_err(Fault::Untrusted)?);
        let nodes = address.nodes().iter().map(|node| Endpoint {
            base: node.base().to_owned(),
            authorization: node.authorization().map(str::to_owned),
            silent: Mutex::new(None),
        });
        let agent = config.build().new_agent();
        Ok(Self {
            nodes: nodes.collect(),
            agent,
            next: AtomicUsize::new(0),
            patience: LOOKUP,
            is_known: AtomicBool::new(false),
        })
    }

    /// Sends a request, which must be such that sending it twice does no harm.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        body: Body<'_>,
        deadline: &Deadline,
    ) -> Result<Value, Fault> {
        let bytes = self.send(method, path, body, deadline)?;
        serde_json::from_slice(&bytes).map_err(|error| Fault::unread(error.to_string()))
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        body: Body<'_>,
        deadline: &Deadline,
    ) -> Result<Vec<u8>, Fault> {
        let started = Instant::now();
        let patience = deadline.left().map_or(self.patience, |left| left.min(PATIENCE));
        let is_question = path.contains("search") || method == "GET";
        let first = if is_question { ANSWER } else { WRITTEN };
        let (mut tries, mut pause) = (0_u32, PAUSE);
        let mut tried: Vec<(String, String)> = Vec::new();
        loop {
            let mut is_full = None;
            // Whether every node refuses even to be asked.
            let mut is_refused = true;
            for node in self.in_order() {
                SearchError::in_time(deadline).map_err(Fault::Late)?;
                let left = patience.saturating_sub(started.elapsed());
                if left.is_zero() {
                    return Err(Fault::Unreachable(tried));
                }
                let most = first.saturating_mul(1 << tries.min(5)).min(left);
                tries += 1;
                // With another node to ask, no node may use up all that is left.
                let most =
                    if self.nodes.len() > 1 { most.min(left / 2 + CONNECT / 2) } else { most };
                match self.send_to(node, method, path, body, most) {
                    Ok((status, bytes)) => {
                        is_refused = false;
                        self.is_known.store(true, Ordering::Relaxed);
                        node.heard();
                        match status {
                            200..=299 => return Ok(bytes),
                            429 | 503 => {
                                let refusal = refusal(status, &bytes);
                                if refusal.is_lasting() {
                                    return Err(Fault::Refused(refusal));
                                }
                                is_full = Some(refusal);
                                if status == 503 {
                                    // A node that is cut off; the others may know more.
                                    node.was_silent();
                                    continue;
                                }
                            }
                            502 | 504 => {
                                note(&mut tried, node, format!("status {status}"));
                            }
                            _ => return Err(Fault::Refused(refusal(status, &bytes))),
                        }
                    }
                    Err(Unsent::Untrusted(source)) => return Err(Fault::Untrusted(source)),
                    Err(Unsent::Refused(why)) => {
                        node.was_silent();
                        note(&mut tried, node, why);
                    }
                    Err(Unsent::Late) => {
                        is_refused = false;
                        node.was_silent();
                        note(&mut tried, node, "no answer in time".to_owned());
                    }
                }
                if is_full.is_some() {
                    break;
                }
            }
            let enough = match self.is_known.load(Ordering::Relaxed) {
                true => REFUSED[usize::from(!is_question)],
                false => Duration::ZERO,
            };
            if is_refused && started.elapsed() >= enough {
                return Err(Fault::Unreachable(tried));
            }
            let left = patience.saturating_sub(started.elapsed());
            let is_unready = is_full.as_ref().is_some_and(|refusal| refusal.status == 503);
            if left < pause || is_unready && started.elapsed() >= UNREADY {
                return Err(match is_full {
                    Some(refusal) => Fault::Refused(refusal),
                    None => Fault::Unreachable(tried),
                });
            }
            thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// The nodes in the order in which to ask them: those that answer first, from one to the next.
    fn in_order(&self) -> Vec<&Endpoint> {
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let nodes = (0..self.nodes.len()).map(|at| &self.nodes[(first + at) % self.nodes.len()]);
        let (mut ready, silent): (Vec<_>, Vec<_>) = nodes.partition(|node| !node.is_avoided());
        ready.extend(silent);
        ready
    }

    fn send_to(
        &self,
        node: &Endpoint,
        method: &str,
        path: &str,
        body: Body<'_>,
        most: Duration,
    ) -> Result<(u16, Vec<u8>), Unsent> {
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}{path}", node.base));
        if let Some(authorization) = &node.authorization {
            request = request.header("authorization", authorization);
        }
        let (kind, bytes) = match body {
            Body::None => (None, Vec::new()),
            Body::Json(value) => (Some("application/json"), value.to_string().into_bytes()),
            Body::Lines(lines) => (Some("application/x-ndjson"), lines.to_vec()),
        };
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let request = request.body(bytes).map_err(|error| Unsent::Refused(error.to_string()))?;
        let request = self.agent.configure_request(request).timeout_global(Some(most)).build();
        let answered = self.agent.run(request).and_then(|mut response| {
            let status = response.status().as_u16();
            let bytes = response.body_mut().with_config().limit(MOST_READ).read_to_vec()?;
            Ok((status, bytes))
        });
        answered.map_err(Unsent::from)
    }
}

/// Why nothing came back.
enum Unsent {
    Untrusted(Box<dyn Error + Send + Sync>),
    /// There was no connection.
    Refused(String),
    /// There was no answer in time.
    Late,
}

impl From<ureq::Error> for Unsent {
    fn from(error: ureq::Error) -> Self {
        #[cfg(feature = "tls")]
        if let Some(why) = super::tls::untrusted(&error) {
            return Self::Untrusted(why.into());
        } else if let Some(why) = super::tls::unencrypted(&error) {
            return Self::Refused(why);
        }
        match error {
            ureq::Error::Timeout(_) => Self::Late,
            ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                Self::Refused("connection refused".to_owned())
            }
            error => Self::Refused(error.to_string()),
        }
    }
}

fn note(tried: &mut Vec<(String, String)>, node: &Endpoint, why: String) {
    match tried.iter_mut().find(|(name, _)| *name == node.base) {
        Some((_, last)) => *last = why,
        None => tried.push((node.base.clone(), why)),
    }
}

impl Endpoint {
    fn is_avoided(&self) -> bool {
        let silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        silent.is_some_and(|since| since.elapsed() < AVOIDED)
    }

    fn was_silent(&self) {
        *self.silent.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn heard(&self) {
        *self.silent.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Reads an answer that is an error.
fn refusal(status: u16, bytes: &[u8]) -> Refusal {
    let answer: Value = serde_json::from_slice(bytes).unwrap_or(Value::Null);
    let error = &answer["error"];
    // The cause is deeper where a shard failed.
    let cause = error.pointer("/root_cause/0").filter(|cause| cause["reason"].is_string());
    let cause = cause.unwrap_or(error);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let kind = text(&cause["type"]);
    let reason = text(&cause["reason"]).or_else(|| text(error)).or_else(|| kind.clone());
    let reason = reason.unwrap_or_else(|| {
        let text = String::from_utf8_lossy(bytes);
        text.chars().take(200).collect()
    });
    Refusal::new(status, kind.unwrap_or_default(), &reason)
}

/// Makes sure that every shard contributed to an answer.
pub(crate) fn whole(answer: &Value) -> Result<(), Fault> {
    let shards = &answer["_shards"];
    let failed = shards["failed"].as_u64().unwrap_or(0);
    if failed > 0 {
        let failure = &shards["failures"][0]["reason"];
        let reason = failure["reason"].as_str().unwrap_or("no reason is given");
        return Err(Fault::Partial(format!("{failed} parts of the corpus failed: {reason}")));
    }
    if shards["successful"] != shards["total"] {
        return Err(Fault::Partial("parts of the corpus are missing".to_owned()));
    }
    if answer["timed_out"] == Value::Bool(true) {
        return Err(Fault::Partial("parts of the corpus did not answer in time".to_owned()));
    }
    Ok(())
}

/// A part of a path, escaped.
pub(crate) fn escaped(part: &str) -> String {
    let mut path = String::with_capacity(part.len());
    for byte in part.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                path.push(char::from(byte));
            }
            other => path.push_str(&format!("%{other:02X}")),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::{Body, Client, Fault, escaped, refusal, whole};
    use crate::opensearch::address::Address;
    use crate::opensearch::double::Double;
    use crate::request::Deadline;
    use serde_json::{Value, json};
    use std::time::Duration;

    fn soon() -> Deadline {
        Deadline::after(Duration::from_millis(250))
    }

    fn get(client: &Client, deadline: &Deadline) -> Result<Value, Fault> {
        client.ask("GET", "/", Body::None, deadline)
    }

    #[test]
    fn a_node_that_refuses_connections_is_passed_over() {
        let node = Double::answering(&[(200, "{\"a\":1}"), (200, "{\"b\":2}")]);
        let nodes = [Double::nowhere(), node.base().to_owned()];
        let client = Client::new(&Address::parse(&nodes).unwrap()).unwrap();
        assert_eq!(get(&client, &Deadline::never()).unwrap(), json!({"a": 1}));
        assert_eq!(get(&client, &Deadline::never()).unwrap(), json!({"b": 2}));
        assert_eq!(node.asked().len(), 2);
    }

    #[test]
    fn a_node_that_has_no_room_is_asked_again() {
        let node = Double::answering(&[(429, "{}"), (503, "{}"), (200, "{}")]);
        let client = Client::new(&node.address()).unwrap();
        assert_eq!(get(&client, &Deadline::never()).unwrap(), json!({}));
        assert_eq!(node.asked().len(), 3);
    }

    #[test]
    fn a_refusal_is_not_asked_again() {
        let error =
            r#"{"error": {"type": "index_not_found_exception", "reason": "no such index"}}"#;
        let node = Double::answering(&[(404, error)]);
        let client = Client::new(&node.address()).unwrap();
        let fault = get(&client, &Deadline::never()).unwrap_err();
        assert_eq!(fault.status(), Some(404));
        insta::assert_snapshot!(fault, @"refused with status 404: index_not_found_exception: no such index");
    }

    #[test]
    fn what_stays_refused_until_somebody_acts_is_not_asked_again() {
        let full = r#"{"error": {"root_cause": [{"type": "cluster_block_exception", "reason":
            "index [a] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark];"}]}}"#;
        let node = Double::answering(&[(429, full)]);
        let client = Client::new(&node.address()).unwrap();
        let fault = get(&client, &Deadline::never()).unwrap_err();
        insta::assert_snapshot!(fault, @"refused with status 429: cluster_block_exception: index [a] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark]");
        assert_eq!(node.asked().len(), 1);
    }

    #[test]
    fn a_node_that_is_not_ready_is_passed_over() {
        let cut =
            r#"{"error": {"type": "cluster_manager_not_discovered_exception", "reason": null}}"#;
        let [cut, well] = [
            Double::answering(&[(503, cut)]),
            Double::answering(&[(200, "{\"a\":1}"), (200, "{\"a\":1}")]),
        ];
        let nodes = [cut.base().to_owned(), well.base().to_owned()];
        let client = Client::new(&Address::parse(&nodes).unwrap()).unwrap();
        for _ in 0..2 {
            assert_eq!(get(&client, &Deadline::never()).unwrap(), json!({"a": 1}));
        }
        assert_eq!((cut.asked().len(), well.asked().len()), (1, 2));
    }

    #[test]
    fn a_reason_that_is_not_given_is_named() {
        let body = br#"{"error": {"type": "some_exception", "reason": null}}"#;
        assert_eq!(refusal(503, body).reason, "some_exception");
    }

    #[test]
    fn what_no_node_answers_is_given_up_in_time_and_shows_no_password() {
        let nodes = [Double::nowhere(), Double::nowhere()];
        let with_password = nodes.clone().map(|base| base.replace("//", "//ann:secret@"));
        let client = Client::new(&Address::parse(&with_password).unwrap()).unwrap();
        let fault = get(&client, &soon()).unwrap_err();
        let shown = fault.to_string().replace(&nodes[0], "ONE").replace(&nodes[1], "TWO");
        insta::assert_snapshot!(shown, @"ONE: connection refused; TWO: connection refused");
        let debugged = format!("{fault:?}");
        assert!(!debugged.contains("secret") && !debugged.contains("ann"), "{debugged}");
    }

    #[test]
    fn a_refusal_for_a_wrong_password_does_not_show_it() {
        let node = Double::answering(&[(401, "Unauthorized")]);
        let base = node.base().replace("//", "//ann:secret@");
        let client = Client::new(&Address::parse(&[base]).unwrap()).unwrap();
        let fault = get(&client, &Deadline::never()).unwrap_err();
        insta::assert_snapshot!(fault, @"refused with status 401: Unauthorized");
    }

    #[test]
    fn the_cause_of_a_refusal_is_taken_from_where_a_shard_failed() {
        let answer = json!({"error": {
            "type": "search_phase_execution_exception", "reason": "all shards failed",
            "root_cause": [{"type": "too_many_clauses", "reason": "maxClauseCount is 1024"}],
        }});
        let shown =
            |status, body: &str| Fault::Refused(refusal(status, body.as_bytes())).to_string();
        insta::assert_snapshot!(shown(400, &answer.to_string()), @"refused with status 400: too_many_clauses: maxClauseCount is 1024");
        insta::assert_snapshot!(shown(405, r#"{"error": "not allowed"}"#), @"refused with status 405: not allowed");
        insta::assert_snapshot!(shown(502, "<html>Bad gateway</html>"), @"refused with status 502: <html>Bad gateway</html>");
    }

    #[test]
    fn an_answer_of_fewer_shards_or_out_of_time_is_none() {
        let of = |answer: Value| whole(&answer).err().map(|fault| fault.to_string());
        let shards = json!({"total": 3, "successful": 3, "failed": 0});
        assert_eq!(of(json!({"_shards": shards, "timed_out": false})), None);
        let late = of(json!({"_shards": shards, "timed_out": true})).unwrap();
        insta::assert_snapshot!(late, @"incomplete answer: parts of the corpus did not answer in time");
        let missing = of(json!({"_shards": {"total": 3, "successful": 2, "failed": 0}})).unwrap();
        insta::assert_snapshot!(missing, @"incomplete answer: parts of the corpus are missing");
        let failures = json!([{"reason": {"reason": "disk on fire"}}]);
        let failed = json!({"total": 3, "successful": 2, "failed": 1, "failures": failures});
        insta::assert_snapshot!(of(json!({"_shards": failed})).unwrap(), @"incomplete answer: 1 parts of the corpus failed: disk on fire");
    }

    #[test]
    fn parts_of_paths_are_escaped() {
        assert_eq!(escaped("a.b-1_c~"), "a.b-1_c~");
        assert_eq!(escaped("é/?"), "%C3%A9%2F%3F");
    }
}
