//! The protocol that hands out access tokens: recall, look, decide; then wait, or take the lease and go to Amazon.
//!
//! However many environments ask for one token at once, Amazon is asked once. A conditional update takes the lease;
//! whoever does not get it waits for the token, or for the word that the holder leaves, or for the lease to end.

mod fetch;
mod wanted;

use std::{collections::HashMap, sync::Mutex, time::Duration};

use jiff::{SignedDuration, Timestamp};

use self::fetch::{Fetched, NotFetched};
pub use self::wanted::Wanted;
use crate::{
    access_token::{
        Ask, Failed, Failure, KeptToken, PAUSE_AFTER_FAILURE, PROBE_AFTER, TokenKey, Vend, decide,
        decide_on_row,
    },
    access_token_store::{AccessTokenStore, Lease, Taken},
    credentials::CredentialStore,
    deadline::{Deadline, Pauses, Present, Transient, patiently},
    error::Error,
    grant::Grant,
    grant_store::GrantStore,
    ids::ApplicationId,
    lwa::Lwa,
    memory::{Memory, Vended},
    sealing::{Owner, SealError, Sealer},
    secret::{AccessToken, Fingerprint},
    sp_api::SpApi,
    transaction::Transactions,
};

/// A request that Amazon refused is asked again no sooner than this.
const PAUSE_AFTER_REFUSAL: SignedDuration = SignedDuration::from_secs(60);

/// How long keeping a new token may hold up the caller who is to have it.
const KEEPING_TAKES: Duration = Duration::from_secs(3);

/// Hands out access tokens.
#[derive(Debug)]
pub struct Vending {
    /// The tokens at rest, and their leases.
    pub tokens: AccessTokenStore,
    /// The grants.
    pub grants: GrantStore,
    /// Opens refresh tokens and kept access tokens, and seals new ones.
    pub sealer: Sealer,
    /// The applications' secrets.
    pub credentials: CredentialStore,
    /// Where tokens come from.
    pub lwa: Lwa,
    /// Where restricted tokens come from.
    pub sp_api: SpApi,
    /// For a grant whose refresh token Amazon replaces.
    pub transactions: Transactions,
    /// The table of history.
    pub history_table: String,
    /// What this environment has handed out lately.
    pub memory: Memory,
    /// The client secrets that Amazon accepted last, and when.
    pub accepted: Mutex<HashMap<ApplicationId, (Fingerprint, Timestamp)>>,
}

