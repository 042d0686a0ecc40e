//! The formula of relevance: what a paragraph scores, from counts that any engine can give.
//!
//! Matching and ranking are apart: the tree says which paragraphs match, and each match is scored
//! from the words that the tree wants, wherever they occur in it. The score of a paragraph is
//!
//! ```text
//! kind x length x (1 - C + C x coverage) x sum over what was asked of
//!     idf x tf (K1 + 1) / (tf + K1 (1 - B + B x words / average))
//! ```
//!
//! which is BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework") of each
//! word or phrase, times the share of what was asked that the paragraph holds, weighed by rarity.
//! Something with synonyms counts its own words and, in part, all of them together as if they were
//! one word; other spellings of a word are that word. Every constant was chosen on judged topics
//! (`findings eval`); what did not pay (headings, nearness of words, feedback from the first hits,
//! vectors of co-occurrence) is not here.
//!
//! ```text
//! clause   tree -> the clauses that are scored, and the words to count for each
//! weight   how often these words occur anywhere -> what each is worth; then, in one paragraph ->
//!          what the clause adds
//! length   words of a paragraph -> what they do to its score
//! formula  clauses, length and kind -> a score, and why
//! ```
//!
//! Counting words is left to the engine, and so is the score of what cannot be counted so
//! (wildcards, words near one another).

mod clause;
mod formula;
mod length;
mod weight;

pub use clause::{
    CountedWords, ScoredClause, Scoring, WordForm, WordRun, by_spelling, expanded, label,
    scored_clauses,
};
pub use formula::{Factors, Formula, distinctiveness, kind_factor, settled};
pub use length::{length_id, words_of_length};
pub use weight::{ClauseScore, ClauseWeights, Counts, ExpansionFrequency};

/// How soon more of the same word stops counting.
const K1: f32 = 1.2;
/// How much the length of a paragraph counts against it: less than in collections of whole
/// documents, since paragraphs of reports are all of a page or less.
const B: f32 = 0.5;
/// How much of the score hangs on holding all that was asked.
const COVERAGE: f32 = 0.3;
/// Paragraphs shorter than this many words say too little to be quoted.
const SUBSTANTIAL: f32 = 45.0;
/// Text that is the same in every report is counted but comes after everything else.
const BOILERPLATE: f32 = 0.001;
/// What the words as written count where there are synonyms...
const WRITTEN: f32 = 0.8;
/// ...and what all ways of saying it count together, for each word written.
const TOGETHER: f32 = 0.3;
/// The rarity of something whose paragraphs were not counted: that of a word in one paragraph out
/// of a hundred and fifty.
const USUAL_RARITY: f32 = 5.0;

/// The rarity of something that occurs in `frequency` of `paragraphs` paragraphs.
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
