//! `POST /_control/advance`: moves the clock of the whole stack, functions included.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    http::StatusCode,
    response::{IntoResponse, Json, Response},
    routing,
};
use serde::Deserialize;
use serde_json::json;
use simulated_amazon::Clock;

use crate::timekeeper::Timekeeper;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: u32,
}

/// The route, to be served beside the simulated Amazon's own controls.
pub(crate) fn router(timekeeper: Arc<Timekeeper>, clock: Clock) -> Router {
    let advance = move |body: Bytes| {
        let (timekeeper, clock) = (Arc::clone(&timekeeper), clock.clone());
        async move { advance(&body, &timekeeper, &clock).await }
    };
    Router::new().route("/_control/advance", routing::post(advance))
}

async fn advance(body: &[u8], timekeeper: &Timekeeper, clock: &Clock) -> Response {
    let Advance { seconds } = match serde_json::from_slice(body) {
        Ok(order) => order,
        Err(error) => {
            let complaint = format!("expected {{\"seconds\": n}}: {error}");
            return (StatusCode::BAD_REQUEST, Json(json!({"error": complaint}))).into_response();
        }
    };
    let (ran, kept) = timekeeper.advance(seconds).await;
    if let Err(error) = kept {
        let complaint = format!("the clock was advanced, but could not be kept: {error}");
        return (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({"error": complaint}))).into_response();
    }
    Json(json!({"now": clock.now().to_string(), "ran": ran})).into_response()
}
