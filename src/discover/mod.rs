//! Finds the files below the given paths and recognises their formats by their first bytes.
//!
//! It follows symbolic links, skips hidden files and the index itself, and opens only regular
//! files. It reads no file whole: what a report says is the business of `extract` and later
//! stages. No fault below a root stops the search; a path that gives no file becomes a
//! [`BadPath`].

mod sniff;

pub use sniff::{Content, HEAD, sniff};

use findings_index::records::ledger::{FileError, NoReport, NotAReport};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use walkdir::{DirEntry, WalkDir};

/// A path that cannot be searched at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoverError {
    /// No path was given.
    #[error("no folder or file is named")]
    NoRoots,
    /// A given path does not exist.
    #[error("there is no file or folder `{}`", path.display())]
    Missing {
        /// The path as given.
        path: PathBuf,
    },
    /// A given path exists but cannot be looked at.
    #[error("cannot look at `{}`", path.display())]
    Io {
        /// The path as given.
        path: PathBuf,
        /// The fault.
        #[source]
        source: io::Error,
    },
}

/// A regular file below a root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its absolute path, for opening it.
    pub path: PathBuf,
    /// The absolute path as text, with bytes that are not UTF-8 written as `\xNN`.
    pub name: String,
    /// The path below the root as text; the file's name where the root is the file.
    pub below: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Time of last change in nanoseconds since 1970; 0 where the system does not say.
    pub modified: i128,
}

impl SourceFile {
    /// Reads the beginning of the file and determines what it is.
    ///
    /// # Errors
    /// The file cannot be opened or read.
    pub fn content(&self) -> io::Result<Content> {
        let mut head = Vec::with_capacity(HEAD.min(usize::try_from(self.bytes).unwrap_or(HEAD)));
        File::open(&self.path)?.take(HEAD as u64).read_to_end(&mut head)?;
        let whole = head.len() as u64 >= self.bytes && head.len() < HEAD;
        Ok(sniff(&head, whole, &self.path))
    }

    /// SHA-256 of its bytes, in hexadecimal digits.
    ///
    /// # Errors
    /// The file cannot be opened or read.
    pub fn sha256(&self) -> io::Result<String> {
        let mut reader = BufReader::with_capacity(64 << 10, File::open(&self.path)?);
        let mut hasher = Sha256::new();
        loop {
            let chunk = reader.fill_buf()?;
            if chunk.is_empty() {
                return Ok(hex::encode(hasher.finalize()));
            }
            hasher.update(chunk);
            let read = chunk.len();
            reader.consume(read);
        }
    }
}

/// A path below a root that gives no regular file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPath {
    /// The absolute path as text, in the form of [`SourceFile::name`].
    pub name: String,
    /// What is wrong: either the path cannot be read, so that something may be there, or what is
    /// there is known not to be a report.
    pub why: NoReport,
}

/// The files found below the roots, and the paths that gave none.
#[derive(Debug, Default)]
pub struct Discovered {
    /// The files, sorted by their names, each once.
    pub files: Vec<SourceFile>,
    /// The paths that gave no file, sorted by name.
    pub bad: Vec<BadPath>,
}

/// Resolves the roots to absolute paths without links or `..`, sorted, each once.
///
/// # Errors
/// None was given, or one does not exist or cannot be looked at.
pub fn roots(given: &[PathBuf]) -> Result<Vec<PathBuf>, DiscoverError> {
    if given.is_empty() {
        return Err(DiscoverError::NoRoots);
    }
    let mut roots = Vec::with_capacity(given.len());
    for path in given {
        roots.push(path.canonicalize().map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => DiscoverError::Missing { path: path.clone() },
            _ => DiscoverError::Io { path: path.clone(), source },
        })?);
    }
    roots.sort();
    roots.dedup();
    Ok(roots)
}

/// Lists the files below the roots, which [`roots`] has made absolute. Leaves out the folder
/// `index`, and every file and folder whose name begins with a dot.
#[must_use]
pub fn find(roots: &[PathBuf], index: Option<&Path>) -> Discovered {
    let index = index.and_then(|index| index.canonicalize().ok());
    let mut found = Discovered::default();
    for root in roots {
        let walk = WalkDir::new(root).follow_links(true).into_iter();
        for entry in walk.filter_entry(|entry| !is_skipped(entry, index.as_deref())) {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => match source_file(root, &entry) {
                    Ok(file) => found.files.push(file),
                    Err(bad) => found.bad.push(bad),
                },
                // The folder to which a loop leads is walked at its own place.
                Err(error) if error.loop_ancestor().is_some() => {}
                Err(error) => found.bad.push(unlisted(root, error)),
            }
        }
    }
    // One root may be inside another.
    found.files.sort_by(|a, b| a.name.cmp(&b.name).then(b.below.len().cmp(&a.below.len())));
    found.files.dedup_by(|later, first| later.name == first.name);
    found.bad.sort_by(|a, b| a.name.cmp(&b.name));
    found.bad.dedup_by(|later, first| later.name == first.name);
    found
}

