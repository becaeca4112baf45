//! What the rotation measures.

use serde_json::json;

use super::DAY;
use crate::support::world::World;

#[tokio::test]
async fn the_days_of_the_client_secret_are_reported_by_every_run_of_the_schedule() {
    let world = World::attended().await;
    let days_left =
        |world: &World| world.measured("ClientSecretDaysLeft", ("Application", world.application())).unwrap();
    world.control("rotation", json!({"subscribed": false})).await;

    world.advance(3600).await;
    assert_eq!(days_left(&world).latest, 179);
    world.advance(100 * DAY).await;
    assert_eq!((days_left(&world).latest, days_left(&world).samples), (79, 2));

    assert_eq!(world.counted("RotationDidNotCome", ("Application", world.application())), 0);
}

#[tokio::test]
async fn a_secret_that_is_replaced_in_time_is_never_late_and_one_that_is_not_replaced_is() {
    let world = World::attended().await;
    let late = |world: &World| world.measured("ClientSecretDaysLate", ("Application", world.application()));
    world.press_rotate().await;
    world.advance(3600).await;
    for _ in 0..200 {
        world.advance(DAY).await;
    }
    assert!(late(&world).is_none(), "{:?}", late(&world));

    world.control("rotation", json!({"subscribed": false})).await;
    for _ in 0..170 {
        world.advance(DAY).await;
    }
    let late = late(&world).unwrap();
    assert!(late.maximum >= 2 && late.minimum >= 1, "{late:?}");
}

#[tokio::test]
async fn a_secret_that_was_asked_for_and_does_not_come_is_counted_once() {
    let world = World::attended().await;
    world.control("rotation", json!({"validAfterSeconds": 40 * DAY})).await;
    let rotate =
        json!({"operation": "rotateClientSecret", "applicationId": world.application(), "insist": true});
    world.caller().invoke("administration", &rotate).await.unwrap();

    for _ in 0..5 {
        world.advance(3600).await;
    }

    assert_eq!(world.counted("RotationDidNotCome", ("Application", world.application())), 1);
}
