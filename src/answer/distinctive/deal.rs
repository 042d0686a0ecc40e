//! Deals the reports anew to the two sets, as if it were chance which of them is in which.
//!
//! What a report says is of a piece, so a report is dealt whole. One with words of one set only is
//! dealt to either, so that each set keeps its number of such reports. One with words of both, as
//! recommendations and findings are, stays in both: its two sides are swapped or not, as a coin
//! falls. Paragraphs that are in both sets say nothing about how these differ and are left out; but
//! a set that is within the other is compared with the rest of the other.

use findings_index::request::terms::{InReport, TermsResponse};
use std::cmp::Ordering;

/// How often the reports are dealt anew. With the sets as they are these are 1,000.
pub(super) const DEALS: usize = 999;

/// The same question has the same answer.
const SEED: u64 = 31;

/// What of the two sets is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compared {
    /// What each has and the other has not.
    Apart,
    /// A set that is within the other, given by its place, with the rest of the other.
    Within(usize),
}

impl Compared {
    /// What is on each side, given what is in each set and what is in both.
    fn sides(self, sets: [u64; 2], shared: u64) -> [u64; 2] {
        let apart = sets.map(|own| own.saturating_sub(shared));
        match self {
            Self::Apart => apart,
            Self::Within(0) => [sets[0], apart[1]],
            Self::Within(_) => [apart[0], sets[1]],
        }
    }
}

/// The sides of every report: what of it is compared as the first set, and what as the second.
#[derive(Debug)]
pub(super) struct Sides {
    compared: Compared,
    /// Words on each side, by the place of the report.
    words: Vec<[u64; 2]>,
    /// The reports with words on one side, in the order of their ids.
    pub(super) single: Vec<usize>,
    /// The reports with words on both, in the order of their ids.
    pub(super) double: Vec<usize>,
}

/// Which reports are in the first set, and which of those in both are not swapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Deal {
    /// By the place of the report.
    pub(super) is_first: Vec<bool>,
    /// The words that the first set then has.
    pub(super) words: u64,
}

impl Sides {
    pub(super) fn of(response: &TermsResponse) -> Self {
        let is_within = |set: &usize| response.sizes[*set].paragraphs == response.shared;
        let compared = [0, 1].into_iter().find(is_within).map_or(Compared::Apart, Compared::Within);
        let reports = &response.reports;
        let words: Vec<[u64; 2]> =
            reports.iter().map(|own| compared.sides(own.words, own.shared)).collect();
        // An engine may number reports as it likes.
        let mut order: Vec<usize> = (0..words.len()).collect();
        order.sort_unstable_by(|a, b| reports[*a].id.cmp(&reports[*b].id));
        let with = |sides: usize| {
            let is_so = |at: &usize| words[*at].iter().filter(|own| **own > 0).count() == sides;
            order.iter().copied().filter(is_so).collect()
        };
        let (single, double) = (with(1), with(2));
        Self { compared, words, single, double }
    }

    /// How often a term occurs on each side of a report.
    pub(super) fn counts(&self, own: &InReport) -> [u64; 2] {
        self.compared.sides(own.counts.map(u64::from), own.shared.into())
    }

    /// The words on each side of a report.
    pub(super) fn words(&self, report: usize) -> [u64; 2] {
        self.words[report]
    }

    /// All words that are compared.
    pub(super) fn all_words(&self) -> u64 {
        self.words.iter().flatten().sum()
    }

    pub(super) fn is_single(&self, report: usize) -> bool {
        self.words[report].contains(&0)
    }

    /// How many of the reports with one side are in the first set.
    pub(super) fn single_in_first(&self) -> usize {
        self.single.iter().filter(|report| self.words[**report][0] > 0).count()
    }

    /// What the first set has of a report, given what is on its sides.
    pub(super) fn in_first(&self, report: usize, is_first: bool, sides: [u64; 2]) -> u64 {
        match (self.is_single(report), is_first) {
            (true, true) => sides[0] + sides[1],
            (true, false) => 0,
            (false, true) => sides[0],
            (false, false) => sides[1],
        }
    }

    /// The smallest chance that dealing can show: how rare the sets themselves are among all ways to
    /// deal. Where both have equally many reports, each way has a mirror image, in which the same
    /// terms differ as much.
    pub(super) fn least_chance(&self) -> f64 {
        let (all, first) = (self.single.len(), self.single_in_first());
        let fewer = first.min(all - first);
        let of_single: f64 = (0..fewer).map(|at| (all - at) as f64 / (at + 1) as f64).product();
        let of_double = 2f64.powi(i32::try_from(self.double.len()).unwrap_or(i32::MAX));
        let alike = if 2 * first == all { 2.0 } else { 1.0 };
        (alike / (of_single * of_double)).min(1.0)
    }

    fn deal(&self, is_first: Vec<bool>) -> Deal {
        let words = is_first.iter().enumerate();
        let words = words.map(|(at, is_first)| self.in_first(at, *is_first, self.words[at])).sum();
        Deal { is_first, words }
    }

