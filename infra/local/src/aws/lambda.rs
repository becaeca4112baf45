//! Lambda: Invoke, and the answer to operations that are not here.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header::CONTENT_TYPE};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::{
    arn::{ACCOUNT, function_arn},
    aws::{
        aliases::Aliases,
        function_name::{Named, VERSION},
        service::REQUEST_ID,
    },
    functions::{FunctionError, Functions, Invocation},
};

/// Invokes a function by name or ARN. The headers choose the invocation type, and whether the answer has the end of the log.
pub(super) async fn invoke(
    functions: &Functions,
    aliases: &Aliases,
    identifier: &str,
    uri: &Uri,
    headers: &HeaderMap,
    payload: &[u8],
) -> Response {
    let qualifier = parameter(uri, "Qualifier");
    let (named, event) = match Named::find(identifier, qualifier.as_deref(), functions, aliases)
        .and_then(|named| Ok((named, event(payload)?)))
    {
        Ok(both) => both,
        Err(refusal) => return refusal.into_response(),
    };
    let header = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
    match header("x-amz-invocation-type").unwrap_or(b"RequestResponse") {
        b"DryRun" => StatusCode::NO_CONTENT.into_response(),
        b"Event" => {
            let started = functions.start_by(named.function, named.qualifier, event);
            with_request_id(StatusCode::ACCEPTED.into_response(), started.as_ref())
        }
        b"RequestResponse" => {
            let Some(invocation) = functions.start_by(named.function, named.qualifier, event) else {
                return Refusal::not_found("The function is gone".to_owned()).into_response();
            };
            let tail = (header("x-amz-log-type") == Some(b"Tail")).then(|| invocation.log_tail.clone());
            let mut answer = with_request_id(StatusCode::OK.into_response(), Some(&invocation));
            let outcome = invocation.outcome().await;
            fill(&mut answer, outcome);
            if let Some(log) = tail.and_then(|tail| HeaderValue::try_from(tail.encoded()).ok()) {
                answer.headers_mut().insert(HeaderName::from_static("x-amz-log-result"), log);
            }
            answer
        }
        _ => Refusal::invalid("InvocationType is not known").into_response(),
    }
}

/// Returns the value of a parameter of the query.
pub(super) fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let mut query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    query.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// Returns the answer to an operation of Lambda that is not here; nothing if a path is of no such operation.
pub(super) fn other_operation(method: &http::Method, uri: &Uri) -> Option<Response> {
    // Each path of Lambda begins with the date of its version.
    let version = uri.path().split('/').nth(1)?;
    version.parse::<jiff::civil::Date>().ok()?;
    let message = format!(
        "{method} {} is not in the local stack, which has Invoke, aliases and their permissions of Lambda only",
        uri.path()
    );
    Some(
        Refusal { status: StatusCode::NOT_IMPLEMENTED, kind: "UnknownOperationException", message }
            .into_response(),
    )
}

fn event(payload: &[u8]) -> Result<Value, Refusal> {
    if payload.len() > LARGEST_PAYLOAD {
        let message =
            format!("Request must be smaller than {LARGEST_PAYLOAD} bytes for the InvokeFunction operation");
        let (status, kind) = (StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLargeException");
        return Err(Refusal { status, kind, message });
    }
    if payload.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(payload).map_err(|error| Refusal {
        status: StatusCode::BAD_REQUEST,
        kind: "InvalidRequestContentException",
        message: format!("Could not parse request body into json: {error}"),
    })
}

fn with_request_id(mut answer: Response, invocation: Option<&Invocation>) -> Response {
    if let Some(id) = invocation.and_then(|invocation| HeaderValue::from_str(&invocation.request_id).ok()) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    answer
}

/// Puts the outcome of an invocation into its answer.
fn fill(answer: &mut Response, outcome: Result<Value, FunctionError>) {
    let outcome = outcome.map(|value| value.to_string()).and_then(|body| {
        if body.len() <= LARGEST_PAYLOAD {
            return Ok(body);
        }
        Err(FunctionError {
            error_type: "Function.ResponseSizeTooLarge".to_owned(),
            error_message: format!(
                "Response payload size exceeded maximum allowed payload size ({LARGEST_PAYLOAD} bytes)."
            ),
        })
    });
    let headers = answer.headers_mut();
    headers.insert(HeaderName::from_static("x-amz-executed-version"), HeaderValue::from_static(VERSION));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let body = outcome.unwrap_or_else(|failure| {
        let unhandled = HeaderValue::from_static("Unhandled");
        headers.insert(HeaderName::from_static("x-amz-function-error"), unhandled);
        json!(failure).to_string()
    });
    *answer.body_mut() = body.into();
}

/// Why Lambda refuses a call.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) kind: &'static str,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn not_found(message: String) -> Self {
        Self { status: StatusCode::NOT_FOUND, kind: "ResourceNotFoundException", message }
    }

    pub(super) fn invalid(message: &str) -> Self {
        let kind = "InvalidParameterValueException";
        Self { status: StatusCode::BAD_REQUEST, kind, message: message.to_owned() }
    }

    pub(super) fn conflict(message: String) -> Self {
        Self { status: StatusCode::CONFLICT, kind: "ResourceConflictException", message }
    }

    pub(super) fn precondition_failed() -> Self {
        let message = "The Revision Id provided does not match the latest Revision Id. Call the GetAlias API to retrieve the \
                       latest Revision Id";
        let kind = "PreconditionFailedException";
        Self { status: StatusCode::PRECONDITION_FAILED, kind, message: message.to_owned() }
    }

    pub(super) fn internal() -> Self {
        let message = "The local stack failed".to_owned();
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, kind: "ServiceException", message }
    }

    /// A value does not have the form that Lambda's model demands.
    pub(super) fn constraint(message: String) -> Self {
        Self { status: StatusCode::BAD_REQUEST, kind: "ValidationException", message }
    }

    /// The function may not be invoked, because it belongs to another account.
    pub(super) fn denied(arn: &str) -> Self {
        let message = format!(
            "User: arn:aws:iam::{ACCOUNT}:user/local is not authorized to perform: lambda:InvokeFunction on resource: {arn} \
             because no resource-based policy allows the lambda:InvokeFunction action"
        );
        Self { status: StatusCode::FORBIDDEN, kind: "AccessDeniedException", message }
    }

    pub(super) fn malformed_name(name: &str) -> Self {
        let example = function_arn(ACCOUNT, "get-access-token", None);
        let message = format!(
            "1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: a name, or an ARN such \
             as {example}"
        );
        Self::constraint(message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let kind = [(HeaderName::from_static("x-amzn-errortype"), self.kind)];
        let body = json!({"Type": "User", "Message": self.message, "message": self.message});
        (self.status, kind, Json(body)).into_response()
    }
}

/// Lambda's limit on the event and the answer of a synchronous invocation, in bytes: 6 MB.
const LARGEST_PAYLOAD: usize = 6 * 1024 * 1024;
