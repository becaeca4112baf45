//! Makes a new client secret the current one: writes it, validates it with Amazon, promotes it and records it.
//!
//! Every step can be repeated, so a run that ends between two of them loses nothing: the message with the secret is
//! delivered again, and steps that were done are skipped. The current secret is always one that Amazon has accepted.

pub mod credential_store;
pub mod protection;
pub mod rotation;
pub mod rotation_store;
pub mod versions;

mod announcing;
mod asking;
mod health;

pub use self::{
    asking::Asked,
    health::{Health, SecretHealth},
    rotation::Asker,
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    amazon::{
        Amazon,
        http::HttpClient,
        lwa::{self, Lwa},
        scope,
        sp_api::SpApi,
    },
    aws::{Aws, AwsError, metrics::Metrics},
    client_secret::{
        credential_store::CredentialStore,
        protection::Protection,
        rotation::{Rotation, replaces},
        rotation_store::{RotationChange, RotationStore},
        versions::{SecretVersions, Version},
    },
    deadline::{Clock, Pauses, Transient, retry_until},
    env::{Env, Unset},
    history::{
        ApplicationEvent, Event,
        actor::{Actor, Who},
    },
    ids::ApplicationId,
    secret::Fingerprint,
};

/// The scope for requesting a new client secret and for validating one (F§4.3). Every application may use it.
pub const ROTATION_SCOPE: &str = scope::ROTATION;

/// How many days before its end a secret is replaced, unless configured.
const DEFAULT_LEAD_DAYS: i64 = 30;

/// The client secrets and their rotations.
#[derive(Debug)]
pub struct ClientSecrets {
    versions: SecretVersions,
    rotations: RotationStore,
    credentials: CredentialStore,
    lead: SignedDuration,
    lwa: Lwa,
    metrics: Metrics,
    sp_api: SpApi,
}

/// A secret that is to become the current one.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The application to which it belongs.
    pub application_id: ApplicationId,
    /// The version to write.
    pub version: Version,
    /// When the previous secret ends, where Amazon said so.
    pub old_ends_at: Option<Timestamp>,
    /// Who sent it. A secret that an operator sets replaces the current one whatever its date.
    pub who: Who,
}

/// The outcome for a candidate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Accepted {
    /// It is the current secret now.
    Promoted,
    /// It was the current secret before.
    WasCurrent,
    /// The current secret is newer.
    Older,
}