/// Converts a path to text, so that different paths have different text.
#[must_use]
pub fn name_of(path: &Path) -> String {
    let mut name = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        name.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(name, "\\x{byte:02X}");
        }
    }
    name
}

fn is_skipped(entry: &DirEntry, index: Option<&Path>) -> bool {
    if entry.depth() == 0 {
        // A path that the user names is wanted, whatever its name.
        return false;
    }
    entry.file_name().as_encoded_bytes().starts_with(b".")
        || (entry.file_type().is_dir()
            && index.is_some_and(|index| {
                // Links are resolved only to recognise the index.
                entry.path() == index
                    || (entry.path_is_symlink()
                        && entry.path().canonicalize().is_ok_and(|path| path == index))
            }))
}

fn source_file(root: &Path, entry: &DirEntry) -> Result<SourceFile, BadPath> {
    let name = name_of(entry.path());
    let bad = |why: NoReport| BadPath { name: name.clone(), why };
    let metadata = entry.metadata().map_err(|error| bad(cause(error).into()))?;
    if !metadata.is_file() {
        return Err(bad(NotAReport::SpecialFile.into()));
    }
    let below = match entry.path().strip_prefix(root) {
        Ok(below) if !below.as_os_str().is_empty() => name_of(below),
        _ => entry.path().file_name().map_or_else(String::new, |file| name_of(Path::new(file))),
    };
    Ok(SourceFile {
        path: entry.path().to_owned(),
        below,
        bytes: metadata.len(),
        modified: metadata.modified().map_or(0, nanoseconds),
        name,
    })
}

fn unlisted(root: &Path, error: walkdir::Error) -> BadPath {
    let path = error.path().unwrap_or(root).to_owned();
    let is_dangling = path.is_symlink() && !path.exists();
    let why = if is_dangling { FileError::DanglingLink } else { cause(error) };
    BadPath { name: name_of(&path), why: why.into() }
}

fn cause(error: walkdir::Error) -> FileError {
    error.into_io_error().map_or(FileError::Unlisted, FileError::from)
}

fn nanoseconds(time: SystemTime) -> i128 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i128::try_from(since.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(found: &Discovered) -> Vec<&str> {
        found.files.iter().map(|file| file.below.as_str()).collect()
    }

    #[test]
    fn files_come_sorted_and_without_the_hidden_and_the_index() {
        let folder = tempfile::tempdir().unwrap();
        let index = folder.path().join("my-index");
        for file in ["b.txt", "a/z.txt", ".hidden", ".findings/x", "my-index/segment", "a/.b/c"] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "text").unwrap();
        }
        let roots = roots(&[folder.path().to_owned()]).unwrap();
        let found = find(&roots, Some(&index));
        assert_eq!(names(&found), ["a/z.txt", "b.txt"]);
        assert!(found.bad.is_empty());
        assert_eq!(found.files[0].bytes, 4);
        assert!(found.files[0].modified > 1_000_000_000_000_000_000);
    }

    #[test]
    fn a_file_below_two_roots_is_found_once() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        fs::write(folder.path().join("a/x.txt"), "text").unwrap();
        let given =
            [folder.path().to_owned(), folder.path().join("a"), folder.path().join("a/x.txt")];
        let found = find(&roots(&given).unwrap(), None);
        assert_eq!(names(&found), ["a/x.txt"]);
    }

    #[test]
    fn a_root_that_does_not_exist_is_an_error() {
        let error = roots(&[PathBuf::from("no/such/folder")]).unwrap_err();
        insta::assert_snapshot!(error, @"there is no file or folder `no/such/folder`");
        insta::assert_snapshot!(roots(&[]).unwrap_err(), @"no folder or file is named");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_loops_are_harmless() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join("far.txt"), "text").unwrap();
        symlink(elsewhere.path(), folder.path().join("link")).unwrap();
        symlink(folder.path(), folder.path().join("loop")).unwrap();
        symlink("nowhere", folder.path().join("broken")).unwrap();
        let found = find(&roots(&[folder.path().to_owned()]).unwrap(), None);
        assert_eq!(names(&found), ["link/far.txt"]);
        assert_eq!(found.bad.len(), 1);
        assert_eq!(found.bad[0].why, FileError::DanglingLink.into());
    }

    #[cfg(unix)]
    #[test]
    fn a_socket_is_named_and_never_opened() {
        let folder = tempfile::tempdir().unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("s")).unwrap();
        let found = find(&roots(&[folder.path().to_owned()]).unwrap(), None);
        assert!(found.files.is_empty());
        assert_eq!(found.bad[0].why, NotAReport::SpecialFile.into());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_no_utf8_stay_apart() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let one = name_of(Path::new(OsStr::from_bytes(b"a\xff.txt")));
        let other = name_of(Path::new(OsStr::from_bytes(b"a\xfe.txt")));
        assert_eq!(one, "a\\xFF.txt");
        assert_ne!(one, other);
    }
}
