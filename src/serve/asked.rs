//! A request as pages and API take it, and how it is answered.

use super::addresses::Links;
use super::app::{App, Held};
use super::client::Client;
use super::fault::Fault;
use super::parameters::Parameters;
use super::reply::{self, HTML, Reply, Tag};
use crate::ask::Session;
use crate::render::html::page::{self, Site};
use axum::extract::FromRequestParts;
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use std::convert::Infallible;
use std::sync::Arc;

/// A request.
pub(super) struct Asked {
    pub(super) app: Arc<App>,
    /// The snapshot that answers it.
    pub(super) held: Arc<Held>,
    pub(super) client: Client,
    pub(super) headers: HeaderMap,
    /// Its parameters, without those of the basket.
    pub(super) parameters: Parameters,
    /// Where the links of its page lead.
    pub(super) links: Links,
    /// The address, as it was asked for.
    pub(super) address: String,
}

impl FromRequestParts<Arc<App>> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let prefix = app.settings.public.as_ref().map_or("", |public| public.prefix.as_str());
        let mut parameters = Parameters::of(parts.uri.query());
        let path = parts.uri.path();
        let path = path.strip_prefix(prefix).filter(|rest| rest.starts_with('/')).unwrap_or(path);
        let origin = origin(app, &parts.headers).unwrap_or_default();
        let mut links = Links { origin, prefix: prefix.to_owned(), ..Links::default() };
        if !is_of_api(path) {
            // Every page takes these; programs have no reason to send them.
            parameters.leave_out(is_of_others);
            links.kept = parameters.take_all("kept");
            links.unfolded = parameters.take_all("printed").pop();
        }
        links.here = (path.to_owned(), parameters.written());
        Ok(Self {
            app: Arc::clone(app),
            held: app.held(),
            client: *parts.extensions.get::<Client>().unwrap_or(&Client::LOCAL),
            headers: parts.headers.clone(),
            address: parts.uri.to_string(),
            parameters,
            links,
        })
    }
}

/// The address of the service without any path: the one that is known, else the one by which a request
/// calls it, which was checked when it came in.
fn origin(app: &App, headers: &HeaderMap) -> Option<String> {
    let called = || {
        let host = headers.get(HOST)?.to_str().ok()?;
        Some(format!("http://{}", host.to_ascii_lowercase()))
    };
    app.origin().or_else(called)
}

/// Whether a path, without what comes before all paths, is one of the API.
fn is_of_api(path: &str) -> bool {
    path.starts_with("/api/")
}

/// Whether a parameter is one that mail and social networks add to links that people share.
fn is_of_others(name: &str) -> bool {
    name.starts_with("utm_") || ["fbclid", "gclid", "msclkid", "mc_cid", "mc_eid"].contains(&name)
}

impl Asked {
    /// Answers with what a piece of work makes, unless the client has it already.
    pub(super) async fn answer(
        self,
        work: impl FnOnce(&Session<'_>, &Held, Request) -> Result<Reply, Fault> + Send + 'static,
    ) -> Result<Reply, Fault> {
        let Self { app, held, client, headers, parameters, links, address } = self;
        let tag = Tag::of(&app.state(&held), &address);
        if tag.is_held(&headers) {
            return Ok(tag.unchanged());
        }
        let request = Request { app: Arc::clone(&app), parameters, links };
        let answer = app.answer(client.0, held, |session, held| work(session, held, request));
        Ok(tag.put(answer.await?))
    }

    /// Answers with what a piece of work makes; what goes wrong is told in the form that was asked for.
    pub(super) async fn reply(
        self,
        work: impl FnOnce(&Session<'_>, &Held, Request) -> Result<Reply, Fault> + Send + 'static,
    ) -> Reply {
        let (app, held, links) =
            (Arc::clone(&self.app), Arc::clone(&self.held), self.links.clone());
        self.answer(work).await.unwrap_or_else(|fault| told(&app, &held, &links, &fault))
    }

    /// Answers with a page; what goes wrong is told on a page as well.
    pub(super) async fn page(
        self,
        make: impl FnOnce(
            &Session<'_>,
            &Held,
            &Site<'_>,
            Parameters,
        ) -> Result<(StatusCode, String), Fault>
        + Send
        + 'static,
    ) -> Reply {
        self.reply(move |session, held, request| {
            let Request { app, parameters, links } = request;
            let terms = held.terms(app.settings.reference.names())?;
            let site = site(&app, held, &links, terms)?;
            let (status, body) = make(session, held, &site, parameters)?;
            Ok(reply::text(status, HTML, body))
        })
        .await
    }

    /// Tells of a fault as whoever asked can read it.
    pub(super) fn refused(&self, fault: &Fault) -> Reply {
        told(&self.app, &self.held, &self.links, fault)
    }
}

/// What is left of a request once its turn has come.
pub(super) struct Request {
    pub(super) app: Arc<App>,
    pub(super) parameters: Parameters,
    pub(super) links: Links,
}

/// What every page says and links to.
pub(super) fn site<'a>(
    app: &'a App,
    held: &'a Held,
    links: &'a Links,
    terms: &'a [crate::knowledge::names::Terms],
) -> Result<Site<'a>, Fault> {
    Ok(Site {
        addresses: links,
        names: app.settings.reference.names(),
        topics: held.engine.topics()?,
        corpus: held.engine.corpus(),
        indexed: held.library()?.indexed,
        built: held.engine.built(),
        terms,
        draws: cfg!(feature = "as-printed"),
    })
}

/// Tells of a fault in the form that was asked for: as a page, as JSON, or as text where a page or JSON
/// would be saved as a table or taken for a feed.
fn told(app: &App, held: &Held, links: &Links, fault: &Fault) -> Reply {
    let path = links.here.0.as_str();
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        _ if is_of_api(path) => reply::problem(fault),
        Some("json" | "jsonl") => reply::problem(fault),
        Some("csv" | "md" | "atom" | "json-feed" | "xml" | "txt") => reply::plain(fault),
        _ => wrong(app, held, links, fault),
    }
}

/// A page that says what is wrong. Where the index cannot even say how much it holds, the problem
/// is told as it is to programs.
fn wrong(app: &App, held: &Held, links: &Links, fault: &Fault) -> Reply {
    let told = fault.problem();
    let answer = match site(app, held, links, &[]) {
        Ok(site) => reply::text(fault.status(), HTML, page::fault(&site, &told)),
        Err(_) => return reply::problem(fault),
    };
    reply::waiting(fault, answer)
}

/// What is said of addresses that are none.
pub(super) async fn none(asked: Asked) -> Reply {
    asked.refused(&Fault::NoPage)
}

/// What is said of methods that an address does not take.
pub(super) async fn method(asked: Asked) -> Reply {
    asked.refused(&Fault::Method)
}
