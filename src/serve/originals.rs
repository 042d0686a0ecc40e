//! The files of reports as they were published.
//!
//! Only a file of the index is handed out, whose real path lies below an indexed folder and whose
//! hash is still the one that was indexed. It is read whole before its hash is compared, so that
//! what is sent is what was compared.

use super::app::Library;
use super::asked::{Asked, wrong};
use super::fault::Fault;
use super::reply::{self, Reply};
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_RANGE, CONTENT_SECURITY_POLICY, HeaderName, RANGE,
};
use axum::http::{HeaderValue, StatusCode};
use findings_index::records::ReportRecord;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// The largest file that is handed out.
const LARGEST: u64 = 256 << 20;

/// How many bytes of files are kept in memory: viewers of PDFs ask for one in many pieces.
const KEPT: usize = 64 << 20;

/// The files that were asked for last, by hash.
#[derive(Debug, Default)]
pub(super) struct Originals(Mutex<VecDeque<(String, PathBuf, Bytes)>>);

impl Originals {
    /// Reads the file of a report.
    ///
    /// # Errors
    /// If the file has moved, has changed, or lies outside the folders that were indexed.
    pub(super) fn read(&self, report: &ReportRecord, library: &Library) -> Result<Bytes, Fault> {
        let path = located(report, library)?;
        if let Some(bytes) = self.kept(&report.sha256, &path) {
            return Ok(bytes);
        }
        let bytes = Bytes::from(contents(&path)?);
        if hex::encode(Sha256::digest(&bytes)) != report.sha256 {
            return Err(Fault::File(
                "the file has changed since it was indexed, so it is not shown".to_owned(),
            ));
        }
        self.keep(&report.sha256, path, &bytes);
        Ok(bytes)
    }

    fn kept(&self, hash: &str, path: &std::path::Path) -> Option<Bytes> {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (.., bytes) = files.iter().find(|(held, at, _)| held == hash && at == path)?;
        // A file that was replaced meanwhile is read and compared again.
        let metadata = fs::metadata(path).ok()?;
        (metadata.len() == bytes.len() as u64).then(|| bytes.clone())
    }

    fn keep(&self, hash: &str, path: PathBuf, bytes: &Bytes) {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.push_back((hash.to_owned(), path, bytes.clone()));
        let mut size: usize = files.iter().map(|(.., bytes)| bytes.len()).sum();
        while size > KEPT
            && let Some((.., first)) = files.pop_front()
        {
            size -= first.len();
        }
    }
}

/// The address of a file.
pub(super) async fn original(Path(report): Path<String>, asked: Asked) -> Reply {
    let (app, held, links) = (Arc::clone(&asked.app), Arc::clone(&asked.held), asked.links.clone());
    let range = asked.headers.get(RANGE).cloned();
    let made = asked.answer(move |session, held, request| {
        let report = session.report(&report)?;
        let library = held.library()?;
        let bytes = request.app.originals.read(&report, library)?;
        let is_pdf = bytes.starts_with(b"%PDF");
        let name = library.files.get(&report.id).and_then(|path| path.file_name());
        let name = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(sent(&bytes, is_pdf, &name, range.as_ref()))
    });
    match made.await {
        Ok(reply) => reply,
        Err(fault) => wrong(&app, &held, &links, &fault),
    }
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
            set(&mut reply, CONTENT_RANGE, &format!("bytes */{}", bytes.len()));
            return reply;
        }
        Some(Ok((first, last))) => {
            let piece = bytes.slice(first..=last);
            let mut reply = reply::text(StatusCode::PARTIAL_CONTENT, media, piece);
            set(&mut reply, CONTENT_RANGE, &format!("bytes {first}-{last}/{}", bytes.len()));
            reply
        }
    };
    set(&mut reply, ACCEPT_RANGES, "bytes");
    if is_pdf {
        set(&mut reply, CONTENT_SECURITY_POLICY, "");
        return reply;
    }
    reply::named(reply, name)
}

fn set(reply: &mut Reply, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
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

/// Finds the real path of a report's file, below an indexed folder.
pub(super) fn located(report: &ReportRecord, library: &Library) -> Result<PathBuf, Fault> {
    let moved = || Fault::File("the file is no longer where it was when it was indexed".to_owned());
    let path = library.files.get(&report.id).ok_or_else(moved)?;
    let real = path.canonicalize().map_err(|_| moved())?;
    let mut roots = library.roots.iter().filter_map(|root| root.canonicalize().ok());
    if !roots.any(|root| real.starts_with(root)) {
        return Err(Fault::File(
            "the file leads out of the folders that were indexed, so it is not shown".to_owned(),
        ));
    }
    Ok(real)
}

fn contents(path: &std::path::Path) -> Result<Vec<u8>, Fault> {
    let unread = |_| Fault::File("the file can no longer be read".to_owned());
    let metadata = fs::metadata(path).map_err(unread)?;
    if !metadata.is_file() || metadata.len() > LARGEST {
        return Err(Fault::File("the file is too large to be shown".to_owned()));
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(unread)?.take(LARGEST).read_to_end(&mut bytes).map_err(unread)?;
    Ok(bytes)
}
