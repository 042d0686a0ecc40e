//! A shelf as a folder of files in the index's folder.

use crate::answering::held::own_name;
use crate::engine::{SearchError, WriteError};
use crate::shelf::Shelf;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The name of the folder in the index's folder.
const FOLDER: &str = "parts";

/// A shelf in an index's folder.
#[derive(Debug)]
pub(crate) struct Folder {
    dir: PathBuf,
    /// Tells this process from all others.
    own: OnceLock<String>,
    /// How many files this process began, so that no two have one name.
    begun: AtomicUsize,
}

impl Folder {
    /// The shelf in this index's folder.
    pub(crate) fn of(index: &Path) -> Self {
        Self { dir: index.join(FOLDER), own: OnceLock::new(), begun: AtomicUsize::new(0) }
    }

    fn written(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.dir)?;
        // Another machine may read it at any time, and must not read half of it; nor may two that write it
        // at a time write into one file.
        let number = self.begun.fetch_add(1, Ordering::Relaxed);
        let own = self.own.get_or_init(|| hex::encode(&Sha256::digest(own_name())[..6]));
        let begun = self.dir.join(format!("{name}.{own}-{number}"));
        let written =
            fs::write(&begun, bytes).and_then(|()| fs::rename(&begun, self.dir.join(name)));
        written.inspect_err(|_| drop(fs::remove_file(&begun)))
    }
}

impl Shelf for Folder {
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let path = || self.dir.join(name);
        self.written(name, bytes).map_err(|source| WriteError::Io { path: path(), source })
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, SearchError> {
        match fs::read(self.dir.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(SearchError::Index { source: error.into() }),
        }
    }

    fn clear(&self) -> Result<(), WriteError> {
        match fs::remove_dir_all(&self.dir) {
            Err(source) if source.kind() != ErrorKind::NotFound => {
                Err(WriteError::Io { path: self.dir.clone(), source })
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Folder;
    use crate::shelf::Shelf as _;

    #[test]
    fn what_is_put_is_there_until_all_is_cleared() {
        let index = tempfile::tempdir().unwrap();
        let shelf = Folder::of(index.path());
        assert_eq!(shelf.get("one").unwrap(), None);
        shelf.clear().unwrap();
        shelf.put("one", b"first").unwrap();
        shelf.put("one", b"second").unwrap();
        shelf.put("two", b"").unwrap();
        let other = Folder::of(index.path());
        assert_eq!(other.get("one").unwrap().as_deref(), Some(&b"second"[..]));
        assert_eq!(other.get("two").unwrap().as_deref(), Some(&b""[..]));
        shelf.clear().unwrap();
        assert_eq!(other.get("one").unwrap(), None);
        assert_eq!(std::fs::read_dir(index.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_shelf_that_cannot_be_written_says_which_file() {
        let index = tempfile::tempdir().unwrap();
        let file = index.path().join("file");
        std::fs::write(&file, "").unwrap();
        let error = Folder::of(&file).put("one", b"first").unwrap_err().to_string();
        assert_eq!(error, format!("cannot write {}", file.join("parts").join("one").display()));
    }
}
