//! Requests a token from Amazon: with the lease, once, and with a note for other environments if it fails.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{
    Vending, Wanted, explained,
    fetch::{Fetched, NotFetched, log_failure},
    vended,
};
use crate::{
    access_token::{
        Ask, Failed, Failure, PAUSE_AFTER_FAILURE, PROBE_AFTER, Refused, StoredToken, TokenKey, TokenRow,
        cache::Vended,
        schedule::{Due, DueEntry, KeepWarm, TICK},
        store::{FailureNote, Lease, Looked, Taken, TokenRead},
    },
    aws::AwsError,
    deadline::{Clock, Deadline, Transient, retry_until},
    error::Error,
    grant::{Grant, version::VersionId},
};

/// How long a request that Amazon refused is not repeated.
const PAUSE_AFTER_REFUSAL: SignedDuration = SignedDuration::from_secs(60);

/// What the release of a lease may take after the caller's time: a bit less than `get-access-token` keeps free for its answer.
const RELEASE_TAKES: Duration = Duration::from_millis(200);

/// How long storing a new token may delay the caller that waits for it.
const STORING_TAKES: Duration = Duration::from_secs(3);

/// The outcome of a request for a token.
pub(super) enum UnderLease {
    Token(Vended),
    /// Another environment has the lease, or has stored a token. This is the current row.
    NotTaken(Box<TokenRow>),
    /// The grant has changed since, or this failure kept the lease from being taken.
    LookAgain(Option<AwsError>),
}

impl Vending {
    /// Takes the lease and requests a token from Amazon.
    pub(super) async fn fetch_under_lease(
        &self,
        wanted: &Wanted,
        key: &TokenKey,
        looked: &Looked,
        ask: &Ask,
        clock: Clock,
    ) -> Result<UnderLease, Error> {
        // The access token that a restricted token needs is fetched before the lease is taken, under a lease of its
        // own.
        let access_token = match wanted {
            Wanted::Restricted(grant, _) => {
                let own = Ask {
                    min_valid: SignedDuration::from_secs(60),
                    rejected: None,
                    not_before: None,
                    minted_after: ask.minted_after,
                    marketplace_id: None,
                    account: None,
                    by_account: None,
                };
                // Read the tables as they are now: memory and an older row may have a token that SP-API rejects.
                let own_wanted = Wanted::Partner(grant.clone());
                let own_key = own_wanted.key();
                let (own, _) =
                    Box::pin(self.token_from_tables(&own_wanted, &own_key, TokenRead::Strong, &own, clock))
                        .await?;
                Some(own.access_token)
            }
            Wanted::Partner(_) | Wanted::Scope(..) => None,
        };
        let (grant, row) = (looked.grant.as_ref(), &looked.row);
        let version = grant.map(Grant::version_id).unwrap_or_default();
        if let Some(grant) = grant
            && !self.is_current(grant, row, clock.deadline()).await?
        {
            return Ok(UnderLease::LookAgain(None));
        }
        // If this environment ends here, the refresher continues at its next run.
        let soon = wanted.own_of().map(|grant| Due::at(grant, clock.now() + TICK));
        let taken = self.tokens.take_lease(key, ask, (&version, row), soon.as_ref(), clock.now()).await;
        // The row that was read may be behind. What is decided from here on rests on the row of the lease.
        let (lease, row) = match taken {
            Ok(Taken::Lease(lease, row)) => (lease, row),
            Ok(Taken::Not(row)) => return Ok(UnderLease::NotTaken(row)),
            // A transaction held the row, or DynamoDB did not answer. Another environment may be ahead.
            Err(error) if error.is_transient() => return Ok(UnderLease::LookAgain(Some(error))),
            Err(error) => return Err(error.into()),
        };
        let asked = clock.restarted();
        let asked_at = asked.began();
        match self.fetch(wanted, grant, access_token.as_ref(), asked).await {
            Ok(fetched) => {
                let care = wanted.own_of().map(|grant| DueEntry {
                    due: Due::after_fetch(
                        grant,
                        self.keep_warm,
                        asked_at,
                        fetched.expires_at,
                        Some(asked_at),
                    ),
                    last_requested_at: Some(asked_at),
                });
                Ok(UnderLease::Token(self.keep(key, &lease, fetched, looked, care.as_ref(), asked_at).await))
            }
            Err(NotFetched::Amazon { failure, not_before, error, issued }) => {
                log_failure(&format!("Fetch of token {}", key.as_str()), failure, error.as_ref());
                let failed = Failed {
                    failure,
                    grant_version: NotFetched::version_after(issued, version.clone()),
                    not_before: tried_again_from(failure, not_before, clock.now()),
                };
                let note = failure_note_of_caller(wanted, grant, &row, failed, self.keep_warm, clock.now());
                let recording = self.tokens.record_failure(key, &lease, &note);
                let recorded = Deadline::with_at_least(RELEASE_TAKES, recording).await;
                let lease_was_ours = recorded.unwrap_or(true);
                // The partner authorized again while Amazon refused the old token. The new grant has not been tried.
                if failure == Failure::GrantRefused
                    && (!lease_was_ours || self.moved_on(wanted, &version).await)
                {
                    return Ok(UnderLease::LookAgain(None));
                }
                let error = NotFetched::Amazon { failure, not_before, error, issued: None };
                Err(explained(error.into_error(clock.now()), wanted, looked, &row))
            }
            Err(NotFetched::Internal(error) | NotFetched::Lost(error)) => {
                let released = Deadline::with_at_least(RELEASE_TAKES, self.tokens.give_back(key, &lease));
                if let Err(left) = released.await {
                    tracing::warn!(
                        token.key = key.as_str(),
                        cause = %left,
                        "Lease of token {} was not released: {left}",
                        key.as_str()
                    );
                }
                Err(explained(error, wanted, looked, &row))
            }
        }
    }

