//! The server: pages for people and an API for programs, over one index.
//!
//! A door to the room for asking: it turns addresses into questions and answers into pages and JSON,
//! and works out no meaning itself. Once it listens it writes no file.
//!
//! ```text
//! settings    how it runs
//! listen      connections, slow clients, the end
//! too_long    what is said of requests that are too long to be read
//! guard       hosts, policies, logging
//! client      who asks
//! gate        how many are answered at once
//! app         the snapshot that answers, and when it is replaced
//! asked       a request, and how it is answered
//! parameters  the parameters of an address -> a question
//! posted      the bodies of requests
//! questions   the same -> a comparison and other questions than searches
//! refused     names the parameters that refusals are about
//! addresses   where links lead
//! conditions  conditions -> the parameters of an address
//! pages       one function for each page
//! api         one function for each address of the API
//! library     where the files of reports are
//! originals   these files
//! kept        files that were asked for last
//! publish     what a network may see of an answer
//! reply       answers as they are sent; tags by which they are kept
//! fault       what went wrong
//! metrics     counts for Prometheus
//! assets      style, script, icon
//! ```

mod addresses;
mod api;
mod app;
mod asked;
mod assets;
mod client;
mod conditions;
mod fault;
mod gate;
mod guard;
mod kept;
mod library;
mod listen;
mod metrics;
mod originals;
mod pages;
mod parameters;
mod posted;
mod publish;
mod questions;
mod refused;
mod reply;
mod settings;
#[cfg(test)]
mod tests;
mod too_long;

pub use settings::{
    Limits, Listen, ListenError, Log, Operator, PublicUrl, PublicUrlError, Settings,
};

use crate::ask::AskError;
use app::App;
use axum::Router;
use axum::middleware::from_fn_with_state;
use findings_index::OpenError;
use listen::Socket;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

/// How often the server looks for a new commit.
const LOOK: Duration = Duration::from_millis(500);

/// Why a server cannot run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The index cannot be opened.
    #[error(transparent)]
    Index(#[from] OpenError),
    /// The data that questions are read with cannot be used.
    #[error(transparent)]
    Reference(#[from] AskError),
    /// It cannot listen there.
    #[error("cannot listen at {at}")]
    Listen {
        /// Where.
        at: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The threads that answer cannot be started.
    #[error("cannot start the threads of the server")]
    Threads(#[source] io::Error),
}

/// A server that listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listening {
    /// Where, for whoever runs it.
    pub at: String,
    /// The address of its first page, if it can be opened on this machine.
    pub url: Option<String>,
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => path.display().fmt(f),
        }
    }
}

/// Serves until the process is told to end (SIGTERM, or Ctrl-C), then finishes what is under way.
/// `ready` is called once it listens.
///
/// # Errors
/// If the index cannot be opened, or it cannot listen.
pub fn run(settings: Settings, ready: impl FnOnce(&Listening)) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(ServeError::Threads)?;
    let app = Arc::new(App::new(settings)?);
    runtime.block_on(async move {
        let listen = app.settings.listen.clone();
        let unheard = |source| ServeError::Listen { at: listen.to_string(), source };
        let socket = Socket::bind(&listen).await.map_err(unheard)?;
        let bound = socket.address().map_err(unheard)?;
        if let Some(bound) = bound {
            let _ = app.bound.set(bound);
        }
        ready(&Listening {
            at: bound.map_or_else(|| listen.to_string(), |address| address.to_string()),
            url: url(&app.settings, bound),
        });
        let looking = tokio::spawn(look(Arc::clone(&app)));
        let patience = listen::Patience::default();
        listen::serve(&socket, router(&app), patience, told_to_end()).await;
        looking.abort();
        Ok(())
    })
}

/// The address of the first page for a browser on this machine.
fn url(settings: &Settings, bound: Option<SocketAddr>) -> Option<String> {
    if let Some(public) = &settings.public {
        return Some(format!("{}://{}{}/", public.scheme, public.host, public.prefix));
    }
    let mut address = bound?;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    Some(format!("http://{address}/"))
}

/// Takes up each new commit.
async fn look(app: Arc<App>) {
    let mut is_told = false;
    loop {
        tokio::time::sleep(LOOK).await;
        let taken = Arc::clone(&app);
        match tokio::task::spawn_blocking(move || taken.refresh()).await {
            Ok(Ok(is_new)) => {
                is_told = false;
                if is_new {
                    tracing::info!(generation = app.held().engine.generation(), "index replaced");
                }
            }
            // The index may be in the middle of being made anew; what is held answers meanwhile.
            Ok(Err(error)) if !is_told => {
                is_told = true;
                tracing::warn!(%error, "the index cannot be opened; the last state answers");
            }
            _ => {}
        }
    }
}

/// Waits until the process is told to end.
async fn told_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Without a way to be told, it runs until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// All addresses, with what comes before and after each.
fn router(app: &Arc<App>) -> Router {
    let prefix = app.settings.public.as_ref().map_or("", |public| public.prefix.as_str());
    let routes = Router::new().merge(pages::routes()).merge(api::routes());
    // A proxy may take the path before all others away, or leave it.
    let routes = if prefix.is_empty() {
        routes
    } else {
        Router::new().nest(prefix, routes.clone()).merge(routes)
    };
    let compressed = SizeAbove::new(1_024)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("application/pdf"));
    routes
        .fallback(asked::none)
        .method_not_allowed_fallback(asked::method)
        .layer(CompressionLayer::new().compress_when(compressed))
        .layer(from_fn_with_state(Arc::clone(app), guard::every))
        .with_state(Arc::clone(app))
}
