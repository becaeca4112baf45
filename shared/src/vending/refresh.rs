//! Refreshes a token that is due, whether or not a caller waits for it.

use jiff::{SignedDuration, Timestamp};

use super::{
    Vending, Wanted,
    fetch::{Fetched, NotFetched, log_failure},
    under_lease::tried_again_from,
};
use crate::{
    access_token::{
        Failed, Failure, LastingRefusal, Lost, Refused, StoredToken, TokenKey, TokenRow,
        schedule::{CONFIRMED_AFTER, Due, DueEntry},
        store::{FailureNote, GrantAndToken, Lease, Taken},
    },
    aws::transaction::Commit,
    deadline::{Clock, Deadline, Transient, retry_until},
    error::Error,
    grant::{Grant, GrantKey, Status, version::VersionId},
    grant_change::by_amazon::accepted_again,
    history::actor::Who,
    secret::{AccessToken, random_word},
};

/// The outcome for a due token.
#[derive(Debug)]
pub enum Refresh {
    /// Amazon has issued a token.
    Fresh {
        /// The token.
        access_token: AccessToken,
        /// The version of the grant with whose refresh token it was issued, or the one by which Amazon has replaced that.
        version: VersionId,
        /// Whether it was stored. If not, the lease ended meanwhile, and another environment may be refreshing the token.
        is_kept: bool,
    },
    /// It was not due any more.
    NotDue,
    /// Another environment is refreshing it, or has changed its grant. It may still be due.
    Overtaken,
    /// No token is issued for the grant now. The refresher checks it again tomorrow, or never if it was removed.
    Idle,
    /// Amazon refuses the grant, and had first refused it at least ten minutes ago. If a refresh token that Amazon had
    /// issued in place of the grant's was lost, this is what is known of it.
    RefusedAgain(Option<Lost>),
    /// Amazon issued none, and asked for no other call until then, if it named a time.
    Failed(Failure, Option<Timestamp>),
    /// An internal error, or a failure of AWS. The token stays due.
    Internal(Error),
}

impl Vending {
    /// Refreshes the token of `found`, if it is still due at `until`, and sets when it is due next. Makes at most one
    /// call to Amazon, or two if the first client secret is refused and there is another to try. Calls `issued` when
    /// Amazon has issued a token that is not yet stored.
    pub async fn refresh_due(
        &self,
        found: &GrantAndToken,
        until: Timestamp,
        clock: Clock,
        issued: impl FnOnce(),
    ) -> Refresh {
        let key = TokenKey::of_partner(&found.key);
        let now = clock.now();
        self.record_earlier_losses(clock.deadline()).await;
        let idle = match found.grant.as_ref().map(|grant| (grant, grant.status)) {
            // A removed grant leaves its row, so a grant never disappears. A missing one proves nothing.
            None => {
                tracing::error!(grant.key = %found.key, "Token of grant {} has no grant", found.key);
                self.tokens.postpone(&key, &Due::tomorrow(&found.key, now), until).await
            }
            Some((grant, Status::Removed)) => return self.forget(grant, &key, until, clock.deadline()).await,
            Some((grant, Status::Disabled)) => {
                self.tokens.postpone(&key, &Due::tomorrow(&grant.key(), now), until).await
            }
            Some((grant, Status::Active | Status::ReauthorizationRequired)) => {
                return self.refresh((grant, &found.row), &key, until, clock, issued).await;
            }
        };
        idle.map_or_else(|error| Refresh::Internal(error.into()), |()| Refresh::Idle)
    }

    /// Deletes the token of a removed grant, unless the grant was authorized again since.
    async fn forget(&self, grant: &Grant, key: &TokenKey, until: Timestamp, deadline: Deadline) -> Refresh {
        let writes = [self.tokens.forget_due(key, until), self.grants.is_unchanged(grant)];
        let token = random_word();
        match retry_until(deadline, || self.transactions.commit(&writes, &token)).await {
            Ok(Commit::Made) => Refresh::Idle,
            Ok(Commit::Changed | Commit::Refused(_)) => Refresh::Overtaken,
            Err(error) => Refresh::Internal(error.into()),
        }
    }

