//! Gathers everything a search answers in one pass over its matches.
//!
//! Totals, facets and groups must be exact, so every match is visited and nothing is pruned; the
//! best hits are picked on the way. The order of hits does not depend on how the index is cut into
//! segments: ties go by report id, then by the report's own order.
//!
//! A facet that is itself filtered counts the paragraphs that all *other* conditions leave. Such
//! filters are not part of the query but sets of documents asked here: a paragraph that fails only
//! one of them counts for that facet alone.

use crate::deadline::Deadline;
use crate::rank::{Brought, Ranking, SegmentRanking, Standing};
use crate::record::Kind;
use crate::request::{Facet, Sort};
use crate::schema::{DATE, ORDER};
use crate::values::{Column, Values};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::ColumnValues;
use tantivy::query::Weight;
use tantivy::{BitSet, DocAddress, DocId, Score, SegmentReader, TantivyError};

/// Scores are compared in steps of this: the order in which an engine adds up parts of a score
/// depends on the segment, and the last bits with it.
const STEP: f32 = 1.0 / 1024.0;

/// Matches between two looks at the clock.
const MATCHES: u32 = 4_096;

/// A later date than any, for counting dates backwards.
const END_OF_TIME: u64 = 99_999_999;

/// A match worth keeping.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Found {
    /// Smaller is better: what is sorted by, then the report, then the place in it.
    key: (u64, u64),
    pub(crate) score: Score,
    pub(crate) address: DocAddress,
}

/// The best matches so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Best {
    keep: usize,
    found: Vec<Found>,
    /// The worst key that still belongs, once there are enough.
    bar: Option<(u64, u64)>,
}

impl Found {
    /// A match sorted by relevance; boilerplate comes after everything else.
    pub(crate) fn by_relevance(
        score: Score,
        is_boilerplate: bool,
        (report, order): (u32, u64),
        address: DocAddress,
    ) -> Self {
        Self {
            key: (first_by_relevance(score, is_boilerplate), place(report, order)),
            score,
            address,
        }
    }

    /// By what the best come first.
    pub(crate) fn key(&self) -> (u64, u64) {
        self.key
    }
}

/// The first part of the key of a match by relevance.
fn first_by_relevance(score: Score, is_boilerplate: bool) -> u64 {
    // Scores are never negative, so their bits sort as they do.
    u64::from(is_boilerplate) << 32 | u64::from(!score.to_bits())
}

/// The second part of every key: the report, then the place in it.
fn place(report: u32, order: u64) -> u64 {
    u64::from(report) << 32 | order & u64::from(u32::MAX)
}

/// The score by which matches are compared.
pub(crate) fn settled(score: Score) -> Score {
    (score / STEP).round() * STEP
}

impl Best {
    pub(crate) fn new(keep: usize) -> Self {
        Self { keep, ..Self::default() }
    }

    pub(crate) fn push(&mut self, found: Found) {
        if self.keep == 0 || self.bar.is_some_and(|bar| found.key > bar) {
            return;
        }
        self.found.push(found);
        if self.found.len() >= self.keep.saturating_mul(2) {
            self.trim();
        }
    }

    fn trim(&mut self) {
        if self.found.len() > self.keep {
            self.found.select_nth_unstable_by_key(self.keep - 1, |found| found.key);
            self.found.truncate(self.keep);
            self.bar = self.found.last().map(|found| found.key);
        }
    }

    fn absorb(&mut self, other: Self) {
        for found in other.found {
            self.push(found);
        }
    }

    pub(crate) fn into_sorted(mut self) -> Vec<Found> {
        self.found.sort_unstable_by_key(|found| found.key);
        self.found.truncate(self.keep);
        self.found
    }
}

/// What of a facet is counted.
#[derive(Clone)]
pub(crate) enum Counted {
    /// Values of a column of strings.
    Values(Arc<Values>),
    /// Values of which a paragraph may have several.
    Several(Arc<Values>),
    /// Calendar years.
    Years,
}

impl Counted {
    /// The name of a group by its number; empty for what has no value.
    pub(crate) fn name(&self, number: u32) -> String {
        match self {
            Self::Values(values) | Self::Several(values) => values.names[number as usize].clone(),
            Self::Years if number == 0 => String::new(),
            Self::Years => number.to_string(),
        }
    }

