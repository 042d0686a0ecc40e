//! Orders matches by how squarely they are about what was asked.
//!
//! Matching and ranking are apart: the tree says which paragraphs match, and each match is scored
//! here from the words that the tree wants, wherever they stand in it. The score of a paragraph is
//!
//! ```text
//! kind x length x (1 - C + C x coverage) x sum over what was asked of
//!     idf x tf (K1 + 1) / (tf + K1 (1 - B + B x words / average))
//! ```
//!
//! which is BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework") of each
//! word or phrase, times the share of what was asked that the paragraph holds, weighed by rarity.
//! Something with other ways of saying it counts its own words and, in part, all the ways together
//! as if they were one word; other spellings of a word are that word. Every constant was chosen on judged topics (`findings eval`); what did
//! not pay (headings, nearness of words, feedback from the first hits, vectors of co-occurrence) is
//! not here. Scores are the same however the index is cut into segments.

mod cursor;
mod signal;

pub(crate) use signal::{Asked, Brought, Standing, standing};

use crate::embedded::store::values::{Column, Values};
use crate::records::Kind;
use crate::request::{ExplainedPart, Explanation};
use cursor::{Occurrences, Postings};
use signal::{Signal, Way, What};
use std::sync::Arc;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{Bm25StatisticsProvider, Scorer};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, SegmentReader};

/// How soon more of the same word stops counting.
const K1: f32 = 1.2;
/// How much the length of a paragraph tells against it: less than in collections of whole
/// documents, since paragraphs of reports are all of a page or less.
const B: f32 = 0.5;
/// How much of the score hangs on holding all that was asked.
const COVERAGE: f32 = 0.3;
/// Paragraphs shorter than this many words say too little to be quoted.
const SUBSTANTIAL: f32 = 45.0;
/// Text that stands in every report is counted but comes after everything else.
const BOILERPLATE: f32 = 0.001;
/// What the words as written count where there are other ways of saying it...
const WRITTEN: f32 = 0.8;
/// ...and what all ways together count, for each word written.
const TOGETHER: f32 = 0.3;

/// What a paragraph of this kind is worth beside a finding: inspectors' evaluations are quoted
/// first, what they ask for and what repeats them stands behind.
fn worth(kind: Kind) -> f32 {
    match kind {
        Kind::Finding => 1.0,
        Kind::Recommendation | Kind::Bullet => 0.8,
        Kind::Summary => 0.7,
        Kind::Table | Kind::Footnote => 0.5,
        Kind::Boilerplate => BOILERPLATE,
    }
}

/// The rarity of something that stands in `frequency` of `paragraphs` paragraphs.
fn idf(frequency: u64, paragraphs: u64) -> f32 {
    let (n, all) = (frequency.min(paragraphs) as f32, paragraphs as f32);
    (1.0 + (all - n + 0.5) / (n + 0.5)).ln()
}

/// What a length does to the score of a paragraph.
struct Length {
    /// How much less every occurrence counts, see `K1` and `B`.
    damping: f32,
    factor: f32,
}

/// By the engine's number of a length, of which there are few, since it rounds them.
type Lengths = [Length; 256];

impl Length {
    fn of(id: usize, average: f32) -> Self {
        let words = FieldNormReader::id_to_fieldnorm(u8::try_from(id).unwrap_or(u8::MAX)) as f32;
        Self {
            damping: K1 * (1.0 - B + B * words / average),
            factor: (words / SUBSTANTIAL).min(1.0),
        }
    }
}

/// How matches of one tree are scored.
pub(crate) struct Ranking {
    signals: Vec<Signal>,
    /// Rarity of all signals together.
    rarity: f32,
    text: Field,
    lengths: Arc<Lengths>,
    kinds: Arc<Values>,
    /// What each kind is worth, by its number in `kinds`.
    worth: Arc<[f32]>,
}

