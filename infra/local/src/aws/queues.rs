//! Queues as AWS's own other services use them: no fault that a test orders strikes here, and no call is counted.

use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::{
    arn::{ACCOUNT, REGION},
    aws::{Aws, service::Service},
};

/// A message as it is received.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Message {
    #[serde(rename = "MessageId")]
    pub(crate) id: String,
    pub(crate) receipt_handle: String,
    #[serde(rename = "MD5OfBody")]
    pub(crate) md5_of_body: String,
    pub(crate) body: String,
    #[serde(default)]
    pub(crate) attributes: Map<String, Value>,
}

/// A queue did not do what it was asked for.
#[derive(Debug, Error)]
#[error("{operation} on {queue}: status {status}")]
pub(crate) struct Refused {
    operation: &'static str,
    queue: String,
    status: u16,
}

impl Aws {
    /// Sends a message, as Amazon's account does; it can be received at once.
    pub(crate) fn deliver(&self, queue: &str, body: &str) {
        if let Err(error) = self.inner.sqs.put(queue, body) {
            tracing::error!(queue, %error, "A message could not be delivered");
            return;
        }
        let aws = self.clone();
        tokio::spawn(async move {
            if let Err(error) = aws.inner.sqs.keep().await {
                tracing::error!(%error, "The state of SQS could not be kept");
            }
        });
    }

    /// Lets messages be received at once that their sender held back. `false` if there are none.
    pub(crate) fn hurry(&self, queue: &str) -> bool {
        self.inner.sqs.hurry(queue)
    }

    /// Takes up to `most` of the messages that are visible.
    pub(crate) async fn receive(&self, queue: &str, most: u8) -> Result<Vec<Message>, Refused> {
        let wish = json!({"MaxNumberOfMessages": most, "MessageSystemAttributeNames": ["All"], "WaitTimeSeconds": 0});
        let mut answer = self.ask("ReceiveMessage", queue, wish).await?;
        Ok(serde_json::from_value(answer["Messages"].take()).unwrap_or_default())
    }

    /// Deletes a message that was received.
    pub(crate) async fn delete(&self, queue: &str, receipt_handle: &str) -> Result<(), Refused> {
        self.ask("DeleteMessage", queue, json!({"ReceiptHandle": receipt_handle})).await.map(drop)
    }

    async fn ask(&self, operation: &'static str, queue: &str, mut wish: Value) -> Result<Value, Refused> {
        wish["QueueUrl"] = json!(format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{queue}"));
        let mut headers = HeaderMap::new();
        let target = format!("AmazonSQS.{operation}").parse().expect("an operation is a header value");
        headers.insert("x-amz-target", target);
        let answer =
            self.inner.sqs.handle(operation, Service::Sqs.request(headers, wish.to_string().into())).await;
        if answer.status != 200 {
            return Err(Refused { operation, queue: queue.to_owned(), status: answer.status });
        }
        Ok(serde_json::from_slice(&answer.body).unwrap_or_default())
    }
}
