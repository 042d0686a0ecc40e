//! Decides without an index whether a paragraph matches a tree, and by which words.
//!
//! The same code marks the words of a hit and checks the index in tests: what the index finds,
//! this finds, and the other way round.

use super::{Field, Query, kind_named};
use crate::filters::any_name;
use crate::record::{Grade, ParagraphRecord};
use crate::request::{GradeFilter, ReportHead};
use crate::words::{self, Stemmer};
use std::cell::RefCell;

/// What a tree is held against.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The paragraph.
    pub paragraph: &'a ParagraphRecord,
    /// Its report.
    pub report: &'a ReportHead,
}

/// A tree made ready to be held against many paragraphs.
pub struct Matcher {
    root: Node,
    initials: Initials,
    stemmer: RefCell<Stemmer>,
}

/// The letters with which the words begin that the tree asks for. A stem begins as its word does,
/// so all other words of a text need neither folding nor stemming, which would otherwise cost more
/// than the search itself.
#[derive(Default)]
struct Initials {
    /// One bit for each ASCII character.
    ascii: u128,
}

enum Node {
    All,
    Nothing,
    /// Stems at their distances from the first.
    Stems(Vec<(usize, String)>),
    /// Exact words side by side.
    Exact(Vec<String>),
    Field(Field, String),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
}

/// The words of one text. Those that no part of the tree can ask for are left empty.
struct Text {
    exact: Vec<String>,
    /// `None` for a possessive `s` as well.
    stems: Vec<Option<String>>,
    /// Byte offsets.
    places: Vec<(usize, usize)>,
}

impl Matcher {
    /// Makes a tree ready.
    #[must_use]
    pub fn new(query: &Query) -> Self {
        let mut stemmer = Stemmer::default();
        let root = Node::of(query, &mut stemmer);
        let mut initials = Initials::default();
        root.add_initials(&mut initials);
        Self { root, initials, stemmer: RefCell::new(stemmer) }
    }

