//! One application: what is known of it, its client secret, and its own history.

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

/// Shows it.
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
        p { a href=(grants_path(&application)) { "Its grants" } }
        h2 { "Client secret" }
        p {
            "Amazon sends a new secret through the queue, and the functions take it in; the old one works for seven "
            "days more. The secret is never shown."
        }
        form.row method="post" action=(application_path(&application)) {
            button name="do" value="rotate" { "Press “rotate” in Amazon's portal" }
            button name="do" value="request" { "Have secret-rotation ask Amazon now" }
        }
        h2 { "Access tokens" }
        form.row method="post" action=(application_path(&application)) {
            button.danger name="do" value="invalidate" { "Invalidate the tokens of all grants" }
        }
        h2 { "History of the application" }
        (records(&history, console.clock.now()))
        (next_page(&visit, cursor.as_deref()))
    };
    console.page(&visit, &known.name, &content).await
}

/// Does what one of its buttons says.
pub(super) async fn act(
    State(console): State<Console>,
    Path(application): Path<String>,
    body: Bytes,
) -> Response {
    let form = Fields::of(&body);
    let outcome = match form.text("do") {
        Some("rotate") => console.press_rotate(&application).await,
        Some("request") => console.request_secret(&application).await,
        Some("invalidate") => console.invalidate_all(&application).await,
        _ => Err(no_such_button()),
    };
    console.back(&form, &application_path(&application), outcome)
}

impl Console {
    /// The application of that id.
    pub(super) async fn application(&self, id: &str) -> Result<Application, FunctionError> {
        let all: Vec<Application> =
            self.read(json!({ "operation": "listApplications" }), "applications").await?;
        all.into_iter().find(|application| application.id == id).ok_or_else(|| FunctionError {
            error_type: "UnknownApplication".to_owned(),
            error_message: "this application is not registered".to_owned(),
        })
    }

    /// The page of a history that the visit asks for.
    pub(super) async fn history(
        &self,
        visit: &Visit,
        asked: Value,
    ) -> Result<(Vec<Record>, Option<String>), FunctionError> {
        let from = json!({ "cursor": visit.fields.text("cursor"), "limit": RECORDS });
        self.read_page(with(asked, from), "history").await
    }

    async fn press_rotate(&self, application: &str) -> Result<Notice, FunctionError> {
        // The portal would show the new secret now; here only the queue brings it.
        self.order_control(&format!("rotate/{}", segment(application)), &json!({})).await?;
        let sentence = "Amazon has made a new client secret, and sends it through the queue.";
        Ok(Notice::done(format!("{sentence} Load the page again in a moment to see it taken in.")))
    }

    async fn request_secret(&self, application: &str) -> Result<Notice, FunctionError> {
        let request = json!({ "operation": "rotateClientSecret", "applicationId": application });
        self.order("administration", with(request, by_console())).await?;
        Ok(Notice::done("Amazon was asked for a new client secret, which comes through the queue."))
    }

    async fn invalidate_all(&self, application: &str) -> Result<Notice, FunctionError> {
        let request = json!({ "operation": "invalidateTokens", "applicationId": application });
        let (mut grants, mut cursor) = (0, Value::Null);
        loop {
            let page = with(with(request.clone(), by_console()), json!({ "cursor": cursor }));
            let mut answer = self.order("administration", page).await?;
            grants += answer["invalidated"].as_u64().unwrap_or_default();
            cursor = answer["cursor"].take();
            if cursor.is_null() {
                return Ok(Notice::done(format!(
                    "The kept tokens of {grants} grants are worth nothing now."
                )));
            }
        }
    }
}

/// A history as a table.
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
    let columns = ["When", "Event", "Who", "Why", "Account", "Fingerprint"];
    table("history", "History, newest first", &columns, &rows)
}

/// The way on through pages, and back to the first.
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

/// Enough of a fingerprint to tell it from another.
pub(super) fn shortened(fingerprint: &str) -> &str {
    fingerprint.get(..12).unwrap_or(fingerprint)
}

/// How many records a page has.
const RECORDS: u32 = 20;

fn facts(application: &Application) -> Markup {
    let listed = |texts: &[String]| {
        html! { @if texts.is_empty() { span.quiet { "none" } } (texts.join(", ")) }
    };
    html! {
        dl.facts {
            div { dt { "Application id" } dd { code { (application.id) } } }
            div { dt { "Client id" } dd { code { (application.client_id) } } }
            div { dt { "State" } dd { @if application.draft { "draft" } @else { "published" } } }
            div { dt { "Default region" } dd { (application.default_region) } }
            div {
                dt { "Vendors need version=beta" }
                dd { @if application.vendors_need_beta { "yes" } @else { "no" } }
            }
            div { dt { "Scopes that may be vended" } dd { (listed(&application.scopes)) } }
            div { dt { "Sign-in URL" } dd { (listed(application.sign_in_url.as_slice())) } }
            div { dt { "Return URLs" } dd { (listed(&application.return_urls)) } }
        }
    }
}
