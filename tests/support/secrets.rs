//! Client secrets: as Secrets Manager keeps them, as Amazon accepts them, and as a notification brings them.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::secret::random_word;

use super::world::{Row, World};

/// The client of the application that is registered from the start.
pub const CLIENT_ID: &str = "amzn1.application-oa2-client.11111111222243338444555555555555";

impl World {
    /// The current version of the client secret.
    pub async fn current_secret(&self) -> Value {
        self.secret_at("AWSCURRENT").await.unwrap()
    }

    /// The version of the client secret under a label.
    pub async fn secret_at(&self, stage: &str) -> Option<Value> {
        let client = aws_sdk_secretsmanager::Client::new(&self.stack.sdk_config());
        let name = format!("spapi-auth/{}", self.application());
        let read = client.get_secret_value().secret_id(name).version_stage(stage).send().await.ok()?;
        serde_json::from_str(read.secret_string().unwrap()).ok()
    }

    /// Whether Amazon accepts a client secret at this moment.
    pub async fn amazon_accepts(&self, secret: &str) -> bool {
        let url = self.amazon("api.amazon.com", "/auth/o2/token");
        let form = [
            ("grant_type", "client_credentials"),
            ("scope", "sellingpartnerapi::notifications"),
            ("client_id", CLIENT_ID),
            ("client_secret", secret),
        ];
        self.http().post(url).form(&form).send().await.unwrap().status().is_success()
    }

    /// Presses the button in Amazon's portal; the new secret, which the portal shows.
    pub async fn press_rotate(&self) -> String {
        let answer = self.control(&format!("rotate/{}", self.application()), json!({})).await;
        answer["newClientSecret"].as_str().unwrap().to_owned()
    }

    /// The application's own history, oldest first.
    pub async fn application_history(&self) -> Vec<Row> {
        self.history_of(self.application()).await
    }
}

/// The queue's event with the notification that brings `secret`, which ends in `days` days.
pub fn delivery(secret: &str, days: i64, now: Timestamp) -> Value {
    delivery_for(CLIENT_ID, secret, days, now)
}

/// The same for another client.
pub fn delivery_for(client_id: &str, secret: &str, days: i64, now: Timestamp) -> Value {
    let ends = |days: i64| (now + SignedDuration::from_hours(24 * days)).to_string();
    let notification = json!({
        "notificationVersion": "1.0",
        "notificationType": "APPLICATION_OAUTH_CLIENT_NEW_SECRET",
        "payloadVersion": "2023-11-30",
        "eventTime": now.to_string(),
        "payload": {"applicationOAuthClientNewSecret": {
            "clientId": client_id,
            "newClientSecret": secret,
            "newClientSecretExpiryTime": ends(days),
            "oldClientSecretExpiryTime": ends(7),
        }},
        "notificationMetadata": {"applicationId": "amzn1.sp.solution.x", "notificationId": random_word()},
    });
    message(&notification.to_string())
}

/// The queue's event with one message.
pub fn message(body: &str) -> Value {
    json!({"Records": [{"messageId": random_word(), "body": body, "eventSource": "aws:sqs"}]})
}
