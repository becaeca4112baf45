//! The queues and their messages as they are written to the data directory.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use winterbaume_sqs::{
    SqsState,
    state::QueueState,
    types::{Message, MessageAttribute},
    views::QueueStateView,
};

use crate::aws::sqs::Held;

/// All queues. Tasks that move messages between queues are not kept.
#[derive(Deserialize, Serialize)]
pub(super) struct KeptQueues {
    offset_seconds: i64,
    queues: BTreeMap<String, KeptQueue>,
}

#[derive(Deserialize, Serialize)]
struct KeptQueue {
    settings: QueueStateView,
    messages: Vec<KeptMessage>,
}

#[derive(Deserialize, Serialize)]
struct KeptMessage {
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

impl From<&Held> for KeptQueues {
    fn from(held: &Held) -> Self {
        let queue = |queue: &QueueState| KeptQueue {
            settings: QueueStateView::from(queue),
            messages: queue.messages.iter().map(KeptMessage::from).collect(),
        };
        let queues = held.state.queues.iter().map(|(name, state)| (name.clone(), queue(state))).collect();
        Self { offset_seconds: held.offset_seconds, queues }
    }
}

impl From<KeptQueues> for Held {
    fn from(kept: KeptQueues) -> Self {
        let queue = |kept: KeptQueue| {
            let mut queue = QueueState::from(kept.settings);
            queue.messages = kept.messages.into_iter().map(Message::from).collect();
            queue
        };
        let queues = kept.queues.into_iter().map(|(name, kept)| (name, queue(kept))).collect();
        Self { state: SqsState { queues, ..SqsState::default() }, offset_seconds: kept.offset_seconds }
    }
}

impl From<&Message> for KeptMessage {
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

impl From<KeptMessage> for Message {
    fn from(kept: KeptMessage) -> Self {
        let attributes = kept.attributes.into_iter().map(|(name, (data_type, string_value))| {
            (name, MessageAttribute { data_type, string_value, binary_value: None })
        });
        Self {
            message_id: kept.id,
            body: kept.body,
            body_md5: kept.body_md5,
            receipt_handle: kept.receipts.last().cloned(),
            all_receipt_handles: kept.receipts,
            sender_id: kept.sender,
            sent_timestamp: kept.sent_at,
            approximate_first_receive_timestamp: kept.first_received_at,
            approximate_receive_count: kept.received,
            visible_at: kept.visible_at,
            message_attributes: attributes.collect(),
        }
    }
}
