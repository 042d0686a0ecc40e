//! Says which terms differ by more than chance, and how many of those are chance nevertheless.
//!
//! A p-value for each term says little where thousands are tried. So the reports are dealt anew many
//! times, and each time all terms are counted that then differ as much: that is how many chance
//! alone finds, however the terms hang together.

use super::deal::{DEALS, Deal, Sides};
use super::keyness::{POSSIBLE, Table};
use super::weigh::{Scale, Weighed};
use findings_index::SearchError;
use findings_index::request::Deadline;
use findings_index::request::terms::TermsResponse;
use serde::Serialize;

/// The share of the terms told that may be there by chance.
pub const MOST_FALSE: f64 = 0.02;

/// How many deals are counted at once.
const LANES: usize = 16;

/// Numbers that differ by rounding alone are equal.
const EQUAL: f64 = 1e-9;

/// What chance makes of a term.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// The set that has it more often, 0 or 1.
    pub set: usize,
    /// The log-likelihood, corrected by how much the reports differ among themselves.
    pub log_likelihood: f64,
    /// The share of all shuffles in which any term differs as much, the sets themselves among them.
    pub p_value: f64,
    /// The share of terms that differ as much by chance, among all that do.
    pub q_value: f64,
}

impl Chance {
    /// What is made of a term that differs by less than what is told.
    pub(super) const NO_MORE: Self =
        Self { set: 0, log_likelihood: 0.0, p_value: 1.0, q_value: 1.0 };

    /// Whether a set has the term more often than chance would make it.
    #[must_use]
    pub fn favours(&self, set: usize) -> bool {
        self.q_value <= MOST_FALSE && self.set == set
    }
}

/// How the reports were shuffled.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Shuffles {
    /// How often; 0 if it would show nothing.
    pub count: usize,
    /// How many reports have paragraphs in one set only, and are dealt to either.
    pub dealt: usize,
    /// How many have paragraphs in both, which are swapped or not.
    pub swapped: usize,
    /// Whether there are so few reports that more than one in fifty ways to shuffle them differs as
    /// much as the sets, whatever they say.
    pub too_few: bool,
}

/// What chance makes of all terms.
#[derive(Debug, Clone, PartialEq)]
pub struct Chances {
    /// How the reports were shuffled.
    pub shuffles: Shuffles,
    /// In the order of the terms.
    pub terms: Vec<Chance>,
}

impl Chances {
    /// Shuffles the reports. `least_reports` is how many reports of each set a term must be in.
    ///
    /// # Errors
    /// [`SearchError::TimedOut`] or [`SearchError::Cancelled`].
    pub fn of(
        response: &TermsResponse,
        least_reports: [usize; 2],
        deadline: &Deadline,
    ) -> Result<Self, SearchError> {
        let sides = Sides::of(response);
        let too_few = sides.least_chance() > MOST_FALSE;
        let shuffles = Shuffles {
            count: if too_few { 0 } else { DEALS },
            dealt: sides.single.len(),
            swapped: sides.double.len(),
            too_few,
        };
        if shuffles.too_few {
            return Ok(Self { shuffles, terms: vec![Chance::NO_MORE; response.terms.len()] });
        }
        let deals = sides.deals();
        let weighed = weighed(response, &sides, &deals, deadline)?;
        let dealt = Dealt { sides, deals, weighed, least_reports };
        let found = dealt.found(response, deadline)?;
        let levels = found.levels(deadline)?;
        let mut terms = vec![Chance::NO_MORE; response.terms.len()];
        for Held { term, set, log_likelihood } in found.held {
            // The greatest difference is the first.
            let at = levels.partition_point(|level| level.least > log_likelihood + EQUAL);
            if let Some(Level { p_value, q_value, .. }) = levels.get(at) {
                let (p_value, q_value) = (*p_value, *q_value);
                terms[term] = Chance { set, log_likelihood, p_value, q_value };
            }
        }
        Ok(Self { shuffles, terms })
    }
}

