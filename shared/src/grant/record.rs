//! The history records of grants.

use jiff::Timestamp;

use crate::{
    grant::{change::Change, renewal_links::RenewalLinks},
    history::{Event, Record, actor::Who},
    secret::random_word,
};

impl Record {
    /// Returns the record of `change`, which `who` requested.
    pub fn of(change: &Change, who: &Who, at: Timestamp) -> Self {
        let grant = &change.grant;
        let RenewalLinks { manage_your_apps_url, authorize_url } = change.renewal_links.clone();
        Self {
            subject: grant.key().to_string(),
            revision: grant.revision,
            id: random_word(),
            event: change.event,
            at,
            actor: who.actor,
            by: who.name().to_owned(),
            reason: change.reason.clone(),
            application_id: grant.application_id.to_string(),
            region: grant.region.to_string(),
            selling_partner_id: grant.selling_partner_id.to_string(),
            account: grant.account.as_ref().map(ToString::to_string).unwrap_or_default(),
            fingerprint: change.fingerprint.as_str().to_owned(),
            manage_your_apps_url,
            authorize_url,
            region_assumed: grant.is_region_assumed().to_string(),
            previous_region: match (change.event, grant.moved_from) {
                (Event::AuthorizationMoved, Some(from)) => from.to_string(),
                _ => String::new(),
            },
            lost: String::new(),
            gained: String::new(),
        }
    }

    /// Returns the records of `change`: that of its event and, where the grant's stores changed, one that names them. The last
    /// has the grant's revision.
    pub fn all_of(change: &Change, who: &Who, at: Timestamp) -> Vec<Self> {
        let mut record = Self::of(change, who, at);
        let Some(stores) = &change.stores else { return vec![record] };
        let changed = Self {
            id: random_word(),
            event: Event::StoresChanged,
            reason: "Amazon lists other stores of the partner than before".to_owned(),
            fingerprint: change.grant.fingerprint.as_str().to_owned(),
            manage_your_apps_url: String::new(),
            authorize_url: String::new(),
            lost: stores.lost.join(" "),
            gained: stores.gained.join(" "),
            ..record.clone()
        };
        record.revision -= 1;
        vec![record, changed]
    }
}
