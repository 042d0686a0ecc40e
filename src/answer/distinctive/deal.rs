//! Deals the reports anew to the two sets, as if it were chance which of them is in which.
//!
//! What a report says is of a piece, so a report is dealt whole. One with words of one set only is
//! dealt to either, so that each set keeps its number of such reports; if only one set has any, they
//! have nothing to be compared with, and are left out. One with words of both, as recommendations
//! and findings are, stays in both, and is compared with itself: its sections are dealt within it,
//! and each set keeps its number of them. What a section says is of a piece again: it is dealt
//! whole, with all that is within it, as far as that is in one set. If both sets have paragraphs
//! directly in it, it is dealt as two.
//!
//! Paragraphs that are in both sets say nothing about how these differ and are left out; but a set
//! that is within the other is compared with the rest of the other.

use findings_index::request::terms::{InSection, TermsResponse};
use std::cmp::Ordering;
use std::ops::Range;

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

/// What is dealt whole: a report, or sections of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    /// The place of its report.
    pub(super) report: u32,
    /// The place of those with which it is dealt.
    pub(super) stratum: u32,
    pub(super) words: u64,
    /// Whether it is in the first set.
    is_first: bool,
}

/// What is dealt together: all reports with words of one set only, or the sections of one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stratum {
    /// The places of its units.
    units: Range<usize>,
    pub(super) words: u64,
    /// How many of its units are in the first set.
    first: usize,
}

impl Stratum {
    /// The variance of a sum over the units that the first set is dealt, whose mean is 0, given the
    /// sum of their squares.
    pub(super) fn variance(&self, squares: f64) -> f64 {
        let (all, first) = (self.units.len() as f64, self.first as f64);
        first * (all - first) / (all * (all - 1.0)) * squares
    }

    pub(super) fn units<'s>(&self, sides: &'s Sides) -> &'s [Unit] {
        &sides.units[self.units.clone()]
    }
}

/// The sides of what is compared: what of it is in the first set, and what in the second.
#[derive(Debug)]
pub(super) struct Sides {
    compared: Compared,
    /// Those that are dealt together next to each other, and the sections of a report as well.
    units: Vec<Unit>,
    strata: Vec<Stratum>,
    /// For each section, the units with its words of each set; `None` for what is not compared.
    of_section: Vec<[Option<u32>; 2]>,
    /// How many reports with words of one set only are dealt.
    pub(super) dealt: usize,
    /// How many have nothing to be compared with.
    pub(super) unmatched: usize,
}

/// Which units are in the first set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Deal {
    /// By the place of the unit.
    pub(super) is_first: Vec<bool>,
    /// The words that each set then has, by the place of the stratum.
    pub(super) words: Vec<[u64; 2]>,
}

/// A section with words on either side.
struct Section<'r> {
    place: usize,
    headings: &'r [String],
    words: [u64; 2],
}

/// Sections that are dealt whole, as far as they are on one side.
struct Block {
    side: usize,
    words: u64,
    sections: Vec<usize>,
}

