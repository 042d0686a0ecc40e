//! Runs of eligible and of matching paragraphs -> the groups, cells and reports of a comparison.
//!
//! Both sorts are counted by the same counters, so that a share and its whole count the same
//! paragraphs. What is known of a report is asked for once per report. Runs may come in any order;
//! those of one report and one group are counted fastest one after the other.

use super::serving::serving;
use super::tally::{Counters, Grouping, Key, Keyed, Names, Run, name};
use crate::engine::SearchError;
use crate::language::query::{Query, Span, parse};
use crate::language::topic::{Taxonomy, Topic};
use crate::language::words;
use crate::records::day::date_of;
use crate::records::{Attribute, Use, Visit};
use crate::request::Filters;
use crate::request::compare::{CompareRequest, GroupTally, ReportPart, ReportTally, Tally};
use rustc_hash::FxHashMap;

/// The filters for the eligible paragraphs of a request that can be answered.
///
/// # Errors
/// [`SearchError::NothingToCompare`] if the filters leave only boilerplate,
/// [`SearchError::Dimensions`] unless there are one or two different dimensions; another error if
/// one of these cannot be compared by, or the query tree is too large.
pub(crate) fn eligible(request: &CompareRequest) -> Result<Filters, SearchError> {
    match request.by.as_slice() {
        [_] => {}
        [one, other] if one != other => {}
        _ => return Err(SearchError::Dimensions),
    }
    serving(Use::Dimension, &request.by)?;
    let filters = request.eligible();
    if filters.kinds().is_empty() {
        return Err(SearchError::NothingToCompare);
    }
    request.query.check_limits()?;
    Ok(filters)
}

/// The tree with the phrases of its topics as alternatives, by which the matches are ranked and
/// marked: tags alone show neither which of two matches is more relevant nor where it matches.
/// Paragraphs that it finds in addition to the tree are never counted. The taxonomy is read only if
/// the tree names topics.
///
/// # Errors
/// That of `taxonomy`.
pub(crate) fn with_phrases<'t>(
    tree: &Query,
    taxonomy: impl FnOnce() -> Result<&'t Taxonomy, SearchError>,
) -> Result<Query, SearchError> {
    let named = tree.topics();
    if named.is_empty() {
        return Ok(tree.clone());
    }
    let mut clauses = vec![tree.clone()];
    let wanted =
        |topic: &&Topic| named.iter().any(|(id, _)| words::key(id) == words::key(&topic.id));
    for topic in taxonomy()?.topics().iter().filter(wanted) {
        let phrases = topic.phrases.iter().chain(&topic.cased);
        // A phrase tags a paragraph in the plural as well.
        let written =
            phrases.flat_map(|phrase| [format!("\"{phrase}\""), format!("\"{phrase}s\"")]);
        let read = written.chain(topic.queries.iter().cloned()).filter_map(|q| parse(&q).ok());
        clauses.extend(read.map(|parsed| parsed.query));
    }
    let ranked = Query::Or { clauses, span: Span::default() };
    // A topic with more phrases than one tree may have is ranked without them.
    Ok(if ranked.check_limits().is_ok() { ranked } else { tree.clone() })
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
    /// Its date, see [`crate::records::day`].
    pub(crate) date: u64,
}

/// The paragraphs of a report.
struct ReportCounter {
    row: ReportRow,
    eligible: usize,
    words: u64,
    matching: usize,
}

impl ReportCounter {
    fn new(row: ReportRow) -> Self {
        Self { row, eligible: 0, words: 0, matching: 0 }
    }
}

/// Everything that a comparison counts.
pub(crate) struct Comparison<'a> {
    names: Names<'a>,
    dimensions: &'a [Attribute],
    by: &'a [Grouping<'a>],
    whole: Counters,
    /// Groups by the first, by the second, and by both dimensions.
    groups: [Keyed<Key, Counters>; 3],
    /// The reports, by number.
    reports: Keyed<u32, ReportCounter>,
}

/// What was counted, as it is answered.
#[derive(Debug)]
pub(crate) struct Tallies {
    pub(crate) whole: Tally,
    /// The groups of the first dimension with their numbers, in order; without candidates.
    pub(crate) groups: Vec<(u32, GroupTally)>,
    /// With two dimensions: the groups of the second.
    pub(crate) columns: Vec<GroupTally>,
    /// With two dimensions: every combination that occurs.
    pub(crate) cells: Vec<GroupTally>,
    /// The reports, by id.
    pub(crate) reports: Vec<ReportTally>,
}

