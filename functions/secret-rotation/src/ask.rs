//! The scheduled task: checks the client secret of every application.

use shared::{
    client_secret::Asker,
    deadline::{Clock, retry_until},
    error::Error,
    lambda::trigger::QueueAnswer,
};

use crate::SecretRotation;

impl SecretRotation {
    /// Checks every application. If one fails, the others are still checked, and the last error is returned.
    pub(crate) async fn look_after_all(&self, clock: Clock) -> Result<QueueAnswer, Error> {
        let mut failed = None;
        for id in retry_until(clock.deadline(), || self.applications.list(clock.began())).await? {
            let Some(application) =
                retry_until(clock.deadline(), || self.applications.find(&id, clock.began())).await?
            else {
                continue;
            };
            if let Err(error) = self.secrets.look_after(&application, &Asker::Schedule, clock).await {
                tracing::error!(
                    application.id = %id,
                    cause = error.cause(),
                    amazon.requestId = error.amazon_request_id(),
                    "Check of the client secret of application {id} failed: {error}"
                );
                failed = Some(error);
            }
        }
        match failed {
            Some(error) => Err(error),
            None => Ok(QueueAnswer::default()),
        }
    }
}