    async fn refresh(
        &self,
        (grant, row): (&Grant, &TokenRow),
        key: &TokenKey,
        until: Timestamp,
        clock: Clock,
        issued: impl FnOnce(),
    ) -> Refresh {
        let whose = grant.key();
        match self.is_current(grant, row, clock.deadline()).await {
            Ok(true) => {}
            Ok(false) => return Refresh::Overtaken,
            Err(error) => return Refresh::Internal(error.into()),
        }
        let version = grant.version_id();
        // The row that was read may be behind. What is decided from here on rests on the row of the lease.
        let taken = self.tokens.take_lease_if_due(key, (&version, row), until, clock.now()).await;
        let (lease, row) = match taken {
            Ok(Taken::Lease(lease, row)) => (lease, row),
            Ok(Taken::Not(row)) if row.due_at.is_none_or(|due| due > until) => return Refresh::NotDue,
            Ok(Taken::Not(_)) => return Refresh::Overtaken,
            Err(error) => return Refresh::Internal(error.into()),
        };
        let asked = clock.restarted();
        let wanted = Wanted::Partner(whose.clone());
        let fetched = self.fetch(&wanted, Some(grant), None, asked).await;
        match fetched {
            Ok(fetched) => {
                issued();
                match self.keep_refreshed((grant, &row), key, &lease, fetched, asked).await {
                    Ok(fresh) => fresh,
                    Err(error) => Refresh::Internal(error),
                }
            }
            Err(NotFetched::Amazon { failure, not_before, error, issued }) => {
                log_failure(&format!("Refresh of grant {whose}"), failure, error.as_ref());
                let failed = Failed {
                    failure,
                    grant_version: NotFetched::version_after(issued, version),
                    not_before: tried_again_from(failure, not_before, clock.now()),
                };
                let lasting = match (failure, &error) {
                    (Failure::RequestRefused, Some(error)) => {
                        Some(self.report_lasting_refusal(grant, &row, (error, true), clock).await)
                    }
                    (Failure::Unavailable, Some(error)) if error.is_unclear_refusal() => {
                        Some(self.report_lasting_refusal(grant, &row, (error, false), clock).await)
                    }
                    _ => None,
                };
                let outcome =
                    self.record_failure_of_refresher(grant, &row, key, &lease, failed, lasting, clock);
                match outcome.await {
                    Refresh::Failed(failure, _) => Refresh::Failed(failure, not_before),
                    other => other,
                }
            }
            Err(NotFetched::Internal(error) | NotFetched::Lost(error)) => {
                let left = if matches!(error, Error::Unavailable(_) | Error::RefreshTokenLost(_)) {
                    self.tokens.give_back(key, &lease).await
                } else {
                    // A permanent failure, such as a token that does not open, is retried with growing pauses.
                    let due = Due::after_error(&whose, row.tries, clock.now());
                    self.tokens.put_off(key, &lease, &due, row.tries.saturating_add(1)).await
                };
                if let Err(left) = left {
                    tracing::warn!(
                        token.key = key.as_str(),
                        cause = %left,
                        "Lease of token {} was not released: {left}",
                        key.as_str()
                    );
                }
                Refresh::Internal(error)
            }
        }
    }

    /// Stores what Amazon has issued.
    async fn keep_refreshed(
        &self,
        (grant, row): (&Grant, &TokenRow),
        key: &TokenKey,
        lease: &Lease,
        fetched: Fetched,
        asked: Clock,
    ) -> Result<Refresh, Error> {
        let whose = grant.key();
        let asked_at = asked.began();
        let Fetched { access_token, expires_at, mut grant_version } = fetched;
        if grant.status == Status::ReauthorizationRequired {
            grant_version = self.restore(grant, grant_version, asked).await?;
        }
        let owner = key.owner();
        let sealed =
            retry_until(asked.deadline(), || self.sealer.seal(access_token.expose(), &owner, asked_at))
                .await?;
        let token =
            StoredToken::new(sealed, access_token.fingerprint(), grant_version.clone(), asked_at, expires_at);
        // A token with a shorter life, as where Amazon named none, is not replaced more often than others.
        let ends_at = expires_at.max(asked_at + SignedDuration::from_hours(1));
        let due = Due::after_fetch(&whose, self.keep_warm, asked_at, ends_at, row.last_requested_at);
        let care = DueEntry { due, last_requested_at: None };
        let is_kept =
            retry_until(asked.deadline(), || self.tokens.keep(key, lease, &token, Some(&care))).await?;
        if !grant.resealed
            && let Err(error) = self.reseal(grant, &whose, asked_at).await
        {
            tracing::warn!(
                grant.key = %whose,
                cause = %error,
                "Refresh token of grant {whose} was not sealed again: {error}"
            );
        }
        Ok(Refresh::Fresh { access_token, version: grant_version, is_kept })
    }

