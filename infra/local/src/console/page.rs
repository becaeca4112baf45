//! The frame of every page: navigation, clock, active faults, and the outcome of the last command.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use http::{HeaderName, StatusCode, Uri, header::CONTENT_TYPE};
use maud::{DOCTYPE, Markup, html};
use serde_json::Value;

use crate::{
    console::{
        Console,
        ask::{sentence, status},
        clock::STEPS,
        fields::Visit,
        notices::Notice,
    },
    functions::FunctionError,
};

impl Console {
    /// Returns a page.
    pub(super) async fn page(&self, visit: &Visit, title: &str, content: &Markup) -> Response {
        self.framed(visit, title, content, None).await.into_response()
    }

    /// Returns a page that reloads itself after `seconds`.
    pub(super) async fn reloading_page(
        &self,
        visit: &Visit,
        title: &str,
        content: &Markup,
        seconds: u32,
    ) -> Response {
        self.framed(visit, title, content, Some(seconds)).await.into_response()
    }

    /// Returns the page that shows why another page cannot be shown.
    pub(super) async fn refusal(&self, visit: &Visit, error: &FunctionError) -> Response {
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

    async fn framed(
        &self,
        visit: &Visit,
        title: &str,
        content: &Markup,
        reload_after_seconds: Option<u32>,
    ) -> Html<String> {
        let here = visit.address(&[]);
        let notice = visit.notice.as_deref().and_then(|name| self.notices.take(name));
        let faults = self.control("faults").await.unwrap_or_default();
        let body = html! {
            a.skip href="#content" { "Skip to content" }
            header {
                nav aria-label="Console" {
                    strong { a href="/" { "spapi-auth" } }
                    @for (path, name) in [("/console/events", "Events"), ("/console/faults", "Break Amazon")] {
                        a href=(path) aria-current=[(visit.path() == path).then_some("page")] { (name) }
                    }
                    a href={ "http://127.0.0.1:" (self.ports.amazon) "/" } { "Simulated Amazon" }
                }
                form.clock method="post" action="/console/clock" aria-label="Clock" {
                    input type="hidden" name="back" value=(here);
                    span { "Clock: " time { (self.clock.now().strftime("%F %T UTC")) } }
                    @for (seconds, name, whole) in STEPS {
                        button name="seconds" value=(seconds) aria-label={ "Advance the clock by " (whole) } {
                            "+ " (name)
                        }
                    }
                }
                @for order in faults.as_array().into_iter().flatten() { (broken(order)) }
            }
            main #content tabindex="-1" {
                @if let Some(notice) = &notice { (outcome(notice)) }
                h1 { (title) }
                (content)
            }
        };
        Html(document(title, &body, reload_after_seconds).into_string())
    }
}

/// The page at an unknown address.
pub(super) async fn not_found(State(console): State<Console>, uri: Uri) -> Response {
    let content = html! { p { a href="/" { "Home" } } };
    let page = console.framed(&Visit::of(&uri), "Not found", &content, None).await;
    (StatusCode::NOT_FOUND, page).into_response()
}

/// Returns a page without a frame.
pub(super) fn bare(title: &str, text: &str) -> Html<String> {
    let body = html! { main { h1 { (title) } p { (text) } } };
    Html(document(title, &body, None).into_string())
}

/// The stylesheet of all pages.
pub(super) async fn style() -> impl IntoResponse {
    let headers: [(HeaderName, &str); 1] = [(CONTENT_TYPE, "text/css; charset=utf-8")];
    (headers, include_str!("style.css"))
}

/// Returns a table with a caption. It scrolls if it is too wide.
pub(super) fn table(id: &str, caption: &str, columns: &[&str], rows: &Markup) -> Markup {
    let name = format!("{id}-caption");
    html! {
        div.scroll role="region" aria-labelledby=(name) tabindex="0" {
            table #(id) {
                caption #(name) { (caption) }
                thead { tr { @for column in columns { th scope="col" { (column) } } } }
                tbody { (rows) }
            }
        }
    }
}

/// The links from the home page to this page.
pub(super) fn trail(steps: &[(&str, &str)]) -> Markup {
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
                title { (title) " - local stack" }
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

fn broken(order: &Value) -> Markup {
    let text = |member: &str| order[member].as_str().unwrap_or_default().to_owned();
    html! {
        p.broken {
            strong { "Broken: " } (text("endpoint")) ", " code { (text("fault")) } " "
            a href="/console/faults" { "repair" }
        }
    }
}
