//! `POST /_control/advance`: moves the clock of the whole stack, functions included.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    Router,
    body::Bytes,
    http::StatusCode,
    response::{IntoResponse, Json, Response},
    routing,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use simulated_amazon::Clock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: u32,
}

#[derive(Deserialize, Serialize)]
struct Kept {
    offset_seconds: i64,
}

/// The route, to be served beside the simulated Amazon's own controls.
pub(crate) fn router(clock: Clock, file: Option<PathBuf>) -> Router {
    let file = Arc::new(file);
    let advance = move |body: Bytes| {
        let (clock, file) = (clock.clone(), Arc::clone(&file));
        async move { advance(&body, &clock, file.as_deref()) }
    };
    Router::new().route("/_control/advance", routing::post(advance))
}

/// How far ahead an earlier run left the clock: time does not run backwards between runs.
pub(crate) fn kept_offset(file: &Path) -> i64 {
    let kept = fs::read(file).ok().and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
    kept.map_or(0, |kept| kept.offset_seconds)
}

fn advance(body: &[u8], clock: &Clock, file: Option<&Path>) -> Response {
    let Advance { seconds } = match serde_json::from_slice(body) {
        Ok(order) => order,
        Err(error) => {
            let complaint = format!("expected {{\"seconds\": n}}: {error}");
            return (StatusCode::BAD_REQUEST, Json(json!({"error": complaint}))).into_response();
        }
    };
    clock.advance(seconds);
    if let Some(file) = file
        && let Err(error) = keep(clock, file)
    {
        let complaint = format!("the clock was advanced, but not in {}: {error}", file.display());
        return (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({"error": complaint}))).into_response();
    }
    Json(json!({"now": clock.now().to_string()})).into_response()
}

fn keep(clock: &Clock, file: &Path) -> std::io::Result<()> {
    let new = file.with_extension("json.new");
    fs::write(&new, serde_json::to_vec(&Kept { offset_seconds: clock.offset_seconds() })?)?;
    fs::rename(new, file)
}
