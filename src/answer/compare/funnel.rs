//! Computes the funnel: how far groups lie from what is expected of them, and how far chance alone
//! takes groups of each size.
//!
//! A group is measured by its standardised rate (see `standard.rs`). Reports of one stratum
//! differ by more than chance among paragraphs would make them, so limits allow for as much as they
//! do (a random effect of the report, in the place of the inflated limits of Spiegelhalter 2005,
//! "Handling over-dispersion of performance indicators", *Quality and Safety in Health Care* 14:
//! 347-351, which are estimated from the groups themselves). They are quantiles of the gamma
//! distribution with the mean and the variance of the group's matching paragraphs, since counts are
//! skew. A group of fewer than eight reports is placed by shuffling (see `shuffle.rs`); reports of
//! a framework of which it has all do not count.
//!
//! The raw limits are those of the exact binomial distribution around the crude rate of all,
//! interpolated as in Spiegelhalter 2005, "Funnel plots for comparing institutional performance",
//! *Statistics in Medicine* 24: 1185-1202 (appendix A.1.1). They take paragraphs for independent,
//! which those of one report are not.

use super::shuffle::Shuffle;
use super::standard::{Standard, Strata, Unit};
use findings_index::SearchError;
use findings_index::records::Attribute;
use findings_index::request::Deadline;
use findings_index::request::compare::{CompareResponse, GroupTally};
use serde::{Deserialize, Serialize};
use statrs::distribution::{Binomial, ContinuousCDF as _, DiscreteCDF as _, Gamma};

/// The fewest groups that have a funnel; fewer are easily compared in a table.
const FEWEST: usize = 5;

/// Groups of fewer reports are placed by shuffling.
pub const FEW_REPORTS: usize = 8;

/// How many points a limit is drawn through.
const POINTS: usize = 60;

/// The chances outside of which a group is: on either side of the 95% and the 99.8% limits.
const TAILS: [f64; 2] = [0.025, 0.001];

/// What limits allow for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = FunnelMethod))]
pub enum Method {
    /// Different frameworks, and reports that differ.
    #[default]
    Adjusted,
    /// Chance among independent paragraphs alone.
    Raw,
}

/// The limits within which chance keeps the rate of a group.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = FunnelLimits))]
pub struct Limits {
    /// Eligible paragraphs.
    pub eligible: usize,
    /// 19 in 20 groups lie within these, per 100 paragraphs.
    pub inner: [f64; 2],
    /// 499 in 500 groups lie within these, per 100 paragraphs.
    pub outer: [f64; 2],
}

/// Where a group lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = FunnelPlace))]
pub enum Place {
    /// Within the 95% limits.
    Within,
    /// Above the 95% limit.
    Above95,
    /// Below the 95% limit.
    Below95,
    /// Above the 99.8% limit.
    Above998,
    /// Below the 99.8% limit.
    Below998,
}

/// One group in the funnel.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = FunnelPoint))]
pub struct Point {
    /// The group's value; `None` for those without one.
    pub value: Option<String>,
    /// Eligible paragraphs.
    pub eligible: usize,
    /// The number of reports.
    pub reports: usize,
    /// Matching paragraphs per 100 eligible ones, standardised by stratum.
    pub rate: f64,
    /// Where it lies.
    pub place: Place,
    /// Its own limits.
    pub limits: Limits,
    /// Whether they are found by shuffling.
    pub is_shuffled: bool,
}

/// All groups around the overall rate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Funnel {
    /// What the limits allow for.
    pub method: Method,
    /// By what rates are standardised.
    pub strata: Strata,
    /// Matching paragraphs per 100 eligible ones, in all groups together.
    pub overall: f64,
    /// The groups.
    pub points: Vec<Point>,
    /// The limits at growing sizes, of groups with the mix of reports of all.
    pub limits: Vec<Limits>,
    /// How many groups lie outside the 95% limits.
    pub outside_95: usize,
    /// How many groups lie outside the 99.8% limits.
    pub outside_998: usize,
    /// How many would lie outside the 95% limits by chance alone.
    pub expected_outside_95: f64,
    /// The variance of reports of one stratum as a multiple of that of independent paragraphs.
    pub dispersion: f64,
}

impl Method {
    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Adjusted => "adjusted",
            Self::Raw => "raw",
        }
    }
}

impl Funnel {
    /// How many groups chance alone would put outside the 95% limits, in words.
    #[must_use]
    pub fn expected(&self) -> String {
        if self.expected_outside_95 < 0.95 {
            "fewer than 1".to_owned()
        } else {
            format!("about {:.0}", self.expected_outside_95)
        }
    }

