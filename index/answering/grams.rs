//! Counts the words and phrases of paragraphs, in one pass over each set.
//!
//! A phrase never crosses punctuation, a number, a given name, or the end of a paragraph. Function
//! words are not terms. A phrase may begin with one only if it negates (`not always` says something
//! other than `always`), and end with one only if it completes a verb (`looked after`). Memory
//! grows with the number of different terms, about 80 bytes for each, and with the number of sections
//! that each is in, 16 bytes for each of these.

use crate::language::grammar::is_function_word;
use crate::language::words::{self, Stemmer};
use crate::records::ParagraphRecord;
use crate::request::terms::{
    InSection, LONGEST, ReportSize, SectionSize, SetSize, Term, TermCount,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::hash::{BuildHasher, BuildHasherDefault};

/// Function words that queries may well ask for but that say nothing as terms.
const MORE_FUNCTION_WORDS: [&str; 20] = [
    "although",
    "because",
    "either",
    "else",
    "however",
    "including",
    "might",
    "must",
    "nor",
    "onto",
    "per",
    "shall",
    "since",
    "therefore",
    "though",
    "thus",
    "upon",
    "via",
    "whilst",
    "yet",
];

/// Function words with which a phrase may begin.
const DENYING: [&str; 6] = ["cannot", "no", "none", "not", "too", "without"];

/// Function words with which a phrase may end: `looked after`, `carried out`.
const CLOSING: [&str; 4] = ["after", "off", "out", "up"];

/// Words within names that are written without a capital.
const WITHIN_NAMES: [&str; 8] = ["and", "by", "in", "of", "on", "the", "under", "upon"];

/// The stems of a term, by number; 0 after the last.
type Key = [u32; LONGEST];

/// What is known about a word.
struct Known {
    stem: u32,
    is_function: bool,
    is_denying: bool,
    is_closing: bool,
    /// Whether it breaks a run: it has a digit, or is a single letter and not a function word.
    is_passed: bool,
}

/// How a stem is written in the texts.
#[derive(Default)]
struct Written {
    stem: String,
    forms: FxHashSet<String>,
    /// How often it occurs inside a run with a capital, and how often in all.
    capitals: u32,
    within: u32,
}

/// The counts of a term in a set.
#[derive(Default)]
struct Slot {
    count: u32,
    paragraphs: u32,
    reports: u32,
    /// The place of its latest entry among those of its set, counted from 1.
    latest: u32,
    last_paragraph: u32,
    /// The most common form, by the majority vote algorithm of Boyer and Moore.
    form: Key,
    votes: u32,
}

/// How often a term occurs in one section, as far as its paragraphs are in a set.
struct Entry {
    section: u32,
    /// The place of the term's entry before, counted from 1; 0 if there is none.
    before: u32,
    count: u32,
    /// How many of these are in paragraphs of both sets.
    shared: u32,
}

/// One set.
#[derive(Default)]
struct Set {
    slots: FxHashMap<Key, Slot>,
    entries: Vec<Entry>,
    paragraphs: u32,
    reports: usize,
    /// The number of the current report.
    report: Option<u32>,
}

impl Set {
    /// The entries of a term, the latest first.
    fn entries_of<'s>(&'s self, slot: Option<&Slot>) -> impl Iterator<Item = &'s Entry> {
        let at = move |place: u32| self.entries.get((place as usize).checked_sub(1)?);
        let latest = slot.and_then(|slot| at(slot.latest));
        std::iter::successors(latest, move |entry| at(entry.before))
    }
}

/// A word of a run.
#[derive(Clone, Copy)]
struct Token {
    word: u32,
    form: u32,
}

/// Counts the terms of two sets.
pub(crate) struct Grams {
    stemmer: Stemmer,
    longest: usize,
    /// The words of each name, by its first word.
    names: FxHashMap<String, Vec<Vec<String>>>,
    by_folded: FxHashMap<String, u32>,
    known: Vec<Known>,
    by_stem: FxHashMap<String, u32>,
    written: Vec<Written>,
    by_form: FxHashMap<String, u32>,
    forms: Vec<String>,
    sets: [Set; 2],
    /// The number of each report of either set, by its id.
    by_report: FxHashMap<String, u32>,
    reports: Vec<ReportSize>,
    /// The number of each section of each report, by its headings.
    by_headings: Vec<FxHashMap<Vec<String>, u32>>,
    sections: Vec<SectionSize>,
    /// Hashes of the ids of the first set's paragraphs.
    first: FxHashSet<u64>,
    shared: usize,
}

