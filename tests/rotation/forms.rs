//! Promise 14: a new client secret is taken from a notification of any form in which it can be read.

use serde_json::{Value, json};

use super::{deliver, quiet_world, rotations_reported};
use crate::support::{
    secrets::{delivery, message},
    world::World,
};

/// The queue's event with a notification that brings `secret` in another form than the documented one.
fn in_another_form(form: usize, secret: &str, world: &World) -> Option<Value> {
    let now = world.stack.clock().now();
    let event = delivery(secret, 180, now);
    let mut documented: Value = serde_json::from_str(event["Records"][0]["body"].as_str().unwrap()).unwrap();
    let of_secret = "/payload/applicationOAuthClientNewSecret";
    let body = match form {
        0 => {
            documented["notificationVersion"] = json!("2.0");
            documented["payloadVersion"] = json!("2031-01-01");
            documented["later"] = json!({"unknown": true});
            documented
        }
        1 => {
            documented["notificationMetadata"] = json!({});
            documented.pointer_mut(of_secret).unwrap()["oldClientSecretExpiryTime"].take();
            documented
        }
        2 => {
            documented.pointer_mut(of_secret).unwrap()["newClientSecretExpiryTime"].take();
            documented
        }
        3 => {
            // Of the application's client nothing but its application id is left, and of the times when SQS got it.
            let metadata = json!({"applicationId": world.application()});
            json!({"notificationMetadata": metadata, "payload": {"newClientSecret": secret}})
        }
        4 => json!({"Type": "Notification", "MessageId": "m", "Message": documented.to_string()}),
        5 => {
            json!({"version": "0", "id": "e", "detail-type": "x", "time": now.to_string(), "detail": documented})
        }
        _ => return None,
    };
    let mut event = message(&body.to_string());
    event["Records"][0]["attributes"] = json!({"SentTimestamp": now.as_millisecond().to_string()});
    Some(event)
}

#[tokio::test]
async fn promise_14_a_new_secret_is_taken_from_a_notification_of_any_form_in_which_it_can_be_read() {
    let world = quiet_world().await;
    for form in 0.. {
        let old = world.current_secret().await["clientSecret"].clone();
        let new = world.press_rotate().await;
        world.advance(3600).await;
        let Some(event) = in_another_form(form, &new, &world) else { break };

        let all = futures::future::join_all((0..3).map(|_| deliver(&world, &event))).await;
        assert!(all.contains(&true), "form {form}");
        for _ in 0..2 {
            assert!(deliver(&world, &event).await, "form {form}, delivered again");
        }

        let current = world.current_secret().await;
        assert_eq!(current["clientSecret"], new.as_str(), "form {form}");
        assert!(current["expiresAt"].is_string(), "form {form}: {current:?}");
        assert_eq!(world.secret_at("AWSPREVIOUS").await.unwrap()["clientSecret"], old, "form {form}");
        assert_eq!(rotations_reported(&world).await, form + 1, "form {form} is one rotation");
    }
}

#[tokio::test]
async fn promise_14_a_secret_in_another_form_that_amazon_does_not_accept_changes_nothing_and_stays_in_the_queue()
 {
    let world = quiet_world().await;
    let before = world.current_secret().await;
    let mut form = 0;
    while let Some(event) = in_another_form(form, "amzn1.oa2-cs.v1.invented", &world) {
        assert!(!deliver(&world, &event).await, "form {form}");
        form += 1;
    }
    assert_eq!(world.current_secret().await, before);
}
