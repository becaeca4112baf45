//! What Amazon's answer to a refresh makes of a grant. Pure: a decision and its reason.

use crate::{
    aws::sealing::Sealed,
    grant::{Grant, Status, version::VersionId},
    grant_change::Decision,
    history::Event,
    secret::Fingerprint,
};

/// Amazon answered a refresh with the refresh token `tried` by another one, which takes its place. If the partner authorized again
/// meanwhile, the token of that authorization stays. A removed grant gets none.
pub fn replaced(
    current: Option<&Grant>,
    tried: &Fingerprint,
    (fingerprint, sealed): (&Fingerprint, &Sealed),
) -> Decision {
    let unchanged =
        current.filter(|current| current.status != Status::Removed && current.fingerprint == *tried);
    unchanged.map_or(Decision::Stays, |current| {
        let grant = Grant {
            refresh_token: Some(sealed.clone()),
            fingerprint: fingerprint.clone(),
            version: current.version + 1,
            ..current.clone()
        };
        Decision::to(
            grant,
            Event::RefreshTokenReplaced,
            "Amazon answered a refresh with another refresh token",
        )
    })
}

/// Amazon accepts the grant of this version again, which it had refused.
pub fn accepted_again(current: Option<&Grant>, version: &VersionId) -> Decision {
    let refused =
        |grant: &&Grant| grant.version_id() == *version && grant.status == Status::ReauthorizationRequired;
    current.filter(refused).map_or(Decision::Stays, |grant| {
        Decision::to(
            Grant { status: Status::Active, version: grant.version + 1, ..grant.clone() },
            Event::AuthorizationRestored,
            "Amazon accepts the authorization again",
        )
    })
}

/// Amazon has refused the grant of this version twice, for this `reason`.
pub fn refused_twice(current: Option<&Grant>, version: &VersionId, reason: &str) -> Decision {
    let tried = |grant: &&Grant| grant.version_id() == *version && grant.status == Status::Active;
    current.filter(tried).map_or(Decision::Stays, |grant| {
        Decision::to(
            Grant { status: Status::ReauthorizationRequired, version: grant.version + 1, ..grant.clone() },
            Event::ReauthorizationRequired,
            reason,
        )
    })
}
