//! Access tokens that are kept, and whether one may be handed out. Pure.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    grant::{Grant, GrantKey, Status},
    sealing::Sealed,
};

/// A row is tidied away this long after its token ended.
const KEPT_AFTER_END: SignedDuration = SignedDuration::from_hours(24);

/// The key of a token's row.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct TokenKey(String);

impl TokenKey {
    /// The token with which a partner's own grant is used.
    #[must_use]
    pub fn of_partner(key: &GrantKey) -> Self {
        Self(format!("partner#{key}"))
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An access token at rest.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct StoredToken {
    /// The grant's version it was minted under; under another it is worth nothing.
    pub grant_version: u64,
    /// When it ends.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
    /// When its row is tidied away.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub delete_at: Timestamp,
    /// The token.
    pub access_token: Sealed,
}

impl StoredToken {
    /// A token minted under `grant_version`.
    #[must_use]
    pub fn new(access_token: Sealed, grant_version: u64, expires_at: Timestamp) -> Self {
        Self {
            grant_version,
            expires_at,
            delete_at: expires_at + KEPT_AFTER_END,
            access_token,
        }
    }
}

/// What a request for a partner's token comes to.
#[derive(Clone, Copy, Debug)]
pub enum Vend<'a> {
    /// Hand out the kept token.
    Kept(&'a StoredToken),
    /// Ask Amazon, with this grant.
    Mint(&'a Grant),
    /// Nothing: the partner must authorize again.
    AskPartner,
    /// Nothing: somebody of ours disabled the grant.
    Disabled,
    /// Nothing: there is no such grant, or no longer.
    Unknown,
}

/// Decides on the rows as they stand: no token is handed out with less life than `min_valid`, and none that was
/// minted under another version of the grant.
#[must_use]
pub fn decide<'a>(
    grant: Option<&'a Grant>,
    token: Option<&'a StoredToken>,
    min_valid: SignedDuration,
    now: Timestamp,
) -> Vend<'a> {
    let Some(grant) = grant else {
        return Vend::Unknown;
    };
    match grant.status {
        Status::Removed => Vend::Unknown,
        Status::Disabled => Vend::Disabled,
        Status::ReauthorizationRequired => Vend::AskPartner,
        Status::Active => match token {
            Some(token) if token.grant_version == grant.version && token.expires_at - min_valid >= now => {
                Vend::Kept(token)
            }
            _ => Vend::Mint(grant),
        },
    }
}
