//! What Findings keeps between runs: the records, the query language, and the engines that answer.
//!
//! Everything except the engines is independent of them, so that each answers the same
//! [`request::SearchRequest`] with the same meaning. Each module uses only those below it:
//!
//! ```text
//! location   where an index is kept -> the engine that answers from there
//! opensearch the distributed engine, the only place that knows OpenSearch
//! embedded   the default engine, the only place that knows tantivy; scores excerpts for `opensearch`
//! answering  what an engine counted and found -> answers, the same for every engine
//! planning   a query tree and filters -> an engine's queries, in its own language
//! agreement  the same questions to two engines -> what they answer differently
//! shelf      what several machines read for one build, until one of them finishes it
//! transfer   an index -> another, without reading the reports again
//! engine     what every engine must answer, and how an index is written
//! ranking    the formula of relevance, which every engine uses
//! marking    a query tree against one text: which words matched
//! request    requests and answers
//! language   words, query tree and parser, lexicon, topics, acronyms
//! records    paragraph, report, ledger: what is kept
//! ```

#[cfg(feature = "embedded")]
pub mod agreement;
#[cfg(feature = "embedded")]
mod answering;
#[cfg(feature = "embedded")]
pub mod embedded;
pub mod engine;
pub mod language;
#[cfg(feature = "embedded")]
mod location;
pub mod marking;
#[cfg(feature = "opensearch")]
pub mod opensearch;
#[cfg(feature = "embedded")]
mod planning;
pub mod ranking;
pub mod records;
pub mod request;
pub mod shelf;
pub mod transfer;

pub use engine::{Build, BuildOptions, Engine, OpenError, SearchError, WriteError};
#[cfg(feature = "embedded")]
pub use location::Location;
