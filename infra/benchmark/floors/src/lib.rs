//! What the floors have in common: the rows that a request for a partner's token is about.
//!
//! A floor does the least that can be done: it parses what it must, opens no token, keeps nothing, and logs nothing.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;

/// The key of a row.
pub type Key = HashMap<String, AttributeValue>;

/// The key of the grant that the request names.
#[must_use]
pub fn grant_key(request: &Value) -> Key {
    key("grant_key", partner(request))
}

/// The key of that partner's access token.
#[must_use]
pub fn token_key(request: &Value) -> Key {
    key("token_key", format!("partner#{}", partner(request)))
}

/// A table's name, from the variable that tells it to the function too.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "a floor has no configuration but the names of its tables")]
pub fn table(variable: &str) -> String {
    std::env::var(variable).unwrap_or_default()
}

fn partner(request: &Value) -> String {
    let text = |name: &str| request[name].as_str().unwrap_or_default();
    format!("{}#{}#{}", text("applicationId"), text("region"), text("sellingPartnerId"))
}

fn key(name: &str, value: String) -> Key {
    HashMap::from([(name.to_owned(), AttributeValue::S(value))])
}
