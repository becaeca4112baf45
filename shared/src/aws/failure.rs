//! A call to AWS that failed: which service and operation, why, and the service's id of the call.

use std::{
    fmt::{self, Display, Formatter},
    io,
};

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};

use crate::deadline::{FailedAnswer, Transient};

/// The error code of a change that failed because of other writes.
const CONTENTION: &str = "TransactionConflict";

/// The error code of a call that was not answered in time.
const TIMED_OUT: &str = "TimeOut";

/// A call to an AWS service that failed after the SDK's own retries.
///
/// It has the service's code, message, status and request id only: the SDK's errors hold raw requests and responses.
#[derive(Debug, thiserror::Error)]
pub struct AwsError {
    operation: &'static str,
    code: String,
    message: String,
    status: Option<u16>,
    request_id: Option<String>,
    transient: bool,
}

impl Display for AwsError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind())?;
        self.status.map_or(Ok(()), |status| write!(f, " (HTTP status {status})"))?;
        f.write_str(&self.message)?;
        self.request_id.as_ref().map_or(Ok(()), |id| write!(f, " (request id {id})"))
    }
}

impl AwsError {
    fn without_answer(operation: &'static str, code: &str, transient: bool) -> Self {
        let (code, message) = (code.to_owned(), String::new());
        Self { operation, code, message, status: None, request_id: None, transient }
    }

    /// Returns a failure that a retry does not repair: the service returned something invalid.
    pub fn corrupt(operation: &'static str, what: &str) -> Self {
        let message = format!(": {what}");
        Self { message, ..Self::without_answer(operation, "Corrupt", false) }
    }

    /// Returns a transient failure that is not an error of the SDK.
    pub fn transient(operation: &'static str, code: &str) -> Self {
        Self::without_answer(operation, code, true)
    }

    /// Returns the failure of a call that was not answered in time.
    pub(crate) fn timed_out(operation: &'static str) -> Self {
        Self::transient(operation, TIMED_OUT)
    }

    /// Returns the failure of a change because other writes to the same row came first until time ran out.
    pub fn contended() -> Self {
        Self::transient("TransactWriteItems", CONTENTION)
    }

    /// Returns whether it is [`Self::contended`].
    pub fn is_contention(&self) -> bool {
        self.code == CONTENTION
    }

    /// Returns whether there is no such table, or no other thing that the call names.
    pub fn is_missing(&self) -> bool {
        self.code == "ResourceNotFoundException"
    }

    /// Returns the failure that the SDK reported for this operation, without anything of the request.
    pub fn of<E: ProvideErrorMetadata>(operation: &'static str, error: &SdkError<E, HttpResponse>) -> Self {
        let earlier = FailedAnswer::latest(operation);
        let (code, message, transient) = match error {
            SdkError::ServiceError(context) => {
                let error = context.err();
                let code = error.code().unwrap_or("NotUnderstood");
                let status = context.raw().status();
                let message = error.message().map(|text| format!(": {text}")).unwrap_or_default();
                // A success that cannot be read was changed or cut off on its way.
                let transient = status.is_success() || status.is_server_error() || is_throttling(code);
                (code, message, transient)
            }
            SdkError::TimeoutError(_) => {
                let message = earlier.as_ref().map_or("", |_| ": this was the last answer");
                (TIMED_OUT, message.to_owned(), true)
            }
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
        let (status, request_id) = match error {
            SdkError::TimeoutError(_) => {
                earlier.map_or((None, None), |answer| (Some(answer.status), answer.request_id))
            }
            _ => (
                error.raw_response().map(|answer| answer.status().as_u16()),
                error.request_id().map(ToOwned::to_owned),
            ),
        };
        let request_id = request_id.filter(|id| is_id(id));
        Self { message, status, request_id, ..Self::without_answer(operation, code, transient) }
    }

    /// Returns the name of the service. The names of operations of different services differ.
    pub fn service(&self) -> &'static str {
        match self.operation {
            "Decrypt" | "GenerateDataKey" => "KMS",
            "CreateSecret" | "GetSecretValue" | "PutSecretValue" | "UpdateSecretVersionStage" => {
                "Secrets Manager"
            }
            "PutEvents" => "EventBridge",
            "SendMessage" | "SendMessageBatch" => "SQS",
            _ => "DynamoDB",
        }
    }

    /// Returns the service, the operation and the code, without what the service says of resources.
    pub fn kind(&self) -> String {
        format!("{} {} failed: {}", self.service(), self.operation, self.code)
    }

    /// Returns the service's own id of the call, if it answered with one.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }
}

/// Whether the text looks like a request id: it is logged, and an answer may hold anything.
fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
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
mod tests;
