//! What comes before and after every request: where it may come from, and what browsers are told.

use super::app::App;
use super::client::{Client, client};
use super::fault::Fault;
use super::reply::{self, Unpoliced};
use super::settings::{Listen, Log};
use axum::extract::connect_info::ConnectInfo;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HOST, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

/// What a page may load, and where it may be shown: only its own style, script and pictures.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Checks the host, finds the client, and counts and logs the answer.
pub(super) async fn every(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<IpAddr>,
    mut request: Request,
    next: Next,
) -> reply::Reply {
    let began = Instant::now();
    let client = client(&app.settings.proxies, peer, request.headers());
    request.extensions_mut().insert(Client(client));
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let asked = request.uri().clone();
    let is_known = is_known(&app, request.headers(), request.uri().host());
    let mut answer = if is_known { next.run(request).await } else { reply::problem(&Fault::Host) };
    let is_policed = answer.extensions().get::<Unpoliced>().is_none();
    let headers = answer.headers_mut();
    let policies: [(HeaderName, &'static str); 5] = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        // The reports are published elsewhere, and every combination of filters is an address.
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ];
    let page = is_policed.then_some((CONTENT_SECURITY_POLICY, POLICY));
    for (name, policy) in policies.into_iter().chain(page) {
        headers.entry(name).or_insert(HeaderValue::from_static(policy));
    }
    let route = route.as_deref().unwrap_or("none");
    let (status, took) = (answer.status(), began.elapsed());
    app.metrics.answered(route, status, took);
    let (status, milliseconds) = (status.as_u16(), took.as_secs_f64() * 1e3);
    match app.settings.log {
        Log::Faults => {}
        Log::Requests => tracing::info!(%client, route, status, milliseconds, "answered"),
        Log::Questions => tracing::info!(%client, %asked, status, milliseconds, "answered"),
    }
    answer
}

/// Whether the server goes by the name that a request gives it. A page of somebody else's whose name
/// leads to this machine does not.
fn is_known(app: &App, headers: &HeaderMap, of_address: Option<&str>) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let Ok(host) = host.to_str() else { return false };
    let host = host.to_ascii_lowercase();
    let name = name_of(&host);
    if of_address.is_some_and(|other| !other.eq_ignore_ascii_case(name)) {
        return false;
    }
    let settings = &app.settings;
    let is_public = settings.public.as_ref().is_some_and(|public| public.host == host);
    let is_allowed = settings
        .hosts
        .iter()
        .any(|known| known.eq_ignore_ascii_case(&host) || known.eq_ignore_ascii_case(name));
    let is_own = match &settings.listen {
        Listen::Unix(_) => name == "localhost",
        Listen::Tcp(address) if address.ip().is_loopback() => {
            let own = name.trim_matches(['[', ']']).parse::<IpAddr>();
            name == "localhost" || own.is_ok_and(|own| own.is_loopback())
        }
        Listen::Tcp(address) => {
            let own = name.trim_matches(['[', ']']).parse::<IpAddr>();
            own.is_ok_and(|own| {
                own == address.ip() || (own.is_loopback() && address.ip().is_unspecified())
            })
        }
    };
    is_public || is_allowed || is_own
}

/// The name in a host, without its port.
fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port))
            if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            name
        }
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn a_name_is_a_host_without_its_port() {
        for (host, name) in [
            ("localhost:7700", "localhost"),
            ("localhost", "localhost"),
            ("[::1]:7700", "[::1]"),
            ("[::1]", "[::1]"),
            ("127.0.0.1:80", "127.0.0.1"),
        ] {
            assert_eq!(name_of(host), name, "{host}");
        }
    }
}
