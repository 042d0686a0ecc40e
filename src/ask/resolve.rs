//! Resolves the values of conditions, wherever they were typed.
//!
//! Values from an option, a field in a query, a row of a table and JSON are all resolved here, so a
//! value means the same in all of them, and an unknown value is refused in the same words.

use super::Session;
use super::councils::{Council, Meant};
use super::error::{AskError, Hint, OtherCondition, Place, Refusal, mended};
use super::held::{part, same};
use super::notes::Note;
use super::question::Conditions;
use crate::knowledge::may_be_meant;
use findings_index::language::dates::{self, DateFault};
use findings_index::language::key;
use findings_index::language::nearest::{ids_like, nearest};
use findings_index::language::query::{
    ABSENT, GradeFilter, Query, Span, ValueFault, check_value, names_a_grade, written_in_place,
};
use findings_index::records::{Attribute, Use, ValueForm};
use findings_index::request::{Choices, Filters};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// The most topics that are suggested for one that is not known.
const LIKELY: usize = 3;

/// The worst rank on any scale of grades.
const WORST: u8 = 4;

/// The greatest number of authorities that an ambiguous name is said to mean.
const LISTED: usize = 12;

/// The grades of the four-point scales, suggested even if no report in the index has them.
const GRADES: [&str; 5] = ["outstanding", "good", "requires improvement", "adequate", "inadequate"];

/// The reason why a value of an attribute is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    code: &'static str,
    message: String,
    /// The value to write instead.
    meant: Option<String>,
    hints: Vec<Hint>,
}

impl Fault {
    /// A fault for a value that no record has.
    fn unknown(message: String, held: &[String], typed: &str) -> Self {
        let meant = nearest(held.iter().map(String::as_str), typed).map(str::to_owned);
        let mut hints: Vec<Hint> = meant.iter().cloned().map(Hint::Near).collect();
        hints.push(Hint::choose(held));
        Self { code: "unknown_value", message, meant, hints }
    }

    fn refusal(self) -> Refusal {
        let Self { code, message, meant, hints } = self;
        Refusal { code, message, place: None, suggestion: meant, hints }
    }
}

impl From<ValueFault> for Fault {
    fn from(fault: ValueFault) -> Self {
        let message = fault.to_string();
        let meant = fault.meant;
        let hints = meant.iter().cloned().map(Hint::Near).collect();
        Self { code: "bad_value", message, meant, hints }
    }
}

/// Either a faulty value, or an error while it was looked up.
enum Failed {
    Value(Fault),
    Asking(AskError),
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Self::Value(fault)
    }
}

impl<E: Into<AskError>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::Asking(error.into())
    }
}

/// The beginning of the message for a value that no record has.
const fn nobody(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Theme => "no paragraph has the theme",
        Attribute::Region => "no report is of the region",
        Attribute::Framework => "no report is of the framework",
        Attribute::Authority => "no report is of an authority",
        _ => "no report has",
    }
}