/// Why a candidate is not the current secret yet. Nothing is lost: the same call continues from here.
#[derive(Debug, thiserror::Error)]
pub enum NotAccepted {
    /// Amazon does not accept it, or not yet: a new secret may take an hour to become valid.
    #[error("Amazon does not accept the new client secret, or not yet")]
    NotProved,
    /// Amazon did not answer.
    #[error("the new client secret could not be validated: {0}")]
    Amazon(#[source] lwa::Error),
    /// AWS failed.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

impl Transient for NotAccepted {
    fn is_transient(&self) -> bool {
        match self {
            Self::NotProved => false,
            Self::Amazon(error) => error.is_transient(),
            Self::Aws(error) => error.is_transient(),
        }
    }
}

impl ClientSecrets {
    /// Reads `APPLICATIONS_TABLE`, `HISTORY_TABLE`, `ROTATION_LEAD_DAYS` (8 to 170, default 30), `PREFIX`, and what [`Protection`] and
    /// [`Amazon`] read.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let amazon = Amazon::from_env(env)?;
        let http = HttpClient::new(&amazon);
        let lead_days = env.optional_parsed("ROTATION_LEAD_DAYS")?.unwrap_or(DEFAULT_LEAD_DAYS);
        if !(8..=170).contains(&lead_days) {
            let expected = "8 to 170: the overlap is 7 days, and a secret lives 180";
            return Err(Unset::malformed("ROTATION_LEAD_DAYS", expected));
        }
        let table = |name: &str| env.required(name).map(ToOwned::to_owned);
        Ok(Self {
            versions: SecretVersions::new(
                aws.secrets_manager(),
                Protection::from_env(env)?,
                env.stack_name()?,
            ),
            rotations: RotationStore::new(
                aws.dynamodb(),
                table("APPLICATIONS_TABLE")?,
                table("HISTORY_TABLE")?,
            ),
            credentials: CredentialStore::new(aws.secrets_manager(), env.stack_name()?),
            lead: SignedDuration::from_hours(lead_days * 24),
            lwa: Lwa::new(&amazon, http.clone(), aws.metrics().clone()),
            metrics: aws.metrics().clone(),
            sp_api: SpApi::new(&amazon, http),
        })
    }

    /// Returns how long before its end a client secret is replaced.
    pub fn lead(&self) -> SignedDuration {
        self.lead
    }

    /// Makes `candidate` the current secret, if Amazon accepts it and it is the newer one.
    pub async fn accept(&self, candidate: &Candidate, clock: Clock) -> Result<Accepted, NotAccepted> {
        let Candidate { application_id, version, .. } = candidate;
        let fingerprint = version.client_secret.fingerprint();
        let by_hand = candidate.who.actor == Actor::Operator;
        // Amazon sends a secret only once, so it is written before anything is decided. An operator can enter a
        // secret again: a mistyped one must not use one of the secret's twenty labels.
        if by_hand {
            self.validate(version, clock).await?;
        }
        let mut pauses = Pauses::until(clock.deadline());
        loop {
            let present = retry_until(clock.deadline(), || self.versions.current(application_id)).await?;
            let Some(present) = present else {
                self.validate(version, clock).await?;
                retry_until(clock.deadline(), || self.versions.create(application_id, version)).await?;
                continue;
            };
            // Before a new version is written, so that it is encrypted with the secret's own key.
            retry_until(clock.deadline(), || self.versions.protect(application_id)).await?;
            // A stored secret that cannot be read is replaced by any that Amazon accepts.
            let old = present.credentials.ok().map(|credentials| credentials.client_secret.fingerprint());
            if old.as_ref() == Some(&fingerprint) {
                let recorded = self.record(candidate, None, false, clock).await?;
                retry_until(clock.deadline(), || self.versions.settle(application_id, version)).await?;
                return Ok(if recorded { Accepted::Promoted } else { Accepted::WasCurrent });
            }
            retry_until(clock.deadline(), || self.versions.write(application_id, version)).await?;
            let rotation = retry_until(clock.deadline(), || self.rotations.find(application_id)).await?;
            let newer = |old| replaces(version.ends_at, rotation.reported_end_of(old));
            if !by_hand && !old.as_ref().is_none_or(newer) {
                retry_until(clock.deadline(), || self.versions.settle(application_id, version)).await?;
                return Ok(Accepted::Older);
            }
            self.validate(version, clock).await?;
            self.record_end(candidate, clock).await?;
            let promoted = retry_until(clock.deadline(), || {
                self.versions.promote(application_id, version, &present.version_id)
            })
            .await?;
            if promoted {
                self.record(candidate, old.as_ref(), old.is_none(), clock).await?;
                retry_until(clock.deadline(), || self.versions.settle(application_id, version)).await?;
                return Ok(Accepted::Promoted);
            }
            // Another secret became the current one since. Compare with that one.
            if !pauses.pause(None).await {
                return Err(AwsError::transient(
                    "UpdateSecretVersionStage",
                    "another version keeps becoming current",
                )
                .into());
            }
        }
    }

    /// Validates exactly this version with Amazon.
    async fn validate(&self, version: &Version, clock: Clock) -> Result<(), NotAccepted> {
        let credentials = version.credentials();
        let call = || self.lwa.client_credentials(ROTATION_SCOPE, &credentials, clock.began());
        match retry_until(clock.deadline(), call).await {
            Ok(_) => Ok(()),
            Err(failed) => Err(match failed.reason {
                lwa::Reason::InvalidClient | lwa::Reason::Refused(..) => NotAccepted::NotProved,
                _ => NotAccepted::Amazon(failed),
            }),
        }
    }

    /// Records when the candidate ends, before it becomes the current secret: an older one that arrives from then on is known to be
    /// older. A date that an operator gives is a hint. A date from Amazon decides.
    async fn record_end(&self, candidate: &Candidate, clock: Clock) -> Result<(), AwsError> {
        let (Some(end), Actor::Amazon) = (candidate.version.ends_at, candidate.who.actor) else {
            return Ok(());
        };
        let fingerprint = candidate.version.client_secret.fingerprint();
        let decide = |seen: &Rotation| {
            let mut rotation = seen.clone();
            rotation.record_end(&fingerprint, end);
            if rotation == *seen { RotationChange::Nothing } else { RotationChange::to(rotation, None) }
        };
        self.rotations.change(&candidate.application_id, decide, clock).await.map(|_| ())
    }

    /// Records once that the candidate is the current secret, with the dates that came with it, and once more if it
    /// replaced one that could not be read. Returns whether this call recorded it.
    async fn record(
        &self,
        candidate: &Candidate,
        old: Option<&Fingerprint>,
        repairs: bool,
        clock: Clock,
    ) -> Result<bool, AwsError> {
        let fingerprint = candidate.version.client_secret.fingerprint();
        let decide = |seen: &Rotation| {
            let mut rotation = seen.clone();
            if candidate.who.actor == Actor::Amazon {
                rotation.notified_at = Some(clock.began());
            }
            if let (Some(end), Actor::Amazon) = (candidate.version.ends_at, candidate.who.actor) {
                rotation.record_end(&fingerprint, end);
            }
            if let (Some(old), Some(end)) = (old, candidate.old_ends_at) {
                rotation.record_end(old, end);
            }
            // The same notification may come twice, and the second time when a newer secret is the recorded one already.
            let is_older = |of: &Fingerprint| {
                candidate.who.actor == Actor::Amazon
                    && !replaces(candidate.version.ends_at, seen.reported_end_of(of))
            };
            let is_recorded = |of: &Fingerprint| *of == fingerprint || is_older(of);
            if seen.promoted.as_ref().is_some_and(is_recorded) && !repairs {
                return if rotation == *seen {
                    RotationChange::Nothing
                } else {
                    RotationChange::to(rotation, None)
                };
            }
            rotation.promoted = Some(fingerprint.clone());
            rotation.received_at = Some(clock.began());
            let reason = match candidate.who.actor {
                Actor::Operator => "an operator set a secret, and Amazon accepted it",
                _ => "Amazon sent a new secret, and accepted it",
            };
            let event = ApplicationEvent {
                event: Event::ClientSecretRotated,
                who: candidate.who.clone(),
                reason: reason.to_owned(),
                fingerprint: Some(fingerprint.clone()),
            };
            RotationChange::to(rotation, Some(event))
        };
        let before = retry_until(clock.deadline(), || self.rotations.find(&candidate.application_id)).await?;
        self.rotations.change(&candidate.application_id, decide, clock).await?;
        Ok(before.promoted.as_ref() != Some(&fingerprint))
    }
}
