//! Files that were asked for last, kept in memory up to a number of bytes.

use axum::body::Bytes;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Files by name; those that were put in first make room for others.
#[derive(Debug)]
pub(super) struct Kept {
    most: usize,
    files: Mutex<VecDeque<(String, Bytes)>>,
}

impl Kept {
    /// Keeps nothing yet, and at most so many bytes.
    pub(super) fn new(most: usize) -> Self {
        Self { most, files: Mutex::default() }
    }

    pub(super) fn get(&self, name: &str) -> Option<Bytes> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.iter().find(|(held, _)| held == name).map(|(_, bytes)| bytes.clone())
    }

    pub(super) fn put(&self, name: String, bytes: &Bytes) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.push_back((name, bytes.clone()));
        let mut size: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        while size > self.most
            && let Some((_, first)) = files.pop_front()
        {
            size -= first.len();
        }
    }
}
