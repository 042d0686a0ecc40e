//! Prepares each term for being dealt: how often it counts in each report or section that is dealt,
//! and how unevenly.

use super::deal::{Deal, Sides};
use super::keyness::{POSSIBLE, SURE, log_likelihood};
use findings_index::request::terms::InSection;
use std::f64::consts::SQRT_2;

/// A unit counts with no more occurrences than this share of those with the term have, for its
/// length.
const USUAL: f64 = 0.9;

/// A term, ready to be dealt.
#[derive(Debug)]
pub(super) struct Weighed {
    /// Its place among all terms.
    pub(super) term: usize,
    /// The units that have it, with how often it counts there; reports that are dealt whole first.
    pub(super) units: Vec<(u32, i32)>,
    /// Of the reports that are dealt whole.
    pub(super) whole: Part,
    /// Of those that are compared with themselves.
    pub(super) within: Part,
}

/// How often a term counts in what is dealt in one way.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Part {
    /// How many units have it.
    pub(super) units: usize,
    /// How often it counts.
    pub(super) count: f64,
    /// The strata that have it, with how often it counts there.
    pub(super) strata: Vec<(u32, f64)>,
    /// The mean variance of the first set's count over all ways to deal its words singly.
    pub(super) singly: f64,
    /// How many times as much it varies when units are dealt; at least 1.
    pub(super) variation: f64,
}

/// What is the same of a stratum for every term.
#[derive(Debug)]
struct Measured {
    /// The sum of the squares of its units' words.
    squares: f64,
    /// The mean of the product of both sets' shares of its words.
    mixed: f64,
    /// The smallest share that each set ever has.
    least: [f64; 2],
    /// The smallest that this product ever is.
    least_mixed: f64,
}

/// Weighs the terms of one answer.
#[derive(Debug)]
pub(super) struct Scale<'a> {
    sides: &'a Sides,
    strata: Vec<Measured>,
}

impl<'a> Scale<'a> {
    pub(super) fn new(sides: &'a Sides, deals: &[Deal]) -> Self {
        let measured = |(at, stratum): (usize, &super::deal::Stratum)| {
            let all = stratum.words as f64;
            let shares = deals.iter().map(|deal| deal.words[at].map(|own| own as f64 / all));
            let (mut mixed, mut least, mut least_mixed) = (0.0, [1.0; 2], 1.0_f64);
            for own in shares {
                mixed += own[0] * own[1] / deals.len() as f64;
                least_mixed = least_mixed.min(own[0] * own[1]);
                least = [0, 1].map(|set| own[set].min(least[set]));
            }
            let units = stratum.units(sides).iter();
            let squares = units.map(|own| (own.words as f64).powi(2)).sum();
            Measured { squares, mixed, least, least_mixed }
        };
        Self { sides, strata: sides.strata().iter().enumerate().map(measured).collect() }
    }

    /// Weighs a term; `None` if no deal could make it sure, or as reports go even possible.
    pub(super) fn weigh(&self, term: usize, sections: &[InSection]) -> Option<Weighed> {
        let mut units = self.sides.counts(sections);
        if self.at_most(&self.by_stratum(&units)) < SURE {
            return None;
        }
        self.cut(&mut units);
        let is_whole = |(unit, _): &(u32, u64)| self.sides.is_whole(self.sides.unit(*unit).stratum);
        let (whole, within) = units.split_at(units.partition_point(is_whole));
        let (whole, within) = (self.part(whole), self.part(within));
        // The most that deals could make of it, against the least that it varies.
        let most = (SQRT_2 * whole.count + within.count).powi(2);
        let least =
            whole.strata.iter().map(|(at, count)| count * self.strata[*at as usize].least_mixed);
        let least = whole.variation * least.sum::<f64>() + within.variation * within.singly;
        if most < POSSIBLE * least {
            return None;
        }
        let units = units.into_iter();
        let units = units.map(|(unit, count)| (unit, i32::try_from(count).unwrap_or(i32::MAX)));
        Some(Weighed { term, units: units.collect(), whole, within })
    }

    fn by_stratum(&self, units: &[(u32, u64)]) -> Vec<(u32, f64)> {
        let stratum = |unit: u32| self.sides.unit(unit).stratum;
        let together = units.chunk_by(|(one, _), (other, _)| stratum(*one) == stratum(*other));
        let sum = |own: &[(u32, u64)]| own.iter().map(|(_, count)| *count as f64).sum();
        together.map(|own| (stratum(own[0].0), sum(own))).collect()
    }

    /// The log-likelihood at the most: all in the set that is expected to have the least.
    fn at_most(&self, strata: &[(u32, f64)]) -> f64 {
        let (mut count, mut least) = (0.0, [0.0; 2]);
        for (stratum, own) in strata {
            count += own;
            let of_stratum = self.strata[*stratum as usize].least;
            least = [0, 1].map(|set| least[set] + own * of_stratum[set]);
        }
        if count > 0.0 { 2.0 * count * (count / least[0].min(least[1])).ln() } else { 0.0 }
    }

