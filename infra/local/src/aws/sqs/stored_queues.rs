//! The queues and their messages in the format of the data directory.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use winterbaume_sqs::{
    SqsState,
    state::QueueState,
    types::{Message, MessageAttribute},
    views::QueueStateView,
};

use crate::aws::sqs::Held;

/// All queues. Tasks that move messages between queues are not stored.
#[derive(Deserialize, Serialize)]
pub(super) struct StoredQueues {
    offset_seconds: i64,
    queues: BTreeMap<String, StoredQueue>,
}

#[derive(Deserialize, Serialize)]
struct StoredQueue {
    settings: QueueStateView,
    messages: Vec<StoredMessage>,
}

#[derive(Deserialize, Serialize)]
struct StoredMessage {
    id: String,
    body: String,
    body_md5: String,
    receipts: Vec<String>,
    sender: String,
    sent_at: i64,
    first_received_at: Option<i64>,
    received: u32,
    visible_at: i64,
    attributes: BTreeMap<String, (String, Option<String>)>,
}

impl From<&Held> for StoredQueues {
    fn from(held: &Held) -> Self {
        let queue = |queue: &QueueState| StoredQueue {
            settings: QueueStateView::from(queue),
            messages: queue.messages.iter().map(StoredMessage::from).collect(),
        };
        let queues = held.state.queues.iter().map(|(name, state)| (name.clone(), queue(state))).collect();
        Self { offset_seconds: held.offset_seconds, queues }
    }
}

impl From<StoredQueues> for Held {
    fn from(stored: StoredQueues) -> Self {
        let queue = |stored: StoredQueue| {
            let mut queue = QueueState::from(stored.settings);
            queue.messages = stored.messages.into_iter().map(Message::from).collect();
            queue
        };
        let queues = stored.queues.into_iter().map(|(name, stored)| (name, queue(stored))).collect();
        Self { state: SqsState { queues, ..SqsState::default() }, offset_seconds: stored.offset_seconds }
    }
}

impl From<&Message> for StoredMessage {
    fn from(message: &Message) -> Self {
        let attributes = message.message_attributes.iter().map(|(name, attribute)| {
            (name.clone(), (attribute.data_type.clone(), attribute.string_value.clone()))
        });
        Self {
            id: message.message_id.clone(),
            body: message.body.clone(),
            body_md5: message.body_md5.clone(),
            receipts: message.all_receipt_handles.clone(),
            sender: message.sender_id.clone(),
            sent_at: message.sent_timestamp,
            first_received_at: message.approximate_first_receive_timestamp,
            received: message.approximate_receive_count,
            visible_at: message.visible_at,
            attributes: attributes.collect(),
        }
    }
}

impl From<StoredMessage> for Message {
    fn from(stored: StoredMessage) -> Self {
        let attributes = stored.attributes.into_iter().map(|(name, (data_type, string_value))| {
            (name, MessageAttribute { data_type, string_value, binary_value: None })
        });
        Self {
            message_id: stored.id,
            body: stored.body,
            body_md5: stored.body_md5,
            receipt_handle: stored.receipts.last().cloned(),
            all_receipt_handles: stored.receipts,
            sender_id: stored.sender,
            sent_timestamp: stored.sent_at,
            approximate_first_receive_timestamp: stored.first_received_at,
            approximate_receive_count: stored.received,
            visible_at: stored.visible_at,
            message_attributes: attributes.collect(),
        }
    }
}