    /// Deals the reports: first the sets as they are, then [`DEALS`] times anew.
    pub(super) fn deals(&self) -> Vec<Deal> {
        let mut held = vec![false; self.words.len()];
        self.single.iter().for_each(|at| held[*at] = self.words[*at][0] > 0);
        self.double.iter().for_each(|at| held[*at] = true);
        let (all, first) = (self.single.len(), self.single_in_first());
        // The reports of the smaller set are drawn, so that it makes no difference which set is
        // called the first.
        let is_first_drawn = match first.cmp(&(all - first)) {
            Ordering::Less => true,
            Ordering::Greater => false,
            Ordering::Equal => self.single.first().is_some_and(|at| held[*at]),
        };
        let drawn = first.min(all - first);
        let mut random = fastrand::Rng::with_seed(SEED);
        let mut order = self.single.clone();
        let mut deals = Vec::with_capacity(DEALS + 1);
        deals.push(self.deal(held));
        for _ in 0..DEALS {
            let mut is_first = vec![!is_first_drawn; self.words.len()];
            for at in 0..drawn {
                // Not of a `usize`, which is another number on another machine.
                let left = u32::try_from(all - at).unwrap_or(u32::MAX);
                order.swap(at, at + random.u32(0..left) as usize);
                is_first[order[at]] = is_first_drawn;
            }
            self.double.iter().for_each(|at| is_first[*at] = random.bool());
            deals.push(self.deal(is_first));
        }
        deals
    }
}

#[cfg(test)]
mod tests {
    use super::{Compared, DEALS, Sides};
    use findings_index::request::terms::{ReportSize, SetSize, TermsResponse};

    /// Reports with that many words in each set.
    fn sides(words: &[[u64; 2]]) -> Sides {
        let report = |(at, words): (usize, &[u64; 2])| ReportSize {
            id: format!("{at:03}"),
            words: *words,
            shared: 0,
        };
        Sides::of(&TermsResponse {
            sizes: [SetSize { paragraphs: 9, ..SetSize::default() }; 2],
            reports: words.iter().enumerate().map(report).collect(),
            ..TermsResponse::default()
        })
    }

    #[test]
    fn each_set_keeps_its_number_of_reports_and_each_report_its_turn() {
        let words: Vec<[u64; 2]> = (0..20).map(|at| if at < 6 { [1, 0] } else { [0, 1] }).collect();
        let deals = sides(&words).deals();
        assert_eq!(deals.len(), DEALS + 1);
        assert!(deals.iter().all(|deal| deal.words == 6));
        assert_eq!(deals[0].is_first, (0..20).map(|at| at < 6).collect::<Vec<_>>());
        for at in 0..20 {
            // 6 of 20: 300 of 1,000, give or take four times 14.
            let turns = deals.iter().filter(|deal| deal.is_first[at]).count();
            assert!((244..=356).contains(&turns), "{at}: {turns}");
        }
    }

    #[test]
    fn a_report_of_both_sets_stays_in_both_and_is_swapped_by_a_coin() {
        let deals = sides(&[[10, 3], [20, 4], [0, 5], [6, 0]]).deals();
        assert_eq!(deals[0].words, 10 + 20 + 6);
        for deal in &deals {
            let own = if deal.is_first[0] { 10 } else { 3 };
            let next = if deal.is_first[1] { 20 } else { 4 };
            assert_ne!(deal.is_first[2], deal.is_first[3]);
            assert_eq!(deal.words, own + next + if deal.is_first[3] { 6 } else { 5 });
        }
        let swapped = deals.iter().filter(|deal| !deal.is_first[0]).count();
        assert!((437..=563).contains(&swapped), "{swapped}");
    }

    #[test]
    fn the_same_reports_are_dealt_the_same_and_mirrored_if_the_sets_are() {
        for first in [3, 8, 11] {
            let words: Vec<[u64; 2]> = (0..18)
                .map(|at| {
                    if at < first {
                        [7, 0]
                    } else if at < 16 {
                        [0, 7]
                    } else {
                        [2, 5]
                    }
                })
                .collect();
            let mirrored: Vec<[u64; 2]> = words.iter().map(|[a, b]| [*b, *a]).collect();
            let (deals, again) = (sides(&words).deals(), sides(&words).deals());
            assert_eq!(deals, again);
            for (deal, mirror) in deals.iter().zip(sides(&mirrored).deals()) {
                assert!((0..16).all(|at| deal.is_first[at] != mirror.is_first[at]));
                assert_eq!(deal.is_first[16..], mirror.is_first[16..]);
            }
        }
    }

    #[test]
    fn few_reports_have_few_ways_to_be_dealt() {
        let of = |first: usize, second: usize, both: usize| {
            let words = [vec![[1, 0]; first], vec![[0, 1]; second], vec![[1, 1]; both]].concat();
            sides(&words).least_chance()
        };
        // 4 of 8 in 70 ways, 5 of 10 in 252, each with its mirror image; 3 of 11 in 165.
        for (chance, expected) in [
            (of(4, 4, 0), 2.0 / 70.0),
            (of(5, 5, 0), 2.0 / 252.0),
            (of(3, 8, 0), 1.0 / 165.0),
            (of(0, 0, 6), 2.0 / 64.0),
            (of(1, 3, 2), 1.0 / 16.0),
            (of(0, 3, 0), 1.0),
        ] {
            assert!((chance - expected).abs() < 1e-12, "{chance} {expected}");
        }
        assert_eq!(of(900, 900, 900), 0.0);
    }

    #[test]
    fn a_set_within_the_other_is_compared_with_the_rest() {
        assert_eq!(Compared::Apart.sides([5, 7], 2), [3, 5]);
        assert_eq!(Compared::Within(0).sides([5, 7], 5), [5, 2]);
        assert_eq!(Compared::Within(1).sides([9, 7], 7), [2, 7]);
    }
}
