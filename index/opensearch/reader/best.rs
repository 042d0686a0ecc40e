//! Finds the best matches of a tree, and proves that they are.
//!
//! The cluster sorts all matches by the most that each can score. They are read in that order and scored
//! exactly, until no match that was not read can be better than what was found.

use super::Reader;
use super::bound::Weighed;
use super::fetch::Fetched;
use crate::answering::best::{first_by_change, first_by_relevance};
use crate::embedded::excerpt::Excerpt;
use crate::engine::SearchError;
use crate::language::negation::Asked;
use crate::language::query::Query;
use crate::opensearch::plan::Found;
use crate::ranking::{ExpansionFrequency, settled};
use crate::records::Kind;
use crate::records::day::day;
use crate::records::moment::milliseconds;
use crate::request::{Deadline, Explanation, Sort};
use serde_json::{Value, json};

/// A date later than any other, for sorting dates in reverse.
const END_OF_TIME: u64 = 99_999_999;

/// How many more matches than wanted are read at first.
const MORE: usize = 20;

/// The most matches that are read at a time.
const MOST: usize = 2_000;

/// A match with its place in the order: smaller is better.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    first: (u64, String, u64),
    report: String,
    order: u64,
}

/// A match that was scored.
#[derive(Debug, Clone)]
pub(super) struct Scored {
    pub(super) key: Key,
    pub(super) score: f32,
    pub(super) one: Fetched,
}

/// What is ranked, and how.
pub(super) struct Ranked<'r> {
    /// The tree that finds, and what the cluster finds for it.
    pub(super) tree: &'r Query,
    pub(super) found: &'r Found,
    /// The tree that scores.
    pub(super) query: &'r Query,
    pub(super) asked: &'r Asked,
    pub(super) sort: Sort,
    pub(super) expansions: Vec<ExpansionFrequency>,
    pub(super) weighed: Weighed,
    /// Ids of paragraphs to leave out.
    pub(super) without: Vec<String>,
}

/// How often the best are asked for more, and what is known so far.
pub(super) struct Reading<'r, 'q> {
    ranked: &'r Ranked<'q>,
    query: Value,
    pub(super) found: Vec<Scored>,
    /// The place after which nothing was read; `None` before the first time.
    after: Option<Value>,
    /// No match that was not read comes before this place.
    bar: Option<Key>,
    pub(super) is_all: bool,
}

impl Reader {
    /// Prepares to rank what a tree finds.
    pub(super) fn reading<'r, 'q>(
        &self,
        ranked: &'r Ranked<'q>,
        conditions: &[&Value],
    ) -> Reading<'r, 'q> {
        let without = json!({"bool": {"must_not": [{"terms": {"id": ranked.without}}]}});
        let mut all = vec![&ranked.found.query];
        all.extend(conditions);
        if !ranked.without.is_empty() {
            all.push(&without);
        }
        let query = self.seen(&all);
        let query = match ranked.sort {
            Sort::Relevance => {
                json!({"script_score": {"query": query, "script": ranked.weighed.script}})
            }
            Sort::Date | Sort::Authority | Sort::Changed => query,
        };
        Reading { ranked, query, found: Vec::new(), after: None, bar: None, is_all: false }
    }

    /// Reads until the best `keep` are known, or all.
    pub(super) fn read_best(
        &self,
        reading: &mut Reading<'_, '_>,
        keep: usize,
        deadline: &Deadline,
    ) -> Result<(), SearchError> {
        let mut size = keep.saturating_add(MORE).min(MOST);
        while keep > 0 && !reading.is_all && reading.proven() < keep {
            self.read_more(reading, size, deadline)?;
            size = size.saturating_mul(2).min(MOST);
        }
        Ok(())
    }

    /// Reads the next matches, scores them, and sorts what was found.
    pub(super) fn read_more(
        &self,
        reading: &mut Reading<'_, '_>,
        size: usize,
        deadline: &Deadline,
    ) -> Result<(), SearchError> {
        let ranked = reading.ranked;
        let mut body = json!({
            "query": reading.query, "sort": sort(ranked.sort), "size": size,
            "_source": ["record"], "track_total_hits": false,
        });
        if let Some(after) = &reading.after {
            body["search_after"] = after.clone();
        }
        let answer = self.ask(&body, deadline)?;
        let fetched = self.fetched(&answer)?;
        reading.is_all = fetched.len() < size;
        if let Some(last) = fetched.last() {
            reading.bar = Some(bar(ranked.sort, last));
            reading.after = Some(json!(last.sort));
        }
        let found = self.scored(ranked, fetched, deadline)?;
        reading.found.extend(found);
        reading.found.sort_by(|one, other| one.key.cmp(&other.key));
        Ok(())
    }

