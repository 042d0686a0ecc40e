//! Collects everything that a search answers, in one pass over its matches.
//!
//! Totals, facets and groups must be exact, so every match is visited and nothing is pruned; the
//! best hits are picked on the way. Matches come in blocks. For most, no more is read than the
//! report and the part of the score that shows that they are not among the best.
//!
//! For a facet that is itself filtered, the paragraphs that pass all *other* conditions are counted
//! as well, apart from the matches: those that a choice among its values leaves out, and those that
//! are excluded by one. Such filters are not part of the query but sets of documents that are
//! checked here: a paragraph that fails only one of them is counted for that facet alone.

use crate::answering::best::{Best, Found, first_by_change, first_by_relevance, place};
use crate::embedded::rank::{ExpansionCount, ExpansionPostings, Ranking, SegmentRanking};
use crate::embedded::store::values::{BLOCK, Block, Column, Numbers, Values};
use crate::planning::Narrowing;
use crate::ranking::settled;
use crate::records::{Attribute, Kind};
use crate::request::Deadline;
use crate::request::Sort;
use std::collections::HashSet;
use std::sync::Arc;
use tantivy::columnar::ColumnValues;
use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::{BitSet, DocAddress, DocId, Score, Searcher, SegmentReader, TantivyError};

/// Matches between two checks of the clock.
const MATCHES: usize = 4_096;

/// A date later than any other, for sorting dates in reverse.
const END_OF_TIME: u64 = 99_999_999;

/// What is counted for a facet.
#[derive(Clone)]
pub(crate) enum Counted {
    /// Values of a string column.
    Values(Arc<Values>),
    /// Values of which a paragraph may have several.
    Several(Arc<Values>),
    /// Calendar years.
    Years,
}

impl Counted {
    /// The name of a group by its number; empty for the group without a value.
    pub(crate) fn name(&self, number: u32) -> String {
        match self {
            Self::Values(values) | Self::Several(values) => values.names[number as usize].clone(),
            Self::Years if number == 0 => String::new(),
            Self::Years => number.to_string(),
        }
    }

    /// Names the groups that were counted.
    pub(crate) fn named(&self, counts: &[usize]) -> Vec<(String, usize)> {
        let counted = (0..).zip(counts).filter(|(_, count)| **count > 0);
        counted.map(|(number, count)| (self.name(number), *count)).collect()
    }

    fn column(&self, segment: u32) -> CountedColumn {
        match self {
            Self::Values(values) => CountedColumn::Values(values.column(segment)),
            Self::Several(values) => CountedColumn::Several(values.column(segment)),
            Self::Years => CountedColumn::Years,
        }
    }

    /// The initial number of counters.
    fn numbers(&self) -> usize {
        match self {
            Self::Values(values) | Self::Several(values) => values.names.len(),
            Self::Years => 0,
        }
    }
}

/// Counts of one facet, by the number of the value or by year.
pub(crate) type Counts = Vec<usize>;

/// Visits the matches of a search and collects what it asks for.
pub(crate) struct Collector {
    pub(crate) sort: Sort,
    /// How matches are scored.
    pub(crate) ranking: Arc<Ranking>,
    /// The parts of the tree that have synonyms.
    pub(crate) expansions: Arc<[ExpansionPostings]>,
    /// Documents to leave out: those that were found before.
    pub(crate) without: Arc<HashSet<DocAddress>>,
    /// Number of best matches to keep; with groups, of each group.
    pub(crate) keep: usize,
    pub(crate) reports: Arc<Values>,
    pub(crate) kinds: Arc<Values>,
    pub(crate) dates: Arc<Numbers>,
    pub(crate) orders: Arc<Numbers>,
    /// For [`Sort::Authority`].
    pub(crate) authorities: Option<Arc<Values>>,
    /// For [`Sort::Changed`].
    pub(crate) changed: Option<Arc<Numbers>>,
    /// What matches are grouped by.
    pub(crate) group: Option<Counted>,
    pub(crate) facets: Vec<(Attribute, Counted)>,
    /// By facet, for those with several values: whether the value of each number is excluded.
    pub(crate) excluded: Vec<Vec<bool>>,
    /// Filters on the facets that are counted, as what passes them: see the module's description.
    pub(crate) sideways: Vec<(Narrowing, Box<dyn Weight>)>,
    pub(crate) deadline: Deadline,
}

/// Matches of one group.
#[derive(Debug, Clone)]
pub(crate) struct GroupFound {
    pub(crate) total: usize,
    pub(crate) best: Vec<Found<DocAddress>>,
}

