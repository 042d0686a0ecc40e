//! What comes in the body of a request: from whom it is taken, how much of it, and for how long.
//!
//! Only named queries are sent so, because fifty of them are too long for an address. Nothing is changed
//! by them; yet they are taken only from programs and from this server's own pages, so that no page
//! of somebody else's makes a reader's browser do work here. No body is written to a file.

use super::app::App;
use super::fault::Fault;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use std::time::Duration;
use tokio::time::timeout;

/// The most bytes of a body.
pub(super) const LARGEST: usize = 1 << 20;

/// The most queries of a body.
pub(super) const QUERIES: usize = 200;

/// How many times the time of one answer all queries together may take.
pub(super) const TIMES: u32 = 6;

/// How long a client may take to send a body.
const SENT: Duration = Duration::from_secs(15);

/// Refuses what the page of another site sent. Programs name no site.
pub(super) fn is_own(headers: &HeaderMap, app: &App) -> Result<(), Fault> {
    let site = headers.get("sec-fetch-site");
    let is_near = site.is_none_or(|site| site == "same-origin" || site == "none");
    let is_ours = headers.get_all(ORIGIN).iter().all(|origin| {
        let Ok(origin) = origin.to_str() else { return false };
        let Some((scheme, host)) = origin.split_once("://") else { return false };
        let public = app.settings.public.as_ref();
        let is_public = public.is_some_and(|public| {
            public.scheme == scheme && public.host.eq_ignore_ascii_case(host)
        });
        // The host was compared with the server's own names before the request came here.
        let asked = headers.get(HOST).and_then(|asked| asked.to_str().ok());
        is_public || asked.is_some_and(|asked| asked.eq_ignore_ascii_case(host))
    });
    if is_near && is_ours { Ok(()) } else { Err(Fault::Origin) }
}

/// Receives a body, unless it is too large or takes too long.
pub(super) async fn received(body: Body) -> Result<Bytes, Fault> {
    let late = |_| Fault::Body("the body did not arrive in time".to_owned());
    let received = timeout(SENT, to_bytes(body, LARGEST)).await.map_err(late)?;
    received.map_err(|error| {
        let source = std::error::Error::source(&error);
        match source.is_some_and(|source| source.is::<http_body_util::LengthLimitError>()) {
            true => Fault::Large(LARGEST),
            false => Fault::Body("the body did not arrive whole".to_owned()),
        }
    })
}
