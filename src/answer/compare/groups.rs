//! Turns the tallies of an engine into groups.

use super::denials::Denials;
use super::funnel;
use super::quotes;
use super::standard::{Standard, Unit};
use super::{Cluster, Share, Span, Standardised, Strata};
use crate::ask::trace::{Door, Trace, narrowed};
use findings_index::language::query::Query;
use findings_index::records::{Attribute, Kind};
use findings_index::request::compare::{
    CompareResponse, Count, GradeCount, GroupTally, ReportPart, ReportTally,
};
use findings_index::request::{Filters, Hit};
use serde::Serialize;

/// Groups with fewer eligible paragraphs are small.
pub(super) const FEW_PARAGRAPHS: usize = 100;

/// Groups with fewer reports are small, where a group can be expected to have more.
pub(super) const FEW_REPORTS: usize = 5;

/// Authorities with fewer reports are small.
const FEW_INSPECTIONS: usize = 3;

/// One group, or one cell in a table of two dimensions.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = ComparedGroup))]
pub struct Group {
    /// The value in each dimension; `None` for paragraphs without one.
    pub values: Vec<Option<String>>,
    /// The place on the scale of each value that is a grade.
    pub ranks: Vec<Option<u8>>,
    /// Matching paragraphs, of the eligible ones; a report is a cluster.
    pub paragraphs: Share,
    /// The rate standardised by framework; `None` for all groups together, and where frameworks are
    /// compared.
    pub standardised: Option<Standardised>,
    /// The number of matching paragraphs that only say that it did not exist or occur; where these are
    /// left out, their number.
    pub denied: usize,
    /// When its reports are of.
    pub span: Span,
    /// Matching paragraphs per 10,000 eligible words.
    pub per_10_000_words: Option<f64>,
    /// Reports with a match, of those with an eligible paragraph; an authority is a cluster.
    pub reports: Share,
    /// The share among paragraphs of every kind but recommendations.
    pub findings: Share,
    /// The share among recommendations.
    pub recommendations: Share,
    /// Whether it is too small to say much: fewer than 100 eligible paragraphs, or fewer than 5
    /// reports (authorities: 3; of groups by report this is not asked).
    pub is_small: bool,
    /// The grades of the sections that matches are in, and those of all eligible paragraphs.
    pub grades: Vec<GradeRow>,
    /// Paragraphs in sections judged below good, of those in graded sections: first among the
    /// matching paragraphs, then among the eligible ones.
    pub below_good: [Share; 2],
    /// All counts of the eligible paragraphs.
    pub eligible: Count,
    /// All counts of the matching paragraphs.
    pub matching: Count,
    /// Some of the matching paragraphs.
    pub quotes: Vec<Hit>,
    /// A search that finds exactly the matching paragraphs.
    pub find_matching: Trace,
    /// A search that finds exactly the eligible paragraphs.
    pub find_eligible: Trace,
}

impl Group {
    /// Matching paragraphs per 100 eligible ones, standardised where that is wanted and possible.
    #[must_use]
    pub fn rate(&self, is_standardised: bool) -> Option<f64> {
        let standardised = self.standardised.filter(|_| is_standardised);
        standardised.map_or(self.paragraphs.percent, |own| own.percent)
    }

    /// Whether it is of paragraphs without a value in the first dimension.
    pub(super) fn is_absent(&self) -> bool {
        self.values.first().is_some_and(Option::is_none)
    }
}

/// How many of the matching and of the eligible paragraphs are in sections with one grade.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct GradeRow {
    /// The grade, as printed; `None` for paragraphs without one.
    pub label: Option<String>,
    /// Its place on the scale, 1 being the best.
    pub rank: Option<u8>,
    /// Its share of the matching paragraphs.
    pub matching: Share,
    /// Its share of the eligible paragraphs.
    pub eligible: Share,
}

/// Lists the grades of all that is eligible, each with its share of the matches.
fn grade_mix(matching: &Count, eligible: &Count) -> Vec<GradeRow> {
    let row = |grade: &GradeCount| {
        let same = |own: &&GradeCount| (&own.label, own.rank) == (&grade.label, grade.rank);
        let count = matching.grades.iter().find(same).map_or(0, |own| own.paragraphs);
        GradeRow {
            label: grade.label.clone(),
            rank: grade.rank,
            matching: Share::whole(count, matching.paragraphs),
            eligible: Share::whole(grade.paragraphs, eligible.paragraphs),
        }
    };
    eligible.grades.iter().map(row).collect()
}

