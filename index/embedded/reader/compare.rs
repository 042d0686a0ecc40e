//! Answers a comparison: plans, counts in one pass, then fetches what may be quoted.

use super::IndexReader;
use super::hits::{Collapsed, Fetch};
use crate::answering::comparison::{Tallies, eligible, with_phrases};
use crate::answering::facets::topics_used;
use crate::answering::held::INDEX_VERSION;
use crate::answering::quotations::Quotations;
use crate::answering::tally::Grouping;
use crate::embedded::count::tally::{Columns, Counting, Dimensions};
use crate::embedded::plan::every;
use crate::embedded::rank::{ExpansionPostings, expansion_postings};
use crate::embedded::store::schema::{DATE, ORDER, WORDS};
use crate::embedded::store::values::Values;
use crate::engine::{Engine as _, SearchError};
use crate::language::negation::Asked;
use crate::language::query::Query;
use crate::records::Attribute;
use crate::request::compare::{CompareRequest, CompareResponse, GroupTally};
use crate::request::{Deadline, Filters, SearchRequest};
use std::sync::Arc;
use tantivy::DocAddress;
use tantivy::query::EnableScoring;

impl IndexReader {
    /// Counts the eligible and the matching paragraphs of every group at once. The time it takes
    /// hardly depends on the number of groups.
    ///
    /// # Errors
    /// [`SearchError::NothingToCompare`] if the filters leave only boilerplate,
    /// [`SearchError::Dimensions`] unless there are one or two different dimensions, and those of
    /// [`IndexReader::search`].
    pub(super) fn count_groups(
        &self,
        request: &CompareRequest,
        deadline: &Deadline,
    ) -> Result<CompareResponse, SearchError> {
        let filters = eligible(request)?;
        let searcher = &self.snapshot.searcher;
        let expansions = expansion_postings(&request.query, &mut self.planner(deadline), searcher)?;
        let columns = self.columns(&filters)?;
        let values: Vec<Option<Arc<Values>>> =
            request.by.iter().map(|by| self.grouped(*by, &filters)).collect::<Result<_, _>>()?;
        let by: Vec<Grouping<'_>> = (request.by.iter().zip(&values))
            .map(|(by, values)| {
                Grouping::new(*by, values.as_ref().map_or(&[], |values| &values.names))
            })
            .collect();
        let dimensions = Dimensions { attributes: &request.by, by: &by, values: &values };
        let mut counting =
            Counting::new(&columns, dimensions, request.candidates, &expansions, deadline);
        let ranked = with_phrases(&request.query, || self.topics())?;
        self.count(&request.query, &ranked, &filters, &mut counting, deadline)?;
        let Counting { comparison, quotations, expansion_counts, .. } = counting;
        let Tallies { whole, mut groups, columns, cells, reports } = comparison.tallies();
        if quotations.is_wanted() {
            self.fetch(&ranked, quotations, &mut groups, deadline)?;
        }
        let answered =
            SearchRequest { query: request.query.clone(), filters, ..SearchRequest::default() };
        Ok(CompareResponse {
            query: request.query.unwidened().to_string(),
            by: request.by.clone(),
            whole,
            groups: groups.into_iter().map(|(_, group)| group).collect(),
            columns,
            cells,
            reports,
            expansions: ExpansionPostings::expansions(&expansions, &expansion_counts),
            topics_used: topics_used(&answered, &[], || self.topics())?,
            index_version: INDEX_VERSION,
            corpus: self.corpus.clone(),
        })
    }

    fn columns(&self, filters: &Filters) -> Result<Columns, SearchError> {
        Ok(Columns {
            reports: self.column(Attribute::Report)?,
            authorities: self.column(Attribute::Authority)?,
            regions: self.column(Attribute::Region)?,
            frameworks: self.column(Attribute::Framework)?,
            visits: self.column(Attribute::Visit)?,
            overalls: self.values(Attribute::Overall, filters)?,
            grades: self.values(Attribute::Grade, filters)?,
            kinds: self.column(Attribute::Kind)?,
            dates: self.numbers(DATE)?,
            orders: self.numbers(ORDER)?,
            words: self.numbers(WORDS)?,
        })
    }

    /// The values of a dimension; `None` for years.
    fn grouped(
        &self,
        dimension: Attribute,
        filters: &Filters,
    ) -> Result<Option<Arc<Values>>, SearchError> {
        match dimension {
            Attribute::Year => Ok(None),
            dimension => Ok(Some(self.values(dimension, filters)?)),
        }
    }

    fn count(
        &self,
        tree: &Query,
        ranked: &Query,
        filters: &Filters,
        counting: &mut Counting<'_>,
        deadline: &Deadline,
    ) -> Result<(), SearchError> {
        let searcher = &self.snapshot.searcher;
        let mut planner = self.planner(deadline);
        let left: Vec<_> = planner.filters(filters)?.into_iter().map(|(_, query)| query).collect();
        let again = left.iter().map(|condition| condition.box_clone()).collect();
        // A kind is always asked for, and only paragraphs have one.
        let eligible = every(again);
        let matching = planner.search(&filters.looked_for(tree), left)?;
        let unscored = || EnableScoring::disabled_from_searcher(searcher);
        let eligible = eligible.weight(unscored())?;
        let matching = matching.weight(unscored())?;
        let ranking = self.ranking(ranked, &Asked::default(), &mut planner, counting.expansions)?;
        for segment in (0..).zip(searcher.segment_readers()) {
            let counted = counting.count(segment, eligible.as_ref(), matching.as_ref(), &ranking);
            // What was counted when the time was up is not an answer, whatever the engine returns.
            if let Some(error) = SearchError::of_deadline(deadline) {
                return Err(error);
            }
            counted?;
        }
        Ok(())
    }

    /// Fetches the candidates of each group.
    fn fetch(
        &self,
        ranked: &Query,
        quotations: Quotations<DocAddress>,
        groups: &mut [(u32, GroupTally)],
        deadline: &Deadline,
    ) -> Result<(), SearchError> {
        let mut best = quotations.by_group();
        let mut fetch = Fetch::new(self, ranked, deadline);
        for (number, group) in groups {
            if let Some(found) = best.remove(number) {
                let found = Collapsed::none(&found);
                group.candidates = fetch.hits(&found, 0..found.len(), 0)?;
            }
        }
        Ok(())
    }
}
