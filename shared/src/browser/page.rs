//! The pages that partners see, and the headers of every answer to a browser.

mod language;
mod message;
mod texts;

use std::{fmt::Write as _, sync::LazyLock};

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::STANDARD};
use lambda_http::{
    Body, Response,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};

pub use self::{language::Language, message::Message};
use crate::ids::RequestId;

/// Builds a page: a message in the browser's language, with names, a button or links.
pub struct Page<'a> {
    message: Message,
    language: Language,
    application: Option<&'a str>,
    partner: Option<&'a str>,
    account: Option<&'a str>,
    choices: Vec<Choice>,
    button: Option<Button>,
}

/// A button that posts one hidden field.
pub struct Button {
    /// The path of this service to which it posts.
    pub action: &'static str,
    /// The name of the field.
    pub name: &'static str,
    /// The value of the field.
    pub value: String,
    /// The hosts to which the answer may redirect, as sources of a content security policy.
    pub leads_to: String,
}

/// A link on a page that offers a choice.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The text of the link.
    pub label: Label,
    /// The path of this service to which it leads, with its query.
    pub href: String,
}

/// The text of a link.
#[derive(Clone, Debug)]
pub enum Label {
    /// A name, which is the same in every language.
    Name(String),
    /// Begins the journey again.
    StartAgain,
    /// Goes on without the link that this browser opened.
    WithoutLink,
    /// Goes on to Amazon.
    GoOn,
}

impl Choice {
    /// Returns the link that begins the journey `id` of this browser again: with the same authorization link, or at the same
    /// marketplace. The id is no secret; without the browser's cookie it leads nowhere.
    pub fn start_again(id: &RequestId) -> Self {
        Self { label: Label::StartAgain, href: format!("/authorize?again={id}") }
    }
}

impl<'a> Page<'a> {
    /// Begins a page with `message`, in the language that the browser's `headers` ask for.
    pub fn new(message: Message, headers: &HeaderMap) -> Self {
        let language = Language::wanted_by(headers);
        Self {
            message,
            language,
            application: None,
            partner: None,
            account: None,
            choices: Vec::new(),
            button: None,
        }
    }

    /// Adds the name of the application.
    #[must_use]
    pub fn application(mut self, name: &'a str) -> Self {
        self.application = Some(name);
        self
    }

    /// Adds the id of the partner.
    #[must_use]
    pub fn partner(mut self, id: &'a str) -> Self {
        self.partner = Some(id);
        self
    }

    /// Adds the account of the integrator.
    #[must_use]
    pub fn account(mut self, label: &'a str) -> Self {
        self.account = Some(label);
        self
    }

    /// Adds a button to continue.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.button = Some(button);
        self
    }

    /// Adds a list of links.
    #[must_use]
    pub fn choices(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }

    /// Returns the answer to the browser.
    pub fn response(self) -> Response<Body> {
        let (title, text) = texts::text(self.language, self.message);
        let title = self.plain(title);
        let code = self.message.support_code();
        let markup = html! {
            (DOCTYPE)
            html lang=(self.language.tag()) dir=(self.language.direction()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex";
                    @if self.button.is_some() {
                        // With "no-referrer" the browser would send "null" as the Origin of a form, even to this
                        // service.
                        meta name="referrer" content="same-origin";
                    }
                    @if let Some(seconds) = self.message.reload_after_seconds() {
                        meta http-equiv="refresh" content=(seconds);
                    }
                    title { (title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    main {
                        h1 { (title) }
                        @for paragraph in text.split('\n') { p { (self.named(paragraph)) } }
                        @if !self.choices.is_empty() { (self.list()) }
                        @if let Some(button) = &self.button {
                            form method="post" action=(button.action) {
                                input type="hidden" name=(button.name) value=(button.value);
                                button type="submit" { (texts::go_on(self.language)) }
                            }
                        }
                        @if let Some(code) = code {
                            p.support { (texts::support_code(self.language)) " " code dir="ltr" { (code) } }
                        }
                    }
                }
            }
        };
        let mut response = Response::new(Body::Text(markup.into_string()));
        *response.status_mut() = self.message.status();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        response
            .headers_mut()
            .insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.language.tag()));
        // The runtime reads the message, to count internal errors.
        response.extensions_mut().insert(self.message);
        let mut response = guarded(response);
        if let Some(policy) = self.button.as_ref().and_then(policy_for) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

