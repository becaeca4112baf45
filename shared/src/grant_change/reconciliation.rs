//! What a grant's history says that its row has forgotten. Pure. What takes rights away is done again; nothing is enabled or
//! authorized, because the history holds no token.

use crate::{
    error::Error,
    grant::{Grant, Status},
    grant_change::{
        Decision,
        by_operator::{disabled, linked, rejected, removed},
    },
    history::{Event, Record, actor::Reason},
    ids::Account,
    secret::Fingerprint,
};

/// The reason of a change that was made before the restore.
const REASON: &str = "done again after a restore from a backup: the history has it";

/// A change that is made again.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Step {
    /// The grant was removed.
    Remove,
    /// The grant was disabled.
    Disable,
    /// The grant was linked to this account, or its account was cleared.
    Link(Option<Account>),
    /// The conflict with this fingerprint was rejected.
    Reject(Fingerprint),
}

/// What the history says of a grant.
#[derive(Debug, Eq, PartialEq)]
pub struct Comparison {
    /// What is done again, in this order.
    pub steps: Vec<Step>,
    /// The partner has authorized again since; the row has an older token, which Amazon may refuse.
    pub authorize_again: bool,
    /// The row is newer than the history, which therefore says nothing of it.
    pub history_behind: bool,
}

impl Step {
    /// Decides on the current row.
    pub fn decide(&self, current: &Grant) -> Result<Decision, Error> {
        let reason: Option<Reason> = REASON.parse().ok();
        Ok(match self {
            Self::Remove => removed(current, reason.as_ref()),
            Self::Disable => disabled(current, reason.as_ref()),
            Self::Link(account) => linked(current, account.as_ref()),
            Self::Reject(fingerprint) if current.has_conflict(fingerprint) => rejected(current, fingerprint)?,
            Self::Reject(_) => Decision::Stays,
        })
    }

    /// Returns the event of the change.
    pub fn event(&self) -> Event {
        match self {
            Self::Remove => Event::AuthorizationRemoved,
            Self::Disable => Event::AuthorizationDisabled,
            Self::Link(_) => Event::AccountLinked,
            Self::Reject(_) => Event::ConflictRejected,
        }
    }
}

/// Compares a grant with its records, oldest first.
pub fn compared(grant: &Grant, records: &[Record]) -> Comparison {
    let nothing = Comparison { steps: Vec::new(), authorize_again: false, history_behind: false };
    let is_removed = grant.status == Status::Removed;
    // A pointer to another region has no record of its own.
    if grant.points_to().is_some() {
        return nothing;
    }
    if !is_removed && records.last().is_none_or(|newest| newest.revision < grant.revision) {
        return Comparison { history_behind: true, ..nothing };
    }
    let (mut was_removed, mut is_out, mut is_disabled) = (false, false, false);
    let (mut account, mut tokens, mut rejections) = (None, Vec::new(), Vec::new());
    for record in records {
        match record.event {
            Event::AuthorizationRemoved | Event::AuthorizationErased => {
                (was_removed, is_out, is_disabled) = (true, true, false);
                (account, tokens) = (None, Vec::new());
            }
            Event::AuthorizationGranted => {
                (is_out, is_disabled) = (false, false);
                account = Some(record.account.as_str());
                tokens.push(record.fingerprint.as_str());
            }
            Event::AuthorizationRenewed | Event::RefreshTokenReplaced => {
                is_out = false;
                // An authorization after the restore may repeat the account of the backup.
                account = account.or(Some(record.account.as_str()).filter(|account| !account.is_empty()));
                tokens.push(record.fingerprint.as_str());
            }
            Event::AccountLinked => account = Some(record.account.as_str()),
            Event::AuthorizationDisabled => is_disabled = true,
            Event::AuthorizationEnabled => is_disabled = false,
            Event::ConflictRejected => rejections.push(record.fingerprint.as_str()),
            // These take nothing away that a row of a backup could give back.
            Event::AuthorizationConflict
            | Event::ReauthorizationRequired
            | Event::RefreshRefused
            | Event::AuthorizationRestored
            | Event::AuthorizationVerified
            | Event::StoresChanged
            | Event::AuthorizationMoved
            | Event::RegionConfirmed
            | Event::AuthorizationExpiring
            | Event::AuthorizationOverdue
            | Event::AuthorizationOutdated
            | Event::ApplicationRegistered
            | Event::ApplicationUpdated
            | Event::ApplicationDisabled
            | Event::ApplicationEnabled
            | Event::ApplicationTokensInvalidated
            | Event::ConsumerChanged
            | Event::ClientSecretExpiring
            | Event::ClientSecretExpiryDoubted
            | Event::ClientSecretRequested
            | Event::ClientSecretRotated
            | Event::ClientSecretRotationFailed
            | Event::TokensInvalidated
            | Event::GrantRepaired => {}
        }
    }
    let has = |token: &&str| *token == grant.fingerprint.as_str();
    let is_of_before_removal = was_removed && !tokens.iter().any(&has);
    let authorize_again = !is_out && tokens.last().is_some_and(|newest| is_removed || !has(newest));
    let mut steps = Vec::new();
    if is_removed {
        return Comparison { steps, authorize_again, history_behind: false };
    }
    if is_out || is_of_before_removal {
        return Comparison { steps: vec![Step::Remove], authorize_again, history_behind: false };
    }
    let rejected = |fingerprint: &Fingerprint| rejections.contains(&fingerprint.as_str());
    let conflicts = grant.conflicts.iter().map(|conflict| &conflict.fingerprint);
    steps.extend(conflicts.filter(|fingerprint| rejected(fingerprint)).cloned().map(Step::Reject));
    if let Some(account) = account {
        let wanted: Option<Account> = account.parse().ok();
        // A text that is no account is of another release, and clears none.
        if wanted != grant.account && (wanted.is_some() || account.is_empty()) {
            steps.push(Step::Link(wanted));
        }
    }
    if is_disabled && grant.status != Status::Disabled {
        steps.push(Step::Disable);
    }
    Comparison { steps, authorize_again, history_behind: false }
}

#[cfg(test)]
mod tests;
