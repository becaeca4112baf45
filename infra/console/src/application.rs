//! The page of one application: its attributes, its client secret, and its own history.

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::Response,
};
use http::Uri;
use maud::{Markup, html};
use serde_json::json;

use crate::{
    Console,
    ask::no_such_button,
    fields::{Fields, Visit, application_path, grants_path},
    findings::examined,
    history::{next_page, records},
    moment::moment,
    notices::Notice,
    page::trail,
    question::{Question, is_sure},
    stack::{Button, Function, Refusal, Spot},
    views::Application,
};

/// Shows the page.
pub(crate) async fn show(
    State(console): State<Console>,
    Path(application): Path<String>,
    uri: Uri,
) -> Response {
    let visit = Visit::of(&uri);
    let page = page(&console, &application, &visit).await;
    console.answer(&visit, page).await
}

async fn page(console: &Console, application: &str, visit: &Visit) -> Result<(String, Markup), Refusal> {
    let known = console.application(application).await?;
    let asked = json!({ "operation": "getHistory", "applicationId": application });
    let (history, cursor) = console.history(visit, asked).await?;
    let path = application_path(application);
    let [state_of_secret, findings] = examined(console, application).await;
    let secret = html! {
        (console.stack.addition(Spot::ApplicationButtons).await)
        button name="do" value="request" { "Request a new secret now" }
    };
    let tokens = html! {
        button.danger name="do" value="invalidate" { "Invalidate the tokens of all grants…" }
        @if known.disabled {
            button name="do" value="enable" { "Start the application again" }
        } @else {
            button.danger name="do" value="disable" { "Stop the application…" }
        }
    };
    let content = html! {
        (trail(&[(&grants_path(application), &known.name)]))
        (facts(console, &known))
        p {
            a href=(grants_path(application)) { "Grants" } ", "
            a href={ (path) "/overview" } { "overview" } ", "
            a href={ (path) "/past" } { "past permissions" }
            @if !console.is_read_only() { ", " a href={ (path) "/edit" } { "edit" } ", " a href={ (path) "/import" } { "import" } }
        }
        h2 { "Findings" }
        (findings)
        h2 { "Client secret" }
        (state_of_secret)
        p {
            "Amazon sends a new secret through the queue, and secret-rotation stores it. The old secret works for seven "
            "more days. The console never shows a secret."
        }
        (console.form("row", &path, &secret))
        @if !console.is_read_only() { h2 { "Access tokens" } }
        (console.form("row", &path, &tokens))
        h2 { "History of the application" }
        (records(&history, console.now()))
        (next_page(visit, cursor.as_deref()))
    };
    Ok((known.name, content))
}

/// Carries out the command of a button.
pub(crate) async fn act(
    State(console): State<Console>,
    Path(application): Path<String>,
    uri: Uri,
    body: Bytes,
) -> Response {
    let form = Fields::of(&body);
    if !is_sure(&form)
        && let Some(question) = console.question(&application, &form).await
    {
        return console.ask(&Visit::of(&uri), &form, &question).await;
    }
    let outcome = console.act_on_application(&application, &form).await;
    console.back(&form, &application_path(&application), outcome)
}

impl Console {
    /// Returns the application with this id.
    pub(crate) async fn application(&self, id: &str) -> Result<Application, Refusal> {
        let all = self.applications().await?;
        all.into_iter()
            .find(|application| application.id == id)
            .ok_or_else(|| Refusal::new("UnknownApplication", "this application is not registered"))
    }

    /// The question before a command that hits every grant of the application.
    async fn question(&self, application: &str, form: &Fields) -> Option<Question> {
        let (title, text, button) = match form.text("do")? {
            "invalidate" => (
                "Invalidate the tokens of all grants?",
                "Every stored access token is worth nothing within a minute, and Amazon is asked for each again.",
                "Invalidate all tokens",
            ),
            "disable" => (
                "Stop the application?",
                "Within a minute no function hands out or refreshes an access token of it, until it is started again.",
                "Stop the application",
            ),
            _ => return None,
        };
        let whose = match self.census(application, false).await {
            Ok(census) if census.is_complete => format!(" {} grants", census.grants.len()),
            _ => " all its grants".to_owned(),
        };
        Some(Question { title: title.to_owned(), text: format!("{text} This hits{whose}."), button })
    }

    async fn act_on_application(&self, application: &str, form: &Fields) -> Result<Notice, Refusal> {
        let pressed = form.text("do").unwrap_or_default();
        let (operation, done) = match pressed {
            "request" => (
                "rotateClientSecret",
                "A new client secret was requested. Amazon sends it through the queue.",
            ),
            "invalidate" => {
                ("invalidateTokens", "Every stored access token of the application was invalidated.")
            }
            "disable" => (
                "disableApplication",
                "The application was stopped. No access token of it is handed out or refreshed.",
            ),
            "enable" => ("enableApplication", "The application was started again."),
            other => {
                let pressed = self.stack.press(Button::Application(other, application)).await;
                return pressed.unwrap_or_else(|| Err(no_such_button()));
            }
        };
        let request = json!({ "operation": operation, "applicationId": application });
        self.change(Function::Administration, request).await?;
        Ok(Notice::done(done))
    }
}

fn facts(console: &Console, application: &Application) -> Markup {
    let listed = |texts: &[String]| {
        html! { @if texts.is_empty() { span.quiet { "none" } } (texts.join(", ")) }
    };
    html! {
        dl.facts {
            div { dt { "Application id" } dd { code { (application.id) } } }
            div { dt { "Client id" } dd { code { (application.client_id) } } }
            div { dt { "State" } dd { (application.state()) } }
            div { dt { "Default region" } dd { (application.default_region) } }
            div {
                dt { "Vendors need version=beta" }
                dd { @if application.vendors_need_beta { "yes" } @else { "no" } }
            }
            div { dt { "Scopes that may be vended" } dd { (listed(&application.scopes)) } }
            div { dt { "Sign-in URL" } dd { (listed(application.sign_in_url.as_slice())) } }
            div { dt { "Return URLs" } dd { (listed(&application.return_urls)) } }
            @if let Some(at) = application.not_before {
                div { dt { "Access tokens valid from" } dd { (moment(at, console.now())) } }
            }
            @if let Some(at) = application.roles_changed_at {
                div { dt { "Roles changed" } dd { (moment(at, console.now())) } }
            }
            div { dt { "Company" } dd { (listed(application.company.as_slice())) } }
            div { dt { "Support URL" } dd { (listed(application.support_url.as_slice())) } }
            div { dt { "Home URL" } dd { (listed(application.home_url.as_slice())) } }
            div { dt { "Language of pages" } dd { (listed(application.language.as_slice())) } }
            div { dt { "Logo" } dd { @if application.logo.is_some() { "given" } @else { (listed(&[])) } } }
        }
    }
}
