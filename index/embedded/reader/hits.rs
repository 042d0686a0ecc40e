//! Fetches the records of hits, marks what matched, and collapses hits that say nearly the same.

use super::{IndexReader, ReadError};
use crate::answering::alike::collapsed;
use crate::answering::best::Found;
use crate::embedded::rank::Ranking;
use crate::embedded::store::schema::SKETCH;
use crate::engine::SearchError;
use crate::language::alike::Runs;
use crate::language::query::Query;
use crate::marking::{Matcher, Subject};
use crate::records::ParagraphRecord;
use crate::request::{Deadline, Explanation, Hit};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use tantivy::DocAddress;

/// Matches in order, with those that say nearly the same collapsed into the first of them.
pub(super) struct Collapsed(Vec<(Found<DocAddress>, Vec<DocAddress>)>);

impl Collapsed {
    /// Keeps every match by itself.
    pub(super) fn none(found: &[Found<DocAddress>]) -> Self {
        Self(found.iter().map(|found| (*found, Vec::new())).collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The number of matches that the first `first` entries represent.
    pub(super) fn paragraphs(&self, first: usize) -> usize {
        self.0.iter().take(first).map(|(_, alike)| 1 + alike.len()).sum()
    }
}

/// Fetches the records of hits and marks what matched.
pub(super) struct Fetch<'a> {
    reader: &'a IndexReader,
    matcher: Matcher,
    ranking: Option<Arc<Ranking>>,
    paragraphs: HashMap<DocAddress, ParagraphRecord>,
    deadline: &'a Deadline,
}

impl<'a> Fetch<'a> {
    pub(super) fn new(reader: &'a IndexReader, query: &Query, deadline: &'a Deadline) -> Self {
        Self {
            reader,
            matcher: Matcher::new(query),
            ranking: None,
            paragraphs: HashMap::new(),
            deadline,
        }
    }

    /// Explains the rank of hits from now on, if `ranking` is given; it must be the one that ranked
    /// them.
    pub(super) fn explaining(&mut self, ranking: Option<&Arc<Ranking>>) {
        self.ranking = ranking.cloned();
    }

    /// Marks the words of another tree from now on.
    pub(super) fn marking(&mut self, query: &Query) {
        self.matcher = Matcher::new(query);
    }

    /// Collapses each match into the first before it that says nearly the same, and keeps at most
    /// `most`.
    pub(super) fn collapse(
        &mut self,
        found: &[Found<DocAddress>],
        most: usize,
    ) -> Result<Collapsed, SearchError> {
        let held = self.reader.numbers(SKETCH)?;
        let deadline = self.deadline;
        let address = |at: usize| found[at].address;
        let sketch = |at| {
            SearchError::in_time(deadline)?;
            Ok::<_, SearchError>(held.of(address(at)))
        };
        let runs = |at| Ok(Runs::of(&self.paragraph(address(at))?.text));
        let shown = collapsed(found.len(), most, sketch, runs)?.into_iter();
        let shown = shown.map(|(at, alike)| (found[at], alike.into_iter().map(address).collect()));
        Ok(Collapsed(shown.collect()))
    }

    fn paragraph(&mut self, address: DocAddress) -> Result<&ParagraphRecord, SearchError> {
        if !self.paragraphs.contains_key(&address) {
            let paragraph = self.reader.record(address)?;
            self.paragraphs.insert(address, paragraph);
        }
        self.paragraphs
            .get(&address)
            .ok_or_else(|| ReadError::Absent("paragraph that was found").into())
    }

    /// Returns the hits of a range, ranked after `before` others.
    pub(super) fn hits(
        &mut self,
        shown: &Collapsed,
        range: Range<usize>,
        before: usize,
    ) -> Result<Vec<Hit>, SearchError> {
        let end = range.end.min(shown.len());
        let page = shown.0.get(range.start..end).unwrap_or_default();
        let mut explained = self.explanations(page)?;
        // Fetched in the order of storage, so that each block is unpacked once.
        let mut places: Vec<usize> = (0..page.len()).collect();
        places.sort_unstable_by_key(|place| page[*place].0.address);
        let mut hits = Vec::with_capacity(page.len());
        for place in places {
            SearchError::in_time(self.deadline)?;
            let (Found { score, address, .. }, alike) = &page[place];
            let paragraph = match self.paragraphs.remove(address) {
                Some(paragraph) => paragraph,
                None => self.reader.record(*address)?,
            };
            let head = self.reader.head(&paragraph.report)?;
            let subject = Subject { paragraph: &paragraph, report: &head };
            let spans = self.matcher.find(subject).unwrap_or_default();
            let alike = alike.iter().map(|address| Ok(self.paragraph(*address)?.id.clone()));
            hits.push(Hit {
                rank: before + range.start + place + 1,
                score: *score,
                alike: alike.collect::<Result<_, SearchError>>()?,
                near: Vec::new(),
                explanation: explained.remove(address),
                paragraph,
                head,
                spans,
            });
        }
        hits.sort_unstable_by_key(|hit| hit.rank);
        Ok(hits)
    }

    fn explanations(
        &self,
        page: &[(Found<DocAddress>, Vec<DocAddress>)],
    ) -> Result<HashMap<DocAddress, Explanation>, SearchError> {
        let mut explained = HashMap::new();
        let Some(ranking) = &self.ranking else { return Ok(explained) };
        let mut addresses: Vec<DocAddress> = page.iter().map(|(found, _)| found.address).collect();
        addresses.sort_unstable();
        for of_segment in addresses.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
            SearchError::in_time(self.deadline)?;
            let segment = of_segment[0].segment_ord;
            let docs: Vec<_> = of_segment.iter().map(|address| address.doc_id).collect();
            let reader = self.reader.snapshot.searcher.segment_reader(segment);
            let explanations = ranking.explain(segment, reader, &docs)?;
            explained.extend(of_segment.iter().copied().zip(explanations));
        }
        Ok(explained)
    }
}
