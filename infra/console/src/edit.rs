//! The forms that register an application and edit one.

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, Uri};
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{
    Console,
    ask::sentence,
    fields::{Fields, Visit, application_path},
    notices::Notice,
    page::trail,
    question::{Question, is_sure},
    stack::{Function, Refusal},
    views::Application,
};

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    Line,
    /// Several texts, one on each line.
    Lines,
    Flag,
    Region,
}

/// The fields of an application that both forms have: name in a request, label, kind, and whether it must be given.
const FIELDS: [(&str, &str, Kind, bool); 10] = [
    ("name", "Name, which partners see", Kind::Line, true),
    ("defaultRegion", "Region of a grant for which Amazon shows none", Kind::Region, true),
    ("draft", "Draft: Amazon has not published it", Kind::Flag, false),
    ("vendorsNeedBeta", "Vendor Central needs version=beta", Kind::Flag, false),
    ("scopes", "Scopes whose tokens may be vended, one on each line", Kind::Lines, false),
    ("signInUrl", "Sign-in URL", Kind::Line, false),
    ("returnUrls", "Return URLs, one on each line", Kind::Lines, false),
    ("company", "Company", Kind::Line, false),
    ("supportUrl", "Support URL (https: or mailto:)", Kind::Line, false),
    ("homeUrl", "Home URL", Kind::Line, false),
];

/// The fields that only an edit has: they are given once the application is there.
const LATER: [(&str, &str, Kind, bool); 2] = [
    ("language", "Language of pages, such as de", Kind::Line, false),
    (
        "rolesChangedAt",
        "When its roles changed at Amazon: now, or a time such as 2026-11-21T12:00:00Z",
        Kind::Line,
        false,
    ),
];

/// Shows the form of a new application.
pub(crate) async fn blank(State(console): State<Console>, uri: Uri) -> Response {
    page_of_new(&console, &Visit::of(&uri), &Fields::default(), None).await
}

/// Registers an application.
pub(crate) async fn register(State(console): State<Console>, uri: Uri, body: Bytes) -> Response {
    let form = Fields::of(&body);
    let mut request = json!({ "operation": "registerApplication" });
    request["applicationId"] = json!(form.text("applicationId").unwrap_or_default());
    request["clientId"] = json!(form.text("clientId").unwrap_or_default());
    for (name, _, kind, _) in FIELDS {
        let value = value(&form, name, kind);
        // What is not given is left out of a registration.
        if !value.is_null() {
            request[name] = value;
        }
    }
    match console.change(Function::Administration, request).await {
        Err(error) => page_of_new(&console, &Visit::of(&uri), &form, Some(&error)).await,
        Ok(answer) => {
            let text = |member: &str| answer[member].as_str().unwrap_or_default();
            let done = format!(
                "Registered. Enter both URIs at Amazon exactly: OAuth Login URI {}, OAuth Redirect URI {}. Then store the client \
                 secret with spapi-auth secret set.",
                text("loginUri"),
                text("redirectUri")
            );
            let path = application_path(form.text("applicationId").unwrap_or_default());
            console.back(&Fields::default(), &path, Ok(Notice::done(done)))
        }
    }
}

/// Shows the form of an application.
pub(crate) async fn show(
    State(console): State<Console>,
    Path(application): Path<String>,
    uri: Uri,
) -> Response {
    let visit = Visit::of(&uri);
    match console.application(&application).await {
        Ok(known) => page_of_known(&console, &visit, &known, &fields_of(&known), None).await,
        Err(error) => console.refusal(&visit, &error).await,
    }
}

/// Changes the fields that differ from those that the form was shown with, so that a change by another stays.
pub(crate) async fn act(
    State(console): State<Console>,
    Path(application): Path<String>,
    uri: Uri,
    body: Bytes,
) -> Response {
    let (visit, form) = (Visit::of(&uri), Fields::of(&body));
    let known = match console.application(&application).await {
        Ok(known) => known,
        Err(error) => return console.refusal(&visit, &error).await,
    };
    let mut request = json!({ "operation": "updateApplication", "applicationId": application });
    let mut changed = 0;
    for (name, _, kind, _) in FIELDS.into_iter().chain(LATER) {
        if form.text(name) == form.text(&format!("was-{name}")) {
            continue;
        }
        changed += 1;
        request[name] = match value(&form, name, kind) {
            Value::String(text) if name == "rolesChangedAt" && text == "now" => {
                json!(console.now().strftime("%FT%TZ").to_string())
            }
            Value::Null if kind == Kind::Lines => json!([]),
            value => value,
        };
    }
    let path = application_path(&application);
    if changed == 0 {
        return console.back(&Fields::default(), &path, Ok(Notice::done("Nothing was changed.")));
    }
    if request.get("rolesChangedAt").is_some_and(Value::is_string) && !is_sure(&form) {
        let question = Question {
            title: "Mark the grants that were authorized before?".to_owned(),
            text: "Every grant that was authorized before this time is marked, and an event asks for the renewal of each active one."
                .to_owned(),
            button: "Mark them",
        };
        return console.ask(&visit, &form, &question).await;
    }
    match console.change(Function::Administration, request).await {
        Ok(_) => {
            let done = "Changed. Every function knows it within a minute.";
            console.back(&Fields::default(), &path, Ok(Notice::done(done)))
        }
        Err(error) => page_of_known(&console, &visit, &known, &form, Some(&error)).await,
    }
}

