//! Vends access tokens: serves a token from memory or DynamoDB, or takes the lease and requests one from Amazon.
//!
//! However many environments ask for one token at the same time, Amazon receives one request. A conditional update
//! takes the lease. A caller without the lease waits until the token or a failure is stored, or the lease ends.

pub mod audit;

mod accept;
mod fetch;
mod lasting;
#[cfg(test)]
mod model;
mod refresh;
mod relocate;
mod replacement;
mod restricted;
mod under_lease;
mod validate;
mod wanted;

use std::{collections::HashMap, sync::Mutex, time::Duration};

use jiff::{SignedDuration, Timestamp};

pub use self::{
    refresh::Refresh,
    relocate::Relocated,
    validate::Accepted,
    wanted::{Kind, Wanted},
};
use self::{replacement::Unstored, under_lease::UnderLease};
use crate::{
    access_token::{
        Ask, Failure, StoredToken, TokenKey, TokenRow, Vend,
        cache::{TokenCache, Vended},
        decide, decide_on_row,
        schedule::{Due, KeepWarm, NOTED_EVERY},
        store::{AccessTokenStore, Looked, TokenRead},
    },
    amazon::{Amazon, http::HttpClient, lwa::Lwa, sp_api::SpApi},
    aws::{
        Aws,
        metrics::{Metric, Metrics},
        sealing::{SealError, Sealer},
        transaction::Transactions,
    },
    client_secret::credential_store::CredentialStore,
    deadline::{Clock, Pauses},
    env::{Env, Unset},
    error::{Cause, Error},
    grant::{Grant, store::GrantStore, version::VersionId},
    grant_change::GrantChanges,
    ids::ApplicationId,
    secret::{AccessToken, Fingerprint},
};

/// Vends access tokens.
#[derive(Debug)]
pub struct Vending {
    /// The stored tokens and their leases.
    tokens: AccessTokenStore,
    /// The grants.
    grants: GrantStore,
    /// Opens refresh tokens and stored access tokens, and seals new ones.
    sealer: Sealer,
    /// The applications' credentials.
    credentials: CredentialStore,
    /// Login with Amazon, which issues tokens.
    lwa: Lwa,
    /// SP-API, which issues restricted tokens.
    sp_api: SpApi,
    /// Changes a grant that Amazon accepts again, or whose refresh token Amazon replaces.
    changes: GrantChanges,
    /// Deletes the token of a removed grant.
    transactions: Transactions,
    /// Which tokens the refresher keeps warm.
    keep_warm: KeepWarm,
    /// The tokens that this environment has recently handed out.
    cache: TokenCache,
    /// Counts the tokens that are handed out.
    metrics: Metrics,
    /// The client secrets that Amazon last accepted, and when.
    accepted: Mutex<HashMap<ApplicationId, (Fingerprint, Timestamp)>>,
    /// The refresh tokens that may not be stored yet.
    unstored: Unstored,
}

