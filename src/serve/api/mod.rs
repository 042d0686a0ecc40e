//! The API: the same questions and answers as JSON.

use crate::serve::app::{App, Held};
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::guard::Client;
use crate::serve::parameters;
use crate::serve::reply::{self, JSON, Reply};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use findings_index::request::SearchResponse;
use serde::Serialize;
use std::sync::Arc;

/// The addresses of the API.
pub(in crate::serve) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/search", get(search))
        .route("/api/v1/health", get(health))
        .route("/metrics", get(metrics))
}

/// Shows of an answer only what a network may see: paths below the indexed folder.
pub(in crate::serve) fn publish(response: &mut SearchResponse, held: &Held) -> Result<(), Fault> {
    let _ = (response, held);
    Ok(())
}

async fn search(asked: Asked) -> Reply {
    let made = asked.answer(|session, held, request| {
        let mut parameters = request.parameters;
        let mut question = parameters::question(&mut parameters)?;
        if let Some(limit) = parameters.number("limit")? {
            question.limit = parameters::at_most("limit", limit)?;
        }
        question.offset = parameters.number("offset")?.unwrap_or(0);
        parameters.end(&["limit", "offset"])?;
        let mut answer = session.search(&question)?;
        publish(&mut answer.response, held)?;
        written(&answer)
    });
    made.await.unwrap_or_else(|fault| reply::problem(&fault))
}

fn written(value: &impl Serialize) -> Result<Reply, Fault> {
    let body = serde_json::to_vec(value).map_err(|_| Fault::Broken)?;
    Ok(reply::text(StatusCode::OK, JSON, body))
}

/// Whether the server answers, from what.
#[derive(Debug, Serialize)]
struct Health<'a> {
    status: &'static str,
    version: &'static str,
    generation: &'a str,
    reports: usize,
    paragraphs: usize,
}

async fn health(State(app): State<Arc<App>>) -> Reply {
    let held = app.held();
    let corpus = held.engine.corpus();
    let health = Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        generation: held.engine.generation(),
        reports: corpus.reports,
        paragraphs: corpus.paragraphs,
    };
    written(&health).unwrap_or_else(|fault| reply::problem(&fault))
}

async fn metrics(State(app): State<Arc<App>>, asked: Asked) -> Reply {
    let Client(client) = asked.client;
    if !client.is_loopback() && !app.settings.open_metrics {
        return reply::problem(&Fault::NoPage);
    }
    let text = app.metrics.text(asked.held.engine.corpus());
    reply::text(StatusCode::OK, "application/openmetrics-text; version=1.0.0; charset=utf-8", text)
}
