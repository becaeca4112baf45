//! The history: what happened to a grant or to a client secret. Records are appended and never changed. The table's
//! stream sends each record to the event bus, so a record is the event: flat strings, every attribute always present,
//! nothing secret.

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

/// What happened. It is the `detail-type` of the event.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Event {
    /// The partner authorized the application, for the first time or after the grant was removed.
    AuthorizationGranted,
    /// The partner authorized the application again. Its refresh token was replaced and its year starts again.
    AuthorizationRenewed,
    /// Someone authorized with this partner's id, and nothing shows that it is the same partner. The old refresh
    /// token still works; an operator resolves the conflict.
    AuthorizationConflict,
    /// Amazon refuses the authorization. A second attempt at least 10 minutes later, or an operator's attempt to
    /// enable it, confirmed this.
    ReauthorizationRequired,
    /// Amazon refuses to refresh the token in other words than `invalid_grant`, twice, at least 20 minutes apart. The
    /// grant stays as it is, and is tried again.
    RefreshRefused,
    /// Amazon accepts an authorization again that it had refused.
    AuthorizationRestored,
    /// Amazon returned the stores of a seller whose stores could not be read at the authorization.
    AuthorizationVerified,
    /// Amazon lists other stores of the seller than before: it left or joined marketplaces, or renamed a store.
    StoresChanged,
    /// The grant was moved to another region: SP-API lists its stores there alone, an operator
    /// said so, or a grant that was there already has taken its refresh token.
    AuthorizationMoved,
    /// An operator confirmed the region of a grant, which was assumed before.
    RegionConfirmed,
    /// The authorization expires in 30, 14, 7 or 1 days.
    AuthorizationExpiring,
    /// The year of the authorization is over. It can stop working at any time.
    AuthorizationOverdue,
    /// The application's roles changed after the authorization. The grant lacks the new ones until the partner authorizes
    /// again.
    AuthorizationOutdated,
    /// An operator or a service of the integrator disabled the grant. No token of it is vended.
    AuthorizationDisabled,
    /// An operator enabled the grant again, after Amazon accepted its refresh token.
    AuthorizationEnabled,
    /// An operator removed the grant and deleted its refresh token.
    AuthorizationRemoved,
    /// An operator rejected and deleted a conflicting authorization.
    ConflictRejected,
    /// The account of the grant was set, changed or cleared.
    AccountLinked,
    /// An operator registered the application.
    ApplicationRegistered,
    /// An operator changed the application's entry.
    ApplicationUpdated,
    /// An operator stopped the application: no access token of it is vended or refreshed.
    ApplicationDisabled,
    /// An operator started the application again.
    ApplicationEnabled,
    /// An operator invalidated every access token of the application.
    ApplicationTokensInvalidated,
    /// An operator added, changed or removed the policy of a consumer.
    ConsumerChanged,
    /// Amazon answered a refresh with a new refresh token. It replaced the stored one.
    RefreshTokenReplaced,
    /// The application's client secret ends in 90, 30 or 7 days.
    ClientSecretExpiring,
    /// A notification says when the client secret ends, and that does not fit what is known. Nothing was changed.
    ClientSecretExpiryDoubted,
    /// An operator asked Amazon for a new client secret. It arrives through the queue.
    ClientSecretRequested,
    /// A new client secret is the current one.
    ClientSecretRotated,
    /// A requested client secret did not arrive, or Amazon refused to issue one.
    ClientSecretRotationFailed,
    /// An operator had everything about the grant erased, its history included. Receivers erase what they have of it.
    AuthorizationErased,
    /// An operator invalidated every access token of the grant.
    TokensInvalidated,
    /// The daily sweep found that nothing checked the grant at Amazon, as after a table was lost or restored, and put it back
    /// into the refresher's work; or its row was put back from a backup.
    GrantRepaired,
}

/// An event of an application or its client secret, before it is recorded.
#[derive(Clone, Debug)]
pub struct ApplicationEvent {
    /// What happened.
    pub event: Event,
    /// Who caused it.
    pub who: Who,
    /// The reason, in a sentence for operators.
    pub reason: String,
    /// The fingerprint of the client secret that the event concerns, if there is one.
    pub fingerprint: Option<Fingerprint>,
}

/// A row of the history: one event of a grant or an application.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Record {
    /// The grant's key, the application's id, or `consumer#` and the consumer's name.
    pub subject: String,
    /// Counts the changes of the subject. It is the sort key.
    pub revision: u64,
    /// A random id, the same in every delivery of the event.
    pub id: String,
    /// What happened.
    pub event: Event,
    /// When it happened.
    pub at: Timestamp,
    /// Who caused it.
    pub actor: Actor,
    /// The name that the operator or service gave in the request, or an empty string. It is not authenticated.
    pub by: String,
    /// Why, in a sentence for people.
    pub reason: String,
    /// The application, or an empty string for a consumer.
    pub application_id: String,
    /// The region of the grant, or an empty string.
    pub region: String,
    /// The seller or vendor, or an empty string.
    pub selling_partner_id: String,
    /// The account of the grant, or an empty string.
    pub account: String,
    /// The fingerprint of the refresh token or client secret that the event concerns, or an empty string.
    pub fingerprint: String,
    /// Where the partner authorizes again at Amazon, or an empty string.
    pub manage_your_apps_url: String,
    /// Where the partner authorizes again through this service, or an empty string.
    pub authorize_url: String,
    /// `true` if the region of the grant is assumed, `false` if it is known, or an empty string. Records of earlier
    /// versions lack it.
    #[serde(default)]
    pub region_assumed: String,
    /// The region from which the grant was moved by this event, or an empty string. Records of earlier versions lack it.
    #[serde(default)]
    pub previous_region: String,
    /// The ids of the marketplaces in which the seller lost a store by this event, with a blank between, or an empty string.
    /// Records of earlier versions lack it.
    #[serde(default)]
    pub lost: String,
    /// The same of the stores that it gained.
    #[serde(default)]
    pub gained: String,
}

impl Record {
    /// Returns the record of an event of an application.
    pub fn of_application(
        application: &ApplicationId,
        revision: u64,
        what: &ApplicationEvent,
        at: Timestamp,
    ) -> Self {
        Self {
            application_id: application.to_string(),
            fingerprint: what.fingerprint.as_ref().map(|known| known.as_str().to_owned()).unwrap_or_default(),
            ..Self::about(application.to_string(), revision, what.event, &what.who, what.reason.clone(), at)
        }
    }

    /// Returns the record of a change of a consumer's policy. Its subject is the key of the consumer's row.
    pub fn of_consumer(subject: String, revision: u64, who: &Who, reason: String, at: Timestamp) -> Self {
        Self::about(subject, revision, Event::ConsumerChanged, who, reason, at)
    }

    /// Returns a record that concerns no grant and no application.
    fn about(subject: String, revision: u64, event: Event, who: &Who, reason: String, at: Timestamp) -> Self {
        Self {
            subject,
            revision,
            id: random_word(),
            event,
            at,
            actor: who.actor,
            by: who.name().to_owned(),
            reason,
            application_id: String::new(),
            region: String::new(),
            selling_partner_id: String::new(),
            account: String::new(),
            fingerprint: String::new(),
            manage_your_apps_url: String::new(),
            authorize_url: String::new(),
            region_assumed: String::new(),
            previous_region: String::new(),
            lost: String::new(),
            gained: String::new(),
        }
    }

    /// Returns the write that appends the record to `table`. The write fails if the revision already has a record.
    fn append(&self, table: &str) -> Write {
        Write::put(table, self).only_if("attribute_not_exists(subject)")
    }
}
