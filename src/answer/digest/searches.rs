//! Asks saved searches for what they find that is new.

use crate::answer::batch::{BatchError, EntryFault};
use crate::ask::batch::Entry;
use crate::ask::councils::Council;
use crate::ask::notes::Note;
use crate::ask::provenance::LookedFor;
use crate::ask::trace::{Door, Trace};
use crate::ask::{Answer, AskError, Conditions, OtherCondition, Question, Session};
use findings_index::records::{Attribute, Kind};
use findings_index::request::{Filters, Hit, SearchResponse, Sort};
use jiff::Timestamp;
use serde::Serialize;

/// What a saved search finds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Matched {
    /// Its name.
    pub name: String,
    /// What whoever saved it has to say about it.
    pub note: Option<String>,
    /// The query as written.
    pub written: String,
    /// The question as understood.
    #[serde(flatten)]
    pub looked_for: LookedFor,
    /// Its conditions, with the moment since which matches are new.
    pub filters: Filters,
    /// How many matches are new.
    pub new: usize,
    /// In how many reports these are.
    pub reports: usize,
    /// How many matches there are in all.
    pub total: usize,
    /// The new ones that match best.
    pub quotes: Vec<Hit>,
    /// The search that finds exactly the new ones; `None` where it takes only the newest inspections,
    /// which another build changes.
    pub find: Option<Trace>,
    /// Notes on the question.
    pub notes: Vec<Note>,
}

/// Asks all of them.
///
/// # Errors
/// Every fault in any of them, all at once, or a failure of the engine.
pub(super) fn ask(
    session: &Session<'_>,
    entries: Vec<Entry>,
    since: Timestamp,
    quotes: Option<usize>,
    door: &dyn Door,
) -> Result<Vec<Matched>, BatchError> {
    let mut matched = Vec::with_capacity(entries.len());
    let mut faults = Vec::new();
    for entry in entries {
        match one(session, &entry, since, quotes, door) {
            Ok(own) => matched.push(own),
            Err(AskError::Refused(refusal)) => {
                faults.push(EntryFault { line: entry.line, name: entry.name, refusal: *refusal });
            }
            Err(source) => {
                let source = Box::new(source);
                return Err(BatchError::Failed { line: entry.line, name: entry.name, source });
            }
        }
    }
    if faults.is_empty() { Ok(matched) } else { Err(BatchError::Faults(faults)) }
}

fn one(
    session: &Session<'_>,
    entry: &Entry,
    since: Timestamp,
    quotes: Option<usize>,
    door: &dyn Door,
) -> Result<Matched, AskError> {
    let written = entry.written.trim();
    let (conditions, silent) = without_unheld(session, &entry.conditions)?;
    let own = conditions.new_since.as_deref();
    let own = own.map(|typed| session.since(OtherCondition::NewSince, typed)).transpose()?;
    let since = own.map_or(since, |own| own.moment.max(since));
    let question = Question {
        text: written.to_owned(),
        conditions,
        limit: 0,
        closest: false,
        ..Question::default()
    };
    let all = session.renewed().search(&question)?;
    let conditions =
        Conditions { new_since: Some(since.to_string()), ..question.conditions.clone() };
    let limit = quotes.unwrap_or(all.response.total);
    let question = Question { conditions, limit, repeats: quotes.is_none(), ..question };
    let filters = session.filters(&question.conditions)?;
    if is_silent(&entry.conditions, &question.conditions) {
        let filters = filters.with(Attribute::Authority, silent.clone());
        return Ok(matched(entry, all, filters, &silent));
    }
    let found = session.renewed().search(&question)?;
    let total = all.response.total;
    // Where the new paragraphs do not match what was asked, a search would answer another reading that
    // they do match. What is asked again and again keeps its meaning.
    if found.response.total == 0 || found.read_as != all.read_as {
        return Ok(Matched { total, ..matched(entry, all, filters, &silent) });
    }
    let is_listed = found.response.sort != Sort::Relevance && quotes.is_some();
    let hits = match is_listed {
        true => telling(session, &question)?,
        false => None,
    };
    let asked = if found.read_as.is_some() { &found.response.query } else { written };
    let find = (!question.conditions.takes_latest()).then(|| Trace::new(asked, &filters, door));
    Ok(Matched {
        new: found.response.total,
        reports: found.response.reports,
        total,
        quotes: hits.unwrap_or_else(|| found.response.hits.clone()),
        find,
        ..matched(entry, found, filters, &silent)
    })
}

/// Takes the authorities away of which nothing is held yet: somebody may save a search for the day on
/// which their report comes. Returns the names of these as well.
fn without_unheld(
    session: &Session<'_>,
    conditions: &Conditions,
) -> Result<(Conditions, Vec<String>), AskError> {
    let mut left = conditions.clone();
    let mut silent = Vec::new();
    for typed in left.take(Attribute::Authority) {
        let meant = session.council(&typed)?.map(|meant| meant.may_be);
        match meant.as_deref() {
            Some([Council { name, is_held: false }]) => silent.push(name.clone()),
            _ => left.values.entry(Attribute::Authority).or_default().push(typed),
        }
    }
    Ok((left, silent))
}

/// Whether authorities were asked for, and nothing is held of any.
fn is_silent(asked: &Conditions, left: &Conditions) -> bool {
    !asked.of(Attribute::Authority).is_empty()
        && left.of(Attribute::Authority).is_empty()
        && left.neighbours_of.is_empty()
}

/// The first paragraphs of a list that say something: without words nothing ranks them, and a list
/// begins with front pages.
fn telling(session: &Session<'_>, question: &Question) -> Result<Option<Vec<Hit>>, AskError> {
    let mut question = question.clone();
    if !question.conditions.of(Attribute::Kind).is_empty() {
        return Ok(None);
    }
    let kinds = [Kind::Boilerplate, Kind::Context, Kind::Table, Kind::Caption, Kind::Footnote];
    let kinds = kinds.iter().map(|kind| kind.name().to_owned());
    question.conditions.not.entry(Attribute::Kind).or_default().extend(kinds);
    let hits = session.renewed().search(&question)?.response.hits;
    Ok(Some(hits).filter(|hits| !hits.is_empty()))
}

/// What is known of a search before anything is counted.
fn matched(
    entry: &Entry,
    told: Answer<SearchResponse>,
    filters: Filters,
    silent: &[String],
) -> Matched {
    let silent = silent
        .iter()
        .map(|name| Note { code: "unheld", text: format!("no report of `{name}` is held") });
    let read_as =
        told.read_as.map(|reading| Note { code: "read_as", text: format!("read as {reading}") });
    Matched {
        name: entry.name.clone(),
        note: entry.note.clone(),
        written: entry.written.clone(),
        looked_for: LookedFor {
            query: told.response.query,
            expansions: told.response.expansions,
            topics_used: told.response.topics_used,
            unheld: told.unheld,
            uncounted: told.uncounted,
            otherwise: told.otherwise,
        },
        filters,
        new: 0,
        reports: 0,
        total: 0,
        quotes: Vec::new(),
        find: None,
        notes: silent.chain(read_as).chain(told.notes).collect(),
    }
}
