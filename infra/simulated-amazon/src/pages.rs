//! Pages for a browser, with or without JavaScript: their common frame and their error page.

pub(crate) mod appstore;
pub(crate) mod confirm;
pub(crate) mod consent;
pub(crate) mod index;
pub(crate) mod manage;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, html};

use crate::{accounts::Kind, facts::PageCode, ledger::Ledger, marketplaces::Central};

/// A page with a title.
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

/// The page that says why it does not go on, with Amazon's code if there is one.
pub(crate) fn error(status: StatusCode, code: Option<PageCode>, because: &str) -> Response {
    let content = html! {
        @if let Some(code) = code {
            p { "Error code: " strong { (code.name()) } }
        }
        p { (because) }
    };
    (status, page("We're sorry, something went wrong", &content)).into_response()
}

/// Sends the browser on.
pub(crate) fn redirect(url: &str) -> Response {
    match HeaderValue::from_str(url) {
        Ok(location) => (StatusCode::FOUND, [(header::LOCATION, location)]).into_response(),
        Err(_) => error(StatusCode::BAD_REQUEST, Some(PageCode::Md5100), "a registered URI is not a URI"),
    }
}

/// Fields with which the partner says who is signing in.
fn sign_in_fields(ledger: &Ledger, central: Central) -> Markup {
    let known: Vec<_> = ledger.partners_of(central).collect();
    let (kind, example) = match central.kind {
        Kind::Seller => ("seller", "A1EXAMPLESELLER"),
        Kind::Vendor => ("vendor", "EXAMPLEVENDOR"),
    };
    html! {
        fieldset {
            legend { "Sign in to " (central.name()) " (" (central.host) ") as" }
            @for id in &known {
                p { label { input type="radio" name="_as" value=(id); " " (id) } }
            }
            p {
                label {
                    @if known.is_empty() { "a " (kind) " with this id " } @else { "another " (kind) ", with any id " }
                    // The first visitor need not think of one.
                    input type="text" name="_other" maxlength="64" placeholder=(example)
                        value=[known.is_empty().then_some(example)];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
