//! The common frame of all pages, with or without JavaScript; the error page; redirects.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, html};

use crate::facts::PageCode;

/// Returns a page with a title.
pub(crate) fn page(title: &str, content: &Markup) -> Response {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " - Simulated Amazon" }
            }
            body style="font: 16px/1.5 sans-serif; max-width: 44rem; margin: 0 auto; padding: 1rem" {
                p style="background: #ffd; border: 1px solid #c90; padding: .5rem" {
                    strong { "Simulated Amazon" }
                    ": a stand-in for development. Nothing here is Amazon's."
                }
                h1 { (title) }
                (content)
            }
        }
    };
    ([(header::CACHE_CONTROL, "no-store")], Html(document.into_string())).into_response()
}

/// Returns the page that says why a request failed, with Amazon's code if there is one.
pub(crate) fn error_page(status: StatusCode, code: Option<PageCode>, because: &str) -> Response {
    let content = html! {
        @if let Some(code) = code {
            p { "Error code: " strong { (code.name()) } }
        }
        p { (because) }
    };
    (status, page("We're sorry, something went wrong", &content)).into_response()
}

/// Redirects the browser.
pub(crate) fn redirect(url: &str) -> Response {
    match HeaderValue::from_str(url) {
        Ok(location) => (StatusCode::FOUND, [(header::LOCATION, location)]).into_response(),
        Err(_) => error_page(
            StatusCode::BAD_REQUEST,
            Some(PageCode::Md5100),
            "a registered URI contains characters that a URI cannot have",
        ),
    }
}