    /// Cuts the counts of those that use the term far more often than others do, always at least
    /// the most extreme, so that no unit outweighs all others. One occurrence always counts.
    fn cut(&self, units: &mut [(u32, u64)]) {
        if units.len() < 2 {
            return;
        }
        let words = |unit: u32| self.sides.unit(unit).words;
        let mut rates: Vec<(u64, u64)> =
            units.iter().map(|(unit, count)| (*count, words(*unit))).collect();
        rates.sort_unstable_by_key(|(count, words)| (*count as f64 / *words as f64).to_bits());
        let usual = ((USUAL * rates.len() as f64).ceil() as usize).clamp(1, rates.len() - 1);
        let (count, of) = rates[usual - 1];
        for (unit, own) in units {
            *own = (*own).min((count * words(*unit)).div_ceil(of).max(1));
        }
    }

    /// Measures what is dealt in one way. Variances are those of the first set's count over all ways
    /// to deal.
    fn part(&self, units: &[(u32, u64)]) -> Part {
        let strata = self.by_stratum(units);
        let mut next = units.iter().peekable();
        let (mut dealt, mut singly) = (0.0, 0.0);
        for (at, count) in &strata {
            let (stratum, own) = (&self.sides.strata()[*at as usize], &self.strata[*at as usize]);
            let rate = count / stratum.words as f64;
            // What each unit has more than expected, in squares.
            let mut squares = rate * rate * own.squares;
            while let Some((unit, count)) =
                next.next_if(|(unit, _)| self.sides.unit(*unit).stratum == *at)
            {
                let (count, words) = (*count as f64, self.sides.unit(*unit).words as f64);
                squares += count * count - 2.0 * rate * count * words;
            }
            dealt += stratum.variance(squares);
            singly += count * own.mixed;
        }
        let variation = if singly > 0.0 { (dealt / singly).max(1.0) } else { 1.0 };
        let count = strata.iter().map(|(_, count)| count).sum();
        Part { units: units.len(), count, strata, singly, variation }
    }
}

impl Part {
    /// How often each set is expected to have it, as dealt: its share of each stratum's words. Also
    /// the variance if its words were dealt singly.
    fn expected(&self, sides: &Sides, deal: &Deal) -> ([f64; 2], f64) {
        let (mut expected, mut singly) = ([0.0; 2], 0.0);
        for (stratum, count) in &self.strata {
            let stratum = *stratum as usize;
            let all = sides.strata()[stratum].words as f64;
            let shares = deal.words[stratum].map(|words| words as f64 / all);
            expected = [0, 1].map(|set| expected[set] + count * shares[set]);
            singly += count * (shares[0] * shares[1]);
        }
        (expected, singly)
    }
}

impl Weighed {
    /// How much the first set has more than expected, given what it has of either part, and the
    /// log-likelihood.
    ///
    /// This is divided by how many times as much the units vary as single words: the correction of
    /// first order of Rao and Scott 1981, "The analysis of categorical data from complex sample
    /// surveys", *Journal of the American Statistical Association* 76: 221-230. What the reports in
    /// both sets have more is added up over the reports before it is squared, as Mantel and Haenszel
    /// 1959 do, "Statistical aspects of the analysis of data from retrospective studies of disease",
    /// *Journal of the National Cancer Institute* 22: 719-748, and divided by its variance. One set's
    /// sections may be shorter than any that are dealt to it: the variance is never taken for less
    /// than the mean over all deals, in which the others have their turn.
    pub(super) fn log_likelihood(
        &self,
        [whole, within]: [i64; 2],
        sides: &Sides,
        deal: &Deal,
    ) -> (f64, f64) {
        let counts = |part: &Part, first: i64| [first as f64, part.count - first as f64];
        let (expected, singly) = self.whole.expected(sides, deal);
        let own = counts(&self.whole, whole);
        // Its square, divided by the variance, is the log-likelihood.
        let more = (log_likelihood(own, expected) * singly).sqrt();
        let more = if own[1] > expected[1] { -more } else { more };
        let variance = self.whole.variation * singly;

        let (expected, singly) = self.within.expected(sides, deal);
        let own = counts(&self.within, within);
        // Halved, so that it is the same for the other set.
        let more = more + ((own[0] - expected[0]) - (own[1] - expected[1])) / 2.0;
        let variance = variance + self.within.variation * singly.max(self.within.singly);
        (more, more * more / variance)
    }

    /// How many reports of a set have the term, as dealt.
    pub(super) fn reports_of(&self, set: usize, sides: &Sides, deal: &Deal) -> usize {
        let is_in = |(unit, _): &&(u32, i32)| deal.is_first[*unit as usize] == (set == 0);
        let having = self.units.iter().filter(is_in);
        let mut reports: Vec<u32> = having.map(|(unit, _)| sides.unit(*unit).report).collect();
        // The units of a report are next to each other.
        reports.dedup();
        reports.len()
    }
}

