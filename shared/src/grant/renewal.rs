//! The year of an authorization. Amazon sends no notice when one expires (F§3.2), so this service sends reminders
//! before. Pure.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    grant::{Grant, GrantKind, Status},
    history::Event,
};

/// How long before the end of an authorization the first reminder is sent.
pub const FIRST_REMINDER: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An authorization that expired longer ago gets no reminder. If no run has looked at it for so many days, the alarms
/// have reported that.
pub const OVERDUE_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Returns whether the grant is active and its authorization expires after a year.
pub fn lapses(grant: &Grant) -> bool {
    grant.status == Status::Active && grant.kind == GrantKind::Oauth
}

/// How near the end is. A later stage is greater than an earlier one.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    /// At most 30 days remain.
    Month,
    /// At most 14 days remain.
    Fortnight,
    /// At most 7 days remain.
    Week,
    /// At most one day remains.
    Day,
    /// The year is over.
    Overdue,
}

impl Reminder {
    /// Returns the stage that a grant has reached, unless its reminder was sent. After days without a run only the
    /// latest stage is returned: three reminders at the same time are worth no more than one.
    pub fn due(grant: &Grant, now: Timestamp) -> Option<Self> {
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

    /// Returns the event for the history.
    pub fn event(self) -> Event {
        match self {
            Self::Overdue => Event::AuthorizationOverdue,
            Self::Month | Self::Fortnight | Self::Week | Self::Day => Event::AuthorizationExpiring,
        }
    }

    /// Returns the reason, in a sentence for operators.
    pub fn reason(self, grant: &Grant) -> String {
        let counted_from = if grant.authorized_at_unknown {
            "the date of the consent is not known, and the authorization may end sooner; counted from the import, "
        } else {
            ""
        };
        format!("{counted_from}{}", self.sentence())
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::Month => "the authorization expires within 30 days; the partner must authorize again",
            Self::Fortnight => "the authorization expires within 14 days; the partner must authorize again",
            Self::Week => "the authorization expires within 7 days; the partner must authorize again",
            Self::Day => "the authorization expires within a day; the partner must authorize again",
            Self::Overdue => {
                "the authorization's year is over; it may stop working at any time, and the partner must authorize again"
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
