//! Why Login with Amazon issued no token, and so what to do next.

use std::{borrow::Cow, fmt, time::Duration};

use jiff::SignedDuration;

use crate::{amazon::failure::NoAnswer, deadline::Transient};

/// The longest error word that is believed; those of RFC 6749 section 5.2 have up to 22 characters.
const LONGEST_WORD: usize = 40;

/// Why a call brought no token, and so what to do next.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Reason {
    /// The code or refresh token is not good: start again, or ask the partner to.
    #[error("Login with Amazon refused the grant")]
    InvalidGrant,
    /// The client id or secret is not good: look for a newer secret; it says nothing about the partner.
    #[error("Login with Amazon refused the application's credentials")]
    InvalidClient,
    /// The request is refused in other words, with this HTTP status. Repeating it soon changes nothing.
    #[error("Login with Amazon refused the request: {0} (HTTP status {1})")]
    Refused(ErrorWord, u16),
    /// Too many calls: later, and not before `retry_after`.
    #[error("Login with Amazon asks to slow down")]
    Throttled {
        /// How long Amazon asks us to wait.
        retry_after: Option<SignedDuration>,
    },
    /// No usable answer: try again.
    #[error("Login with Amazon did not answer: {why}")]
    Unavailable {
        /// What was wrong with the answer, or why there was none.
        why: NoAnswer,
        /// How long Amazon asks us to wait.
        retry_after: Option<SignedDuration>,
    },
    /// Amazon accepted the request, and its answer cannot be used. Whatever was sent may be used up.
    #[error("Login with Amazon accepted the request, and its answer cannot be used: {0}")]
    Unusable(NoAnswer),
}

impl Reason {
    /// No usable answer, and no request to wait.
    pub fn unavailable(why: NoAnswer) -> Self {
        Self::Unavailable { why, retry_after: None }
    }

    /// A call without a whole answer.
    pub(super) fn of(why: NoAnswer) -> Self {
        match why {
            NoAnswer::Incomplete(status) | NoAnswer::TooLong(status) if (200..300).contains(&status) => {
                Self::Unusable(why)
            }
            _ => Self::unavailable(why),
        }
    }

    /// Whether Amazon answered, and said no.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::InvalidGrant | Self::InvalidClient | Self::Refused(..) => true,
            Self::Throttled { .. } | Self::Unavailable { .. } | Self::Unusable(_) => false,
        }
    }
}

impl Transient for Reason {
    fn is_transient(&self) -> bool {
        match self {
            Self::Throttled { .. } | Self::Unavailable { .. } => true,
            Self::InvalidGrant | Self::InvalidClient | Self::Refused(..) | Self::Unusable(_) => false,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Throttled { retry_after } | Self::Unavailable { retry_after, .. } => {
                retry_after.map(SignedDuration::unsigned_abs)
            }
            Self::InvalidGrant | Self::InvalidClient | Self::Refused(..) | Self::Unusable(_) => None,
        }
    }
}

/// Amazon's word for a refusal (RFC 6749 section 5.2), if it looks like one: it is logged, and an answer may hold
/// anything.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ErrorWord(Cow<'static, str>);

impl ErrorWord {
    pub(super) fn of(text: &str) -> Self {
        let is_word = (1..=LONGEST_WORD).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b' '));
        Self(if is_word { Cow::Owned(text.to_owned()) } else { Cow::Borrowed("an error that is no word") })
    }

    /// The word as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a caller's error says of it. The log has words that are not documented.
    pub fn meaning(&self) -> &'static str {
        match &*self.0 {
            "access_denied" => "Amazon denies access to this application or partner (access_denied)",
            "invalid_request" => "Amazon calls the request or its token invalid (invalid_request)",
            "invalid_scope" => "Amazon does not know the scope (invalid_scope)",
            "unauthorized_client" => {
                "Amazon says that it is another application's token, or one that this application may not use \
                 (unauthorized_client)"
            }
            "unsupported_grant_type" => "Amazon does not take this kind of grant (unsupported_grant_type)",
            _ => "Amazon does not allow it, in a word that is not documented; operators find it in the log",
        }
    }
}

impl fmt::Display for ErrorWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_word_is_repeated() {
        for word in ["invalid_token", "INVALID_GRANT", "something new"] {
            assert_eq!(ErrorWord::of(word).as_str(), word);
        }
        for other in ["", "Atzr|token", "amzn1.oa2-cs.v1.abc", "line\nbreak", "é", &"x".repeat(41)] {
            assert_eq!(ErrorWord::of(other).as_str(), "an error that is no word", "{other}");
        }
    }

    #[test]
    fn a_success_that_broke_off_is_no_missing_answer() {
        for why in [NoAnswer::Incomplete(200), NoAnswer::TooLong(200)] {
            assert_eq!(Reason::of(why), Reason::Unusable(why));
        }
        for why in [NoAnswer::Incomplete(503), NoAnswer::BrokenOff, NoAnswer::NotConnected] {
            assert_eq!(Reason::of(why), Reason::unavailable(why));
        }
    }
}
