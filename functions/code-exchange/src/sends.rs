//! How often one code is sent to Amazon (promise 3). Pure.
//!
//! Of a code that is used twice, Amazon may revoke every token (RFC 6749 section 4.1.2). So a code that Amazon may have
//! accepted is sent once more at most, and one that it has accepted never again.

use shared::{
    amazon::{failure::NoAnswer, lwa::Reason},
    journey::request::Outcome,
};

/// How often a code is sent if Amazon did not take it.
const SENDS: u32 = 3;

/// What a callback has sent of its code.
#[derive(Debug)]
pub(crate) struct Sends {
    /// How often it may still be sent if Amazon did not take it.
    left: u32,
    /// How often it was sent and brought no answer. A callback that died counts as one of them.
    unanswered: u32,
}

/// What a callback does next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Next {
    /// Send the code again, after a pause.
    Again,
    /// Let a reload continue the journey.
    Later,
    /// End the journey.
    End(Outcome),
}

impl Sends {
    /// Begins the attempt of a journey with this number, counted from 1. Any but the first sends the code once.
    pub(crate) fn of_attempt(attempt: u32) -> Self {
        Self { left: if attempt <= 1 { SENDS } else { 1 }, unanswered: attempt.saturating_sub(1) }
    }

    /// Decides after an exchange that brought no tokens.
    pub(crate) fn after(&mut self, reason: &Reason) -> Next {
        match reason {
            Reason::InvalidClient => Next::End(Outcome::ApplicationRefused),
            Reason::Throttled { .. } | Reason::Refused(_, 403 | 404 | 409) => self.not_taken(),
            // Amazon names the client if the client is at fault (RFC 6749 section 5.2).
            Reason::InvalidGrant | Reason::Refused(..) | Reason::Unusable(_) => {
                Next::End(Outcome::CodeRefused)
            }
            Reason::Unavailable { why, .. } => match why {
                NoAnswer::TimedOut | NoAnswer::BrokenOff => self.not_answered(),
                NoAnswer::NotResolved
                | NoAnswer::NotConnected
                | NoAnswer::ConnectTimedOut
                | NoAnswer::Tls
                | NoAnswer::Incomplete(_)
                | NoAnswer::TooLong(_)
                | NoAnswer::Status(_)
                | NoAnswer::NotUnderstood(_)
                | NoAnswer::NotCalled => self.not_taken(),
            },
        }
    }

    fn not_taken(&mut self) -> Next {
        self.left = self.left.saturating_sub(1);
        if self.left > 0 { Next::Again } else { Next::Later }
    }

    fn not_answered(&mut self) -> Next {
        self.unanswered += 1;
        if self.unanswered < 2 { Next::Again } else { Next::End(Outcome::CodeRefused) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unavailable(why: NoAnswer) -> Reason {
        Reason::Unavailable { why, retry_after: None }
    }

    #[test]
    fn a_code_that_amazon_did_not_take_is_sent_three_times_and_once_after_a_reload() {
        for reason in [
            Reason::Throttled { retry_after: None },
            unavailable(NoAnswer::Status(503)),
            unavailable(NoAnswer::NotUnderstood(400)),
            unavailable(NoAnswer::Incomplete(500)),
            unavailable(NoAnswer::NotConnected),
            unavailable(NoAnswer::ConnectTimedOut),
        ] {
            let mut sends = Sends::of_attempt(1);
            assert_eq!([(); 3].map(|()| sends.after(&reason)), [Next::Again, Next::Again, Next::Later]);
            assert_eq!(Sends::of_attempt(2).after(&reason), Next::Later, "{reason}");
        }
    }

    #[test]
    fn a_code_without_an_answer_is_sent_once_more_however_it_stayed_away() {
        for why in [NoAnswer::TimedOut, NoAnswer::BrokenOff] {
            let mut sends = Sends::of_attempt(1);
            let ended = Next::End(Outcome::CodeRefused);
            assert_eq!([(); 2].map(|()| sends.after(&unavailable(why))), [Next::Again, ended]);
            assert_eq!(Sends::of_attempt(2).after(&unavailable(why)), ended);
        }
    }

    #[test]
    fn an_answer_is_the_last_word() {
        let refused = Next::End(Outcome::CodeRefused);
        for (reason, next) in [
            (Reason::InvalidGrant, refused),
            (Reason::Unusable(NoAnswer::NotUnderstood(200)), refused),
            (Reason::Unusable(NoAnswer::Incomplete(200)), refused),
            (Reason::InvalidClient, Next::End(Outcome::ApplicationRefused)),
        ] {
            assert_eq!(Sends::of_attempt(1).after(&reason), next, "{reason}");
        }
    }
}
