//! Measures how much more often a term occurs in one set of texts than in another, and how sure
//! that is.

/// The log-likelihood that a term exceeds by chance in 1 of 10,000 cases (the quantile of the
/// chi-squared distribution with one degree of freedom).
pub const SURE: f64 = 15.13;

/// The log-likelihood that a term exceeds by chance in 1 of 100 cases.
pub const POSSIBLE: f64 = 6.63;

/// The log-likelihood ratio G² of Dunning 1993, "Accurate methods for the statistics of surprise and
/// coincidence", *Computational Linguistics* 19: 61-74, as Rayson and Garside 2000, "Comparing corpora
/// using frequency profiling", compute it: from how often a term occurs in each set, and is expected
/// to, alone.
#[must_use]
pub fn log_likelihood(counts: [f64; 2], expected: [f64; 2]) -> f64 {
    let part = |set: usize| {
        let count = counts[set];
        if count > 0.0 { count * (count / expected[set]).ln() } else { 0.0 }
    };
    (2.0 * (part(0) + part(1))).max(0.0)
}

/// How often a term occurs in two sets, and how many words each has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Table {
    /// Occurrences in each set.
    pub counts: [u64; 2],
    /// Words in each set.
    pub words: [u64; 2],
}

impl Table {
    /// How much the sets differ: [`log_likelihood`] of what the words of each let expect.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        let all = (self.counts[0] + self.counts[1]) as f64;
        let total = (self.words[0] + self.words[1]).max(1) as f64;
        log_likelihood(
            self.counts.map(|count| count as f64),
            self.words.map(|words| words as f64 * all / total),
        )
    }

    /// The binary logarithm of the ratio of the two relative frequencies (Hardie 2014, "Log Ratio:
    /// an informal introduction"): 1 is twice as often in the first set, -1 half as often. A term
    /// that a set does not have counts as half an occurrence there.
    #[must_use]
    pub fn log_ratio(&self) -> f64 {
        let rate = |set: usize| {
            let count = if self.counts[set] == 0 { 0.5 } else { self.counts[set] as f64 };
            count / self.words[set].max(1) as f64
        };
        (rate(0) / rate(1)).log2()
    }

    /// Occurrences per 10,000 words of each set.
    #[must_use]
    pub fn rates(&self) -> [f64; 2] {
        [0, 1].map(|set| 10_000.0 * self.counts[set] as f64 / self.words[set].max(1) as f64)
    }

    /// The set in which the term is more frequent, 0 or 1.
    #[must_use]
    pub fn set(&self) -> usize {
        let [first, second] = self.rates();
        usize::from(second > first)
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    fn near(ours: f64, published: f64, within: f64) -> bool {
        (ours - published).abs() <= within
    }

    #[test]
    fn log_likelihood_agrees_with_the_formula_of_rayson_and_garside() {
        // The expected counts are 150 and 150: 2 (200 ln(200/150) + 100 ln(100/150)).
        let table = Table { counts: [200, 100], words: [10_000, 10_000] };
        assert!(near(table.log_likelihood(), 33.979_8, 0.001), "{}", table.log_likelihood());
        // The expected counts are 10 and 90: 2 (20 ln 2 + 80 ln(8/9)).
        let table = Table { counts: [20, 80], words: [1_000, 9_000] };
        assert!(near(table.log_likelihood(), 8.880_6, 0.001), "{}", table.log_likelihood());
    }

    #[test]
    fn a_term_that_one_set_lacks_still_has_both_measures() {
        // All 12 are in one half of the words: 2 * 12 ln 2; 12 against half an occurrence: log2 24.
        let table = Table { counts: [12, 0], words: [5_000, 5_000] };
        assert!(near(table.log_likelihood(), 16.635_5, 0.001));
        assert!(near(table.log_ratio(), 4.585, 0.001));
    }

    #[test]
    fn log_ratio_counts_doublings() {
        let ratio = |counts, words| Table { counts, words }.log_ratio();
        assert!(near(ratio([40, 10], [1_000, 1_000]), 2.0, 1e-9));
        assert!(near(ratio([10, 40], [1_000, 1_000]), -2.0, 1e-9));
        assert!(near(ratio([10, 10], [1_000, 2_000]), 1.0, 1e-9));
    }

    #[test]
    fn equal_shares_say_nothing() {
        let table = Table { counts: [10, 20], words: [1_000, 2_000] };
        assert!(near(table.log_likelihood(), 0.0, 1e-9) && near(table.log_ratio(), 0.0, 1e-9));
        assert!(near(Table { counts: [0, 0], words: [0, 0] }.log_likelihood(), 0.0, 0.0));
    }

    #[test]
    fn what_is_sure_is_so_in_all_but_one_of_ten_thousand_cases() {
        use statrs::distribution::{ChiSquared, ContinuousCDF};
        let chance = |bar| ChiSquared::new(1.0).map_or(1.0, |chi| 1.0 - chi.cdf(bar));
        assert!(near(chance(super::SURE), 0.000_1, 0.000_001));
        assert!(near(chance(super::POSSIBLE), 0.01, 0.000_1));
    }
}
