//! The page that breaks Amazon and AWS, and counts the calls to Amazon. It calls no function, so that it works with any fault.

use axum::{body::Bytes, extract::State, response::Response};
use console::{Fields, Notice, Visit, no_such_button, table, with};
use http::Uri;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::console::Local;

/// Shows the active faults, and a form for another.
pub(super) async fn show(State(local): State<Local>, uri: Uri) -> Response {
    let visit = Visit::of(&uri);
    let active = local.simulation.control("faults").await.unwrap_or_default();
    let calls = local.simulation.control("calls").await.unwrap_or_default();
    let content = html! {
        p { "Make Login with Amazon, SP-API or a service of AWS fail as it can fail in production." }
        (states(&active))
        h2 { "Break" }
        (order_form())
        h2 { "Calls to Amazon" }
        (counts(&calls))
        form.row method="post" action=(PATH) {
            button name="do" value="reset" { "Repair everything and reset the counts" }
            span.quiet { "No stored data is lost." }
        }
    };
    local.console.page(&visit, "Break Amazon", &content).await
}

/// Breaks or repairs an endpoint, or repairs everything.
pub(super) async fn act(State(local): State<Local>, body: Bytes) -> Response {
    let form = Fields::of(&body);
    let endpoint = form.text("endpoint").unwrap_or_default();
    let outcome = match form.text("do") {
        Some("break") => {
            let fault = form.text("fault").unwrap_or_default();
            let more = json!({
                "milliseconds": form.number("milliseconds"),
                "status": form.number("status"),
                "retryAfter": form.number("retryAfter"),
                "share": form.number("share"),
                "times": form.number("times"),
                "region": form.text("region"),
            });
            let order = with(json!({ "endpoint": endpoint, "fault": fault }), more);
            let done = match fault {
                "none" => format!("{endpoint} works again."),
                fault => format!("{endpoint} fails: {fault}."),
            };
            local.simulation.post_control("faults", &order).await.map(|_| Notice::done(done))
        }
        Some("reset") => {
            let reset = local.simulation.post_control("reset", &json!({})).await;
            reset.map(|_| Notice::done("Everything works again, and the counts are zero."))
        }
        _ => Err(no_such_button()),
    };
    local.console.back(&form, PATH, outcome)
}

const PATH: &str = "/console/faults";

const ENDPOINTS: [(&str, &str); 7] = [
    ("token", "Login with Amazon, the token endpoint"),
    ("sp-api", "SP-API, every operation"),
    ("dynamodb", "DynamoDB"),
    ("eventbridge", "EventBridge"),
    ("kms", "KMS"),
    ("secretsmanager", "Secrets Manager"),
    ("sqs", "SQS"),
];

const FAULTS: [(&str, &str); 13] = [
    ("latency", "latency: answers late"),
    ("throttle", "throttle: too many requests (429)"),
    ("http_error", "http_error: an error status"),
    ("html", "html: 503 with an HTML page"),
    ("reset", "reset: closes the connection"),
    ("hang", "hang: never answers"),
    ("invalid_client", "invalid_client: rejects the client secret"),
    ("empty", "empty: 200 without a body"),
    ("truncated", "truncated: incomplete JSON"),
    ("oversized", "oversized: a body of 10 MB"),
    ("redirect", "redirect: to another host"),
    ("ok_error", "ok_error: 200 with an error in the body"),
    ("none", "none: works again"),
];

fn states(active: &Value) -> Markup {
    let order_for = |endpoint: &str| active.as_array()?.iter().find(|order| order["endpoint"] == endpoint);
    let rows = html! {
        @for (endpoint, name) in ENDPOINTS {
            @let order = order_for(endpoint);
            tr {
                th scope="row" { (name) }
                td { @match order { Some(order) => (description(order)), None => span.quiet { "works" } } }
                td {
                    @if order.is_some() {
                        form method="post" action=(PATH) {
                            input type="hidden" name="endpoint" value=(endpoint);
                            input type="hidden" name="fault" value="none";
                            button name="do" value="break" { "Repair" span.hidden { " " (name) } }
                        }
                    }
                }
            }
        }
    };
    table("faults", "Active faults", &["Endpoint", "State", "Action"], &rows)
}

fn description(order: &Value) -> Markup {
    let details = [
        ("milliseconds", "ms late"),
        ("status", "is the status"),
        ("retryAfter", "seconds in Retry-After"),
        ("times", "more requests"),
    ];
    html! {
        strong { (order["fault"].as_str().unwrap_or_default()) }
        @for (member, words) in details {
            @if let Some(number) = order[member].as_u64() { ", " (number) " " (words) }
        }
        @if let Some(region) = order["region"].as_str() { ", marketplace participations in " (region) " only" }
        @if let Some(share) = order["share"].as_f64().filter(|share| *share < 1.0) {
            ", " (share) " of the requests"
        }
    }
}

fn order_form() -> Markup {
    let number = |name: &str, label: &str, least: &str, most: &str, step: &str| {
        html! { label { (label) input name=(name) type="number" min=(least) max=(most) step=(step); } }
    };
    html! {
        form.row method="post" action=(PATH) {
            label {
                "Endpoint"
                select name="endpoint" {
                    @for (endpoint, name) in ENDPOINTS { option value=(endpoint) { (name) } }
                }
            }
            label {
                "Fault"
                select name="fault" { @for (fault, name) in FAULTS { option value=(fault) { (name) } } }
            }
            (number("milliseconds", "Latency in ms (default 1000)", "0", "600000", "1"))
            (number("status", "Status of http_error (default 500)", "400", "599", "1"))
            (number("retryAfter", "Retry-After in seconds", "0", "86400", "1"))
            (number("share", "Share of requests (default 1)", "0", "1", "any"))
            (number("times", "Number of requests (default all)", "1", "1000000", "1"))
            label {
                "Region of SP-API (participations)"
                select name="region" {
                    option value="" { "all" }
                    @for region in ["na", "eu", "fe"] { option value=(region) { (region) } }
                }
            }
            button name="do" value="break" { "Break" }
        }
    }
}

fn counts(calls: &Value) -> Markup {
    let kinds = [
        ("Code exchanges", &calls["token"]["authorization_code"]),
        ("Refreshes", &calls["token"]["refresh_token"]),
        ("Grantless tokens", &calls["token"]["client_credentials"]),
        ("Restricted data tokens", &calls["restrictedDataToken"]),
        ("Marketplace participations", &calls["participations"]),
        ("Client secrets", &calls["clientSecret"]),
    ];
    let rows = html! {
        @for (name, count) in kinds {
            tr { th scope="row" { (name) } td { (count.as_u64().unwrap_or_default()) } }
        }
    };
    table("calls", "Calls since the start or the last reset", &["Call", "Count"], &rows)
}

/// The active faults, on every page.
pub(super) fn banner(active: &Value) -> Markup {
    let text = |order: &Value, member: &str| order[member].as_str().unwrap_or_default().to_owned();
    html! {
        @for order in active.as_array().into_iter().flatten() {
            p.broken {
                strong { "Broken: " } (text(order, "endpoint")) ", " code { (text(order, "fault")) } " "
                a href=(PATH) { "repair" }
            }
        }
    }
}