impl Session<'_> {
    /// Resolves a typed value of an attribute to the value as the records have it.
    fn value(&self, attribute: Attribute, typed: &str) -> Result<String, Failed> {
        match attribute {
            Attribute::Grade | Attribute::Overall => self.grade(attribute, typed),
            Attribute::Topic => {
                let ids = self.topic_ids()?;
                match same(&ids, typed) {
                    Some(id) => Ok(id.clone()),
                    None => Err(self.unknown_topic(&ids, typed)?.into()),
                }
            }
            Attribute::Report => {
                let ids = self.engine.values(attribute)?;
                match ids.iter().find(|id| id.eq_ignore_ascii_case(typed)) {
                    Some(id) => Ok(id.clone()),
                    None => Err(unknown_report(&ids, typed).into()),
                }
            }
            Attribute::Authority => self.authority(typed),
            Attribute::Theme | Attribute::Region | Attribute::Framework => {
                if key(typed) == ABSENT {
                    return Ok(ABSENT.to_owned());
                }
                let held = self.engine.values(attribute)?;
                let of_part =
                    || (attribute == Attribute::Region).then(|| part(&held, typed)).flatten();
                match same(&held, typed).or_else(of_part) {
                    Some(value) => Ok(value.clone()),
                    None => {
                        let message = format!("{} `{typed}`", nobody(attribute));
                        Err(Fault::unknown(message, &held, typed).into())
                    }
                }
            }
            Attribute::Timescale => {
                let normal = attribute.normal(typed).into_owned();
                let held = self.engine.values(attribute)?;
                match same(&held, &normal) {
                    Some(value) => Ok(value.clone()),
                    // A span that nobody was given finds nothing, and the answer says so.
                    None if normal == ABSENT || is_span(&normal) => Ok(normal),
                    None => {
                        let message = format!("no recommendation is due `{typed}`");
                        Err(Fault::unknown(message, &held, &normal).into())
                    }
                }
            }
            // It has been checked to be one of the few valid values.
            checked if checked.form() == ValueForm::OneOf => Ok(typed.to_lowercase()),
            _ => Ok(typed.to_owned()),
        }
    }

    /// Whether a value can be meant.
    pub(super) fn is_meant(&self, attribute: Attribute, typed: &str) -> Result<bool, AskError> {
        match self.value(attribute, typed) {
            Ok(_) => Ok(true),
            Err(Failed::Value(_)) => Ok(false),
            Err(Failed::Asking(error)) => Err(error),
        }
    }

    /// Resolves a typed value to the values as the records have them: several only for bodies to
    /// which recommendations are addressed, of which a part of the name is enough.
    fn values_meant(&self, attribute: Attribute, typed: &str) -> Result<Vec<String>, Failed> {
        if attribute != Attribute::Addressee || key(typed) == ABSENT {
            return Ok(vec![self.value(attribute, typed)?]);
        }
        let held = self.engine.values(attribute)?;
        // After `=` the whole name is meant, as for grades.
        let whole = typed.trim().strip_prefix('=');
        let wanted = format!(" {} ", key(&attribute.normal(whole.unwrap_or(typed))));
        let has = |body: &&String| {
            let body = format!(" {} ", key(body));
            if whole.is_some() { body == wanted } else { body.contains(&wanted) }
        };
        let meant: Vec<String> = held.iter().filter(has).cloned().collect();
        if meant.is_empty() {
            let message = format!("no recommendation is addressed to `{typed}`");
            return Err(Fault::unknown(message, &held, typed).into());
        }
        Ok(meant)
    }

    /// The notes that no recommendation has a timescale that was asked for or excluded, with those
    /// there are.
    ///
    /// # Errors
    /// An engine that fails.
    pub fn unmet_timescales(&self, conditions: &Conditions) -> Result<Vec<Note>, AskError> {
        let chosen = conditions.of(Attribute::Timescale).iter();
        let mut typed = chosen.chain(conditions.excluded(Attribute::Timescale)).peekable();
        if typed.peek().is_none() {
            return Ok(Vec::new());
        }
        let held = self.engine.values(Attribute::Timescale)?;
        let normal = typed.map(|typed| Attribute::Timescale.normal(typed).into_owned());
        let unmet = normal.filter(|typed| typed != ABSENT && same(&held, typed).is_none());
        let said =
            |typed| format!("no recommendation is due `{typed}`; there are {}", held.join(", "));
        Ok(unmet.map(|typed| Note { code: "unheld", text: said(typed) }).collect())
    }

    fn grade(&self, attribute: Attribute, typed: &str) -> Result<String, Failed> {
        let filter: GradeFilter = match typed.parse() {
            Ok(filter) => filter,
            // The check of the value has refused it already.
            Err(_) => return Ok(typed.to_owned()),
        };
        match &filter {
            GradeFilter::Ranks { best, worst } if *best > WORST || *worst < 1 || best > worst => {
                Err(Fault {
                    code: "unknown_value",
                    message: format!("no place on the scale is `{typed}`"),
                    meant: None,
                    hints: vec![Hint::Advice(
                        "places go from 1, the best, to 4; `>=3` is the third place and worse"
                            .to_owned(),
                    )],
                }
                .into())
            }
            GradeFilter::Ranks { .. } | GradeFilter::None => Ok(typed.to_owned()),
            GradeFilter::Label(_) | GradeFilter::Exactly(_) => {
                let mut held = self.engine.values(attribute)?;
                if let GradeFilter::Exactly(label) = &filter
                    && let Some(printed) = held.iter().find(|held| held.eq_ignore_ascii_case(label))
                    && !held.contains(label)
                {
                    return Ok(format!("={printed}"));
                }
                if names_a_grade(&filter, held.iter().map(String::as_str)) {
                    return Ok(typed.to_owned());
                }
                for name in GRADES {
                    if !held.iter().any(|grade| grade.to_lowercase() == name) {
                        held.push(name.to_owned());
                    }
                }
                let mut fault = Fault::unknown(format!("unknown grade `{typed}`"), &held, typed);
                fault.hints.push(Hint::Advice(
                    "or a range such as `good..outstanding`, a place such as `>=3`, or `none`"
                        .to_owned(),
                ));
                Err(fault.into())
            }
        }
    }

    /// Resolves the name of an authority to its short name in the records, if the index has a
    /// report of it.
    fn authority(&self, typed: &str) -> Result<String, Failed> {
        if key(typed) == ABSENT {
            return Ok(ABSENT.to_owned());
        }
        match self.council(typed)? {
            None => Err(self.stranger(typed)?.into()),
            Some(Meant { may_be, .. }) => match may_be.as_slice() {
                [Council { name, is_held: true }] => Ok(name.clone()),
                // Whoever names a council that is known means no other: none is offered.
                [Council { name, .. }] => {
                    let ended = self.ended(name)?.map(Hint::Advice);
                    Err(Fault {
                        code: "unknown_value",
                        message: format!("no report of `{name}` is held"),
                        meant: None,
                        hints: ended.into_iter().chain([Hint::Unheld]).collect(),
                    }
                    .into())
                }
                several => Err(ambiguous(typed, several).into()),
            },
        }
    }

    /// The fault for the name of an authority that is not known. The name that was meant may be
    /// that of an authority without reports.
    fn stranger(&self, typed: &str) -> Result<Fault, AskError> {
        let held = self.known()?.held();
        let message = format!("no report of an authority `{typed}` is held");
        let mut fault = Fault::unknown(message, held, typed);
        if fault.meant.as_ref().is_some_and(|name| !may_be_meant(typed, name)) {
            fault = Fault { meant: None, hints: vec![Hint::choose(held)], ..fault };
        }
        let all = self.known()?.all();
        let names = all.names().chain(held.iter().map(String::as_str));
        let near = nearest(names.filter(|name| may_be_meant(typed, name)), typed);
        if let Some(near) = near.filter(|near| !held.iter().any(|held| held == near)) {
            let meant = match all.named(near).as_ref().map(|named| named.may_be.as_slice()) {
                Some([name]) => (*name).to_owned(),
                _ => near.to_owned(),
            };
            if held.contains(&meant) {
                fault.hints = vec![Hint::Near(meant.clone())];
                fault.meant = Some(meant);
            } else {
                let advice = format!("if `{meant}` is meant: no report of it is held");
                fault = Fault { meant: None, hints: vec![Hint::Advice(advice)], ..fault };
            }
        }
        Ok(fault)
    }

    fn topic_ids(&self) -> Result<Vec<String>, AskError> {
        let topics = self.engine.topics()?.topics().iter();
        Ok(topics.map(|topic| topic.id.clone()).collect())
    }

    /// The fault for a topic that the index does not know; suggests those that are called so.
    fn unknown_topic(&self, ids: &[String], typed: &str) -> Result<Fault, AskError> {
        let mut fault = Fault::unknown(format!("no topic `{typed}`"), ids, typed);
        fault.code = "unknown_topic";
        if fault.meant.is_none() {
            let likely = self.topics_like(typed)?;
            let likely: Vec<String> = likely.into_iter().map(|topic| topic.id.clone()).collect();
            if let Some(first) = likely.first() {
                fault.meant = Some(first.clone());
                fault.hints = likely.into_iter().take(LIKELY).map(Hint::Near).collect();
            }
        }
        fault.hints.push(Hint::Topics);
        Ok(fault)
    }

    /// Resolves the name of an authority to its short name.
    ///
    /// # Errors
    /// An unknown name, or an authority without reports in the index.
    pub fn held_authority(&self, typed: &str) -> Result<String, AskError> {
        self.authority(typed).map_err(|failed| match failed {
            Failed::Value(fault) => fault.refusal().into(),
            Failed::Asking(error) => error,
        })
    }

    /// Resolves the id of a topic.
    ///
    /// # Errors
    /// A topic that the index does not know.
    pub fn topic_id(&self, typed: &str) -> Result<String, AskError> {
        let ids = self.topic_ids()?;
        match same(&ids, typed) {
            Some(id) => Ok(id.clone()),
            None => Err(self.unknown_topic(&ids, typed)?.refusal().into()),
        }
    }

    /// Resolves conditions to filters.
    ///
    /// # Errors
    /// The first value that is refused, a value that is both asked for and excluded, a contradiction
    /// between dates, or an engine that fails.
    pub fn filters(&self, conditions: &Conditions) -> Result<Filters, AskError> {
        let mut filters = Filters::default();
        filters.undated = conditions.undated;
        filters.without_denials = conditions.without_denials;
        let since = conditions.new_since.as_deref();
        let since = since.map(|typed| self.since(OtherCondition::NewSince, typed)).transpose()?;
        filters.new_since = since.map(|since| since.moment);
        // As in a query, values that no index could have are refused before those that this one
        // lacks.
        check(&conditions.values, Place::Condition)?;
        check(&conditions.not, Place::Exclusion)?;
        for (attribute, meant) in self.meant(&conditions.values, Place::Condition)? {
            // A resolved value is one that the attribute can have, so this cannot fail.
            let _ = filters.add(attribute, &meant);
        }
        for (attribute, meant) in self.meant(&conditions.not, Place::Exclusion)? {
            let _ = filters.not.add(attribute, &meant);
        }
        refuse_contradictions(&filters)?;
        for name in &conditions.neighbours_of {
            for neighbour in self.held_neighbours(name)? {
                let _ = filters.add(Attribute::Authority, &neighbour);
            }
        }
        if !conditions.neighbours_of.is_empty() && filters.left(Attribute::Authority).is_empty() {
            let message = "all of the statistical neighbours are excluded";
            return Err(Refusal::new("contradiction", message)
                .at(Place::Exclusion(Attribute::Authority))
                .into());
        }
        filters.from = day(OtherCondition::From, conditions.from.as_deref())?.map(|(day, _)| day);
        filters.to = day(OtherCondition::To, conditions.to.as_deref())?.map(|(_, day)| day);
        let has_dates = filters.from.is_some() || filters.to.is_some();
        let has_years = !filters.values(Attribute::Year).is_empty();
        if filters.undated && (has_dates || has_years) {
            let message = match has_dates {
                true => "reports without a date have none to be before or after",
                false => "reports without a date are of no year",
            };
            return Err(Refusal::new("contradiction", message).into());
        }
        if let (Some(from), Some(to)) = (filters.from, filters.to)
            && from > to
        {
            let message = format!("the first day, {from}, is after the last, {to}");
            return Err(Refusal::new("contradiction", message)
                .at(Place::Other(OtherCondition::From))
                .into());
        }
        if conditions.takes_latest() {
            self.narrow_to_latest(&mut filters, self.as_at(conditions)?)?;
        }
        Ok(filters)
    }

    /// The values that conditions exclude, as the records have them.
    ///
    /// # Errors
    /// The first value that is refused, or an engine that fails.
    pub fn excluded(&self, conditions: &Conditions) -> Result<Choices, AskError> {
        let not = conditions.not.clone();
        Ok(self.filters(&Conditions { not, ..Conditions::default() })?.not)
    }

    /// Resolves typed values of attributes; `place` says where they were typed.
    fn meant(
        &self,
        typed: &BTreeMap<Attribute, Vec<String>>,
        place: fn(Attribute) -> Place,
    ) -> Result<Vec<(Attribute, String)>, AskError> {
        let mut all = Vec::new();
        for (attribute, values) in typed {
            for value in values {
                let meant =
                    self.values_meant(*attribute, value).map_err(|failed| match failed {
                        Failed::Value(fault) => {
                            AskError::from(fault.refusal().at(place(*attribute)))
                        }
                        Failed::Asking(error) => error,
                    })?;
                all.extend(meant.into_iter().map(|meant| (*attribute, meant)));
            }
        }
        Ok(all)
    }

    /// The day as at which inspections are the newest, if one was typed.
    ///
    /// # Errors
    /// A text that is not a date.
    pub fn as_at(&self, conditions: &Conditions) -> Result<Option<Date>, AskError> {
        Ok(day(OtherCondition::AsAt, conditions.as_at.as_deref())?.map(|(_, day)| day))
    }

    /// The statistical neighbours of an authority that have reports in the index.
    fn held_neighbours(&self, typed: &str) -> Result<Vec<String>, AskError> {
        let place = Place::Other(OtherCondition::NeighboursOf);
        let table = self.authorities()?;
        let name = match self.council(typed)?.map(|meant| meant.may_be) {
            None => {
                let message = format!("unknown authority `{typed}`");
                let refusal = Refusal::new("unknown_value", message).at(place);
                let likely = table.names_like(typed);
                return Err(match likely.first() {
                    Some(name) => refusal.hint(Hint::Near((*name).to_owned())).into(),
                    None => refusal.into(),
                });
            }
            Some(may_be) => match may_be.as_slice() {
                [one] => one.name.clone(),
                several => return Err(ambiguous(typed, several).refusal().at(place).into()),
            },
        };
        let near = table.find(&name).map(|own| table.neighbours_of(own)).unwrap_or_default();
        let neighbours: Vec<String> = near.iter().map(|near| near.name.clone()).collect();
        if neighbours.is_empty() {
            let message = format!("no statistical neighbours of `{name}` are known");
            return Err(Refusal::new("unknown_value", message).at(place).into());
        }
        let held = self.engine.values(Attribute::Authority)?;
        let found: Vec<String> =
            neighbours.iter().filter(|name| held.contains(name)).cloned().collect();
        if found.is_empty() {
            let message = format!("no report of a statistical neighbour of `{name}` is held");
            let advice = format!("its neighbours are {}", neighbours.join("; "));
            let refusal = Refusal::new("unknown_value", message);
            return Err(refusal.at(place).hint(Hint::Advice(advice)).into());
        }
        Ok(found)
    }

    /// Replaces the values of fields in a tree by those that the records have.
    pub(super) fn with_values(&self, typed: &str, tree: Query) -> Result<Query, AskError> {
        let mut tree = tree;
        let mut open = vec![&mut tree];
        while let Some(query) = open.pop() {
            if let Query::Field { field, value, span } = query {
                let mut meant = self.field_value(typed, *field, value, *span)?;
                if let [only] = meant.as_mut_slice() {
                    // A value that the engine treats as the same stays as it was written.
                    if key(only) != key(value) || field.is_grade() {
                        *value = std::mem::take(only);
                    }
                    continue;
                }
                let (field, span) = (*field, *span);
                let one = |value| Query::Field { field, value, span };
                *query = Query::Or { clauses: meant.into_iter().map(one).collect(), span };
                continue;
            }
            open.extend(query.clauses_mut().rev());
        }
        Ok(tree)
    }

    fn field_value(
        &self,
        typed: &str,
        field: Attribute,
        value: &str,
        span: Span,
    ) -> Result<Vec<String>, AskError> {
        self.values_meant(field, value).map_err(|failed| match failed {
            Failed::Asking(error) => error,
            Failed::Value(fault) => {
                let meant = fault.meant.as_deref();
                let suggestion = meant.map(|meant| {
                    mended(typed, span.into(), &written_in_place(field, value, meant, span))
                });
                let span = [span.start, span.end];
                let place = Place::Text { typed: typed.to_owned(), span };
                AskError::from(Refusal { suggestion, ..fault.refusal().at(place) })
            }
        })
    }
}

