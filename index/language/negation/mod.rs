//! Which words of a text are negated, sentence by sentence.
//!
//! In the manner of NegEx (Chapman and others 2001, "A Simple Algorithm for Identifying Negated Findings
//! and Diseases in Discharge Summaries"): a trigger opens a scope, which a word that begins another
//! clause, punctuation or its length closes; what looks like a trigger and is none is known too. The
//! rules are English and stand in `rules`, with examples that are tested.
//!
//! A scope *denies* where the sentence says that something did not exist or occur ("there are no
//! children in unregistered homes"). A shortfall ("not offered", "not always", "too few") is negated and
//! not denied. Antonyms ("irregular", "poor") are no negation.

mod asked;
mod rules;

pub use asked::{Asked, AskedWord, Form, Said};

use crate::language::grammar::is_function_word;
use crate::language::words::{self, Word};
use rules::{
    ADVERBS, AUXILIARIES, BRINGING, CLOSING, DEGREES, EXISTING, EXTENT, JOINING, PARTIAL, PLACING,
    QUALIFYING, SUBJECTS, TRANSPARENT, TRIGGERS, UNWANTED, VERBS, WHO, WISHING,
};
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::sync::Arc;

/// The most words in one scope.
const LONGEST: usize = 14;

/// How far after a comma another part of a list may be announced by `or` or `nor`.
const LIST: usize = 8;

/// The longest word with which a trigger begins, in bytes.
const LONGEST_TRIGGER: usize = 14;

/// What a sentence says of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sense {
    /// It is not so: not at all, not yet, not always or not enough.
    Negated,
    /// It did not exist or occur.
    Denied,
}

/// How a word is marked where an engine keeps which words are negated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It is in the scope of a negation.
    Within,
    /// It is itself what is negated.
    Itself,
    /// It is denied.
    Denied,
}

/// What is negated in a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Negations<'a> {
    /// The words in the scope of a negation, in order, each once. A word in two scopes is denied if
    /// one of them denies it.
    pub words: Vec<NegatedWord<'a>>,
    /// The first words of what negates them, each with its position.
    pub triggers: Vec<(usize, Word<'a>)>,
}

impl Mark {
    /// The term for what negates, wherever it does.
    pub const TRIGGER: &'static str = "!";

    /// The term for every word that is denied, whatever it is.
    pub const DENIAL: &'static str = "0";

    /// The term for a marked stem: no word of a text is written so.
    pub fn term_into(self, stem: &str, term: &mut String) {
        term.clear();
        term.push(match self {
            Self::Within => '-',
            Self::Itself => '!',
            Self::Denied => '0',
        });
        term.push_str(stem);
    }
}

impl Negations<'_> {
    /// The positions of the words that are denied, in order.
    pub fn denied(&self) -> impl Iterator<Item = usize> {
        self.words.iter().filter(|word| word.sense == Sense::Denied).map(|word| word.position)
    }
}

/// A word in the scope of a negation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NegatedWord<'a> {
    /// Its position among the words of the text.
    pub position: usize,
    /// The word.
    pub word: Word<'a>,
    /// What is said of it.
    pub sense: Sense,
    /// Whether it is itself what is negated, with nothing but adverbs and words of grammar between.
    pub directly: bool,
    /// Whether the negation is of words of grammar alone ("not", "without"), which a search skips.
    pub by_grammar: bool,
}

impl NegatedWord<'_> {
    /// How it is marked.
    pub fn marks(&self) -> impl Iterator<Item = Mark> + use<> {
        let itself = self.directly.then_some(Mark::Itself);
        let denied = (self.sense == Sense::Denied).then_some(Mark::Denied);
        [Some(Mark::Within), itself, denied].into_iter().flatten()
    }
}

/// What a trigger does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Looks like a negation and is none.
    Passes,
    Opens(Sense),
}

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    Space,
    Comma,
    /// A colon, semicolon, dash or bracket.
    Clause,
    Sentence,
}

/// A run of words that opens a scope or only looks so, and what it does.
type Trigger = (Vec<&'static str>, Effect);

/// The rules of English, ready to be applied to many texts.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The triggers by their first words, the longest first.
    triggers: Arc<FxHashMap<&'static str, Vec<Trigger>>>,
}