impl Vending {
    /// Reads `APPLICATIONS_TABLE`, `GRANTS_TABLE`, `ACCESS_TOKENS_TABLE`, `HISTORY_TABLE`, `SEALING_KEY_ID`, `PREFIX`, `KEEP_WARM` (`demand`, the
    /// default, `always` or `never`), and what [`Amazon`] reads.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let dynamodb = aws.dynamodb();
        let amazon = Amazon::from_env(env)?;
        let http = HttpClient::new(&amazon);
        let table = |name: &str| env.required(name).map(ToOwned::to_owned);
        let grants = GrantStore::new(dynamodb.clone(), table("GRANTS_TABLE")?);
        Ok(Self {
            tokens: AccessTokenStore::new(
                dynamodb.clone(),
                table("ACCESS_TOKENS_TABLE")?,
                grants.clone(),
                table("APPLICATIONS_TABLE")?,
            ),
            sealer: Sealer::new(aws.kms(), table("SEALING_KEY_ID")?),
            credentials: CredentialStore::new(aws.secrets_manager(), env.stack_name()?),
            lwa: Lwa::new(&amazon, http.clone(), aws.metrics().clone()),
            sp_api: SpApi::new(&amazon, http),
            changes: GrantChanges::from_env(env, dynamodb.clone(), grants.clone())?,
            transactions: Transactions::new(dynamodb),
            keep_warm: env.optional_parsed("KEEP_WARM")?.unwrap_or(KeepWarm::Demand),
            grants,
            cache: TokenCache::default(),
            metrics: aws.metrics().clone(),
            accepted: Mutex::default(),
            unstored: Unstored::default(),
        })
    }

    /// Returns a token that answers `ask`, or a new one with whatever life it has.
    pub async fn token(&self, wanted: &Wanted, ask: &Ask, clock: Clock) -> Result<Vended, Error> {
        let key = wanted.key();
        if let Some(vended) = self.cache.get(&key, ask, clock.began()) {
            self.metrics.count(Metric::CacheHits);
            return Ok(vended);
        }
        // An old row may still show a token that was rejected before this one.
        let read = if ask.rejected.is_some() { TokenRead::Strong } else { TokenRead::Eventual };
        let (vended, counts_as) = self.token_from_tables(wanted, &key, read, ask, clock).await?;
        let fetched = counts_as == Metric::CacheMisses;
        self.metrics.count(counts_as);
        Ok(Vended { fetched, ..vended })
    }

    /// Returns a token, and whether it was stored or newly issued.
    async fn token_from_tables(
        &self,
        wanted: &Wanted,
        key: &TokenKey,
        mut read: TokenRead,
        ask: &Ask,
        clock: Clock,
    ) -> Result<(Vended, Metric), Error> {
        self.record_earlier_losses(clock.deadline()).await;
        let mut pauses = Pauses::of_waiter(clock.deadline());
        let look = |read| self.tokens.look(wanted.application(), wanted.grant(), key, read, ask, clock);
        let mut looked = look(read).await?;
        let mut rejected = ask.rejected.clone();
        loop {
            if !ask.may_have(looked.grant.as_ref()) {
                return Err(Error::UnknownSellingPartner);
            }
            let brake = looked.applied.brake;
            if brake.disabled {
                return Err(Error::ApplicationDisabled);
            }
            let ask = Ask { rejected: rejected.clone(), not_before: brake.not_before, ..ask.clone() }
                .of(looked.grant.as_ref());
            let now = clock.now();
            let mut failed = None;
            let vend = match wanted.grant() {
                Some(_) => decide(looked.grant.as_ref(), &looked.row, &ask, now),
                None => decide_on_row(&looked.row, &VersionId::default(), &ask, now),
            };
            let wait_at_most = match vend {
                // A token may have come since, or the reason why there is none.
                Vend::RecentFailure(_) | Vend::AskPartner if read == TokenRead::Eventual => {
                    read = TokenRead::Strong;
                    looked = look(read).await?;
                    continue;
                }
                Vend::Unknown => return Err(Error::UnknownSellingPartner),
                Vend::Disabled => return Err(Error::AuthorizationDisabled),
                Vend::AskPartner => {
                    return Err(explained(Error::ReauthorizationRequired, wanted, &looked, &looked.row));
                }
                Vend::MarketplaceNotCovered => {
                    return Err(Error::invalid(
                        "marketplaceId",
                        "a marketplace that the selling partner takes part in",
                    ));
                }
                Vend::RecentFailure(failure) => {
                    let until = looked.row.failed.as_ref().map_or(now, |failed| failed.not_before);
                    let error = failure.into_error(until.duration_since(now));
                    return Err(explained(error, wanted, &looked, &looked.row));
                }
                Vend::Stored(token) => match self.hand_out(key, token, &looked, clock.began()).await {
                    // A stored token that does not open is treated as missing.
                    Err(SealError::Broken) if ask.rejected.as_ref() != Some(&token.fingerprint) => {
                        let token_key = key.as_str();
                        tracing::error!(
                            token.key = token_key,
                            "Stored access token {token_key} does not open"
                        );
                        rejected = Some(token.fingerprint.clone());
                        continue;
                    }
                    answer => {
                        let vended = answer?;
                        self.note_request(wanted, key, &looked.row, now).await;
                        return Ok((vended, Metric::CacheHits));
                    }
                },
                Vend::Wait(until) => until.duration_since(now).unsigned_abs(),
                Vend::Fetch => {
                    let fetched = self.fetch_under_lease(wanted, key, &looked, &ask, clock).await;
                    match fetched? {
                        UnderLease::Token(vended) => return Ok((vended, Metric::CacheMisses)),
                        UnderLease::NotTaken(stands) => {
                            // The row from the lost attempt saves another read, unless it calls for another attempt.
                            (looked.row, read) = (*stands, TokenRead::Strong);
                            let version = looked.grant.as_ref().map(Grant::version_id).unwrap_or_default();
                            match decide_on_row(&looked.row, &version, &ask, clock.now()) {
                                Vend::Fetch => Duration::ZERO,
                                Vend::Wait(until) => until.duration_since(clock.now()).unsigned_abs(),
                                _ => continue,
                            }
                        }
                        UnderLease::LookAgain(error) => {
                            failed = error;
                            Duration::ZERO
                        }
                    }
                }
            };
            if !pauses.pause_at_most(wait_at_most.max(Duration::from_millis(20))).await {
                return Err(failed.map_or(Error::Unavailable(Cause::LeaseHolder), Error::from));
            }
            read = TokenRead::Strong;
            looked = look(read).await.map_err(|error| failed.unwrap_or(error))?;
        }
    }

    /// Records, a few times a day, that a caller asked for a partner's token, so that it is kept warm.
    async fn note_request(&self, wanted: &Wanted, key: &TokenKey, row: &TokenRow, now: Timestamp) {
        let noted_lately = |at: Timestamp| now.duration_since(at) < NOTED_EVERY;
        let (Some(grant), Some(token)) = (wanted.own_of(), &row.token) else { return };
        if self.keep_warm != KeepWarm::Demand || row.last_requested_at.is_some_and(noted_lately) {
            return;
        }
        // If the row is behind, nothing is written, and the next request decides on a newer one.
        let due = Due::before_end(grant, token.minted_at, token.expires_at);
        let due = row.due_at.is_none_or(|at| at > due.at).then_some(due);
        if let Err(error) = self.tokens.note_request(key, &token.fingerprint, due.as_ref(), now).await {
            let key = key.as_str();
            tracing::warn!(token.key = key, cause = %error, "Request for token {key} was not noted: {error}");
        }
    }

    async fn hand_out(
        &self,
        key: &TokenKey,
        token: &StoredToken,
        looked: &Looked,
        now: Timestamp,
    ) -> Result<Vended, SealError> {
        let access_token = match self.cache.token_with(key, &token.fingerprint) {
            Some(cached) => cached,
            None => AccessToken::new(self.sealer.open(&token.access_token, &key.owner(), now).await?),
        };
        let vended = vended(access_token, token.expires_at, looked);
        self.cache.put(key, &vended, looked.applied.read_at);
        Ok(vended)
    }
}

