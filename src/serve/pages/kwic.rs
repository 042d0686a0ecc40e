//! Every match in its context: the page, and files.

use super::{saved, shown};
use crate::answer::concordance::{self, Concordance, Typed};
use crate::ask::Answer;
use crate::render::html::page::{self, FileFormat, KWIC_NARROWED, KwicPage, Problem};
use crate::render::{Attributed, Made, csv, json};
use crate::serve::asked::{Asked, Request};
use crate::serve::fault::Fault;
use crate::serve::parameters::{self, Parameters};
use crate::serve::questions::{self, KWIC};
use crate::serve::reply::Reply;
use axum::http::StatusCode;
use findings_index::records::Attribute;

/// How many lines are on a page.
const ON_A_PAGE: usize = 50;

fn typed(mut parameters: Parameters, more: &[&str]) -> Result<Typed, Fault> {
    let typed = questions::kwic(&mut parameters)?;
    parameters.end(&[&KWIC[..], more].concat())?;
    Ok(typed)
}

pub(super) async fn page(asked: Asked) -> Reply {
    asked
        .page(|session, _, site, mut parameters| {
            let page = parameters::leaf(&mut parameters)?;
            let mut typed = typed(parameters, &["page"])?;
            typed.limit = ON_A_PAGE;
            typed.offset = (page - 1).saturating_mul(ON_A_PAGE);
            let values = questions::offered(session, &KWIC_NARROWED)?;
            let show = |outcome: Option<Result<&Answer<Concordance>, &Problem>>| {
                page::kwic(site, &KwicPage { typed: &typed, page, outcome, values: &values })
            };
            let is_of_topics = !typed.conditions.of(Attribute::Topic).is_empty();
            if typed.text.trim().is_empty() && !is_of_topics {
                return Ok((StatusCode::OK, show(None)));
            }
            let answer = concordance::ask(session, &typed).map_err(Fault::from);
            shown(answer, |outcome| show(Some(outcome)))
        })
        .await
}

/// All lines as a file.
pub(super) async fn file(asked: Asked, format: FileFormat) -> Reply {
    asked
        .reply(move |session, _, request| {
            let Request { parameters, app, .. } = request;
            let typed = Typed { limit: usize::MAX, ..typed(parameters, &[])? };
            let answer = concordance::ask(session, &typed)?;
            let found = &answer.response;
            let frameworks = found.lines.iter().map(|line| line.framework.as_str());
            let asked = (typed.text.as_str(), &typed.conditions);
            let names = app.settings.reference.names();
            let made = Made::of(asked, &found.generation, frameworks, names);
            saved("matches", format, |out| match format {
                FileFormat::Csv => csv::concordance_made(found, &made, true, out),
                FileFormat::Json | FileFormat::Markdown => {
                    let attribution = &made.attribution;
                    let answer = Attributed { answer: &answer, attribution };
                    json::value(&answer, json::Layout::Pretty, out)
                }
            })
        })
        .await
}
