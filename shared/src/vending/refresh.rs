//! The refresher's way to a token: for one that is due, whether or not somebody waits for it.

use jiff::{SignedDuration, Timestamp};

use super::{
    Vending, Wanted,
    fetch::{Fetched, NotFetched, log_failure},
    mint::pause_after,
};
use crate::{
    access_token::{
        Failed, Failure, KeptToken, Refused, TokenKey, TokenRow,
        schedule::{CONFIRMED_AFTER, Due, DueEntry},
        store::{Lease, Standing, Taken, Word},
    },
    aws::transaction::Commit,
    deadline::{Deadline, Present, Transient, patiently},
    error::Error,
    grant::{Grant, GrantKey, Status},
    grant_change::Decision,
    history::{Event, actor::Who},
    secret::{AccessToken, random_word},
};

/// What came of a due token.
#[derive(Debug)]
pub enum Refresh {
    /// It is fresh.
    Fresh(AccessToken),
    /// Nothing was due: somebody else was there before, or is there now.
    NotDue,
    /// The grant mints nothing now; it is looked at again tomorrow, or never if it is gone.
    Idle,
    /// Amazon refuses the grant, and has refused it before, at least ten minutes ago.
    RefusedAgain,
    /// Amazon gave none, and asks to be left alone until then if it named a time.
    Failed(Failure, Option<Timestamp>),
    /// Something of ours or of AWS failed; the token stays due.
    Ours(Error),
}

impl Vending {
    /// Refreshes the token of `standing`, if it is still due at `until`, and has the refresher come back when it is due next.
    /// One call to Amazon at most; two where the first client secret is refused and there is another to try. `left_amazon` hears
    /// when Amazon has given a token that is yet to be kept.
    pub async fn refresh_due(
        &self,
        standing: &Standing,
        until: Timestamp,
        present: Present,
        deadline: Deadline,
        left_amazon: impl FnOnce(),
    ) -> Refresh {
        let key = TokenKey::of_partner(&standing.key);
        let now = present.now();
        let idle = match standing.grant.as_ref().map(|grant| (grant, grant.status)) {
            // No grant ever vanishes: a removed one leaves its tombstone. So nothing is concluded from one that is not there.
            None => {
                tracing::error!(grant.key = %standing.key, "Token of grant {} has no grant", standing.key);
                self.tokens.postpone(&key, &Due::tomorrow(&standing.key, now), until).await
            }
            Some((grant, Status::Removed)) => return self.forget(grant, &key, until, deadline).await,
            Some((grant, Status::Disabled)) => {
                self.tokens.postpone(&key, &Due::tomorrow(&grant.key(), now), until).await
            }
            Some((grant, Status::Active | Status::ReauthorizationRequired)) => {
                return self
                    .refresh((grant, &standing.row), &key, until, present, deadline, left_amazon)
                    .await;
            }
        };
        idle.map_or_else(|error| Refresh::Ours(error.into()), |()| Refresh::Idle)
    }

    /// Forgets the token of a removed grant, unless the grant has come back meanwhile.
    async fn forget(&self, grant: &Grant, key: &TokenKey, until: Timestamp, deadline: Deadline) -> Refresh {
        let writes = [self.tokens.forget_due(key, until), self.grants.stands(grant)];
        let token = random_word();
        match patiently(deadline, || self.transactions.commit(&writes, &token)).await {
            Ok(Commit::Made) => Refresh::Idle,
            Ok(Commit::Changed | Commit::Refused(_)) => Refresh::NotDue,
            Err(error) => Refresh::Ours(error.into()),
        }
    }

