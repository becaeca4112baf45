//! A change of a grant, before it is committed.

use crate::{
    grant::{Grant, renewal_links::RenewalLinks, stores::StoreChange},
    history::Event,
    region::Region,
    secret::Fingerprint,
};

/// A grant after a change, with what happened and why. Its revision is numbered when it is committed.
#[derive(Clone, Debug)]
pub struct Change {
    /// The new row.
    pub grant: Grant,
    /// What happened.
    pub event: Event,
    /// The reason, in a sentence for operators.
    pub reason: String,
    /// The fingerprint of the token concerned, which in a conflict is not the grant's.
    pub fingerprint: Fingerprint,
    /// The addresses at which the partner can authorize again, if it needs to.
    pub renewal_links: RenewalLinks,
    /// What changed in the grant's stores, which is recorded too.
    pub stores: Option<StoreChange>,
    /// The region whose grant held the token that this grant takes, and becomes a pointer, which is recorded too.
    pub absorbed: Option<Region>,
}

impl Change {
    /// A change that concerns the grant's own token.
    pub fn new(grant: Grant, event: Event, reason: impl Into<String>) -> Self {
        let (fingerprint, renewal_links) = (grant.fingerprint.clone(), RenewalLinks::default());
        Self { grant, event, reason: reason.into(), fingerprint, renewal_links, stores: None, absorbed: None }
    }

    /// Returns how many records follow that of the event.
    pub fn further_records(&self) -> u64 {
        u64::from(self.stores.is_some()) + u64::from(self.absorbed.is_some())
    }

    /// The same change, which concerns another token.
    #[must_use]
    pub fn about(self, fingerprint: Fingerprint) -> Self {
        Self { fingerprint, ..self }
    }

    /// The same change, with the addresses at which the partner can authorize again.
    #[must_use]
    pub fn with_renewal_links(self, renewal_links: RenewalLinks) -> Self {
        Self { renewal_links, ..self }
    }
}
