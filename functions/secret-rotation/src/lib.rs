//! Rotates the application's own client secret: asks in good time, and takes in what comes.
//!
//! Amazon sends a new secret once, only through the queue (F§5.1). So a message is done when its secret is the current
//! one, or an older one than that, and not before.

mod ask;
mod notification;
mod receive;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use shared::{
    application::ApplicationStore,
    aws::{Aws, metrics::Metrics},
    client_secret::ClientSecrets,
    deadline::Deadline,
    env::{Env, Unset},
    error::Error,
    lambda::trigger::{QueueAnswer, Trigger},
};

/// What the function may touch.
#[derive(Debug)]
pub struct SecretRotation {
    applications: ApplicationStore,
    metrics: Metrics,
    secrets: ClientSecrets,
}

/// What the schedule asks for.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Task {
    Ask,
}

impl SecretRotation {
    /// Reads `APPLICATIONS_TABLE` and what [`ClientSecrets`] reads.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let table = env.required("APPLICATIONS_TABLE")?.to_owned();
        Ok(Self {
            applications: ApplicationStore::new(aws.dynamodb(), table),
            metrics: aws.metrics().clone(),
            secrets: ClientSecrets::from_env(env, aws)?,
        })
    }

    /// Answers one invocation, of the schedule or of the queue.
    pub async fn handle(
        &self,
        event: &Value,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<QueueAnswer, Error> {
        match Trigger::deserialize(event) {
            Ok(Trigger::Queue { records }) => Ok(self.receive(&records, now, deadline).await),
            Ok(Trigger::Schedule { task: Task::Ask }) => self.look_after_all(now, deadline).await,
            // The parser's own message would quote the event.
            Err(_) => Err(Error::invalid("event", "one of SQS, with Records, or {\"task\": \"ask\"}")),
        }
    }
}
