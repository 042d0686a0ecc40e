//! Finds paragraphs like a given one, by their words and by their meaning.
//!
//! Which paragraphs have any of its telling words, and how many, is decided by words alone; of these the
//! best by words are ordered by words and closeness together.

use super::Session;
use super::meaning::{CANDIDATES, directions, ordered};
use findings_index::SearchError;
use findings_index::language::words::Stemmer;
use findings_index::request::{Similar, SimilarRequest};

/// What the closest gains, as a share of the best score in parts of 1024.
const CLOSENESS: i64 = 700;

impl Session<'_> {
    /// Finds paragraphs like a given one; `None` if there is no such paragraph.
    ///
    /// # Errors
    /// If the time is up or the index cannot be read.
    pub fn similar(&self, request: &SimilarRequest) -> Result<Option<Similar>, SearchError> {
        let Some((_, table)) = self.vectors()?.filter(|_| request.limit > 0) else {
            return self.engine.similar(request, &self.deadline);
        };
        let end = request.offset.saturating_add(request.limit);
        let first = SimilarRequest { offset: 0, limit: end.max(CANDIDATES), ..request.clone() };
        let Some(mut similar) = self.engine.similar(&first, &self.deadline)? else {
            return Ok(None);
        };
        let mut stemmer = Stemmer::default();
        let hits = &mut similar.hits;
        if let Some(own) = table.vector(&similar.paragraph.text, &mut stemmer).direction() {
            let best = hits.len().min(CANDIDATES);
            let places = directions(table, &hits[..best], &mut stemmer);
            ordered(&mut hits[..best], &places, &own, CLOSENESS);
        }
        for (hit, rank) in hits.iter_mut().zip(1..) {
            hit.rank = rank;
        }
        let total = similar.total;
        let shown: usize = hits.iter().take(end).map(|hit| 1 + hit.alike.len()).sum();
        similar.left = total.saturating_sub(shown);
        similar.hits = hits.drain(request.offset.min(hits.len())..end.min(hits.len())).collect();
        Ok(Some(similar))
    }
}