    /// Scores those of the paragraphs that match.
    pub(super) fn scored(
        &self,
        ranked: &Ranked<'_>,
        fetched: Vec<Fetched>,
        deadline: &Deadline,
    ) -> Result<Vec<Scored>, SearchError> {
        let whole = self.whole()?;
        let all = fetched.iter().map(|one| (&*one.paragraph, &*one.head));
        let excerpt = Excerpt::new(&whole, all)?;
        let matches: Vec<usize> = if ranked.found.is_exact {
            (0..fetched.len()).collect()
        } else {
            excerpt.matches(ranked.tree, deadline)?
        };
        let Weighed { frequencies, .. } = &ranked.weighed;
        let scores = excerpt.scores(
            ranked.query,
            ranked.asked,
            &ranked.expansions,
            frequencies,
            deadline,
        )?;
        let Some(scores) = scores else { return Ok(Vec::new()) };
        let scores = scores.of(&matches)?;
        let scored = matches.into_iter().zip(scores).filter_map(|(at, score)| {
            let one = fetched.get(at)?.clone();
            let score = settled(score);
            Some(Scored { key: key(ranked.sort, score, &one), score, one })
        });
        Ok(scored.collect())
    }

    /// Explains the scores of paragraphs.
    pub(super) fn explained(
        &self,
        ranked: &Ranked<'_>,
        page: &[&Fetched],
        deadline: &Deadline,
    ) -> Result<Vec<Explanation>, SearchError> {
        let whole = self.whole()?;
        let all = page.iter().map(|one| (&*one.paragraph, &*one.head));
        let excerpt = Excerpt::new(&whole, all)?;
        let Ranked { query, asked, expansions, weighed, .. } = ranked;
        let scores = excerpt.scores(query, asked, expansions, &weighed.frequencies, deadline)?;
        match scores {
            Some(scores) => scores.explain(&(0..page.len()).collect::<Vec<_>>()),
            None => Ok(Vec::new()),
        }
    }
}

impl Reading<'_, '_> {
    /// How many of the first found are the best for certain.
    pub(super) fn proven(&self) -> usize {
        match &self.bar {
            _ if self.is_all => self.found.len(),
            Some(bar) => self.found.partition_point(|one| one.key <= *bar),
            None => 0,
        }
    }
}

fn sort(sort: Sort) -> Value {
    let place = [json!({"report": "asc"}), json!({"order": "asc"})];
    let first = match sort {
        Sort::Relevance => vec![json!({"boilerplate": "asc"}), json!({"_score": "desc"})],
        Sort::Date => vec![json!({"date": "desc"})],
        Sort::Authority => {
            vec![json!({"unnamed": "asc"}), json!({"authority": "asc"}), json!({"date": "desc"})]
        }
        Sort::Changed => vec![json!({"changed": "desc"}), json!({"date": "desc"})],
    };
    Value::Array(first.into_iter().chain(place).collect())
}

fn newest_first(one: &Fetched) -> u64 {
    END_OF_TIME.saturating_sub(day(one.head.date()))
}

/// The place of a match in the order.
fn key(sort: Sort, score: f32, one: &Fetched) -> Key {
    let none = String::new();
    let first = match sort {
        Sort::Relevance => {
            let is_boilerplate = one.paragraph.kind == Kind::Boilerplate;
            (first_by_relevance(score, is_boilerplate), none, 0)
        }
        Sort::Date => (newest_first(one), none, 0),
        Sort::Authority => match &one.head.authority {
            Some(authority) => (0, authority.clone(), newest_first(one)),
            None => (1, none, newest_first(one)),
        },
        Sort::Changed => {
            let changed = one.paragraph.changed.map_or(0, milliseconds);
            (first_by_change(changed, day(one.head.date())), none, 0)
        }
    };
    Key { first, report: one.paragraph.report.clone(), order: order(one) }
}

/// The place of a paragraph in its report, which is the last of what it is sorted by.
fn order(one: &Fetched) -> u64 {
    one.sort.last().and_then(Value::as_u64).unwrap_or(0)
}

/// The best place that a match can have which comes after this one in the cluster's order.
fn bar(sort: Sort, last: &Fetched) -> Key {
    match sort {
        Sort::Relevance => {
            let score = last.sort.get(1).and_then(Value::as_f64).unwrap_or(f64::MAX);
            key(sort, settled(score as f32), last)
        }
        sort => key(sort, 0.0, last),
    }
}

impl Scored {
    /// Its place in its report.
    pub(super) fn order(&self) -> u64 {
        self.key.order
    }

    /// A paragraph whose place is known from elsewhere.
    pub(super) fn unplaced(one: Fetched) -> Self {
        Self { key: key(Sort::Date, 0.0, &one), score: 0.0, one }
    }
}
