//! SP-API of one region and its sandbox: operations, access and rate limits, and errors (F§4.7, F§7).

mod caller;
mod client_secret;
mod documented;
pub(crate) mod endpoint;
mod error;
mod orders;
mod restricted_data;
mod stores;

use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    amazon::SimulatedAmazon,
    backend::Backend,
    facts::{NOTIFICATIONS_SCOPE, Operation, Region},
    fault_responses::{fault_response, fault_response_in},
    faults,
    sp_api::{
        caller::{Caller, admit_grantless},
        endpoint::Endpoint,
        error::SpApiError,
    },
};

/// Returns the router of the operations; an [`Extension`] must hold the [`Endpoint`].
pub(crate) fn router() -> Router<SimulatedAmazon> {
    Router::new()
        .route("/applications/2023-11-30/clientSecret", post(client_secret).fallback(unknown))
        .route("/notifications/v1/destinations", get(destinations).fallback(unknown))
        .route("/orders/2026-01-01/orders", get(search_orders).fallback(unknown))
        .route("/orders/v0/orders", get(get_orders).fallback(unknown))
        .route("/sellers/v1/account", get(account).fallback(unknown))
        .route("/sellers/v1/marketplaceParticipations", get(participations).fallback(unknown))
        .route("/tokens/2021-03-01/restrictedDataToken", post(restricted_data_token).fallback(unknown))
        .fallback(unknown)
}

async fn unknown(State(amazon): State<SimulatedAmazon>, request: Request) -> Response {
    if let Some(response) = fault_response(amazon.faults(), faults::Endpoint::SpApi).await {
        return response;
    }
    let section = documented::section(request.uri().path());
    section.map_or(SpApiError::UnknownPath, SpApiError::NotSimulated).into_response()
}

async fn client_secret(
    State(amazon): State<SimulatedAmazon>,
    Extension(endpoint): Extension<Endpoint>,
    headers: HeaderMap,
) -> Response {
    amazon.backend().calls.client_secret += 1;
    if let Some(response) = fault_response(amazon.faults(), faults::Endpoint::SpApi).await {
        return response;
    }
    let application = client_secret::admit(&headers, &mut amazon.backend(), amazon.now());
    let answer = application.map(|application| {
        if !endpoint.sandbox {
            amazon.rotate(&application);
        }
        StatusCode::NO_CONTENT
    });
    with_rate_limit(Operation::ClientSecret, answer)
}

/// `getDestinations`: an application has no destinations here.
async fn destinations(State(amazon): State<SimulatedAmazon>, headers: HeaderMap) -> Response {
    answer(&amazon, Operation::Destinations, |backend, now| {
        admit_grantless(NOTIFICATIONS_SCOPE, &headers, Operation::Destinations, backend, now)?;
        Ok(json!({ "payload": [] }))
    })
    .await
}

async fn get_orders(
    State(amazon): State<SimulatedAmazon>,
    Extension(endpoint): Extension<Endpoint>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let operation = Operation::OrdersV0;
    answer(&amazon, operation, |backend, now| {
        let caller = Caller::admit(&headers, operation, backend, now)?;
        orders::get_orders(&caller, endpoint, &uri, backend, now)
    })
    .await
}

async fn search_orders(
    State(amazon): State<SimulatedAmazon>,
    Extension(endpoint): Extension<Endpoint>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let operation = Operation::SearchOrders;
    answer(&amazon, operation, |backend, now| {
        let caller = Caller::admit(&headers, operation, backend, now)?;
        orders::search_orders(&caller, endpoint, &uri, backend, now)
    })
    .await
}

async fn account(
    State(amazon): State<SimulatedAmazon>,
    Extension(endpoint): Extension<Endpoint>,
    headers: HeaderMap,
) -> Response {
    let operation = Operation::Account;
    answer(&amazon, operation, |backend, now| {
        let caller = Caller::admit(&headers, operation, backend, now)?;
        stores::account(&caller, endpoint, backend.ledger())
    })
    .await
}

async fn participations(
    State(amazon): State<SimulatedAmazon>,
    Extension(endpoint): Extension<Endpoint>,
    headers: HeaderMap,
) -> Response {
    amazon.backend().calls.participations += 1;
    let operation = Operation::Participations;
    answer_in(&amazon, endpoint.region, operation, |backend, now| {
        let caller = Caller::admit(&headers, operation, backend, now)?;
        stores::participations(&caller, endpoint, backend.ledger())
    })
    .await
}

async fn restricted_data_token(
    State(amazon): State<SimulatedAmazon>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    amazon.backend().calls.restricted_data_token += 1;
    let operation = Operation::RestrictedDataToken;
    answer(&amazon, operation, |backend, now| {
        let caller = Caller::admit(&headers, operation, backend, now)?;
        restricted_data::issue(&caller, &headers, &body, backend.ledger_mut(), now)
    })
    .await
}

/// Answers a request: with the fault that is set, or as the operation decides.
async fn answer(
    amazon: &SimulatedAmazon,
    operation: Operation,
    decide: impl FnOnce(&mut Backend, Timestamp) -> Result<Value, SpApiError>,
) -> Response {
    answer_in(amazon, None, operation, decide).await
}

/// The same for an operation whose faults may be limited to one region.
async fn answer_in(
    amazon: &SimulatedAmazon,
    region: Option<Region>,
    operation: Operation,
    decide: impl FnOnce(&mut Backend, Timestamp) -> Result<Value, SpApiError>,
) -> Response {
    if let Some(response) = fault_response_in(amazon.faults(), faults::Endpoint::SpApi, region).await {
        return response;
    }
    let now = amazon.now();
    let answer = decide(&mut amazon.backend(), now);
    with_rate_limit(operation, answer.map(Json))
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
