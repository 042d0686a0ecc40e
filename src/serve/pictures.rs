//! The pictures of pages that were asked for last, kept in memory.

use axum::body::Bytes;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// How many bytes of pictures are kept.
const KEPT: usize = 32 << 20;

/// The pictures that were asked for last, by what they show.
#[derive(Debug, Default)]
pub(super) struct Pictures(Mutex<VecDeque<(String, Bytes)>>);

impl Pictures {
    /// A picture, if it is kept.
    pub(super) fn kept(&self, name: &str) -> Option<Bytes> {
        let pictures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pictures.iter().find(|(held, _)| held == name).map(|(_, png)| png.clone())
    }

    /// Keeps a picture, in place of those that were kept first.
    pub(super) fn keep(&self, name: String, png: &Bytes) {
        let mut pictures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pictures.push_back((name, png.clone()));
        let mut size: usize = pictures.iter().map(|(_, png)| png.len()).sum();
        while size > KEPT
            && let Some((_, first)) = pictures.pop_front()
        {
            size -= first.len();
        }
    }
}
