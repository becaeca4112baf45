//! Moves a grant to another region: the row under the old key becomes a pointer to the new one. Pure: a decision and its
//! reason.
//!
//! [`search`] decides whether a grant belongs elsewhere, and a request that names the old region follows the pointer. The
//! move itself is carried out in `vending`, because the tokens have to be sealed again, and committed in `grant_change`.

mod pointer;
pub mod search;

use jiff::Timestamp;

use crate::{
    amazon::marketplace::{PartnerType, Store},
    aws::sealing::Sealed,
    grant::{Conflict, Grant, Status, authorization::with_conflict, change::Change},
    history::Event,
    region::Region,
};

/// The tokens of a grant, sealed for its new key.
#[derive(Clone, Debug)]
pub struct Resealed {
    /// The refresh token.
    pub refresh_token: Sealed,
    /// The grant's conflicts with their tokens.
    pub conflicts: Vec<Conflict>,
}

/// What shows that the grant belongs to another region.
#[derive(Clone, Debug)]
pub enum Evidence {
    /// SP-API lists these stores there alone.
    Stores(Vec<Store>),
    /// An operator says so, for this reason.
    Operator(String),
}

/// A grant's new row, and the pointer that stays under its old key.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The pointer. It has no token.
    pub pointer: Grant,
    /// The grant under its new key.
    pub change: Change,
}

/// Returns whether the row `target` under the new key is a grant that must not be replaced.
pub fn is_taken(target: Option<&Grant>) -> bool {
    target.is_some_and(|target| target.status != Status::Removed)
}

/// Returns the row that leads from the key of `grant` to the region `to`. It has no token.
pub fn pointer(grant: &Grant, to: Region) -> Grant {
    Grant { revision: grant.revision + 1, moved_to: Some(to), ..grant.emptied() }
}

/// Moves `grant` to the region `to`, where there is no grant; `target` is the row that a removed one left.
pub fn moved(
    grant: &Grant,
    to: Region,
    target: Option<&Grant>,
    tokens: Resealed,
    evidence: Evidence,
) -> Moved {
    let pointer = pointer(grant, to);
    let (from, version) = (grant.region, grant.version.max(target.map_or(0, |target| target.version)) + 1);
    let mut grant = Grant {
        region: to,
        version,
        // The host, if there is one, is of the region from which the grant is moved.
        central_host: None,
        refresh_token: Some(tokens.refresh_token),
        conflicts: tokens.conflicts,
        region_assumed: Some(false),
        sighting: None,
        moved_to: None,
        moved_from: Some(from),
        superseded: None,
        ..grant.clone()
    };
    let reason = match evidence {
        Evidence::Stores(stores) => {
            grant.stores = stores;
            grant.partner_type = Some(PartnerType::Seller);
            format!(
                "Amazon lists the partner's stores in {to} alone, so the grant was moved there from {from}"
            )
        }
        Evidence::Operator(reason) => {
            // They are the stores of another region.
            grant.stores = Vec::new();
            reason
        }
    };
    Moved { pointer, change: Change::new(grant, Event::AuthorizationMoved, reason) }
}

/// The grant `target` under the new key stays as it is; `grant` becomes a conflict of it. `None` if it already is one.
pub fn disputed(
    grant: &Grant,
    target: &Grant,
    refresh_token: Sealed,
    stores: Vec<Store>,
    now: Timestamp,
) -> Option<Change> {
    if target.conflicts.iter().any(|conflict| conflict.fingerprint == grant.fingerprint) {
        return None;
    }
    let conflict = Conflict {
        at: grant.authorized_at.min(now),
        account: grant.account.clone(),
        stores,
        fingerprint: grant.fingerprint.clone(),
        refresh_token,
        held_in: Some(grant.region),
    };
    let (from, to) = (grant.region, target.region);
    let reason = format!(
        "Amazon lists the stores of the partner's grant in {from} in {to} alone, where the partner already has a grant"
    );
    let change = Change::new(with_conflict(target, conflict), Event::AuthorizationConflict, reason);
    Some(change.about(grant.fingerprint.clone()))
}
