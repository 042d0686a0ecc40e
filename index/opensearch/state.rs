//! What is known of a corpus as a whole: its generation, who builds, and the parts that belong to it.
//!
//! One document says which generation is seen. It is only ever replaced by compare-and-set, so that of two
//! builds one alone can commit, and a build whose lease was taken over cannot. Whatever a build writes
//! carries its number, which no other build has; what is seen is what carries the number of a build that
//! was committed, and was not replaced since.

use super::client::{Body, Client, Fault, escaped};
use super::layout::{self, Names};
use crate::answering::held::Payload;
use crate::request::Deadline;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// The id of the document.
const CURRENT: &str = "current";

/// The size of one part of what is kept in parts, in bytes.
pub(crate) const PART: usize = 4 << 20;

/// How long a generation can be read after the next one is there.
pub(crate) const READABLE: Duration = Duration::from_secs(15 * 60);

/// Names of what is kept in parts.
pub(crate) mod part {
    pub(crate) const LEDGER: &str = "ledger";
    pub(crate) const HELD: &str = "held";
    pub(crate) const TOPICS: &str = "topics";
    pub(crate) const ACRONYMS: &str = "acronyms";
    pub(crate) const AUTHORITIES: &str = "authorities";
    pub(crate) const VECTORS: &str = "vectors";
    /// All words, with the number of reports that each is in.
    pub(crate) const WORDS: &str = "words";
    pub(crate) const ALL: [&str; 7] = [LEDGER, HELD, TOPICS, ACRONYMS, AUTHORITIES, VECTORS, WORDS];
}

/// The state of a corpus.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct State {
    /// Tells this corpus from others of the same name.
    pub(crate) corpus: String,
    /// The number of the build that was committed last; 0 for none.
    pub(crate) generation: u64,
    /// The highest number that a build was given.
    pub(crate) number: u64,
    /// Numbers up to the generation's that were given and never committed, in order.
    pub(crate) skipped: Vec<u64>,
    /// What was replaced or removed and is not deleted yet.
    pub(crate) dead: Vec<Dead>,
    /// Readers of earlier generations may miss paragraphs.
    pub(crate) oldest: u64,
    /// The cluster's own id of the index of paragraphs; empty until the first commit.
    pub(crate) paragraphs: String,
    /// The build that is running.
    pub(crate) lease: Option<Lease>,
    /// The summary of the last commit.
    pub(crate) payload: Option<Payload>,
    /// What belongs to the corpus and is kept in parts, by name.
    pub(crate) parts: BTreeMap<String, Parts>,
}

/// What one build replaced or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dead {
    /// The number of the build: what is older of these reports is dead.
    pub(crate) before: u64,
    /// When the build was committed, in milliseconds since 1970.
    pub(crate) since: i64,
    /// Their ids.
    pub(crate) reports: Vec<String>,
    /// Whether it replaced or removed all reports that there were; they are not named then.
    pub(crate) is_all: bool,
    /// What it replaced of what is kept in parts: the name, and the build that kept it.
    pub(crate) parts: Vec<(String, u64)>,
}

/// The right to build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lease {
    /// The number of the build.
    pub(crate) number: u64,
    /// Who builds, in words.
    pub(crate) holder: String,
    /// Until when, in milliseconds since 1970.
    pub(crate) until: i64,
}

/// What is kept in parts: by which build, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Parts {
    pub(crate) build: u64,
    pub(crate) count: usize,
}

/// The version of the document, for compare-and-set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    sequence: i64,
    term: i64,
}

impl State {
    /// The name of the generation.
    pub(crate) fn name(&self) -> String {
        format!("{}-{}", self.corpus, self.generation)
    }

    /// What is seen in the generation.
    pub(crate) fn visible(&self) -> Value {
        let mut hidden = Vec::new();
        if !self.skipped.is_empty() {
            hidden.push(json!({"terms": {"from": self.skipped}}));
        }
        for dead in self.dead.iter().filter(|dead| dead.before <= self.generation) {
            hidden.extend(dead.found());
        }
        let built = json!({"range": {"from": {"lte": self.generation}}});
        json!({"bool": {"filter": [built], "must_not": hidden}})
    }
}

impl Dead {
    /// What finds it.
    pub(crate) fn found(&self) -> Vec<Value> {
        let older = json!({"range": {"from": {"lt": self.before}}});
        if self.is_all {
            return vec![older];
        }
        // A list of values must not be too long.
        let lists = self.reports.chunks(50_000);
        lists
            .map(|reports| json!({"bool": {"filter": [{"terms": {"report": reports}}, older]}}))
            .collect()
    }
}

/// Reads the state; `None` if nothing was ever built.
pub(crate) fn read(
    client: &Client,
    names: &Names,
    deadline: &Deadline,
) -> Result<Option<(State, Version)>, Fault> {
    let path = format!("/{}/_doc/{CURRENT}", escaped(&names.state));
    let answer = match client.ask("GET", &path, Body::None, deadline) {
        Err(fault) if fault.status() == Some(404) => return Ok(None),
        answer => answer?,
    };
    let state = serde_json::from_value(answer["_source"]["state"].clone())
        .map_err(|error| Fault::unread(error.to_string()))?;
    Ok(Some((state, version(&answer)?)))
}

