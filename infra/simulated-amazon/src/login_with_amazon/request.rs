//! What a request for a token may look like: a form or a JSON object, the client in the body or in the `Authorization` header
//! (F§4.2).

use std::collections::BTreeMap;

use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{login_with_amazon::TokenError, urls::Parameters};

/// Returns the fields of a request. The client of an `Authorization` header is among them, unless the body names one.
pub(super) fn fields(headers: &HeaderMap, body: &[u8]) -> Result<Parameters, TokenError> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    let text = str::from_utf8(body).map_err(|_| TokenError::Malformed)?;
    let mut fields = match media_type.to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => {
            Parameters::of_form(text).map_err(|_| TokenError::Malformed)?
        }
        "application/json" => of_json(text)?,
        _ => return Err(TokenError::ContentType),
    };
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some((scheme, credentials)) = authorization.and_then(|value| value.split_once(' '))
        && scheme.eq_ignore_ascii_case("basic")
    {
        let (id, secret) = basic(credentials).ok_or(TokenError::Client)?;
        fields.fill_in("client_id", id);
        fields.fill_in("client_secret", secret);
    }
    Ok(fields)
}

/// Reads a JSON object. A null is a field that is absent, and a number or a boolean is its text: clients whose serializer writes
/// every member of a struct send nulls. A list or an object is an error where a field is expected, and ignored elsewhere.
fn of_json(text: &str) -> Result<Parameters, TokenError> {
    let object: BTreeMap<String, Value> = serde_json::from_str(text).map_err(|_| TokenError::Malformed)?;
    let mut fields = BTreeMap::new();
    for (name, value) in object {
        let text = match value {
            Value::String(text) => text,
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Array(_) | Value::Object(_) if FIELDS.contains(&name.as_str()) => {
                return Err(TokenError::Malformed);
            }
            Value::Null | Value::Array(_) | Value::Object(_) => continue,
        };
        fields.insert(name, text);
    }
    Ok(Parameters::from(fields))
}

/// Reads the credentials of HTTP Basic. RFC 6749 (section 2.3.1) has id and secret encoded as in a form; some clients leave that out, and an id or
/// secret of Amazon's has no character of which the two readings differ.
fn basic(credentials: &str) -> Option<(String, String)> {
    let credentials = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = credentials.split_once(':')?;
    let decoded = Parameters::of_form(&format!("id={id}&secret={secret}")).ok()?;
    Some((decoded.value("id")?.to_owned(), decoded.value("secret")?.to_owned()))
}

/// The fields that the endpoint reads.
const FIELDS: [&str; 7] =
    ["client_id", "client_secret", "code", "grant_type", "redirect_uri", "refresh_token", "scope"];
