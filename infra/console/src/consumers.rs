//! The page of the consumers: which service may have which tokens.

use axum::{extract::State, response::Response};
use http::Uri;
use maud::html;
use serde_json::{Value, json};

use crate::{
    Console,
    fields::Visit,
    findings::not_shown,
    page::{table, trail},
    stack::Function,
};

/// The fields of a policy and their columns.
const FIELDS: [(&str, &str); 8] = [
    ("applicationIds", "Applications"),
    ("regions", "Regions"),
    ("partners", "Partners"),
    ("accounts", "Accounts"),
    ("scopes", "Scopes"),
    ("restricted", "Restricted"),
    ("delegates", "Delegates"),
    ("may", "May"),
];

/// Shows the page.
pub(crate) async fn show(State(console): State<Console>, uri: Uri) -> Response {
    let visit = Visit::of(&uri);
    let answer = console.look(Function::Administration, json!({ "operation": "listConsumers" })).await;
    let content = match &answer {
        Err(error) => not_shown(error),
        Ok(answer) => {
            let consumers = answer["consumers"].as_array().map(Vec::as_slice).unwrap_or_default();
            let rows = html! {
                @for consumer in consumers {
                    tr {
                        th scope="row" { (consumer["consumer"].as_str().unwrap_or_default()) }
                        @for (field, _) in FIELDS { td.id { bdi { (text(&consumer[field])) } } }
                    }
                }
            };
            let columns: Vec<&str> =
                std::iter::once("Consumer").chain(FIELDS.map(|(_, name)| name)).collect();
            html! {
                (table("consumers", "Policies", &columns, &rows))
                @if consumers.is_empty() { p.quiet { "There are none." } }
            }
        }
    };
    let content = html! {
        (trail(&[]))
        p {
            "A consumer is a service that gets the tokens that its policy names, and no others. "
            code { "spapi-auth consumers" } " adds and changes them, since it makes the aliases of the functions too."
        }
        (content)
    };
    console.page(&visit, "Consumers", &content).await
}

/// A field of a policy as text.
fn text(field: &Value) -> String {
    match field {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) if list.is_empty() => "-".to_owned(),
        Value::Array(list) => list.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Object(object) => match object.get("prefix").and_then(Value::as_str) {
            Some(prefix) => format!("{prefix}…"),
            None => object.values().map(text).collect::<Vec<_>>().join(": "),
        },
        other => other.to_string(),
    }
}
