//! Going to Amazon for a token: with the lease, once, and with word of it for the others.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{
    Vending, Wanted,
    fetch::{Fetched, NotFetched, log_failure},
    vended,
};
use crate::{
    access_token::{
        Ask, Failed, Failure, KeptToken, PAUSE_AFTER_FAILURE, PROBE_AFTER, Refused, TokenKey, TokenRow,
        cache::Vended,
        schedule::{Due, DueEntry, TICK},
        store::{Lease, Taken, Word},
    },
    deadline::{Deadline, Present, Transient, patiently},
    error::{Cause, Error},
    grant::Grant,
};

/// A request that Amazon refused is asked again no sooner than this.
const PAUSE_AFTER_REFUSAL: SignedDuration = SignedDuration::from_secs(60);

/// How long keeping a new token may hold up the caller who is to have it.
const KEEPING_TAKES: Duration = Duration::from_secs(3);

/// What going for a token came to.
pub(super) enum Minted {
    Token(Vended),
    /// Somebody else has the lease, or was done before; this is how the row stands.
    NotOurs(TokenRow),
    /// The grant changed meanwhile.
    LookAgain,
}

impl Vending {
    /// Takes the lease and brings a token from Amazon.
    pub(super) async fn mint(
        &self,
        wanted: &Wanted,
        key: &TokenKey,
        (grant, row): (Option<&Grant>, &TokenRow),
        ask: &Ask,
        present: Present,
        deadline: Deadline,
    ) -> Result<Minted, Error> {
        // What a restricted token is bought with is fetched before the lease is taken, under a lease of its own.
        let access_token = match wanted {
            Wanted::Restricted(grant, _) => {
                let own = Ask {
                    min_valid: SignedDuration::from_secs(60),
                    rejected: None,
                    marketplace_id: None,
                    account: None,
                };
                // From the tables and not from memory, which may know a token of the version before.
                let own_wanted = Wanted::Partner(grant.clone());
                let own_key = own_wanted.key();
                let (own, _) =
                    Box::pin(self.token_from_tables(&own_wanted, &own_key, &own, present, deadline)).await?;
                Some(own.access_token)
            }
            Wanted::Partner(_) | Wanted::Scope(..) => None,
        };
        let version = grant.map_or(0, |grant| grant.version);
        // If everything ends here, the refresher takes it up at its next look.
        let soon = wanted.own_of().map(|grant| Due::at(grant, present.now() + TICK));
        let lease = match self.tokens.take_lease(key, ask, version, soon.as_ref(), present.now()).await {
            Ok(Taken::Lease(lease)) => lease,
            Ok(Taken::Not(row)) => return Ok(Minted::NotOurs(*row)),
            // A transaction was at the row, or DynamoDB did not answer: somebody may be ahead of us.
            Err(error) if error.is_transient() => return Ok(Minted::LookAgain),
            Err(error) => return Err(error.into()),
        };
        let asked_at = present.now();
        match self.fetch(wanted, grant, access_token.as_ref(), asked_at, deadline).await {
            Ok(fetched) => {
                let care = wanted.own_of().map(|grant| DueEntry {
                    due: Due::after_mint(grant, self.keep_warm, asked_at, fetched.expires_at, Some(asked_at)),
                    last_requested_at: Some(asked_at),
                });
                Ok(Minted::Token(self.keep(key, &lease, fetched, grant, care.as_ref(), asked_at).await))
            }
            Err(NotFetched::Amazon { failure, not_before, error }) => {
                log_failure(&format!("Fetch of token {}", key.as_str()), failure, error.as_ref());
                let failed = Failed {
                    failure,
                    grant_version: version,
                    not_before: not_before.unwrap_or(present.now() + pause_after(failure)),
                };
                let word = word_of_caller(wanted, grant, row, failed, present.now());
                let lease_was_ours = self.tokens.leave_word(key, &lease, &word).await.unwrap_or(true);
                // Somebody authorized again while Amazon was refusing: that grant has not been tried yet.
                if failure == Failure::GrantRefused
                    && (!lease_was_ours || self.moved_on(wanted, version).await)
                {
                    return Ok(Minted::LookAgain);
                }
                Err(NotFetched::Amazon { failure, not_before, error }.into_error())
            }
            Err(NotFetched::Ours(error)) => {
                if let Err(left) = self.tokens.give_back(key, &lease).await {
                    tracing::warn!(
                        token.key = key.as_str(),
                        cause = %left,
                        "Lease of token {} was not released: {left}",
                        key.as_str()
                    );
                }
                Err(error)
            }
        }
    }

