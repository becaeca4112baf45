//! Stands for API Gateway: an HTTP API whose routes invoke functions with payload format 2.0.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::{self, Body},
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{
    Method, StatusCode,
    header::{HOST, LOCATION},
};
use serde_json::json;
use simulated_amazon::Clock;

use crate::functions::Functions;

mod answer;
mod event;

/// The routes and the functions that answer them.
#[derive(Clone)]
pub struct Gateway {
    canonical: String,
    routes: Vec<(Method, String, String)>,
    default: Option<String>,
    functions: Functions,
    clock: Clock,
    requests: Arc<AtomicU64>,
}

impl Gateway {
    /// Creates a gateway without routes. `canonical` is its authority, such as `127.0.0.1:9000`.
    pub fn new(canonical: impl Into<String>, functions: Functions, clock: Clock) -> Self {
        Self {
            canonical: canonical.into(),
            routes: Vec::new(),
            default: None,
            functions,
            clock,
            requests: Arc::default(),
        }
    }

    /// Adds a route: `function` answers `method` on exactly `path`, or on every path below it if it ends in `/{proxy+}`. A route
    /// without `{proxy+}` goes first.
    #[must_use]
    pub fn route(mut self, method: Method, path: impl Into<String>, function: impl Into<String>) -> Self {
        self.routes.push((method, path.into(), function.into()));
        self
    }

    /// Adds the route `$default`: `function` answers every request that no other route takes.
    #[must_use]
    pub fn default_route(mut self, function: impl Into<String>) -> Self {
        self.default = Some(function.into());
        self
    }

    /// Returns the router of the gateway's port. It answers every request that no other router there takes.
    pub fn into_router(self) -> Router {
        Router::new().fallback(pass).with_state(Arc::new(self))
    }

    /// The address to redirect to, if the browser used another name of this machine. A cookie belongs to one host.
    fn canonical_address(&self, request: &Request) -> Option<String> {
        let host = request.headers().get(HOST)?.to_str().ok()?;
        let name = name(host);
        let loopback =
            name == "localhost" || name == "127.0.0.1" || name == "[::1]" || name.ends_with(".localhost");
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        (request.method() == Method::GET && name != self::name(&self.canonical) && loopback)
            .then(|| format!("http://{}{path}", self.canonical))
    }
}

async fn pass(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    if let Some(location) = gateway.canonical_address(&request) {
        return (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, location)]).into_response();
    }
    let (parts, body) = request.into_parts();
    if head_size(&parts) > LARGEST_HEAD {
        return failure(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "Request Header Fields Too Large");
    }
    let path = parts.uri.path();
    let of_method = || gateway.routes.iter().filter(|(method, _, _)| *method == parts.method);
    let exact = of_method().find(|(_, route, _)| route == path);
    let below = || {
        of_method().find(|(_, route, _)| {
            route.strip_suffix("{proxy+}").is_some_and(|folder| path.starts_with(folder))
        })
    };
    let taken = exact.or_else(below).map(|(method, path, function)| (format!("{method} {path}"), function));
    let default = || gateway.default.as_ref().map(|function| ("$default".to_owned(), function));
    let Some((route, function)) = taken.or_else(default) else {
        return failure(StatusCode::NOT_FOUND, "Not Found");
    };
    let Ok(body) = body::to_bytes(body, LARGEST_BODY).await else {
        return failure(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
    };
    let number = gateway.requests.fetch_add(1, Ordering::Relaxed);
    let now = gateway.clock.now();
    let request_id = format!("{:x}-{number:x}", now.as_microsecond());
    let event = event::event(&parts, &body, &route, &gateway.canonical, &request_id, now);
    let Some(invocation) = gateway.functions.start(function, event) else {
        return failure(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
    };
    let mut response = match tokio::time::timeout(INTEGRATION_TIMEOUT, invocation.outcome()).await {
        Ok(Ok(value)) => answer::answer(value).unwrap_or_else(|| {
            tracing::error!(function, "{function} returned an answer that is not of payload format 2.0");
            failure(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
        }),
        Ok(Err(error)) => {
            tracing::error!(function, error.kind = error.error_type, "{function} failed");
            failure(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
        }
        Err(_) => failure(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
    };
    if let Ok(request_id) = request_id.parse() {
        response.headers_mut().insert("apigw-requestid", request_id);
    }
    response
}

/// The host of an authority.
fn name(authority: &str) -> &str {
    authority.rsplit_once(':').map_or(authority, |(name, _)| name)
}

/// The size of a request's line and headers in bytes, as API Gateway counts it against its limit.
fn head_size(parts: &http::request::Parts) -> usize {
    let line = parts.uri.path_and_query().map_or(1, |path| path.as_str().len());
    let headers = parts.headers.iter().map(|(name, value)| name.as_str().len() + value.len());
    line + headers.sum::<usize>()
}

fn failure(status: StatusCode, message: &str) -> Response<Body> {
    (status, Json(json!({"message": message}))).into_response()
}

/// API Gateway's limit on request line and headers together.
const LARGEST_HEAD: usize = 10_240;

/// API Gateway's limit on a body: 10 MB.
const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// The time that API Gateway waits for a function.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests;
