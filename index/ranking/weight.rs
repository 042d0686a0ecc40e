//! The weights of a clause, and what it adds to the score of a paragraph.

use super::clause::{CountedWords, WordForm};
use super::{K1, TOGETHER, WRITTEN, idf};
use crate::marking::shape::Shape;

/// The number of paragraphs in which a clause with synonyms occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpansionFrequency {
    /// As written or as any of its synonyms.
    pub any: u64,
    /// In any spelling of what was written.
    pub spelt: u64,
}

/// How often the words of a [`CountedWords`] occur in one paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts<'c> {
    /// Each of [`CountedWords::words`].
    pub words: &'c [u32],
    /// All of [`CountedWords::spelt`] together.
    pub spelt: u32,
    /// All of [`CountedWords::ways`] together.
    pub ways: u32,
}

/// The result of a clause for one paragraph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClauseScore {
    /// What it adds to the score, before the factors.
    pub score: f32,
    /// How often it occurs, in any variant.
    pub occurrences: u32,
    /// Whether the paragraph contains what the clause asks for.
    pub is_there: bool,
}

/// The weights of a clause in one index.
#[derive(Debug, Clone, PartialEq)]
pub struct ClauseWeights {
    /// The weight given to it in the query.
    pub weight: f32,
    /// Rarity of the clause as a whole, by which coverage is measured.
    pub rarity: f32,
    /// Rarity of each word by itself.
    pub words: Vec<f32>,
    /// Rarity of the spellings, if they are counted.
    pub spelt: Option<f32>,
    /// Rarity of all variants together times their weight, if they are counted.
    pub ways: Option<f32>,
}

impl ClauseWeights {
    /// Weighs a clause that is counted by words, by its rarity among `paragraphs` paragraphs.
    /// `expansions` has one item for each of [`expanded`](super::expanded); `frequency` returns the
    /// number of paragraphs in which a word occurs. `weight` is the one given in the query.
    ///
    /// # Errors
    /// Those of `frequency`.
    pub fn of_words<E>(
        counted: &CountedWords,
        weight: f32,
        paragraphs: u64,
        expansions: &[ExpansionFrequency],
        mut frequency: impl FnMut(WordForm, &str) -> Result<u64, E>,
    ) -> Result<Self, E> {
        let CountedWords { words, spelt, ways, expansion } = counted;
        let mut rarity_of =
            |form: WordForm, word: &str| Ok::<_, E>(idf(frequency(form, word)?, paragraphs));
        let mut rarities = Vec::with_capacity(words.len());
        for word in words {
            rarities.push(rarity_of(WordForm::Stem, word)?);
        }
        let counted = expansion.and_then(|at| expansions.get(at));
        let (rarity, together) = match (counted, ways.as_slice()) {
            (Some(counted), _) => {
                let rarity = idf(counted.any, paragraphs);
                (rarity, TOGETHER * words.len().max(1) as f32 * rarity)
            }
            (None, [run]) => {
                let mut rarity = 0.0;
                for (_, word) in &run.words {
                    rarity += rarity_of(run.form, word)?;
                }
                (rarity, rarity)
            }
            (None, _) => (rarities.iter().sum(), 0.0),
        };
        Ok(Self {
            weight,
            rarity,
            words: rarities,
            spelt: counted
                .filter(|_| !spelt.is_empty())
                .map(|counted| idf(counted.spelt, paragraphs)),
            ways: (!ways.is_empty()).then_some(together),
        })
    }

    /// Weighs a shape of words by the rarity of all that must occur in it: as the same words are
    /// weighed side by side. `frequencies` are the numbers of paragraphs with a word of each of its
    /// lists.
    #[must_use]
    pub fn of_shape(shape: &Shape, frequencies: &[u64], weight: f32, paragraphs: u64) -> Self {
        let rarity = rarity_of(shape, frequencies, paragraphs);
        Self { weight, rarity, words: Vec::new(), spelt: None, ways: Some(rarity) }
    }