fn weighed(
    response: &TermsResponse,
    sides: &Sides,
    deals: &[Deal],
    deadline: &Deadline,
) -> Result<Vec<Weighed>, SearchError> {
    /// How many terms are weighed between two looks at the clock.
    const TERMS: usize = 1_000;
    let scale = Scale::new(sides, deals);
    let mut weighed = Vec::new();
    for (at, term) in response.terms.iter().enumerate() {
        if at % TERMS == 0 {
            SearchError::in_time(deadline)?;
        }
        weighed.extend(scale.weigh(at, &term.reports));
    }
    Ok(weighed)
}

/// The terms with the deals of their reports.
struct Dealt {
    sides: Sides,
    deals: Vec<Deal>,
    weighed: Vec<Weighed>,
    least_reports: [usize; 2],
}

/// A term that differs, the reports being in their own sets.
struct Held {
    term: usize,
    set: usize,
    log_likelihood: f64,
}

/// What was found in the sets themselves and in each deal.
struct Found {
    held: Vec<Held>,
    /// For each deal, the sets themselves the first, how much each term differs that does, in
    /// ascending order. Names are left out: none is told.
    by_deal: Vec<Vec<f64>>,
}

/// Down to which difference how many terms are chance.
struct Level {
    least: f64,
    p_value: f64,
    q_value: f64,
}

impl Dealt {
    fn found(&self, response: &TermsResponse, deadline: &Deadline) -> Result<Found, SearchError> {
        let mut found = Found { held: Vec::new(), by_deal: vec![Vec::new(); self.deals.len()] };
        for (batch, deals) in self.deals.chunks(LANES).enumerate() {
            SearchError::in_time(deadline)?;
            let lanes = Lanes::of(deals, self.sides.all_words());
            for own in &self.weighed {
                let sums = lanes.summed(&own.steps);
                let Some(which) = lanes.which_may_differ(own, &sums) else { continue };
                for (lane, (deal, sum)) in deals.iter().zip(sums).enumerate() {
                    if !which[lane] {
                        continue;
                    }
                    let in_first = u64::try_from(own.least + i64::from(sum)).unwrap_or(0);
                    let Some((set, log_likelihood)) = self.differs(own, in_first, deal) else {
                        continue;
                    };
                    let at = batch * LANES + lane;
                    if at == 0 {
                        found.held.push(Held { term: own.term, set, log_likelihood });
                    }
                    if !response.terms[own.term].is_name {
                        found.by_deal[at].push(log_likelihood);
                    }
                }
            }
        }
        found.by_deal.iter_mut().for_each(|own| own.sort_unstable_by(f64::total_cmp));
        Ok(found)
    }

    /// The set that has a term more often, and how sure that is; `None` if it is not, or in too few
    /// reports.
    fn differs(&self, own: &Weighed, in_first: u64, deal: &Deal) -> Option<(usize, f64)> {
        let words = [deal.words, self.sides.all_words() - deal.words];
        let table = Table { counts: [in_first, own.count - in_first], words };
        let (set, log_likelihood) = (table.set(), own.log_likelihood(&table));
        let is_so = log_likelihood >= POSSIBLE
            && own.reports_of(set, &self.sides, deal) >= self.least_reports[set];
        is_so.then_some((set, log_likelihood))
    }
}

/// Several deals side by side, since the same is done for each.
struct Lanes {
    /// For each report, all bits of those lanes in which it is in the first set.
    masks: Vec<[i32; LANES]>,
    /// The share of the words that the first set has, and its product with the other's share.
    shares: [f64; LANES],
    mixed: [f64; LANES],
}

