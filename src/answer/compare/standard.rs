//! What a group would have if its reports were like all reports of their kind.
//!
//! Reports of one framework are longer, later and about other things than those of another, so a
//! rate across frameworks shows as much of the mix of reports as of the group. Each report is
//! therefore expected to match at the rate of its *stratum*: its framework, visits apart, split into
//! bands of years where these differ by more than reports of one framework do among themselves. What a group
//! has, divided by what is expected of it, is its standardised ratio (indirect standardisation:
//! Breslow and Day 1987, *Statistical Methods in Cancer Research* II, section 2.3); times the
//! rate of all it is its standardised rate.
//!
//! How much more reports of one stratum differ than chance would make them is estimated from these
//! reports, never from the groups that are shown: the correlation of paragraphs of one report, by
//! moments, such that the squares of what reports are off add up (Williams 1982, *Applied
//! Statistics* 31: 144-148).

use super::share::{Share, Spread};
use findings_index::records::Attribute;
use findings_index::request::compare::{GroupTally, ReportPart, ReportTally};
use serde::Serialize;
use statrs::distribution::{ChiSquared, ContinuousCDF as _};
use std::collections::BTreeMap;

/// A band of years has at least this many reports.
const BAND: usize = 12;

/// Bands are told apart where a difference as large is so unlikely by chance.
const BANDS_DIFFER: f64 = 0.05;

/// What is expected of a group.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Standardised {
    /// Matching paragraphs that reports of the same strata would have.
    pub expected: f64,
    /// The matching paragraphs divided by these; `None` where none are expected.
    pub ratio: Option<f64>,
    /// The ratio times the rate of all groups, in matching paragraphs per 100.
    pub percent: Option<f64>,
    /// The lower end of the rate's 95% interval.
    pub low: Option<f64>,
    /// The upper end of the rate's 95% interval.
    pub high: Option<f64>,
    /// Whether there are too few for an interval that can be relied on, as of a [`Share`].
    pub too_few: bool,
}

/// A part of a report that is in one group, and what is expected of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Unit {
    pub(super) stratum: usize,
    pub(super) eligible: usize,
    pub(super) matching: usize,
    pub(super) expected: f64,
    /// The variance of its matching paragraphs, if its rate is that of its stratum.
    pub(super) variance: f64,
}

/// Reports that are expected to match alike.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Stratum {
    /// The parts of reports in it.
    reports: usize,
    eligible: usize,
    matching: usize,
    /// The correlation of two paragraphs of one report.
    correlation: f64,
}

/// All groups of a comparison by what is expected of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Standard {
    /// The parts of reports that each group has.
    pub(super) groups: Vec<Vec<Unit>>,
    strata: Vec<Stratum>,
    /// What the strata are, for the reader.
    pub(super) by: Strata,
}

/// By what reports are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub enum Strata {
    /// Not at all: frameworks themselves are compared, or there is only one.
    None,
    /// By framework, visits apart.
    Framework,
    /// By framework, visits apart, and by years within some.
    FrameworkAndYears,
}

impl Standard {
    /// Computes what is expected of each group.
    pub(super) fn new(reports: &[ReportTally], groups: &[GroupTally], by: &[Attribute]) -> Self {
        let groups: Vec<&[ReportPart]> =
            groups.iter().map(|group| group.reports.as_slice()).collect();
        let (strata_of, by) = strata(reports, &groups, by);
        Self::of(&groups, &strata_of, by)
    }

    fn of(groups: &[&[ReportPart]], strata_of: &[usize], by: Strata) -> Self {
        let count = strata_of.iter().max().map_or(0, |most| most + 1);
        let parts = || groups.iter().flat_map(|parts| parts.iter());
        let strata = (0..count).map(|stratum| {
            let own = parts().filter(|part| strata_of[part.report] == stratum);
            Stratum::new(&own.map(|part| (part.eligible, part.matching)).collect::<Vec<_>>())
        });
        let strata: Vec<Stratum> = strata.collect();
        let unit = |part: &ReportPart| {
            let stratum = strata_of[part.report];
            let (share, size) = (strata[stratum].share(), part.eligible as f64);
            Unit {
                stratum,
                eligible: part.eligible,
                matching: part.matching,
                expected: size * share,
                variance: strata[stratum].variance(part.eligible, share),
            }
        };
        let groups = groups.iter().map(|parts| parts.iter().map(unit).collect()).collect();
        Self { groups, strata, by }
    }

    /// The rate of all groups together, from 0 to 1.
    pub(super) fn overall(&self) -> f64 {
        let [matching, eligible] = [
            self.strata.iter().map(|own| own.matching).sum::<usize>(),
            self.strata.iter().map(|own| own.eligible).sum(),
        ];
        if eligible == 0 { 0.0 } else { matching as f64 / eligible as f64 }
    }