impl Default for Rules {
    fn default() -> Self {
        let mut triggers: FxHashMap<_, Vec<Trigger>> = FxHashMap::with_hasher(FxBuildHasher);
        for &(text, effect) in TRIGGERS {
            let words: Vec<&str> = text.split(' ').collect();
            triggers.entry(words[0]).or_default().push((words, effect));
        }
        for alike in triggers.values_mut() {
            alike.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Self { triggers: Arc::new(triggers) }
    }
}

impl Rules {
    /// Finds what is negated in a text.
    #[must_use]
    pub fn negations<'t>(&self, text: &'t str) -> Negations<'t> {
        let mut sentences = Sentences { rules: self, text, words: Vec::new() };
        let mut begins = Vec::new();
        let mut folded = String::new();
        for word in words::scan(text) {
            if word.raw.len() <= LONGEST_TRIGGER {
                words::fold_into(word.raw, &mut folded);
                if self.triggers.contains_key(folded.as_str()) {
                    begins.push(sentences.words.len());
                }
            }
            sentences.words.push(word);
        }
        if begins.is_empty() {
            return Negations::default();
        }
        let mut triggers = Vec::new();
        let mut found: Vec<Option<NegatedWord<'_>>> = vec![None; sentences.words.len()];
        let mut from = 0;
        for at in begins {
            if at >= from
                && let Some((effect, end)) = sentences.trigger(at)
            {
                from = end;
                if let Effect::Opens(sense) = effect {
                    triggers.push((at, sentences.words[at]));
                    sentences.mark(at..end, sense, &mut found);
                }
            }
        }
        Negations { words: found.into_iter().flatten().collect(), triggers }
    }
}

struct Sentences<'a, 'r> {
    rules: &'r Rules,
    text: &'a str,
    words: Vec<Word<'a>>,
}

