//! The events of functions that a schedule or a queue invokes, and the answer, which names the messages to deliver
//! again.
//!
//! The records and the answer have the form of an event source mapping with `ReportBatchItemFailures`. The schedules
//! of `infra/template.yaml` send `{"task": …}`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The source of an invocation, and its content.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Trigger<T> {
    /// A queue sent a batch of messages.
    Queue {
        /// The messages.
        #[serde(rename = "Records")]
        records: Vec<QueueMessage>,
    },
    /// A schedule invoked the function.
    Schedule {
        /// The task.
        task: T,
    },
}

/// A message of a queue. Its body may hold a secret, so it has no `Debug`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueMessage {
    /// The id that names the message in the answer.
    pub message_id: String,
    /// The content.
    pub body: String,
    #[serde(default)]
    attributes: Value,
}

impl QueueMessage {
    /// Returns when the queue received the message, if the event says so.
    pub fn sent_at(&self) -> Option<Timestamp> {
        let milliseconds = self.attributes.get("SentTimestamp")?.as_str()?.parse().ok()?;
        Timestamp::from_millisecond(milliseconds).ok()
    }
}

/// The answer of the function. The queue delivers the messages again that it names.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueAnswer {
    batch_item_failures: Vec<BatchItemFailure>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchItemFailure {
    item_identifier: String,
}

impl QueueAnswer {
    /// Adds a message to deliver again.
    pub fn again(&mut self, message: &QueueMessage) {
        self.batch_item_failures.push(BatchItemFailure { item_identifier: message.message_id.clone() });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_answer_names_the_messages_that_come_again() {
        let mut answer = QueueAnswer::default();
        assert_eq!(serde_json::to_value(&answer).unwrap(), json!({"batchItemFailures": []}));

        let sent = json!({"messageId": "one", "body": "{}", "receiptHandle": "unread"});
        answer.again(&QueueMessage::deserialize(&sent).unwrap());

        let answered = json!({"batchItemFailures": [{"itemIdentifier": "one"}]});
        assert_eq!(serde_json::to_value(&answer).unwrap(), answered);
    }
}
