//! Prepares each term for being dealt: how often it counts in each report, and how unevenly.

use super::deal::{Deal, Sides};
use super::keyness::{POSSIBLE, SURE, Table};
use findings_index::request::terms::InReport;

/// A report counts with no more occurrences than this share of those with the term have, for its
/// length.
const USUAL: f64 = 0.9;

/// A term, ready to be dealt.
#[derive(Debug)]
pub(super) struct Weighed {
    /// Its place among all terms.
    pub(super) term: usize,
    /// The reports that have it, with how often it counts on each side.
    pub(super) reports: Vec<(u32, [u64; 2])>,
    /// The same as steps: how much more of the term the first set has if the report is dealt to it.
    pub(super) steps: Vec<(u32, i32)>,
    /// How much the first set has if none is.
    pub(super) least: i64,
    /// How often it counts in all.
    pub(super) count: u64,
    /// How many times as much it varies between reports as words strewn singly would; at least 1.
    pub(super) variation: f64,
}

/// Sums over reports of the same sort, which are the same for every term.
#[derive(Debug, Default)]
struct Lengths {
    words: f64,
    squares: f64,
}

/// Weighs the terms of one answer.
#[derive(Debug)]
pub(super) struct Scale<'a> {
    sides: &'a Sides,
    all_words: u64,
    /// For the reports of one side and those of two.
    lengths: [Lengths; 2],
    /// The mean of the product of both sets' shares of the words.
    mixed: f64,
    /// The log-likelihood of one occurrence at the most: all in the set that was ever the smallest.
    at_most: f64,
}

impl<'a> Scale<'a> {
    pub(super) fn new(sides: &'a Sides, deals: &[Deal]) -> Self {
        let all_words = sides.all_words();
        let all = all_words as f64;
        let words = |deal: &Deal| [deal.words, all_words - deal.words].map(|own| own as f64);
        let mixed = deals.iter().map(words).map(|[one, other]| one * other / (all * all));
        let smallest = deals.iter().map(words).map(|[one, other]| one.min(other) / all);
        let lengths = [&sides.single, &sides.double].map(|reports| {
            let steps = reports.iter().map(|at| step(sides, *at, sides.words(*at)) as f64);
            let (words, squares) =
                steps.fold((0.0, 0.0), |(sum, squares), own| (sum + own, squares + own * own));
            Lengths { words, squares }
        });
        Self {
            sides,
            all_words,
            lengths,
            mixed: mixed.sum::<f64>() / deals.len() as f64,
            at_most: -2.0 * smallest.fold(1.0, f64::min).ln(),
        }
    }

    /// Weighs a term; `None` if no deal could make it sure, or as reports go even possible.
    pub(super) fn weigh(&self, term: usize, reports: &[InReport]) -> Option<Weighed> {
        let sides = self.sides;
        let mut own: Vec<(u32, [u64; 2])> =
            reports.iter().map(|own| (own.report, sides.counts(own))).collect();
        own.retain(|(_, counts)| *counts != [0, 0]);
        let counted = |own: &[(u32, [u64; 2])]| own.iter().flat_map(|(_, own)| own).sum::<u64>();
        if counted(&own) as f64 * self.at_most < SURE {
            return None;
        }
        self.cut(&mut own);
        let count = counted(&own);
        let variation = self.variation(&own, count);
        if (count as f64 * self.at_most) < POSSIBLE * variation {
            return None;
        }
        let steps = own.iter().map(|(report, counts)| {
            let step = step(sides, *report as usize, *counts);
            (*report, i32::try_from(step).unwrap_or(i32::MAX))
        });
        let steps = steps.collect();
        let least = own.iter().map(|(at, counts)| sides.in_first(*at as usize, false, *counts));
        let least = i64::try_from(least.sum::<u64>()).unwrap_or(i64::MAX);
        Some(Weighed { term, reports: own, steps, least, count, variation })
    }

    /// Cuts the counts of those that use the term far more often than others do, always at least
    /// the most extreme, so that no report outweighs all others. One occurrence always counts.
    fn cut(&self, reports: &mut [(u32, [u64; 2])]) {
        let words = |report: u32| self.sides.words(report as usize);
        let mut rates: Vec<(u64, u64)> = reports
            .iter()
            .flat_map(|(report, counts)| counts.iter().copied().zip(words(*report)))
            .filter(|(count, _)| *count > 0)
            .collect();
        if rates.len() < 2 {
            return;
        }
        rates.sort_unstable_by_key(|(count, words)| (*count as f64 / *words as f64).to_bits());
        let usual = ((USUAL * rates.len() as f64).ceil() as usize).clamp(1, rates.len() - 1);
        let (count, of) = rates[usual - 1];
        for (report, counts) in reports {
            for (own, words) in counts.iter_mut().zip(words(*report)) {
                *own = (*own).min((count * words).div_ceil(of).max(1));
            }
        }
    }

