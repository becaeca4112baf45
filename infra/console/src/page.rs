//! The frame of every page: navigation, what the stack adds, and the outcome of the last command.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use http::{HeaderName, StatusCode, Uri, header::CONTENT_TYPE};
use maud::{DOCTYPE, Markup, html};

use crate::{
    Console,
    ask::{sentence, status},
    fields::Visit,
    notices::Notice,
    stack::{Refusal, Spot},
};

impl Console {
    /// Returns a page.
    pub async fn page(&self, visit: &Visit, title: &str, content: &Markup) -> Response {
        self.framed(visit, title, content, None).await.into_response()
    }

    /// Returns a page that reloads itself after `seconds`.
    pub async fn reloading_page(
        &self,
        visit: &Visit,
        title: &str,
        content: &Markup,
        seconds: u32,
    ) -> Response {
        self.framed(visit, title, content, Some(seconds)).await.into_response()
    }

    /// Returns the page that shows why another page cannot be shown.
    pub(crate) async fn refusal(&self, visit: &Visit, error: &Refusal) -> Response {
        let (status, title) = match status(error) {
            StatusCode::NOT_FOUND => (StatusCode::NOT_FOUND, "Not found"),
            StatusCode::BAD_REQUEST => (StatusCode::BAD_REQUEST, "Invalid request"),
            status => (status, "No answer"),
        };
        let content = html! {
            p { (sentence(error)) }
            p { a href="/" { "Home" } }
        };
        (status, self.framed(visit, title, &content, None).await).into_response()
    }

    /// A form that posts to `action`. Every form that changes something is made here.
    pub fn form(&self, class: &str, action: &str, content: &Markup) -> Markup {
        html! { form class=(class) method="post" action=(action) { (content) } }
    }

    async fn framed(
        &self,
        visit: &Visit,
        title: &str,
        content: &Markup,
        reload_after_seconds: Option<u32>,
    ) -> Html<String> {
        let here = visit.address(&[]);
        let notice = visit.notice.as_deref().and_then(|name| self.notices.take(name));
        let navigation = self.stack.addition(Spot::Navigation(visit.path())).await;
        let addition = self.stack.addition(Spot::Header(&here)).await;
        let body = html! {
            a.skip href="#content" { "Skip to content" }
            header {
                nav aria-label="Console" {
                    strong { a href="/" { "spapi-auth" } }
                    (navigation)
                }
                (addition)
            }
            main #content tabindex="-1" {
                @if let Some(notice) = &notice { (outcome(notice)) }
                h1 { (title) }
                (content)
            }
        };
        Html(
            document(&format!("{title} - {}", self.settings.name), &body, reload_after_seconds).into_string(),
        )
    }
}

/// The page at an unknown address.
pub(crate) async fn not_found(State(console): State<Console>, uri: Uri) -> Response {
    let content = html! { p { a href="/" { "Home" } } };
    let page = console.framed(&Visit::of(&uri), "Not found", &content, None).await;
    (StatusCode::NOT_FOUND, page).into_response()
}

/// Returns a page without a frame.
pub(crate) fn bare(title: &str, text: &str) -> Html<String> {
    let body = html! { main { h1 { (title) } p { (text) } } };
    Html(document(title, &body, None).into_string())
}

/// The stylesheet of all pages.
pub(crate) async fn style() -> impl IntoResponse {
    let headers: [(HeaderName, &str); 1] = [(CONTENT_TYPE, "text/css; charset=utf-8")];
    (headers, include_str!("style.css"))
}

/// Returns a table with a caption. It scrolls if it is too wide.
pub fn table(id: &str, caption: &str, columns: &[&str], rows: &Markup) -> Markup {
    let heads = html! { @for column in columns { th scope="col" { (column) } } };
    table_under(id, caption, &heads, rows)
}

/// Returns a table with these header cells.
pub(crate) fn table_under(id: &str, caption: &str, heads: &Markup, rows: &Markup) -> Markup {
    let name = format!("{id}-caption");
    html! {
        div.scroll role="region" aria-labelledby=(name) tabindex="0" {
            table #(id) {
                caption #(name) { (caption) }
                thead { tr { (heads) } }
                tbody { (rows) }
            }
        }
    }
}

/// The links from the home page to this page.
pub(crate) fn trail(steps: &[(&str, &str)]) -> Markup {
    html! {
        nav.trail aria-label="You are here" {
            a href="/" { "Home" }
            @for (path, name) in steps { " › " a href=(path) { bdi { (name) } } }
        }
    }
}

fn document(title: &str, body: &Markup, reload_after_seconds: Option<u32>) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                @if let Some(seconds) = reload_after_seconds { meta http-equiv="refresh" content=(seconds); }
                title { (title) }
                link rel="stylesheet" href="/console/style.css";
            }
            body { (body) }
        }
    }
}

fn outcome(notice: &Notice) -> Markup {
    html! {
        div.notice.bad[!notice.done] role=(if notice.done { "status" } else { "alert" }) {
            p { (notice.text) }
            @if let Some(link) = &notice.link { p { a href=(link) { (link) } } }
        }
    }
}
