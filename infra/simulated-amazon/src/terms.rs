//! On what terms Login with Amazon gives out tokens, by order of a test.

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::facts::ACCESS_TOKEN_LIFE;

/// What a token's answer holds beside the access token.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(crate) on_refresh: OnRefresh,
    /// What `expires_in` says; it is left out if this is null.
    pub(crate) expires_in: Value,
}

/// Which refresh token answers a refresh. Amazon has only been seen to echo (F§4.4).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnRefresh {
    /// The one that was sent.
    #[default]
    Echo,
    /// A new one; the one that was sent stops working.
    Replace,
}

impl Terms {
    /// How long an access token lives: as long as its answer says, or as usual where that is no number of seconds.
    pub(crate) fn life(&self) -> SignedDuration {
        let told = self.expires_in.as_i64().filter(|seconds| *seconds > 0);
        told.map_or(ACCESS_TOKEN_LIFE, SignedDuration::from_secs)
    }
}

impl Default for Terms {
    fn default() -> Self {
        Self { on_refresh: OnRefresh::default(), expires_in: json!(ACCESS_TOKEN_LIFE.as_secs()) }
    }
}
