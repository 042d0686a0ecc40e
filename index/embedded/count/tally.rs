//! Counts paragraphs by group, in one pass over the eligible ones and one over the matches.
//!
//! Both passes use the same counters, so that a share and its whole count the same paragraphs.
//! Groups are identified by numbers common to all segments; values that belong to a report are read
//! once per report.

use crate::answering::best::{Best, Found};
use crate::embedded::rank::{ExpansionCount, ExpansionPostings, Ranking};
use crate::embedded::store::schema::{GRADE_RANK, OVERALL_RANK};
use crate::embedded::store::values::{BLOCK, Column, Numbers, Values};
use crate::language::words;
use crate::ranking::settled;
use crate::records::{Attribute, Kind, ValueForm};
use crate::request::Deadline;
use crate::request::compare::{Count, GradeCount, Tally};
use rustc_hash::FxHashMap;
use std::collections::HashMap;
use std::sync::Arc;
use tantivy::columnar::{self, ColumnValues};
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, SegmentReader};

/// Maximum number of the best matches of one report in one group that can be returned.
const PER_REPORT: usize = 3;

/// The values of a group, one or two numbers.
pub(crate) type Key = [u32; 2];

/// How paragraphs are grouped by one dimension.
pub(crate) enum Grouping {
    /// By the values of a column. Values that a filter cannot distinguish have the same number.
    /// `follows` says whether the value follows from a paragraph's report, kind and grade.
    Values { values: Arc<Values>, common: Vec<u32>, follows: bool },
    /// By year, 0 for none.
    Year,
}

impl Grouping {
    pub(crate) fn new(dimension: Attribute, values: Arc<Values>) -> Self {
        let is_told_by_key = dimension.form() == ValueForm::Name;
        let mut first: HashMap<String, u32> = HashMap::new();
        let numbered = (0..).zip(&values.names);
        let common = numbered
            .map(|(number, name)| {
                let key = if is_told_by_key { words::key(name) } else { name.clone() };
                *first.entry(key).or_insert(number)
            })
            .collect();
        // Values of reports, kinds and grades follow from columns that are always read.
        let follows =
            dimension.is_of_reports() || matches!(dimension, Attribute::Kind | Attribute::Grade);
        Self::Values { values, common, follows }
    }

    /// The value of a group's number.
    pub(crate) fn name(&self, number: u32) -> Option<String> {
        match self {
            Self::Values { values, .. } => {
                values.names.get(number as usize).filter(|name| !name.is_empty()).cloned()
            }
            Self::Year => (number > 0).then(|| number.to_string()),
        }
    }
}

/// Counters of some paragraphs.
#[derive(Default)]
pub(crate) struct Counter {
    paragraphs: usize,
    words: u64,
    /// Counts by the number of the kind.
    kinds: Vec<usize>,
    /// Counts by label and rank; few enough for a linear search.
    grades: Vec<((u32, Option<u8>), usize)>,
    /// Paragraphs by the number of their report.
    reports: Keyed<u32, usize>,
}

impl Counter {
    fn add(&mut self, run: &Run) {
        let Stand { report, kind, grade, .. } = run.stand;
        self.paragraphs += run.paragraphs;
        self.words += run.words;
        let kind = kind as usize;
        if kind >= self.kinds.len() {
            self.kinds.resize(kind + 1, 0);
        }
        self.kinds[kind] += run.paragraphs;
        match self.grades.iter_mut().find(|(held, _)| *held == grade) {
            Some((_, count)) => *count += run.paragraphs,
            None => self.grades.push((grade, run.paragraphs)),
        }
        *self.reports.of(report, || 0) += run.paragraphs;
    }

    fn count(&self, kinds: &Values, labels: &Values) -> Count {
        let name = |values: &Values, number: u32| values.names.get(number as usize).cloned();
        let named = |kind: Kind| kinds.number(kind.name()).and_then(|n| self.kinds.get(n as usize));
        let counted = Kind::ALL.into_iter().filter_map(|kind| Some((kind, *named(kind)?)));
        let kinds = counted.filter(|(_, count)| *count > 0).collect();
        let mut grades: Vec<GradeCount> = self
            .grades
            .iter()
            .map(|((label, rank), paragraphs)| GradeCount {
                label: name(labels, *label).filter(|label| !label.is_empty()),
                rank: *rank,
                paragraphs: *paragraphs,
            })
            .collect();
        grades.sort_by(|a, b| {
            let order =
                |g: &GradeCount| (g.label.is_none(), g.rank.is_none(), g.rank, g.label.clone());
            order(a).cmp(&order(b))
        });
        Count {
            reports: self.reports.all.len(),
            paragraphs: self.paragraphs,
            words: self.words,
            kinds,
            grades,
        }
    }

