//! The credentials of an application at Login with Amazon (LWA).

use jiff::Timestamp;
use serde::Deserialize;

use crate::{ids::ClientId, secret::ClientSecret};

/// The credentials of an application at Login with Amazon.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credentials {
    /// The OAuth client.
    pub client_id: ClientId,
    /// Its secret.
    pub client_secret: ClientSecret,
    /// When the secret ends, where that is known.
    #[serde(rename = "expiresAt")]
    pub ends_at: Option<Timestamp>,
}