impl Lanes {
    fn of(deals: &[Deal], all_words: u64) -> Self {
        let reports = deals.first().map_or(0, |deal| deal.is_first.len());
        let mut lanes =
            Self { masks: vec![[0; LANES]; reports], shares: [0.5; LANES], mixed: [0.25; LANES] };
        for (lane, deal) in deals.iter().enumerate() {
            for (mask, is_first) in lanes.masks.iter_mut().zip(&deal.is_first) {
                mask[lane] = -i32::from(*is_first);
            }
            let share = deal.words as f64 / all_words as f64;
            (lanes.shares[lane], lanes.mixed[lane]) = (share, share * (1.0 - share));
        }
        lanes
    }

    /// By how much the first set has more than at the least.
    fn summed(&self, steps: &[(u32, i32)]) -> [i32; LANES] {
        let mut sums = [0; LANES];
        for (report, step) in steps {
            let mask = &self.masks[*report as usize];
            for (sum, is_first) in sums.iter_mut().zip(mask) {
                *sum += is_first & step;
            }
        }
        sums
    }

    /// In which lanes the log-likelihood may be large enough: it is never more than twice Pearson's
    /// statistic, which takes no logarithm. `None` if in none.
    fn which_may_differ(&self, own: &Weighed, sums: &[i32; LANES]) -> Option<[bool; LANES]> {
        let (least, count) = (own.least as f64, own.count as f64);
        let bar = POSSIBLE * count * own.variation / 2.0 * (1.0 - EQUAL);
        let mut which = [false; LANES];
        let lanes = sums.iter().zip(&self.shares).zip(&self.mixed);
        for (may_differ, ((sum, share), mixed)) in which.iter_mut().zip(lanes) {
            let more = least + f64::from(*sum) - count * share;
            *may_differ = more * more >= bar * mixed;
        }
        which.contains(&true).then_some(which)
    }
}

impl Found {
    /// The levels of what was found, from the greatest difference on, down to the first beyond
    /// [`MOST_FALSE`].
    ///
    /// The q-value is the upper limit of Yekutieli and Benjamini 1999, "Resampling-based false
    /// discovery rate controlling multiple test procedures for correlated test statistics",
    /// *Journal of Statistical Planning and Inference* 82: 171-196. Where as many are found as
    /// chance finds in nearly all deals, the rest of them count as real. Otherwise it is the chance
    /// that any is found (Westfall and Young 1993, *Resampling-Based Multiple Testing*), which is
    /// the p-value. So if nothing differs, anything is told in one of fifty cases.
    fn levels(&self, deadline: &Deadline) -> Result<Vec<Level>, SearchError> {
        let deals = self.by_deal.len() as f64;
        let nearly_all = (((1.0 - MOST_FALSE) * deals).ceil() as usize).saturating_sub(1);
        let mut differences: Vec<f64> = self.held.iter().map(|own| own.log_likelihood).collect();
        differences.sort_unstable_by(|a, b| b.total_cmp(a));
        differences.dedup_by(|next, own| *own - *next < EQUAL);
        let mut levels: Vec<Level> = Vec::new();
        for least in differences {
            SearchError::in_time(deadline)?;
            let mut counts: Vec<usize> = self
                .by_deal
                .iter()
                .map(|own| own.len() - own.partition_point(|other| *other < least - EQUAL))
                .collect();
            let found = counts[0];
            let p_value = counts.iter().filter(|count| **count > 0).count() as f64 / deals;
            let by_chance = *counts.select_nth_unstable(nearly_all).1;
            let here = if found > by_chance {
                let real = (found - by_chance) as f64;
                let false_share = |count: &usize| *count as f64 / (*count as f64 + real);
                counts.iter().map(false_share).sum::<f64>() / deals
            } else {
                p_value
            };
            let q_value = levels.last().map_or(here, |above| here.max(above.q_value));
            levels.push(Level { least, p_value, q_value });
            if q_value > MOST_FALSE {
                break;
            }
        }
        Ok(levels)
    }
}