impl<'a> Comparison<'a> {
    /// A comparison by these dimensions, each with its grouping.
    pub(crate) fn new(
        names: Names<'a>,
        dimensions: &'a [Attribute],
        by: &'a [Grouping<'a>],
    ) -> Self {
        Self {
            names,
            dimensions,
            by,
            whole: Counters::default(),
            groups: Default::default(),
            reports: Keyed::default(),
        }
    }

    /// Counts eligible paragraphs: all of them, the matching ones too. Their `keys` are those of
    /// [`keys`](super::tally::keys); `row` is asked once for each report.
    pub(crate) fn add_eligible(
        &mut self,
        run: &Run,
        keys: impl Iterator<Item = Key>,
        row: impl FnOnce() -> ReportRow,
    ) {
        self.whole.eligible.add(run);
        for (groups, key) in self.groups.iter_mut().zip(keys) {
            groups.of(key, Counters::default).eligible.add(run);
        }
        let report = self.reports.of(run.stand.report, || ReportCounter::new(row()));
        report.eligible += run.paragraphs;
        report.words += run.words;
    }

    /// Counts matching paragraphs; returns their group in the first dimension.
    pub(crate) fn add_matching(
        &mut self,
        run: &Run,
        keys: impl Iterator<Item = Key>,
        row: impl FnOnce() -> ReportRow,
    ) -> Option<u32> {
        self.whole.matching.add(run);
        let mut first = None;
        for (groups, key) in self.groups.iter_mut().zip(keys) {
            first = first.or(Some(key[0]));
            groups.of(key, Counters::default).matching.add(run);
        }
        let report = self.reports.of(run.stand.report, || ReportCounter::new(row()));
        report.matching += run.paragraphs;
        first
    }

    /// What was counted, in order and with names.
    pub(crate) fn tallies(&self) -> Tallies {
        let (reports, places) = self.reports();
        let groups = self.groups(0, &places);
        let table = |at| {
            let is_table = self.dimensions.len() > 1;
            let groups = if is_table { self.groups(at, &places) } else { Vec::new() };
            groups.into_iter().map(|(_, group)| group).collect()
        };
        Tallies {
            whole: self.whole.tally(&self.names),
            groups: groups.into_iter().map(|(key, group)| (key[0], group)).collect(),
            columns: table(1),
            cells: table(2),
            reports,
        }
    }

    /// The groups by the first dimension (0), the second (1) or both (2), in order.
    fn groups(&self, at: usize, places: &FxHashMap<u32, usize>) -> Vec<(Key, GroupTally)> {
        let axes: &[usize] = match at {
            0 => &[0],
            1 => &[1],
            _ => &[0, 1],
        };
        let rows = self.reports.iter().map(|(_, report)| report.row);
        let overall_ranks: FxHashMap<u32, u8> =
            rows.filter_map(|row| Some((row.overall, row.overall_rank?))).collect();
        let rank = |dimension, counters: &Counters, number: u32| match dimension {
            Attribute::Grade => counters.eligible.rank(number),
            Attribute::Overall => overall_ranks.get(&number).copied(),
            _ => None,
        };
        let mut groups = Vec::new();
        for (key, counters) in self.groups[at].iter() {
            let numbers = axes.iter().zip(key);
            let (mut values, mut ranks) = (Vec::new(), Vec::new());
            for (axis, number) in numbers {
                values.push(self.by[*axis].name(*number));
                ranks.push(rank(self.dimensions[*axis], counters, *number));
            }
            let tally = counters.tally(&self.names);
            let part = |(report, eligible, matching)| {
                Some(ReportPart { report: *places.get(&report)?, eligible, matching })
            };
            let mut reports: Vec<ReportPart> = counters.by_report().filter_map(part).collect();
            reports.sort_unstable_by_key(|part| part.report);
            let candidates = Vec::new();
            groups.push((*key, GroupTally { values, ranks, tally, reports, candidates }));
        }
        groups.sort_by(|(_, a), (_, b)| order(a).cmp(&order(b)));
        groups
    }

    /// The reports by id, and the place of each number among them.
    fn reports(&self) -> (Vec<ReportTally>, FxHashMap<u32, usize>) {
        let names = &self.names;
        let rows = self.reports.iter().map(|(number, report)| {
            let ReportCounter { row, eligible, words, matching } = report;
            let tally = ReportTally {
                report: name(names.reports, *number).unwrap_or_default(),
                authority: name(names.authorities, row.authority),
                region: name(names.regions, row.region),
                framework: name(names.frameworks, row.framework).unwrap_or_default(),
                visit: name(names.visits, row.visit).and_then(|name| visit(&name)),
                date: date_of(row.date),
                overall: name(names.overalls, row.overall),
                overall_rank: row.overall_rank,
                eligible: *eligible,
                words: *words,
                matching: *matching,
            };
            (*number, tally)
        });
        let mut reports: Vec<(u32, ReportTally)> = rows.collect();
        reports.sort_by(|(_, a), (_, b)| a.report.cmp(&b.report));
        let places = reports.iter().enumerate();
        let places = places.map(|(place, (number, _))| (*number, place)).collect();
        (reports.into_iter().map(|(_, tally)| tally).collect(), places)
    }
}

