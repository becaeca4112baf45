//! Slots: the places of warm tokens in the `due` index. Pure.
//!
//! A token that is kept warm is due once in each [`PERIOD`], always in the same second of it, which is its slot. A refresh changes when the
//! token is due and not its slot, so it writes nothing into the index, where a new time would cost twice as much as the token itself. All
//! other tokens have the time at which they are due in place of a slot.
//!
//! The index does not show whether a token of a slot is still due; its row does. So that a run need not read all rows of its shard, the shard
//! stores until which moment nothing is left due, and the run reads the slots of the moments after that.

use std::ops::RangeInclusive;

use jiff::{SignedDuration, Timestamp};

use super::{TokenRow, schedule::TICK};

/// The time between two refreshes of a token that is kept warm. Amazon's tokens live an hour.
pub const PERIOD: SignedDuration = SignedDuration::from_mins(45);

/// Returns the slot of a moment: the seconds since its period began, below 2,700.
pub fn slot_of(moment: Timestamp) -> i64 {
    moment.as_second().rem_euclid(PERIOD.as_secs())
}

/// Returns the latest moment of a slot that is not after `until`.
pub fn latest_in(slot: i64, until: Timestamp) -> Timestamp {
    let since = (until.as_second() - slot).rem_euclid(PERIOD.as_secs());
    Timestamp::from_second(until.as_second() - since).unwrap_or(until)
}

/// Returns the keys of the index of tokens that are due at a time of their own, up to `until`.
pub fn times(until: Timestamp) -> RangeInclusive<i64> {
    PERIOD.as_secs()..=until.as_second()
}

/// The moments whose slots one run looks at.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    done_until: Option<Timestamp>,
    until: Timestamp,
}

impl Window {
    /// Returns the moments after `done_until`, as the shard stores it, and not after `until`. A shard that stores none, or one that no run
    /// can have reached by now, has to be looked at as a whole.
    pub fn new(done_until: Option<Timestamp>, until: Timestamp) -> Self {
        Self { done_until: done_until.filter(|done| *done <= until + TICK), until }
    }

    /// Returns the ranges of slots of these moments, the earliest moment first. No slot is in two of them.
    pub fn slots(&self) -> Vec<RangeInclusive<i64>> {
        let period = PERIOD.as_secs();
        let (after, until) = (self.start().as_second(), self.until.as_second());
        if after >= until {
            return Vec::new();
        }
        let (first, last) = ((after + 1).rem_euclid(period), until.rem_euclid(period));
        if first <= last { vec![first..=last] } else { vec![first..=period - 1, 0..=last] }
    }

    /// Returns whether the shard stores a moment that can be used.
    pub fn is_known(&self) -> bool {
        self.done_until.is_some()
    }

    /// Returns the end of the window.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// Returns the moment of a token that has a slot.
    pub fn moment_of(&self, row: &TokenRow) -> Option<Timestamp> {
        row.slot().map(|slot| self.moment(slot))
    }

    /// Returns whether a token that has a slot has been due for a whole period.
    pub fn is_long_due(&self, row: &TokenRow) -> bool {
        row.slot().is_some() && row.due_at.is_some_and(|at| at <= self.until - PERIOD)
    }

    /// Returns the last moment of a slot in this window.
    pub fn moment(&self, slot: i64) -> Timestamp {
        latest_in(slot, self.until)
    }

    /// Returns the moment after which the window begins: the stored one, or a period before its end.
    pub fn start(&self) -> Timestamp {
        let period_ago = self.until - PERIOD;
        self.done_until.map_or(period_ago, |done| done.max(period_ago))
    }

    /// Returns until which moment nothing is left due after a run over this window: until its end, or until just before the moment from
    /// which the run left something due. `None` if that is not later than the window's start.
    pub fn done(&self, left_from: Option<Timestamp>) -> Option<Timestamp> {
        let done = left_from.map_or(self.until, |left| (left - SignedDuration::from_secs(1)).min(self.until));
        (done > self.start()).then_some(done)
    }
}

#[cfg(test)]
mod tests;
