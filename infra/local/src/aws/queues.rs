//! Queues as other services of AWS use them: no fault applies, and no call is counted.

use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::{
    arn::{ACCOUNT, REGION},
    aws::{Aws, service::Service},
};

/// A received message.
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

/// A queue refused an operation.
#[derive(Debug, Error)]
#[error("{operation} on {queue}: status {status}")]
pub(crate) struct Refused {
    operation: &'static str,
    queue: String,
    status: u16,
}

impl Aws {
    /// Sends a message, as Amazon's account does. It is visible immediately.
    pub(crate) fn deliver(&self, queue: &str, body: &str) {
        if let Err(error) = self.inner.sqs.put(queue, body) {
            tracing::error!(queue, %error, "Could not deliver a message to {queue}");
            return;
        }
        let aws = self.clone();
        tokio::spawn(async move {
            if let Err(error) = aws.inner.sqs.store().await {
                tracing::error!(%error, "Could not store the state of SQS");
            }
        });
    }

    /// Makes delayed messages visible. Returns `false` if there were none.
    pub(crate) fn make_visible(&self, queue: &str) -> bool {
        self.inner.sqs.make_visible(queue)
    }

    /// Receives up to `most` visible messages.
    pub(crate) async fn receive(&self, queue: &str, most: u8) -> Result<Vec<Message>, Refused> {
        let request = json!({"MaxNumberOfMessages": most, "MessageSystemAttributeNames": ["All"], "WaitTimeSeconds": 0});
        let mut answer = self.call("ReceiveMessage", queue, request).await?;
        Ok(serde_json::from_value(answer["Messages"].take()).unwrap_or_default())
    }

    /// Deletes a received message.
    pub(crate) async fn delete(&self, queue: &str, receipt_handle: &str) -> Result<(), Refused> {
        self.call("DeleteMessage", queue, json!({"ReceiptHandle": receipt_handle})).await.map(drop)
    }

    async fn call(&self, operation: &'static str, queue: &str, mut request: Value) -> Result<Value, Refused> {
        request["QueueUrl"] = json!(format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{queue}"));
        let mut headers = HeaderMap::new();
        let target = format!("AmazonSQS.{operation}").parse().expect("an operation is a header value");
        headers.insert("x-amz-target", target);
        let answer =
            self.inner.sqs.handle(operation, Service::Sqs.request(headers, request.to_string().into())).await;
        if answer.status != 200 {
            return Err(Refused { operation, queue: queue.to_owned(), status: answer.status });
        }
        Ok(serde_json::from_slice(&answer.body).unwrap_or_default())
    }
}
