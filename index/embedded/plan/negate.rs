//! A query as a bit set of its documents, so that they can be excluded.
//!
//! The engine's exclusion asks its operand for documents that it has already passed. Single terms
//! and term sets allow that; phrases and intersections do not (the engine's own assertions fail).

use tantivy::query::{
    BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::{BitSet, DocId, Score, SegmentReader};

/// Collects the documents of a query into a bit set, segment by segment, before any is asked for.
#[derive(Debug)]
pub(crate) struct BitSetQuery(Box<dyn Query>);

impl Clone for BitSetQuery {
    fn clone(&self) -> Self {
        Self(self.0.box_clone())
    }
}

impl BitSetQuery {
    pub(crate) fn new(query: Box<dyn Query>) -> Self {
        Self(query)
    }
}

impl Query for BitSetQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let unscored =
            EnableScoring::Disabled { schema: scoring.schema(), searcher_opt: scoring.searcher() };
        Ok(Box::new(BitSetWeight(self.0.weight(unscored)?)))
    }
}

struct BitSetWeight(Box<dyn Weight>);

impl Weight for BitSetWeight {
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
