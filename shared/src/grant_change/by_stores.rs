//! What becomes of a grant once the stores under its own token are known. Pure: a decision and its reason.

use crate::{
    amazon::marketplace::{Marketplaces, PartnerType, Store},
    grant::{
        Conflict, Grant, Status, Superseded,
        authorization::{OWN_ACCOUNT_OTHER_STORES, with_conflict},
        change::Change,
        stores::{are_the_same, have_nothing_in_common},
    },
    grant_change::{
        Decision,
        by_operator::{ValidatedToken, with_token_of},
    },
    history::Event,
    secret::Fingerprint,
};

/// The stores that Amazon listed under the refresh token with this fingerprint.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// The fingerprint of the grant's refresh token, for which SP-API was asked.
    pub fingerprint: &'a Fingerprint,
    /// The stores.
    pub stores: &'a [Store],
}

impl Listed<'_> {
    /// Returns the latest conflict that these stores show to be the same seller's: the old token has the stores that the new one
    /// has. `None` if there is none, the grant has another token by now, or it hands out none.
    pub fn settle<'g>(&self, current: &'g Grant, marketplaces: &Marketplaces) -> Option<&'g Conflict> {
        let is_working = matches!(current.status, Status::Active | Status::ReauthorizationRequired);
        if !is_working || current.fingerprint != *self.fingerprint || current.superseded.is_some() {
            return None;
        }
        let is_the_sellers = |conflict: &&Conflict| {
            current.may_be_settled(conflict) && are_the_same(&conflict.stores, self.stores, marketplaces)
        };
        current.conflicts.iter().filter(is_the_sellers).max_by_key(|conflict| conflict.at)
    }

    /// The token of the conflict with the fingerprint `settled`, which Amazon has just `validated`, takes the place of the grant's.
    pub fn accepted(
        &self,
        current: &Grant,
        (settled, validated): (&Fingerprint, &ValidatedToken),
        marketplaces: &Marketplaces,
    ) -> Decision {
        let reason =
            "Amazon lists the stores of the new token under the old token too: it is the same seller";
        match self.settle(current, marketplaces).filter(|conflict| conflict.fingerprint == *settled) {
            Some(conflict) => with_token_of(current, conflict, validated, reason),
            None => Decision::Stays,
        }
    }

    /// The stores of a token whose stores were not known when the grant's account brought it. If the grant had none of them before,
    /// the token before takes its place again, and this one is a conflict, as if Amazon had answered at once.
    pub fn known_at_last(&self, current: &Grant, marketplaces: &Marketplaces) -> Decision {
        let superseded = current.superseded.as_ref().filter(|_| current.status != Status::Removed);
        let (Some(before), Some(token)) = (superseded, &current.refresh_token) else {
            return Decision::Stays;
        };
        if current.fingerprint != *self.fingerprint {
            return Decision::Stays;
        }
        if !have_nothing_in_common(&current.stores, self.stores, marketplaces) {
            let grant = Grant {
                stores: self.stores.to_vec(),
                partner_type: Some(PartnerType::Seller),
                superseded: None,
                ..current.clone()
            };
            let reason = "Amazon returned the stores of the token that the partner's account brought last";
            return Decision::to(grant, Event::AuthorizationVerified, reason);
        }
        let conflict = Conflict {
            at: current.authorized_at,
            account: current.account.clone(),
            stores: self.stores.to_vec(),
            fingerprint: current.fingerprint.clone(),
            refresh_token: token.clone(),
            held_in: None,
        };
        let grant = with_conflict(&with_token_before(current, before), conflict);
        let change = Change::new(grant, Event::AuthorizationConflict, OWN_ACCOUNT_OTHER_STORES);
        change.about(current.fingerprint.clone()).into()
    }
}

fn with_token_before(current: &Grant, before: &Superseded) -> Grant {
    Grant {
        version: current.version + 1,
        kind: before.kind,
        authorized_at: before.authorized_at,
        authorized_at_unknown: before.authorized_at_unknown,
        renewal_due_at: before.renewal_due_at,
        fingerprint: before.fingerprint.clone(),
        refresh_token: Some(before.refresh_token.clone()),
        resealed: false,
        reminded: None,
        superseded: None,
        ..current.clone()
    }
}

#[cfg(test)]
mod tests;
