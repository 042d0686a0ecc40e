//! What an index holds in all: what a writer must know of each report, and the summary of a commit.

use crate::records::Acronym;
use crate::request::Corpus;
use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;

/// The version of the index's format. Another version cannot be read.
pub const INDEX_VERSION: u32 = 11;

/// The summary of an index, kept with each commit so that opening need not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payload {
    pub(crate) version: u32,
    pub(crate) reports: usize,
    pub(crate) paragraphs: usize,
    pub(crate) fingerprint: String,
    /// Number of words in all paragraphs, for average lengths.
    pub(crate) words: u64,
    /// When the build began; no other build has the same time.
    pub(crate) built: Timestamp,
}

impl Payload {
    pub(crate) fn into_corpus(self) -> Corpus {
        Corpus { reports: self.reports, paragraphs: self.paragraphs, fingerprint: self.fingerprint }
    }
}

/// What the writer must know about a report held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    pub(crate) sha256: String,
    pub(crate) paragraphs: usize,
    pub(crate) words: u64,
    pub(crate) acronyms: Vec<Acronym>,
}

/// Summarises the reports held, by their ids.
pub(crate) fn summary(held: &BTreeMap<String, Held>, built: Timestamp) -> Payload {
    let mut hash = Sha256::new();
    for (id, report) in held {
        hash.update(id);
        hash.update([0]);
        hash.update(&report.sha256);
        hash.update([0]);
    }
    let digest = hash.finalize();
    Payload {
        version: INDEX_VERSION,
        reports: held.len(),
        paragraphs: held.values().map(|report| report.paragraphs).sum(),
        fingerprint: hex::encode(&digest[..8]),
        words: held.values().map(|report| report.words).sum(),
        built,
    }
}

/// This process, in words, for the messages of other builders.
pub(crate) fn own_name() -> String {
    let now = Timestamp::now();
    let since = now.round(Unit::Second).unwrap_or(now);
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = match host.trim() {
        "" => String::new(),
        host => format!(" on {host}"),
    };
    format!("process {}{host}, since {since}", std::process::id())
}
