//! What the service says of itself: to people, to browsers and to crawlers.

use crate::render::html::page::{self, Statement};
use crate::serve::asked::Asked;
use crate::serve::assets;
use crate::serve::fault::Fault;
use crate::serve::reply::{self, Reply};
use axum::http::StatusCode;
use maud::html;
use std::sync::Arc;

/// What crawlers are told: the reports are published elsewhere, and every combination of filters is
/// an address.
const ROBOTS: &str = "User-agent: *\nDisallow: /\n";

pub(super) async fn accessibility(asked: Asked) -> Reply {
    let app = Arc::clone(&asked.app);
    asked
        .page(move |_, _, site, parameters| {
            parameters.end(&[])?;
            let operator = &app.settings.operator;
            let statement = Statement {
                name: operator.name.as_deref(),
                contact: operator.contact.as_deref(),
                reviewed: operator.reviewed.as_deref(),
            };
            Ok((StatusCode::OK, page::accessibility(site, &statement)))
        })
        .await
}

pub(super) async fn robots() -> Reply {
    reply::text(StatusCode::OK, "text/plain; charset=utf-8", ROBOTS)
}

/// The description by which a browser adds the service to its search engines. It needs the address
/// of the service, which is never taken from a request.
pub(super) async fn search_engine(asked: Asked) -> Reply {
    let Some(base) = asked.app.base() else {
        return asked.refused(&Fault::NoPage);
    };
    let name = match asked.app.settings.operator.name.as_deref() {
        // Browsers cut longer names.
        Some(name) if name.chars().count() <= 6 => format!("Findings {name}"),
        _ => "Findings".to_owned(),
    };
    let icon = format!("/assets/{}/icon.svg", assets::version());
    let description = html! {
        OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/" {
            ShortName { (name) }
            Description { "Search inspection reports" }
            InputEncoding { "UTF-8" }
            Image width="16" height="16" type="image/svg+xml" { (base) (icon) }
            Url type="text/html" method="get" template={ (base) "/search?q={searchTerms}" } {}
            Url rel="self" type="application/opensearchdescription+xml" template={ (base) "/opensearch.xml" } {}
        }
    };
    let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", description.into_string());
    reply::text(StatusCode::OK, "application/opensearchdescription+xml; charset=utf-8", body)
}
