//! The policy of a consumer: from the command line to the JSON of a request, and to text for a table.

use serde_json::{Map, Value, json};

use crate::arguments::{
    Region,
    consumers::{Consumer, May},
};

/// The fields of a policy, in the order in which they are shown.
pub(super) const FIELDS: [&str; 8] =
    ["applicationIds", "regions", "partners", "accounts", "scopes", "restricted", "delegates", "may"];

/// The policy of operators.
pub(super) fn everything() -> Map<String, Value> {
    let all = |field: &&str| match *field {
        "restricted" => json!(true),
        "may" => json!(["read", "link", "disable", "remove"]),
        _ => json!("all"),
    };
    FIELDS.iter().map(|field| ((*field).to_owned(), all(field))).collect()
}

/// The fields of the policy that the command line names.
pub(super) fn given(consumer: &Consumer) -> Map<String, Value> {
    let listed = |all: bool, none: bool, list: &[String]| match (all, none || !list.is_empty()) {
        (true, _) => Some(json!("all")),
        (false, true) => Some(json!(list)),
        (false, false) => None,
    };
    let regions: Vec<_> = consumer.regions.iter().map(|region: &Region| region.as_str().to_owned()).collect();
    let may: Vec<_> = consumer.may.iter().map(|may: &May| may.as_str().to_owned()).collect();
    let accounts = match &consumer.account_prefix {
        Some(prefix) => Some(json!({ "prefix": prefix })),
        None => listed(consumer.all_accounts, consumer.no_accounts, &consumer.accounts),
    };
    let restricted = match (consumer.all_restricted, consumer.no_restricted) {
        (false, false) if consumer.restricted.is_empty() => None,
        (false, false) => Some(consumer.restricted.iter().map(|text| operation(text)).collect()),
        (all, _) => Some(json!(all)),
    };
    let fields = [
        ("applicationIds", listed(consumer.all_applications, false, &consumer.applications)),
        ("regions", listed(false, false, &regions)),
        ("partners", listed(consumer.all_partners, consumer.no_partners, &consumer.partners)),
        ("accounts", accounts),
        ("scopes", listed(false, consumer.no_scopes, &consumer.scopes)),
        ("restricted", restricted),
        ("delegates", listed(false, consumer.no_delegates, &consumer.delegates)),
        ("may", listed(false, consumer.no_may, &may)),
    ];
    fields.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value?))).collect()
}

/// `orders.v0.getOrders:buyerInfo,shippingAddress` as a policy has it.
fn operation(text: &str) -> Value {
    match text.split_once(':') {
        None => json!({ "operation": text }),
        Some((operation, elements)) => {
            json!({"operation": operation, "dataElements": elements.split(',').collect::<Vec<_>>()})
        }
    }
}

/// A field in a form in which the order of a list does not count, and in which nothing is the same as an empty list.
pub(super) fn sorted(field: Option<&Value>) -> Option<Vec<String>> {
    let mut parts = match field? {
        Value::Bool(false) | Value::Null => Vec::new(),
        Value::Array(items) => items.iter().map(Value::to_string).collect(),
        other => vec![other.to_string()],
    };
    parts.sort_unstable();
    (!parts.is_empty()).then_some(parts)
}

/// A field of a policy, for a table; `-` stands for nothing.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => "all".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(" "),
        Value::Object(fields) => match (fields.get("prefix"), fields.get("operation")) {
            (Some(prefix), _) => format!("{}…", text(prefix)),
            (_, Some(operation)) => {
                let elements = fields.get("dataElements").map(text).unwrap_or_default().replace(' ', ",");
                let colon = if elements.is_empty() { "" } else { ":" };
                format!("{}{colon}{elements}", text(operation))
            }
            _ => value.to_string(),
        },
        Value::Number(number) => number.to_string(),
    }
}
