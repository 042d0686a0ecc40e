//! The matches of a comparison that may be quoted, by group.

use super::best::{Best, Found};
use rustc_hash::FxHashMap;

/// Maximum number of the best matches of one report in one group that can be returned.
pub(crate) const PER_REPORT: usize = 3;

/// The best matches of each group so far: the best of each report, then the second best of each.
pub(crate) struct Quotations<A> {
    keep: usize,
    /// By group and report.
    best: FxHashMap<(u32, u32), Best<A>>,
}

impl<A> Quotations<A> {
    /// Keeps so many of each group.
    pub(crate) fn new(keep: usize) -> Self {
        Self { keep, best: FxHashMap::default() }
    }

    /// Whether any are kept.
    pub(crate) fn is_wanted(&self) -> bool {
        self.keep > 0
    }

    pub(crate) fn push(&mut self, group: u32, report: u32, found: Found<A>) {
        self.best.entry((group, report)).or_insert_with(|| Best::new(PER_REPORT)).push(found);
    }

    /// The matches of each group, in order.
    pub(crate) fn by_group(self) -> FxHashMap<u32, Vec<Found<A>>> {
        let mut rounds: FxHashMap<u32, Vec<(usize, Found<A>)>> = FxHashMap::default();
        for ((group, _), best) in self.best {
            let found = best.into_sorted().into_iter().enumerate();
            rounds.entry(group).or_default().extend(found);
        }
        let keep = self.keep;
        let in_order = rounds.into_iter().map(|(group, mut found)| {
            found.sort_unstable_by_key(|(round, found)| (*round, found.key));
            (group, found.into_iter().take(keep).map(|(_, found)| found).collect())
        });
        in_order.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Quotations};

    #[test]
    fn each_report_is_quoted_once_before_any_is_quoted_twice() {
        let mut quotations = Quotations::new(5);
        for (report, key) in [(1, 1), (1, 2), (1, 3), (1, 4), (2, 8), (2, 6), (3, 9)] {
            quotations.push(0, report, Found { key: (key, 0), score: 0.0, address: key });
        }
        let mut quoted = quotations.by_group();
        let quoted = quoted.remove(&0).unwrap_or_default();
        let addresses: Vec<u64> = quoted.iter().map(|found| found.address).collect();
        assert_eq!(addresses, [1, 6, 9, 2, 8]);
    }
}