/// Puts together the sections of a report that are dealt whole. Takes them in the order of their
/// headings, of which they have the first `depth` in common.
fn blocks(sections: &[Section<'_>], depth: usize, found: &mut Vec<Block>) {
    let block = |side: usize, sections: &[Section<'_>]| Block {
        side,
        words: sections.iter().map(|own| own.words[side]).sum(),
        sections: sections.iter().map(|own| own.place).collect(),
    };
    let has =
        |side: usize, sections: &[Section<'_>]| sections.iter().any(|own| own.words[side] > 0);
    match [has(0, sections), has(1, sections)] {
        [true, false] => return found.push(block(0, sections)),
        [false, true] => return found.push(block(1, sections)),
        _ => {}
    }
    let within = sections.partition_point(|own| own.headings.len() == depth);
    let (own, within) = sections.split_at(within);
    let mut sides: Vec<Block> =
        [0, 1].into_iter().filter(|side| has(*side, own)).map(|side| block(side, own)).collect();
    // As far as can be, their order does not tell which set is called the first.
    sides.sort_by_key(|own| own.words);
    found.append(&mut sides);
    for part in within.chunk_by(|a, b| a.headings[depth] == b.headings[depth]) {
        blocks(part, depth + 1, found);
    }
}

impl Sides {
    pub(super) fn of(response: &TermsResponse) -> Self {
        let is_within = |set: &usize| response.sizes[*set].paragraphs == response.shared;
        let compared = [0, 1].into_iter().find(is_within).map_or(Compared::Apart, Compared::Within);
        let mut sections: Vec<Vec<Section<'_>>> = Vec::new();
        sections.resize_with(response.reports.len(), Vec::new);
        for (place, own) in response.sections.iter().enumerate() {
            let words = compared.sides(own.words, own.shared);
            if words != [0, 0] {
                let headings = own.headings.as_slice();
                sections[own.report as usize].push(Section { place, headings, words });
            }
        }
        // An engine may number reports and sections as it likes.
        let mut order: Vec<usize> = (0..sections.len()).collect();
        order.sort_unstable_by(|a, b| response.reports[*a].id.cmp(&response.reports[*b].id));
        let (mut single, mut double) = (Vec::new(), Vec::new());
        for report in order {
            let own = &mut sections[report];
            own.sort_unstable_by(|a, b| a.headings.cmp(b.headings));
            let mut dealt = Vec::new();
            if !own.is_empty() {
                blocks(own, 0, &mut dealt);
            }
            let number = u32::try_from(report).unwrap_or(u32::MAX);
            let dealt: Vec<(u32, Block)> = dealt.into_iter().map(|own| (number, own)).collect();
            if dealt.len() > 1 { double.push(dealt) } else { single.extend(dealt) }
        }
        let mut sides = Self {
            compared,
            units: Vec::new(),
            strata: Vec::new(),
            of_section: vec![[None; 2]; response.sections.len()],
            dealt: 0,
            unmatched: 0,
        };
        let in_first = single.iter().filter(|(_, own)| own.side == 0).count();
        if in_first > 0 && in_first < single.len() {
            sides.dealt = single.len();
            sides.add(single);
        } else {
            sides.unmatched = single.len();
        }
        double.into_iter().for_each(|own| sides.add(own));
        sides
    }

    fn add(&mut self, blocks: Vec<(u32, Block)>) {
        let stratum = u32::try_from(self.strata.len()).unwrap_or(u32::MAX);
        let start = self.units.len();
        for (report, Block { side, words, sections }) in blocks {
            let unit = u32::try_from(self.units.len()).ok();
            sections.into_iter().for_each(|at| self.of_section[at][side] = unit);
            self.units.push(Unit { report, stratum, words, is_first: side == 0 });
        }
        let units = &self.units[start..];
        self.strata.push(Stratum {
            units: start..self.units.len(),
            words: units.iter().map(|own| own.words).sum(),
            first: units.iter().filter(|own| own.is_first).count(),
        });
    }

    /// How often a term occurs in each unit that has it, in the order of their places.
    pub(super) fn counts(&self, sections: &[InSection]) -> Vec<(u32, u64)> {
        let mut found: Vec<(u32, u64)> = Vec::with_capacity(sections.len());
        for own in sections {
            let counts = self.compared.sides(own.counts.map(u64::from), own.shared.into());
            let units = self.of_section[own.section as usize];
            let of_units = units.into_iter().zip(counts).filter(|(_, count)| *count > 0);
            found.extend(of_units.filter_map(|(unit, count)| Some((unit?, count))));
        }
        found.sort_unstable_by_key(|(unit, _)| *unit);
        found.dedup_by(|(next, count), (unit, sum)| {
            let is_same = next == unit;
            if is_same {
                *sum += *count;
            }
            is_same
        });
        found
    }

    pub(super) fn unit(&self, place: u32) -> &Unit {
        &self.units[place as usize]
    }

    /// Whether the units of a stratum are whole reports.
    pub(super) fn is_whole(&self, stratum: u32) -> bool {
        self.dealt > 0 && stratum == 0
    }

    pub(super) fn strata(&self) -> &[Stratum] {
        &self.strata
    }

    /// How many reports have words of both sets.
    pub(super) fn swapped(&self) -> usize {
        self.strata.len() - usize::from(self.dealt > 0)
    }

    /// How many sections they are dealt as.
    pub(super) fn sections(&self) -> usize {
        self.units.len() - self.dealt
    }

    /// The smallest chance that dealing can show: how rare the sets themselves are among all ways to
    /// deal. Where both have equally much of everything that is dealt, each way has a mirror image,
    /// in which the same terms differ as much.
    pub(super) fn least_chance(&self) -> f64 {
        let ways = |own: &Stratum| -> f64 {
            let (all, fewer) = (own.units.len(), own.first.min(own.units.len() - own.first));
            (0..fewer).map(|at| (all - at) as f64 / (at + 1) as f64).product()
        };
        let is_even = |own: &Stratum| 2 * own.first == own.units.len();
        let alike = if self.strata.iter().all(is_even) { 2.0 } else { 1.0 };
        (alike / self.strata.iter().map(ways).product::<f64>()).min(1.0)
    }

    fn deal(&self, is_first: Vec<bool>) -> Deal {
        let mut words = vec![[0; 2]; self.strata.len()];
        for (unit, is_first) in self.units.iter().zip(&is_first) {
            words[unit.stratum as usize][usize::from(!is_first)] += unit.words;
        }
        Deal { is_first, words }
    }

    /// Deals the units: first the sets as they are, then [`DEALS`] times anew.
    pub(super) fn deals(&self) -> Vec<Deal> {
        let held: Vec<bool> = self.units.iter().map(|own| own.is_first).collect();
        let mut random = fastrand::Rng::with_seed(SEED);
        let mut order: Vec<usize> = (0..self.units.len()).collect();
        let mut deals = Vec::with_capacity(DEALS + 1);
        deals.push(self.deal(held.clone()));
        for _ in 0..DEALS {
            let mut is_first = held.clone();
            for Stratum { units, first, .. } in &self.strata {
                let all = units.len();
                // The units of the smaller set are drawn, so that it makes no difference which set
                // is called the first.
                let is_first_drawn = match first.cmp(&(all - first)) {
                    Ordering::Less => true,
                    Ordering::Greater => false,
                    Ordering::Equal => held[units.start],
                };
                is_first[units.clone()].fill(!is_first_drawn);
                let order = &mut order[units.clone()];
                for at in 0..*first.min(&(all - first)) {
                    // Not of a `usize`, which is another number on another machine.
                    let left = u32::try_from(all - at).unwrap_or(u32::MAX);
                    order.swap(at, at + random.u32(0..left) as usize);
                    is_first[order[at]] = is_first_drawn;
                }
            }
            deals.push(self.deal(is_first));
        }
        deals
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Compared, DEALS, Deal, Sides};
    use findings_index::request::terms::{ReportSize, SectionSize, SetSize, TermsResponse};

    /// Reports of one section each, with that many words in each set.
    pub(in super::super) fn reports(words: &[[u64; 2]]) -> TermsResponse {
        let sections: Vec<_> = words.iter().map(|own| vec![("", *own)]).collect();
        sectioned(&sections)
    }

    /// Reports with the headings of their sections, joined by a slash, and that many words in each
    /// set.
    pub(in super::super) fn sectioned(reports: &[Vec<(&str, [u64; 2])>]) -> TermsResponse {
        let mut response = TermsResponse {
            sizes: [SetSize { paragraphs: 9, ..SetSize::default() }; 2],
            ..TermsResponse::default()
        };
        for (at, sections) in reports.iter().enumerate() {
            let sum = |set: usize| sections.iter().map(|(_, words)| words[set]).sum();
            let words = [sum(0), sum(1)];
            response.reports.push(ReportSize { id: format!("{at:03}"), words, shared: 0 });
            let report = u32::try_from(at).unwrap();
            response.sections.extend(sections.iter().map(|(headings, words)| SectionSize {
                report,
                headings: headings.split_terminator('/').map(str::to_owned).collect(),
                words: *words,
                shared: 0,
            }));
        }
        for set in [0, 1] {
            let own = &response.reports;
            response.sizes[set].words = own.iter().map(|report| report.words[set]).sum();
            response.sizes[set].reports = own.iter().filter(|report| report.words[set] > 0).count();
        }
        response
    }

    fn sides(words: &[[u64; 2]]) -> Sides {
        Sides::of(&reports(words))
    }

    fn first_words(deal: &Deal) -> Vec<u64> {
        deal.words.iter().map(|own| own[0]).collect()
    }

    #[test]
    fn each_set_keeps_its_number_of_reports_and_each_report_its_turn() {
        let words: Vec<[u64; 2]> = (0..20).map(|at| if at < 6 { [1, 0] } else { [0, 1] }).collect();
        let deals = sides(&words).deals();
        assert_eq!(deals.len(), DEALS + 1);
        assert!(deals.iter().all(|deal| deal.words == [[6, 14]]));
        assert_eq!(deals[0].is_first, (0..20).map(|at| at < 6).collect::<Vec<_>>());
        for at in 0..20 {
            // 6 of 20: 300 of 1,000, give or take four times 14.
            let turns = deals.iter().filter(|deal| deal.is_first[at]).count();
            assert!((244..=356).contains(&turns), "{at}: {turns}");
        }
    }

    #[test]
    fn a_report_of_both_sets_stays_in_both_and_its_sections_are_dealt_within_it() {
        let sides = Sides::of(&sectioned(&[
            vec![("Help", [10, 0]), ("Care", [0, 3]), ("Leaders", [0, 5]), ("Plans", [0, 7])],
            vec![("Help", [0, 20]), ("Care", [0, 4])],
            vec![("Help", [6, 0])],
        ]));
        assert_eq!((sides.dealt, sides.swapped(), sides.sections()), (2, 1, 4));
        let deals = sides.deals();
        assert_eq!(first_words(&deals[0]), [6, 10]);
        let mut turns = [0; 4];
        for deal in &deals {
            let own = first_words(deal);
            assert!([6, 24].contains(&own[0]), "{own:?}");
            turns[[3, 5, 7, 10].iter().position(|words| own[1] == *words).unwrap()] += 1;
        }
        assert!(turns.iter().all(|own| (195..=305).contains(own)), "{turns:?}");
    }

    #[test]
    fn what_is_within_a_section_is_dealt_with_it_as_far_as_it_is_in_one_set() {
        let dealt = |sections: &[(&str, [u64; 2])]| {
            let sides = Sides::of(&sectioned(&[sections.to_vec()]));
            let mut words: Vec<[u64; 2]> = sides
                .units
                .iter()
                .map(|own| if own.is_first { [own.words, 0] } else { [0, own.words] })
                .collect();
            words.sort_unstable();
            words
        };
        // Judged as a whole, with its parts.
        let judged = [("Help", [1, 0]), ("Help/Plans", [2, 0]), ("Help/Visits", [4, 0])];
        let other = [("Care", [0, 8]), ("Care/Health", [0, 16])];
        assert_eq!(dealt(&[&judged[..], &other].concat()), [[0, 24], [7, 0]]);
        // All under one heading.
        let inner = [("All/Help", [1, 0]), ("All/Help/Plans", [2, 0]), ("All/Care", [0, 8])];
        assert_eq!(dealt(&inner), [[0, 8], [3, 0]]);
        // Paragraphs of both sets directly in one section.
        let mixed = [("Help", [1, 2]), ("Help/Plans", [4, 0]), ("Help/Visits", [0, 8])];
        assert_eq!(dealt(&mixed), [[0, 2], [0, 8], [1, 0], [4, 0]]);
    }

    #[test]
    fn reports_of_one_set_are_left_out_if_the_other_has_none_such() {
        let sides = sides(&[[10, 3], [20, 4], [0, 5], [0, 6]]);
        assert_eq!((sides.dealt, sides.swapped(), sides.unmatched), (0, 2, 2));
        assert!(sides.deals().iter().all(|deal| deal.is_first.len() == 4));
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
                let words: Vec<[u64; 2]> = mirror.words.iter().map(|[a, b]| [*b, *a]).collect();
                assert_eq!(deal.words, words);
                assert!((0..20).all(|at| deal.is_first[at] != mirror.is_first[at]));
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
