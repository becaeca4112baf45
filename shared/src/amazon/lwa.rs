//! Login with Amazon: the three grants of its token endpoint (F§4).
//!
//! An error says what the caller does next, and is decided on the status and the `error` field alone, since
//! Amazon's descriptions vary (F§4.5).

mod answer;
#[cfg(any(test, fuzzing))]
mod any_bytes;
mod reason;

use jiff::Timestamp;
use reqwest::header;
use serde::Serialize;
use tokio::time::Instant;

use crate::{
    amazon::{
        Amazon,
        credentials::Credentials,
        failure::{Failed, NoAnswer},
        http::{Answer, EXCHANGE_TIMEOUT, HttpClient, send},
        look_alike::{REFRESH_TOKEN, fault, unfit_to_replace},
    },
    aws::metrics::{Metric, Metrics},
    secret::{AccessToken, AuthorizationCode, RefreshToken},
};

use self::answer::{
    LONGEST_REFRESH_TOKEN, Reply, access_token_fault_in, refresh_token_in, request_id, shape, understand,
};
pub(crate) use self::answer::{is_usable_token, lifetime};
#[cfg(any(test, fuzzing))]
pub(crate) use self::any_bytes::check_any_bytes;
pub use self::reason::{ErrorWord, Reason};

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
    /// Counts from before the request was sent, and never outlives the client secret (F§4.7). Where Amazon
    /// named no lifetime that can be believed, it is ten minutes after.
    pub expires_at: Timestamp,
    /// Comes with a code; on a refresh, the token that was sent (F§4.4), or one that may replace it.
    pub refresh_token: Option<RefreshToken>,
}

/// What Amazon gave for a code.
#[derive(Debug)]
pub struct Exchanged {
    /// Fetches access tokens for as long as the authorization lasts.
    pub refresh_token: RefreshToken,
    /// The access token of the same answer and its end; `None` if that one cannot be used. The refresh token fetches another.
    pub access_token: Option<(AccessToken, Timestamp)>,
}

/// A call that brought no token.
pub type Error = Failed<Reason>;

/// A call that brought no access token.
#[derive(Debug)]
pub struct NoAccessToken {
    /// Why there is none.
    pub error: Error,
    /// The refresh token that Amazon issued all the same: for a code, or in place of the one that was sent.
    pub replacement: Option<RefreshToken>,
}

impl From<Error> for NoAccessToken {
    fn from(error: Error) -> Self {
        Self { error, replacement: None }
    }
}

impl Lwa {
    /// The endpoint of `amazon`, reached through `http`; its calls are counted in `metrics`.
    pub fn new(amazon: &Amazon, http: HttpClient, metrics: Metrics) -> Self {
        Self { http, endpoint: amazon.token_endpoint(), metrics }
    }

    /// Exchanges a code for tokens (RFC 6749 section 4.1.3), with the redirect URI that brought it. Amazon has used the code up when
    /// it answers, so a good refresh token is taken even if the access token beside it cannot be used.
    pub async fn exchange(
        &self,
        code: &AuthorizationCode,
        redirect_uri: &str,
        credentials: &Credentials,
        now: Timestamp,
    ) -> Result<Exchanged, Error> {
        let grant = Grant::AuthorizationCode { code: code.expose(), redirect_uri };
        match self.request(&grant, credentials, now).await {
            Ok(Tokens { access_token, expires_at, refresh_token: Some(refresh_token) }) => {
                Ok(Exchanged { refresh_token, access_token: Some((access_token, expires_at)) })
            }
            // Amazon has accepted the code, so the same code brings nothing more.
            Ok(_) => Err(Reason::Unusable(NoAnswer::NotUnderstood(200)).into()),
            Err(NoAccessToken { replacement: Some(refresh_token), .. }) => {
                Ok(Exchanged { refresh_token, access_token: None })
            }
            Err(NoAccessToken { error, .. }) => Err(error),
        }
    }

    /// Refreshes an access token (RFC 6749 section 6).
    ///
    /// # Errors
    /// With a refresh token, if the answer has one that replaces the one that was sent, and no access token that can be used.
    pub async fn refresh(
        &self,
        refresh_token: &RefreshToken,
        credentials: &Credentials,
        now: Timestamp,
    ) -> Result<Tokens, NoAccessToken> {
        self.request(&Grant::RefreshToken { refresh_token: refresh_token.expose() }, credentials, now).await
    }

