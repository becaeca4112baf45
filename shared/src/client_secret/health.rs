//! The state of an application's client secret, for operators.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{ClientSecrets, ROTATION_SCOPE};
use crate::{
    amazon::{failure::NoAnswer, lwa},
    aws::AwsError,
    client_secret::rotation::Rotation,
    deadline::{Clock, retry_until},
    ids::ApplicationId,
    secret::Fingerprint,
};

/// How long to wait for Amazon. A longer wait shows nothing more.
const TEST_TAKES: Duration = Duration::from_secs(10);

/// The state of an application's client secret.
#[derive(Debug)]
pub struct Health {
    /// The current secret, if there is one that can be read.
    pub secret: Option<SecretHealth>,
    /// Whether the stored content is not a valid secret.
    pub unreadable: bool,
    /// The state of its rotation.
    pub rotation: Rotation,
}

/// A secret that can be read.
#[derive(Debug)]
pub struct SecretHealth {
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// When it ends, where that is known.
    pub ends_at: Option<Timestamp>,
    /// Whether it belongs to the client with which the application is registered.
    pub is_of_client: bool,
    /// What Amazon answered to a request with it.
    pub tried: Result<(), lwa::Error>,
    /// How far the local clock is ahead of Amazon's, if Amazon's answer had a time.
    pub clock_ahead: Option<SignedDuration>,
}

impl ClientSecrets {
    /// Reads the whole state, and validates the current secret with one call to Amazon.
    pub async fn health(
        &self,
        application: &ApplicationId,
        client_id: &crate::ids::ClientId,
        clock: Clock,
    ) -> Result<Health, AwsError> {
        let rotation = retry_until(clock.deadline(), || self.rotations.find(application)).await?;
        let Some(current) = retry_until(clock.deadline(), || self.versions.current(application)).await?
        else {
            return Ok(Health { secret: None, unreadable: false, rotation });
        };
        let Ok(credentials) = current.credentials else {
            return Ok(Health { secret: None, unreadable: true, rotation });
        };
        let fingerprint = credentials.client_secret.fingerprint();
        let trying = self.lwa.check(ROTATION_SCOPE, &credentials);
        let limit = clock.deadline().within(TEST_TAKES).remaining();
        let no_answer = (Err(lwa::Reason::unavailable(NoAnswer::TimedOut).into()), None);
        let (tried, amazons_time) = tokio::time::timeout(limit, trying).await.unwrap_or(no_answer);
        let secret = SecretHealth {
            ends_at: rotation.end_of(&fingerprint, credentials.ends_at),
            is_of_client: credentials.client_id == *client_id,
            fingerprint,
            tried,
            clock_ahead: amazons_time.map(|time| clock.now().duration_since(time)),
        };
        Ok(Health { secret: Some(secret), unreadable: false, rotation })
    }
}
