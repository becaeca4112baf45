//! What an invoked function answers when it cannot do what was asked: one list, one exhaustive map.

use jiff::SignedDuration;
use lambda_runtime::Diagnostic;

use crate::{
    amazon::{
        failure::{AmazonError, AmazonRequestId},
        lwa,
    },
    aws::{
        AwsError,
        metrics::{Metric, Metrics},
        sealing::SealError,
    },
    deadline::Transient,
};

/// A failure as the caller of an invoked function meets it. `Display` is the sentence for the caller; the source is
/// for the log. Neither has a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request cannot be understood.
    #[error("{field}: {problem}")]
    InvalidRequest {
        /// The field that is wrong, as the caller wrote it.
        field: &'static str,
        /// What was expected of it, without its value.
        problem: String,
    },
    /// The application is not registered.
    #[error("this application is not registered; an operator can register it")]
    UnknownApplication,
    /// No partner of this name has authorized the application.
    #[error(
        "this selling partner has not authorized the application; send it through an authorization first"
    )]
    UnknownSellingPartner,
    /// The request fits several grants.
    #[error("several authorizations fit; {0}")]
    AmbiguousSellingPartner(&'static str),
    /// Amazon does not honour the grant any longer.
    #[error(
        "Amazon no longer accepts this authorization; ask the selling partner to authorize the application again"
    )]
    ReauthorizationRequired,
    /// The same, after a refresh token was lost that Amazon had issued in place of the grant's.
    #[error(
        "Amazon no longer accepts this authorization: {0}; ask the selling partner to authorize the application again"
    )]
    ReauthorizationRequiredAfterLoss(String),
    /// Amazon issued another refresh token in place of the grant's, and this failure kept it from being stored.
    #[error(
        "Amazon replaced the refresh token of this authorization, and the new one could not be stored and is lost ({kind}); \
         hint: if Amazon refuses the old one, ask the selling partner to authorize the application again", kind = .0.kind()
    )]
    RefreshTokenLost(#[source] Box<Error>),
    /// An operator or a service of the integrator disabled the grant.
    #[error("this authorization was disabled on our side; an operator can enable it")]
    AuthorizationDisabled,
    /// An operator stopped the whole application.
    #[error("operators stopped this application on our side; they can start it with enableApplication")]
    ApplicationDisabled,
    /// Amazon does not accept the application's own secret.
    #[error(
        "Amazon does not accept the application's client id or secret; operators must store a valid secret"
    )]
    ApplicationCredentialsRejected,
    /// This request is not allowed, by us or by Amazon.
    #[error("the request was refused: {0}")]
    RequestRefused(&'static str),
    /// Amazon asks to slow down.
    #[error("{sentence}", sentence = .0.slowing_down())]
    AmazonThrottled(#[source] Cause),
    /// The same request may succeed later.
    #[error("{0}; {advice}", advice = .0.advice())]
    Unavailable(#[source] Cause),
    /// Something is wrong with us.
    #[error("something is wrong in this service; its operators can find the cause in its log")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a request failed that may succeed later. `Display` is for the caller, so what AWS says is in the source alone.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// A call to Amazon failed.
    #[error("{0}")]
    Amazon(AmazonError),
    /// A call to Amazon failed a moment ago, and Amazon is not called again yet.
    #[error("Amazon gave no usable answer to another request a moment ago")]
    AmazonLately,
    /// Amazon asked another request to slow down a moment ago, and is not called again for this long.
    #[error("Amazon asked another request to slow down a moment ago")]
    ThrottledLately(SignedDuration),
    /// Other requests for restricted data tokens of this partner came first, and Amazon allows no more for this long.
    #[error("other requests for restricted data tokens came first")]
    TurnsTaken(SignedDuration),
    /// A call to AWS failed.
    #[error("a call to {service} of AWS failed", service = .0.service())]
    Aws(#[source] AwsError),
    /// The named row changed between our read and our write, again and again.
    #[error("another request changed this {0} at the same time")]
    Contention(&'static str),
    /// The time limit ended the named work.
    #[error("the time limit of this invocation ran out while {0}")]
    OutOfTime(&'static str),
    /// The holder of a token's lease left no token and no failure in time.
    #[error("another request is fetching this token and did not finish in time")]
    LeaseHolder,
    /// A run of the refresher ended before its work was done.
    #[error("the run ended early")]
    EndedEarly,
}

impl Cause {
    /// What the caller does next.
    fn advice(&self) -> &'static str {
        match self {
            Self::Amazon(AmazonError::Lwa(lwa::Error { reason: lwa::Reason::Unusable(_), .. })) => {
                "Amazon is asked again after a pause; operators find the shape of the answer in the log"
            }
            _ => "try again",
        }
    }

    /// Returns the sentence that asks a caller to slow down. It has the seconds after which the request may succeed, if they are known.
    fn slowing_down(&self) -> String {
        let in_seconds = |pause: SignedDuration| {
            format!("in {} s", (pause.as_secs() + i64::from(pause.subsec_nanos() > 0)).max(1))
        };
        match self {
            Self::TurnsTaken(pause) => format!(
                "requests for other restricted data tokens of this selling partner came first, and Amazon allows one a second; try \
                 again {}; hint: one token with a generic path, such as /orders/v0/orders/{{orderId}}, is for all orders",
                in_seconds(*pause)
            ),
            Self::ThrottledLately(pause) => {
                format!("Amazon asks to slow down; try again {}", in_seconds(*pause))
            }
            Self::Amazon(error) => {
                let when = error.retry_after().map_or_else(|| "later".to_owned(), in_seconds);
                format!("Amazon asks to slow down; try again {when}")
            }
            _ => "Amazon asks to slow down; try again later".to_owned(),
        }
    }
}

impl Error {
    /// Returns the causes below the sentence for the caller, each after a colon; empty if there is none.
    pub fn cause(&self) -> String {
        let mut causes = Vec::new();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            causes.push(cause.to_string());
            source = cause.source();
        }
        causes.join(": ")
    }

    /// Returns the call to AWS that failed, if one did.
    pub fn aws(&self) -> Option<&AwsError> {
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            if let Some(error) = cause.downcast_ref() {
                return Some(error);
            }
            source = cause.source();
        }
        None
    }

    /// Returns what failed in a few words: the service of AWS, the operation and the kind of failure, or the sentence for the
    /// caller. Unlike [`Self::cause`] it has no names of resources, so it may be in an event.
    pub fn kind(&self) -> String {
        self.aws().map_or_else(|| self.to_string(), AwsError::kind)
    }

    /// Returns Amazon's id of the call that failed, if one did.
    pub fn amazon_request_id(&self) -> Option<&str> {
        match self {
            Self::RefreshTokenLost(error) => error.amazon_request_id(),
            Self::Unavailable(Cause::Amazon(error)) | Self::AmazonThrottled(Cause::Amazon(error)) => {
                error.request_id().map(AmazonRequestId::as_str)
            }
            _ => None,
        }
    }

    /// A request whose `field` should be `expected`.
    pub fn invalid(field: &'static str, expected: impl std::fmt::Display) -> Self {
        Self::InvalidRequest { field, problem: format!("expected {expected}") }
    }

    /// A request that lacks `field`.
    pub fn required(field: &'static str) -> Self {
        Self::InvalidRequest { field, problem: "required".to_owned() }
    }

    /// The `errorType` of the answer: a name that callers and alarms may rely on.
    pub fn error_type(&self) -> &'static str {
        match self {
            Self::InvalidRequest { .. } => "InvalidRequest",
            Self::UnknownApplication => "UnknownApplication",
            Self::UnknownSellingPartner => "UnknownSellingPartner",
            Self::AmbiguousSellingPartner(_) => "AmbiguousSellingPartner",
            Self::ReauthorizationRequired | Self::ReauthorizationRequiredAfterLoss(_) => {
                "ReauthorizationRequired"
            }
            Self::RefreshTokenLost(error) => error.error_type(),
            Self::AuthorizationDisabled => "AuthorizationDisabled",
            Self::ApplicationDisabled => "ApplicationDisabled",
            Self::ApplicationCredentialsRejected => "ApplicationCredentialsRejected",
            Self::RequestRefused(_) => "RequestRefused",
            Self::AmazonThrottled(_) => "AmazonThrottled",
            Self::Unavailable(_) => "AmazonUnavailable",
            Self::Internal(_) => "Internal",
        }
    }

    /// Whether a service failed that the function depends on, so that the same request may succeed later.
    pub fn is_of_a_service(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::AmazonThrottled(_))
    }

    /// Whether the failure is ours to look into, and not the answer to what was asked.
    pub fn is_ours(&self) -> bool {
        match self {
            Self::ApplicationCredentialsRejected | Self::Internal(_) | Self::RefreshTokenLost(_) => true,
            Self::InvalidRequest { .. }
            | Self::UnknownApplication
            | Self::UnknownSellingPartner
            | Self::AmbiguousSellingPartner(_)
            | Self::ReauthorizationRequired
            | Self::ReauthorizationRequiredAfterLoss(_)
            | Self::AuthorizationDisabled
            | Self::ApplicationDisabled
            | Self::RequestRefused(_)
            | Self::AmazonThrottled(_)
            | Self::Unavailable(_) => false,
        }
    }

    /// Counts a failure that ends an invocation, or the work on a message or a grant, if it is ours to look into.
    pub fn count_in(&self, metrics: &Metrics) {
        match self {
            Self::Internal(_) => metrics.count(Metric::Internal),
            Self::RefreshTokenLost(error) => error.count_in(metrics),
            Self::ApplicationCredentialsRejected => metrics.count(Metric::ApplicationCredentialsRejected),
            _ => {}
        }
    }
}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Self {
        Self { error_type: error.error_type().to_owned(), error_message: error.to_string() }
    }
}

impl From<AwsError> for Error {
    fn from(error: AwsError) -> Self {
        if error.is_contention() {
            Self::Unavailable(Cause::Contention("row"))
        } else if error.is_transient() {
            Self::Unavailable(Cause::Aws(error))
        } else {
            Self::Internal(error.into())
        }
    }
}

impl From<SealError> for Error {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Kms(error) => error.into(),
            SealError::Broken => Self::Internal(error.into()),
        }
    }
}

impl From<lwa::Error> for Error {
    fn from(error: lwa::Error) -> Self {
        match &error.reason {
            lwa::Reason::InvalidGrant => Self::ReauthorizationRequired,
            lwa::Reason::InvalidClient => Self::ApplicationCredentialsRejected,
            lwa::Reason::Refused(word, _) => Self::RequestRefused(word.meaning()),
            lwa::Reason::Throttled { .. } => Self::AmazonThrottled(Cause::Amazon(error.into())),
            lwa::Reason::Unavailable { .. } | lwa::Reason::Unusable(_) => {
                Self::Unavailable(Cause::Amazon(error.into()))
            }
        }
    }
}
