//! The refresher's queue, which distributes a run to many environments, and its dead-letter queue.

use aws_sdk_sqs::{
    Client,
    types::{MessageAttributeValue, SendMessageBatchRequestEntry},
};
use jiff::SignedDuration;

use shared::{
    aws::{Aws, AwsError, Lazy},
    env::{Env, Unset},
};

/// The number of messages in one call that SQS accepts.
const SENT_AT_ONCE: usize = 10;

/// The refresher's queue and its dead-letter queue.
#[derive(Debug)]
pub(crate) struct RefreshQueue {
    client: Lazy<Client>,
    url: String,
    dead_letters_url: String,
}

/// A message to send.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    /// The body.
    pub(crate) body: String,
    /// How long SQS delays it: at most 15 minutes.
    pub(crate) delay: SignedDuration,
}

impl RefreshQueue {
    /// Reads `REFRESH_QUEUE_URL` and `REFRESH_DEAD_LETTERS_URL`.
    pub(crate) fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        Ok(Self {
            client: aws.sqs(),
            url: env.required("REFRESH_QUEUE_URL")?.to_owned(),
            dead_letters_url: env.required("REFRESH_DEAD_LETTERS_URL")?.to_owned(),
        })
    }

    /// Sends the messages, ten in a call. Returns an error after the last call if the queue did not accept one of
    /// them.
    pub(crate) async fn send(&self, messages: &[Outgoing]) -> Result<(), AwsError> {
        let mut refused = false;
        for messages in messages.chunks(SENT_AT_ONCE) {
            let entries = messages.iter().enumerate().map(|(index, message)| {
                SendMessageBatchRequestEntry::builder()
                    .id(index.to_string())
                    .message_body(&message.body)
                    .delay_seconds(i32::try_from(message.delay.as_secs()).unwrap_or(i32::MAX))
                    .build()
                    .map_err(|_| AwsError::corrupt("SendMessageBatch", "an incomplete message"))
            });
            let sent = self
                .client
                .send_message_batch()
                .queue_url(&self.url)
                .set_entries(Some(entries.collect::<Result<_, _>>()?))
                .send()
                .await
                .map_err(|error| AwsError::of("SendMessageBatch", &error))?;
            refused |= !sent.failed().is_empty();
        }
        if refused { Err(AwsError::transient("SendMessageBatch", "NotTaken")) } else { Ok(()) }
    }

    /// Sends a message that cannot be processed to the dead-letter queue. The reason is a message attribute.
    pub(crate) async fn send_to_dead_letter_queue(&self, body: &str, reason: &str) -> Result<(), AwsError> {
        let reason = MessageAttributeValue::builder()
            .data_type("String")
            .string_value(reason)
            .build()
            .map_err(|_| AwsError::corrupt("SendMessage", "an incomplete attribute"))?;
        let send = self
            .client
            .send_message()
            .queue_url(&self.dead_letters_url)
            .message_body(body)
            .message_attributes("reason", reason);
        send.send().await.map(|_| ()).map_err(|error| AwsError::of("SendMessage", &error))
    }
}
