//! Decides when to request a new client secret, and which of two secrets is newer. Pure.
//!
//! A request is the destructive step: if it succeeds, the old secret ends in seven days, and the new one arrives only
//! through the queue (F§5.1). So requests are rare, and made only if messages are known to arrive through the queue.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{history::actor::Who, secret::Fingerprint};

/// How long the old secret works after a rotation (F§5.1).
pub const OVERLAP: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long after a request there is no other one, whatever the outcome.
pub const ASK_AT_MOST_EVERY: SignedDuration = SignedDuration::from_hours(24);

/// How long after a request the new secret must arrive. After that, an alarm is raised.
pub const SHOULD_COME_WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// The earliest end that a notification alone can announce. An earlier one leaves no time to ask anybody.
const ANNOUNCED_AT_LEAST: SignedDuration = SignedDuration::from_hours(8 * 24);

/// The latest end that a notification alone can announce: the life of a secret (F§5.1), and a day for clocks.
const ANNOUNCED_AT_MOST: SignedDuration = SignedDuration::from_hours(181 * 24);

/// By how much two dates of one end may differ.
const SAME_END: SignedDuration = SignedDuration::from_hours(24);

/// How many days before the end of a secret an event is recorded, largest first.
const STAGES: [i64; 3] = [90, 30, 7];

/// How many secrets' dates are stored: the current one, the previous one, and one in flight each way.
const DATES_KEPT: usize = 4;

/// What is stored about an application's client secrets, apart from the secrets.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Rotation {
    /// Rises with every change. It is the condition of the next change and the key of its history record.
    pub revision: u64,
    /// When a new secret for this client last arrived through the queue that Amazon accepted. Nothing else proves that the
    /// queue is Amazon's and subscribed.
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub notified_at: Option<Timestamp>,
    /// When a new secret was last requested, or may have been.
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub asked_at: Option<Timestamp>,
    /// When Amazon last refused to issue a new secret.
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub refused_at: Option<Timestamp>,
    /// When a new secret last arrived and was promoted.
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub received_at: Option<Timestamp>,
    /// The announced end that was last reported as doubtful.
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub doubted_end: Option<Timestamp>,
    /// The time of the request that was last reported as failed.
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub missed_ask: Option<Timestamp>,
    /// The last reminder that a secret ends: its number of days, and the secret.
    #[serde(default)]
    pub reported: Option<(i64, Fingerprint)>,
    /// The fingerprint of the secret whose promotion is in the history.
    #[serde(default)]
    pub promoted: Option<Fingerprint>,
    /// When secrets end, in epoch seconds, by their fingerprints, where Amazon said so.
    #[serde(default)]
    pub ends: BTreeMap<String, i64>,
}

/// Why no new secret is requested while none has come through the queue (F§5.1).
pub const NO_NOTIFICATION_YET: &str = "no new client secret of this client has ever come through the queue, so one might be lost, and \
    the current one ends 7 days after a request; hint: subscribe the queue in Amazon's portal, and press rotate there once: the \
    new secret comes through the queue by itself, or else can be set from the portal; an operator may also insist";

/// What a notification about the end of the current secret is worth. Nothing in it can be proved.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Announcement {
    /// It says what is known, or the first that is said about it.
    Believed,
    /// It says when another secret ends.
    OfAnother,
    /// It is reported to operators and changes nothing, for this reason.
    Doubted(&'static str),
}

/// Who wants a new secret.
#[derive(Clone, Debug)]
pub enum Asker {
    /// The schedule, which wants one before the current one ends.
    Schedule,
    /// An operator, who wants one now.
    Operator {
        /// The operator.
        who: Who,
        /// Whether the operator wants it even if it may be lost.
        insists: bool,
    },
}

