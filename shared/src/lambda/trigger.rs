//! What sets a function going that nobody calls, a schedule or a queue, and what it answers: which messages are to come again.
//!
//! Records and answer are Lambda's, for a mapping with `ReportBatchItemFailures`; `{"task": …}` is what our schedules send.

use serde::{Deserialize, Serialize};

/// Who invokes the function, and with what.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Trigger<T> {
    /// A queue, with a batch of messages.
    Queue {
        /// The messages.
        #[serde(rename = "Records")]
        records: Vec<QueueMessage>,
    },
    /// A schedule.
    Schedule {
        /// What is to be done.
        task: T,
    },
}

/// A message of a queue. Its body may hold a secret, so it has no `Debug`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueMessage {
    /// Names the message in the answer.
    pub message_id: String,
    /// What it says.
    pub body: String,
}

/// What the function answers: the queue delivers again what is named here.
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
    /// This message is to come again.
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
