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

    /// Returns the records of `change`: that of its event; where the grant's stores changed, one that names them; and where
    /// another grant became a pointer to it, one that names its region. The last has the grant's revision.
    pub fn all_of(change: &Change, who: &Who, at: Timestamp) -> Vec<Self> {
        let record = Self::of(change, who, at);
        let further = |event, reason: String| Self {
            id: random_word(),
            event,
            reason,
            fingerprint: change.grant.fingerprint.as_str().to_owned(),
            manage_your_apps_url: String::new(),
            authorize_url: String::new(),
            ..record.clone()
        };
        let stores = change.stores.as_ref().map(|stores| Self {
            lost: stores.lost.join(" "),
            gained: stores.gained.join(" "),
            ..further(Event::StoresChanged, "Amazon lists other stores of the partner than before".to_owned())
        });
        let moved = change.absorbed.map(|from| {
            let reason =
                format!("the partner's grant in {from} had the same refresh token, and now points here");
            Self { previous_region: from.to_string(), ..further(Event::AuthorizationMoved, reason) }
        });
        let records = [Some(record.clone()), stores, moved].into_iter().flatten();
        let first = change.grant.revision - change.further_records();
        (first..).zip(records).map(|(revision, record)| Self { revision, ..record }).collect()
    }
}
