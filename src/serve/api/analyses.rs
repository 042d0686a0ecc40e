//! What is counted and compared: comparisons, timelines, grades, distinctive words and
//! recommendations.

use super::answers::{Paged, Remarked, WithNewest};
use super::call::answered;
use super::door::Addresses;
use super::operations::{
    AGAINST, COMPARE, DISTINCTIVE, GRADES, QUOTES, RECOMMENDATIONS, RESULTS, TERMS, TIMELINE,
};
use crate::answer::compare::funnel::Method;
use crate::answer::compare::{self, Sort, quotes};
use crate::answer::distinctive::{self, DistinctiveError, Order, TypedSet, Which};
use crate::answer::grades::{self, By, Since};
use crate::answer::recommendations::{self, BY};
use crate::answer::timeline;
use crate::ask::{AskError, Hint, Refusal};
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::parameters::{self, MOST, Parameters};
use crate::serve::publish;
use crate::serve::reply::Reply;
use findings_index::records::{Attribute, Kind, Use};
use findings_index::request;
use findings_index::request::terms::LONGEST;
use jiff::{Timestamp, Unit};

pub(super) async fn compare(asked: Asked) -> Reply {
    answered(asked, &COMPARE, |session, held, call| {
        let from = &mut call.parameters;
        let by = from.take("by")?.ok_or_else(|| {
            let message = "`by` is missing: what is to be compared?";
            parameters::Fault::new("by", message)
        })?;
        let by = parameters::serving("by", Use::Dimension, &by)?;
        let and = from.take("and")?;
        let and = and.map(|name| parameters::serving("and", Use::Dimension, &name)).transpose()?;
        differ(Some(by), and)?;
        let standardise =
            parameters::one_of(from, "standardise", &[Attribute::Framework], Attribute::name)?;
        let limits =
            parameters::one_of(from, "limits", &[Method::Adjusted, Method::Raw], Method::name)?;
        let sort = parameters::one_of(from, "sort", &Sort::ALL, Sort::name)?;
        let quotes = parameters::between(from, "quotes", 0, Some(QUOTES))?;
        let newest_as_well = from.flag("newest")?;
        let typed = compare::Typed {
            text: parameters::text(from)?,
            reading: parameters::reading(from)?,
            conditions: parameters::conditions(from)?,
            by: std::iter::once(by).chain(and).collect(),
            include: included(from)?,
            sort: sort.unwrap_or_default(),
            quotes: quotes::Wanted::from(quotes),
            standardise,
            limits: limits.unwrap_or_default(),
            newest_as_well,
        };
        call.end()?;
        typed.check().map_err(of_subject)?;
        let door = Addresses::new(&call.prefix)
            .option("by", Some(by.name()))
            .option("and", and.map(Attribute::name))
            .option("sort", sort.map(Sort::name))
            .option("standardise", standardise.map(Attribute::name))
            .option("limits", limits.map(Method::name))
            .option("quotes", quotes)
            .option("include", including(&typed.include))
            .option("newest", newest_as_well.then_some("yes"))
            .of_then(&typed.conditions);
        let comparison = compare::ask(session, &typed, &door, now());
        let mut comparison = comparison.map_err(of_subject)?;
        publish::compared(&mut comparison, held)?;
        let remarks = std::mem::take(&mut comparison.remarks);
        let mut newest = comparison.newest.take().map(|newest| *newest);
        if let Some(newest) = &mut newest {
            publish::compared(newest, held)?;
        }
        call.written(&WithNewest { answer: Remarked { answer: &comparison, remarks }, newest })
    })
    .await
}

pub(super) async fn timeline(asked: Asked) -> Reply {
    answered(asked, &TIMELINE, |session, held, call| {
        let from = &mut call.parameters;
        let authority = from.take("authority")?.ok_or_else(|| {
            let message = "`authority` is missing: whose inspections are to be listed?";
            parameters::Fault::new("authority", message)
        })?;
        let typed = timeline::Typed {
            authority,
            text: parameters::text(from)?,
            reading: parameters::reading(from)?,
            topics: from.take_all("topic"),
            latest: from.flag("latest")?,
            as_at: from.take("as_at")?,
            include: included(from)?,
        };
        call.end()?;
        let named = session.held_authority(&typed.authority);
        named.map_err(|error| of("authority", error.into()))?;
        let latest = typed.latest && typed.as_at.is_none();
        let door = Addresses::new(&call.prefix)
            .option("include", including(&typed.include))
            .option("latest", latest.then_some("yes"))
            .option("as_at", typed.as_at.as_ref());
        let knowledge = session.reference.knowledge()?;
        let timeline = timeline::ask(session, knowledge, &typed, &door, now());
        let mut timeline = timeline.map_err(of_subject)?;
        publish::listed(&mut timeline, held)?;
        let remarks = std::mem::take(&mut timeline.remarks);
        call.written(&Remarked { answer: &timeline, remarks })
    })
    .await
}

