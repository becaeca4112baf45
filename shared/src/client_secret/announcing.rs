//! Takes notice of notifications that say when the current secret ends. They prove nothing, so what does not fit is reported.

use jiff::Timestamp;

use super::ClientSecrets;
use crate::{
    aws::{AwsError, metrics::Metric},
    client_secret::{
        rotation::{Announcement, Rotation},
        rotation_store::RotationChange,
    },
    deadline::{Clock, retry_until},
    history::{ApplicationEvent, Event, actor::Who},
    ids::ApplicationId,
};

impl ClientSecrets {
    /// Records that a notification said at `said_at` that the current secret ends at `end`, if that fits what is known.
    /// Otherwise, reports it once and changes nothing else.
    pub async fn announced(
        &self,
        application: &ApplicationId,
        end: Timestamp,
        said_at: Timestamp,
        clock: Clock,
    ) -> Result<(), AwsError> {
        // The row stores whole seconds, and a repeated date must equal the stored one.
        let end = Timestamp::from_second(end.as_second()).unwrap_or(end);
        let present = retry_until(clock.deadline(), || self.versions.current(application)).await?;
        let credentials = present.and_then(|present| present.credentials.ok());
        let stored = credentials.as_ref().and_then(|credentials| credentials.ends_at);
        let secret = credentials.map(|credentials| credentials.client_secret.fingerprint());
        let assessed = |seen: &Rotation| {
            // A notification from before the current secret was promoted concerns the previous one.
            if seen.received_at.is_some_and(|received_at| said_at <= received_at) {
                return None;
            }
            // If the stored secret cannot be read, it is taken to be the one that was promoted last.
            let secret = secret.clone().or_else(|| seen.promoted.clone())?;
            let announcement = seen.assess(&secret, stored, end, clock.began());
            Some((secret, announcement))
        };
        let doubt = |seen: &Rotation| match assessed(seen) {
            Some((secret, Announcement::Doubted(why))) if seen.doubted_end != Some(end) => {
                let event = ApplicationEvent {
                    event: Event::ClientSecretExpiryDoubted,
                    who: Who::amazon(),
                    reason: format!(
                        "a notification says that the client secret ends at {end}, but {why}; nothing was changed; \
                         hint: compare with Amazon's portal, and if it is right, request a new client secret"
                    ),
                    fingerprint: Some(secret),
                };
                RotationChange::to(Rotation { doubted_end: Some(end), ..seen.clone() }, Some(event))
            }
            _ => RotationChange::Nothing,
        };
        if self.rotations.change(application, doubt, clock).await? {
            self.metrics.count(Metric::ClientSecretExpiryDoubted(application.clone()));
            tracing::error!(
                application.id = %application,
                "A notification says that the client secret of application {application} ends at {end}, which does not fit \
                 what is known; nothing was changed; hint: compare with Amazon's portal"
            );
        }
        let believe = |seen: &Rotation| match assessed(seen) {
            Some((secret, Announcement::Believed)) => {
                let mut rotation = seen.clone();
                rotation.record_end(&secret, end);
                if rotation == *seen { RotationChange::Nothing } else { RotationChange::to(rotation, None) }
            }
            _ => RotationChange::Nothing,
        };
        self.rotations.change(application, believe, clock).await.map(|_| ())
    }
}
