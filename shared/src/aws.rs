//! The clients of AWS, and their failures, reduced to what may be logged and whether a retry can help.

pub(crate) mod batch;
mod connections;
pub mod metrics;
pub mod sealing;
pub mod transaction;

use std::{io, ops::Deref, sync::OnceLock, time::Duration};

use aws_config::{SdkConfig, timeout::TimeoutConfig};
use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};

use crate::{aws::metrics::Metrics, deadline::Transient};

/// The time limit for one attempt of a call to AWS. The SDK makes up to three.
const AWS_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);

/// The error code of a change that failed because of other writes.
const CONTENTION: &str = "TransactionConflict";

/// Makes clients of AWS, which share one pool of connections. Carries the metrics of the function too.
#[derive(Clone, Debug)]
pub struct Aws {
    config: SdkConfig,
    dynamodb: aws_sdk_dynamodb::Client,
    metrics: Metrics,
}

impl Aws {
    /// Takes `config`, with the time limits of this module. Its metrics are not written.
    pub fn new(config: SdkConfig) -> Self {
        let timeouts = TimeoutConfig::builder().operation_attempt_timeout(AWS_ATTEMPT_TIMEOUT).build();
        let config =
            config.into_builder().timeout_config(timeouts).http_client(connections::http_client()).build();
        let dynamodb = aws_sdk_dynamodb::Client::new(&config);
        Self { config, dynamodb, metrics: Metrics::default() }
    }

    /// Returns the same, with `metrics`.
    #[must_use]
    pub fn counting_in(self, metrics: Metrics) -> Self {
        Self { metrics, ..self }
    }

    /// Returns the metrics of everything that is made from this.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Returns the client of DynamoDB.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        self.dynamodb.clone()
    }

    /// Returns a client of EventBridge, made when it is first used.
    pub fn event_bridge(&self) -> Lazy<aws_sdk_eventbridge::Client> {
        Lazy { config: self.config.clone(), made: OnceLock::new(), make: aws_sdk_eventbridge::Client::new }
    }

    /// Returns a client of KMS, made when it is first used.
    pub fn kms(&self) -> Lazy<aws_sdk_kms::Client> {
        Lazy { config: self.config.clone(), made: OnceLock::new(), make: aws_sdk_kms::Client::new }
    }

    /// Returns a client of SQS, made when it is first used.
    pub fn sqs(&self) -> Lazy<aws_sdk_sqs::Client> {
        Lazy { config: self.config.clone(), made: OnceLock::new(), make: aws_sdk_sqs::Client::new }
    }

    /// Returns a client of Secrets Manager, made when it is first used.
    pub fn secrets_manager(&self) -> Lazy<aws_sdk_secretsmanager::Client> {
        Lazy { config: self.config.clone(), made: OnceLock::new(), make: aws_sdk_secretsmanager::Client::new }
    }
}

/// A client that is made when it is first used: a stored token needs only DynamoDB's.
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
    /// Returns a failure that a retry does not repair: the service returned something invalid.
    pub fn corrupt(operation: &'static str, what: &str) -> Self {
        Self { operation, code: "Corrupt".to_owned(), message: format!(": {what}"), transient: false }
    }

    /// Returns a transient failure that is not an error of the SDK.
    pub fn transient(operation: &'static str, code: &str) -> Self {
        Self { operation, code: code.to_owned(), message: String::new(), transient: true }
    }

    /// Returns the failure of a change because other writes to the same row came first until time ran out.
    pub fn contended() -> Self {
        Self::transient("TransactWriteItems", CONTENTION)
    }

    /// Returns whether it is [`Self::contended`].
    pub fn is_contention(&self) -> bool {
        self.code == CONTENTION
    }

    /// Returns the failure that the SDK reported for this operation, without anything of the request.
    pub fn of<E: ProvideErrorMetadata>(operation: &'static str, error: &SdkError<E, HttpResponse>) -> Self {
        let (code, message, transient) = match error {
            SdkError::ServiceError(context) => {
                let error = context.err();
                let code = error.code().unwrap_or("Unknown");
                let message = error.message().map(|text| format!(": {text}")).unwrap_or_default();
                (code, message, context.raw().status().is_server_error() || is_throttling(code))
            }
            SdkError::TimeoutError(_) => ("TimeOut", String::new(), true),
            SdkError::DispatchFailure(failure) => {
                let code = match failure.as_connector_error() {
                    Some(error) if error.is_timeout() => "ConnectTimeOut",
                    Some(error) => why_not_sent(error),
                    None => "NoConnection",
                };
                (code, String::new(), true)
            }
            SdkError::ResponseError(_) => ("NotUnderstood", String::new(), true),
            _ => ("NotSent", String::new(), false),
        };
        Self { operation, code: code.to_owned(), message, transient }
    }
}

