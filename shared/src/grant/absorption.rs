//! A grant takes the refresh token of the same partner's grant in another region, which becomes a pointer: one token is never
//! in use under two keys. Pure.

use crate::{
    grant::{Conflict, Grant, authorization::with_conflict, change::Change, relocation::pointer},
    history::Event,
    region::Region,
};

/// The partner's grant in another region, whose token another grant takes.
#[derive(Clone, Debug)]
pub struct Absorbed {
    /// Its row.
    pub grant: Grant,
    /// Its conflicts, with their tokens sealed for the key of the grant that takes the token.
    pub conflicts: Vec<Conflict>,
}

impl Absorbed {
    /// Returns the row that stays under the old key.
    pub fn pointer_to(&self, region: Region) -> Grant {
        pointer(&self.grant, region)
    }

    /// Adds to `change`, by which a grant takes the token, what else this grant leaves to it: its account, its dates and its
    /// conflicts.
    #[must_use]
    pub fn left_to(&self, mut change: Change) -> Change {
        let from = &self.grant;
        for conflict in &self.conflicts {
            if conflict.fingerprint != change.grant.fingerprint {
                change.grant = with_conflict(&change.grant, conflict.clone());
            }
        }
        change.grant = Grant {
            kind: from.kind,
            authorized_at: from.authorized_at,
            authorized_at_unknown: from.authorized_at_unknown,
            renewal_due_at: from.renewal_due_at,
            account: from.account.clone().or(change.grant.account),
            moved_from: Some(from.region),
            ..change.grant
        };
        if change.event != Event::AuthorizationMoved {
            change.absorbed = Some(from.region);
        }
        change
    }

    /// Returns what becomes of `target`, which already has the token of this grant. `None` if it has it no longer, or if an
    /// operator has to decide first to which account it belongs.
    pub fn merged_into(&self, target: &Grant) -> Option<Change> {
        let is_one = self.grant.fingerprint == target.fingerprint && is_of_one_account(&self.grant, target);
        let reason = format!(
            "the partner's grants in {} and {} have the same refresh token, so the one in {} now points to the other",
            self.grant.region, target.region, self.grant.region
        );
        let grant = Grant { version: target.version + 1, ..target.clone() };
        is_one.then(|| Change::new(grant, Event::AuthorizationMoved, reason))
    }
}

impl Grant {
    /// Returns whether this grant of the same partner, in another region than the `conflict` of the grant in `region`, holds the
    /// conflict's token, or the one by which Amazon has replaced it since.
    pub fn holds_token_of(&self, conflict: &Conflict, region: Region) -> bool {
        let is_its_own = || {
            let sighted = self.sighting.as_ref();
            conflict.held_in == Some(self.region)
                && self.is_region_assumed()
                && sighted.is_some_and(|sighted| sighted.reported && sighted.region == region)
        };
        self.fingerprint == conflict.fingerprint || is_its_own()
    }
}

/// Returns whether nothing shows that the two grants belong to two accounts.
pub fn is_of_one_account(one: &Grant, other: &Grant) -> bool {
    one.account.is_none() || other.account.is_none() || one.account == other.account
}
