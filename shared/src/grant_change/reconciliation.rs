//! What a grant's history says that its row has forgotten. Pure. What takes rights away is done again; nothing is authorized, because
//! the history holds no token. A grant is enabled only if nothing speaks against it.

use crate::{
    error::Error,
    grant::{Grant, Status},
    grant_change::{
        Decision,
        by_operator::{disabled, enabled, linked, rejected, removed},
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
    /// The grant was enabled, with the token that the row has.
    Enable,
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
    /// The grant was enabled since, but something speaks against that or may be missing, so the row stays disabled.
    pub stays_disabled: bool,
}

impl Step {
    /// Decides on the current row. One that was not at the revision `compared` any more may have been disabled since.
    pub fn decide(&self, current: &Grant, compared: u64) -> Result<Decision, Error> {
        let reason: Option<Reason> = REASON.parse().ok();
        Ok(match self {
            Self::Remove => removed(current, reason.as_ref()),
            Self::Disable => disabled(current, reason.as_ref()),
            Self::Link(account) => linked(current, account.as_ref()),
            Self::Reject(fingerprint) if current.has_conflict(fingerprint) => rejected(current, fingerprint)?,
            Self::Enable if current.status == Status::Disabled && current.revision == compared => {
                enabled(current, &current.fingerprint, reason.as_ref())
            }
            Self::Reject(_) | Self::Enable => Decision::Stays,
        })
    }

    /// Returns the event of the change.
    pub fn event(&self) -> Event {
        match self {
            Self::Remove => Event::AuthorizationRemoved,
            Self::Disable => Event::AuthorizationDisabled,
            Self::Link(_) => Event::AccountLinked,
            Self::Reject(_) => Event::ConflictRejected,
            Self::Enable => Event::AuthorizationEnabled,
        }
    }
}

/// Compares a grant with its records, oldest first.
pub fn compared(grant: &Grant, records: &[Record]) -> Comparison {
    let nothing = Comparison {
        steps: Vec::new(),
        authorize_again: false,
        history_behind: false,
        stays_disabled: false,
    };
    let is_removed = grant.status == Status::Removed;
    // A pointer to another region has no record of its own.
    if grant.points_to().is_some() {
        return nothing;
    }
    if !is_removed && records.last().is_none_or(|newest| newest.revision < grant.revision) {
        return Comparison { history_behind: true, ..nothing };
    }
    let (mut was_removed, mut is_out, mut is_disabled, mut is_enabled) = (false, false, false, false);
    let (mut account, mut tokens, mut rejections) = (None, Vec::new(), Vec::new());
    for record in records {
        match record.event {
            Event::AuthorizationRemoved | Event::AuthorizationErased => {
                (was_removed, is_out, is_disabled, is_enabled) = (true, true, false, false);
                (account, tokens) = (None, Vec::new());
            }
            Event::AuthorizationGranted => {
                (is_out, is_disabled, is_enabled) = (false, false, false);
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
            Event::AuthorizationDisabled => (is_disabled, is_enabled) = (true, false),
            Event::AuthorizationEnabled => (is_disabled, is_enabled) = (false, true),
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
    if is_removed {
        return Comparison { authorize_again, ..nothing };
    }
    if is_out || is_of_before_removal {
        return Comparison { steps: vec![Step::Remove], authorize_again, ..nothing };
    }
    let mut steps = Vec::new();
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
    let was_enabled = is_enabled && grant.status == Status::Disabled;
    let may_be_enabled = was_enabled && is_enabled_for_sure(grant, records);
    if may_be_enabled {
        // The last step: what is enabled has the account of its history.
        steps.push(Step::Enable);
    }
    Comparison {
        steps,
        authorize_again,
        history_behind: false,
        stays_disabled: was_enabled && !may_be_enabled,
    }
}

/// Returns whether the grant was enabled after its row was written, with the token of the row, and Amazon has not refused it since. No
/// record may be missing from then on: it could have disabled the grant.
fn is_enabled_for_sure(grant: &Grant, records: &[Record]) -> bool {
    let enabling = records.iter().rposition(|record| record.event == Event::AuthorizationEnabled);
    let since = enabling.map_or(&[][..], |at| &records[at..]);
    let is_refused = since.iter().any(|record| record.event == Event::ReauthorizationRequired);
    let is_whole = since.windows(2).all(|pair| pair[0].revision + 1 == pair[1].revision);
    since.first().is_some_and(|enabled| {
        let is_of_this_token = enabled.fingerprint == grant.fingerprint.as_str();
        enabled.revision > grant.revision && is_of_this_token && is_whole && !is_refused
    })
}

#[cfg(test)]
mod tests;