    /// Builds the funnel of what an engine counted. A group of authorities that no table knows is no
    /// point. `None` where there are too few groups, or nothing or everything matches.
    ///
    /// # Errors
    /// [`SearchError::TimedOut`] or [`SearchError::Cancelled`].
    pub fn of(
        response: &CompareResponse,
        method: Method,
        deadline: &Deadline,
    ) -> Result<Option<Self>, SearchError> {
        let standard = Standard::new(&response.reports, &response.groups, &response.by);
        Self::around(&standard, response, method, deadline)
    }

    /// The same, where what is expected is known.
    pub(super) fn around(
        standard: &Standard,
        response: &CompareResponse,
        method: Method,
        deadline: &Deadline,
    ) -> Result<Option<Self>, SearchError> {
        let groups = &response.groups;
        let values: Vec<Option<String>> =
            groups.iter().map(|group| group.values.first().cloned().flatten()).collect();
        let is_left_out = |at: usize| is_unknown(&response.by, &groups[at]);
        Self::new(standard, &values, is_left_out, method, deadline)
    }

    /// Builds the funnel of groups, whose values are given in the order of the standard's groups;
    /// groups that are left out are no points, but what is expected of the others takes them into
    /// account. `None` where there are too few groups, or nothing or everything matches.
    fn new(
        standard: &Standard,
        values: &[Option<String>],
        is_left_out: impl Fn(usize) -> bool,
        method: Method,
        deadline: &Deadline,
    ) -> Result<Option<Self>, SearchError> {
        let overall = standard.overall();
        let shown: Vec<usize> = (0..standard.groups.len())
            .filter(|at| !is_left_out(*at) && !standard.groups[*at].is_empty())
            .collect();
        if shown.len() < FEWEST || overall <= 0.0 || overall >= 1.0 {
            return Ok(None);
        }
        let mut shuffle = Shuffle::new(&standard.groups, deadline);
        let mut points = Vec::with_capacity(shown.len());
        for at in shown {
            let (value, units) = (values.get(at).cloned().flatten(), &standard.groups[at]);
            let point = match method {
                Method::Raw => Point::raw(value, units, overall),
                Method::Adjusted => Point::adjusted(value, units, standard, &mut shuffle)?,
            };
            let Some(point) = point else { return Ok(None) };
            points.push(point);
        }
        let outside =
            |places: &[Place]| points.iter().filter(|point| places.contains(&point.place)).count();
        let outside_998 = outside(&[Place::Above998, Place::Below998]);
        let dispersion = standard.dispersion().max(1.0);
        let curve = |size: usize| match method {
            Method::Raw => binomial(overall, size),
            Method::Adjusted => {
                let expected = overall * size as f64;
                gamma(expected, expected * (1.0 - overall) * dispersion, overall, size)
            }
        };
        let Some(limits) = sizes(&points).into_iter().map(curve).collect() else {
            return Ok(None);
        };
        Ok(Some(Self {
            method,
            strata: standard.by,
            overall: 100.0 * overall,
            limits,
            outside_95: outside_998 + outside(&[Place::Above95, Place::Below95]),
            outside_998,
            expected_outside_95: 2.0 * TAILS[0] * points.len() as f64,
            dispersion,
            points,
        }))
    }
}

impl Point {
    fn raw(value: Option<String>, units: &[Unit], overall: f64) -> Option<Self> {
        let (eligible, matching) = totals(units);
        let limits = binomial(overall, eligible)?;
        let rate = 100.0 * matching as f64 / eligible as f64;
        let place = limits.place(rate);
        let reports = units.len();
        Some(Self { value, eligible, reports, rate, place, limits, is_shuffled: false })
    }

    fn adjusted(
        value: Option<String>,
        units: &[Unit],
        standard: &Standard,
        shuffle: &mut Shuffle<'_>,
    ) -> Result<Option<Self>, SearchError> {
        let (eligible, matching) = totals(units);
        let (reports, overall) = (units.len(), standard.overall());
        let expected: f64 = units.iter().map(|unit| unit.expected).sum();
        // Where nothing is expected, nothing is found: it is as it should be.
        let ratio = if expected > 0.0 { matching as f64 / expected } else { 1.0 };
        let rate = 100.0 * overall * ratio;
        let is_shuffled = standard.free(units) < FEW_REPORTS;
        let (place, limits) = if is_shuffled {
            let shuffled = shuffle.of(units)?;
            let [inner, outer] = TAILS.map(|tail| {
                [tail, 1.0 - tail].map(|part| 100.0 * overall * shuffled.quantile(part))
            });
            let [high, low] = shuffled.chances(ratio);
            (Place::by_chance(high, low), Limits { eligible, inner, outer })
        } else {
            let limits = gamma(expected, standard.variance(units), overall, eligible);
            let Some(limits) = limits else { return Ok(None) };
            (limits.place(rate), limits)
        };
        Ok(Some(Self { value, eligible, reports, rate, place, limits, is_shuffled }))
    }
}

