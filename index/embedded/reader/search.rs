//! Answers a request: plans, collects, then fetches what is shown.

use super::hits::{Collapsed, Fetch};
use super::statistics::Statistics;
use super::{IndexReader, sections, serving};
use crate::answering::held::INDEX_VERSION;
use crate::embedded::count::collect::{Collector, Counted, Gathered};
use crate::embedded::plan::Queries;
use crate::embedded::rank::{ExpansionPostings, Ranking, expansion_postings};
use crate::embedded::store::schema::{CHANGED, DATE, ORDER};
use crate::embedded::store::values::Values;
use crate::engine::{Engine as _, SearchError};
use crate::language::negation::Asked;
use crate::language::query::{Query, is_meant};
use crate::language::words;
use crate::planning::{Narrowing, Planner};
use crate::records::{Attribute, TopicUsed, Use, Value, shared_label};
use crate::request::Deadline;
use crate::request::{
    ClauseCount, FacetCount, FacetCounts, Filters, Group, SearchRequest, SearchResponse, Sort,
};
use jiff::civil::Date;
use std::collections::HashSet;
use std::sync::Arc;
use tantivy::DocAddress;
use tantivy::query::EnableScoring;

/// How many matches after those asked for are checked for ones that say nearly the same:
/// near-identical paragraphs score nearly the same, so they are close to one another.
const LOOKED_AHEAD: usize = 60;

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
        let facets = self.facet_counts(request, gathered)?;
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
            topics_used: self.topics_used(request, &facets)?,
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

    /// The topics that the request names, and those that were counted for it.
    pub(super) fn topics_used(
        &self,
        request: &SearchRequest,
        facets: &[FacetCounts],
    ) -> Result<Vec<TopicUsed>, SearchError> {
        let named = request.query.topics();
        let counted = facets
            .iter()
            .filter(|facet| facet.facet == Attribute::Topic)
            .flat_map(|facet| facet.counts.iter().filter_map(|count| count.value.as_deref()));
        let used: Vec<String> = named
            .iter()
            .map(|(id, _)| *id)
            .chain(request.filters.values(Attribute::Topic).iter().map(String::as_str))
            .chain(request.filters.not.values(Attribute::Topic).iter().map(String::as_str))
            .chain(counted)
            .map(words::key)
            .collect();
        if used.is_empty() {
            return Ok(Vec::new());
        }
        let topics = self.topics()?.topics().iter();
        let mut used: Vec<TopicUsed> = topics
            .filter(|topic| used.contains(&words::key(&topic.id)))
            .map(|topic| TopicUsed { id: topic.id.clone(), version: topic.version() })
            .collect();
        used.sort_unstable();
        Ok(used)
    }

    fn facet_counts(
        &self,
        request: &SearchRequest,
        gathered: &Gathered,
    ) -> Result<Vec<FacetCounts>, SearchError> {
        let left_out = gathered.others.iter().zip(&gathered.excluded);
        let all = gathered.counts.iter().zip(left_out);
        let facets = request.facets.iter().copied().zip(all);
        facets
            .map(|(facet, (matching, (others, excluded)))| {
                let mut counts = self.values_of(facet, request, matching)?;
                let excluded = self.excluded(facet, request, excluded)?;
                let is_chosen = is_chosen(facet, request);
                if !is_chosen {
                    counts.iter_mut().for_each(|count| count.chosen = false);
                    return Ok(FacetCounts { facet, counts, instead: excluded });
                }
                // Every match has a chosen value, but of several values not all need be chosen.
                if !facet.is_multivalued() && facet != Attribute::Section {
                    counts.iter_mut().for_each(|count| count.chosen = true);
                }
                // Sections stay a tree.
                if facet != Attribute::Section {
                    counts.sort_by_key(|count| !count.chosen);
                }
                let mut all = others.clone();
                // Years are counted as far as they were met.
                all.resize(all.len().max(matching.len()), 0);
                for (all, own) in all.iter_mut().zip(matching) {
                    *all += own;
                }
                let mut instead = self.values_of(facet, request, &all)?;
                instead.retain(|all| {
                    let own = counts.iter().find(|own| own.value == all.value);
                    own.is_none_or(|own| !own.chosen && own.count < all.count)
                });
                instead.iter_mut().for_each(|count| count.chosen = false);
                instead.extend(excluded);
                Ok(FacetCounts { facet, counts, instead })
            })
            .collect()
    }

    /// Names the counted values that filters exclude.
    fn excluded(
        &self,
        facet: Attribute,
        request: &SearchRequest,
        counts: &[usize],
    ) -> Result<Vec<FacetCount>, SearchError> {
        if request.filters.not.of(facet).is_none() {
            return Ok(Vec::new());
        }
        let mut excluded = if facet == Attribute::Section {
            let paths = self.column(facet)?;
            let paths = paths.names.iter().map(String::as_str).zip(counts.iter().copied());
            sections::outermost(paths, request.filters.not.values(facet))
        } else {
            self.values_of(facet, request, counts)?
        };
        sort(&mut excluded);
        for count in &mut excluded {
            (count.chosen, count.excluded) = (false, true);
        }
        Ok(excluded)
    }

    /// Names the counted values of a facet, and marks those that a filter names.
    fn values_of(
        &self,
        facet: Attribute,
        request: &SearchRequest,
        counts: &[usize],
    ) -> Result<Vec<FacetCount>, SearchError> {
        let mut counts = match self.counted(facet, &request.filters)? {
            Counted::Values(values) if facet == Attribute::Section => {
                let paths = values.names.iter().map(String::as_str).zip(counts.iter().copied());
                let opened = request.filters.values(Attribute::Section);
                return Ok(sections::tree(paths.filter(|(_, count)| *count > 0), opened));
            }
            Counted::Values(values) | Counted::Several(values) => {
                let written = keys(request.filters.values(facet));
                named(&values, counts, |name| written.contains(&words::key(name)))
            }
            Counted::Years => {
                let asked = request.filters.values(facet);
                let is_chosen = |year: usize| {
                    let first =
                        i16::try_from(year).ok().and_then(|year| Date::new(year, 1, 1).ok());
                    first.is_some()
                        && asked.iter().any(|years| is_meant(facet, Value::Day(first), years))
                };
                let years = counts.iter().enumerate().filter(|(_, count)| **count > 0);
                let named = years.map(|(year, count)| FacetCount {
                    value: (year > 0).then(|| year.to_string()),
                    count: *count,
                    chosen: year > 0 && is_chosen(year),
                    excluded: false,
                });
                named.collect()
            }
        };
        sort(&mut counts);
        Ok(counts)
    }
}

