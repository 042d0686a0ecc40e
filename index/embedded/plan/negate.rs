//! A set of documents to be left out, worked out before it is asked.
//!
//! The engine's exclusion asks its operand for documents that lie behind it. Single terms and sets
//! bear that; phrases and intersections are not made for it (the engine's own assertions fail).

use tantivy::query::{
    BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::{BitSet, DocId, Score, SegmentReader};

/// Wraps a query whose documents are to be left out.
#[derive(Debug)]
pub(crate) struct WorkedOut(Box<dyn Query>);

impl Clone for WorkedOut {
    fn clone(&self) -> Self {
        Self(self.0.box_clone())
    }
}

impl WorkedOut {
    pub(crate) fn new(query: Box<dyn Query>) -> Self {
        Self(query)
    }
}

impl Query for WorkedOut {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let unscored =
            EnableScoring::Disabled { schema: scoring.schema(), searcher_opt: scoring.searcher() };
        Ok(Box::new(WorkedOutWeight(self.0.weight(unscored)?)))
    }
}

struct WorkedOutWeight(Box<dyn Weight>);

impl Weight for WorkedOutWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut documents = BitSet::with_max_value(reader.max_doc());
        self.0.for_each_no_score(reader, &mut |docs| {
            for doc in docs {
                documents.insert(*doc);
            }
        })?;
        let documents = BitSetDocSet::from(documents);
        Ok(Box::new(ConstScorer::new(documents, boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.0.explain(reader, doc)
    }
}
