//! Nothing that comes through the queue is believed before it is proved.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::secret::random_word;

use super::{deliver, quiet_world, rotations_reported};
use crate::support::{
    secrets::{CLIENT_ID, delivery, delivery_for, message},
    world::{World, attribute},
};

const DAY: u32 = 24 * 3600;

fn days_after(now: Timestamp, days: i64) -> Timestamp {
    now + SignedDuration::from_hours(24 * days)
}

/// The queue's event with the notification that the client's secret ends then.
fn expiry(ends_at: Timestamp, now: Timestamp) -> Value {
    let notification = json!({
        "notificationType": "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY",
        "eventTime": now.to_string(),
        "payload": {"applicationOAuthClientSecretExpiry": {
            "clientId": CLIENT_ID,
            "clientSecretExpiryTime": ends_at.to_string(),
            "clientSecretExpiryReason": "PERIODIC_ROTATION",
        }},
        "notificationMetadata": {"notificationId": random_word()},
    });
    message(&notification.to_string())
}

async fn examined(world: &World) -> Value {
    let examine = json!({"operation": "examine", "applicationId": world.application()});
    world.caller().invoke("administration", &examine).await.unwrap()
}

/// What `examine` says of the application: when the queue was heard, and when the secret ends.
async fn heard_and_end(world: &World) -> (Value, Value) {
    let examined = examined(world).await.to_string();
    let value = |name: &str| {
        let (_, rest) = examined.split_once(&format!("\"{name}\":")).unwrap();
        Value::String(rest.split([',', '}']).next().unwrap().to_owned())
    };
    (value("queueHeardAt"), value("clientSecretEndsAt"))
}

async fn doubts(world: &World) -> usize {
    let history = world.application_history().await;
    history.iter().filter(|row| attribute(row, "event") == "ClientSecretExpiryDoubted").count()
}

/// Whether an operator gets a new secret without insisting.
async fn may_rotate(world: &World) -> bool {
    let rotate = json!({"operation": "rotateClientSecret", "applicationId": world.application()});
    world.caller().invoke("administration", &rotate).await.is_ok()
}

#[tokio::test]
async fn only_a_secret_that_amazon_accepts_proves_that_the_queue_is_heard() {
    let world = quiet_world().await;
    let now = world.stack.clock().now();
    let end = world.current_secret().await["expiresAt"].as_str().unwrap().parse().unwrap();

    // An invented secret that looks newer, one that looks older than the current one, and the right end of the current one.
    for unproved in
        [delivery("amzn1.oa2-cs.v1.invented", 190, now), delivery("amzn1.oa2-cs.v1.older", 1, now)]
    {
        deliver(&world, &unproved).await;
    }
    assert!(deliver(&world, &expiry(end, now)).await);
    assert_eq!(heard_and_end(&world).await.0, "null");
    assert!(!may_rotate(&world).await);
    world.advance(165 * DAY).await;
    assert_eq!(world.calls().await["clientSecret"], 0, "nor does the schedule ask");

    let new = world.press_rotate().await;
    assert!(deliver(&world, &delivery(&new, 180, world.stack.clock().now())).await);
    assert_ne!(heard_and_end(&world).await.0, "null");
    world.control("rotation", json!({"subscribed": true})).await;
    assert!(may_rotate(&world).await);
}

#[tokio::test]
async fn an_end_that_does_not_fit_what_is_known_is_reported_once_and_nothing_is_asked_for() {
    let world = World::new().await;
    // The queue was heard, so an early end would have Amazon asked at the next run.
    world.press_rotate().await;
    world.advance(60).await;
    assert_eq!(rotations_reported(&world).await, 1);
    let (_, before) = heard_and_end(&world).await;
    let mut expected = 0;
    for days in [9, 20, 100, 1, -3, 300] {
        let now = world.stack.clock().now();
        let forged = expiry(days_after(now, days), now);
        expected += 1;
        for _ in 0..2 {
            assert!(deliver(&world, &forged).await);
            assert_eq!(doubts(&world).await, expected, "{days} days: once for each date");
        }
        world.advance(3 * 3600).await;
        assert_eq!(heard_and_end(&world).await.1, before, "{days} days");
    }
    assert_eq!(world.calls().await["clientSecret"], 0);
    assert_eq!(rotations_reported(&world).await, 1);
    let last = world.application_history().await.pop().unwrap();
    assert!(attribute(&last, "reason").contains("another end is known"), "{last:?}");
    assert_eq!(world.stack.events().await.last().unwrap().event["detail-type"], "ClientSecretExpiryDoubted");
}

#[tokio::test]
async fn a_new_secret_of_a_client_that_is_not_registered_waits_and_is_taken_once_it_is() {
    let world = quiet_world().await;
    let now = world.stack.clock().now();
    let stranger = "amzn1.application-oa2-client.55555555555555555555555555555555";
    let known = "amzn1.sp.solution.55555555-2222-4333-8444-555555555555";
    let unknown = delivery_for(stranger, "amzn1.oa2-cs.v1.strangers", 180, now);
    for _ in 0..3 {
        assert!(!deliver(&world, &unknown).await, "the only copy stays in the queue");
    }
    let expiry_of_stranger = json!({"notificationType": "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY", "payload": {
        "clientId": stranger, "clientSecretExpiryTime": now.to_string()}});
    assert!(deliver(&world, &message(&expiry_of_stranger.to_string())).await, "this one has nothing to lose");

    let register = json!({"operation": "registerApplication", "applicationId": known, "clientId": stranger,
        "name": "Late", "defaultRegion": "eu", "draft": true});
    world.caller().invoke("administration", &register).await.unwrap();
    let at_amazon = json!({"applicationId": known, "clientId": stranger, "name": "Late", "draft": true,
        "loginUri": "https://auth.example.com/login", "redirectUris": ["https://auth.example.com/callback"],
        "clientSecret": "amzn1.oa2-cs.v1.strangers"});
    world.control("applications", at_amazon).await;
    assert!(deliver(&world, &unknown).await);
    let secrets = aws_sdk_secretsmanager::Client::new(&world.stack.sdk_config());
    let stored = secrets.get_secret_value().secret_id(format!("spapi-auth/{known}")).send().await.unwrap();
    assert!(stored.secret_string().unwrap().contains("amzn1.oa2-cs.v1.strangers"));
}