    /// The variance of the first set's count over all ways to deal, as a multiple of what it would
    /// be if the words were dealt singly.
    fn variation(&self, reports: &[(u32, [u64; 2])], count: u64) -> f64 {
        let rate = count as f64 / self.all_words as f64;
        // What is more than expected, in sum and in squares, over the reports of each sort.
        let mut sums = [0, 1].map(|sort| {
            let Lengths { words, squares } = &self.lengths[sort];
            (-rate * words, rate * rate * squares)
        });
        for (report, counts) in reports {
            let at = *report as usize;
            let found = step(self.sides, at, *counts) as f64;
            let words = step(self.sides, at, self.sides.words(at)) as f64;
            let (sum, squares) = &mut sums[usize::from(!self.sides.is_single(at))];
            *sum += found;
            *squares += found * found - 2.0 * rate * found * words;
        }
        let [(sum, of_single), (_, of_double)] = sums;
        // Drawing without replacement, and tossing coins.
        let (all, first) = (self.sides.single.len() as f64, self.sides.single_in_first() as f64);
        let drawn = if all > 1.0 {
            first * (all - first) / (all * (all - 1.0)) * (of_single - sum * sum / all)
        } else {
            0.0
        };
        ((drawn + of_double / 4.0) / (count as f64 * self.mixed)).max(1.0)
    }
}

/// How much more the first set has if a report is dealt to it, given what is on the report's sides.
fn step(sides: &Sides, report: usize, own: [u64; 2]) -> i64 {
    let in_first = |is_first| i64::try_from(sides.in_first(report, is_first, own));
    in_first(true).unwrap_or(i64::MAX) - in_first(false).unwrap_or(i64::MAX)
}

impl Weighed {
    /// The log-likelihood of counts, divided by how many times as much the reports vary: the
    /// correction of first order of Rao and Scott 1981, "The analysis of categorical data from
    /// complex sample surveys", *Journal of the American Statistical Association* 76: 221-230.
    pub(super) fn log_likelihood(&self, table: &Table) -> f64 {
        table.log_likelihood() / self.variation
    }

    /// How many reports of a set have the term, as dealt.
    pub(super) fn reports_of(&self, set: usize, sides: &Sides, deal: &Deal) -> usize {
        let has = |(report, counts): &&(u32, [u64; 2])| {
            let at = *report as usize;
            let in_first = sides.in_first(at, deal.is_first[at], *counts);
            [in_first, counts[0] + counts[1] - in_first][set] > 0
        };
        self.reports.iter().filter(has).count()
    }
}

#[cfg(test)]
mod tests {
    use super::super::deal::Sides;
    use super::super::keyness::Table;
    use super::{Scale, Weighed};
    use findings_index::request::terms::{InReport, ReportSize, SetSize, TermsResponse};

    fn weighed(words: &[[u64; 2]], counts: &[[u32; 2]]) -> Option<Weighed> {
        let report = |(at, words): (usize, &[u64; 2])| ReportSize {
            id: format!("{at:03}"),
            words: *words,
            shared: 0,
        };
        let sides = Sides::of(&TermsResponse {
            sizes: [SetSize { paragraphs: 9, ..SetSize::default() }; 2],
            reports: words.iter().enumerate().map(report).collect(),
            ..TermsResponse::default()
        });
        let own = |(at, counts): (usize, &[u32; 2])| InReport {
            report: u32::try_from(at).unwrap(),
            counts: *counts,
            shared: 0,
        };
        let own: Vec<InReport> = counts.iter().enumerate().map(own).collect();
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
        assert_eq!(own.reports[0], (0, [2, 0]));
        assert_eq!((own.term, own.count, own.least), (7, 30, 0));
        assert_eq!(own.steps[10], (10, 1));
    }

    #[test]
    fn what_is_dealt_in_clumps_varies_more() {
        // Ten of twenty have it five times: each is 2.5 off what is expected, so that the variance
        // of the sum over 10 of 20 is 100 / (20 * 19) * 20 * 2.5²; of 50 single words it is 12.5.
        let counts = [vec![[5, 0]; 10], vec![[0, 0]; 10]].concat();
        let own = weighed(&halves(), &counts).unwrap();
        let expected = 100.0 / 380.0 * 20.0 * 6.25 / 12.5;
        assert!((own.variation - expected).abs() < 1e-9, "{}", own.variation);
        // 50 of 50 in one half of the words: 2 * 50 ln 2.
        let log_likelihood = own.log_likelihood(&Table { counts: [50, 0], words: [1_000, 1_000] });
        assert!((log_likelihood - 100.0 * 2f64.ln() / expected).abs() < 1e-9);
        // Spread more evenly than by chance is no surer than by chance.
        let counts = [vec![[4, 0]; 10], vec![[0, 4]; 10]].concat();
        assert_eq!(weighed(&halves(), &counts).unwrap().variation, 1.0);
    }

    #[test]
    fn the_sides_of_a_report_vary_by_what_they_differ() {
        // Every first side has it thrice: the sum changes by 3 with each coin. 30 single words of
        // two equal sets would have a variance of nearly 30 / 4.
        let own = weighed(&[[100, 100]; 10], &[[3, 0]; 10]).unwrap();
        assert!((own.variation - (90.0 / 4.0) / (30.0 / 4.0)).abs() < 1e-9, "{}", own.variation);
        assert_eq!((own.least, own.steps[0]), (0, (0, 3)));
        let own = weighed(&[[100, 100]; 10], &[[3, 1]; 10]).unwrap();
        assert_eq!((own.least, own.steps[0]), (10, (0, 2)));
    }

    #[test]
    fn what_no_deal_can_make_sure_is_not_dealt() {
        // 10 at most in one half of the words: 2 * 10 ln 2 is 13.9.
        assert!(weighed(&halves(), &[[1, 0]; 10]).is_none());
    }
}
