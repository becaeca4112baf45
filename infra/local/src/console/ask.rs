//! Calls the functions and the controls in this process, and shows their answers.

use std::time::Duration;

use axum::{
    body::{self, Body},
    response::{IntoResponse, Response},
};
use http::{Method, Request, StatusCode, header::LOCATION};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{
    console::{
        Console,
        fields::{Fields, return_path},
        notices::Notice,
    },
    functions::FunctionError,
};

/// The time that a page waits for a function, which a fault may block. A command waits without a limit.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The largest answer of a control in bytes.
const LARGEST_ANSWER: usize = 1024 * 1024;

impl Console {
    /// Calls `authorizations` and returns one member of its answer.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        request: Value,
        member: &str,
    ) -> Result<T, FunctionError> {
        self.read_page(request, member).await.map(|(answer, _)| answer)
    }

    /// Does the same, and also returns the cursor of the next page.
    pub(super) async fn read_page<T: DeserializeOwned>(
        &self,
        request: Value,
        member: &str,
    ) -> Result<(T, Option<String>), FunctionError> {
        let answer = tokio::time::timeout(LONGEST_WAIT, self.invoke("authorizations", request)).await;
        let mut answer = answer.unwrap_or_else(|_| {
            Err(failure("Console.NoAnswer", "the function did not answer within 5 seconds"))
        })?;
        let cursor = answer["cursor"].as_str().map(str::to_owned);
        let read = serde_json::from_value(answer[member].take());
        read.map(|read| (read, cursor)).map_err(|error| failure("Console.NotUnderstood", &error.to_string()))
    }

    /// Calls a function and waits for its answer.
    pub(super) async fn invoke(&self, function: &str, request: Value) -> Result<Value, FunctionError> {
        match self.aws.start_as_operator(function, request) {
            Some(invocation) => invocation.outcome().await,
            None => Err(failure("Console.NoFunction", "there is no such function")),
        }
    }

    /// Reads from a control.
    pub(super) async fn control(&self, call: &str) -> Result<Value, FunctionError> {
        self.controlled(Method::GET, call, Body::empty()).await
    }

    /// Posts a command to a control.
    pub(super) async fn post_control(&self, call: &str, order: &Value) -> Result<Value, FunctionError> {
        self.controlled(Method::POST, call, Body::from(order.to_string())).await
    }

    async fn controlled(&self, method: Method, call: &str, body: Body) -> Result<Value, FunctionError> {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://127.0.0.1:{}/_control/{call}", self.ports.amazon))
            .body(body)
            .map_err(|error| failure("Console.NoControl", &error.to_string()))?;
        let Ok(answer) = self.controls.clone().oneshot(request).await;
        let status = answer.status();
        let bytes = body::to_bytes(answer.into_body(), LARGEST_ANSWER).await.unwrap_or_default();
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if status.is_success() {
            return Ok(answer);
        }
        let kind = if status == StatusCode::NOT_FOUND { "Console.NotFound" } else { "InvalidRequest" };
        Err(failure(kind, answer["error"].as_str().unwrap_or("the simulated Amazon failed")))
    }

    /// Redirects the browser to the page of its form, or to `otherwise`. That page shows the outcome of the command.
    pub(super) fn back(
        &self,
        form: &Fields,
        otherwise: &str,
        outcome: Result<Notice, FunctionError>,
    ) -> Response {
        let notice = outcome.unwrap_or_else(|error| Notice::refused(sentence(&error)));
        let name = self.notices.add(notice);
        let back = return_path(form).unwrap_or(otherwise);
        let mark = if back.contains('?') { '&' } else { '?' };
        (StatusCode::SEE_OTHER, [(LOCATION, format!("{back}{mark}notice={name}"))]).into_response()
    }
}

/// The text that the console shows for a failure.
pub(super) fn sentence(error: &FunctionError) -> String {
    format!("{} ({})", error.error_message, error.error_type)
}

/// The HTTP status of a page that this failure replaces.
pub(super) fn status(error: &FunctionError) -> StatusCode {
    match error.error_type.as_str() {
        "UnknownApplication" | "UnknownSellingPartner" | "Console.NotFound" => StatusCode::NOT_FOUND,
        "InvalidRequest" | "AmbiguousSellingPartner" => StatusCode::BAD_REQUEST,
        _ => StatusCode::BAD_GATEWAY,
    }
}

/// The failure of a form that no page of the console sends.
pub(super) fn no_such_button() -> FunctionError {
    failure("InvalidRequest", "do: expected one of the page's buttons")
}

/// Adds to `request` the members of `more` that are not null.
pub(super) fn with(mut request: Value, more: Value) -> Value {
    if let (Value::Object(request), Value::Object(more)) = (&mut request, more) {
        request.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
    }
    request
}

/// The author of the commands, for the history.
pub(super) fn by_console() -> Value {
    json!({ "by": "console" })
}

fn failure(kind: &str, message: &str) -> FunctionError {
    FunctionError { error_type: kind.to_owned(), error_message: message.to_owned() }
}