impl Vending {
    /// A token that answers `ask`, or a new one with whatever life it has.
    pub async fn token(
        &self,
        wanted: &Wanted,
        ask: &Ask,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Vended, Error> {
        let key = wanted.key();
        if let Some(vended) = self.memory.recall(&key, ask, now) {
            return Ok(vended);
        }
        let present = Present::starting_at(now);
        self.token_from_tables(wanted, &key, ask, present, deadline).await
    }

    async fn token_from_tables(
        &self,
        wanted: &Wanted,
        key: &TokenKey,
        ask: &Ask,
        present: Present,
        deadline: Deadline,
    ) -> Result<Vended, Error> {
        let mut ask = ask.clone();
        let mut pauses = Pauses::of_waiter(deadline);
        let (mut grant, mut row) = self.tokens.look(wanted.grant(), key, deadline).await?;
        loop {
            let now = present.now();
            let vend = match wanted.grant() {
                Some(_) => decide(grant.as_ref(), &row, &ask, now),
                None => decide_on_row(&row, 0, &ask, now),
            };
            let wait_at_most = match vend {
                Vend::Unknown => return Err(Error::UnknownSellingPartner),
                Vend::Disabled => return Err(Error::AuthorizationDisabled),
                Vend::AskPartner => return Err(Error::ReauthorizationRequired),
                Vend::NotThere => {
                    return Err(Error::invalid(
                        "marketplaceId",
                        "a marketplace that the selling partner takes part in",
                    ));
                }
                Vend::Remembered(failure) => return Err(failure.into()),
                Vend::Kept(token) => match self.hand_out(key, token, grant.as_ref(), now).await {
                    // A kept token that does not open is as good as none.
                    Err(SealError::Broken) if ask.rejected.as_ref() != Some(&token.fingerprint) => {
                        tracing::error!(token.key = key.as_str(), "A kept access token does not open");
                        ask.rejected = Some(token.fingerprint.clone());
                        continue;
                    }
                    answer => return Ok(answer?),
                },
                Vend::Wait(until) => until.duration_since(now).unsigned_abs(),
                Vend::Mint => match self.mint(wanted, key, grant.as_ref(), &ask, present, deadline).await? {
                    Minted::Token(vended) => return Ok(vended),
                    Minted::NotOurs(stands) => {
                        // What the lost race has taught costs no further read, unless it says to race again.
                        row = stands;
                        match decide_on_row(
                            &row,
                            grant.as_ref().map_or(0, |grant| grant.version),
                            &ask,
                            present.now(),
                        ) {
                            Vend::Mint => Duration::ZERO,
                            Vend::Wait(until) => until.duration_since(present.now()).unsigned_abs(),
                            _ => continue,
                        }
                    }
                    Minted::LookAgain => Duration::ZERO,
                },
            };
            if !pauses.pause_at_most(wait_at_most.max(Duration::from_millis(20))).await {
                return Err(Error::AmazonUnavailable(None));
            }
            (grant, row) = self.tokens.look(wanted.grant(), key, deadline).await?;
        }
    }

    async fn hand_out(
        &self,
        key: &TokenKey,
        token: &KeptToken,
        grant: Option<&Grant>,
        now: Timestamp,
    ) -> Result<Vended, SealError> {
        let access_token = match self.memory.token_with(key, &token.fingerprint) {
            Some(remembered) => remembered,
            None => {
                AccessToken::new(self.sealer.open(&token.access_token, &Owner::of_access_token(key)).await?)
            }
        };
        let vended = vended(access_token, token.expires_at, grant);
        self.memory.remember(key, &vended, now);
        Ok(vended)
    }

    /// Takes the lease and brings a token from Amazon.
    async fn mint(
        &self,
        wanted: &Wanted,
        key: &TokenKey,
        grant: Option<&Grant>,
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
                let own =
                    Box::pin(self.token_from_tables(&own_wanted, &own_key, &own, present, deadline)).await?;
                Some(own.access_token)
            }
            Wanted::Partner(_) | Wanted::Scope(..) => None,
        };
        let version = grant.map_or(0, |grant| grant.version);
        let lease = match self.tokens.take_lease(key, ask, version, present.now()).await {
            Ok(Taken::Lease(lease)) => lease,
            Ok(Taken::Not(row)) => return Ok(Minted::NotOurs(row)),
            // A transaction was at the row, or DynamoDB did not answer: somebody may be ahead of us.
            Err(error) if error.is_transient() => return Ok(Minted::LookAgain),
            Err(error) => return Err(error.into()),
        };
        let asked_at = present.now();
        match self.fetch(wanted, grant, access_token.as_ref(), asked_at, deadline).await {
            Ok(fetched) => Ok(Minted::Token(self.keep(key, &lease, fetched, grant, asked_at).await)),
            Err(NotFetched::Amazon { failure, not_before }) => {
                let failed = Failed {
                    failure,
                    grant_version: version,
                    not_before: not_before.unwrap_or(present.now() + pause_after(failure)),
                };
                let lease_was_ours = self.tokens.leave_word(key, &lease, &failed).await.unwrap_or(true);
                tracing::warn!(token.key = key.as_str(), ?failure, "Amazon gave no token");
                // Somebody authorized again while Amazon was refusing: that grant has not been tried yet.
                if failure == Failure::GrantRefused
                    && (!lease_was_ours || self.moved_on(wanted, version).await)
                {
                    return Ok(Minted::LookAgain);
                }
                Err(failure.into())
            }
            Err(NotFetched::Ours(error)) => {
                if let Err(left) = self.tokens.give_back(key, &lease).await {
                    tracing::warn!(token.key = key.as_str(), cause = %left, "A lease could not be given back");
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
        asked_at: Timestamp,
    ) -> Vended {
        let Fetched { access_token, expires_at, grant_version } = fetched;
        let kept = async {
            // A token whose life Amazon did not tell is for this caller alone.
            if expires_at <= asked_at {
                self.tokens.give_back(key, lease).await?;
                return Ok::<_, Error>(false);
            }
            let sealed =
                self.sealer.seal(access_token.expose(), &Owner::of_access_token(key), asked_at).await?;
            let token =
                KeptToken::new(sealed, access_token.fingerprint(), grant_version, asked_at, expires_at);
            let until = Deadline::after(KEEPING_TAKES);
            Ok(patiently(until, || self.tokens.keep(key, lease, &token)).await?)
        };
        let kept =
            tokio::time::timeout(KEEPING_TAKES, kept).await.unwrap_or(Err(Error::AmazonUnavailable(None)));
        let vended = vended(access_token, expires_at, grant);
        match kept {
            Ok(true) => self.memory.remember(key, &vended, asked_at),
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(token.key = key.as_str(), cause = %error, "A new access token could not be kept");
                // The others need not wait for the lease to end.
                let _ = tokio::time::timeout(KEEPING_TAKES, self.tokens.give_back(key, lease)).await;
            }
        }
        vended
    }
}

/// What going for a token came to.
enum Minted {
    Token(Vended),
    /// Somebody else has the lease, or was done before; this is how the row stands.
    NotOurs(crate::access_token::TokenRow),
    /// The grant changed meanwhile.
    LookAgain,
}

fn vended(access_token: AccessToken, expires_at: Timestamp, grant: Option<&Grant>) -> Vended {
    let stores = grant.map(|grant| grant.stores.as_slice()).unwrap_or_default();
    let marketplace_ids =
        stores.iter().filter(|store| store.participating).map(|store| store.marketplace_id.clone());
    Vended {
        access_token,
        expires_at,
        marketplace_ids: marketplace_ids.collect(),
        account: grant.and_then(|grant| grant.account.clone()),
    }
}

fn pause_after(failure: Failure) -> SignedDuration {
    match failure {
        Failure::GrantRefused => PROBE_AFTER,
        Failure::RequestRefused => PAUSE_AFTER_REFUSAL,
        Failure::CredentialsRefused | Failure::Throttled | Failure::Unavailable => PAUSE_AFTER_FAILURE,
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::GrantRefused => Self::ReauthorizationRequired,
            Failure::CredentialsRefused => Self::ApplicationCredentialsRejected,
            Failure::RequestRefused => {
                Self::RequestRefused("Amazon does not allow it to this application or partner")
            }
            Failure::Throttled => Self::AmazonThrottled,
            Failure::Unavailable => Self::AmazonUnavailable(None),
        }
    }
}
