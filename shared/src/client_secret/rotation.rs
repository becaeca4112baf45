//! When to ask Amazon for a new client secret, and which of two secrets is the newer. Pure.
//!
//! Asking is the destructive step: a success starts the seven days of the old secret, and the new one comes only
//! through the queue (F§5.1). So it is asked for rarely, and only where the queue is known to be heard.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::secret::Fingerprint;

/// The old secret works this long after a rotation (F§5.1).
pub const OVERLAP: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Nobody asks again before this, whatever came of the last time.
pub const ASK_AT_MOST_EVERY: SignedDuration = SignedDuration::from_hours(24);

/// A new secret that has not come by then is an alarm.
pub const SHOULD_COME_WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// Days before the end at which everybody is told, largest first.
const STAGES: [i64; 3] = [90, 30, 7];

/// How many secrets' dates are remembered: the current one, the previous one, and one in flight each way.
const DATES_KEPT: usize = 4;

/// What is known of an application's client secrets, besides the secrets.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Rotation {
    /// Rises with every change; the condition of the next, and the key of its history record.
    pub revision: u64,
    /// When a notification for this client last came through the queue.
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub notified_at: Option<Timestamp>,
    /// When a new secret was last asked for, or may have been.
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub asked_at: Option<Timestamp>,
    /// When Amazon last said that it makes no new secret.
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub refused_at: Option<Timestamp>,
    /// When a new secret last came and was promoted.
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub received_at: Option<Timestamp>,
    /// The ask about which it was told that nothing came of it.
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub missed_ask: Option<Timestamp>,
    /// The last stage about which it was told that the secret ends, in days, and of which secret.
    #[serde(default)]
    pub told: Option<(i64, Fingerprint)>,
    /// The secret whose promotion is in the history.
    #[serde(default)]
    pub promoted: Option<Fingerprint>,
    /// When secrets end, in epoch seconds, by their fingerprints, where Amazon said so.
    #[serde(default)]
    pub ends: BTreeMap<String, i64>,
}

