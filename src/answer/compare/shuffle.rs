//! What chance does to a few reports: drawn at random from the reports of the same strata.
//!
//! A formula for the limits of a group holds where it has many reports. For fewer, the group's
//! reports are exchanged for others of the same strata, as if the groups' names had been dealt anew
//! within each; how often that takes a group as far as it is is its chance (a permutation test:
//! Good 2005, *Permutation, Parametric and Bootstrap Tests of Hypotheses*, chapter 3).

use super::standard::{Unit, by_stratum};
use findings_index::SearchError;
use findings_index::request::Deadline;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// How many draws are made. With the group itself they are 5,000, so that a chance of 1 in 1,000 is
/// told from one of 1 in 2,500.
const DRAWS: usize = 4_999;

/// The same question has the same answer.
const SEED: u64 = 24;

/// Numbers that differ by rounding alone are equal.
const EQUAL: f64 = 1e-9;

/// The ratios of what is found to what is expected that chance gives a group, in ascending order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shuffled(Vec<f64>);

/// Draws for groups of reports; groups with equally many reports of each stratum share theirs.
pub(super) struct Shuffle<'a> {
    strata: BTreeMap<usize, Vec<&'a Unit>>,
    drawn: BTreeMap<Vec<(usize, usize)>, Shuffled>,
    random: fastrand::Rng,
    deadline: &'a Deadline,
}

impl<'a> Shuffle<'a> {
    pub(super) fn new(groups: &'a [Vec<Unit>], deadline: &'a Deadline) -> Self {
        let mut strata: BTreeMap<usize, Vec<&Unit>> = BTreeMap::new();
        for unit in groups.iter().flatten() {
            strata.entry(unit.stratum).or_default().push(unit);
        }
        Self { strata, drawn: BTreeMap::new(), random: fastrand::Rng::with_seed(SEED), deadline }
    }

    /// What chance gives a group with as many units of each stratum as this one has.
    ///
    /// # Errors
    /// [`SearchError::TimedOut`] or [`SearchError::Cancelled`].
    pub(super) fn of(&mut self, group: &[Unit]) -> Result<&Shuffled, SearchError> {
        let wanted: Vec<(usize, usize)> = by_stratum(group).into_iter().collect();
        match self.drawn.entry(wanted) {
            Entry::Occupied(drawn) => Ok(drawn.into_mut()),
            Entry::Vacant(place) => {
                SearchError::in_time(self.deadline)?;
                let drawn = Shuffled::draw(place.key(), &mut self.strata, &mut self.random);
                Ok(place.insert(drawn))
            }
        }
    }
}

impl Shuffled {
    /// Draws as many units of each stratum as are wanted, again and again.
    fn draw(
        wanted: &[(usize, usize)],
        strata: &mut BTreeMap<usize, Vec<&Unit>>,
        random: &mut fastrand::Rng,
    ) -> Self {
        let draw = |_| {
            let (mut matching, mut expected) = (0.0, 0.0);
            for (stratum, count) in wanted {
                let units = strata.get_mut(stratum).map_or(&mut [][..], |own| own);
                for at in 0..(*count).min(units.len()) {
                    units.swap(at, random.usize(at..units.len()));
                    matching += units[at].matching as f64;
                    expected += units[at].expected;
                }
            }
            if expected > 0.0 { matching / expected } else { 1.0 }
        };
        let mut ratios: Vec<f64> = (0..DRAWS).map(draw).collect();
        ratios.sort_by(f64::total_cmp);
        Self(ratios)
    }

    /// The ratio below which a part of the draws lie.
    pub(super) fn quantile(&self, part: f64) -> f64 {
        let place = (part * self.0.len() as f64).floor() as usize;
        self.0.get(place.min(self.0.len().saturating_sub(1))).copied().unwrap_or(1.0)
    }

    /// The chance to be as high as a ratio, and that to be as low, the ratio itself counted as one
    /// draw.
    pub(super) fn chances(&self, ratio: f64) -> [f64; 2] {
        let below = self.0.partition_point(|own| *own < ratio - EQUAL);
        let up_to = self.0.partition_point(|own| *own <= ratio + EQUAL);
        let all = self.0.len() as f64 + 1.0;
        [(self.0.len() - below) as f64, up_to as f64].map(|count| (count + 1.0) / all)
    }
}

#[cfg(test)]
mod tests {
    use super::{DRAWS, Shuffle};
    use crate::answer::compare::standard::Unit;
    use findings_index::SearchError;
    use findings_index::request::Deadline;

    fn unit(stratum: usize, matching: usize) -> Unit {
        Unit { stratum, eligible: 100, matching, expected: 2.0, variance: 2.0 }
    }

    #[test]
    fn one_report_is_as_rare_as_it_is_among_its_stratum() {
        // 1 of 20 reports of the first stratum has 12 matches; the second stratum is full of them.
        let mut groups: Vec<Vec<Unit>> = (0..19).map(|_| vec![unit(0, 1)]).collect();
        groups.push(vec![unit(0, 12)]);
        groups.extend((0..20).map(|_| vec![unit(1, 12)]));
        let deadline = Deadline::never();
        let mut shuffle = Shuffle::new(&groups, &deadline);
        let [high, low] = shuffle.of(&groups[19]).unwrap().chances(6.0);
        assert!((high - 0.05).abs() < 0.01, "{high}");
        assert_eq!(low, 1.0);
        let [high, _] = shuffle.of(&groups[19]).unwrap().chances(7.0);
        assert!((high - 1.0 / (DRAWS as f64 + 1.0)).abs() < 1e-12, "{high}");
    }

    #[test]
    fn the_same_question_has_the_same_answer() {
        let groups: Vec<Vec<Unit>> =
            (0..30).map(|n| vec![unit(0, n % 7), unit(0, n % 3)]).collect();
        let deadline = Deadline::never();
        let of = || Shuffle::new(&groups, &deadline).of(&groups[4]).unwrap().clone();
        assert_eq!(of(), of());
    }

    #[test]
    fn nothing_is_drawn_once_the_time_is_up() {
        let groups = vec![vec![unit(0, 1)], vec![unit(0, 2)]];
        let deadline = Deadline::never();
        let mut shuffle = Shuffle::new(&groups, &deadline);
        assert!(shuffle.of(&groups[0]).is_ok());
        deadline.cancel();
        let other = vec![unit(0, 1), unit(0, 2)];
        assert!(matches!(shuffle.of(&other), Err(SearchError::Cancelled)));
    }
}
