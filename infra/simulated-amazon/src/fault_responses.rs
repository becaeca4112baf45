//! How an endpoint responds to a request to which a fault applies.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use futures::{StreamExt, stream};
use serde_json::json;

use crate::{
    facts::Region,
    faults::{Endpoint, Fault, Faults, Order},
};

/// Returns the faulty response to a request, or nothing if the endpoint is to answer as usual.
pub(crate) async fn fault_response(faults: &Faults, endpoint: Endpoint) -> Option<Response> {
    fault_response_in(faults, endpoint, None).await
}

/// The same for a request to the endpoint of a region.
pub(crate) async fn fault_response_in(
    faults: &Faults,
    endpoint: Endpoint,
    region: Option<Region>,
) -> Option<Response> {
    let order = faults.strike_in(endpoint, region)?;
    let mut response = match order.fault {
        Fault::None => return None,
        Fault::Latency => {
            tokio::time::sleep(order.delay()).await;
            return None;
        }
        Fault::Hang => {
            tokio::time::sleep(LONGER_THAN_ANY_CLIENT_WAITS).await;
            closed_connection()
        }
        Fault::Reset => closed_connection(),
        Fault::Throttle => failure(endpoint, StatusCode::TOO_MANY_REQUESTS),
        Fault::HttpError => failure(endpoint, error_status(&order)),
        Fault::InvalidClient => body_of(StatusCode::UNAUTHORIZED, INVALID_CLIENT),
        Fault::Html => (
            StatusCode::SERVICE_UNAVAILABLE,
            Html("<!DOCTYPE html><title>Sorry</title><h1>Service Unavailable</h1>"),
        )
            .into_response(),
        Fault::Empty => body_of(StatusCode::OK, ""),
        Fault::Truncated => body_of(StatusCode::OK, r#"{"access_token":"Atza|broken-o"#),
        Fault::Oversized => body_of(StatusCode::OK, format!(r#"{{"padding":"{}"}}"#, "x".repeat(OVERSIZE))),
        Fault::Redirect => {
            (StatusCode::FOUND, [(header::LOCATION, "https://elsewhere.invalid/")]).into_response()
        }
        Fault::OkError => body_of(StatusCode::OK, INVALID_CLIENT),
        Fault::Body => exact_body(&order),
        Fault::Partial => partial_answer(),
        Fault::Unanswered => {
            let mut response = closed_connection();
            response.extensions_mut().insert(AfterTheWork);
            response
        }
    };
    if let Some(seconds) = order.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Some(response)
}

/// Marks a response that is given when the request has been handled as usual.
#[derive(Clone, Copy)]
pub(crate) struct AfterTheWork;

fn exact_body(order: &Order) -> Response {
    let status = order.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
    let text = order.body.as_deref().unwrap_or_default().to_owned();
    if text.starts_with(['{', '[']) { body_of(status, text) } else { (status, Html(text)).into_response() }
}

/// Returns a response whose head and first bytes arrive before the connection closes.
fn partial_answer() -> Response {
    let begin = stream::once(async { Ok(Bytes::from_static(br#"{"access_token":"Atza|broken-o"#)) });
    let end = stream::once(async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    body_of(StatusCode::OK, Body::from_stream(begin.chain(end)))
}

/// Returns a response whose body fails before its first byte: the server closes the connection and sends nothing.
fn closed_connection() -> Response {
    let failing = stream::once(async { Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset)) });
    Response::new(Body::from_stream(failing))
}

fn error_status(order: &Order) -> StatusCode {
    let status = order.status.and_then(|status| StatusCode::from_u16(status).ok());
    status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Returns an error in the endpoint's own format (F§4.5, F§4.7).
fn failure(endpoint: Endpoint, status: StatusCode) -> Response {
    let body = if endpoint == Endpoint::Token {
        // The body of a throttled response of Login with Amazon is not documented (F§4.5).
        if status == StatusCode::TOO_MANY_REQUESTS {
            return (status, "Too Many Requests").into_response();
        }
        let error = match status.as_u16() {
            401 => "unauthorized_client",
            403 => "access_denied",
            503 => "temporarily_unavailable",
            500.. => "server_error",
            _ => "invalid_request",
        };
        json!({ "error": error, "error_description": MESSAGE })
    } else {
        let code = match status.as_u16() {
            401 | 403 => "Unauthorized",
            404 => "NotFound",
            429 => "QuotaExceeded",
            503 => "ServiceUnavailable",
            500.. => "InternalFailure",
            _ => "InvalidInput",
        };
        json!({ "errors": [{ "code": code, "message": MESSAGE, "details": "" }] })
    };
    (status, axum::Json(body)).into_response()
}

fn body_of(status: StatusCode, json: impl Into<Body>) -> Response {
    let json: Body = json.into();
    (status, [(header::CONTENT_TYPE, "application/json")], json).into_response()
}

const INVALID_CLIENT: &str =
    r#"{"error_description":"Client authentication failed","error":"invalid_client"}"#;

const MESSAGE: &str = "The simulated Amazon fails because a fault is set";

const LONGER_THAN_ANY_CLIENT_WAITS: Duration = Duration::from_mins(10);

const OVERSIZE: usize = 10 * 1024 * 1024;

#[cfg(test)]
mod tests;
