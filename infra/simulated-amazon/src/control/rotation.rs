//! The portal's button that rotates a client secret, and how rotations and their notifications go.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    routing::post,
};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    SimulatedAmazon,
    control::{Refused, done, parse},
};

pub(super) fn router() -> Router<SimulatedAmazon> {
    Router::new()
        .route("/_control/rotate/{application_id}", post(rotate))
        .route("/_control/rotation", post(rotation))
}

async fn rotate(
    State(amazon): State<SimulatedAmazon>,
    Path(application_id): Path<String>,
) -> Result<Json<Value>, Refused> {
    let unknown = || Refused(StatusCode::NOT_FOUND, "there is no such application".to_owned());
    let secret = amazon.rotate(&application_id).ok_or_else(unknown)?;
    Ok(Json(json!({ "newClientSecret": secret })))
}

async fn rotation(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, Refused> {
    let wish = parse::<Wish>(&body)?;
    let mut office = amazon.office();
    if let Some(seconds) = wish.valid_after_seconds {
        office.new_secrets_wait = Some(SignedDuration::from_secs(i64::from(seconds)));
    }
    let delivery = &mut office.notifications.delivery;
    delivery.duplicates = wish.duplicates.unwrap_or(delivery.duplicates);
    delivery.subscribed = wish.subscribed.unwrap_or(delivery.subscribed);
    Ok(done())
}

/// What is to change of how rotations go.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wish {
    /// How long after a rotation the new secret is still refused.
    valid_after_seconds: Option<u32>,
    /// How many times more than once each notification is delivered.
    duplicates: Option<u32>,
    /// Whether the applications' subscriptions are in force.
    subscribed: Option<bool>,
}
