//! The parts of a tree that say where words occur, as a shape over lists of positions.
//!
//! The index reads the lists from its postings, the matcher from one text; both then look for the
//! same shape. Conditions without a place in the text are not represented here.

use crate::language::query::{Form, Part, Query, Span};
use crate::language::words::{self, Stemmer, stems_from_first};

/// Which words a list of positions holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Leaf {
    /// Words with this stem.
    Stem(String),
    /// This word as written, folded.
    Exact(String),
    /// Words as written that fit this form, and where it was asked for in the query.
    Form(Form, Span),
    /// Words that are denied, whatever they are.
    Denied,
}

/// How words occur together.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A word of the list with this number. No two parts of a shape share a list.
    Words(usize),
    /// Any one word.
    Gap,
    /// Where another occurs, but not where its first word is on a list.
    Affirmed {
        /// The other.
        shape: Box<Shape>,
        /// The number of the list of words that are denied.
        denied: usize,
    },
    /// One directly after the other.
    Sequence(Vec<Shape>),
    /// One of these; matches nothing if there are none.
    AnyOf(Vec<Shape>),
    /// All of these in one run of text.
    Run {
        /// The parts of the run.
        parts: Vec<Shape>,
        /// For each part, an earlier part that asks for the same; trying the two in either order
        /// would find nothing new.
        same_as: Vec<Option<usize>>,
        /// How far apart the parts may be.
        rule: Rule,
    },
}

/// The rule for the distances in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Each part begins at most this many words after the end of the previous one.
    Near {
        /// The maximum distance from the last word of one to the first word of the next.
        within: u32,
        /// Whether they must come in the order asked for.
        ordered: bool,
    },
    /// At most this many other words occur between all of them.
    Among {
        /// The maximum number.
        others: u32,
    },
}

/// A shape and the lists of words that it refers to.
#[derive(Debug, Clone, PartialEq)]
pub struct Shaped {
    /// The shape; its words are indexes into `leaves`.
    pub shape: Shape,
    /// The lists.
    pub leaves: Vec<Leaf>,
}

impl Shaped {
    /// Builds the shape of a tree; `None` if the tree does not say where words occur.
    pub fn of(query: &Query, stemmer: &mut Stemmer) -> Option<Self> {
        let mut builder = Builder { leaves: Vec::new(), stemmer };
        let shape = builder.query(query)?;
        Some(Self { shape, leaves: builder.leaves })
    }
}

struct Builder<'a> {
    leaves: Vec<Leaf>,
    stemmer: &'a mut Stemmer,
}

impl Builder<'_> {
    fn leaf(&mut self, leaf: Leaf) -> Shape {
        self.leaves.push(leaf);
        Shape::Words(self.leaves.len() - 1)
    }

    fn query(&mut self, query: &Query) -> Option<Shape> {
        Some(match query {
            Query::Word { text, .. } => self.word(text),
            Query::Phrase { parts, within: None, span } => self.sequence(parts, *span),
            Query::Phrase { parts, within: Some(others), span } => {
                let rule = Rule::Among { others: *others };
                self.run(rule, parts, |builder, part| Some(builder.part(part, *span)))?
            }
            Query::Wildcard { pattern, span } => {
                self.leaf(Leaf::Form(Form::wildcard(pattern), *span))
            }
            Query::Fuzzy { text, edits, span } => {
                self.leaf(Leaf::Form(Form::fuzzy(text, *edits), *span))
            }
            Query::Near { clauses, within, ordered, .. } => {
                let rule = Rule::Near { within: *within, ordered: *ordered };
                self.run(rule, clauses, Self::query)?
            }
            Query::Or { .. } | Query::Expanded { .. } => {
                let alternatives: Option<Vec<Shape>> =
                    query.clauses().map(|clause| self.query(clause)).collect();
                Shape::AnyOf(alternatives?)
            }
            Query::Boost { clause, .. } => self.query(clause)?,
            Query::Affirmed { clause, .. } => {
                let shape = Box::new(self.query(clause)?);
                self.leaves.push(Leaf::Denied);
                Shape::Affirmed { shape, denied: self.leaves.len() - 1 }
            }
            Query::All | Query::Field { .. } | Query::And { .. } | Query::Not { .. } => {
                return None;
            }
        })
    }

    fn word(&mut self, text: &str) -> Shape {
        let mut parts = Vec::new();
        for (distance, stem) in stems_from_first(text, self.stemmer) {
            // A possessive `s` has a position and no stem.
            parts.resize(distance, Shape::Gap);
            parts.push(self.leaf(Leaf::Stem(stem)));
        }
        in_order(parts)
    }

    fn sequence(&mut self, parts: &[Part], span: Span) -> Shape {
        let parts = parts.iter().map(|part| self.part(part, span)).collect();
        in_order(parts)
    }

    fn part(&mut self, part: &Part, span: Span) -> Shape {
        match part {
            Part::Word(word) => self.leaf(Leaf::Exact(words::fold(word))),
            Part::Gap => Shape::Gap,
            Part::Wildcard(pattern) => self.leaf(Leaf::Form(Form::wildcard(pattern), span)),
            Part::AnyOf(alternatives) => {
                Shape::AnyOf(alternatives.iter().map(|one| self.sequence(one, span)).collect())
            }
        }
    }

    fn run<T: PartialEq>(
        &mut self,
        rule: Rule,
        asked: &[T],
        mut shape: impl FnMut(&mut Self, &T) -> Option<Shape>,
    ) -> Option<Shape> {
        let parts: Option<Vec<Shape>> = asked.iter().map(|part| shape(self, part)).collect();
        let same_as = (0..asked.len())
            .map(|at| (0..at).rev().find(|before| asked[*before] == asked[at]))
            .collect();
        Some(Shape::Run { parts: parts?, same_as, rule })
    }
}

fn in_order(mut parts: Vec<Shape>) -> Shape {
    match parts.len() {
        0 => Shape::AnyOf(Vec::new()),
        1 => parts.remove(0),
        _ => Shape::Sequence(parts),
    }
}
