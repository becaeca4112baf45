//! Event source mappings: each brings the messages of a queue to a function, as Lambda does for SQS.
//!
//! What the function has dealt with is deleted. The rest comes back when it is visible again, and in the end goes to the dead letters.

use std::{collections::HashSet, time::Duration};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::{
    arn::{REGION, queue_arn},
    aws::{Aws, queues::Message},
    functions::Functions,
};

/// Which function a queue feeds.
#[derive(Clone, Copy, Debug)]
pub struct Mapping {
    /// The queue's name.
    pub queue: &'static str,
    /// The function's name.
    pub function: &'static str,
    /// How many messages the function gets at once, at most 10.
    pub batch_size: u8,
}

/// A mapping at work.
pub struct Poller {
    mapping: Mapping,
    aws: Aws,
    functions: Functions,
    /// One batch at a time, so that whoever drains the queue waits for the batch that is already on its way.
    turn: Mutex<()>,
}

impl Poller {
    /// A poller that does nothing until it is told to.
    #[must_use]
    pub fn new(mapping: Mapping, aws: Aws, functions: Functions) -> Self {
        Self { mapping, aws, functions, turn: Mutex::default() }
    }

    /// Brings the messages to the function as they come, for good.
    pub async fn run(&self) {
        loop {
            self.drain().await;
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Brings messages to the function until none is visible.
    pub async fn drain(&self) {
        while self.bring_batch().await {}
    }

    /// Whether there was anything to bring.
    async fn bring_batch(&self) -> bool {
        let _turn = self.turn.lock().await;
        let Mapping { queue, function, batch_size } = self.mapping;
        if !self.functions.knows(function) {
            return false;
        }
        let messages = match self.aws.receive(queue, batch_size).await {
            Ok(messages) if messages.is_empty() => return false,
            Ok(messages) => messages,
            Err(error) => {
                tracing::error!(%error, "A queue could not be polled");
                return false;
            }
        };
        let event =
            json!({"Records": messages.iter().map(|message| record(queue, message)).collect::<Vec<_>>()});
        let Some(invocation) = self.functions.start(function, event) else { return false };
        let failed = match invocation.outcome().await {
            Ok(answer) => Failed::of(answer, &messages),
            Err(error) => {
                // Not the message: it might tell what was in the queue.
                tracing::error!(function, error.kind = error.error_type, "The function failed on a batch");
                Failed::All
            }
        };
        for message in messages.iter().filter(|message| !failed.has(message)) {
            if let Err(error) = self.aws.delete(queue, &message.receipt_handle).await {
                tracing::error!(%error, "A message is done but could not be deleted");
            }
        }
        true
    }
}

/// A message in the form in which a function gets it.
fn record(queue: &str, message: &Message) -> Value {
    json!({
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": message.attributes,
        "messageAttributes": {},
        "md5OfBody": message.md5_of_body,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn(queue),
        "awsRegion": REGION,
    })
}

/// Which messages of a batch are to come again.
enum Failed {
    All,
    These(HashSet<String>),
}

impl Failed {
    /// What the function's answer says. One that is not understood, or names a message that was not in the batch, is about all.
    fn of(answer: Value, batch: &[Message]) -> Self {
        let Ok(answer) = serde_json::from_value::<Option<Answer>>(answer) else {
            return Self::All;
        };
        let failures = answer.and_then(|answer| answer.batch_item_failures).unwrap_or_default();
        let failed: HashSet<_> = failures.into_iter().map(|failure| failure.item_identifier).collect();
        let known = |id: &String| batch.iter().any(|message| message.id == *id);
        if failed.iter().all(known) { Self::These(failed) } else { Self::All }
    }

    fn has(&self, message: &Message) -> bool {
        match self {
            Self::All => true,
            Self::These(failed) => failed.contains(&message.id),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    batch_item_failures: Option<Vec<Failure>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    item_identifier: String,
}

/// Between two looks into an empty queue.
const PAUSE: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests;
