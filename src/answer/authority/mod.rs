//! One authority: its inspections, what changed since the full inspection before the newest, and
//! what good looks like elsewhere in the areas in which it is not judged good.
//!
//! ```text
//! changed  two reports -> topics that only one of them mentions
//! grid     judgements of full inspections -> areas side by side
//! good     judgements below good -> paragraphs from sections that are judged good
//! ```
//!
//! Judgements are those of the timeline ([`super::timeline`]), and what was recommended twice is that of
//! the recommendations ([`super::recommendations`]). Nothing here says whether an authority is good.

mod changed;
mod good;
mod grid;

pub use changed::{Changed, TopicMention};
pub use good::{Model, Whose};
pub use grid::{Area, Grid};

use crate::answer::recommendations::{self, Chain};
use crate::answer::timeline::{self, Inspection};
use crate::ask::trace::{Door, Trace};
use crate::ask::{AskError, Conditions, Neighbourhood, Session};
use findings_index::engine::all_reports;
use findings_index::records::Attribute;
use findings_index::request::Filters;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is held of one authority.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Profile {
    /// Its name.
    pub authority: String,
    /// Its region.
    pub region: Option<String>,
    /// The three-digit code of the Department for Education.
    pub la_code: Option<String>,
    /// Its last day; `None` if it has not ended.
    pub until: Option<Date>,
    /// Those that have its area now, if it has ended.
    pub successors: Vec<String>,
    /// The inspections and visits, the newest first; those without a date last.
    pub inspections: Vec<Inspection>,
    /// The judgements of full inspections side by side.
    pub grid: Grid,
    /// What changed from one full inspection to the newest; `None` where fewer than two are held.
    pub changed: Option<Changed>,
    /// Recommendations that an inspection made again, and what it made again.
    pub repeated: Vec<Chain>,
    /// How these were found, and how often that is right.
    pub how_repeated: &'static str,
    /// Its statistical neighbours, the nearest first.
    pub neighbours: Vec<Held>,
    /// The edition of the table of neighbours, where it is known.
    pub edition: Option<String>,
    /// For each area that its newest full inspection judges below good, what good looks like.
    pub good: Vec<Model>,
    /// A search for all its paragraphs.
    pub find: Trace,
    /// What a reader must know.
    pub notes: Vec<String>,
}

/// An authority, and how much is held of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Its name.
    pub authority: String,
    /// Number of reports on it that are held.
    pub reports: usize,
}

/// Answers for an authority, by any of its names.
///
/// # Errors
/// An authority that is not known or of which no report is held, or a failure of the engine.
pub fn ask(
    session: &Session<'_>,
    typed: &str,
    door: &dyn Door,
    asked: Timestamp,
) -> Result<Profile, AskError> {
    let authority = session.held_authority(typed)?;
    let question = timeline::Typed { authority: authority.clone(), ..timeline::Typed::default() };
    let knowledge = session.reference.knowledge()?;
    let line = timeline::ask(session, knowledge, &question, door, asked)?;
    let mut inspections = line.inspections;
    let names = session.reference.names();
    let full: Vec<&Inspection> = inspections.iter().filter(|own| own.is_full(names)).collect();
    let neighbourhood = neighbourhood(session, &authority)?;
    let neighbours = held(session, &neighbourhood)?;
    let near: Vec<String> =
        neighbours.iter().filter(|own| own.reports > 0).map(|own| own.authority.clone()).collect();
    let changed = match full.as_slice() {
        [.., before, newest] => Some(changed::between(session, before, newest, door)?),
        _ => None,
    };
    let good = match full.last() {
        Some(newest) => good::models(session, &authority, newest, &near, door)?,
        None => Vec::new(),
    };
    let grid = Grid::of(&full);
    let table = session.authorities()?;
    let row = table.find(&authority);
    let successors = row.map(|row| table.successors_of(row)).unwrap_or_default();
    inspections.reverse();
    // Those without a date were the last, and stay so.
    inspections.sort_by_key(|own| own.date.is_none());
    Ok(Profile {
        region: line.region,
        la_code: row.map(|row| row.la_code.clone()).filter(|code| !code.is_empty()),
        until: row.and_then(|row| row.until),
        successors: successors.into_iter().map(|own| own.name.clone()).collect(),
        inspections,
        grid,
        changed,
        repeated: repeated(session, &authority, door, asked)?,
        how_repeated: recommendations::how_found(session.reference.meaning().is_some()),
        neighbours,
        edition: neighbourhood.edition,
        good,
        find: Trace::new("", &Filters::of(Attribute::Authority, vec![authority.clone()]), door),
        notes: line.notes,
        authority,
    })
}

/// The authorities of one region; of none that is known where it is `None`.
pub type OfRegion = (Option<String>, Vec<Held>);

/// Lists the authorities held, by region; those of no region last.
///
/// # Errors
/// A failure of the engine.
pub fn all(session: &Session<'_>) -> Result<Vec<OfRegion>, AskError> {
    let mut counts: BTreeMap<(Option<String>, String), usize> = BTreeMap::new();
    for report in all_reports(session.engine, &Filters::default(), &session.deadline)? {
        if let Some(name) = report.authority {
            *counts.entry((report.region, name)).or_default() += 1;
        }
    }
    let mut regions: BTreeMap<Option<String>, Vec<Held>> = BTreeMap::new();
    for ((region, authority), reports) in counts {
        regions.entry(region).or_default().push(Held { authority, reports });
    }
    let mut regions: Vec<_> = regions.into_iter().collect();
    regions.sort_by_key(|(region, _)| region.is_none());
    Ok(regions)
}

fn neighbourhood(session: &Session<'_>, authority: &str) -> Result<Neighbourhood, AskError> {
    let conditions =
        Conditions { neighbours_of: vec![authority.to_owned()], ..Conditions::default() };
    Ok(session.neighbourhood(&conditions)?.unwrap_or_default())
}

/// How many reports are held of each neighbour.
fn held(session: &Session<'_>, own: &Neighbourhood) -> Result<Vec<Held>, AskError> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let near = Filters::of(Attribute::Authority, own.neighbours.clone());
    let reports = if own.neighbours.is_empty() {
        Vec::new()
    } else {
        all_reports(session.engine, &near, &session.deadline)?
    };
    for name in reports.iter().filter_map(|report| report.authority.as_deref()) {
        *counts.entry(name).or_default() += 1;
    }
    let of = |name: &String| Held {
        authority: name.clone(),
        reports: counts.get(name.as_str()).copied().unwrap_or_default(),
    };
    Ok(own.neighbours.iter().map(of).collect())
}

fn repeated(
    session: &Session<'_>,
    authority: &str,
    door: &dyn Door,
    asked: Timestamp,
) -> Result<Vec<Chain>, AskError> {
    let mut conditions = Conditions::default();
    conditions.values.insert(Attribute::Authority, vec![authority.to_owned()]);
    let typed = recommendations::Typed {
        conditions,
        repeated: true,
        limit: usize::MAX,
        ..recommendations::Typed::default()
    };
    Ok(recommendations::ask(session, &typed, door, asked)?.repeated.listed)
}
