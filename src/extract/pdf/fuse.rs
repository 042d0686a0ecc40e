//! Limits the time and the work that one file may cost.
//!
//! The interpreter's callbacks cannot return an error, so a blown fuse unwinds with [`Blown`],
//! which `read` catches.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::time::{Duration, Instant};

/// The reason why reading was given up, used as the payload of the unwinding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blown {
    Time,
    Work,
}

/// Limits the time and the number of glyphs and drawing operations of one file.
pub(super) struct Fuse {
    deadline: Instant,
    events: Cell<u64>,
}

/// The number of events between two looks at the clock.
const TICK: u64 = 1024;

impl Fuse {
    /// A page of dense text has 5,000 glyphs; drawings have a few thousand paths.
    const EVENTS_PER_PAGE: u64 = 50_000;
    const EVENTS_PER_FILE: u64 = 1_000_000;

    pub(super) fn new(seconds: u32, pages: usize) -> Self {
        Self {
            deadline: Instant::now() + Duration::from_secs(seconds.into()),
            events: Cell::new(Self::EVENTS_PER_FILE + Self::EVENTS_PER_PAGE * pages as u64),
        }
    }

    /// Counts one event; unwinds if there were too many.
    pub(super) fn burn(&self) {
        let left = self.events.get();
        if left == 0 {
            // Unlike a panic, this prints nothing: the outcome is an ordinary error.
            resume_unwind(Box::new(Blown::Work));
        }
        self.events.set(left - 1);
        if left.is_multiple_of(TICK) {
            self.check_time();
        }
    }

    /// Looks at the clock, for work that is not counted in events; unwinds if time is up.
    pub(super) fn check_time(&self) {
        if Instant::now() >= self.deadline {
            resume_unwind(Box::new(Blown::Time));
        }
    }
}
