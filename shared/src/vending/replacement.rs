//! Stores a refresh token that Amazon issued in place of a grant's, and reports one that was lost.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::{Vending, fetch::NotFetched};
use crate::{
    access_token::{Lost, TokenKey},
    aws::{AwsError, metrics::Metric},
    deadline::{Clock, Deadline, retry_until},
    error::Error,
    grant::{Grant, GrantKey, change::Change, version::VersionId},
    grant_change::{Made, by_amazon::replaced},
    history::actor::Who,
    secret::RefreshToken,
};

/// The time that is reserved for recording that a refresh token was lost.
const RECORDING_TAKES: Duration = Duration::from_secs(2);

/// The time that is reserved for what follows the record of a loss.
const ENDING_TAKES: Duration = Duration::from_millis(500);

/// How long recording an earlier loss may delay a request.
const RECORDING_LATER_TAKES: Duration = Duration::from_secs(1);

/// How many losses are kept in memory until the tables can be written again.
const UNRECORDED_AT_MOST: usize = 1_000;

/// The refresh tokens that Amazon may be issuing, or has issued, and that are not stored yet; and the losses of such tokens that are
/// not recorded yet.
#[derive(Debug, Default)]
pub(super) struct Unstored {
    count: AtomicUsize,
    losses: Mutex<Vec<(TokenKey, Lost)>>,
}

/// One refresh token that may not be stored yet, until this is dropped.
pub(super) struct Begun<'a>(&'a Unstored);

impl Unstored {
    /// Begins before Amazon is called, because its answer may hold another refresh token.
    pub(super) fn begin(&self) -> Begun<'_> {
        self.count.fetch_add(1, Ordering::Relaxed);
        Begun(self)
    }

    fn losses(&self) -> MutexGuard<'_, Vec<(TokenKey, Lost)>> {
        self.losses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record_later(&self, token: TokenKey, lost: Lost) {
        let mut losses = self.losses();
        if losses.len() < UNRECORDED_AT_MOST {
            losses.push((token, lost));
        }
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Vending {
    /// Whether Amazon may have issued a refresh token that is not stored yet. What ends this invocation then loses it.
    pub fn may_lose_refresh_token(&self) -> bool {
        self.unstored.count.load(Ordering::Relaxed) > 0
    }

    /// Amazon echoes the refresh token that was sent (F§4.4). Should it ever send another, that one is kept before
    /// anything else happens, since the old one may be dead. That holds for an answer without a usable access token too. Returns the version of the grant to which tokens belong.
    pub(super) async fn keep_replacement(
        &self,
        replacement: Option<&RefreshToken>,
        tried: &Grant,
        clock: Clock,
    ) -> Result<VersionId, NotFetched> {
        // No time-out of a caller may end this.
        let clock = clock.until_the_end();
        let Some(replacement) = replacement else {
            return Ok(tried.version_id());
        };
        let fingerprint = replacement.fingerprint();
        if fingerprint == tried.fingerprint {
            return Ok(tried.version_id());
        }
        // The calls to AWS end in time to say which of them lost the token.
        let storing = clock.less(RECORDING_TAKES);
        let stored = storing.deadline().limiting(self.store_replacement(replacement, tried, storing));
        match Box::pin(stored).await {
            Ok(version) => Ok(version),
            Err(error) => Err(NotFetched::Lost(self.lost(tried, error, clock).await)),
        }
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
            Ok::<_, Error>(replaced(current, &tried.fingerprint, (&fingerprint, &sealed)))
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

    /// Reports a lost refresh token, and records it in the token's row, so that a later refusal of the grant names the true reason.
    async fn lost(&self, tried: &Grant, error: Error, clock: Clock) -> Error {
        let (key, fingerprint, cause) = (tried.key(), tried.fingerprint.clone(), Some(error.kind()));
        let lost = Lost { fingerprint, at: clock.now(), cause };
        let error = self.report_loss(&key, error);
        let token = TokenKey::of_partner(&key);
        let deadline = clock.less(ENDING_TAKES).deadline();
        let recorded =
            deadline.limiting(retry_until(deadline, || self.tokens.record_loss(&token, &lost))).await;
        if let Err(error) = recorded {
            tracing::warn!(grant.key = %key, cause = %error, "Loss of a refresh token of grant {key} was not recorded: {error}");
            self.unstored.record_later(token, lost);
        }
        error
    }

    /// Reports, by a metric and in the log, that a refresh token was lost which Amazon had issued for the grant of this key, because of
    /// `error`. Returns the error for the caller.
    pub fn report_loss(&self, key: &GrantKey, error: Error) -> Error {
        self.metrics.count(Metric::RefreshTokensLost);
        let (cause, kind) = (error.cause(), error.kind());
        tracing::error!(
            grant.key = %key,
            cause,
            aws.requestId = error.aws().and_then(AwsError::request_id),
            "Amazon replaced the refresh token of grant {key}, and the new one was not stored and is lost: {kind}; \
             hint: if Amazon refuses the old one, ask the partner to authorize again"
        );
        Error::RefreshTokenLost(Box::new(error))
    }

    /// Records the losses that could not be recorded when they happened, if the table can be written again.
    pub(super) async fn record_earlier_losses(&self, deadline: Deadline) {
        let deadline = deadline.within(RECORDING_LATER_TAKES);
        loop {
            let Some((token, lost)) = self.unstored.losses().pop() else { return };
            if deadline.limiting(self.tokens.record_loss(&token, &lost)).await.is_err() {
                return self.unstored.record_later(token, lost);
            }
        }
    }
}
