//! The status of a grant, as rows, requests, answers and metrics spell it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::Malformed;

/// Whether access tokens of a grant can be issued, and if not, who can change that.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Amazon issues access tokens for it.
    Active,
    /// Amazon refuses it. The partner must authorize again.
    ReauthorizationRequired,
    /// This service refuses it. An operator or the integrator disabled it.
    Disabled,
    /// The grant was removed. The row remains, so that its version never starts again at 1.
    Removed,
}

impl Status {
    /// Returns the status as rows, requests, answers and metrics spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::ReauthorizationRequired => "reauthorizationRequired",
            Self::Disabled => "disabled",
            Self::Removed => "removed",
        }
    }
}

impl FromStr for Status {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        [Self::Active, Self::ReauthorizationRequired, Self::Disabled, Self::Removed]
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or(Malformed("active, reauthorizationRequired, disabled or removed"))
    }
}