impl Grams {
    pub(crate) fn new(longest: usize, names: &[String]) -> Self {
        let mut by_first: FxHashMap<String, Vec<Vec<String>>> = FxHashMap::default();
        for name in names {
            let words = words::exact(name);
            if let Some(first) = words.first() {
                by_first.entry(first.clone()).or_default().push(words);
            }
        }
        for names in by_first.values_mut() {
            names.sort_by_key(|words| std::cmp::Reverse(words.len()));
        }
        Self {
            stemmer: Stemmer::default(),
            longest: longest.clamp(1, LONGEST),
            names: by_first,
            by_folded: FxHashMap::default(),
            known: Vec::new(),
            by_stem: FxHashMap::default(),
            // Stem 0 means none.
            written: vec![Written::default()],
            by_form: FxHashMap::default(),
            forms: Vec::new(),
            sets: Default::default(),
            by_report: FxHashMap::default(),
            reports: Vec::new(),
            by_headings: Vec::new(),
            sections: Vec::new(),
            first: FxHashSet::default(),
            shared: 0,
        }
    }

    /// Counts one paragraph. Those of the first set must be added before those of the second, and
    /// those of a report one after the other.
    pub(crate) fn add(&mut self, set: usize, paragraph: &ParagraphRecord) {
        let ParagraphRecord { id, report, section, text, .. } = paragraph;
        let hash = BuildHasherDefault::<rustc_hash::FxHasher>::default().hash_one(id);
        let is_shared = set == 1 && self.first.contains(&hash);
        if set == 0 {
            self.first.insert(hash);
        }
        self.shared += usize::from(is_shared);
        let report = self.report(report);
        let section = self.section(report, section);
        let here = &mut self.sets[set];
        here.paragraphs += 1;
        if here.report.replace(report) != Some(report) {
            here.reports += 1;
        }
        let (runs, words) = self.runs(text);
        let shared = if is_shared { words } else { 0 };
        let size = &mut self.reports[report as usize];
        size.words[set] += words;
        size.shared += shared;
        let size = &mut self.sections[section as usize];
        size.words[set] += words;
        size.shared += shared;
        for run in runs {
            for start in 0..run.len() {
                for length in 1..=self.longest.min(run.len() - start) {
                    let gram = &run[start..start + length];
                    if self.is_term(gram) {
                        self.count(set, section, is_shared, gram);
                    }
                }
            }
        }
    }

    fn report(&mut self, id: &str) -> u32 {
        if let Some(number) = self.by_report.get(id) {
            return *number;
        }
        let number = u32::try_from(self.reports.len()).unwrap_or(u32::MAX);
        self.by_report.insert(id.to_owned(), number);
        self.reports.push(ReportSize { id: id.to_owned(), ..ReportSize::default() });
        self.by_headings.push(FxHashMap::default());
        number
    }

    fn section(&mut self, report: u32, headings: &[String]) -> u32 {
        let by_headings = &mut self.by_headings[report as usize];
        if let Some(number) = by_headings.get(headings) {
            return *number;
        }
        let number = u32::try_from(self.sections.len()).unwrap_or(u32::MAX);
        by_headings.insert(headings.to_vec(), number);
        let headings = headings.to_vec();
        self.sections.push(SectionSize { report, headings, ..SectionSize::default() });
        number
    }

    fn is_term(&self, gram: &[Token]) -> bool {
        let known = |token: &Token| &self.known[token.word as usize];
        match gram {
            [only] => !known(only).is_function,
            [first, .., last] => {
                let (first, last) = (known(first), known(last));
                (!first.is_function || first.is_denying)
                    && (!last.is_function || (last.is_closing && !first.is_function))
            }
            [] => false,
        }
    }

