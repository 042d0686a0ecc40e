//! What is held, what failed, and what looks suspicious.

use super::saved;
use crate::answer::coverage::Coverage;
use crate::answer::held;
use crate::ask::{Conditions, Session};
use crate::render::html::page::{self, Addresses, FileFormat, To};
use crate::render::{csv, json};
use crate::serve::app::Held;
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::publish;
use crate::serve::reply::Reply;
use axum::http::StatusCode;

/// Surveys everything, as the network may see it.
fn survey(
    session: &Session<'_>,
    snapshot: &Held,
    links: &dyn Addresses,
) -> Result<Coverage, Fault> {
    let look = |id: &str| links.to(To::Report { id, marks: None });
    let (mut coverage, _) = held::survey(session, &Conditions::default(), true, look)?;
    publish::surveyed(&mut coverage, snapshot)?;
    Ok(coverage)
}

pub(super) async fn page(asked: Asked) -> Reply {
    asked
        .page(|session, held, site, parameters| {
            parameters.end(&[])?;
            let coverage = survey(session, held, site.addresses)?;
            Ok((StatusCode::OK, page::coverage(site, &coverage)))
        })
        .await
}

pub(super) async fn file(asked: Asked, format: FileFormat) -> Reply {
    asked
        .reply(move |session, held, request| {
            request.parameters.end(&[])?;
            let coverage = survey(session, held, &request.links.leaving())?;
            saved("coverage", format, |out| match format {
                FileFormat::Csv => csv::coverage(&coverage, true, out),
                _ => json::value(&coverage, json::Layout::Pretty, out),
            })
        })
        .await
}