fn version(answer: &Value) -> Result<Version, Fault> {
    let number = |name: &str| {
        answer[name].as_i64().ok_or_else(|| Fault::unread(format!("`{name}` is missing")))
    };
    Ok(Version { sequence: number("_seq_no")?, term: number("_primary_term")? })
}

/// Replaces the state, if it is as it was read; `None` if another program has replaced it.
pub(crate) fn replace(
    client: &Client,
    names: &Names,
    state: &State,
    before: Option<Version>,
    deadline: &Deadline,
) -> Result<Option<Version>, Fault> {
    let index = escaped(&names.state);
    let path = match before {
        Some(Version { sequence, term }) => {
            format!("/{index}/_doc/{CURRENT}?if_seq_no={sequence}&if_primary_term={term}")
        }
        None => format!("/{index}/_create/{CURRENT}"),
    };
    match client.ask("PUT", &path, Body::Json(&json!({"state": state})), deadline) {
        Ok(answer) => Ok(Some(version(&answer)?)),
        Err(fault) if fault.status() == Some(409) => {
            // The answer to an earlier try may have been lost.
            match read(client, names, deadline)? {
                Some((now, version)) if now == *state => Ok(Some(version)),
                _ => Ok(None),
            }
        }
        Err(fault) => Err(fault),
    }
}

fn id(name: &str, build: u64, part: usize) -> String {
    format!("{name}-{build}-{part}")
}

/// Keeps bytes in parts.
pub(crate) fn keep(
    client: &Client,
    names: &Names,
    name: &str,
    build: u64,
    bytes: &[u8],
    deadline: &Deadline,
) -> Result<Parts, Fault> {
    let mut count = 0;
    for part in bytes.chunks(PART) {
        let path = format!("/{}/_doc/{}", escaped(&names.state), escaped(&id(name, build, count)));
        let body = json!({"part": layout::packed_bytes(part)});
        client.ask("PUT", &path, Body::Json(&body), deadline)?;
        count += 1;
    }
    Ok(Parts { build, count })
}

/// Puts together what is kept in parts.
pub(crate) fn kept(
    client: &Client,
    names: &Names,
    name: &str,
    parts: Parts,
    deadline: &Deadline,
) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    for part in 0..parts.count {
        let id = id(name, parts.build, part);
        let path = format!("/{}/_doc/{}", escaped(&names.state), escaped(&id));
        let answer = client.ask("GET", &path, Body::None, deadline)?;
        bytes.extend(layout::unpacked_bytes(&answer["_source"]["part"]).map_err(Fault::Unread)?);
    }
    Ok(bytes)
}

/// Deletes what a build kept in parts under a name, if anything.
pub(crate) fn forget(
    client: &Client,
    names: &Names,
    name: &str,
    build: u64,
    deadline: &Deadline,
) -> Result<(), Fault> {
    for part in 0.. {
        let path = format!("/{}/_doc/{}", escaped(&names.state), escaped(&id(name, build, part)));
        match client.ask("DELETE", &path, Body::None, deadline) {
            Err(fault) if fault.status() == Some(404) => return Ok(()),
            answer => drop(answer?),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Dead, State};

    fn dead(before: u64, reports: &[&str]) -> Dead {
        let reports: Vec<String> = reports.iter().map(|id| (*id).to_owned()).collect();
        Dead { before, since: 0, is_all: reports.is_empty(), reports, parts: Vec::new() }
    }

    #[test]
    fn of_a_corpus_built_once_all_is_seen_that_was_committed() {
        let state = State { generation: 1, number: 2, ..State::default() };
        insta::assert_snapshot!(state.visible(), @r#"{"bool":{"filter":[{"range":{"from":{"lte":1}}}],"must_not":[]}}"#);
    }

    #[test]
    fn builds_that_were_never_committed_are_not_seen_later() {
        let state = State { generation: 4, number: 4, skipped: vec![2, 3], ..State::default() };
        insta::assert_snapshot!(state.visible(), @r#"{"bool":{"filter":[{"range":{"from":{"lte":4}}}],"must_not":[{"terms":{"from":[2,3]}}]}}"#);
    }

    #[test]
    fn of_reports_that_were_replaced_only_what_came_before_is_hidden() {
        let dead = vec![dead(2, &["a", "b"]), dead(3, &[])];
        let state = State { generation: 3, dead, ..State::default() };
        insta::assert_snapshot!(state.visible(), @r#"{"bool":{"filter":[{"range":{"from":{"lte":3}}}],"must_not":[{"bool":{"filter":[{"terms":{"report":["a","b"]}},{"range":{"from":{"lt":2}}}]}},{"range":{"from":{"lt":3}}}]}}"#);
        // A reader of the generation before sees what the last build replaced.
        let before = State { generation: 2, ..state };
        insta::assert_snapshot!(before.visible(), @r#"{"bool":{"filter":[{"range":{"from":{"lte":2}}}],"must_not":[{"bool":{"filter":[{"terms":{"report":["a","b"]}},{"range":{"from":{"lt":2}}}]}}]}}"#);
    }

    #[test]
    fn a_state_is_read_as_it_was_written() {
        let dead = vec![dead(2, &["a"])];
        let state = State { corpus: "c".to_owned(), generation: 2, dead, ..State::default() };
        let written = serde_json::to_value(&state).unwrap();
        assert_eq!(serde_json::from_value::<State>(written).unwrap(), state);
        assert_eq!(state.name(), "c-2");
    }
}
