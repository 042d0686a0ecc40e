//! Random samples that are the same on every machine.
//!
//! A sample is chosen by a hash of a seed and of what is drawn, not by a random number generator:
//! it does not depend on the index, on the order of reading or on the engine.

use super::notes::Note;
use findings_index::records::Attribute;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A random sample of paragraphs, or of matches in paragraphs.
///
/// Each has a number, the SHA-256 of the seed, its place among the paragraph's matches (0 for the
/// paragraph itself) and the paragraph's id; those with the smallest numbers are chosen. So a
/// sample is the same on every machine and in every version, a larger one contains the smaller one,
/// and a growing corpus changes it by no more than the new ones that belong in it: what has been
/// judged stays judged. A random number generator offers none of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Sample {
    /// How many to draw.
    pub size: usize,
    /// The seed; another seed gives another sample.
    #[serde(default)]
    pub seed: u64,
}

impl Sample {
    /// The number by which a match in a paragraph, or the paragraph itself, is drawn.
    #[must_use]
    pub fn number(self, paragraph: &str, place: usize) -> u64 {
        let mut hash = Sha256::new();
        hash.update(self.seed.to_le_bytes());
        hash.update((place as u64).to_le_bytes());
        hash.update(paragraph.as_bytes());
        hash.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// The note that an answer shows a sample of what was found.
    pub(super) fn note(self, total: usize, group: Option<Attribute>) -> Note {
        let Self { size, seed } = self;
        let text = match group {
            Some(by) => format!(
                "a sample: at most {size} for each {}, drawn at random with seed {seed}; the \
                 totals count all {total} paragraphs",
                by.name()
            ),
            None if size >= total => {
                format!("a sample of {size} takes all {total} paragraphs, whatever the seed")
            }
            None => {
                format!(
                    "a sample of {size} of {total} paragraphs, drawn at random with seed {seed}"
                )
            }
        };
        Note { code: "sample", text }
    }
}

/// The items with the smallest keys so far. Memory grows with those that are kept.
#[derive(Debug)]
pub struct Smallest<K, T> {
    keep: usize,
    items: Vec<(K, T)>,
    /// The largest key that is still kept, once there are enough.
    bar: Option<K>,
}

impl<K: Ord + Clone, T> Smallest<K, T> {
    /// Keeps as many items as given.
    #[must_use]
    pub fn new(keep: usize) -> Self {
        Self { keep, items: Vec::new(), bar: None }
    }

    /// Takes an item, which is made only if its key is small enough.
    pub fn offer(&mut self, key: K, item: impl FnOnce() -> T) {
        if self.keep == 0 || self.bar.as_ref().is_some_and(|bar| key > *bar) {
            return;
        }
        self.items.push((key, item()));
        if self.items.len() >= self.keep.saturating_mul(2) {
            self.trim();
        }
    }

    fn trim(&mut self) {
        self.items.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        self.items.truncate(self.keep);
        if self.items.len() == self.keep {
            self.bar = self.items.last().map(|(key, _)| key.clone());
        }
    }

    /// Returns the items that are kept with their keys, the smallest first.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<(K, T)> {
        self.trim();
        self.items
    }
}

#[cfg(test)]
mod tests {
    use super::{Attribute, Sample, Smallest};

    #[test]
    fn a_samples_numbers_are_the_same_on_every_machine() {
        // The first eight bytes of the SHA-256 of sixteen zero bytes and `a/1`.
        let sample = Sample { size: 1, seed: 0 };
        assert_eq!(sample.number("a/1", 0), 0x0cbd_52e6_4d79_ab41);
        assert_ne!(sample.number("a/1", 0), sample.number("a/1", 1));
        assert_ne!(sample.number("a/1", 0), Sample { seed: 1, ..sample }.number("a/1", 0));
    }

    #[test]
    fn the_smallest_are_kept_whatever_the_order_of_the_offers() {
        let kept = |offers: [u64; 7]| {
            let mut smallest = Smallest::new(3);
            offers.into_iter().for_each(|key| smallest.offer(key, || key * 10));
            smallest.into_sorted()
        };
        assert_eq!(kept([7, 3, 5, 1, 6, 2, 4]), [(1, 10), (2, 20), (3, 30)]);
        assert_eq!(kept([1, 2, 3, 4, 5, 6, 7]), [(1, 10), (2, 20), (3, 30)]);
        let mut none = Smallest::new(0);
        none.offer(1, || 1);
        assert_eq!(none.into_sorted(), []);
    }

    #[test]
    fn the_note_says_how_many_of_how_many_and_which_seed() {
        let said = |size, total, group| Sample { size, seed: 7 }.note(total, group).text;
        insta::assert_snapshot!(
            [said(5, 25, None), said(30, 25, None), said(5, 25, Some(Attribute::Year))].join("\n"),
            @r"
        a sample of 5 of 25 paragraphs, drawn at random with seed 7
        a sample of 30 takes all 25 paragraphs, whatever the seed
        a sample: at most 5 for each year, drawn at random with seed 7; the totals count all 25 paragraphs
        "
        );
    }
}
