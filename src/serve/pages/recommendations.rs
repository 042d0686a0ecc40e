//! Recommendations: the page, a page to print, and files.

use super::door::Pages;
use super::{printed_page, saved, shown};
use crate::answer::recommendations::{self, Recommendations, Typed};
use crate::ask::{AskError, Session};
use crate::render::html;
use crate::render::html::page::{
    self, Addresses, FileFormat, Problem, RECOMMENDATIONS_NARROWED, RecommendationsPage, To,
};
use crate::render::{csv, json, markdown};
use crate::serve::asked::{Asked, Request};
use crate::serve::fault::Fault;
use crate::serve::parameters::{self, Parameters};
use crate::serve::questions::{self, RECOMMENDATIONS};
use crate::serve::reply::Reply;
use jiff::Timestamp;

/// How many recommendations are on a page.
const ON_A_PAGE: usize = 20;

/// How many chains are on a page.
const CHAINS_ON_A_PAGE: usize = 10;

fn typed(mut parameters: Parameters, more: &[&str]) -> Result<Typed, Fault> {
    let typed = questions::recommendations(&mut parameters)?;
    parameters.end(&[&RECOMMENDATIONS[..], more].concat())?;
    Ok(typed)
}

/// All of them, for a file.
fn every(parameters: Parameters) -> Result<Typed, Fault> {
    Ok(Typed { limit: usize::MAX, ..typed(parameters, &[])? })
}

fn answer(
    session: &Session<'_>,
    typed: &Typed,
    links: &dyn Addresses,
) -> Result<Recommendations, AskError> {
    let door = Pages { links, own: links.to(To::Recommendations(typed, 1)) };
    recommendations::ask(session, typed, &door, Timestamp::now())
}

pub(super) async fn page(asked: Asked) -> Reply {
    asked
        .page(|session, _, site, mut parameters| {
            let page = parameters::leaf(&mut parameters)?;
            let mut typed = typed(parameters, &["page"])?;
            typed.limit = if typed.repeated { CHAINS_ON_A_PAGE } else { ON_A_PAGE };
            typed.offset = (page - 1).saturating_mul(typed.limit);
            let values = questions::offered(session, &RECOMMENDATIONS_NARROWED)?;
            let show = |outcome: Result<&Recommendations, &Problem>| {
                let typed = &typed;
                page::recommendations(
                    site,
                    &RecommendationsPage { typed, page, outcome, values: &values },
                )
            };
            shown(answer(session, &typed, site.addresses).map_err(Fault::from), show)
        })
        .await
}

/// All of them as a page to print.
pub(super) async fn printed(asked: Asked) -> Reply {
    asked
        .reply(|session, _, request| {
            let Request { parameters, links, .. } = request;
            let answer = answer(session, &every(parameters)?, &links.leaving())?;
            printed_page(&links, |sheet, numbers, out| {
                html::recommendations(&answer, sheet, numbers, out)
            })
        })
        .await
}

/// All of them as a file; of a table with what is counted by, the counts.
pub(super) async fn file(asked: Asked, format: FileFormat) -> Reply {
    asked
        .reply(move |session, _, request| {
            let Request { parameters, links, .. } = request;
            let typed = every(parameters)?;
            let answer = answer(session, &typed, &links.leaving())?;
            saved("recommendations", format, |out| match format {
                FileFormat::Csv if typed.by.is_some() => {
                    csv::recommendation_groups(&answer, true, out)
                }
                FileFormat::Csv => csv::recommendations(&answer, true, out),
                FileFormat::Json => json::value(&answer, json::Layout::Pretty, out),
                FileFormat::Markdown => markdown::recommendations(&answer, out),
            })
        })
        .await
}
