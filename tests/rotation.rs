//! Promise 14: a new client secret is written before its message is done, validated before it is promoted, and the old one
//! kept until its end.

mod belief;
mod forms;
mod order;

use std::time::Duration;

use serde_json::{Value, json};
use shared::deadline::{Clock, Deadline};

use crate::support::{
    invocation::{Dies, stopped_after},
    secrets::{delivery, message},
    world::{World, attribute},
};

/// A world in which Amazon's notifications reach only the test.
async fn quiet_world() -> World {
    let world = World::new().await;
    world.control("rotation", json!({"subscribed": false})).await;
    world
}

/// Delivers an event to the function; whether its message is done.
async fn deliver(world: &World, event: &Value) -> bool {
    let rotation = &world.stack.lambdas().secret_rotation;
    let deadline = Deadline::after(Duration::from_secs(20));
    let answer =
        rotation.handle(event, Clock::starting_at(world.stack.clock().now(), deadline)).await.unwrap();
    serde_json::to_value(answer).unwrap()["batchItemFailures"].as_array().unwrap().is_empty()
}

async fn rotations_reported(world: &World) -> usize {
    let history = world.application_history().await;
    history.iter().filter(|row| attribute(row, "event") == "ClientSecretRotated").count()
}

#[tokio::test]
async fn promise_14_the_secret_is_never_lost_wherever_the_function_is_stopped() {
    let world = quiet_world().await;
    let (mut stopped, mut rotations) = (0, 0);
    for dies in [Dies::AtOnce, Dies::AfterTheAnswer] {
        for awaits in 0.. {
            let old = world.current_secret().await["clientSecret"].as_str().unwrap().to_owned();
            let new = world.press_rotate().await;
            // A second later each, as no two secrets of one client end in the same second.
            world.advance(2).await;
            rotations += 1;
            let event = delivery(&new, 180, world.stack.clock().now());
            let lambdas = world.stack.lambdas().clone();
            let (now, deadline) = (world.stack.clock().now(), Deadline::after(Duration::from_secs(20)));
            let invocation = lambdas.secret_rotation.handle(&event, Clock::starting_at(now, deadline));
            let ended = stopped_after(awaits, dies, Box::pin(invocation)).await.is_some();

            let current = world.current_secret().await["clientSecret"].as_str().unwrap().to_owned();
            assert!(world.amazon_accepts(&current).await, "stopped at {awaits} {dies:?}");
            assert!(current == old || current == new);

            assert!(deliver(&world, &event).await, "delivered again after {awaits} {dies:?}");
            assert_eq!(world.current_secret().await["clientSecret"], new.as_str());
            assert_eq!(world.secret_at("AWSPREVIOUS").await.unwrap()["clientSecret"], old.as_str());
            assert_eq!(rotations_reported(&world).await, rotations, "reported once, after {awaits} {dies:?}");
            if ended {
                break;
            }
            stopped += 1;
        }
    }
    assert!(stopped > 10, "it was stopped {stopped} times");
}

#[tokio::test]
async fn promise_14_a_secret_that_amazon_does_not_accept_yet_waits_in_the_queue() {
    let world = quiet_world().await;
    world.control("rotation", json!({"validAfterSeconds": 3600})).await;
    let old = world.current_secret().await;
    let new = world.press_rotate().await;
    let event = delivery(&new, 180, world.stack.clock().now());

    for _ in 0..3 {
        assert!(!deliver(&world, &event).await);
        assert_eq!(world.current_secret().await, old);
        world.advance(600).await;
    }
    assert_eq!(rotations_reported(&world).await, 0);
    world.advance(3600).await;

    assert!(deliver(&world, &event).await);
    assert_eq!(world.current_secret().await["clientSecret"], new.as_str());
}

#[tokio::test]
async fn a_notification_of_another_type_is_done_and_a_damaged_one_stays_and_neither_changes_anything() {
    let world = quiet_world().await;
    let before = world.current_secret().await;
    let now = world.stack.clock().now();
    let other_type = json!({"notificationType": "ANY_OFFER_CHANGED", "payload": {}}).to_string();
    assert!(deliver(&world, &message(&other_type)).await);
    let unproved = delivery("amzn1.oa2-cs.v1.invented", 180, now);
    for damaged in
        [message(""), message("not json"), message("{}"), message(&"x".repeat(256 * 1024)), unproved]
    {
        assert!(!deliver(&world, &damaged).await);
    }
    let rotation = &world.stack.lambdas().secret_rotation;
    for unknown in [json!({}), json!({"task": "dance"}), json!([]), json!({"Records": "x"})] {
        let error = rotation
            .handle(&unknown, Clock::starting_at(now, Deadline::after(Duration::from_secs(5))))
            .await
            .unwrap_err();
        assert_eq!(error.error_type(), "InvalidRequest");
    }

    assert_eq!(world.current_secret().await, before);
    assert!(world.application_history().await.is_empty());
}

