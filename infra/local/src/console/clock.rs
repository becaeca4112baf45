//! The buttons that advance the clock of the whole local stack.

use axum::{body::Bytes, extract::State, response::Response};
use console::{Fields, Notice};
use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::console::Local;

/// The steps of the buttons: in seconds, as a short text and as a long text.
const STEPS: [(u32, &str, &str); 4] = [
    (300, "5 min", "5 minutes"),
    (3_600, "1 hour", "1 hour"),
    (86_400, "1 day", "1 day"),
    (2_592_000, "30 days", "30 days"),
];

/// Advances the clock.
pub(super) async fn advance(State(local): State<Local>, body: Bytes) -> Response {
    let form = Fields::of(&body);
    let order = json!({ "seconds": form.number("seconds") });
    let outcome = local.simulation.post_control("advance", &order).await;
    local.console.back(&form, "/", outcome.map(|answer| notice(&answer)))
}

/// The form of the buttons, on the page at the address `here`.
pub(super) fn form(now: Timestamp, here: &str) -> Markup {
    html! {
        form.clock method="post" action="/console/clock" aria-label="Clock" {
            input type="hidden" name="back" value=(here);
            span { "Clock: " time { (now.strftime("%F %T UTC")) } }
            @for (seconds, name, whole) in STEPS {
                button name="seconds" value=(seconds) aria-label={ "+ " (name) ": advance the clock by " (whole) } { "+ " (name) }
            }
        }
    }
}

fn notice(answer: &Value) -> Notice {
    let now = answer["now"].as_str().and_then(|now| now.parse::<Timestamp>().ok()).unwrap_or_default();
    let ran: Vec<_> = answer["ran"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let ran =
        if ran.is_empty() { "no schedule was due".to_owned() } else { format!("ran: {}", ran.join(", ")) };
    Notice::done(format!("The clock shows {}; {ran}.", now.strftime("%F %T UTC")))
}
