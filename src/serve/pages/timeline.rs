//! A timeline: its page, and files.

use super::door::Pages;
use super::{saved, shown};
use crate::answer::timeline::{self, Timeline, Typed};
use crate::ask::{Reading, Session};
use crate::render::html::page::{self, Addresses, FileFormat, Problem, TimelinePage, To};
use crate::render::{csv, json};
use crate::serve::app::Held;
use crate::serve::asked::{Asked, Request};
use crate::serve::fault::Fault;
use crate::serve::parameters::{self, Parameters};
use crate::serve::publish;
use crate::serve::questions::{self, TIMELINE};
use crate::serve::refused::{of, of_subject};
use crate::serve::reply::Reply;
use axum::http::StatusCode;
use findings_index::records::Attribute;
use jiff::Timestamp;

fn typed(mut parameters: Parameters) -> Result<Typed, Fault> {
    let mut typed = questions::timeline(&mut parameters)?;
    parameters.end_of(TIMELINE.into_iter())?;
    // Whoever ticks how words are read and types none is shown the inspections, as without the tick.
    if typed.text.is_empty() {
        typed.reading = Reading::default();
    }
    Ok(typed)
}

fn answer(
    session: &Session<'_>,
    held: &Held,
    typed: &Typed,
    links: &dyn Addresses,
) -> Result<Timeline, Fault> {
    let door = Pages { links, own: links.to(To::Timeline(typed)) };
    let knowledge = session.reference.knowledge()?;
    if typed.authority.is_empty() {
        let message = "`authority` is missing: whose inspections are to be listed?";
        return Err(parameters::Fault::new("authority", message).into());
    }
    session.held_authority(&typed.authority).map_err(|error| of("authority", error.into()))?;
    let timeline = timeline::ask(session, knowledge, typed, &door, Timestamp::now());
    let mut timeline = timeline.map_err(of_subject)?;
    publish::listed(&mut timeline, held)?;
    Ok(timeline)
}

pub(super) async fn page(asked: Asked) -> Reply {
    asked
        .page(|session, held, site, parameters| {
            let typed = typed(parameters)?;
            let authorities = session.engine.values(Attribute::Authority)?;
            let show = |outcome: Option<Result<&Timeline, &Problem>>| {
                let view = TimelinePage { typed: &typed, outcome, authorities: &authorities };
                page::timeline(site, &view)
            };
            if typed.authority.is_empty() {
                return Ok((StatusCode::OK, show(None)));
            }
            shown(answer(session, held, &typed, site.addresses), |outcome| show(Some(outcome)))
        })
        .await
}

pub(super) async fn file(asked: Asked, format: FileFormat) -> Reply {
    asked
        .reply(move |session, held, request| {
            let Request { parameters, links, .. } = request;
            let timeline = answer(session, held, &typed(parameters)?, &links.leaving())?;
            saved("timeline", format, |out| match format {
                FileFormat::Csv => csv::timeline(&timeline, true, out),
                _ => json::value(&timeline, json::Layout::Pretty, out),
            })
        })
        .await
}