impl Ranking {
    /// For what is asked, of an index whose field of text has these statistics.
    pub(crate) fn new(
        asked: Asked,
        text: Field,
        kinds: Arc<Values>,
        statistics: &dyn Bm25StatisticsProvider,
    ) -> tantivy::Result<Self> {
        let paragraphs = statistics.total_num_docs()?.max(1);
        let average = (statistics.total_num_tokens(text)? as f32 / paragraphs as f32).max(1.0);
        let signals = asked.signals(statistics)?;
        let worth_of = |name: &String| {
            let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
            kind.map_or(1.0, worth)
        };
        Ok(Self {
            rarity: signals.iter().map(|signal| signal.rarity).sum(),
            signals,
            text,
            lengths: Arc::new(std::array::from_fn(|id| Length::of(id, average))),
            worth: kinds.names.iter().map(worth_of).collect(),
            kinds,
        })
    }

    /// Makes ready to score the matches of one segment.
    pub(crate) fn for_segment(
        &self,
        segment: u32,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentRanking> {
        let signals = self.signals.iter().map(|signal| {
            let source = match &signal.what {
                What::Words { words, spelt, ways } => {
                    let mut read = Vec::with_capacity(words.len());
                    for (term, rarity) in words {
                        read.push((Postings::read(reader, term, false)?, *rarity));
                    }
                    let occurrences = |ways: &[Way]| {
                        let each = ways.iter().map(|way| Occurrences::read(reader, &way.terms));
                        each.collect::<tantivy::Result<Vec<_>>>()
                    };
                    let spelt = match spelt {
                        Some((spelt, rarity)) => Some((occurrences(spelt)?, *rarity)),
                        None => None,
                    };
                    Source::Words { words: read, spelt, ways: occurrences(ways)? }
                }
                What::Engine(weight) => Source::Engine(weight.scorer(reader, 1.0)?),
            };
            Ok(Ready {
                source,
                weight: signal.weight,
                together: signal.together,
                rarity: signal.rarity,
            })
        });
        Ok(SegmentRanking {
            signals: signals.collect::<tantivy::Result<Vec<_>>>()?,
            rarity: self.rarity,
            ids: reader.get_fieldnorms_reader(self.text)?,
            lengths: self.lengths.clone(),
            kinds: self.kinds.column(segment),
            worth: self.worth.clone(),
        })
    }

    /// Why the paragraphs score what they score: documents of one segment, in order.
    pub(crate) fn explain(
        &self,
        segment: u32,
        reader: &SegmentReader,
        docs: &[DocId],
    ) -> tantivy::Result<Vec<Explanation>> {
        let mut ranking = self.for_segment(segment, reader)?;
        let explained = docs.iter().map(|doc| {
            let mut parts = Vec::with_capacity(self.signals.len());
            let said = self.signals.iter().map(|signal| &signal.said);
            let scored = ranking.weigh(*doc, |found| parts.push(found));
            let parts = said.zip(parts).map(|(said, found)| ExplainedPart {
                text: said.clone(),
                occurrences: found.occurrences,
                score: found.score,
            });
            Explanation {
                parts: parts.collect(),
                coverage: scored.coverage,
                length: scored.length,
                kind: ranking.worth(ranking.kinds.of(*doc)),
            }
        });
        Ok(explained.collect())
    }
}

enum Source {
    Words {
        words: Vec<(Postings, f32)>,
        spelt: Option<(Vec<Occurrences>, f32)>,
        ways: Vec<Occurrences>,
    },
    Engine(Box<dyn Scorer>),
}

struct Ready {
    source: Source,
    weight: f32,
    /// Rarity of all ways together, times what they count.
    together: f32,
    rarity: f32,
}

/// What one signal finds in a paragraph.
struct Found {
    score: f32,
    occurrences: u32,
    is_there: bool,
}

/// The factors of a score, but for the kind.
struct Scored {
    sum: f32,
    coverage: f32,
    length: f32,
}

/// Scores the matches of one segment. Documents must come in their order.
pub(crate) struct SegmentRanking {
    signals: Vec<Ready>,
    rarity: f32,
    ids: FieldNormReader,
    lengths: Arc<Lengths>,
    kinds: Column,
    worth: Arc<[f32]>,
}

impl SegmentRanking {
    /// The score of a paragraph.
    pub(crate) fn score(&mut self, doc: DocId) -> Score {
        let mut score = [0.0];
        self.at_most(&[doc], &mut score);
        self.of_kind(score[0], self.kinds.of(doc))
    }

