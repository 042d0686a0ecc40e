//! Answers a search: counts, finds the best, then marks what is shown.

use super::Reader;
use super::best::{Ranked, Scored};
use super::count::counted_name;
use super::fetch::Fetched;
use super::found::{Expanded, Sought};
use crate::answering::alike::{LOOKED_AHEAD, collapsed};
use crate::answering::facets::{facet_counts, topics_used};
use crate::answering::held::INDEX_VERSION;
use crate::answering::serving::serving;
use crate::engine::{Engine as _, SearchError};
use crate::language::alike::{Runs, sketch};
use crate::language::negation::Asked;
use crate::language::query::Query;
use crate::marking::{Matcher, Subject};
use crate::records::{Attribute, Use};
use crate::request::{
    ClauseCount, Deadline, FacetCounts, Filters, Group, Hit, SearchRequest, SearchResponse, Sort,
};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::ops::Range;

/// The most matches that are read to find the best of each group; for groups that have none among these,
/// the best is asked for by itself.
const READ_FOR_GROUPS: usize = 4_000;

/// Matches in order, with those that say nearly the same collapsed into the first of them.
pub(super) struct Shown {
    found: Vec<Scored>,
    places: Vec<(usize, Vec<usize>)>,
}

impl Shown {
    /// Keeps every match by itself.
    pub(super) fn all(found: Vec<Scored>) -> Self {
        let places = (0..found.len()).map(|at| (at, Vec::new())).collect();
        Self { found, places }
    }

    /// Collapses matches that say nearly the same, and keeps at most `most`.
    fn collapsed(found: Vec<Scored>, most: usize) -> Self {
        let text = |at: usize| &found[at].one.paragraph.text;
        let sketch = |at| Ok::<_, Infallible>(sketch(text(at)));
        let Ok(places) = collapsed(found.len(), most, sketch, |at| Ok(Runs::of(text(at))));
        Self { found, places }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The number of matches that the first `first` entries represent.
    pub(super) fn paragraphs(&self, first: usize) -> usize {
        self.places.iter().take(first).map(|(_, alike)| 1 + alike.len()).sum()
    }
}

impl Reader {
    /// Answers a search.
    pub(super) fn find(
        &self,
        request: &SearchRequest,
        deadline: &Deadline,
    ) -> Result<SearchResponse, SearchError> {
        serving(Use::Facet, &request.facets)?;
        serving(Use::Group, request.group.as_slice())?;
        request.query.check_limits()?;
        SearchError::in_time(deadline)?;
        let sought = self.sought(&request.query, &request.filters)?;
        let expanded = self.expanded(&request.query, deadline)?;
        let mut counting = request.clone();
        counting.facets.extend(request.group);
        let mut counted = self.counted(&sought, &counting, &expanded, deadline)?;
        let grouped = request.group.and_then(|_| counted.facets.pop());
        let end = request.offset.saturating_add(request.limit);
        let ranked = self.ranked(
            &sought,
            &request.query,
            &request.asked,
            request.sort,
            &expanded,
            deadline,
        )?;
        let mut shown = Shown::all(Vec::new());
        let mut hits = Vec::new();
        let mut groups = None;
        let mut closest_from = None;
        if let (Some(by), Some(grouped)) = (request.group, &grouped) {
            groups =
                Some(self.groups(by, &grouped.matching, &ranked, &sought, request, deadline)?);
        } else {
            shown = self.best(&ranked, &sought, request.collapse, end, deadline)?;
            let explaining = Some(&ranked).filter(|_| request.explain);
            hits =
                self.hits_of(&shown, request.offset..end, 0, &request.query, explaining, deadline)?;
            let few = shown.len() < end && request.limit > 0 && request.closest;
            if let Some(any) = few.then(|| request.query.loosened()).flatten() {
                let wanted = end - shown.len();
                let without = shown.found.iter().map(|found| found.one.paragraph.id.clone());
                let without: Vec<String> = without.collect();
                let sought = self.sought(&any, &request.filters)?;
                let expanded = self.expanded(&any, deadline)?;
                let mut close =
                    self.ranked(&sought, &any, &request.asked, request.sort, &expanded, deadline)?;
                close.without = without;
                let close_by = self.best(&close, &sought, request.collapse, wanted, deadline)?;
                let range = request.offset.saturating_sub(shown.len())..wanted;
                let explaining = Some(&close).filter(|_| request.explain);
                let before = shown.len();
                let more = self.hits_of(&close_by, range, before, &any, explaining, deadline)?;
                closest_from = more.first().map(|hit| hit.rank);
                hits.extend(more);
            }
        }
        let both = request.facets.iter().zip(&counted.facets);
        let facets: Vec<FacetCounts> =
            both.map(|(facet, tally)| facet_counts(request, *facet, tally)).collect();
        let clauses = if request.explain { self.clauses(request, deadline)? } else { Vec::new() };
        Ok(SearchResponse {
            query: request.query.to_string(),
            total: counted.total,
            reports: counted.reports,
            sort: request.sort,
            left: counted.total.saturating_sub(shown.paragraphs(end)),
            hits,
            groups,
            total_groups: grouped.map(|grouped| grouped.matching.len()),
            topics_used: topics_used(request, &facets, || self.topics())?,
            facets,
            closest_from,
            expansions: counted.expansions,
            clauses,
            index_version: INDEX_VERSION,
            generation: self.generation.clone(),
            corpus: self.corpus.clone(),
        })
    }

