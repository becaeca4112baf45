use serde_json::json;

use super::*;

const SECRET: &str = "/payload/applicationOAuthClientNewSecret";

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

/// The notification with another value at `pointer`, or without it.
fn changed(pointer: &str, value: Option<Value>) -> Value {
    let mut notification = new_secret();
    let (object, name) = pointer.rsplit_once('/').unwrap();
    let object = notification.pointer_mut(object).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => object.insert(name.to_owned(), value),
        None => object.remove(name),
    };
    notification
}

fn sent_at() -> Timestamp {
    "2024-01-10T22:10:00Z".parse().unwrap()
}

fn read(notification: &Value) -> NewSecret {
    match Notification::parse(&notification.to_string(), Some(sent_at())) {
        Ok(Notification::NewSecret(secret)) => secret,
        other => panic!("{notification}: {other:?}"),
    }
}

#[test]
fn a_new_secret_is_read_and_not_printed() {
    let secret = read(&new_secret());

    assert_eq!(secret.client_secret.expose(), "amzn1.oa2-cs.v1.hunter2");
    assert_eq!(secret.version_id, Fingerprint::of("n-1"));
    assert_eq!(secret.ends_at.to_string(), "2024-07-08T22:09:17.198Z");
    assert_eq!(secret.old_ends_at.unwrap().to_string(), "2024-01-17T22:09:17.18Z");
    assert!(!format!("{secret:?}").contains("hunter2"));
}

#[test]
fn a_notification_of_another_form_is_read_wherever_the_secret_is_in_it() {
    let other_letters = json!({
        "NotificationVersion": "2.0", "NotificationType": "APPLICATION_OAUTH_CLIENT_NEW_SECRET", "EventTime": 1_704_924_557,
        "Payload": {"Application_OAuth_Client_New_Secret": {
            "ClientId": "amzn1.application-oa2-client.x", "NewClientSecret": " amzn1.oa2-cs.v1.hunter2\n"}},
    });
    let flat = json!({
        "notificationType": "APPLICATION_OAUTH_CLIENT_NEW_SECRET_V2",
        "payload": {"clientId": "amzn1.application-oa2-client.x", "newClientSecret": "amzn1.oa2-cs.v1.hunter2"},
    });
    let sns = json!({"Type": "Notification", "MessageId": "m", "Timestamp": "2024-01-10T22:09:18Z", "Message": flat.to_string()});
    for notification in [
        changed("/notificationVersion", Some(json!("2.0"))),
        changed("/notificationVersion", None),
        changed("/payloadVersion", Some(json!("2030-01-01"))),
        changed("/payloadVersion", Some(json!(2))),
        changed("/notificationType", None),
        changed("/eventTime", None),
        changed("/eventTime", Some(json!("hunter2"))),
        changed("/notificationMetadata", None),
        changed("/notificationMetadata/notificationId", Some(json!(""))),
        changed("/notificationMetadata/notificationId", Some(json!(null))),
        changed("/later", Some(json!({"unknown": [1, {"deep": true}]}))),
        changed(&format!("{SECRET}/oldClientSecretExpiryTime"), None),
        changed(&format!("{SECRET}/newClientSecretExpiryTime"), None),
        changed(&format!("{SECRET}/newClientSecretExpiryTime"), Some(json!("soon"))),
        changed(&format!("{SECRET}/clientId"), Some(json!("hunter2"))),
        changed(&format!("{SECRET}/clientId"), None),
        other_letters,
        flat.clone(),
        sns.clone(),
        json!({"version": "0", "id": "e", "detail-type": "x", "time": "2024-01-10T22:09:18Z", "detail": new_secret()}),
        json!({"Records": 1, "body": sns.to_string()}),
        json!(new_secret().to_string()),
    ] {
        let secret = read(&notification);
        assert_eq!(secret.client_secret.expose(), "amzn1.oa2-cs.v1.hunter2", "{notification}");
        let life = secret.ends_at.duration_since(sent_at());
        assert!((life - LIFE).abs() < SignedDuration::from_hours(1), "{notification}: {life:?}");
        let overlap = secret.old_ends_at.unwrap().duration_since(sent_at());
        assert!((overlap - OVERLAP).abs() < SignedDuration::from_hours(1), "{notification}: {overlap:?}");
    }
}

#[test]
fn without_an_id_every_delivery_is_the_same_version_and_another_secret_is_another() {
    let without = changed("/notificationMetadata/notificationId", None);
    let again = read(&without).version_id;
    assert_eq!(read(&without).version_id, again);

    let mut other = without.clone();
    *other.pointer_mut(&format!("{SECRET}/newClientSecret")).unwrap() = json!("amzn1.oa2-cs.v1.other");
    assert_ne!(read(&other).version_id, again);
}

#[test]
fn what_is_damaged_is_named_and_never_quoted() {
    let mut anonymous = changed(&format!("{SECRET}/clientId"), None);
    anonymous["notificationMetadata"] = json!({});
    let mut timeless = changed(&format!("{SECRET}/newClientSecretExpiryTime"), None);
    timeless["eventTime"] = json!(null);
    for (body, sent_at) in [
        (String::new(), Some(sent_at())),
        ("hunter2".to_owned(), Some(sent_at())),
        ("[]".to_owned(), Some(sent_at())),
        ("{\"hunter2\": 1}".to_owned(), Some(sent_at())),
        (new_secret().to_string().replace("}}", "}"), Some(sent_at())),
        (changed("/payload", Some(json!({}))).to_string(), Some(sent_at())),
        (changed("/payload", Some(json!(null))).to_string(), Some(sent_at())),
        (changed(&format!("{SECRET}/newClientSecret"), Some(json!(""))).to_string(), Some(sent_at())),
        (
            changed(&format!("{SECRET}/newClientSecret"), Some(json!("hunter2 x"))).to_string(),
            Some(sent_at()),
        ),
        (
            changed(&format!("{SECRET}/newClientSecret"), Some(json!({"hunter2": 1}))).to_string(),
            Some(sent_at()),
        ),
        (anonymous.to_string(), Some(sent_at())),
        (timeless.to_string(), None),
        (format!("{}{}", new_secret(), " ".repeat(1024 * 1024)), Some(sent_at())),
    ] {
        let error = Notification::parse(&body, sent_at).unwrap_err();

        assert!(!error.to_string().contains("hunter2"));
    }
}

