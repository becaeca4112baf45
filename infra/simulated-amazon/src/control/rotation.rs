//! The portal's button that rotates a client secret, and the settings of rotations and their notifications.

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
    amazon::SimulatedAmazon,
    control::{ControlError, done, parse},
};

pub(super) fn router() -> Router<SimulatedAmazon> {
    Router::new()
        .route("/_control/rotate/{application_id}", post(rotate))
        .route("/_control/rotation", post(rotation))
}

async fn rotate(
    State(amazon): State<SimulatedAmazon>,
    Path(application_id): Path<String>,
) -> Result<Json<Value>, ControlError> {
    let unknown =
        || ControlError(StatusCode::NOT_FOUND, format!("there is no such application: {application_id}"));
    let secret = amazon.rotate(&application_id).ok_or_else(unknown)?;
    Ok(Json(json!({ "newClientSecret": secret })))
}

async fn rotation(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let new = parse::<NewSettings>(&body)?;
    let mut backend = amazon.backend();
    if let Some(seconds) = new.valid_after_seconds {
        backend.new_secret_delay = Some(SignedDuration::from_secs(i64::from(seconds)));
    }
    let delivery = &mut backend.notifications.delivery;
    delivery.duplicates = new.duplicates.unwrap_or(delivery.duplicates);
    delivery.subscribed = new.subscribed.unwrap_or(delivery.subscribed);
    Ok(done())
}

/// The settings that change; a missing member stays as it is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewSettings {
    /// How long after a rotation the new secret is refused.
    valid_after_seconds: Option<u32>,
    /// How many additional times each notification is delivered.
    duplicates: Option<u32>,
    /// Whether the applications' subscriptions are active.
    subscribed: Option<bool>,
}
