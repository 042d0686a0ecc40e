//! Shapes of words as queries of the cluster.
//!
//! Phrases are said as phrases, of which one for each reading of the alternatives, and words near one
//! another as intervals. The cluster looks for the *shortest* intervals alone, so that chains of
//! three words near one another are missed if a link is longer than need be, and so on. What can be
//! missed is not asked for: an interval of any words in which the whole shape has room is, and that
//! finds too much.
//!
//! The cluster says anew what has alternatives of several words, once for each way to choose among them.
//! What would become too large by that is looked for as words anywhere in a paragraph.

use super::{DENIED, Found, HOLE, MOST, Queries, field_name, terms};
use crate::language::words::Stemmer;
use crate::marking::shape::{Rule, Shape};
use crate::planning::{Field, Language as _, Places};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The most phrases that one shape is said in.
const READINGS: usize = 64;

/// Words at these distances from the first, as a phrase.
pub(super) fn phrase(field: Field, words: &[(usize, String)]) -> Found {
    let name = field_name(field);
    match words {
        [] => Found::nothing(),
        [(_, word)] => Found::exact(terms(name, std::slice::from_ref(word))),
        words => {
            let mut text = String::new();
            let mut at = 0;
            for (distance, word) in words {
                while at < *distance {
                    text.push(HOLE);
                    text.push(' ');
                    at += 1;
                }
                text.push_str(word);
                text.push(' ');
                at += 1;
            }
            let query = json!({"query": text.trim_end(), "slop": 0});
            Found::exact(json!({"match_phrase": {name: query}}))
        }
    }
}

/// What has a shape.
pub(super) fn find(places: &Places) -> Found {
    let finder = Finder { places };
    finder.find(&places.shape)
}

/// A word of a phrase: where it is, and in which field.
type Reading = Vec<(usize, String)>;

/// A shape as an interval.
struct Source {
    rule: Value,
    /// The number of words that it covers, at least and at most.
    least: u32,
    most: u32,
    /// Whether just what is meant is found.
    is_exact: bool,
    /// Whether the words are all side by side, so that the shortest interval is the only one.
    is_solid: bool,
    /// The words, by their stems.
    stems: BTreeSet<String>,
    size: Size,
}

/// How large an interval becomes in the cluster, where what may be chosen is pulled up to the top.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    /// The words of which each can be all of it; they are one way together.
    single: usize,
    /// The other ways to choose.
    ways: usize,
    /// The words in all of those.
    words: usize,
}

impl Size {
    fn any(all: &[Source]) -> Self {
        let sum = |of: fn(&Self) -> usize| all.iter().map(|source| of(&source.size)).sum();
        Self { single: sum(|s| s.single), ways: sum(|s| s.ways), words: sum(|s| s.words) }
    }

    fn together(all: &[Source]) -> Self {
        let (mut ways, mut words) = (1_usize, 0_usize);
        for Source { size, .. } in all {
            let (own, own_words) = (size.ways + usize::from(size.single > 0), size.clauses());
            words = words.saturating_mul(own).saturating_add(own_words.saturating_mul(ways));
            ways = ways.saturating_mul(own);
        }
        Self { single: 0, ways, words }
    }

    fn clauses(self) -> usize {
        self.single.saturating_add(self.words)
    }
}

struct Finder<'p> {
    places: &'p Places,
}

