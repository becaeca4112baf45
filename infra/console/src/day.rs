//! What the functions of a stack measured in each of the last 24 hours. Pure.

use jiff::{SignedDuration, Timestamp};

/// The number of hours.
pub const HOURS: usize = 24;

/// A number that all functions together have for each hour: a statistic of one of their metrics.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Series {
    /// Tokens that were handed out from memory or from the tables.
    Stored,
    /// Tokens that were handed out when Amazon had issued them for the request.
    Fetched,
    /// Calls of the refresher to Login with Amazon, for tokens before they end.
    Refreshed,
    /// Calls to Login with Amazon whose time was taken.
    Calls,
    /// The milliseconds of all these calls.
    Milliseconds,
    /// The milliseconds of the longest of them.
    Longest,
}

/// A statistic of a metric.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Measure {
    /// The sum of the values.
    Sum,
    /// The number of values.
    Samples,
    /// The largest value.
    Maximum,
}

/// The functions that call Login with Amazon: those that may read a client secret.
const CALLERS: [&str; 5] =
    ["administration", "code-exchange", "get-access-token", "secret-rotation", "token-refresher"];

impl Series {
    /// Every series.
    pub const ALL: [Self; 6] =
        [Self::Stored, Self::Fetched, Self::Refreshed, Self::Calls, Self::Milliseconds, Self::Longest];

    /// The metric from which it is made, as the functions write it.
    pub fn metric(self) -> &'static str {
        match self {
            Self::Stored => "CacheHits",
            Self::Fetched => "CacheMisses",
            Self::Refreshed | Self::Calls | Self::Milliseconds | Self::Longest => "LwaLatency",
        }
    }

    /// The statistic of that metric.
    pub fn measure(self) -> Measure {
        match self {
            Self::Stored | Self::Fetched | Self::Milliseconds => Measure::Sum,
            Self::Refreshed | Self::Calls => Measure::Samples,
            Self::Longest => Measure::Maximum,
        }
    }

    /// The functions that write it, without the prefix of their stack: values of the dimension `Function`.
    pub fn functions(self) -> &'static [&'static str] {
        match self {
            Self::Stored | Self::Fetched => &["get-access-token"],
            Self::Refreshed => &["token-refresher"],
            Self::Calls | Self::Milliseconds | Self::Longest => &CALLERS,
        }
    }
}

/// The series of the last 24 hours. The last hour is the current one, and not over.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Day {
    from: Timestamp,
    values: [[u64; HOURS]; Series::ALL.len()],
}

impl Day {
    /// The 24 hours of UTC of which the last one contains `now`, without a value.
    pub fn until(now: Timestamp) -> Self {
        let began = now.as_second().div_euclid(HOUR.as_secs()) * HOUR.as_secs();
        let from = Timestamp::from_second(began).unwrap_or_default();
        Self { from: from - HOUR * 23, values: Default::default() }
    }

    /// The beginning of the first hour.
    pub fn from(&self) -> Timestamp {
        self.from
    }

    /// The end of the last hour.
    pub fn end(&self) -> Timestamp {
        self.from + HOUR * 24
    }

    /// Adds what one function measured in the hour of `at`. What is of another day is left out.
    pub fn add(&mut self, series: Series, at: Timestamp, value: u64) {
        let hour = (at.as_second() - self.from.as_second()).div_euclid(HOUR.as_secs());
        let hour = usize::try_from(hour).ok().and_then(|hour| self.values[series as usize].get_mut(hour));
        let Some(known) = hour else { return };
        *known = if series == Series::Longest { value.max(*known) } else { known.saturating_add(value) };
    }

    /// The values of a series, hour by hour.
    pub(crate) fn of(&self, series: Series) -> [u64; HOURS] {
        self.values[series as usize]
    }

    /// The milliseconds that a call took on average, hour by hour; nothing where there was none.
    pub(crate) fn average(&self) -> [Option<u64>; HOURS] {
        let (calls, milliseconds) = (self.of(Series::Calls), self.of(Series::Milliseconds));
        std::array::from_fn(|hour| milliseconds[hour].checked_div(calls[hour]))
    }

    /// The beginnings of the hours.
    pub(crate) fn hours(&self) -> [Timestamp; HOURS] {
        let mut next = self.from;
        [(); HOURS].map(|()| {
            let hour = next;
            next += HOUR;
            hour
        })
    }
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);

#[cfg(test)]
mod tests;
