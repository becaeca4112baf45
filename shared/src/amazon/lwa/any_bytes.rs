//! The rule of an answer of the token endpoint, for any bytes.

use reqwest::StatusCode;
use serde_json::Value;

use super::answer::{is_usable_token, lifetime, request_id, shape, understand};
use crate::{amazon::http::Answer, secret::RefreshToken};

/// Checks any bytes as an answer: the first one chooses the status.
pub(crate) fn check_any_bytes(bytes: &[u8]) {
    const STATUSES: [u16; 10] = [200, 400, 401, 403, 408, 425, 429, 500, 302, 201];
    let Some((status, body)) = bytes.split_first() else { return };
    let status = STATUSES[usize::from(*status) % STATUSES.len()];
    let status = StatusCode::from_u16(status).expect("a status");
    let answer =
        Answer { status, retry_after: None, rate: None, date: None, request_id: None, body: body.to_vec() };
    let said = match understand(&answer) {
        Ok(reply) => {
            assert!(status.is_success() && is_usable_token(reply.access_token.expose()));
            let lifetime = lifetime(reply.expires_in.as_ref()).as_secs();
            assert!((1..=24 * 3600).contains(&lifetime), "a lifetime of {lifetime} s");
            let fits = |token: &RefreshToken| (1..=8 * 1024).contains(&token.expose().len());
            assert!(reply.refresh_token.as_ref().is_none_or(fits));
            format!("{:?} {:?}", reply.access_token, reply.refresh_token)
        }
        Err(reason) => format!("{reason:?}"),
    };
    let said = format!("{said} {} {:?}", shape(body), request_id(&answer));
    let mut texts = Vec::new();
    texts_of(&serde_json::from_slice(body).unwrap_or_default(), &mut texts);
    for text in texts.iter().filter(|text| text.len() >= 8 && text.contains('|')) {
        assert!(!said.contains(text), "a token is repeated");
    }
}

fn texts_of(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|value| texts_of(value, texts)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            texts.push(name.clone());
            texts_of(value, texts);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