pub(super) async fn grades(asked: Asked) -> Reply {
    answered(asked, &GRADES, |session, _, call| {
        call.known()?;
        let from = &mut call.parameters;
        let by = parameters::one_of(from, "by", &By::ALL, By::name)?;
        let and = parameters::one_of(from, "and", &By::ALL, By::name)?;
        differ(by, and)?;
        let typed = grades::Typed {
            by: by.into_iter().chain(and).collect(),
            changes: parameters::one_of(from, "changes", &Since::ALL, Since::name)?,
            conditions: parameters::conditions(from)?,
        };
        call.end()?;
        // All else that is refused there has a place, or cannot be asked for here.
        typed.check().map_err(|refusal| of("changes", AskError::from(refusal).into()))?;
        let door = Addresses::new(&call.prefix)
            .option("by", by.map(By::name))
            .option("and", and.map(By::name))
            .option("changes", typed.changes.map(Since::name))
            .of_then(&typed.conditions);
        let knowledge = session.reference.knowledge()?;
        let mut grades = grades::ask(session, knowledge, &typed, &door, now())?;
        let remarks = std::mem::take(&mut grades.remarks);
        call.written(&Remarked { answer: &grades, remarks })
    })
    .await
}

pub(super) async fn distinctive(asked: Asked) -> Reply {
    answered(asked, &DISTINCTIVE, |session, _, call| {
        let first = set(&mut call.parameters)?;
        let mut against = call.parameters.take_within(AGAINST);
        let second = set(&mut against).map_err(within)?;
        // What is left is unknown, and is told by its whole name.
        call.parameters.put_within(AGAINST, against);
        let from = &mut call.parameters;
        let longest = parameters::between(from, "longest", 1, Some(LONGEST))?;
        let limit = parameters::between(from, "limit", 1, Some(MOST))?;
        let least_reports = parameters::between(from, "least_reports", 2, None)?;
        let order = parameters::one_of(from, "sort", &Order::ALL, Order::name)?;
        let include = included(from)?;
        call.end()?;
        let door = Addresses::new(&call.prefix)
            .option("longest", longest)
            .option("least_reports", least_reports)
            .option("limit", limit)
            .option("sort", order.map(Order::name))
            .option("include", including(&include));
        let typed = distinctive::Typed {
            sets: [first, second],
            longest: longest.unwrap_or(LONGEST),
            limit: limit.unwrap_or(TERMS),
            least_reports,
            order: order.unwrap_or_default(),
            include,
        };
        let told = distinctive::ask(session, &typed, &door, now());
        let mut told = told.map_err(refused)?;
        let remarks = std::mem::take(&mut told.remarks);
        call.written(&Remarked { answer: &told, remarks })
    })
    .await
}

pub(super) async fn recommendations(asked: Asked) -> Reply {
    answered(asked, &RECOMMENDATIONS, |session, held, call| {
        let from = &mut call.parameters;
        let sort = parameters::one_of(from, "sort", &request::Sort::ALL, request::Sort::name)?;
        let mut typed = recommendations::Typed {
            text: parameters::text(from)?,
            reading: parameters::reading(from)?,
            conditions: parameters::conditions(from)?,
            by: parameters::one_of(from, "by", &BY, Attribute::name)?,
            sort: sort.unwrap_or_default(),
            repeated: from.flag("repeated")?,
            ..recommendations::Typed::default()
        };
        if typed.repeated && sort.is_some() {
            let message = "chains have an order of their own: leave `sort` out";
            return Err(parameters::Fault::new("sort", message).into());
        }
        typed.offset = call.offset()?;
        call.end()?;
        typed.limit = call.limit.unwrap_or(RESULTS);
        let door = Addresses::new(&call.prefix)
            .option("by", typed.by.map(Attribute::name))
            .option("repeated", typed.repeated.then_some("yes"))
            .option("sort", sort.map(request::Sort::name))
            .of_then(&typed.conditions);
        let mut answer = recommendations::ask(session, &typed, &door, now())?;
        publish::recommended(&mut answer, held)?;
        let end = typed.offset.saturating_add(typed.limit);
        let next = call.next((answer.available() > end).then(|| end.to_string()));
        let remarks = std::mem::take(&mut answer.remarks);
        call.written(&Paged { answer: Remarked { answer: &answer, remarks }, next })
    })
    .await
}

