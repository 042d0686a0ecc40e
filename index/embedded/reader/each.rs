//! Hands out every match, however many there are.

use super::hits::{Fetch, Shown};
use super::search::Round;
use super::{IndexReader, SearchError};
use crate::language::query::Query;
use crate::request::{Filters, Hit, SearchRequest, Sort};

/// How many hits are fetched together, so that each block of storage is unpacked once for them.
const TOGETHER: usize = 256;

impl IndexReader {
    /// Hands every match to `visit`, in order, with the spans that made it match. Holds some hundred
    /// hits and 40 bytes for every other match in memory.
    ///
    /// # Errors
    /// The first error of `visit`, or one of [`IndexReader::search`].
    pub fn each_hit<E: From<SearchError>>(
        &self,
        query: &Query,
        filters: &Filters,
        sort: Sort,
        mut visit: impl FnMut(Hit) -> Result<(), E>,
    ) -> Result<(), E> {
        let request = SearchRequest {
            query: query.clone(),
            filters: filters.clone(),
            sort,
            limit: usize::MAX,
            ..SearchRequest::default()
        };
        self.check(query)?;
        let round = Round { keep: usize::MAX, ..Round::default() };
        let ranked = self.gather(query, &request, &round)?;
        let mut fetch = Fetch::new(self, query);
        for (part, found) in ranked.gathered.best.chunks(TOGETHER).enumerate() {
            let before = part * TOGETHER;
            for hit in fetch.hits(&Shown::all(found), 0..TOGETHER, before)? {
                visit(hit)?;
            }
        }
        Ok(())
    }
}
