//! Counts judgements: by framework, year, region and theme, and from an authority's first full
//! inspection to its latest.
//!
//! What is counted together is alike: grades of the authority, of the safeguarding board and of
//! other scales are tables of their own. Nothing here looks at paragraphs.

mod apart;
mod census;
mod changes;
mod counts;
mod judged;
mod notes;

pub use apart::{Apart, Reason};
pub use census::Census;
pub use changes::{Changes, Inspected, Move, Moved, MovedGroup, Moves, Transition};
pub use counts::{Cell, Row, Table};

use crate::ask::error::OtherCondition;
use crate::ask::notes::Note;
use crate::ask::provenance::Provenance;
use crate::ask::trace::{Door, Repeat};
use crate::ask::{AskError, Conditions, Neighbourhood, Place, Refusal, Session};
use crate::knowledge::Knowledge;
use findings_index::engine::all_reports;
use findings_index::records::{Attribute, ReportRecord};
use findings_index::request::Filters;
use jiff::Timestamp;
use jiff::civil::Date;
use judged::Scheme;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What judgements are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = GradesBy))]
pub enum By {
    /// The framework.
    Framework,
    /// The calendar year in which the inspection began.
    Year,
    /// The region of the authority.
    Region,
    /// The theme of the judgement, the overall one among them.
    Theme,
}

impl By {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 4] = [Self::Framework, Self::Year, Self::Region, Self::Theme];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Framework => "framework",
            Self::Year => "year",
            Self::Region => "region",
            Self::Theme => "theme",
        }
    }
}

/// The inspection with which an authority's latest is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub enum Since {
    /// The first.
    First,
    /// The one before the latest.
    Previous,
}

impl Since {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 2] = [Self::First, Self::Previous];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Previous => "previous",
        }
    }
}

/// A question about grades, as typed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Typed {
    /// By what the judgements are counted, up to two; if none, by framework and by year apart.
    pub by: Vec<By>,
    /// Conditions on the reports. Themes choose the judgements that are counted, in place of the
    /// overall one.
    pub conditions: Conditions,
    /// Whether to compare each authority's latest full inspection with an earlier one, and which.
    pub changes: Option<Since>,
}

impl Typed {
    /// Refuses a question that no index could answer.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), Refusal> {
        let refused = |message: String| Err(Refusal::new("bad_value", message));
        match self.by.as_slice() {
            [] | [_] => {}
            [first, second] if first != second => {}
            _ => return refused("grades are counted by one or two different things".to_owned()),
        }
        for attribute in self.conditions.values.keys() {
            if !attribute.is_of_reports() && *attribute != Attribute::Theme {
                let name = attribute.name();
                let message =
                    format!("`{name}` is a condition on paragraphs, and reports are counted");
                return Err(Refusal::new("unknown_condition", message));
            }
        }
        let mut excluded = self.conditions.not.keys();
        if let Some(attribute) = excluded.find(|one| !one.is_of_reports()) {
            let name = attribute.name();
            let message = format!("reports are counted, and `{name}` excludes none of them");
            return Err(Refusal::new("unknown_condition", message).at(Place::Exclusion(*attribute)));
        }
        if self.conditions.without_denials {
            let message = "reports are counted, and none denies anything as a whole";
            return Err(Refusal::new("unknown_condition", message)
                .at(Place::Other(OtherCondition::WithoutDenials)));
        }
        if self.changes.is_none() {
            return Ok(());
        }
        if self.by.contains(&By::Theme) {
            return refused("changes are of one judgement, and not by theme".to_owned());
        }
        if self.conditions.of(Attribute::Theme).len() > 1 {
            return refused("changes are of one theme at a time".to_owned());
        }
        for attribute in [Attribute::Overall, Attribute::Report, Attribute::Visit] {
            let excluded = self.conditions.excluded(attribute);
            if !self.conditions.of(attribute).is_empty() || !excluded.is_empty() {
                let name = attribute.name();
                return refused(format!(
                    "changes are between all inspections; `{name}` takes some"
                ));
            }
        }
        Ok(())
    }
}

