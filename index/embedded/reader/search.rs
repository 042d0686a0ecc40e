//! Answers a request: plans, collects, then fetches what is shown.

use super::IndexReader;
use super::hits::{Collapsed, Fetch};
use super::statistics::Statistics;
use crate::answering::alike::LOOKED_AHEAD;
use crate::answering::facets::{FacetTally, facet_counts, is_chosen, keys, topics_used};
use crate::answering::held::INDEX_VERSION;
use crate::answering::serving::serving;
use crate::embedded::count::collect::{Collector, Counted, Gathered};
use crate::embedded::plan::Queries;
use crate::embedded::rank::{ExpansionPostings, Ranking, expansion_postings};
use crate::embedded::store::schema::{CHANGED, DATE, ORDER};
use crate::embedded::store::values::Values;
use crate::engine::{Engine as _, SearchError};
use crate::language::negation::Asked;
use crate::language::query::Query;
use crate::language::words;
use crate::planning::{Narrowing, Planner};
use crate::records::{Attribute, Use, shared_label};
use crate::request::Deadline;
use crate::request::{
    ClauseCount, FacetCounts, Filters, Group, SearchRequest, SearchResponse, Sort,
};
use std::collections::HashSet;
use std::sync::Arc;
use tantivy::DocAddress;
use tantivy::query::EnableScoring;

/// How one pass over the matches of a request is carried out.
#[derive(Default)]
pub(super) struct Round {
    /// Number of best matches to keep; with groups, of each group.
    pub(super) keep: usize,
    /// Matches found before, which are left out.
    pub(super) without: Arc<HashSet<DocAddress>>,
    /// Whether facets and groups are counted as well.
    pub(super) is_whole: bool,
}

/// The result of a round, with the ranking that was used.
pub(super) struct Ranked {
    pub(super) gathered: Gathered,
    pub(super) ranking: Arc<Ranking>,
    expansions: Arc<[ExpansionPostings]>,
}

impl IndexReader {
    /// Answers a request.
    ///
    /// # Errors
    /// If the query tree is too large, an attribute cannot be used as asked, the time is up, or the
    /// index cannot be read.
    pub(super) fn find(
        &self,
        request: &SearchRequest,
        deadline: &Deadline,
    ) -> Result<SearchResponse, SearchError> {
        serving(Use::Facet, &request.facets)?;
        serving(Use::Group, request.group.as_slice())?;
        request.query.check_limits()?;
        let mut fetch = Fetch::new(self, &request.query, deadline);
        let end = request.offset.saturating_add(request.limit);
        let round = Round { is_whole: true, ..Round::default() };
        let (ranked, shown) =
            self.best(&request.query, request, round, end, &mut fetch, deadline)?;
        let Ranked { gathered, ranking, expansions } = &ranked;
        fetch.explaining(Some(ranking).filter(|_| request.explain));
        let mut hits = Vec::new();
        let mut groups = None;
        let mut closest_from = None;
        if let Some(by) = request.group {
            groups = Some(self.groups(by, request, &ranked, &mut fetch)?);
        } else {
            hits = fetch.hits(&shown, request.offset..end, 0)?;
            let few = shown.len() < end && request.limit > 0 && request.closest;
            if let Some(any) = few.then(|| request.query.loosened()).flatten() {
                let wanted = end - shown.len();
                let without = gathered.best.iter().map(|found| found.address).collect();
                let round = Round { without: Arc::new(without), ..Round::default() };
                let (close, close_by) =
                    self.best(&any, request, round, wanted, &mut fetch, deadline)?;
                let range = request.offset.saturating_sub(shown.len())..wanted;
                fetch.marking(&any);
                fetch.explaining(Some(&close.ranking).filter(|_| request.explain));
                let more = fetch.hits(&close_by, range, shown.len())?;
                closest_from = more.first().map(|hit| hit.rank);
                hits.extend(more);
            }
        }
        let facets = self.facets(request, gathered)?;
        let clauses = if request.explain { self.clauses(request, deadline)? } else { Vec::new() };
        Ok(SearchResponse {
            query: request.query.to_string(),
            total: gathered.total,
            reports: gathered.reports,
            sort: request.sort,
            left: gathered.total.saturating_sub(shown.paragraphs(end)),
            hits,
            groups,
            total_groups: request.group.map(|_| gathered.groups.len()),
            topics_used: topics_used(request, &facets, || self.topics())?,
            facets,
            closest_from,
            expansions: ExpansionPostings::expansions(expansions, &gathered.expansions),
            clauses,
            index_version: INDEX_VERSION,
            generation: self.snapshot.generation.clone(),
            corpus: self.corpus.clone(),
        })
    }

