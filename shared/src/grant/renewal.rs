//! The yearly clock of an authorization. Amazon tells nobody when one lapses (F§3.2), so we tell ahead of time. Pure.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    grant::{Grant, GrantKind, Status},
    history::Event,
};

/// How far ahead of its end an authorization is first spoken of.
pub const FIRST_REMINDER: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An authorization that lapsed longer ago is not looked at any more: whoever missed so many days has been told by
/// the alarms.
pub const OVERDUE_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Whether the year that a grant is good for is running: it mints tokens, and a partner gave it.
#[must_use]
pub fn lapses(grant: &Grant) -> bool {
    grant.status == Status::Active && grant.kind == GrantKind::Oauth
}

/// How near the end is; the later stages are the greater.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    /// 30 days at most.
    Month,
    /// 14 days at most.
    Fortnight,
    /// 7 days at most.
    Week,
    /// A day at most.
    Day,
    /// The year is over.
    Overdue,
}

impl Reminder {
    /// The stage that a grant has reached and nobody was told of. After days without a run it is the latest one alone:
    /// three reminders at once say no more than one.
    #[must_use]
    pub fn untold(grant: &Grant, now: Timestamp) -> Option<Self> {
        if !lapses(grant) {
            return None;
        }
        let reached = Self::of(grant.renewal_due_at.duration_since(now))?;
        (grant.reminded < Some(reached)).then_some(reached)
    }

    fn of(left: SignedDuration) -> Option<Self> {
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        [
            (SignedDuration::ZERO, Self::Overdue),
            (days(1), Self::Day),
            (days(7), Self::Week),
            (days(14), Self::Fortnight),
            (FIRST_REMINDER, Self::Month),
        ]
        .into_iter()
        .find_map(|(at_most, stage)| (left <= at_most).then_some(stage))
    }

    /// What happened, for the history.
    #[must_use]
    pub fn event(self) -> Event {
        match self {
            Self::Overdue => Event::AuthorizationOverdue,
            Self::Month | Self::Fortnight | Self::Week | Self::Day => Event::AuthorizationExpiring,
        }
    }

    /// The same in a sentence.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Month => "the authorization lapses within 30 days; the partner must authorize again",
            Self::Fortnight => "the authorization lapses within 14 days; the partner must authorize again",
            Self::Week => "the authorization lapses within 7 days; the partner must authorize again",
            Self::Day => "the authorization lapses within a day; the partner must authorize again",
            Self::Overdue => {
                "the authorization's year is over; it may stop at any time, and the partner must authorize again"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(days: f64) -> Option<Reminder> {
        Reminder::of(SignedDuration::from_secs_f64(days * 86_400.0))
    }

    #[test]
    fn a_stage_is_the_nearest_that_was_reached() {
        let cases = [
            (31.0, None),
            (30.0, Some(Reminder::Month)),
            (14.1, Some(Reminder::Month)),
            (14.0, Some(Reminder::Fortnight)),
            (6.5, Some(Reminder::Week)),
            (0.5, Some(Reminder::Day)),
            (0.0, Some(Reminder::Overdue)),
            (-3.0, Some(Reminder::Overdue)),
        ];
        for (days, stage) in cases {
            assert_eq!(reached(days), stage, "{days} days before the end");
        }
    }

    #[test]
    fn stages_only_ever_grow() {
        let all = [Reminder::Month, Reminder::Fortnight, Reminder::Week, Reminder::Day, Reminder::Overdue];

        assert!(all.is_sorted());
        assert!(None < Some(Reminder::Month));
    }
}