/// The time of asking, in whole seconds: parts of them say nothing to anybody, and an answer that is
/// asked for again is as long as before.
fn now() -> Timestamp {
    let now = Timestamp::now();
    now.round(Unit::Second).unwrap_or(now)
}

/// Takes the kinds that are counted only where they are asked for.
fn included(from: &mut Parameters) -> Result<Vec<Kind>, parameters::Fault> {
    let kind = parameters::one_of(from, "include", &[Kind::Context], Kind::name)?;
    Ok(kind.into_iter().collect())
}

fn including(kinds: &[Kind]) -> Option<&'static str> {
    kinds.first().map(|kind| kind.name())
}

/// Takes what makes one of two sets.
fn set(from: &mut Parameters) -> Result<TypedSet, parameters::Fault> {
    let text = parameters::text(from)?;
    Ok(TypedSet {
        text: (!text.is_empty()).then_some(text),
        reading: parameters::reading(from)?,
        conditions: parameters::conditions(from)?,
    })
}

/// Refuses a second thing to count by that is the first, or has none before it.
fn differ<T: PartialEq>(by: Option<T>, and: Option<T>) -> Result<(), parameters::Fault> {
    match (by, and) {
        (None, Some(_)) => Err(parameters::Fault::new("and", "`and` needs `by`")),
        (Some(by), Some(and)) if by == and => {
            Err(parameters::Fault::new("and", "`and` is the same as `by`"))
        }
        _ => Ok(()),
    }
}

/// Names the parameter that a refusal is about.
fn of(parameter: &'static str, fault: Fault) -> Fault {
    Fault::Of { parameter, fault: Box::new(fault) }
}

/// Names what a refusal of what is looked for is about: a topic is no condition there.
fn of_subject(error: impl Into<AskError>) -> Fault {
    let error = error.into();
    let parameter = match &error {
        AskError::Refused(refusal) => match refusal.code {
            "nothing_asked" => "q",
            "not_standardised" => "standardise",
            "query_and_topic" | "unknown_topic" => Attribute::Topic.name(),
            _ => return error.into(),
        },
        _ => return error.into(),
    };
    of(parameter, error.into())
}

/// Names the parameters of the second set.
fn within(fault: impl Into<Fault>) -> Fault {
    Fault::Within { beginning: AGAINST, fault: Box::new(fault.into()) }
}

/// Says why two sets cannot be told apart, and what may help.
fn refused(error: DistinctiveError) -> Fault {
    let message = error.to_string();
    let advice = |advice: &str| Hint::Advice(advice.to_owned());
    let refusal = match error {
        DistinctiveError::Search(error) => return error.into(),
        DistinctiveError::Asking(error) => return error.into(),
        DistinctiveError::Set { which: Which::First, source } => return of_subject(*source),
        DistinctiveError::Set { which: Which::Second, source } => {
            return within(of_subject(*source));
        }
        DistinctiveError::Empty { remarks, .. } => {
            let refusal = Refusal::new("nothing_to_compare", message);
            let told = remarks.iter().fold(refusal, |told, remark| told.hint(advice(&remark.text)));
            told.hint(Hint::Relax)
        }
        DistinctiveError::FewReports { .. } => Refusal::new("too_few_reports", message).hint(
            advice("leave a condition out, or ask for fewer with `least_reports`, from 2 on"),
        ),
        DistinctiveError::Same { .. } => Refusal::new("same_sets", message).hint(advice(
            "give the two sets conditions that differ: those of the second begin with `against_`",
        )),
    };
    AskError::from(refusal).into()
}
