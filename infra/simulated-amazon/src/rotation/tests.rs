use std::sync::{Arc, Mutex};

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    facts::ROTATION_SCOPE,
    testing::{DRAFT, PUBLISHED, Reply, TOKEN_URL, World, client_id, request},
};

const NEW: &str = "APPLICATION_OAUTH_CLIENT_NEW_SECRET";
const EXPIRY: &str = "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY";
const DAY: u32 = 86_400;

/// The notifications about the published application.
#[derive(Clone, Default)]
struct Messages(Arc<Mutex<Vec<Value>>>);

impl Messages {
    fn to(world: &World) -> Self {
        let messages = Self::default();
        let received = messages.clone();
        let subscriber = move |message| received.0.lock().unwrap().push(message);
        world.amazon.subscribe(PUBLISHED, Arc::new(subscriber));
        messages
    }

    fn take(&self) -> Vec<Value> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl World {
    async fn grantless(&self, secret: &str, scope: &str) -> Reply {
        let client_id = client_id(PUBLISHED);
        let fields = [
            ("grant_type", "client_credentials"),
            ("scope", scope),
            ("client_id", client_id.as_str()),
            ("client_secret", secret),
        ];
        self.post_form(TOKEN_URL, &fields).await
    }

    async fn rotation_token(&self) -> String {
        self.grantless("secret", ROTATION_SCOPE).await.text("access_token")
    }

    async fn rotate(&self, token: &str) -> Reply {
        let url =
            "http://sellingpartnerapi-eu.amazon.com.localhost:9001/applications/2023-11-30/clientSecret";
        let request = request("POST", url).header("x-amz-access-token", token);
        self.send(request.header(header::USER_AGENT, "test/1").body(Body::empty()).expect("a request")).await
    }
}

fn of_payload(message: &Value, member: &str) -> Timestamp {
    message["payload"]["applicationOAuthClientNewSecret"][member].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn the_new_secret_arrives_by_notification_and_the_old_one_ends_in_7_days() {
    let world = World::new();
    let messages = Messages::to(&world);
    let now = world.clock.now();

    let reply = world.rotate(&world.rotation_token().await).await;

    assert_eq!((reply.status, reply.body.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(reply.headers["x-amzn-ratelimit-limit"], "0.0167");
    let messages = messages.take();
    let [message] = messages.as_slice() else { panic!("{messages:?}") };
    let payload = &message["payload"]["applicationOAuthClientNewSecret"];
    let new = payload["newClientSecret"].as_str().unwrap();
    let expected = json!({
        "notificationVersion": "1.0",
        "notificationType": NEW,
        "payloadVersion": "2023-11-30",
        "eventTime": message["eventTime"],
        "payload": { "applicationOAuthClientNewSecret": {
            "clientId": client_id(PUBLISHED),
            "newClientSecret": new,
            "newClientSecretExpiryTime": payload["newClientSecretExpiryTime"],
            "oldClientSecretExpiryTime": payload["oldClientSecretExpiryTime"],
        } },
        "notificationMetadata": {
            "applicationId": PUBLISHED,
            "subscriptionId": message["notificationMetadata"]["subscriptionId"],
            "publishTime": message["eventTime"],
            "notificationId": message["notificationMetadata"]["notificationId"],
        },
    });
    assert_eq!(*message, expected);
    assert!(new.starts_with("amzn1.oa2-cs.v1."), "{new}");
    let milliseconds = |time: &Value| time.as_str().unwrap().len() == "2024-01-17T22:09:17.180Z".len();
    assert!(milliseconds(&message["eventTime"]) && milliseconds(&payload["oldClientSecretExpiryTime"]));
    let days = |member| (of_payload(message, member) - now).total(jiff::Unit::Hour).unwrap() / 24.0;
    assert!((days("newClientSecretExpiryTime") - 180.0).abs() < 0.01);
    assert!((days("oldClientSecretExpiryTime") - 7.0).abs() < 0.01);

    assert_eq!(world.grantless("secret", ROTATION_SCOPE).await.status, StatusCode::OK);
    world.clock.advance(7 * DAY);
    assert_eq!(world.grantless("secret", ROTATION_SCOPE).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.grantless(new, ROTATION_SCOPE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_old_secret_ends_no_later_than_it_would_have() {
    let world = World::new();
    let messages = Messages::to(&world);
    world.clock.advance(178 * DAY);

    world.rotate(&world.rotation_token().await).await;

    let left = of_payload(&messages.take()[0], "oldClientSecretExpiryTime") - world.clock.now();
    assert!(left.total(jiff::Unit::Hour).unwrap() < 48.1);
}

#[tokio::test]
async fn only_a_grantless_token_of_the_right_scope_rotates() {
    let world = World::new();
    let messages = Messages::to(&world);
    let (partners, _) = world.authorize("A1").await;
    let scope = world.grantless("secret", "sellingpartnerapi::notifications").await.text("access_token");

    for token in [partners.as_str(), scope.as_str(), "Atc|unknown"] {
        let reply = world.rotate(token).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN);
        assert_eq!(reply.json()["errors"][0]["code"], "Unauthorized");
    }

    assert!(messages.take().is_empty());
    assert_eq!(world.calls().await["clientSecret"], 3);
}

#[tokio::test]
async fn an_application_can_rotate_once_a_minute() {
    let world = World::new();
    let messages = Messages::to(&world);
    let token = world.rotation_token().await;
    world.rotate(&token).await;

    let reply = world.rotate(&token).await;
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reply.json()["errors"][0]["code"], "QuotaExceeded");
    assert_eq!(messages.take().len(), 1);

    world.clock.advance(60);
    assert_eq!(world.rotate(&token).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn without_a_subscription_the_api_refuses_to_rotate() {
    let world = World::new();
    let reply = world.rotate(&world.rotation_token().await).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert_eq!(reply.json()["errors"][0]["code"], "InvalidInput");

    let messages = Messages::to(&world);
    world.clock.advance(60);
    world.control("rotation", json!({ "subscribed": false })).await;
    assert_eq!(world.rotate(&world.rotation_token().await).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(world.control(&format!("rotate/{PUBLISHED}"), json!({})).await.status, StatusCode::OK);
    assert!(messages.take().is_empty());
}

#[tokio::test]
async fn a_fault_of_sp_api_applies_before_anything_rotates() {
    let world = World::new();
    let messages = Messages::to(&world);
    let token = world.rotation_token().await;
    world.control("faults", json!({ "endpoint": "sp-api", "fault": "http_error", "times": 1 })).await;

    assert_eq!(world.rotate(&token).await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(messages.take().is_empty());
    assert_eq!(world.rotate(&token).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn the_portals_button_shows_the_secret_and_also_sends_it() {
    let world = World::new();
    let messages = Messages::to(&world);

    let shown = world.control(&format!("rotate/{PUBLISHED}"), json!({})).await.text("newClientSecret");

    let payload = messages.take()[0]["payload"]["applicationOAuthClientNewSecret"].clone();
    assert_eq!(payload["newClientSecret"], shown);
    assert_eq!(world.grantless(&shown, ROTATION_SCOPE).await.status, StatusCode::OK);
    assert_eq!(world.control("rotate/unknown", json!({})).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_new_secret_is_refused_until_it_is_valid_and_the_old_one_is_not() {
    let world = World::new();
    world.control("rotation", json!({ "validAfterSeconds": 3600 })).await;
    let new = world.control(&format!("rotate/{PUBLISHED}"), json!({})).await.text("newClientSecret");

    let reply = world.grantless(&new, ROTATION_SCOPE).await;
    assert_eq!((reply.status, reply.text("error").as_str()), (StatusCode::UNAUTHORIZED, "invalid_client"));
    assert_eq!(world.grantless("secret", ROTATION_SCOPE).await.status, StatusCode::OK);

    world.clock.advance(3600);
    assert_eq!(world.grantless(&new, ROTATION_SCOPE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn duplicates_are_equal_notifications() {
    let world = World::new();
    let messages = Messages::to(&world);
    world.control("rotation", json!({ "duplicates": 2 })).await;

    world.control(&format!("rotate/{PUBLISHED}"), json!({})).await;

    let messages = messages.take();
    assert_eq!(messages.len(), 3);
    assert!(messages.iter().all(|message| *message == messages[0]));
}

#[tokio::test]
async fn each_reminder_is_sent_once_for_each_secret() {
    let world = World::new();
    let messages = Messages::to(&world);
    let mut days = Vec::new();

    for day in 1..=181 {
        world.clock.advance(DAY);
        world.amazon.tick();
        world.amazon.tick();
        for message in messages.take() {
            assert_eq!(message["notificationType"], EXPIRY);
            let expiry = &message["payload"]["applicationOAuthClientSecretExpiry"];
            assert_eq!(expiry["clientId"], client_id(PUBLISHED));
            assert_eq!(expiry["clientSecretExpiryReason"], "PERIODIC_ROTATION");
            days.push(180 - day);
        }
    }
    assert_eq!(days, [90, 60, 53, 30, 14, 7]);

    world.control(&format!("rotate/{PUBLISHED}"), json!({})).await;
    messages.take();
    world.clock.advance(100 * DAY);
    world.amazon.tick();
    assert_eq!(messages.take().len(), 1);
}

#[tokio::test]
async fn a_reminder_without_a_subscription_is_lost() {
    let world = World::new();
    world.clock.advance(91 * DAY);
    world.amazon.tick();

    let messages = Messages::to(&world);
    world.amazon.subscribe(DRAFT, Arc::new(|_| panic!("the draft's reminder is lost as well")));
    world.amazon.tick();

    assert!(messages.take().is_empty());
}
