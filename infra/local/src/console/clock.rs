//! The buttons that advance the clock of the whole local stack.

use axum::{body::Bytes, extract::State, response::Response};
use serde_json::{Value, json};

use crate::console::{Console, fields::Fields, notices::Notice};

/// The steps of the buttons: in seconds, as a short text and as a long text.
pub(super) const STEPS: [(u32, &str, &str); 4] = [
    (300, "5 min", "5 minutes"),
    (3_600, "1 hour", "1 hour"),
    (86_400, "1 day", "1 day"),
    (2_592_000, "30 days", "30 days"),
];

/// Advances the clock.
pub(super) async fn advance(State(console): State<Console>, body: Bytes) -> Response {
    let form = Fields::of(&body);
    let order = json!({ "seconds": form.number("seconds") });
    let outcome = console.post_control("advance", &order).await;
    console.back(&form, "/", outcome.map(|answer| notice(&answer)))
}

fn notice(answer: &Value) -> Notice {
    let now = answer["now"].as_str().and_then(|now| now.parse::<jiff::Timestamp>().ok()).unwrap_or_default();
    let ran: Vec<_> = answer["ran"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let ran =
        if ran.is_empty() { "no schedule was due".to_owned() } else { format!("ran: {}", ran.join(", ")) };
    Notice::done(format!("The clock shows {}; {ran}.", now.strftime("%F %T UTC")))
}
