//! Recognises which judged paragraph a hit is.
//!
//! It is the paragraph of the same file with which the hit shares most runs of four words, if they
//! share at least 60% of the runs of the shorter of the two. Programs cut reports differently, so a
//! hit need not be the judged paragraph to the letter. Runs are kept as CRC-32, so that judgements
//! can be handed on without their text.

use std::collections::{HashMap, HashSet};

/// Words in a run.
const RUN: usize = 4;

/// The least share of the shorter paragraph's runs, in tenths.
const SHARE_TENTHS: usize = 6;

/// One graded paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// How good an answer it is; 0 is not an answer.
    pub grade: u8,
    /// Its runs of four words.
    pub(super) runs: HashSet<u32>,
}

/// Graded paragraphs by topic and file.
#[derive(Debug, Clone, Default)]
pub struct Judgements {
    by_file: HashMap<(String, String), Vec<Judged>>,
    /// All grades of a topic, the best first.
    grades: HashMap<String, Vec<u8>>,
}

impl Judgements {
    /// Whether nothing is judged.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.grades.is_empty()
    }

    pub(super) fn add(&mut self, topic: &str, sha256: &str, judged: Judged) {
        let grades = self.grades.entry(topic.to_owned()).or_default();
        let place = grades.partition_point(|grade| *grade >= judged.grade);
        grades.insert(place, judged.grade);
        self.by_file.entry((topic.to_owned(), sha256.to_owned())).or_default().push(judged);
    }

    /// The grades of all paragraphs judged for a topic, the best first.
    pub(super) fn grades(&self, topic: &str) -> &[u8] {
        self.grades.get(topic).map_or(&[], Vec::as_slice)
    }

    /// Returns a matcher for the judged paragraphs of a topic.
    pub(super) fn matcher<'a>(&'a self, topic: &'a str) -> Matcher<'a> {
        Matcher { judgements: self, topic, used: HashSet::new() }
    }
}

/// Finds the judged paragraphs of one topic, each at most once.
pub(super) struct Matcher<'a> {
    judgements: &'a Judgements,
    topic: &'a str,
    used: HashSet<(String, usize)>,
}

impl Matcher<'_> {
    /// Returns the grade of the judged paragraph that the hit is; `None` if nobody has judged it,
    /// or if an earlier hit was the same paragraph.
    pub(super) fn grade(&mut self, sha256: &str, text: &str) -> Option<u8> {
        let file = (self.topic.to_owned(), sha256.to_owned());
        let judged = self.judgements.by_file.get(&file)?;
        let own = runs(text);
        let mut best: Option<(usize, usize, u8)> = None;
        for (place, judged) in judged.iter().enumerate() {
            let common = own.intersection(&judged.runs).count();
            let smaller = own.len().min(judged.runs.len()).max(1);
            let is_same = common * 10 >= SHARE_TENTHS * smaller;
            let is_used = || self.used.contains(&(file.1.clone(), place));
            // Of equals, the first judged counts.
            if is_same && best.is_none_or(|(most, ..)| common > most) && !is_used() {
                best = Some((common, place, judged.grade));
            }
        }
        let (_, place, grade) = best?;
        self.used.insert((file.1, place));
        Some(grade)
    }
}

/// Splits a text into its runs of four words; a shorter text is one run. Words are in lower case
/// and separated by anything but `a` to `z` and digits, once apostrophes are removed. A number at
/// the start is the paragraph's own and does not count.
pub(super) fn runs(text: &str) -> HashSet<u32> {
    let plain = text.to_lowercase().replace(['\u{2019}', '\''], "");
    let mut words: Vec<&str> = plain
        .split(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit()))
        .filter(|word| !word.is_empty())
        .collect();
    if words.first().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit())) {
        words.remove(0);
    }
    let hash = |words: &[&str]| crc32fast::hash(words.join(" ").as_bytes());
    if words.len() < RUN {
        return HashSet::from([hash(&words)]);
    }
    words.windows(RUN).map(hash).collect()
}

#[cfg(test)]
mod tests {
    use super::{Judged, Judgements, runs};

    fn judgements(judged: &[(&str, u8, &str)]) -> Judgements {
        let mut all = Judgements::default();
        for (sha256, grade, text) in judged {
            all.add("t", sha256, Judged { grade: *grade, runs: runs(text) });
        }
        all
    }

    #[test]
    fn runs_are_those_of_the_words_without_number_case_and_apostrophes() {
        assert_eq!(runs("114. The ferry’s crew"), runs("the FERRYS, crew"));
        assert_eq!(runs("one two three four five").len(), 2);
        // Only the first number is the paragraph's.
        assert_ne!(runs("114. 12 ferries sailed"), runs("ferries sailed"));
        // CRC-32's check value is that of these nine digits; after `a` they are no paragraph
        // number.
        assert_eq!(runs("a 123456789"), [crc32fast::hash(b"a 123456789")].into());
        assert_eq!(crc32fast::hash(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_text_without_words_is_one_empty_run() {
        assert_eq!(runs("– 45."), [0].into());
    }

    #[test]
    fn sixty_per_cent_of_the_smaller_one_is_enough_and_less_is_not() {
        // Eight words are five runs: three of five are 60%, two of five are not.
        let all = judgements(&[("a", 2, "one two three four five six seven eight")]);
        let three = "one two three four five six nine ten eleven twelve thirteen fourteen";
        let two = "one two three four five nine ten eleven twelve thirteen fourteen fifteen";
        assert_eq!(all.matcher("t").grade("a", three), Some(2));
        assert_eq!(all.matcher("t").grade("a", two), None);
        assert_eq!(all.matcher("t").grade("b", three), None);
        assert_eq!(all.matcher("u").grade("a", three), None);
    }

    #[test]
    fn a_judged_paragraph_counts_once() {
        let all = judgements(&[("a", 3, "one two three four five")]);
        let mut matcher = all.matcher("t");
        assert_eq!(matcher.grade("a", "one two three four five"), Some(3));
        assert_eq!(matcher.grade("a", "one two three four"), None);
    }

    #[test]
    fn the_paragraph_that_shares_most_is_taken_and_of_equals_the_first() {
        let all = judgements(&[
            ("a", 1, "one two three four five"),
            ("a", 3, "one two three four five six"),
            ("a", 2, "one two three four five six"),
        ]);
        let mut matcher = all.matcher("t");
        let text = "one two three four five six";
        let grades: Vec<_> = (0..4).map(|_| matcher.grade("a", text)).collect();
        assert_eq!(grades, [Some(3), Some(2), Some(1), None]);
    }
}
