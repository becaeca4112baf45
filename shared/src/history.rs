//! What happened to a grant, appended and never changed. The table's stream becomes the events on the bus, so a
//! record is the event: flat strings, every attribute always there, nothing secret.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    grant::Grant,
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
}

/// Who made it happen.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// Somebody in a browser, at Amazon and at our callback.
    Browser,
    /// Amazon, in an answer to a call of ours.
    Amazon,
}

/// One thing that happened to a grant.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Record {
    /// The grant's key.
    pub subject: String,
    /// Counts the changes of the grant; the record sorts by it.
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
    /// The grant's region.
    pub region: String,
    /// The grant's partner.
    pub selling_partner_id: String,
    /// The grant's account, or an empty string.
    pub account: String,
    /// The fingerprint of the refresh token that it is about.
    pub fingerprint: Fingerprint,
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
        fingerprint: Fingerprint,
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
            fingerprint,
        }
    }

    /// The write that appends the record to `table`. It fails if the revision already has one.
    #[must_use]
    pub fn append(&self, table: &str) -> Write {
        Write::put(table, self).only_if("attribute_not_exists(subject)")
    }
}
