//! How long an invocation may still run, and what it does with the time when a call fails in passing.

use std::{future::Future, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// The first pause before a call is repeated; each next one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A waiter looks at least this often.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// The moment at which Lambda ends the invocation.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Instant);

impl Deadline {
    /// A deadline this far away.
    #[must_use]
    pub fn after(remaining: Duration) -> Self {
        Self(Instant::now() + remaining)
    }

    /// How much time is left.
    #[must_use]
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// This deadline, or an earlier one if `limit` ends before it.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self(self.0.min(Instant::now() + limit))
    }

    /// A deadline that leaves `reserve` for what comes after.
    #[must_use]
    pub fn less(self, reserve: Duration) -> Self {
        Self(self.0.checked_sub(reserve).unwrap_or(self.0))
    }
}

/// The present, told from the moment at which an invocation began: time is an argument even where it passes.
#[derive(Clone, Copy, Debug)]
pub struct Present {
    began: Timestamp,
    since: Instant,
}

impl Present {
    /// `now` is this very moment.
    #[must_use]
    pub fn starting_at(now: Timestamp) -> Self {
        Self { began: now, since: Instant::now() }
    }

    /// The moment that it has become since, to the whole second: rows know no finer, and a decision that is made here
    /// must be the one that a condition on a row makes.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.since.elapsed()).unwrap_or(SignedDuration::MAX);
        let now = self.began.saturating_add(elapsed).unwrap_or(self.began);
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }
}

/// An error that may pass.
pub trait Transient {
    /// Whether the same call may succeed later.
    fn is_transient(&self) -> bool;

    /// How long the other side asked us to wait.
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}

/// Repeats `call` until it succeeds, fails for good, or time runs out; then the last error is returned.
pub async fn patiently<T, E, F>(deadline: Deadline, mut call: impl FnMut() -> F) -> Result<T, E>
where
    E: Transient,
    F: Future<Output = Result<T, E>>,
{
    let mut pauses = Pauses::until(deadline);
    loop {
        let answer = call().await;
        match &answer {
            Err(error) if error.is_transient() => {
                if !pauses.pause(error.retry_after()).await {
                    return answer;
                }
            }
            _ => return answer,
        }
    }
}

/// Growing pauses with jitter, so that many that failed together do not come back together.
#[derive(Debug)]
pub struct Pauses {
    deadline: Deadline,
    next: Duration,
}

impl Pauses {
    /// Pauses that never outlast `deadline`.
    #[must_use]
    pub fn until(deadline: Deadline) -> Self {
        Self { deadline, next: FIRST_PAUSE }
    }

    /// Pauses of a waiter, who looks again soon and never much later than the other side can be done.
    #[must_use]
    pub fn of_waiter(deadline: Deadline) -> Self {
        Self { deadline, next: FIRST_PAUSE / 2 }
    }

    /// Pauses, but no longer than `at_most`, and tells whether there is still time to look again.
    pub async fn pause_at_most(&mut self, at_most: Duration) -> bool {
        let pause = self.next.mul_f64(0.5 + 0.5 * fraction()).min(at_most);
        self.next = (self.next * 2).min(LONGEST_WAIT);
        if pause >= self.deadline.remaining() {
            return false;
        }
        tokio::time::sleep(pause).await;
        true
    }

    /// Pauses, and tells whether there is still time to try again. `at_least` is what the other side asked for.
    pub async fn pause(&mut self, at_least: Option<Duration>) -> bool {
        let pause = self.next.mul_f64(0.5 + 0.5 * fraction()).max(at_least.unwrap_or_default());
        self.next = (self.next * 2).min(LONGEST_PAUSE);
        if pause >= self.deadline.remaining() {
            return false;
        }
        tokio::time::sleep(pause).await;
        true
    }
}

/// A random number from 0 to 1; 1 if there is none to be had, which only lengthens a pause.
fn fraction() -> f64 {
    let mut byte = [0];
    aws_lc_rs::rand::fill(&mut byte).map_or(1.0, |()| f64::from(byte[0]) / 255.0)
}
