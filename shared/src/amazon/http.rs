//! The one HTTP client, with its limits said aloud; Login with Amazon and SP-API are reached through it.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use reqwest::{RequestBuilder, StatusCode, header, redirect::Policy};

use crate::{
    amazon::{
        Amazon,
        failure::{AmazonRequestId, NoAnswer},
    },
    tls,
};

/// How long Amazon may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// How long one call to Amazon may take in all. A lease (8 s) outlives it, so that a holder that waits this long
/// still holds.
const CALL_TIMEOUT: Duration = Duration::from_secs(5);

/// How long the exchange of a code may take: it cannot be asked twice, so it is waited for longer.
pub(crate) const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(20);

/// No answer of Amazon's that we want is longer; one that is will not be read to its end.
const LONGEST_BODY: usize = 1 << 20;

/// The longest `Retry-After` that is believed.
const LONGEST_RETRY_AFTER: i64 = 300;

/// Sent with every call: SP-API requires it, in the form `AppId/Version (Language=…)` (F§7.1).
const USER_AGENT: &str = concat!("spapi-auth/", env!("CARGO_PKG_VERSION"), " (Language=Rust)");

/// A client for Amazon's token endpoint and SP-API. Clones share its connections.
///
/// TLS and its roots take milliseconds to start, which a function that finds its answer in a table never needs: so the
/// client is made when it is first used.
#[derive(Clone, Debug)]
pub struct HttpClient {
    made: Arc<OnceLock<reqwest::Client>>,
    resolved: Vec<(String, SocketAddr)>,
}

/// What Amazon answered, its body not yet understood.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) retry_after: Option<SignedDuration>,
    /// How many requests a second SP-API allows for this operation, application and partner (F§7.3).
    pub(crate) rate: Option<f64>,
    /// What the time is at Amazon, to the second.
    pub(crate) date: Option<Timestamp>,
    /// Amazon's id of the call.
    pub(crate) request_id: Option<AmazonRequestId>,
    pub(crate) body: Vec<u8>,
}

impl HttpClient {
    /// A client that reaches `amazon`.
    pub fn new(amazon: &Amazon) -> Self {
        Self { made: Arc::default(), resolved: amazon.resolved().collect() }
    }

    pub(crate) fn get(&self, url: String) -> RequestBuilder {
        self.made().get(url)
    }

    pub(crate) fn post(&self, url: &str) -> RequestBuilder {
        self.made().post(url)
    }

    fn made(&self) -> &reqwest::Client {
        self.made.get_or_init(|| make(&self.resolved))
    }
}

/// It follows no redirects: one from a token endpoint would carry the secret along.
#[expect(clippy::disallowed_methods, reason = "this is the one place that makes an HTTP client")]
fn make(resolved: &[(String, SocketAddr)]) -> reqwest::Client {
    let mut builder = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(Policy::none())
        .tls_backend_preconfigured(tls::configuration())
        .timeout(CALL_TIMEOUT)
        .user_agent(USER_AGENT);
    for (host, address) in resolved {
        // Nothing stands between us and this machine: a proxy would see the secret in the clear.
        builder = builder.resolve(host, *address).no_proxy();
    }
    builder.build().expect("TLS starts with the built-in provider and the system's roots")
}

/// Sends `request` and reads the whole answer.
pub(crate) async fn send(request: RequestBuilder) -> Result<Answer, NoAnswer> {
    let mut response = request.send().await.map_err(|error| NoAnswer::from(&error))?;
    let status = response.status();
    let retry_after = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<u32>().ok())
        .map(|seconds| SignedDuration::from_secs(i64::from(seconds).min(LONGEST_RETRY_AFTER)));
    let rate =
        response.headers().get("x-amzn-ratelimit-limit").and_then(|value| value.to_str().ok()?.parse().ok());
    let date = response.headers().get(header::DATE).and_then(|value| value.to_str().ok());
    let date = date.and_then(|text| rfc2822::parse(text).ok()).map(|date| date.timestamp());
    let request_id = response.headers().get("x-amzn-requestid").and_then(|value| value.to_str().ok());
    let request_id = request_id.and_then(AmazonRequestId::of);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| NoAnswer::Incomplete(status.as_u16()))? {
        if body.len() + chunk.len() > LONGEST_BODY {
            return Err(NoAnswer::TooLong(status.as_u16()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, retry_after, rate, date, request_id, body })
}
