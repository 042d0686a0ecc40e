//! Decides without an index whether a paragraph matches a tree, and which words make it match.
//!
//! The same code marks the words of a hit and checks the index in tests: it finds exactly what the
//! index finds.

use crate::language::negation::Rules;
use crate::language::query::{Query, is_meant};
use crate::language::words::{self, Stemmer};
use crate::marking::shape::{Leaf, Shaped};
use crate::marking::spans::Spans;
use crate::records::{Attribute, Kind, ParagraphRecord, ReportHead};
use crate::request::Deadline;
use std::cell::RefCell;

/// The paragraph that a tree is matched against.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The paragraph.
    pub paragraph: &'a ParagraphRecord,
    /// Its report.
    pub report: &'a ReportHead,
}

/// A tree prepared for matching against many paragraphs.
pub struct Matcher {
    root: Node,
    wanted: Wanted,
    stemmer: RefCell<Stemmer>,
    /// The rules of negation, if anything asks what is denied.
    rules: Option<Rules>,
}

/// The appearance of the words that the tree asks for. All other words of a text need neither
/// folding nor stemming, which would otherwise cost more than the search itself.
#[derive(Default)]
struct Wanted {
    /// First letters, one bit for each ASCII character: most words are ruled out by theirs.
    initials: u128,
    looks: Vec<Look>,
}

/// The appearance of a plain word that is asked for, in any case.
#[derive(PartialEq)]
enum Look {
    Exactly(String),
    /// Begins with these letters and has at least this length.
    Begins {
        with: String,
        length: usize,
    },
}

enum Node {
    All,
    Words(Shaped),
    Field(Attribute, String),
    /// A topic that the paragraph does not only deny.
    TopicAffirmed(String),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
}

/// The words of one text.
struct Text {
    /// Words that some part of the tree may ask for.
    words: Vec<Cut>,
    /// Byte offsets of all words.
    places: Vec<(usize, usize)>,
    /// The positions of the words that are denied, if anything asks for them.
    denied: Vec<u32>,
}

/// A word that may be asked for.
struct Cut {
    position: u32,
    exact: String,
    /// `None` for a possessive `s`.
    stem: Option<String>,
}

impl Matcher {
    /// Prepares a tree.
    #[must_use]
    pub fn new(query: &Query) -> Self {
        let mut stemmer = Stemmer::default();
        let root = Node::of(query, &mut stemmer);
        let mut wanted = Wanted::default();
        root.add_wanted(&mut wanted);
        let rules = root.asks_for_denials().then(Rules::default);
        Self { root, wanted, stemmer: RefCell::new(stemmer), rules }
    }

    /// Finds the words that make the paragraph match, as `[start, end)` in characters of its text,
    /// in order and without overlap; `None` if it does not match. A phrase is one span.
    #[must_use]
    pub fn find(&self, subject: Subject<'_>) -> Option<Vec<[usize; 2]>> {
        let text = self.cut(subject.paragraph);
        let mut found = Vec::new();
        if !self.root.holds(&text, subject, &mut found) {
            return None;
        }
        Some(words::spans(&subject.paragraph.text, found))
    }

    fn cut(&self, paragraph: &ParagraphRecord) -> Text {
        let text = paragraph.text.as_str();
        let mut stemmer = self.stemmer.borrow_mut();
        let mut cut = Text { words: Vec::new(), places: Vec::new(), denied: Vec::new() };
        if let Some(rules) = &self.rules {
            let mut negations = rules.negations(text);
            if paragraph.kind == Kind::Recommendation {
                negations = negations.asked_for();
            }
            cut.denied.extend(negations.denied().filter_map(|at| u32::try_from(at).ok()));
        }
        for (position, word) in (0..).zip(words::scan(text)) {
            cut.places.push((word.start, word.end));
            if self.wanted.admit(word.raw) {
                let exact = words::fold(word.raw);
                let stem = (!word.possessive).then(|| {
                    let mut stem = exact.clone();
                    stemmer.stem_in_place(&mut stem);
                    stem
                });
                cut.words.push(Cut { position, exact, stem });
            }
        }
        cut
    }
}

impl Wanted {
    fn add(&mut self, look: Look) {
        let (Look::Exactly(text) | Look::Begins { with: text, .. }) = &look;
        self.initials |= match text.bytes().next() {
            Some(first) if first.is_ascii() => 1 << first,
            // No plain word looks like this.
            Some(_) => 0,
            None => u128::MAX,
        };
        if !self.looks.contains(&look) {
            self.looks.push(look);
        }
    }

    /// Whether a word as written may be asked for. A word that is not plain ASCII is always
    /// admitted, since only folding shows what it becomes; so is a word too long to be kept whole.
    fn admit(&self, raw: &str) -> bool {
        match raw.as_bytes().first() {
            Some(first) if raw.is_ascii() && raw.len() <= words::LONGEST => {
                self.initials >> first.to_ascii_lowercase() & 1 == 1
                    && self.looks.iter().any(|look| look.is_of(raw))
            }
            _ => true,
        }
    }
}

impl Look {
    /// The appearance of words with this stem. The stemmer removes endings and replaces them with
    /// others that are no longer and that differ at most in their last two letters.
    fn of_stem(stem: &str) -> Self {
        let kept = stem.char_indices().rev().nth(1).map_or(0, |(at, _)| at);
        let first = stem.chars().next().map_or(0, char::len_utf8);
        Self::Begins { with: stem[..kept.max(first)].to_owned(), length: stem.len() }
    }

