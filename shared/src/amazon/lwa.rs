//! Login with Amazon: the three grants of its token endpoint (F§4).
//!
//! An error says what the caller does next, and is decided on the status and the `error` field alone, since
//! Amazon's descriptions vary (F§4.5).

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::{StatusCode, header};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::{
    amazon::{
        Amazon,
        credentials::Credentials,
        failure::{AmazonRequestId, Failed, NoAnswer},
        http::{Answer, EXCHANGE_TIMEOUT, HttpClient, send},
    },
    aws::metrics::{Metric, Metrics},
    deadline::Transient,
    secret::{AccessToken, AuthorizationCode, RefreshToken},
};

/// The token endpoint.
#[derive(Clone, Debug)]
pub struct Lwa {
    http: HttpClient,
    endpoint: String,
    metrics: Metrics,
}

/// What the token endpoint gave.
#[derive(Debug)]
pub struct Tokens {
    /// Opens SP-API until `expires_at`.
    pub access_token: AccessToken,
    /// Counts from before the request was sent, and never outlives the client secret (F§4.7). It is the moment of
    /// the request itself where Amazon named no believable lifetime: such a token is never kept.
    pub expires_at: Timestamp,
    /// Comes with a code; on a refresh, the token that was sent (F§4.4).
    pub refresh_token: Option<RefreshToken>,
}

/// A call that brought no token.
pub type Error = Failed<Reason>;

/// Why a call brought no token, and so what to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Reason {
    /// The code or refresh token is not good: start again, or ask the partner to.
    #[error("Login with Amazon refused the grant")]
    InvalidGrant,
    /// The client id or secret is not good: look for a newer secret; it says nothing about the partner.
    #[error("Login with Amazon refused the application's credentials")]
    InvalidClient,
    /// The request is not allowed or not understood: a mistake in our request or in the application's registration.
    #[error("Login with Amazon refused the request: {0}")]
    Refused(&'static str),
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
}

impl Reason {
    /// No usable answer, and no request to wait.
    #[must_use]
    pub fn unavailable(why: NoAnswer) -> Self {
        Self::Unavailable { why, retry_after: None }
    }
}

impl Transient for Reason {
    fn is_transient(&self) -> bool {
        match self {
            Self::Throttled { .. } | Self::Unavailable { .. } => true,
            Self::InvalidGrant | Self::InvalidClient | Self::Refused(_) => false,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Throttled { retry_after } | Self::Unavailable { retry_after, .. } => {
                retry_after.map(SignedDuration::unsigned_abs)
            }
            Self::InvalidGrant | Self::InvalidClient | Self::Refused(_) => None,
        }
    }
}

impl Lwa {
    /// The endpoint of `amazon`, reached through `http`; its calls are counted in `metrics`.
    #[must_use]
    pub fn new(amazon: &Amazon, http: HttpClient, metrics: Metrics) -> Self {
        Self { http, endpoint: amazon.token_endpoint(), metrics }
    }

    /// Exchanges a code for tokens (RFC 6749 section 4.1.3), with the redirect URI that brought it.
    pub async fn exchange(
        &self,
        code: &AuthorizationCode,
        redirect_uri: &str,
        credentials: &Credentials,
        now: Timestamp,
    ) -> Result<Tokens, Error> {
        let grant = Grant::AuthorizationCode { code: code.expose(), redirect_uri };
        let tokens = self.request(&grant, credentials, now).await?;
        match tokens.refresh_token {
            Some(_) => Ok(tokens),
            None => Err(Reason::unavailable(NoAnswer::NotUnderstood(200)).into()),
        }
    }

    /// Refreshes an access token (RFC 6749 section 6).
    pub async fn refresh(
        &self,
        refresh_token: &RefreshToken,
        credentials: &Credentials,
        now: Timestamp,
    ) -> Result<Tokens, Error> {
        self.request(&Grant::RefreshToken { refresh_token: refresh_token.expose() }, credentials, now).await
    }

    /// Fetches a grantless token for one scope (RFC 6749 section 4.4; F§4.3).
    pub async fn client_credentials(
        &self,
        scope: &str,
        credentials: &Credentials,
        now: Timestamp,
    ) -> Result<Tokens, Error> {
        self.request(&Grant::ClientCredentials { scope }, credentials, now).await
    }

    /// Whether Amazon accepts the credentials, and what time it is there.
    pub async fn check(
        &self,
        scope: &str,
        credentials: &Credentials,
    ) -> (Result<(), Error>, Option<Timestamp>) {
        let (reply, date) = self.ask(&Grant::ClientCredentials { scope }, credentials).await;
        (reply.map(|_| ()), date)
    }