    fn count(&mut self, set: usize, section: u32, is_shared: bool, gram: &[Token]) {
        let (mut key, mut form) = (Key::default(), Key::default());
        for (at, token) in gram.iter().enumerate() {
            key[at] = self.known[token.word as usize].stem;
            form[at] = token.form;
        }
        let Set { slots, entries, paragraphs, .. } = &mut self.sets[set];
        let slot = slots.entry(key).or_default();
        slot.count += 1;
        if slot.last_paragraph != *paragraphs {
            slot.last_paragraph = *paragraphs;
            slot.paragraphs += 1;
        }
        let latest = (slot.latest as usize).checked_sub(1).and_then(|at| entries.get_mut(at));
        let report = |section: u32| self.sections[section as usize].report;
        let is_new = latest.as_ref().is_none_or(|own| report(own.section) != report(section));
        match latest.filter(|entry| entry.section == section) {
            Some(entry) => {
                entry.count += 1;
                entry.shared += u32::from(is_shared);
            }
            None => {
                slot.reports += u32::from(is_new);
                let before = slot.latest;
                entries.push(Entry { section, before, count: 1, shared: u32::from(is_shared) });
                slot.latest = u32::try_from(entries.len()).unwrap_or(u32::MAX);
            }
        }
        if slot.form == form {
            slot.votes += 1;
        } else if slot.votes == 0 {
            slot.form = form;
            slot.votes = 1;
        } else {
            slot.votes -= 1;
        }
    }

    /// The runs of words that nothing separates, and the number of all words, which are counted as
    /// everywhere else: runs of characters between white space.
    fn runs(&mut self, text: &str) -> (Vec<Vec<Token>>, u64) {
        let words: Vec<words::Word<'_>> = words::scan(text).collect();
        let own = text.split_whitespace().count() as u64;
        let mut runs: Vec<Vec<Token>> = Vec::new();
        let mut run: Vec<Token> = Vec::new();
        let mut at = 0;
        let mut end: Option<usize> = None;
        while at < words.len() {
            let word = words[at];
            let is_next = end.is_some_and(|end| joins(&text[end..word.start]));
            if !is_next {
                runs.push(std::mem::take(&mut run));
            }
            let named = self.name_at(&words[at..]);
            if named > 0 {
                at += named;
                end = None;
                continue;
            }
            let possessive = words.get(at + 1).filter(|next| next.possessive);
            let behind = possessive.map_or(word.end, |s| s.end);
            let next = at + 1 + usize::from(possessive.is_some());
            let is_hyphened = words.get(next).is_some_and(|next| {
                joins(&text[behind..next.start]) && {
                    !text[behind..next.start].contains(char::is_whitespace)
                }
            });
            let known = self.known(word.raw);
            let own = &self.known[known as usize];
            if own.is_passed {
                end = None;
            } else {
                let stem = own.stem;
                let form = self.form(word.raw, possessive.is_some(), is_hyphened);
                if is_next {
                    self.see_capital(stem, word.raw);
                }
                run.push(Token { word: known, form });
                end = Some(behind);
            }
            at = next;
        }
        runs.push(run);
        runs.retain(|run| !run.is_empty());
        (runs, own)
    }

