//! What Login with Amazon accepts and puts into a token response, as a test can set it.

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::facts::ACCESS_TOKEN_LIFE;

/// The members of a token response beside the access token, and which scopes a request may name.
#[derive(Clone, Debug)]
pub(crate) struct TokenSettings {
    pub(crate) on_refresh: OnRefresh,
    /// The value of `expires_in`; null leaves the member out.
    pub(crate) expires_in: Value,
    /// What a request that names several scopes gets (F§4.3).
    pub(crate) several_scopes: Choice,
    /// What a request for the scope of the migration gets (F§4.3).
    pub(crate) migration_scope: Choice,
}

/// What becomes of a request of which no document says what Amazon does with it.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Choice {
    #[default]
    Accept,
    Refuse,
}

/// Which refresh token the response to a refresh holds. Amazon has only been seen to echo (F§4.4).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnRefresh {
    /// The one that was sent.
    #[default]
    Echo,
    /// A new one; the one that was sent stops working.
    Replace,
}

impl TokenSettings {
    /// Returns how long an access token lives: `expires_in`, or the usual time if that is not a positive number of
    /// seconds.
    pub(crate) fn life(&self) -> SignedDuration {
        let seconds = self.expires_in.as_i64().filter(|seconds| *seconds > 0);
        seconds.map_or(ACCESS_TOKEN_LIFE, SignedDuration::from_secs)
    }
}

impl Default for TokenSettings {
    fn default() -> Self {
        Self {
            on_refresh: OnRefresh::default(),
            expires_in: json!(ACCESS_TOKEN_LIFE.as_secs()),
            several_scopes: Choice::default(),
            migration_scope: Choice::default(),
        }
    }
}