    /// One call, counted; what was understood of the answer, and Amazon's time.
    async fn ask(
        &self,
        grant: &Grant<'_>,
        credentials: &Credentials,
    ) -> (Result<Reply, Error>, Option<Timestamp>) {
        self.metrics.count(Metric::LwaCalls);
        let began = Instant::now();
        let answer = self.send(grant, credentials).await;
        self.metrics.record_millis(Metric::LwaLatency, began.elapsed());
        let (reply, date) = match answer {
            Ok(answer) => {
                let reply = understand(&answer);
                let failed = |reason| Error { reason, request_id: request_id(&answer) };
                (reply.map_err(failed), answer.date)
            }
            Err(error) => (Err(error), None),
        };
        // A refusal is an answer; these are none.
        if reply.as_ref().is_err_and(Transient::is_transient) {
            self.metrics.count(Metric::LwaFailures);
        }
        (reply, date)
    }

    async fn send(&self, grant: &Grant<'_>, credentials: &Credentials) -> Result<Answer, Error> {
        let form = Form {
            grant,
            client_id: credentials.client_id.as_str(),
            client_secret: credentials.client_secret.expose(),
        };
        let mut request =
            self.http.post(&self.endpoint).header(header::ACCEPT, "application/json").form(&form);
        if matches!(grant, Grant::AuthorizationCode { .. }) {
            request = request.timeout(EXCHANGE_TIMEOUT);
        }
        send(request).await.map_err(|why| Reason::unavailable(why).into())
    }

    async fn request(
        &self,
        grant: &Grant<'_>,
        credentials: &Credentials,
        now: Timestamp,
    ) -> Result<Tokens, Error> {
        let reply = self.ask(grant, credentials).await.0?;
        let lifetime =
            reply.expires_in.as_ref().and_then(believable_lifetime).unwrap_or(SignedDuration::ZERO);
        let expires_at = now + lifetime;
        Ok(Tokens {
            access_token: reply.access_token,
            // A date that has passed while Amazon still accepts the secret is wrong, and caps nothing.
            expires_at: credentials
                .ends_at
                .filter(|end| *end > now)
                .map_or(expires_at, |end| end.min(expires_at)),
            refresh_token: reply.refresh_token,
        })
    }
}

#[derive(Serialize)]
struct Form<'a> {
    #[serde(flatten)]
    grant: &'a Grant<'a>,
    client_id: &'a str,
    client_secret: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "grant_type", rename_all = "snake_case")]
