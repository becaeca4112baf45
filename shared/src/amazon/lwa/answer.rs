//! Reads an answer of the token endpoint (F§4.4, F§4.5).

use jiff::SignedDuration;
use reqwest::StatusCode;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{ErrorWord, Reason};
use crate::{
    amazon::{
        failure::{AmazonRequestId, NoAnswer},
        http::Answer,
        look_alike::access_token_fault,
    },
    secret::{AccessToken, RefreshToken},
};

/// The shortest lifetime that is believed, in seconds: with less, a token ends before its callers can use it, and all of them would ask
/// Amazon again.
const SHORTEST_LIFETIME: f64 = 10.0;

/// The longest lifetime that is believed, in seconds; SP-API's tokens live an hour (F§4.4).
const LONGEST_LIFETIME: f64 = 24.0 * 3600.0;

/// The lifetime of a token of which Amazon says none that can be believed: a sixth of what such a token has always had (F§4.4). A
/// token that nobody may share would cost a call for each request.
const ASSUMED_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// A row of DynamoDB holds 400 KB, of which a token may fill this much. Amazon documents up to 2048 bytes (F§4.4),
/// and no limit for restricted tokens.
const LONGEST_TOKEN: usize = 256 * 1024;

/// A grant's row holds up to 21 sealed refresh tokens, with those of its conflicts.
pub(super) const LONGEST_REFRESH_TOKEN: usize = 8 * 1024;

/// An answer that brought a token.
pub(super) struct Reply {
    pub(super) access_token: AccessToken,
    pub(super) expires_in: Option<Value>,
    pub(super) refresh_token: Option<RefreshToken>,
    /// What is odd about the refresh token, as the end of a sentence that begins with "the refresh token".
    pub(super) oddity: Option<String>,
}

impl Reply {
    /// Takes the refresh token away if `fault` finds one in it.
    pub(super) fn without_a_faulty_refresh_token(mut self, fault: impl Fn(&str) -> Option<String>) -> Self {
        if let Some(fault) = self.refresh_token.as_ref().and_then(|token| fault(token.expose())) {
            self.refresh_token = None;
            self.oddity = Some(fault);
        }
        self
    }
}

#[derive(Deserialize)]
struct Fields {
    access_token: AccessToken,
    expires_in: Option<Value>,
    #[serde(default, deserialize_with = "any")]
    refresh_token: Any,
}

/// What stands in an optional field.
#[derive(Default)]
enum Any {
    #[default]
    Nothing,
    Text(RefreshToken),
    Odd,
}

/// Takes whatever is there.
fn any<'de, D: Deserializer<'de>>(from: D) -> Result<Any, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Null => Any::Nothing,
        Value::String(text) => Any::Text(RefreshToken::new(text)),
        _ => Any::Odd,
    })
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

/// Returns how long a token lives: whole seconds of a number, also one in a text, if it can be believed; else ten minutes.
pub(crate) fn lifetime(expires_in: Option<&Value>) -> SignedDuration {
    let seconds = expires_in.and_then(|value| value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()));
    let believed = seconds.filter(|seconds| (SHORTEST_LIFETIME..=LONGEST_LIFETIME).contains(seconds));
    let whole = believed.and_then(|seconds| SignedDuration::try_from_secs_f64(seconds.floor()).ok());
    whole.unwrap_or(ASSUMED_LIFETIME)
}

/// Whether a text is an access token, of a known or a later form, that can be sent in a header and stored in a row. Another text would
/// be refused by SP-API for as long as it is cached.
pub(crate) fn is_usable_token(token: &str) -> bool {
    access_token_fault(token, LONGEST_TOKEN).is_none()
}

/// Returns what is wrong with the text in the place of the access token, as the end of a sentence that begins with "the access token".
pub(super) fn access_token_fault_in(body: &[u8]) -> Option<String> {
    let fields: Value = serde_json::from_slice(body).ok()?;
    access_token_fault(fields.get("access_token")?.as_str()?, LONGEST_TOKEN)
}

