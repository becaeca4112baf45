//! Amazon's notifications to developers: that a client secret ends soon, and what the new one is (F§5.2, F§5.3).

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::random::uuid;

/// Receives the notifications of one application, as its developer's queue does.
pub type Subscriber = Arc<dyn Fn(Value) + Send + Sync>;

/// The subscriptions, and how messages are delivered. Both are in memory only.
#[derive(Default)]
pub(crate) struct Notifications {
    /// By application id.
    subscriptions: BTreeMap<String, Subscription>,
    pub(crate) delivery: Delivery,
}

struct Subscription {
    id: String,
    subscriber: Subscriber,
}

/// How messages are delivered, as a test can set it.
#[derive(Clone, Copy)]
pub(crate) struct Delivery {
    /// Whether subscriptions are active at all.
    pub(crate) subscribed: bool,
    /// How many additional times each message is delivered.
    pub(crate) duplicates: u32,
}

impl Default for Delivery {
    fn default() -> Self {
        Self { subscribed: true, duplicates: 0 }
    }
}

impl Notifications {
    pub(crate) fn subscribe(&mut self, application_id: String, subscriber: Subscriber) {
        self.subscriptions.insert(application_id, Subscription { id: uuid(), subscriber });
    }

    /// Returns whether the application has an active subscription.
    pub(crate) fn has_subscription(&self, application_id: &str) -> bool {
        self.delivery.subscribed && self.subscriptions.contains_key(application_id)
    }

    /// Returns the message for a notification. Without a subscription there is none: the notification is lost, as at Amazon.
    pub(crate) fn message(
        &self,
        application_id: &str,
        notification: &Notification,
        now: Timestamp,
    ) -> Option<Message> {
        let subscription = self.subscriptions.get(application_id).filter(|_| self.delivery.subscribed)?;
        let now = instant(now);
        let body = json!({
            "notificationVersion": "1.0",
            "notificationType": notification.notification_type(),
            "payloadVersion": "2023-11-30",
            "eventTime": now,
            "payload": notification.payload(),
            "notificationMetadata": {
                "applicationId": application_id,
                "subscriptionId": subscription.id,
                "publishTime": now,
                "notificationId": uuid(),
            },
        });
        let subscriber = Arc::clone(&subscription.subscriber);
        Some(Message { subscriber, body, copies: self.delivery.duplicates.saturating_add(1) })
    }
}

/// A notification about a client's secret.
pub(crate) enum Notification {
    NewSecret { client_id: String, secret: String, ends_at: Timestamp, old_ends_at: Timestamp },
    SecretExpiry { client_id: String, ends_at: Timestamp },
}

impl Notification {
    fn notification_type(&self) -> &'static str {
        match self {
            Self::NewSecret { .. } => "APPLICATION_OAUTH_CLIENT_NEW_SECRET",
            Self::SecretExpiry { .. } => "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY",
        }
    }

    fn payload(&self) -> Value {
        match self {
            Self::NewSecret { client_id, secret, ends_at, old_ends_at } => json!({
                "applicationOAuthClientNewSecret": {
                    "clientId": client_id,
                    "newClientSecret": secret,
                    "newClientSecretExpiryTime": instant(*ends_at),
                    "oldClientSecretExpiryTime": instant(*old_ends_at),
                },
            }),
            Self::SecretExpiry { client_id, ends_at } => json!({
                "applicationOAuthClientSecretExpiry": {
                    "clientId": client_id,
                    "clientSecretExpiryTime": instant(*ends_at),
                    "clientSecretExpiryReason": "PERIODIC_ROTATION",
                },
            }),
        }
    }
}

/// The text of a notification, and its subscriber.
pub(crate) struct Message {
    subscriber: Subscriber,
    body: Value,
    copies: u32,
}

impl Message {
    pub(crate) fn deliver(self) {
        for _ in 0..self.copies {
            (self.subscriber)(self.body.clone());
        }
    }
}

/// Formats a time as Amazon's notifications do: to the millisecond.
fn instant(time: Timestamp) -> String {
    format!("{time:.3}")
}
