//! The time of an invocation: when it began, how long it may still run, and retries of transient failures within that.

use std::{cell::RefCell, future::Future, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// The first pause before a retry. Each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The longest pause of a waiter. A failure is noted for a second at least, and each waiter has to read it within that time, or it would ask
/// Amazon once more.
const LONGEST_WAIT: Duration = Duration::from_millis(800);

tokio::task_local! {
    /// The moment by which each call to AWS ends, set by [`Deadline::limiting`].
    static LIMIT: Deadline;

    /// The answer of AWS to the latest attempt within it, if that failed.
    static FAILED_ANSWER: RefCell<Option<FailedAnswer>>;
}

/// An answer of AWS that was an error. The SDK tries again, and a call that its deadline ends meanwhile returns no more than
/// that it took too long. The cause is then this answer.
#[derive(Clone, Debug)]
pub(crate) struct FailedAnswer {
    pub(crate) operation: String,
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
}

impl FailedAnswer {
    /// Keeps what the latest attempt was answered. `None` is a success.
    pub(crate) fn keep(latest: Option<Self>) {
        // Outside of every limit no call is cut short.
        let _ = FAILED_ANSWER.try_with(|kept| kept.replace(latest));
    }

    /// Returns the answer to the latest attempt at this operation, if that failed.
    pub(crate) fn latest(operation: &str) -> Option<Self> {
        let latest = FAILED_ANSWER.try_with(|kept| kept.borrow().clone()).ok().flatten();
        latest.filter(|answer| answer.operation == operation)
    }
}

/// The moment at which Lambda ends the invocation.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Instant);

impl Deadline {
    /// Returns a deadline after `remaining`.
    pub fn after(remaining: Duration) -> Self {
        Self(Instant::now() + remaining)
    }

    /// Returns the remaining time.
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Returns this deadline, or the end of `limit` if that is earlier.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self(self.0.min(Instant::now() + limit))
    }

    /// Returns a deadline that is earlier by `reserve`, for what must still be done.
    #[must_use]
    pub fn less(self, reserve: Duration) -> Self {
        Self(self.0.checked_sub(reserve).unwrap_or(self.0))
    }

    /// Runs `work`. Each call to AWS in it fails at this deadline, with an error that names the call. If the work were cancelled
    /// at the deadline, no error would say which service did not answer. Within `work`, another limit replaces this one.
    pub fn limiting<F: Future>(self, work: F) -> impl Future<Output = F::Output> {
        LIMIT.scope(self, FAILED_ANSWER.scope(RefCell::default(), work))
    }

    /// Runs `work`, which others wait for, such as the release of a lease. If less than `least` is left until the innermost limit,
    /// or none, its calls to AWS may take that long all the same.
    pub(crate) fn with_at_least<F: Future>(least: Duration, work: F) -> impl Future<Output = F::Output> {
        let (given, least) = (Self::of_calls(), Self::after(least));
        given.map_or(least, |given| Self(given.0.max(least.0))).limiting(work)
    }

    /// Returns this deadline, or that of calls if it is earlier.
    fn while_calls_may_begin(self) -> Self {
        Self::of_calls().map_or(self, |limit| Self(self.0.min(limit.0)))
    }

    /// Returns the deadline of the innermost [`Self::limiting`], if there is one.
    pub(crate) fn of_calls() -> Option<Self> {
        LIMIT.try_with(|limit| *limit).ok()
    }
}

/// When an invocation began, how long it has run, and when it must end. So time is an argument even in code that waits.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    began: Timestamp,
    since: Instant,
    deadline: Deadline,
    end: Deadline,
}

impl Clock {
    /// Returns a clock that shows `now` and runs from here until `deadline`.
    pub fn starting_at(now: Timestamp, deadline: Deadline) -> Self {
        Self { began: now, since: Instant::now(), deadline, end: deadline }
    }

    /// Returns the time at which this clock began. What an invocation records as one moment has this time.
    pub fn began(self) -> Timestamp {
        self.began
    }

