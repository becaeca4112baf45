//! The return URL: the browser is back from Amazon, with the parameters `status` and `result`.

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use http::{HeaderMap, Uri};
use maud::{Markup, html};
use serde_json::json;

use crate::{
    Demo,
    functions::{Function, Refusal},
    grants::Connection,
    page::page,
    tenants::User,
};

/// The path of the return URL.
pub(crate) const PATH: &str = "/amazon/return";

/// The longest parameter that is read, in bytes.
const LONGEST: usize = 256;

/// Completes the authorization for the account of the session, and shows what came of it. `status` is only a hint: anyone can type it
/// into an address. The answer of `completeAuthorization` counts.
pub(crate) async fn returned(
    State(demo): State<Demo>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    let session = demo.sessions.find(&headers);
    let Some((session, user)) = session.and_then(|session| Some((session.clone(), session.user?))) else {
        let path = uri.path_and_query().map_or(PATH, |path| path.as_str());
        return demo.who_is_it(&headers, path);
    };
    let (status, result) = (parameter(&uri, "status"), parameter(&uri, "result"));
    // A browser that began nothing here may have been sent by a stranger. `completeAuthorization` would refuse another account's result, too.
    let outcome = match (&result, demo.sessions.came_back(user)) {
        (_, false) => Outcome::NotBegun,
        (None, true) => Outcome::NoResult,
        (Some(result), true) => Outcome::of(demo.complete(user, result).await),
    };
    let content = html! {
        (outcome.said())
        h2 { "What came with the browser" }
        dl {
            dt { code { "status" } }
            dd { (status.as_deref().unwrap_or("not there")) }
            dt { code { "result" } }
            // It is a secret until it is used, and the page need not show it.
            dd { @if let Some(result) = &result { (result.len()) " characters" } @else { "not there" } }
        }
        p { a href="/" { "Back to the connections" } }
    };
    page(Some(&session), outcome.title(), &content)
}

enum Outcome {
    Completed(Connection),
    Refused(Refusal),
    NoResult,
    NotBegun,
}

impl Outcome {
    fn of(answer: Result<Connection, Refusal>) -> Self {
        answer.map_or_else(Self::Refused, Self::Completed)
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Completed(connection) if connection.is_active() => "Amazon is connected",
            Self::Completed(_) => "Amazon is back, but not connected",
            Self::Refused(_) | Self::NoResult => "Amazon is not connected",
            Self::NotBegun => "Nothing to complete",
        }
    }

    fn said(&self) -> Markup {
        html! {
            @match self {
                Self::Completed(connection) => (connection.facts()),
                Self::Refused(refusal) => p.notice {
                    "The function answered " code { (refusal.kind) } ": " (refusal.message)
                },
                Self::NoResult => p.notice { "The journey brought no authorization. The link still works." },
                Self::NotBegun => p.notice {
                    "No connection of this tenant is under way: it was completed already, or began elsewhere. Nothing was changed."
                },
            }
        }
    }
}

impl Demo {
    async fn complete(&self, user: &User, result: &str) -> Result<Connection, Refusal> {
        let complete =
            json!({"operation": "completeAuthorization", "result": result, "account": user.account});
        let mut answer = self.ask(Function::Authorizations, complete).await?;
        Ok(Connection::of(answer["grant"].take()))
    }
}

/// Returns a parameter of the address, decoded, if it is there once and not too long.
pub(crate) fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    let mut found = form_urlencoded::parse(query.as_bytes()).filter(|(known, _)| known == name);
    let value = found.next().map(|(_, value)| value.into_owned()).filter(|_| found.next().is_none());
    value.filter(|value| !value.is_empty() && value.len() <= LONGEST)
}
