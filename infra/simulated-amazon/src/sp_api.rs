//! SP-API of one region: its operations, access and rate limits, and errors (F§4.7, F§7).

mod client_secret;
mod participations;
mod restricted_data;

use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use serde_json::json;

use crate::{
    accounts::{Account, GrantKey},
    amazon::SimulatedAmazon,
    backend::Backend,
    facts::{Operation, Region, TOKEN_PATHS, USER_AGENT_LIMIT},
    fault_responses::{fault_response, fault_response_in},
    faults::Endpoint,
    ledger::Ledger,
    tokens::{AccessToken, Client, GrantStatus, Opens},
};

/// Returns the router of the operations; an [`Extension`] must hold the region.
pub(crate) fn router() -> Router<SimulatedAmazon> {
    let unknown = |State(amazon): State<SimulatedAmazon>, headers: HeaderMap, request: Request| async move {
        if let Some(response) = fault_response(amazon.faults(), Endpoint::SpApi).await {
            return response;
        }
        let refused = if TOKEN_PATHS.contains(&request.uri().path()) {
            SpApiError::MissingAuthenticationToken
        } else {
            access_token_of(&headers).err().unwrap_or(SpApiError::NotFound)
        };
        refused.into_response()
    };
    Router::new()
        .route("/sellers/v1/marketplaceParticipations", get(participations).fallback(unknown))
        .route("/tokens/2021-03-01/restrictedDataToken", post(restricted_data_token).fallback(unknown))
        .route("/applications/2023-11-30/clientSecret", post(client_secret).fallback(unknown))
        .fallback(unknown)
}

async fn client_secret(State(amazon): State<SimulatedAmazon>, headers: HeaderMap) -> Response {
    amazon.backend().calls.client_secret += 1;
    if let Some(response) = fault_response(amazon.faults(), Endpoint::SpApi).await {
        return response;
    }
    let operation = Operation::ClientSecret;
    let application = client_secret::admit(&headers, operation, &mut amazon.backend(), amazon.now());
    let answer = application.map(|application| {
        amazon.rotate(&application);
        StatusCode::NO_CONTENT
    });
    with_rate_limit(operation, answer)
}

async fn participations(
    State(amazon): State<SimulatedAmazon>,
    Extension(region): Extension<Region>,
    headers: HeaderMap,
) -> Response {
    amazon.backend().calls.participations += 1;
    if let Some(response) = fault_response_in(amazon.faults(), Endpoint::SpApi, Some(region)).await {
        return response;
    }
    let operation = Operation::Participations;
    let now = amazon.now();
    let mut backend = amazon.backend();
    let answer = Caller::admit(&headers, operation, &mut backend, now)
        .and_then(|caller| participations::list(&caller, region, backend.ledger()));
    with_rate_limit(operation, answer.map(Json))
}

async fn restricted_data_token(
    State(amazon): State<SimulatedAmazon>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    amazon.backend().calls.restricted_data_token += 1;
    if let Some(response) = fault_response(amazon.faults(), Endpoint::SpApi).await {
        return response;
    }
    let operation = Operation::RestrictedDataToken;
    let now = amazon.now();
    let mut backend = amazon.backend();
    let answer = Caller::admit(&headers, operation, &mut backend, now)
        .and_then(|caller| restricted_data::issue(&caller, &headers, &body, backend.ledger_mut(), now));
    with_rate_limit(operation, answer.map(Json))
}

/// An application that calls on behalf of an account.
struct Caller {
    client: Client,
    account: Account,
}

impl Caller {
    /// Validates the access token and takes one request from the caller's rate limit.
    fn admit(
        headers: &HeaderMap,
        operation: Operation,
        backend: &mut Backend,
        now: Timestamp,
    ) -> Result<Self, SpApiError> {
        let ledger = backend.ledger();
        let token = unexpired_token(headers, ledger, now)?;
        let Opens::Partner(account) = &token.opens else {
            return Err(SpApiError::TokenRefused);
        };
        let grant = GrantKey::new(&token.application_id, account);
        if ledger.grants.get(&grant).is_none_or(|grant| grant.status(now) != GrantStatus::Active) {
            return Err(SpApiError::TokenRefused);
        }
        check_secret(token, ledger, now)?;
        let caller = Self {
            client: Client { application_id: token.application_id.clone(), secret: token.client_secret },
            account: account.clone(),
        };
        if backend.rate_limits.take(operation, grant, now) {
            Ok(caller)
        } else {
            Err(SpApiError::QuotaExceeded)
        }
    }
}

