//! Combines what each clause finds with the length and kind of a paragraph into a score, and
//! explains it.

use super::length::Lengths;
use super::opposition::OPPOSED;
use super::weight::{ClauseScore, ClauseWeights};
use super::{BOILERPLATE, COVERAGE};
use crate::records::Kind;
use crate::request::{ExplainedPart, Explanation};

/// Scores are compared in steps of this size, because the last bits of a score depend on the order
/// in which an engine adds up its parts, and that order on how its index is divided.
const STEP: f32 = 1.0 / 1024.0;

/// From this number of steps on, every score is a whole number of steps.
const WHOLE: f32 = 8_388_608.0;

/// Rounds a score to the steps in which matches are compared.
#[inline]
#[must_use]
pub fn settled(score: f32) -> f32 {
    let steps = score / STEP;
    // Scores are never negative and rarely too large to have fractions of a step: truncating and
    // checking the remainder rounds as the library does, without calling it.
    if !(0.0..WHOLE).contains(&steps) {
        return steps.round() * STEP;
    }
    let whole = (steps as u32) as f32;
    (if steps - whole >= 0.5 { whole + 1.0 } else { whole }) * STEP
}

/// The factor for the kind of a paragraph, 1 for a finding: inspectors' evaluations are quoted
/// first; what they ask for, and what repeats them, comes after.
#[must_use]
pub fn kind_factor(kind: Kind) -> f32 {
    match kind {
        Kind::Finding => 1.0,
        Kind::Recommendation | Kind::Bullet | Kind::Context => 0.8,
        Kind::Summary => 0.7,
        Kind::Table | Kind::Caption | Kind::Footnote => 0.5,
        Kind::Boilerplate => BOILERPLATE,
    }
}

/// How characteristic a word is of a text in which it occurs `times` times, if it occurs in
/// `frequency` of all `paragraphs` paragraphs.
#[must_use]
pub fn distinctiveness(times: usize, frequency: u64, paragraphs: u64) -> f64 {
    let rarity = (1.0 + paragraphs as f64 / (frequency as f64 + 0.5)).ln();
    (1.0 + times as f64).ln() * rarity
}

/// The factors of a score, except the kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factors {
    /// The sum over all clauses.
    pub sum: f32,
    /// Less than 1 if a clause is missing.
    pub coverage: f32,
    /// Less than 1 for a short paragraph.
    pub length: f32,
    /// Less than 1 for a paragraph that says the opposite of what was asked.
    pub negation: f32,
}

impl Factors {
    /// The score of a paragraph whose kind has the factor 1.
    #[inline]
    #[must_use]
    pub fn score(&self) -> f32 {
        self.sum * self.coverage * self.length * self.negation
    }
}

/// The scoring of matches of one tree in one index.
#[derive(Debug, Clone)]
pub struct Formula {
    /// Each clause as printed, with its weights.
    clauses: Vec<(String, ClauseWeights)>,
    /// The sum of the rarities of all clauses.
    rarity: f32,
    lengths: Lengths,
}

impl Formula {
    /// Makes the formula from clauses, each as printed and with its weights, and the average number
    /// of words of a paragraph.
    #[must_use]
    pub fn new(clauses: Vec<(String, ClauseWeights)>, average: f32) -> Self {
        let rarity = clauses.iter().map(|(_, weights)| weights.rarity).sum();
        Self { clauses, rarity, lengths: Lengths::new(average.max(1.0)) }
    }

    /// The sum of the rarities of all clauses.
    #[must_use]
    pub fn rarity(&self) -> f32 {
        self.rarity
    }

    /// For each rounded length, by its id: the damping of occurrences, and the factor of the score.
    pub fn lengths(&self) -> impl Iterator<Item = (f32, f32)> {
        self.lengths.all().map(|length| (length.damping, length.factor))
    }

    /// Computes the factors of a paragraph's score, given whether it says the opposite of what was
    /// asked. `find` returns the result of the clause with this number, given its weights and the
    /// damping of the length.
    #[inline]
    pub fn factors(
        &self,
        length_id: u8,
        is_opposed: bool,
        mut find: impl FnMut(usize, &ClauseWeights, f32) -> ClauseScore,
    ) -> Factors {
        let length = self.lengths.of(length_id);
        let (mut sum, mut held) = (0.0, 0.0);
        for (at, (_, weights)) in self.clauses.iter().enumerate() {
            let found = find(at, weights, length.damping);
            if found.is_there {
                held += weights.rarity;
            }
            sum += found.score;
        }
        let coverage =
            if self.rarity > 0.0 { 1.0 - COVERAGE + COVERAGE * held / self.rarity } else { 1.0 };
        Factors {
            // If nothing can be scored (every paragraph, conditions alone), the better paragraphs
            // still come first, by length and kind.
            sum: if self.clauses.is_empty() { 1.0 } else { sum },
            coverage,
            length: length.factor,
            negation: if is_opposed { OPPOSED } else { 1.0 },
        }
    }

