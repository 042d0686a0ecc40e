//! Counters of paragraphs, and how paragraphs are grouped.
//!
//! Values are numbers: places in the sorted lists of [`Names`]. Paragraphs that belong to the same
//! place are counted together, as a [`Run`].

use crate::language::words;
use crate::records::{Attribute, Kind, ValueForm};
use crate::request::compare::{Count, GradeCount, Tally};
use rustc_hash::FxHashMap;
use std::collections::HashMap;

/// The values of a group, one or two numbers.
pub(crate) type Key = [u32; 2];

/// The keys of a paragraph by the first, the second and both dimensions, as far as they exist, from
/// its group in each.
pub(crate) fn keys(first: Option<u32>, second: Option<u32>) -> impl Iterator<Item = Key> {
    let one = first.map(|first| [first, 0]);
    let other = second.map(|second| [second, 0]);
    let both = first.zip(second).map(|(first, second)| [first, second]);
    [one, other, both].into_iter().flatten()
}

/// The names of the values that are counted, each list sorted and without duplicates. The empty
/// string means no value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names<'a> {
    /// Ids of reports.
    pub(crate) reports: &'a [String],
    pub(crate) authorities: &'a [String],
    pub(crate) regions: &'a [String],
    pub(crate) frameworks: &'a [String],
    pub(crate) visits: &'a [String],
    /// Labels of overall judgements.
    pub(crate) overalls: &'a [String],
    /// Labels of the grades of sections.
    pub(crate) grades: &'a [String],
    pub(crate) kinds: &'a [String],
}

/// The name of a number; `None` for that of no value.
pub(crate) fn name(names: &[String], number: u32) -> Option<String> {
    names.get(number as usize).filter(|name| !name.is_empty()).cloned()
}

/// The number of a name.
pub(crate) fn number(names: &[String], name: &str) -> Option<u32> {
    let place = names.binary_search_by(|held| held.as_str().cmp(name));
    place.ok().and_then(|place| u32::try_from(place).ok())
}

/// How paragraphs are grouped by one dimension.
pub(crate) enum Grouping<'a> {
    /// By the values of an attribute. Values that a filter cannot distinguish have the same number
    /// in `common`. `follows` says whether the value follows from a paragraph's report, kind and
    /// grade.
    Values { names: &'a [String], common: Vec<u32>, follows: bool },
    /// By year, 0 for none.
    Year,
}

impl<'a> Grouping<'a> {
    /// The grouping by an attribute; `names` are its values, sorted. Years need none.
    pub(crate) fn new(dimension: Attribute, names: &'a [String]) -> Self {
        if dimension == Attribute::Year {
            return Self::Year;
        }
        let is_told_by_key = dimension.form() == ValueForm::Name;
        let mut first: HashMap<String, u32> = HashMap::new();
        let numbered = (0..).zip(names);
        let common = numbered
            .map(|(number, name)| {
                let key = if is_told_by_key { words::key(name) } else { name.clone() };
                *first.entry(key).or_insert(number)
            })
            .collect();
        // Values of reports, kinds and grades follow from columns that are always read.
        let follows =
            dimension.is_of_reports() || matches!(dimension, Attribute::Kind | Attribute::Grade);
        Self::Values { names, common, follows }
    }

    /// The number of the group of a value, given its place among the names, or of a year.
    pub(crate) fn group(&self, number: u32) -> u32 {
        match self {
            Self::Values { common, .. } => common.get(number as usize).copied().unwrap_or(0),
            Self::Year => number,
        }
    }

    /// The value of a group's number.
    pub(crate) fn name(&self, number: u32) -> Option<String> {
        match self {
            Self::Values { names, .. } => name(names, number),
            Self::Year => (number > 0).then(|| number.to_string()),
        }
    }
}

/// Where a paragraph belongs. Everything that is counted for it, except its words and its groups,
/// follows from this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stand {
    pub(crate) report: u32,
    pub(crate) kind: u32,
    /// The label of the section's grade, and its place on the scale.
    pub(crate) grade: (u32, Option<u8>),
}

/// Paragraphs that belong to the same place and the same groups. They are counted together: finding
/// out where a paragraph belongs is cheap compared with looking up its counters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) stand: Stand,
    pub(crate) paragraphs: usize,
    /// The number of words in all of them.
    pub(crate) words: u64,
}

