//! Grants, and what is issued for them: authorization codes, refresh tokens, access tokens (F§3, F§4).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{Account, GrantKey},
    roles::MissingRoles,
};

/// What a partner allowed an application.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Grant {
    pub(crate) authorized_at: Timestamp,
    pub(crate) ends_at: Timestamp,
    pub(crate) disabled: bool,
}

impl Grant {
    pub(crate) fn status(&self, now: Timestamp) -> GrantStatus {
        if self.disabled {
            GrantStatus::Disabled
        } else if now >= self.ends_at {
            GrantStatus::Expired
        } else {
            GrantStatus::Active
        }
    }
}

/// The status of a grant as Manage Your Apps shows it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum GrantStatus {
    Active,
    Disabled,
    Expired,
}

/// An authorization code.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Code {
    pub(crate) grant: GrantKey,
    pub(crate) redirect_uri: String,
    pub(crate) ends_at: Timestamp,
    pub(crate) used: bool,
}

/// A refresh token; it ends with its grant.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefreshToken {
    pub(crate) grant: GrantKey,
    pub(crate) killed: bool,
    /// The roles that the application lacked when the partner authorized it: the token never opens more (F§3.2).
    #[serde(default)]
    pub(crate) missing_roles: MissingRoles,
}

/// An access token, and what it gives access to.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessToken {
    pub(crate) application_id: String,
    pub(crate) opens: Opens,
    pub(crate) ends_at: Timestamp,
    /// The index of the client secret with which it was requested: the token ends with that secret (F§4.7).
    #[serde(rename = "mintedWith")]
    pub(crate) client_secret: usize,
    /// Those of the refresh token with which it was requested.
    #[serde(default)]
    pub(crate) missing_roles: MissingRoles,
}

/// What an access token gives access to.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Opens {
    /// Everything that the account allowed the application.
    Partner(Account),
    /// The grantless operations of a scope.
    Scope(String),
    /// Restricted resources (method and path) of an account.
    Restricted(Account, Vec<String>),
}

/// Whether a new authorization ends the refresh tokens of the one before. No document of Amazon's says (F§3.1).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnReauthorization {
    #[default]
    Keep,
    Kill,
}

/// The application that authenticated itself, and the index of the client secret that it used.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) application_id: String,
    pub(crate) secret: usize,
}
