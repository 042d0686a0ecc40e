//! Counts the words in a match that determine its score, for the formula of [`crate::ranking`].
//!
//! Scores are the same however the index is divided into segments.

mod cursor;
mod expansion;
mod opposed;

pub(crate) use expansion::{ExpansionCount, ExpansionPostings, expansion_postings};

use crate::embedded::plan::{PositionsQuery, PositionsScorer, Queries};
use crate::embedded::store::schema::Fields;
use crate::embedded::store::values::{Column, Values};
use crate::language::negation::Asked;
use crate::language::query::Query;
use crate::planning::{Planner, Vocabulary};
use crate::ranking::{
    ClauseScore, ClauseWeights, CountedWords, Counts, ExpansionFrequency, Factors, Formula,
    Scoring, WordForm, WordRun, kind_factor, scored_clauses,
};
use crate::records::Kind;
use crate::request::Explanation;
use cursor::{Occurrences, Postings};
use opposed::{Opposed, SegmentOpposed};
use std::sync::Arc;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, Term};
use tantivy::{DocId, Score, SegmentReader, TantivyError};

/// A run of words, with the distance of each from the first.
type Run = Vec<(u32, Term)>;

/// What is read from the index for one clause.
enum Source {
    Words {
        words: Vec<Term>,
        spelt: Vec<Run>,
        ways: Vec<Run>,
    },
    /// Words in their places.
    Places(PositionsQuery),
}

/// The scoring of matches of one tree.
pub(crate) struct Ranking {
    formula: Arc<Formula>,
    /// One for each clause of the formula.
    sources: Vec<Source>,
    /// What says the opposite of what was asked, if anything may.
    opposed: Option<Opposed>,
    text: Field,
    kinds: Arc<Values>,
    /// The factor of each kind, by its number in `kinds`.
    worth: Arc<[f32]>,
}

fn term(fields: &Fields, form: WordForm, word: &str) -> Term {
    let field = match form {
        WordForm::Stem => fields.stem,
        WordForm::Exact => fields.exact,
    };
    Term::from_field_text(field, word)
}

impl Source {
    fn new(fields: &Fields, counted: &CountedWords) -> Self {
        let run = |run: &WordRun| {
            let words = run.words.iter();
            words.map(|(far, word)| (*far, term(fields, run.form, word))).collect()
        };
        let stems = counted.words.iter();
        Self::Words {
            words: stems.map(|stem| term(fields, WordForm::Stem, stem)).collect(),
            spelt: counted.spelt.iter().map(run).collect(),
            ways: counted.ways.iter().map(run).collect(),
        }
    }

    fn for_segment(&self, reader: &SegmentReader) -> tantivy::Result<SegmentSource> {
        let occurrences = |runs: &[Run]| {
            let each = runs.iter().map(|run| Occurrences::read(reader, run));
            each.collect::<tantivy::Result<Vec<_>>>()
        };
        Ok(match self {
            Self::Words { words, spelt, ways } => {
                let mut read = Vec::with_capacity(words.len());
                for term in words {
                    read.push(Postings::read(reader, term, false)?);
                }
                SegmentSource::Words {
                    times: vec![0; read.len()],
                    words: read,
                    spelt: occurrences(spelt)?,
                    ways: occurrences(ways)?,
                }
            }
            Self::Places(shape) => SegmentSource::Places(shape.read(reader)?),
        })
    }
}

impl Ranking {
    /// Prepares the scoring for a tree in an index with these statistics. `expansions` has
    /// one item for each part of the tree that has synonyms.
    pub(crate) fn new<V: Vocabulary, S: Bm25StatisticsProvider>(
        query: &Query,
        asked: &Asked,
        planner: &mut Planner<'_, Queries, V>,
        expansions: &[ExpansionFrequency],
        kinds: Arc<Values>,
        statistics: &S,
    ) -> Result<Self, V::Error>
    where
        V::Error: From<TantivyError>,
    {
        let fields = planner.language.fields;
        let paragraphs = statistics.total_num_docs()?.max(1);
        let average = statistics.total_num_tokens(fields.stem)? as f32 / paragraphs as f32;
        let frequency = |form, word: &str| statistics.doc_freq(&term(&fields, form, word));
        let scored = scored_clauses(query, &mut planner.stemmer);
        let mut sources = Vec::with_capacity(scored.len());
        let mut clauses = Vec::with_capacity(scored.len());
        for clause in scored {
            let weight = clause.weight;
            let (source, weights) = match &clause.scoring {
                Scoring::Words(counted) => (
                    Source::new(&fields, counted),
                    ClauseWeights::of_words(counted, weight, paragraphs, expansions, frequency)?,
                ),
                Scoring::Places(shaped) => {
                    let places = planner.places(shaped)?;
                    let places = planner.language.positions(places);
                    let any = |list: &Vec<Term>| list.iter().map(|t| statistics.doc_freq(t)).sum();
                    let lists =
                        places.lists.iter().map(any).collect::<tantivy::Result<Vec<_>>>()?;
                    let weights =
                        ClauseWeights::of_shape(&shaped.shape, &lists, weight, paragraphs);
                    (Source::Places(places), weights)
                }
            };
            sources.push(source);
            clauses.push((clause.text, weights));
        }
        let worth_of = |name: &String| {
            let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
            kind.map_or(1.0, kind_factor)
        };
        Ok(Self {
            formula: Arc::new(Formula::new(clauses, average)),
            sources,
            opposed: Opposed::new(asked, &fields, statistics)?,
            text: fields.stem,
            worth: kinds.names.iter().map(worth_of).collect(),
            kinds,
        })
    }

