//! Grades: their page, and files.

use super::door::Pages;
use super::{saved, shown};
use crate::answer::grades::{self, Grades, Typed};
use crate::ask::Session;
use crate::render::html::page::{self, Addresses, FileFormat, GRADED, GradesPage, Problem, To};
use crate::render::{csv, json, markdown};
use crate::serve::asked::{Asked, Request};
use crate::serve::fault::Fault;
use crate::serve::parameters::Parameters;
use crate::serve::questions::{self, GRADES};
use crate::serve::reply::Reply;
use jiff::Timestamp;

fn typed(mut parameters: Parameters) -> Result<Typed, Fault> {
    let typed = questions::grades(&mut parameters)?;
    parameters.end(&GRADES)?;
    Ok(typed)
}

fn answer(session: &Session<'_>, typed: &Typed, links: &dyn Addresses) -> Result<Grades, Fault> {
    let door = Pages { links, own: links.to(To::Grades(typed)) };
    Ok(grades::ask(session, session.reference.knowledge()?, typed, &door, Timestamp::now())?)
}

pub(super) async fn page(asked: Asked) -> Reply {
    asked
        .page(|session, _, site, parameters| {
            let typed = typed(parameters)?;
            let values = questions::offered(session, &GRADED)?;
            let show = |outcome: Result<&Grades, &Problem>| {
                page::grades(site, &GradesPage { typed: &typed, outcome, values: &values })
            };
            shown(answer(session, &typed, site.addresses), show)
        })
        .await
}

pub(super) async fn file(asked: Asked, format: FileFormat) -> Reply {
    asked
        .reply(move |session, _, request| {
            let Request { parameters, links, .. } = request;
            let grades = answer(session, &typed(parameters)?, &links.leaving())?;
            saved("grades", format, |out| match format {
                FileFormat::Csv => csv::grades(&grades, true, out),
                FileFormat::Json => json::value(&grades, json::Layout::Pretty, out),
                FileFormat::Markdown => markdown::grades(&grades, grades.latest, out),
            })
        })
        .await
}
