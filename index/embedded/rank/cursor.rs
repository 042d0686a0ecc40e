//! Counts how often words and runs of words occur in one paragraph after another.

use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, DocSet, SegmentReader, TantivyError};

/// The postings of a word in one segment.
pub(super) struct Postings(Option<SegmentPostings>);

impl Postings {
    pub(super) fn read(
        reader: &SegmentReader,
        term: &Term,
        with_positions: bool,
    ) -> tantivy::Result<Self> {
        let option = if with_positions {
            IndexRecordOption::WithFreqsAndPositions
        } else {
            IndexRecordOption::WithFreqs
        };
        let index = reader.inverted_index(term.field())?;
        Ok(Self(index.read_postings(term, option).map_err(TantivyError::from)?))
    }

    /// The postings, if the word occurs in the document. Documents must come in order.
    fn at(&mut self, doc: DocId) -> Option<&mut SegmentPostings> {
        let postings = self.0.as_mut()?;
        let is_there = postings.doc() == doc || (postings.doc() < doc && postings.seek(doc) == doc);
        is_there.then_some(postings)
    }

    /// How often the word occurs in the document.
    pub(super) fn times(&mut self, doc: DocId) -> u32 {
        self.at(doc).map_or(0, |postings| postings.term_freq())
    }

    /// The positions of the word in the document, in order; none if it does not occur.
    pub(super) fn positions(&mut self, doc: DocId, positions: &mut Vec<u32>) {
        positions.clear();
        if let Some(postings) = self.at(doc) {
            postings.positions(positions);
        }
    }
}

/// The postings of a run of words in one segment.
pub(super) struct Occurrences {
    /// The words with their distances from the first word, the rarest first.
    words: Vec<(u32, Postings)>,
    starts: Vec<u32>,
    others: Vec<u32>,
}

impl Occurrences {
    pub(super) fn read(reader: &SegmentReader, terms: &[(u32, Term)]) -> tantivy::Result<Self> {
        let is_run = terms.len() > 1;
        let mut words = Vec::with_capacity(terms.len());
        for (distance, term) in terms {
            words.push((*distance, Postings::read(reader, term, is_run)?));
        }
        words.sort_by_key(|(_, word)| word.0.as_ref().map_or(0, SegmentPostings::doc_freq));
        Ok(Self { words, starts: Vec::new(), others: Vec::new() })
    }

    /// How often the run occurs in the document.
    pub(super) fn times(&mut self, doc: DocId) -> u32 {
        if let [(_, word)] = self.words.as_mut_slice() {
            return word.times(doc);
        }
        if self.words.is_empty() || !self.words.iter_mut().all(|(_, word)| word.at(doc).is_some()) {
            return 0;
        }
        for (place, (distance, word)) in self.words.iter_mut().enumerate() {
            let Some(postings) = word.0.as_mut() else { return 0 };
            if place == 0 {
                postings.positions(&mut self.starts);
                let distance = *distance;
                self.starts.retain_mut(|start| {
                    let begins = start.checked_sub(distance);
                    *start = begins.unwrap_or(0);
                    begins.is_some()
                });
                continue;
            }
            postings.positions(&mut self.others);
            let others = &self.others;
            let distance = *distance;
            self.starts.retain(|start| others.binary_search(&(start + distance)).is_ok());
            if self.starts.is_empty() {
                return 0;
            }
        }
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }
}
