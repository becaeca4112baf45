//! Stores a refresh token that Amazon issued in place of a grant's, and reports one that was lost.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use super::{Vending, fetch::NotFetched};
use crate::{
    access_token::{Lost, TokenKey},
    amazon::lwa::Tokens,
    aws::metrics::Metric,
    deadline::{Clock, retry_until},
    error::Error,
    grant::{Grant, GrantKey, Status, change::Change, version::VersionId},
    grant_change::{Decision, Made},
    history::{Event, actor::Who},
    secret::RefreshToken,
};

/// The time that is reserved for recording that a refresh token was lost.
const RECORDING_TAKES: Duration = Duration::from_secs(2);

/// Counts the refresh tokens that are being stored.
#[derive(Debug, Default)]
pub(super) struct Storing(AtomicUsize);

/// One refresh token that is being stored, until this is dropped.
pub(super) struct Begun<'a>(&'a Storing);

impl Storing {
    fn begin(&self) -> Begun<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Begun(self)
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Vending {
    /// Whether a refresh token that Amazon has issued is being stored. What ends this invocation then loses it.
    pub fn is_storing_refresh_token(&self) -> bool {
        self.storing.0.load(Ordering::Relaxed) > 0
    }

    /// Amazon echoes the refresh token that was sent (F§4.4). Should it ever send another, that one is kept before
    /// anything else happens, since the old one may be dead. Returns the version of the grant to which tokens belong.
    pub(super) async fn keep_replacement(
        &self,
        tokens: &Tokens,
        tried: &Grant,
        clock: Clock,
    ) -> Result<VersionId, NotFetched> {
        // No time-out of a caller may end this.
        let clock = clock.until_the_end();
        let Some(replacement) = &tokens.refresh_token else {
            return Ok(tried.version_id());
        };
        let fingerprint = replacement.fingerprint();
        if fingerprint == tried.fingerprint {
            return Ok(tried.version_id());
        }
        let _storing = self.storing.begin();
        let stored = self.store_replacement(replacement, tried, clock.less(RECORDING_TAKES)).await;
        if let Err(error) = &stored {
            self.report_loss(tried, error, clock).await;
        }
        stored.map_err(NotFetched::Lost)
    }

    async fn store_replacement(
        &self,
        replacement: &RefreshToken,
        tried: &Grant,
        clock: Clock,
    ) -> Result<VersionId, Error> {
        let fingerprint = replacement.fingerprint();
        let key = tried.key();
        let owner = key.refresh_token_owner();
        let sealed =
            retry_until(clock.deadline(), || self.sealer.seal(replacement.expose(), &owner, clock.began()))
                .await?;
        let decide = |current: Option<&Grant>| {
            // If the partner authorized again meanwhile, the token of that authorization stays. A removed grant gets none.
            let unchanged = current.filter(|current| {
                current.status != Status::Removed && current.fingerprint == tried.fingerprint
            });
            Ok::<_, Error>(unchanged.map_or(Decision::Stays, |current| {
                let grant = Grant {
                    refresh_token: Some(sealed.clone()),
                    fingerprint: fingerprint.clone(),
                    version: current.version + 1,
                    ..current.clone()
                };
                let reason = "Amazon answered a refresh with another refresh token";
                Decision::to(grant, Event::RefreshTokenReplaced, reason)
            }))
        };
        // No notice to the refresher: the holder of the lease stores when the token is due.
        let no_notice = |_: Option<&Grant>, _: Option<&Change>| Vec::new();
        let made = self.changes.make_with(&key, decide, no_notice, &Who::amazon(), clock).await?;
        let elsewhere = match &made {
            Made::Stays(Some(current)) if current.fingerprint == tried.fingerprint => current.points_to(),
            Made::Stays(_) | Made::Changed(_) | Made::Refused(_) => None,
        };
        if let Some(GrantKey { region, .. }) = elsewhere {
            // The grant was moved to another region meanwhile.
            let moved = Grant { region, ..tried.clone() };
            return Box::pin(self.store_replacement(replacement, &moved, clock)).await;
        }
        Ok(match made {
            Made::Changed(change) => change.grant.version_id(),
            Made::Stays(_) | Made::Refused(_) => tried.version_id(),
        })
    }

    /// Reports a lost refresh token: in the log, by a metric, and in the token's row, so that a later refusal of the
    /// grant names the true reason.
    async fn report_loss(&self, tried: &Grant, error: &Error, clock: Clock) {
        let (key, cause) = (tried.key(), error.cause());
        self.metrics.count(Metric::RefreshTokensLost);
        tracing::error!(
            grant.key = %key,
            cause,
            "Amazon replaced the refresh token of grant {key}, and the new one was not stored and is lost: {error}; \
             hint: if Amazon refuses the old one, ask the partner to authorize again"
        );
        let lost = Lost { fingerprint: tried.fingerprint.clone(), at: clock.now() };
        let token = TokenKey::of_partner(&key);
        if let Err(error) = retry_until(clock.deadline(), || self.tokens.record_loss(&token, &lost)).await {
            tracing::warn!(grant.key = %key, cause = %error, "Loss of a refresh token of grant {key} was not recorded: {error}");
        }
    }
}
