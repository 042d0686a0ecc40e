//! Learns from the paragraphs of an index which of their terms mean nearly the same.

use super::{Event, IngestError, Learn, Options, Progress};
use findings_index::engine::each_paragraph;
use findings_index::ranking::meaning::{self, LearnedTable, MOST_TEXTS};
use findings_index::records::Kind;
use findings_index::request::{Deadline, Filters};
use findings_index::{BuildOptions, OpenError, SearchError};
use std::collections::BTreeSet;

/// What was learned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learned {
    /// The name of the vectors.
    pub version: String,
    /// From how many different paragraphs.
    pub paragraphs: usize,
}

/// Memory for a commit that writes no report, in bytes.
const MEMORY: usize = 32 << 20;

/// Learns from an index, or forgets what was learned. Readers see either the one or the other.
pub(super) fn learn(
    options: &Options,
    learn: Learn,
    progress: &dyn Progress,
) -> Result<Option<Learned>, IngestError> {
    let mut table = None;
    let mut paragraphs = 0;
    if learn == Learn::Own {
        let texts = match options.index.open() {
            Ok(engine) => texts(engine.as_ref())?,
            // Nothing was ever committed: no report was found.
            Err(OpenError::Missing { .. } | OpenError::NoCorpus { .. }) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        progress.on(Event::Learning { paragraphs: texts.len() });
        paragraphs = texts.len();
        table = Some(LearnedTable::new(meaning::learn(&texts)?));
    }
    let learned =
        table.as_ref().map(|table| Learned { version: table.version.clone(), paragraphs });
    let build = BuildOptions { threads: 1, memory: MEMORY, wait: options.wait };
    let mut writer = options.index.build(&build)?;
    // Without a commit before it there is nothing to forget.
    if let Some(ledger) = writer.held().cloned() {
        writer.learned_by(table);
        writer.commit(&ledger)?;
    }
    Ok(learned)
}

/// The texts of the paragraphs that say something of their own, each once; of very many some of all,
/// the same each time.
fn texts(engine: &dyn findings_index::Engine) -> Result<Vec<String>, SearchError> {
    let mut texts = BTreeSet::new();
    each_paragraph(engine, &Filters::default(), &Deadline::never(), |paragraph| {
        if !matches!(paragraph.kind, Kind::Boilerplate | Kind::Footnote) {
            texts.insert((crc32fast::hash(paragraph.text.as_bytes()), paragraph.text));
            if texts.len() > MOST_TEXTS {
                texts.pop_last();
            }
        }
        Ok::<_, SearchError>(())
    })?;
    Ok(texts.into_iter().map(|(_, text)| text).collect())
}