    fn column(&self, segment: u32) -> CountedColumn {
        match self {
            Self::Values(values) => CountedColumn::Values(values.column(segment)),
            Self::Several(values) => CountedColumn::Several(values.column(segment)),
            Self::Years => CountedColumn::Years,
        }
    }
}

/// Counts of one facet: by the number of the value, or by year.
#[derive(Debug, Clone)]
pub(crate) enum Counts {
    Values(Vec<usize>),
    Years(BTreeMap<u64, usize>),
}

/// What a search gathers.
pub(crate) struct Gather {
    pub(crate) sort: Sort,
    /// How matches are scored.
    pub(crate) ranking: Arc<Ranking>,
    /// Where the parts of the tree stand that have other ways of saying them.
    pub(crate) standing: Arc<[Standing]>,
    /// Documents left out: those that were found before.
    pub(crate) without: Arc<HashSet<DocAddress>>,
    /// How many of the best matches; with groups: of each group.
    pub(crate) keep: usize,
    pub(crate) reports: Arc<Values>,
    pub(crate) kinds: Arc<Values>,
    /// For [`Sort::Authority`].
    pub(crate) authorities: Option<Arc<Values>>,
    /// By what matches are put together.
    pub(crate) group: Option<Counted>,
    pub(crate) facets: Vec<(Facet, Counted)>,
    /// Filters of facets that are counted: see the module's description.
    pub(crate) sideways: Vec<(Facet, Box<dyn Weight>)>,
    pub(crate) deadline: Arc<Deadline>,
}

/// Matches of one group.
#[derive(Debug, Clone)]
pub(crate) struct GroupFound {
    pub(crate) total: usize,
    pub(crate) best: Vec<Found>,
}

/// What a search gathered.
pub(crate) struct Gathered {
    pub(crate) total: usize,
    pub(crate) reports: usize,
    pub(crate) best: Vec<Found>,
    /// Groups with the numbers of their values, or their years, the one with the best hit first.
    pub(crate) groups: Vec<(u32, GroupFound)>,
    pub(crate) counts: Vec<Counts>,
    /// For each of [`Gather::standing`]: what each other way of saying it brought.
    pub(crate) brought: Vec<Vec<Brought>>,
}

/// What was gathered of one segment.
pub(crate) struct Part {
    brought: Vec<Vec<Brought>>,
    total: usize,
    seen: Vec<bool>,
    best: Best,
    groups: FxHashMap<u32, (usize, Best)>,
    counts: Vec<Counts>,
}

enum CountedColumn {
    Values(Column),
    Several(Column),
    Years,
}

/// Gathers one segment.
pub(crate) struct SegmentGather {
    segment: u32,
    sort: Sort,
    ranking: SegmentRanking,
    standing: Arc<[Standing]>,
    without: Arc<HashSet<DocAddress>>,
    reports: Column,
    kinds: Column,
    boilerplate: Option<u32>,
    /// Authorities' numbers and the number of absence, which sorts last.
    authorities: Option<(Column, Option<u32>)>,
    order: Arc<dyn ColumnValues<u64>>,
    dates: Arc<dyn ColumnValues<u64>>,
    group: Option<CountedColumn>,
    facets: Vec<CountedColumn>,
    /// Documents that hold, and which of `facets` belong to the filter.
    sideways: Vec<(BitSet, Vec<usize>)>,
    keep: usize,
    part: Part,
    deadline: Arc<Deadline>,
    until_look: u32,
    has_given_up: bool,
}