enum Grant<'a> {
    AuthorizationCode { code: &'a str, redirect_uri: &'a str },
    RefreshToken { refresh_token: &'a str },
    ClientCredentials { scope: &'a str },
}

#[derive(Deserialize)]
struct Reply {
    access_token: AccessToken,
    expires_in: Option<serde_json::Value>,
    refresh_token: Option<RefreshToken>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

/// The longest lifetime that is believed; SP-API's tokens live an hour (F§4.4).
const LONGEST_LIFETIME: i64 = 24 * 3600;

/// F§4.4: tokens have up to 2048 bytes. A token twice as long still fits our tables.
const LONGEST_TOKEN: usize = 4096;

/// What Amazon says of a lifetime, if it can be believed.
pub(crate) fn believable_lifetime(expires_in: &serde_json::Value) -> Option<SignedDuration> {
    let seconds = expires_in.as_i64().or_else(|| expires_in.as_str()?.parse().ok())?;
    (1..=LONGEST_LIFETIME).contains(&seconds).then(|| SignedDuration::from_secs(seconds))
}

/// Whether a token can be sent in a header and kept in a row.
pub(crate) fn is_usable_token(token: &str) -> bool {
    (1..=LONGEST_TOKEN).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic())
}

/// Amazon's id of the call: in a header, or in the body of an error (F§4.5).
fn request_id(answer: &Answer) -> Option<AmazonRequestId> {
    #[derive(Deserialize)]
    struct Named {
        request_id: String,
    }
    let in_body = || AmazonRequestId::of(&serde_json::from_slice::<Named>(&answer.body).ok()?.request_id);
    answer.request_id.clone().or_else(in_body)
}

fn understand(answer: &Answer) -> Result<Reply, Reason> {
    let (status, retry_after) = (answer.status.as_u16(), answer.retry_after);
    if answer.status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Reason::Throttled { retry_after });
    }
    // A server error is about Amazon, whatever its body says about us; a redirect is never followed.
    if !(answer.status.is_success() || answer.status.is_client_error()) {
        return Err(Reason::Unavailable { why: NoAnswer::Status(status), retry_after });
    }
    let not_understood = Reason::Unavailable { why: NoAnswer::NotUnderstood(status), retry_after };
    if let Ok(refusal) = serde_json::from_slice::<Refusal>(&answer.body) {
        return Err(match refusal.error.as_str() {
            "invalid_grant" => Reason::InvalidGrant,
            "invalid_client" => Reason::InvalidClient,
            "access_denied" => Reason::Refused("access_denied"),
            "invalid_request" => Reason::Refused("invalid_request"),
            "invalid_scope" => Reason::Refused("invalid_scope"),
            "unauthorized_client" => Reason::Refused("unauthorized_client"),
            "unsupported_grant_type" => Reason::Refused("unsupported_grant_type"),
            _ => not_understood,
        });
    }
    serde_json::from_slice::<Reply>(&answer.body)
        .ok()
        .filter(|_| answer.status.is_success())
        .filter(|reply| is_usable_token(reply.access_token.expose()))
        .filter(|reply| reply.refresh_token.as_ref().is_none_or(|token| is_usable_token(token.expose())))
        .ok_or(not_understood)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: None,
            date: None,
            request_id: None,
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn an_error_is_what_the_caller_does_next() {
        let failed = |status| Reason::unavailable(NoAnswer::Status(status));
        let unclear = |status| Reason::unavailable(NoAnswer::NotUnderstood(status));
        let cases = [
            (400, r#"{"error":"invalid_grant"}"#, Reason::InvalidGrant),
            (401, r#"{"error":"invalid_client"}"#, Reason::InvalidClient),
            (200, r#"{"error":"invalid_grant"}"#, Reason::InvalidGrant),
            (400, r#"{"error":"invalid_scope"}"#, Reason::Refused("invalid_scope")),
            (503, r#"{"error":"invalid_grant"}"#, failed(503)),
            (500, r#"{"error":"server_error"}"#, failed(500)),
            (400, r#"{"error":"something new"}"#, unclear(400)),
            (403, "<html>blocked</html>", unclear(403)),
            (302, "", failed(302)),
            (200, "", unclear(200)),
            (200, r#"{"access_token":"Atza|x","#, unclear(200)),
            (200, r#"{"access_token":"","expires_in":3600}"#, unclear(200)),
            (429, r#"{"error":"invalid_grant"}"#, Reason::Throttled { retry_after: None }),
        ];
        for (status, body, expected) in cases {
            assert_eq!(understand(&answer(status, body)).err(), Some(expected), "{status} {body}");
        }
    }

    #[test]
    fn amazons_id_of_a_call_is_in_a_header_or_in_an_errors_body() {
        let in_body = answer(400, r#"{"error":"invalid_grant","request_id":"b-1"}"#);
        let in_header = Answer { request_id: AmazonRequestId::of("h-1"), ..answer(400, "") };
        let both =
            Answer { request_id: AmazonRequestId::of("h-1"), body: in_body.body.clone(), ..answer(400, "") };

        for (answer, expected) in [(in_body, Some("b-1")), (in_header, Some("h-1")), (both, Some("h-1"))] {
            assert_eq!(request_id(&answer).as_ref().map(AmazonRequestId::as_str), expected);
        }
        assert_eq!(request_id(&answer(400, r#"{"request_id":"Atza|secret"}"#)), None);
    }

    #[test]
    fn a_token_of_4_kib_is_taken_and_a_longer_one_is_no_answer() {
        let reply = |length| format!(r#"{{"access_token":"{}","expires_in":3600}}"#, "x".repeat(length));

        assert!(understand(&answer(200, &reply(4096))).is_ok());
        assert!(understand(&answer(200, &reply(4097))).is_err());
    }

    #[test]
    fn a_lifetime_is_never_assumed() {
        for nonsense in
            [serde_json::json!(-1), serde_json::json!(0), serde_json::json!("soon"), serde_json::json!(9e9)]
        {
            assert_eq!(believable_lifetime(&nonsense), None);
        }
        assert_eq!(believable_lifetime(&serde_json::json!(3600)), Some(SignedDuration::from_hours(1)));
        assert_eq!(believable_lifetime(&serde_json::json!("3600")), Some(SignedDuration::from_hours(1)));
    }
}