/// Refuses attributes that are no conditions, and values that no index could have; `place` says where
/// they were typed.
fn check(
    typed: &BTreeMap<Attribute, Vec<String>>,
    place: fn(Attribute) -> Place,
) -> Result<(), Refusal> {
    for (attribute, values) in typed {
        let attribute = *attribute;
        if !attribute.serves(Use::Condition) {
            let message = format!("`{}` is not a condition", attribute.name());
            let all = Attribute::of(Use::Condition).map(|a| a.name().to_owned());
            return Err(Refusal::new("unknown_condition", message)
                .hint(Hint::choose(&all.collect::<Vec<_>>())));
        }
        for value in values {
            check_value(attribute, value)
                .map_err(|fault| Fault::from(fault).refusal().at(place(attribute)))?;
        }
    }
    Ok(())
}

/// Refuses a value that is both asked for and excluded. Grades that only overlap are no
/// contradiction: something may be left.
fn refuse_contradictions(filters: &Filters) -> Result<(), Refusal> {
    for (attribute, excluded) in filters.not.iter() {
        let form = |written: &String| match attribute.form() {
            // `>=2018` is not `2018`.
            ValueForm::Grade | ValueForm::Id | ValueForm::Day => written.trim().to_lowercase(),
            _ => key(&attribute.normal(written)),
        };
        let chosen: Vec<String> = filters.written(attribute).iter().map(form).collect();
        let both = |written: &&String| chosen.contains(&form(written));
        if let Some(value) = excluded.written().iter().find(both) {
            let message = format!("`{value}` is both asked for and excluded");
            let advice = "leave it out of the one or the other".to_owned();
            return Err(Refusal::new("contradiction", message)
                .at(Place::Exclusion(attribute))
                .hint(Hint::Advice(advice)));
        }
    }
    Ok(())
}