    /// How many times the variance of independent paragraphs that of all is.
    pub(super) fn dispersion(&self) -> f64 {
        let units = || self.groups.iter().flatten();
        let independent: f64 =
            units().map(|unit| unit.expected * (1.0 - self.strata[unit.stratum].share())).sum();
        let whole: f64 = units().map(|unit| unit.variance).sum();
        if independent > 0.0 { whole / independent } else { 1.0 }
    }

    /// The variance of a group's matching paragraphs around what is expected of it. What is expected
    /// is computed from all reports, the group's own among them, so a group with a large part of a
    /// stratum has less room to be off.
    pub(super) fn variance(&self, units: &[Unit]) -> f64 {
        let mut sizes: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
        for unit in units {
            let own = sizes.entry(unit.stratum).or_default();
            own.0 += unit.variance;
            own.1 += unit.eligible;
        }
        let left = sizes.iter().map(|(stratum, (variance, eligible))| {
            variance * (1.0 - *eligible as f64 / self.strata[*stratum].eligible.max(1) as f64)
        });
        left.sum()
    }

    /// How many reports of a group are of strata that it does not hold all of. Those of the others
    /// are what is expected of them, whatever they are.
    pub(super) fn free(&self, units: &[Unit]) -> usize {
        by_stratum(units)
            .into_iter()
            .filter(|(stratum, count)| self.strata[*stratum].reports > *count)
            .map(|(_, count)| count)
            .sum()
    }

    /// The standardised rate of a group.
    pub(super) fn standardised(&self, units: &[Unit]) -> Standardised {
        let expected: f64 = units.iter().map(|unit| unit.expected).sum();
        let [matching, eligible] = [
            units.iter().map(|unit| unit.matching).sum::<usize>(),
            units.iter().map(|unit| unit.eligible).sum(),
        ];
        let ratio = (expected > 0.0).then(|| matching as f64 / expected);
        let off = |unit: &Unit| unit.matching as f64 - ratio.unwrap_or(0.0) * unit.expected;
        let share =
            Share::spread(matching, eligible, Spread::new(units.iter().map(off), eligible as f64));
        // From the group's own rate to the rate that the same ratio would be of all.
        let scale = if expected > 0.0 { self.overall() * eligible as f64 / expected } else { 0.0 };
        let scaled = |percent: Option<f64>| ratio.and(percent).map(|percent| percent * scale);
        Standardised {
            expected,
            ratio,
            percent: scaled(share.percent),
            low: scaled(share.low),
            high: scaled(share.high),
            too_few: share.too_few,
        }
    }
}

impl Stratum {
    fn new(parts: &[(usize, usize)]) -> Self {
        let eligible = parts.iter().map(|(eligible, _)| eligible).sum();
        let matching = parts.iter().map(|(_, matching)| matching).sum();
        let mut own = Self { reports: parts.len(), eligible, matching, correlation: 0.0 };
        let (share, reports) = (own.share(), parts.len() as f64);
        if parts.len() > 1 {
            let squares: f64 = parts
                .iter()
                .map(|(eligible, matching)| (*matching as f64 - *eligible as f64 * share).powi(2))
                .sum();
            let pairs: f64 =
                parts.iter().map(|(eligible, _)| *eligible as f64 * (*eligible as f64 - 1.0)).sum();
            let one = share * (1.0 - share);
            let excess = squares * reports / (reports - 1.0) - one * eligible as f64;
            if pairs * one > 0.0 {
                own.correlation = (excess / (one * pairs)).clamp(0.0, 1.0);
            }
        }
        own
    }

    /// The variance of the matching paragraphs of a part of a report, where they match at a rate.
    fn variance(&self, eligible: usize, share: f64) -> f64 {
        let size = eligible as f64;
        size * share * (1.0 - share) * (1.0 + self.correlation * (size - 1.0))
    }

    /// The rate, from 0 to 1.
    fn share(&self) -> f64 {
        if self.eligible == 0 { 0.0 } else { self.matching as f64 / self.eligible as f64 }
    }
}

/// How many parts of reports a group has of each stratum.
pub(super) fn by_stratum(units: &[Unit]) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    for unit in units {
        *counts.entry(unit.stratum).or_default() += 1;
    }
    counts
}

/// The framework of a report, and whether it is of a visit.
type Kind<'r> = (&'r str, bool);

fn kind(report: &ReportTally) -> Kind<'_> {
    (&report.framework, report.visit.is_some())
}

