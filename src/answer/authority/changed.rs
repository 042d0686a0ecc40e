//! Which topics one inspection mentions and the one before it does not, and the other way round.
//!
//! That a topic is no longer mentioned is no finding: a framework may no longer ask for it. So each is
//! shown next to how many reports of the later framework mention it.

use crate::answer::compare::eligible;
use crate::answer::timeline::Inspection;
use crate::ask::trace::{Door, Trace};
use crate::ask::{AskError, Session};
use findings_index::language::query::Query;
use findings_index::records::{Attribute, Visit};
use findings_index::request::{Filters, SearchRequest};
use serde::Serialize;
use std::collections::BTreeMap;

/// What changed from one full inspection to the next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    /// Id of the earlier report.
    pub before: String,
    /// Id of the later report.
    pub newest: String,
    /// The topics that only the later one mentions, those with most paragraphs first.
    pub new: Vec<TopicMention>,
    /// The topics that only the earlier one mentions, those with most paragraphs first.
    pub silent: Vec<TopicMention>,
}

/// A topic that one of two inspections mentions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopicMention {
    /// The topic's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Number of paragraphs of the report that mention it, boilerplate and context left out.
    pub paragraphs: usize,
    /// Number of full inspections of the later one's framework that mention it.
    pub usual: usize,
    /// Number of full inspections of that framework.
    pub out_of: usize,
    /// A search that finds exactly these paragraphs.
    pub find: Trace,
}

/// Finds the topics of which the paragraphs of a report are.
fn topics(
    session: &Session<'_>,
    report: &str,
) -> Result<(BTreeMap<String, usize>, Filters), AskError> {
    let filters = Filters::of(Attribute::Report, vec![report.to_owned()]);
    let filters = eligible(&Query::All, &filters, &[]);
    let request = SearchRequest {
        filters: filters.clone(),
        facets: vec![Attribute::Topic],
        limit: 0,
        ..SearchRequest::default()
    };
    let response = session.engine.search(&request, &session.deadline)?;
    let counts = response.facets.into_iter().flat_map(|facet| facet.counts);
    let counts = counts.filter_map(|count| Some((count.value?, count.count)));
    Ok((counts.collect(), filters))
}

/// Compares two inspections.
///
/// # Errors
/// A failure of the engine.
pub(super) fn between(
    session: &Session<'_>,
    before: &Inspection,
    newest: &Inspection,
    door: &dyn Door,
) -> Result<Changed, AskError> {
    let (earlier, of_earlier) = topics(session, &before.report)?;
    let (later, of_later) = topics(session, &newest.report)?;
    let usual = Usual::of(session, newest)?;
    let only = |own: &BTreeMap<String, usize>,
                other: &BTreeMap<String, usize>,
                filters: &Filters|
     -> Result<Vec<TopicMention>, AskError> {
        let mut only = Vec::new();
        for (id, paragraphs) in own.iter().filter(|(id, _)| !other.contains_key(*id)) {
            let name = session.engine.topics()?.get(id).map_or(id, |topic| &topic.name);
            let filters = filters.clone().with(Attribute::Topic, vec![id.clone()]);
            only.push(TopicMention {
                id: id.clone(),
                name: name.clone(),
                paragraphs: *paragraphs,
                usual: usual.mention(session, id)?,
                out_of: usual.reports,
                find: Trace::new("", &filters, door),
            });
        }
        only.sort_by_key(|own| std::cmp::Reverse(own.paragraphs));
        Ok(only)
    };
    Ok(Changed {
        before: before.report.clone(),
        newest: newest.report.clone(),
        new: only(&later, &earlier, &of_later)?,
        silent: only(&earlier, &later, &of_earlier)?,
    })
}

/// The full inspections of a framework.
struct Usual {
    filters: Filters,
    reports: usize,
}

impl Usual {
    fn of(session: &Session<'_>, newest: &Inspection) -> Result<Self, AskError> {
        let framework = vec![newest.framework.clone()];
        let filters = Filters::of(Attribute::Framework, framework)
            .without(Attribute::Visit, Visit::ALL.map(|visit| visit.name().to_owned()).to_vec());
        let filters = eligible(&Query::All, &filters, &[]);
        let mut usual = Self { filters, reports: 0 };
        usual.reports = usual.count(session, usual.filters.clone())?;
        Ok(usual)
    }

    /// How many of them mention a topic.
    fn mention(&self, session: &Session<'_>, topic: &str) -> Result<usize, AskError> {
        self.count(session, self.filters.clone().with(Attribute::Topic, vec![topic.to_owned()]))
    }

    fn count(&self, session: &Session<'_>, filters: Filters) -> Result<usize, AskError> {
        let request = SearchRequest { filters, limit: 0, ..SearchRequest::default() };
        Ok(session.engine.search(&request, &session.deadline)?.reports)
    }
}
