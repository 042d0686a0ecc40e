//! Hands out every match, however many there are.

use super::search::Fetch;
use super::{IndexReader, SearchError};
use crate::query::Query;
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
        self.check(&request)?;
        let found = self.gather(&request)?.best;
        let mut fetch = Fetch::new(self, query);
        for (part, found) in found.chunks(TOGETHER).enumerate() {
            for hit in fetch.hits(found, part * TOGETHER)? {
                visit(hit)?;
            }
        }
        Ok(())
    }
}
