//! Failures of AWS, reduced to what may be logged and whether trying again can help.

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};

use crate::deadline::Transient;

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
        "LimitExceededException",
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
