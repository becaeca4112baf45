//! Stored access tokens, and how a request for one is answered. The decisions of this file are pure; `store` reads and writes the rows.

pub mod cache;
pub mod pace;
mod refresh_failures;
pub mod schedule;
pub mod slots;
pub mod store;

use std::{fmt::Write as _, sync::Arc};

use aws_lc_rs::digest;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use self::refresh_failures::{LastingRefusal, Lost};
use crate::{
    amazon::restricted_data::RestrictedRequest,
    aws::sealing::{Owner, Purpose, Sealed},
    consumer::Policy,
    grant::{Grant, GrantKey, Status, version::VersionId},
    ids::{Account, ApplicationId, MarketplaceId},
    secret::Fingerprint,
};

/// How long a lease lasts: longer than the time-out of a call to Amazon (5 s) and the write of its answer.
pub const LEASE: SignedDuration = SignedDuration::from_secs(8);

/// How long after Amazon refused a grant no caller tries it again, so that not every request becomes a refused call.
pub const PROBE_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// How long after Amazon did not answer no caller tries again, unless Amazon asked for a longer pause.
pub const PAUSE_AFTER_FAILURE: SignedDuration = SignedDuration::from_secs(2);

/// How long after its issue a token is not replaced that SP-API rejected (the fault may not be the token's), or that is
/// older or has less life than a caller asks for: Amazon would give no better one, and each caller would cost a call.
pub const REPLACE_AT_MOST_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// The key of a token's row: which token it is.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct TokenKey(String);

impl TokenKey {
    /// Returns the owner under which the row's access token is sealed. A restricted token does not open as the
    /// partner's own.
    pub fn owner(&self) -> Owner {
        Owner::new(Purpose::AccessToken, self.as_str())
    }

    /// Returns the key of the token for a partner's own grant.
    pub fn of_partner(key: &GrantKey) -> Self {
        Self(format!("partner#{key}"))
    }

    /// Returns the key of an application's own token for one scope.
    pub fn of_scope(application: &ApplicationId, scope: &str) -> Self {
        Self(format!("scope#{application}#{scope}"))
    }

    /// Returns the key of the token for a partner's restricted resources. Requests that differ only in order have the
    /// same key.
    pub fn of_restricted(key: &GrantKey, request: &RestrictedRequest) -> Self {
        let digest = digest::digest(&digest::SHA256, request.canonical().as_bytes());
        let hash = digest.as_ref().iter().fold(String::new(), |mut hash, byte| {
            let _ = write!(hash, "{byte:02x}");
            hash
        });
        Self(format!("restricted#{key}#{hash}"))
    }

    /// Returns the grant whose own token this is, if it is a partner's own.
    pub fn partner_of(key: &str) -> Option<GrantKey> {
        key.strip_prefix("partner#")?.parse().ok()
    }

    /// Returns whether the refresher refreshes the token, as it does every partner's own.
    pub fn is_cared_for(&self) -> bool {
        self.0.starts_with("partner#")
    }

    /// Returns the key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a caller asks for.
#[derive(Clone, Debug)]
pub struct Ask {
    /// For how long the token must still be valid.
    pub min_valid: SignedDuration,
    /// The fingerprint of a token that SP-API rejected.
    pub rejected: Option<Fingerprint>,
    /// The earliest time at which a token was requested that may be handed out, if an operator has invalidated all that
    /// were requested before.
    pub not_before: Option<Timestamp>,
    /// The moment after which the token was issued. A token of an authorization that is not older than this moment is
    /// good too: the one that came with the exchange is older than the event of the authorization.
    pub minted_after: Option<Timestamp>,
    /// A marketplace that the grant must cover.
    pub marketplace_id: Option<MarketplaceId>,
    /// The account by which the partner was named. The index that found the grant may lag behind, so the grant itself
    /// decides.
    pub account: Option<Account>,
    /// The policy of the consumer, if it covers the grant only by the account that the grant carries now.
    pub by_account: Option<Arc<Policy>>,
}

/// An access token as stored in its row.
#[derive(Clone, Debug, Serialize)]
pub struct StoredToken {
    /// The version of the grant for which it was issued. Under another version it is not used.
    #[serde(flatten)]
    pub grant_version: VersionId,
    /// When it was requested.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub minted_at: Timestamp,
    /// When it expires.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
    /// The fingerprint of the token.
    pub fingerprint: Fingerprint,
    /// The token.
    pub access_token: Sealed,
}

impl Ask {
    /// Whether the caller may have tokens of the grant, by the account that the grant carries now.
    pub fn may_have(&self, grant: Option<&Grant>) -> bool {
        let covers =
            |policy: &Arc<Policy>| grant.is_some_and(|grant| policy.accounts.covers(grant.account.as_ref()));
        self.by_account.as_ref().is_none_or(covers)
    }

    /// Returns the same request for a token of `grant`: a moment that is not after its authorization requires nothing
    /// more, because no token of its version is older. Rows store whole seconds, so the moment is compared in those.
    #[must_use]
    pub fn of(self, grant: Option<&Grant>) -> Self {
        let whole = |moment: Timestamp| Timestamp::from_second(moment.as_second()).unwrap_or(moment);
        let is_later = |moment: &Timestamp| grant.is_none_or(|grant| *moment > grant.authorized_at);
        Self { minted_after: self.minted_after.map(whole).filter(is_later), ..self }
    }
}

impl StoredToken {
    /// Returns a token that was issued for `grant_version`, to be stored.
    pub fn new(
        access_token: Sealed,
        fingerprint: Fingerprint,
        grant_version: VersionId,
        minted_at: Timestamp,
        expires_at: Timestamp,
    ) -> Self {
        Self { grant_version, minted_at, expires_at, fingerprint, access_token }
    }

