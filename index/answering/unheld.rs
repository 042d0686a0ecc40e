//! Words of a query that occur nowhere in the index, and the words that may have been meant.
//!
//! Reports them and suggests others; never changes a query. Words that a query excludes, wildcards
//! and fuzzy words are skipped, and so are words with synonyms: the synonyms are searched for
//! those.

use crate::engine::SearchError;
use crate::language::query::{Part, Query, Span, usual_edits};
use crate::language::words::{self, Stemmer};
use crate::records::Attribute;
use crate::request::Deadline;
use crate::request::{NearWord, UnheldWord};
use rustc_hash::{FxHashMap, FxHashSet};

/// Number of words of a query for which suggestions are sought: each is compared with all words of
/// the reports.
const SOUGHT: usize = 8;
/// Maximum number of suggestions for one word.
const PROPOSALS: usize = 3;
/// In shorter words too little remains if a letter is taken for a typing error.
const SHORTEST: usize = 4;
/// How many times more paragraphs must contain a word for each further letter by which it differs:
/// reports have typing errors too, which are similar to many words and rarely meant.
const PER_LETTER: f64 = 100.0;
/// Number of words compared between two checks of the clock.
const BETWEEN_LOOKS: usize = 256;

/// Where a word of a query must occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// In the text, in any form.
    AnyForm,
    /// In the text, as written.
    AsWritten,
    /// In a heading, in any form.
    Heading,
}

/// The words that an index holds.
pub(crate) trait Holdings {
    /// All headings as printed, each once.
    fn headings(&self) -> Result<&[String], SearchError>;

    /// The number of paragraphs that a word finds. It is folded; for [`Place::AnyForm`] it is the
    /// stem.
    fn holding(&self, word: &str, place: Place) -> Result<usize, SearchError>;

    /// Shows all words of the texts, folded, in any order; a word may be shown several times. Ends
    /// when `visit` returns false.
    fn each_word(&self, visit: &mut dyn FnMut(&str) -> bool) -> Result<(), SearchError>;
}

struct Wanted {
    word: String,
    folded: String,
    place: Place,
    span: Span,
}

/// Finds the words of a query that occur in no paragraph (in a condition on sections: in no
/// heading).
///
/// Each is listed once, with the most similar words of the reports. Suggests nothing for numbers
/// and for words of fewer than four letters, nor after the first [`SOUGHT`] words, and nothing more
/// once the time is up.
///
/// # Errors
/// If the index cannot be read.
pub(crate) fn words_unheld(
    held: &impl Holdings,
    query: &Query,
    deadline: &Deadline,
) -> Result<Vec<UnheldWord>, SearchError> {
    let mut stemmer = Stemmer::default();
    let mut wanted = Vec::new();
    for word in words_of(query) {
        if !is_held(held, &word, &mut stemmer)? {
            wanted.push(word);
        }
    }
    let mut sought: Vec<(usize, Seeker)> = (wanted.iter().enumerate())
        .filter_map(|(at, word)| Some((at, Seeker::of(word)?)))
        .take(SOUGHT)
        .collect();
    seek(held, &mut sought, &wanted, deadline)?;
    let mut unheld: Vec<UnheldWord> = wanted
        .iter()
        .map(|word| UnheldWord {
            word: word.word.clone(),
            field: (word.place == Place::Heading).then_some(Attribute::Section),
            span: [word.span.start, word.span.end],
            near: Vec::new(),
        })
        .collect();
    for (at, seeker) in sought {
        if !deadline.has_passed() {
            unheld[at].near = proposals(held, seeker, wanted[at].place, &mut stemmer)?;
        }
    }
    Ok(unheld)
}

fn is_held(
    held: &impl Holdings,
    word: &Wanted,
    stemmer: &mut Stemmer,
) -> Result<bool, SearchError> {
    if word.place == Place::Heading {
        let stem = stem_of(&word.folded, stemmer);
        let mut headings = heading_words(held)?;
        return Ok(headings.any(|held| stem_of(&held, stemmer) == stem));
    }
    Ok(holding(held, &word.folded, word.place, stemmer)? > 0)
}

fn heading_words(held: &impl Holdings) -> Result<impl Iterator<Item = String>, SearchError> {
    Ok(held.headings()?.iter().flat_map(|heading| words::exact(heading)))
}

/// The number of paragraphs that a word finds.
fn holding(
    held: &impl Holdings,
    folded: &str,
    place: Place,
    stemmer: &mut Stemmer,
) -> Result<usize, SearchError> {
    match place {
        Place::AnyForm => held.holding(&stem_of(folded, stemmer), place),
        Place::AsWritten | Place::Heading => held.holding(folded, place),
    }
}

/// Shows all words of the index to the seekers.
fn seek(
    held: &impl Holdings,
    sought: &mut [(usize, Seeker)],
    wanted: &[Wanted],
    deadline: &Deadline,
) -> Result<(), SearchError> {
    let (mut of_headings, mut of_text): (Vec<_>, Vec<_>) =
        sought.iter_mut().partition(|(at, _)| wanted[*at].place == Place::Heading);
    if !of_headings.is_empty() {
        for word in heading_words(held)? {
            of_headings.iter_mut().for_each(|(_, seeker)| seeker.look_at(&word));
        }
    }
    if of_text.is_empty() {
        return Ok(());
    }
    let mut looked_at = 0_usize;
    held.each_word(&mut |word| {
        looked_at += 1;
        if looked_at.is_multiple_of(BETWEEN_LOOKS) && deadline.has_passed() {
            return false;
        }
        of_text.iter_mut().for_each(|(_, seeker)| seeker.look_at(word));
        true
    })
}

