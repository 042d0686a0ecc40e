//! Regular expressions as data: kept as written, compiled at first use.
//!
//! A run that recognises one report needs a fraction of all patterns, and a search needs none, so
//! compiling all of them would make loading slow. Whether a pattern compiles is checked beforehand:
//! for a user's file by [`check`](super::check), for the embedded ones by a test.

use crate::knowledge::fold;
use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use std::sync::{LazyLock, OnceLock};

/// The largest compiled size in bytes: a user's pattern must not use up the memory of a build.
const SIZE: usize = 1 << 20;

static NOTHING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[^\s\S]").expect("a constant expression compiles"));

/// A regular expression from TOML, matched without case.
#[derive(Debug, Clone, Default)]
pub struct Pattern {
    source: String,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    /// Makes a pattern of this source.
    #[must_use]
    pub fn new(source: impl Into<String>) -> Self {
        Self { source: source.into(), compiled: OnceLock::new() }
    }

    /// A pattern that matches exactly these words, with or without `the` before them.
    pub(super) fn words(words: &str) -> Self {
        Self::new(format!("^(the )?{}$", regex::escape(&fold::punctuation(words.trim()))))
    }

    /// The expression as written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The compiled expression; one that does not compile matches nothing.
    #[must_use]
    pub fn regex(&self) -> &Regex {
        self.compiled.get_or_init(|| compile(&self.source).unwrap_or_else(|_| NOTHING.clone()))
    }
}

/// Compiles an expression as [`Pattern`] does.
pub(super) fn compile(source: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(source).case_insensitive(true).size_limit(SIZE).build()
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_heading_given_in_plain_words_needs_no_knowledge_of_patterns() {
        let heading = Pattern::words("How well is it led? (and by whom)");
        assert!(heading.regex().is_match("how well is it led? (and by whom)"));
        assert!(!heading.regex().is_match("how well is it led"));
        assert!(Pattern::words("People’s safety").regex().is_match("The people's safety"));
    }

    #[test]
    fn a_pattern_that_cannot_be_compiled_matches_nothing() {
        assert!(!Pattern::new("(").regex().is_match("("));
    }
}
