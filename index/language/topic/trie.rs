//! Finds many phrases in a text at once, word by word.

use crate::language::words::{self, Word};
use rustc_hash::FxHashMap;

/// Phrases of folded words, each with a number, in a trie of words.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// The numbers of the words that the phrases have.
    words: FxHashMap<Box<str>, usize>,
    /// The node after each of these words where it begins a phrase.
    begins: Vec<Option<usize>>,
    nodes: Vec<Node>,
    /// The node after another one and a word.
    steps: FxHashMap<(usize, usize), usize>,
}

/// What is known after some words.
#[derive(Debug, Default)]
struct Node {
    /// The phrase that they are.
    phrase: Option<usize>,
    /// Whether there are longer phrases that begin with them.
    goes_on: bool,
}

/// A phrase in a text: its number, and those of its first and last word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) phrase: usize,
    pub(super) first: usize,
    pub(super) last: usize,
}

impl Phrases {
    /// The number of a phrase, given as folded words with a space between, that has been added or is
    /// added now: they are numbered from 0.
    pub(super) fn add(&mut self, phrase: &str, next: usize) -> usize {
        let mut node: Option<usize> = None;
        for word in phrase.split(' ') {
            let number = match self.words.get(word) {
                Some(number) => *number,
                None => {
                    self.begins.push(None);
                    self.words.insert(word.into(), self.begins.len() - 1);
                    self.begins.len() - 1
                }
            };
            let known = match node {
                None => self.begins[number],
                Some(node) => self.steps.get(&(node, number)).copied(),
            };
            let after = known.unwrap_or_else(|| {
                self.nodes.push(Node::default());
                self.nodes.len() - 1
            });
            match node {
                None => self.begins[number] = Some(after),
                Some(node) => {
                    self.nodes[node].goes_on = true;
                    self.steps.insert((node, number), after);
                }
            }
            node = Some(after);
        }
        match node {
            Some(node) => *self.nodes[node].phrase.get_or_insert(next),
            None => next,
        }
    }

    /// Every phrase in the words of a text, also those within others.
    pub(super) fn find(&self, text: &[Word<'_>]) -> Vec<Match> {
        let mut folded = String::new();
        let number_of = |word: &Word<'_>| {
            words::fold_into(word.raw, &mut folded);
            self.words.get(folded.as_str()).copied()
        };
        let numbers: Vec<Option<usize>> = text.iter().map(number_of).collect();
        let mut found = Vec::new();
        for first in 0..numbers.len() {
            let mut last = first;
            let mut after = numbers[first].and_then(|number| self.begins[number]);
            while let Some(node) = after {
                let Node { phrase, goes_on } = self.nodes[node];
                found.extend(phrase.map(|phrase| Match { phrase, first, last }));
                if !goes_on {
                    break;
                }
                last += 1;
                let next = numbers.get(last).copied().flatten();
                after = next.and_then(|number| self.steps.get(&(node, number)).copied());
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::{Match, Phrases};
    use crate::language::words;

    #[test]
    fn phrases_are_found_within_and_across_others_and_at_whole_words() {
        let mut phrases = Phrases::default();
        let all = ["return home", "home", "return home interview", "interview", "home visits"];
        for (number, phrase) in all.into_iter().enumerate() {
            assert_eq!(phrases.add(phrase, number), number);
        }
        assert_eq!(phrases.add("home", 5), 1);
        let text: Vec<_> =
            words::scan("Return-home interviews; Return home interview, home").collect();
        let found = phrases.find(&text);
        let at = |phrase, first, last| Match { phrase, first, last };
        assert_eq!(
            found,
            [
                at(0, 0, 1),
                at(1, 1, 1),
                at(0, 3, 4),
                at(2, 3, 5),
                at(1, 4, 4),
                at(3, 5, 5),
                at(1, 6, 6)
            ]
        );
        assert!(Phrases::default().find(&text).is_empty());
    }
}
