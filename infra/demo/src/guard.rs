//! What stands before every page: the headers of each answer, and the proof that a form is of the session that sends it.

use std::collections::BTreeMap;

use axum::{
    body::{self, Body},
    extract::{FromRequest, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
};

use crate::{
    Demo, page,
    session::{FORM_KEY, Session},
    tenants::User,
};

/// The largest form in bytes.
const LARGEST_FORM: usize = 16 * 1024;

/// A form that a page of this website has sent, and its session.
pub(crate) struct Form {
    pub(crate) headers: HeaderMap,
    pub(crate) session: Session,
    fields: BTreeMap<String, String>,
}

/// A form that a user has sent who has signed in.
pub(crate) struct UserForm {
    pub(crate) user: &'static User,
    pub(crate) form: Form,
}

impl Form {
    /// Returns a field, or nothing if it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.fields.get(name).map(String::as_str).unwrap_or_default()
    }
}

impl FromRequest<Demo> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, demo: &Demo) -> Result<Self, Response> {
        let refused = |because: &str| page::refused(StatusCode::FORBIDDEN, None, because);
        let (parts, body) = request.into_parts();
        let body = body::to_bytes(body, LARGEST_FORM).await.map_err(|_| refused("The form is too large."))?;
        let fields = form_urlencoded::parse(&body).into_owned().collect();
        let session = demo.sessions.find(&parts.headers);
        let session =
            session.ok_or_else(|| refused("The session has ended. Go back and reload the page."))?;
        let form = Self { headers: parts.headers, session, fields };
        if !form.session.sent(form.text(FORM_KEY)) {
            return Err(refused("No page of this session has sent this form. Go back and reload the page."));
        }
        Ok(form)
    }
}

impl FromRequest<Demo> for UserForm {
    type Rejection = Response;

    async fn from_request(request: Request, demo: &Demo) -> Result<Self, Response> {
        let form = Form::from_request(request, demo).await?;
        match form.session.user {
            Some(user) => Ok(Self { user, form }),
            None => Err(page::refused(StatusCode::FORBIDDEN, None, "Sign in first.")),
        }
    }
}

/// Adds the headers to every answer.
pub(crate) async fn guard(State(demo): State<Demo>, request: Request<Body>, next: Next) -> Response {
    let mut response = next.run(request).await.into_response();
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Chromium holds each redirect after a form against `form-action`. Forms of this website lead to the functions, and the one after the
    // sign-in on to Amazon and back.
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action 'self' {} {}; base-uri 'none'; frame-ancestors 'none'",
        demo.settings.bundle, demo.settings.amazon
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Addresses of this website hold results and requests. So they are neither stored nor sent on as a referrer.
const HEADERS: [(HeaderName, &str); 4] = [
    (CACHE_CONTROL, "no-store"),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
];
