//! The routes, for clients on this machine alone.

use std::{net::IpAddr, sync::Arc};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, RawQuery, Request, State, rejection::BytesRejection},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, HOST, ORIGIN, PRAGMA, RETRY_AFTER},
    },
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{
    agent::Agent,
    failure::Failure,
    key::{Authorization, Key},
    request::{TokenRequest, form},
};

/// The longest life that a client hears of, in seconds, so that it asks again soon enough to notice a change.
const LONGEST_EXPIRES_IN: i64 = 300;

/// The largest body. Requests for a token have less than a kilobyte.
const LARGEST_BODY: usize = 65_536;

/// What `GET` must carry where no key is needed. A page cannot set it without asking first, which the agent refuses.
const OWN_HEADER: HeaderName = HeaderName::from_static("x-spapi-auth-agent");

struct Service {
    agent: Arc<Agent>,
    key: Key,
}

/// The routes of the agent.
pub(crate) fn router(agent: Arc<Agent>, key: Key) -> Router {
    Router::new()
        .route("/auth/o2/token", post(token))
        .route("/auth/O2/token", post(token))
        .route("/access-token", get(access_token))
        .route("/health", get(health))
        .fallback(async || refusal(&Failure::of_function("NotFound", "there is no such address"), false))
        .method_not_allowed_fallback(async || {
            refusal(&Failure::of_function("MethodNotAllowed", "this address has another method"), false)
        })
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn(guard))
        .with_state(Arc::new(Service { agent, key }))
}

/// Refuses what comes through a browser: a page of another site (`Origin`), or a name that leads here (`Host`).
async fn guard(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    let is_local = host.is_some_and(is_loopback)
        && hosts.next().is_none()
        && request.uri().authority().is_none_or(|authority| is_loopback(authority.as_str()));
    if is_local && !headers.contains_key(ORIGIN) {
        return next.run(request).await;
    }
    let why = if is_local { "no page of a browser may ask" } else { "Host: expected a loopback address" };
    refusal(&Failure::of_function("Forbidden", why), false)
}

/// Whether an authority names this machine: `localhost` or a loopback address, with or without a port.
fn is_loopback(authority: &str) -> bool {
    let has_port =
        authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    // Without brackets, what follows the last colon of an IPv6 address is no port; such a Host is not valid, and not accepted.
    let host = has_port.map_or(authority, |(host, _)| host);
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

async fn token(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let fields = match body.map_err(|_| Failure::invalid("body", "at most 64 KiB")) {
        Ok(body) => form(content_type, &body),
        Err(failure) => Err(failure),
    };
    let fields = match fields {
        Ok(fields) => fields,
        Err(failure) => return refusal(&failure, false),
    };
    let given = Authorization::of(&headers);
    let secrets = given.secrets.iter().chain(fields.get("client_secret")).map(String::as_str);
    if let Err(failure) = service.key.admits(secrets) {
        return refusal(&failure, false);
    }
    let request = match TokenRequest::of_oauth(&fields, given.client_id.as_deref()) {
        Ok(request) => request,
        Err(failure) => return refusal(&failure, false),
    };
    let answer = match service.agent.token(&request).await {
        Ok(answer) => answer,
        Err(failure) => return refusal(&failure, request.is_for_scope()),
    };
    let expires_in = answer.expires_in(service.agent.now()).min(LONGEST_EXPIRES_IN);
    let mut body =
        json!({"access_token": answer.access_token(), "token_type": "bearer", "expires_in": expires_in});
    if !request.is_for_scope() {
        body["refresh_token"] = json!(fields.get("refresh_token"));
    }
    respond(StatusCode::OK, &body)
}

async fn access_token(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    if let Err(failure) = admit_get(&service.key, &headers) {
        return typed_refusal(&failure, false);
    }
    let request = match TokenRequest::of_query(&query.unwrap_or_default()) {
        Ok(request) => request,
        Err(failure) => return typed_refusal(&failure, false),
    };
    match service.agent.token(&request).await {
        Ok(answer) => respond(StatusCode::OK, &answer.body(service.agent.now())),
        Err(failure) => typed_refusal(&failure, request.is_for_scope()),
    }
}

async fn health(State(service): State<Arc<Service>>, headers: HeaderMap) -> Response {
    let Err(failure) = service.agent.health().await else {
        return respond(StatusCode::OK, &json!({"status": "ok"}));
    };
    let mut body = json!({"status": "unavailable"});
    if admit_get(&service.key, &headers).is_ok() {
        body["errorType"] = json!(failure.error_type);
        body["reason"] = json!(failure.message);
    }
    respond(StatusCode::SERVICE_UNAVAILABLE, &body)
}

fn admit_get(key: &Key, headers: &HeaderMap) -> Result<(), Failure> {
    if matches!(key, Key::Unneeded) && !headers.contains_key(OWN_HEADER) {
        return Err(Failure::of_function(
            "InvalidKey",
            format!("without a key, GET needs the header {OWN_HEADER}"),
        ));
    }
    key.admits(Authorization::of(headers).secrets.iter().map(String::as_str))
}

fn refusal(failure: &Failure, for_scope: bool) -> Response {
    refuse(failure, for_scope, |_| {})
}

/// A refusal that names the function's `errorType` too.
fn typed_refusal(failure: &Failure, for_scope: bool) -> Response {
    refuse(failure, for_scope, |body| body["errorType"] = json!(failure.error_type))
}

fn refuse(failure: &Failure, for_scope: bool, more: impl FnOnce(&mut Value)) -> Response {
    let (status, error) = failure.in_oauth(for_scope);
    let mut body = json!({"error": error, "error_description": failure.message});
    more(&mut body);
    let mut response = respond(status, &body);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

fn respond(status: StatusCode, body: &Value) -> Response {
    let headers =
        [(CONTENT_TYPE, "application/json;charset=UTF-8"), (CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")];
    (status, headers, body.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_loopback() {
        for host in [
            "localhost",
            "LOCALHOST:2774",
            "127.0.0.1",
            "127.0.0.1:2774",
            "127.1.2.3:1",
            "[::1]",
            "[::1]:2774",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:2774",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "10.0.0.1:2774",
            "api.amazon.com",
            "[::1",
            "::1:2774:x",
            "127.0.0.1@evil.example",
            "evil.example@127.0.0.1",
            "0.0.0.0",
            "[::]:80",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