    /// Returns the current time in whole seconds. Rows store whole seconds, and a decision made here must agree with
    /// a condition on a row.
    pub fn now(self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.since.elapsed()).unwrap_or(SignedDuration::MAX);
        let now = self.began.saturating_add(elapsed).unwrap_or(self.began);
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }

    /// Returns the moment at which Lambda ends the invocation, or an earlier one that the caller chose.
    pub fn deadline(self) -> Deadline {
        self.deadline
    }

    /// Returns the moment that is `limit` after this clock began, or the deadline if that is earlier.
    pub fn by(self, limit: Duration) -> Deadline {
        Deadline(self.deadline.0.min(self.since + limit))
    }

    /// Returns this clock with a deadline that is earlier by `reserve`, for what must still be done.
    #[must_use]
    pub fn less(self, reserve: Duration) -> Self {
        Self { deadline: self.deadline.less(reserve), ..self }
    }

    /// Returns a clock that begins now and has the same deadline.
    #[must_use]
    pub fn restarted(self) -> Self {
        Self { began: self.now(), since: Instant::now(), ..self }
    }

    /// Returns this clock with the moment at which Lambda ends the invocation as its deadline, for what must not be
    /// lost.
    #[must_use]
    pub fn until_the_end(self) -> Self {
        Self { deadline: self.end, ..self }
    }

    /// Returns this clock with a deadline after `limit` if that is earlier.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { deadline: self.deadline.within(limit), ..self }
    }
}

/// An error that may be transient.
pub trait Transient {
    /// Whether the same call may succeed later.
    fn is_transient(&self) -> bool;

    /// Returns how long the other side asked the caller to wait.
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}

/// Repeats `call` until it succeeds, fails permanently, or time runs out. Then it returns the last error.
pub async fn retry_until<T, E, F>(deadline: Deadline, mut call: impl FnMut() -> F) -> Result<T, E>
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

/// Growing pauses with jitter, so that calls that failed together are not retried together.
#[derive(Debug)]
pub struct Pauses {
    deadline: Deadline,
    next: Duration,
}

impl Pauses {
    /// Returns pauses that end before `deadline`, and before no call to AWS can be made any more: an attempt after that would only
    /// hide how the last one failed.
    pub fn until(deadline: Deadline) -> Self {
        Self { deadline: deadline.while_calls_may_begin(), next: FIRST_PAUSE }
    }

    /// Returns the pauses of a waiter, which stay short.
    pub fn of_waiter(deadline: Deadline) -> Self {
        Self { deadline: deadline.while_calls_may_begin(), next: FIRST_PAUSE / 2 }
    }

    /// Pauses, but not longer than `at_most`. Returns whether time remains.
    pub async fn pause_at_most(&mut self, at_most: Duration) -> bool {
        let pause = self.next.mul_f64(0.5 + 0.5 * fraction()).min(at_most);
        self.next = (self.next * 2).min(LONGEST_WAIT);
        if pause >= self.deadline.remaining() {
            return false;
        }
        tokio::time::sleep(pause).await;
        true
    }

    /// Pauses, at least for what the other side asked for. Returns whether time remains for another attempt.
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

/// Returns a random number from 0 to 1, or 1 if there is none, which only lengthens a pause.
fn fraction() -> f64 {
    let mut byte = [0];
    aws_lc_rs::rand::fill(&mut byte).map_or(1.0, |()| f64::from(byte[0]) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Passing;

    impl Transient for Passing {
        fn is_transient(&self) -> bool {
            true
        }
    }

    /// Attempts that take a second each, while calls may be made for `seconds` and others wait for ten.
    async fn attempts_within(seconds: u64) -> u32 {
        let mut attempts = 0;
        let work = async {
            let attempt = || {
                attempts += 1;
                async {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    Err::<(), _>(Passing)
                }
            };
            retry_until(Deadline::after(Duration::from_secs(10)), attempt).await
        };
        assert!(Deadline::after(Duration::from_secs(seconds)).limiting(work).await.is_err());
        attempts
    }

    #[tokio::test(start_paused = true)]
    async fn no_attempt_begins_after_the_time_for_calls_to_aws() {
        assert_eq!(attempts_within(1).await, 1);
        assert!((2..=3).contains(&attempts_within(3).await));
    }
}
