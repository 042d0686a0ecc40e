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

use crate::language::grammar::function_words;
use crate::language::words::{self, Word};
use rules::{LISTS, List, TRIGGERS};
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::sync::Arc;

/// The most words in one scope.
const LONGEST: usize = 14;

/// How far after a verb words may say to what extent it is so.
const EXTENT_AFTER: usize = 4;

/// How far after `when` a negation is of the condition.
const CONDITION: usize = 6;

/// How far after `to` a negation is of the purpose.
const PURPOSE: usize = 11;

/// How far before `to` a word may say that it is reached ("enabled the council to").
const ENABLED: usize = 8;

/// How far before `have` whoever has something is named.
const HAVING: usize = 5;

/// The most words of what is needless.
const NOUN: usize = 4;

/// How far after a comma another part of a list may be announced by `or` or `nor`.
const LIST: usize = 8;

/// The longest word that the rules know, in bytes.
const LONGEST_KNOWN: usize = 16;

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
    /// The same of a text that asks for something: that it should not be so denies nothing.
    #[must_use]
    pub fn asked_for(mut self) -> Self {
        self.words.iter_mut().for_each(|word| word.sense = Sense::Negated);
        self
    }

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
    /// The words that the rules know, each with the lists that have it.
    known: Arc<FxHashMap<&'static str, Known>>,
}

/// The lists that have a word, a bit for each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Known(u64);

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
        let mut known: FxHashMap<&str, Known> = FxHashMap::with_hasher(FxBuildHasher);
        let mut add = |word, list| known.entry(word).or_default().add(list);
        for (list, words) in LISTS {
            words.iter().for_each(|word| add(word, list));
        }
        function_words().for_each(|word| add(word, List::Grammar));
        triggers.keys().for_each(|word| add(word, List::Trigger));
        Self { triggers: Arc::new(triggers), known: Arc::new(known) }
    }
}

impl Rules {
    /// Finds what is negated in a text.
    #[must_use]
    pub fn negations<'t>(&self, text: &'t str) -> Negations<'t> {
        self.negations_in(text, words::scan(text).collect())
    }

    /// Finds what is negated in a text of these words.
    #[must_use]
    pub fn negations_in<'t>(&self, text: &'t str, words: Vec<Word<'t>>) -> Negations<'t> {
        let mut folded = String::new();
        let mut known_of = |word: &Word<'_>| match word.raw.len() {
            ..=LONGEST_KNOWN => {
                words::fold_into(word.raw, &mut folded);
                self.known.get(folded.as_str()).copied().unwrap_or_default()
            }
            _ => Known::default(),
        };
        let known: Vec<Known> = words.iter().map(&mut known_of).collect();
        let begins = (0..words.len()).filter(|at| known[*at].has(List::Trigger));
        let begins: Vec<usize> = begins.collect();
        if begins.is_empty() {
            return Negations::default();
        }
        let sentences = Sentences { rules: self, text, words, known };
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
    /// What the rules know of each word.
    known: Vec<Known>,
}

impl Known {
    fn add(&mut self, list: List) {
        self.0 |= 1 << list as u64;
    }

    fn has(self, list: List) -> bool {
        self.0 & 1 << list as u64 != 0
    }
}

