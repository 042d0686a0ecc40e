//! What is counted and compared: comparisons, timelines, grades, distinctive words and
//! recommendations.

use super::answers::{Paged, Remarked, WithNewest};
use super::call::{answered, beyond};
use super::door::Addresses;
use super::operations::{COMPARE, DISTINCTIVE, GRADES, RECOMMENDATIONS, RESULTS, TIMELINE};
use crate::answer::compare::funnel::Method;
use crate::answer::compare::{self, Sort};
use crate::answer::distinctive::{self, Order};
use crate::answer::grades::{self, Since};
use crate::answer::recommendations;
use crate::answer::timeline;
use crate::ask::AskError;
use crate::serve::asked::Asked;
use crate::serve::parameters;
use crate::serve::publish;
use crate::serve::questions;
use crate::serve::refused::{of, of_subject, refused};
use crate::serve::reply::Reply;
use findings_index::records::{Attribute, Kind};
use findings_index::request;
use jiff::{Timestamp, Unit};

pub(super) async fn compare(asked: Asked) -> Reply {
    answered(asked, &COMPARE, |session, held, call| {
        let mut typed = questions::compare(&mut call.parameters)?;
        typed.newest_as_well = call.parameters.flag("newest")?;
        call.end()?;
        if typed.by.is_empty() {
            let message = "`by` is missing: what is to be compared?";
            return Err(parameters::Fault::new("by", message).into());
        }
        if typed.newest_as_well && typed.conditions.takes_latest() {
            let message = "only the newest inspections are compared already: leave `newest` out";
            return Err(parameters::Fault::new("newest", message).into());
        }
        typed.check().map_err(of_subject)?;
        let door = Addresses::new(&call.prefix)
            .option("by", typed.by.first().map(|by| by.name()))
            .option("and", typed.by.get(1).map(|by| by.name()))
            .option("sort", other(typed.sort, Sort::default()).map(Sort::name))
            .option("standardise", typed.standardise.map(Attribute::name))
            .option("limits", other(typed.limits, Method::default()).map(Method::name))
            .option("quotes", Option::<usize>::from(typed.quotes))
            .option("include", including(&typed.include))
            .option("newest", typed.newest_as_well.then_some("yes"))
            .near(&typed.conditions)
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
        let typed = questions::timeline(&mut call.parameters)?;
        call.end()?;
        if typed.authority.is_empty() {
            let message = "`authority` is missing: whose inspections are to be listed?";
            return Err(parameters::Fault::new("authority", message).into());
        }
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
        let typed = questions::grades(&mut call.parameters)?;
        call.end()?;
        // All else that is refused there has a place, or cannot be asked for here.
        typed.check().map_err(|refusal| of("changes", AskError::from(refusal).into()))?;
        let door = Addresses::new(&call.prefix)
            .option("by", typed.by.first().map(|by| by.name()))
            .option("and", typed.by.get(1).map(|by| by.name()))
            .option("changes", typed.changes.map(Since::name))
            .near(&typed.conditions)
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
        let typed = questions::distinctive(&mut call.parameters)?;
        call.end()?;
        let usual = distinctive::Typed::default();
        let door = Addresses::new(&call.prefix)
            .option("longest", other(typed.longest, usual.longest))
            .option("least_reports", typed.least_reports)
            .option("limit", other(typed.limit, usual.limit))
            .option("sort", other(typed.order, usual.order).map(Order::name))
            .option("include", including(&typed.include));
        let told = distinctive::ask(session, &typed, &door, now());
        let mut told = told.map_err(refused)?;
        let remarks = std::mem::take(&mut told.remarks);
        call.written(&Remarked { answer: &told, remarks })
    })
    .await
}

pub(super) async fn recommendations(asked: Asked) -> Reply {
    answered(asked, &RECOMMENDATIONS, |session, held, call| {
        let has_sort = call.parameters.has("sort");
        let mut typed = questions::recommendations(&mut call.parameters)?;
        if typed.repeated && has_sort {
            let message = "chains have an order of their own: leave `sort` out";
            return Err(parameters::Fault::new("sort", message).into());
        }
        typed.offset = call.offset()?;
        call.end()?;
        typed.limit = call.limit.unwrap_or(RESULTS);
        let door = Addresses::new(&call.prefix)
            .option("by", typed.by.map(Attribute::name))
            .option("repeated", typed.repeated.then_some("yes"))
            .option("sort", other(typed.sort, request::Sort::default()).map(request::Sort::name))
            .of_then(&typed.conditions);
        let mut answer = recommendations::ask(session, &typed, &door, now())?;
        publish::recommended(&mut answer, held)?;
        let end = typed.offset.saturating_add(typed.limit);
        let next = call.next((answer.available() > end).then(|| end.to_string()));
        let mut remarks = std::mem::take(&mut answer.remarks);
        let is_empty = typed.limit > 0 && answer.shown() == 0;
        remarks.extend(beyond(typed.offset, is_empty, answer.available()));
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

/// What is not as usual.
fn other<T: PartialEq>(given: T, usual: T) -> Option<T> {
    (given != usual).then_some(given)
}

fn including(kinds: &[Kind]) -> Option<&'static str> {
    kinds.first().map(|kind| kind.name())
}
