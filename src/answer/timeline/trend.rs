//! Tests whether an authority's reports mention the subject more, or less, from one to the next.
//!
//! The unit is the report. Each is measured by how far its matching paragraphs are from what reports
//! of its framework have (visits apart), in standard deviations of such reports; so a change of
//! framework is no change. If time made no difference, every order of these would be as likely as
//! the one that is found: the chance is the part of all orders in which they go with time at least
//! as much (a permutation test, two-sided). All orders are tried for up to eight reports, 9,999 at
//! random for more.

use serde::Serialize;

/// With fewer reports no order is rare enough to say anything: of four, the rarest has a chance of 2
/// in 24.
const FEWEST: usize = 5;

/// Up to this many reports all orders are tried.
const ALL_ORDERS: usize = 8;

/// How many orders are drawn at random for more.
const DRAWS: usize = 9_999;

/// The same question has the same answer.
const SEED: u64 = 24;

/// Numbers that differ by rounding alone are equal.
const EQUAL: f64 = 1e-9;

/// What is asked of the order of an authority's reports.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Trend {
    /// How many reports with a date are compared.
    pub reports: usize,
    /// Whether the later ones mention it more often, compared with reports of the same framework;
    /// `None` where there are too few.
    pub is_rising: Option<bool>,
    /// The chance of an order that goes with time at least as much; `None` where there are too few.
    pub chance: Option<f64>,
    /// Whether all orders were tried.
    pub is_exact: bool,
}

impl Trend {
    /// Tests reports, given the earliest first by how far each is from what is expected of it.
    pub(super) fn new(off: &[f64]) -> Self {
        let reports = off.len();
        let is_exact = reports <= ALL_ORDERS;
        // Without any difference there is no order.
        let is_flat = off.iter().all(|own| (own - off.first().unwrap_or(&0.0)).abs() < EQUAL);
        if reports < FEWEST || is_flat {
            return Self { reports, is_rising: None, chance: None, is_exact };
        }
        let found = with_time(off);
        let is_as_much = |order: &[f64]| with_time(order).abs() >= found.abs() - EQUAL;
        let mut order = off.to_vec();
        let chance = if is_exact {
            let (mut as_much, mut all) = (0usize, 0usize);
            each_order(&mut order, 0, &mut |order| {
                all += 1;
                as_much += usize::from(is_as_much(order));
            });
            as_much as f64 / all as f64
        } else {
            let mut random = fastrand::Rng::with_seed(SEED);
            let as_much = (0..DRAWS)
                .filter(|_| {
                    random.shuffle(&mut order);
                    is_as_much(&order)
                })
                .count();
            (as_much as f64 + 1.0) / (DRAWS as f64 + 1.0)
        };
        Self { reports, is_rising: Some(found > 0.0), chance: Some(chance), is_exact }
    }

    /// What may be said, in words.
    pub(super) fn said(&self) -> String {
        let (reports, tried) = (
            self.reports,
            if self.is_exact { "exact permutation test" } else { "permutation test, 9,999 orders" },
        );
        match (self.is_rising, self.chance) {
            (Some(is_rising), Some(chance)) => {
                let way = if is_rising { "more" } else { "less" };
                let said = if chance <= 0.05 {
                    format!("Later reports mention it {way} than earlier ones")
                } else {
                    "No change over time can be told from chance".to_owned()
                };
                format!(
                    "{said}, compared with reports of the same framework: p = {chance:.2} over \
                     {reports} reports ({tried}).",
                )
            }
            _ if reports < FEWEST => format!(
                "Whether it changes over time cannot be said: {reports} reports have too few orders \
                 for any to be unlikely."
            ),
            _ => format!("Over {reports} reports nothing changes."),
        }
    }
}

/// How much values go with their order, from the first to the last.
fn with_time(values: &[f64]) -> f64 {
    let middle = (values.len() as f64 - 1.0) / 2.0;
    values.iter().enumerate().map(|(at, own)| (at as f64 - middle) * own).sum()
}

/// Visits each order of the values from a place on.
fn each_order(values: &mut [f64], from: usize, visit: &mut impl FnMut(&[f64])) {
    if from + 1 >= values.len() {
        visit(values);
        return;
    }
    for at in from..values.len() {
        values.swap(from, at);
        each_order(values, from + 1, visit);
        values.swap(from, at);
    }
}

#[cfg(test)]
mod tests {
    use super::Trend;

    #[test]
    fn the_rarest_order_of_five_reports_and_its_reverse_are_2_of_120() {
        let rising = Trend::new(&[-2.0, -1.0, 0.0, 1.0, 2.0]);
        assert_eq!((rising.is_rising, rising.is_exact), (Some(true), true));
        assert!((rising.chance.unwrap() - 2.0 / 120.0).abs() < 1e-12, "{rising:?}");
        insta::assert_snapshot!(rising.said(), @"Later reports mention it more than earlier ones, compared with reports of the same framework: p = 0.02 over 5 reports (exact permutation test).");
        let falling = Trend::new(&[2.0, 1.0, 0.0, -1.0, -2.0]);
        assert_eq!((falling.is_rising, falling.chance), (Some(false), rising.chance));
    }

    #[test]
    fn many_reports_are_drawn_and_few_or_equal_ones_are_not_tested() {
        let mixed: Vec<f64> = (0..12).map(|n| f64::from(n * 7 % 12)).collect();
        let mixed = Trend::new(&mixed);
        assert!(!mixed.is_exact && mixed.chance.unwrap() > 0.05, "{mixed:?}");
        let rising: Vec<f64> = (0..12).map(f64::from).collect();
        assert!(Trend::new(&rising).chance.unwrap() < 0.001);
        insta::assert_snapshot!(Trend::new(&[1.0, 2.0, 3.0, 4.0]).said(), @"Whether it changes over time cannot be said: 4 reports have too few orders for any to be unlikely.");
        insta::assert_snapshot!(Trend::new(&[1.0; 6]).said(), @"Over 6 reports nothing changes.");
    }
}