    /// Scores a clause by the counts of its words, in a paragraph whose length has this damping.
    #[inline]
    #[must_use]
    pub fn score(&self, counts: Counts<'_>, damping: f32) -> ClauseScore {
        let saturated = |occurrences: u32| {
            let occurrences = occurrences as f32;
            occurrences * (K1 + 1.0) / (occurrences + damping)
        };
        let (mut score, mut occurrences) = (0.0, 0);
        let mut all_words = !self.words.is_empty();
        if let Some(rarity) = self.spelt {
            occurrences = counts.spelt;
            all_words = occurrences > 0;
            if all_words {
                score = rarity * saturated(occurrences);
            }
        }
        for (rarity, times) in self.words.iter().zip(counts.words) {
            all_words &= *times > 0;
            if *times > 0 {
                score += *rarity * saturated(*times);
                occurrences += *times;
            }
        }
        let Some(together) = self.ways else {
            let score = score * self.weight;
            return ClauseScore { score, occurrences, is_there: all_words };
        };
        if !self.words.is_empty() || self.spelt.is_some() {
            score *= WRITTEN;
        }
        if counts.ways > 0 {
            score += together * saturated(counts.ways);
            occurrences = counts.ways;
        }
        ClauseScore {
            score: score * self.weight,
            occurrences,
            is_there: counts.ways > 0 || all_words,
        }
    }
}

/// The rarity of all parts of a shape that must occur.
fn rarity_of(shape: &Shape, frequencies: &[u64], paragraphs: u64) -> f32 {
    match shape {
        Shape::Gap => 0.0,
        Shape::Words(_) | Shape::AnyOf(_) => {
            idf(frequency_of(shape, frequencies, paragraphs), paragraphs)
        }
        Shape::Affirmed { shape, .. } => rarity_of(shape, frequencies, paragraphs),
        Shape::Sequence(parts) | Shape::Run { parts, .. } => {
            parts.iter().map(|part| rarity_of(part, frequencies, paragraphs)).sum()
        }
    }
}