/// Why AWS was not reached. Nothing of the connector's own errors is repeated, because they have addresses.
fn why_not_sent(error: &(dyn std::error::Error + 'static)) -> &'static str {
    let mut source = Some(error);
    while let Some(cause) = source {
        let text = cause.to_string();
        // hyper-util names its resolver's failures by this text alone.
        if text.starts_with("dns error") {
            return "NotResolved";
        }
        match cause.downcast_ref::<io::Error>().map(innermost_kind) {
            // rustls reports every failure of a handshake so.
            Some(io::ErrorKind::InvalidData) => return "TlsFailed",
            Some(io::ErrorKind::ConnectionRefused) => return "ConnectionRefused",
            Some(
                io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof,
            ) => {
                return "BrokenOff";
            }
            _ => {}
        }
        // hyper says so where a connection ends before an answer.
        if text.starts_with("connection closed before message completed") {
            return "BrokenOff";
        }
        source = cause.source();
    }
    "NoConnection"
}

/// The kind of the error inside: `source` of an error that only wraps another one skips it.
pub(crate) fn innermost_kind(error: &io::Error) -> io::ErrorKind {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<io::Error>()) {
        Some(inner) => innermost_kind(inner),
        None => error.kind(),
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
        // A single write met a transaction on its row. The SDK does not retry this.
        "TransactionConflictException",
        "TransactionInProgressException",
        "KMSInternalException",
        "DependencyTimeoutException",
    ]
    .contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the log says of a call to `endpoint`.
    async fn said_of(endpoint: String) -> String {
        let config = SdkConfig::builder()
            .behavior_version(aws_config::BehaviorVersion::latest())
            .region(aws_config::Region::new("eu-west-1"))
            .endpoint_url(endpoint)
            .credentials_provider(aws_sdk_dynamodb::config::SharedCredentialsProvider::new(
                aws_sdk_dynamodb::config::Credentials::new("id", "key", None, None, "test"),
            ))
            .retry_config(aws_config::retry::RetryConfig::disabled())
            .build();
        let error = Aws::new(config).dynamodb().list_tables().send().await.unwrap_err();
        AwsError::of("ListTables", &error).to_string()
    }

    #[tokio::test]
    async fn the_reason_why_aws_was_not_reached_is_named_and_its_address_is_not() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let closed = listener.local_addr().unwrap();
        drop(listener);
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let cut_off = silent.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((connection, _)) = silent.accept().await {
                drop(connection);
            }
        });
        let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let without_tls = plain.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = plain.accept().await {
                let _ =
                    tokio::io::AsyncWriteExt::write_all(&mut connection, b"HTTP/1.1 400 No TLS here\r\n\r\n")
                        .await;
            }
        });
        for (endpoint, code) in [
            (format!("http://{closed}"), "ConnectionRefused"),
            ("http://nowhere.invalid".to_owned(), "NotResolved"),
            (format!("http://{cut_off}"), "BrokenOff"),
            (format!("https://{without_tls}"), "TlsFailed"),
        ] {
            assert_eq!(said_of(endpoint.clone()).await, format!("ListTables failed: {code}"), "{endpoint}");
        }
    }
}
