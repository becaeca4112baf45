//! Tokens in memory, and when one may be handed out without asking. Lives and confirmations go by the wall clock: in Lambda
//! the monotonic clock stands still while the environment is frozen.

use std::{collections::HashMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::{
    failure::Failure,
    key::{hex, sha256},
    request::TokenRequest,
};

/// An answer of `get-access-token`.
pub(crate) struct Answer {
    body: Map<String, Value>,
    access_token: String,
    ends_at: Timestamp,
}

impl Answer {
    /// Reads the answer to an invocation that was sent at `sent_at`. The token's end counts from there, by this machine's clock.
    pub(crate) fn parse(body: &[u8], sent_at: Timestamp) -> Result<Self, Failure> {
        let malformed = || Failure::of_function("Internal", "the function's answer has no access token");
        let body: Map<String, Value> = serde_json::from_slice(body).map_err(|_| malformed())?;
        let access_token = body.get("accessToken").and_then(Value::as_str).ok_or_else(malformed)?.to_owned();
        let expires_in = body.get("expiresIn").and_then(Value::as_i64).ok_or_else(malformed)?;
        // More than a day is no token of Amazon's; the bound keeps the sum within what a clock can show.
        let life = SignedDuration::from_secs(expires_in.clamp(0, 86_400));
        let ends_at = sent_at.checked_add(life).map_err(|_| malformed())?;
        Ok(Self { body, access_token, ends_at })
    }

    /// The token.
    pub(crate) fn access_token(&self) -> &str {
        &self.access_token
    }

    /// The first 16 digits of [`Self::fingerprint`], which the log of `get-access-token` has too.
    pub(crate) fn abridged_fingerprint(&self) -> String {
        self.fingerprint()[..16].to_owned()
    }

    /// The hex SHA-256 of the token.
    pub(crate) fn fingerprint(&self) -> String {
        hex(&sha256(self.access_token.as_bytes()))
    }

    /// The whole seconds that the token has left.
    pub(crate) fn expires_in(&self, now: Timestamp) -> i64 {
        self.ends_at.duration_since(now).as_secs().max(0)
    }

    /// The function's answer, with the life that the token has left now.
    pub(crate) fn body(&self, now: Timestamp) -> Value {
        let mut body = self.body.clone();
        body.insert("expiresIn".to_owned(), Value::from(self.expires_in(now)));
        Value::Object(body)
    }
}

/// The tokens, by the subject of the requests that they answer.
pub(crate) struct Memory {
    confirm_every: SignedDuration,
    tokens: HashMap<String, Confirmed>,
}

struct Confirmed {
    answer: Arc<Answer>,
    at: Timestamp,
}

/// About two megabytes of tokens.
const MOST_TOKENS: usize = 1000;

impl Memory {
    /// An empty memory, in which a confirmation counts for `confirm_every`.
    pub(crate) fn new(confirm_every: SignedDuration) -> Self {
        Self { confirm_every, tokens: HashMap::new() }
    }

    /// The token that answers the request without an invocation.
    pub(crate) fn confirmed(&self, request: &TokenRequest, now: Timestamp) -> Option<Arc<Answer>> {
        let Confirmed { answer, at } = self.tokens.get(&request.subject())?;
        let age = now.duration_since(*at);
        // A clock that was set back says nothing about the age.
        let is_confirmed = !age.is_negative() && age < self.confirm_every;
        (is_confirmed && suits(answer, request, request.min_valid, now)).then(|| Arc::clone(answer))
    }

    /// The token that may be handed out although it could not be confirmed.
    pub(crate) fn unconfirmed(&self, request: &TokenRequest, now: Timestamp) -> Option<Arc<Answer>> {
        let Confirmed { answer, .. } = self.tokens.get(&request.subject())?;
        suits(answer, request, request.least_life.max(1), now).then(|| Arc::clone(answer))
    }

    /// Stores the token that the function returned at `now`.
    pub(crate) fn confirm(&mut self, request: &TokenRequest, answer: Arc<Answer>, now: Timestamp) {
        self.tokens.insert(request.subject(), Confirmed { answer, at: now });
        if self.tokens.len() > MOST_TOKENS {
            self.tokens.retain(|_, token| token.answer.ends_at > now);
        }
        if self.tokens.len() > MOST_TOKENS
            && let Some((oldest, _)) = self.tokens.iter().min_by_key(|(_, token)| token.at)
        {
            let oldest = oldest.clone();
            self.tokens.remove(&oldest);
        }
    }

    /// Forgets the token of the request's subject.
    pub(crate) fn forget(&mut self, request: &TokenRequest) {
        self.tokens.remove(&request.subject());
    }
}

fn suits(answer: &Answer, request: &TokenRequest, life: i64, now: Timestamp) -> bool {
    let was_rejected = request.rejected().is_some_and(|rejected| rejected == answer.fingerprint());
    !request.wants_a_newer_token() && !was_rejected && answer.expires_in(now) >= life
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: &[u8] = br#"{"accessToken": "Atza|1", "expiresIn": 3600}"#;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn request(query: &str) -> TokenRequest {
        TokenRequest::of_query(&format!("sellingPartnerId=A1{query}")).unwrap()
    }

    fn memory() -> Memory {
        let mut memory = Memory::new(SignedDuration::from_mins(15));
        memory.confirm(&request(""), Arc::new(Answer::parse(HOUR, at(0)).unwrap()), at(0));
        memory
    }

    #[test]
    fn a_token_is_handed_out_while_it_is_confirmed_and_long_enough() {
        let memory = memory();
        let confirmed = |query: &str, seconds| memory.confirmed(&request(query), at(seconds)).is_some();
        assert!(confirmed("", 0) && confirmed("", 899));
        assert!(!confirmed("", 900), "it has to be confirmed");
        assert!(!confirmed("", -1), "a clock that was set back confirms nothing");
        assert!(confirmed("&minValidSeconds=3300", 300) && !confirmed("&minValidSeconds=3300", 301));
        assert!(!confirmed("&region=na", 0), "another subject");
        assert!(!confirmed("&mintedAfter=2026-01-01T00:00:00Z", 0));
        let rejected = format!("&rejectedToken={}", hex(&sha256(b"Atza|1")));
        assert!(!confirmed(&rejected, 0) && confirmed("&rejectedToken=00", 0));
    }

    #[test]
    fn a_token_that_has_not_ended_may_be_handed_out_unconfirmed() {
        let memory = memory();
        let unconfirmed = |query: &str, seconds| memory.unconfirmed(&request(query), at(seconds)).is_some();
        assert!(unconfirmed("", 3540) && !unconfirmed("", 3541), "60 seconds are the default");
        assert!(unconfirmed("&minValidSeconds=0", 3599) && !unconfirmed("&minValidSeconds=0", 3600));
        assert!(!unconfirmed("&mintedAfter=2026-01-01T00:00:00Z", 1));
        assert!(!unconfirmed(&format!("&rejectedToken={}", hex(&sha256(b"Atza|1"))), 1));
    }

    #[test]
    fn the_life_is_counted_from_before_the_request() {
        let answer = Answer::parse(HOUR, at(0)).unwrap();
        assert_eq!((answer.expires_in(at(100)), answer.expires_in(at(9999))), (3500, 0));
        assert_eq!(answer.body(at(100))["expiresIn"], 3500);
        for broken in [&b"null"[..], br#"{"accessToken": "x"}"#, br#"{"expiresIn": 1}"#, b"<"] {
            assert_eq!(Answer::parse(broken, at(0)).err().unwrap().error_type, "Internal");
        }
        let absurd = format!(r#"{{"accessToken": "x", "expiresIn": {}}}"#, i64::MAX);
        assert_eq!(Answer::parse(absurd.as_bytes(), at(0)).unwrap().expires_in(at(0)), 86_400);
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut memory = memory();
        for number in 0..2000 {
            let answer = Arc::new(Answer::parse(HOUR, at(number)).unwrap());
            memory.confirm(&request(&format!("&region={number}")), answer, at(number + 1));
        }
        assert_eq!(memory.tokens.len(), MOST_TOKENS);
        assert!(memory.confirmed(&request("&region=1999"), at(2000)).is_some());
        memory.forget(&request("&region=1999"));
        assert!(memory.unconfirmed(&request("&region=1999"), at(2000)).is_none());
    }
}
