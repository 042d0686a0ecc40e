//! The best of many matches, in an order that does not depend on how the index is cut into segments:
//! ties go by report id, then by the report's own order.

use tantivy::{DocAddress, Score};

/// Scores are compared in steps of this: the order in which an engine adds up parts of a score
/// depends on the segment, and the last bits with it.
const STEP: f32 = 1.0 / 1024.0;

/// From here on all scores are whole numbers of steps.
const WHOLE: f32 = 8_388_608.0;

/// A match worth keeping.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Found {
    /// Smaller is better: what is sorted by, then the report, then the place in it.
    pub(crate) key: (u64, u64),
    pub(crate) score: Score,
    pub(crate) address: DocAddress,
}

/// The best matches so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Best {
    keep: usize,
    found: Vec<Found>,
    /// The worst key that still belongs, once there are enough.
    bar: Option<(u64, u64)>,
}

impl Found {
    /// A match sorted by relevance; boilerplate comes after everything else.
    pub(crate) fn by_relevance(
        score: Score,
        is_boilerplate: bool,
        (report, order): (u32, u64),
        address: DocAddress,
    ) -> Self {
        Self {
            key: (first_by_relevance(score, is_boilerplate), place(report, order)),
            score,
            address,
        }
    }
}

/// The first part of the key of a match by relevance.
pub(crate) fn first_by_relevance(score: Score, is_boilerplate: bool) -> u64 {
    // Scores are never negative, so their bits sort as they do.
    u64::from(is_boilerplate) << 32 | u64::from(!score.to_bits())
}

/// The second part of every key: the report, then the place in it.
pub(crate) fn place(report: u32, order: u64) -> u64 {
    u64::from(report) << 32 | order & u64::from(u32::MAX)
}

/// The score by which matches are compared.
pub(crate) fn settled(score: Score) -> Score {
    let steps = score / STEP;
    // Scores are never negative and seldom so large that they have no parts of a step: cutting off
    // and looking at what is left rounds just as the library does, without calling it.
    if !(0.0..WHOLE).contains(&steps) {
        return steps.round() * STEP;
    }
    let whole = (steps as u32) as Score;
    (if steps - whole >= 0.5 { whole + 1.0 } else { whole }) * STEP
}

impl Best {
    pub(crate) fn new(keep: usize) -> Self {
        Self { keep, ..Self::default() }
    }

    /// Whether nothing with this key, or a worse one, still belongs.
    pub(crate) fn is_closed_to(&self, key: (u64, u64)) -> bool {
        self.keep == 0 || self.bar.is_some_and(|bar| key > bar)
    }

    pub(crate) fn push(&mut self, found: Found) {
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

    pub(crate) fn into_sorted(mut self) -> Vec<Found> {
        self.found.sort_unstable_by_key(|found| found.key);
        self.found.truncate(self.keep);
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::{STEP, WHOLE, settled};

    #[test]
    fn scores_settle_as_the_library_rounds() {
        let below_half = f32::from_bits(0.5_f32.to_bits() - 1);
        let steps = [0.0, below_half, 0.5, 1.5, 2.5, 4095.5, WHOLE - 0.5, WHOLE, WHOLE * 3.0, 1e30];
        let more = (0..100_000).map(|n| n as f32 * 0.123_45);
        for steps in steps.into_iter().chain(more) {
            let score = steps * STEP;
            assert_eq!(settled(score), (score / STEP).round() * STEP, "{score}");
        }
    }
}
