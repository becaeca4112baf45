//! Invokes the functions, and redirects a browser to the page that shows the outcome.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header::LOCATION};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    Console,
    day::Day,
    fields::{Fields, return_path},
    notices::Notice,
    stack::{Function, Pending, Refusal},
};

impl Console {
    /// The time in the stack.
    pub fn now(&self) -> Timestamp {
        self.stack.now()
    }

    /// Invokes `authorizations` and returns one member of its answer.
    pub async fn read<T: DeserializeOwned>(&self, request: Value, member: &str) -> Result<T, Refusal> {
        self.read_page(request, member).await.map(|(answer, _)| answer)
    }

    /// Does the same, and also returns the cursor of the next page.
    pub(crate) async fn read_page<T: DeserializeOwned>(
        &self,
        request: Value,
        member: &str,
    ) -> Result<(T, Option<String>), Refusal> {
        let mut answer = self.look(Function::Authorizations, request).await?;
        let cursor = answer["cursor"].as_str().map(str::to_owned);
        let read = serde_json::from_value(answer[member].take());
        read.map(|read| (read, cursor))
            .map_err(|error| Refusal::new("Console.NotUnderstood", error.to_string()))
    }

    /// Invokes a function for a page, which does not wait for long.
    pub(crate) async fn look(&self, function: Function, request: Value) -> Result<Value, Refusal> {
        self.soon("the function", self.stack.invoke(function, request)).await
    }

    /// Reads what the functions measured, for a page.
    pub(crate) async fn last_day(&self) -> Result<Day, Refusal> {
        self.soon("CloudWatch", self.stack.last_day()).await
    }

    /// Returns the answer of `answering`, if it comes in the time that a page waits.
    async fn soon<T>(&self, answering: &str, answer: Pending<'_, Result<T, Refusal>>) -> Result<T, Refusal> {
        let longest_wait = self.settings.longest_wait;
        tokio::time::timeout(longest_wait, answer).await.unwrap_or_else(|_| {
            let seconds = longest_wait.as_secs();
            let message = format!("{answering} did not answer within {seconds} seconds");
            Err(Refusal::new("Console.NoAnswer", message))
        })
    }

    /// Invokes a function for a command: with the author, and waiting until it is done.
    pub(crate) async fn change(&self, function: Function, request: Value) -> Result<Value, Refusal> {
        // The guard refuses such requests already.
        if self.is_read_only() {
            return Err(Refusal::new("Console.ReadOnly", "this console changes nothing"));
        }
        let outcome = self.stack.invoke(function, with(request, json!({ "by": self.settings.by }))).await;
        self.censuses.forget();
        outcome
    }

    /// Redirects the browser to the page of its form, or to `otherwise`. That page shows the outcome of the command.
    pub fn back(&self, form: &Fields, otherwise: &str, outcome: Result<Notice, Refusal>) -> Response {
        let notice = outcome.unwrap_or_else(|error| Notice::refused(sentence(&error)));
        let name = self.notices.add(notice);
        let back = return_path(form).unwrap_or(otherwise);
        let mark = if back.contains('?') { '&' } else { '?' };
        (StatusCode::SEE_OTHER, [(LOCATION, format!("{back}{mark}notice={name}"))]).into_response()
    }
}

/// The text that the console shows for a failure.
pub(crate) fn sentence(error: &Refusal) -> String {
    format!("{} ({})", error.message, error.kind)
}

/// The HTTP status of a page that this failure replaces.
pub(crate) fn status(error: &Refusal) -> StatusCode {
    match error.kind.as_str() {
        "UnknownApplication" | "UnknownSellingPartner" => StatusCode::NOT_FOUND,
        "InvalidRequest" | "AmbiguousSellingPartner" => StatusCode::BAD_REQUEST,
        "RequestRefused" => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_GATEWAY,
    }
}

/// The failure of a form that no page of the console sends.
pub fn no_such_button() -> Refusal {
    Refusal::new("InvalidRequest", "do: expected one of the page's buttons")
}

/// Adds to `request` the members of `more` that are not null.
#[must_use]
pub fn with(mut request: Value, more: Value) -> Value {
    if let (Value::Object(request), Value::Object(more)) = (&mut request, more) {
        request.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
    }
    request
}