#[cfg(test)]
mod tests {
    use super::super::deal::{Sides, tests};
    use super::{Scale, Weighed};
    use findings_index::request::terms::InSection;

    fn measured(words: &[[u64; 2]], counts: &[[u32; 2]]) -> (Weighed, f64) {
        let sides = Sides::of(&tests::reports(words));
        let own = weighed(words, counts).unwrap();
        let sum = |counts: &[[u32; 2]], is_whole: bool| -> i64 {
            let of = counts.iter().zip(words).filter(|(_, own)| own.contains(&0) == is_whole);
            of.map(|(own, _)| i64::from(own[0])).sum()
        };
        let firsts = [sum(counts, true), sum(counts, false)];
        let (_, log_likelihood) = own.log_likelihood(firsts, &sides, &sides.deals()[0]);
        (own, log_likelihood)
    }

    fn weighed(words: &[[u64; 2]], counts: &[[u32; 2]]) -> Option<Weighed> {
        let sides = Sides::of(&tests::reports(words));
        let own = |(at, counts): (usize, &[u32; 2])| InSection {
            section: u32::try_from(at).unwrap(),
            counts: *counts,
            shared: 0,
        };
        let own: Vec<InSection> = counts.iter().enumerate().map(own).collect();
        Scale::new(&sides, &sides.deals()).weigh(7, &own)
    }

    /// Ten reports of each set, of 100 words each.
    fn halves() -> Vec<[u64; 2]> {
        [vec![[100, 0]; 10], vec![[0, 100]; 10]].concat()
    }

    #[test]
    fn a_report_that_has_far_more_than_others_is_cut_to_what_is_usual() {
        let counts = [vec![[40, 0]], vec![[2, 0]; 9], vec![[0, 1]; 10]].concat();
        let own = weighed(&halves(), &counts).unwrap();
        assert_eq!((own.units[0], own.units[10]), ((0, 2), (10, 1)));
        assert_eq!((own.term, own.whole.count, own.whole.strata), (7, 30.0, vec![(0, 30.0)]));
        assert_eq!(own.within.count, 0.0);
    }

    #[test]
    fn what_is_dealt_in_clumps_varies_more() {
        // Ten of twenty have it five times: each is 2.5 off what is expected, so that the variance
        // of the sum over 10 of 20 is 100 / (20 * 19) * 20 * 2.5²; of 50 single words it is 12.5.
        let counts = [vec![[5, 0]; 10], vec![[0, 0]; 10]].concat();
        let (own, log_likelihood) = measured(&halves(), &counts);
        let expected = 100.0 / 380.0 * 20.0 * 6.25 / 12.5;
        assert!((own.whole.variation - expected).abs() < 1e-9, "{}", own.whole.variation);
        // 50 of 50 in one half of the words: 2 * 50 ln 2.
        assert!((log_likelihood - 100.0 * 2f64.ln() / expected).abs() < 1e-9);
        // Spread more evenly than by chance is no surer than by chance.
        let counts = [vec![[4, 0]; 10], vec![[0, 4]; 10]].concat();
        assert_eq!(weighed(&halves(), &counts).unwrap().whole.variation, 1.0);
    }

    #[test]
    fn a_report_in_both_sets_is_compared_with_itself() {
        // Each has it thrice on its first side and is 1.5 off: 2 * 1.5² is twice the variance of its
        // sum, and three single words have one of 3 / 4. So is the sum of ten 15 off.
        let (own, log_likelihood) = measured(&[[100, 100]; 10], &[[3, 0]; 10]);
        assert!((own.within.variation - 3.0).abs() < 1e-9, "{}", own.within.variation);
        assert!((log_likelihood - 15.0 * 15.0 / 22.5).abs() < 1e-9, "{log_likelihood}");
        // What all have on both sides alike does not differ, however often some have it.
        let counts = [vec![[30, 30]; 5], vec![[1, 1]; 5]].concat();
        let (own, log_likelihood) = measured(&[[100, 100]; 10], &counts);
        assert_eq!((own.within.variation, log_likelihood), (1.0, 0.0));
    }

    #[test]
    fn it_is_the_same_how_short_the_sections_of_one_set_are() {
        // All twenty are off in the same direction, each by 0.947.
        let (_, log_likelihood) = measured(&[[50, 900]; 20], &[[1, 0]; 20]);
        assert!((log_likelihood - 20.0).abs() < 1e-9, "{log_likelihood}");
    }

    #[test]
    fn what_no_deal_can_make_sure_is_not_dealt() {
        // 10 at most in one half of the words: 2 * 10 ln 2 is 13.9.
        assert!(weighed(&halves(), &[[1, 0]; 10]).is_none());
    }
}
