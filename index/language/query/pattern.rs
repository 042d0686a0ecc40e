//! Wildcards and fuzzy words, matched against folded words.

use crate::language::words;
use std::fmt::{self, Display, Formatter, Write};

/// The form that a word must have.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// A wildcard: `*` is any letters, `?` exactly one.
    Glob(Vec<char>),
    /// A word, and how many letters may differ.
    Fuzzy(String, usize),
}

/// Minimum number of letters before a `*`: the words that begin with these must be a manageable
/// part of all words.
const LETTERS_BEFORE_STAR: usize = 2;
/// Minimum number of letters of a fuzzy word: little more than the first letter of a shorter one
/// would be left.
const LETTERS_OF_FUZZY: usize = 3;

impl Display for Form {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Glob(pattern) => pattern.iter().try_for_each(|c| f.write_char(*c)),
            Self::Fuzzy(text, edits) => write!(f, "{text}~{edits}"),
        }
    }
}

impl Form {
    /// A wildcard, as written.
    #[must_use]
    pub fn wildcard(pattern: &str) -> Self {
        Self::Glob(pattern.chars().collect())
    }

    /// A word of which this many letters may differ.
    #[must_use]
    pub fn fuzzy(text: &str, edits: u8) -> Self {
        Self::Fuzzy(text.to_owned(), usize::from(edits))
    }

    /// The letters with which all words of the form begin; never empty in a tree that was checked.
    #[must_use]
    pub fn prefix(&self) -> String {
        match self {
            Self::Glob(pattern) => pattern.iter().take_while(|c| !matches!(c, '*' | '?')).collect(),
            Self::Fuzzy(text, _) => text.chars().take(1).collect(),
        }
    }

    /// Whether a folded word has the form.
    #[must_use]
    pub fn fits(&self, word: &str) -> bool {
        match self {
            Self::Glob(pattern) => glob(pattern, word),
            Self::Fuzzy(text, edits) => {
                text.chars().next() == word.chars().next()
                    && text.len().abs_diff(word.len()) <= 4 * edits
                    && strsim::osa_distance(text, word) <= *edits
            }
        }
    }
}

/// Backtracks to the last `*` only: what an earlier one has consumed never needs to change.
fn glob(pattern: &[char], word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    let (mut at, mut next) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < word.len() {
        match pattern.get(next) {
            Some('*') => {
                star = Some((next, at));
                next += 1;
            }
            Some(c) if *c == '?' || *c == word[at] => {
                next += 1;
                at += 1;
            }
            _ => match star {
                Some((star_at, taken)) => {
                    star = Some((star_at, taken + 1));
                    next = star_at + 1;
                    at = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[next..].iter().all(|c| *c == '*')
}

/// Why a wildcard cannot be searched for; `None` if it can.
pub(super) fn fault_of_wildcard(pattern: &str) -> Option<String> {
    let before_star = pattern.split('*').next().unwrap_or_default();
    let letters = before_star.chars().filter(|c| *c != '?').count();
    if pattern.starts_with(['*', '?']) {
        Some("it has no first letter; write how the word begins".to_owned())
    } else if pattern.contains('*') && letters < LETTERS_BEFORE_STAR {
        Some(format!(
            "it has fewer than {LETTERS_BEFORE_STAR} letters before the `*`; write more of the word"
        ))
    } else if pattern.ends_with('?') {
        Some("a `?` at the end of a word ends a question; write `*` there".to_owned())
    } else {
        None
    }
}

/// Why a fuzzy word cannot be searched for; `None` if it can.
pub(super) fn fault_of_fuzzy(text: &str, edits: u8) -> Option<String> {
    let mut words = words::scan(text);
    if words.next().is_none_or(|word| word.raw != text) {
        Some("`~` belongs to one word; for loose phrases write \"some words\"~3".to_owned())
    } else if text.chars().count() < LETTERS_OF_FUZZY {
        Some(format!("a fuzzy word has at least {LETTERS_OF_FUZZY} letters"))
    } else if !(1..=2).contains(&edits) {
        Some("one or two letters may differ; write `~1`, `~2` or `~`".to_owned())
    } else {
        None
    }
}

/// How many letters of a word may differ if no number is given.
#[must_use]
pub fn usual_edits(text: &str) -> u8 {
    if text.chars().count() <= 5 { 1 } else { 2 }
}

/// The word as it is indexed, or as written if the folded form would not read as the same word
/// again.
pub(super) fn folded(raw: &str) -> String {
    let folded = words::fold(raw);
    let again = words::exact(&folded);
    if again.as_slice() == [folded.as_str()] { folded } else { raw.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn star_is_any_letters_and_question_mark_just_one() {
        let fits = |pattern: &str, word: &str| Form::wildcard(pattern).fits(word);
        assert!(fits("care*", "care") && fits("care*", "carers") && !fits("care*", "scare"));
        assert!(fits("wom?n", "woman") && !fits("wom?n", "womn") && !fits("wom?n", "women s"));
        assert!(
            fits("ca*e*s", "caesars") && fits("ca*ing", "caringing") && !fits("ca*ing", "caring s")
        );
    }

    #[test]
    fn fuzzy_word_keeps_its_first_letter_and_a_transposition_is_one_change() {
        let fits = |text: &str, edits, word: &str| Form::fuzzy(text, edits).fits(word);
        assert!(
            fits("their", 1, "thier") && fits("their", 1, "theirs") && fits("their", 0, "their")
        );
        assert!(
            !fits("their", 1, "heir") && !fits("their", 1, "thiers") && fits("their", 2, "thiers")
        );
    }
}
