//! What operators and integrators make of a grant. Pure: a decision and its reason.
//!
//! The version rises whenever refresh token, status or account changes, and with that every access token of the grant
//! is worth nothing.

use crate::{
    amazon::marketplace::PartnerType,
    aws::sealing::Sealed,
    error::Error,
    grant::{
        Conflict, Grant, GrantKind, RENEWAL_AFTER, Status, authorization::with_conflict, change::Change,
    },
    grant_change::Decision,
    history::{Event, actor::Reason},
    ids::Account,
    secret::Fingerprint,
};

/// A token that Amazon has just accepted, as it is to be kept.
#[derive(Clone, Debug)]
pub struct ValidatedToken {
    /// The refresh token, which may be another than the one that was sent.
    pub refresh_token: Sealed,
    /// What it looks like from outside.
    pub fingerprint: Fingerprint,
}

/// No token is handed out any longer.
pub fn disabled(current: &Grant, reason: Option<&Reason>) -> Decision {
    if current.status == Status::Disabled {
        return Decision::Stays;
    }
    let grant = Grant { status: Status::Disabled, ..next_version(current) };
    Decision::to(grant, Event::AuthorizationDisabled, said(reason, "it was disabled by request"))
}

/// Tokens are handed out again: Amazon has accepted the token with this fingerprint. Nothing changes if the grant has
/// another by now, which Amazon has not been asked about.
pub fn enabled(current: &Grant, validated: &Fingerprint, reason: Option<&Reason>) -> Decision {
    if current.fingerprint != *validated {
        return Decision::Stays;
    }
    let (event, because) = match current.status {
        Status::Active | Status::Removed => return Decision::Stays,
        Status::Disabled => {
            (Event::AuthorizationEnabled, "it was enabled by request, and Amazon accepts its token")
        }
        Status::ReauthorizationRequired => {
            (Event::AuthorizationRestored, "an operator asked Amazon again, which accepts its token")
        }
    };
    let grant = Grant { status: Status::Active, ..next_version(current) };
    Decision::to(grant, event, said(reason, because))
}

/// It was to be enabled, and Amazon has refused the token with this fingerprint.
pub fn refused(current: &Grant, tried: &Fingerprint) -> Decision {
    if current.fingerprint != *tried || current.status != Status::Disabled {
        return Decision::Stays;
    }
    let grant = Grant { status: Status::ReauthorizationRequired, ..next_version(current) };
    let reason = "it was to be enabled, and Amazon refuses its token";
    Decision::to(grant, Event::ReauthorizationRequired, reason)
}

/// Nothing is left but the key, its versions and the history.
pub fn removed(current: &Grant, reason: Option<&Reason>) -> Decision {
    if current.status == Status::Removed {
        return Decision::Stays;
    }
    Decision::to(current.emptied(), Event::AuthorizationRemoved, said(reason, "it was removed by request"))
}

/// Everything about it is about to be deleted, with its history.
pub fn erased(current: &Grant, reason: Option<&Reason>) -> Decision {
    Decision::to(current.emptied(), Event::AuthorizationErased, said(reason, "it was erased by request"))
}

/// The integrator knows its partner by this name, or by none.
pub fn linked(current: &Grant, account: Option<&Account>) -> Decision {
    if current.account.as_ref() == account {
        return Decision::Stays;
    }
    let reason = match (&current.account, account) {
        (None, _) => "an operator linked the grant to an account",
        (Some(_), Some(_)) => "an operator linked the grant to another account",
        (Some(_), None) => "an operator cleared the grant's account",
    };
    let grant = Grant { account: account.cloned(), ..next_version(current) };
    Decision::to(grant, Event::AccountLinked, reason)
}

/// The operator says that the grant's region is the partner's.
pub fn region_confirmed(current: &Grant, reason: Option<&Reason>) -> Decision {
    if !current.is_region_assumed() {
        return Decision::Stays;
    }
    let grant = Grant { region_assumed: Some(false), sighting: None, ..current.clone() };
    Decision::to(grant, Event::RegionConfirmed, said(reason, "an operator confirmed the region"))
}