/// Which judgements are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Overall,
    /// Those of these themes.
    Themes(Vec<String>),
    Every,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Grades {
    /// By what the judgements are counted; empty where it is by framework and by year apart.
    pub by: Vec<By>,
    /// The themes whose judgements are counted; empty for the overall one (or all, by theme).
    pub themes: Vec<String>,
    /// Their names, for readers.
    pub theme_names: Vec<String>,
    /// Whether only the newest full inspection of each authority counts.
    pub latest: bool,
    /// The day as at which it is the newest: as asked, or the last day of any inspection held.
    pub as_at: Option<Date>,
    /// Number of full inspections, those without such a grade included.
    pub inspections: usize,
    /// Number of known authorities that had them.
    pub authorities: usize,
    /// The first day on which one of them began.
    pub first: Option<Date>,
    /// The last day on which one of them began.
    pub last: Option<Date>,
    /// The authorities that existed then, and those of them with such an inspection.
    pub census: Census,
    /// The counts: grades of the authority first, then those of other bodies and scales.
    pub tables: Vec<Table>,
    /// The changes, where they were asked for; there are no tables then.
    pub changes: Option<Changes>,
    /// The council whose neighbours are counted, if any, and these; its own inspections count as well.
    pub neighbourhood: Option<Neighbourhood>,
    /// Each authority's newest full inspection, where only these count.
    pub newest: Vec<Inspected>,
    /// Reports that are in none of the counts, and why.
    pub apart: Vec<Apart>,
    /// What a reader must know.
    pub notes: Vec<String>,
    /// What is needed to repeat the answer.
    pub provenance: Provenance,
    /// Remarks on the question, for whoever asked.
    #[serde(skip)]
    pub remarks: Vec<Note>,
}

impl Grades {
    /// Whether any judgement was counted, or any authority compared.
    #[must_use]
    pub fn has_any(&self) -> bool {
        !self.tables.is_empty()
            || self.changes.as_ref().is_some_and(|changes| changes.whole.authorities > 0)
    }
}

