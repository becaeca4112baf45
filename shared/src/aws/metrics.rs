//! What an invocation counts, written at its end as a line of the log in CloudWatch's embedded metric format (EMF).
//!
//! Ours, because the crate for it (`metrics_cloudwatch_embedded` 0.10) wants a global recorder and a static collector, reads the
//! clock itself and brings two crates along, for what is some dozens of lines here. A metric's dimension is part of its type,
//! so that nothing of a partner's becomes one.

mod emf;
mod metric;

use std::{
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

pub use self::{emf::NAMESPACE, metric::Metric};

/// EMF takes so many values of one metric; of more, every second is left out.
const MOST_VALUES: usize = 100;

/// An environment that does nothing but hand out what is kept writes no more often than this: a line takes 5 µs, as long as half
/// of such an invocation, and one a minute next to nothing. What it has not written when it ends is lost, which is hits alone.
const HITS_WAIT: SignedDuration = SignedDuration::from_secs(60);

/// What is counted from one invocation to the next. Clones count together.
#[derive(Clone)]
pub struct Metrics(Arc<Counting>);

/// An invocation under way: when it is dropped, what was counted is written, however it ended.
#[derive(Debug)]
pub struct Invocation<'m> {
    metrics: &'m Metrics,
    function: &'m str,
    now: Timestamp,
}

struct Counting {
    counted: Mutex<Counted>,
    write: Box<dyn Fn(&str) + Send + Sync>,
}

#[derive(Default)]
struct Counted {
    series: Vec<Series>,
    written_at: Option<Timestamp>,
}

struct Series {
    metric: Metric,
    values: Values,
}

enum Values {
    Sum(u64),
    Each { values: Vec<i64>, one_in: u32, skip: u32 },
}

impl Metrics {
    /// Metrics whose lines go to `write`, each without a line feed.
    #[must_use]
    pub fn written_by(write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Counting { counted: Mutex::default(), write: Box::new(write) }))
    }

    /// One more.
    pub fn count(&self, metric: Metric) {
        self.add(metric, 1);
    }

    /// So many more.
    pub fn add(&self, metric: Metric, more: u64) {
        match self.counted().values_of(metric, || Values::Sum(0)) {
            Values::Sum(sum) => *sum = sum.saturating_add(more),
            Values::Each { .. } => {}
        }
    }

    /// A value of its own: a duration, or a number of days.
    pub fn record(&self, metric: Metric, value: i64) {
        let none = || Values::Each { values: Vec::new(), one_in: 1, skip: 0 };
        self.counted().values_of(metric, none).record(value);
    }

    /// How long something took, in milliseconds.
    pub fn record_millis(&self, metric: Metric, took: Duration) {
        self.record(metric, i64::try_from(took.as_millis()).unwrap_or(i64::MAX));
    }

    /// Begins an invocation of `function` at `now`.
    #[must_use]
    pub fn invocation<'m>(&'m self, function: &'m str, now: Timestamp) -> Invocation<'m> {
        Invocation { metrics: self, function, now }
    }

    /// Writes what was counted, unless it is hits alone and something was written within the last minute.
    pub fn write(&self, function: &str, now: Timestamp) {
        self.write_if(function, now, |counted| {
            let lately = counted.written_at.is_some_and(|at| (at..at + HITS_WAIT).contains(&now));
            !lately || counted.series.iter().any(|series| series.metric != Metric::CacheHits)
        });
    }

    /// Writes what was counted, at once.
    pub fn write_all(&self, function: &str, now: Timestamp) {
        self.write_if(function, now, |_| true);
    }

    fn write_if(&self, function: &str, now: Timestamp, is_due: impl FnOnce(&Counted) -> bool) {
        let mut counted = self.counted();
        if counted.series.is_empty() || !is_due(&counted) {
            return;
        }
        counted.written_at = Some(now);
        let series = mem::take(&mut counted.series);
        drop(counted);
        for line in emf::lines(function, now, &series) {
            (self.0.write)(&line);
        }
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.0.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Metrics that nobody reads.
impl Default for Metrics {
    fn default() -> Self {
        Self::written_by(|_| ())
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Metrics")
    }
}

impl Drop for Invocation<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.metrics.count(Metric::Internal);
        }
        self.metrics.write(self.function, self.now);
    }
}

impl Counted {
    fn values_of(&mut self, metric: Metric, none: impl FnOnce() -> Values) -> &mut Values {
        let at = self.series.iter().position(|series| series.metric == metric).unwrap_or_else(|| {
            self.series.push(Series { metric, values: none() });
            self.series.len() - 1
        });
        &mut self.series[at].values
    }
}

impl Values {
    /// Of more values than may be written, an even choice is kept.
    fn record(&mut self, value: i64) {
        let Self::Each { values, one_in, skip } = self else { return };
        if *skip > 0 {
            *skip -= 1;
            return;
        }
        if values.len() == MOST_VALUES {
            let mut keep = false;
            values.retain(|_| {
                keep = !keep;
                keep
            });
            *one_in *= 2;
        }
        values.push(value);
        *skip = *one_in - 1;
    }
}

/// How many whole days there are from `now` until `end`; below zero once it has passed.
#[must_use]
pub fn whole_days(now: Timestamp, end: Timestamp) -> i64 {
    end.duration_since(now).as_secs().div_euclid(24 * 3600)
}

#[cfg(test)]
mod tests;