    /// Prepares to score the matches of one segment.
    pub(crate) fn for_segment(
        &self,
        segment: u32,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentRanking> {
        let sources = self.sources.iter().map(|source| source.for_segment(reader));
        Ok(SegmentRanking {
            formula: self.formula.clone(),
            sources: sources.collect::<tantivy::Result<Vec<_>>>()?,
            opposed: self.opposed.as_ref().map(|by| by.for_segment(reader)).transpose()?,
            lengths: reader.get_fieldnorms_reader(self.text)?,
            kinds: self.kinds.column(segment),
            worth: self.worth.clone(),
        })
    }

    /// Explains the scores of paragraphs, given as documents of one segment in order.
    pub(crate) fn explain(
        &self,
        segment: u32,
        reader: &SegmentReader,
        docs: &[DocId],
    ) -> tantivy::Result<Vec<Explanation>> {
        let mut ranking = self.for_segment(segment, reader)?;
        Ok(docs.iter().map(|doc| ranking.explain(*doc)).collect())
    }
}

/// What is read from one segment for one clause.
enum SegmentSource {
    Words {
        words: Vec<Postings>,
        /// How often each of `words` occurs in the current paragraph.
        times: Vec<u32>,
        spelt: Vec<Occurrences>,
        ways: Vec<Occurrences>,
    },
    Places(Option<PositionsScorer>),
}

impl SegmentSource {
    fn find(&mut self, doc: DocId, weights: &ClauseWeights, damping: f32) -> ClauseScore {
        match self {
            Self::Places(shape) => {
                let ways = shape.as_mut().map_or(0, |shape| shape.times(doc));
                weights.score(Counts { words: &[], spelt: 0, ways }, damping)
            }
            Self::Words { words, times, spelt, ways } => {
                for (word, times) in words.iter_mut().zip(&mut *times) {
                    *times = word.times(doc);
                }
                let spelt = times_of_any(spelt, doc);
                let ways = times_of_any(ways, doc);
                weights.score(Counts { words: times, spelt, ways }, damping)
            }
        }
    }
}

/// How often any of these runs occurs in a document.
fn times_of_any(ways: &mut [Occurrences], doc: DocId) -> u32 {
    ways.iter_mut().map(|way| way.times(doc)).sum()
}

/// Scores the matches of one segment. Documents must come in order.
pub(crate) struct SegmentRanking {
    formula: Arc<Formula>,
    sources: Vec<SegmentSource>,
    opposed: Option<SegmentOpposed>,
    lengths: FieldNormReader,
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

    /// The scores of paragraphs before the factor of their kind, which is at most 1.
    pub(crate) fn at_most(&mut self, docs: &[DocId], scores: &mut [Score]) {
        for (doc, score) in docs.iter().zip(scores) {
            *score = self.factors(*doc).score();
        }
    }

    /// The score of a paragraph, given its score before the factor of its kind, and the kind's
    /// number.
    pub(crate) fn of_kind(&self, at_most: Score, kind: u32) -> Score {
        at_most * self.worth(kind)
    }

    fn worth(&self, kind: u32) -> f32 {
        self.worth.get(kind as usize).copied().unwrap_or(1.0)
    }

    fn factors(&mut self, doc: DocId) -> Factors {
        let is_opposed = self.opposed.as_mut().is_some_and(|by| by.word(doc).is_some());
        let sources = &mut self.sources;
        self.formula.factors(self.lengths.fieldnorm_id(doc), is_opposed, |at, weights, damping| {
            sources[at].find(doc, weights, damping)
        })
    }

    fn explain(&mut self, doc: DocId) -> Explanation {
        let kind = self.worth(self.kinds.of(doc));
        let opposed = self.opposed.as_mut().and_then(|by| by.word(doc).map(str::to_owned));
        let sources = &mut self.sources;
        let find = |at: usize, weights: &_, damping| sources[at].find(doc, weights, damping);
        self.formula.explain(self.lengths.fieldnorm_id(doc), kind, opposed, find)
    }
}