/// Why SP-API refuses a request.
#[derive(Clone, Debug, Eq, PartialEq)]
enum SpApiError {
    MissingAuthenticationToken,
    InvalidInput(String),
    /// The token is unknown, or its grant is not active.
    TokenRefused,
    TokenExpired,
    SecretExpired,
    /// The operation is not available for this type of partner.
    Unauthorized,
    NotFound,
    UnsupportedMediaType,
    QuotaExceeded,
}

impl IntoResponse for SpApiError {
    fn into_response(self) -> Response {
        let denied = "Access to requested resource is denied.";
        let (status, code, message, details) = match self {
            Self::MissingAuthenticationToken => (
                StatusCode::FORBIDDEN,
                "MissingAuthenticationToken",
                "Missing Authentication Token",
                String::new(),
            ),
            Self::InvalidInput(details) => {
                (StatusCode::BAD_REQUEST, "InvalidInput", "The request is invalid.", details)
            }
            Self::TokenRefused => (
                StatusCode::FORBIDDEN,
                "Unauthorized",
                denied,
                "Access token is revoked, malformed or invalid.".to_owned(),
            ),
            Self::TokenExpired => (
                StatusCode::FORBIDDEN,
                "Unauthorized",
                denied,
                "The access token you provided has expired.".to_owned(),
            ),
            Self::SecretExpired => {
                (StatusCode::FORBIDDEN, "Unauthorized", denied, "The LWA secret has expired.".to_owned())
            }
            Self::Unauthorized => (StatusCode::FORBIDDEN, "Unauthorized", denied, String::new()),
            Self::NotFound => {
                (StatusCode::NOT_FOUND, "NotFound", "The resource was not found.", String::new())
            }
            Self::UnsupportedMediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UnsupportedMediaType",
                "The body must be application/json.",
                String::new(),
            ),
            Self::QuotaExceeded => (
                StatusCode::TOO_MANY_REQUESTS,
                "QuotaExceeded",
                "You exceeded your quota for the requested resource.",
                String::new(),
            ),
        };
        let body = json!({ "errors": [{ "code": code, "message": message, "details": details }] });
        (status, Json(body)).into_response()
    }
}

/// Returns the access token of a request, unless it has expired.
fn unexpired_token<'a>(
    headers: &HeaderMap,
    ledger: &'a Ledger,
    now: Timestamp,
) -> Result<&'a AccessToken, SpApiError> {
    let token = ledger.access_tokens.get(access_token_of(headers)?).ok_or(SpApiError::TokenRefused)?;
    if now < token.ends_at { Ok(token) } else { Err(SpApiError::TokenExpired) }
}

/// Checks the client secret with which a token was requested: the token ends with it (F§4.7).
fn check_secret(token: &AccessToken, ledger: &Ledger, now: Timestamp) -> Result<(), SpApiError> {
    let application = ledger.applications.get(&token.application_id).ok_or(SpApiError::TokenRefused)?;
    if application.secret_is_unexpired(token.client_secret, now) {
        Ok(())
    } else {
        Err(SpApiError::SecretExpired)
    }
}

/// Returns the text of a request's access token if the headers are valid (F§7.1).
fn access_token_of(headers: &HeaderMap) -> Result<&str, SpApiError> {
    let token = headers.get("x-amz-access-token").and_then(|token| token.to_str().ok());
    let token = token.filter(|token| !token.is_empty()).ok_or(SpApiError::MissingAuthenticationToken)?;
    match headers.get(header::USER_AGENT).map_or(0, HeaderValue::len) {
        0 => Err(SpApiError::InvalidInput("User-Agent is missing".to_owned())),
        1..=USER_AGENT_LIMIT => Ok(token),
        _ => Err(SpApiError::InvalidInput("User-Agent is too long".to_owned())),
    }
}

/// Adds the rate limit to a response, which Amazon does with the statuses 20x, 400 and 404 only (F§7.3).
fn with_rate_limit(operation: Operation, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    let status = response.status();
    if status.is_success() || [StatusCode::BAD_REQUEST, StatusCode::NOT_FOUND].contains(&status) {
        let rate = format!("{:?}", operation.rate());
        let rate = HeaderValue::from_str(&rate).expect("a number is a header value");
        response.headers_mut().insert("x-amzn-ratelimit-limit", rate);
    }
    response
}

#[cfg(test)]
mod tests;