    /// Prepares to rank what is sought by a tree, which is scored.
    pub(super) fn ranked<'r>(
        &self,
        sought: &'r Sought,
        query: &'r Query,
        asked: &'r Asked,
        sort: Sort,
        expanded: &[Expanded],
        deadline: &Deadline,
    ) -> Result<Ranked<'r>, SearchError> {
        let expansions: Vec<_> = expanded.iter().map(|one| one.frequency).collect();
        let weighed = self.weighed(query, asked, &expansions, deadline)?;
        let (tree, found, without) = (&sought.tree, &sought.found, Vec::new());
        Ok(Ranked { tree, found, query, asked, sort, expansions, weighed, without })
    }

    /// Finds the best matches until `wanted` of them can be shown.
    pub(super) fn best(
        &self,
        ranked: &Ranked<'_>,
        sought: &Sought,
        collapse: bool,
        wanted: usize,
        deadline: &Deadline,
    ) -> Result<Shown, SearchError> {
        let filters: Vec<&Value> = sought.filters.iter().map(|(_, filter)| filter).collect();
        let ahead = if collapse && wanted > 0 { LOOKED_AHEAD } else { 0 };
        let mut keep = wanted.saturating_add(ahead);
        let mut reading = self.reading(ranked, &filters);
        loop {
            self.read_best(&mut reading, keep, deadline)?;
            let best: Vec<Scored> = reading.found[..reading.proven().min(keep)].to_vec();
            let is_all = keep == 0 || (reading.is_all && best.len() == reading.found.len());
            let shown = if collapse { Shown::collapsed(best, wanted) } else { Shown::all(best) };
            // If many matches are alike, a page may need more matches than were kept.
            if shown.len() >= wanted || is_all {
                return Ok(shown);
            }
            keep = keep.saturating_mul(4);
        }
    }

    /// The hits of a range, ranked after `before` others.
    pub(super) fn hits_of(
        &self,
        shown: &Shown,
        range: Range<usize>,
        before: usize,
        query: &Query,
        explaining: Option<&Ranked<'_>>,
        deadline: &Deadline,
    ) -> Result<Vec<Hit>, SearchError> {
        let end = range.end.min(shown.len());
        let page = shown.places.get(range.start..end).unwrap_or_default();
        let matcher = Matcher::new(query);
        let ones: Vec<&Fetched> = page.iter().map(|(at, _)| &shown.found[*at].one).collect();
        let explanations = match explaining {
            Some(ranked) => self.explained(ranked, &ones, deadline)?,
            None => Vec::new(),
        };
        let mut explanations = explanations.into_iter();
        let hits = page.iter().enumerate().map(|(place, (at, alike))| {
            SearchError::in_time(deadline)?;
            let Scored { score, one, .. } = &shown.found[*at];
            let subject = Subject { paragraph: &one.paragraph, report: &one.head };
            let alike = alike.iter().map(|at| shown.found[*at].one.paragraph.id.clone());
            Ok(Hit {
                rank: before + range.start + place + 1,
                score: *score,
                spans: matcher.find(subject).unwrap_or_default(),
                alike: alike.collect(),
                near: Vec::new(),
                explanation: explanations.next(),
                paragraph: (*one.paragraph).clone(),
                head: (*one.head).clone(),
            })
        });
        hits.collect()
    }

    /// The groups of a page, the group with the best hit first, given the number of matches of each.
    fn groups(
        &self,
        by: Attribute,
        counted: &[(String, usize)],
        ranked: &Ranked<'_>,
        sought: &Sought,
        request: &SearchRequest,
        deadline: &Deadline,
    ) -> Result<Vec<Group>, SearchError> {
        let filters: Vec<&Value> = sought.filters.iter().map(|(_, filter)| filter).collect();
        let end = request.offset.saturating_add(request.limit).min(counted.len());
        let of = |one: &Fetched| {
            super::count::names_of(by, &request.filters, one).into_iter().next().unwrap_or_default()
        };
        let mut reading = self.reading(ranked, &filters);
        // The groups in the order of their best matches.
        let mut order: Vec<(String, Option<Scored>)> = Vec::new();
        while order.len() < end {
            if reading.found.len() >= READ_FOR_GROUPS || reading.is_all {
                break;
            }
            let size = if reading.found.is_empty() { 200 } else { 1_000 };
            self.read_more(&mut reading, size, deadline)?;
            order.clear();
            for one in &reading.found[..reading.proven()] {
                let name = of(&one.one);
                if !order.iter().any(|(known, _)| *known == name) {
                    order.push((name, None));
                }
            }
        }
        if order.len() < end {
            let known = order.len();
            for (name, _) in counted {
                if order[..known].iter().any(|(known, _)| known == name) {
                    continue;
                }
                let own = self.in_group(by, name, &request.filters)?;
                let best = self.best_of_group(ranked, &filters, &own, 1, deadline)?;
                order.push((name.clone(), best.into_iter().next()));
            }
            order[known..].sort_by(|(a, one), (b, other)| {
                let key = |one: &Option<Scored>| one.as_ref().map(|one| one.key.clone());
                key(one).cmp(&key(other)).then_with(|| a.cmp(b))
            });
        }
        let mut groups = Vec::new();
        for (name, _) in order.into_iter().take(end).skip(request.offset) {
            let total = counted.iter().find(|(own, _)| *own == name).map_or(0, |(_, n)| *n);
            let wanted = request.per_group.min(total);
            let proven = reading.found[..reading.proven()].iter();
            let mut best: Vec<Scored> =
                proven.filter(|one| of(&one.one) == name).take(wanted).cloned().collect();
            if best.len() < wanted {
                let own = self.in_group(by, &name, &request.filters)?;
                best = self.best_of_group(ranked, &filters, &own, wanted, deadline)?;
            }
            let shown = Shown::all(best);
            let explaining = Some(ranked).filter(|_| request.explain);
            let range = 0..request.per_group;
            let hits = self.hits_of(&shown, range, 0, &request.query, explaining, deadline)?;
            groups.push(Group { key: name, total, hits });
        }
        Ok(groups)
    }

    /// The best matches in one group.
    pub(super) fn best_of_group(
        &self,
        ranked: &Ranked<'_>,
        filters: &[&Value],
        own: &Value,
        wanted: usize,
        deadline: &Deadline,
    ) -> Result<Vec<Scored>, SearchError> {
        let all: Vec<&Value> = filters.iter().copied().chain([own]).collect();
        let mut reading = self.reading(ranked, &all);
        self.read_best(&mut reading, wanted, deadline)?;
        let known = reading.proven().min(wanted);
        reading.found.truncate(known);
        Ok(reading.found)
    }

    /// What is in the group of a value.
    pub(super) fn in_group(
        &self,
        by: Attribute,
        name: &str,
        filters: &Filters,
    ) -> Result<Value, SearchError> {
        Ok(match by {
            Attribute::Year => json!({"term": {"year": name.parse::<u32>().unwrap_or(0)}}),
            by if by.is_grade() => {
                let all = self.column(by)?.iter();
                let own: Vec<&String> =
                    all.filter(|label| counted_name(by, filters, label) == name).collect();
                json!({"terms": {by.name(): own}})
            }
            by => json!({"term": {by.name(): {"value": name}}}),
        })
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
            let sought = self.sought(query, &request.filters)?;
            let alone =
                SearchRequest { filters: request.filters.clone(), ..SearchRequest::default() };
            let total = self.counted(&sought, &alone, &[], deadline)?.total;
            let (text, kind) = (query.to_string(), query.kind());
            counts.push(ClauseCount { depth, text, kind, total });
            open.extend(query.clauses().rev().map(|clause| (clause, depth + 1)));
        }
        Ok(counts)
    }
}