impl<'a> Sentences<'a, '_> {
    /// Whether a list has a word.
    fn is(&self, at: usize, list: List) -> bool {
        self.known.get(at).is_some_and(|known| known.has(list))
    }

    fn is_one_of(&self, at: usize, listed: &[&str]) -> bool {
        self.words
            .get(at)
            .is_some_and(|word| listed.iter().any(|one| word.raw.eq_ignore_ascii_case(one)))
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
        let first = words::fold(self.words[at].raw);
        // "No. 5" is a number.
        if first == "no" && self.text[self.words[at].end..].starts_with(". ") {
            return None;
        }
        if first == "t" && !self.ends_contraction(at) {
            return None;
        }
        let is_any = |at: usize| self.is_one_of(at + 2, &["any"]) && self.gap(at + 2) == Gap::Space;
        let is_doing =
            |at| !self.is(at, List::Grammar) || self.is_one_of(at, &["have", "had", "having"]);
        if matches!(first.as_str(), "not" | "t") && is_any(at) && is_doing(at + 1) {
            // "Does not operate any", "has not held any".
            return Some((Effect::Opens(Sense::Denied), at + 3));
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
            self.is(at, List::Grammar) || self.is_one_of(at, &["t", "any", "one", "yet", "longer"])
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
        let is_limited = self.is_in_part(trigger.start)
            || self.is(from, List::Extent)
            || self.is_one_of(from, &["to"])
            || self.has_exception(from);
        let mut end = self.end_of_scope(from);
        if self.is_one_of(trigger.start, &["absence", "lack"]) {
            // "The absence of a plan is a gap."
            end = (from..end).find(|at| self.is(*at, List::Auxiliaries)).unwrap_or(end);
        }
        let head = self.head(from);
        let is_qualified = self.is_of_somebody(trigger.start, head)
            || (from..end.min(from + 2)).any(|at| self.is(at, List::Qualifying))
            || sense == Sense::Denied && self.is_predicated(head, end);
        let mut sense = if is_limited || is_qualified { Sense::Negated } else { sense };
        // What nobody wants is denied by any negation that is not of its extent alone.
        let is_plain = by_grammar && !is_limited;
        let mut unwanted = if is_plain { self.end_of_unwanted_after(from) } else { from };
        // That nobody is left in what nobody wants denies it, whoever or whatever leaves them there.
        let is_of_any = sense == Sense::Denied
            && (self.is(head, List::Transparent) || self.is(head, List::Who));
        let mut is_bringing = false;
        // The word that is negated itself has not come yet.
        let mut awaited = true;
        let mut is_whole = !is_limited;
        for at in from..end {
            if sense == Sense::Denied && self.is_joined(at, from, head) {
                // "No oversight of visits" does not say that there were no visits.
                sense = Sense::Negated;
            }
            is_bringing = match is_bringing {
                true => !self.is_one_of(at, &["to"]) || self.is(at + 1, List::Unwanted),
                false => is_plain && (awaited || is_of_any) && self.is(at, List::Bringing),
            };
            if is_bringing && at >= unwanted {
                unwanted = self.end_of_unwanted(at).unwrap_or(unwanted);
            }
            // "No placement breakdowns" says nothing of placements.
            let is_of_unwanted = self.is(at + 1, List::Unwanted)
                && self.gap(at + 1) == Gap::Space
                && !self.is_verb(at)
                && ![List::Unwanted, List::Degrees, List::Adverbs, List::Who]
                    .into_iter()
                    .any(|list| self.is(at, list));
            let own = match at < unwanted || sense == Sense::Denied && !is_of_unwanted {
                true => Sense::Denied,
                false => Sense::Negated,
            };
            let is_passed = self.is(at, List::Adverbs) || self.is(at, List::Grammar);
            is_whole &= !self.is(at, List::Extent);
            put(at, own, awaited && !is_passed);
            if awaited
                && is_whole
                && self.is_one_of(from - 1, &["not", "t", "never"])
                && self.denies_subject(at, trigger.start)
            {
                self.deny_subject(trigger.start, &mut put);
            }
            awaited &= is_passed;
        }
    }

    /// Whether a verb that is negated says of its subject that it did not exist or occur. That what
    /// is wanted does not happen is a shortfall.
    fn denies_subject(&self, verb: usize, negation: usize) -> bool {
        let is_to_an_extent = (verb + 1..self.words.len().min(verb + EXTENT_AFTER))
            .take_while(|at| self.gap(*at) == Gap::Space)
            .any(|at| self.is(at, List::Extent));
        // "Learning from disruptions is not used" does not deny them.
        let is_of_unwanted = || {
            let mut of_subject = self.subject(negation);
            of_subject.any(|at| self.is(at, List::Unwanted))
                && !of_subject.any(|at| self.is(at, List::Joining))
        };
        let is_taking_place = || {
            self.is_one_of(verb, &["take", "taken", "taking"])
                && self.is_one_of(verb + 1, &["place"])
        };
        !is_to_an_extent
            && (self.is(verb, List::Existing)
                || self.ends_in_place(verb)
                || (self.is(verb, List::Occurring) || is_taking_place()) && is_of_unwanted())
    }

    /// Whether a word is the last of "in place", where what there is stands.
    fn ends_in_place(&self, at: usize) -> bool {
        self.is_one_of(at, &["place"]) && self.is_one_of(at.wrapping_sub(1), &["in"])
    }

    /// Whether a word of a scope joins to what is denied something that is not.
    fn is_joined(&self, at: usize, from: usize, head: usize) -> bool {
        let Some(before) = at.checked_sub(1).filter(|before| *before >= from) else { return false };
        if self.is(before, List::Unwanted) {
            return self.is(at, List::Joining) || self.is(at, List::Placing);
        }
        let is_verb = self.is_verb(before);
        let is_joining =
            self.is(at, List::Joining) || self.is_one_of(at, &["in", "on"]) && !is_verb;
        // "No children currently in such homes", "no children under 16 in such homes".
        let is_added = |at: &usize| {
            self.is(*at, List::Adverbs)
                || self.is_one_of(*at, &["under", "over", "aged", "years"])
                || self.words[*at].raw.starts_with(|c: char| c.is_ascii_digit())
        };
        let noun = (from..=before).rev().find(|at| !is_added(at)).unwrap_or(before);
        let is_kept = self.is(before, List::Transparent)
            || self.is(noun, List::Who)
            // "No concerns were found about drift", "no child was seen to be at risk".
            || is_verb && self.is(head, List::Transparent)
            || is_verb && self.is_one_of(at, &["to"]) && self.is_one_of(at + 1, &["be", "have"]);
        self.is_one_of(at, &["where"]) || is_joining && !is_kept
    }

    /// The first word after another that is neither of grammar nor an adverb.
    fn head(&self, from: usize) -> usize {
        let is_passed = |at: &usize| {
            self.is(*at, List::Adverbs)
                || self.is(*at, List::Degrees)
                || self.is(*at, List::Grammar)
        };
        from + (from..self.words.len()).take_while(is_passed).count().min(LONGEST)
    }

    /// Whether a word looks like a form of a verb: one that something is done or is going on by.
    fn is_verb(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return false };
        word.raw.ends_with("ed")
            || word.raw.ends_with("ing")
            || self.is(at, List::Verbs)
            || self.is(at, List::Grammar)
    }

    /// Where what nobody wants ends, if it comes first after a negation; otherwise where that ends.
    fn end_of_unwanted_after(&self, from: usize) -> usize {
        let head = self.head(from);
        // "Nor the bullying group": what has an article is there.
        match (from..head).any(|at| self.is(at, List::Definite)) {
            true => from,
            false => self.end_of_unwanted(head).unwrap_or(from),
        }
    }

    /// Where what nobody wants ends, if it begins with a word.
    fn end_of_unwanted(&self, at: usize) -> Option<usize> {
        if self.is_one_of(at, &["bed"])
            && self.is_one_of(at + 1, &["and"])
            && self.is_one_of(at + 2, &["breakfast"])
        {
            return Some(at + 3);
        }
        if self.is_one_of(at, &["risk"]) && self.is(at.wrapping_sub(1), List::AtRisk) {
            let of = usize::from(self.is_one_of(at + 1, &["of"]));
            return self
                .end_of_unwanted(self.head(at + of + 1))
                .filter(|_| of == 1)
                .or(Some(at + 1));
        }
        if self.is(at + 1, List::Needlessly) && !self.is(at, List::Grammar) {
            return Some(at + 2);
        }
        if self.is(at, List::Needless) {
            let noun = (at + 1..self.words.len()).take_while(|at| {
                self.gap(*at) == Gap::Space
                    && (!self.is(*at, List::Grammar) || self.is_one_of(*at, &["or", "and"]))
            });
            return Some(at + 1 + noun.take(NOUN).count());
        }
        let is_another = |at: usize| self.is_one_of(at, &["and", "or"]);
        self.is(at, List::Unwanted).then(|| match is_another(at + 1) {
            true => self.end_of_unwanted(at + 2).unwrap_or(at + 1),
            false => at + 1,
        })
    }

    /// Whether it is somebody who is said to lack something: "a child with no plan", "carers have no
    /// training", but neither "with no evidence of harm" nor "late, with no plan".
    fn is_of_somebody(&self, trigger: usize, head: usize) -> bool {
        let Some(before) = trigger.checked_sub(1) else { return false };
        if self.is(head, List::Transparent) {
            return false;
        }
        let is_no = self.is_one_of(trigger, &["no"]);
        let is_with = self.is_one_of(before, &["with"]) && self.gap(before) == Gap::Space;
        let of_whom = before.saturating_sub(HAVING)..before;
        is_with
            || is_no
                && self.is(before, List::Having)
                && of_whom
                    .into_iter()
                    .any(|at| self.is(at, List::Who) || self.is_one_of(at, &["who", "they"]))
    }

    /// Whether something else is said of what follows than that there is none of it ("no plan was
    /// shared"). That none was made says that there is none.
    fn is_predicated(&self, head: usize, end: usize) -> bool {
        let is_said = |at| self.is(at, List::Auxiliaries);
        let Some(after) = (head + 1..end).find(|at| is_said(*at) || self.is(*at, List::Joining))
        else {
            return false;
        };
        let is_of_whom = |at| self.is(at, List::Who) || self.is(at, List::Unwanted);
        let is_made = |at| self.is(at, List::Making) || self.ends_in_place(at);
        is_said(after)
            && !self.is(head, List::Transparent)
            && !(head..after).any(is_of_whom)
            && !(after..end).any(is_made)
    }

    /// Whether a sentence makes an exception of what is negated from a word on, or speaks of a part
    /// alone ("without delay for most").
    fn has_exception(&self, from: usize) -> bool {
        let of_clause = from..self.words.len().min(from + LONGEST);
        of_clause.take_while(|at| self.gap(*at) < Gap::Clause).any(|at| {
            let after = || at + 1..at + 4;
            let is_for_part = || {
                after().any(|at| self.is(at, List::Partial))
                    && !after().any(|at| self.is(at, List::Times))
            };
            self.is_one_of(at, &["except", "unless"])
                || self.is_one_of(at, &["for"]) && is_for_part()
        })
    }

    /// Whether a sentence says before one of its words that it wishes or asks for something, or that it
    /// speaks of a part alone.
    fn is_in_part(&self, before: usize) -> bool {
        let mut is_same_clause = true;
        let mut is_partial = false;
        let mut is_after_comma = false;
        for at in (0..before).rev() {
            let gap = self.gap(at + 1);
            if gap == Gap::Sentence {
                break;
            }
            is_after_comma |= gap >= Gap::Comma;
            // "Of 50 (62%) there is no plan."
            let is_share = self.text[self.words[at].end..].starts_with('%');
            is_partial |= is_same_clause && is_share;
            let is_first = at == 0 || self.gap(at) == Gap::Sentence;
            is_same_clause &= gap < Gap::Clause
                && !self.is_one_of(at, &["but"])
                && !(self.is_one_of(at, &["and"]) && self.begins_clause(at + 1, before));
            if self.is(at, List::Wishing) || is_first && self.is_one_of(at, &["ensure"]) {
                return true;
            }
            let is_infinitive = self.is_one_of(at, &["to"]);
            let is_needed =
                is_infinitive && self.is_one_of(at.wrapping_sub(1), &["need", "needs", "needed"]);
            let of_some = (2..4).any(|back| self.is(at.wrapping_sub(back), List::Relative));
            if is_needed && !is_after_comma && !of_some {
                return true;
            }
            if is_same_clause && self.is_one_of(at, &["so"]) && self.is_one_of(at + 1, &["that"]) {
                return true;
            }
            if is_same_clause
                && !is_after_comma
                && at + CONDITION > before
                && (self.is_one_of(at, &["if", "when", "whenever"])
                    || self.is_one_of(at, &["where"]) && self.is_one_of(at + 1, &["there"]))
            {
                return true;
            }
            if is_infinitive
                && !is_needed
                && is_same_clause
                && at + PURPOSE > before
                && self.is(at + 1, List::Purposes)
                && !self.is_achieved(at)
            {
                return true;
            }
            // "While some have a plan, there is none of this": the part is of another clause.
            if is_same_clause && self.is(at, List::Conceding) {
                is_same_clause = false;
                is_partial &= !is_after_comma;
            }
            is_partial |= is_same_clause && self.is(at, List::Partial);
        }
        is_partial
    }

    /// Whether the words from `after`, which follow `and`, to a negation have a subject of their own:
    /// ", and visits are not" and "and there is no", but neither "and are not" nor "help and care are
    /// given without".
    fn begins_clause(&self, after: usize, negation: usize) -> bool {
        let is_of_verb = self.is_one_of(negation, &["without", "not", "t", "never", "cannot"]);
        !self.is_one_of(after, &["that"])
            && match is_of_verb && self.gap(after - 1) == Gap::Space {
                true => self.is(after, List::Subjects),
                false => !self.is(after, List::Auxiliaries),
            }
    }

    /// Whether the `to` of an infinitive follows a word that says that what it names is done.
    fn is_achieved(&self, to: usize) -> bool {
        (0..to)
            .rev()
            .take(ENABLED)
            .take_while(|at| self.gap(at + 1) == Gap::Space)
            .any(|at| self.is(at, List::Enabling) || at + 1 == to && self.is(at, List::Achieving))
    }

    /// The words of which a negation says something: those before it, back to the beginning of the
    /// clause, the last first.
    fn subject(&self, negation: usize) -> impl Iterator<Item = usize> {
        let words = (negation.saturating_sub(LONGEST)..negation).rev();
        words.take_while(|at| {
            let joins = || self.gap(*at) == Gap::Space && self.is(at + 1, List::Unwanted);
            self.gap(at + 1) == Gap::Space
                && !self.is(*at, List::Closing)
                && (!self.is_one_of(*at, &["and"]) || joins())
        })
    }

    /// Denies what a sentence says did not occur or exist.
    fn deny_subject(&self, negation: usize, put: &mut dyn FnMut(usize, Sense, bool)) {
        for at in self.subject(negation).skip_while(|at| self.is(*at, List::Grammar)) {
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
        while end > from && self.is(end - 1, List::Grammar) {
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
        self.is(at, List::Closing)
            || (self.is_one_of(at, &["and", "or"])
                && (self.is(at + 1, List::Subjects) || self.is(at + 1, List::Auxiliaries)))
    }

    /// Whether a comma separates parts of a list that is negated as a whole ("no A, B or C").
    fn goes_on(&self, comma: usize) -> bool {
        if self.is_one_of(comma, &["such"]) && self.is_one_of(comma + 1, &["as"]) {
            return true;
        }
        for at in comma..self.words.len().min(comma + LIST) {
            if at > comma && self.gap(at) > Gap::Comma || self.is(at, List::Closing) {
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
    use super::rules::{EXAMPLES, LISTS, TRIGGERS};
    use super::{Effect, LONGEST_KNOWN, Negations, Rules, Sense};
    use crate::language::words;

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
    }

    #[test]
    fn every_listed_word_is_folded_and_short_enough_to_be_known() {
        for (list, listed) in LISTS {
            for word in listed {
                assert!(word.len() <= LONGEST_KNOWN, "{list:?}: {word}");
                assert_eq!(words::fold(word), *word, "{list:?}");
            }
        }
        for &(trigger, _) in TRIGGERS {
            assert!(trigger.split(' ').next().unwrap().len() <= LONGEST_KNOWN, "{trigger}");
        }
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