#[tokio::test]
async fn no_rotation_is_requested_before_the_queue_is_heard_nor_twice_within_a_day() {
    let world = quiet_world().await;
    world.advance(160 * 24 * 3600).await;
    assert_eq!(world.calls().await["clientSecret"], 0, "the queue was never heard");
    let rotate = json!({"operation": "rotateClientSecret", "applicationId": world.application()});
    let caller = world.caller();
    let refusal = caller.invoke("administration", &rotate).await.unwrap_err();
    assert_eq!(refusal.error_type, "RequestRefused");
    for said in ["through the queue", "might be lost", "7 days", "insist"] {
        assert!(refusal.error_message.contains(said), "{refusal:?}");
    }
    assert_eq!(world.calls().await["clientSecret"], 0, "nor is Amazon asked for an operator");
    assert!(
        world.application_history().await.iter().all(|row| attribute(row, "event") == "ClientSecretExpiring")
    );
    let rotate =
        json!({"operation": "rotateClientSecret", "applicationId": world.application(), "insist": true});

    // Amazon refuses while nothing is subscribed, and that is reported.
    assert_eq!(caller.invoke("administration", &rotate).await.unwrap_err().error_type, "RequestRefused");
    assert_eq!(world.calls().await["clientSecret"], 1);
    let last = world.application_history().await.pop().unwrap();
    assert_eq!(attribute(&last, "event"), "ClientSecretRotationFailed");
    let again = caller.invoke("administration", &rotate).await.unwrap_err();
    assert_eq!(again.error_type, "RequestRefused");
    assert_eq!(world.calls().await["clientSecret"], 1);

    world.control("rotation", json!({"subscribed": true})).await;
    world.advance(24 * 3600 + 60).await;
    caller.invoke("administration", &rotate).await.unwrap();
    world.advance(60).await;
    let last = world.application_history().await.pop().unwrap();
    assert_eq!(attribute(&last, "event"), "ClientSecretRotated");
}

#[tokio::test]
async fn a_new_secret_that_was_requested_and_does_not_come_is_reported_after_an_hour() {
    let world = World::new().await;
    world.control("rotation", json!({"validAfterSeconds": 40 * 24 * 3600})).await;
    let rotate =
        json!({"operation": "rotateClientSecret", "applicationId": world.application(), "insist": true});
    world.caller().invoke("administration", &rotate).await.unwrap();

    world.advance(3 * 3600).await;

    let events: Vec<_> =
        world.application_history().await.iter().map(|row| attribute(row, "event").to_owned()).collect();
    assert!(events.contains(&"ClientSecretRotationFailed".to_owned()), "{events:?}");
}

#[tokio::test]
async fn a_secret_set_by_hand_is_validated_first_and_superseded_by_one_that_amazon_sends() {
    let world = quiet_world().await;
    let old = world.current_secret().await;
    let by_hand = world.press_rotate().await;
    let caller = world.caller();
    let set = async |secret: &str| {
        let request =
            json!({"operation": "setClientSecret", "applicationId": world.application(), "secret": secret});
        caller.invoke("administration", &request).await
    };

    assert_eq!(set("amzn1.oa2-cs.v1.mistyped").await.unwrap_err().error_type, "RequestRefused");
    assert_eq!(world.current_secret().await, old);
    assert_eq!(set(&by_hand).await.unwrap()["changed"], true);
    assert_eq!(set(&by_hand).await.unwrap()["changed"], false);
    assert_eq!(world.current_secret().await["clientSecret"], by_hand.as_str());

    // The notification of the same secret brings its date and makes no new version.
    let previous = world.secret_at("AWSPREVIOUS").await;
    assert!(deliver(&world, &delivery(&by_hand, 180, world.stack.clock().now())).await);
    assert_eq!(world.secret_at("AWSPREVIOUS").await, previous);
    assert_eq!(rotations_reported(&world).await, 1);

    let from_amazon = world.press_rotate().await;
    world.advance(10).await;
    assert!(deliver(&world, &delivery(&from_amazon, 180, world.stack.clock().now())).await);
    assert_eq!(world.current_secret().await["clientSecret"], from_amazon.as_str());
    for wrong in [
        json!({"operation": "setClientSecret", "applicationId": world.application()}),
        json!({"operation": "setClientSecret", "applicationId": world.application(), "secret": "a b"}),
        json!({"operation": "setClientSecret", "applicationId": world.application(), "secret": "x", "expiresAt": "hunter2"}),
        json!({"operation": "setClientSecret", "applicationId": world.application(), "secret": {"hunter2": 1}}),
        json!({"operation": "rotateClientSecret", "applicationId": world.application(), "amzn1.oa2-cs.v1.hunter2": ""}),
        json!({"operation": "dance"}),
        json!({}),
    ] {
        let failure = caller.invoke("administration", &wrong).await.unwrap_err();
        assert_eq!(failure.error_type, "InvalidRequest");
        assert!(!failure.error_message.contains("hunter2"));
    }
}

