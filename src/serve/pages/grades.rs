//! Grades: their page, and files.

use super::door::Pages;
use super::shown;
use crate::answer::grades::{self, Grades, Typed};
use crate::ask::Session;
use crate::render::html::page::{self, Addresses, FileFormat, GRADED, GradesPage, Problem, To};
use crate::render::{csv, json, markdown};
use crate::serve::asked::{Asked, Request};
use crate::serve::fault::Fault;
use crate::serve::parameters::Parameters;
use crate::serve::questions::{self, GRADES};
use crate::serve::reply::{self, Reply};
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
            let mut values = Vec::new();
            for attribute in GRADED {
                values.push((attribute, session.engine.values(attribute)?));
            }
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
            let grades = answer(session, &typed(parameters)?, &links)?;
            let mut body = Vec::new();
            let (media, written) = match format {
                FileFormat::Csv => (reply::CSV, csv::grades(&grades, true, &mut body)),
                FileFormat::Json => {
                    (reply::JSON, json::value(&grades, json::Layout::Pretty, &mut body))
                }
                FileFormat::Markdown => {
                    (reply::MARKDOWN, markdown::grades(&grades, grades.latest, &mut body))
                }
            };
            written.map_err(|_| Fault::Broken)?;
            let name = format!("findings-grades.{}", format.extension());
            Ok(reply::file(media, body, &name))
        })
        .await
}