/// The order of groups: by place on the scale, then by value; groups without a value come last.
fn order(group: &GroupTally) -> Vec<(bool, bool, Option<u8>, &Option<String>)> {
    let both = group.values.iter().zip(&group.ranks);
    both.map(|(value, rank)| (value.is_none(), rank.is_none(), *rank, value)).collect()
}

/// The kind of visit of a name.
fn visit(name: &str) -> Option<Visit> {
    Visit::ALL.into_iter().find(|visit| visit.name() == name)
}

#[cfg(test)]
mod tests {
    use super::super::tally::{Stand, keys};
    use super::{Comparison, Grouping, Names, ReportRow, Run, Tallies};
    use crate::records::Attribute;

    fn names(of: &[&str]) -> Vec<String> {
        of.iter().map(|name| (*name).to_owned()).collect()
    }

    /// Paragraphs: report, kind, grade, whether they match, how many, how many words.
    type Fed = (u32, u32, (u32, Option<u8>), bool, usize, u64);

    /// Compares by authority and grade; the report of each number is of the authority of the same.
    fn compared(fed: &[Fed]) -> Tallies {
        let none = names(&[""]);
        let reports = names(&["r0", "r1"]);
        let authorities = names(&["Deira", "Elmet"]);
        let grades = names(&["", "Good", "Inadequate"]);
        let kinds = names(&["finding", "summary"]);
        let named = Names {
            reports: &reports,
            authorities: &authorities,
            regions: &none,
            frameworks: &none,
            visits: &none,
            overalls: &none,
            grades: &grades,
            kinds: &kinds,
        };
        let dimensions = [Attribute::Authority, Attribute::Grade];
        let by = [
            Grouping::new(Attribute::Authority, &authorities),
            Grouping::new(Attribute::Grade, &grades),
        ];
        let mut comparison = Comparison::new(named, &dimensions, &by);
        for (report, kind, grade, matches, paragraphs, words) in fed.iter().copied() {
            let run = Run { stand: Stand { report, kind, grade }, paragraphs, words };
            let row = || ReportRow {
                authority: report,
                region: 0,
                framework: 0,
                visit: 0,
                overall: 0,
                overall_rank: None,
                date: 20_190_101,
            };
            let keys = || keys(Some(by[0].group(report)), Some(by[1].group(grade.0)));
            comparison.add_eligible(&run, keys(), row);
            if matches {
                assert_eq!(comparison.add_matching(&run, keys(), row), Some(report));
            }
        }
        comparison.tallies()
    }

    #[test]
    fn the_order_of_runs_and_how_they_are_divided_change_no_count() {
        let (good, bad, none) = ((1, Some(2)), (2, Some(4)), (0, None));
        let fed = [
            (0, 0, good, true, 2, 20),
            (0, 0, bad, false, 1, 5),
            (1, 1, none, true, 3, 9),
            (1, 0, good, false, 1, 7),
        ];
        let mut divided: Vec<Fed> = fed.into_iter().rev().collect();
        divided.push((0, 0, good, true, 1, 12));
        divided[3] = (0, 0, good, true, 1, 8);
        let [one, other] = [&fed[..], &divided].map(compared);
        assert_eq!(format!("{one:?}"), format!("{other:?}"));

        let values = |groups: &[_]| -> Vec<_> {
            let all = groups.iter().map(|group: &crate::request::compare::GroupTally| {
                let counts = (&group.tally.eligible, &group.tally.matching);
                (group.values.clone(), counts.0.paragraphs, counts.1.paragraphs)
            });
            all.collect()
        };
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(
            values(&one.columns),
            [(vec![some("Good")], 3, 2), (vec![some("Inadequate")], 1, 0), (vec![None], 3, 3)]
        );
        assert_eq!(one.cells.len(), 4);
        assert_eq!((one.whole.eligible.paragraphs, one.whole.matching.words), (7, 29));
        let numbers: Vec<u32> = one.groups.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [0, 1], "Deira, Elmet");
        let reports = one.reports.iter().map(|report| (report.eligible, report.matching));
        assert_eq!(reports.collect::<Vec<_>>(), [(3, 2), (4, 3)]);
    }
}