    fn is_of(&self, plain: &str) -> bool {
        match self {
            Self::Exactly(word) => plain.eq_ignore_ascii_case(word),
            Self::Begins { with, length } => {
                let begins = plain.as_bytes().get(..with.len());
                plain.len() >= *length
                    && begins.is_some_and(|begins| begins.eq_ignore_ascii_case(with.as_bytes()))
            }
        }
    }
}

impl Node {
    fn of(query: &Query, stemmer: &mut Stemmer) -> Self {
        match query {
            Query::All => Self::All,
            Query::Word { .. }
            | Query::Phrase { .. }
            | Query::Wildcard { .. }
            | Query::Fuzzy { .. }
            | Query::Near { .. } => match Shaped::of(query, stemmer) {
                Some(shaped) => Self::Words(shaped),
                None => Self::Or(Vec::new()),
            },
            Query::Field { field, value, .. } => Self::Field(*field, value.clone()),
            Query::Boost { clause, .. } => Self::of(clause, stemmer),
            Query::Affirmed { clause, .. } => match &**clause {
                Query::Field { field: Attribute::Topic, value, .. } => {
                    Self::TopicAffirmed(value.clone())
                }
                clause if clause.has_place() => {
                    Shaped::of(query, stemmer).map_or(Self::Or(Vec::new()), Self::Words)
                }
                clause => Self::of(&clause.affirmed(), stemmer),
            },
            Query::And { clauses, .. } => {
                Self::And(clauses.iter().map(|c| Self::of(c, stemmer)).collect())
            }
            Query::Or { .. } | Query::Expanded { .. } => {
                Self::Or(query.clauses().map(|c| Self::of(c, stemmer)).collect())
            }
            Query::Not { clause, .. } => Self::Not(Box::new(Self::of(clause, stemmer))),
        }
    }

    fn asks_for_denials(&self) -> bool {
        match self {
            Self::All | Self::Field(..) | Self::TopicAffirmed(_) => false,
            Self::Words(shaped) => shaped.leaves.contains(&Leaf::Denied),
            Self::And(nodes) | Self::Or(nodes) => nodes.iter().any(Self::asks_for_denials),
            Self::Not(node) => node.asks_for_denials(),
        }
    }

    fn add_wanted(&self, wanted: &mut Wanted) {
        match self {
            Self::All | Self::Field(..) | Self::TopicAffirmed(_) => {}
            Self::Words(shaped) => {
                for leaf in &shaped.leaves {
                    wanted.add(match leaf {
                        Leaf::Denied => continue,
                        Leaf::Stem(stem) => Look::of_stem(stem),
                        Leaf::Exact(word) => Look::Exactly(word.clone()),
                        Leaf::Form(form, _) => Look::Begins { with: form.prefix(), length: 0 },
                    });
                }
            }
            Self::And(nodes) | Self::Or(nodes) => {
                nodes.iter().for_each(|node| node.add_wanted(wanted));
            }
            Self::Not(node) => node.add_wanted(wanted),
        }
    }

    /// Whether the node holds; if so, what matched is added to `found` as byte ranges.
    fn holds(&self, text: &Text, subject: Subject<'_>, found: &mut Vec<(usize, usize)>) -> bool {
        let before = found.len();
        let holds = match self {
            Self::All => true,
            Self::Words(shaped) => text.mark(shaped, found),
            Self::Field(field, value) => {
                is_meant(*field, field.value(Some(subject.paragraph), subject.report), value)
            }
            Self::TopicAffirmed(value) => {
                let ParagraphRecord { topics, topics_denied, .. } = subject.paragraph;
                let is_meant = |id: &&String| words::key(id) == words::key(value);
                let mut meant = topics.iter().filter(is_meant).peekable();
                meant.peek().is_some() && !topics_denied.iter().any(|id| is_meant(&id))
            }
            Self::And(nodes) => nodes.iter().all(|node| node.holds(text, subject, found)),
            Self::Or(nodes) => {
                // Every alternative is checked, so that the words of all of them are marked.
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

impl Text {
    /// Adds the places where a shape occurs, as byte ranges; returns whether there are any.
    fn mark(&self, shaped: &Shaped, found: &mut Vec<(usize, usize)>) -> bool {
        let positions: Vec<Vec<u32>> = shaped.leaves.iter().map(|l| self.positions(l)).collect();
        let never = Deadline::never();
        let mut marks = Vec::new();
        Spans { positions: &positions, deadline: &never }.mark(&shaped.shape, &mut marks);
        let places = marks.iter().filter_map(|(first, behind)| {
            let first = self.places.get(*first as usize)?;
            let last = self.places.get((*behind as usize).checked_sub(1)?)?;
            Some((first.0, last.1))
        });
        let before = found.len();
        found.extend(places);
        found.len() > before
    }

    fn positions(&self, leaf: &Leaf) -> Vec<u32> {
        if *leaf == Leaf::Denied {
            return self.denied.clone();
        }
        let is_asked = |word: &&Cut| match leaf {
            Leaf::Stem(stem) => word.stem.as_ref() == Some(stem),
            Leaf::Exact(exact) => word.exact == *exact,
            Leaf::Form(form, _) => form.fits(&word.exact),
            Leaf::Denied => false,
        };
        self.words.iter().filter(is_asked).map(|word| word.position).collect()
    }
}
