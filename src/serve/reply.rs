//! Answers as they are sent: pages, JSON, files, and what went wrong.

use super::fault::Fault;
use axum::body::{Body, Bytes};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, RETRY_AFTER,
    VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use sha2::{Digest, Sha256};

/// An answer to a request.
pub(super) type Reply = Response<Body>;

/// Marks an answer that is sent without the policy of pages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unpoliced;

/// The media type of pages.
pub(super) const HTML: &str = "text/html; charset=utf-8";

/// The media type of JSON.
pub(super) const JSON: &str = "application/json";

/// The media type of tables.
pub(super) const CSV: &str = "text/csv; charset=utf-8";

/// The media type of Markdown.
pub(super) const MARKDOWN: &str = "text/markdown; charset=utf-8";

/// The media type of Atom.
pub(super) const ATOM: &str = "application/atom+xml; charset=utf-8";

/// The media type of JSON Feed.
pub(super) const JSON_FEED: &str = "application/feed+json";

/// The media type of text.
const PLAIN: &str = "text/plain; charset=utf-8";

/// The media type of problem details.
const PROBLEM: &str = "application/problem+json";

/// A status with a text of a media type.
pub(super) fn text(status: StatusCode, media: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(Body::from(body.into()));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
    reply
}

/// Leads to another address on this server.
pub(super) fn see_other(address: &str) -> Reply {
    let mut reply = text(StatusCode::SEE_OTHER, HTML, "");
    set(&mut reply, LOCATION, address);
    reply
}

/// Names a file for whoever saves it. Of other letters than these, a name has none.
pub(super) fn named(mut reply: Reply, name: &str) -> Reply {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let name: String = name.chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
    set(&mut reply, CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""));
    reply
}

/// Sets a header, unless its value has letters that no header may have.
pub(super) fn set(reply: &mut Reply, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
}

/// A file to be saved under a name.
pub(super) fn file(media: &'static str, body: impl Into<Bytes>, name: &str) -> Reply {
    named(text(StatusCode::OK, media, body), name)
}

/// The tag of an answer: what it hangs on besides the question, and the address.
#[derive(Debug, Clone)]
pub(super) struct Tag(String);

impl Tag {
    pub(super) fn of(state: &str, address: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(state);
        hash.update(address);
        let mut tag = hex::encode(hash.finalize());
        tag.truncate(20);
        Self(format!("W/\"{tag}\""))
    }

    /// Whether the client has the answer already.
    pub(super) fn is_held(&self, headers: &HeaderMap) -> bool {
        let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let own = plain(&self.0);
        headers
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|tag| plain(tag) == own || tag.trim() == "*")
    }

    /// Puts the tag on an answer, which a cache asks about every time.
    pub(super) fn put(&self, mut reply: Reply) -> Reply {
        set(&mut reply, ETAG, &self.0);
        reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        // Said of short answers and of unchanged ones as well, which are never compressed.
        reply.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
        reply
    }

    /// The answer for a client that has it already.
    pub(super) fn unchanged(&self) -> Reply {
        let mut reply = Response::new(Body::empty());
        *reply.status_mut() = StatusCode::NOT_MODIFIED;
        self.put(reply)
    }
}

/// What went wrong, as problem details.
pub(super) fn problem(fault: &Fault) -> Reply {
    let told = fault.problem();
    let body = serde_json::to_vec(&told).unwrap_or_default();
    let mut reply = text(fault.status(), PROBLEM, body);
    // What is refused now may be answered after the next commit.
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    waiting(fault, reply)
}

/// What went wrong, as text.
pub(super) fn plain(fault: &Fault) -> Reply {
    let mut reply = text(fault.status(), PLAIN, fault.problem().plain());
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    waiting(fault, reply)
}

/// Says when to try again, where that helps.
pub(super) fn waiting(fault: &Fault, mut reply: Reply) -> Reply {
    if matches!(fault, Fault::Busy | Fault::TooMany) {
        reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
    }
    if fault.status().is_server_error() {
        tracing::warn!(fault = fault as &dyn std::error::Error, "a request failed");
    }
    reply
}
