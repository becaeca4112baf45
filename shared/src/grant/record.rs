//! The history records of grants.

use jiff::Timestamp;

use crate::{
    grant::{Grant, renewal_links::RenewalLinks},
    history::{Event, Record, actor::Actor},
    secret::{Fingerprint, random_word},
};

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

    /// The same, with the addresses at which the partner can authorize again.
    #[must_use]
    pub fn with_renewal_links(self, links: RenewalLinks) -> Self {
        let RenewalLinks { manage_your_apps_url, authorize_url } = links;
        Self { manage_your_apps_url, authorize_url, ..self }
    }
}
