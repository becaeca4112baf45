//! The scheduled task: checks the client secret of every application.

use jiff::Timestamp;
use shared::{
    deadline::{Deadline, retry_until},
    error::Error,
    lambda::trigger::QueueAnswer,
};

use crate::SecretRotation;

impl SecretRotation {
    /// Checks every application. If one fails, the others are still checked, and the last error is returned.
    pub(crate) async fn look_after_all(
        &self,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<QueueAnswer, Error> {
        let mut failed = None;
        for id in retry_until(deadline, || self.applications.list(now)).await? {
            let Some(application) = retry_until(deadline, || self.applications.find(&id, now)).await? else {
                continue;
            };
            if let Err(error) = self.secrets.look_after(&application, None, now, deadline).await {
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