/// Whether a group is of authorities that no table knows: these are no authority.
pub(super) fn is_unknown(by: &[Attribute], group: &GroupTally) -> bool {
    let mut both = by.iter().zip(&group.values);
    both.any(|(by, value)| *by == Attribute::Authority && value.is_none())
}

fn totals(units: &[Unit]) -> (usize, usize) {
    let eligible = units.iter().map(|unit| unit.eligible).sum();
    (eligible, units.iter().map(|unit| unit.matching).sum())
}

/// Sizes up to just above the largest group, closer together where limits bend.
fn sizes(points: &[Point]) -> Vec<usize> {
    let largest = points.iter().map(|point| point.eligible).max().unwrap_or(0);
    let mut sizes: Vec<usize> = (1..=POINTS)
        .map(|step| {
            let part = step as f64 / POINTS as f64;
            ((largest as f64 * 1.05 * part * part).ceil() as usize).max(5)
        })
        .collect();
    sizes.dedup();
    sizes
}

/// The limits of a group whose matching paragraphs have this mean and variance.
fn gamma(expected: f64, variance: f64, overall: f64, eligible: usize) -> Option<Limits> {
    if expected <= 0.0 || variance <= 0.0 {
        // The only group with reports of its strata is what is expected.
        let all = [100.0 * overall; 2];
        return Some(Limits { eligible, inner: all, outer: all });
    }
    let chance = Gamma::new(expected * expected / variance, expected / variance).ok()?;
    let [inner, outer] = TAILS.map(|tail| {
        [tail, 1.0 - tail].map(|part| 100.0 * overall * chance.inverse_cdf(part) / expected)
    });
    Some(Limits { eligible, inner, outer })
}

/// The limits of a group of independent paragraphs.
fn binomial(share: f64, eligible: usize) -> Option<Limits> {
    let chance = Binomial::new(share, eligible as u64).ok()?;
    let at = |part: f64| {
        let most = chance.inverse_cdf(part);
        let below = if most == 0 { 0.0 } else { chance.cdf(most - 1) };
        let up_to = chance.cdf(most);
        // The distribution has steps: the limit lies within the step in which `part` is reached.
        let over = if up_to > below { (up_to - part) / (up_to - below) } else { 0.0 };
        (100.0 * (most as f64 - over) / eligible as f64).max(0.0)
    };
    let [inner, outer] = TAILS.map(|tail| [at(tail), at(1.0 - tail)]);
    Some(Limits { eligible, inner, outer })
}

impl Limits {
    fn place(&self, rate: f64) -> Place {
        if rate > self.outer[1] {
            Place::Above998
        } else if rate < self.outer[0] {
            Place::Below998
        } else if rate > self.inner[1] {
            Place::Above95
        } else if rate < self.inner[0] {
            Place::Below95
        } else {
            Place::Within
        }
    }
}

