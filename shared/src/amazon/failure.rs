//! Why a call to Amazon failed, and the id by which Amazon's support finds it.

use std::{
    error::Error as _,
    fmt::{self, Display, Formatter},
    io,
    time::Duration,
};

use jiff::SignedDuration;

use crate::{
    amazon::{lwa, sp_api},
    aws::innermost_kind,
    deadline::Transient,
};

/// The longest id that is believed; Amazon's have 36 characters.
const LONGEST_REQUEST_ID: usize = 64;

/// Amazon's own id of one call.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AmazonRequestId(String);

impl AmazonRequestId {
    /// Returns the id, if the text looks like one: it is logged, and an answer may hold anything.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let is_id = (1..=LONGEST_REQUEST_ID).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        is_id.then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A reason, with Amazon's id of the call, where an answer came that names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Failed<R> {
    /// Why the call failed.
    pub reason: R,
    /// Amazon's id of the call.
    pub request_id: Option<AmazonRequestId>,
}

impl<R> From<R> for Failed<R> {
    fn from(reason: R) -> Self {
        Self { reason, request_id: None }
    }
}

impl<R: Display> Display for Failed<R> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)?;
        match &self.request_id {
            Some(id) => write!(f, " (Amazon's request id {})", id.as_str()),
            None => Ok(()),
        }
    }
}

impl<R: Display + fmt::Debug> std::error::Error for Failed<R> {}

impl<R: Transient> Transient for Failed<R> {
    fn is_transient(&self) -> bool {
        self.reason.is_transient()
    }

    fn retry_after(&self) -> Option<Duration> {
        self.reason.retry_after()
    }
}

/// A call that failed, to either of Amazon's services.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AmazonError {
    /// A call to Login with Amazon.
    #[error(transparent)]
    Lwa(#[from] lwa::Error),
    /// A call to SP-API.
    #[error(transparent)]
    SpApi(#[from] sp_api::Error),
}

impl AmazonError {
    /// Returns whether Login with Amazon answered with a status that says no (4xx), and without an error that is understood. It may
    /// pass, like an answer of a firewall.
    pub fn is_unclear_refusal(&self) -> bool {
        let Self::Lwa(failed) = self else { return false };
        match failed.reason {
            lwa::Reason::Unavailable { why: NoAnswer::NotUnderstood(status), .. } => {
                (400..500).contains(&status) && !matches!(status, 408 | 425)
            }
            _ => false,
        }
    }

    /// Returns the pause that Amazon asked for.
    pub fn retry_after(&self) -> Option<SignedDuration> {
        match self {
            Self::Lwa(lwa::Error { reason: lwa::Reason::Throttled { retry_after }, .. })
            | Self::SpApi(sp_api::Error { reason: sp_api::Reason::Throttled { retry_after }, .. }) => {
                *retry_after
            }
            Self::Lwa(_) | Self::SpApi(_) => None,
        }
    }

    /// Returns Amazon's id of the call.
    pub fn request_id(&self) -> Option<&AmazonRequestId> {
        match self {
            Self::Lwa(failed) => failed.request_id.as_ref(),
            Self::SpApi(failed) => failed.request_id.as_ref(),
        }
    }
}

/// Why a call brought no usable answer. It repeats nothing that reqwest's errors or an answer hold: those have URLs, and
/// could have more.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NoAnswer {
    /// DNS has no address of the host.
    #[error("the host name was not resolved")]
    NotResolved,
    /// The host did not take the connection.
    #[error("no connection")]
    NotConnected,
    /// The time for a connection ran out.
    #[error("no connection in time")]
    ConnectTimedOut,
    /// TLS failed, on the host's certificate for example.
    #[error("TLS failed")]
    Tls,
    /// The time for a call ran out.
    #[error("timed out")]
    TimedOut,
    /// The connection ended before the answer did.
    #[error("the connection broke off")]
    BrokenOff,
    /// The answer began, with this status, and broke off.
    #[error("HTTP status {0} with an answer that broke off")]
    Incomplete(u16),
    /// The answer, with this status, is longer than any true answer.
    #[error("HTTP status {0} with an answer that is too long")]
    TooLong(u16),
    /// A status that says nothing of the request.
    #[error("HTTP status {0}")]
    Status(u16),
    /// An answer in a form that is not documented.
    #[error("HTTP status {0} with an answer that is not understood")]
    NotUnderstood(u16),
    /// We made no call, because too little time was left for it.
    #[error("too little time was left for a call")]
    NotCalled,
}

impl From<&reqwest::Error> for NoAnswer {
    fn from(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            return if error.is_connect() { Self::ConnectTimedOut } else { Self::TimedOut };
        }
        if !error.is_connect() {
            return Self::BrokenOff;
        }
        let mut source = error.source();
        while let Some(cause) = source {
            // hyper-util names its resolver's failures by this text alone.
            if cause.to_string().starts_with("dns error") {
                return Self::NotResolved;
            }
            // rustls reports every failure of a handshake so.
            if cause
                .downcast_ref::<io::Error>()
                .is_some_and(|error| innermost_kind(error) == io::ErrorKind::InvalidData)
            {
                return Self::Tls;
            }
            source = cause.source();
        }
        Self::NotConnected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_an_id_is_logged_as_one() {
        let id = "3f1c9d3e-8a3b-4c55-9d5e-0f7f3e3a9b11";
        assert_eq!(AmazonRequestId::of(id).unwrap().as_str(), id);
        for other in ["", "two words", "Atza|token", "line\nbreak", "é", &"x".repeat(65)] {
            assert_eq!(AmazonRequestId::of(other), None, "{other}");
        }
    }

    /// Knows no host.
    struct NoHosts;

    impl reqwest::dns::Resolve for NoHosts {
        fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
            Box::pin(async { Err("no such host".into()) })
        }
    }

    #[tokio::test]
    async fn a_failed_connection_is_named_and_its_address_is_not() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let closed = listener.local_addr().unwrap();
        drop(listener);
        #[expect(clippy::disallowed_methods, reason = "the client of the functions reaches Amazon alone")]
        let client = reqwest::Client::builder().dns_resolver(NoHosts).no_proxy().build().unwrap();
        let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let without_tls = plain.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = plain.accept().await {
                let answer = b"HTTP/1.1 400 No TLS here\r\n\r\n";
                let _ = tokio::io::AsyncWriteExt::write_all(&mut connection, answer).await;
            }
        });
        for (url, expected) in [
            (format!("https://{without_tls}/"), NoAnswer::Tls),
            (format!("http://{closed}/"), NoAnswer::NotConnected),
            ("http://api.amazon.com/".to_owned(), NoAnswer::NotResolved),
        ] {
            let error = client.get(&url).send().await.unwrap_err();

            assert_eq!(NoAnswer::from(&error), expected, "{error:?}");
        }
    }
}