/// Answers a question about grades as typed.
///
/// # Errors
/// A question that cannot be asked, or a failure of the engine.
pub fn ask(
    session: &Session<'_>,
    knowledge: &Knowledge,
    typed: &Typed,
    door: &dyn Door,
    asked: Timestamp,
) -> Result<Grades, AskError> {
    typed.check()?;
    let neighbourhood = session.neighbourhood(&typed.conditions)?;
    let excluded = session.excluded(&typed.conditions)?;
    let mut conditions = typed.conditions.with_councils(neighbourhood.as_ref(), &excluded);
    let mut of_themes = Conditions::default();
    of_themes.values.extend(conditions.values.remove_entry(&Attribute::Theme));
    let themes = session.filters(&of_themes)?.values(Attribute::Theme).to_vec();
    let is_newest = conditions.takes_latest() || typed.changes.is_some();
    let as_at = if is_newest { day(session, &conditions)? } else { None };
    if typed.changes.is_some() {
        // The earlier inspections are needed as well.
        (conditions.latest, conditions.as_at) = (false, None);
    }
    let (filters, mut scope) = session.scope_as_at(&conditions, as_at)?;
    let reports = all_reports(session.engine, &filters, &session.deadline)?;
    let scheme = Scheme::new(knowledge);
    let is_named =
        !conditions.of(Attribute::Authority).is_empty() || !conditions.neighbours_of.is_empty();
    // Whoever names an authority, or a report of it, wants it even if it has ended.
    let is_chosen = is_named || !conditions.of(Attribute::Report).is_empty();
    let day = as_at.filter(|_| !is_chosen);
    let table = session.authorities()?;
    let has_ended = |report: &ReportRecord| {
        let own = report.authority.as_ref().and_then(|name| table.find(name));
        day.zip(own).is_some_and(|(day, own)| !own.existed(Some(day), Some(day)))
    };
    let is_late = |report: &ReportRecord| {
        typed.changes.is_some() && as_at.zip(judged::day(report)).is_some_and(|(at, day)| day > at)
    };
    let (counted, apart) = apart::divided(&reports, &scheme, has_ended, is_late);
    let wanted = match (themes.is_empty(), typed.by.contains(&By::Theme)) {
        (false, _) => Wanted::Themes(themes.clone()),
        (true, true) => Wanted::Every,
        (true, false) => Wanted::Overall,
    };
    let full: Vec<&ReportRecord> =
        counted.iter().copied().filter(|report| scheme.is_full(report)).collect();
    let days = || full.iter().filter_map(|report| report.date());
    let span = match as_at {
        Some(day) => (Some(day), Some(day)),
        None => (filters.from.or_else(|| days().min()), filters.to.or_else(|| days().max())),
    };
    let existed = |name: &String| table.find(name).is_none_or(|own| own.existed(span.0, span.1));
    scope.authorities.retain(|name| is_named || existed(name));
    let census = census::census(&scope, &full, is_named, span);
    let changes =
        typed.changes.map(|since| changes::changes(&full, &scheme, &wanted, since, &typed.by));
    let tables = match typed.changes {
        Some(_) => Vec::new(),
        None => {
            let expected = |(from, to)| {
                let (from, to) = if as_at.is_some() { (as_at, as_at) } else { (from, to) };
                let own = scope.authorities.iter().filter_map(|name| table.find(name));
                let mut regions: BTreeMap<String, usize> = BTreeMap::new();
                for own in own.filter(|own| !own.region.is_empty() && own.existed(from, to)) {
                    *regions.entry(own.region.clone()).or_default() += 1;
                }
                regions
            };
            counts::tables(&counted, &scheme, &wanted, &typed.by, is_newest, &expected)
        }
    };
    let newest = if is_newest && typed.changes.is_none() {
        full.iter().map(|report| changes::inspected(report, &scheme, &wanted)).collect()
    } else {
        Vec::new()
    };
    let mut asked_for = typed.conditions.repeated(&filters);
    if let Some(own) = &neighbourhood {
        own.leave_to_itself(&mut asked_for);
    }
    if !themes.is_empty() {
        asked_for.set(Attribute::Theme, themes.clone());
    }
    let again = door.again(&Repeat::Grades { filters: &asked_for });
    let mut grades = Grades {
        by: typed.by.clone(),
        theme_names: themes.iter().map(|theme| scheme.theme(theme)).collect(),
        themes,
        latest: is_newest,
        as_at,
        inspections: full.len(),
        authorities: judged::authorities(&full).len(),
        first: days().min(),
        last: days().max(),
        census,
        tables,
        changes,
        neighbourhood,
        newest,
        apart,
        notes: Vec::new(),
        provenance: Provenance::new(session.engine, &again, asked)?,
        remarks: remarks(session, typed, &conditions, &filters)?,
    };
    grades.notes = notes::notes(&grades, &full, &scheme);
    Ok(grades)
}

/// The day as at which inspections are the newest: as typed, or else the last day of any inspection
/// that is held.
fn day(session: &Session<'_>, conditions: &Conditions) -> Result<Option<Date>, AskError> {
    if let Some(day) = session.as_at(conditions)? {
        return Ok(Some(day));
    }
    let all = all_reports(session.engine, &Filters::default(), &session.deadline)?;
    Ok(all.iter().filter_map(judged::day).max())
}

/// The remarks on the conditions that were resolved.
fn remarks(
    session: &Session<'_>,
    typed: &Typed,
    conditions: &Conditions,
    filters: &Filters,
) -> Result<Vec<Note>, AskError> {
    let mut said = typed.conditions.clone();
    (said.latest, said.as_at) = (conditions.latest, conditions.as_at.clone());
    session.remarks(&said, filters)
}

#[cfg(test)]
mod tests;
