//! Who did something, and why, in the words of whoever asked for it. Neither proves anything: they are for the history.

use serde::{Deserialize, Serialize};

use crate::ids::Malformed;

/// The name of an operator or service: 1 to 64 printable characters.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct By(String);

/// A sentence of 1 to 200 printable characters.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct Reason(String);

/// The cause of a change: a browser, Amazon, a schedule, an operator or an integrator.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// Somebody in a browser, at Amazon and at our callback.
    Browser,
    /// Amazon, in an answer to a call of ours.
    Amazon,
    /// A schedule of ours.
    Schedule,
    /// An operator, through `administration`.
    Operator,
    /// An integrator's service, through `authorizations`.
    Integrator,
}

/// Who asks for a change.
#[derive(Clone, Debug)]
pub struct Who {
    /// Through which function.
    pub actor: Actor,
    /// As it names itself, if it does.
    pub by: Option<By>,
}

impl Who {
    /// An operator, through `administration`.
    #[must_use]
    pub fn operator(by: Option<By>) -> Self {
        Self { actor: Actor::Operator, by }
    }

    /// An integrator's service, through `authorizations`.
    #[must_use]
    pub fn integrator(by: Option<By>) -> Self {
        Self { actor: Actor::Integrator, by }
    }

    /// A browser, at Amazon and at our callback.
    #[must_use]
    pub fn browser() -> Self {
        Self { actor: Actor::Browser, by: None }
    }

    /// Amazon, in an answer to a call of ours.
    #[must_use]
    pub fn amazon() -> Self {
        Self { actor: Actor::Amazon, by: None }
    }

    /// A schedule of ours.
    #[must_use]
    pub fn schedule() -> Self {
        Self { actor: Actor::Schedule, by: None }
    }

    /// Its name for the history; empty if it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.by.as_ref().map(By::as_str).unwrap_or_default()
    }
}

impl By {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Reason {
    /// The sentence as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for By {
    type Error = Malformed;

    fn try_from(text: String) -> Result<Self, Malformed> {
        if is_printable(&text, 64) { Ok(Self(text)) } else { Err(Malformed("1 to 64 printable characters")) }
    }
}

impl TryFrom<String> for Reason {
    type Error = Malformed;

    fn try_from(text: String) -> Result<Self, Malformed> {
        if is_printable(&text, 200) {
            Ok(Self(text))
        } else {
            Err(Malformed("1 to 200 printable characters"))
        }
    }
}

/// Whether a line of text shows what it holds: not blank, no control characters, and none that turn the direction of
/// what follows.
#[must_use]
pub fn is_printable(text: &str, longest: usize) -> bool {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !text.trim().is_empty()
        && text.chars().count() <= longest
        && !text.chars().any(|c| c.is_control() || turns(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_printable_line() {
        let by = |text: &str| By::try_from(text.to_owned());

        assert!(by("Änne (support)").is_ok());
        for refused in ["", " ", "a\nb", "a\u{202e}b", &"x".repeat(65)] {
            assert!(by(refused).is_err(), "{refused:?}");
        }
    }
}
