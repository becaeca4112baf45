//! The pace of requests for restricted data tokens. Amazon counts them for each application and selling partner (F§6), so all
//! environments share what is left. The decisions are pure; `store` reads and writes the row.

use jiff::{SignedDuration, Timestamp};

/// How many requests may come together. Amazon allows ten (F§6). Two are spare: our clocks show whole seconds and differ a little, and a
/// request may reach Amazon a second late, together with those after it.
const BURST: i32 = 8;

/// The time between requests while no answer of Amazon's has named another rate: one a second (F§6).
const USUAL_INTERVAL: SignedDuration = SignedDuration::from_secs(1);

/// The rates that are believed, in requests a second.
const RATES: std::ops::RangeInclusive<f64> = 0.01..=100.0;

/// The longest wait for a turn. With a call to Amazon (5 s) it stays within the [lease](super::LEASE).
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(2);

/// The requests that Amazon still allows for one partner: a bucket that each request takes one from, and that fills by one in each
/// interval.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bucket {
    full_at: Timestamp,
    interval: SignedDuration,
}

/// Whether a request may be made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Turn {
    /// After this pause.
    After(SignedDuration),
    /// Not yet: the requests that came first take all that Amazon allows until this moment, which is a whole second.
    NotBefore(Timestamp),
}

impl Default for Bucket {
    fn default() -> Self {
        Self { full_at: Timestamp::UNIX_EPOCH, interval: USUAL_INTERVAL }
    }
}

impl Bucket {
    /// Returns the bucket of a row, whose attributes count milliseconds.
    pub fn of_row(full_at_ms: i64, interval_ms: i64) -> Self {
        let full_at = Timestamp::from_millisecond(full_at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        Self {
            full_at,
            interval: SignedDuration::from_millis(interval_ms).max(SignedDuration::from_millis(1)),
        }
    }

    /// Returns when the bucket is full, in milliseconds since 1970.
    pub fn full_at_ms(self) -> i64 {
        self.full_at.as_millisecond()
    }

    /// Returns the time in which one more request is allowed, in milliseconds.
    pub fn interval_ms(self) -> i64 {
        i64::try_from(self.interval.as_millis()).unwrap_or(i64::MAX)
    }

    /// Returns whether the bucket is full.
    pub fn is_full(self, now: Timestamp) -> bool {
        self.full_at <= now
    }

    /// Decides on one more request, which can wait that long for its turn.
    pub fn turn(self, longest_wait: SignedDuration, now: Timestamp) -> Turn {
        let pause = self.after_one_more(now).full_at.duration_since(now) - self.interval * BURST;
        if pause <= longest_wait {
            return Turn::After(pause.max(SignedDuration::ZERO));
        }
        Turn::NotBefore(whole_second_after(now + pause))
    }

    /// Returns the bucket after one more request.
    #[must_use]
    pub fn after_one_more(self, now: Timestamp) -> Self {
        Self { full_at: self.full_at.max(now) + self.interval, ..self }
    }

    /// Returns the latest bucket of the same rate in which a request has its turn after `longest_wait` at the latest.
    #[must_use]
    pub fn latest(self, longest_wait: SignedDuration, now: Timestamp) -> Self {
        Self { full_at: now + longest_wait + self.interval * (BURST - 1), ..self }
    }

    /// Returns the bucket after Amazon refused a request: it is empty at Amazon, because others ask for tokens of this application too, and
    /// the next request comes after the pause that Amazon asked for.
    #[must_use]
    pub fn emptied(self, retry_after: Option<SignedDuration>, now: Timestamp) -> Self {
        let pause = retry_after.unwrap_or_default().max(self.interval);
        Self { full_at: self.full_at.max(now + pause + self.interval * (BURST - 1)), ..self }
    }

    /// Returns the bucket with the rate that an answer of Amazon's names, in requests a second; unchanged if it names none that is believed.
    #[must_use]
    pub fn with_rate(self, rate: Option<f64>) -> Self {
        let believed = rate.filter(|rate| RATES.contains(rate));
        let interval = believed.map(|rate| SignedDuration::from_secs_f64(1.0 / rate));
        let whole = |interval: SignedDuration| {
            SignedDuration::from_millis(i64::try_from(interval.as_millis()).unwrap_or(i64::MAX))
        };
        Self { interval: interval.map_or(self.interval, whole), ..self }
    }
}

fn whole_second_after(moment: Timestamp) -> Timestamp {
    let second = moment.as_second() + i64::from(moment.subsec_nanosecond() > 0);
    Timestamp::from_second(second).unwrap_or(moment)
}

#[cfg(test)]
mod tests;