/// What a search collected.
pub(crate) struct Gathered {
    pub(crate) total: usize,
    pub(crate) reports: usize,
    pub(crate) best: Vec<Found<DocAddress>>,
    /// Groups with the numbers of their values or with their years; the group with the best hit
    /// first.
    pub(crate) groups: Vec<(u32, GroupFound)>,
    pub(crate) counts: Vec<Counts>,
    /// By facet, the counts of paragraphs that fail the choice among its values and nothing else.
    pub(crate) others: Vec<Counts>,
    /// By facet, the counts of paragraphs that have excluded values and fail nothing else; of
    /// several values, those with only one that is excluded.
    pub(crate) excluded: Vec<Counts>,
    /// For each of [`Collector::expansions`]: the number of matches that contain each synonym.
    pub(crate) expansions: Vec<Vec<ExpansionCount>>,
}

/// What was collected so far.
struct Part {
    expansions: Vec<Vec<ExpansionCount>>,
    total: usize,
    seen: Vec<bool>,
    best: Best<DocAddress>,
    groups: Groups,
    counts: Vec<Counts>,
    others: Vec<Counts>,
    excluded: Vec<Counts>,
}

/// Groups met so far.
#[derive(Default)]
struct Groups {
    /// By number of the group: its place in `met` plus one; 0 for a group that was not met.
    places: Vec<u32>,
    met: Vec<(u32, usize, Best<DocAddress>)>,
}

impl Groups {
    /// Counts one more match of a group and returns its best matches.
    fn count(&mut self, number: u32, keep: usize) -> &mut Best<DocAddress> {
        let at = number as usize;
        if at >= self.places.len() {
            self.places.resize(at + 1, 0);
        }
        if self.places[at] == 0 {
            self.met.push((number, 0, Best::new(keep)));
            self.places[at] = u32::try_from(self.met.len()).unwrap_or(u32::MAX);
        }
        let (_, total, best) = &mut self.met[self.places[at] as usize - 1];
        *total += 1;
        best
    }
}

enum CountedColumn {
    Values(Column),
    Several(Column),
    Years,
}

/// Collects from one segment.
struct SegmentCollector<'a> {
    collector: &'a Collector,
    segment: u32,
    /// Set if the best matches are asked for.
    ranking: Option<SegmentRanking>,
    reports: Column,
    kinds: Column,
    boilerplate: Option<u32>,
    /// The authorities' column, and the number of the missing value, which sorts last.
    authorities: Option<(Column, Option<u32>)>,
    changed: Option<Arc<dyn ColumnValues<u64>>>,
    orders: Arc<dyn ColumnValues<u64>>,
    dates: Arc<dyn ColumnValues<u64>>,
    group: Option<CountedColumn>,
    facets: Vec<CountedColumn>,
    /// The documents that pass each filter, and the positions in `facets` that belong to it.
    sideways: Vec<(Narrowing, BitSet, Vec<usize>)>,
    part: &'a mut Part,
    until_look: usize,
    has_given_up: bool,
}