    /// Whether the grant is of a later version by now.
    async fn moved_on(&self, wanted: &Wanted, version: u64) -> bool {
        match wanted.grant() {
            Some(key) => {
                self.grants.find(key).await.ok().flatten().is_some_and(|grant| grant.version > version)
            }
            None => false,
        }
    }

    /// Keeps what Amazon gave, for everybody, and hands it to the caller whether or not it could be kept.
    async fn keep(
        &self,
        key: &TokenKey,
        lease: &Lease,
        fetched: Fetched,
        grant: Option<&Grant>,
        care: Option<&DueEntry>,
        asked_at: Timestamp,
    ) -> Vended {
        let Fetched { access_token, expires_at, grant_version } = fetched;
        let kept = async {
            // A token whose life Amazon did not tell is for this caller alone.
            if expires_at <= asked_at {
                self.tokens.give_back(key, lease).await?;
                return Ok::<_, Error>(false);
            }
            let sealed = self.sealer.seal(access_token.expose(), &key.owner(), asked_at).await?;
            let token =
                KeptToken::new(sealed, access_token.fingerprint(), grant_version, asked_at, expires_at);
            let until = Deadline::after(KEEPING_TAKES);
            Ok(patiently(until, || self.tokens.keep(key, lease, &token, care)).await?)
        };
        let late = Cause::OutOfTime("the new access token was being stored");
        let kept = tokio::time::timeout(KEEPING_TAKES, kept).await.unwrap_or(Err(Error::Unavailable(late)));
        let vended = vended(access_token, expires_at, grant);
        match kept {
            Ok(true) => self.cache.put(key, &vended, asked_at),
            Ok(false) => {}
            Err(error) => {
                let (token, cause) = (key.as_str(), error.cause());
                tracing::warn!(token.key = token, cause, "New access token {token} was not stored: {error}");
                // The others need not wait for the lease to end.
                let _ = tokio::time::timeout(KEEPING_TAKES, self.tokens.give_back(key, lease)).await;
            }
        }
        vended
    }
}

/// A caller who is refused has the refresher try again soon, to confirm it; the refresher's own calendar stays otherwise.
fn word_of_caller(
    wanted: &Wanted,
    grant: Option<&Grant>,
    row: &TokenRow,
    failed: Failed,
    now: Timestamp,
) -> Word {
    let mut word = Word { failed, refused: None, due: None, tries: None };
    if let (Some(key), Some(grant), Failure::GrantRefused) = (wanted.own_of(), grant, failed.failure) {
        let known = row.refused.clone().filter(|refused| refused.fingerprint == grant.fingerprint);
        if known.is_none() {
            word.refused = Some(Refused { fingerprint: grant.fingerprint.clone(), since: now });
            word.due = Some(Due::after_failure(key, failed.failure, 0, now));
            word.tries = Some(1);
        }
    }
    word
}

pub(super) fn pause_after(failure: Failure) -> SignedDuration {
    match failure {
        Failure::GrantRefused => PROBE_AFTER,
        Failure::RequestRefused => PAUSE_AFTER_REFUSAL,
        Failure::CredentialsRefused | Failure::Throttled | Failure::Unavailable => PAUSE_AFTER_FAILURE,
    }
}
