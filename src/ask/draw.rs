//! Answers a search by a sample of what it finds.

use super::Session;
use super::sample::{Sample, Smallest};
use super::trace::narrowed;
use findings_index::SearchError;
use findings_index::engine::each_hit;
use findings_index::records::{Attribute, Kind};
use findings_index::request::{Filters, Hit, HitsRequest, SearchRequest, SearchResponse};

impl Session<'_> {
    /// Answers a search by a sample of its matches; totals, facets and groups count all of them.
    pub(super) fn sampled(
        &self,
        request: &SearchRequest,
        sample: Sample,
    ) -> Result<SearchResponse, SearchError> {
        let limit = if request.group.is_some() { request.limit } else { 0 };
        let counted = SearchRequest { limit, per_group: 0, ..request.clone() };
        let mut response = self.engine.search(&counted, &self.deadline)?;
        let Some(by) = request.group else {
            let drawn = self.draw(request, &request.filters, sample)?;
            let end = request.offset.saturating_add(request.limit);
            response.left = drawn.len().saturating_sub(end);
            response.hits = drawn.into_iter().skip(request.offset).take(request.limit).collect();
            return Ok(response);
        };
        for group in response.groups.iter_mut().flatten() {
            let value = Some(group.key.as_str()).filter(|key| !key.is_empty());
            let filters = match (by, value.and_then(Kind::named)) {
                (Attribute::Kind, Some(kind)) => request.filters.clone().with(by, vec![kind]),
                _ => narrowed(&request.filters, by, value),
            };
            group.hits = self.draw(request, &filters, sample)?;
            group.hits.truncate(request.per_group);
        }
        Ok(response)
    }

    /// Draws from the matches of a request within filters; they keep the order of the request.
    fn draw(
        &self,
        request: &SearchRequest,
        filters: &Filters,
        sample: Sample,
    ) -> Result<Vec<Hit>, SearchError> {
        let every = HitsRequest {
            query: request.query.clone(),
            filters: filters.clone(),
            sort: request.sort,
            ..HitsRequest::default()
        };
        let mut drawn = Smallest::new(sample.size);
        each_hit(self.engine, &every, &self.deadline, |hit| {
            drawn.offer((sample.number(&hit.paragraph.id, 0), hit.rank), || hit);
            Ok::<(), SearchError>(())
        })?;
        let mut hits: Vec<Hit> = drawn.into_sorted().into_iter().map(|(_, hit)| hit).collect();
        hits.sort_unstable_by_key(|hit| hit.rank);
        for (rank, hit) in (1..).zip(&mut hits) {
            hit.rank = rank;
        }
        Ok(hits)
    }
}
