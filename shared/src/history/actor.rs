//! Who caused a change and why, as the request says. Both are for the history and prove nothing.

use serde::{Deserialize, Serialize};

use crate::{ids::parsed_text, printable::is_printable};

parsed_text!(
    /// The name of an operator or service, as it names itself.
    By,
    "1 to 64 printable characters without a blank at either end",
    |text| is_printable(text, 64)
);

parsed_text!(
    /// The sentence with which an operator or service explains a change.
    Reason,
    "1 to 200 printable characters without a blank at either end",
    |text| is_printable(text, 200)
);

/// The cause of a change: a browser, Amazon, a schedule, an operator or an integrator.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// A browser, at Amazon and at our callback.
    Browser,
    /// Amazon, in an answer or a notification.
    Amazon,
    /// A schedule of the stack.
    Schedule,
    /// An operator, through `administration`.
    Operator,
    /// An integrator's service, through `authorizations`.
    Integrator,
}

/// The actor of a change, with the name that it gives itself.
#[derive(Clone, Debug)]
pub struct Who {
    /// The cause of the change.
    pub actor: Actor,
    /// The name from the request, if it has one.
    pub by: Option<By>,
}

impl Who {
    /// An operator, through `administration`.
    pub fn operator(by: Option<By>) -> Self {
        Self { actor: Actor::Operator, by }
    }

    /// An integrator's service, through `authorizations`.
    pub fn integrator(by: Option<By>) -> Self {
        Self { actor: Actor::Integrator, by }
    }

    /// A browser, at Amazon and at our callback.
    pub fn browser() -> Self {
        Self { actor: Actor::Browser, by: None }
    }

    /// Amazon, in an answer or a notification.
    pub fn amazon() -> Self {
        Self { actor: Actor::Amazon, by: None }
    }

    /// A schedule of ours.
    pub fn schedule() -> Self {
        Self { actor: Actor::Schedule, by: None }
    }

    /// Its name for the history; empty if it has none.
    pub fn name(&self) -> &str {
        self.by.as_ref().map(By::as_str).unwrap_or_default()
    }
}
