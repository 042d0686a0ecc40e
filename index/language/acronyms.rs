//! The acronyms that reports explain, collected over the corpus.
//!
//! Each report has one vote: an expansion counts as often as reports give it. Variants that differ
//! in case, hyphens or number count as one. This module does not find acronyms in a text.

use crate::language::words::{self, Stemmer};
use crate::records::Acronym;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The meanings of one acronym in this corpus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcronymEntry {
    /// The acronym as most reports write it, in the singular.
    pub acronym: String,
    /// Number of reports that explain it.
    pub reports: usize,
    /// Its meanings, the most common first. More than one means that it is ambiguous.
    pub expansions: Vec<AcronymExpansion>,
}

/// One meaning of an acronym.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcronymExpansion {
    /// The words as most reports print them.
    pub words: String,
    /// Number of reports that give this meaning.
    pub reports: usize,
    /// Id of a paragraph that gives it.
    pub example: String,
}

/// All acronyms of a corpus, in alphabetical order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Acronyms {
    entries: Vec<AcronymEntry>,
}

/// How often each spelling occurred. The most frequent is shown; of equals, the first
/// alphabetically.
#[derive(Default)]
struct Spellings(BTreeMap<String, usize>);

impl Spellings {
    fn add(&mut self, spelling: &str) {
        *self.0.entry(spelling.to_owned()).or_default() += 1;
    }

    fn usual(self) -> String {
        let best = self.0.into_iter().rev().max_by_key(|(_, count)| *count);
        best.map(|(spelling, _)| spelling).unwrap_or_default()
    }
}

#[derive(Default)]
struct Meaning {
    spellings: Spellings,
    reports: BTreeSet<usize>,
    example: String,
}

impl Acronyms {
    /// Collects what the reports explain, given as one list per report.
    #[must_use]
    pub fn learn<'a>(reports: impl IntoIterator<Item = &'a [Acronym]>) -> Self {
        let mut stemmer = Stemmer::default();
        let mut all: BTreeMap<String, (Spellings, HashMap<Vec<String>, Meaning>)> = BTreeMap::new();
        for (report, acronyms) in reports.into_iter().enumerate() {
            for Acronym { short, long, paragraph } in acronyms {
                let (spellings, meanings) = all.entry(key(short)).or_default();
                spellings.add(short);
                let stems = stemmer.stems(long).into_iter().map(|(_, stem)| stem).collect();
                let meaning = meanings.entry(stems).or_default();
                meaning.spellings.add(long);
                if meaning.reports.is_empty() || *paragraph < meaning.example {
                    meaning.example.clone_from(paragraph);
                }
                meaning.reports.insert(report);
            }
        }
        let entries = all.into_values().map(|(spellings, meanings)| {
            let reports: BTreeSet<usize> =
                meanings.values().flat_map(|meaning| meaning.reports.iter().copied()).collect();
            let expansion = |meaning: Meaning| AcronymExpansion {
                words: meaning.spellings.usual(),
                reports: meaning.reports.len(),
                example: meaning.example,
            };
            let mut expansions: Vec<_> = meanings.into_values().map(expansion).collect();
            expansions
                .sort_by(|a, b| b.reports.cmp(&a.reports).then_with(|| a.words.cmp(&b.words)));
            AcronymEntry { acronym: spellings.usual(), reports: reports.len(), expansions }
        });
        Self { entries: entries.collect() }
    }

    /// The acronyms, in alphabetical order.
    #[must_use]
    pub fn entries(&self) -> &[AcronymEntry] {
        &self.entries
    }

    /// The entry of an acronym, ignoring case, full stops and plural.
    #[must_use]
    pub fn get(&self, acronym: &str) -> Option<&AcronymEntry> {
        let wanted = key(acronym);
        let singular = wanted.strip_suffix('s');
        let held = |key_of: &str| self.entries.iter().find(|entry| key(&entry.acronym) == key_of);
        held(&wanted).or_else(|| singular.and_then(held))
    }

    /// The acronyms for these words, the one that most reports use first.
    #[must_use]
    pub fn standing_for(&self, long: &str) -> Vec<&AcronymEntry> {
        let mut stemmer = Stemmer::default();
        let mut stems = |words: &str| -> Vec<String> {
            stemmer.stems(words).into_iter().map(|(_, stem)| stem).collect()
        };
        let wanted = stems(long);
        let mut found: Vec<(usize, &AcronymEntry)> = Vec::new();
        for entry in &self.entries {
            let meaning = entry.expansions.iter().find(|meaning| stems(&meaning.words) == wanted);
            found.extend(meaning.map(|meaning| (meaning.reports, entry)));
        }
        found.sort_by_key(|(reports, _)| std::cmp::Reverse(*reports));
        found.into_iter().map(|(_, entry)| entry).collect()
    }
}

/// The form in which acronyms are compared: letters and digits, folded (`A&E`, `a.e.`).
fn key(acronym: &str) -> String {
    words::exact(acronym).concat()
}

#[cfg(test)]
mod tests {
    use super::Acronyms;
    use crate::records::Acronym;

    fn acronym(short: &str, long: &str, paragraph: &str) -> Acronym {
        Acronym { short: short.to_owned(), long: long.to_owned(), paragraph: paragraph.to_owned() }
    }

    fn learned() -> Acronyms {
        let one = [
            acronym("PA", "personal advisers", "a/1"),
            acronym("A&E", "accident and emergency", "a/2"),
        ];
        let two =
            [acronym("PA", "Personal adviser", "b/1"), acronym("PA", "personal assistant", "b/2")];
        let three = [acronym("PA", "personal adviser", "c/1")];
        Acronyms::learn([&one[..], &two[..], &three[..]])
    }

    #[test]
    fn the_most_common_meaning_stands_first_and_variants_are_one() {
        let learned = learned();
        let pa = learned.get("pa").unwrap();
        assert_eq!(pa.reports, 3);
        let meanings: Vec<_> = pa
            .expansions
            .iter()
            .map(|e| (e.words.as_str(), e.reports, e.example.as_str()))
            .collect();
        assert_eq!(meanings, [("Personal adviser", 3, "a/1"), ("personal assistant", 1, "b/2")]);
    }

    #[test]
    fn an_acronym_is_found_in_the_plural_and_with_points() {
        let learned = learned();
        assert_eq!(learned.get("PAs").unwrap().acronym, "PA");
        assert_eq!(learned.get("a.e.").unwrap().acronym, "A&E");
        assert_eq!(learned.get("XY"), None);
    }

    #[test]
    fn words_lead_back_to_their_acronym() {
        let learned = learned();
        let found = learned.standing_for("Personal Advisers");
        assert_eq!(found.iter().map(|entry| entry.acronym.as_str()).collect::<Vec<_>>(), ["PA"]);
    }
}
