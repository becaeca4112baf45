//! The opened data keys in the memory of one environment.

use std::{num::NonZeroUsize, sync::Arc};

use aws_lc_rs::aead::LessSafeKey;
use jiff::{SignedDuration, Timestamp};
use lru::LruCache;
use tokio::sync::OnceCell;

/// How long an opened data key is used. Once nobody may use the KMS key any more, nothing opens after this time; and while KMS
/// does not answer, what has been opened still opens for the rest of it.
pub const OPENED_KEYS_LIVE: SignedDuration = SignedDuration::from_mins(10);

/// How many opened data keys are cached. Each takes about 150 bytes.
const OPENED_KEYS: NonZeroUsize = NonZeroUsize::new(1_000).expect("1,000 is not zero");

/// A data key, once KMS has opened it.
type Key = OnceCell<Arc<LessSafeKey>>;

/// The opened data keys by their wrapped form, each with the time at which it was first needed.
#[derive(Debug)]
pub(super) struct Opened(LruCache<Vec<u8>, (Timestamp, Arc<Key>)>);

impl Default for Opened {
    fn default() -> Self {
        Self(LruCache::new(OPENED_KEYS))
    }
}

impl Opened {
    /// Returns the place of a key: the same one for all that need the key at the same time, and an empty one once its life has
    /// ended. Keys whose life has ended are dropped from memory.
    pub(super) fn entry(&mut self, wrapped: &[u8], now: Timestamp) -> Arc<Key> {
        let ended = |since: Timestamp| now >= since + OPENED_KEYS_LIVE;
        match self.0.get(wrapped) {
            Some((since, key)) if !ended(*since) => return Arc::clone(key),
            Some(_) => {
                let dead: Vec<_> = self
                    .0
                    .iter()
                    .filter(|(_, (at, _))| ended(*at))
                    .map(|(wrapped, _)| wrapped.clone())
                    .collect();
                for wrapped in dead {
                    self.0.pop(&wrapped);
                }
            }
            None => {}
        }
        let key = Arc::new(Key::new());
        self.0.put(wrapped.to_vec(), (now, Arc::clone(&key)));
        key
    }

    /// Stores a key that KMS has made.
    pub(super) fn put(&mut self, wrapped: &[u8], key: &Arc<LessSafeKey>, now: Timestamp) {
        self.0.put(wrapped.to_vec(), (now, Arc::new(Key::new_with(Some(Arc::clone(key))))));
    }
}
