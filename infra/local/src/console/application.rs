//! The page of one application: its attributes, its client secret, and its own history.

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::Response,
};
use http::Uri;
use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{
    console::{
        Console,
        ask::{by_console, no_such_button, with},
        fields::{Fields, Visit, application_path, grants_path, segment},
        moment::moment,
        notices::Notice,
        page::{table, trail},
        views::{Application, Record},
    },
    functions::FunctionError,
};

/// Shows the page.
pub(super) async fn show(
    State(console): State<Console>,
    Path(application): Path<String>,
    uri: Uri,
) -> Response {
    let visit = Visit::of(&uri);
    let known = match console.application(&application).await {
        Ok(known) => known,
        Err(error) => return console.refusal(&visit, &error).await,
    };
    let asked = json!({ "operation": "getHistory", "applicationId": application });
    let (history, cursor) = match console.history(&visit, asked).await {
        Ok(page) => page,
        Err(error) => return console.refusal(&visit, &error).await,
    };
    let content = html! {
        (trail(&[(&grants_path(&application), &known.name)]))
        (facts(&known))
        p { a href=(grants_path(&application)) { "Grants" } }
        h2 { "Client secret" }
        p {
            "Amazon sends a new secret through the queue, and secret-rotation stores it. The old secret works for seven "
            "more days. The console never shows a secret."
        }
        form.row method="post" action=(application_path(&application)) {
            button name="do" value="rotate" { "Rotate in Amazon's portal" }
            button name="do" value="request" { "Request a new secret now" }
        }
        h2 { "Access tokens" }
        form.row method="post" action=(application_path(&application)) {
            button.danger name="do" value="invalidate" { "Invalidate the tokens of all grants" }
            @if known.disabled {
                button name="do" value="enable" { "Start the application again" }
            } @else {
                button.danger name="do" value="disable" { "Stop the application" }
            }
        }
        h2 { "History of the application" }
        (records(&history, console.clock.now()))
        (next_page(&visit, cursor.as_deref()))
    };
    console.page(&visit, &known.name, &content).await
}

/// Carries out the command of a button.
pub(super) async fn act(
    State(console): State<Console>,
    Path(application): Path<String>,
    body: Bytes,
) -> Response {
    let form = Fields::of(&body);
    let outcome = match form.text("do") {
        Some("rotate") => console.press_rotate(&application).await,
        Some("request") => console.request_secret(&application).await,
        Some("invalidate") => {
            let done = "Every stored access token of the application was invalidated.";
            console.emergency("invalidateTokens", &application, done).await
        }
        Some("disable") => {
            let done = "The application was stopped. No access token of it is handed out or refreshed.";
            console.emergency("disableApplication", &application, done).await
        }
        Some("enable") => {
            console.emergency("enableApplication", &application, "The application was started again.").await
        }
        _ => Err(no_such_button()),
    };
    console.back(&form, &application_path(&application), outcome)
}

impl Console {
    /// Returns the application with this id.
    pub(super) async fn application(&self, id: &str) -> Result<Application, FunctionError> {
        let all: Vec<Application> =
            self.read(json!({ "operation": "listApplications" }), "applications").await?;
        all.into_iter().find(|application| application.id == id).ok_or_else(|| FunctionError {
            error_type: "UnknownApplication".to_owned(),
            error_message: "this application is not registered".to_owned(),
        })
    }

    /// Returns the page of a history that the visit asks for.
    pub(super) async fn history(
        &self,
        visit: &Visit,
        asked: Value,
    ) -> Result<(Vec<Record>, Option<String>), FunctionError> {
        let from = json!({ "cursor": visit.fields.text("cursor"), "limit": RECORDS });
        self.read_page(with(asked, from), "history").await
    }

    async fn press_rotate(&self, application: &str) -> Result<Notice, FunctionError> {
        // Amazon's portal shows the new secret now. Here it arrives only through the queue.
        self.post_control(&format!("rotate/{}", segment(application)), &json!({})).await?;
        Ok(Notice::done(
            "Amazon has issued a new client secret and sends it through the queue. Reload this page in a few seconds to see \
             its rotation in the history.",
        ))
    }

