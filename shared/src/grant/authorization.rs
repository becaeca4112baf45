//! Decides what a new authorization changes: does it belong to the partner of the grant? Pure: returns a decision and
//! its reason.

use jiff::Timestamp;

use crate::{
    amazon::marketplace::{Marketplaces, PartnerType, Store},
    aws::sealing::Sealed,
    grant::{
        Conflict, Grant, GrantKey, GrantKind, RENEWAL_AFTER, Status, Superseded, change::Change,
        stores::have_nothing_in_common,
    },
    history::Event,
    ids::Account,
    secret::Fingerprint,
};

/// How many conflicts a grant stores. A further one replaces another. Each takes about 3 KB, and an item of DynamoDB
/// at most 400 KB.
const MAX_CONFLICTS: usize = 20;

/// A new authorization: the code is exchanged and, where possible, the token is verified.
#[derive(Clone, Debug)]
pub struct Authorization {
    /// The partner that the callback names. Amazon does not sign this (F§7.3).
    pub key: GrantKey,
    /// Seller or vendor, where it is known.
    pub partner_type: Option<PartnerType>,
    /// Whether the partner consented to the draft.
    pub draft: bool,
    /// The Amazon host at which the partner consented, where it is known.
    pub central_host: Option<String>,
    /// The account that the request carried.
    pub account: Option<Account>,
    /// The stores that SP-API returned for the token. Empty if SP-API could not be asked.
    pub stores: Vec<Store>,
    /// Whether neither a host nor the stores show the region, so that it is the application's default.
    pub region_assumed: bool,
    /// The new refresh token's fingerprint.
    pub fingerprint: Fingerprint,
    /// The new refresh token.
    pub refresh_token: Sealed,
}

impl Authorization {
    /// Returns the grant of this key after the authorization. `existing` is its current row; `now` is when the
    /// partner consented.
    ///
    /// A token is replaced only if the new one is shown to be the same partner's. Otherwise the new token is stored
    /// as a conflict, and the old token continues to work.
    pub fn applied_to(self, existing: Option<&Grant>, marketplaces: &Marketplaces, now: Timestamp) -> Change {
        let Some(existing) = existing else {
            let reason = "the partner authorized for the first time";
            return Change::new(self.into_grant(None, now), Event::AuthorizationGranted, reason);
        };
        match (self.evidence_for(existing, marketplaces), existing.status) {
            (Ok(reason), _) => {
                Change::new(self.into_grant(Some(existing), now), Event::AuthorizationRenewed, reason)
            }
            (Err(_), Status::Removed) => {
                // There is nothing left to protect. Only the version and the revision continue.
                let mut grant = self.into_grant(None, now);
                grant.version = existing.version + 1;
                grant.revision = existing.revision + 1;
                let reason = "the partner authorized again after the grant was removed";
                Change::new(grant, Event::AuthorizationGranted, reason)
            }
            (Err(reason), _) => {
                let fingerprint = self.fingerprint.clone();
                let conflict = Conflict {
                    at: now,
                    account: self.account,
                    stores: self.stores,
                    fingerprint: self.fingerprint,
                    refresh_token: self.refresh_token,
                    held_in: None,
                };
                let grant = with_conflict(existing, conflict);
                Change::new(grant, Event::AuthorizationConflict, reason).about(fingerprint)
            }
        }
    }

    fn evidence_for(
        &self,
        existing: &Grant,
        marketplaces: &Marketplaces,
    ) -> Result<&'static str, &'static str> {
        let has_own_token = self.fingerprint == existing.fingerprint;
        if let (Some(stored), Some(brought)) = (&existing.account, &self.account) {
            return if stored != brought {
                Err("the request carried another account than the grant's")
            } else if !has_own_token && have_nothing_in_common(&existing.stores, &self.stores, marketplaces) {
                Err(OWN_ACCOUNT_OTHER_STORES)
            } else {
                Ok("the request carried the grant's own account")
            };
        }
        if has_own_token {
            return Ok("Amazon issued the refresh token that the grant already has");
        }
        if self.partner_type == Some(PartnerType::Vendor)
            || existing.partner_type == Some(PartnerType::Vendor)
        {
            return Err(
                "a vendor is recognised by its account alone, and the request did not carry the grant's",
            );
        }
        if existing.stores.is_empty() {
            return Err("the grant was never verified, so there are no stores to compare with");
        }
        if self.stores.is_empty() {
            return Err("Amazon did not say which stores the new token has");
        }
        if self.shows_all_stores_of(existing, marketplaces) {
            Ok("the new token shows the stores that the grant has")
        } else {
            Err("the new token shows other stores than the grant has")
        }
    }

