//! Recognises paragraphs that say nearly the same in nearly the same words.
//!
//! Reports repeat themselves: in their summaries, in the boards' reviews bound with them, from one
//! year to the next. Every paragraph has a sketch of its runs of three words: eight bytes that
//! agree in most places if the runs do (one permutation hashing: Li, Owen and Zhang 2012). Sketches
//! only propose candidates; the texts decide.

use crate::language::words;
use rustc_hash::{FxHashSet, FxHasher};
use std::hash::Hasher;

/// Words in one run.
const RUN: usize = 3;
/// Bytes of two sketches that must agree before the texts are compared.
const AGREEING: u32 = 5;
/// The share of all their runs that two near-identical texts have in common.
const SHARED: f64 = 0.8;

/// Spreads hash values that a fast hash leaves close together.
fn spread(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 29)
}

fn of_word(raw: &str) -> u64 {
    let mut hasher = FxHasher::default();
    for byte in raw.bytes() {
        hasher.write_u8(byte.to_ascii_lowercase());
    }
    spread(hasher.finish())
}

/// Hashes the runs of a text, or all its words together if there are too few for a run.
fn runs(text: &str) -> impl Iterator<Item = u64> {
    let words: Vec<u64> = words::scan(text).map(|word| of_word(word.raw)).collect();
    let size = RUN.min(words.len()).max(1);
    let runs: Vec<u64> = words
        .windows(size)
        .map(|run| spread(run.iter().fold(0, |all, word| all.rotate_left(21) ^ word)))
        .collect();
    runs.into_iter()
}

/// Computes eight bytes that mostly agree for texts that do.
#[must_use]
pub fn sketch(text: &str) -> u64 {
    let mut least = [u64::MAX; 8];
    for run in runs(text) {
        let bin = (run >> 61) as usize;
        least[bin] = least[bin].min(run << 3);
    }
    u64::from_le_bytes(least.map(|hash| (spread(hash) >> 56) as u8))
}

/// Whether the texts of two sketches may be near-identical.
#[must_use]
pub fn may_agree(one: u64, other: u64) -> bool {
    let differing = one ^ other;
    let agreeing = differing.to_le_bytes().iter().filter(|byte| **byte == 0).count();
    agreeing as u32 >= AGREEING
}

/// The runs of a text, for comparison with those of others.
pub struct Runs(FxHashSet<u64>);

impl Runs {
    /// Splits a text into its runs.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(runs(text).collect())
    }

    /// Whether both texts are nearly the same.
    #[must_use]
    pub fn agree(&self, other: &Self) -> bool {
        let common = self.0.intersection(&other.0).count();
        let all = self.0.len() + other.0.len() - common;
        all > 0 && common as f64 >= SHARED * all as f64
    }
}

#[cfg(test)]
mod tests {
    use super::{Runs, may_agree, sketch};

    const TEXT: &str = "Managers in Elmet hold regular supervision with social workers, but the \
        records of it are too short to show why decisions about children were taken, and actions \
        that were agreed are seldom looked at again in the next meeting.";

    #[test]
    fn a_word_changed_in_a_paragraph_leaves_it_alike() {
        let other = TEXT.replace("Elmet", "Dunmere");
        assert!(may_agree(sketch(TEXT), sketch(&other)));
        assert!(Runs::of(TEXT).agree(&Runs::of(&other)));
    }

    #[test]
    fn case_and_punctuation_make_no_difference() {
        let other = TEXT.to_uppercase().replace(',', ";");
        assert_eq!(sketch(TEXT), sketch(&other));
    }

    #[test]
    fn another_finding_about_the_same_is_not_alike() {
        let other = "Supervision of social workers is regular, and the records of it show why \
            decisions about children were taken; actions that were agreed are looked at again.";
        assert!(!Runs::of(TEXT).agree(&Runs::of(other)));
    }

    #[test]
    fn texts_without_words_are_like_nothing() {
        assert!(!Runs::of("…").agree(&Runs::of("—")));
    }
}
