//! Finds paragraphs like a given one: those that share its most characteristic words.

use super::IndexReader;
use super::hits::Fetch;
use super::search::Round;
use crate::answering::held::INDEX_VERSION;
use crate::answering::similar::{self, telling_words};
use crate::engine::{Engine as _, SearchError};
use crate::records::ParagraphRecord;
use crate::request::{Deadline, Similar, SimilarRequest};
use std::sync::Arc;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Term;

impl IndexReader {
    /// Finds paragraphs like a given one; `None` if there is no such paragraph.
    ///
    /// # Errors
    /// If the time is up or the index cannot be read.
    pub(super) fn find_similar(
        &self,
        request: &SimilarRequest,
        deadline: &Deadline,
    ) -> Result<Option<Similar>, SearchError> {
        let Some(own) = self.first(self.fields().id, &request.id)? else {
            return Ok(None);
        };
        let paragraph: ParagraphRecord = self.record(own)?;
        let statistics = self.statistics();
        let frequency = |stems: &[String]| {
            let term = |stem: &String| Term::from_field_text(self.fields().stem, stem);
            let held = stems.iter().map(|stem| Ok(statistics.doc_freq(&term(stem))?));
            held.collect()
        };
        let words = telling_words(&paragraph.text, frequency, statistics.total_num_docs()?)?;
        let search = similar::search(request, &words);
        let query = if request.elsewhere {
            let report = self.report(&paragraph.report)?;
            let authority = report.and_then(|report| report.authority);
            similar::elsewhere(&search.query, &paragraph, authority)
        } else {
            search.query.clone()
        };
        let end = request.offset.saturating_add(request.limit);
        let round = Round { without: Arc::new([own].into()), ..Round::default() };
        let mut fetch = Fetch::new(self, &search.query, deadline);
        let (ranked, shown) = self.best(&query, &search, round, end, &mut fetch, deadline)?;
        fetch.explaining(Some(&ranked.ranking).filter(|_| search.explain));
        let hits = fetch.hits(&shown, request.offset..end, 0)?;
        let total = ranked.gathered.total;
        Ok(Some(Similar {
            paragraph,
            words,
            total,
            left: total.saturating_sub(shown.paragraphs(end)),
            hits,
            index_version: INDEX_VERSION,
            generation: self.snapshot.generation.clone(),
            corpus: self.corpus.clone(),
        }))
    }
}