/// The fault for a name that may be that of several authorities.
fn ambiguous(typed: &str, may_be: &[Council]) -> Fault {
    let held: Vec<String> =
        may_be.iter().filter(|own| own.is_held).map(|own| own.name.clone()).collect();
    let named = |own: &Council| {
        let unheld = if own.is_held { "" } else { " (no report held)" };
        format!("`{}`{unheld}", own.name)
    };
    let shown: Vec<String> = may_be.iter().take(LISTED).map(named).collect();
    let more = match may_be.len() - shown.len() {
        0 => String::new(),
        more => format!(" or {more} more"),
    };
    let all = || Hint::Authorities;
    let hints = vec![if held.is_empty() { all() } else { Hint::choose(&held) }];
    let message = format!("`{typed}` may mean {}{more}", shown.join(" or "));
    Fault { code: "ambiguous_value", message, meant: None, hints }
}

/// Reads the first and the last day of a typed date.
fn day(place: OtherCondition, typed: Option<&str>) -> Result<Option<(Date, Date)>, Refusal> {
    let Some(typed) = typed else {
        return Ok(None);
    };
    let wrong = match dates::span(typed) {
        Ok(days) => return Ok(Some(days)),
        Err(wrong) => wrong,
    };
    let written = || {
        let advice = match place {
            OtherCondition::NewSince | OtherCondition::Since => {
                "write a year, a month, a day or a moment: 2025, 2025-03, 2025-03-12 or \
                 2025-03-12T10:00:00Z"
            }
            _ => "write a year, a month or a day: 2016, 2016-05 or 2016-05-12",
        };
        Hint::Advice(advice.to_owned())
    };
    let refused = |message| Refusal::new("bad_value", message).at(Place::Other(place));
    Err(match wrong {
        DateFault::Ambiguous { readings } => {
            let end = |reading: &dates::Reading| match place {
                OtherCondition::To => reading.last,
                _ => reading.first,
            };
            let names: Vec<&str> = readings.iter().map(|reading| reading.name).collect();
            let advice = readings.iter().map(|one| format!("`{}` for {}", end(one), one.name));
            let advice = advice.collect::<Vec<_>>().join(" or ");
            refused(format!("`{typed}` may be {}", names.join(" or ")))
                .hint(Hint::Advice(format!("write {advice}")))
        }
        DateFault::Impossible { reason, meant } => {
            let refusal = refused(format!("`{typed}` is not a date: {reason}"));
            match meant {
                Some(meant) => {
                    let near = Hint::Near(meant.clone());
                    Refusal { suggestion: Some(meant), ..refusal.hint(near) }
                }
                None => refusal.hint(written()),
            }
        }
        DateFault::Unknown if dates::period(typed).is_ok() => refused(format!(
            "`{typed}` is more than one date"
        ))
        .hint(Hint::Advice("give the first and the last day each in its own place".to_owned())),
        DateFault::Unknown => refused(format!("`{typed}` is not a date")).hint(written()),
    })
}