impl<'a> Sentences<'a, '_> {
    fn folded(&self, at: usize) -> String {
        self.words.get(at).map(|word| words::fold(word.raw)).unwrap_or_default()
    }

    fn is_one_of(&self, at: usize, listed: &[&str]) -> bool {
        self.words.get(at).is_some_and(|word| {
            // Every list is of plain words in lower case.
            listed.iter().any(|one| word.raw.eq_ignore_ascii_case(one))
        })
    }

    /// What stands before a word.
    fn gap(&self, at: usize) -> Gap {
        let Some(before) = at.checked_sub(1) else { return Gap::Sentence };
        let between = &self.text[self.words[before].end..self.words[at].start];
        let of = |c: char| match c {
            '.' | '!' | '?' => Gap::Sentence,
            '\n' | ';' | ':' | '(' | ')' | '[' | ']' | '\u{2013}' | '\u{2014}' | '\u{2022}' => {
                Gap::Clause
            }
            ',' => Gap::Comma,
            _ => Gap::Space,
        };
        let is_within = !between.contains(char::is_whitespace)
            || self.words[at].raw.starts_with(char::is_lowercase);
        match between.chars().map(of).max().unwrap_or(Gap::Space) {
            // A stop of an abbreviation ("e.g. at night") ends no sentence.
            Gap::Sentence if is_within => Gap::Space,
            gap => gap,
        }
    }

    /// What the trigger does that begins with a word, and where it ends.
    fn trigger(&self, at: usize) -> Option<(Effect, usize)> {
        let first = self.folded(at);
        // "No. 5" is a number.
        if first == "no" && self.text[self.words[at].end..].starts_with(". ") {
            return None;
        }
        if first == "t" && !self.ends_contraction(at) {
            return None;
        }
        let (words, effect) =
            self.rules.triggers.get(first.as_str())?.iter().find(|(words, _)| {
                words
                    .iter()
                    .zip(at..)
                    .skip(1)
                    .all(|(word, at)| self.is_one_of(at, &[word]) && self.gap(at) == Gap::Space)
            })?;
        Some((*effect, at + words.len()))
    }

    /// Whether a `t` is that of "isn't" or "can't".
    fn ends_contraction(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let before = self.words[before];
        let mut between = self.text[before.end..self.words[at].start].chars();
        let is_apostrophe =
            between.next().is_some_and(words::is_apostrophe) && between.next().is_none();
        is_apostrophe && before.raw.ends_with(['n', 'N'])
    }

    /// Marks the scope of a trigger.
    fn mark(
        &self,
        trigger: std::ops::Range<usize>,
        sense: Sense,
        found: &mut [Option<NegatedWord<'a>>],
    ) {
        let by_grammar = trigger.clone().all(|at| {
            is_function_word(&self.folded(at)) || self.is_one_of(at, &["t", "any", "one", "yet"])
        });
        let mut put = |at: usize, sense: Sense, directly: bool| {
            let own =
                NegatedWord { position: at, word: self.words[at], sense, directly, by_grammar };
            let slot = &mut found[at];
            match slot {
                Some(other) => {
                    other.sense = other.sense.max(sense);
                    other.directly |= directly;
                    other.by_grammar |= by_grammar;
                }
                None => *slot = Some(own),
            }
        };
        let from = trigger.end;
        let mut sense = sense;
        let is_of_somebody = trigger.start > 0 && self.is_one_of(trigger.start - 1, &["with"]);
        let is_partial = self.is_in_part(trigger.start);
        if is_of_somebody
            || is_partial
            || self.is_one_of(from, EXTENT)
            || self.is_one_of(from, QUALIFYING)
        {
            sense = Sense::Negated;
        }
        // What nobody wants is denied by any negation that is not of its extent alone.
        let is_plain =
            by_grammar && !self.is_one_of(from, EXTENT) && !is_of_somebody && !is_partial;
        let unwanted = if is_plain { self.end_of_unwanted(from) } else { from };
        let verb =
            from + (from..self.words.len()).take_while(|at| self.is_one_of(*at, ADVERBS)).count();
        let is_bringing = is_plain && self.is_one_of(verb, BRINGING);
        let is_brought = |at: usize| is_bringing && self.is_one_of(at, UNWANTED);
        // The word that is negated itself has not come yet.
        let mut awaited = true;
        for at in from..self.end_of_scope(from) {
            let is_joined = at > from
                && match self.is_one_of(at - 1, UNWANTED) {
                    true => self.is_one_of(at, JOINING) || self.is_one_of(at, PLACING),
                    false => {
                        let is_joining = self.is_one_of(at, JOINING)
                            || self.is_one_of(at, &["in", "on"]) && !self.is_verb(at - 1);
                        let is_kept =
                            self.is_one_of(at - 1, TRANSPARENT) || self.is_one_of(at - 1, WHO);
                        self.is_one_of(at, &["where"]) || is_joining && !is_kept
                    }
                };
            if sense == Sense::Denied && is_joined {
                // "No oversight of visits" does not say that there were no visits.
                sense = Sense::Negated;
            }
            let is_passed = self.is_one_of(at, ADVERBS) || is_function_word(&self.folded(at));
            let is_brought = is_brought(at);
            let own = if at < unwanted || is_brought { Sense::Denied } else { sense };
            put(at, own, awaited && !is_passed);
            if awaited
                && self.is_one_of(from - 1, &["not", "t", "never"])
                && !is_partial
                && (self.is_one_of(at, EXISTING)
                    || self.is_one_of(at, &["used"])
                        && self.subject(trigger.start).any(|at| self.is_one_of(at, UNWANTED)))
            {
                self.deny_subject(trigger.start, &mut put);
            }
            awaited &= is_passed;
        }
    }

    /// Whether a word looks like a form of a verb: one that something is done or is going on by.
    fn is_verb(&self, at: usize) -> bool {
        let folded = self.folded(at);
        folded.ends_with("ed")
            || folded.ends_with("ing")
            || self.is_one_of(at, VERBS)
            || is_function_word(&folded)
    }

    /// Where what nobody wants ends, if the words that begin here are that; otherwise here.
    fn end_of_unwanted(&self, from: usize) -> usize {
        let is_passed = |at: &usize| {
            self.is_one_of(*at, ADVERBS)
                || self.is_one_of(*at, DEGREES)
                || is_function_word(&self.folded(*at))
        };
        let passed = (from..self.words.len()).take_while(is_passed).count();
        let at = from + passed.min(LONGEST);
        if self.is_one_of(at, UNWANTED) { at + 1 } else { from }
    }

    /// Whether a sentence says before one of its words that it wishes or asks for something, or that it
    /// speaks of a part alone.
    fn is_in_part(&self, before: usize) -> bool {
        let words = (0..before).rev();
        let of_sentence = words.take_while(|at| self.gap(at + 1) != Gap::Sentence);
        let mut is_same_clause = true;
        let mut is_told = |at: usize| {
            let is_first = at == 0 || self.gap(at) == Gap::Sentence;
            is_same_clause &= !self.is_one_of(at, &["and", "but"]);
            self.is_one_of(at, WISHING)
                || is_first && self.is_one_of(at, &["ensure"])
                || is_same_clause && self.is_one_of(at, PARTIAL)
        };
        of_sentence.into_iter().any(&mut is_told)
    }

    /// The words of which a negation says something: those before it, back to the beginning of the
    /// clause, the last first.
    fn subject(&self, negation: usize) -> impl Iterator<Item = usize> {
        let words = (negation.saturating_sub(LONGEST)..negation).rev();
        words.take_while(|at| {
            self.gap(at + 1) == Gap::Space
                && !self.is_one_of(*at, CLOSING)
                && !self.is_one_of(*at, &["and"])
        })
    }

    /// Denies what a sentence says did not occur or exist.
    fn deny_subject(&self, negation: usize, put: &mut dyn FnMut(usize, Sense, bool)) {
        for at in self.subject(negation).skip_while(|at| is_function_word(&self.folded(*at))) {
            put(at, Sense::Denied, false);
        }
    }

    /// Where a scope ends that begins with a word: after its last word that is none of grammar.
    fn end_of_scope(&self, from: usize) -> usize {
        let most = self.words.len().min(from + LONGEST);
        let opens = |at| matches!(self.trigger(at), Some((Effect::Opens(_), _)));
        let mut end = (from..most)
            .find(|&at| self.closes(at, from) || (at > from && opens(at)))
            .unwrap_or(most);
        while end > from && is_function_word(&self.folded(end - 1)) {
            end -= 1;
        }
        end
    }

    /// Whether a scope that begins at `from` ends before a word.
    fn closes(&self, at: usize, from: usize) -> bool {
        match self.gap(at) {
            Gap::Sentence | Gap::Clause => return true,
            Gap::Comma if at == from || !self.goes_on(at) => return true,
            _ => {}
        }
        self.is_one_of(at, CLOSING)
            || (self.is_one_of(at, &["and", "or"])
                && (self.is_one_of(at + 1, SUBJECTS) || self.is_one_of(at + 1, AUXILIARIES)))
    }

    /// Whether a comma separates parts of a list that is negated as a whole ("no A, B or C").
    fn goes_on(&self, comma: usize) -> bool {
        for at in comma..self.words.len().min(comma + LIST) {
            if at > comma && self.gap(at) > Gap::Comma || self.is_one_of(at, CLOSING) {
                return false;
            }
            if self.is_one_of(at, &["or", "nor"]) {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::rules::{EXAMPLES, TRIGGERS};
    use super::{Effect, Negations, Rules, Sense};

    fn negations(text: &str) -> Negations<'_> {
        Rules::default().negations(text)
    }

    /// A text with the words in the scope of a negation in brackets, in double ones where they are
    /// denied.
    fn marked(text: &str) -> String {
        let mut said = String::new();
        let mut end = 0;
        let mut open: Option<Sense> = None;
        let all = negations(text).words;
        for (place, word) in all.iter().enumerate() {
            let goes_on = place > 0
                && all[place - 1].position + 1 == word.position
                && open == Some(word.sense);
            if !goes_on {
                if let Some(sense) = open {
                    said.push_str(if sense == Sense::Denied { "]]" } else { "]" });
                }
                said.push_str(&text[end..word.word.start]);
                said.push_str(if word.sense == Sense::Denied { "[[" } else { "[" });
            } else {
                said.push_str(&text[end..word.word.start]);
            }
            open = Some(word.sense);
            said.push_str(word.word.raw);
            end = word.word.end;
        }
        if let Some(sense) = open {
            said.push_str(if sense == Sense::Denied { "]]" } else { "]" });
        }
        said.push_str(&text[end..]);
        said
    }

    #[test]
    fn every_example_is_marked_as_it_reads() {
        let wrong: Vec<String> = EXAMPLES
            .iter()
            .map(|example| (example, marked(&example.replace(['[', ']'], ""))))
            .filter(|(example, marked)| marked != *example)
            .map(|(example, marked)| format!("{example}\n{marked}"))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        {}
    }

    #[test]
    fn every_trigger_has_an_example() {
        for &(trigger, effect) in TRIGGERS {
            let words = |text: &str| format!(" {} ", crate::language::key(text));
            let shown = EXAMPLES.iter().any(|example| {
                words(example).contains(&words(trigger))
                    && (effect == Effect::Passes || example.contains('['))
            });
            // Contractions without an apostrophe occur in questions alone.
            assert!(shown || trigger.ends_with("nt"), "{trigger}");
        }
    }

    #[test]
    fn what_is_negated_itself_is_told_from_the_rest_of_the_scope() {
        let direct = |text: &str| -> Vec<String> {
            let all = negations(text).words.into_iter().filter(|word| word.directly);
            all.map(|word| word.word.raw.to_owned()).collect()
        };
        assert_eq!(direct("Children do not always know their rights."), ["know"]);
        assert_eq!(direct("Supervision is not regular or recorded."), ["regular"]);
        assert_eq!(direct("Children don’t know, and cannot explain."), ["know", "explain"]);
        assert_eq!(direct("There is no supervision."), ["supervision"]);
    }

    #[test]
    fn negations_by_words_that_a_search_keeps_are_told_from_others() {
        let by_grammar = |text: &str| negations(text).words.iter().all(|word| word.by_grammar);
        assert!(by_grammar("children who do not know their rights"));
        assert!(by_grammar("children without a social worker"));
        assert!(!by_grammar("a lack of supervision"));
        assert!(!by_grammar("too few foster carers"));
    }

    #[test]
    fn texts_without_words_or_with_one_are_read() {
        for text in ["", "not", "’t", "no.", "n’t", "No", "…", "not, not; not"] {
            assert!(negations(text).words.len() <= 3, "{text}");
        }
    }
}