/// Whether a filter is a choice among the values of a facet. Whoever asks about one report has not
/// chosen it from a list.
fn is_chosen(facet: Attribute, request: &SearchRequest) -> bool {
    facet != Attribute::Report
        && !request.fixed.contains(&facet)
        && request.filters.choice(facet).is_some()
}

fn named(values: &Values, counts: &[usize], is_chosen: impl Fn(&str) -> bool) -> Vec<FacetCount> {
    let both = values.names.iter().zip(counts);
    both.filter(|(_, count)| **count > 0)
        .map(|(name, count)| FacetCount {
            value: Some(name.clone()).filter(|name| !name.is_empty()),
            count: *count,
            chosen: is_chosen(name),
            excluded: false,
        })
        .collect()
}

/// The forms in which names are compared.
fn keys(names: &[String]) -> Vec<String> {
    names.iter().map(|name| words::key(name)).collect()
}

/// Sorts counts: the most frequent value first, then by name.
fn sort(counts: &mut [FacetCount]) {
    let order = |c: &FacetCount| (c.value.is_none(), c.value.clone());
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| order(a).cmp(&order(b))));
}

impl Query {
    /// The same tree, but asking for any of its outermost words where it asks for all of them;
    /// `None` if it asks for only one.
    fn loosened(&self) -> Option<Self> {
        let any = self.any_word();
        (any != *self).then_some(any)
    }
}
