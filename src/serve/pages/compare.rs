//! A comparison: its page, the page for a committee, and files.

use super::door::Pages;
use super::{printed_page, saved, shown};
use crate::answer::committee::{self, Own};
use crate::answer::compare::{self, Comparison, Typed};
use crate::ask::Session;
use crate::render::html;
use crate::render::html::page::{self, Addresses, COMPARED, ComparePage, FileFormat, Problem, To};
use crate::render::{Committee, csv, json, markdown};
use crate::serve::app::Held;
use crate::serve::asked::{Asked, Request};
use crate::serve::fault::Fault;
use crate::serve::parameters::Parameters;
use crate::serve::publish;
use crate::serve::questions::{self, COMPARE};
use crate::serve::refused::of_subject;
use crate::serve::reply::Reply;
use axum::http::StatusCode;
use findings_index::records::Attribute;
use jiff::Timestamp;

/// Takes the question. Whoever does not say by what compares authorities.
fn typed(mut parameters: Parameters) -> Result<Typed, Fault> {
    let mut typed = questions::compare(&mut parameters)?;
    parameters.end(&COMPARE)?;
    if typed.by.is_empty() {
        typed.by.push(Attribute::Authority);
    }
    Ok(typed)
}

fn answer(
    session: &Session<'_>,
    held: &Held,
    typed: &Typed,
    links: &dyn Addresses,
) -> Result<Comparison, Fault> {
    let door = Pages { links, own: links.to(To::Compare(typed)) };
    let comparison = compare::ask(session, typed, &door, Timestamp::now());
    let mut comparison = comparison.map_err(of_subject)?;
    publish::compared(&mut comparison, held)?;
    Ok(comparison)
}

pub(super) async fn page(asked: Asked) -> Reply {
    asked
        .page(|session, held, site, parameters| {
            let typed = typed(parameters)?;
            let values = questions::offered(session, &COMPARED)?;
            let show = |outcome: Option<Result<&Comparison, &Problem>>| {
                page::compare(site, &ComparePage { typed: &typed, outcome, values: &values })
            };
            let has_subject =
                !typed.text.trim().is_empty() || !typed.conditions.of(Attribute::Topic).is_empty();
            if !has_subject {
                return Ok((StatusCode::OK, show(None)));
            }
            shown(answer(session, held, &typed, site.addresses), |outcome| show(Some(outcome)))
        })
        .await
}

/// Answers for whoever was not there when it was asked: with the newest inspections as well, and what
/// is held of the council that it is made for.
fn for_committee(
    session: &Session<'_>,
    held: &Held,
    typed: Typed,
    links: &dyn Addresses,
) -> Result<(Comparison, Option<Own>), Fault> {
    let typed = Typed { newest_as_well: true, ..typed };
    let comparison = answer(session, held, &typed, links)?;
    let door = Pages { links, own: links.to(To::Compare(&typed)) };
    let own = committee::ask(session, &typed, &comparison, &door, Timestamp::now())?;
    Ok((comparison, own))
}

pub(super) async fn page_for_committee(asked: Asked) -> Reply {
    asked
        .reply(|session, held, request| {
            let Request { parameters, links, .. } = request;
            let (comparison, own) =
                for_committee(session, held, typed(parameters)?, &links.leaving())?;
            let view = Committee { comparison: &comparison, own: own.as_ref(), title: None };
            printed_page(&links, |sheet, numbers, out| html::comparison(&view, sheet, numbers, out))
        })
        .await
}

pub(super) async fn file(asked: Asked, format: FileFormat) -> Reply {
    asked
        .reply(move |session, held, request| {
            let Request { parameters, links, .. } = request;
            let (typed, links) = (typed(parameters)?, links.leaving());
            let (comparison, own) = match format {
                FileFormat::Markdown => for_committee(session, held, typed, &links)?,
                FileFormat::Csv | FileFormat::Json => {
                    (answer(session, held, &typed, &links)?, None)
                }
            };
            let view = Committee { comparison: &comparison, own: own.as_ref(), title: None };
            saved("comparison", format, |out| match format {
                FileFormat::Csv => csv::comparison(&comparison, true, out),
                FileFormat::Json => json::value(&comparison, json::Layout::Pretty, out),
                FileFormat::Markdown => markdown::comparison(&view, out),
            })
        })
        .await
}
