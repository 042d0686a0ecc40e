//! Shares with their confidence intervals.
//!
//! Paragraphs of one report are alike, so a share of them is less sure than its size suggests. The
//! report is therefore the unit of sampling (the *cluster*), and an authority where reports are
//! counted:
//!
//! 1. The variance of the share is that of a ratio of two totals over clusters, by linearisation
//!    (Cochran 1977, *Sampling Techniques*, section 11.8); divided by the variance of a share of
//!    independent ones it is the design effect.
//! 2. The effective size is the size divided by the design effect and by the square of the ratio of
//!    the quantiles of Student's distribution with one degree of freedom fewer than there are
//!    clusters and of the normal one, and never more than the size.
//! 3. The interval is the exact one of Clopper and Pearson for the effective size (Korn and
//!    Graubard 1998, *Survey Methodology* 24: 193-201).
//!
//! Where few reports hold most of the matches, the design effect is estimated too low more often
//! than too high. What it has above 1 is therefore taken [`RAISED`] times as large, the smallest
//! step with which 95% intervals cover in 92 to 98% of generated corpora (`tests/library/cover.rs`
//! prints the coverage).

use serde::Serialize;
use statrs::distribution::{Beta, ContinuousCDF as _, StudentsT};
use std::collections::BTreeMap;

/// The 97.5% quantile of the normal distribution: 95% lie within it on either side.
const Z: f64 = 1.959_963_984_540_054;

/// How many times as large the part of a design effect above 1 is taken.
const RAISED: f64 = 1.4;

/// The fewest clusters that have an interval: the spread of fewer says nothing.
const FEWEST_CLUSTERS: usize = 5;

/// With fewer clusters than this, [`MATCHES`] matches are needed, else [`MATCHES_OF_MANY`].
const MANY_CLUSTERS: usize = 100;

/// How many must match, and how many must not, for an interval to be as sure as it says.
const MATCHES: usize = 20;

/// The same with many clusters.
const MATCHES_OF_MANY: usize = 10;

/// With fewer than this no interval is computed at all.
const HARDLY_ANY: usize = 5;

/// A count out of a total, in per cent, with a 95% interval where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Share {
    /// The count.
    pub count: usize,
    /// The total.
    pub out_of: usize,
    /// The share in per cent; `None` out of nothing.
    pub percent: Option<f64>,
    /// The lower end of the interval, in per cent.
    pub low: Option<f64>,
    /// The upper end of the interval, in per cent.
    pub high: Option<f64>,
    /// The number of independent ones that would be as sure, at most the total; `None` where there
    /// is no interval.
    pub effective: Option<f64>,
    /// The number of clusters: reports, or authorities where reports are counted. The interval has
    /// one degree of freedom fewer. `None` for a share of everything there is, without an interval.
    pub clusters: Option<usize>,
    /// Whether there are too few for an interval that can be relied on: fewer than five clusters, or
    /// fewer than 20 (with 100 clusters or more: 10) that are counted or that are not. Where there
    /// is an interval nevertheless, it is rough.
    pub too_few: bool,
}

/// Says when there are too few for an interval that can be relied on, with the nouns of what is
/// counted and of the clusters.
#[must_use]
pub fn too_few(counted: &str, clusters: &str) -> String {
    format!(
        "fewer than {FEWEST_CLUSTERS} {clusters}, or fewer than {MATCHES} {counted} that mention it \
         or that do not ({MATCHES_OF_MANY} in {MANY_CLUSTERS} {clusters} or more)"
    )
}

/// What of a total is in one cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cluster {
    /// How many are counted.
    pub count: usize,
    /// Out of how many.
    pub out_of: usize,
}

/// The spread of a total over its clusters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    /// The number of clusters.
    pub(super) clusters: usize,
    /// The variance of the share.
    pub(super) variance: f64,
}

impl Share {
    /// A share of everything there is, without an interval.
    #[must_use]
    pub fn whole(count: usize, out_of: usize) -> Self {
        Self {
            count,
            out_of,
            percent: (out_of > 0).then(|| 100.0 * count as f64 / out_of as f64),
            low: None,
            high: None,
            effective: None,
            clusters: None,
            too_few: false,
        }
    }

    /// The share in all clusters together, with its interval.
    #[must_use]
    pub fn clustered(clusters: impl IntoIterator<Item = Cluster>) -> Self {
        let clusters: Vec<Cluster> = clusters.into_iter().filter(|own| own.out_of > 0).collect();
        let count = clusters.iter().map(|own| own.count).sum();
        let out_of: usize = clusters.iter().map(|own| own.out_of).sum();
        let share = count as f64 / out_of as f64;
        let off = |own: &Cluster| own.count as f64 - share * own.out_of as f64;
        let spread = Spread::new(clusters.iter().map(off), out_of as f64);
        Self::spread(count, out_of, spread)
    }