    async fn refresh(
        &self,
        (grant, row): (&Grant, &TokenRow),
        key: &TokenKey,
        until: Timestamp,
        present: Present,
        deadline: Deadline,
        left_amazon: impl FnOnce(),
    ) -> Refresh {
        let whose = grant.key();
        let lease = match self.tokens.take_lease_if_due(key, grant.version, until, present.now()).await {
            Ok(Taken::Lease(lease)) => lease,
            Ok(Taken::Not(_)) => return Refresh::NotDue,
            Err(error) => return Refresh::Ours(error.into()),
        };
        let asked_at = present.now();
        let wanted = Wanted::Partner(whose.clone());
        let fetched = self.fetch(&wanted, Some(grant), None, asked_at, deadline).await;
        match fetched {
            Ok(fetched) => {
                left_amazon();
                match self.keep_refreshed((grant, row), key, &lease, fetched, asked_at, deadline).await {
                    Ok(access_token) => Refresh::Fresh(access_token),
                    Err(error) => Refresh::Ours(error),
                }
            }
            Err(NotFetched::Amazon { failure, not_before, error }) => {
                log_failure(&format!("Refresh of grant {whose}"), failure, error.as_ref());
                let failed = Failed {
                    failure,
                    grant_version: grant.version,
                    not_before: not_before.unwrap_or(present.now() + pause_after(failure)),
                };
                match self.leave_refreshers_word(grant, row, key, &lease, failed, present.now()).await {
                    Refresh::Failed(failure, _) => Refresh::Failed(failure, not_before),
                    other => other,
                }
            }
            Err(NotFetched::Ours(error)) => {
                let left = if matches!(error, Error::Unavailable(_)) {
                    self.tokens.give_back(key, &lease).await
                } else {
                    // What will not pass, such as a token that does not open, comes back with growing pauses.
                    let due = Due::after_failure(&whose, Failure::Unavailable, row.tries, present.now());
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
                Refresh::Ours(error)
            }
        }
    }

    async fn keep_refreshed(
        &self,
        (grant, row): (&Grant, &TokenRow),
        key: &TokenKey,
        lease: &Lease,
        fetched: Fetched,
        asked_at: Timestamp,
        deadline: Deadline,
    ) -> Result<AccessToken, Error> {
        let whose = grant.key();
        let Fetched { access_token, expires_at, mut grant_version } = fetched;
        if grant.status == Status::ReauthorizationRequired {
            grant_version = self.restore(grant, grant_version, asked_at, deadline).await?;
        }
        let owner = key.owner();
        let sealed =
            patiently(deadline, || self.sealer.seal(access_token.expose(), &owner, asked_at)).await?;
        let token = KeptToken::new(sealed, access_token.fingerprint(), grant_version, asked_at, expires_at);
        // A token whose life Amazon did not tell is kept as one that has ended: it proves the grant and no more.
        let ends_at = expires_at.max(asked_at + SignedDuration::from_hours(1));
        let due = Due::after_mint(&whose, self.keep_warm, asked_at, ends_at, row.last_requested_at);
        let care = DueEntry { due, last_requested_at: None };
        patiently(deadline, || self.tokens.keep(key, lease, &token, Some(&care))).await?;
        if !grant.resealed
            && let Err(error) = self.reseal(grant, &whose, asked_at).await
        {
            tracing::warn!(
                grant.key = %whose,
                cause = %error,
                "Refresh token of grant {whose} was not sealed again: {error}"
            );
        }
        Ok(access_token)
    }

    /// Amazon accepts a grant again that it had refused. Returns the version that tokens belong to from now on.
    async fn restore(
        &self,
        tried: &Grant,
        version: u64,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<u64, Error> {
        let restorable =
            |grant: &Grant| grant.version == version && grant.status == Status::ReauthorizationRequired;
        let decide = |standing: Option<&Grant>| {
            Ok(match standing.filter(|grant| restorable(grant)) {
                Some(grant) => Decision::to(
                    Grant { status: Status::Active, version: grant.version + 1, ..grant.clone() },
                    Event::AuthorizationRestored,
                    "Amazon accepts the authorization again",
                ),
                None => Decision::Stays,
            })
        };
        let standing = self.changes.make(&tried.key(), decide, &Who::schedule(), now, deadline).await?;
        // Whatever became of it, a token is kept under the version that was restored here, or under the one that was tried.
        let restored = |grant: &Grant| {
            grant.version == version + 1
                && grant.status == Status::Active
                && grant.fingerprint == tried.fingerprint
        };
        Ok(if standing.as_ref().is_some_and(restored) { version + 1 } else { version })
    }

    /// The first time that the refresher opens a refresh token, it seals it anew under its own data key, which serves many
    /// grants: so calls to KMS come to grow with environments and not with partners.
    async fn reseal(&self, grant: &Grant, key: &GrantKey, now: Timestamp) -> Result<(), Error> {
        let owner = key.refresh_token_owner();
        let Some(refresh_token) = &grant.refresh_token else { return Ok(()) };
        let opened = self.sealer.open(refresh_token, &owner).await?;
        let sealed = self.sealer.seal(&opened, &owner, now).await?;
        self.grants.reseal(key, &grant.fingerprint, &sealed).await?;
        Ok(())
    }

    async fn leave_refreshers_word(
        &self,
        grant: &Grant,
        row: &TokenRow,
        key: &TokenKey,
        lease: &Lease,
        failed: Failed,
        now: Timestamp,
    ) -> Refresh {
        let whose = grant.key();
        let failure = failed.failure;
        // What was counted for another refresh token says nothing about this one.
        let known = row.refused.clone().filter(|refused| refused.fingerprint == grant.fingerprint);
        let (tries, refused) = match (failure, known) {
            (Failure::GrantRefused, Some(refused)) => (row.tries, Some(refused)),
            (Failure::GrantRefused, None) => {
                (0, Some(Refused { fingerprint: grant.fingerprint.clone(), since: now }))
            }
            (_, known) => (row.tries, known),
        };
        let again =
            refused.as_ref().is_some_and(|refused| now.duration_since(refused.since) >= CONFIRMED_AFTER);
        let due = Some(Due::after_failure(&whose, failure, tries, now));
        let word = Word { failed, refused, due, tries: Some(tries.saturating_add(1)) };
        match self.tokens.leave_word(key, lease, &word).await {
            Ok(true) if failure == Failure::GrantRefused && again => Refresh::RefusedAgain,
            Ok(_) => Refresh::Failed(failure, None),
            Err(error) if error.is_transient() && failure != Failure::GrantRefused => {
                Refresh::Failed(failure, None)
            }
            Err(error) => Refresh::Ours(error.into()),
        }
    }
}
