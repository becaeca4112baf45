//! Notifications that come twice, at the same time, or in another order than Amazon sent them.

use std::time::Duration;

use serde_json::json;

use super::{deliver, quiet_world, rotations_reported};
use crate::support::secrets::delivery;

#[tokio::test]
async fn promise_14_of_two_notifications_that_cross_the_later_secret_wins() {
    for swapped in [false, true] {
        let world = quiet_world().await;
        let first = world.press_rotate().await;
        let first_event = delivery(&first, 180, world.stack.clock().now());
        world.advance(3600).await;
        let second = world.press_rotate().await;
        let second_event = delivery(&second, 180, world.stack.clock().now());

        let order = if swapped { [&second_event, &first_event] } else { [&first_event, &second_event] };
        for event in order.into_iter().chain(order) {
            assert!(deliver(&world, event).await);
        }

        assert_eq!(world.current_secret().await["clientSecret"], second.as_str());
        assert_eq!(rotations_reported(&world).await, if swapped { 1 } else { 2 });
    }
}

#[tokio::test]
async fn promise_14_an_older_secret_that_arrives_while_a_newer_one_is_being_recorded_does_not_replace_it() {
    let world = quiet_world().await;
    let first = world.press_rotate().await;
    let first_event = delivery(&first, 180, world.stack.clock().now());
    world.advance(600).await;
    let second = world.press_rotate().await;
    let second_event = delivery(&second, 180, world.stack.clock().now());
    let slow = json!({"operation": "TransactWriteItems", "milliseconds": 600});
    world.fault("dynamodb", "latency", slow).await;
    let promoted = async {
        while world.current_secret().await["clientSecret"] != second.as_str() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        deliver(&world, &first_event).await
    };

    let both = futures::future::join(deliver(&world, &second_event), promoted);
    let (newer, older) = Box::pin(both).await;

    assert!(newer && older);
    assert_eq!(world.current_secret().await["clientSecret"], second.as_str());
}

#[tokio::test]
async fn a_notification_that_comes_again_while_a_newer_secret_becomes_current_is_no_rotation() {
    let world = quiet_world().await;
    let first = delivery(&world.press_rotate().await, 180, world.stack.clock().now());
    assert!(deliver(&world, &first).await);
    world.advance(600).await;
    let second = delivery(&world.press_rotate().await, 180, world.stack.clock().now());
    // It has found its secret to be the current one when the newer one comes.
    let slow = json!({"operation": "PutResourcePolicy", "milliseconds": 1200, "times": 1});
    world.fault("secretsmanager", "latency", slow).await;
    let newer = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        deliver(&world, &second).await
    };

    let both = futures::future::join(deliver(&world, &first), newer);
    assert_eq!(Box::pin(both).await, (true, true));

    assert_eq!(rotations_reported(&world).await, 2);
}

#[tokio::test]
async fn a_notification_delivered_twice_or_at_the_same_time_is_one_rotation() {
    let world = quiet_world().await;
    let new = world.press_rotate().await;
    let event = delivery(&new, 180, world.stack.clock().now());

    let all = futures::future::join_all((0..10).map(|_| deliver(&world, &event))).await;

    assert!(all.contains(&true));
    assert!(deliver(&world, &event).await);
    assert_eq!(rotations_reported(&world).await, 1);
    assert_eq!(world.current_secret().await["clientSecret"], new.as_str());
}
