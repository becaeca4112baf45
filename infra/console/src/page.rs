//! The frame of every page: navigation, what the stack adds, and the outcome of the last command.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use http::{HeaderName, StatusCode, Uri, header::CONTENT_TYPE};
use maud::{DOCTYPE, Markup, html};

use crate::{
    Console,
    access::FORM_KEY,
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

    /// Returns the page with this title and content, or the page that shows why it cannot be shown.
    pub(crate) async fn answer(&self, visit: &Visit, page: Result<(String, Markup), Refusal>) -> Response {
        match page {
            Ok((title, content)) => self.page(visit, &title, &content).await,
            Err(error) => self.refusal(visit, &error).await,
        }
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
            StatusCode::FORBIDDEN => (StatusCode::FORBIDDEN, "Not allowed"),
            status => (status, "No answer"),
        };
        let content = html! {
            p { (sentence(error)) }
            p { a href="/" { "Home" } }
        };
        (status, self.framed(visit, title, &content, None).await).into_response()
    }

    /// A form that posts to `action`, with the secret of this run; nothing if the pages are read-only. Every form that changes
    /// something is made here.
    pub fn form(&self, class: &str, action: &str, content: &Markup) -> Markup {
        if self.settings.read_only {
            return Markup::default();
        }
        html! {
            form class=(class) method="post" action=(action) {
                @if let Some(key) = self.settings.access.form_key() {
                    input type="hidden" name=(FORM_KEY) value=(key);
                }
                (content)
            }
        }
    }

    /// Whether the pages have no buttons.
    pub(crate) fn is_read_only(&self) -> bool {
        self.settings.read_only
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
                    @for (path, name) in [("/console/consumers", "Consumers"), ("/console/last-day", "Last 24 hours")] {
                        a href=(path) aria-current=[(visit.path() == path).then_some("page")] { (name) }
                    }
                    (navigation)
                }
                (addition)
                @if let Some(place) = &self.settings.place {
                    p.place {
                        bdi { (place) }
                        @if self.settings.read_only { ". " strong { "Read-only" } }
                    }
                }
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

/// The page of a browser that has no key.
pub(crate) fn without_key() -> Html<String> {
    let body = html! {
        main {
            h1 { "This console needs its key" }
            p {
                "Open the address that " code { "spapi-auth console" } " has printed. It works once, in one browser. If it was used "
                "already, end the console with Ctrl-C and start it again."
            }
            // A browser that comes from another site's link sends its cookie only from here.
            p { "Was the console open in this browser before? " a href="/" { "Go on" } }
        }
    };
    Html(document("This console needs its key", &body, None).into_string())
}

/// The path of the stylesheet.
pub(crate) const STYLE: &str = "/console/style.css";

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
                link rel="stylesheet" href=(STYLE);
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
