//! Handles the messages of the queue.

use std::sync::Arc;

use shared::{
    application::Application,
    aws::{AwsError, metrics::Metrics},
    client_secret::{Accepted, Candidate, NotAccepted, versions::Version},
    deadline::{Clock, retry_until},
    error::Error,
    history::actor::Who,
    ids::ClientId,
    lambda::trigger::{QueueAnswer, QueueMessage},
    secret::Fingerprint,
};

use crate::{
    SecretRotation,
    notification::{Expiry, NewSecret, Notification, Unintelligible},
};

/// Why a message returns to the queue.
#[derive(Debug, thiserror::Error)]
enum NotDone {
    #[error(transparent)]
    Unintelligible(#[from] Unintelligible),
    #[error(transparent)]
    NotAccepted(#[from] NotAccepted),
    #[error(transparent)]
    Aws(#[from] AwsError),
}

impl NotDone {
    fn count_in(self, metrics: &Metrics) {
        if let Self::Aws(error) | Self::NotAccepted(NotAccepted::Aws(error)) = self {
            Error::from(error).count_in(metrics);
        }
    }
}

impl SecretRotation {
    /// Handles each message by itself. A message that fails returns to the queue, and later goes to the dead-letter queue. It
    /// does not stop the others.
    pub(crate) async fn receive(&self, messages: &[QueueMessage], clock: Clock) -> QueueAnswer {
        let mut answer = QueueAnswer::default();
        for message in messages {
            if let Err(reason) = self.handle_message(&message.body, clock).await {
                let id = &message.message_id;
                tracing::error!(message.id = id, cause = %reason, "Message {id} was returned to the queue: {reason}");
                reason.count_in(&self.metrics);
                answer.again(message);
            }
        }
        answer
    }

    async fn handle_message(&self, body: &str, clock: Clock) -> Result<(), NotDone> {
        match Notification::parse(body)? {
            Notification::NewSecret(secret) => self.new_secret(secret, clock).await,
            Notification::Expiry(expiry) => self.expiry(expiry, clock).await,
            Notification::Other(name) => {
                tracing::warn!(notification.type = name, "Notification of type {name} was ignored");
                Ok(())
            }
        }
    }

    async fn new_secret(&self, secret: NewSecret, clock: Clock) -> Result<(), NotDone> {
        let Some(application) = self.application_of(&secret.client_id, clock).await? else {
            return Ok(());
        };
        self.secrets.heard(&application.application_id, None, clock).await?;
        let candidate = Candidate {
            application_id: application.application_id.clone(),
            version: Version {
                id: Fingerprint::of(&secret.notification_id).as_str().to_owned(),
                client_id: secret.client_id,
                client_secret: secret.new_client_secret,
                ends_at: Some(secret.new_client_secret_expiry_time),
            },
            old_ends_at: Some(secret.old_client_secret_expiry_time),
            who: Who::amazon(),
        };
        let accepted = self.secrets.accept(&candidate, clock).await?;
        let application_id = &application.application_id;
        match accepted {
            Accepted::Promoted => {
                tracing::info!(application.id = %application_id, "New client secret of application {application_id} is current");
            }
            Accepted::WasCurrent | Accepted::Older => {
                tracing::info!(application.id = %application_id, ?accepted, "Notification for application {application_id} changed nothing: {accepted:?}");
            }
        }
        Ok(())
    }

    /// Stores only the date, and the time at which a notification arrived.
    async fn expiry(&self, expiry: Expiry, clock: Clock) -> Result<(), NotDone> {
        if let Some(application) = self.application_of(&expiry.client_id, clock).await? {
            let reported = Some((expiry.client_secret_expiry_time, expiry.event_time));
            self.secrets.heard(&application.application_id, reported, clock).await?;
        }
        Ok(())
    }

    async fn application_of(
        &self,
        client_id: &ClientId,
        clock: Clock,
    ) -> Result<Option<Arc<Application>>, AwsError> {
        if let Some(found) = self.registered(client_id, clock).await? {
            return Ok(Some(found));
        }
        // The cached list may lack an application that was just registered, and an ignored notification does not come again.
        self.applications.forget();
        let found = self.registered(client_id, clock).await?;
        if found.is_none() {
            tracing::warn!(client.id = %client_id, "Notification for client {client_id} was ignored: no registered application has it");
        }
        Ok(found)
    }

    async fn registered(
        &self,
        client_id: &ClientId,
        clock: Clock,
    ) -> Result<Option<Arc<Application>>, AwsError> {
        for id in retry_until(clock.deadline(), || self.applications.list(clock.began())).await? {
            let application =
                retry_until(clock.deadline(), || self.applications.find(&id, clock.began())).await?;
            if let Some(application) = application.filter(|application| application.client_id == *client_id) {
                return Ok(Some(application));
            }
        }
        Ok(None)
    }
}
