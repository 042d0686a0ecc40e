//! Computes the funnel: how far chance alone takes groups of each size from the overall rate.
//!
//! Limits are those of the exact binomial distribution, interpolated as in Spiegelhalter 2005,
//! "Funnel plots for comparing institutional performance", *Statistics in Medicine* 24: 1185-1202
//! (appendix A.1.1). They treat paragraphs as independent, which those of one report are not. The
//! dispersion reports how much more the groups spread than that (the same paper, section 4).

use serde::Serialize;
use statrs::distribution::{Binomial, DiscreteCDF};

/// The fewest groups that have a funnel; fewer are easily compared in a table.
const FEWEST: usize = 5;

/// How many points a limit is drawn through.
const POINTS: usize = 60;

/// The limits within which chance alone keeps the rate of a group of one size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
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
pub struct Point {
    /// The group's value; `None` for those without one.
    pub value: Option<String>,
    /// Eligible paragraphs.
    pub eligible: usize,
    /// Matching paragraphs per 100 eligible ones.
    pub rate: f64,
    /// Where it lies.
    pub place: Place,
}

/// All groups around the overall rate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Funnel {
    /// Matching paragraphs per 100 eligible ones, in all groups together.
    pub overall: f64,
    /// The groups.
    pub points: Vec<Point>,
    /// The limits at growing sizes.
    pub limits: Vec<Limits>,
    /// How many groups lie outside the 95% limits.
    pub outside_95: usize,
    /// How many groups lie outside the 99.8% limits.
    pub outside_998: usize,
    /// How many would lie outside the 95% limits by chance alone.
    pub expected_outside_95: f64,
    /// The variance between the groups as a multiple of that expected by chance; 1 or less where
    /// they differ by no more.
    pub dispersion: f64,
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

    /// Builds the funnel of groups, each given as its value, its eligible and its matching
    /// paragraphs. `None` where there are too few groups, or nothing or everything matches.
    #[must_use]
    pub fn new(groups: &[(Option<String>, usize, usize)]) -> Option<Self> {
        let groups: Vec<_> = groups.iter().filter(|(_, eligible, _)| *eligible > 0).collect();
        let eligible: usize = groups.iter().map(|(_, eligible, _)| eligible).sum();
        let matching: usize = groups.iter().map(|(_, _, matching)| matching).sum();
        if groups.len() < FEWEST || matching == 0 || matching == eligible {
            return None;
        }
        let share = matching as f64 / eligible as f64;
        let points = groups
            .iter()
            .map(|(value, eligible, matching)| {
                let rate = 100.0 * *matching as f64 / *eligible as f64;
                let place = limits(share, *eligible)?.place(rate);
                Some(Point { value: value.clone(), eligible: *eligible, rate, place })
            })
            .collect::<Option<Vec<Point>>>()?;
        let squares = groups.iter().map(|(_, eligible, matching)| {
            let off = *matching as f64 / *eligible as f64 - share;
            off * off * *eligible as f64 / (share * (1.0 - share))
        });
        let outside =
            |places: &[Place]| points.iter().filter(|point| places.contains(&point.place)).count();
        let outside_998 = outside(&[Place::Above998, Place::Below998]);
        Some(Self {
            overall: 100.0 * share,
            limits: curve(share, &points)?,
            outside_95: outside_998 + outside(&[Place::Above95, Place::Below95]),
            outside_998,
            expected_outside_95: 0.05 * points.len() as f64,
            dispersion: squares.sum::<f64>() / groups.len() as f64,
            points,
        })
    }
}

/// Computes the limits at sizes up to just above the largest group, closer together where they
/// bend.
fn curve(share: f64, points: &[Point]) -> Option<Vec<Limits>> {
    let largest = points.iter().map(|point| point.eligible).max()?;
    let mut sizes: Vec<usize> = (1..=POINTS)
        .map(|step| {
            let part = step as f64 / POINTS as f64;
            ((largest as f64 * 1.05 * part * part).ceil() as usize).max(5)
        })
        .collect();
    sizes.dedup();
    sizes.into_iter().map(|eligible| limits(share, eligible)).collect()
}

fn limits(share: f64, eligible: usize) -> Option<Limits> {
    let chance = Binomial::new(share, eligible as u64).ok()?;
    let at = |part: f64| {
        let most = chance.inverse_cdf(part);
        let below = if most == 0 { 0.0 } else { chance.cdf(most - 1) };
        let up_to = chance.cdf(most);
        // The distribution has steps: the limit lies within the step in which `part` is reached.
        let over = if up_to > below { (up_to - part) / (up_to - below) } else { 0.0 };
        (100.0 * (most as f64 - over) / eligible as f64).max(0.0)
    };
    Some(Limits { eligible, inner: [at(0.025), at(0.975)], outer: [at(0.001), at(0.999)] })
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

#[cfg(test)]
mod tests {
    use super::{Funnel, Place, limits};

    #[test]
    fn limits_of_large_groups_are_those_of_the_normal_distribution() {
        let limits = limits(0.2, 10_000).unwrap();
        // 20 per cent, give or take 1.96 (3.09) times its standard error of 0.4.
        let near = |ours: f64, normal: f64| (ours - normal).abs() < 0.03;
        assert!(near(limits.inner[0], 20.0 - 0.784) && near(limits.inner[1], 20.0 + 0.784));
        assert!(near(limits.outer[0], 20.0 - 1.236) && near(limits.outer[1], 20.0 + 1.236));
    }

    #[test]
    fn limits_of_small_groups_are_wide_and_never_below_nothing() {
        let limits = limits(0.02, 30).unwrap();
        assert_eq!((limits.inner[0], limits.outer[0]), (0.0, 0.0));
        // Chances of at most 1, 2 and 3 of 30: 0.879, 0.978, 0.997.
        assert!(limits.inner[1] > 100.0 / 30.0 && limits.inner[1] < 200.0 / 30.0);
    }

    #[test]
    fn one_group_far_off_is_placed_and_the_others_are_not() {
        let mut groups: Vec<_> = (0..9).map(|n| (Some(n.to_string()), 200, 20)).collect();
        groups.push((None, 200, 60));
        let funnel = Funnel::new(&groups).unwrap();
        assert_eq!((funnel.outside_95, funnel.outside_998), (1, 1));
        assert_eq!(funnel.points[9].place, Place::Above998);
        assert!((funnel.expected_outside_95 - 0.5).abs() < 1e-9);
        // Nine groups are 2 points off 12 per cent, one 18: (9 * 4 + 324) / 10 in squares of the
        // standard error of 2.298 points.
        assert!((funnel.dispersion - 36.0 / 5.28).abs() < 1e-6, "{}", funnel.dispersion);
    }

    #[test]
    fn few_groups_and_rates_of_all_or_nothing_have_no_funnel() {
        let groups = |number: usize, matching| vec![(None, 10, matching); number];
        assert_eq!(Funnel::new(&groups(4, 5)), None);
        assert_eq!(Funnel::new(&groups(9, 0)), None);
        assert_eq!(Funnel::new(&groups(9, 10)), None);
    }
}