    /// Finds the best matches of a tree until `wanted` of them can be shown; matches that say
    /// nearly the same are collapsed if the request wants it.
    pub(super) fn best(
        &self,
        query: &Query,
        request: &SearchRequest,
        mut round: Round,
        wanted: usize,
        fetch: &mut Fetch<'_>,
        deadline: &Deadline,
    ) -> Result<(Ranked, Collapsed), SearchError> {
        let is_grouped = request.group.is_some() && round.is_whole;
        let ahead = if request.collapse && wanted > 0 { LOOKED_AHEAD } else { 0 };
        round.keep = if is_grouped { request.per_group } else { wanted.saturating_add(ahead) };
        loop {
            let ranked = self.gather(query, request, &round, deadline)?;
            let best = &ranked.gathered.best;
            let shown = if request.collapse {
                fetch.collapse(best, wanted)?
            } else {
                Collapsed::none(best)
            };
            // If many matches are alike, a page may need more matches than were kept.
            if is_grouped || shown.len() >= wanted || best.len() >= ranked.gathered.total {
                return Ok((ranked, shown));
            }
            round.keep = round.keep.saturating_mul(4);
        }
    }

    fn groups(
        &self,
        by: Attribute,
        request: &SearchRequest,
        ranked: &Ranked,
        fetch: &mut Fetch<'_>,
    ) -> Result<Vec<Group>, SearchError> {
        let counted = self.counted(by, &request.filters)?;
        let gathered = &ranked.gathered;
        let shown = gathered.groups.iter().skip(request.offset).take(request.limit);
        let groups = shown.map(|(number, group)| {
            let best = Collapsed::none(&group.best);
            Ok(Group {
                key: counted.name(*number),
                total: group.total,
                hits: fetch.hits(&best, 0..request.per_group, 0)?,
            })
        });
        groups.collect()
    }

