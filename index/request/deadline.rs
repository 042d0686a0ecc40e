//! When a search is given up. Whoever does long work asks now and then; the search then fails as a
//! whole rather than answering in part.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The end of the time that a search may take.
#[derive(Debug, Default)]
pub(crate) struct Deadline {
    end: Option<Instant>,
    has_passed: AtomicBool,
}

impl Deadline {
    /// So many milliseconds from now, or never.
    pub(crate) fn after(milliseconds: Option<u64>) -> Self {
        let time = milliseconds.map(Duration::from_millis);
        let end = time.and_then(|time| Instant::now().checked_add(time));
        Self { end, has_passed: AtomicBool::new(false) }
    }

    /// Looks at the clock.
    pub(crate) fn has_passed(&self) -> bool {
        if self.was_noticed() {
            return true;
        }
        let has_passed = self.end.is_some_and(|end| Instant::now() >= end);
        if has_passed {
            self.has_passed.store(true, Ordering::Relaxed);
        }
        has_passed
    }

    /// Whether anybody found that it has passed, and may have left work undone.
    pub(crate) fn was_noticed(&self) -> bool {
        self.has_passed.load(Ordering::Relaxed)
    }
}
