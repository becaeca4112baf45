//! The form that imports one partner's refresh token. The token is in the body of the request and nowhere else: not in an address, a
//! notice, or the form when it is shown again.

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, Uri};
use maud::{Markup, html};
use serde_json::json;

use crate::{
    Console,
    ask::{sentence, with},
    fields::{Fields, Visit, application_path, grant_path, grants_path},
    notices::Notice,
    page::trail,
    stack::{Function, Refusal},
    views::Grant,
};

/// The field of the token. Its value is never shown.
const TOKEN: &str = "refreshToken";

/// How a field is filled in.
enum Kind {
    Line,
    Password,
    /// One of these values, each with its text. An empty value leaves the field out.
    Choice(&'static [(&'static str, &'static str)]),
}

/// The fields of `importGrant`: name, label, what a reader has to know, kind, and whether it must be given.
const FIELDS: [(&str, &str, &str, Kind, bool); 8] = [
    (
        "sellingPartnerId",
        "Partner",
        "Its merchant token, such as A3FHEXAMPLEYWS, or its vendor group code. Amazon does not show whose a token is.",
        Kind::Line,
        true,
    ),
    (
        TOKEN,
        "Refresh token",
        "It begins with Atzr|. It is not shown, and is sent to the function alone.",
        Kind::Password,
        true,
    ),
    (
        "kind",
        "How the token was obtained",
        "",
        Kind::Choice(&[
            ("oauth", "The partner authorized the application: it lapses after 365 days"),
            ("self", "Self-authorized in Amazon's developer console: it does not lapse"),
        ]),
        true,
    ),
    (
        "authorizedAt",
        "When the partner consented",
        "A date such as 2026-06-01, a time such as 2026-06-01T12:00:00Z, or unknown. It may be empty for a self-authorized token.",
        Kind::Line,
        false,
    ),
    (
        "region",
        "Region",
        "",
        Kind::Choice(&[
            ("", "The one that Amazon shows"),
            ("na", "na: North America and Brazil"),
            ("eu", "eu: Europe, the Middle East, Africa and India"),
            ("fe", "fe: Japan, Australia and Singapore"),
        ]),
        false,
    ),
    (
        "marketplaceId",
        "Home marketplace",
        "Its id, such as ATVPDKIKX0DER. It may be empty.",
        Kind::Line,
        false,
    ),
    (
        "partnerType",
        "Type of the partner",
        "",
        Kind::Choice(&[("", "Not known"), ("seller", "Seller"), ("vendor", "Vendor")]),
        false,
    ),
    ("account", "Account of yours to which it is linked", "It may be empty.", Kind::Line, false),
];

/// Shows the form.
pub(crate) async fn show(
    State(console): State<Console>,
    Path(application): Path<String>,
    uri: Uri,
) -> Response {
    page(&console, &Visit::of(&uri), &application, &Fields::default(), None).await
}

/// Imports the token, and leads to the grant.
pub(crate) async fn act(
    State(console): State<Console>,
    Path(application): Path<String>,
    uri: Uri,
    body: Bytes,
) -> Response {
    let mut form = Fields::of(&body);
    let token = form.take(TOKEN);
    let mut request = json!({ "operation": "importGrant", "applicationId": application });
    for (name, ..) in FIELDS {
        request = with(request, json!({ name: form.text(name) }));
    }
    if let Some(day) = form.text("authorizedAt").and_then(midnight) {
        request["authorizedAt"] = json!(day);
    }
    request = with(request, json!({ TOKEN: token }));
    match console.change(Function::Administration, request).await {
        Err(error) => page(&console, &Visit::of(&uri), &application, &form, Some(&error)).await,
        Ok(mut answer) => {
            let done = match answer["outcome"].as_str() {
                Some("present") => "This token was imported before. Nothing was changed.",
                _ => "Imported: Amazon has accepted the refresh token, and access tokens are handed out.",
            };
            let path = match serde_json::from_value::<Grant>(answer["grant"].take()) {
                Ok(grant) => grant_path(&application, &grant.region, &grant.selling_partner_id),
                Err(_) => grants_path(&application),
            };
            console.back(&Fields::default(), &path, Ok(Notice::done(done)))
        }
    }
}

/// The time at which a date begins in UTC, if the text is a date alone.
fn midnight(text: &str) -> Option<String> {
    let is_date = text.len() == "2026-06-01".len() && text.parse::<jiff::civil::Date>().is_ok();
    is_date.then(|| format!("{text}T00:00:00Z"))
}

async fn page(
    console: &Console,
    visit: &Visit,
    application: &str,
    form: &Fields,
    error: Option<&Refusal>,
) -> Response {
    if console.is_read_only() {
        let error = Refusal::new("RequestRefused", "this console changes nothing, so it imports nothing");
        return console.refusal(visit, &error).await;
    }
    let known = match console.application(application).await {
        Ok(known) => known,
        Err(error) => return console.refusal(visit, &error).await,
    };
    let wrong = error.and_then(wrong_field);
    let fields = html! {
        @for (name, label, hint, kind, required) in &FIELDS {
            (input(form, (*name, *label, *hint), kind, *required, wrong.as_ref().filter(|(field, _)| field == name)))
        }
        button { "Import" }
    };
    let content = html! {
        @if let Some(error) = error {
            div.notice.bad role="alert" {
                p { "Not imported: " (sentence(error)) }
                p { "Enter the refresh token again: it is not in this page." }
            }
        }
        (trail(&[(&application_path(&known.id), &known.name)]))
        p {
            "One refresh token, from another system or from a self-authorization. Amazon is asked first, and only a token that it accepts is "
            "stored. Many tokens: " code { "spapi-auth import --file partners.csv" } " on the command line."
        }
        (console.form("fields", visit.path(), &fields))
    };
    let page = console.page(visit, &format!("Import a partner of {}", known.name), &content).await;
    if error.is_some() { (StatusCode::UNPROCESSABLE_ENTITY, page).into_response() } else { page }
}

/// The field that the function refuses, which begins its message, and the rest of the message.
fn wrong_field(error: &Refusal) -> Option<(&str, &str)> {
    let (field, problem) = error.message.split_once(": ").filter(|_| error.kind == "InvalidRequest")?;
    FIELDS.iter().any(|(name, ..)| *name == field).then_some((field, problem))
}

fn input(
    form: &Fields,
    (name, label, hint): (&str, &str, &str),
    kind: &Kind,
    required: bool,
    wrong: Option<&(&str, &str)>,
) -> Markup {
    let given = form.shown(name);
    let (hint_id, wrong_id) = (format!("{name}-hint"), format!("{name}-wrong"));
    let described = [(!hint.is_empty()).then_some(&hint_id), wrong.map(|_| &wrong_id)];
    let described = described.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
    let described = Some(described).filter(|ids| !ids.is_empty());
    let invalid = wrong.map(|_| "true");
    html! {
        div {
            label {
                (label)
                @match kind {
                    Kind::Line => input id=(name) name=(name) value=[given] required[required]
                        aria-describedby=[described] aria-invalid=[invalid];,
                    Kind::Password => input id=(name) name=(name) type="password" autocomplete="off" spellcheck="false"
                        required[required] aria-describedby=[described] aria-invalid=[invalid];,
                    Kind::Choice(choices) => select id=(name) name=(name) aria-describedby=[described] aria-invalid=[invalid] {
                        @for (value, text) in *choices {
                            option value=(value) selected[given == Some(*value)] { (text) }
                        }
                    },
                }
            }
            @if !hint.is_empty() { p.quiet #(hint_id) { (hint) } }
            @if let Some((_, problem)) = wrong { p.wrong #(wrong_id) { (problem) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_shown_at_the_field_that_the_message_names() {
        let wrong = |kind: &str, message: &str| {
            wrong_field(&Refusal::new(kind, message))
                .map(|(field, problem)| (field.to_owned(), problem.to_owned()))
        };
        let expected = ("authorizedAt".to_owned(), "expected a time".to_owned());
        assert_eq!(wrong("InvalidRequest", "authorizedAt: expected a time"), Some(expected));
        assert_eq!(wrong("InvalidRequest", "operation: expected another"), None);
        assert_eq!(wrong("RequestRefused", "region: eu"), None);
    }

    #[test]
    fn a_date_is_its_midnight_and_nothing_else_is_changed() {
        assert_eq!(midnight("2026-06-01").as_deref(), Some("2026-06-01T00:00:00Z"));
        for other in ["unknown", "2026-06-01T12:00:00Z", "2026-13-01", "01.06.2026"] {
            assert_eq!(midnight(other), None, "{other}");
        }
    }
}
