//! Protects the console. It answers only requests to this machine's own names, and accepts commands only from its own pages; and where
//! the pages need a key, only from the browser that brought it.
//!
//! Without this, any site could make a browser send a form here (CSRF), or resolve a name of its own to this machine (DNS rebinding),
//! and any program of this machine could do what the operator may.

use axum::{
    body::{self, Body},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, LOCATION, ORIGIN, REFERRER_POLICY, SET_COOKIE,
        X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
};

use crate::{
    Console,
    access::{Access, ENTRANCE, Keys},
    page,
};

/// The largest form in bytes.
const LARGEST_FORM: usize = 65_536;

/// Refuses forbidden requests, and adds the headers to every answer.
pub(crate) async fn guard(State(console): State<Console>, request: Request, next: Next) -> Response {
    let mut response = match admitted(&console, request).await {
        Ok(request) => next.run(request).await,
        Err(answer) => answer,
    };
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// The request, if it may pass; else the answer to it.
async fn admitted(console: &Console, request: Request) -> Result<Request, Response> {
    let refused = |status, because| (status, page::bare("Refused", because)).into_response();
    let settings = &console.settings;
    let (method, headers) = (request.method(), request.headers());
    if let Some((status, because)) = refusal(method, headers, settings.port) {
        return Err(refused(status, because));
    }
    let only_reads = *method == Method::GET || *method == Method::HEAD;
    if let Access::Held(keys) = &settings.access {
        let path = request.uri().path();
        if path == ENTRANCE && *method == Method::GET {
            return Err(entered(keys, &request));
        }
        // The sheet has no secret, and the pages of refusals use it.
        if path != page::STYLE && !keys.are_held_in(headers) {
            return Err((StatusCode::FORBIDDEN, page::without_key()).into_response());
        }
    }
    if only_reads {
        return Ok(request);
    }
    if settings.read_only {
        let because = "This console was started with --read-only: it changes nothing.";
        return Err(refused(StatusCode::FORBIDDEN, because));
    }
    let Access::Held(keys) = &settings.access else { return Ok(request) };
    let (parts, body) = request.into_parts();
    let Ok(form) = body::to_bytes(body, LARGEST_FORM).await else {
        return Err(refused(StatusCode::PAYLOAD_TOO_LARGE, "A form has at most 64 KiB."));
    };
    if !keys.are_in_form(&form) {
        let because = "This form is not of this run of the console. Go back, reload the page and press the button again.";
        return Err(refused(StatusCode::FORBIDDEN, because));
    }
    Ok(Request::from_parts(parts, Body::from(form)))
}

/// Exchanges the key of an address for the cookie. A browser that has it already goes on as well.
fn entered(keys: &Keys, request: &Request) -> Response {
    let home = (LOCATION, "/".to_owned());
    if let Some(cookie) = keys.enter(request.uri().query().unwrap_or_default()) {
        return (StatusCode::SEE_OTHER, [home, (SET_COOKIE, cookie)]).into_response();
    }
    if keys.are_held_in(request.headers()) {
        return (StatusCode::SEE_OTHER, [home]).into_response();
    }
    (StatusCode::FORBIDDEN, page::without_key()).into_response()
}

fn refusal(method: &Method, headers: &HeaderMap, port: u16) -> Option<(StatusCode, &'static str)> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let Some(host) = text(HOST).filter(|host| is_this_machine(host, port)) else {
        let because = "The console answers only at 127.0.0.1 and localhost, on its own port.";
        return Some((StatusCode::MISDIRECTED_REQUEST, because));
    };
    if method == Method::GET || method == Method::HEAD {
        return None;
    }
    let site = text(SEC_FETCH_SITE).map(|site| site == "same-origin");
    let origin = text(ORIGIN).map(|origin| origin.strip_prefix("http://") == Some(host));
    // Every browser sends one of the two with a form. A client that sends neither is not a browser.
    let is_own = site.or(origin) == Some(true) && site != Some(false) && origin != Some(false);
    let because =
        "The console accepts commands only from its own pages. Open the console and press the button there.";
    (!is_own).then_some((StatusCode::FORBIDDEN, because))
}

fn is_this_machine(host: &str, port: u16) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, number)) if number.parse() == Ok(port) => name,
        // A browser omits the default port of the scheme.
        None if port == 80 => host,
        _ => return false,
    };
    name == "127.0.0.1" || name == "localhost"
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The headers of every answer. The referrer policy `same-origin` makes a browser send the origin of a form. The partners' pages use
/// `no-referrer`.
const HEADERS: [(HeaderName, &str); 7] = [
    (CACHE_CONTROL, "no-store"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (REFERRER_POLICY, "same-origin"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(method: &Method, headers: &[(HeaderName, &'static str)]) -> Option<u16> {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        refusal(method, &headers.collect(), 9000).map(|(status, _)| status.as_u16())
    }

    #[test]
    fn only_this_machines_own_names_are_answered() {
        for host in ["127.0.0.1:9000", "localhost:9000"] {
            assert_eq!(refused(&Method::GET, &[(HOST, host)]), None, "{host}");
        }
        for host in ["evil.example:9000", "127.0.0.1", "localhost:9001", "localhost.evil.example:9000", ""] {
            assert_eq!(refused(&Method::GET, &[(HOST, host)]), Some(421), "{host}");
        }
        assert_eq!(refused(&Method::GET, &[]), Some(421));
    }

    #[test]
    fn only_the_consoles_own_pages_can_send_commands() {
        let host = (HOST, "127.0.0.1:9000");
        let from = |site: Option<&'static str>, origin: Option<&'static str>| {
            let site = site.map(|site| (SEC_FETCH_SITE, site));
            let origin = origin.map(|origin| (ORIGIN, origin));
            let headers: Vec<_> = [Some(host.clone()), site, origin].into_iter().flatten().collect();
            refused(&Method::POST, &headers)
        };
        let own = Some("http://127.0.0.1:9000");

        assert_eq!(from(Some("same-origin"), own), None);
        assert_eq!(from(Some("same-origin"), None), None);
        assert_eq!(from(None, own), None);
        for (site, origin) in [
            (None, None),
            (Some("cross-site"), own),
            (Some("same-site"), own),
            (Some("none"), None),
            (Some("same-origin"), Some("null")),
            (Some("same-origin"), Some("http://localhost:9000")),
            (None, Some("null")),
            (None, Some("http://127.0.0.1:9001")),
            (None, Some("https://127.0.0.1:9000")),
            (None, Some("http://evil.example")),
        ] {
            assert_eq!(from(site, origin), Some(403), "{site:?} {origin:?}");
        }
    }
}
