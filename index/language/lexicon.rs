//! Synonyms for the words of a query, and the query expanded with them.
//!
//! Professional terms change over the years and from one authority to the next; a reader who asks
//! for one of them means all. A lexicon knows groups of equals (`return interview`,
//! `return home interview`), words that stand for others but not the other way round (`kids` for
//! `children`), and the acronyms that the reports themselves explain. Expansion is a separate step
//! between parsing and searching: it makes [`Query::Expanded`] nodes, which the caller can inspect,
//! count, print and leave out. Words that are one thing when they stand together (`children's homes`)
//! are compounds: written next to each other, they become one [`Query::Word`] of several
//! parts, or one [`Query::Near`]. Text in quotation marks, with a wildcard or after a minus is never
//! expanded.

use crate::language::acronyms::Acronyms;
use crate::language::grammar::is_function_word;
use crate::language::query::{Query, Span};
use crate::language::words::{self, Stemmer};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// The longest run of words that is looked up.
const LONGEST: usize = 8;
/// The maximum number of synonyms searched for one run of words.
const MOST: usize = 12;
/// Meanings of an acronym that a smaller share of its reports give are ignored.
const SHARE: f64 = 0.25;
/// A word in lower case counts as an acronym only if it occurs in at most this many paragraphs for
/// each report that explains it: `care` is a word, whatever some report may abbreviate so.
const PARAGRAPHS_PER_REPORT: u64 = 50;
/// The same for acronyms that may be words and that fewer than [`WIDELY`] reports explain: the FIT
/// and FAST teams of one authority are outnumbered by paragraphs about what is fit or fast.
const PARAGRAPHS_PER_REPORT_OF_FEW: u64 = 5;
/// An acronym that this many reports explain belongs to the profession, not to one authority.
const WIDELY: u64 = 10;

/// Whether one is another spelling of the other: as one word or two, or an acronym in the plural.
pub(crate) fn is_spelling(one: &str, other: &str) -> bool {
    let letters = |text: &str| words::exact(text).concat();
    let (a, b) = (letters(one), letters(other));
    a == b
        || (is_capitals(one) && b.strip_suffix('s') == Some(a.as_str()))
        || (is_capitals(other) && a.strip_suffix('s') == Some(b.as_str()))
}

/// Synonyms, as data.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Synonyms {
    /// Groups of equals: each finds all the others.
    pub same: Vec<Vec<String>>,
    /// Words, and what they also find.
    pub also: Vec<(String, Vec<String>)>,
}

/// Looks up the synonyms for the words of one query.
///
/// Most of a lexicon concerns words that were not asked for, and stemming it all would take longer
/// than most searches. A stem begins with the same letter as its word, so entries that begin with
/// other letters than the query's words are skipped.
#[derive(Clone)]
pub struct Lexicon {
    stemmer: Stemmer,
    /// First letters of the query's stems, one bit for each ASCII character.
    initials: u128,
    /// Synonyms, by stems.
    ways: FxHashMap<Vec<String>, Vec<String>>,
    /// Acronyms and their meanings, by stem.
    acronyms: FxHashMap<String, (Acronym, Vec<String>)>,
    /// Acronyms, by the stems of their meanings.
    shortened: FxHashMap<Vec<String>, Vec<Acronym>>,
    /// Words that are one thing when they stand together, by stems: for each, the word before the `s`
    /// of a possessive, if it is one.
    compounds: FxHashMap<Vec<String>, Vec<Option<String>>>,
    /// The compounds met in the query.
    met: Vec<Compound>,
    /// Everything written in capitals, by stem.
    capitals: FxHashMap<String, String>,
    longest: usize,
}

/// An acronym that reports explain.
#[derive(Debug, Clone)]
struct Acronym {
    text: String,
    stem: String,
    /// Number of reports that explain it.
    reports: u64,
}

impl Acronym {
    /// Whether its letters, which occur in `paragraphs` paragraphs, usually mean this acronym and
    /// not a word spelt the same.
    fn is_usual(&self, paragraphs: u64) -> bool {
        let may_be_word = self.stem.contains(['a', 'e', 'i', 'o', 'u', 'y']);
        let most = if may_be_word && self.reports < WIDELY {
            PARAGRAPHS_PER_REPORT_OF_FEW
        } else {
            PARAGRAPHS_PER_REPORT
        };
        paragraphs <= self.reports * most
    }
}