/// Returns the text in the place of the refresh token, whatever the other fields hold.
pub(super) fn refresh_token_in(body: &[u8]) -> Option<RefreshToken> {
    let fields: Value = serde_json::from_slice(body).ok()?;
    Some(RefreshToken::new(fields.get("refresh_token")?.as_str()?.to_owned()))
}

/// Amazon's id of the call: in a header, or in the body of an error (F§4.5).
pub(super) fn request_id(answer: &Answer) -> Option<AmazonRequestId> {
    #[derive(Deserialize)]
    struct Named {
        request_id: String,
    }
    let in_body = || AmazonRequestId::of(&serde_json::from_slice::<Named>(&answer.body).ok()?.request_id);
    answer.request_id.clone().or_else(in_body)
}

/// Returns the token, or why there is none.
pub(super) fn understand(answer: &Answer) -> Result<Reply, Reason> {
    let (status, retry_after) = (answer.status.as_u16(), answer.retry_after);
    if answer.status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Reason::Throttled { retry_after });
    }
    // A server error is about Amazon, whatever its body says about us; a redirect is never followed.
    if !(answer.status.is_success() || answer.status.is_client_error()) {
        return Err(Reason::Unavailable { why: NoAnswer::Status(status), retry_after });
    }
    if let Ok(refusal) = serde_json::from_slice::<Refusal>(&answer.body) {
        return Err(match (refusal.error.as_str(), status) {
            ("invalid_grant", _) => Reason::InvalidGrant,
            ("invalid_client", _) => Reason::InvalidClient,
            // These statuses ask for the same request again (RFC 9110 section 15.5.9, RFC 8470).
            (_, 408 | 425) => Reason::Unavailable { why: NoAnswer::NotUnderstood(status), retry_after },
            (word, _) => Reason::Refused(ErrorWord::of(word), status),
        });
    }
    if !answer.status.is_success() {
        return Err(Reason::Unavailable { why: NoAnswer::NotUnderstood(status), retry_after });
    }
    let fields = serde_json::from_slice::<Fields>(&answer.body).ok();
    let usable = fields.filter(|fields| is_usable_token(fields.access_token.expose()));
    let Fields { access_token, expires_in, refresh_token } =
        usable.ok_or(Reason::Unusable(NoAnswer::NotUnderstood(status)))?;
    let (refresh_token, oddity) = match refresh_token {
        Any::Text(token) => (Some(token), None),
        Any::Nothing => (None, None),
        Any::Odd => (None, Some("is no text".to_owned())),
    };
    Ok(Reply { access_token, expires_in, refresh_token, oddity })
}

/// Returns what kind of answer a body is, without a value or an unknown name of it: either may be a token.
pub(super) fn shape(body: &[u8]) -> String {
    const KNOWN: [&str; 5] = ["access_token", "error", "expires_in", "refresh_token", "token_type"];
    let bytes = body.len();
    let fields = match serde_json::from_slice::<Value>(body) {
        Err(_) => return format!("{bytes} bytes, no JSON"),
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return format!("{bytes} bytes, JSON that is no object"),
    };
    let mut parts: Vec<_> = KNOWN
        .iter()
        .filter_map(|name| {
            let kind = match fields.get(*name)? {
                Value::Null => "null".to_owned(),
                Value::Bool(_) => "true or false".to_owned(),
                Value::Number(_) => "a number".to_owned(),
                Value::String(text) => format!("a text of {} characters", text.chars().count()),
                Value::Array(_) => "a list".to_owned(),
                Value::Object(_) => "an object".to_owned(),
            };
            Some(format!("{name} is {kind}"))
        })
        .collect();
    match fields.len() - parts.len() {
        0 => {}
        1 => parts.push("and 1 other field".to_owned()),
        others => parts.push(format!("and {others} other fields")),
    }
    format!("{bytes} bytes, an object: {}", parts.join(", "))
}

#[cfg(test)]
mod tests;
