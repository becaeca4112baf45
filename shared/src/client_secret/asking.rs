//! Requests a new client secret before the current one ends, and reports how long the current one still lasts.

use jiff::Timestamp;

use super::{ClientSecrets, ROTATION_SCOPE};
use crate::{
    amazon::{credentials::Credentials, failure::AmazonRequestId, lwa, sp_api},
    application::Application,
    aws::metrics::{Metric, whole_days},
    client_secret::{
        rotation::{Ask, Asker, Rotation},
        rotation_store::RotationChange,
    },
    deadline::{Clock, retry_until},
    error::Error,
    history::{ApplicationEvent, Event, actor::Who},
    ids::ApplicationId,
    secret::{AccessToken, Fingerprint},
};

/// Whether a new secret was requested.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Asked {
    /// It was, or may have been. It arrives through the queue.
    Yes,
    /// It was not, for this reason.
    Not(&'static str),
    /// It was, and Amazon refused to issue one.
    Refused,
}

impl ClientSecrets {
    /// Records the events of the application's secret that are due, and requests a new secret if it is time or an
    /// operator wants it.
    pub async fn look_after(
        &self,
        application: &Application,
        asker: &Asker,
        clock: Clock,
    ) -> Result<Asked, Error> {
        let id = &application.application_id;
        // Read the current version: a secret that was promoted a moment ago must not be mistaken for the previous
        // one.
        let present = retry_until(clock.deadline(), || self.versions.current(id)).await?;
        let present = present.ok_or(Error::ApplicationCredentialsRejected)?;
        let credentials = present.credentials.map_err(|_| {
            tracing::error!(
                application.id = %id,
                "The stored client secret of application {id} cannot be read; set it with setClientSecret"
            );
            Error::ApplicationCredentialsRejected
        })?;
        let secret = credentials.client_secret.fingerprint();
        self.report_what_is_due(id, &credentials, &secret, clock).await?;

        let rotation = retry_until(clock.deadline(), || self.rotations.find(id)).await?;
        let end = rotation.end_of(&secret, credentials.ends_at);
        if let Some(end) = end {
            let now = clock.began();
            self.metrics.record(Metric::ClientSecretDaysLeft(id.clone()), whole_days(now, end));
            // The alarm watches this one: a rotation begins within the lead time, and its secret comes some hours later.
            // While nothing is late it is not sent, because each metric costs by the hour in which it is.
            let late = whole_days(end - self.lead, now);
            if late > 0 {
                self.metrics.record(Metric::ClientSecretDaysLate(id.clone()), late);
            }
        }
        match rotation.ask(end, self.lead, asker, clock.began()) {
            Ask::Not(reason) => {
                tracing::info!(application.id = %id, reason, "No new client secret of application {id} was requested: {reason}");
                Ok(Asked::Not(reason))
            }
            Ask::Now(reason) => {
                tracing::info!(application.id = %id, reason, "Requesting a new client secret of application {id}: {reason}");
                self.ask(application, &credentials, rotation.asked_at, asker, clock).await
            }
        }
    }

    async fn report_what_is_due(
        &self,
        id: &ApplicationId,
        credentials: &Credentials,
        secret: &Fingerprint,
        clock: Clock,
    ) -> Result<(), Error> {
        let event_of = |event, reason: String| ApplicationEvent {
            event,
            who: Who::schedule(),
            reason,
            fingerprint: Some(secret.clone()),
        };
        let missed = |seen: &Rotation| match seen.missed(clock.began()) {
            None => RotationChange::Nothing,
            Some(asked_at) => {
                let reason = format!(
                    "a new client secret was requested at {asked_at} and did not arrive within an hour"
                );
                let rotation = Rotation { missed_ask: Some(asked_at), ..seen.clone() };
                RotationChange::to(rotation, Some(event_of(Event::ClientSecretRotationFailed, reason)))
            }
        };
        if self.rotations.change(id, missed, clock).await? {
            self.metrics.count(Metric::RotationDidNotCome(id.clone()));
            tracing::error!(
                application.id = %id,
                "The new client secret of application {id} did not arrive within an hour of its request"
            );
        }
        let ends = |seen: &Rotation| {
            let end = seen.end_of(secret, credentials.ends_at);
            match (seen.stage_to_report(secret, end, clock.began()), end) {
                (Some(stage), Some(end)) => {
                    let rotation = Rotation { reported: Some((stage, secret.clone())), ..seen.clone() };
                    let reason = format!("the client secret ends at {end}, in {stage} days or less");
                    RotationChange::to(rotation, Some(event_of(Event::ClientSecretExpiring, reason)))
                }
                _ => RotationChange::Nothing,
            }
        };
        self.rotations.change(id, ends, clock).await?;
        Ok(())
    }

