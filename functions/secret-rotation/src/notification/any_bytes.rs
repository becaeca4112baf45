//! The rule of a notification, for any bytes.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{DEEPEST, Notification, all_secrets, read};

/// Checks any bytes as a notification: a secret that is taken is one of those in it, the only one, and nothing repeats it.
pub fn check_any_bytes(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let parsed = Notification::parse(text, Some(Timestamp::UNIX_EPOCH));
    let said = match &parsed {
        Ok(notification) => format!("{notification:?}"),
        Err(error) => error.to_string(),
    };
    let whole = read(text.to_owned(), DEEPEST);
    let mut secrets = BTreeSet::new();
    all_secrets(&whole, DEEPEST, &mut secrets);
    for secret in secrets.iter().filter(|secret| secret.starts_with("amzn1.oa2-cs")) {
        assert!(!said.contains(*secret), "a client secret is repeated");
    }
    match parsed {
        Ok(Notification::NewSecret(new)) => {
            let taken = new.client_secret.expose();
            assert!((1..=1024).contains(&taken.len()) && taken.bytes().all(|b| b.is_ascii_graphic()));
            assert_eq!(secrets.into_iter().collect::<Vec<_>>(), [taken], "the only secret is taken");
            assert!(new.concerned.client_id.is_some() || new.concerned.application_id.is_some());
        }
        Ok(Notification::Expiry(expiry)) => {
            assert!(expiry.concerned.client_id.is_some() || expiry.concerned.application_id.is_some());
        }
        Ok(Notification::Other(name)) => assert!((1..=64).contains(&name.len()) && name.is_ascii()),
        Err(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};
    use serde_json::Value;

    use super::check_any_bytes;

    const NAMES: [&str; 18] = [
        "notificationType",
        "NotificationType",
        "payload",
        "newClientSecret",
        "new_client_secret",
        "clientId",
        "applicationId",
        "eventTime",
        "publishTime",
        "Message",
        "detail",
        "body",
        "Records",
        "Sns",
        "Timestamp",
        "newClientSecretExpiryTime",
        "clientSecretExpiryTime",
        "notificationId",
    ];

    const TEXTS: [&str; 13] = [
        "9999-12-30T22:00:00Z",
        "APPLICATION_OAUTH_CLIENT_NEW_SECRET",
        "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY",
        "ORDER_CHANGE",
        "",
        "amzn1.application-oa2-client.0123",
        "amzn1.sp.solution.1",
        " amzn1.oa2-cs.v1.abcdefghijkl ",
        "amzn1.oa2-cs.v1.mnopqrstuvwx",
        "2026-01-01T00:00:00Z",
        "1767225600000",
        "-9223372036854775808",
        "\u{feff}é",
    ];

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            6 => select(&TEXTS[..]).prop_map(Value::from),
            1 => any::<i64>().prop_map(Value::from),
            1 => any::<bool>().prop_map(Value::from),
            1 => Just(Value::Null),
            1 => any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 6, |inner| {
            prop_oneof![
                4 => vec((select(&NAMES[..]), inner.clone()), 0..6).prop_map(|fields| {
                    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Value>()
                }),
                1 => vec(inner.clone(), 0..3).prop_map(Value::from),
                // JSON in a text, as envelopes have it.
                1 => inner.prop_map(|value| Value::from(value.to_string())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]

        #[test]
        fn a_notification_of_any_form_gives_its_only_secret_or_none(value in json()) {
            check_any_bytes(value.to_string().as_bytes());
        }

        #[test]
        fn any_text_is_checked_as_a_notification(text in ".*") {
            check_any_bytes(text.as_bytes());
        }
    }
}
