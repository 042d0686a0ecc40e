//! What somebody has read of an index: all that came up to one build.
//!
//! The mark is a small file next to the index, which outlives its formats as the history does; that
//! of an index on other machines is in a folder on this one. It names the build that was *read*, not the last one when it was written: whatever is committed
//! between reading and marking is new the next time. What is new is what came strictly later, so
//! that nothing is told twice.
//!
//! What is typed of it is read in `since`.

use super::whole;
use findings_index::Engine;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The name of the file, next to the folders of the index's formats.
pub const FILE: &str = "mark.json";

/// The most bytes of a mark: many times what one needs.
const LARGEST: u64 = 65_536;

/// Up to which build somebody has read what is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// When the last build that was read began; see [`Engine::built`].
    pub marked: Timestamp,
    /// The name of its commit.
    pub generation: String,
    /// When it was marked.
    pub when: Timestamp,
}

impl Mark {
    /// Marks what an engine answers from as read, now.
    #[must_use]
    pub fn of(engine: &dyn Engine, now: Timestamp) -> Self {
        Self { marked: engine.built(), generation: engine.generation().to_owned(), when: now }
    }

    /// The first moment that is later than the build that was marked.
    #[must_use]
    pub fn next(&self) -> Timestamp {
        // Builds begin at whole milliseconds.
        let next = SignedDuration::from_millis(1);
        self.marked.checked_add(next).unwrap_or(Timestamp::MAX)
    }
}

/// Why a mark cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MarkError {
    /// The file cannot be read.
    #[error("cannot read the mark {}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// The fault.
        #[source]
        source: io::Error,
    },
    /// The file is not a mark.
    #[error("{} is not a mark of what was read", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// The fault.
        #[source]
        source: serde_json::Error,
    },
    /// The file cannot be written; it is as it was.
    #[error("cannot write the mark {}, which is as it was", file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// The fault.
        #[source]
        source: io::Error,
    },
}

/// Reads the mark in a folder; `None` if nothing was ever marked.
///
/// # Errors
/// [`MarkError::Read`] and [`MarkError::Damaged`].
pub fn read(folder: &Path) -> Result<Option<Mark>, MarkError> {
    let file = folder.join(FILE);
    let failed = |source| MarkError::Read { file: file.clone(), source };
    let mut text = Vec::new();
    match File::open(&file) {
        Ok(open) => open.take(LARGEST).read_to_end(&mut text).map_err(failed)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(failed(source)),
    };
    serde_json::from_slice(&text)
        .map(Some)
        .map_err(|source| MarkError::Damaged { file: file.clone(), source })
}

/// Writes a mark into a folder, which is created if there is none. A kill or a full disk leaves the
/// one before.
///
/// # Errors
/// [`MarkError::Write`].
pub fn write(folder: &Path, mark: &Mark) -> Result<(), MarkError> {
    let file = folder.join(FILE);
    let failed = |source| MarkError::Write { file: file.clone(), source };
    let mut text = serde_json::to_vec(mark).map_err(|error| failed(error.into()))?;
    text.push(b'\n');
    fs::create_dir_all(folder).map_err(failed)?;
    // A link stays, and the file that it leads to is replaced.
    let target = fs::canonicalize(&file).unwrap_or_else(|_| file.clone());
    whole::replace(&target, &text).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::{FILE, Mark, MarkError, read, write};
    use jiff::Timestamp;
    use std::fs;

    fn mark(second: i64) -> Mark {
        let time = Timestamp::from_second(second).unwrap();
        Mark { marked: time, generation: format!("g{second}"), when: time }
    }

    #[test]
    fn a_mark_is_read_as_it_was_written_and_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()).unwrap(), None);
        for second in [1, 2] {
            write(folder.path(), &mark(second)).unwrap();
            assert_eq!(read(folder.path()).unwrap(), Some(mark(second)));
        }
        let text = fs::read_to_string(folder.path().join(FILE)).unwrap();
        insta::assert_snapshot!(text, @r#"{"marked":"1970-01-01T00:00:02Z","generation":"g2","when":"1970-01-01T00:00:02Z"}"#);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_new_is_strictly_later_than_the_build_that_was_marked() {
        assert_eq!(mark(3).next(), "1970-01-01T00:00:03.001Z".parse().unwrap());
        let last = Mark { marked: Timestamp::MAX, ..mark(3) };
        assert_eq!(last.next(), Timestamp::MAX);
    }

    #[test]
    fn a_file_that_is_no_mark_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["", "{}", "{\"marked\":\"yesterday\"}", &"[".repeat(100_000)] {
            fs::write(folder.path().join(FILE), text).unwrap();
            assert!(matches!(read(folder.path()), Err(MarkError::Damaged { .. })));
        }
        fs::remove_file(folder.path().join(FILE)).unwrap();
        fs::create_dir(folder.path().join(FILE)).unwrap();
        assert!(matches!(read(folder.path()), Err(MarkError::Read { .. })));
        assert!(matches!(write(folder.path(), &mark(1)), Err(MarkError::Write { .. })));
    }
}
