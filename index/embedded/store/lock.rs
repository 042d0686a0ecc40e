//! One writer at a time: a lock file that the operating system releases when its holder dies.

use crate::answering::held::own_name;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// The interval between attempts to take a held lock.
const PAUSE: Duration = Duration::from_millis(100);

/// The lock, held until dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Why the lock was not taken.
#[derive(Debug)]
pub(crate) enum LockError {
    /// Another writer holds it; says who, in words.
    Held(String),
    /// The lock file cannot be used.
    Io(io::Error),
}

impl Lock {
    /// Takes the lock and waits for it at most this long.
    pub(crate) fn take(path: &Path, wait: Duration) -> Result<Self, LockError> {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path)
            .map_err(LockError::Io)?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(LockError::Io(error)),
                Err(TryLockError::WouldBlock) => {
                    let left = wait.saturating_sub(started.elapsed());
                    if left.is_zero() {
                        return Err(LockError::Held(holder(path)));
                    }
                    std::thread::sleep(left.min(PAUSE));
                }
            }
        }
        // Only for the messages of other writers; the lock itself does not depend on it.
        let name = own_name();
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(name.as_bytes()));
        Ok(Self { _file: file })
    }
}

fn holder(path: &Path) -> String {
    match fs::read_to_string(path) {
        Ok(name) if !name.trim().is_empty() => name.trim().to_owned(),
        _ => "another process".to_owned(),
    }
}
