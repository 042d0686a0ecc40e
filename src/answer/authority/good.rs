//! What good looks like: paragraphs of a theme from sections that are judged good or better.
//!
//! Chosen are findings on what the inspection recommends, where it recommends anything in that theme;
//! one of each authority, the newest, neighbours first. What they say is for whoever reads them: a
//! section judged good has its criticism as well.

use crate::answer::timeline::{Inspection, Judged};
use crate::ask::trace::{Door, Trace};
use crate::ask::{AskError, Session};
use findings_index::engine::paragraphs_of;
use findings_index::language::query::GradeFilter;
use findings_index::records::{Attribute, Body, Kind};
use findings_index::request::{Filters, Hit, SearchRequest, Sort};
use serde::Serialize;
use std::collections::BTreeSet;

/// The most paragraphs that are shown for an area.
const SHOWN: usize = 4;

/// How many paragraphs of an authority are looked at.
const CANDIDATES: usize = 12;

/// The worst place on the scale that is good.
const GOOD: u8 = 2;

/// Whose paragraphs are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// A statistical neighbour's.
    Neighbour,
    /// Another authority's.
    Other,
}

/// What good looks like in one area.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Model {
    /// The area, as it is judged.
    pub judged: Judged,
    /// Paragraphs, neighbours' first; whose each is.
    pub paragraphs: Vec<(Whose, Hit)>,
    /// Names of the topics that they are about; empty where they are about any.
    pub topics: Vec<String>,
    /// A search for all such paragraphs of neighbours, if there are any.
    pub find_neighbours: Option<(Trace, usize)>,
    /// A search for all such paragraphs.
    pub find: (Trace, usize),
}

/// Finds what good looks like in the areas that an inspection judges below good. `near` are the
/// neighbours of which reports are held, the nearest first.
///
/// # Errors
/// A failure of the engine.
pub(super) fn models(
    session: &Session<'_>,
    authority: &str,
    newest: &Inspection,
    near: &[String],
    door: &dyn Door,
) -> Result<Vec<Model>, AskError> {
    let is_below = |judged: &&Judged| {
        judged.body == Body::Authority
            && !judged.is_overall
            && judged.theme.is_some()
            && judged.rank.is_some_and(|rank| rank > GOOD)
    };
    let below: Vec<&Judged> = newest.judgements.iter().filter(is_below).collect();
    if below.is_empty() {
        return Ok(Vec::new());
    }
    let names = session.reference.names();
    let frameworks = session.engine.values(Attribute::Framework)?;
    let full: Vec<String> = frameworks.into_iter().filter(|code| names.is_full(code)).collect();
    let asked_for = asked_for(session, &newest.report)?;
    let mut models = Vec::new();
    for judged in below {
        let theme = judged.theme.clone().unwrap_or_default();
        let filters = Filters::of(Attribute::Theme, vec![theme])
            .with(Attribute::Grade, vec![GradeFilter::Ranks { best: 1, worst: GOOD }])
            .with(Attribute::Framework, full.clone())
            .with(Attribute::Kind, vec![Kind::Finding, Kind::Bullet])
            .without(Attribute::Authority, [authority]);
        models.push(model(session, judged, &filters, &asked_for, near, door)?);
    }
    models.retain(|model| !model.paragraphs.is_empty());
    Ok(models)
}

/// The topics of what an inspection recommends.
fn asked_for(session: &Session<'_>, report: &str) -> Result<BTreeSet<String>, AskError> {
    let paragraphs = paragraphs_of(session.engine, report, &session.deadline)?;
    let advice = paragraphs.into_iter().filter(|own| own.kind == Kind::Recommendation);
    Ok(advice.flat_map(|own| own.topics).collect())
}

fn model(
    session: &Session<'_>,
    judged: &Judged,
    filters: &Filters,
    asked_for: &BTreeSet<String>,
    near: &[String],
    door: &dyn Door,
) -> Result<Model, AskError> {
    let of_neighbours =
        |filters: &Filters| filters.clone().with(Attribute::Authority, near.to_vec());
    let on_topics = |filters: &Filters| {
        let topics: Vec<String> = asked_for.iter().cloned().collect();
        filters.clone().with(Attribute::Topic, topics)
    };
    let has_neighbours = !near.is_empty();
    // First on what is recommended, neighbours before others; on anything only if there is nothing.
    let mut steps = Vec::new();
    for (is_on_topics, filters) in [(true, on_topics(filters)), (false, filters.clone())] {
        if is_on_topics && asked_for.is_empty() {
            continue;
        }
        steps.extend(has_neighbours.then(|| (is_on_topics, of_neighbours(&filters))));
        steps.push((is_on_topics, filters));
    }
    let mut shown: Vec<Hit> = Vec::new();
    let mut is_on_topics = !asked_for.is_empty();
    for (of_topics, filters) in steps {
        let is_enough = is_on_topics && !of_topics && !shown.is_empty();
        if shown.len() == SHOWN || is_enough {
            break;
        }
        is_on_topics = of_topics;
        for hit in newest(session, &filters, asked_for)? {
            let is_shown = shown.iter().any(|own| own.head.authority == hit.head.authority);
            if !is_shown && shown.len() < SHOWN {
                shown.push(hit);
            }
        }
    }
    let place = |hit: &Hit| {
        let own = hit.head.authority.as_ref();
        near.iter().position(|name| Some(name) == own)
    };
    shown.sort_by_key(|hit| place(hit).unwrap_or(usize::MAX));
    let paragraphs = shown.into_iter().map(|hit| match place(&hit) {
        Some(_) => (Whose::Neighbour, hit),
        None => (Whose::Other, hit),
    });
    let taxonomy = session.engine.topics()?;
    let names = asked_for.iter().filter_map(|id| taxonomy.get(id)).map(|topic| topic.name.clone());
    let counted = |filters: Filters| -> Result<(Trace, usize), AskError> {
        let request =
            SearchRequest { filters: filters.clone(), limit: 0, ..SearchRequest::default() };
        let total = session.engine.search(&request, &session.deadline)?.total;
        Ok((Trace::new("", &filters, door), total))
    };
    let find_neighbours = has_neighbours.then(|| counted(of_neighbours(filters))).transpose()?;
    Ok(Model {
        judged: judged.clone(),
        topics: if is_on_topics { names.collect() } else { Vec::new() },
        paragraphs: paragraphs.collect(),
        find_neighbours: find_neighbours.filter(|(_, total)| *total > 0),
        find: counted(filters.clone())?,
    })
}

/// Of the newest paragraphs of each authority the one that is about most of what is recommended.
fn newest(
    session: &Session<'_>,
    filters: &Filters,
    asked_for: &BTreeSet<String>,
) -> Result<Vec<Hit>, AskError> {
    let request = SearchRequest {
        filters: filters.clone(),
        sort: Sort::Date,
        group: Some(Attribute::Authority),
        per_group: CANDIDATES,
        limit: SHOWN,
        ..SearchRequest::default()
    };
    let response = session.engine.search(&request, &session.deadline)?;
    let shared =
        |hit: &Hit| hit.paragraph.topics.iter().filter(|topic| asked_for.contains(*topic)).count();
    let best = |hits: Vec<Hit>| {
        // Of several alike, the first in the report.
        hits.into_iter().rev().max_by_key(shared)
    };
    Ok(response.groups.into_iter().flatten().filter_map(|group| best(group.hits)).collect())
}