    /// Restores a grant that Amazon had refused and accepts again. Returns the version to which tokens belong from
    /// now on.
    async fn restore(&self, tried: &Grant, version: VersionId, clock: Clock) -> Result<VersionId, Error> {
        let decide = |current: Option<&Grant>| Ok(accepted_again(current, &version));
        let current = self.changes.make(&tried.key(), decide, &Who::schedule(), clock).await?;
        // Whatever the outcome, the token is stored under the version that was restored here, or under the one that
        // was tried.
        let restored = |grant: &Grant| {
            grant.version == version.number + 1
                && grant.status == Status::Active
                && grant.fingerprint == tried.fingerprint
        };
        Ok(current.filter(restored).map_or(version, |grant| grant.version_id()))
    }

    /// When the refresher first opens a refresh token, it seals it again under its own data key, which many grants
    /// share. So the number of calls to KMS grows with environments and not with partners.
    async fn reseal(&self, grant: &Grant, key: &GrantKey, now: Timestamp) -> Result<(), Error> {
        let owner = key.refresh_token_owner();
        let Some(refresh_token) = &grant.refresh_token else { return Ok(()) };
        let opened = self.sealer.open(refresh_token, &owner, now).await?;
        let sealed = self.sealer.seal(&opened, &owner, now).await?;
        self.grants.reseal(key, &grant.fingerprint, &sealed).await?;
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "one record has all of these in it")]
    async fn record_failure_of_refresher(
        &self,
        grant: &Grant,
        row: &TokenRow,
        key: &TokenKey,
        lease: &Lease,
        failed: Failed,
        lasting: Option<LastingRefusal>,
        clock: Clock,
    ) -> Refresh {
        let (whose, now) = (grant.key(), clock.now());
        let failure = failed.failure;
        // Failures of another refresh token do not count for this one.
        let known = row.refused.clone().filter(|refused| refused.fingerprint == grant.fingerprint);
        let (tries, refused) = match (failure, known) {
            (Failure::GrantRefused, Some(refused)) => (row.tries, Some(refused)),
            (Failure::GrantRefused, None) => {
                (0, Some(Refused { fingerprint: grant.fingerprint.clone(), since: now }))
            }
            // The pauses of a refusal start from the first one, whatever failed before.
            (Failure::RequestRefused, known) if row.lasting.is_none() => (0, known),
            (_, known) => (row.tries, known),
        };
        let again =
            refused.as_ref().is_some_and(|refused| now.duration_since(refused.since) >= CONFIRMED_AFTER);
        let due = Some(Due::after_failure(&whose, failure, tries, now));
        // What is not the grant's own makes no later pause of it longer.
        let (tries, overdue_since) = if failure.is_not_the_grants() {
            (tries, Some(row.due_since().map_or(now, |since| since.min(now))))
        } else {
            (tries.saturating_add(1), None)
        };
        let note = FailureNote {
            failed,
            refused,
            lasting,
            due,
            tries: Some(tries),
            overdue_since,
            requested_at: None,
        };
        match self.tokens.record_failure(key, lease, &note).await {
            Ok(true) if failure == Failure::GrantRefused && again => {
                let lost = row.lost.clone().filter(|lost| lost.fingerprint == grant.fingerprint);
                Refresh::RefusedAgain(lost)
            }
            Ok(_) => Refresh::Failed(failure, None),
            Err(error) if error.is_transient() && failure != Failure::GrantRefused => {
                Refresh::Failed(failure, None)
            }
            Err(error) => Refresh::Internal(error.into()),
        }
    }
}
