//! The shared part of the floors: the keys of the rows for a request of a partner's token.
//!
//! A floor does the minimum: it parses what it needs, decrypts no token, stores nothing and logs nothing.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;

/// The key of a row.
pub type Key = HashMap<String, AttributeValue>;

/// The key of the grant that the request names.
pub fn grant_key(request: &Value) -> Key {
    key("grant_key", partner(request))
}

/// The key of the access token of that partner.
pub fn token_key(request: &Value) -> Key {
    key("token_key", format!("partner#{}", partner(request)))
}

/// Returns the name of a table from the variable that the function reads, too.
#[expect(clippy::disallowed_methods, reason = "the only configuration of a floor is the names of its tables")]
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
