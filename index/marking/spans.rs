//! Finds where a shape occurs, given where its words occur.
//!
//! Works on positions alone and knows neither text nor index. A word counts once in a run. A run is
//! searched for from left to right, and only the partial runs that can still grow are extended.

use crate::marking::shape::{Rule, Shape};
use crate::request::Deadline;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// The position of a first word, and the position after a last one.
pub type Place = (u32, u32);

/// Steps of a run between two checks of the clock.
const STEPS: u32 = 4_096;

/// Where the words of a shape occur in one text: a sorted list of positions for each of its lists.
pub struct Spans<'a> {
    /// The lists.
    pub positions: &'a [Vec<u32>],
    /// When to give up.
    pub deadline: &'a Deadline,
}

/// The part of a run found so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Found {
    /// One bit for each part found.
    parts: u32,
    start: u32,
    end: u32,
    /// Other words between them.
    others: u32,
}

/// How a [`Found`] arose: the one before it and the occurrence that was added.
type Step = (Option<usize>, usize);

/// The state of a search for a run.
struct Search {
    found: Vec<Found>,
    /// The ways that lead to each of `found`, if asked for.
    steps: Vec<Vec<Step>>,
    /// The places of the parts with their numbers, by their first word.
    occurrences: Vec<(Place, usize)>,
    whole: u32,
}