/// What to do about asking.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ask {
    /// Ask, for this reason.
    Now(&'static str),
    /// Do not, for this reason.
    Not(&'static str),
}

impl Rotation {
    /// When the secret with this fingerprint ends. `stored` is the date kept with it. A secret that may have been
    /// replaced at Amazon ends with its overlap, whatever its date says.
    #[must_use]
    pub fn end_of(&self, secret: &Fingerprint, stored: Option<Timestamp>) -> Option<Timestamp> {
        let end = self.end_told_of(secret).or(stored);
        match self.unanswered_ask() {
            Some(asked_at) => Some(end.map_or(asked_at + OVERLAP, |end| end.min(asked_at + OVERLAP))),
            None => end,
        }
    }

    /// When Amazon said that the secret ends: the date by which two secrets are compared.
    #[must_use]
    pub fn end_told_of(&self, secret: &Fingerprint) -> Option<Timestamp> {
        self.ends.get(secret.as_str()).and_then(|end| Timestamp::from_second(*end).ok())
    }

    /// Whether to ask for a new secret now. `end` is when the present one ends.
    #[must_use]
    pub fn ask(&self, end: Option<Timestamp>, lead: SignedDuration, forced: bool, now: Timestamp) -> Ask {
        if self.asked_at.max(self.refused_at).is_some_and(|asked_at| now < asked_at + ASK_AT_MOST_EVERY) {
            return Ask::Not("it was asked for within the last 24 hours");
        }
        if forced {
            return Ask::Now("an operator asked for it");
        }
        match end {
            None => Ask::Not("nobody has told when the secret ends"),
            Some(end) if end.duration_since(now) > lead => {
                Ask::Not("the secret is good for longer than the lead time")
            }
            Some(_) if self.notified_at.is_none() => Ask::Not(
                "no notification for this client has ever come through the queue, so a new secret might be lost",
            ),
            Some(_) => Ask::Now("the secret ends within the lead time"),
        }
    }

    /// The ask whose secret should have come by now and has not, if nobody was told of it yet.
    #[must_use]
    pub fn missed(&self, now: Timestamp) -> Option<Timestamp> {
        self.unanswered_ask()
            .filter(|asked_at| now >= *asked_at + SHOULD_COME_WITHIN && self.missed_ask != Some(*asked_at))
    }

    /// The stage, in days, at which everybody is now to be told that this secret ends, if they have not been.
    #[must_use]
    pub fn stage_to_tell(&self, secret: &Fingerprint, end: Option<Timestamp>, now: Timestamp) -> Option<i64> {
        let left = end?.duration_since(now);
        let stage = STAGES.into_iter().filter(|days| left <= SignedDuration::from_hours(days * 24)).min()?;
        match &self.told {
            Some((told, of)) if of == secret && *told <= stage => None,
            _ => Some(stage),
        }
    }

    /// Remembers when a secret ends; the earlier date stands, since Amazon shortens and never lengthens.
    pub fn remember_end(&mut self, secret: &Fingerprint, end: Timestamp) {
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

/// Whether a proved secret that ends at `candidate` replaces the present one: the later end wins, and one without a
/// date, set by hand, loses to any that Amazon dated.
#[must_use]
pub fn replaces(candidate: Option<Timestamp>, present: Option<Timestamp>) -> bool {
    match (candidate, present) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(candidate), Some(present)) => candidate > present,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAD: SignedDuration = SignedDuration::from_hours(30 * 24);

    fn day(day: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + day * 86_400).unwrap()
    }

    fn heard() -> Rotation {
        Rotation { notified_at: Some(day(0)), ..Rotation::default() }
    }

    #[test]
    fn it_is_asked_for_only_inside_the_lead_time_and_only_where_the_queue_is_heard() {
        assert!(matches!(heard().ask(Some(day(180)), LEAD, false, day(149)), Ask::Not(_)));
        assert!(matches!(heard().ask(Some(day(180)), LEAD, false, day(150)), Ask::Now(_)));
        assert!(matches!(heard().ask(None, LEAD, false, day(150)), Ask::Not(_)));
        assert!(matches!(Rotation::default().ask(Some(day(180)), LEAD, false, day(170)), Ask::Not(_)));
        assert!(matches!(Rotation::default().ask(Some(day(180)), LEAD, true, day(0)), Ask::Now(_)));
    }

    #[test]
    fn a_rotation_is_requested_once_a_day_at_most_even_by_an_operator() {
        let asked = Rotation { asked_at: Some(day(150)), ..heard() };
        let almost = day(151) - SignedDuration::from_secs(1);

        assert!(matches!(asked.ask(Some(day(180)), LEAD, true, almost), Ask::Not(_)));
        assert!(matches!(asked.ask(Some(day(180)), LEAD, false, day(151)), Ask::Now(_)));
    }

    #[test]
    fn a_refused_request_is_not_repeated_for_a_day_and_leaves_the_secret_its_life() {
        let refused = Rotation { refused_at: Some(day(150)), ..heard() };

        assert!(matches!(refused.ask(Some(day(180)), LEAD, false, day(150)), Ask::Not(_)));
        assert!(matches!(refused.ask(Some(day(180)), LEAD, false, day(151)), Ask::Now(_)));
        assert_eq!(refused.end_of(&Fingerprint::of("secret"), Some(day(180))), Some(day(180)));
        assert_eq!(refused.missed(day(152)), None);
    }

    #[test]
    fn a_request_without_a_secret_after_an_hour_is_reported_once_and_shortens_the_secrets_life() {
        let mut rotation = Rotation { asked_at: Some(day(150)), ..heard() };
        let secret = Fingerprint::of("secret");
        assert_eq!(rotation.missed(day(150) + SignedDuration::from_mins(59)), None);
        assert_eq!(rotation.missed(day(150) + SHOULD_COME_WITHIN), Some(day(150)));
        assert_eq!(rotation.end_of(&secret, Some(day(180))), Some(day(157)));

        rotation.missed_ask = Some(day(150));
        assert_eq!(rotation.missed(day(152)), None);
        rotation.received_at = Some(day(153));
        assert_eq!(rotation.end_of(&secret, Some(day(330))), Some(day(330)));
    }

    #[test]
    fn each_stage_is_reported_once_for_each_secret() {
        let secret = Fingerprint::of("secret");
        let mut rotation = heard();
        let mut told = Vec::new();
        for today in 0..180 {
            if let Some(stage) = rotation.stage_to_tell(&secret, Some(day(180)), day(today)) {
                told.push((today, stage));
                rotation.told = Some((stage, secret.clone()));
            }
        }

        assert_eq!(told, [(90, 90), (150, 30), (173, 7)]);
        assert_eq!(rotation.stage_to_tell(&Fingerprint::of("next"), Some(day(260)), day(175)), Some(90));
    }

    #[test]
    fn the_later_end_wins_and_a_secret_without_a_date_loses_to_any() {
        assert!(replaces(Some(day(2)), Some(day(1))));
        assert!(!replaces(Some(day(1)), Some(day(2))));
        assert!(!replaces(Some(day(1)), Some(day(1))));
        assert!(replaces(Some(day(1)), None));
        assert!(!replaces(None, Some(day(1))));
    }
}