/// The conflict with this fingerprint.
pub fn conflict<'g>(current: &'g Grant, fingerprint: &Fingerprint) -> Result<&'g Conflict, Error> {
    let found = current.conflicts.iter().find(|conflict| conflict.fingerprint == *fingerprint);
    found.ok_or_else(|| Error::invalid("fingerprint", "that of one of the grant's conflicts"))
}

/// The conflict's token was the same partner's: it takes the place of the grant's, as `validated` at Amazon.
pub fn accepted(
    current: &Grant,
    fingerprint: &Fingerprint,
    validated: &ValidatedToken,
) -> Result<Decision, Error> {
    let reason = "an operator accepted a conflict: the new token is the same partner's";
    Ok(with_token_of(current, conflict(current, fingerprint)?, validated, reason))
}

/// The token of `conflict`, as `validated` at Amazon, takes the place of the grant's.
pub(super) fn with_token_of(
    current: &Grant,
    conflict: &Conflict,
    validated: &ValidatedToken,
    reason: &str,
) -> Decision {
    let mut grant = next_version(current);
    if grant.status == Status::ReauthorizationRequired {
        grant.status = Status::Active;
    }
    grant.kind = GrantKind::Oauth;
    grant.authorized_at = conflict.at;
    grant.authorized_at_unknown = false;
    grant.renewal_due_at = conflict.at + RENEWAL_AFTER;
    // The account of the conflict brought the token. The grant's own account might be that of a stranger who came first.
    grant.account = conflict.account.clone().or(grant.account);
    if !conflict.stores.is_empty() {
        grant.stores.clone_from(&conflict.stores);
        grant.partner_type = Some(PartnerType::Seller);
    }
    grant.refresh_token = Some(validated.refresh_token.clone());
    grant.fingerprint = validated.fingerprint.clone();
    grant.resealed = false;
    grant.reminded = None;
    grant.conflicts.retain(|other| other.fingerprint != conflict.fingerprint);
    // The decision says which token is the partner's, so the token before is not needed.
    grant.superseded = None;
    Decision::to(grant, Event::AuthorizationRenewed, reason)
}

/// The conflict's token was another partner's, and is deleted.
pub fn rejected(current: &Grant, fingerprint: &Fingerprint) -> Result<Decision, Error> {
    conflict(current, fingerprint)?;
    let mut grant = current.clone();
    grant.conflicts.retain(|other| other.fingerprint != *fingerprint);
    let reason = "an operator rejected a conflict: its token is deleted, and the grant keeps its own";
    Ok(Change::new(grant, Event::ConflictRejected, reason).about(fingerprint.clone()).into())
}

/// An operator imported a token, and Amazon answered with another one in its place, which is lost unless it is kept: the grant keeps its
/// own token, and the one that was `imported` becomes a conflict.
pub fn imported_beside(current: &Grant, imported: &Grant) -> Decision {
    let Some(refresh_token) = imported.refresh_token.clone() else { return Decision::Stays };
    if current.has_conflict(&imported.fingerprint) {
        return Decision::Stays;
    }
    let conflict = Conflict {
        at: imported.authorized_at,
        account: imported.account.clone(),
        stores: imported.stores.clone(),
        fingerprint: imported.fingerprint.clone(),
        refresh_token,
        held_in: None,
    };
    let reason = "an operator imported a token of a partner that has a grant, and Amazon replaced that token by this one";
    let change = Change::new(with_conflict(current, conflict), Event::AuthorizationConflict, reason);
    change.about(imported.fingerprint.clone()).into()
}

/// Every access token of the grant is fetched again.
pub fn invalidated(current: &Grant) -> Decision {
    let reason = "an operator had every access token replaced";
    Decision::to(next_version(current), Event::TokensInvalidated, reason)
}

fn next_version(current: &Grant) -> Grant {
    Grant { version: current.version + 1, ..current.clone() }
}

fn said(reason: Option<&Reason>, otherwise: &str) -> String {
    reason.map_or(otherwise, Reason::as_str).to_owned()
}

#[cfg(test)]
mod tests;