impl Finder<'_> {
    fn list(&self, list: usize) -> (Field, &[String]) {
        self.places.lists.get(list).map_or((Field::Exact, &[]), |(field, words)| (*field, words))
    }

    fn find(&self, shape: &Shape) -> Found {
        match shape {
            Shape::Words(list) => {
                let (field, words) = self.list(*list);
                Found::exact(terms(field_name(field), words))
            }
            Shape::Gap => Found::nothing(),
            Shape::AnyOf(alternatives) => {
                let found: Vec<Found> = alternatives.iter().map(|one| self.find(one)).collect();
                Queries.either(found)
            }
            Shape::Sequence(parts) => match self.readings(parts) {
                Some((field, readings)) => {
                    let phrases = readings.iter().map(|reading| phrase(field, reading));
                    let found = Queries.either(phrases.collect());
                    let simpler = self.anywhere(shape).map(Box::new);
                    Found { simpler: simpler.filter(|one| one.clauses < found.clauses), ..found }
                }
                None => self.interval(shape),
            },
            Shape::Affirmed { .. } | Shape::Run { .. } => self.interval(shape),
        }
    }

    /// The phrases that a sequence stands for, if they are few and all in one field.
    fn readings(&self, parts: &[Shape]) -> Option<(Field, Vec<Reading>)> {
        let mut field = None;
        let readings = self.readings_of(parts, &mut field)?;
        let readings = readings.into_iter().map(|(_, reading)| reading).collect();
        Some((field.unwrap_or(Field::Exact), readings))
    }

    /// The readings, each with the number of words that it covers.
    fn readings_of(
        &self,
        parts: &[Shape],
        field: &mut Option<Field>,
    ) -> Option<Vec<(usize, Reading)>> {
        let mut readings: Vec<(usize, Reading)> = vec![(0, Vec::new())];
        for part in parts {
            let next: Vec<(usize, Reading)> = match part {
                Shape::Gap => vec![(1, Vec::new())],
                Shape::Words(list) => {
                    let (own, words) = self.list(*list);
                    if *field.get_or_insert(own) != own {
                        return None;
                    }
                    words.iter().map(|word| (1, vec![(0, word.clone())])).collect()
                }
                Shape::Sequence(parts) => self.readings_of(parts, field)?,
                Shape::AnyOf(alternatives) => {
                    let mut all = Vec::new();
                    for alternative in alternatives {
                        all.extend(self.readings_of(std::slice::from_ref(alternative), field)?);
                    }
                    all
                }
                Shape::Affirmed { .. } | Shape::Run { .. } => return None,
            };
            if readings.len().saturating_mul(next.len()) > READINGS {
                return None;
            }
            let mut longer = Vec::with_capacity(readings.len() * next.len());
            for (width, reading) in &readings {
                for (more, words) in &next {
                    let words = words.iter().map(|(at, word)| (width + at, word.clone()));
                    longer.push((width + more, reading.iter().cloned().chain(words).collect()));
                }
            }
            readings = longer;
        }
        Some(readings)
    }

    fn interval(&self, shape: &Shape) -> Found {
        match self.source(shape) {
            Some(source) => {
                let clauses = source.size.clauses();
                let simpler = self.anywhere(shape).map(Box::new);
                if clauses > MOST {
                    let all = || Found { is_exact: false, ..Queries.paragraphs() };
                    return simpler.map_or_else(all, |found| *found);
                }
                let query = json!({"intervals": {"exact": source.rule}});
                Found { query, is_exact: source.is_exact, clauses, simpler }
            }
            None => Found::nothing(),
        }
    }

    /// What has the words of a shape, wherever they are; `None` if it can do without any.
    fn anywhere(&self, shape: &Shape) -> Option<Found> {
        let found = match shape {
            Shape::Words(list) => {
                let (field, words) = self.list(*list);
                Found::exact(terms(field_name(field), words))
            }
            Shape::Gap => return None,
            Shape::Affirmed { shape, .. } => self.anywhere(shape)?,
            Shape::AnyOf(alternatives) => {
                let found: Option<Vec<Found>> =
                    alternatives.iter().map(|one| self.anywhere(one)).collect();
                Queries.either(found?)
            }
            Shape::Sequence(parts) | Shape::Run { parts, .. } => {
                let found: Vec<Found> =
                    parts.iter().filter_map(|part| self.anywhere(part)).collect();
                match found.len() {
                    0 => return None,
                    _ => Queries.every(found),
                }
            }
        };
        Some(Found { is_exact: false, ..found })
    }

    /// A shape as an interval; `None` if nothing can have it.
    fn source(&self, shape: &Shape) -> Option<Source> {
        match shape {
            Shape::Words(list) => {
                let (field, words) = self.list(*list);
                let mut stemmer = Stemmer::default();
                let stems = words.iter().map(|word| {
                    let mut stem = word.clone();
                    if field == Field::Exact {
                        stemmer.stem_in_place(&mut stem);
                    }
                    stem
                });
                let stems = stems.collect();
                let rules = words.iter().map(|word| word_rule(field, word));
                let rule = any_of(rules.collect())?;
                let (least, most) = (1, 1);
                let size = Size { single: words.len(), ..Size::default() };
                Some(Source { rule, least, most, is_exact: true, is_solid: true, stems, size })
            }
            Shape::Gap => None,
            Shape::Affirmed { shape, .. } => self.affirmed(shape),
            Shape::AnyOf(alternatives) => {
                let sources: Vec<Source> =
                    alternatives.iter().filter_map(|one| self.source(one)).collect();
                let rules = sources.iter().map(|source| source.rule.clone()).collect();
                Some(Source {
                    rule: any_of(rules)?,
                    least: sources.iter().map(|source| source.least).min()?,
                    most: sources.iter().map(|source| source.most).max()?,
                    is_exact: sources.iter().all(|source| source.is_exact),
                    // Where one alternative contains another, only the shorter one is found.
                    is_solid: sources.iter().all(|source| source.is_solid && source.most == 1),
                    size: Size::any(&sources),
                    stems: sources.into_iter().flat_map(|source| source.stems).collect(),
                })
            }
            Shape::Sequence(parts) => self.sequence(parts),
            Shape::Run { parts, rule, .. } => self.run(parts, *rule),
        }
    }

    /// A shape whose first word is not denied.
    fn affirmed(&self, shape: &Shape) -> Option<Source> {
        match shape {
            Shape::Words(_) => {
                let source = self.source(shape)?;
                let denied = json!({"match": {"query": DENIED, "use_field": "denial"}});
                let filter = json!({"not_overlapping": denied});
                // A rule has one filter: the alternatives are put together first.
                let rule = json!({"all_of": {"intervals": [source.rule], "filter": filter}});
                let size = Size { single: source.size.single + 1, ..source.size };
                Some(Source { rule, size, ..source })
            }
            Shape::Sequence(parts) => {
                let (first, rest) = parts.split_first()?;
                let first = self.affirmed(first)?;
                self.side_by_side(first, rest)
            }
            Shape::AnyOf(alternatives) => {
                let sources: Vec<Source> =
                    alternatives.iter().filter_map(|one| self.affirmed(one)).collect();
                let rules = sources.iter().map(|source| source.rule.clone()).collect();
                Some(Source {
                    rule: any_of(rules)?,
                    least: sources.iter().map(|source| source.least).min()?,
                    most: sources.iter().map(|source| source.most).max()?,
                    is_exact: sources.iter().all(|source| source.is_exact),
                    is_solid: sources.iter().all(|source| source.is_solid && source.most == 1),
                    size: Size::any(&sources),
                    stems: sources.into_iter().flat_map(|source| source.stems).collect(),
                })
            }
            Shape::Gap => None,
            Shape::Run { .. } | Shape::Affirmed { .. } => {
                let source = self.source(shape)?;
                Some(Source { is_exact: false, ..source })
            }
        }
    }

    fn sequence(&self, parts: &[Shape]) -> Option<Source> {
        let (first, rest) = parts.split_first()?;
        let first = self.source(first)?;
        self.side_by_side(first, rest)
    }

    /// A sequence, given its first part as an interval.
    fn side_by_side(&self, first: Source, rest: &[Shape]) -> Option<Source> {
        let gaps = rest.iter().filter(|part| matches!(part, Shape::Gap)).count();
        let gaps = u32::try_from(gaps).unwrap_or(u32::MAX);
        let mut sources = vec![first];
        for part in rest.iter().filter(|part| !matches!(part, Shape::Gap)) {
            sources.push(self.source(part)?);
        }
        let is_solid = gaps == 0 && sources.iter().all(|source| source.is_solid);
        let rules: Vec<&Value> = sources.iter().map(|source| &source.rule).collect();
        // Where a part may be longer than its shortest interval, there is room for that.
        let loose: u32 = sources.iter().map(|source| source.most - source.least).sum();
        let room = if is_solid { 0 } else { gaps + loose };
        Some(Source {
            rule: json!({"all_of": {"ordered": true, "max_gaps": room, "intervals": rules}}),
            least: sources.iter().map(|source| source.least).sum::<u32>() + gaps,
            most: sources.iter().map(|source| source.most).sum::<u32>() + gaps,
            is_exact: is_solid && sources.iter().all(|source| source.is_exact),
            is_solid,
            size: Size::together(&sources),
            stems: sources.into_iter().flat_map(|source| source.stems).collect(),
        })
    }

    fn run(&self, parts: &[Shape], rule: Rule) -> Option<Source> {
        let mut sources = Vec::with_capacity(parts.len());
        for part in parts {
            sources.push(self.source(part)?);
        }
        let links = u32::try_from(parts.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let (others, is_ordered) = match rule {
            Rule::Near { within, ordered } => {
                (links.saturating_mul(within.saturating_sub(1)), ordered)
            }
            Rule::Among { others } => (others, false),
        };
        let is_plain = sources.iter().all(|source| source.is_exact && source.is_solid);
        let is_short = match rule {
            Rule::Near { .. } => parts.len() == 2,
            Rule::Among { .. } => sources.iter().all(|source| source.most == 1),
        };
        let is_told_apart = (0..sources.len()).all(|one| {
            (0..one).all(|other| {
                let (one, other) = (&sources[one], &sources[other]);
                one.stems.is_disjoint(&other.stems) || (one.rule == other.rule && one.most == 1)
            })
        });
        let is_exact = is_plain && is_short && is_told_apart;
        let widest: u32 = sources.iter().map(|source| source.most).sum();
        let room = if is_exact { others } else { others.saturating_add(widest) };
        let rules: Vec<&Value> = sources.iter().map(|source| &source.rule).collect();
        let is_ordered = is_ordered && is_exact;
        let all = json!({"ordered": is_ordered, "max_gaps": room, "intervals": rules});
        Some(Source {
            rule: json!({"all_of": all}),
            least: sources.iter().map(|source| source.least).sum(),
            most: widest.saturating_add(others),
            is_exact,
            is_solid: false,
            size: Size::together(&sources),
            stems: sources.into_iter().flat_map(|source| source.stems).collect(),
        })
    }
}

fn word_rule(field: Field, word: &str) -> Value {
    match field {
        Field::Exact => json!({"match": {"query": word}}),
        field => json!({"match": {"query": word, "use_field": field_name(field)}}),
    }
}

fn any_of(mut rules: Vec<Value>) -> Option<Value> {
    match rules.len() {
        0 => None,
        1 => Some(rules.remove(0)),
        _ => Some(json!({"any_of": {"intervals": rules}})),
    }
}
