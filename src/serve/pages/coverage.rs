//! What is held, what failed, and what looks suspicious.

use crate::answer::coverage::Coverage;
use crate::ask::Session;
use crate::render::html::page::{self, Addresses, FileFormat, To};
use crate::render::{csv, json};
use crate::serve::app::Held;
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::library::Library;
use crate::serve::reply::{self, JSON, Reply};
use axum::http::StatusCode;
use findings_index::request::Filters;

/// Surveys everything, as the network may see it.
fn surveyed(session: &Session<'_>, held: &Held, links: &dyn Addresses) -> Result<Coverage, Fault> {
    let all = Filters::default();
    let look = |id: &str| links.to(To::Report { id, marks: None });
    let mut coverage = Coverage::survey(session, &all, look)?.and_missing(session, &all)?;
    publish(&mut coverage, held.library()?);
    Ok(coverage)
}

/// Leaves of paths what is below the indexed folders.
fn publish(coverage: &mut Coverage, library: &Library) {
    for suspicion in &mut coverage.suspicious {
        suspicion.path = library.shown(&suspicion.path);
    }
    for failure in &mut coverage.failed {
        failure.path = library.shown(&failure.path);
    }
}

pub(super) async fn page(asked: Asked) -> Reply {
    asked
        .page(|session, held, site, parameters| {
            parameters.end(&[])?;
            let coverage = surveyed(session, held, site.addresses)?;
            Ok((StatusCode::OK, page::coverage(site, &coverage)))
        })
        .await
}

pub(super) async fn file(asked: Asked, format: FileFormat) -> Reply {
    asked
        .reply(move |session, held, request| {
            request.parameters.end(&[])?;
            let coverage = surveyed(session, held, &request.links)?;
            let mut body = Vec::new();
            let media = match format {
                FileFormat::Csv => csv::coverage(&coverage, true, &mut body).map(|()| reply::CSV),
                _ => json::value(&coverage, json::Layout::Pretty, &mut body).map(|()| JSON),
            };
            let media = media.map_err(|_| Fault::Broken)?;
            let name = format!("findings-coverage.{}", format.extension());
            Ok(reply::file(media, body, &name))
        })
        .await
}
