//! The clock of the local stack, which a test or a person can move forward.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};

/// The system clock plus an offset that only grows. Clones share the offset.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_seconds: Arc<AtomicI64>,
}

impl Clock {
    /// Returns a clock that is `offset_seconds` ahead of the system clock, for a stack that continues an earlier run.
    pub fn ahead_by(offset_seconds: i64) -> Self {
        Self { offset_seconds: Arc::new(AtomicI64::new(offset_seconds)) }
    }

    /// Returns the current time of the local stack.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the simulated clock is the local stack's one reader of the real one"
    )]
    pub fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(self.offset_seconds())
    }

    /// Moves the clock forward.
    pub fn advance(&self, seconds: u32) {
        self.offset_seconds.fetch_add(i64::from(seconds), Ordering::SeqCst);
    }

    /// Returns by how many seconds this clock is ahead of the system clock.
    pub fn offset_seconds(&self) -> i64 {
        self.offset_seconds.load(Ordering::SeqCst)
    }
}
