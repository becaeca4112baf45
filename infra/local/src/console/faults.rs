//! Breaking Amazon and AWS, and counting what they were asked. The page asks no function, so that it works whatever is broken.

use axum::{body::Bytes, extract::State, response::Response};
use http::Uri;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::console::{
    Console,
    ask::{no_such_button, with},
    fields::{Fields, Visit},
    notices::Notice,
    page::table,
};

/// Shows what is broken, and the form to break more.
pub(super) async fn show(State(console): State<Console>, uri: Uri) -> Response {
    let visit = Visit::of(&uri);
    let in_force = console.control("faults").await.unwrap_or_default();
    let calls = console.control("calls").await.unwrap_or_default();
    let content = html! {
        p { "Login with Amazon, SP-API and the services of AWS can be made to fail as they fail in life." }
        (states(&in_force))
        h2 { "Break" }
        (order_form())
        h2 { "Calls to Amazon" }
        (counts(&calls))
        form.row method="post" action=(PATH) {
            button name="do" value="reset" { "Repair everything and count from zero" }
            span.quiet { "Nothing that is kept is lost." }
        }
    };
    console.page(&visit, "Break Amazon", &content).await
}

/// Breaks, repairs, or resets.
pub(super) async fn act(State(console): State<Console>, body: Bytes) -> Response {
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
            });
            let order = with(json!({ "endpoint": endpoint, "fault": fault }), more);
            let done = match fault {
                "none" => format!("{endpoint} behaves again."),
                fault => format!("{endpoint} misbehaves: {fault}."),
            };
            console.order_control("faults", &order).await.map(|_| Notice::done(done))
        }
        Some("reset") => {
            let reset = console.order_control("reset", &json!({})).await;
            reset.map(|_| Notice::done("Everything behaves again, and calls are counted from zero."))
        }
        _ => Err(no_such_button()),
    };
    console.back(&form, PATH, outcome)
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
    ("latency", "latency: answers later"),
    ("throttle", "throttle: asks to slow down (429)"),
    ("http_error", "http_error: answers with a status"),
    ("html", "html: 503 with a page of HTML"),
    ("reset", "reset: closes the connection"),
    ("hang", "hang: never answers"),
    ("invalid_client", "invalid_client: refuses the client secret"),
    ("empty", "empty: 200 and no body"),
    ("truncated", "truncated: JSON that breaks off"),
    ("oversized", "oversized: a body of 10 MB"),
    ("redirect", "redirect: to another host"),
    ("ok_error", "ok_error: 200 and an error inside"),
    ("none", "none: behaves again"),
];

fn states(in_force: &Value) -> Markup {
    let order_for = |endpoint: &str| in_force.as_array()?.iter().find(|order| order["endpoint"] == endpoint);
    let rows = html! {
        @for (endpoint, name) in ENDPOINTS {
            @let order = order_for(endpoint);
            tr {
                th scope="row" { (name) }
                td { @match order { Some(order) => (in_words(order)), None => span.quiet { "behaves" } } }
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
    table("faults", "Faults in force", &["Endpoint", "Now", "Action"], &rows)
}

fn in_words(order: &Value) -> Markup {
    let details = [
        ("milliseconds", "ms late"),
        ("status", "is the status"),
        ("retryAfter", "seconds in Retry-After"),
        ("times", "times more"),
    ];
    html! {
        strong { (order["fault"].as_str().unwrap_or_default()) }
        @for (member, words) in details {
            @if let Some(number) = order[member].as_u64() { ", " (number) " " (words) }
        }
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
            (number("milliseconds", "Latency in ms (1000)", "0", "600000", "1"))
            (number("status", "Status of http_error (500)", "400", "599", "1"))
            (number("retryAfter", "Retry-After in seconds", "0", "86400", "1"))
            (number("share", "Share of requests (1)", "0", "1", "any"))
            (number("times", "Times (always)", "1", "1000000", "1"))
            button name="do" value="break" { "Break it" }
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
    table("calls", "Calls since the start, or since they were last set to zero", &["Call", "Count"], &rows)
}
