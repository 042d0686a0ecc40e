//! The API: the same questions and answers as JSON.
//!
//! ```text
//! operations  what can be asked, in one table
//! call        a request, and how it is answered
//! search      searches
//! lists       what is held
//! analyses    what is counted and compared
//! batch       several queries at once
//! door        how to ask again, as addresses
//! answers     what is put around the answers of the library
//! cursor      where an answer goes on
//! fields      the fields of results that a request chooses
//! schemas     the types of the answers, as schemas
//! describe    the description of all this
//! ```

mod analyses;
mod answers;
mod batch;
mod call;
mod cursor;
mod describe;
mod door;
mod fields;
mod lists;
mod operations;
mod schemas;
mod search;

use crate::serve::app::App;
use crate::serve::asked::Asked;
use crate::serve::client::Client;
use crate::serve::fault::Fault;
use crate::serve::reply::{self, JSON, Reply};
use answers::Health;
use axum::Router;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::routing::{MethodRouter, get, post};
use operations::{DESCRIPTION, Operation};
use std::sync::Arc;

/// Before every address of the API.
const BASE: &str = "/api/v1";

/// Answers the requests to an operation.
type Handler = fn() -> MethodRouter<Arc<App>>;

/// What can be asked, and by what it is answered: what is described is served, and nothing else.
const OPERATIONS: [(&Operation, Handler); 19] = [
    (&operations::SEARCH, || get(search::search)),
    (&operations::KWIC, || get(search::kwic)),
    (&operations::SIMILAR, || get(search::similar)),
    (&operations::FACETS, || get(search::facets)),
    (&operations::REPORTS, || get(lists::reports)),
    (&operations::REPORT, || get(lists::report)),
    (&operations::PARAGRAPHS, || get(lists::paragraphs)),
    (&operations::PARAGRAPH, || get(lists::paragraph)),
    (&operations::TOPICS, || get(lists::topics)),
    (&operations::TOPIC, || get(lists::topic)),
    (&operations::COVERAGE, || get(lists::coverage)),
    (&operations::COMPARE, || get(analyses::compare)),
    (&operations::TIMELINE, || get(analyses::timeline)),
    (&operations::GRADES, || get(analyses::grades)),
    (&operations::DISTINCTIVE, || get(analyses::distinctive)),
    (&operations::RECOMMENDATIONS, || get(analyses::recommendations)),
    (&operations::HEALTH, || get(health)),
    (&operations::DESCRIPTION, || get(description)),
    (&operations::BATCH, || post(batch::batch)),
];

/// The addresses of the API.
pub(in crate::serve) fn routes() -> Router<Arc<App>> {
    let routes = Router::new().route("/metrics", get(metrics));
    OPERATIONS.into_iter().fold(routes, |routes, (operation, handler)| {
        // Ids of paragraphs have a slash.
        let path = match operation.path {
            "/similar/{id}" => "/similar/{*id}",
            "/paragraphs/{id}" => "/paragraphs/{*id}",
            path => path,
        };
        routes.route(&format!("{BASE}{path}"), handler())
    })
}

async fn health(State(app): State<Arc<App>>, asked: Asked) -> Reply {
    let engine = &app.held().engine;
    let health = Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        index_version: engine.version(),
        generation: engine.generation().to_owned(),
        corpus: engine.corpus().clone(),
    };
    let of = &operations::HEALTH;
    let checked = call::strict(&asked, of);
    if let Err(fault) =
        checked.and_then(|()| Ok(asked.parameters.end_of(of.names().iter().map(String::as_str))?))
    {
        return reply::problem(&fault);
    }
    let body = serde_json::to_vec(&health).unwrap_or_default();
    let mut reply = reply::text(StatusCode::OK, JSON, body);
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    call::of_state(&mut reply, engine.as_ref());
    reply
}

async fn description(asked: Asked) -> Reply {
    call::answered(asked, &DESCRIPTION, |_, _, call| {
        call.end()?;
        call.written(&describe::document(&call.prefix))
    })
    .await
}

async fn metrics(State(app): State<Arc<App>>, asked: Asked) -> Reply {
    let Client(client) = asked.client;
    if !client.is_loopback() && !app.settings.open_metrics {
        return reply::problem(&Fault::NoPage);
    }
    let text = app.metrics.text(asked.held.engine.corpus());
    reply::text(StatusCode::OK, "application/openmetrics-text; version=1.0.0; charset=utf-8", text)
}
