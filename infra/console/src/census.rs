//! All grants of an application at once: for searches, orders, counts and pictures, which no function answers page by page.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{Console, ask::with, stack::Refusal, views::Grant};

/// All grants of an application, as far as they were read.
pub(crate) struct Census {
    pub(crate) grants: Vec<Grant>,
    /// Whether these are all.
    pub(crate) is_complete: bool,
    pub(crate) read_at: Timestamp,
}

/// The latest census of each application, with removed grants and without.
#[derive(Default)]
pub(crate) struct Censuses(Mutex<BTreeMap<(String, bool), Arc<Census>>>);

/// The number of grants that the function returns at most.
const PAGE: u32 = 100;

/// The number of pages that are read at most.
const MOST_PAGES: usize = 100;

/// The time for which a census is shown again. A command of these pages ends it sooner.
const STAYS: SignedDuration = SignedDuration::from_secs(20);

impl Censuses {
    /// Forgets everything: something has changed.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn recent(&self, key: &(String, bool), now: Timestamp) -> Option<Arc<Census>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        known.filter(|census| now.duration_since(census.read_at).abs() < STAYS)
    }
}

impl Console {
    /// Reads all grants of the application: those that are not removed, or those that are.
    pub(crate) async fn census(&self, application: &str, removed: bool) -> Result<Arc<Census>, Refusal> {
        let (key, now) = ((application.to_owned(), removed), self.now());
        if let Some(recent) = self.censuses.recent(&key, now) {
            return Ok(recent);
        }
        let status = removed.then_some("removed");
        let asked = with(
            json!({ "operation": "listGrants", "applicationId": application, "limit": PAGE }),
            json!({ "status": status }),
        );
        let (mut grants, mut cursor): (Vec<Grant>, Option<String>) = (Vec::new(), None);
        let mut pages = 0;
        loop {
            let request = with(asked.clone(), json!({ "cursor": cursor }));
            let (more, next): (Vec<Grant>, _) = self.read_page(request, "grants").await?;
            grants.extend(more);
            pages += 1;
            cursor = next;
            if cursor.is_none() || pages == MOST_PAGES {
                break;
            }
        }
        let census = Arc::new(Census { grants, is_complete: cursor.is_none(), read_at: now });
        let mut known = self.censuses.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key, Arc::clone(&census));
        Ok(census)
    }
}

/// Whether a part of the grant's partner id, account or store names is this text, in whatever case.
pub(crate) fn is_found(grant: &Grant, text: &str) -> bool {
    let text = text.to_lowercase();
    let has = |place: &str| place.to_lowercase().contains(&text);
    has(&grant.selling_partner_id)
        || grant.account.as_deref().is_some_and(has)
        || grant.stores.iter().any(|store| has(&store.name))
}

/// Puts grants into the order of this name; with `-` before it, into its reverse.
pub(crate) fn sort(grants: &mut [&Grant], order: &str) {
    let (name, reverse) = order.strip_prefix('-').map_or((order, false), |name| (name, true));
    match name {
        "status" => grants.sort_by_key(|grant| &grant.status),
        "authorized" => grants.sort_by_key(|grant| grant.authorized_at),
        // What never ends comes last.
        "expires" => grants.sort_by_key(|grant| grant.renewal_due_at.unwrap_or(Timestamp::MAX)),
        _ => grants.sort_by_key(|grant| &grant.selling_partner_id),
    }
    if reverse {
        grants.reverse();
    }
}