    /// The best rank of a label.
    pub(crate) fn rank(&self, label: u32) -> Option<u8> {
        let own = self.grades.iter().filter(|((own, _), _)| *own == label);
        own.filter_map(|((_, rank), _)| *rank).min()
    }
}

/// The eligible paragraphs and the matching ones.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) eligible: Counter,
    pub(crate) matching: Counter,
}

impl Counters {
    pub(crate) fn tally(&self, kinds: &Values, labels: &Values) -> Tally {
        Tally {
            eligible: self.eligible.count(kinds, labels),
            matching: self.matching.count(kinds, labels),
        }
    }

    /// Eligible and matching paragraphs by the number of their report, in no order.
    pub(crate) fn by_report(&self) -> impl Iterator<Item = (u32, usize, usize)> {
        let matching: FxHashMap<u32, usize> = self.matching.reports.iter().copied().collect();
        self.eligible.reports.iter().map(move |(report, eligible)| {
            (*report, *eligible, matching.get(report).copied().unwrap_or(0))
        })
    }
}

/// Items identified by a key. Successive paragraphs mostly have the same key, so the last one is
/// remembered: looking it up would cost more than all the counting.
pub(crate) struct Keyed<K, T> {
    places: FxHashMap<K, usize>,
    all: Vec<(K, T)>,
    last: usize,
}

impl<K, T> Default for Keyed<K, T> {
    fn default() -> Self {
        Self { places: FxHashMap::default(), all: Vec::new(), last: 0 }
    }
}

impl<K: Copy + Eq + std::hash::Hash, T> Keyed<K, T> {
    fn of(&mut self, key: K, make: impl FnOnce() -> T) -> &mut T {
        if self.all.get(self.last).is_none_or(|(last, _)| *last != key) {
            self.last = *self.places.entry(key).or_insert_with(|| {
                self.all.push((key, make()));
                self.all.len() - 1
            });
        }
        &mut self.all[self.last].1
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &(K, T)> {
        self.all.iter()
    }
}

/// What is known about a report once one of its paragraphs has been met.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReportRow {
    pub(crate) authority: u32,
    pub(crate) region: u32,
    pub(crate) framework: u32,
    pub(crate) visit: u32,
    pub(crate) overall: u32,
    pub(crate) overall_rank: Option<u8>,
    pub(crate) date: u64,
    pub(crate) eligible: usize,
    pub(crate) words: u64,
    pub(crate) matching: usize,
}

/// The columns that counting needs.
pub(crate) struct Columns {
    pub(crate) reports: Arc<Values>,
    pub(crate) authorities: Arc<Values>,
    pub(crate) regions: Arc<Values>,
    pub(crate) frameworks: Arc<Values>,
    pub(crate) visits: Arc<Values>,
    pub(crate) overalls: Arc<Values>,
    pub(crate) grades: Arc<Values>,
    pub(crate) kinds: Arc<Values>,
    pub(crate) dates: Arc<Numbers>,
    pub(crate) orders: Arc<Numbers>,
    pub(crate) words: Arc<Numbers>,
}

/// Where a paragraph belongs. Everything that is counted for it, except its words, follows from
/// this.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stand {
    report: u32,
    kind: u32,
    grade: (u32, Option<u8>),
    /// The other values it is grouped by; 0 if there are none.
    apart: [u32; 2],
}

/// Successive paragraphs that belong to the same place. They are counted together: finding out
/// where a paragraph belongs is cheap compared with looking up its counters.
struct Run {
    stand: Stand,
    /// The first of them.
    first: DocId,
    paragraphs: usize,
    words: u64,
}

/// The columns of one segment.
struct Segment {
    reports: Column,
    authorities: Column,
    regions: Column,
    frameworks: Column,
    visits: Column,
    overalls: Column,
    grades: Column,
    kinds: Column,
    grade_ranks: columnar::Column<u64>,
    overall_ranks: columnar::Column<u64>,
    dates: Arc<dyn ColumnValues<u64>>,
    orders: Arc<dyn ColumnValues<u64>>,
    words: Arc<dyn ColumnValues<u64>>,
    /// The column of each dimension; `None` is the year.
    by: Vec<Option<Column>>,
    /// The columns of the dimensions that do not follow from report, kind and grade.
    apart: [Option<Column>; 2],
}

