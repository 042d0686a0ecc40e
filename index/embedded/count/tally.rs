//! Counts paragraphs by group, in one pass over the eligible ones and one over the matches.
//!
//! Groups are identified by numbers common to all segments; values that belong to a report are read
//! once per report.

use crate::answering::best::Found;
use crate::answering::comparison::{Comparison, ReportRow};
use crate::answering::quotations::Quotations;
use crate::answering::tally::{Grouping, Key, Names, Run, Stand, keys};
use crate::embedded::rank::{ExpansionCount, ExpansionPostings, Ranking};
use crate::embedded::store::schema::{GRADE_RANK, OVERALL_RANK};
use crate::embedded::store::values::{BLOCK, Column, Numbers, Values};
use crate::ranking::settled;
use crate::records::Attribute;
use crate::request::Deadline;
use std::sync::Arc;
use tantivy::columnar::{self, ColumnValues};
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, SegmentReader};

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

impl Columns {
    /// The names of the values.
    pub(crate) fn names(&self) -> Names<'_> {
        Names {
            reports: &self.reports.names,
            authorities: &self.authorities.names,
            regions: &self.regions.names,
            frameworks: &self.frameworks.names,
            visits: &self.visits.names,
            overalls: &self.overalls.names,
            grades: &self.grades.names,
            kinds: &self.kinds.names,
        }
    }
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

/// What is compared by.
#[derive(Clone, Copy)]
pub(crate) struct Dimensions<'a> {
    pub(crate) attributes: &'a [Attribute],
    pub(crate) by: &'a [Grouping<'a>],
    /// The values of each; `None` is the year.
    pub(crate) values: &'a [Option<Arc<Values>>],
}

/// Everything that is counted.
pub(crate) struct Counting<'a> {
    columns: &'a Columns,
    dimensions: Dimensions<'a>,
    pub(crate) comparison: Comparison<'a>,
    pub(crate) quotations: Quotations<DocAddress>,
    /// The parts of the tree that have synonyms, and how many matches contain each synonym.
    pub(crate) expansions: &'a [ExpansionPostings],
    pub(crate) expansion_counts: Vec<Vec<ExpansionCount>>,
    deadline: &'a Deadline,
}

impl<'a> Counting<'a> {
    /// Keeps so many candidates for each group of the first dimension; 0 for none.
    pub(crate) fn new(
        columns: &'a Columns,
        dimensions: Dimensions<'a>,
        candidates: usize,
        expansions: &'a [ExpansionPostings],
        deadline: &'a Deadline,
    ) -> Self {
        Self {
            columns,
            dimensions,
            comparison: Comparison::new(columns.names(), dimensions.attributes, dimensions.by),
            quotations: Quotations::new(candidates),
            expansions,
            expansion_counts: expansions.iter().map(ExpansionPostings::no_counts).collect(),
            deadline,
        }
    }

    fn segment(&self, number: u32, reader: &SegmentReader) -> tantivy::Result<Segment> {
        let fast = reader.fast_fields();
        let columns = self.columns;
        let Dimensions { by, values, .. } = self.dimensions;
        let column = |values: &Option<Arc<Values>>| Some(values.as_ref()?.column(number));
        let mut apart = by.iter().zip(values).filter_map(|(grouping, values)| match grouping {
            Grouping::Values { follows: false, .. } => column(values),
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
            by: values.iter().map(column).collect(),
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
        let (deadline, by) = (self.deadline.clone(), self.dimensions.by);
        eligible.for_each_no_score(reader, &mut |docs| {
            if deadline.has_passed() {
                return;
            }
            segment.runs(docs, reader, |run, docs| {
                let (keys, row) = (segment.keys(by, docs[0]), || segment.report(docs[0]));
                self.comparison.add_eligible(run, keys, row);
            });
        })?;
        let is_ranked = self.quotations.is_wanted();
        let mut ranking = is_ranked.then(|| ranking.for_segment(number, reader)).transpose()?;
        matching.for_each_no_score(reader, &mut |docs| {
            if deadline.has_passed() {
                return;
            }
            segment.runs(docs, reader, |run, docs| {
                let (keys, row) = (segment.keys(by, docs[0]), || segment.report(docs[0]));
                let group = self.comparison.add_matching(run, keys, row);
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
                        self.quotations.push(group, run.stand.report, found);
                    }
                }
            });
        })?;
        Ok(())
    }
}

fn rank(column: &columnar::Column<u64>, doc: DocId) -> Option<u8> {
    column.first(doc).and_then(|rank| u8::try_from(rank).ok())
}

impl Segment {
    /// Passes the live documents to `visit`, run by run: successive paragraphs that belong to the
    /// same place and, where this does not follow from it, to the same groups.
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
        };
        let place =
            |at: usize| (stand(at), apart.map(|values| values.map_or(0, |values| values[at])));
        let mut start = 0;
        while start < docs.len() {
            let here = place(start);
            let more = (start + 1..docs.len()).take_while(|at| place(*at) == here).count();
            let end = start + 1 + more;
            let run = Run {
                stand: here.0,
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
        }
    }

    /// The number of the group of a paragraph in a dimension.
    fn group(&self, grouping: &Grouping<'_>, at: usize, doc: DocId) -> u32 {
        grouping.group(match self.by.get(at) {
            Some(Some(column)) => column.of(doc),
            _ => u32::try_from(self.dates.get_val(doc) / 10_000).unwrap_or(0),
        })
    }

    /// The keys of a paragraph by the first, the second and both dimensions, as far as they exist.
    fn keys(&self, by: &[Grouping<'_>], doc: DocId) -> impl Iterator<Item = Key> + use<> {
        let mut groups = by.iter().enumerate().map(|(at, by)| self.group(by, at, doc));
        let (first, second) = (groups.next(), groups.next());
        keys(first, second)
    }
}
