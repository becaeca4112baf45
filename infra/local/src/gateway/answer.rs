//! A function's answer of payload format 2.0 as an HTTP response.

use std::collections::BTreeMap;

use axum::{body::Body, response::Response};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderName, HeaderValue, header::SET_COOKIE};
use serde::Deserialize;
use serde_json::Value;

/// Returns the response that `value` describes, or `None` if it is not a response.
///
/// As on AWS, a value without `statusCode` is the body of a JSON response, and `multiValueHeaders`, which belong to format 1.0,
/// are ignored.
pub(super) fn answer(value: Value) -> Option<Response> {
    if value.get("statusCode").is_none() {
        let body = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        return Response::builder().header("content-type", "application/json").body(Body::from(body)).ok();
    }
    let Answer { status_code, headers, cookies, body, is_base64_encoded } =
        serde_json::from_value(value).ok()?;
    let body = match body {
        Some(text) if is_base64_encoded => Body::from(BASE64_STANDARD.decode(text).ok()?),
        Some(text) => Body::from(text),
        None => Body::empty(),
    };
    let mut response = Response::builder().status(status_code).body(body).ok()?;
    for (name, value) in headers.unwrap_or_default() {
        let text = match value {
            Value::String(text) => text,
            scalar => scalar.to_string(),
        };
        let name = HeaderName::try_from(name).ok()?;
        response.headers_mut().insert(name, HeaderValue::try_from(text).ok()?);
    }
    for cookie in cookies.unwrap_or_default() {
        response.headers_mut().append(SET_COOKIE, HeaderValue::try_from(cookie).ok()?);
    }
    Some(response)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    headers: Option<BTreeMap<String, Value>>,
    cookies: Option<Vec<String>>,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}