    /// The share of reports that are counted, each given with its authority, which is the cluster.
    /// Where that is not known, each is taken for one of another authority.
    pub(super) fn of_reports<'r>(reports: impl Iterator<Item = (Option<&'r str>, bool)>) -> Self {
        let mut clusters: BTreeMap<(Option<&str>, usize), Cluster> = BTreeMap::new();
        for (place, (authority, is_counted)) in reports.enumerate() {
            let alone = if authority.is_none() { place } else { 0 };
            let own = clusters.entry((authority, alone)).or_default();
            own.out_of += 1;
            own.count += usize::from(is_counted);
        }
        Self::clustered(clusters.into_values())
    }

    /// A share whose spread over clusters is known.
    pub(super) fn spread(count: usize, out_of: usize, spread: Spread) -> Self {
        let mut share = Self::whole(count, out_of);
        if out_of == 0 {
            return share;
        }
        share.clusters = Some(spread.clusters);
        let fewer = count.min(out_of - count);
        let needed = if spread.clusters < MANY_CLUSTERS { MATCHES } else { MATCHES_OF_MANY };
        share.too_few = spread.clusters < FEWEST_CLUSTERS || fewer < needed;
        if spread.clusters < FEWEST_CLUSTERS || fewer < HARDLY_ANY {
            return share;
        }
        let size = spread.effective(count as f64 / out_of as f64, out_of as f64);
        let Some((low, high)) = clopper_pearson(count as f64 / out_of as f64 * size, size) else {
            return share;
        };
        share.effective = Some(size);
        (share.low, share.high) = (Some(100.0 * low), Some(100.0 * high));
        share
    }
}

impl Spread {
    /// The spread of a ratio, from how far each cluster's count is off what the ratio expects of it,
    /// and the total of the ratio's denominators.
    pub(super) fn new(off: impl ExactSizeIterator<Item = f64>, out_of: f64) -> Self {
        let clusters = off.len();
        let squares: f64 = off.map(|off| off * off).sum();
        let correction = clusters as f64 / (clusters as f64 - 1.0);
        let variance = if clusters > 1 { correction * squares / (out_of * out_of) } else { 0.0 };
        Self { clusters, variance }
    }

    /// The effective size of a share of so many.
    fn effective(&self, share: f64, out_of: f64) -> f64 {
        let effect = self.variance * out_of / (share * (1.0 - share));
        let raised = effect + (RAISED - 1.0) * (effect - 1.0).max(0.0);
        let freedom = self.clusters as f64 - 1.0;
        let student = StudentsT::new(0.0, 1.0, freedom).map_or(Z, |t| t.inverse_cdf(0.975));
        let narrowed = (Z / student).powi(2) / raised;
        // Clusters that are all alike would make it endless.
        out_of * narrowed.min(1.0)
    }
}

/// The exact 95% interval of a share; neither number need be whole.
fn clopper_pearson(count: f64, out_of: f64) -> Option<(f64, f64)> {
    let low = Beta::new(count, out_of - count + 1.0).ok()?.inverse_cdf(0.025);
    let high = Beta::new(count + 1.0, out_of - count).ok()?.inverse_cdf(0.975);
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::{Cluster, Share, clopper_pearson, too_few};

    fn clusters(each: &[(usize, usize)]) -> Vec<Cluster> {
        each.iter().map(|(count, out_of)| Cluster { count: *count, out_of: *out_of }).collect()
    }

    #[test]
    fn exact_intervals_are_those_that_newcombe_published() {
        // Table I of Newcombe 1998, *Statistics in Medicine* 17: 857-872, method 5.
        for (count, out_of, low, high) in [
            (81.0, 263.0, 0.2527, 0.3676),
            (15.0, 148.0, 0.0578, 0.1617),
            (1.0, 29.0, 0.0009, 0.1776),
        ] {
            let ours = clopper_pearson(count, out_of).unwrap();
            assert!((ours.0 - low).abs() < 5e-5 && (ours.1 - high).abs() < 5e-5, "{ours:?}");
        }
    }

    #[test]
    fn reports_that_differ_widen_the_interval_and_reports_that_are_alike_do_not_narrow_it() {
        let alike = Share::clustered(clusters(&[(10, 100); 10]));
        let apart = Share::clustered(clusters(&[
            (0, 100),
            (0, 100),
            (50, 100),
            (0, 100),
            (0, 100),
            (0, 100),
            (0, 100),
            (0, 100),
            (50, 100),
            (0, 100),
        ]));
        assert_eq!(alike.effective, Some(1_000.0));
        let width = |share: Share| share.high.unwrap() - share.low.unwrap();
        assert!(width(apart) > 5.0 * width(alike), "{alike:?} {apart:?}");
        // Variance of the ratio: 10/9 * (2 * 40^2 + 8 * 10^2) / 1000^2 = 0.004444; of independent
        // ones 0.00009; design effect 49.4, raised to 68.7; Student's quantile with 9 degrees of
        // freedom 2.262 makes another 1.332.
        assert!((apart.effective.unwrap() - 1_000.0 / 68.74 / 1.3322).abs() < 0.02, "{apart:?}");
    }

    #[test]
    fn few_reports_and_few_matches_have_no_interval_and_some_have_a_rough_one() {
        let none = |share: Share| share.too_few && share.low.is_none() && share.high.is_none();
        assert!(none(Share::clustered(clusters(&[(20, 50)]))), "one report");
        assert!(none(Share::clustered(clusters(&[(20, 50); 4]))), "four reports");
        assert!(none(Share::clustered(clusters(&[(0, 50); 40]))), "nothing matches");
        assert!(none(Share::clustered(clusters(&[(50, 50); 40]))), "everything matches");
        let rough = Share::clustered(clusters(&[(1, 50); 8]));
        assert!(rough.too_few && rough.low.is_some());
        assert!(!Share::clustered(clusters(&[(2, 50); 10])).too_few);
        let mut many = vec![(0, 50); 90];
        many.extend([(1, 50); 10]);
        assert!(!Share::clustered(clusters(&many)).too_few);
        let nothing = Share::clustered([]);
        assert_eq!((nothing.percent, nothing.low, nothing.too_few), (None, None, false));
        assert_eq!(
            too_few("paragraphs", "reports"),
            "fewer than 5 reports, or fewer than 20 paragraphs that mention it or that do not (10 in \
             100 reports or more)"
        );
    }
}