impl Collector {
    /// Visits every live document that a query finds.
    pub(crate) fn run(&self, searcher: &Searcher, query: &dyn Query) -> tantivy::Result<Gathered> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
        let is_grouped = self.group.is_some();
        let none: Vec<Counts> =
            self.facets.iter().map(|(_, counted)| vec![0; counted.numbers()]).collect();
        let mut part = Part {
            expansions: self.expansions.iter().map(ExpansionPostings::no_counts).collect(),
            total: 0,
            seen: vec![false; self.reports.names.len()],
            best: Best::new(if is_grouped { 0 } else { self.keep }),
            groups: Groups::default(),
            others: none.clone(),
            excluded: none.clone(),
            counts: none,
        };
        for (number, reader) in (0..).zip(searcher.segment_readers()) {
            let mut segment = self.segment(number, reader, &mut part)?;
            weight.for_each_no_score(reader, &mut |docs| {
                for docs in docs.chunks(BLOCK) {
                    segment.collect(docs, reader);
                }
            })?;
        }
        Ok(self.gathered(part))
    }

    fn segment<'a>(
        &'a self,
        segment: u32,
        reader: &SegmentReader,
        part: &'a mut Part,
    ) -> tantivy::Result<SegmentCollector<'a>> {
        if self.deadline.has_passed() {
            return Err(TantivyError::InternalError("the time for the search is up".to_owned()));
        }
        let mut sideways = Vec::with_capacity(self.sideways.len());
        for (narrowing, weight) in &self.sideways {
            let mut holds = BitSet::with_max_value(reader.max_doc());
            weight.for_each_no_score(reader, &mut |docs| {
                for doc in docs {
                    holds.insert(*doc);
                }
            })?;
            let (Narrowing::Chosen(facet) | Narrowing::Excluded(facet)) = narrowing;
            let own = self.facets.iter().enumerate().filter(|(_, (f, _))| f == facet);
            sideways.push((*narrowing, holds, own.map(|(at, _)| at).collect()));
        }
        let is_ranked = self.keep > 0 || self.group.is_some();
        let ranking = is_ranked.then(|| self.ranking.for_segment(segment, reader)).transpose()?;
        let facets = self.facets.iter().map(|(_, counted)| counted.column(segment));
        Ok(SegmentCollector {
            collector: self,
            segment,
            ranking,
            reports: self.reports.column(segment),
            kinds: self.kinds.column(segment),
            boilerplate: self.kinds.number(Kind::Boilerplate.name()),
            authorities: (self.authorities.as_ref())
                .map(|values| (values.column(segment), values.number(""))),
            changed: self.changed.as_ref().map(|numbers| numbers.column(segment)),
            orders: self.orders.column(segment),
            dates: self.dates.column(segment),
            group: self.group.as_ref().map(|counted| counted.column(segment)),
            facets: facets.collect(),
            sideways,
            part,
            until_look: MATCHES,
            has_given_up: false,
        })
    }

    fn gathered(&self, part: Part) -> Gathered {
        let met = part.groups.met.into_iter();
        let mut groups: Vec<(u32, GroupFound)> = met
            .map(|(group, total, best)| (group, GroupFound { total, best: best.into_sorted() }))
            .collect();
        groups.sort_unstable_by_key(|(group, found)| {
            (found.best.first().map(|found| found.key), *group)
        });
        Gathered {
            total: part.total,
            reports: part.seen.iter().filter(|seen| **seen).count(),
            best: part.best.into_sorted(),
            groups,
            counts: part.counts,
            others: part.others,
            excluded: part.excluded,
            expansions: part.expansions,
        }
    }
}

impl SegmentCollector<'_> {
    /// Processes a block of documents; blocks come in order.
    fn collect(&mut self, docs: &[DocId], reader: &SegmentReader) {
        // The engine cannot be stopped once time is up, but its further matches are ignored.
        if self.has_given_up {
            return;
        }
        if self.until_look <= docs.len() {
            self.until_look = MATCHES;
            self.has_given_up = self.collector.deadline.has_passed();
        } else {
            self.until_look -= docs.len();
        }
        let is_chosen =
            reader.has_deletes() || !self.collector.without.is_empty() || !self.sideways.is_empty();
        if !is_chosen {
            self.take(docs);
            return;
        }
        let mut chosen = [0; BLOCK];
        let mut count = 0;
        for doc in docs {
            if !reader.is_deleted(*doc) && self.is_taken(*doc) {
                chosen[count] = *doc;
                count += 1;
            }
        }
        self.take(&chosen[..count]);
    }

    /// Whether a live document counts as a match. If only the filter of one facet excludes it, it
    /// is counted for that facet.
    fn is_taken(&mut self, doc: DocId) -> bool {
        let without = &self.collector.without;
        if !without.is_empty() && without.contains(&DocAddress::new(self.segment, doc)) {
            return false;
        }
        let mut failed = self.sideways.iter().filter(|(_, passing, _)| !passing.contains(doc));
        let Some((narrowing, _, own)) = failed.next() else { return true };
        if failed.next().is_some() {
            return false;
        }
        for at in own {
            let (facet, excluded) = (&self.facets[*at], &self.collector.excluded[*at]);
            match narrowing {
                Narrowing::Chosen(_) => {
                    facet.count(&self.dates, &[doc], &mut self.part.others[*at]);
                }
                Narrowing::Excluded(_) => {
                    let counts = &mut self.part.excluded[*at];
                    facet.count_excluded(&self.dates, doc, excluded, counts);
                }
            }
        }
        false
    }

    /// Counts matches and keeps the best.
    fn take(&mut self, docs: &[DocId]) {
        self.part.total += docs.len();
        let mut block = [0; BLOCK];
        let reports = self.reports.of_all(docs, &mut block);
        for report in reports {
            self.part.seen[*report as usize] = true;
        }
        for (facet, counts) in self.facets.iter().zip(&mut self.part.counts) {
            facet.count(&self.dates, docs, counts);
        }
        for (postings, counts) in self.collector.expansions.iter().zip(&mut self.part.expansions) {
            for doc in docs {
                postings.count(DocAddress::new(self.segment, *doc), counts);
            }
        }
        self.keep_best(docs, reports);
    }

    fn keep_best(&mut self, docs: &[DocId], reports: &[u32]) {
        let Some(ranking) = &mut self.ranking else { return };
        let by_relevance = matches!(self.collector.sort, Sort::Relevance);
        let mut scores: Block<Score> = [0.0; BLOCK];
        if by_relevance {
            ranking.at_most(docs, &mut scores);
        }
        let mut numbers = [0; BLOCK];
        let groups = self.group.as_ref().map(|group| group.of_all(&self.dates, docs, &mut numbers));
        for (at, (doc, report)) in docs.iter().copied().zip(reports.iter().copied()).enumerate() {
            let newest_first = || END_OF_TIME.saturating_sub(self.dates.get_val(doc));
            let first = match (self.collector.sort, &self.authorities, &self.changed) {
                (Sort::Relevance, ..) => first_by_relevance(settled(scores[at]), false),
                (Sort::Changed, _, Some(changed)) => {
                    first_by_change(changed.get_val(doc), self.dates.get_val(doc))
                }
                (Sort::Authority, Some((authorities, absent)), _) => {
                    let authority = Some(authorities.of(doc))
                        .filter(|authority| Some(*authority) != *absent)
                        .unwrap_or(u32::MAX);
                    u64::from(authority) << 32 | newest_first()
                }
                (Sort::Date | Sort::Authority | Sort::Changed, ..) => newest_first(),
            };
            let best = match groups {
                Some(groups) => self.part.groups.count(groups[at], self.collector.keep.max(1)),
                None => &mut self.part.best,
            };
            // Most matches are ruled out by what is already known, before any more is read.
            if best.is_closed_to((first, place(report, 0))) {
                continue;
            }
            if !by_relevance {
                ranking.at_most(&[doc], &mut scores[at..]);
            }
            let kind = self.kinds.of(doc);
            let score = settled(ranking.of_kind(scores[at], kind));
            let first = if by_relevance {
                first_by_relevance(score, Some(kind) == self.boilerplate)
            } else {
                first
            };
            let key = (first, place(report, self.orders.get_val(doc)));
            best.push(Found { key, score, address: DocAddress::new(self.segment, doc) });
        }
    }
}

