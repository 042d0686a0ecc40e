//! The files of reports as they were published.

use crate::serve::asked::Asked;
use crate::serve::reply::{self, Reply, Unpoliced};
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header::{ACCEPT_RANGES, CONTENT_RANGE, RANGE};
use axum::http::{HeaderValue, StatusCode};

/// The address of a file.
pub(super) async fn original(Path(report): Path<String>, asked: Asked) -> Reply {
    let range = asked.headers.get(RANGE).cloned();
    asked
        .reply(move |session, held, request| {
            let report = session.report(&report)?;
            let library = held.library()?;
            let bytes = request.app.originals.read(&report, library)?;
            let is_pdf = bytes.starts_with(b"%PDF");
            let name = library.files_of(&report.id).first().and_then(|path| path.file_name());
            let name = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Ok(sent(&bytes, is_pdf, &name, range.as_ref()))
        })
        .await
}

/// Sends a file, or the part of it that was asked for. A PDF is shown in the browser, without the
/// policy of pages, which breaks viewers; anything else is saved as plain text: a report in HTML must
/// not run as if it were ours.
fn sent(bytes: &Bytes, is_pdf: bool, name: &str, range: Option<&HeaderValue>) -> Reply {
    let media = if is_pdf { "application/pdf" } else { "text/plain; charset=utf-8" };
    let part =
        range.and_then(|range| range.to_str().ok()).and_then(|range| part(range, bytes.len()));
    let mut reply = match part {
        None => reply::text(StatusCode::OK, media, bytes.clone()),
        Some(Err(())) => {
            let mut reply = reply::text(StatusCode::RANGE_NOT_SATISFIABLE, media, Bytes::new());
            reply::set(&mut reply, CONTENT_RANGE, &format!("bytes */{}", bytes.len()));
            return reply;
        }
        Some(Ok((first, last))) => {
            let piece = bytes.slice(first..=last);
            let mut reply = reply::text(StatusCode::PARTIAL_CONTENT, media, piece);
            reply::set(&mut reply, CONTENT_RANGE, &format!("bytes {first}-{last}/{}", bytes.len()));
            reply
        }
    };
    reply::set(&mut reply, ACCEPT_RANGES, "bytes");
    if is_pdf {
        reply.extensions_mut().insert(Unpoliced);
        return reply;
    }
    reply::named(reply, name)
}

/// Reads which bytes are asked for, the first and the last. `None` where the whole is to be sent:
/// several parts, and other units, are not served.
fn part(range: &str, length: usize) -> Option<Result<(usize, usize), ()>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| text.trim().parse::<usize>();
    let (first, last) = match (first.trim(), last.trim()) {
        ("", last) => {
            let last = number(last).ok()?;
            if last == 0 {
                return Some(Err(()));
            }
            (length.saturating_sub(last), length.saturating_sub(1))
        }
        (first, "") => (number(first).ok()?, length.saturating_sub(1)),
        (first, last) => (number(first).ok()?, number(last).ok()?.min(length.saturating_sub(1))),
    };
    Some(if first < length && first <= last { Ok((first, last)) } else { Err(()) })
}