    /// The number of words from here on that form a name; 0 if there is none.
    fn name_at(&self, words: &[words::Word<'_>]) -> usize {
        let Some(first) = words.first().filter(|word| begins_with_capital(word.raw)) else {
            return 0;
        };
        let Some(names) = self.names.get(&words::fold(first.raw)) else { return 0 };
        let is_here = |name: &&Vec<String>| {
            name.len() <= words.len()
                && name.iter().zip(words).all(|(own, word)| {
                    let folded = words::fold(word.raw);
                    folded == *own
                        && (begins_with_capital(word.raw)
                            || word.possessive
                            || WITHIN_NAMES.contains(&folded.as_str()))
                })
        };
        names.iter().find(is_here).map_or(0, Vec::len)
    }

    fn known(&mut self, raw: &str) -> u32 {
        let folded = words::fold(raw);
        if let Some(known) = self.by_folded.get(&folded) {
            return *known;
        }
        let mut stem = folded.clone();
        self.stemmer.stem_in_place(&mut stem);
        let next = u32::try_from(self.written.len()).unwrap_or(u32::MAX);
        let stem_number = *self.by_stem.entry(stem.clone()).or_insert(next);
        if stem_number == next {
            self.written.push(Written { stem, ..Written::default() });
        }
        let has_digit = folded.chars().any(char::is_numeric);
        let is_more = MORE_FUNCTION_WORDS.binary_search(&folded.as_str()).is_ok();
        let is_function = is_more || is_function_word(&folded);
        self.known.push(Known {
            stem: stem_number,
            is_function,
            is_denying: DENYING.contains(&folded.as_str()),
            is_closing: CLOSING.contains(&folded.as_str()),
            is_passed: has_digit || (folded.chars().count() < 2 && !is_function),
        });
        let number = u32::try_from(self.known.len() - 1).unwrap_or(u32::MAX);
        self.by_folded.insert(folded, number);
        number
    }

    /// The form as it is shown: in lower case, except for abbreviations, with the possessive or
    /// hyphen that follows it.
    fn form(&mut self, raw: &str, is_possessive: bool, is_hyphened: bool) -> u32 {
        let mut text = if is_short_form(raw) { raw.to_owned() } else { words::fold(raw) };
        if is_possessive {
            text.push_str("’s");
        }
        let known = self.known(raw);
        let stem = self.known[known as usize].stem as usize;
        if !self.written[stem].forms.contains(&text.to_lowercase()) {
            self.written[stem].forms.insert(text.to_lowercase());
        }
        if is_hyphened {
            text.push('-');
        }
        if let Some(form) = self.by_form.get(&text) {
            return *form;
        }
        let number = u32::try_from(self.forms.len()).unwrap_or(u32::MAX);
        self.forms.push(text.clone());
        self.by_form.insert(text, number);
        number
    }

    fn see_capital(&mut self, stem: u32, raw: &str) {
        let written = &mut self.written[stem as usize];
        written.within += 1;
        written.capitals += u32::from(begins_with_capital(raw) && !is_short_form(raw));
    }

    pub(crate) fn sizes(&self) -> [SetSize; 2] {
        [0, 1].map(|at| {
            let set: &Set = &self.sets[at];
            SetSize {
                paragraphs: set.paragraphs as usize,
                reports: set.reports,
                words: self.reports.iter().map(|report| report.words[at]).sum(),
            }
        })
    }

    /// The number of paragraphs in both sets.
    pub(crate) fn shared(&self) -> usize {
        self.shared
    }

    /// The sizes of the reports of either set, in the order of their numbers.
    pub(crate) fn reports(&self) -> Vec<ReportSize> {
        self.reports.clone()
    }

    /// The sizes of their sections, in the order of their numbers.
    pub(crate) fn sections(&self) -> Vec<SectionSize> {
        self.sections.clone()
    }

    /// The terms that occur in enough reports of the two sets together, sorted by their stems.
    pub(crate) fn terms(&self, least_reports: usize) -> Vec<Term> {
        let [first, second] = &self.sets;
        let of_first = first.slots.keys();
        let keys =
            of_first.chain(second.slots.keys().filter(|key| !first.slots.contains_key(*key)));
        let is_enough = |key: &&Key| {
            let [first, second] = self
                .sets
                .each_ref()
                .map(|set| set.slots.get(*key).map_or(0, |slot| slot.reports as usize));
            first.max(second) >= least_reports
                || (first + second >= least_reports && self.reports_with(key) >= least_reports)
        };
        let mut terms: Vec<Term> = keys.filter(is_enough).map(|key| self.term(key)).collect();
        terms.sort_unstable_by(|a, b| a.stems.cmp(&b.stems));
        terms
    }

    /// The number of reports that have a term in either set.
    fn reports_with(&self, key: &Key) -> usize {
        let entries = self.sets.iter().flat_map(|set| set.entries_of(set.slots.get(key)));
        let report = |entry: &Entry| self.sections[entry.section as usize].report;
        entries.map(report).collect::<FxHashSet<u32>>().len()
    }

    /// How often a term occurs in each section that has it, in the order of their numbers.
    fn in_sections(&self, key: &Key) -> Vec<InSection> {
        let mut found: Vec<InSection> = Vec::new();
        for (at, set) in self.sets.iter().enumerate() {
            for entry in set.entries_of(set.slots.get(key)) {
                let mut counts = [0; 2];
                counts[at] = entry.count;
                found.push(InSection { section: entry.section, counts, shared: entry.shared });
            }
        }
        found.sort_unstable_by_key(|own| own.section);
        found.dedup_by(|next, own| {
            let is_same = next.section == own.section;
            if is_same {
                own.counts = [0, 1].map(|set| own.counts[set] + next.counts[set]);
                own.shared += next.shared;
            }
            is_same
        });
        found
    }

    fn term(&self, key: &Key) -> Term {
        let slots = [0, 1].map(|set| self.sets[set].slots.get(key));
        let stems =
            || key.iter().filter(|stem| **stem > 0).map(|stem| &self.written[*stem as usize]);
        let text = |slot: &Slot| {
            let mut text = String::new();
            for form in &slot.form[..stems().count()] {
                if !text.is_empty() && !text.ends_with('-') {
                    text.push(' ');
                }
                text.push_str(&self.forms[*form as usize]);
            }
            text.trim_end_matches('-').to_owned()
        };
        // Which set is the first makes no difference.
        let commonest =
            slots.into_iter().flatten().map(|slot| (slot.votes, slot.count, text(slot)));
        let sections = self.in_sections(key);
        Term {
            text: commonest.max().map(|(_, _, text)| text).unwrap_or_default(),
            stems: stems().map(|written| written.stem.clone()).collect(),
            forms: stems()
                .map(|written| {
                    let mut forms: Vec<String> = written.forms.iter().cloned().collect();
                    forms.sort_unstable();
                    forms
                })
                .collect(),
            is_name: stems().any(|written| 2 * written.capitals > written.within),
            counts: [0, 1].map(|set| {
                slots[set].map_or_else(TermCount::default, |slot| TermCount {
                    count: slot.count.into(),
                    paragraphs: slot.paragraphs as usize,
                    reports: slot.reports as usize,
                })
            }),
            sections,
        }
    }
}

/// Whether the text between two words leaves them adjacent: spaces, or a single hyphen.
fn joins(between: &str) -> bool {
    let is_hyphen = |c| matches!(c, '-' | '\u{2010}' | '\u{2011}');
    let mut hyphens = 0;
    let fits = between.chars().all(|c| {
        hyphens += usize::from(is_hyphen(c));
        c.is_whitespace() || is_hyphen(c)
    });
    fits && !between.is_empty() && (hyphens == 0 || (hyphens == 1 && between.chars().count() == 1))
}

fn begins_with_capital(raw: &str) -> bool {
    raw.chars().next().is_some_and(char::is_uppercase)
}

/// Whether a word has several capitals: `MASH`, `IROs`.
fn is_short_form(raw: &str) -> bool {
    raw.chars().filter(|c| c.is_uppercase()).count() > 1
}

#[cfg(test)]
mod tests {
    use super::{Grams, MORE_FUNCTION_WORDS};
    use crate::records::ParagraphRecord;
    use crate::request::terms::{InSection, SectionSize, Term};

