//! How often words occur in the reports held now.

use crate::answering::held::Payload;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocSet, Searcher, TERMINATED};

/// The statistics that scores are based on: counts of the reports held now. The engine's own would
/// include replaced paragraphs until they are merged away, so that the same corpus would rank
/// differently depending on how it was built.
pub(super) struct Statistics<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) payload: &'a Payload,
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, _: Field) -> tantivy::Result<u64> {
        Ok(self.payload.words.max(1))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok((self.payload.paragraphs as u64).max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let mut documents = 0;
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(term.field())?;
            if !segment.has_deletes() {
                documents += u64::from(index.doc_freq(term)?);
                continue;
            }
            if let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? {
                let mut doc = postings.doc();
                while doc != TERMINATED {
                    documents += u64::from(!segment.is_deleted(doc));
                    doc = postings.advance();
                }
            }
        }
        Ok(documents.min(self.total_num_docs()?))
    }
}
