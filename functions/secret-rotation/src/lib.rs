//! Rotates the client secret of each application: requests a new one before the old one ends, and stores the one that Amazon
//! sends.
//!
//! Amazon sends a new secret once, only through the queue (F§5.1). So a message leaves the queue only when its
//! secret is the current one, or older than the current one.

mod ask;
mod notification;
mod receive;

#[cfg(any(test, fuzzing))]
pub use self::notification::check_any_bytes;

use serde::Deserialize;
use serde_json::Value;
use shared::{
    application::ApplicationStore,
    aws::{Aws, metrics::Metrics},
    client_secret::ClientSecrets,
    deadline::Clock,
    env::{Env, Unset},
    error::Error,
    lambda::trigger::{QueueAnswer, Trigger},
};

/// The dependencies of the function.
#[derive(Debug)]
pub struct SecretRotation {
    applications: ApplicationStore,
    metrics: Metrics,
    secrets: ClientSecrets,
}

/// The task that the schedule starts.
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

    /// Handles one invocation, by the schedule or by the queue.
    pub async fn handle(&self, event: &Value, clock: Clock) -> Result<QueueAnswer, Error> {
        match Trigger::deserialize(event) {
            Ok(Trigger::Queue { records }) => Ok(self.receive(&records, clock).await),
            Ok(Trigger::Schedule { task: Task::Ask }) => self.look_after_all(clock).await,
            // The error of the parser would quote the event.
            Err(_) => Err(Error::invalid("event", "one of SQS, with Records, or {\"task\": \"ask\"}")),
        }
    }
}
