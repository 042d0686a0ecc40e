//! The files of reports as they were published.
//!
//! Only a file of the index is handed out, whose real path lies below an indexed folder and whose
//! hash is still the one that was indexed. It is read whole before its hash is compared, so that
//! what is sent is what was compared.

use super::fault::Fault;
use super::library::Library;
use axum::body::Bytes;
use findings_index::records::ReportRecord;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

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
