//! The relevance formula: the score of a paragraph, from counts that any engine can supply.
//!
//! Matching and ranking are separate: the tree determines which paragraphs match, and each match is
//! scored by the words that the tree asks for, wherever they occur in it. The score of a paragraph
//! is
//!
//! ```text
//! kind x length x negation x (1 - C + C x coverage) x sum over what was asked of
//!     idf x tf (K1 + 1) / (tf + K1 (1 - B + B x words / average))
//! ```
//!
//! which is BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework") of each
//! word or phrase, times the share of what was asked for that the paragraph contains, weighted by
//! rarity. A clause with synonyms counts its own words and, in part, all variants together as if
//! they were one word; other spellings of a word count as that word. A paragraph that says the
//! opposite of what was asked counts half. Every constant was chosen on
//! judged topics (`findings eval`). What did not improve results is left out: headings, nearness of
//! words, feedback from the first hits, co-occurrence vectors.
//!
//! ```text
//! clause   tree -> the clauses that are scored, and the words to count for each
//! weight   how often these words occur anywhere -> what each is worth; then, in one paragraph ->
//!          what the clause adds
//! length   words of a paragraph -> what they do to its score
//! formula  clauses, length and kind -> a score, and why
//! opposition  what a question states or negates, and where a paragraph does -> whether it says the
//!          opposite
//! meaning  terms of a text -> a vector; two vectors -> how close they are
//! ```
//!
//! Counting is left to the engine: of words, and of the places of shapes (phrases with gaps, words near
//! one another, wildcards), which are weighed as their words are side by side.

mod clause;
mod formula;
mod length;
pub mod meaning;
mod opposition;
mod weight;

pub use clause::{
    CountedWords, ScoredClause, Scoring, WordForm, WordRun, by_spelling, expanded, scored_clauses,
};
pub use formula::{Factors, Formula, distinctiveness, kind_factor, settled};
pub use length::{length_id, words_of_length};
pub use opposition::{Opposition, Places};
pub use weight::{ClauseScore, ClauseWeights, Counts, ExpansionFrequency};

/// How quickly repeated occurrences of a word stop adding to the score.
const K1: f32 = 1.2;
/// How strongly the length of a paragraph counts against it: less than in collections of whole
/// documents, since paragraphs of reports are all a page or less.
const B: f32 = 0.5;
/// The share of the score that depends on containing everything asked for.
const COVERAGE: f32 = 0.3;
/// Paragraphs with fewer words than this say too little to be quoted and score less.
const SUBSTANTIAL: f32 = 45.0;
/// Text that is the same in every report is counted, but ranked after everything else.
const BOILERPLATE: f32 = 0.001;
/// The weight of the words as written if there are synonyms...
const WRITTEN: f32 = 0.8;
/// ...and the weight of all variants together, for each word written.
const TOGETHER: f32 = 0.3;

/// The constants of the formula that an engine needs to bound scores by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constants {
    /// What any number of occurrences of a word adds at most, as a multiple of its rarity.
    pub saturated: f32,
    /// The share of the score that depends on containing everything asked for.
    pub coverage: f32,
    /// The weight of the words as written if there are synonyms.
    pub written: f32,
}

/// The constants of the formula.
#[must_use]
pub fn constants() -> Constants {
    Constants { saturated: K1 + 1.0, coverage: COVERAGE, written: WRITTEN }
}

/// The rarity of a word or clause that occurs in `frequency` of `paragraphs` paragraphs.
fn idf(frequency: u64, paragraphs: u64) -> f32 {
    let (n, all) = (frequency.min(paragraphs) as f32, paragraphs as f32);
    (1.0 + (all - n + 0.5) / (n + 0.5)).ln()
}

#[cfg(test)]
mod tests {
    use super::idf;

    #[test]
    fn rare_words_weigh_more_and_words_of_every_paragraph_hardly_anything() {
        let rarities: Vec<f32> = [1, 2, 10, 500, 1000].map(|n| idf(n, 1000)).to_vec();
        assert!(rarities.is_sorted_by(|rarer, commoner| rarer > commoner), "{rarities:?}");
        assert!(rarities[4] > 0.0 && rarities[4] < 0.001, "{rarities:?}");
        assert_eq!(idf(1001, 1000), idf(1000, 1000), "counts of two moments may disagree");
    }
}