    async fn request_secret(&self, application: &str) -> Result<Notice, FunctionError> {
        // The queue of the local stack is subscribed from the start, so no secret is lost.
        let request =
            json!({ "operation": "rotateClientSecret", "applicationId": application, "insist": true });
        self.invoke("administration", with(request, by_console())).await?;
        Ok(Notice::done("A new client secret was requested. Amazon sends it through the queue."))
    }

    async fn emergency(
        &self,
        operation: &str,
        application: &str,
        done: &'static str,
    ) -> Result<Notice, FunctionError> {
        let request = json!({ "operation": operation, "applicationId": application });
        self.invoke("administration", with(request, by_console())).await?;
        Ok(Notice::done(done))
    }
}

/// A table of history records.
pub(super) fn records(history: &[Record], now: Timestamp) -> Markup {
    if history.is_empty() {
        return html! { p.quiet { "Nothing yet." } };
    }
    let rows = html! {
        @for record in history {
            tr {
                td { (moment(record.at, now)) }
                th scope="row" { (record.event) }
                td { (record.actor) @if !record.by.is_empty() { ": " bdi { (record.by) } } }
                td { bdi { (record.reason) } }
                td.id { bdi { (record.account) } }
                td { code { (shortened(&record.fingerprint)) } }
            }
        }
    };
    let columns = ["Time", "Event", "Actor", "Reason", "Account", "Fingerprint"];
    table("history", "History, newest first", &columns, &rows)
}

/// The links to the next page and to the first.
pub(super) fn next_page(visit: &Visit, cursor: Option<&str>) -> Markup {
    let rest = visit.without("cursor");
    html! {
        @if visit.fields.text("cursor").is_some() || cursor.is_some() {
            nav aria-label="Pages" {
                @if visit.fields.text("cursor").is_some() { a href=(rest.address(&[])) { "First page" } }
                @if let Some(cursor) = cursor {
                    a rel="next" href=(rest.address(&[("cursor", cursor)])) { "Next page" }
                }
            }
        }
    }
}

/// The first digits of a fingerprint, enough to recognize it.
pub(super) fn shortened(fingerprint: &str) -> &str {
    fingerprint.get(..12).unwrap_or(fingerprint)
}

/// The number of records on a page.
const RECORDS: u32 = 20;

fn facts(application: &Application) -> Markup {
    let listed = |texts: &[String]| {
        html! { @if texts.is_empty() { span.quiet { "none" } } (texts.join(", ")) }
    };
    html! {
        dl.facts {
            div { dt { "Application id" } dd { code { (application.id) } } }
            div { dt { "Client id" } dd { code { (application.client_id) } } }
            div { dt { "State" } dd { @if application.disabled { "disabled, " } @if application.draft { "draft" } @else { "published" } } }
            div { dt { "Default region" } dd { (application.default_region) } }
            div {
                dt { "Vendors need version=beta" }
                dd { @if application.vendors_need_beta { "yes" } @else { "no" } }
            }
            div { dt { "Scopes that may be vended" } dd { (listed(&application.scopes)) } }
            div { dt { "Sign-in URL" } dd { (listed(application.sign_in_url.as_slice())) } }
            div { dt { "Return URLs" } dd { (listed(&application.return_urls)) } }
            @if let Some(at) = application.not_before {
                div { dt { "Access tokens valid from" } dd { (at) } }
            }
            div { dt { "Company" } dd { (listed(application.company.as_slice())) } }
            div { dt { "Support URL" } dd { (listed(application.support_url.as_slice())) } }
            div { dt { "Home URL" } dd { (listed(application.home_url.as_slice())) } }
            div { dt { "Language of pages" } dd { (listed(application.language.as_slice())) } }
            div { dt { "Logo" } dd { @if application.logo.is_some() { "given" } @else { (listed(&[])) } } }
        }
    }
}
