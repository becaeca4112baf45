//! The functions, as an integrator's backend invokes them.

use serde_json::{Value, json};

use crate::Demo;

/// A function of the stack.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Function {
    /// Makes links, and says whose grants they brought.
    Authorizations,
    /// Hands out access tokens.
    GetAccessToken,
    /// Registers the website's addresses. This is the part of an operator, who is often not the integrator.
    Administration,
}

impl Function {
    /// Returns the name under which the function is deployed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Authorizations => "authorizations",
            Self::GetAccessToken => "get-access-token",
            Self::Administration => "administration",
        }
    }
}

/// Why a function did not do what was asked.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The `errorType`, by which a program decides.
    pub kind: String,
    /// The `errorMessage`, for people.
    pub message: String,
}

impl Demo {
    /// Asks a function.
    pub(crate) async fn ask(&self, function: Function, fields: Value) -> Result<Value, Refusal> {
        (self.settings.invoke)(function, fields).await
    }

    /// Asks a function about the application. An operation that gets a `request` or a `result` knows the application by that.
    pub(crate) async fn ask_of_application(
        &self,
        function: Function,
        mut fields: Value,
    ) -> Result<Value, Refusal> {
        fields["applicationId"] = json!(self.settings.application);
        self.ask(function, fields).await
    }

    /// Returns the address in an answer, if it is one of the functions' own. A backend redirects to no other.
    pub(crate) fn own_address(&self, answer: &Value, field: &str) -> Result<String, Refusal> {
        let url = answer[field].as_str().unwrap_or_default();
        let path = url.strip_prefix(self.settings.bundle.as_str()).filter(|path| path.starts_with('/'));
        path.map(|_| url.to_owned()).ok_or_else(|| Refusal {
            kind: "Demo.OddAddress".to_owned(),
            message: format!("the answer has no address of {} in its field {field}", self.settings.bundle),
        })
    }
}
