//! An HTTP request as an event of payload format 2.0.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{
    HeaderMap,
    header::{CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, TRANSFER_ENCODING, USER_AGENT},
    request::Parts,
};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::arn::ACCOUNT;

/// Returns the event of a request for `route`.
pub(super) fn event(
    parts: &Parts,
    body: &[u8],
    route: &str,
    domain: &str,
    request_id: &str,
    now: Timestamp,
) -> Value {
    let query = parts.uri.query().unwrap_or_default();
    let path = percent_decode_str(parts.uri.path()).decode_utf8_lossy();
    let headers = headers(&parts.headers, domain);
    let mut event = json!({
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": domain,
            "domainPrefix": domain.split('.').next(),
            "http": {
                "method": parts.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": SOURCE,
                "userAgent": headers.get(USER_AGENT.as_str()),
            },
            "requestId": request_id,
            "routeKey": route,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S %z").to_string(),
            "timeEpoch": now.as_millisecond(),
        },
        "isBase64Encoded": false,
    });
    if !query.is_empty() {
        let parameters = form_urlencoded::parse(query.as_bytes());
        event["queryStringParameters"] =
            json!(joined(parameters.map(|(key, value)| (key, value.into_owned()))));
    }
    let cookies = cookies(&parts.headers);
    if !cookies.is_empty() {
        event["cookies"] = json!(cookies);
    }
    if !body.is_empty() {
        match std::str::from_utf8(body) {
            Ok(text) if is_text(&parts.headers) => event["body"] = json!(text),
            _ => {
                event["body"] = json!(BASE64_STANDARD.encode(body));
                event["isBase64Encoded"] = json!(true);
            }
        }
    }
    event
}

/// The headers as the function gets them: without cookies and connection headers, and with the headers of a proxy.
fn headers(received: &HeaderMap, domain: &str) -> Map<String, Value> {
    let passed = received.iter().filter(|(name, _)| ![COOKIE, CONNECTION, TRANSFER_ENCODING].contains(name));
    let mut headers = joined(
        passed.map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned())),
    );
    let port = domain.rsplit_once(':').map_or("80", |(_, port)| port);
    for (name, value) in
        [("x-forwarded-for", SOURCE), ("x-forwarded-port", port), ("x-forwarded-proto", "http")]
    {
        headers.insert(name.to_owned(), value.into());
    }
    headers
}

fn cookies(received: &HeaderMap) -> Vec<String> {
    let lines =
        received.get_all(COOKIE).iter().map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned());
    lines
        .flat_map(|line| line.split(';').map(|cookie| cookie.trim().to_owned()).collect::<Vec<_>>())
        .filter(|cookie| !cookie.is_empty())
        .collect()
}

/// Joins the values of one name with commas, as API Gateway does.
fn joined<N: AsRef<str>>(pairs: impl Iterator<Item = (N, String)>) -> Map<String, Value> {
    let mut values = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in pairs {
        values.entry(name.as_ref().to_owned()).or_default().push(value);
    }
    values.into_iter().map(|(name, values)| (name, values.join(",").into())).collect()
}

/// Returns whether API Gateway passes the body as text. It encodes every other body, such as a form, in Base64.
fn is_text(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE) else {
        return !headers.contains_key(CONTENT_ENCODING);
    };
    let kind = String::from_utf8_lossy(kind.as_bytes()).to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let text = kind.starts_with("text/")
        || ["application/json", "application/javascript", "application/xml"].contains(&kind)
        || kind.ends_with("+json")
        || kind.ends_with("+xml");
    text && !headers.contains_key(CONTENT_ENCODING)
}

/// The source address. All listeners are on loopback, so every request comes from there.
const SOURCE: &str = "127.0.0.1";
