//! How AWS is reached, and its failures, reduced to what may be logged and whether trying again can help.

pub(crate) mod batch;
pub mod metrics;
pub mod sealing;
pub mod transaction;

use std::{ops::Deref, sync::OnceLock, time::Duration};

use aws_config::{SdkConfig, timeout::TimeoutConfig};
use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};

use crate::{aws::metrics::Metrics, deadline::Transient};

/// How long one attempt of a call to AWS may take; the SDK makes up to three.
const AWS_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);

/// The code of a change that other writes overtook.
const CONTENTION: &str = "TransactionConflict";

/// How long AWS may take to accept a connection.
const AWS_CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// How to reach AWS; clients made from it share its connections. It carries along what is counted for CloudWatch.
#[derive(Clone, Debug)]
pub struct Aws {
    config: SdkConfig,
    metrics: Metrics,
}

impl Aws {
    /// Takes `config`, with our time-outs laid over it. What is counted is read by nobody.
    #[must_use]
    pub fn new(config: SdkConfig) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(AWS_CONNECT_TIMEOUT)
            .operation_attempt_timeout(AWS_ATTEMPT_TIMEOUT)
            .build();
        let config = config.into_builder().timeout_config(timeouts).build();
        Self { config, metrics: Metrics::default() }
    }

    /// The same, counting in `metrics`.
    #[must_use]
    pub fn counting_in(self, metrics: Metrics) -> Self {
        Self { metrics, ..self }
    }

    /// Where everything that is made from this counts.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// A client of DynamoDB.
    #[must_use]
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.config)
    }

    /// A client of EventBridge, made when it is first used.
    #[must_use]
    pub fn event_bridge(&self) -> Lazy<aws_sdk_eventbridge::Client> {
        Lazy { config: self.config.clone(), made: OnceLock::new(), make: aws_sdk_eventbridge::Client::new }
    }

    /// A client of KMS, made when it is first used.
    #[must_use]
    pub fn kms(&self) -> Lazy<aws_sdk_kms::Client> {
        Lazy { config: self.config.clone(), made: OnceLock::new(), make: aws_sdk_kms::Client::new }
    }

    /// A client of SQS, made when it is first used.
    #[must_use]
    pub fn sqs(&self) -> Lazy<aws_sdk_sqs::Client> {
        Lazy { config: self.config.clone(), made: OnceLock::new(), make: aws_sdk_sqs::Client::new }
    }

    /// A client of Secrets Manager, made when it is first used.
    #[must_use]
    pub fn secrets_manager(&self) -> Lazy<aws_sdk_secretsmanager::Client> {
        Lazy { config: self.config.clone(), made: OnceLock::new(), make: aws_sdk_secretsmanager::Client::new }
    }
}

/// A client that costs nothing until somebody calls it: a kept token needs none but DynamoDB's.
#[derive(Debug)]
pub struct Lazy<C> {
    config: SdkConfig,
    made: OnceLock<C>,
    make: fn(&SdkConfig) -> C,
}

impl<C> Deref for Lazy<C> {
    type Target = C;

    fn deref(&self) -> &C {
        self.made.get_or_init(|| (self.make)(&self.config))
    }
}

/// A call to an AWS service that failed after the SDK's own retries.
///
/// It keeps the service's code and message only: the SDK's errors hold raw requests and responses.
#[derive(Debug, thiserror::Error)]
#[error("{operation} failed: {code}{message}")]
pub struct AwsError {
    operation: &'static str,
    code: String,
    message: String,
    transient: bool,
}

impl AwsError {
    /// A failure that trying again does not mend, found by us in what the service returned.
    #[must_use]
    pub fn corrupt(operation: &'static str, what: &str) -> Self {
        Self { operation, code: "Corrupt".to_owned(), message: format!(": {what}"), transient: false }
    }

    /// A failure that may pass, told by something other than an error of the SDK's.
    #[must_use]
    pub(crate) fn passing(operation: &'static str, code: &str) -> Self {
        Self { operation, code: code.to_owned(), message: String::new(), transient: true }
    }

    /// The failure of a change that other writes to the same row overtook until time ran out.
    #[must_use]
    pub fn contended() -> Self {
        Self::passing("TransactWriteItems", CONTENTION)
    }

    /// Whether it is [`Self::contended`].
    #[must_use]
    pub fn is_contention(&self) -> bool {
        self.code == CONTENTION
    }

    pub(crate) fn of<E: ProvideErrorMetadata>(
        operation: &'static str,
        error: &SdkError<E, HttpResponse>,
    ) -> Self {
        let (code, message, transient) = match error {
            SdkError::ServiceError(context) => {
                let error = context.err();
                let code = error.code().unwrap_or("Unknown");
                let message = error.message().map(|text| format!(": {text}")).unwrap_or_default();
                (code, message, context.raw().status().is_server_error() || is_throttling(code))
            }
            SdkError::TimeoutError(_) => ("TimeOut", String::new(), true),
            SdkError::DispatchFailure(_) => ("NoConnection", String::new(), true),
            SdkError::ResponseError(_) => ("NotUnderstood", String::new(), true),
            _ => ("NotSent", String::new(), false),
        };
        Self { operation, code: code.to_owned(), message, transient }
    }
}

impl Transient for AwsError {
    fn is_transient(&self) -> bool {
        self.transient
    }
}

fn is_throttling(code: &str) -> bool {
    [
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        // A single write that met a transaction at its row: the SDK does not repeat it.
        "TransactionConflictException",
        "TransactionInProgressException",
        "KMSInternalException",
        "DependencyTimeoutException",
    ]
    .contains(&code)
}