impl Collector for Gather {
    type Fruit = Gathered;
    type Child = SegmentGather;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<SegmentGather> {
        if self.deadline.has_passed() {
            return Err(TantivyError::InternalError("the time for the search is up".to_owned()));
        }
        let columns = reader.fast_fields();
        let mut sideways = Vec::with_capacity(self.sideways.len());
        for (facet, weight) in &self.sideways {
            let mut holds = BitSet::with_max_value(reader.max_doc());
            weight.for_each_no_score(reader, &mut |docs| {
                for doc in docs {
                    holds.insert(*doc);
                }
            })?;
            let own = self.facets.iter().enumerate().filter(|(_, (f, _))| f == facet);
            sideways.push((holds, own.map(|(at, _)| at).collect()));
        }
        let facets = self.facets.iter().map(|(_, counted)| counted.column(segment));
        Ok(SegmentGather {
            segment,
            sort: self.sort,
            ranking: self.ranking.for_segment(segment, reader)?,
            standing: self.standing.clone(),
            without: self.without.clone(),
            reports: self.reports.column(segment),
            kinds: self.kinds.column(segment),
            boilerplate: self.kinds.number(Kind::Boilerplate.name()),
            authorities: (self.authorities.as_ref())
                .map(|values| (values.column(segment), values.number(""))),
            order: columns.u64(ORDER)?.first_or_default_col(0),
            dates: columns.u64(DATE)?.first_or_default_col(0),
            group: self.group.as_ref().map(|counted| counted.column(segment)),
            facets: facets.collect(),
            sideways,
            keep: self.keep,
            part: self.empty_part(),
            deadline: self.deadline.clone(),
            until_look: MATCHES,
            has_given_up: false,
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, parts: Vec<Part>) -> tantivy::Result<Gathered> {
        let mut whole = self.empty_part();
        for part in parts {
            whole.total += part.total;
            for (seen, also) in whole.seen.iter_mut().zip(part.seen) {
                *seen |= also;
            }
            whole.best.absorb(part.best);
            for (group, (total, best)) in part.groups {
                let (all, into) =
                    (whole.groups).entry(group).or_insert_with(|| (0, Best::new(self.keep.max(1))));
                *all += total;
                into.absorb(best);
            }
            for (counts, more) in whole.counts.iter_mut().zip(part.counts) {
                counts.add(more);
            }
            for (brought, more) in whole.brought.iter_mut().zip(part.brought) {
                for (brought, more) in brought.iter_mut().zip(more) {
                    brought.holding += more.holding;
                    brought.alone += more.alone;
                }
            }
        }
        let mut groups: Vec<(u32, GroupFound)> = whole
            .groups
            .into_iter()
            .map(|(group, (total, best))| {
                let best = best.into_sorted();
                (group, GroupFound { total, best })
            })
            .collect();
        groups.sort_unstable_by_key(|(group, found)| {
            (found.best.first().map(|found| found.key), *group)
        });
        Ok(Gathered {
            total: whole.total,
            reports: whole.seen.iter().filter(|seen| **seen).count(),
            best: whole.best.into_sorted(),
            groups,
            counts: whole.counts,
            brought: whole.brought,
        })
    }
}

impl Gather {
    fn empty_part(&self) -> Part {
        let is_grouped = self.group.is_some();
        let counts = self.facets.iter().map(|(_, counted)| match counted {
            Counted::Values(values) | Counted::Several(values) => {
                Counts::Values(vec![0; values.names.len()])
            }
            Counted::Years => Counts::Years(BTreeMap::new()),
        });
        let standing = self.standing.iter();
        Part {
            brought: standing
                .map(|standing| vec![Brought::default(); standing.also.len()])
                .collect(),
            total: 0,
            seen: vec![false; self.reports.names.len()],
            best: Best::new(if is_grouped { 0 } else { self.keep }),
            groups: FxHashMap::default(),
            counts: counts.collect(),
        }
    }
}

impl Counts {
    fn add(&mut self, other: Self) {
        match (self, other) {
            (Self::Values(counts), Self::Values(more)) => {
                for (count, more) in counts.iter_mut().zip(more) {
                    *count += more;
                }
            }
            (Self::Years(counts), Self::Years(more)) => {
                for (year, more) in more {
                    *counts.entry(year).or_default() += more;
                }
            }
            // Both sides are made from the same list of facets.
            (Self::Values(_), Self::Years(_)) | (Self::Years(_), Self::Values(_)) => {}
        }
    }
}

impl SegmentGather {
    fn count(&mut self, facet: usize, doc: DocId) {
        match (&self.facets[facet], &mut self.part.counts[facet]) {
            (CountedColumn::Values(column), Counts::Values(counts)) => {
                counts[column.of(doc) as usize] += 1;
            }
            (CountedColumn::Several(column), Counts::Values(counts)) => {
                for value in column.all_of(doc) {
                    counts[value as usize] += 1;
                }
            }
            (CountedColumn::Years, Counts::Years(counts)) => {
                let year = self.dates.get_val(doc) / 10_000;
                *counts.entry(year).or_default() += 1;
            }
            (CountedColumn::Values(_) | CountedColumn::Several(_), Counts::Years(_))
            | (CountedColumn::Years, Counts::Values(_)) => {}
        }
    }

    /// The number of the document's group, if there are groups: that of its value, or its year.
    fn group(&self, doc: DocId) -> Option<u32> {
        Some(match self.group.as_ref()? {
            CountedColumn::Values(column) | CountedColumn::Several(column) => column.of(doc),
            CountedColumn::Years => {
                u32::try_from(self.dates.get_val(doc) / 10_000).unwrap_or_default()
            }
        })
    }

    fn newest_first(&self, doc: DocId) -> u64 {
        END_OF_TIME.saturating_sub(self.dates.get_val(doc))
    }

    fn found(&self, doc: DocId, report: u32, score: Score) -> Found {
        let is_boilerplate = Some(self.kinds.of(doc)) == self.boilerplate;
        let first = match (self.sort, &self.authorities) {
            (Sort::Relevance, _) => first_by_relevance(score, is_boilerplate),
            (Sort::Authority, Some((authorities, absent))) => {
                let authority = Some(authorities.of(doc))
                    .filter(|authority| Some(*authority) != *absent)
                    .unwrap_or(u32::MAX);
                u64::from(authority) << 32 | self.newest_first(doc)
            }
            (Sort::Date | Sort::Authority, _) => self.newest_first(doc),
        };
        Found {
            key: (first, place(report, self.order.get_val(doc))),
            score,
            address: DocAddress::new(self.segment, doc),
        }
    }
}

impl SegmentCollector for SegmentGather {
    type Fruit = Part;

    fn collect(&mut self, doc: DocId, _: Score) {
        // Once time is up the engine cannot be stopped, but need not be listened to.
        if self.has_given_up {
            return;
        }
        self.until_look -= 1;
        if self.until_look == 0 {
            self.until_look = MATCHES;
            self.has_given_up = self.deadline.has_passed();
        }
        if !self.without.is_empty() && self.without.contains(&DocAddress::new(self.segment, doc)) {
            return;
        }
        let mut failed = (0..self.sideways.len()).filter(|at| !self.sideways[*at].0.contains(doc));
        if let Some(failing) = failed.next() {
            if failed.next().is_none() {
                for at in 0..self.sideways[failing].1.len() {
                    self.count(self.sideways[failing].1[at], doc);
                }
            }
            return;
        }
        self.part.total += 1;
        let report = self.reports.of(doc);
        self.part.seen[report as usize] = true;
        for facet in 0..self.facets.len() {
            self.count(facet, doc);
        }
        let address = DocAddress::new(self.segment, doc);
        for (standing, brought) in self.standing.iter().zip(&mut self.part.brought) {
            standing.tell(address, brought);
        }
        let group = self.group(doc);
        if self.keep == 0 && group.is_none() {
            return;
        }
        let score = settled(self.ranking.score(doc));
        if let Some(group) = group {
            let found = self.found(doc, report, score);
            let (total, best) =
                (self.part.groups).entry(group).or_insert_with(|| (0, Best::new(self.keep.max(1))));
            *total += 1;
            best.push(found);
            return;
        }
        // Most matches are out of the question by what is at hand, before any more is read of them.
        let cannot_belong = self.part.best.bar.is_some_and(|bar| {
            let first = match self.sort {
                Sort::Relevance => first_by_relevance(score, false),
                Sort::Date => self.newest_first(doc),
                Sort::Authority => return false,
            };
            (first, u64::from(report) << 32) > bar
        });
        if !cannot_belong {
            let found = self.found(doc, report, score);
            self.part.best.push(found);
        }
    }

    fn harvest(self) -> Part {
        self.part
    }
}