/// Everything that is counted.
pub(crate) struct Counting<'a> {
    pub(crate) columns: &'a Columns,
    pub(crate) by: &'a [Grouping],
    /// Number of candidates for each group of the first dimension; 0 for none.
    pub(crate) candidates: usize,
    pub(crate) whole: Counters,
    /// Groups by the first, by the second, and by both dimensions.
    pub(crate) groups: [Keyed<Key, Counters>; 3],
    /// The reports, by number.
    pub(crate) reports: Keyed<u32, ReportRow>,
    best: FxHashMap<(u32, u32), Best<DocAddress>>,
    /// The parts of the tree that have synonyms, and how many matches contain each synonym.
    pub(crate) expansions: &'a [ExpansionPostings],
    pub(crate) expansion_counts: Vec<Vec<ExpansionCount>>,
    deadline: &'a Deadline,
}

impl<'a> Counting<'a> {
    pub(crate) fn new(
        columns: &'a Columns,
        by: &'a [Grouping],
        candidates: usize,
        expansions: &'a [ExpansionPostings],
        deadline: &'a Deadline,
    ) -> Self {
        Self {
            columns,
            by,
            candidates,
            whole: Counters::default(),
            groups: Default::default(),
            reports: Keyed::default(),
            best: FxHashMap::default(),
            expansions,
            expansion_counts: expansions.iter().map(ExpansionPostings::no_counts).collect(),
            deadline,
        }
    }

    fn segment(&self, number: u32, reader: &SegmentReader) -> tantivy::Result<Segment> {
        let fast = reader.fast_fields();
        let columns = self.columns;
        let mut apart = self.by.iter().filter_map(|grouping| match grouping {
            Grouping::Values { values, follows: false, .. } => Some(values.column(number)),
            Grouping::Values { .. } | Grouping::Year => None,
        });
        Ok(Segment {
            reports: columns.reports.column(number),
            authorities: columns.authorities.column(number),
            regions: columns.regions.column(number),
            frameworks: columns.frameworks.column(number),
            visits: columns.visits.column(number),
            overalls: columns.overalls.column(number),
            grades: columns.grades.column(number),
            kinds: columns.kinds.column(number),
            grade_ranks: fast.u64(GRADE_RANK)?,
            overall_ranks: fast.u64(OVERALL_RANK)?,
            dates: columns.dates.column(number),
            orders: columns.orders.column(number),
            words: columns.words.column(number),
            apart: [apart.next(), apart.next()],
            by: (self.by.iter())
                .map(|grouping| match grouping {
                    Grouping::Values { values, .. } => Some(values.column(number)),
                    Grouping::Year => None,
                })
                .collect(),
        })
    }

    /// Counts one segment: what `eligible` finds, and what `matching` finds of it.
    pub(crate) fn count(
        &mut self,
        (number, reader): (u32, &SegmentReader),
        eligible: &dyn Weight,
        matching: &dyn Weight,
        ranking: &Ranking,
    ) -> tantivy::Result<()> {
        let segment = self.segment(number, reader)?;
        let deadline = self.deadline.clone();
        eligible.for_each_no_score(reader, &mut |docs| {
            if deadline.has_passed() {
                return;
            }
            segment.runs(docs, reader, |run, _| self.add_eligible(&segment, run));
        })?;
        let is_ranked = self.candidates > 0;
        let mut ranking = is_ranked.then(|| ranking.for_segment(number, reader)).transpose()?;
        matching.for_each_no_score(reader, &mut |docs| {
            if deadline.has_passed() {
                return;
            }
            segment.runs(docs, reader, |run, docs| {
                let group = self.add_matching(&segment, run);
                for doc in docs {
                    let address = DocAddress::new(number, *doc);
                    for (postings, counts) in self.expansions.iter().zip(&mut self.expansion_counts)
                    {
                        postings.count(address, counts);
                    }
                    if let (Some(group), Some(ranking)) = (group, &mut ranking) {
                        let place = (run.stand.report, segment.orders.get_val(*doc));
                        let score = settled(ranking.score(*doc));
                        let found = Found::by_relevance(score, false, place, address);
                        let best = self.best.entry((group, run.stand.report));
                        best.or_insert_with(|| Best::new(PER_REPORT)).push(found);
                    }
                }
            });
        })?;
        Ok(())
    }

    fn add_eligible(&mut self, segment: &Segment, run: &Run) {
        self.whole.eligible.add(run);
        for (groups, key) in self.groups.iter_mut().zip(segment.keys(self.by, run.first)) {
            groups.of(key, Counters::default).eligible.add(run);
        }
        let row = self.reports.of(run.stand.report, || segment.report(run.first));
        row.eligible += run.paragraphs;
        row.words += run.words;
    }

    /// Counts matches; returns their group in the first dimension.
    fn add_matching(&mut self, segment: &Segment, run: &Run) -> Option<u32> {
        self.whole.matching.add(run);
        let mut first = None;
        for (groups, key) in self.groups.iter_mut().zip(segment.keys(self.by, run.first)) {
            first = first.or(Some(key[0]));
            groups.of(key, Counters::default).matching.add(run);
        }
        self.reports.of(run.stand.report, || segment.report(run.first)).matching += run.paragraphs;
        first
    }

