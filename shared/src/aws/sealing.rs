//! Seals stored tokens: AES-256-GCM under data keys that KMS wraps (envelope encryption).
//!
//! The associated data names the owner, so that a ciphertext moved to another row does not open. The KMS encryption
//! context is the purpose alone, since one data key serves many owners.
//!
//! A sealed token is one byte of version (1), the length of the wrapped data key in two bytes (big endian), the
//! wrapped data key, 12 bytes of nonce, the ciphertext and its 16 bytes of tag.

mod opened_keys;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_sdk_kms::{Client, primitives::Blob, types::DataKeySpec};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::{
    aws::{AwsError, Lazy, in_time},
    deadline::Transient,
};

pub use self::opened_keys::OPENED_KEYS_LIVE;
use self::opened_keys::Opened;

/// How long one environment seals under the same data key.
const DATA_KEY_SEALS_FOR: SignedDuration = SignedDuration::from_hours(1);

/// How many tokens one data key seals: far below the 2^32 messages at which random nonces become a risk.
const DATA_KEY_SEALS_AT_MOST: u32 = 10_000;

const VERSION: u8 = 1;

/// The purpose of a sealed token. It is part of the associated data, and it is the KMS encryption context.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Purpose {
    /// A refresh token, which obtains access tokens.
    RefreshToken,
    /// An access token, which authorizes calls to SP-API.
    AccessToken,
}

impl Purpose {
    /// The value of the encryption context's `purpose`, which key policies name.
    fn as_str(self) -> &'static str {
        match self {
            Self::RefreshToken => "refresh-token",
            Self::AccessToken => "access-token",
        }
    }
}

/// The owner of a token.
#[derive(Clone, Debug)]
pub struct Owner {
    purpose: Purpose,
    key: String,
}

impl Owner {
    /// Returns the owner of a token for `purpose`. `key` names the row that stores it.
    pub(crate) fn new(purpose: Purpose, key: impl fmt::Display) -> Self {
        Self { purpose, key: key.to_string() }
    }

    fn associated_data(&self) -> String {
        format!("spapi-auth:{VERSION}:{}:{}", self.purpose.as_str(), self.key)
    }
}

/// A token that opens only for its owner, with the KMS key.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Sealed(ByteBuf);

/// Why a token could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// KMS failed or refused.
    #[error(transparent)]
    Kms(#[from] AwsError),
    /// The bytes were sealed for another owner, were changed, or are not a sealed token.
    #[error(
        "a sealed token does not open: it was changed, moved from another row, or sealed under another key"
    )]
    Broken,
}

impl Transient for SealError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Kms(error) => error.is_transient(),
            Self::Broken => false,
        }
    }
}

/// Seals and opens tokens. A function that may only seal is granted `kms:GenerateDataKey` and no `kms:Decrypt`.
#[derive(Debug)]
pub struct Sealer {
    client: Lazy<Client>,
    key_id: String,
    sealing: [tokio::sync::Mutex<Option<DataKey>>; 2],
    opened: Mutex<Opened>,
    only_seals: bool,
}

#[derive(Debug)]
struct DataKey {
    key: Arc<LessSafeKey>,
    wrapped: Vec<u8>,
    made_at: Timestamp,
    sealed: u32,
}

impl Sealer {
    /// Seals with data keys that the KMS key `key_id` wraps.
    pub fn new(client: Lazy<Client>, key_id: String) -> Self {
        Self {
            client,
            key_id,
            sealing: [const { tokio::sync::Mutex::const_new(None) }; 2],
            opened: Mutex::new(Opened::default()),
            only_seals: false,
        }
    }

    /// Returns a sealer that does not cache its data keys for opening, for a function that may only seal.
    #[must_use]
    pub fn only_sealing(self) -> Self {
        Self { only_seals: true, ..self }
    }

    /// Seals `token` for `owner`. Calls KMS once an hour, or once in 10,000 tokens.
    pub async fn seal(&self, token: &str, owner: &Owner, now: Timestamp) -> Result<Sealed, SealError> {
        let mut nonce = [0; NONCE_LEN];
        aws_lc_rs::rand::fill(&mut nonce).map_err(|_| SealError::Broken)?;
        let (key, wrapped) = self.sealing_key(owner.purpose, now).await?;
        sealed_under((&key, &wrapped), nonce, token, owner)
    }

    /// Opens what was sealed for `owner`. Calls KMS only for a data key that this environment has not opened within
    /// [`OPENED_KEYS_LIVE`].
    pub async fn open(&self, sealed: &Sealed, owner: &Owner, now: Timestamp) -> Result<String, SealError> {
        let (wrapped, nonce, ciphertext) = sealed.parts().ok_or(SealError::Broken)?;
        let key = self.opening_key(wrapped, owner.purpose, now).await?;
        opened_with(&key, (nonce, ciphertext), owner)
    }