impl std::fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lexicon").field("ways", &self.ways.len()).finish_non_exhaustive()
    }
}

/// An expanded query.
#[derive(Debug, Clone, PartialEq)]
pub struct Widened {
    /// The tree, with [`Query::Expanded`] nodes.
    pub query: Query,
    /// Words that were left out next to others because they occur almost everywhere.
    pub passed_over: Vec<String>,
    /// Words that were read as one thing and so must stand together.
    pub compounds: Vec<Compound>,
}

/// Words of a query that are one thing when they stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compound {
    /// The places of the words in the query's text.
    pub words: Vec<Span>,
}

impl Lexicon {
    /// Combines synonyms with a corpus's acronyms, as far as they may concern a query.
    #[must_use]
    pub fn new(query: &Query, synonyms: &Synonyms, acronyms: &Acronyms) -> Self {
        let mut lexicon = Self {
            stemmer: Stemmer::default(),
            initials: 0,
            ways: FxHashMap::default(),
            acronyms: FxHashMap::default(),
            shortened: FxHashMap::default(),
            compounds: FxHashMap::default(),
            met: Vec::new(),
            capitals: FxHashMap::default(),
            longest: 0,
        };
        lexicon.note_initials(query);
        for group in &synonyms.same {
            group.iter().for_each(|text| lexicon.note_capitals(text));
            for one in group {
                lexicon.add(one, group);
            }
        }
        for (one, others) in &synonyms.also {
            [one].into_iter().chain(others).for_each(|text| lexicon.note_capitals(text));
            lexicon.add(one, others);
        }
        for entry in acronyms.entries() {
            let explained: usize = entry.expansions.iter().map(|e| e.reports).sum();
            let usual = entry.expansions.iter().filter(|expansion| {
                expansion.reports > 1 && expansion.reports as f64 >= SHARE * explained as f64
            });
            let meanings: Vec<&str> = usual.map(|expansion| expansion.words.as_str()).collect();
            let mut texts = meanings.iter().copied().chain([entry.acronym.as_str()]);
            if meanings.is_empty() || !texts.any(|text| lexicon.may_be_met(text)) {
                continue;
            }
            let meanings: Vec<String> = meanings.into_iter().map(str::to_owned).collect();
            let stems = lexicon.stems(&entry.acronym);
            let [stem] = stems.as_slice() else {
                // `B&B` is two adjacent words, and no ordinary word is spelt like that.
                lexicon.add(&entry.acronym, &meanings);
                for meaning in &meanings {
                    lexicon.note_capitals(meaning);
                    lexicon.add(meaning, std::slice::from_ref(&entry.acronym));
                }
                continue;
            };
            let (text, reports) = (entry.acronym.clone(), entry.reports as u64);
            let acronym = Acronym { text, stem: stem.clone(), reports };
            for meaning in &meanings {
                if !lexicon.may_be_met(meaning) {
                    continue;
                }
                let stems = lexicon.stems(meaning);
                if lexicon.takes(&stems) {
                    lexicon.shortened.entry(stems).or_default().push(acronym.clone());
                }
            }
            lexicon.capitals.insert(stem.clone(), acronym.text.clone());
            lexicon.acronyms.insert(stem.clone(), (acronym, meanings));
        }
        lexicon
    }

    /// Reads words that are one thing when they stand together as such.
    #[must_use]
    pub fn with_compounds(mut self, compounds: &[String]) -> Self {
        for compound in compounds {
            if self.may_be_met(compound) {
                let stems = self.stems(compound);
                if self.takes(&stems) {
                    self.compounds.insert(stems, possessors(compound));
                }
            }
        }
        self
    }

    fn stems(&mut self, text: &str) -> Vec<String> {
        self.stemmer.stems(text).into_iter().map(|(_, stem)| stem).collect()
    }

    fn note_initials(&mut self, query: &Query) {
        if let Query::Word { text, .. } = query {
            let firsts = self.stems(text).into_iter().filter_map(|stem| stem.bytes().next());
            self.initials |= firsts.filter(u8::is_ascii).fold(0, |all, first| all | 1 << first);
        }
        query.clauses().for_each(|clause| self.note_initials(clause));
    }