fn vended(access_token: AccessToken, expires_at: Timestamp, looked: &Looked) -> Vended {
    let grant = looked.grant.as_ref();
    let stores = grant.map(|grant| grant.stores.as_slice()).unwrap_or_default();
    let marketplace_ids =
        stores.iter().filter(|store| store.participating).map(|store| store.marketplace_id.clone());
    Vended {
        fingerprint: access_token.fingerprint(),
        access_token,
        expires_at,
        marketplace_ids: marketplace_ids.collect(),
        account: grant.and_then(|grant| grant.account.clone()),
        roles_outdated: lacks_roles(looked),
        fetched: false,
    }
}

/// Says why Amazon refused the grant, if a refresh token of it was lost. Says why Amazon probably refused a restricted token, if the
/// grant lacks a role that the application got since (F§3.2, F§6).
fn explained(error: Error, wanted: &Wanted, looked: &Looked, row: &TokenRow) -> Error {
    match (error, wanted) {
        (Error::ReauthorizationRequired, _) => {
            let fingerprint = looked.grant.as_ref().map(|grant| &grant.fingerprint);
            match row.lost.as_ref().filter(|lost| Some(&lost.fingerprint) == fingerprint) {
                Some(lost) => Error::ReauthorizationRequiredAfterLoss(lost.to_string()),
                None => Error::ReauthorizationRequired,
            }
        }
        (Error::RequestRefused(_), Wanted::Restricted(..)) if lacks_roles(looked) => Error::RequestRefused(
            "the selling partner authorized the application before its roles changed, and Amazon does not allow this \
             request; hint: ask the selling partner to authorize again",
        ),
        (error, _) => error,
    }
}

/// Returns whether the partner authorized the application before the application's roles changed.
fn lacks_roles(looked: &Looked) -> bool {
    looked.grant.as_ref().is_some_and(|grant| grant.lacks_roles_of(looked.applied.brake.roles_changed_at))
}

impl Failure {
    /// Returns what a caller hears whose request is not made because an earlier one failed so; the next is made after `pause`.
    fn into_error(self, pause: SignedDuration) -> Error {
        match self {
            Self::GrantRefused => Error::ReauthorizationRequired,
            Self::CredentialsRefused => Error::ApplicationCredentialsRejected,
            Self::RequestRefused => {
                Error::RequestRefused("Amazon does not allow it to this application or partner")
            }
            Self::Throttled => Error::AmazonThrottled(Cause::ThrottledLately(pause)),
            Self::Unavailable => Error::Unavailable(Cause::AmazonLately),
        }
    }
}
