//! Suggestions for a search that found nothing: what it would find without one of its conditions.

use super::Session;
use super::error::AskError;
use super::question::Conditions;
use super::search::Relaxed;
use findings_index::request::{Filters, SearchRequest};

impl Session<'_> {
    /// Counts what would be found without each condition; if leaving out one alone does not help,
    /// without all of them.
    pub(super) fn relaxed(
        &self,
        request: &SearchRequest,
        conditions: &Conditions,
    ) -> Result<Vec<Relaxed>, AskError> {
        let total = |filters: Filters| {
            let request = SearchRequest {
                query: request.query.clone(),
                filters,
                limit: 0,
                ..SearchRequest::default()
            };
            self.engine.search(&request, &self.deadline).map(|response| response.total)
        };
        let each = conditions.each();
        let several = each.len() > 1;
        let mut relaxed = Vec::new();
        for without in each {
            // The newest inspections depend on other conditions, so they are chosen again.
            let filters = if conditions.takes_latest() {
                match self.filters(&conditions.without(&without)) {
                    Ok(filters) => filters,
                    Err(AskError::Refused(_)) => continue,
                    Err(other) => return Err(other),
                }
            } else {
                left_without(&request.filters, &without)
            };
            let total = total(filters)?;
            relaxed.push(Relaxed { without, total });
        }
        relaxed.retain(|relaxed| relaxed.total > 0);
        if relaxed.is_empty() && several {
            let total = total(Filters::default())?;
            if total > 0 {
                relaxed.push(Relaxed { without: Conditions::default(), total });
            }
        }
        Ok(relaxed)
    }
}

/// The filters without those that came from a condition.
fn left_without(filters: &Filters, without: &Conditions) -> Filters {
    let mut left = filters.clone();
    for attribute in without.values.keys() {
        left.clear(*attribute);
    }
    if !without.neighbours_of.is_empty() {
        left.clear(findings_index::records::Attribute::Authority);
    }
    if without.from.is_some() {
        left.from = None;
    }
    if without.to.is_some() {
        left.to = None;
    }
    if without.undated {
        left.undated = false;
    }
    left
}
