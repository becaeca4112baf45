//! Handles the messages of the queue.

use std::sync::Arc;

use shared::{
    application::Application,
    aws::{AwsError, metrics::Metrics},
    client_secret::{Accepted, Candidate, NotAccepted, versions::Version},
    deadline::{Clock, retry_until},
    error::Error,
    history::actor::Who,
    lambda::trigger::{QueueAnswer, QueueMessage},
};

use crate::{
    SecretRotation,
    notification::{Concerned, Expiry, NewSecret, Notification, Unintelligible},
};

/// Why a message returns to the queue.
#[derive(Debug, thiserror::Error)]
enum NotDone {
    #[error(transparent)]
    Unintelligible(#[from] Unintelligible),
    #[error(transparent)]
    NotAccepted(#[from] NotAccepted),
    /// The message is Amazon's only copy of the secret, so it waits until the application is registered, and goes to the
    /// dead-letter queue otherwise.
    #[error("it has a new client secret of a client that is not registered; hint: register the application")]
    NotRegistered,
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
            if let Err(reason) = self.handle_message(message, clock).await {
                let id = &message.message_id;
                tracing::error!(message.id = id, cause = %reason, "Message {id} was returned to the queue: {reason}");
                reason.count_in(&self.metrics);
                answer.again(message);
            }
        }
        answer
    }

    async fn handle_message(&self, message: &QueueMessage, clock: Clock) -> Result<(), NotDone> {
        match Notification::parse(&message.body, message.sent_at())? {
            Notification::NewSecret(secret) => self.new_secret(secret, clock).await,
            Notification::Expiry(expiry) => self.expiry(expiry, clock).await,
            Notification::Other(name) => {
                tracing::warn!(notification.type = name, "Notification of type {name} was ignored");
                Ok(())
            }
        }
    }

    async fn new_secret(&self, secret: NewSecret, clock: Clock) -> Result<(), NotDone> {
        let Some(application) = self.application_of(&secret.concerned, clock).await? else {
            return Err(NotDone::NotRegistered);
        };
        let candidate = Candidate {
            application_id: application.application_id.clone(),
            version: Version {
                id: secret.version_id.as_str().to_owned(),
                client_id: application.client_id.clone(),
                client_secret: secret.client_secret,
                ends_at: Some(secret.ends_at),
            },
            old_ends_at: secret.old_ends_at,
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

    /// Stores only the date, if it fits what is known.
    async fn expiry(&self, expiry: Expiry, clock: Clock) -> Result<(), NotDone> {
        let Some(application) = self.application_of(&expiry.concerned, clock).await? else {
            tracing::warn!("Notification of the end of a client secret was ignored");
            return Ok(());
        };
        if let Some((end, said_at)) = expiry.announced {
            self.secrets.announced(&application.application_id, end, said_at, clock).await?;
        }
        Ok(())
    }

    async fn application_of(
        &self,
        concerned: &Concerned,
        clock: Clock,
    ) -> Result<Option<Arc<Application>>, AwsError> {
        if let Some(found) = self.registered(concerned, clock).await? {
            return Ok(Some(found));
        }
        // The cached list may lack an application that was just registered.
        self.applications.forget();
        let found = self.registered(concerned, clock).await?;
        if found.is_none() {
            let Concerned { client_id, application_id } = concerned;
            tracing::warn!(?client_id, ?application_id, "Notification concerns no registered application");
        }
        Ok(found)
    }

    /// Returns the application with the client id, or else the one with the application id.
    async fn registered(
        &self,
        concerned: &Concerned,
        clock: Clock,
    ) -> Result<Option<Arc<Application>>, AwsError> {
        let mut named = None;
        for id in retry_until(clock.deadline(), || self.applications.list(clock.began())).await? {
            let application =
                retry_until(clock.deadline(), || self.applications.find(&id, clock.began())).await?;
            let Some(application) = application else { continue };
            if concerned.client_id.as_ref() == Some(&application.client_id) {
                return Ok(Some(application));
            }
            if concerned.application_id.as_ref() == Some(&application.application_id) {
                named = Some(application);
            }
        }
        Ok(named)
    }
}