#[tokio::test]
async fn an_unreadable_current_secret_is_replaced_by_hand_and_by_amazon() {
    let world = quiet_world().await;
    let secrets = aws_sdk_secretsmanager::Client::new(&world.stack.sdk_config());
    let corrupt = async || {
        let put = secrets.put_secret_value().secret_id(format!("spapi-auth/{}", world.application()));
        put.secret_string("not JSON at all").send().await.unwrap();
    };

    corrupt().await;
    let application = json!({"operation": "examine", "applicationId": world.application()});
    let examined = world.caller().invoke("administration", &application).await.unwrap();
    let said = examined["findings"].to_string();
    assert!(said.contains("the stored client secret cannot be read"), "{said}");
    let by_hand = world.press_rotate().await;
    let set = async || {
        let set =
            json!({"operation": "setClientSecret", "applicationId": world.application(), "secret": by_hand});
        world.caller().invoke("administration", &set).await.unwrap()["changed"].clone()
    };
    assert_eq!(set().await, true);
    assert_eq!(world.current_secret().await["clientSecret"], by_hand.as_str());
    corrupt().await;
    assert_eq!(set().await, true, "the same secret once more");
    assert_eq!(world.current_secret().await["clientSecret"], by_hand.as_str());
    assert_eq!(rotations_reported(&world).await, 2);

    corrupt().await;
    let from_amazon = world.press_rotate().await;
    assert!(!deliver(&world, &delivery("amzn1.oa2-cs.v1.unknown", 180, world.stack.clock().now())).await);
    assert!(deliver(&world, &delivery(&from_amazon, 180, world.stack.clock().now())).await);
    assert_eq!(world.current_secret().await["clientSecret"], from_amazon.as_str());
    assert_eq!(rotations_reported(&world).await, 3);

    // The unreadable secret is the previous one now, and no secret to try.
    assert!(world.secret_at("AWSPREVIOUS").await.is_none());
    world.cold_seller("A1US").await;
    world.fault("token", "invalid_client", json!({})).await;
    let refused = world.fresh().token_of("A1US").await.unwrap_err();
    assert_eq!(refused.error_type, "ApplicationCredentialsRejected");
}

/// Every other day twenty environments ask; the clock stands still for none of them.
#[tokio::test]
async fn promise_14_in_400_days_the_secret_rotates_at_least_twice_and_no_call_fails() {
    let world = World::new().await;
    // The operator's one act: it proves that the queue is subscribed.
    world.press_rotate().await;
    world.browser().website("US", "seller", "A1US").await;
    let environments: Vec<_> = (0..20).map(|_| world.environment()).collect();
    let request = json!({"sellingPartnerId": "A1US", "region": "na"});
    let scope = json!({"scope": "sellingpartnerapi::notifications"});
    for day in (0..400).step_by(2) {
        // The authorization itself lapses after 365 days.
        if day == 300 {
            world.browser().website("US", "seller", "A1US").await;
        }
        let now = world.stack.clock().now();
        let asks = environments.iter().enumerate().map(|(number, environment)| {
            let request = if number % 4 == 0 { &scope } else { &request };
            environment.handle(
                request,
                &shared::consumer::Invoked::Unqualified,
                Clock::starting_at(now, Deadline::after(Duration::from_secs(20))),
            )
        });
        for answer in futures::future::join_all(asks).await {
            assert!(answer.is_ok(), "day {day}: {:?}", answer.err());
        }
        world.advance(48 * 3600).await;
    }

    let history = world.application_history().await;
    let count = |event: &str| history.iter().filter(|row| attribute(row, "event") == event).count();
    assert!(count("ClientSecretRotated") >= 2, "rotated {} times", count("ClientSecretRotated"));
    assert_eq!(count("ClientSecretRotationFailed"), 0);
    assert!(count("ClientSecretExpiring") >= 2);
    assert!(world.amazon_accepts(world.current_secret().await["clientSecret"].as_str().unwrap()).await);
}
