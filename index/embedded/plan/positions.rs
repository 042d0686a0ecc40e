//! The engine's query for a shape of words: phrases with gaps and alternatives, words near one
//! another, wildcards.
//!
//! Documents that contain the words are found first, by their postings alone; then the positions in
//! each are checked. How often the shape occurs is counted for the formula of [`crate::ranking`].

use crate::marking::shape::Shape;
use crate::marking::spans::Spans;
use crate::request::Deadline;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

/// Documents checked between two checks of the clock.
const DOCUMENTS: u32 = 256;

/// Finds a shape over lists of terms. All terms are of fields with the same positions and lengths.
#[derive(Debug, Clone)]
pub(crate) struct PositionsQuery {
    pub(crate) shape: Shape,
    /// The terms of each of the shape's lists.
    pub(crate) lists: Vec<Vec<Term>>,
    pub(crate) deadline: Deadline,
}

impl Query for PositionsQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(PositionsWeight(self.clone())))
    }
}

impl PositionsQuery {
    /// Reads one segment; `None` if the shape has no words.
    pub(crate) fn read(&self, reader: &SegmentReader) -> tantivy::Result<Option<PositionsScorer>> {
        let Self { shape, lists, deadline } = self;
        // For a single word, its frequency is enough.
        let option = match shape {
            Shape::Words(_) => IndexRecordOption::WithFreqs,
            _ => IndexRecordOption::WithFreqsAndPositions,
        };
        if lists.iter().all(Vec::is_empty) {
            return Ok(None);
        }
        let mut unions = Vec::with_capacity(lists.len());
        for list in lists {
            let mut postings = Vec::new();
            for term in list {
                let index = reader.inverted_index(term.field())?;
                postings.extend(index.read_postings(term, option)?);
            }
            unions.push(Union::new(postings));
        }
        let mut scorer = PositionsScorer {
            shape: shape.clone(),
            positions: vec![Vec::new(); lists.len()],
            lists: unions,
            deadline: deadline.clone(),
            until_look: DOCUMENTS,
            doc: 0,
            frequency: 0,
        };
        scorer.find(0);
        Ok(Some(scorer))
    }
}

struct PositionsWeight(PositionsQuery);

impl Weight for PositionsWeight {
    fn scorer(&self, reader: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(match self.0.read(reader)? {
            Some(scorer) => Box::new(scorer),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let absent = || TantivyError::InvalidArgument(format!("document {doc} does not match"));
        let mut scorer = self.0.read(reader)?.ok_or_else(absent)?;
        if scorer.seek(doc) != doc {
            return Err(absent());
        }
        Ok(Explanation::new("places of the shape", scorer.frequency as Score))
    }
}

/// The union of the postings of some terms.
struct Union {
    postings: Vec<SegmentPostings>,
    /// Terms that occur later, by their next document.
    ahead: BinaryHeap<Reverse<(DocId, usize)>>,
    /// Terms of this document.
    here: Vec<usize>,
    doc: DocId,
    documents: u32,
}

impl Union {
    fn new(postings: Vec<SegmentPostings>) -> Self {
        let documents = postings.iter().map(SegmentPostings::doc_freq).fold(0, u32::saturating_add);
        let ahead = (postings.iter().enumerate())
            .filter(|(_, postings)| postings.doc() != TERMINATED)
            .map(|(at, postings)| Reverse((postings.doc(), at)))
            .collect();
        let mut union = Self { postings, ahead, here: Vec::new(), doc: 0, documents };
        union.gather();
        union
    }

    fn gather(&mut self) {
        self.doc = self.ahead.peek().map_or(TERMINATED, |Reverse((doc, _))| *doc);
        while let Some(Reverse((doc, at))) = self.ahead.peek().copied() {
            if doc != self.doc {
                break;
            }
            self.ahead.pop();
            self.here.push(at);
        }
    }

    /// Moves to the first document from the target on; never goes back.
    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        while let Some(at) = self.here.pop() {
            let doc = self.postings[at].seek(target);
            if doc != TERMINATED {
                self.ahead.push(Reverse((doc, at)));
            }
        }
        while let Some(Reverse((doc, at))) = self.ahead.peek().copied() {
            if doc >= target {
                break;
            }
            self.ahead.pop();
            let doc = self.postings[at].seek(target);
            if doc != TERMINATED {
                self.ahead.push(Reverse((doc, at)));
            }
        }
        self.gather();
        self.doc
    }

    /// How often the terms occur in this document.
    fn frequency(&self) -> u32 {
        self.here.iter().map(|at| self.postings[*at].term_freq()).sum()
    }

    /// The positions of the terms in a document; none if it is not the current one.
    fn positions(&mut self, doc: DocId, positions: &mut Vec<u32>) {
        positions.clear();
        if self.doc == doc {
            for at in &self.here {
                self.postings[*at].append_positions_with_offset(0, positions);
            }
            if self.here.len() > 1 {
                positions.sort_unstable();
            }
        }
    }
}

pub(crate) struct PositionsScorer {
    shape: Shape,
    lists: Vec<Union>,
    /// The positions of the words of each list in the current document.
    positions: Vec<Vec<u32>>,
    deadline: Deadline,
    until_look: u32,
    doc: DocId,
    frequency: u32,
}

impl PositionsScorer {
    /// At how many places of a document the shape begins. Documents must come in order.
    pub(crate) fn times(&mut self, doc: DocId) -> u32 {
        if self.seek(doc) == doc { self.frequency } else { 0 }
    }