    /// Where the words stand that make the paragraph match, as `[start, end)` in characters of its
    /// text, in order and without overlap; `None` if it does not match. A phrase is one span.
    #[must_use]
    pub fn find(&self, subject: Subject<'_>) -> Option<Vec<[usize; 2]>> {
        let text = self.cut(&subject.paragraph.text);
        let mut found = Vec::new();
        if !self.root.holds(&text, subject, &mut found) {
            return None;
        }
        found.sort_unstable();
        let mut merged: Vec<(usize, usize)> = Vec::with_capacity(found.len());
        for (start, end) in found {
            match merged.last_mut() {
                Some(last) if start < last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        Some(in_characters(&subject.paragraph.text, &merged))
    }

    fn cut(&self, text: &str) -> Text {
        let mut stemmer = self.stemmer.borrow_mut();
        let mut cut = Text { exact: Vec::new(), stems: Vec::new(), places: Vec::new() };
        for word in words::scan(text) {
            cut.places.push((word.start, word.end));
            if !self.initials.admit(word.raw) {
                cut.stems.push(None);
                cut.exact.push(String::new());
                continue;
            }
            let folded = words::fold(word.raw);
            cut.stems.push((!word.possessive).then(|| {
                let mut stem = folded.clone();
                stemmer.stem_in_place(&mut stem);
                stem
            }));
            cut.exact.push(folded);
        }
        cut
    }
}

impl Initials {
    fn add(&mut self, word: &str) {
        if let Some(first) = word.bytes().next().filter(u8::is_ascii) {
            self.ascii |= 1 << first;
        }
    }

    /// Whether a word as written may be asked for. What is not plain ASCII folds in ways that only
    /// folding tells, and is always admitted.
    fn admit(&self, raw: &str) -> bool {
        match raw.as_bytes().first() {
            Some(first) if raw.is_ascii() => self.ascii >> first.to_ascii_lowercase() & 1 == 1,
            _ => true,
        }
    }
}

/// Turns sorted byte ranges into character ranges, walking the text once.
fn in_characters(text: &str, ranges: &[(usize, usize)]) -> Vec<[usize; 2]> {
    let (mut byte, mut character) = (0, 0);
    let mut count_to = |target: usize| {
        character += text[byte..target].chars().count();
        byte = target;
        character
    };
    ranges.iter().map(|&(start, end)| [count_to(start), count_to(end)]).collect()
}

impl Node {
    fn of(query: &Query, stemmer: &mut Stemmer) -> Self {
        match query {
            Query::All => Self::All,
            Query::Word { text, .. } => match stems_from_first(text, stemmer) {
                stems if stems.is_empty() => Self::Nothing,
                stems => Self::Stems(stems),
            },
            Query::Phrase { text, .. } => match words::exact(text) {
                words if words.is_empty() => Self::Nothing,
                words => Self::Exact(words),
            },
            Query::Field { field, value, .. } => Self::Field(*field, value.clone()),
            Query::And { clauses, .. } => {
                Self::And(clauses.iter().map(|c| Self::of(c, stemmer)).collect())
            }
            Query::Or { clauses, .. } => {
                Self::Or(clauses.iter().map(|c| Self::of(c, stemmer)).collect())
            }
            Query::Not { clause, .. } => Self::Not(Box::new(Self::of(clause, stemmer))),
        }
    }

    fn add_initials(&self, initials: &mut Initials) {
        match self {
            Self::All | Self::Nothing | Self::Field(..) => {}
            Self::Stems(stems) => stems.iter().for_each(|(_, stem)| initials.add(stem)),
            Self::Exact(words) => words.iter().for_each(|word| initials.add(word)),
            Self::And(nodes) | Self::Or(nodes) => {
                nodes.iter().for_each(|node| node.add_initials(initials));
            }
            Self::Not(node) => node.add_initials(initials),
        }
    }

    /// Whether the node holds; if so, what matched is added to `found` as byte ranges.
    fn holds(&self, text: &Text, subject: Subject<'_>, found: &mut Vec<(usize, usize)>) -> bool {
        let before = found.len();
        let holds = match self {
            Self::All => true,
            Self::Nothing => false,
            Self::Stems(stems) => occurrences(text, found, text.stems.len(), |at| {
                let all = stems.iter().all(|(distance, stem)| {
                    let there = text.stems.get(at + distance).and_then(Option::as_ref);
                    there.is_some_and(|there| there == stem)
                });
                all.then(|| stems.last().map_or(0, |(distance, _)| *distance))
            }),
            Self::Exact(words) => occurrences(text, found, text.exact.len(), |at| {
                let there = text.exact.get(at..at + words.len());
                there.is_some_and(|there| there == words).then(|| words.len() - 1)
            }),
            Self::Field(field, value) => field_holds(*field, value, subject),
            Self::And(nodes) => nodes.iter().all(|node| node.holds(text, subject, found)),
            Self::Or(nodes) => {
                // Every alternative is asked, so that the words of all of them are marked.
                let held = nodes.iter().filter(|node| node.holds(text, subject, found));
                held.count() > 0
            }
            Self::Not(node) => !node.holds(text, subject, &mut Vec::new()),
        };
        if !holds {
            found.truncate(before);
        }
        holds
    }
}

/// The stems of a word's parts with their distances from the first.
pub(crate) fn stems_from_first(text: &str, stemmer: &mut Stemmer) -> Vec<(usize, String)> {
    let mut stems = stemmer.stems(text);
    let first = stems.first().map_or(0, |(position, _)| *position);
    for (position, _) in &mut stems {
        *position -= first;
    }
    stems
}

fn occurrences(
    text: &Text,
    found: &mut Vec<(usize, usize)>,
    words: usize,
    last_of: impl Fn(usize) -> Option<usize>,
) -> bool {
    let before = found.len();
    for at in 0..words {
        if let Some(last) = last_of(at) {
            found.push((text.places[at].0, text.places[at + last].1));
        }
    }
    found.len() > before
}

fn field_holds(field: Field, value: &str, subject: Subject<'_>) -> bool {
    let Subject { paragraph, report } = subject;
    let same = |held: Option<&str>| held.is_some_and(|held| words::key(held) == words::key(value));
    let named = |held: Option<&str>| any_name(&[value.to_owned()], held);
    match field {
        Field::Grade => grade_holds(value, paragraph.grade.as_ref()),
        Field::Overall => grade_holds(value, report.overall.as_ref()),
        Field::Theme => named(paragraph.theme.as_deref()),
        Field::Topic => paragraph.topics.iter().any(|topic| same(Some(topic))),
        Field::Section => {
            let wanted = HeadingWords::new(value);
            paragraph.section.iter().any(|heading| wanted.stand_in(heading))
        }
        Field::Authority => named(report.authority.as_deref()),
        Field::Region => named(report.region.as_deref()),
        Field::Framework => same(Some(&report.framework)),
        Field::Kind => kind_named(value) == Some(paragraph.kind),
        Field::Report => report.id.eq_ignore_ascii_case(value),
        Field::Number => same(paragraph.number.as_deref()),
        Field::Page => value.parse::<u32>().is_ok_and(|page| {
            let last = paragraph.page_end.or(paragraph.page);
            paragraph.page.is_some_and(|first| first <= page)
                && last.is_some_and(|last| page <= last)
        }),
    }
}

fn grade_holds(value: &str, grade: Option<&Grade>) -> bool {
    value.parse::<GradeFilter>().is_ok_and(|filter| filter.holds(grade))
}

/// The words of a `section` condition: all of them must stand in one heading, by their stems, in
/// any order.
pub(crate) struct HeadingWords {
    wanted: Vec<String>,
    stemmer: RefCell<Stemmer>,
}

impl HeadingWords {
    pub(crate) fn new(value: &str) -> Self {
        let mut stemmer = Stemmer::default();
        let wanted = stemmer.stems(value).into_iter().map(|(_, s)| s).collect();
        Self { wanted, stemmer: RefCell::new(stemmer) }
    }

    pub(crate) fn stand_in(&self, heading: &str) -> bool {
        let stems = self.stemmer.borrow_mut().stems(heading);
        !self.wanted.is_empty()
            && self.wanted.iter().all(|wanted| stems.iter().any(|(_, stem)| stem == wanted))
    }
}
