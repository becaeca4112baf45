//! Amazon's notifications about client secrets (F§5.3), parsed.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use shared::{ids::ClientId, secret::ClientSecret};

/// The longest message of SQS, in bytes.
const LONGEST: usize = 256 * 1024;

/// The only versions that this module can read.
const NOTIFICATION_VERSION: &str = "1.0";
const PAYLOAD_VERSION: &str = "2023-11-30";

/// A notification of Amazon.
#[derive(Debug)]
pub(crate) enum Notification {
    /// Amazon has issued a new client secret.
    NewSecret(NewSecret),
    /// The current client secret ends soon.
    Expiry(Expiry),
    /// A notification of another type, with the name of its type.
    Other(String),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewSecret {
    pub(crate) client_id: ClientId,
    pub(crate) new_client_secret: ClientSecret,
    pub(crate) new_client_secret_expiry_time: Timestamp,
    pub(crate) old_client_secret_expiry_time: Timestamp,
    #[serde(skip)]
    pub(crate) notification_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Expiry {
    pub(crate) client_id: ClientId,
    pub(crate) client_secret_expiry_time: Timestamp,
    #[serde(skip)]
    pub(crate) event_time: Timestamp,
}

/// A message that cannot be parsed. The error names what is wrong and never quotes the message, which may hold a secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the notification is {0}")]
pub(crate) struct Unintelligible(&'static str);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    notification_version: String,
    notification_type: String,
    payload_version: String,
    event_time: Timestamp,
    payload: Value,
    notification_metadata: Metadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    notification_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TypeAlone {
    notification_type: String,
}

impl Notification {
    /// Parses the body of a message.
    pub(crate) fn parse(body: &str) -> Result<Self, Unintelligible> {
        if body.len() > LONGEST {
            return Err(Unintelligible("longer than 256 KiB"));
        }
        let TypeAlone { notification_type } =
            serde_json::from_str(body).map_err(|_| Unintelligible("not JSON with a notificationType"))?;
        let field = match notification_type.as_str() {
            "APPLICATION_OAUTH_CLIENT_NEW_SECRET" => "applicationOAuthClientNewSecret",
            "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY" => "applicationOAuthClientSecretExpiry",
            // Any SP-API application that knows the queue's ARN can make Amazon send notifications of other types to it.
            _ => return Ok(Self::Other(printable(&notification_type))),
        };
        let mut envelope: Envelope =
            serde_json::from_str(body).map_err(|_| Unintelligible("without all its fields"))?;
        if envelope.notification_version != NOTIFICATION_VERSION
            || envelope.payload_version != PAYLOAD_VERSION
        {
            return Err(Unintelligible("of a version that is not known"));
        }
        let payload = envelope.payload.get_mut(field).map(Value::take);
        let payload = payload.ok_or(Unintelligible("without its payload"))?;
        let incomplete = |_| Unintelligible("without all the fields of its payload");
        if envelope.notification_type == "APPLICATION_OAUTH_CLIENT_NEW_SECRET" {
            let mut secret: NewSecret = serde_json::from_value(payload).map_err(incomplete)?;
            let exposed = secret.new_client_secret.expose();
            if exposed.is_empty() || exposed.len() > 1024 || !exposed.bytes().all(|b| b.is_ascii_graphic()) {
                return Err(Unintelligible("without a secret that can be used"));
            }
            if envelope.notification_metadata.notification_id.is_empty() {
                return Err(Unintelligible("without an id"));
            }
            secret.notification_id = envelope.notification_metadata.notification_id;
            return Ok(Self::NewSecret(secret));
        }
        let mut expiry: Expiry = serde_json::from_value(payload).map_err(incomplete)?;
        expiry.event_time = envelope.event_time;
        Ok(Self::Expiry(expiry))
    }
}

/// Returns the name of a type in a form that is safe to log.
fn printable(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '_').take(64).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn new_secret() -> Value {
        json!({
            "notificationVersion": "1.0",
            "notificationType": "APPLICATION_OAUTH_CLIENT_NEW_SECRET",
            "payloadVersion": "2023-11-30",
            "eventTime": "2024-01-10T22:09:17.456Z",
            "payload": {"applicationOAuthClientNewSecret": {
                "clientId": "amzn1.application-oa2-client.x",
                "newClientSecret": "amzn1.oa2-cs.v1.hunter2",
                "newClientSecretExpiryTime": "2024-07-08T22:09:17.198Z",
                "oldClientSecretExpiryTime": "2024-01-17T22:09:17.180Z",
            }},
            "notificationMetadata": {"applicationId": "amzn1.sp.solution.x", "notificationId": "n-1"},
        })
    }

    #[test]
    fn a_new_secret_is_read_and_not_printed() {
        let Ok(Notification::NewSecret(secret)) = Notification::parse(&new_secret().to_string()) else {
            panic!("not read");
        };

        assert_eq!(secret.new_client_secret.expose(), "amzn1.oa2-cs.v1.hunter2");
        assert_eq!(secret.notification_id, "n-1");
        assert!(!format!("{secret:?}").contains("hunter2"));
    }

    #[test]
    fn what_is_damaged_is_named_and_never_quoted() {
        let damaged = |pointer: &str, value: Value| {
            let mut notification = new_secret();
            *notification.pointer_mut(pointer).unwrap() = value;
            notification.to_string()
        };
        let secret = "/payload/applicationOAuthClientNewSecret";
        for body in [
            String::new(),
            "hunter2".to_owned(),
            "[]".to_owned(),
            new_secret().to_string().replace("}}", "}"),
            damaged("/notificationVersion", json!("2.0")),
            damaged("/payloadVersion", json!("2030-01-01")),
            damaged("/payload", json!({})),
            damaged("/payload", json!(null)),
            damaged(&format!("{secret}/newClientSecret"), json!("")),
            damaged(&format!("{secret}/newClientSecret"), json!({"hunter2": 1})),
            damaged(&format!("{secret}/newClientSecretExpiryTime"), json!("hunter2")),
            damaged(&format!("{secret}/clientId"), json!("hunter2")),
            damaged("/notificationMetadata", json!({})),
            format!("{}{}", new_secret(), " ".repeat(256 * 1024)),
        ] {
            let error = Notification::parse(&body).unwrap_err();

            assert!(!error.to_string().contains("hunter2"));
        }
    }

    #[test]
    fn other_types_are_only_named() {
        let body = json!({"notificationType": "ANY_OFFER_CHANGED\nhunter2", "payload": {}}).to_string();

        assert!(
            matches!(Notification::parse(&body), Ok(Notification::Other(name)) if name == "ANY_OFFER_CHANGED2")
        );
    }
}
