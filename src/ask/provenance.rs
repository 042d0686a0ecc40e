//! By what an answer can be repeated: what was asked for, of which reports, when and with what.

use crate::ask::trace::Again;
use findings_index::records::TopicUsed;
use findings_index::request::{Corpus, Expansion, UnheldWord};
use findings_index::{Engine, SearchError};
use jiff::Timestamp;
use serde::Serialize;

/// What was looked for, as understood.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LookedFor {
    /// The query as understood.
    pub query: String,
    /// What was searched beside what was written.
    pub expansions: Vec<Expansion>,
    /// The topics by which paragraphs were chosen, with their versions.
    pub topics_used: Vec<TopicUsed>,
    /// Words of the query that no paragraph holds, and those that were perhaps meant.
    pub unheld: Vec<UnheldWord>,
}

/// When an answer was made, with what and from which reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Provenance {
    /// How to ask for it again: a command, or an address.
    pub command: String,
    /// When it was asked.
    pub asked: Timestamp,
    /// When the index was built.
    pub indexed: Timestamp,
    /// The version of the index's format.
    pub index_version: u32,
    /// The version of the program.
    pub program_version: String,
    /// What is held.
    pub corpus: Corpus,
}

impl Provenance {
    /// The provenance of what is answered from this index to what can be asked again so.
    ///
    /// # Errors
    /// Those of [`Engine::ledger`].
    pub fn new(engine: &dyn Engine, again: &Again, asked: Timestamp) -> Result<Self, SearchError> {
        Ok(Self {
            command: again.command.clone(),
            asked,
            indexed: engine.ledger()?.finished,
            index_version: engine.version(),
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
            corpus: engine.corpus().clone(),
        })
    }
}