/// Counters of some paragraphs.
#[derive(Default)]
pub(crate) struct Counter {
    paragraphs: usize,
    words: u64,
    /// Counts by the number of the kind.
    kinds: Vec<usize>,
    /// Counts by label and rank; few enough for a linear search.
    grades: Vec<((u32, Option<u8>), usize)>,
    /// Paragraphs by the number of their report.
    reports: Keyed<u32, usize>,
}

impl Counter {
    pub(crate) fn add(&mut self, run: &Run) {
        let Stand { report, kind, grade } = run.stand;
        self.paragraphs += run.paragraphs;
        self.words += run.words;
        let kind = kind as usize;
        if kind >= self.kinds.len() {
            self.kinds.resize(kind + 1, 0);
        }
        self.kinds[kind] += run.paragraphs;
        match self.grades.iter_mut().find(|(held, _)| *held == grade) {
            Some((_, count)) => *count += run.paragraphs,
            None => self.grades.push((grade, run.paragraphs)),
        }
        *self.reports.of(report, || 0) += run.paragraphs;
    }

    fn count(&self, names: &Names<'_>) -> Count {
        let number = |kind: Kind| number(names.kinds, kind.name());
        let named = |kind: Kind| number(kind).and_then(|n| self.kinds.get(n as usize));
        let counted = Kind::ALL.into_iter().filter_map(|kind| Some((kind, *named(kind)?)));
        let kinds = counted.filter(|(_, count)| *count > 0).collect();
        let mut grades: Vec<GradeCount> = self
            .grades
            .iter()
            .map(|((label, rank), paragraphs)| GradeCount {
                label: name(names.grades, *label),
                rank: *rank,
                paragraphs: *paragraphs,
            })
            .collect();
        grades.sort_by(|a, b| {
            let order =
                |g: &GradeCount| (g.label.is_none(), g.rank.is_none(), g.rank, g.label.clone());
            order(a).cmp(&order(b))
        });
        Count {
            reports: self.reports.all.len(),
            paragraphs: self.paragraphs,
            words: self.words,
            kinds,
            grades,
        }
    }

    /// The best rank of a label.
    pub(crate) fn rank(&self, label: u32) -> Option<u8> {
        let own = self.grades.iter().filter(|((own, _), _)| *own == label);
        own.filter_map(|((_, rank), _)| *rank).min()
    }
}

/// The eligible paragraphs and the matching ones.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) eligible: Counter,
    pub(crate) matching: Counter,
}

impl Counters {
    pub(crate) fn tally(&self, names: &Names<'_>) -> Tally {
        Tally { eligible: self.eligible.count(names), matching: self.matching.count(names) }
    }

    /// Eligible and matching paragraphs by the number of their report, in no order.
    pub(crate) fn by_report(&self) -> impl Iterator<Item = (u32, usize, usize)> {
        let matching: FxHashMap<u32, usize> = self.matching.reports.iter().copied().collect();
        self.eligible.reports.iter().map(move |(report, eligible)| {
            (*report, *eligible, matching.get(report).copied().unwrap_or(0))
        })
    }
}

/// Items identified by a key. Successive paragraphs mostly have the same key, so the last one is
/// remembered: looking it up would cost more than all the counting.
pub(crate) struct Keyed<K, T> {
    places: FxHashMap<K, usize>,
    all: Vec<(K, T)>,
    last: usize,
}

impl<K, T> Default for Keyed<K, T> {
    fn default() -> Self {
        Self { places: FxHashMap::default(), all: Vec::new(), last: 0 }
    }
}

impl<K: Copy + Eq + std::hash::Hash, T> Keyed<K, T> {
    pub(crate) fn of(&mut self, key: K, make: impl FnOnce() -> T) -> &mut T {
        if self.all.get(self.last).is_none_or(|(last, _)| *last != key) {
            self.last = *self.places.entry(key).or_insert_with(|| {
                self.all.push((key, make()));
                self.all.len() - 1
            });
        }
        &mut self.all[self.last].1
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &(K, T)> {
        self.all.iter()
    }
}