/// The best of the words found; of words that find the same, only one.
fn proposals(
    held: &impl Holdings,
    seeker: Seeker,
    place: Place,
    stemmer: &mut Stemmer,
) -> Result<Vec<NearWord>, SearchError> {
    let mut weighed: Vec<(f64, usize, NearWord)> = Vec::with_capacity(seeker.found.len());
    for (word, distance) in seeker.found {
        let paragraphs = holding(held, &word, place, stemmer)?;
        if paragraphs == 0 {
            continue;
        }
        let as_written = holding(held, &word, Place::AsWritten, stemmer)?;
        let letters = i32::try_from(distance).unwrap_or(i32::MAX);
        let weight = paragraphs as f64 / PER_LETTER.powi(letters);
        weighed.push((weight, as_written, NearWord { word, paragraphs }));
    }
    weighed.sort_by(|(one, in_one, a), (other, in_other, b)| {
        let by_weight = other.total_cmp(one).then_with(|| in_other.cmp(in_one));
        by_weight.then_with(|| a.word.cmp(&b.word))
    });
    let least = weighed.first().map_or(0.0, |(best, ..)| best / PER_LETTER);
    let mut met = FxHashSet::default();
    weighed.retain(|(weight, _, near)| {
        let same = match place {
            Place::AnyForm | Place::Heading => stem_of(&near.word, stemmer),
            Place::AsWritten => near.word.clone(),
        };
        *weight > least && met.insert(same)
    });
    Ok(weighed.into_iter().take(PROPOSALS).map(|(_, _, near)| near).collect())
}

fn stem_of(folded: &str, stemmer: &mut Stemmer) -> String {
    let mut stem = folded.to_owned();
    stemmer.stem_in_place(&mut stem);
    stem
}

/// The words that must occur somewhere, each once, in the order written.
fn words_of(query: &Query) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut met = FxHashSet::default();
    let mut add = |word: &str, place, span| {
        let folded = words::fold(word);
        if met.insert((folded.clone(), place == Place::Heading)) {
            wanted.push(Wanted { word: word.to_owned(), folded, place, span });
        }
    };
    let mut open = vec![query];
    while let Some(query) = open.pop() {
        match query {
            Query::Word { text, span } => {
                let stemmed = words::scan(text).filter(|word| !word.possessive);
                stemmed.for_each(|word| add(word.raw, Place::AnyForm, *span));
            }
            Query::Phrase { parts, span, .. } => {
                let mut open: Vec<&Part> = parts.iter().rev().collect();
                while let Some(part) = open.pop() {
                    match part {
                        Part::Word(word) => add(word, Place::AsWritten, *span),
                        Part::AnyOf(alternatives) => {
                            open.extend(alternatives.iter().flatten().rev());
                        }
                        Part::Gap | Part::Wildcard(_) => {}
                    }
                }
            }
            Query::Field { field: Attribute::Section, value, span } => {
                let stemmed = words::scan(value).filter(|word| !word.possessive);
                stemmed.for_each(|word| add(word.raw, Place::Heading, *span));
            }
            Query::All
            | Query::Wildcard { .. }
            | Query::Fuzzy { .. }
            | Query::Field { .. }
            | Query::Expanded { .. }
            | Query::Not { .. } => {}
            Query::Near { .. }
            | Query::Boost { .. }
            | Query::Affirmed { .. }
            | Query::And { .. }
            | Query::Or { .. } => {
                open.extend(query.clauses().rev());
            }
        }
    }
    wanted
}

/// Collects the words similar to a given one.
struct Seeker {
    word: String,
    length: usize,
    edits: usize,
    letters: u64,
    found: FxHashMap<String, usize>,
}

impl Seeker {
    /// Prepares the search for similar words; `None` for words that get no suggestions: numbers,
    /// and words of few letters.
    fn of(wanted: &Wanted) -> Option<Self> {
        let word = wanted.folded.clone();
        let length = word.chars().count();
        let is_sought = length >= SHORTEST && word.chars().all(char::is_alphabetic);
        is_sought.then(|| Self {
            length,
            edits: usize::from(usual_edits(&word)),
            letters: letters(&word),
            found: FxHashMap::default(),
            word,
        })
    }

    fn look_at(&mut self, held: &str) {
        // One letter added, removed or replaced changes the set of letters by at most two: this
        // alone rules out nearly all words.
        let differing = (self.letters ^ letters(held)).count_ones() as usize;
        if differing > 2 * self.edits
            || self.found.contains_key(held)
            || held.chars().count().abs_diff(self.length) > self.edits
            || !held.chars().all(char::is_alphabetic)
        {
            return;
        }
        let distance = strsim::osa_distance(&self.word, held);
        if distance <= self.edits {
            self.found.insert(held.to_owned(), distance);
        }
    }
}

/// The set of letters in a word; rare letters may share a bit.
fn letters(word: &str) -> u64 {
    word.chars().fold(0, |set, c| set | 1 << (u32::from(c) % 64))
}
