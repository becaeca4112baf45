//! The metrics of an invocation, written at its end as a log line in CloudWatch's embedded metric format (EMF).
//!
//! There is a crate for it (`metrics_cloudwatch_embedded` 0.10), but it needs a global recorder and a static
//! collector, reads the clock itself and adds two more crates, to replace a few dozen lines here. A metric's
//! dimension is part of its type, so that no value of a partner becomes a dimension.

mod emf;
mod metric;

use std::{
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

pub use self::metric::Metric;

/// How often at most an environment writes a line if it only hands out stored tokens. A line takes 5 µs, half the
/// time of such an invocation. What is not written when the environment ends is lost; only hits can be.
const HITS_WAIT: SignedDuration = SignedDuration::from_secs(60);

/// The metrics of a function, counted across invocations. Clones share their counts.
#[derive(Clone)]
pub struct Metrics(Arc<Counting>);

/// A running invocation. When it is dropped, the metrics are written, however the invocation ended.
#[derive(Debug)]
pub struct Invocation<'m> {
    metrics: &'m Metrics,
    function: &'m str,
    now: Timestamp,
}

struct Counting {
    counted: Mutex<Counted>,
    namespace: String,
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
    Each(Vec<i64>),
}

impl Metrics {
    /// Passes lines to `write`, each without a line feed. `namespace` is that of CloudWatch: the name of the stack.
    pub fn written_by(namespace: &str, write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        let (namespace, write) = (namespace.to_owned(), Box::new(write));
        Self(Arc::new(Counting { counted: Mutex::default(), namespace, write }))
    }

    /// Counts one.
    pub fn count(&self, metric: Metric) {
        self.add(metric, 1);
    }

    /// Counts `more` at a time.
    pub fn add(&self, metric: Metric, more: u64) {
        match self.counted().values_of(metric, || Values::Sum(0)) {
            Values::Sum(sum) => *sum = sum.saturating_add(more),
            Values::Each(_) => {}
        }
    }

    /// Adds a value: a duration, or a number of days.
    pub fn record(&self, metric: Metric, value: i64) {
        match self.counted().values_of(metric, || Values::Each(Vec::new())) {
            Values::Each(values) => values.push(value),
            Values::Sum(_) => {}
        }
    }

    /// Adds a duration in milliseconds.
    pub fn record_millis(&self, metric: Metric, took: Duration) {
        self.record(metric, i64::try_from(took.as_millis()).unwrap_or(i64::MAX));
    }

    /// Begins an invocation of `function` at `now`.
    pub fn invocation<'m>(&'m self, function: &'m str, now: Timestamp) -> Invocation<'m> {
        Invocation { metrics: self, function, now }
    }

    /// Writes what was counted, unless it is only hits and a line was written within the last minute.
    pub fn write(&self, function: &str, now: Timestamp) {
        self.write_if(function, now, |counted| {
            let lately = counted.written_at.is_some_and(|at| (at..at + HITS_WAIT).contains(&now));
            !lately || counted.series.iter().any(|series| series.metric != Metric::CacheHits)
        });
    }

    /// Writes what was counted, immediately.
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
        for line in emf::lines(&self.0.namespace, function, now, &series) {
            (self.0.write)(&line);
        }
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.0.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Metrics that are not written.
impl Default for Metrics {
    fn default() -> Self {
        Self::written_by("", |_| ())
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

/// Returns the number of whole days from `now` until `end`. It is negative after `end`.
pub fn whole_days(now: Timestamp, end: Timestamp) -> i64 {
    end.duration_since(now).as_secs().div_euclid(24 * 3600)
}

#[cfg(test)]
mod tests;