    /// Returns the best matches of each group of the first dimension: the best of each report, then
    /// the second best of each.
    pub(crate) fn best(&mut self) -> FxHashMap<u32, Vec<Found<DocAddress>>> {
        let mut rounds: FxHashMap<u32, Vec<(usize, Found<DocAddress>)>> = FxHashMap::default();
        for ((group, _), best) in self.best.drain() {
            let found = best.into_sorted().into_iter().enumerate();
            rounds.entry(group).or_default().extend(found);
        }
        let keep = self.candidates;
        let in_order = rounds.into_iter().map(|(group, mut found)| {
            found.sort_unstable_by_key(|(round, found)| (*round, found.key));
            (group, found.into_iter().take(keep).map(|(_, found)| found).collect())
        });
        in_order.collect()
    }
}

fn rank(column: &columnar::Column<u64>, doc: DocId) -> Option<u8> {
    column.first(doc).and_then(|rank| u8::try_from(rank).ok())
}

impl Segment {
    /// Passes the live documents to `visit`, run by run.
    fn runs(&self, docs: &[DocId], reader: &SegmentReader, mut visit: impl FnMut(&Run, &[DocId])) {
        let mut living = [0; BLOCK];
        for docs in docs.chunks(BLOCK) {
            if !reader.has_deletes() {
                self.runs_of_block(docs, &mut visit);
                continue;
            }
            let mut count = 0;
            for doc in docs.iter().filter(|doc| !reader.is_deleted(**doc)) {
                living[count] = *doc;
                count += 1;
            }
            self.runs_of_block(&living[..count], &mut visit);
        }
    }

    fn runs_of_block(&self, docs: &[DocId], visit: &mut impl FnMut(&Run, &[DocId])) {
        let [mut reports, mut kinds, mut grades, mut first, mut second] = [[0; BLOCK]; 5];
        let reports = self.reports.of_all(docs, &mut reports);
        let kinds = self.kinds.of_all(docs, &mut kinds);
        let grades = self.grades.of_all(docs, &mut grades);
        let [one, other] = &self.apart;
        let apart = [
            one.as_ref().map(|column| column.of_all(docs, &mut first)),
            other.as_ref().map(|column| column.of_all(docs, &mut second)),
        ];
        let mut ranks = [None; BLOCK];
        self.grade_ranks.first_vals(docs, &mut ranks[..docs.len()]);
        let mut words = [0; BLOCK];
        self.words.get_vals(docs, &mut words[..docs.len()]);
        let stand = |at: usize| Stand {
            report: reports[at],
            kind: kinds[at],
            grade: (grades[at], ranks[at].and_then(|rank| u8::try_from(rank).ok())),
            apart: apart.map(|values| values.map_or(0, |values| values[at])),
        };
        let mut start = 0;
        while start < docs.len() {
            let here = stand(start);
            let more = (start + 1..docs.len()).take_while(|at| stand(*at) == here).count();
            let end = start + 1 + more;
            let run = Run {
                stand: here,
                first: docs[start],
                paragraphs: end - start,
                words: words[start..end].iter().sum(),
            };
            visit(&run, &docs[start..end]);
            start = end;
        }
    }

    fn report(&self, doc: DocId) -> ReportRow {
        ReportRow {
            authority: self.authorities.of(doc),
            region: self.regions.of(doc),
            framework: self.frameworks.of(doc),
            visit: self.visits.of(doc),
            overall: self.overalls.of(doc),
            overall_rank: rank(&self.overall_ranks, doc),
            date: self.dates.get_val(doc),
            eligible: 0,
            words: 0,
            matching: 0,
        }
    }

    fn value(&self, grouping: &Grouping, at: usize, doc: DocId) -> u32 {
        match (grouping, self.by.get(at)) {
            (Grouping::Values { common, .. }, Some(Some(column))) => {
                common.get(column.of(doc) as usize).copied().unwrap_or(0)
            }
            (Grouping::Values { .. } | Grouping::Year, _) => {
                u32::try_from(self.dates.get_val(doc) / 10_000).unwrap_or(0)
            }
        }
    }

    /// The keys of a paragraph by the first, the second and both dimensions, as far as they exist.
    fn keys(&self, by: &[Grouping], doc: DocId) -> impl Iterator<Item = Key> + use<> {
        let mut values = by.iter().enumerate().map(|(at, by)| self.value(by, at, doc));
        let (first, second) = (values.next(), values.next());
        let one = first.map(|first| [first, 0]);
        let other = second.map(|second| [second, 0]);
        let both = first.zip(second).map(|(first, second)| [first, second]);
        [one, other, both].into_iter().flatten()
    }
}
