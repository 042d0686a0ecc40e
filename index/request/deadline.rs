//! When a request is abandoned.
//!
//! Long work checks the deadline now and then; the request then fails as a whole and never gives a
//! partial answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The end of the time that an answer may take. Clones are the same deadline: one goes to the code
/// that answers, another is kept to cancel the work from another thread.
#[derive(Debug, Clone, Default)]
pub struct Deadline(Arc<State>);

#[derive(Debug, Default)]
struct State {
    limit: Option<Duration>,
    end: Option<Instant>,
    has_passed: AtomicBool,
    is_cancelled: Arc<AtomicBool>,
}

impl Deadline {
    /// A deadline this long from now.
    #[must_use]
    pub fn after(limit: Duration) -> Self {
        let end = Instant::now().checked_add(limit);
        Self(Arc::new(State { limit: Some(limit), end, ..State::default() }))
    }

    /// A deadline that passes only through [`Deadline::cancel`].
    #[must_use]
    pub fn never() -> Self {
        Self::default()
    }

    /// Stops all work done under this deadline as soon as that work next checks it.
    pub fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// A deadline with the same time limit starting now, for the next of several answers.
    /// Cancelling one cancels the other.
    #[must_use]
    pub fn renewed(&self) -> Self {
        let limit = self.0.limit;
        let end = limit.and_then(|limit| Instant::now().checked_add(limit));
        let is_cancelled = self.0.is_cancelled.clone();
        Self(Arc::new(State { limit, end, has_passed: AtomicBool::new(false), is_cancelled }))
    }

    /// Whether it was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Relaxed)
    }

    /// How long the answer may take; `None` if there is no limit.
    #[must_use]
    pub fn limit(&self) -> Option<Duration> {
        self.0.limit
    }

    /// How long the answer may still take; `None` if there is no limit.
    #[must_use]
    pub fn left(&self) -> Option<Duration> {
        self.0.end.map(|end| end.saturating_duration_since(Instant::now()))
    }

    /// Checks the clock, and whether the work was cancelled.
    #[must_use]
    pub fn has_passed(&self) -> bool {
        if self.was_noticed() {
            return true;
        }
        let has_passed = self.0.end.is_some_and(|end| Instant::now() >= end);
        if has_passed {
            self.0.has_passed.store(true, Ordering::Relaxed);
        }
        has_passed
    }

    /// Whether a check has found it to have passed, so that work may have been left undone.
    #[must_use]
    pub fn was_noticed(&self) -> bool {
        self.0.has_passed.load(Ordering::Relaxed) || self.is_cancelled()
    }
}

#[cfg(test)]
mod tests {
    use super::Deadline;
    use std::time::Duration;

    #[test]
    fn passes_in_time_or_when_it_is_cancelled_through_any_clone() {
        assert!(Deadline::after(Duration::ZERO).has_passed());
        let kept = Deadline::after(Duration::from_secs(3_600));
        let handed = kept.clone();
        assert!(!handed.has_passed() && !handed.was_noticed());
        kept.cancel();
        assert!(handed.has_passed() && handed.was_noticed() && handed.is_cancelled());
        assert!(!Deadline::never().has_passed());
    }
}