    /// Fetches a grantless token for one scope (RFC 6749 section 4.4; F§4.3).
    pub async fn client_credentials(
        &self,
        scope: &str,
        credentials: &Credentials,
        now: Timestamp,
    ) -> Result<Tokens, Error> {
        let tokens = self.request(&Grant::ClientCredentials { scope }, credentials, now).await;
        tokens.map_err(|none| none.error)
    }

    /// Whether Amazon accepts the credentials, and what time it is there.
    pub async fn check(
        &self,
        scope: &str,
        credentials: &Credentials,
    ) -> (Result<(), Error>, Option<Timestamp>) {
        let (reply, date) = self.ask(&Grant::ClientCredentials { scope }, credentials).await;
        (reply.map(|_| ()).map_err(|none| none.error), date)
    }

    /// One call, counted; what was understood of the answer, and Amazon's time.
    async fn ask(
        &self,
        grant: &Grant<'_>,
        credentials: &Credentials,
    ) -> (Result<Reply, NoAccessToken>, Option<Timestamp>) {
        let began = Instant::now();
        let answer = self.send(grant, credentials).await;
        self.metrics.record_millis(Metric::LwaLatency, began.elapsed());
        let (reply, date) = match answer {
            Ok(answer) => {
                let fault = |text: &str| grant.refresh_token_fault(text);
                let reply = understand(&answer).map(|reply| reply.without_a_faulty_refresh_token(fault));
                log_odd(&answer, &reply);
                let failed = |reason| NoAccessToken {
                    replacement: grant.replacement_beside(&reason, &answer.body),
                    error: Error { reason, request_id: request_id(&answer) },
                };
                (reply.map_err(failed), answer.date)
            }
            Err(error) => (Err(error.into()), None),
        };
        // A refusal is an answer; these are none.
        if reply.as_ref().is_err_and(|none| !none.error.reason.is_refusal()) {
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
        send(request).await.map_err(|why| Reason::of(why).into())
    }

    async fn request(
        &self,
        grant: &Grant<'_>,
        credentials: &Credentials,
        now: Timestamp,
    ) -> Result<Tokens, NoAccessToken> {
        let reply = self.ask(grant, credentials).await.0?;
        let expires_at = now + lifetime(reply.expires_in.as_ref());
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

/// Writes an answer that is not as documented to the log: its shape, and never its text, which may hold a token.
fn log_odd(answer: &Answer, reply: &Result<Reply, Reason>) {
    let what = match reply {
        Ok(Reply { oddity: Some(oddity), .. }) => {
            format!("has an odd refresh token, which was not taken: it {oddity}")
        }
        Ok(Reply { refresh_token: Some(token), .. }) if !token.expose().starts_with(REFRESH_TOKEN) => {
            "has a refresh token of a form that is not known, which was taken".to_owned()
        }
        Err(Reason::Unusable(_)) => match access_token_fault_in(&answer.body) {
            Some(fault) => format!("cannot be used: the access token {fault}"),
            None => "cannot be used".to_owned(),
        },
        _ => return,
    };
    let (shape, id) = (shape(&answer.body), request_id(answer));
    tracing::warn!(
        shape,
        status = answer.status.as_u16(),
        amazon.requestId = id.as_ref().map(super::failure::AmazonRequestId::as_str),
        "Answer of Login with Amazon {what}; {shape}"
    );
}

impl Grant<'_> {
    /// Returns why a text in the place of a refresh token is not taken, as the end of a sentence that begins with "the
    /// text".
    fn refresh_token_fault(&self, text: &str) -> Option<String> {
        match self {
            Self::RefreshToken { refresh_token } => {
                unfit_to_replace(refresh_token, text, LONGEST_REFRESH_TOKEN)
            }
            Self::AuthorizationCode { .. } | Self::ClientCredentials { .. } => {
                fault(text, REFRESH_TOKEN, LONGEST_REFRESH_TOKEN)
            }
        }
    }

    /// Returns the refresh token that an answer without a usable access token has, since what was sent for it may be used up or dead.
    /// In such an answer only the known form is a refresh token.
    fn replacement_beside(&self, reason: &Reason, body: &[u8]) -> Option<RefreshToken> {
        let sent = match (self, reason) {
            (Self::RefreshToken { refresh_token }, Reason::Unusable(_)) => refresh_token,
            (Self::AuthorizationCode { .. }, Reason::Unusable(_)) => "",
            _ => return None,
        };
        let found = refresh_token_in(body)?;
        let is_other = found.expose() != sent;
        (is_other && unfit_to_replace(sent, found.expose(), LONGEST_REFRESH_TOKEN).is_none()).then_some(found)
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