impl Place {
    /// The place of a group with these chances to be as high and as low as it is.
    fn by_chance(high: f64, low: f64) -> Self {
        let [inner, outer] = TAILS;
        if high <= outer {
            Self::Above998
        } else if low <= outer {
            Self::Below998
        } else if high <= inner {
            Self::Above95
        } else if low <= inner {
            Self::Below95
        } else {
            Self::Within
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Funnel, Method, Place, binomial};
    use crate::answer::compare::standard::Standard;
    use findings_index::records::Attribute;
    use findings_index::request::Deadline;
    use findings_index::request::compare::{GroupTally, ReportPart, ReportTally, Tally};

    /// A report: its group, its framework, its eligible and its matching paragraphs.
    type Report = (usize, &'static str, usize, usize);

    fn funnel(reports: &[Report], by: Attribute, method: Method) -> Option<Funnel> {
        let tally = |(number, (_, framework, eligible, matching)): (usize, &Report)| ReportTally {
            report: format!("report-{number}"),
            authority: None,
            region: None,
            framework: (*framework).to_owned(),
            visit: None,
            date: Some(jiff::civil::date(2015, 6, 1)),
            overall: None,
            overall_rank: None,
            eligible: *eligible,
            words: 0,
            matching: *matching,
        };
        let tallies: Vec<ReportTally> = reports.iter().enumerate().map(tally).collect();
        let number = reports.iter().map(|report| report.0 + 1).max().unwrap_or(0);
        let groups: Vec<GroupTally> = (0..number)
            .map(|group| GroupTally {
                values: vec![Some(group.to_string())],
                ranks: vec![None],
                tally: Tally::default(),
                reports: reports
                    .iter()
                    .enumerate()
                    .filter(|(_, report)| report.0 == group)
                    .map(|(report, (.., eligible, matching))| ReportPart {
                        report,
                        eligible: *eligible,
                        matching: *matching,
                    })
                    .collect(),
                candidates: Vec::new(),
            })
            .collect();
        let standard = Standard::new(&tallies, &groups, &[by]);
        let values: Vec<Option<String>> =
            (0..number).map(|group| Some(group.to_string())).collect();
        Funnel::new(&standard, &values, |_| false, method, &Deadline::never()).unwrap()
    }

    /// The raw funnel of groups of one report, given by their eligible and matching paragraphs.
    pub(crate) fn raw(groups: &[(usize, usize)]) -> Option<Funnel> {
        let reports: Vec<Report> = groups
            .iter()
            .enumerate()
            .map(|(group, (eligible, matching))| (group, "sif", *eligible, *matching))
            .collect();
        funnel(&reports, Attribute::Region, Method::Raw)
    }

    #[test]
    fn raw_limits_of_large_groups_are_those_of_the_normal_distribution() {
        let limits = binomial(0.2, 10_000).unwrap();
        // 20 per cent, give or take 1.96 (3.09) times its standard error of 0.4.
        let near = |ours: f64, normal: f64| (ours - normal).abs() < 0.03;
        assert!(near(limits.inner[0], 20.0 - 0.784) && near(limits.inner[1], 20.0 + 0.784));
        assert!(near(limits.outer[0], 20.0 - 1.236) && near(limits.outer[1], 20.0 + 1.236));
    }

    #[test]
    fn raw_limits_of_small_groups_are_wide_and_never_below_nothing() {
        let limits = binomial(0.02, 30).unwrap();
        assert_eq!((limits.inner[0], limits.outer[0]), (0.0, 0.0));
        // Chances of at most 1, 2 and 3 of 30: 0.879, 0.978, 0.997.
        assert!(limits.inner[1] > 100.0 / 30.0 && limits.inner[1] < 200.0 / 30.0);
    }

    #[test]
    fn groups_whose_reports_are_of_another_framework_are_not_far_off_for_that() {
        // Ten groups of ten reports; those of the last are of a framework with three times the rate.
        let mut reports: Vec<Report> = (0..90).map(|n| (n / 10, "sif", 100, 3 + n % 3)).collect();
        reports.extend((0..10).map(|n| (9, "ilacs", 100, 11 + n % 3)));
        reports.extend((0..30).map(|n| (n % 9, "ilacs", 100, 11 + n % 3)));
        let adjusted = funnel(&reports, Attribute::Region, Method::Adjusted).unwrap();
        assert_eq!(adjusted.points[9].place, Place::Within, "{:?}", adjusted.points[9]);
        assert!((adjusted.points[9].rate - adjusted.overall).abs() < 0.5);
        let raw = funnel(&reports, Attribute::Region, Method::Raw).unwrap();
        assert_eq!(raw.points[9].place, Place::Above998, "{:?}", raw.points[9]);
        // Compared by framework, the difference is what is asked about.
        let by: Vec<Report> = reports
            .iter()
            .enumerate()
            .map(|(n, report)| {
                (if report.1 == "ilacs" { 0 } else { 1 + n % 4 }, report.1, report.2, report.3)
            })
            .collect();
        let by = funnel(&by, Attribute::Framework, Method::Adjusted).unwrap();
        assert_eq!(by.points[0].place, Place::Above998, "{:?}", by.points[0]);
    }

    #[test]
    fn a_group_of_few_reports_is_placed_among_others_of_the_same_stratum() {
        // 120 reports of one framework, in 60 groups of two; both of one have six times the rate.
        let mut reports: Vec<Report> = (0..120).map(|n| (n / 2, "sif", 80, 1 + n % 4)).collect();
        (reports[0].3, reports[1].3) = (15, 15);
        let funnel = funnel(&reports, Attribute::Authority, Method::Adjusted).unwrap();
        assert!(funnel.points.iter().all(|point| point.is_shuffled));
        assert_eq!(funnel.points[0].place, Place::Above998, "{:?}", funnel.points[0]);
        assert_eq!(funnel.outside_998, 1);
        let limits = funnel.points[1].limits;
        assert!(
            limits.inner[0] <= funnel.points[1].rate && funnel.points[1].rate <= limits.inner[1]
        );
    }

    #[test]
    fn few_groups_and_rates_of_all_or_nothing_have_no_funnel() {
        assert_eq!(raw(&[(10, 5); 4]), None);
        assert_eq!(raw(&[(10, 0); 9]), None);
        assert_eq!(raw(&[(10, 10); 9]), None);
        assert!(raw(&[(10, 5); 5]).is_some());
    }
}
