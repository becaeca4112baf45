//! How an application's client secret is doing, for whoever looks after it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{ClientSecrets, ROTATION_SCOPE};
use crate::{
    amazon::{failure::NoAnswer, lwa},
    aws::AwsError,
    client_secret::rotation::Rotation,
    deadline::{Deadline, Present, patiently},
    ids::ApplicationId,
    secret::Fingerprint,
};

/// A doctor who waits longer tells nothing new.
const TEST_TAKES: Duration = Duration::from_secs(10);

/// What is known of an application's client secret.
#[derive(Debug)]
pub struct Health {
    /// The secret, if there is one that can be read.
    pub secret: Option<SecretHealth>,
    /// Whether what is stored is no secret of ours.
    pub unreadable: bool,
    /// What is known besides.
    pub rotation: Rotation,
}

/// A secret that is there.
#[derive(Debug)]
pub struct SecretHealth {
    /// What it looks like from outside.
    pub fingerprint: Fingerprint,
    /// When it ends, where that is known.
    pub ends_at: Option<Timestamp>,
    /// Whether it belongs to the client that the application is registered with.
    pub is_of_client: bool,
    /// What Amazon said when it was tried just now.
    pub tried: Result<(), lwa::Error>,
    /// How far our clock is ahead of Amazon's, if Amazon told the time.
    pub clock_ahead: Option<SignedDuration>,
}

impl ClientSecrets {
    /// Looks at everything, and tries the current secret at Amazon once.
    pub async fn health(
        &self,
        application: &ApplicationId,
        client_id: &crate::ids::ClientId,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Health, AwsError> {
        let present = Present::starting_at(now);
        let rotation = patiently(deadline, || self.rotations.find(application)).await?;
        let Some(current) = patiently(deadline, || self.versions.current(application)).await? else {
            return Ok(Health { secret: None, unreadable: false, rotation });
        };
        let Ok(credentials) = current.credentials else {
            return Ok(Health { secret: None, unreadable: true, rotation });
        };
        let fingerprint = credentials.client_secret.fingerprint();
        let trying = self.lwa.check(ROTATION_SCOPE, &credentials);
        let limit = deadline.within(TEST_TAKES).remaining();
        let no_answer = (Err(lwa::Reason::unavailable(NoAnswer::TimedOut).into()), None);
        let (tried, amazons_time) = tokio::time::timeout(limit, trying).await.unwrap_or(no_answer);
        let secret = SecretHealth {
            ends_at: rotation.end_of(&fingerprint, credentials.ends_at),
            is_of_client: credentials.client_id == *client_id,
            fingerprint,
            tried,
            clock_ahead: amazons_time.map(|time| present.now().duration_since(time)),
        };
        Ok(Health { secret: Some(secret), unreadable: false, rotation })
    }
}
