//! What is needed to repeat an answer: what was asked for, of which reports, when and with what.

use crate::ask::notes::{Otherwise, Uncounted};
use crate::ask::trace::Again;
use findings_index::records::TopicUsed;
use findings_index::request::{Corpus, Expansion, UnheldWord};
use findings_index::{Engine, SearchError};
use jiff::Timestamp;
use serde::Serialize;

/// A query as understood, with what was added to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct LookedFor {
    /// The query as understood.
    pub query: String,
    /// Words that were searched in addition to those written.
    pub expansions: Vec<Expansion>,
    /// The topics by which paragraphs were selected, with their versions.
    pub topics_used: Vec<TopicUsed>,
    /// Words of the query that no paragraph has, with words that may be meant.
    pub unheld: Vec<UnheldWord>,
    /// Forms of the query's phrases that it does not find, the most frequent first.
    pub uncounted: Vec<Uncounted>,
    /// Other readings of the query, each with the number of paragraphs that it finds.
    pub otherwise: Vec<Otherwise>,
}

/// When an answer was made, with what and from which reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Provenance {
    /// How to ask again: a command, or an address.
    pub command: String,
    /// When the question was asked.
    pub asked: Timestamp,
    /// When the index was built.
    pub indexed: Timestamp,
    /// The version of the index's format.
    pub index_version: u32,
    /// The version of the program.
    pub program_version: String,
    /// The size and fingerprint of what the index holds.
    pub corpus: Corpus,
}

impl Provenance {
    /// Records the provenance of an answer from this index that can be asked for again by `again`.
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
