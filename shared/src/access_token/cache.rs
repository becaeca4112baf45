//! Tokens in the memory of one environment. Their number is limited, and so is the time for which they are handed
//! out.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use lru::LruCache;

use crate::{
    access_token::{Ask, TokenKey},
    ids::{Account, MarketplaceId},
    secret::{AccessToken, Fingerprint},
};

/// How long a token is handed out from memory after the tables last confirmed it. So a disabled grant (promise 15) and a
/// disabled application (promise 18) stop everywhere within a minute.
const BELIEVED_FOR: SignedDuration = SignedDuration::from_secs(60);

/// How many tokens are cached. Each takes up to 5 KB, so at most 2.5 MB.
const TOKENS: NonZeroUsize = NonZeroUsize::new(500).expect("500 is not zero");

/// A token for a caller.
#[derive(Clone, Debug)]
pub struct Vended {
    /// The token.
    pub access_token: AccessToken,
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The marketplaces in which its partner sells, where they are known.
    pub marketplace_ids: Vec<MarketplaceId>,
    /// The account of its partner.
    pub account: Option<Account>,
    /// Whether its partner authorized the application before the application's roles changed.
    pub roles_outdated: bool,
    /// Whether Amazon issued it for this request. Never so of one that is cached.
    pub fetched: bool,
}

/// The tokens that this environment has recently handed out.
#[derive(Debug)]
pub struct TokenCache {
    tokens: Mutex<LruCache<TokenKey, Cached>>,
}

#[derive(Debug)]
struct Cached {
    vended: Vended,
    confirmed_at: Timestamp,
}

impl TokenCache {
    /// Returns the token, if the tables confirmed it within the last minute and it answers `ask`.
    pub fn get(&self, key: &TokenKey, ask: &Ask, now: Timestamp) -> Option<Vended> {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let cached = tokens.get(key)?;
        let age = now.duration_since(cached.confirmed_at);
        let life = cached.vended.expires_at.duration_since(now);
        let covers = |id: &MarketplaceId| cached.vended.marketplace_ids.contains(id);
        let answers = age < BELIEVED_FOR
            // Only the tables show which authorization the grant has now.
            && ask.minted_after.is_none()
            // Only the tables show which account the grant has now.
            && ask.by_account.is_none()
            && life.is_positive()
            && life >= ask.min_valid
            && ask.rejected.as_ref() != Some(&cached.vended.fingerprint)
            // If the stores are not in memory, the tables decide whether the grant covers the marketplace.
            && ask.marketplace_id.as_ref().is_none_or(covers)
            && (ask.account.is_none() || ask.account == cached.vended.account);
        answers.then(|| cached.vended.clone())
    }

    /// Returns the token with this fingerprint, which the tables have just confirmed, so that KMS need not open it
    /// again.
    pub fn token_with(&self, key: &TokenKey, fingerprint: &Fingerprint) -> Option<AccessToken> {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let cached = tokens.get(key)?;
        (cached.vended.fingerprint == *fingerprint).then(|| cached.vended.access_token.clone())
    }

    /// Caches a token that the tables, as they were at `confirmed_at`, allow to be handed out.
    pub fn put(&self, key: &TokenKey, vended: &Vended, confirmed_at: Timestamp) {
        let cached = Cached { vended: vended.clone(), confirmed_at };
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).put(key.clone(), cached);
    }
}

impl Default for TokenCache {
    fn default() -> Self {
        Self { tokens: Mutex::new(LruCache::new(TOKENS)) }
    }
}