    /// What paragraphs score if they are of the kind that is worth most, 1.
    pub(crate) fn at_most(&mut self, docs: &[DocId], scores: &mut [Score]) {
        for (doc, score) in docs.iter().zip(scores) {
            let Scored { sum, coverage, length } = self.weigh(*doc, |_| {});
            *score = sum * coverage * length;
        }
    }

    /// The score of a paragraph of a kind, by its number, that scores at most so much.
    pub(crate) fn of_kind(&self, at_most: Score, kind: u32) -> Score {
        at_most * self.worth(kind)
    }

    fn worth(&self, kind: u32) -> f32 {
        self.worth.get(kind as usize).copied().unwrap_or(1.0)
    }

    fn weigh(&mut self, doc: DocId, mut each: impl FnMut(Found)) -> Scored {
        let Length { damping, factor } = self.lengths[usize::from(self.ids.fieldnorm_id(doc))];
        let (mut sum, mut held) = (0.0, 0.0);
        for signal in &mut self.signals {
            let mut found = signal.find(doc, damping);
            found.score *= signal.weight;
            if found.is_there {
                held += signal.rarity;
            }
            sum += found.score;
            each(found);
        }
        let coverage =
            if self.rarity > 0.0 { 1.0 - COVERAGE + COVERAGE * held / self.rarity } else { 1.0 };
        Scored {
            // Where nothing can be scored (every paragraph, conditions alone), the better ones of
            // their kind still come first.
            sum: if self.signals.is_empty() { 1.0 } else { sum },
            coverage,
            length: factor,
        }
    }
}

/// How often a document says something in any of these ways.
fn times(ways: &mut [Occurrences], doc: DocId) -> u32 {
    ways.iter_mut().map(|way| way.times(doc)).sum()
}

impl Ready {
    fn find(&mut self, doc: DocId, damping: f32) -> Found {
        let saturated = |occurrences: f32| occurrences * (K1 + 1.0) / (occurrences + damping);
        match &mut self.source {
            Source::Engine(scorer) => {
                let is_there =
                    scorer.doc() == doc || (scorer.doc() < doc && scorer.seek(doc) == doc);
                let score = if is_there { scorer.score() } else { 0.0 };
                Found { score, occurrences: u32::from(is_there), is_there }
            }
            Source::Words { words, spelt, ways } => {
                let (mut score, mut occurrences) = (0.0, 0);
                let mut all_words = !words.is_empty();
                if let Some((spelt, rarity)) = spelt {
                    occurrences = times(spelt, doc);
                    all_words = occurrences > 0;
                    if all_words {
                        score = *rarity * saturated(occurrences as f32);
                    }
                }
                for (postings, rarity) in words.iter_mut() {
                    let times = postings.times(doc);
                    all_words &= times > 0;
                    if times > 0 {
                        score += *rarity * saturated(times as f32);
                        occurrences += times;
                    }
                }
                if ways.is_empty() {
                    return Found { score, occurrences, is_there: all_words };
                }
                let times = times(ways, doc);
                if !words.is_empty() || spelt.is_some() {
                    score *= WRITTEN;
                }
                if times > 0 {
                    score += self.together * saturated(times as f32);
                }
                let is_there = times > 0 || all_words;
                Found { score, occurrences: if times > 0 { times } else { occurrences }, is_there }
            }
        }
    }
}
