//! The services, which `X-Amz-Target` distinguishes, and the error answers of each.

use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::json;
use shared::secret::random_word;
use simulated_amazon::Endpoint;
use winterbaume_core::{MockRequest, MockResponse};

use crate::arn::REGION;

/// One service of AWS.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Service {
    Dynamodb,
    EventBridge,
    Kms,
    SecretsManager,
    Sqs,
}

impl Service {
    /// Returns the service and the operation of an `X-Amz-Target`.
    pub(super) fn of(target: &str) -> Option<(Self, &str)> {
        let (prefix, operation) = target.split_once('.')?;
        let service = match prefix {
            "DynamoDB_20120810" | "DynamoDBStreams_20120810" => Self::Dynamodb,
            "AWSEvents" => Self::EventBridge,
            "TrentService" => Self::Kms,
            "secretsmanager" => Self::SecretsManager,
            "AmazonSQS" => Self::Sqs,
            _ => return None,
        };
        Some((service, operation))
    }

    /// The endpoint of the service in the controls for faults.
    pub(super) fn endpoint(self) -> Endpoint {
        match self {
            Self::Dynamodb => Endpoint::Dynamodb,
            Self::EventBridge => Endpoint::Eventbridge,
            Self::Kms => Endpoint::Kms,
            Self::SecretsManager => Endpoint::Secretsmanager,
            Self::Sqs => Endpoint::Sqs,
        }
    }

    /// The service's answer to a throttled request.
    pub(super) fn throttling(self) -> MockResponse {
        let kind = match self {
            Self::Dynamodb => "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
            Self::EventBridge | Self::Kms | Self::SecretsManager | Self::Sqs => "ThrottlingException",
        };
        error(400, kind, "Rate exceeded, as ordered")
    }

    /// The service's answer to a failure of its own.
    pub(super) fn internal_error(self) -> MockResponse {
        let kind = match self {
            Self::Dynamodb => "com.amazonaws.dynamodb.v20120810#InternalServerError",
            Self::EventBridge => "InternalException",
            Self::Kms => "KMSInternalException",
            Self::SecretsManager => "InternalServiceError",
            Self::Sqs => "InternalError",
        };
        error(500, kind, "The local stack failed, as ordered or by a bug")
    }

    /// Returns the request as the engines need it: with the host from which they read the region.
    pub(super) fn request(self, headers: HeaderMap, body: Bytes) -> MockRequest {
        let host = match self {
            Self::Dynamodb => "dynamodb",
            Self::EventBridge => "events",
            Self::Kms => "kms",
            Self::SecretsManager => "secretsmanager",
            Self::Sqs => "sqs",
        };
        MockRequest {
            method: "POST".to_owned(),
            uri: format!("https://{host}.{REGION}.amazonaws.com/"),
            headers,
            body,
        }
    }
}

/// AWS's answer to an unknown operation.
pub(super) fn unknown_operation() -> MockResponse {
    error(400, "UnknownOperationException", "The local stack has no such operation")
}

/// An error in the format of all services.
pub(super) fn error(status: u16, kind: &str, message: &str) -> MockResponse {
    MockResponse::json(status, json!({"__type": kind, "message": message}).to_string())
}

/// The header with the id of a request, which every answer of AWS has.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// Gives an answer a request id, unless it has one.
pub(super) async fn with_request_id(mut response: Response) -> Response {
    let id = || HeaderValue::try_from(random_word()).expect("letters and digits are a header value");
    response.headers_mut().entry(REQUEST_ID).or_insert_with(id);
    response
}

/// Turns an engine's answer into a response.
pub(super) fn response(mut answer: MockResponse) -> Response {
    if answer.body.starts_with(NO_SUCH_OPERATION) {
        answer = unknown_operation();
    }
    let mut response = Response::new(answer.body.into());
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = answer.headers;
    response
}

/// The beginning of the engines' answer to an unknown operation.
const NO_SUCH_OPERATION: &[u8] = br#"{"__type":"InvalidAction""#;
