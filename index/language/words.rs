//! Splits text into words, in the one way that the index, the query and the highlighter share.
//!
//! A word is a run of letters and digits; case and accents are folded away. Every word has a
//! position. The `s` of a possessive is a separate word that has a position but no stem, so that
//! `children's homes` is two stems and three exact words. Knows nothing of queries or reports.

use crate::language::accents;
use frostem::Algorithm;
use rustc_hash::FxHashMap;

/// Longer words are cut off at this many bytes: the engine refuses very long terms, and nobody
/// searches for them.
pub const LONGEST: usize = 255;

/// Distinct words remembered by one [`Stemmer`]; prose has a few tens of thousands.
const REMEMBERED: usize = 100_000;

/// A word with its place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// As written.
    pub raw: &'a str,
    /// Byte offset of its first byte.
    pub start: usize,
    /// Byte offset after its last byte.
    pub end: usize,
    /// Whether it is the `s` after an apostrophe.
    pub possessive: bool,
}

/// The words of a text, in order; a word's position is its place in this sequence.
#[must_use]
pub fn scan(text: &str) -> Scan<'_> {
    Scan { text, at: 0, previous_end: None }
}

/// Iterator of [`scan`].
#[derive(Debug, Clone)]
pub struct Scan<'a> {
    text: &'a str,
    at: usize,
    previous_end: Option<usize>,
}

/// Whether a word can begin with this character.
#[must_use]
pub fn begins_word(c: char) -> bool {
    c.is_alphanumeric()
}

/// Whether a character is a combining accent, soft hyphen or joiner: these occur inside a word and
/// are not part of it.
#[must_use]
pub fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Whether a character is what people type and print for an apostrophe.
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}' | '\u{ff07}')
}

impl<'a> Scan<'a> {
    fn char_at(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    /// Byte offset of the next character that begins a word.
    fn next_start(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii() {
                if byte.is_ascii_alphanumeric() {
                    return Some(at);
                }
                at += 1;
            } else {
                let c = self.char_at(at)?;
                if begins_word(c) {
                    return Some(at);
                }
                at += c.len_utf8();
            }
        }
        None
    }

    /// Byte offset after the word that begins at `start`.
    fn end_of(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = start;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii() {
                if !byte.is_ascii_alphanumeric() {
                    break;
                }
                at += 1;
            } else {
                match self.char_at(at) {
                    Some(c) if begins_word(c) || is_ignorable(c) => at += c.len_utf8(),
                    _ => break,
                }
            }
        }
        at
    }
}

impl<'a> Iterator for Scan<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        let start = self.next_start()?;
        let end = self.end_of(start);
        let raw = &self.text[start..end];
        let possessive = matches!(raw, "s" | "S")
            && self.previous_end.is_some_and(|previous| {
                let mut between = self.text[previous..start].chars();
                between.next().is_some_and(is_apostrophe) && between.next().is_none()
            });
        self.at = end;
        self.previous_end = Some(end);
        Some(Word { raw, start, end, possessive })
    }
}

/// Writes the word in the form in which it is indexed: lower case, accents folded, at most 255
/// bytes.
pub fn fold_into(raw: &str, folded: &mut String) {
    folded.clear();
    if raw.is_ascii() {
        folded.push_str(raw);
        folded.make_ascii_lowercase();
    } else {
        fold_accents(raw, folded);
    }
    if folded.len() > LONGEST {
        let mut cut = LONGEST;
        while !folded.is_char_boundary(cut) {
            cut -= 1;
        }
        folded.truncate(cut);
    }
}

fn fold_accents(raw: &str, folded: &mut String) {
    let mut plain = String::with_capacity(raw.len());
    accents::strip_into(raw.chars().filter(|c| !is_ignorable(*c)), &mut plain);
    // Lower-cased as a whole, since the lower case of a capital sigma depends on its neighbours.
    folded.push_str(&plain.to_lowercase());
    if folded.is_empty() {
        folded.push_str(raw);
    }
}

/// The word in the form in which it is indexed.
#[must_use]
pub fn fold(raw: &str) -> String {
    let mut folded = String::new();
    fold_into(raw, &mut folded);
    folded
}

/// The exact words of a text, folded.
#[must_use]
pub fn exact(text: &str) -> Vec<String> {
    scan(text).map(|word| fold(word.raw)).collect()
}

/// The form in which names are compared: folded words with one space between.
#[must_use]
pub fn key(name: &str) -> String {
    exact(name).join(" ")
}

/// Estimates how many words a text has: runs of ASCII letters, digits and non-ASCII bytes. Fast and
/// never far off; used for average lengths only.
#[must_use]
pub fn estimate(text: &str) -> u64 {
    let mut words = 0;
    let mut inside = false;
    for byte in text.bytes() {
        let is_word = byte.is_ascii_alphanumeric() || byte >= 0x80;
        words += u64::from(is_word && !inside);
        inside = is_word;
    }
    words
}

/// Reduces English words to their stems and remembers the results: stemming costs more than all
/// other steps of splitting text into words, and prose repeats its words endlessly.
#[derive(Clone)]
pub struct Stemmer {
    english: frostem::Stemmer,
    memo: FxHashMap<Box<str>, Box<str>>,
}

impl Default for Stemmer {
    fn default() -> Self {
        Self { english: frostem::Stemmer::new(Algorithm::English), memo: FxHashMap::default() }
    }
}

