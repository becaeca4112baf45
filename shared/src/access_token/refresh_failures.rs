//! What a token's row records of refreshes that failed in a way that operators hear of. Pure.

use std::fmt::{self, Display, Formatter};

use jiff::{SignedDuration, Timestamp};

use crate::secret::Fingerprint;

/// A refusal to refresh the token in other words than `invalid_grant`, since which none succeeded.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LastingRefusal {
    /// The fingerprint of the refresh token. The refusal does not apply to another one.
    pub fingerprint: Fingerprint,
    /// When it was first refused.
    pub since: Timestamp,
    /// When it was first refused with an error that is understood. A refusal by a firewall before that counts for nothing.
    pub clear_since: Option<Timestamp>,
    /// Whether it was reported.
    pub reported: bool,
}

impl LastingRefusal {
    /// How long after a first refusal a second one shows that it lasts. Together with a daily check it is within a day.
    const LASTS_AFTER: SignedDuration = SignedDuration::from_mins(20);

    /// The same of a refusal without an error that is understood, as a firewall gives: it may concern all calls, and pass.
    const UNCLEAR_LASTS_AFTER: SignedDuration = SignedDuration::from_hours(24);

    /// Returns the refusal with one more, now, of the refresh token with this fingerprint, and whether it is to be
    /// reported.
    pub fn with_one_more(
        known: Option<Self>,
        fingerprint: &Fingerprint,
        is_clear: bool,
        now: Timestamp,
    ) -> (Self, bool) {
        let known = known.filter(|known| known.fingerprint == *fingerprint);
        let mut known = known.unwrap_or_else(|| Self {
            fingerprint: fingerprint.clone(),
            since: now,
            clear_since: None,
            reported: false,
        });
        if is_clear {
            known.clear_since = known.clear_since.or(Some(now));
        }
        let due = !known.reported && known.lasts(is_clear, now);
        (known, due)
    }

    /// Whether a refusal now shows that it lasts. It is clear if Amazon gave an error that is understood.
    pub fn lasts(&self, is_clear: bool, now: Timestamp) -> bool {
        let since_clear = self.clear_since.filter(|_| is_clear);
        since_clear.is_some_and(|since| now.duration_since(since) >= Self::LASTS_AFTER)
            || now.duration_since(self.since) >= Self::UNCLEAR_LASTS_AFTER
    }
}

/// The loss of a refresh token that Amazon had issued in place of a grant's.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Lost {
    /// The fingerprint of the refresh token that was replaced, and that the grant still has.
    pub fingerprint: Fingerprint,
    /// When it was lost.
    pub at: Timestamp,
    /// What failed, as [`Error::kind`] says it. Rows of earlier releases do not have it.
    ///
    /// [`Error::kind`]: crate::error::Error::kind
    pub cause: Option<String>,
}

impl Display for Lost {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "it had replaced the refresh token, and the new one was lost at {}", self.at)?;
        self.cause.as_ref().map_or(Ok(()), |cause| write!(f, " ({cause})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_reported_once_when_it_lasts_and_not_for_another_refresh_token() {
        let (one, other) = (Fingerprint::of("one"), Fingerprint::of("other"));
        let at = |minutes| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);

        let (first, is_due) = LastingRefusal::with_one_more(None, &one, true, at(0));
        assert!(!is_due && !first.lasts(true, at(19)));
        let (early, is_due) = LastingRefusal::with_one_more(Some(first.clone()), &one, true, at(19));
        assert!(!is_due && early == first);
        let (second, is_due) = LastingRefusal::with_one_more(Some(first.clone()), &one, true, at(20));
        assert!(is_due && second.lasts(true, at(20)));

        let reported = LastingRefusal { reported: true, ..second };
        let (third, is_due) = LastingRefusal::with_one_more(Some(reported), &one, true, at(600));
        assert!(!is_due && third.reported && third.lasts(true, at(600)));
        let (another, is_due) = LastingRefusal::with_one_more(Some(third), &other, true, at(600));
        assert!(!is_due && !another.reported && another.since == at(600));
    }

    #[test]
    fn a_refusal_by_a_firewall_before_a_clear_one_confirms_nothing() {
        let one = Fingerprint::of("one");
        let at = |minutes| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        let mut known = None;
        for (minutes, is_clear, expected) in
            [(0, false, false), (30, true, false), (40, false, false), (49, true, false), (50, true, true)]
        {
            let (refusal, is_due) = LastingRefusal::with_one_more(known, &one, is_clear, at(minutes));
            assert_eq!(is_due, expected, "{minutes}");
            known = Some(refusal);
        }
    }

    #[test]
    fn a_refusal_without_an_error_that_is_understood_is_reported_after_a_day() {
        let one = Fingerprint::of("one");
        let at = |minutes| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);

        let (first, _) = LastingRefusal::with_one_more(None, &one, false, at(0));
        for (minutes, expected) in [(20, false), (24 * 60 - 1, false), (24 * 60, true)] {
            let (refusal, is_due) =
                LastingRefusal::with_one_more(Some(first.clone()), &one, false, at(minutes));
            assert_eq!((is_due, refusal.since), (expected, at(0)), "{minutes}");
        }
    }
}
