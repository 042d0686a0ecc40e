//! The files of reports as they were published.
//!
//! Only a file of the index is handed out, whose real path lies below an indexed folder and whose
//! hash is still the one that was indexed. It is read whole before its hash is compared, so that
//! what is sent is what was compared.

use super::fault::Fault;
use super::kept::Kept;
use super::library::Library;
use axum::body::Bytes;
use findings_index::records::ReportRecord;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The largest file that is handed out.
const LARGEST: u64 = 256 << 20;

/// How many bytes of files are kept in memory: viewers of PDFs ask for one in many pieces.
const KEPT: usize = 64 << 20;

/// The files that were asked for last, by hash and path.
#[derive(Debug)]
pub(super) struct Originals(Kept);

impl Originals {
    pub(super) fn new() -> Self {
        Self(Kept::new(KEPT))
    }

    /// Reads the file of a report.
    ///
    /// # Errors
    /// If the file has moved, has changed, or lies outside the folders that were indexed.
    pub(super) fn read(&self, report: &ReportRecord, library: &Library) -> Result<Bytes, Fault> {
        let path = located(report, library)?;
        let name = format!("{} {}", report.sha256, path.display());
        // A file that has another length is read and compared again.
        let length = fs::metadata(&path).map(|metadata| metadata.len()).ok();
        if let Some(bytes) = self.0.get(&name)
            && length == Some(bytes.len() as u64)
        {
            return Ok(bytes);
        }
        let bytes = Bytes::from(contents(&path)?);
        if hex::encode(Sha256::digest(&bytes)) != report.sha256 {
            return Err(Fault::File(
                "the file has changed since it was indexed, so it is not shown".to_owned(),
            ));
        }
        self.0.put(name, &bytes);
        Ok(bytes)
    }
}

/// Finds the real path of a report's file, below an indexed folder: of several copies the first that
/// is there.
pub(super) fn located(report: &ReportRecord, library: &Library) -> Result<PathBuf, Fault> {
    let mut why = "the file is no longer where it was when it was indexed";
    for path in library.files_of(&report.id) {
        let Ok(real) = path.canonicalize() else { continue };
        let mut roots = library.roots.iter().filter_map(|root| root.canonicalize().ok());
        if roots.any(|root| real.starts_with(root)) {
            return Ok(real);
        }
        why = "the file leads out of the folders that were indexed, so it is not shown";
    }
    Err(Fault::File(why.to_owned()))
}

fn contents(path: &Path) -> Result<Vec<u8>, Fault> {
    let unread = |_| Fault::File("the file can no longer be read".to_owned());
    let metadata = fs::metadata(path).map_err(unread)?;
    if !metadata.is_file() || metadata.len() > LARGEST {
        return Err(Fault::File("the file is too large to be shown".to_owned()));
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(unread)?.take(LARGEST).read_to_end(&mut bytes).map_err(unread)?;
    Ok(bytes)
}