    /// Returns whether `grant` is still the current one, where the row read with it holds a token of another version: the
    /// two rows are not read in one moment, and a newer token must not be replaced under an older version. The row alone
    /// cannot say which of the two is newer, because either table may have been restored from a backup.
    pub(super) async fn is_current(
        &self,
        grant: &Grant,
        row: &TokenRow,
        deadline: Deadline,
    ) -> Result<bool, AwsError> {
        let version = grant.version_id();
        if row.fits(&version) {
            return Ok(true);
        }
        let key = grant.key();
        let current = retry_until(deadline, || self.grants.find(&key)).await?;
        Ok(current.is_some_and(|current| current.version_id() == version))
    }

    /// Returns whether the grant has another version now.
    async fn moved_on(&self, wanted: &Wanted, version: &VersionId) -> bool {
        match wanted.grant() {
            Some(key) => {
                self.grants.find(key).await.ok().flatten().is_some_and(|grant| grant.version_id() != *version)
            }
            None => false,
        }
    }

    /// Stores Amazon's answer for all environments. The caller gets the token even if it cannot be stored.
    async fn keep(
        &self,
        key: &TokenKey,
        lease: &Lease,
        fetched: Fetched,
        looked: &Looked,
        care: Option<&DueEntry>,
        asked_at: Timestamp,
    ) -> Vended {
        let Fetched { access_token, expires_at, grant_version } = fetched;
        let until = Deadline::after(STORING_TAKES);
        let kept = until.limiting(async {
            let sealed = self.sealer.seal(access_token.expose(), &key.owner(), asked_at).await?;
            let token =
                StoredToken::new(sealed, access_token.fingerprint(), grant_version, asked_at, expires_at);
            Ok::<_, Error>(retry_until(until, || self.tokens.keep(key, lease, &token, care)).await?)
        });
        let kept = Box::pin(kept).await;
        let vended = vended(access_token, expires_at, looked);
        match kept {
            Ok(true) => self.cache.put(key, &vended, looked.applied.read_at.min(asked_at)),
            Ok(false) => {}
            Err(error) => {
                let (token, cause) = (key.as_str(), error.cause());
                tracing::warn!(token.key = token, cause, "New access token {token} was not stored: {error}");
                // Give the lease back, so that others need not wait for its end.
                let _ = Deadline::after(STORING_TAKES).limiting(self.tokens.give_back(key, lease)).await;
            }
        }
        vended
    }
}

/// After a refusal for a caller, the refresher tries again soon, to confirm it. After a failure that is not the grant's
/// own it tries again soon too, because a caller asked for the token, however long that was in vain. Otherwise its own
/// schedule does not change.
pub(super) fn failure_note_of_caller(
    wanted: &Wanted,
    grant: Option<&Grant>,
    row: &TokenRow,
    failed: Failed,
    keep_warm: KeepWarm,
    now: Timestamp,
) -> FailureNote {
    let failure = failed.failure;
    let mut note = FailureNote {
        failed,
        refused: None,
        lasting: None,
        due: None,
        tries: None,
        overdue_since: row.overdue_since.filter(|_| failure != Failure::GrantRefused),
        requested_at: wanted.own_of().map(|_| now),
    };
    if let Some(key) = wanted.own_of()
        && failure.is_not_the_grants()
        && keep_warm != KeepWarm::Never
    {
        let soon = Due::after_failure(key, failure, 0, now);
        note.overdue_since = Some(row.due_since().map_or(now, |since| since.min(now)));
        note.due = row.due_at.is_none_or(|due| due > soon.at).then_some(soon);
    }
    if let (Some(key), Some(grant), Failure::GrantRefused) = (wanted.own_of(), grant, failure) {
        let known = row.refused.clone().filter(|refused| refused.fingerprint == grant.fingerprint);
        if known.is_none() {
            note.refused = Some(Refused { fingerprint: grant.fingerprint.clone(), since: now });
            note.due = Some(Due::after_failure(key, failure, 0, now));
            note.tries = Some(1);
        }
    }
    note
}

/// Returns from when on callers ask Amazon again: the end of the usual pause, or a later moment that Amazon asked for. With a shorter pause,
/// those who waited for this answer would miss it, and ask again one after the other.
pub(super) fn tried_again_from(failure: Failure, asked_for: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let usual = match failure {
        Failure::GrantRefused => PROBE_AFTER,
        Failure::RequestRefused => PAUSE_AFTER_REFUSAL,
        Failure::CredentialsRefused | Failure::Throttled | Failure::Unavailable => PAUSE_AFTER_FAILURE,
    };
    asked_for.map_or(now + usual, |at| at.max(now + usual))
}
