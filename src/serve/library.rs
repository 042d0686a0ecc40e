//! The files of a snapshot: where they are, and what a network may see of that.

use findings_index::records::ledger::Ledger;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The files of a snapshot.
#[derive(Debug)]
pub(super) struct Library {
    /// When the index was built.
    pub(super) indexed: Timestamp,
    /// The indexed folders and files.
    pub(super) roots: Vec<PathBuf>,
    /// The files of each report, by id: its copies.
    files: BTreeMap<String, Vec<PathBuf>>,
}

impl Library {
    pub(super) fn of(ledger: Ledger) -> Self {
        let mut files: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for entry in ledger.entries {
            if let Some(report) = entry.report {
                files.entry(report).or_default().push(PathBuf::from(entry.path));
            }
        }
        Self {
            indexed: ledger.finished,
            roots: ledger.roots.into_iter().map(PathBuf::from).collect(),
            files,
        }
    }

    /// The files that a report was read from.
    pub(super) fn files_of(&self, report: &str) -> &[PathBuf] {
        self.files.get(report).map_or(&[], Vec::as_slice)
    }

    /// The path of a file as the network may see it: below the folder that was indexed.
    pub(super) fn shown(&self, path: &str) -> String {
        let path = std::path::Path::new(path);
        let below = self.roots.iter().filter_map(|root| path.strip_prefix(root).ok());
        let shortest = below.filter(|rest| !rest.as_os_str().is_empty());
        let shown = shortest.min_by_key(|rest| rest.as_os_str().len());
        let name = || path.file_name().map(std::path::Path::new);
        shown.or_else(name).unwrap_or(path).to_string_lossy().into_owned()
    }
}