    /// Explains a paragraph's score, given the word by which it says the opposite of what was asked;
    /// `find` is as for [`Formula::factors`].
    pub fn explain(
        &self,
        length_id: u8,
        kind: f32,
        opposed: Option<String>,
        mut find: impl FnMut(usize, &ClauseWeights, f32) -> ClauseScore,
    ) -> Explanation {
        let mut parts = Vec::with_capacity(self.clauses.len());
        let find = |at: usize, weights: &ClauseWeights, damping| {
            let found = find(at, weights, damping);
            let ClauseScore { score, occurrences, .. } = found;
            parts.push(ExplainedPart { text: self.clauses[at].0.clone(), occurrences, score });
            found
        };
        let Factors { coverage, length, negation, .. } =
            self.factors(length_id, opposed.is_some(), find);
        Explanation { parts, coverage, length, kind, negation, opposed, meaning: 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::{Factors, Formula, STEP, WHOLE, kind_factor, settled};
    use crate::language::query::parse;
    use crate::language::words::Stemmer;
    use crate::ranking::{ClauseWeights, Counts, Scoring, length_id, scored_clauses};
    use crate::records::Kind;
    use std::convert::Infallible;

    /// The formula of a query of plain words, each in `frequency` of a hundred paragraphs of fifty
    /// words on average.
    fn formula(query: &str, frequency: u64) -> Formula {
        let query = parse(query).unwrap().query;
        let clauses = scored_clauses(&query, &mut Stemmer::default()).into_iter();
        let weighed = clauses.map(|clause| {
            let frequency = |_, _: &str| Ok::<_, Infallible>(frequency);
            let Scoring::Words(counted) = &clause.scoring else { panic!("{clause:?}") };
            let weights = ClauseWeights::of_words(counted, clause.weight, 100, &[], frequency);
            let Ok(weights) = weights;
            (clause.text, weights)
        });
        Formula::new(weighed.collect(), 50.0)
    }

    fn factors(formula: &Formula, words: u32, times: &[u32]) -> Factors {
        formula.factors(length_id(words), false, |at, weights, damping| {
            weights.score(Counts { words: &times[at..=at], spelt: 0, ways: 0 }, damping)
        })
    }

    #[test]
    fn score_is_the_documented_formula() {
        let formula = formula("visit OR late", 20);
        let idf = (1.0_f32 + 80.5 / 20.5).ln();
        let damping = 1.2 * (0.5 + 0.5 * 30.0 / 50.0);
        let sum = idf * (2.0 * 2.2 / (2.0 + damping));
        let found = factors(&formula, 30, &[2, 0]);
        let expected = sum * (0.7 + 0.3 * 0.5) * (30.0 / 45.0);
        assert!((found.score() - expected).abs() < 1e-5, "{found:?} is not {expected}");
    }

    #[test]
    fn paragraph_that_holds_all_that_was_asked_loses_nothing() {
        let formula = formula("visit OR late", 20);
        assert_eq!(factors(&formula, 50, &[1, 1]).coverage, 1.0);
        assert_eq!(factors(&formula, 50, &[1, 0]).coverage, 0.85);
        assert_eq!(factors(&formula, 50, &[0, 0]).coverage, 0.7);
    }

    #[test]
    fn only_short_paragraphs_lose_by_their_length() {
        let formula = formula("visit", 20);
        assert_eq!(factors(&formula, 9, &[1]).length, 0.2);
        assert_eq!(factors(&formula, 48, &[1]).length, 1.0);
        assert_eq!(factors(&formula, 4_000, &[1]).length, 1.0);
    }

    #[test]
    fn conditions_alone_leave_length_and_kind() {
        let formula = formula("kind:finding", 20);
        assert_eq!(factors(&formula, 50, &[]).score(), 1.0);
        assert_eq!(factors(&formula, 9, &[]).score(), 0.2);
    }

    #[test]
    fn findings_are_worth_most_and_boilerplate_next_to_nothing() {
        for kind in Kind::ALL {
            let worth = kind_factor(kind);
            assert_eq!(worth == 1.0, kind == Kind::Finding, "{kind:?}");
            assert_eq!(worth < 0.01, kind == Kind::Boilerplate, "{kind:?}");
        }
    }

    #[test]
    fn explanation_has_a_part_for_each_clause_and_the_factors_of_the_score() {
        let formula = formula("visit OR late", 20);
        let find = |at: usize, weights: &ClauseWeights, damping| {
            let words = &[[3], [0]][at];
            weights.score(Counts { words, spelt: 0, ways: 0 }, damping)
        };
        let explained = formula.explain(length_id(36), 0.5, None, find);
        let parts = explained.parts.iter().map(|part| (part.text.as_str(), part.occurrences));
        assert_eq!(parts.collect::<Vec<_>>(), [("visit", 3), ("late", 0)]);
        let sum: f32 = explained.parts.iter().map(|part| part.score).sum();
        let score = sum * explained.coverage * explained.length;
        assert_eq!(score, formula.factors(length_id(36), false, find).score());
        assert_eq!((explained.length, explained.kind), (0.8, 0.5));
    }

    #[test]
    fn scores_settle_as_the_library_rounds() {
        let below_half = f32::from_bits(0.5_f32.to_bits() - 1);
        let steps = [0.0, below_half, 0.5, 1.5, 2.5, 4095.5, WHOLE - 0.5, WHOLE, WHOLE * 3.0, 1e30];
        let more = (0..100_000).map(|n| n as f32 * 0.123_45);
        for steps in steps.into_iter().chain(more) {
            let score = steps * STEP;
            assert_eq!(settled(score), (score / STEP).round() * STEP, "{score}");
        }
    }
}
