//! The words that set two sets apart: their page, and files.

use super::door::Pages;
use super::{saved, shown};
use crate::answer::distinctive::{self, Distinction, Typed};
use crate::ask::Session;
use crate::render::html::page::{
    self, Addresses, DistinctivePage, FileFormat, Problem, TOLD_APART_BY, To,
};
use crate::render::{csv, json};
use crate::serve::asked::{Asked, Request};
use crate::serve::fault::Fault;
use crate::serve::parameters::Parameters;
use crate::serve::questions::{self, DISTINCTIVE};
use crate::serve::refused::refused;
use crate::serve::reply::Reply;
use axum::http::StatusCode;
use jiff::Timestamp;

fn typed(mut parameters: Parameters) -> Result<Typed, Fault> {
    let typed = questions::distinctive(&mut parameters)?;
    parameters.end(&DISTINCTIVE)?;
    Ok(typed)
}

fn answer(
    session: &Session<'_>,
    typed: &Typed,
    links: &dyn Addresses,
) -> Result<Distinction, Fault> {
    let door = Pages { links, own: links.to(To::Distinctive(typed)) };
    distinctive::ask(session, typed, &door, Timestamp::now()).map_err(refused)
}

pub(super) async fn page(asked: Asked) -> Reply {
    asked
        .page(|session, _, site, parameters| {
            let typed = typed(parameters)?;
            let values = questions::offered(session, &TOLD_APART_BY)?;
            let show = |outcome: Option<Result<&Distinction, &Problem>>| {
                let view = DistinctivePage { typed: &typed, outcome, values: &values };
                page::distinctive(site, &view)
            };
            if typed.sets == Typed::default().sets {
                return Ok((StatusCode::OK, show(None)));
            }
            shown(answer(session, &typed, site.addresses), |outcome| show(Some(outcome)))
        })
        .await
}

pub(super) async fn file(asked: Asked, format: FileFormat) -> Reply {
    asked
        .reply(move |session, _, request| {
            let Request { parameters, links, .. } = request;
            let told = answer(session, &typed(parameters)?, &links.leaving())?;
            saved("distinctive", format, |out| match format {
                FileFormat::Csv => csv::distinctive(&told, true, out),
                _ => json::value(&told, json::Layout::Pretty, out),
            })
        })
        .await
}
