//! What becomes of a grant when an integrator says whose authorization has just come back. Pure: a decision and its
//! reason.

use crate::{
    amazon::marketplace::Marketplaces,
    grant::{
        Grant, GrantKind, RENEWAL_AFTER, Status, authorization::OWN_ACCOUNT_OTHER_STORES, change::Change,
        stores::have_nothing_in_common,
    },
    grant_change::Decision,
    history::Event,
    ids::Account,
    journey::request::{Finished, Outcome},
};

impl Finished<'_> {
    /// What becomes of `grant`, the row of the journey's partner as it stands, now that the integrator says that its own
    /// user `account` has come back from this journey. Otherwise why nothing does.
    pub fn completed_by(
        self,
        account: &Account,
        grant: Option<&Grant>,
        marketplaces: &Marketplaces,
    ) -> Result<Decision, &'static str> {
        if self.request.account.as_ref() != Some(account) {
            return Err("the authorization was not begun for this account");
        }
        let Some(grant) = grant.filter(|grant| grant.status != Status::Removed) else {
            return Err("the authorization was removed in the meantime");
        };
        if grant.account.as_ref().is_some_and(|linked| linked != account) {
            return Err("the selling partner is linked to another account");
        }
        if self.outcome == Outcome::Conflict {
            return self.proves(grant, marketplaces).map(Decision::from);
        }
        // A token that was replaced by a newer authorization says nothing of that one's partner.
        if grant.fingerprint != self.brought.fingerprint && grant.authorized_at != self.brought.at {
            return Err("a newer authorization has taken the place of this one");
        }
        if grant.account.is_some() {
            return Ok(Decision::Stays);
        }
        let linked = Grant {
            account: Some(account.clone()),
            version: grant.version + 1,
            revision: grant.revision + 1,
            ..grant.clone()
        };
        let reason = "the integrator completed the authorization for its user";
        Ok(Decision::to(linked, Event::AccountLinked, reason))
    }

    /// The token that waits beside the grant takes its place, because the grant's own account brought it.
    fn proves(self, grant: &Grant, marketplaces: &Marketplaces) -> Result<Change, &'static str> {
        if grant.account.is_none() {
            return Err("nothing proves that the authorization is the known partner's; an operator decides");
        }
        let waiting =
            grant.conflicts.iter().find(|conflict| conflict.fingerprint == self.brought.fingerprint);
        let Some(waiting) = waiting else {
            return Err("the authorization that waited for a decision is there no longer");
        };
        if have_nothing_in_common(&grant.stores, &waiting.stores, marketplaces) {
            return Err(OWN_ACCOUNT_OTHER_STORES);
        }
        let request = self.request;
        let renewed = Grant {
            status: if grant.status == Status::Disabled { Status::Disabled } else { Status::Active },
            version: grant.version + 1,
            revision: grant.revision + 1,
            kind: GrantKind::Oauth,
            partner_type: request.partner_type.or(grant.partner_type),
            draft: request.draft,
            central_host: request.central_host.clone().or_else(|| grant.central_host.clone()),
            authorized_at: waiting.at,
            authorized_at_unknown: false,
            renewal_due_at: waiting.at + RENEWAL_AFTER,
            stores: if waiting.stores.is_empty() { grant.stores.clone() } else { waiting.stores.clone() },
            fingerprint: waiting.fingerprint.clone(),
            refresh_token: Some(waiting.refresh_token.clone()),
            resealed: false,
            reminded: None,
            conflicts: Vec::new(),
            superseded: grant.superseded_by(&waiting.fingerprint, &waiting.stores),
            ..grant.clone()
        };
        let reason = "the integrator completed the authorization for the grant's own account";
        Ok(Change::new(renewed, Event::AuthorizationRenewed, reason))
    }
}

#[cfg(test)]
mod tests;
