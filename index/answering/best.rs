//! The best of many matches, in an order that does not depend on how the index is divided into
//! segments: ties are broken by report id, then by the report's own order.

/// A match worth keeping.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Found<A> {
    /// The sort key, smaller is better: first the sort value, then the report and the place in it.
    pub(crate) key: (u64, u64),
    pub(crate) score: f32,
    /// Where the engine keeps the paragraph.
    pub(crate) address: A,
}

/// The best matches so far.
#[derive(Debug, Clone)]
pub(crate) struct Best<A> {
    keep: usize,
    found: Vec<Found<A>>,
    /// The worst key that is still kept, once there are enough.
    bar: Option<(u64, u64)>,
}

impl<A> Found<A> {
    /// A match sorted by relevance; boilerplate comes after everything else.
    pub(crate) fn by_relevance(
        score: f32,
        is_boilerplate: bool,
        (report, order): (u32, u64),
        address: A,
    ) -> Self {
        Self {
            key: (first_by_relevance(score, is_boilerplate), place(report, order)),
            score,
            address,
        }
    }
}

/// The first part of the key of a match sorted by relevance.
pub(crate) fn first_by_relevance(score: f32, is_boilerplate: bool) -> u64 {
    // Scores are never negative, so their bits sort in the same order.
    u64::from(is_boilerplate) << 32 | u64::from(!score.to_bits())
}

/// The first part of the key of a match sorted by when it came or changed, in milliseconds since 1970,
/// and then by the date of its report, yyyymmdd: the last first, the newest first.
pub(crate) fn first_by_change(changed: u64, date: u64) -> u64 {
    /// Enough for the days up to the year 5637, as if each month had 31 and each year 12 of these.
    const BITS_OF_DAY: u32 = 21;
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
    let day = ((year * 12 + month) * 31 + day).min((1 << BITS_OF_DAY) - 1);
    // What is left is enough for the milliseconds up to the year 2248.
    let changed = changed.min((1 << (u64::BITS - BITS_OF_DAY)) - 1);
    !(changed << BITS_OF_DAY | day)
}

/// The second part of every key: the report, then the place in it.
pub(crate) fn place(report: u32, order: u64) -> u64 {
    u64::from(report) << 32 | order & u64::from(u32::MAX)
}

impl<A> Best<A> {
    pub(crate) fn new(keep: usize) -> Self {
        Self { keep, found: Vec::new(), bar: None }
    }

    /// Whether a match with this key, or a worse one, can no longer be kept.
    pub(crate) fn is_closed_to(&self, key: (u64, u64)) -> bool {
        self.keep == 0 || self.bar.is_some_and(|bar| key > bar)
    }

    pub(crate) fn push(&mut self, found: Found<A>) {
        if self.is_closed_to(found.key) {
            return;
        }
        self.found.push(found);
        if self.found.len() >= self.keep.saturating_mul(2) {
            self.trim();
        }
    }

    fn trim(&mut self) {
        if self.found.len() > self.keep {
            self.found.select_nth_unstable_by_key(self.keep - 1, |found| found.key);
            self.found.truncate(self.keep);
            self.bar = self.found.last().map(|found| found.key);
        }
    }

    pub(crate) fn into_sorted(mut self) -> Vec<Found<A>> {
        self.found.sort_unstable_by_key(|found| found.key);
        self.found.truncate(self.keep);
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::first_by_change;

    #[test]
    fn the_last_change_comes_first_then_the_newest_report() {
        let keys = [
            first_by_change(1_900_000_000_001, 0),
            first_by_change(1_900_000_000_000, 20_240_131),
            first_by_change(1_900_000_000_000, 20_240_130),
            first_by_change(1_900_000_000_000, 20_231_231),
            first_by_change(1_900_000_000_000, 0),
            first_by_change(0, 20_240_131),
        ];
        assert!(keys.is_sorted() && keys.windows(2).all(|two| two[0] < two[1]), "{keys:?}");
        assert_eq!(first_by_change(u64::MAX, 99_999_999), 0, "nothing runs over");
    }
}
