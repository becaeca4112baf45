//! The frame of every page, and the parts that several have.

use axum::response::{Html, IntoResponse, Redirect, Response};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_TYPE, SET_COOKIE},
};
use maud::{DOCTYPE, Markup, html};

use crate::{
    functions::Refusal,
    session::{FORM_KEY, Session},
};

/// Returns a page for this session, or for a browser of which nothing is known.
pub(crate) fn page(session: Option<&Session>, title: &str, content: &Markup) -> Response {
    let user = session.and_then(|session| session.user);
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " – Demo integrator" }
                link rel="stylesheet" href="/style.css";
            }
            body {
                header {
                    a href="/" { "Demo integrator" }
                    @if let (Some(session), Some(user)) = (session, user) {
                        span { (user.name) " of " (user.tenant) }
                        (form(session, "/sign-out", &html! { button.quiet { "Sign out" } }))
                    }
                }
                main { h1 { (title) } (content) }
            }
        }
    };
    Html(markup.into_string()).into_response()
}

/// Returns a form of this session that posts to `action`.
pub(crate) fn form(session: &Session, action: &str, content: &Markup) -> Markup {
    html! {
        form method="post" action=(action) {
            input type="hidden" name=(FORM_KEY) value=(session.form_key);
            (content)
        }
    }
}

/// Returns a page that says why something was not done.
pub(crate) fn refused(status: StatusCode, session: Option<&Session>, because: &str) -> Response {
    let content = html! { p { (because) } p { a href="/" { "Back to the start" } } };
    (status, page(session, "This was not done", &content)).into_response()
}

/// Returns a page that says what a function answered instead.
pub(crate) fn function_refused(session: Option<&Session>, refusal: &Refusal) -> Response {
    let content = html! {
        p { "The function answered " code { (refusal.kind) } ": " (refusal.message) }
        p { a href="/" { "Back to the start" } }
    };
    (StatusCode::BAD_GATEWAY, page(session, "This was not done", &content)).into_response()
}

/// Returns the answer with the cookie of a session.
pub(crate) fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Answers an address that has no page.
pub(crate) async fn not_found() -> Response {
    refused(StatusCode::NOT_FOUND, None, "There is no such page.")
}

/// Answers with the style of every page.
pub(crate) async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// Redirects after a form, to the address in a function's answer, or shows why there is none.
pub(crate) fn lead(session: &Session, address: Result<String, Refusal>) -> Response {
    match address {
        Ok(address) => Redirect::to(&address).into_response(),
        Err(refusal) => function_refused(Some(session), &refusal),
    }
}

/// The colours have a contrast of at least 4.5 to 1, in light and dark.
const STYLE: &str = "
:root { color-scheme: light dark; font: 1.05rem/1.5 system-ui, sans-serif; --quiet: #57606a; --line: #d0d7de; --link: #0a58ca; --on: #fff }
@media (prefers-color-scheme: dark) { :root { --quiet: #a8b1bb; --line: #454c54; --link: #85b6ff; --on: #06214d } }
body { background: Canvas; color: CanvasText; margin: 0; overflow-wrap: anywhere }
header, main { box-sizing: border-box; margin: 0 auto; max-width: 52rem; padding: 1rem 1.5rem }
header { align-items: flex-start; border-bottom: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: .5rem 1rem }
header a, header span { padding: .55rem 0 }
header a { font-weight: 600; margin-inline-end: auto }
a { color: var(--link) }
h1 { font-size: 1.5rem; line-height: 1.25 }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
section { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0; padding: .25rem 1rem .75rem }
form { display: inline-block; margin: .25rem .5rem .25rem 0 }
header form { margin: 0 }
label { display: block; font-weight: 600 }
dt { color: var(--quiet); font-size: .9rem }
dd { margin: 0 0 .5rem }
button, select { margin: .15rem 0; border: 1px solid var(--link); border-radius: .4rem; cursor: pointer; font: inherit; padding: .5rem 1rem }
button { background: var(--link); color: var(--on); font-weight: 600 }
.hidden { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; width: 1px }
button.quiet { background: Canvas; color: var(--link) }
select { background: Canvas; color: CanvasText; max-width: 100% }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.notice { border-inline-start: .3rem solid var(--link); padding-inline-start: .75rem }
";