    /// Moves to the first match from the target on; to the end if time is up.
    fn find(&mut self, mut target: DocId) -> DocId {
        loop {
            self.until_look -= 1;
            if self.until_look == 0 {
                self.until_look = DOCUMENTS;
                if self.deadline.has_passed() {
                    target = TERMINATED;
                }
            }
            self.doc = candidate(&self.shape, &mut self.lists, target);
            if self.doc == TERMINATED {
                return TERMINATED;
            }
            self.frequency = self.look();
            if self.frequency > 0 {
                return self.doc;
            }
            target = self.doc + 1;
        }
    }

    /// The number of places in the document at which the shape begins.
    fn look(&mut self) -> u32 {
        if let Shape::Words(list) = self.shape {
            return self.lists[list].frequency();
        }
        for (list, positions) in self.lists.iter_mut().zip(&mut self.positions) {
            // Words that are denied are on no list that leads to a document.
            list.seek(self.doc);
            list.positions(self.doc, positions);
        }
        Spans { positions: &self.positions, deadline: &self.deadline }.count(&self.shape)
    }
}

/// The first document from the target on that contains the words of a shape, in any place.
fn candidate(shape: &Shape, lists: &mut [Union], target: DocId) -> DocId {
    match shape {
        Shape::Gap => target,
        Shape::Words(list) => lists[*list].seek(target),
        Shape::Affirmed { shape, .. } => candidate(shape, lists, target),
        Shape::AnyOf(alternatives) => {
            let docs = alternatives.iter().map(|shape| candidate(shape, lists, target));
            docs.min().unwrap_or(TERMINATED)
        }
        Shape::Sequence(parts) | Shape::Run { parts, .. } => {
            let mut doc = target;
            loop {
                let before = doc;
                for part in parts {
                    doc = candidate(part, lists, doc);
                }
                if doc == before || doc == TERMINATED {
                    return doc;
                }
            }
        }
    }
}

/// The maximum number of documents that can have the shape.
fn at_most(shape: &Shape, lists: &[Union]) -> u32 {
    match shape {
        Shape::Gap => u32::MAX,
        Shape::Words(list) => lists[*list].documents,
        Shape::Affirmed { shape, .. } => at_most(shape, lists),
        Shape::AnyOf(parts) => {
            parts.iter().map(|part| at_most(part, lists)).fold(0, u32::saturating_add)
        }
        Shape::Sequence(parts) | Shape::Run { parts, .. } => {
            parts.iter().map(|part| at_most(part, lists)).min().unwrap_or(0)
        }
    }
}

impl DocSet for PositionsScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        self.find(self.doc + 1)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        self.find(target)
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        at_most(&self.shape, &self.lists)
    }
}

impl Scorer for PositionsScorer {
    fn score(&mut self) -> Score {
        // Matches are scored by our own formula.
        0.0
    }
}