/// Puts each report into a stratum.
fn strata(
    reports: &[ReportTally],
    groups: &[&[ReportPart]],
    by: &[Attribute],
) -> (Vec<usize>, Strata) {
    // Standardised by what it is compared by, no group could be off.
    if by.contains(&Attribute::Framework) {
        return (vec![0; reports.len()], Strata::None);
    }
    let mut kinds: Vec<Kind<'_>> = reports.iter().map(kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut strata = vec![0; reports.len()];
    let (mut next, mut has_bands) = (0, false);
    for one in &kinds {
        let own: Vec<usize> = (0..reports.len()).filter(|at| kind(&reports[*at]) == *one).collect();
        let bands = if by.contains(&Attribute::Year) {
            vec![own.clone()]
        } else {
            differing(bands(reports, &own), reports, groups)
        };
        has_bands |= bands.len() > 1;
        for band in bands {
            for report in band {
                strata[report] = next;
            }
            next += 1;
        }
    }
    let by = match (has_bands, kinds.len()) {
        (true, _) => Strata::FrameworkAndYears,
        (false, 0 | 1) => Strata::None,
        (false, _) => Strata::Framework,
    };
    (strata, by)
}

/// Splits reports into bands of whole years, the earliest first; undated ones are in the last.
fn bands(reports: &[ReportTally], own: &[usize]) -> Vec<Vec<usize>> {
    let mut by_year: BTreeMap<i16, Vec<usize>> = BTreeMap::new();
    for report in own {
        let year = reports[*report].date.map_or(i16::MAX, |date| date.year());
        by_year.entry(year).or_default().push(*report);
    }
    let mut bands: Vec<Vec<usize>> = Vec::new();
    for year in by_year.into_values() {
        match bands.last_mut() {
            Some(band) if band.len() < BAND => band.extend(year),
            _ => bands.push(year),
        }
    }
    if bands.len() > 1 && bands.last().is_some_and(|band| band.len() < BAND) {
        let last = bands.pop().unwrap_or_default();
        bands.last_mut().into_iter().for_each(|band| band.extend(&last));
    }
    bands
}

/// Returns the bands if they differ by more than reports of one framework do, else all as one.
fn differing(
    bands: Vec<Vec<usize>>,
    reports: &[ReportTally],
    groups: &[&[ReportPart]],
) -> Vec<Vec<usize>> {
    let whole = || vec![bands.concat()];
    if bands.len() < 2 {
        return bands;
    }
    let mut parts = vec![(0, 0); reports.len()];
    for part in groups.iter().flat_map(|parts| parts.iter()) {
        parts[part.report].0 += part.eligible;
        parts[part.report].1 += part.matching;
    }
    let of = |band: &[usize]| band.iter().map(|report| parts[*report]).collect::<Vec<_>>();
    // The spread within bands: the difference between them is what is asked about.
    let strata: Vec<Stratum> = bands.iter().map(|band| Stratum::new(&of(band))).collect();
    let together = Stratum::new(&of(&bands.concat()));
    let share = together.share();
    if share <= 0.0 || share >= 1.0 {
        return whole();
    }
    let off: f64 = bands
        .iter()
        .zip(&strata)
        .map(|(band, stratum)| {
            let variance: f64 =
                of(band).iter().map(|(eligible, _)| stratum.variance(*eligible, share)).sum();
            let off = stratum.matching as f64 - stratum.eligible as f64 * share;
            if variance > 0.0 { off * off / variance } else { 0.0 }
        })
        .sum();
    let chance = ChiSquared::new(bands.len() as f64 - 1.0);
    let is_likely = chance.is_ok_and(|chance| 1.0 - chance.cdf(off) >= BANDS_DIFFER);
    if is_likely { whole() } else { bands }
}

/// What reports of each kind have, over everything that is held.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::answer) struct Usual<'r> {
    strata: BTreeMap<Kind<'r>, Stratum>,
}

impl<'r> Usual<'r> {
    /// Computes it from the counts of all reports.
    pub(in crate::answer) fn new(reports: &'r [ReportTally]) -> Self {
        let mut parts: BTreeMap<Kind<'_>, Vec<(usize, usize)>> = BTreeMap::new();
        for report in reports {
            parts.entry(kind(report)).or_default().push((report.eligible, report.matching));
        }
        let strata = parts.into_iter().map(|(kind, parts)| (kind, Stratum::new(&parts)));
        Self { strata: strata.collect() }
    }

    /// Matching paragraphs per 100 in reports like this one.
    pub(in crate::answer) fn percent(&self, report: &ReportTally) -> Option<f64> {
        let stratum = self.strata.get(&kind(report))?;
        (stratum.eligible > 0).then(|| 100.0 * stratum.share())
    }

    /// How far a report is from what reports like it have, in standard deviations of such reports.
    pub(in crate::answer) fn off(&self, report: &ReportTally) -> f64 {
        let Some(stratum) = self.strata.get(&kind(report)) else { return 0.0 };
        let share = stratum.share();
        let variance = stratum.variance(report.eligible, share);
        let off = report.matching as f64 - report.eligible as f64 * share;
        if variance > 0.0 { off / variance.sqrt() } else { 0.0 }
    }
}
