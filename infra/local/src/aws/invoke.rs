//! Lambda's Invoke.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};

use crate::{
    arn::{ACCOUNT, REGION},
    functions::{FunctionError, Functions},
};

/// Invokes a function by name or ARN. The headers choose the invocation type.
pub(super) async fn invoke(
    functions: &Functions,
    function: &str,
    headers: &HeaderMap,
    payload: &[u8],
) -> Response {
    let name = bare_name(function);
    if !functions.knows(name) {
        let arn = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}");
        return refusal(
            StatusCode::NOT_FOUND,
            "ResourceNotFoundException",
            &format!("Function not found: {arn}"),
        );
    }
    if payload.len() > LARGEST_PAYLOAD {
        let message =
            format!("Request must be smaller than {LARGEST_PAYLOAD} bytes for the InvokeFunction operation");
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLargeException", &message);
    }
    let event = match payload {
        [] => Ok(json!({})),
        payload => serde_json::from_slice::<Value>(payload),
    };
    let event = match event {
        Ok(event) => event,
        Err(error) => {
            let message = format!("Could not parse request body into json: {error}");
            return refusal(StatusCode::BAD_REQUEST, "InvalidRequestContentException", &message);
        }
    };
    match headers.get("x-amz-invocation-type").map_or(&b"RequestResponse"[..], |kind| kind.as_bytes()) {
        b"DryRun" => StatusCode::NO_CONTENT.into_response(),
        b"Event" => {
            drop(functions.start(name, event));
            StatusCode::ACCEPTED.into_response()
        }
        b"RequestResponse" => match functions.start(name, event) {
            Some(invocation) => answer(invocation.outcome().await),
            None => StatusCode::NOT_FOUND.into_response(),
        },
        _ => {
            refusal(StatusCode::BAD_REQUEST, "InvalidParameterValueException", "InvocationType is not known")
        }
    }
}

/// Returns the name from a name, a partial ARN or a full ARN, with or without a qualifier.
fn bare_name(function: &str) -> &str {
    let unqualified = function.split_once("function:").map_or(function, |(_, rest)| rest);
    unqualified.split(':').next().unwrap_or(unqualified)
}

fn answer(outcome: Result<Value, FunctionError>) -> Response {
    let version = [(HeaderName::from_static("x-amz-executed-version"), "$LATEST")];
    let failure = match outcome {
        Ok(value) => {
            let body = value.to_string();
            if body.len() <= LARGEST_PAYLOAD {
                return (version, [(CONTENT_TYPE, "application/json")], body).into_response();
            }
            FunctionError {
                error_type: "Function.ResponseSizeTooLarge".to_owned(),
                error_message: format!(
                    "Response payload size exceeded maximum allowed payload size ({LARGEST_PAYLOAD} bytes)."
                ),
            }
        }
        Err(failure) => failure,
    };
    let unhandled = [(HeaderName::from_static("x-amz-function-error"), "Unhandled")];
    (version, unhandled, Json(failure)).into_response()
}

fn refusal(status: StatusCode, kind: &'static str, message: &str) -> Response {
    let kind = [(HeaderName::from_static("x-amzn-errortype"), kind)];
    (status, kind, Json(json!({"Type": "User", "Message": message, "message": message}))).into_response()
}

/// Lambda's limit on the event and the answer of a synchronous invocation, in bytes: 6 MB.
const LARGEST_PAYLOAD: usize = 6 * 1024 * 1024;
