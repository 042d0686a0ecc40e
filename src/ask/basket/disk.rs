//! The file of a basket: read, and replaced as a whole by one writer after the other.

use super::Basket;
use crate::ask::whole;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Why a basket cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BasketError {
    /// There is no such file.
    #[error("there is no basket {}", file.display())]
    Missing {
        /// The file.
        file: PathBuf,
    },
    /// It cannot be read.
    #[error("cannot read the basket {}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// The fault.
        #[source]
        source: io::Error,
    },
    /// It cannot be written; it is as it was.
    #[error("cannot write the basket {}, which is as it was", file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// The fault.
        #[source]
        source: io::Error,
    },
}

/// Reads a basket.
///
/// # Errors
/// [`BasketError::Missing`] if there is none, [`BasketError::Read`] if it cannot be read.
pub fn read(file: &Path) -> Result<Basket, BasketError> {
    match fs::read(file) {
        Ok(bytes) => Ok(Basket::parse(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(BasketError::Missing { file: file.to_owned() })
        }
        Err(source) => Err(BasketError::Read { file: file.to_owned(), source }),
    }
}

/// Reads a basket, or begins one, changes it and writes it, while no other writer can.
///
/// It is written to a temporary file that then takes its place: a kill or a full disk leaves it as
/// it was. Where nothing was changed, nothing is written.
///
/// # Errors
/// [`BasketError::Read`] and [`BasketError::Write`].
pub fn change<T>(
    file: &Path,
    change: impl FnOnce(&mut Basket) -> T,
) -> Result<(T, Basket), BasketError> {
    let fails = |source| BasketError::Write { file: file.to_owned(), source };
    // A link stays, and the file that it leads to is replaced.
    let target = match fs::canonicalize(file) {
        Ok(target) => target,
        Err(error) if error.kind() == io::ErrorKind::NotFound => file.to_owned(),
        Err(source) => return Err(BasketError::Read { file: file.to_owned(), source }),
    };
    // The lock is a file of its own, which stays: the basket itself is replaced by every writer. It
    // is released when it is closed, however this ends.
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(lock_of(&target))
        .map_err(fails)?;
    lock.lock().map_err(fails)?;
    let before = match read(&target) {
        Err(BasketError::Missing { .. }) => None,
        Err(BasketError::Read { source, .. }) => {
            return Err(BasketError::Read { file: file.to_owned(), source });
        }
        other => Some(other?),
    };
    let mut basket = before.clone().unwrap_or_default();
    let answer = change(&mut basket);
    if before.unwrap_or_default() != basket {
        whole::replace(&target, &basket.text()).map_err(fails)?;
    }
    Ok((answer, basket))
}

/// Returns the file by which writers of a basket wait for each other.
fn lock_of(file: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(file.file_name().unwrap_or_default());
    name.push(".lock");
    file.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::super::{Basket, Kept};
    use super::{BasketError, change, read};
    use serde_json::Map;
    use std::{fs, thread};

    fn kept(id: String) -> Kept {
        Kept { id, note: None, query: None, kept: None, more: Map::new() }
    }

    #[test]
    fn writers_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("basket.jsonl");
        thread::scope(|scope| {
            for writer in 0..4 {
                let file = &file;
                scope.spawn(move || {
                    for number in 0..10 {
                        let add =
                            |basket: &mut Basket| basket.keep(kept(format!("{writer}/{number}")));
                        change(file, add).unwrap();
                    }
                });
            }
        });
        assert_eq!(read(&file).unwrap().kept().count(), 40);
    }

    #[test]
    fn a_basket_that_cannot_be_replaced_is_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("basket.jsonl");
        fs::write(&file, "{\"id\":\"a/1\"}\n").unwrap();
        let gone = folder.path().join("none").join("basket.jsonl");
        let add = |basket: &mut Basket| basket.keep(kept("a/2".to_owned()));
        assert!(matches!(change(&gone, add), Err(BasketError::Write { .. })));
        change(&file, |_| ()).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "{\"id\":\"a/1\"}\n");
        assert!(matches!(read(&gone), Err(BasketError::Missing { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_so_do_the_rights_of_the_file() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        symlink(&file, &link).unwrap();
        change(&link, |basket| basket.keep(kept("a/1".to_owned()))).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(read(&file).unwrap().kept().count(), 1);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