    fn paragraph(id: &str, report: &str, headings: &[&str], text: &str) -> ParagraphRecord {
        serde_json::from_value(serde_json::json!({
            "id": id, "report": report, "sha256": "0", "section": headings, "theme": null,
            "topics": [], "grade": null, "number": null, "page": null, "page_end": null,
            "kind": "finding", "timescale": null, "parent": null, "text": text, "citation": ""
        }))
        .unwrap()
    }

    fn counted(names: &[&str], texts: &[&str]) -> Vec<Term> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut grams = Grams::new(3, &names);
        for (number, text) in texts.iter().enumerate() {
            grams.add(0, &paragraph(&number.to_string(), "elmet", &[], text));
        }
        grams.terms(1)
    }

    fn texts(terms: &[Term]) -> Vec<&str> {
        terms.iter().map(|term| term.text.as_str()).collect()
    }

    #[test]
    fn words_of_grammar_are_in_order_for_looking_up() {
        assert!(MORE_FUNCTION_WORDS.is_sorted());
    }

    #[test]
    fn phrases_go_over_no_punctuation_number_or_name() {
        let terms = counted(&["King's Lea"], &["Visits, plans 3 drift. In King’s Lea staff"]);
        assert_eq!(texts(&terms), ["drift", "plans", "staff", "visits"]);
    }