    /// Whether a run of words may begin like one of the query. Words that are not plain ASCII are
    /// always admitted, since only folding shows what they become.
    fn may_be_met(&self, text: &str) -> bool {
        words::scan(text).next().is_some_and(|word| match word.raw.as_bytes().first() {
            Some(first) if word.raw.is_ascii() => {
                self.initials >> first.to_ascii_lowercase() & 1 == 1
            }
            _ => true,
        })
    }

    /// Whether a run of words is short enough to be looked up; if so, its length is noted.
    fn takes(&mut self, stems: &[String]) -> bool {
        let is_taken = !stems.is_empty() && stems.len() <= LONGEST;
        if is_taken {
            self.longest = self.longest.max(stems.len());
        }
        is_taken
    }

    fn add(&mut self, one: &str, others: &[String]) {
        if !self.may_be_met(one) {
            return;
        }
        let stems = self.stems(one);
        if !self.takes(&stems) {
            return;
        }
        let mut known: Vec<Vec<String>> = vec![stems.clone()];
        let held = self.ways.get(&stems).cloned().unwrap_or_default();
        for way in &held {
            known.push(self.stems(way));
        }
        let mut ways = held;
        for other in others {
            let theirs = self.stems(other);
            if !theirs.is_empty() && !known.contains(&theirs) {
                known.push(theirs);
                ways.push(other.clone());
            }
        }
        self.ways.insert(stems, ways);
    }

    /// Keeps an acronym by its stem: the query may have its plural, which is not in the table.
    fn note_capitals(&mut self, text: &str) {
        if is_capitals(text)
            && self.may_be_met(text)
            && let [stem] = self.stems(text).as_slice()
        {
            self.capitals.entry(stem.clone()).or_insert_with(|| text.to_owned());
        }
    }

    /// Expands a query. `frequency` returns the number of paragraphs in which a stem occurs.
    #[must_use]
    pub fn widen(&mut self, query: &Query, frequency: &mut dyn FnMut(&str) -> u64) -> Widened {
        let mut passed_over = Vec::new();
        let query = self.tree(query, frequency, &mut passed_over);
        Widened { query, passed_over, compounds: std::mem::take(&mut self.met) }
    }

    fn tree(
        &mut self,
        query: &Query,
        frequency: &mut dyn FnMut(&str) -> u64,
        passed_over: &mut Vec<String>,
    ) -> Query {
        match query {
            Query::Word { .. } => {
                let mut run = self.run(std::slice::from_ref(query), frequency);
                run.pop().unwrap_or_else(|| query.clone())
            }
            Query::And { clauses, span } => {
                let mut widened = Vec::with_capacity(clauses.len());
                for run in clauses.chunk_by(|a, b| is_word(a) && is_word(b)) {
                    if is_word(&run[0]) {
                        widened.extend(self.run(run, frequency));
                    } else {
                        let clauses = run.iter().map(|c| self.tree(c, frequency, passed_over));
                        widened.extend(clauses.collect::<Vec<_>>());
                    }
                }
                pass_over(&mut widened, passed_over);
                match <[Query; 1]>::try_from(widened) {
                    Ok([only]) => only,
                    Err(clauses) => Query::And { clauses, span: *span },
                }
            }
            Query::Or { clauses, span } => Query::Or {
                clauses: clauses.iter().map(|c| self.tree(c, frequency, passed_over)).collect(),
                span: *span,
            },
            Query::Boost { clause, weight, span } => Query::Boost {
                clause: Box::new(self.tree(clause, frequency, passed_over)),
                weight: *weight,
                span: *span,
            },
            Query::All
            | Query::Phrase { .. }
            | Query::Wildcard { .. }
            | Query::Fuzzy { .. }
            | Query::Near { .. }
            | Query::Field { .. }
            | Query::Affirmed { .. }
            | Query::Expanded { .. }
            | Query::Not { .. } => query.clone(),
        }
    }