/// Whether to request a new secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ask {
    /// Request one, for this reason.
    Now(&'static str),
    /// Do not request one, for this reason.
    Not(&'static str),
}

impl Rotation {
    /// Returns when the secret with this fingerprint ends. `stored` is the date stored with it. A secret that Amazon
    /// may have replaced ends with its overlap, whatever its date is.
    pub fn end_of(&self, secret: &Fingerprint, stored: Option<Timestamp>) -> Option<Timestamp> {
        let end = self.reported_end_of(secret).or(stored);
        match self.unanswered_ask() {
            Some(asked_at) => Some(end.map_or(asked_at + OVERLAP, |end| end.min(asked_at + OVERLAP))),
            None => end,
        }
    }

    /// Returns the end of the secret according to Amazon: the date by which two secrets are compared.
    pub fn reported_end_of(&self, secret: &Fingerprint) -> Option<Timestamp> {
        self.ends.get(secret.as_str()).and_then(|end| Timestamp::from_second(*end).ok())
    }

    /// Returns whether to request a new secret now. `end` is when the current one ends. Neither the schedule nor an
    /// operator gets one before an accepted one has come through the queue, unless the operator insists.
    pub fn ask(&self, end: Option<Timestamp>, lead: SignedDuration, asker: &Asker, now: Timestamp) -> Ask {
        if self.asked_at.max(self.refused_at).is_some_and(|asked_at| now < asked_at + ASK_AT_MOST_EVERY) {
            return Ask::Not("a new secret was requested within the last 24 hours");
        }
        match (asker, end) {
            (Asker::Schedule, None) => Ask::Not("it is not known when the secret ends"),
            (Asker::Schedule, Some(end)) if end.duration_since(now) > lead => {
                Ask::Not("the secret is valid for longer than the lead time")
            }
            (Asker::Operator { insists: true, .. }, _) => {
                Ask::Now("an operator asked for it, even if it might be lost")
            }
            _ if self.notified_at.is_none() => Ask::Not(NO_NOTIFICATION_YET),
            (Asker::Operator { insists: false, .. }, _) => Ask::Now("an operator asked for it"),
            (Asker::Schedule, Some(_)) => Ask::Now("the secret ends within the lead time"),
        }
    }

    /// Returns the time of a request whose secret should have arrived by now and has not, if that was not reported.
    pub fn missed(&self, now: Timestamp) -> Option<Timestamp> {
        self.unanswered_ask()
            .filter(|asked_at| now >= *asked_at + SHOULD_COME_WITHIN && self.missed_ask != Some(*asked_at))
    }

    /// Returns the number of days of the reminder that is now due for this secret, if it was not sent.
    pub fn stage_to_report(
        &self,
        secret: &Fingerprint,
        end: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<i64> {
        let left = end?.duration_since(now);
        let stage = STAGES.into_iter().filter(|days| left <= SignedDuration::from_hours(days * 24)).min()?;
        match &self.reported {
            Some((reported, of)) if of == secret && *reported <= stage => None,
            _ => Some(stage),
        }
    }

    /// Assesses a notification that says that the secret with this fingerprint ends at `announced`. `stored` is the date
    /// stored with the secret. Only a date that fits what is known is believed: a forged early one would have Amazon asked
    /// for a new secret, and a forged late one would keep it from being asked in time.
    pub fn assess(
        &self,
        secret: &Fingerprint,
        stored: Option<Timestamp>,
        announced: Timestamp,
        now: Timestamp,
    ) -> Announcement {
        let is_announced = |end: Timestamp| announced.duration_since(end).abs() <= SAME_END;
        let known = [self.reported_end_of(secret).or(stored), self.end_of(secret, stored)];
        if known.into_iter().flatten().any(is_announced) {
            return Announcement::Believed;
        }
        let mut others = self.ends.iter().filter(|(other, _)| *other != secret.as_str());
        if others.any(|(_, end)| Timestamp::from_second(*end).is_ok_and(is_announced)) {
            return Announcement::OfAnother;
        }
        if known.into_iter().flatten().next().is_some() {
            return Announcement::Doubted("another end is known");
        }
        let left = announced.duration_since(now);
        if left < ANNOUNCED_AT_LEAST {
            return Announcement::Doubted("that is less than 8 days ahead");
        }
        if left > ANNOUNCED_AT_MOST {
            return Announcement::Doubted("no client secret is valid for that long");
        }
        Announcement::Believed
    }

    /// Records when a secret ends. The earlier of two dates counts, because Amazon shortens the life of a secret and
    /// never extends it.
    pub fn record_end(&mut self, secret: &Fingerprint, end: Timestamp) {
        let end = end.as_second();
        self.ends
            .entry(secret.as_str().to_owned())
            .and_modify(|known| *known = end.min(*known))
            .or_insert(end);
        while self.ends.len() > DATES_KEPT
            && let Some(earliest) =
                self.ends.iter().min_by_key(|(_, end)| **end).map(|(secret, _)| secret.clone())
        {
            self.ends.remove(&earliest);
        }
    }

    fn unanswered_ask(&self) -> Option<Timestamp> {
        self.asked_at.filter(|asked_at| self.received_at.is_none_or(|received_at| received_at < *asked_at))
    }
}

/// Returns whether a validated secret that ends at `candidate` replaces the current one. The later end wins; a secret
/// without a date, set by hand, loses to any that Amazon dated.
pub fn replaces(candidate: Option<Timestamp>, present: Option<Timestamp>) -> bool {
    match (candidate, present) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(candidate), Some(present)) => candidate > present,
    }
}

#[cfg(test)]
mod tests;