/// The most paragraphs that can have a shape.
fn frequency_of(shape: &Shape, frequencies: &[u64], paragraphs: u64) -> u64 {
    let of = |part: &Shape| frequency_of(part, frequencies, paragraphs);
    match shape {
        Shape::Gap => paragraphs,
        Shape::Words(list) => frequencies.get(*list).copied().unwrap_or(0).min(paragraphs),
        Shape::AnyOf(parts) => parts.iter().map(of).sum::<u64>().min(paragraphs),
        Shape::Affirmed { shape, .. } => of(shape),
        Shape::Sequence(parts) | Shape::Run { parts, .. } => {
            parts.iter().map(of).min().unwrap_or(0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ClauseScore, ClauseWeights, Counts, ExpansionFrequency};
    use crate::language::query::{Query, Span, parse};
    use crate::language::words::Stemmer;
    use crate::ranking::{Scoring, WordForm, idf, scored_clauses};
    use std::convert::Infallible;

    const PARAGRAPHS: u64 = 1000;

    /// The weights of the only clause of a query. Words of more than four letters occur in 20
    /// paragraphs and others in 80.
    fn weights(query: &Query, expansions: &[ExpansionFrequency]) -> ClauseWeights {
        let clauses = scored_clauses(query, &mut Stemmer::default());
        assert_eq!(clauses.len(), 1, "{clauses:?}");
        let frequency =
            |_: WordForm, word: &str| Ok::<_, Infallible>(if word.len() > 4 { 20 } else { 80 });
        let weight = clauses[0].weight;
        let weights = match &clauses[0].scoring {
            Scoring::Words(counted) => {
                ClauseWeights::of_words(counted, weight, PARAGRAPHS, expansions, frequency)
            }
            Scoring::Places(shaped) => {
                let lists = vec![20; shaped.leaves.len()];
                Ok(ClauseWeights::of_shape(&shaped.shape, &lists, weight, PARAGRAPHS))
            }
        };
        let Ok(weights) = weights;
        weights
    }

    fn query(text: &str) -> Query {
        parse(text).unwrap().query
    }

    fn word(text: &str) -> Query {
        Query::Word { text: text.to_owned(), span: Span::default() }
    }

    fn expanded(written: &str, also: &[&str]) -> Query {
        Query::Expanded {
            clause: Box::new(query(written)),
            also: also.iter().map(|text| word(text)).collect(),
            span: Span::default(),
        }
    }

    fn saturated(times: f32, damping: f32) -> f32 {
        times * 2.2 / (times + damping)
    }

    #[track_caller]
    fn assert_scores(found: ClauseScore, score: f32) {
        assert!((found.score - score).abs() < 1e-5, "{found:?} is not {score}");
    }

    #[test]
    fn more_of_a_word_adds_less_and_less() {
        let weights = weights(&query("visit"), &[]);
        let scores: Vec<f32> = (0..4)
            .map(|times| weights.score(Counts { words: &[times], spelt: 0, ways: 0 }, 1.2).score)
            .collect();
        assert_eq!(scores[0], 0.0);
        assert!((scores[1] - idf(20, PARAGRAPHS)).abs() < 1e-5, "{scores:?}");
        let steps: Vec<f32> = scores.windows(2).map(|two| two[1] - two[0]).collect();
        assert!(steps.is_sorted_by(|one, next| one > next && *next > 0.0), "{steps:?}");
    }

    #[test]
    fn weight_given_by_the_reader_multiplies_what_a_word_adds() {
        let counts = Counts { words: &[2], spelt: 0, ways: 0 };
        let plain = weights(&query("visit"), &[]).score(counts, 1.0);
        let weighed = weights(&query("visit^3"), &[]).score(counts, 1.0);
        assert_scores(weighed, plain.score * 3.0);
    }

    #[test]
    fn phrase_counts_as_one_word_as_rare_as_its_words_together() {
        let weights = weights(&query("\"late visits\""), &[]);
        let found = weights.score(Counts { words: &[], spelt: 0, ways: 2 }, 0.9);
        let rarity = idf(80, PARAGRAPHS) + idf(20, PARAGRAPHS);
        assert_scores(found, rarity * saturated(2.0, 0.9));
        assert_eq!((found.occurrences, found.is_there), (2, true));
    }

    #[test]
    fn synonyms_add_to_the_words_written_as_if_they_were_one_word() {
        let frequency = ExpansionFrequency { any: 50, spelt: 10 };
        let weights = weights(&expanded("home call", &["doorstep"]), &[frequency]);
        let found = weights.score(Counts { words: &[1, 2], spelt: 0, ways: 4 }, 1.1);
        let written = idf(80, PARAGRAPHS) * (saturated(1.0, 1.1) + saturated(2.0, 1.1));
        let together = 0.3 * 2.0 * idf(50, PARAGRAPHS) * saturated(4.0, 1.1);
        assert_scores(found, 0.8 * written + together);
        assert_eq!((found.occurrences, found.is_there), (4, true));
        let synonym_alone = weights.score(Counts { words: &[0, 0], spelt: 0, ways: 1 }, 1.1);
        assert!(synonym_alone.is_there);
        let half_of_it = weights.score(Counts { words: &[1, 0], spelt: 0, ways: 0 }, 1.1);
        assert!(!half_of_it.is_there && half_of_it.score > 0.0);
    }

    #[test]
    fn spellings_count_in_full_and_as_one_word() {
        let frequency = ExpansionFrequency { any: 30, spelt: 30 };
        let weights = weights(&expanded("wellbeing", &["well-being"]), &[frequency]);
        let found = weights.score(Counts { words: &[], spelt: 3, ways: 0 }, 1.0);
        assert_scores(found, idf(30, PARAGRAPHS) * saturated(3.0, 1.0));
        assert_eq!((found.occurrences, found.is_there), (3, true));
    }

    #[test]
    fn a_shape_is_weighed_as_its_words_are_side_by_side() {
        let alike = |shape: &str, words: &str| {
            let counts = |ways| Counts { words: &[], spelt: 0, ways };
            let shape = weights(&query(shape), &[]).score(counts(2), 0.9);
            let words = weights(&query(words), &[]).score(counts(2), 0.9);
            assert_scores(shape, words.score);
            assert_eq!((shape.occurrences, shape.is_there), (2, true));
        };
        alike("\"carers *  visits\"", "\"carers visits\"");
        alike("carers NEAR/5 visits", "\"carers visits\"");
        alike("\"carers visits\"~3", "\"carers visits\"");
        alike("(carers NEAR/5 visits)^3", "\"carers visits\"^3");
        let one = weights(&query("visi*"), &[]);
        let found = one.score(Counts { words: &[], spelt: 0, ways: 1 }, 1.0);
        assert_scores(found, idf(20, PARAGRAPHS) * saturated(1.0, 1.0));
        let none = one.score(Counts { words: &[], spelt: 0, ways: 0 }, 1.0);
        assert!(!none.is_there && none.score == 0.0, "{none:?}");
        // Alternatives together are as rare as they are all together.
        let any = weights(&query("visits NEAR/2 (carers OR homes)"), &[]);
        let found = any.score(Counts { words: &[], spelt: 0, ways: 1 }, 1.0);
        assert_scores(found, (idf(20, PARAGRAPHS) + idf(40, PARAGRAPHS)) * saturated(1.0, 1.0));
    }
}
