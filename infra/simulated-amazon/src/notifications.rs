//! What Amazon tells developers unasked: that a client secret ends soon, and what the new one is (F§5.2, F§5.3).

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::random::uuid;

/// Where the notifications about one application go, such as into a queue of its developer's.
pub type Subscriber = Arc<dyn Fn(Value) + Send + Sync>;

/// Who has subscribed, and how the messages travel. Kept in memory only, like the subscribers themselves.
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

/// How messages travel, by order of a test.
#[derive(Clone, Copy)]
pub(crate) struct Delivery {
    /// Whether any subscription is in force.
    pub(crate) subscribed: bool,
    /// How many times more than once each message is delivered.
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

    /// Whether a notification about this application would reach anybody.
    pub(crate) fn reaches(&self, application_id: &str) -> bool {
        self.delivery.subscribed && self.subscriptions.contains_key(application_id)
    }

    /// A notification on its way, unless nobody is subscribed: then it is lost, as at Amazon.
    pub(crate) fn address(&self, application_id: &str, news: &News, now: Timestamp) -> Option<Letter> {
        let subscription = self.subscriptions.get(application_id).filter(|_| self.delivery.subscribed)?;
        let now = instant(now);
        let body = json!({
            "notificationVersion": "1.0",
            "notificationType": news.notification_type(),
            "payloadVersion": "2023-11-30",
            "eventTime": now,
            "payload": news.payload(),
            "notificationMetadata": {
                "applicationId": application_id,
                "subscriptionId": subscription.id,
                "publishTime": now,
                "notificationId": uuid(),
            },
        });
        let subscriber = Arc::clone(&subscription.subscriber);
        Some(Letter { subscriber, body, copies: self.delivery.duplicates.saturating_add(1) })
    }
}

/// What there is to tell about a client.
pub(crate) enum News {
    NewSecret { client_id: String, secret: String, ends_at: Timestamp, old_ends_at: Timestamp },
    SecretExpiry { client_id: String, ends_at: Timestamp },
}

impl News {
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

/// A notification, and who is to get it.
pub(crate) struct Letter {
    subscriber: Subscriber,
    body: Value,
    copies: u32,
}

impl Letter {
    pub(crate) fn deliver(self) {
        for _ in 0..self.copies {
            (self.subscriber)(self.body.clone());
        }
    }
}

/// Amazon's notifications tell time to the millisecond.
fn instant(time: Timestamp) -> String {
    format!("{time:.3}")
}