/// Reads a typed moment: as in RFC 3339, or a date, of which the first moment in UTC counts.
pub(super) fn moment(place: OtherCondition, typed: &str) -> Result<Timestamp, Refusal> {
    if let Ok(moment) = typed.trim().parse() {
        return Ok(moment);
    }
    let first = day(place, Some(typed))?.map(|(first, _)| first);
    let start = first.and_then(|first| first.to_zoned(TimeZone::UTC).ok());
    // A date so early that no moment has it is before all moments.
    Ok(start.map_or(Timestamp::MIN, |start| start.timestamp()))
}

/// Whether a timescale in its usual form is a span of time that somebody could be given.
fn is_span(normal: &str) -> bool {
    normal == "immediately" || normal.starts_with("within ")
}

/// The fault for the id of a report that the index does not have.
fn unknown_report(ids: &[String], typed: &str) -> Fault {
    let meant = ids_like(ids, typed).into_iter().next();
    let mut hints: Vec<Hint> = meant.iter().cloned().map(Hint::Near).collect();
    hints.push(Hint::Reports);
    Fault { code: "unknown_value", message: format!("no report `{typed}` is held"), meant, hints }
}

/// The refusal to show such a report: [`unknown_report`], without a place.
pub(super) fn no_report(ids: &[String], typed: &str) -> Refusal {
    unknown_report(ids, typed).refusal()
}
