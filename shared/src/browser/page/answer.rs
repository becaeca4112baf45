//! The headers of every answer to a browser, and the answers that are no page.

use std::{fmt::Write as _, sync::LazyLock};

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::STANDARD};
use lambda_http::{
    Body, Response,
    http::{HeaderValue, StatusCode, header},
};

use super::style::STYLE;

/// Redirects the browser to `location`, which the caller has checked.
pub fn redirect(location: &str) -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    match HeaderValue::try_from(location) {
        Ok(location) => {
            *response.status_mut() = StatusCode::FOUND;
            response.headers_mut().insert(header::LOCATION, location);
        }
        Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
    }
    guarded(response)
}

/// Redirects the browser after a form or at the end of a journey. The next request is a GET, whatever this one was.
pub fn see_other(location: &str) -> Response<Body> {
    let mut response = redirect(location);
    if response.status() == StatusCode::FOUND {
        *response.status_mut() = StatusCode::SEE_OTHER;
    }
    response
}

/// Answers a browser that asks for an icon: there is none, and it need not ask again today.
pub fn no_icon() -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::NO_CONTENT;
    cached(guarded(response))
}

/// Answers a search engine: nothing here is for it.
pub fn robots() -> Response<Body> {
    let mut response = Response::new(Body::from("User-agent: *\nDisallow: /\n"));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    cached(guarded(response))
}

/// Lets browsers store the answer for a day: it is the same for all of them.
fn cached(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    response
}

/// Adds the headers of every answer: the answer is not stored, framed or sniffed, and no other site sees it as a
/// referrer.
pub(super) fn guarded(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY.clone());
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        header::STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static("max-age=63072000; includeSubDomains"),
    );
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}

/// The style is the only content that most pages load, and the policy names its hash.
static CONTENT_SECURITY_POLICY: LazyLock<HeaderValue> =
    LazyLock::new(|| policy(None, false).expect("a base64 hash is ASCII"));

/// Returns the policy of a page. `leads_to` has the hosts to which the answer to its button may redirect: Chromium checks every
/// redirect after a form against `form-action`, other browsers do not. A logo is part of the page, as a `data:` address.
pub(super) fn policy(leads_to: Option<&str>, has_logo: bool) -> Option<HeaderValue> {
    let hash = STANDARD.encode(digest::digest(&digest::SHA256, STYLE.as_bytes()));
    let mut policy = String::from("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
    let form_action = leads_to.map_or("'none'".to_owned(), |hosts| format!("'self' {hosts}"));
    let _ = write!(policy, "; form-action {form_action}; style-src 'sha256-{hash}'");
    if has_logo {
        policy.push_str("; img-src data:");
    }
    HeaderValue::try_from(policy).ok()
}
