//! Says which terms differ by more than chance, and how many of those are chance nevertheless.
//!
//! A p-value for each term says little where thousands are tried. So the reports are dealt anew many
//! times, and each time all terms are counted that then differ as much: that is how many chance
//! alone finds, however the terms hang together.

use super::deal::{DEALS, Deal, Sides};
use super::keyness::POSSIBLE;
use super::weigh::{Part, Scale, Weighed};
use findings_index::SearchError;
use findings_index::request::Deadline;
use findings_index::request::terms::TermsResponse;
use serde::Serialize;
use std::f64::consts::SQRT_2;

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
    /// How many have paragraphs in both, and their sections are dealt within them.
    pub swapped: usize,
    /// As how many sections these are dealt. One with paragraphs of both sets counts as two.
    pub sections: usize,
    /// How many have paragraphs in one set only, and are left out, since the other set has no such
    /// report.
    pub unmatched: usize,
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
            dealt: sides.dealt,
            swapped: sides.swapped(),
            sections: sides.sections(),
            unmatched: sides.unmatched,
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
        weighed.extend(scale.weigh(at, &term.sections));
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
            let lanes = Lanes::of(deals, &self.sides);
            for own in &self.weighed {
                let (whole, within) = own.units.split_at(own.whole.units);
                let sums = [lanes.summed(whole), lanes.summed(within)];
                let Some(which) = lanes.which_may_differ(own, &sums) else { continue };
                for (lane, deal) in deals.iter().enumerate() {
                    if !which[lane] {
                        continue;
                    }
                    let in_first = sums.map(|sum| i64::from(sum[lane]));
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

    /// The set that has a term more often than its share of the words, and how sure that is; `None`
    /// if it is not, or in too few reports.
    fn differs(&self, own: &Weighed, in_first: [i64; 2], deal: &Deal) -> Option<(usize, f64)> {
        let (more, log_likelihood) = own.log_likelihood(in_first, &self.sides, deal);
        let set = usize::from(more < 0.0);
        let is_so = log_likelihood >= POSSIBLE
            && own.reports_of(set, &self.sides, deal) >= self.least_reports[set];
        is_so.then_some((set, log_likelihood))
    }
}

/// Several deals side by side, since the same is done for each.
struct Lanes {
    /// For each unit, all bits of those lanes in which it is in the first set.
    masks: Vec<[i32; LANES]>,
    /// The share of each stratum's words that the first set has.
    shares: Vec<[f64; LANES]>,
}

impl Lanes {
    fn of(deals: &[Deal], sides: &Sides) -> Self {
        let units = deals.first().map_or(0, |deal| deal.is_first.len());
        let strata = sides.strata();
        let mut lanes =
            Self { masks: vec![[0; LANES]; units], shares: vec![[0.5; LANES]; strata.len()] };
        for (lane, deal) in deals.iter().enumerate() {
            for (mask, is_first) in lanes.masks.iter_mut().zip(&deal.is_first) {
                mask[lane] = -i32::from(*is_first);
            }
            for ((share, words), stratum) in lanes.shares.iter_mut().zip(&deal.words).zip(strata) {
                share[lane] = words[0] as f64 / stratum.words as f64;
            }
        }
        lanes
    }

    /// How often the first set has a term.
    fn summed(&self, units: &[(u32, i32)]) -> [i32; LANES] {
        let mut sums = [0; LANES];
        for (unit, count) in units {
            let mask = &self.masks[*unit as usize];
            for (sum, is_first) in sums.iter_mut().zip(mask) {
                *sum += is_first & count;
            }
        }
        sums
    }

    /// How often the first set is expected to have a part of a term.
    fn expected(&self, part: &Part) -> [f64; LANES] {
        let mut expected = [0.0; LANES];
        for (stratum, count) in &part.strata {
            let shares = &self.shares[*stratum as usize];
            for (expected, share) in expected.iter_mut().zip(shares) {
                *expected += count * share;
            }
        }
        expected
    }

    /// In which lanes the log-likelihood may be large enough: that of whole reports is never more
    /// than twice Pearson's statistic, which takes no logarithm. `None` if in none.
    fn which_may_differ(&self, own: &Weighed, sums: &[[i32; LANES]; 2]) -> Option<[bool; LANES]> {
        let [whole, within] = [&own.whole, &own.within].map(|part| self.expected(part));
        let of_within = own.within.variation * own.within.singly;
        let mut which = [false; LANES];
        for (lane, may_differ) in which.iter_mut().enumerate() {
            let more = |part: usize, expected: f64| (f64::from(sums[part][lane]) - expected).abs();
            let more = SQRT_2 * more(0, whole[lane]) + more(1, within[lane]);
            let singly = whole[lane] * (1.0 - whole[lane] / own.whole.count.max(1.0));
            let least = own.whole.variation * singly + of_within;
            *may_differ = more * more >= POSSIBLE * least * (1.0 - EQUAL);
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
    use super::super::deal::tests as dealt;
    use super::{Chance, Chances, Found, Held, Shuffles};
    use findings_index::SearchError;
    use findings_index::request::Deadline;
    use findings_index::request::terms::{InSection, Term, TermCount, TermsResponse};
    use proptest::prelude::{ProptestConfig, any, prop, prop_assert_eq, proptest};

    /// The counts of terms in the sides of reports of one section, each of which has that many words.
    fn counted(words: &[[u64; 2]], terms: &[Vec<[u32; 2]>]) -> TermsResponse {
        with_terms(dealt::reports(words), terms)
    }

    /// The same, given how often each section has each term.
    fn with_terms(mut response: TermsResponse, terms: &[Vec<[u32; 2]>]) -> TermsResponse {
        let sections = &response.sections;
        let term = |counts: &Vec<[u32; 2]>| {
            let own =
                counts.iter().zip(sections).enumerate().map(|(at, (counts, size))| InSection {
                    section: u32::try_from(at).unwrap(),
                    counts: [0, 1].map(|set| if size.words[set] > 0 { counts[set] } else { 0 }),
                    shared: 0,
                });
            Term {
                text: String::new(),
                stems: Vec::new(),
                forms: Vec::new(),
                is_name: false,
                counts: [TermCount::default(); 2],
                sections: own.filter(|own| own.counts != [0, 0]).collect(),
            }
        };
        let terms = terms.iter().map(term).collect();
        response.terms = terms;
        response
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
    fn what_a_few_sections_say_is_found_where_many_reports_have_none_such() {
        // Each of twelve reports has one such section of eight. Forty others have none, and say a
        // word of their own in each.
        let own = || -> Vec<(&str, [u64; 2])> {
            let other = ["b", "c", "d", "e", "f", "g", "h"].map(|heading| (heading, [0, 300]));
            std::iter::once(("a", [40, 0])).chain(other).collect()
        };
        let others = || vec![("a", [0, 2_000])];
        let reports: Vec<_> = std::iter::repeat_with(own)
            .take(12)
            .chain(std::iter::repeat_with(others).take(40))
            .collect();
        let of_first: Vec<[u32; 2]> =
            [[1, 0], [0, 0], [0, 0], [0, 0], [0, 0], [0, 0], [0, 0], [0, 0]]
                .repeat(12)
                .into_iter()
                .chain(vec![[0, 0]; 40])
                .collect();
        let of_others = [vec![[0, 0]; 96], vec![[0, 9]; 40]].concat();
        let told = told(&with_terms(dealt::sectioned(&reports), &[of_first, of_others]));
        let Shuffles { dealt, swapped, sections, unmatched, .. } = told.shuffles;
        assert_eq!((dealt, swapped, sections, unmatched), (0, 12, 96, 40));
        assert!(told.terms[0].favours(0));
        assert_eq!(told.terms[1], Chance::NO_MORE);
    }

    #[test]
    fn sections_dealt_at_random_within_reports_hardly_ever_differ() {
        let headings = ["a", "b", "c/d", "c/e", "f", "g", "h/i", "h/j", "k"];
        let mut wrong = Vec::new();
        for seed in 0..20 {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut reports = Vec::new();
            for _ in 0..24 {
                let section = |heading: &&'static str| {
                    let words = random.u64(40..900);
                    (*heading, if random.u8(0..3) == 0 { [words, 0] } else { [0, words] })
                };
                reports.push(headings.iter().map(section).collect::<Vec<_>>());
            }
            // Some reports and some sections are fond of a word, whatever set they are in.
            let terms: Vec<Vec<[u32; 2]>> = (0..120)
                .map(|_| {
                    let mut counts = Vec::new();
                    for _ in 0..24 {
                        let of_report = random.u32(0..3);
                        counts.extend(headings.iter().map(|_| {
                            let own = of_report * random.u32(0..3) * random.u32(0..3);
                            [own, own]
                        }));
                    }
                    counts
                })
                .collect();
            let told = told(&with_terms(dealt::sectioned(&reports), &terms));
            if told.terms.iter().any(|term| term.favours(0) || term.favours(1)) {
                wrong.push(seed);
            }
        }
        assert!(wrong.len() <= 2, "{wrong:?}");
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
