//! Event source mappings. Each delivers the messages of a queue to a function, as Lambda does for SQS.
//!
//! Messages that the function has processed are deleted. The others become visible again, and end in the dead-letter queue.

use std::{collections::HashSet, time::Duration};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::{
    arn::{REGION, queue_arn},
    aws::{Aws, queues::Message},
    functions::Functions,
};

/// A queue and the function that gets its messages.
#[derive(Clone, Copy, Debug)]
pub struct Mapping {
    /// The queue's name.
    pub queue: &'static str,
    /// The function's name.
    pub function: &'static str,
    /// The largest number of messages in one event, at most 10.
    pub batch_size: u8,
}

/// Delivers the messages of one mapping.
pub struct Poller {
    mapping: Mapping,
    aws: Aws,
    functions: Functions,
    /// Allows one batch at a time, so that a caller of `drain` waits for the batch in flight.
    turn: Mutex<()>,
}

impl Poller {
    /// A poller that has not started.
    pub fn new(mapping: Mapping, aws: Aws, functions: Functions) -> Self {
        Self { mapping, aws, functions, turn: Mutex::default() }
    }

    /// Delivers messages as they arrive. Never returns.
    pub async fn run(&self) {
        loop {
            self.drain().await;
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Delivers messages until none is visible.
    pub async fn drain(&self) {
        while self.deliver_batch().await {}
    }

    /// Delivers one batch. Returns `false` if no message was visible.
    async fn deliver_batch(&self) -> bool {
        let _turn = self.turn.lock().await;
        let Mapping { queue, function, batch_size } = self.mapping;
        if !self.functions.knows(function) {
            return false;
        }
        let messages = match self.aws.receive(queue, batch_size).await {
            Ok(messages) if messages.is_empty() => return false,
            Ok(messages) => messages,
            Err(error) => {
                tracing::error!(%error, queue, "Could not poll queue {queue}");
                return false;
            }
        };
        let event =
            json!({"Records": messages.iter().map(|message| record(queue, message)).collect::<Vec<_>>()});
        let Some(invocation) = self.functions.start(function, event) else { return false };
        let failed = match invocation.outcome().await {
            Ok(answer) => Failed::of(answer, &messages),
            Err(error) => {
                // The error's message is left out: it could repeat what the queue held.
                tracing::error!(
                    function,
                    error.kind = error.error_type,
                    "{function} failed on a batch of {queue}"
                );
                Failed::All
            }
        };
        for message in messages.iter().filter(|message| !failed.has(message)) {
            if let Err(error) = self.aws.delete(queue, &message.receipt_handle).await {
                tracing::error!(%error, queue, "Could not delete a processed message of {queue}");
            }
        }
        true
    }
}

/// A message as a record of the event.
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

/// The messages of a batch that will be redelivered.
enum Failed {
    All,
    These(HashSet<String>),
}

impl Failed {
    /// Reads the function's answer. An answer that is malformed, or names a message that was not in the batch, fails the whole batch.
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

/// The time between two polls of an empty queue.
const PAUSE: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests;