impl Stemmer {
    /// Replaces a folded word by its stem.
    pub fn stem_in_place(&mut self, word: &mut String) {
        if let Some(stem) = self.memo.get(word.as_str()) {
            word.clear();
            word.push_str(stem);
            return;
        }
        let stem = self.english.stem(word);
        let stem = if stem.is_empty() { word.clone() } else { stem.into_owned() };
        if self.memo.len() >= REMEMBERED {
            self.memo.clear();
        }
        self.memo.insert(word.as_str().into(), stem.as_str().into());
        *word = stem;
    }

    /// The stems of a text with their positions. A possessive `s` has no stem.
    pub fn stems(&mut self, text: &str) -> Vec<(usize, String)> {
        let mut stems = Vec::new();
        for (position, word) in scan(text).enumerate() {
            if !word.possessive {
                let mut stem = fold(word.raw);
                self.stem_in_place(&mut stem);
                stems.push((position, stem));
            }
        }
        stems
    }
}

/// Merges ranges of bytes that overlap, and turns them into `[start, end)` in characters of the
/// text, in order.
#[must_use]
pub fn spans(text: &str, mut bytes: Vec<(usize, usize)>) -> Vec<[usize; 2]> {
    bytes.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::with_capacity(bytes.len());
    for (start, end) in bytes {
        match merged.last_mut() {
            Some(last) if start < last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    let (mut byte, mut character) = (0, 0);
    let mut count_to = |target: usize| {
        character += text[byte..target].chars().count();
        byte = target;
        character
    };
    merged.into_iter().map(|(start, end)| [count_to(start), count_to(end)]).collect()
}

/// The stems of a word's parts with their distances from the first.
pub fn stems_from_first(text: &str, stemmer: &mut Stemmer) -> Vec<(usize, String)> {
    let mut stems = stemmer.stems(text);
    let first = stems.first().map_or(0, |(position, _)| *position);
    for (position, _) in &mut stems {
        *position -= first;
    }
    stems
}

#[cfg(test)]
mod tests {
    use super::{Stemmer, exact, key};

    #[test]
    fn words_are_runs_of_letters_and_digits_without_case_and_accents() {
        assert_eq!(
            exact("Multi-agency A&E cafe\u{301}, Zoë’s 24/7 ﬁle"),
            ["multi", "agency", "a", "e", "cafe", "zoe", "s", "24", "7", "file"]
        );
        assert_eq!(exact("in\u{ad}spection"), ["inspection"]);
    }

    #[test]
    fn possessive_s_takes_a_position_and_has_no_stem() {
        let stems = Stemmer::default().stems("children’s homes");
        assert_eq!(stems, [(0, "children".to_owned()), (2, "home".to_owned())]);
    }

    #[test]
    fn an_s_that_is_no_possessive_is_a_word() {
        let stems = Stemmer::default().stems("s and 's");
        assert_eq!(stems.len(), 3);
    }

    #[test]
    fn stemmer_remembers_without_changing_its_answer() {
        let mut stemmer = Stemmer::default();
        assert_eq!(stemmer.stems("interviews"), stemmer.stems("interviews"));
        assert_eq!(stemmer.stems("Interviews")[0].1, "interview");
    }

    /// The property that [`crate::marking::Matcher`] relies on.
    fn is_word_but_for_an_ending(stem: &str, word: &str) -> bool {
        let kept = stem.len().saturating_sub(2).max(1);
        stem.len() <= word.len() && word.starts_with(&stem[..kept])
    }

    #[test]
    fn a_stem_is_its_word_but_for_an_ending() {
        let words = "skis skies dying lying tying idly gently ugly early only singly yes youth \
                     eyes aging owing using ions ies ied ise sky say by crying says being is as \
                     us its his ates ers ing ed ly ness inning outing canning news howe andes";
        for word in words.split_whitespace() {
            let stem = &Stemmer::default().stems(word)[0].1;
            assert!(is_word_but_for_an_ending(stem, word), "{word}: {stem}");
        }
    }

    #[test]
    fn whatever_the_stemmer_takes_for_endings_comes_off_the_end() {
        let starts = ["", "a", "b", "y", "ab", "ba", "by", "yo", "hop", "str", "gener", "commun"];
        let endings = "s ss es ies ied sses us eed eedly ed edly ing ingly ying y at bl iz tional \
                       enci anci abli entli izer ization ational ation ator alism aliti alli \
                       fulness ousli ousness iveness iviti biliti bli ogi fulli lessli li alize \
                       icate iciti ical ful ness ative al ance ence er ic able ible ant ement \
                       ment ent ism ate iti ous ive ize ion sion e l ll bb dd ility ably logy";
        let endings: Vec<&str> = endings.split_whitespace().collect();
        let mut stemmer = Stemmer::default();
        for start in starts {
            for one in &endings {
                for other in &endings {
                    let word = format!("{start}{one}{other}");
                    let mut stem = word.clone();
                    stemmer.stem_in_place(&mut stem);
                    assert!(is_word_but_for_an_ending(&stem, &word), "{word}: {stem}");
                }
            }
        }
    }

    #[test]
    fn names_are_compared_by_their_words() {
        assert_eq!(key("St. Helens"), key("st helens"));
        assert_ne!(key("Adequate"), key("Inadequate"));
    }
}