#[test]
fn an_expiry_is_heard_of_even_if_its_date_cannot_be_read() {
    let expiry = |end: Value| {
        let body = json!({
            "notificationVersion": "3", "notificationType": "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY",
            "payload": {"applicationOAuthClientSecretExpiry": {
                "clientId": "amzn1.application-oa2-client.x", "clientSecretExpiryTime": end}},
        });
        match Notification::parse(&body.to_string(), Some(sent_at())) {
            Ok(Notification::Expiry(expiry)) => expiry.announced,
            other => panic!("{other:?}"),
        }
    };

    let end: Timestamp = "2024-03-03T22:06:39Z".parse().unwrap();
    assert_eq!(expiry(json!("2024-03-03T22:06:39Z")), Some((end, sent_at())));
    assert_eq!(expiry(json!(end.as_millisecond())), Some((end, sent_at())));
    assert_eq!(expiry(json!("soon")), None);
}

#[test]
fn other_types_are_only_named() {
    let body = json!({"notificationType": "ANY_OFFER_CHANGED\nhunter2", "payload": {}}).to_string();

    assert!(
        matches!(Notification::parse(&body, None), Ok(Notification::Other(name)) if name == "ANY_OFFER_CHANGED2")
    );
}

#[test]
fn a_list_of_one_a_batch_of_one_and_a_byte_order_mark_hide_no_secret() {
    let plain = new_secret();
    for form in [
        json!([plain]),
        json!({"Records": [{"body": plain.to_string()}]}),
        json!({"Records": [{"Sns": {"Message": plain.to_string()}, "Message": plain.to_string()}]}),
        json!([{"detail": plain}]),
        json!(format!("[{plain}]")),
    ] {
        assert_eq!(read(&form).client_secret.expose(), "amzn1.oa2-cs.v1.hunter2", "{form}");
    }
    let mark = "\u{feff}";
    let marked = format!("{mark} {plain}\n");
    for form in [
        json!({"Type": "Notification", "Message": marked}),
        json!({"Records": [{"Sns": {"Message": marked}}]}),
        json!({"Records": [{"EventSource": "aws:sns", "Sns": {"Timestamp": "2024-01-10T22:10:00Z", "Message": plain.to_string()}}]}),
        json!({"Records": [{"body": json!({"Message": marked}).to_string()}]}),
        json!({"detail": json!(json!(marked).to_string())}),
        changed("/payload", Some(json!(plain["payload"].to_string()))),
        changed(
            "/payload/applicationOAuthClientNewSecret",
            Some(json!(format!("{mark}{}", plain["payload"]["applicationOAuthClientNewSecret"]))),
        ),
    ] {
        assert_eq!(read(&form).client_secret.expose(), "amzn1.oa2-cs.v1.hunter2", "{form}");
    }
    let marked = Notification::parse(&format!("\u{feff}{plain}"), Some(sent_at()));
    assert!(matches!(marked, Ok(Notification::NewSecret(_))), "{marked:?}");
}

#[test]
fn of_several_notifications_in_one_message_none_is_taken_for_the_others() {
    let several = json!([new_secret(), new_secret()]).to_string();
    assert!(Notification::parse(&several, Some(sent_at())).is_err());
}

#[test]
fn of_two_different_secrets_none_is_taken_and_the_reason_says_so() {
    let other = changed(&format!("{SECRET}/newClientSecret"), Some(json!("amzn1.oa2-cs.v1.hunter3")));
    let twice = |second: &str| {
        let first = "\"newClientSecret\":\"amzn1.oa2-cs.v1.hunter2\"";
        new_secret().to_string().replace(first, &format!("{first},\"{second}\":\"amzn1.oa2-cs.v1.hunter3\""))
    };
    for body in [
        twice("newClientSecret"),
        twice("NewClientSecret"),
        twice("new_client_secret"),
        changed("/payload/second", Some(other["payload"].clone())).to_string(),
        changed("/payload/second", Some(json!(other["payload"].to_string()))).to_string(),
        changed("/payload/more", Some(json!([{"newClientSecret": "amzn1.oa2-cs.v1.hunter3"}]))).to_string(),
        json!({"Message": new_secret().to_string(), "newClientSecret": "amzn1.oa2-cs.v1.hunter3"}).to_string(),
        json!({"Message": new_secret().to_string(), "detail": other}).to_string(),
        json!([new_secret(), other]).to_string(),
        json!({"Records": [{"Sns": {"Message": new_secret().to_string()}}, {"Sns": {"Message": other.to_string()}}]}).to_string(),
    ] {
        let error = Notification::parse(&body, Some(sent_at())).unwrap_err().to_string();
        assert!(error.contains("several different client secrets"), "{body}: {error}");
        assert!(!error.contains("hunter"));
    }
    // The same secret twice is one.
    let same = changed("/payload/again", Some(new_secret()["payload"].clone()));
    assert_eq!(read(&same).client_secret.expose(), "amzn1.oa2-cs.v1.hunter2");
}