impl Spans<'_> {
    /// Where the shape occurs, in order, each place once. The result is not reliable once the
    /// deadline has passed.
    pub fn of(&self, shape: &Shape) -> Vec<Place> {
        match shape {
            Shape::Words(list) => self.positions[*list].iter().map(|at| (*at, at + 1)).collect(),
            // Only a sequence knows where its gaps are.
            Shape::Gap => Vec::new(),
            Shape::Affirmed { shape, denied } => {
                let is_denied = |word: u32| self.positions[*denied].binary_search(&word).is_ok();
                let mut places = self.of(shape);
                places.retain(|(first, _)| !is_denied(*first));
                places
            }
            Shape::Sequence(parts) => self.sequence(parts),
            Shape::AnyOf(alternatives) => {
                let mut places: Vec<Place> =
                    alternatives.iter().flat_map(|shape| self.of(shape)).collect();
                places.sort_unstable();
                places.dedup();
                places
            }
            Shape::Run { parts, same_as, rule } => {
                let search = self.search(parts, same_as, *rule, false);
                let whole = search.found.iter().filter(|found| found.parts == search.whole);
                let mut places: Vec<Place> = whole.map(|found| (found.start, found.end)).collect();
                places.sort_unstable();
                places.dedup();
                places
            }
        }
    }

    /// The number of positions at which the shape begins.
    pub fn count(&self, shape: &Shape) -> u32 {
        let mut places = self.of(shape);
        places.dedup_by_key(|place| place.0);
        u32::try_from(places.len()).unwrap_or(u32::MAX)
    }

    /// Adds the words and phrases that make up the shape, the parts of a run separately.
    pub fn mark(&self, shape: &Shape, marks: &mut Vec<Place>) {
        self.mark_within(shape, None, marks);
    }

    /// Does the same as [`Spans::mark`], but only for the given places of the shape.
    fn mark_within(&self, shape: &Shape, only: Option<&BTreeSet<Place>>, marks: &mut Vec<Place>) {
        let counts = |place: &Place| only.is_none_or(|only| only.contains(place));
        match shape {
            Shape::Words(_) | Shape::Gap | Shape::Sequence(_) => {
                marks.extend(self.of(shape).into_iter().filter(counts));
            }
            Shape::Affirmed { shape: inner, .. } => {
                let places: BTreeSet<Place> = self.of(shape).into_iter().filter(counts).collect();
                self.mark_within(inner, Some(&places), marks);
            }
            Shape::AnyOf(alternatives) => {
                for alternative in alternatives {
                    self.mark_within(alternative, only, marks);
                }
            }
            Shape::Run { parts, same_as, rule } => {
                let search = self.search(parts, same_as, *rule, true);
                let mut standing = vec![BTreeSet::new(); parts.len()];
                let mut open: Vec<usize> = (0..search.found.len())
                    .filter(|at| {
                        let found = search.found[*at];
                        found.parts == search.whole && counts(&(found.start, found.end))
                    })
                    .collect();
                let mut seen = vec![false; search.found.len()];
                while let Some(at) = open.pop() {
                    if std::mem::replace(&mut seen[at], true) {
                        continue;
                    }
                    for (before, occurrence) in &search.steps[at] {
                        let (place, part) = search.occurrences[*occurrence];
                        standing[part].insert(place);
                        open.extend(before);
                    }
                }
                for (part, places) in parts.iter().zip(&standing) {
                    self.mark_within(part, Some(places), marks);
                }
            }
        }
    }

    fn sequence(&self, parts: &[Shape]) -> Vec<Place> {
        let mut parts = parts.iter();
        let Some(first) = parts.next() else {
            return Vec::new();
        };
        let mut places = self.of(first);
        for part in parts {
            if places.is_empty() {
                break;
            }
            if *part == Shape::Gap {
                places.iter_mut().for_each(|place| place.1 += 1);
                continue;
            }
            let next = self.of(part);
            let mut longer = Vec::new();
            for (start, end) in places {
                let from = next.partition_point(|place| place.0 < end);
                let there = next[from..].iter().take_while(|place| place.0 == end);
                longer.extend(there.map(|place| (start, place.1)));
            }
            longer.sort_unstable();
            longer.dedup();
            places = longer;
        }
        places
    }

    fn search(
        &self,
        parts: &[Shape],
        same_as: &[Option<usize>],
        rule: Rule,
        keep_steps: bool,
    ) -> Search {
        let mut occurrences: Vec<(Place, usize)> = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            occurrences.extend(self.of(part).into_iter().map(|place| (place, number)));
        }
        occurrences.sort_unstable();
        let mut search =
            Search { found: Vec::new(), steps: Vec::new(), occurrences, whole: bits(parts.len()) };
        let mut numbers: FxHashMap<Found, usize> = FxHashMap::default();
        // Those that can still grow.
        let mut growing: Vec<usize> = Vec::new();
        let mut until_look = STEPS;
        for occurrence in 0..search.occurrences.len() {
            let ((start, end), part) = search.occurrences[occurrence];
            growing.retain(|at| reaches(&search.found[*at], start, rule));
            let mut grown: Vec<(Found, Option<usize>)> =
                vec![(Found { parts: 0, start, end: start, others: 0 }, None)];
            grown.extend(growing.iter().map(|at| (search.found[*at], Some(*at))));
            for (found, before) in grown {
                until_look -= 1;
                if until_look == 0 {
                    until_look = STEPS;
                    if self.deadline.has_passed() {
                        return search;
                    }
                }
                if found.end > start || !may_add(found.parts, part, same_as[part], rule) {
                    continue;
                }
                let longer = Found {
                    parts: found.parts | 1 << part,
                    start: found.start,
                    end,
                    others: match rule {
                        Rule::Near { .. } => 0,
                        Rule::Among { .. } => found.others + (start - found.end),
                    },
                };
                let number = *numbers.entry(longer).or_insert_with(|| {
                    search.found.push(longer);
                    search.steps.push(Vec::new());
                    if longer.parts != search.whole {
                        growing.push(search.found.len() - 1);
                    }
                    search.found.len() - 1
                });
                if keep_steps {
                    search.steps[number].push((before, occurrence));
                }
            }
        }
        search
    }
}

fn bits(parts: usize) -> u32 {
    (0..parts).fold(0, |bits, part| bits | 1 << part)
}

/// Whether a part that begins at `start` or later can be added.
fn reaches(found: &Found, start: u32, rule: Rule) -> bool {
    let between = start.saturating_sub(found.end);
    match rule {
        Rule::Near { within, .. } => between < within,
        Rule::Among { others } => found.others + between <= others,
    }
}

fn may_add(found: u32, part: usize, same_as: Option<usize>, rule: Rule) -> bool {
    let has = |part: usize| found & 1 << part != 0;
    match rule {
        Rule::Near { ordered: true, .. } => found == bits(part),
        Rule::Near { ordered: false, .. } | Rule::Among { .. } => {
            !has(part) && same_as.is_none_or(has)
        }
    }
}
