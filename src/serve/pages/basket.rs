//! The page of the basket, and what is kept as files.
//!
//! The server stores no basket: what is kept is in the address.

use crate::ask::Session;
use crate::ask::basket::{Basket, FILE, Filled, Kept};
use crate::render::html::page::{self, Addresses, BasketFormat, To};
use crate::render::{csv, markdown};
use crate::serve::addresses::Links;
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::reply::{self, Reply};
use axum::http::StatusCode;
use serde_json::Map;

/// The page of the basket.
pub(super) async fn basket(asked: Asked) -> Reply {
    asked
        .page(|session, _, site, parameters| {
            parameters.end(&[])?;
            let filled = session.fill(&of(site.addresses.kept()))?;
            Ok((StatusCode::OK, page::basket(site, &filled)))
        })
        .await
}

/// What is kept as a file.
pub(super) async fn file(asked: Asked, format: BasketFormat) -> Reply {
    asked
        .reply(move |session, _, request| {
            request.parameters.end(&[])?;
            written(session, &of(&request.links.kept), format, &request.links)
        })
        .await
}

/// A basket of ids. When they were kept, and for what, only the browser knows.
fn of(ids: &[String]) -> Basket {
    let mut basket = Basket::default();
    for id in ids {
        let kept = Kept { id: id.clone(), note: None, query: None, kept: None, more: Map::new() };
        basket.keep(kept);
    }
    basket
}

fn written(
    session: &Session<'_>,
    basket: &Basket,
    format: BasketFormat,
    links: &Links,
) -> Result<Reply, Fault> {
    let link = |id: &str| links.whole(To::Paragraph { id, marks: None });
    let filled = || -> Result<Filled, Fault> { Ok(session.fill(basket)?) };
    let mut body = Vec::new();
    let media = match format {
        BasketFormat::Basket => {
            body = basket.text();
            "application/jsonl; charset=utf-8"
        }
        BasketFormat::Csv => {
            csv::basket(&filled()?.kept, Some(&link), true, &mut body)
                .map_err(|_| Fault::Broken)?;
            reply::CSV
        }
        BasketFormat::Markdown => {
            markdown::basket(&filled()?, Some(&link), &mut body).map_err(|_| Fault::Broken)?;
            reply::MARKDOWN
        }
    };
    let name = match format {
        BasketFormat::Basket => FILE.to_owned(),
        other => format!("findings-basket.{}", other.extension()),
    };
    Ok(reply::file(media, body, &name))
}
