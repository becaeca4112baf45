//! What happened to a grant or a client secret, appended and never changed. The table's stream becomes the events on the bus, so a
//! record is the event: flat strings, every attribute always there, nothing secret.

pub mod actor;
pub mod commit;
pub mod event_bus;
pub mod store;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    aws::transaction::Write,
    history::actor::{Actor, Who},
    ids::ApplicationId,
    secret::{Fingerprint, random_word},
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

/// One thing that happened to an application or its client secret, before it is recorded.
#[derive(Clone, Debug)]
pub struct ApplicationEvent {
    /// What happened.
    pub event: Event,
    /// Who caused it.
    pub who: Who,
    /// The reason, in a sentence for operators.
    pub reason: String,
    /// The fingerprint of the client secret concerned, if there is one.
    pub fingerprint: Option<Fingerprint>,
}

/// One thing that happened to a grant or an application, as a row of the history.
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
    /// The record of something that happened to an application's client secret.
    #[must_use]
    pub fn of_application(
        application: &ApplicationId,
        revision: u64,
        what: &ApplicationEvent,
        at: Timestamp,
    ) -> Self {
        Self {
            subject: application.to_string(),
            revision,
            id: random_word(),
            event: what.event,
            at,
            actor: what.who.actor,
            by: what.who.name().to_owned(),
            reason: what.reason.clone(),
            application_id: application.to_string(),
            region: String::new(),
            selling_partner_id: String::new(),
            account: String::new(),
            fingerprint: what.fingerprint.as_ref().map(|known| known.as_str().to_owned()).unwrap_or_default(),
            manage_your_apps_url: String::new(),
            authorize_url: String::new(),
        }
    }

    /// The write that appends the record to `table`. It fails if the revision already has one.
    fn append(&self, table: &str) -> Write {
        Write::put(table, self).only_if("attribute_not_exists(subject)")
    }
}