    #[test]
    fn a_name_without_capitals_is_a_word() {
        let terms = counted(&["Reading"], &["more reading in Reading"]);
        assert_eq!(texts(&terms), ["reading"]);
        assert_eq!(terms[0].counts[0].count, 1);
    }

    #[test]
    fn words_of_grammar_stand_within_phrases_alone_unless_they_deny() {
        let terms = counted(&[], &["the lack of plans is not good"]);
        assert_eq!(texts(&terms), ["good", "lack", "lack of plans", "not good", "plans"]);
    }

    #[test]
    fn forms_count_as_one_and_the_commonest_is_shown() {
        let terms = counted(&[], &["Visiting children", "visited children", "visiting children"]);
        assert_eq!(texts(&terms), ["children", "visiting", "visiting children"]);
        assert_eq!(terms[1].counts[0].count, 3);
        assert_eq!(terms[1].forms, [["visited", "visiting"]]);
    }

    #[test]
    fn hyphens_and_possessives_are_shown_as_written() {
        let terms = counted(&[], &["child’s multi-agency plan"]);
        assert!(texts(&terms).contains(&"child’s multi-agency"), "{:?}", texts(&terms));
        assert_eq!(terms[0].stems, ["agenc"]);
    }

    #[test]
    fn what_is_mostly_written_with_a_capital_within_sentences_is_a_name() {
        let terms =
            counted(&[], &["Plans for Mercia and the MASH", "Staff of Mercia", "new plans"]);
        let names: Vec<&str> =
            terms.iter().filter(|t| t.is_name && t.stems.len() == 1).map(|t| &*t.text).collect();
        assert_eq!(names, ["mercia"]);
        assert!(texts(&terms).contains(&"MASH"));
    }

    #[test]
    fn each_section_that_has_a_term_is_known_with_what_both_sets_have_of_it() {
        let mut grams = Grams::new(1, &[]);
        let mut add = |set, id: &str, headings: &[&str], text| {
            grams.add(set, &paragraph(id, &id[..1], headings, text));
        };
        add(0, "a/1", &["Help"], "drift drift delay");
        add(0, "a/2", &["Help"], "drift");
        add(0, "b/1", &["Help"], "drift and some other words");
        add(1, "a/2", &["Help"], "drift");
        add(1, "a/3", &["Help", "Plans"], "drift drift");
        add(1, "c/1", &[], "drift plans");
        let terms = grams.terms(3);
        assert_eq!(texts(&terms), ["drift"]);
        let count = terms[0].counts[0];
        assert_eq!((count.count, count.paragraphs, count.reports), (4, 3, 2));
        assert_eq!(terms[0].counts[1].reports, 2);
        let own = |section, counts, shared| InSection { section, counts, shared };
        let sections = [own(0, [3, 1], 1), own(1, [1, 0], 0), own(2, [0, 2], 0), own(3, [0, 1], 0)];
        assert_eq!(terms[0].sections, sections);
        assert_eq!((grams.shared(), grams.sizes().map(|size| size.words)), (1, [9, 5]));
        let reports = grams.reports();
        let size = |at: usize| (reports[at].id.as_str(), reports[at].words, reports[at].shared);
        assert_eq!([0, 1, 2].map(size), [("a", [4, 3], 1), ("b", [5, 0], 0), ("c", [0, 2], 0)]);
        let size = |report, headings: &[&str], words, shared| SectionSize {
            report,
            headings: headings.iter().map(|own| (*own).to_owned()).collect(),
            words,
            shared,
        };
        let sizes = [
            size(0, &["Help"], [4, 1], 1),
            size(1, &["Help"], [5, 0], 0),
            size(0, &["Help", "Plans"], [0, 2], 0),
            size(2, &[], [0, 2], 0),
        ];
        assert_eq!(grams.sections(), sizes);
        assert!(grams.terms(4).is_empty());
    }

    #[test]
    fn a_term_is_written_the_same_whichever_set_is_the_first() {
        let written = |sets: [usize; 2]| {
            let mut grams = Grams::new(1, &[]);
            for set in sets {
                let (id, text) = (["a", "b"][set], ["visited", "visiting"][set]);
                grams.add(sets[set], &paragraph(id, "a", &[], text));
            }
            grams.terms(1).remove(0).text
        };
        assert_eq!(written([0, 1]), written([1, 0]));
    }
}