    /// Expands adjacent words; the longest known runs are expanded as one. A known set phrase
    /// without synonyms is left whole: the parent in `corporate parent` is not a mother.
    fn run(&mut self, words: &[Query], frequency: &mut dyn FnMut(&str) -> u64) -> Vec<Query> {
        let stems: Vec<Vec<String>> = words.iter().map(|word| self.stems(text_of(word))).collect();
        let mut widened = Vec::with_capacity(words.len());
        let mut at = 0;
        while at < words.len() {
            // Every word has a stem, so no run of more words than this is known.
            let most = self.longest.max(1).min(words.len() - at);
            let longest = (1..=most).rev().find_map(|count| {
                let run = stems[at..at + count].concat();
                if run.len() > self.longest.max(1) {
                    return None;
                }
                let ways = self.ways_of(&words[at..at + count], &run, frequency);
                let is_compound = count > 1 && self.compounds.contains_key(&run);
                let is_known = !ways.is_empty() || self.ways.contains_key(&run) || is_compound;
                is_known.then_some((count, ways, is_compound))
            });
            let Some((count, mut ways, is_compound)) = longest else {
                widened.push(words[at].clone());
                at += 1;
                continue;
            };
            ways.truncate(MOST);
            let written = match is_compound {
                true => self.compound(&words[at..at + count], &stems[at..at + count].concat()),
                false => words[at..at + count].to_vec(),
            };
            if ways.is_empty() {
                widened.extend(written);
            } else {
                widened.push(expanded(&written, ways));
            }
            at += count;
        }
        widened
    }

    /// Makes one node of the words of a compound. Words with something between them (`AND`, a comma)
    /// were not written as one thing: they stay apart, in a form that is printed in such a way that
    /// it is read so again.
    fn compound(&mut self, words: &[Query], stems: &[String]) -> Vec<Query> {
        let places: Vec<Span> = words.iter().filter_map(Query::span).collect();
        if places.windows(2).any(|pair| pair[1].start > pair[0].end + 1) {
            let apart = |(place, word): (usize, &Query)| match (place, word.span()) {
                (1.., Some(span)) if !is_function_word(text_of(word)) => {
                    Query::And { clauses: vec![word.clone()], span }
                }
                _ => word.clone(),
            };
            return words.iter().enumerate().map(apart).collect();
        }
        self.met.push(Compound { words: places });
        let span = whole(words);
        let possessors = self.compounds.get(stems).map(Vec::as_slice).unwrap_or_default();
        if possessors.iter().all(Option::is_none) || possessors.len() != words.len() {
            let text = words.iter().map(text_of).collect::<Vec<_>>().join("-");
            return vec![Query::Word { text, span }];
        }
        // By stems alone, any word could be in the place of the possessive's `s`.
        // Some reports leave out its apostrophe.
        let clause = |(word, possessor): (&Query, &Option<String>)| match possessor {
            Some(owner) => {
                let span = word.span().unwrap_or_default();
                let ways = ["'s", "s"].map(|end| Query::phrase_of(&format!("{owner}{end}"), span));
                Query::Or { clauses: ways.to_vec(), span }
            }
            None => word.clone(),
        };
        let clauses = words.iter().zip(possessors).map(clause).collect();
        vec![Query::Near { clauses, within: 1, ordered: true, span }]
    }

    /// The synonyms of some words, with each acronym among them in the singular and the plural.
    fn ways_of(
        &mut self,
        written: &[Query],
        stems: &[String],
        frequency: &mut dyn FnMut(&str) -> u64,
    ) -> Vec<String> {
        let singular = match (written, stems) {
            ([word], [stem]) => self.singular(word, stem, frequency),
            _ => None,
        };
        let mut ways = match singular {
            Some((acronym, stem)) => {
                let mut ways = vec![acronym];
                ways.extend(self.ways_of_singular(written, &[stem], frequency));
                ways
            }
            None => self.ways_of_singular(written, stems, frequency),
        };
        let named = match stems {
            [stem] => self.capitals.get(stem).cloned(),
            _ => None,
        };
        let plurals: Vec<String> = named
            .into_iter()
            .chain(ways.iter().cloned())
            .filter_map(|way| self.plural(&way, stems, frequency))
            .collect();
        ways.extend(plurals);
        // A spelling that nobody uses is not worth mentioning.
        let text = written.iter().map(text_of).collect::<Vec<_>>().join(" ");
        ways.retain(|way| {
            let mut stems = self.stemmer.stems(way).into_iter();
            !is_spelling(&text, way) || stems.all(|(_, stem)| frequency(&stem) > 0)
        });
        ways
    }