    /// Requests a new secret. The intent is recorded first, and counts as a request whatever the outcome: the next
    /// one is possible after a day.
    async fn ask(
        &self,
        application: &Application,
        credentials: &Credentials,
        asked_before: Option<Timestamp>,
        asker: &Asker,
        clock: Clock,
    ) -> Result<Asked, Error> {
        let id = &application.application_id;
        let secret = credentials.client_secret.fingerprint();
        let token = self.rotation_token(id, credentials, clock).await?;
        let intend = |seen: &Rotation| match seen.ask(
            seen.end_of(&secret, credentials.ends_at),
            self.lead,
            asker,
            clock.began(),
        ) {
            Ask::Not(_) => RotationChange::Nothing,
            Ask::Now(reason) => {
                let event = match asker {
                    Asker::Schedule => None,
                    Asker::Operator { who, .. } => Some(ApplicationEvent {
                        event: Event::ClientSecretRequested,
                        who: who.clone(),
                        reason: reason.to_owned(),
                        fingerprint: Some(secret.clone()),
                    }),
                };
                RotationChange::to(Rotation { asked_at: Some(clock.began()), ..seen.clone() }, event)
            }
        };
        if !self.rotations.change(id, intend, clock).await? {
            return Ok(Asked::Not("another request was made at the same time"));
        }
        let failed = match self.sp_api.rotate_client_secret(&token, application.default_region).await {
            Ok(()) => return Ok(Asked::Yes),
            Err(failed) => failed,
        };
        let request_id = failed.request_id.as_ref().map(AmazonRequestId::as_str);
        if let sp_api::Reason::Unavailable(_) = failed.reason {
            tracing::warn!(
                application.id = %id,
                amazon.requestId = request_id,
                "Request for a new client secret of application {id} has an unknown outcome: {failed}"
            );
            return Ok(Asked::Yes);
        }
        tracing::error!(
            application.id = %id,
            amazon.requestId = request_id,
            "Request for a new client secret of application {id} failed: {failed}; \
             subscribe a queue to the notifications in Amazon's portal"
        );
        // Amazon refused, so the current secret lasts as long as before. The next attempt is in a day.
        let refused = |seen: &Rotation| {
            let event = ApplicationEvent {
                event: Event::ClientSecretRotationFailed,
                who: Who::amazon(),
                reason: format!(
                    "Amazon refused to issue a new client secret: {}; is a queue subscribed in its portal?",
                    failed.reason
                ),
                fingerprint: Some(secret.clone()),
            };
            RotationChange::to(
                Rotation { asked_at: asked_before, refused_at: Some(clock.began()), ..seen.clone() },
                Some(event),
            )
        };
        self.rotations.change(id, refused, clock).await?;
        Ok(Asked::Refused)
    }

    async fn rotation_token(
        &self,
        id: &ApplicationId,
        credentials: &Credentials,
        clock: Clock,
    ) -> Result<AccessToken, Error> {
        let fetch = async |credentials: &Credentials| {
            retry_until(clock.deadline(), || {
                self.lwa.client_credentials(ROTATION_SCOPE, credentials, clock.began())
            })
            .await
        };
        match fetch(credentials).await {
            Err(lwa::Error { reason: lwa::Reason::InvalidClient, .. }) => {
                match self.credentials.instead_of(credentials, id, clock.began()).await? {
                    Some(other) => Ok(fetch(&other).await?.access_token),
                    None => Err(Error::ApplicationCredentialsRejected),
                }
            }
            answer => Ok(answer?.access_token),
        }
    }
}
