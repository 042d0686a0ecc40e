//! The topics, and one of them.

use super::saved;
use crate::answer::counts::{self, TopicCount};
use crate::ask::Session;
use crate::render::html::page::{self, FileFormat};
use crate::render::{csv, json};
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::reply::Reply;
use axum::extract::Path;
use axum::http::StatusCode;

/// Counts the topics that fit what was typed, or all where nothing was.
fn counted(session: &Session<'_>, typed: &str) -> Result<Vec<TopicCount>, Fault> {
    let (engine, deadline) = (session.engine, &session.deadline);
    if typed.is_empty() {
        return Ok(counts::all(engine, deadline)?);
    }
    Ok(counts::of(engine, deadline, &session.topics_like(typed)?)?)
}

pub(super) async fn list(asked: Asked) -> Reply {
    asked
        .page(|session, _, site, mut parameters| {
            let typed = parameters.take("q")?.unwrap_or_default();
            parameters.end(&["q"])?;
            let topics = counted(session, &typed)?;
            Ok((StatusCode::OK, page::topics(site, &typed, &topics)))
        })
        .await
}

pub(super) async fn one(Path(id): Path<String>, asked: Asked) -> Reply {
    asked
        .page(move |session, _, site, parameters| {
            parameters.end(&[])?;
            let id = session.topic_id(&id)?;
            let topic = session.engine.topics()?.get(&id).ok_or(Fault::NoPage)?;
            let detail = counts::detail(session.engine, &session.deadline, topic)?;
            Ok((StatusCode::OK, page::topic(site, &detail)))
        })
        .await
}

pub(super) async fn file(asked: Asked, format: FileFormat) -> Reply {
    asked
        .reply(move |session, _, request| {
            let mut parameters = request.parameters;
            let typed = parameters.take("q")?.unwrap_or_default();
            parameters.end(&["q"])?;
            let topics = counted(session, &typed)?;
            saved("topics", format, |out| match format {
                FileFormat::Csv => csv::topics(&topics, true, out),
                _ => json::value(&topics, json::Layout::Pretty, out),
            })
        })
        .await
}