/// The years of a block of documents, as numbers.
fn years<'b>(
    dates: &Arc<dyn ColumnValues<u64>>,
    docs: &[DocId],
    block: &'b mut Block<u32>,
) -> &'b [u32] {
    let mut days = [0; BLOCK];
    let (days, block) = (&mut days[..docs.len()], &mut block[..docs.len()]);
    dates.get_vals(docs, days);
    for (year, day) in block.iter_mut().zip(days) {
        *year = u32::try_from(*day / 10_000).unwrap_or_default();
    }
    block
}

impl CountedColumn {
    /// The number of each document's value (the first if it has several), or its year.
    fn of_all<'b>(
        &self,
        dates: &Arc<dyn ColumnValues<u64>>,
        docs: &[DocId],
        block: &'b mut Block<u32>,
    ) -> &'b [u32] {
        match self {
            Self::Values(column) | Self::Several(column) => column.of_all(docs, block),
            Self::Years => years(dates, docs, block),
        }
    }

    /// Counts a document that has an excluded value, unless it has several.
    fn count_excluded(
        &self,
        dates: &Arc<dyn ColumnValues<u64>>,
        doc: DocId,
        excluded: &[bool],
        counts: &mut Counts,
    ) {
        let Self::Several(column) = self else {
            self.count(dates, &[doc], counts);
            return;
        };
        let is_excluded = |value: &u32| excluded.get(*value as usize) == Some(&true);
        let mut own = column.all_of(doc).filter(is_excluded);
        let Some(first) = own.next() else { return };
        if own.all(|other| other == first) {
            counts[first as usize] += 1;
        }
    }

    fn count(&self, dates: &Arc<dyn ColumnValues<u64>>, docs: &[DocId], counts: &mut Counts) {
        if let Self::Several(column) = self {
            for value in docs.iter().flat_map(|doc| column.all_of(*doc)) {
                counts[value as usize] += 1;
            }
            return;
        }
        let mut block = [0; BLOCK];
        for number in self.of_all(dates, docs, &mut block) {
            let at = *number as usize;
            if at >= counts.len() {
                counts.resize(at + 1, 0);
            }
            counts[at] += 1;
        }
    }
}
