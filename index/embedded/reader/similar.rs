//! Finds paragraphs like a given one: those that share its most characteristic words.

use super::IndexReader;
use super::hits::Fetch;
use super::search::Round;
use crate::answering::held::INDEX_VERSION;
use crate::engine::{Engine as _, SearchError};
use crate::language::grammar::is_function_word;
use crate::language::query::{Query, Span};
use crate::language::words;
use crate::ranking::distinctiveness;
use crate::records::{Attribute, ParagraphRecord};
use crate::request::{Deadline, SearchRequest, Similar, SimilarRequest};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Term;

/// The number of words used to describe what a paragraph is about.
const TELLING: usize = 25;

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
        let words = self.telling_words(&paragraph.text, deadline)?;
        let span = Span::default();
        let clauses = words.iter().map(|text| Query::Word { text: text.clone(), span }).collect();
        let mut query = Query::Or { clauses, span };
        let wanted = query.clone();
        if request.elsewhere {
            let report = self.report(&paragraph.report)?;
            let authority = report.and_then(|report| report.authority);
            let (field, value) = match authority {
                Some(authority) => (Attribute::Authority, authority),
                None => (Attribute::Report, paragraph.report.clone()),
            };
            let own = Query::Field { field, value, span };
            let not_own = Query::Not { clause: Box::new(own), span };
            query = Query::And { clauses: vec![query, not_own], span };
        }
        let search = SearchRequest {
            query: wanted,
            filters: request.filters.clone(),
            explain: request.explain,
            collapse: true,
            ..SearchRequest::default()
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

    /// The words that distinguish a text from others: frequent in it, rare elsewhere.
    fn telling_words(&self, text: &str, deadline: &Deadline) -> Result<Vec<String>, SearchError> {
        let mut planner = self.planner(deadline);
        let mut times: FxHashMap<String, (usize, String)> = FxHashMap::default();
        for word in words::scan(text).filter(|word| !word.possessive) {
            let is_number = word.raw.chars().all(|c| c.is_ascii_digit());
            if is_number || is_function_word(word.raw) {
                continue;
            }
            let mut stem = words::fold(word.raw);
            planner.stemmer.stem_in_place(&mut stem);
            times.entry(stem).or_insert_with(|| (0, word.raw.to_lowercase())).0 += 1;
        }
        let statistics = self.statistics();
        let paragraphs = statistics.total_num_docs()?;
        let mut weighed = Vec::with_capacity(times.len());
        for (stem, (times, word)) in times {
            let term = Term::from_field_text(self.fields().stem, &stem);
            weighed.push((distinctiveness(times, statistics.doc_freq(&term)?, paragraphs), word));
        }
        weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        weighed.truncate(TELLING);
        Ok(weighed.into_iter().map(|(_, word)| word).collect())
    }
}