    /// Returns whether `self` shows every store of the grant that is in the table of marketplaces, under the same
    /// name. It may show more: Amazon opens new marketplaces to all sellers of a region. Entries outside the table
    /// change (F§7.3). A store without a name shows nothing, because all such stores would be equal.
    fn shows_all_stores_of(&self, existing: &Grant, marketplaces: &Marketplaces) -> bool {
        let mut stored = existing
            .stores
            .iter()
            .filter(|store| marketplaces.by_id(&store.marketplace_id).is_some())
            .peekable();
        stored.peek().is_some()
            && stored.all(|store| {
                !store.name.trim().is_empty()
                    && self
                        .stores
                        .iter()
                        .any(|shown| shown.marketplace_id == store.marketplace_id && shown.name == store.name)
            })
    }

    fn into_grant(self, replaced: Option<&Grant>, now: Timestamp) -> Grant {
        // The stores of a vendor are never known.
        let compared = replaced.filter(|_| self.partner_type != Some(PartnerType::Vendor));
        let superseded = compared.and_then(|grant| grant.superseded_by(&self.fingerprint, &self.stores));
        Grant {
            application_id: self.key.application_id,
            region: self.key.region,
            selling_partner_id: self.key.selling_partner_id,
            status: match replaced.map(|grant| grant.status) {
                Some(Status::Disabled) => Status::Disabled,
                _ => Status::Active,
            },
            version: replaced.map_or(1, |grant| grant.version + 1),
            epoch: None,
            revision: replaced.map_or(1, |grant| grant.revision + 1),
            kind: GrantKind::Oauth,
            partner_type: self.partner_type.or(replaced.and_then(|grant| grant.partner_type)),
            draft: self.draft,
            central_host: self.central_host.or_else(|| replaced.and_then(|grant| grant.central_host.clone())),
            account: self.account.or_else(|| replaced.and_then(|grant| grant.account.clone())),
            authorized_at: now,
            authorized_at_unknown: false,
            renewal_due_at: now + RENEWAL_AFTER,
            stores: if self.stores.is_empty() {
                replaced.map(|grant| grant.stores.clone()).unwrap_or_default()
            } else {
                self.stores
            },
            fingerprint: self.fingerprint,
            refresh_token: Some(self.refresh_token),
            resealed: false,
            reminded: None,
            outdated_reported: None,
            // They concerned the token that is now replaced. This partner has just been identified.
            conflicts: Vec::new(),
            region_assumed: Some(self.region_assumed && replaced.is_none_or(Grant::is_region_assumed)),
            sighting: None,
            moved_to: None,
            moved_from: replaced.and_then(|grant| grant.moved_from),
            superseded,
        }
    }
}

/// Why a token that the grant's own account brought is a conflict nevertheless.
pub const OWN_ACCOUNT_OTHER_STORES: &str =
    "the grant's own account brought the new token, but it shows none of the stores that the grant has";

impl Grant {
    /// Returns what has to be kept of this grant until the stores of a token that replaces its own are known, if its stores are.
    pub fn superseded_by(&self, fingerprint: &Fingerprint, stores: &[Store]) -> Option<Superseded> {
        if !stores.is_empty() || self.stores.is_empty() {
            return None;
        }
        // The stores are still those of the token that was replaced first.
        if self.superseded.is_some() || self.fingerprint == *fingerprint {
            return self.superseded.clone();
        }
        Some(Superseded {
            authorized_at: self.authorized_at,
            authorized_at_unknown: self.authorized_at_unknown,
            renewal_due_at: self.renewal_due_at,
            kind: self.kind,
            fingerprint: self.fingerprint.clone(),
            refresh_token: self.refresh_token.clone()?,
        })
    }
}

/// Returns the grant with one more conflict. The same unknown partner replaces its own earlier conflict, and no other.
pub(crate) fn with_conflict(existing: &Grant, new: Conflict) -> Grant {
    let mut grant = existing.clone();
    grant.revision += 1;
    let same = |conflict: &Conflict| {
        let same_stores = conflict.stores == new.stores;
        let same_account = conflict.account.is_some() && conflict.account == new.account;
        conflict.fingerprint == new.fingerprint || (same_stores && (same_account || !new.stores.is_empty()))
    };
    grant.conflicts.retain(|conflict| !same(conflict));
    if grant.conflicts.len() >= MAX_CONFLICTS {
        remove_weakest(&mut grant.conflicts);
    }
    grant.conflicts.push(new);
    grant
}

/// Removes the oldest of the conflicts with the weakest evidence. Anyone can bring any number of tokens about which
/// nothing is known; they must not displace the conflict that is the partner's own.
fn remove_weakest(conflicts: &mut Vec<Conflict>) {
    let least = (0..conflicts.len()).min_by_key(|at| evidence_of(&conflicts[*at]));
    conflicts.remove(least.unwrap_or_default());
}

/// How strong the evidence is: first a store at Amazon, then an account of the integrator.
fn evidence_of(conflict: &Conflict) -> (bool, bool) {
    (!conflict.stores.is_empty(), conflict.account.is_some())
}

#[cfg(test)]
mod tests;
