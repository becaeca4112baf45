//! The stack's own controls: `POST /_control/advance` advances the clock of the whole stack, functions included;
//! `GET /_control/events` returns the events, and `GET /_control/metrics` the metrics; `POST /_control/reads` makes
//! the reads of the tables that are not consistent lag behind.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::{Query, rejection::QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Json, Response},
    routing,
};
use serde::Deserialize;
use serde_json::json;
use simulated_amazon::Clock;

use crate::{aws::Aws, timekeeper::Timekeeper};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: u32,
}

/// The number of the last event that the caller has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct After {
    #[serde(default)]
    after: u64,
}

/// The routes of the clock and the events. They are served beside the simulated Amazon's own controls.
pub(crate) fn router(timekeeper: Arc<Timekeeper>, clock: Clock) -> Router {
    let events_of = Arc::clone(&timekeeper);
    let advance = move |body: Bytes| {
        let (timekeeper, clock) = (Arc::clone(&timekeeper), clock.clone());
        async move { advance(&body, &timekeeper, &clock).await }
    };
    let events = move |after: Result<Query<After>, QueryRejection>| {
        let timekeeper = Arc::clone(&events_of);
        async move { events(after, &timekeeper).await }
    };
    Router::new()
        .route("/_control/advance", routing::post(advance))
        .route("/_control/events", routing::get(events))
}

/// `GET /_control/metrics`: `[{"metric": "CacheMisses", "dimensions": {"Function": "get-access-token"}, "unit": "Count", "sum": 1,
/// ..}, ..]`, sorted by name, since the start of the stack.
pub(crate) fn metrics_router(aws: Aws, clock: Clock) -> Router {
    let metrics = async move || Json(aws.cloud_watch().statistics(clock.now()));
    Router::new().route("/_control/metrics", routing::get(metrics))
}

/// How far reads lag behind the tables.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reads {
    milliseconds: u32,
}

/// `POST /_control/reads`: from now on, a read that is not consistent shows what is written only after so many milliseconds of real time.
pub(crate) fn reads_router(aws: Aws) -> Router {
    let reads = async move |body: Bytes| {
        let Reads { milliseconds } = match serde_json::from_slice(&body) {
            Ok(order) => order,
            Err(error) => return complaint(&format!("expected {{\"milliseconds\": n}}: {error}")),
        };
        match aws.delay_reads(Duration::from_millis(milliseconds.into())) {
            Ok(()) => Json(json!({})).into_response(),
            Err(error) => {
                let complaint = Json(json!({"error": error.to_string()}));
                (StatusCode::INTERNAL_SERVER_ERROR, complaint).into_response()
            }
        }
    };
    Router::new().route("/_control/reads", routing::post(reads))
}

fn complaint(text: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": text}))).into_response()
}

/// `[{"n": 1, "event": {..}}, ..]`, newest last.
async fn events(after: Result<Query<After>, QueryRejection>, timekeeper: &Timekeeper) -> Response {
    match after {
        Ok(Query(After { after })) => Json(timekeeper.events(after).await).into_response(),
        Err(error) => complaint(&format!("expected ?after=n or nothing: {error}")),
    }
}

async fn advance(body: &[u8], timekeeper: &Timekeeper, clock: &Clock) -> Response {
    let Advance { seconds } = match serde_json::from_slice(body) {
        Ok(order) => order,
        Err(error) => return complaint(&format!("expected {{\"seconds\": n}}: {error}")),
    };
    let (ran, stored) = timekeeper.advance(seconds).await;
    if let Err(error) = stored {
        let complaint = format!("the clock was advanced but could not be stored: {error}");
        return (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({"error": complaint}))).into_response();
    }
    Json(json!({"now": clock.now().to_string(), "ran": ran})).into_response()
}

#[cfg(test)]
mod tests;
