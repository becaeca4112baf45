//! Access tokens that are kept, and what a request for one comes to. Pure.

pub mod cache;
pub mod refresh_queue;
pub mod schedule;
pub mod store;

use std::fmt::Write as _;

use aws_lc_rs::digest;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    amazon::restricted_data::RestrictedRequest,
    aws::sealing::{Owner, Purpose, Sealed},
    grant::{Grant, GrantKey, Status},
    ids::{Account, ApplicationId, MarketplaceId},
    secret::Fingerprint,
};

/// How long one caller may be at Amazon for a token: longer than a call may take (5 s) and its answer be stored.
pub const LEASE: SignedDuration = SignedDuration::from_secs(8);

/// A grant that Amazon refused is tried again no sooner than this, lest every request for it be a refused call.
pub const PROBE_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// Amazon is left alone this long after it did not answer, unless it asked for longer itself.
pub const PAUSE_AFTER_FAILURE: SignedDuration = SignedDuration::from_secs(2);

/// A token that SP-API rejected is replaced no sooner than this after it was minted: the fault may not be the token's.
pub const REPLACE_AT_MOST_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// The key of a token's row: which token it is.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct TokenKey(String);

impl TokenKey {
    /// The owner under which the row's access token is sealed: a restricted token does not open as the partner's own.
    #[must_use]
    pub fn owner(&self) -> Owner {
        Owner::new(Purpose::AccessToken, self.as_str())
    }

    /// The token with which a partner's own grant is used.
    #[must_use]
    pub fn of_partner(key: &GrantKey) -> Self {
        Self(format!("partner#{key}"))
    }

    /// The token of an application itself, for one scope.
    #[must_use]
    pub fn of_scope(application: &ApplicationId, scope: &str) -> Self {
        Self(format!("scope#{application}#{scope}"))
    }

    /// The token with which a partner's restricted resources are read; equal for equal requests, in whatever order.
    #[must_use]
    pub fn of_restricted(key: &GrantKey, request: &RestrictedRequest) -> Self {
        let digest = digest::digest(&digest::SHA256, request.canonical().as_bytes());
        let hash = digest.as_ref().iter().fold(String::new(), |mut hash, byte| {
            let _ = write!(hash, "{byte:02x}");
            hash
        });
        Self(format!("restricted#{key}#{hash}"))
    }

    /// Whose own token a key is about, if it is about a partner's own.
    #[must_use]
    pub fn partner_of(key: &str) -> Option<GrantKey> {
        key.strip_prefix("partner#")?.parse().ok()
    }

    /// Whether the refresher looks after it, as it does after every partner's own.
    #[must_use]
    pub fn is_cared_for(&self) -> bool {
        self.0.starts_with("partner#")
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a caller wants.
#[derive(Clone, Debug)]
pub struct Ask {
    /// How much life the token must have.
    pub min_valid: SignedDuration,
    /// The fingerprint of a token that SP-API rejected.
    pub rejected: Option<Fingerprint>,
    /// A marketplace that the grant must cover.
    pub marketplace_id: Option<MarketplaceId>,
    /// The account by which the partner was named. The index that found the grant may lag behind; the grant decides.
    pub account: Option<Account>,
}

/// An access token at rest.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct KeptToken {
    /// The grant's version it was minted under, 0 for a token without a grant; under another it is worth nothing.
    pub grant_version: u64,
    /// When it was asked for.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub minted_at: Timestamp,
    /// When it ends.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
    /// What the token looks like from outside.
    pub fingerprint: Fingerprint,
    /// The token.
    pub access_token: Sealed,
}

impl KeptToken {
    /// A token minted under `grant_version`, to be kept.
    #[must_use]
    pub fn new(
        access_token: Sealed,
        fingerprint: Fingerprint,
        grant_version: u64,
        minted_at: Timestamp,
        expires_at: Timestamp,
    ) -> Self {
        Self { grant_version, minted_at, expires_at, fingerprint, access_token }
    }