/// Counts paragraphs in sections judged in the third or fourth place of a scale, of those in
/// sections with a place on one.
fn below_good(count: &Count) -> Share {
    let graded = |least: u8| {
        let these = count.grades.iter().filter(|grade| grade.rank.is_some_and(|r| r >= least));
        these.map(|grade| grade.paragraphs).sum()
    };
    Share::whole(graded(3), graded(1))
}

/// Whether a group is too small to say much: fewer than 100 eligible paragraphs, or fewer than 5
/// reports unless the groups are reports or authorities, which have few by nature; of authorities
/// fewer than 3.
fn is_small(by: &[Attribute], eligible: &Count) -> bool {
    let fewest = if by.contains(&Attribute::Report) {
        0
    } else if by.contains(&Attribute::Authority) {
        FEW_INSPECTIONS
    } else {
        FEW_REPORTS
    };
    eligible.paragraphs < FEW_PARAGRAPHS || eligible.reports < fewest
}

/// Turns tallies into groups.
pub(super) struct Making<'a> {
    pub(super) response: &'a CompareResponse,
    pub(super) filters: &'a Filters,
    pub(super) quotes: usize,
    pub(super) door: &'a dyn Door,
    pub(super) denials: &'a Denials,
}

impl Making<'_> {
    /// All groups together.
    pub(super) fn whole(&self) -> Group {
        let part = |(report, own): (usize, &ReportTally)| ReportPart {
            report,
            eligible: own.eligible,
            matching: own.matching,
        };
        let tally = GroupTally {
            values: Vec::new(),
            ranks: Vec::new(),
            tally: self.response.whole.clone(),
            reports: self.response.reports.iter().enumerate().map(part).collect(),
            candidates: Vec::new(),
        };
        self.group(&tally, &[], None)
    }

    /// The groups of some tallies, in their order; authorities that no table knows are none.
    pub(super) fn groups(
        &self,
        tallies: &[GroupTally],
        by: &[Attribute],
        standard: &Standard,
    ) -> Vec<Group> {
        let is_told = standard.by != Strata::None;
        let standardised = |units: &Vec<Unit>| is_told.then(|| standard.standardised(units));
        let known = tallies.iter().zip(&standard.groups);
        let known = known.filter(|(tally, _)| !funnel::is_unknown(by, tally));
        known.map(|(tally, units)| self.group(tally, by, standardised(units))).collect()
    }

    fn group(
        &self,
        group: &GroupTally,
        by: &[Attribute],
        standardised: Option<Standardised>,
    ) -> Group {
        let (eligible, matching) = (&group.tally.eligible, &group.tally.matching);
        let mut filters = self.filters.clone();
        for (dimension, value) in by.iter().zip(&group.values) {
            filters = narrowed(&filters, *dimension, value.as_deref());
        }
        let advice = [eligible, matching].map(|count| count.of_kind(Kind::Recommendation));
        let report = |part: &ReportPart| &self.response.reports[part.report];
        Group {
            values: group.values.clone(),
            ranks: group.ranks.clone(),
            paragraphs: Share::clustered(group.reports.iter().map(cluster)),
            standardised,
            denied: self.denials.of(by, &group.values),
            span: Span::of(group.reports.iter().map(|part| report(part).date)),
            per_10_000_words: (eligible.words > 0)
                .then(|| 10_000.0 * matching.paragraphs as f64 / eligible.words as f64),
            reports: Share::of_reports(
                group
                    .reports
                    .iter()
                    .map(|part| (report(part).authority.as_deref(), part.matching > 0)),
            ),
            findings: Share::whole(
                matching.paragraphs - advice[1],
                eligible.paragraphs - advice[0],
            ),
            recommendations: Share::whole(advice[1], advice[0]),
            grades: grade_mix(matching, eligible),
            below_good: [matching, eligible].map(below_good),
            is_small: is_small(by, eligible),
            eligible: eligible.clone(),
            matching: matching.clone(),
            quotes: quotes::choose(&group.candidates, self.quotes),
            find_matching: Trace::new(&self.response.query, &filters, self.door),
            find_eligible: Trace::new(&Query::All.to_string(), &filters, self.door),
        }
    }
}

fn cluster(part: &ReportPart) -> Cluster {
    Cluster { count: part.matching, out_of: part.eligible }
}
