//! What happened to a grant or a client secret, appended and never changed. The table's stream becomes the events on the bus, so a
//! record is the event: flat strings, every attribute always there, nothing secret.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    grant::Grant,
    ids::ApplicationId,
    invitation::Invitation,
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
    /// Amazon refuses the grant, confirmed by a second try at least ten minutes after the first.
    ReauthorizationRequired,
    /// Amazon accepts a grant again that it had refused.
    AuthorizationRestored,
    /// Amazon told the stores of a seller that could not be verified when it authorized.
    AuthorizationVerified,
    /// The authorization lapses in 30, 14, 7 or 1 days.
    AuthorizationExpiring,
    /// The authorization's year is over.
    AuthorizationOverdue,
    /// An operator or integrator disabled the grant.
    AuthorizationDisabled,
    /// An operator enabled the grant, after Amazon had accepted it.
    AuthorizationEnabled,
    /// An operator removed the grant; its token is gone.
    AuthorizationRemoved,
    /// An operator threw away an authorization that could not be told from somebody else's.
    ConflictRejected,
    /// The grant's account was set, changed or cleared.
    AccountLinked,
    /// An operator registered the application.
    ApplicationRegistered,
    /// An operator changed the application's entry.
    ApplicationUpdated,
    /// Amazon answered a refresh with another refresh token, and it was kept in place of the old one.
    RefreshTokenReplaced,
    /// The application's client secret ends in 90, 30 or 7 days.
    ClientSecretExpiring,
    /// An operator asked Amazon for a new client secret, which comes through the queue.
    ClientSecretRequested,
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
    /// An integrator's service, through `authorizations`.
    Integrator,
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
    /// Which operator or service, as the request named itself, or an empty string.
    pub by: String,
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
    /// Where at Amazon the partner authorizes again, or an empty string.
    pub manage_your_apps_url: String,
    /// Where on our side the partner authorizes again, or an empty string.
    pub authorize_url: String,
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
            by: String::new(),
            reason: reason.to_owned(),
            application_id: grant.application_id.to_string(),
            region: grant.region.to_string(),
            selling_partner_id: grant.selling_partner_id.to_string(),
            account: grant.account.as_ref().map(ToString::to_string).unwrap_or_default(),
            fingerprint: fingerprint.as_str().to_owned(),
            manage_your_apps_url: String::new(),
            authorize_url: String::new(),
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
            by: told.by.clone(),
            reason: told.reason.clone(),
            application_id: application.to_string(),
            region: String::new(),
            selling_partner_id: String::new(),
            account: String::new(),
            fingerprint: told.fingerprint.as_ref().map(|known| known.as_str().to_owned()).unwrap_or_default(),
            manage_your_apps_url: String::new(),
            authorize_url: String::new(),
        }
    }

    /// The same, by whoever the request says sent it.
    #[must_use]
    pub fn by(mut self, who: &str) -> Self {
        who.clone_into(&mut self.by);
        self
    }

    /// The same, with the addresses at which the partner can authorize again.
    #[must_use]
    pub fn inviting(self, invitation: Invitation) -> Self {
        let Invitation { manage_your_apps_url, authorize_url } = invitation;
        Self { manage_your_apps_url, authorize_url, ..self }
    }

    /// The write that appends the record to `table`. It fails if the revision already has one.
    #[must_use]
    pub fn append(&self, table: &str) -> Write {
        Write::put(table, self).only_if("attribute_not_exists(subject)")
    }
}
