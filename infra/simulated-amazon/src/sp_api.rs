//! SP-API of one region: who may call it, how often, and how it says no (F§4.7, F§7).

mod client_secret;
mod participations;
mod rate_limits;
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

pub(crate) use self::rate_limits::RateLimits;
use crate::{
    SimulatedAmazon,
    accounts::{Account, GrantKey},
    facts::{Operation, Region, TOKEN_PATHS, USER_AGENT_LIMIT},
    faults::Endpoint,
    ledger::Ledger,
    misbehaviour::misbehave,
    office::Office,
    tokens::{AccessToken, Client, Opens, Standing},
};

/// The operations; an [`Extension`] has to say of which region.
pub(crate) fn router() -> Router<SimulatedAmazon> {
    let unknown = |State(amazon): State<SimulatedAmazon>, headers: HeaderMap, request: Request| async move {
        if let Some(response) = misbehave(amazon.faults(), Endpoint::SpApi).await {
            return response;
        }
        let refused = if TOKEN_PATHS.contains(&request.uri().path()) {
            SpApiError::MissingAuthenticationToken
        } else {
            envelope(&headers).err().unwrap_or(SpApiError::NotFound)
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
    amazon.office().calls.client_secret += 1;
    if let Some(response) = misbehave(amazon.faults(), Endpoint::SpApi).await {
        return response;
    }
    let operation = Operation::ClientSecret;
    let application = client_secret::admit(&headers, operation, &mut amazon.office(), amazon.now());
    let answer = application.map(|application| {
        amazon.rotate(&application);
        StatusCode::NO_CONTENT
    });
    limited(operation, answer)
}

async fn participations(
    State(amazon): State<SimulatedAmazon>,
    Extension(region): Extension<Region>,
    headers: HeaderMap,
) -> Response {
    amazon.office().calls.participations += 1;
    if let Some(response) = misbehave(amazon.faults(), Endpoint::SpApi).await {
        return response;
    }
    let operation = Operation::Participations;
    let now = amazon.now();
    let mut office = amazon.office();
    let answer = Caller::admit(&headers, operation, &mut office, now)
        .and_then(|caller| participations::list(&caller, region, office.ledger()));
    limited(operation, answer.map(Json))
}

async fn restricted_data_token(
    State(amazon): State<SimulatedAmazon>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    amazon.office().calls.restricted_data_token += 1;
    if let Some(response) = misbehave(amazon.faults(), Endpoint::SpApi).await {
        return response;
    }
    let operation = Operation::RestrictedDataToken;
    let now = amazon.now();
    let mut office = amazon.office();
    let answer = Caller::admit(&headers, operation, &mut office, now)
        .and_then(|caller| restricted_data::mint(&caller, &headers, &body, office.ledger_mut(), now));
    limited(operation, answer.map(Json))
}

/// An application that calls for an account that has authorized it.
struct Caller {
    client: Client,
    account: Account,
}

impl Caller {
    /// Checks the token and takes one request from the caller's allowance.
    fn admit(
        headers: &HeaderMap,
        operation: Operation,
        office: &mut Office,
        now: Timestamp,
    ) -> Result<Self, SpApiError> {
        let ledger = office.ledger();
        let token = living_token(headers, ledger, now)?;
        let Opens::Partner(account) = &token.opens else {
            return Err(SpApiError::TokenRefused);
        };
        let grant = GrantKey { application_id: token.application_id.clone(), account: account.clone() };
        if ledger.grants.get(&grant).is_none_or(|grant| grant.standing(now) != Standing::Active) {
            return Err(SpApiError::TokenRefused);
        }
        check_secret(token, ledger, now)?;
        let caller = Self {
            client: Client { application_id: token.application_id.clone(), secret: token.minted_with },
            account: account.clone(),
        };
        if office.rate_limits.take(operation, grant, now) {
            Ok(caller)
        } else {
            Err(SpApiError::QuotaExceeded)
        }
    }
}

/// Why SP-API does not answer.
#[derive(Clone, Debug, Eq, PartialEq)]
enum SpApiError {
    MissingAuthenticationToken,
    InvalidInput(String),
    /// The token is unknown, or its grant is not active.
    TokenRefused,
    TokenEnded,
    SecretEnded,
    /// The operation is not for this kind of partner.
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
            Self::TokenEnded => (
                StatusCode::FORBIDDEN,
                "Unauthorized",
                denied,
                "The access token you provided has expired.".to_owned(),
            ),
            Self::SecretEnded => {
                (StatusCode::FORBIDDEN, "Unauthorized", denied, "The LWA secret has expired.".to_owned())
            }
            Self::Unauthorized => (StatusCode::FORBIDDEN, "Unauthorized", denied, String::new()),
            Self::NotFound => {
                (StatusCode::NOT_FOUND, "NotFound", "The resource was not found.", String::new())
            }
            Self::UnsupportedMediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UnsupportedMediaType",
                "The body has to be application/json.",
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

/// The token that a request shows, unless it has ended.
fn living_token<'a>(
    headers: &HeaderMap,
    ledger: &'a Ledger,
    now: Timestamp,
) -> Result<&'a AccessToken, SpApiError> {
    let token = ledger.access_tokens.get(envelope(headers)?).ok_or(SpApiError::TokenRefused)?;
    if now < token.ends_at { Ok(token) } else { Err(SpApiError::TokenEnded) }
}

/// A token is good for no longer than the secret that it was asked for with (F§4.7).
fn check_secret(token: &AccessToken, ledger: &Ledger, now: Timestamp) -> Result<(), SpApiError> {
    let application = ledger.applications.get(&token.application_id).ok_or(SpApiError::TokenRefused)?;
    if application.secret_is_good(token.minted_with, now) { Ok(()) } else { Err(SpApiError::SecretEnded) }
}

/// The access token of a request whose headers are in order (F§7.1).
fn envelope(headers: &HeaderMap) -> Result<&str, SpApiError> {
    let token = headers.get("x-amz-access-token").and_then(|token| token.to_str().ok());
    let token = token.filter(|token| !token.is_empty()).ok_or(SpApiError::MissingAuthenticationToken)?;
    match headers.get(header::USER_AGENT).map_or(0, HeaderValue::len) {
        0 => Err(SpApiError::InvalidInput("User-Agent is missing".to_owned())),
        1..=USER_AGENT_LIMIT => Ok(token),
        _ => Err(SpApiError::InvalidInput("User-Agent is too long".to_owned())),
    }
}

/// Tells the rate, which Amazon does in answers of 20x, 400 and 404 only (F§7.3).
fn limited(operation: Operation, answer: impl IntoResponse) -> Response {
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
