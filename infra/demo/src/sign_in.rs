//! The pretended sign-in. A real one asks for a password or a passkey; the rest is as it should be.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, StatusCode};
use maud::html;

use crate::{
    Demo,
    guard::Form,
    page::{form, page, refused, with_cookie},
    session::Session,
    tenants::{USERS, User},
};

impl Demo {
    /// Returns the session of a browser, with the cookie of a new one where it had none.
    pub(crate) fn met(&self, headers: &HeaderMap) -> (Session, Option<String>) {
        if let Some(session) = self.sessions.find(headers) {
            return (session, None);
        }
        let (session, cookie) = self.sessions.begin(headers, None);
        (session, Some(cookie))
    }

    /// Returns the page that asks who it is, before the page at `then`, a path of this website with its query.
    pub(crate) fn who_is_it(&self, headers: &HeaderMap, then: &str) -> Response {
        let (session, cookie) = self.met(headers);
        let buttons = html! {
            input type="hidden" name="then" value=(then);
            @for user in &USERS {
                p { button name="user" value=(user.id) { "Sign in as " (user.name) " of " (user.tenant) } }
            }
        };
        let content = html! {
            p { "This website plays an integrator: a service that its users connect with their Amazon accounts. Its users need no password." }
            (form(&session, "/sign-in", &buttons))
        };
        let response = page(Some(&session), "Sign in", &content);
        match cookie {
            Some(cookie) => with_cookie(response, &cookie),
            None => response,
        }
    }
}

/// Signs the user in, and goes on to the page that the browser wanted.
pub(crate) async fn sign_in(State(demo): State<Demo>, form: Form) -> Response {
    let Some(user) = User::of(form.text("user")) else {
        return refused(StatusCode::BAD_REQUEST, Some(&form.session), "There is no such user.");
    };
    let (_, cookie) = demo.sessions.begin(&form.headers, Some(user));
    with_cookie(Redirect::to(own_path(form.text("then"))).into_response(), &cookie)
}

/// Ends the session.
pub(crate) async fn sign_out(State(demo): State<Demo>, form: Form) -> Response {
    let (_, cookie) = demo.sessions.begin(&form.headers, None);
    with_cookie(Redirect::to("/").into_response(), &cookie)
}

/// Returns the path if it is one of this website, else that of the first page. A path such as `//evil.example` would lead elsewhere.
fn own_path(path: &str) -> &str {
    let is_own = path.starts_with("/amazon/") && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if is_own { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_sign_in_a_browser_stays_on_this_website() {
        let good = "/amazon/sign-in?request=TkifMCCn";
        assert_eq!(own_path(good), good);
        for hostile in
            ["", "//evil.example", "/\\evil.example", "https://evil.example/", "amazon/", "/amazon/\r\nX: y"]
        {
            assert_eq!(own_path(hostile), "/", "{hostile}");
        }
    }
}