#[cfg(test)]
mod tests {
    use super::{Chance, Chances, Found, Held};
    use findings_index::SearchError;
    use findings_index::request::Deadline;
    use findings_index::request::terms::{
        InReport, ReportSize, SetSize, Term, TermCount, TermsResponse,
    };
    use proptest::prelude::{ProptestConfig, any, prop, prop_assert_eq, proptest};

    /// The counts of terms in the sides of reports, each of which has that many words.
    fn counted(words: &[[u64; 2]], terms: &[Vec<[u32; 2]>]) -> TermsResponse {
        let size = |set: usize| SetSize {
            paragraphs: 9,
            reports: words.iter().filter(|own| own[set] > 0).count(),
            words: words.iter().map(|own| own[set]).sum(),
        };
        let report = |(at, words): (usize, &[u64; 2])| ReportSize {
            id: format!("{at:03}"),
            words: *words,
            shared: 0,
        };
        let term = |counts: &Vec<[u32; 2]>| {
            let own = counts.iter().take(words.len()).enumerate().map(|(at, counts)| InReport {
                report: u32::try_from(at).unwrap(),
                counts: [0, 1].map(|set| if words[at][set] > 0 { counts[set] } else { 0 }),
                shared: 0,
            });
            Term {
                text: String::new(),
                stems: Vec::new(),
                forms: Vec::new(),
                is_name: false,
                counts: [TermCount::default(); 2],
                reports: own.filter(|own| own.counts != [0, 0]).collect(),
            }
        };
        TermsResponse {
            sizes: [size(0), size(1)],
            shared: 0,
            reports: words.iter().enumerate().map(report).collect(),
            terms: terms.iter().map(term).collect(),
        }
    }

    fn told(response: &TermsResponse) -> Chances {
        Chances::of(response, [3, 3], &Deadline::never()).unwrap()
    }

    fn halves(of: usize) -> Vec<[u64; 2]> {
        [vec![[100, 0]; of], vec![[0, 100]; of]].concat()
    }

    #[test]
    fn what_most_reports_of_one_set_have_is_more_than_chance() {
        let own = [vec![[1, 0]; 15], vec![[0, 0]; 25]].concat();
        let all = vec![[1, 1]; 40];
        let told = told(&counted(&halves(20), &[own, all]));
        // 15 of 15 in one half of the words: 2 * 15 ln 2.
        assert!((told.terms[0].log_likelihood - 30.0 * 2f64.ln()).abs() < 1e-9);
        assert_eq!((told.terms[0].set, told.terms[0].p_value), (0, 0.001));
        assert!(told.terms[0].favours(0) && !told.terms[0].favours(1));
        assert_eq!(told.terms[1], Chance::NO_MORE);
    }

    #[test]
    fn the_sides_of_reports_in_both_sets_are_told_apart() {
        let words = vec![[50, 900]; 20];
        let own = vec![[1, 0]; 20];
        let alike: Vec<[u32; 2]> = (0..20).map(|at| [u32::from(at == 0), 18]).collect();
        let told = told(&counted(&words, &[own, alike]));
        assert_eq!((told.shuffles.dealt, told.shuffles.swapped), (0, 20));
        assert!(told.terms[0].favours(0) && !told.terms[1].favours(0));
    }

    #[test]
    fn too_few_reports_tell_nothing() {
        let own = [vec![[40, 0]; 4], vec![[0, 0]; 4]].concat();
        let told = told(&counted(&halves(4), std::slice::from_ref(&own)));
        assert!(told.shuffles.too_few);
        assert_eq!(told.terms, [Chance::NO_MORE]);
        let own = [vec![[40, 0]; 5], vec![[0, 0]; 5]].concat();
        let told = self::told(&counted(&halves(5), &[own]));
        assert!(!told.shuffles.too_few && told.terms[0].favours(0));
    }