    async fn sealing_key(
        &self,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<(Arc<LessSafeKey>, Vec<u8>), SealError> {
        // The lock is held during the call to KMS, so that concurrent seals after a cold start share one data key.
        let mut slot = in_time("GenerateDataKey", self.sealing[purpose as usize].lock()).await?;
        if slot.as_ref().is_none_or(|data_key| data_key.is_worn_at(now)) {
            *slot = Some(self.generate(purpose, now).await?);
        }
        let data_key = slot.as_mut().ok_or(SealError::Broken)?;
        data_key.sealed += 1;
        Ok((Arc::clone(&data_key.key), data_key.wrapped.clone()))
    }

    async fn generate(&self, purpose: Purpose, now: Timestamp) -> Result<DataKey, SealError> {
        let made = self
            .client
            .generate_data_key()
            .key_id(&self.key_id)
            .key_spec(DataKeySpec::Aes256)
            .encryption_context("purpose", purpose.as_str())
            .send()
            .await
            .map_err(|error| AwsError::of("GenerateDataKey", &error))?;
        let key = aes_key(made.plaintext())?;
        let wrapped = made.ciphertext_blob().map(|blob| blob.as_ref().to_vec()).ok_or(SealError::Broken)?;
        if !self.only_seals {
            self.opened_keys().put(&wrapped, &key, now);
        }
        Ok(DataKey { key, wrapped, made_at: now, sealed: 0 })
    }

    async fn opening_key(
        &self,
        wrapped: &[u8],
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Arc<LessSafeKey>, SealError> {
        let opened = self.opened_keys().entry(wrapped, now);
        // One call to KMS serves all that need the key at the same time.
        let opening = Box::pin(opened.get_or_try_init(|| self.unwrap(wrapped, purpose)));
        in_time("Decrypt", opening).await?.cloned()
    }

    async fn unwrap(&self, wrapped: &[u8], purpose: Purpose) -> Result<Arc<LessSafeKey>, SealError> {
        let opened = self
            .client
            .decrypt()
            .key_id(&self.key_id)
            .ciphertext_blob(Blob::new(wrapped))
            .encryption_context("purpose", purpose.as_str())
            .send()
            .await
            .map_err(|error| AwsError::of("Decrypt", &error))?;
        aes_key(opened.plaintext())
    }

    fn opened_keys(&self) -> MutexGuard<'_, Opened> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DataKey {
    fn is_worn_at(&self, now: Timestamp) -> bool {
        now >= self.made_at + DATA_KEY_SEALS_FOR || self.sealed >= DATA_KEY_SEALS_AT_MOST
    }
}

impl Sealed {
    fn parts(&self) -> Option<(&[u8], [u8; NONCE_LEN], &[u8])> {
        let (&version, rest) = self.0.split_first()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (wrapped, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let (nonce, ciphertext) = rest.split_first_chunk()?;
        (version == VERSION).then_some((wrapped, *nonce, ciphertext))
    }
}

/// Seals `token` under a data key. A nonce is used once.
fn sealed_under(
    (key, wrapped): (&LessSafeKey, &[u8]),
    nonce: [u8; NONCE_LEN],
    token: &str,
    owner: &Owner,
) -> Result<Sealed, SealError> {
    let mut ciphertext = token.as_bytes().to_vec();
    let owner = Aad::from(owner.associated_data());
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), owner, &mut ciphertext)
        .map_err(|_| SealError::Broken)?;
    let length = u16::try_from(wrapped.len()).map_err(|_| SealError::Broken)?;
    Ok(Sealed(ByteBuf::from([&[VERSION], &length.to_be_bytes()[..], wrapped, &nonce, &ciphertext].concat())))
}

fn opened_with(
    key: &LessSafeKey,
    (nonce, ciphertext): ([u8; NONCE_LEN], &[u8]),
    owner: &Owner,
) -> Result<String, SealError> {
    let mut ciphertext = ciphertext.to_vec();
    let owner = Aad::from(owner.associated_data());
    let token = key
        .open_in_place(Nonce::assume_unique_for_key(nonce), owner, &mut ciphertext)
        .map_err(|_| SealError::Broken)?;
    String::from_utf8(token.to_vec()).map_err(|_| SealError::Broken)
}

fn aes_key(plaintext: Option<&Blob>) -> Result<Arc<LessSafeKey>, SealError> {
    let bytes = plaintext.map(Blob::as_ref).unwrap_or_default();
    UnboundKey::new(&AES_256_GCM, bytes).map(LessSafeKey::new).map(Arc::new).map_err(|_| SealError::Broken)
}

/// Checks any bytes as a sealed token, and as a token to be sealed: only what was sealed for an owner opens, and for that owner alone.
#[cfg(any(test, fuzzing))]
pub(crate) fn check_any_bytes(bytes: &[u8]) {
    let Ok(key) = aes_key(Some(&Blob::new([7; 32]))) else { panic!("32 bytes are a key") };
    let [owner, other] = ["amzn1.sp.solution.1#na#A1", "amzn1.sp.solution.1#na#A2"]
        .map(|owner| Owner::new(Purpose::RefreshToken, owner));
    let open = |sealed: &Sealed, owner: &Owner| {
        let (_, nonce, ciphertext) = sealed.parts().ok_or(SealError::Broken)?;
        opened_with(&key, (nonce, ciphertext), owner)
    };
    assert!(open(&Sealed(ByteBuf::from(bytes)), &owner).is_err(), "nobody has sealed these bytes");
    let Ok(token) = str::from_utf8(bytes) else { return };
    let wrapped = &bytes[..bytes.len().min(200)];
    let Ok(sealed) = sealed_under((&key, wrapped), [9; NONCE_LEN], token, &owner) else { return };
    assert_eq!(open(&sealed, &owner).ok().as_deref(), Some(token));
    assert!(open(&sealed, &other).is_err(), "it is bound to its owner");
    assert!(open(&sealed, &Owner::new(Purpose::AccessToken, "amzn1.sp.solution.1#na#A1")).is_err());
    // A changed byte is found, wherever it is but in the wrapped key, which KMS checks.
    let at = 3
        + wrapped.len()
        + usize::from(bytes.first().copied().unwrap_or_default()) % (sealed.0.len() - 3 - wrapped.len());
    let mut changed = sealed.clone();
    changed.0[at] ^= 1;
    assert!(open(&changed, &owner).is_err(), "a changed byte at {at}");
}
