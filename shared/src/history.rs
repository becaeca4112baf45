//! What happened to a grant or a client secret, appended and never changed. The table's stream becomes the events on the bus, so a
//! record is the event: flat strings, every attribute always there, nothing secret.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    grant::Grant,
    ids::ApplicationId,
    rotation_store::Told,
    secret::{Fingerprint, random_word},
    transaction::Write,
};

/// What happened: the `detail-type` of the event.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Event {
    /// A partner authorized for the first time.
    AuthorizationGranted,
    /// A partner authorized again and the token was replaced.
    AuthorizationRenewed,
    /// A partner authorized again and nothing proves that it is the same partner.
    AuthorizationConflict,
    /// Amazon answered a refresh with another refresh token, and it was kept in place of the old one.
    RefreshTokenReplaced,
    /// The application's client secret ends in 90, 30 or 7 days.
    ClientSecretExpiring,
    /// A new client secret is the current one.
    ClientSecretRotated,
    /// A new client secret was asked for and did not come, or Amazon refused to make one.
    ClientSecretRotationFailed,
    /// An operator had every access token of the grant replaced.
    TokensInvalidated,
}

/// Who made it happen.
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
}

/// One thing that happened to a grant.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Record {
    /// The grant's key, or the application's id.
    pub subject: String,
    /// Counts the changes of the subject; the record sorts by it.
    pub revision: u64,
    /// Random, and the same however often the event is delivered.
    pub id: String,
    /// What happened.
    pub event: Event,
    /// When.
    pub at: Timestamp,
    /// Who made it happen.
    pub actor: Actor,
    /// Why it was decided so, in a sentence.
    pub reason: String,
    /// The grant's application.
    pub application_id: String,
    /// The grant's region, or an empty string.
    pub region: String,
    /// The grant's partner, or an empty string.
    pub selling_partner_id: String,
    /// The grant's account, or an empty string.
    pub account: String,
    /// The fingerprint of the refresh token or client secret that it is about, or an empty string.
    pub fingerprint: String,
}

impl Record {
    /// The record of a change that led to `grant`; `fingerprint` is that of the token concerned, which in a conflict
    /// is not the grant's.
    #[must_use]
    pub fn of(
        grant: &Grant,
        event: Event,
        actor: Actor,
        reason: &str,
        fingerprint: &Fingerprint,
        at: Timestamp,
    ) -> Self {
        Self {
            subject: grant.key().to_string(),
            revision: grant.revision,
            id: random_word(),
            event,
            at,
            actor,
            reason: reason.to_owned(),
            application_id: grant.application_id.to_string(),
            region: grant.region.to_string(),
            selling_partner_id: grant.selling_partner_id.to_string(),
            account: grant.account.as_ref().map(ToString::to_string).unwrap_or_default(),
            fingerprint: fingerprint.as_str().to_owned(),
        }
    }

    /// The record of something that happened to an application's client secret.
    #[must_use]
    pub fn of_application(application: &ApplicationId, revision: u64, told: &Told, at: Timestamp) -> Self {
        Self {
            subject: application.to_string(),
            revision,
            id: random_word(),
            event: told.event,
            at,
            actor: told.actor,
            reason: told.reason.clone(),
            application_id: application.to_string(),
            region: String::new(),
            selling_partner_id: String::new(),
            account: String::new(),
            fingerprint: told.fingerprint.as_ref().map(|known| known.as_str().to_owned()).unwrap_or_default(),
        }
    }

    /// The write that appends the record to `table`. It fails if the revision already has one.
    #[must_use]
    pub fn append(&self, table: &str) -> Write {
        Write::put(table, self).only_if("attribute_not_exists(subject)")
    }
}