/// The value of a field in a request. Null if it is empty.
fn value(form: &Fields, name: &str, kind: Kind) -> Value {
    match (kind, form.text(name)) {
        (Kind::Flag, text) => json!(text.is_some()),
        (_, None) => Value::Null,
        (Kind::Lines, Some(text)) => {
            let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            json!(lines)
        }
        (Kind::Line | Kind::Region, Some(text)) => json!(text),
    }
}

/// The fields of an application as its form has them, each also as it was.
fn fields_of(known: &Application) -> Fields {
    let flag = |is: bool| if is { "yes".to_owned() } else { String::new() };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let values = [
        ("name", known.name.clone()),
        ("defaultRegion", known.default_region.clone()),
        ("draft", flag(known.draft)),
        ("vendorsNeedBeta", flag(known.vendors_need_beta)),
        ("scopes", known.scopes.join("\r\n")),
        ("signInUrl", text(&known.sign_in_url)),
        ("returnUrls", known.return_urls.join("\r\n")),
        ("company", text(&known.company)),
        ("supportUrl", text(&known.support_url)),
        ("homeUrl", text(&known.home_url)),
        ("language", text(&known.language)),
        ("rolesChangedAt", known.roles_changed_at.map(|at| at.to_string()).unwrap_or_default()),
    ];
    Fields::from_pairs(
        values
            .into_iter()
            .flat_map(|(name, value)| [(name.to_owned(), value.clone()), (format!("was-{name}"), value)]),
    )
}

async fn page_of_new(console: &Console, visit: &Visit, form: &Fields, error: Option<&Refusal>) -> Response {
    let fields = html! {
        (input(form, "applicationId", "Application id (amzn1.sp.solution.…)", Kind::Line, true))
        (input(form, "clientId", "Client id (amzn1.application-oa2-client.…)", Kind::Line, true))
        @for (name, label, kind, required) in FIELDS { (input(form, name, label, kind, required)) }
        button { "Register" }
    };
    let content = html! { (trail(&[])) (console.form("fields", visit.path(), &fields)) };
    answer(console, visit, "Register an application", &content, error).await
}

async fn page_of_known(
    console: &Console,
    visit: &Visit,
    known: &Application,
    form: &Fields,
    error: Option<&Refusal>,
) -> Response {
    let fields = html! {
        @for (name, label, kind, required) in FIELDS.into_iter().chain(LATER) {
            (input(form, name, label, kind, required))
            @if let Some(was) = form.text(&format!("was-{name}")) {
                input type="hidden" name={ "was-" (name) } value=(was);
            }
        }
        button { "Save" }
    };
    let content = html! {
        (trail(&[(&application_path(&known.id), &known.name)]))
        p { "The client id never changes. A logo is set with " code { "spapi-auth applications update --logo" } "." }
        (console.form("fields", visit.path(), &fields))
    };
    answer(console, visit, &format!("Edit {}", known.name), &content, error).await
}

/// The page, or the page with what is wrong with the form.
async fn answer(
    console: &Console,
    visit: &Visit,
    title: &str,
    content: &Markup,
    error: Option<&Refusal>,
) -> Response {
    let Some(error) = error else { return console.page(visit, title, content).await };
    let content = html! { div.notice.bad role="alert" { p { (sentence(error)) } } (content) };
    let page = console.page(visit, title, &content).await;
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

fn input(form: &Fields, name: &str, label: &str, kind: Kind, required: bool) -> Markup {
    let given = form.shown(name);
    html! {
        @match kind {
            Kind::Line => label { (label) input name=(name) value=[given] required[required]; },
            Kind::Lines => label { (label) textarea name=(name) rows="3" { (given.unwrap_or_default()) } },
            Kind::Flag => label { input type="checkbox" name=(name) value="yes" checked[given.is_some()]; " " (label) },
            Kind::Region => label {
                (label)
                select name=(name) {
                    @for region in ["na", "eu", "fe"] { option value=(region) selected[given == Some(region)] { (region) } }
                }
            },
        }
    }
}