impl Page<'_> {
    fn list(&self) -> Markup {
        let words = |label: &'_ Label| match label {
            Label::Name(name) => name.clone(),
            Label::StartAgain => texts::start_again(self.language).to_owned(),
            Label::WithoutLink => texts::without_link(self.language).to_owned(),
            Label::GoOn => texts::go_on(self.language).to_owned(),
        };
        html! {
            ul {
                @for choice in &self.choices { li { a href=(choice.href) { (words(&choice.label)) } } }
            }
        }
    }

    /// Returns `text` as markup, with its placeholders replaced. Each name keeps its own writing direction.
    fn named(&self, text: &'static str) -> Markup {
        let mut rest = text;
        let mut markup = html! {};
        while let Some((before, name, after)) = self.next_name(rest) {
            // A paragraph that begins with "the application" begins with a capital letter.
            let name =
                if markup.0.is_empty() && before.is_empty() { capitalized(name) } else { name.to_owned() };
            markup = html! { (markup) (before) bdi { (name) } };
            rest = after;
        }
        html! { (markup) (rest) }
    }

    fn plain(&self, text: &'static str) -> String {
        let mut rest = text;
        let mut plain = String::new();
        while let Some((before, name, after)) = self.next_name(rest) {
            plain = plain + before + name;
            rest = after;
        }
        capitalized(&(plain + rest))
    }

    fn next_name(&self, text: &'static str) -> Option<(&'static str, &str, &'static str)> {
        let (start, end) = (text.find('{')?, text.find('}')?);
        let name = match &text[start..=end] {
            "{application}" => self.application.unwrap_or(texts::the_application(self.language)),
            "{account}" => self.account.unwrap_or("?"),
            _ => self.partner.unwrap_or("?"),
        };
        Some((&text[..start], name, &text[end + 1..]))
    }
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

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

/// Adds the headers of every answer: the answer is not stored, framed or sniffed, and no other site sees it as a
/// referrer.
fn guarded(mut response: Response<Body>) -> Response<Body> {
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

/// The style is the only content that a page loads, and the policy names its hash.
static CONTENT_SECURITY_POLICY: LazyLock<HeaderValue> =
    LazyLock::new(|| HeaderValue::try_from(policy("'none'")).expect("a base64 hash is ASCII"));

/// The policy of a page with a button. Chromium checks every redirect after a form against `form-action`, other
/// browsers do not, so it must name more hosts than this service.
fn policy_for(button: &Button) -> Option<HeaderValue> {
    HeaderValue::try_from(policy(&format!("'self' {}", button.leads_to))).ok()
}

fn policy(form_action: &str) -> String {
    let hash = STANDARD.encode(digest::digest(&digest::SHA256, STYLE.as_bytes()));
    let mut policy = String::from("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
    let _ = write!(policy, "; form-action {form_action}; style-src 'sha256-{hash}'");
    policy
}

const STYLE: &str = "
:root { color-scheme: light dark; font: 1.05rem/1.5 system-ui, sans-serif }
body { display: grid; min-height: 100vh; margin: 0; place-items: center }
main { box-sizing: border-box; max-width: 34rem; padding: 2rem 1.5rem; width: 100% }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem }
p { margin: 0 0 1rem }
li { margin: 0 0 .5rem }
button { border-radius: .4rem; border: 1px solid; cursor: pointer; font: inherit; padding: .6rem 1.2rem }
.support { border-top: 1px solid; font-size: .85rem; margin-top: 2rem; opacity: .75; padding-top: .75rem }
";