    /// The acronym of which a word is the plural, with its stem, if the plural has another stem:
    /// the stemmer does not remove the `s` of `LSCBs` or `SGOs`, which it does not take for words.
    fn singular(
        &self,
        word: &Query,
        stem: &str,
        frequency: &mut dyn FnMut(&str) -> u64,
    ) -> Option<(String, String)> {
        let singular = stem.strip_suffix('s')?;
        let acronym = self.capitals.get(singular)?;
        let is_usual = is_capitals(text_of(word))
            || match self.acronyms.get(singular) {
                Some((acronym, _)) => acronym.is_usual(frequency(stem)),
                None => true,
            };
        (is_usual && !self.capitals.contains_key(stem))
            .then(|| (acronym.clone(), singular.to_owned()))
    }

    /// The plural of an acronym, if reports use it and its stem differs from that of the singular.
    fn plural(
        &mut self,
        way: &str,
        written: &[String],
        frequency: &mut dyn FnMut(&str) -> u64,
    ) -> Option<String> {
        if !is_capitals(way) || way.ends_with(['s', 'S']) {
            return None;
        }
        let plural = format!("{way}s");
        let (one, many) = (self.stems(way), self.stems(&plural));
        let [stem] = many.as_slice() else { return None };
        (one != many && many != written && frequency(stem) > 0).then_some(plural)
    }

    fn ways_of_singular(
        &mut self,
        written: &[Query],
        stems: &[String],
        frequency: &mut dyn FnMut(&str) -> u64,
    ) -> Vec<String> {
        let mut ways = self.ways.get(stems).cloned().unwrap_or_default();
        let mut learned: Vec<String> = Vec::new();
        for acronym in self.shortened.get(stems).into_iter().flatten() {
            if acronym.is_usual(frequency(&acronym.stem)) {
                learned.push(acronym.text.clone());
            }
        }
        if let ([stem], [word]) = (stems, written)
            && let Some((acronym, meanings)) = self.acronyms.get(stem)
            && (is_capitals(text_of(word)) || acronym.is_usual(frequency(stem)))
        {
            learned.extend(meanings.iter().cloned());
        }
        for way in learned {
            let theirs = self.stems(&way);
            if theirs != stems && !ways.iter().any(|known| self.stems(known) == theirs) {
                ways.push(way);
            }
        }
        ways
    }
}

fn is_word(query: &Query) -> bool {
    matches!(query, Query::Word { .. })
}

/// For each word of a text, the word itself if it is a possessive.
fn possessors(text: &str) -> Vec<Option<String>> {
    let mut all: Vec<(&str, bool)> = Vec::new();
    for word in words::scan(text) {
        match all.last_mut() {
            Some((_, is_possessor)) if word.possessive => *is_possessor = true,
            _ => all.push((word.raw, false)),
        }
    }
    all.into_iter().map(|(word, is)| is.then(|| word.to_owned())).collect()
}

fn text_of(query: &Query) -> &str {
    match query {
        Query::Word { text, .. } => text,
        _ => "",
    }
}

fn is_capitals(text: &str) -> bool {
    text.chars().filter(|c| c.is_uppercase()).count() > 1
}

/// The place from the first of some words to the last.
fn whole(words: &[Query]) -> Span {
    Span {
        start: words.first().and_then(Query::span).unwrap_or_default().start,
        end: words.last().and_then(Query::span).unwrap_or_default().end,
    }
}

fn expanded(written: &[Query], ways: Vec<String>) -> Query {
    let span = whole(written);
    let clause = match written {
        [one] => one.clone(),
        several => Query::And { clauses: several.to_vec(), span },
    };
    let also = ways.into_iter().map(|text| Query::Word { text, span }).collect();
    Query::Expanded { clause: Box::new(clause), also, span }
}

/// Removes words that occur almost everywhere, as long as something else is asked for.
fn pass_over(clauses: &mut Vec<Query>, passed_over: &mut Vec<String>) {
    let is_passed = |clause: &Query| is_word(clause) && is_function_word(text_of(clause));
    let is_asked = |clause: &Query| {
        !is_passed(clause) && !matches!(clause, Query::Not { .. } | Query::Field { .. })
    };
    if clauses.iter().any(is_asked) {
        let gone = clauses.extract_if(.., |clause| is_passed(clause));
        passed_over.extend(gone.map(|clause| text_of(&clause).to_owned()));
    }
}
