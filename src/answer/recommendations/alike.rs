//! Decides whether two recommendations ask for the same thing.
//!
//! They do if their closeness in meaning and the words that they share come to [`ENOUGH`] together.
//! The same theme or topic is no sign of it: an inspection makes several recommendations on one topic,
//! and most have no theme. The rule was chosen on pairs of one half of the authorities and measured on
//! pairs of the other half (`tests/relevance/README.md`).

use super::Likeness;
use findings_index::language::alike::Runs;
use findings_index::language::grammar::is_function_word;
use findings_index::language::words::{self, Stemmer};
use findings_index::ranking::meaning::{Direction, Meaning, SAME};
use std::collections::BTreeSet;

/// The likeness from which two recommendations ask for the same, in hundredths.
pub(super) const ENOUGH: i64 = 80;

/// What the words count that are shared, in hundredths, if the shorter one has no other words.
const WORDS: i64 = 30;

/// A recommendation of fewer words is compared as if it had so many: one word in common says little.
const FEWEST: usize = 3;

/// Stems of words with which anything is asked for, whatever it is.
const ASKING: [&str; 29] = [
    "child",
    "children",
    "consist",
    "continu",
    "effect",
    "ensur",
    "further",
    "improv",
    "increas",
    "make",
    "must",
    "need",
    "page",
    "paragraph",
    "peopl",
    "practic",
    "qualiti",
    "recommend",
    "review",
    "robust",
    "servic",
    "social",
    "step",
    "strengthen",
    "sure",
    "take",
    "work",
    "worker",
    "young",
];

/// What a recommendation asks for, ready to be compared.
pub(super) struct Wish {
    /// Where its text points among meanings; `None` without vectors, or if no word of it is known.
    direction: Option<Direction>,
    /// The stems of its telling words.
    words: BTreeSet<String>,
    runs: Runs,
}

impl Wish {
    /// Reads a text.
    pub(super) fn of(text: &str, table: Option<&Meaning>, stemmer: &mut Stemmer) -> Self {
        let mut stems = BTreeSet::new();
        for word in words::scan(text).filter(|word| !word.possessive) {
            if is_function_word(word.raw) || word.raw.chars().all(|c| c.is_ascii_digit()) {
                continue;
            }
            let mut stem = words::fold(word.raw);
            stemmer.stem_in_place(&mut stem);
            if !ASKING.contains(&stem.as_str()) {
                stems.insert(stem);
            }
        }
        let direction = table.and_then(|table| table.vector(text, stemmer).direction());
        Self { direction, words: stems, runs: Runs::of(text) }
    }

    /// How alike two are.
    pub(super) fn likeness(&self, other: &Self) -> Likeness {
        let both = self.direction.as_ref().zip(other.direction.as_ref());
        let closeness = both.map(|(one, other)| one.closeness(other) * 100 / SAME);
        let shared = self.words.intersection(&other.words).count();
        let fewer = self.words.len().min(other.words.len()).max(FEWEST);
        let wording = (shared * 100 / fewer) as i64;
        Likeness { closeness, wording, is_near_identical: self.runs.agree(&other.runs) }
    }
}

impl Likeness {
    /// Closeness and shared words together, in hundredths; `None` without vectors.
    pub(super) fn sum(self) -> Option<i64> {
        self.closeness.map(|closeness| closeness + self.wording * WORDS / 100)
    }

    /// Whether both ask for the same.
    pub(super) fn is_same(self) -> bool {
        self.is_near_identical || self.sum().is_some_and(|sum| sum >= ENOUGH)
    }
}

#[cfg(test)]
mod tests {
    use super::{ASKING, Wish};
    use crate::knowledge::vectors;
    use findings_index::language::words::Stemmer;

    fn is_same(one: &str, other: &str) -> bool {
        let table = vectors::table();
        let mut stemmer = Stemmer::default();
        let [one, other] = [one, other].map(|text| Wish::of(text, table.as_ref(), &mut stemmer));
        one.likeness(&other).is_same()
    }

    #[test]
    #[cfg(feature = "meaning")]
    fn the_same_in_other_words_is_the_same_and_another_thing_on_one_topic_is_not() {
        let supervision = "See to it that each social worker is given supervision every month, and reflective supervision.";
        assert!(is_same(
            supervision,
            "How often social workers have supervision, and how far it makes them think."
        ));
        assert!(!is_same(
            supervision,
            "The number of families for whom one social worker is answerable."
        ));
        let interviews =
            "Offer a return home interview to each child in Elmet who was missing overnight.";
        assert!(is_same(
            interviews,
            "Return home interviews in Elmet, and the days that missing children wait for them."
        ));
        assert!(!is_same(
            interviews,
            "Minutes of strategy meetings in Elmet, and who is sent them."
        ));
    }

    #[test]
    fn nearly_the_same_wording_is_the_same_with_and_without_vectors() {
        let text =
            "Publish the minutes of the lamp committee within ten days of every meeting it holds";
        let mut stemmer = Stemmer::default();
        let wish = |text: &str, stemmer: &mut Stemmer| Wish::of(text, None, stemmer);
        let one = wish(text, &mut stemmer);
        let other = wish(&text.replace("Publish", "publish"), &mut stemmer);
        assert!(one.likeness(&other).is_same());
        assert!(!one.likeness(&wish("Publish the minutes", &mut stemmer)).is_same());
    }

    #[test]
    fn words_of_asking_are_stems() {
        let words = "child children consistently continue effectively ensure further improve \
            increase make must need page paragraph people practice quality recommendation review \
            robust services social steps strengthen sure take work workers young";
        let stems = Stemmer::default().stems(words).into_iter().map(|(_, stem)| stem);
        assert_eq!(stems.collect::<Vec<_>>(), ASKING);
        assert!(ASKING.is_sorted());
    }
}