    /// Whether it satisfies `ask` for a grant of this version. A rejected token does, while it is too new to replace.
    fn satisfies(&self, ask: &Ask, grant_version: u64, now: Timestamp) -> bool {
        let life = self.expires_at.duration_since(now);
        let rejected = ask.rejected.as_ref() == Some(&self.fingerprint)
            && now.duration_since(self.minted_at) >= REPLACE_AT_MOST_EVERY;
        self.grant_version == grant_version && life.is_positive() && life >= ask.min_valid && !rejected
    }
}

/// Why the last caller that was at Amazon came back without a token.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// Amazon refused the grant.
    GrantRefused,
    /// Amazon refused the application's credentials.
    CredentialsRefused,
    /// Amazon refused the request.
    RequestRefused,
    /// Amazon asked to slow down.
    Throttled,
    /// Amazon did not answer.
    Unavailable,
}

/// A token's row: the token, the right to fetch a new one, and what came of the last try.
#[derive(Clone, Debug, Default)]
pub struct TokenRow {
    /// The token, if one was ever fetched.
    pub token: Option<KeptToken>,
    /// When the lease of whoever is at Amazon ends.
    pub lease_until: Option<Timestamp>,
    /// What came of the last try, if no token did.
    pub failed: Option<Failed>,
    /// When a caller last asked for it, told to some hours.
    pub last_requested_at: Option<Timestamp>,
    /// Since when Amazon refuses the grant's refresh token.
    pub refused: Option<Refused>,
    /// How often in a row the refresher came back without a token.
    pub tries: u32,
    /// When the refresher looks at it next.
    pub due_at: Option<Timestamp>,
}

/// A refresh token that Amazon refused, and has not accepted since.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refused {
    /// Which one; it says nothing about another.
    pub fingerprint: Fingerprint,
    /// When it was refused for the first time.
    pub since: Timestamp,
}

/// A try that brought no token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Failed {
    /// Why.
    pub failure: Failure,
    /// The grant's version that was tried; it says nothing about another.
    pub grant_version: u64,
    /// Until when the answer stands without asking Amazon again.
    pub not_before: Timestamp,
}

/// What a request comes to.
#[derive(Clone, Copy, Debug)]
pub enum Vend<'a> {
    /// Hand out the kept token.
    Kept(&'a KeptToken),
    /// Take the lease and ask Amazon.
    Mint,
    /// Somebody else is at Amazon, at most until then.
    Wait(Timestamp),
    /// The last try stands for an answer.
    Remembered(Failure),
    /// Nothing: Amazon does not honour the grant.
    AskPartner,
    /// Nothing: somebody of ours disabled the grant.
    Disabled,
    /// Nothing: there is no such grant, or no longer.
    Unknown,
    /// Nothing: the grant does not cover the marketplace.
    NotThere,
}

/// Decides on a grant's own or restricted token, on the rows as they stand.
#[must_use]
pub fn decide<'a>(grant: Option<&Grant>, row: &'a TokenRow, ask: &Ask, now: Timestamp) -> Vend<'a> {
    let Some(grant) = grant else {
        return Vend::Unknown;
    };
    if ask.account.is_some() && ask.account != grant.account {
        return Vend::Unknown;
    }
    let covers = |id: &MarketplaceId| {
        grant.stores.is_empty() || grant.stores.iter().any(|store| store.marketplace_id == *id)
    };
    match grant.status {
        Status::Removed => Vend::Unknown,
        Status::Disabled => Vend::Disabled,
        Status::Active | Status::ReauthorizationRequired
            if !ask.marketplace_id.as_ref().is_none_or(covers) =>
        {
            Vend::NotThere
        }
        Status::ReauthorizationRequired => Vend::AskPartner,
        Status::Active => decide_on_row(row, grant.version, ask, now),
    }
}

/// Decides on a token that needs no grant; `grant_version` is 0 for it.
#[must_use]
pub fn decide_on_row<'a>(row: &'a TokenRow, grant_version: u64, ask: &Ask, now: Timestamp) -> Vend<'a> {
    if let Some(token) = row.token.as_ref().filter(|token| token.satisfies(ask, grant_version, now)) {
        return Vend::Kept(token);
    }
    if let Some(failed) =
        row.failed.filter(|failed| failed.grant_version == grant_version && failed.not_before > now)
    {
        return Vend::Remembered(failed.failure);
    }
    match row.lease_until {
        Some(until) if until > now => Vend::Wait(until),
        _ => Vend::Mint,
    }
}

#[cfg(test)]
#[path = "access_token/tests.rs"]
mod tests;