    /// Returns whether the token answers `ask` for a grant of this version. A rejected one, one from before the moment that
    /// was asked for, and one with less life than that, does while it is valid and too new to replace.
    fn satisfies(&self, ask: &Ask, grant_version: &VersionId, now: Timestamp) -> bool {
        let life = self.expires_at.duration_since(now);
        let unwanted = ask.rejected.as_ref() == Some(&self.fingerprint)
            || ask.minted_after.is_some_and(|moment| self.minted_at < moment);
        let too_new = now.duration_since(self.minted_at) < REPLACE_AT_MOST_EVERY;
        let invalidated = ask.not_before.is_some_and(|not_before| self.minted_at < not_before);
        self.grant_version == *grant_version
            && life.is_positive()
            && (too_new || life >= ask.min_valid && !unwanted)
            && !invalidated
    }
}

/// Why the last request to Amazon brought no token.
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

impl Failure {
    /// Returns whether the failure says nothing of the grant: the next attempt may succeed without any change of it.
    pub fn is_not_the_grants(self) -> bool {
        match self {
            Self::CredentialsRefused | Self::Throttled | Self::Unavailable => true,
            Self::GrantRefused | Self::RequestRefused => false,
        }
    }
}

/// A token's row: the token, the lease for the next request to Amazon, and the failure of the last one.
#[derive(Clone, Debug, Default)]
pub struct TokenRow {
    /// The token, if Amazon ever issued one.
    pub token: Option<StoredToken>,
    /// When the current lease ends.
    pub lease_until: Option<Timestamp>,
    /// The failure of the last request to Amazon, if it failed.
    pub failed: Option<Failed>,
    /// When a caller last asked for the token, accurate to some hours.
    pub last_requested_at: Option<Timestamp>,
    /// Since when Amazon has refused the grant's refresh token.
    pub refused: Option<Refused>,
    /// Since when Amazon has refused to refresh the token in other words.
    pub lasting: Option<LastingRefusal>,
    /// When a refresh token that Amazon had issued in place of the grant's was lost, if one was.
    pub lost: Option<Lost>,
    /// How many refreshes have failed in a row.
    pub tries: u32,
    /// When the refresher checks the token next.
    pub due_at: Option<Timestamp>,
    /// The shard in which it does.
    pub due_shard: Option<String>,
    /// Where the index has it within the shard, see [`schedule::Due::slot`].
    pub due_slot: Option<i64>,
    /// Since when a refresh has been due that failed for a reason that is not the grant's own.
    pub overdue_since: Option<Timestamp>,
}

impl TokenRow {
    /// Returns whether the row holds no token of another version: then it and a grant of this version, read together, are of one
    /// moment. Otherwise only another read of the grant says which of the two is newer.
    pub(crate) fn fits(&self, version: &VersionId) -> bool {
        self.token.as_ref().is_none_or(|token| token.grant_version == *version)
    }

    /// Returns the slot of the token, if it has one and not a time of its own.
    pub fn slot(&self) -> Option<i64> {
        self.due_slot.filter(|slot| (0..slots::PERIOD.as_secs()).contains(slot))
    }

    /// Returns since when a refresh is due, over all attempts that failed.
    pub fn due_since(&self) -> Option<Timestamp> {
        self.overdue_since.or(self.due_at)
    }
}

/// A refresh token that Amazon refused and has not accepted since.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refused {
    /// The fingerprint of the refresh token. The refusal does not apply to another one.
    pub fingerprint: Fingerprint,
    /// When it was first refused.
    pub since: Timestamp,
}

/// A request to Amazon that failed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Failed {
    /// The reason.
    pub failure: Failure,
    /// The version of the grant. The failure does not apply to another version.
    pub grant_version: VersionId,
    /// Until when callers receive this failure without another request to Amazon.
    pub not_before: Timestamp,
}

/// How a request for a token is answered.
#[derive(Clone, Copy, Debug)]
pub enum Vend<'a> {
    /// Hand out the stored token.
    Stored(&'a StoredToken),
    /// Take the lease and request a token from Amazon.
    Fetch,
    /// Wait: a request of another environment is in flight, at most until then.
    Wait(Timestamp),
    /// Answer with the failure of the last request to Amazon.
    RecentFailure(Failure),
    /// No token: Amazon refuses the grant.
    AskPartner,
    /// No token: an operator or the integrator disabled the grant.
    Disabled,
    /// No token: the grant does not exist or was removed.
    Unknown,
    /// No token: the grant does not cover the marketplace.
    MarketplaceNotCovered,
}

/// Decides on a grant's own or restricted token, on the current rows.
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
            Vend::MarketplaceNotCovered
        }
        Status::ReauthorizationRequired => Vend::AskPartner,
        Status::Active => decide_on_row(row, &grant.version_id(), ask, now),
    }
}

/// Decides on a token that needs no grant. Its `grant_version` is the default one.
pub fn decide_on_row<'a>(
    row: &'a TokenRow,
    grant_version: &VersionId,
    ask: &Ask,
    now: Timestamp,
) -> Vend<'a> {
    if let Some(token) = row.token.as_ref().filter(|token| token.satisfies(ask, grant_version, now)) {
        return Vend::Stored(token);
    }
    if let Some(failed) =
        row.failed.as_ref().filter(|failed| failed.grant_version == *grant_version && failed.not_before > now)
    {
        return Vend::RecentFailure(failed.failure);
    }
    match row.lease_until {
        Some(until) if until > now => Vend::Wait(until),
        _ => Vend::Fetch,
    }
}

#[cfg(test)]
mod tests;
