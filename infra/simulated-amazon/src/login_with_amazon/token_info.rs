//! `GET /auth/o2/tokeninfo`: for which client an access token is, and how long it lives (F§4.6).

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Value, json};

use crate::{
    amazon::SimulatedAmazon, facts::CLIENT_ID_PREFIX, login_with_amazon::json_response, urls::Parameters,
};

/// Describes the access token of the query.
pub(crate) async fn token_info(State(amazon): State<SimulatedAmazon>, RawQuery(query): RawQuery) -> Response {
    let parameters = Parameters::of_query(query.as_deref()).unwrap_or_default();
    let Some(token) = parameters.filled("access_token") else {
        return refused("invalid_request", "The request is missing a required parameter : access_token");
    };
    match describe(&amazon, token) {
        Some(description) => json_response(StatusCode::OK, &description),
        None => refused("invalid_token", "The access token is invalid or has expired"),
    }
}

fn describe(amazon: &SimulatedAmazon, token: &str) -> Option<Value> {
    let (backend, now) = (amazon.backend(), amazon.now());
    let ledger = backend.ledger();
    let token = ledger.access_tokens.get(token).filter(|token| now < token.ends_at)?;
    let application = ledger.applications.get(&token.application_id)?;
    Some(json!({
        "iss": "https://www.amazon.com",
        "aud": application.client_id,
        "app_id": application.client_id.replacen(CLIENT_ID_PREFIX, "amzn1.application.", 1),
        "exp": token.ends_at.duration_since(now).as_secs(),
        "iat": now.as_second(),
    }))
}

fn refused(error: &str, description: &str) -> Response {
    json_response(StatusCode::BAD_REQUEST, &json!({ "error": error, "error_description": description }))
}