    pub(super) fn statistics(&self) -> Statistics<'_> {
        Statistics { searcher: &self.snapshot.searcher, payload: &self.snapshot.payload }
    }

    pub(super) fn gather(
        &self,
        query: &Query,
        request: &SearchRequest,
        round: &Round,
        deadline: &Deadline,
    ) -> Result<Ranked, SearchError> {
        let searcher = &self.snapshot.searcher;
        let mut planner = self.planner(deadline);
        let mut filters = Vec::new();
        let mut sideways = Vec::new();
        let counted: &[Attribute] = if round.is_whole { &request.facets } else { &[] };
        for (narrowing, query) in planner.filters(&request.filters)? {
            let is_counted = |narrowing: &Narrowing| match narrowing {
                Narrowing::Chosen(facet) => counted.contains(facet) && is_chosen(*facet, request),
                Narrowing::Excluded(facet) => counted.contains(facet),
            };
            match narrowing.filter(is_counted) {
                Some(narrowing) => {
                    let unscored = EnableScoring::disabled_from_searcher(searcher);
                    sideways.push((narrowing, query.weight(unscored)?));
                }
                None => filters.push(query),
            }
        }
        let expansions: Arc<[ExpansionPostings]> =
            expansion_postings(query, &mut planner, searcher)?.into();
        let ranking = Arc::new(self.ranking(query, &request.asked, &mut planner, &expansions)?);
        let planned = planner.search(&request.filters.looked_for(query), filters)?;
        let mut facets = Vec::with_capacity(counted.len());
        let mut excluded = Vec::with_capacity(counted.len());
        for facet in counted {
            let counted = self.counted(*facet, &request.filters)?;
            excluded.push(match &counted {
                Counted::Several(values) => {
                    let written = keys(request.filters.not.values(*facet));
                    values.names.iter().map(|name| written.contains(&words::key(name))).collect()
                }
                Counted::Values(_) | Counted::Years => Vec::new(),
            });
            facets.push((*facet, counted));
        }
        let collector = Collector {
            sort: request.sort,
            ranking: ranking.clone(),
            expansions: expansions.clone(),
            without: round.without.clone(),
            keep: round.keep,
            reports: self.column(Attribute::Report)?,
            kinds: self.column(Attribute::Kind)?,
            dates: self.numbers(DATE)?,
            orders: self.numbers(ORDER)?,
            authorities: match request.sort {
                Sort::Authority => Some(self.column(Attribute::Authority)?),
                Sort::Relevance | Sort::Date | Sort::Changed => None,
            },
            changed: match request.sort {
                Sort::Changed => Some(self.numbers(CHANGED)?),
                Sort::Relevance | Sort::Date | Sort::Authority => None,
            },
            group: match request.group.filter(|_| round.is_whole) {
                Some(by) => Some(self.counted(by, &request.filters)?),
                None => None,
            },
            facets,
            excluded,
            sideways,
            deadline: deadline.clone(),
        };
        let gathered = collector.run(searcher, planned.as_ref());
        match SearchError::of_deadline(deadline) {
            Some(error) => Err(error),
            None => Ok(Ranked { gathered: gathered?, ranking, expansions }),
        }
    }

    /// The scoring of matches of a tree.
    pub(super) fn ranking(
        &self,
        query: &Query,
        asked: &Asked,
        planner: &mut Planner<'_, Queries, Self>,
        expansions: &[ExpansionPostings],
    ) -> Result<Ranking, SearchError> {
        let statistics = self.statistics();
        let kinds = self.column(Attribute::Kind)?;
        let frequencies: Vec<_> = expansions.iter().map(|postings| postings.frequency).collect();
        Ranking::new(query, asked, planner, &frequencies, kinds, &statistics)
    }

    /// Counts the paragraphs that each part of the tree finds by itself, within the filters.
    fn clauses(
        &self,
        request: &SearchRequest,
        deadline: &Deadline,
    ) -> Result<Vec<ClauseCount>, SearchError> {
        let mut counts = Vec::new();
        let mut open = vec![(&request.query, 0)];
        while let Some((query, depth)) = open.pop() {
            let alone = SearchRequest {
                filters: request.filters.clone(),
                limit: 0,
                ..SearchRequest::default()
            };
            let found = self.gather(query, &alone, &Round::default(), deadline)?;
            let total = found.gathered.total;
            let (text, kind) = (query.to_string(), query.kind());
            counts.push(ClauseCount { depth, text, kind, total });
            open.extend(query.clauses().rev().map(|clause| (clause, depth + 1)));
        }
        Ok(counts)
    }

    /// What is counted for a facet or grouped by.
    fn counted(&self, facet: Attribute, filters: &Filters) -> Result<Counted, SearchError> {
        Ok(match facet {
            Attribute::Year => Counted::Years,
            facet if facet.is_multivalued() => Counted::Several(self.column(facet)?),
            facet => Counted::Values(self.values(facet, filters)?),
        })
    }

    /// The values of an attribute as they are counted: both printings of a grade are one value,
    /// unless a filter asks for one of them or excludes one.
    pub(super) fn values(
        &self,
        attribute: Attribute,
        filters: &Filters,
    ) -> Result<Arc<Values>, SearchError> {
        let column = self.column(attribute)?;
        Ok(if attribute.is_grade() && !filters.tell_printings(attribute) {
            Arc::new(column.replaced(shared_label))
        } else {
            column
        })
    }

    fn facets(
        &self,
        request: &SearchRequest,
        gathered: &Gathered,
    ) -> Result<Vec<FacetCounts>, SearchError> {
        let left_out = gathered.others.iter().zip(&gathered.excluded);
        let all = gathered.counts.iter().zip(left_out);
        let facets = request.facets.iter().copied().zip(all);
        facets
            .map(|(facet, (matching, (others, excluded)))| {
                let counted = self.counted(facet, &request.filters)?;
                let tally = FacetTally {
                    matching: counted.named(matching),
                    others: counted.named(others),
                    excluded: counted.named(excluded),
                };
                Ok(facet_counts(request, facet, &tally))
            })
            .collect()
    }
}