    #[test]
    fn names_are_no_part_of_what_chance_finds() {
        let own = [vec![[2, 0]; 15], vec![[0, 0]; 25]].concat();
        let mut response = counted(&halves(20), &[own.clone(), own]);
        response.terms[1].is_name = true;
        let told = told(&response);
        assert_eq!(told.terms[0], told.terms[1]);
    }

    #[test]
    fn shuffling_is_given_up() {
        let own = [vec![[2, 0]; 15], vec![[0, 0]; 25]].concat();
        let deadline = Deadline::never();
        deadline.cancel();
        let error = Chances::of(&counted(&halves(20), &[own]), [3, 3], &deadline).unwrap_err();
        assert!(matches!(error, SearchError::Cancelled));
    }

    #[test]
    fn the_q_value_is_the_share_that_chance_would_find() {
        // 100 differ; in each of 99 deals chance makes two differ as much.
        let held = |term| Held { term, set: 0, log_likelihood: 20.0 };
        let found = Found {
            held: (0..100).map(held).collect(),
            by_deal: std::iter::once(vec![20.0; 100])
                .chain(std::iter::repeat_n(vec![20.0; 2], 99))
                .collect(),
        };
        let levels = found.levels(&Deadline::never()).unwrap();
        // Of 100, 2 are chance in nearly all deals: 98 are real.
        let expected = (99.0 * (2.0 / 100.0) + 100.0 / 198.0) / 100.0;
        assert_eq!(levels.len(), 1);
        assert!((levels[0].q_value - expected).abs() < 1e-12, "{}", levels[0].q_value);
        assert_eq!(levels[0].p_value, 1.0);
    }

    #[test]
    fn one_that_differs_is_told_only_if_chance_makes_none_do() {
        let found = |of_chance: usize| Found {
            held: vec![Held { term: 0, set: 0, log_likelihood: 20.0 }],
            by_deal: std::iter::once(vec![20.0])
                .chain(std::iter::repeat_n(vec![21.0], of_chance))
                .chain(std::iter::repeat_n(Vec::new(), 999 - of_chance))
                .collect(),
        };
        let q_value = |of_chance| found(of_chance).levels(&Deadline::never()).unwrap()[0].q_value;
        assert!(q_value(19) <= 0.02 && q_value(20) > 0.02);
        assert!((q_value(20) - 0.021).abs() < 1e-12);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn swapping_the_sets_mirrors_the_answer(
            sorts in prop::collection::vec((0..3usize, 50..200u64, 50..200u64), 12..24),
            counts in prop::collection::vec(
                prop::collection::vec((0..6u32, 0..3u32), 24), 1..12),
            is_first_even in any::<bool>(),
        ) {
            let words: Vec<[u64; 2]> = sorts
                .iter()
                .map(|(sort, first, second)| match sort {
                    0 => [*first, 0],
                    1 => [0, *second],
                    _ => [*first, *second],
                })
                .collect();
            // Every second term is mostly in the first set.
            let terms: Vec<Vec<[u32; 2]>> = counts
                .iter()
                .enumerate()
                .map(|(at, own)| {
                    let step = if (at % 2 == 0) == is_first_even { 4 } else { 0 };
                    own.iter().map(|(first, second)| [first + step, *second]).collect()
                })
                .collect();
            let mirror = |two: &[[u64; 2]]| two.iter().map(|[a, b]| [*b, *a]).collect::<Vec<_>>();
            let mirrored: Vec<Vec<[u32; 2]>> =
                terms.iter().map(|own| own.iter().map(|[a, b]| [*b, *a]).collect()).collect();
            let held = told(&counted(&words, &terms));
            let turned = told(&counted(&mirror(&words), &mirrored));
            prop_assert_eq!(held.shuffles, turned.shuffles);
            for (own, other) in held.terms.iter().zip(&turned.terms) {
                let is_told = *own != Chance::NO_MORE;
                let set = if is_told { 1 - other.set } else { other.set };
                prop_assert_eq!(*own, Chance { set, ..*other });
            }
        }
    }
}
