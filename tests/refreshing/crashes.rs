//! A run may end at any await; messages come twice, late, and out of order.

use std::time::Duration;

use futures::future::join;
use jiff::Timestamp;
use serde_json::{Value, json};
use shared::{
    access_token::schedule::Due,
    deadline::{Clock, Deadline},
};

use crate::support::{
    crowd::crowd_id,
    invocation::{Dies, stopped_after},
    world::World,
};

const SELLERS: usize = 6;
const TIMEOUT: Duration = Duration::from_mins(2);

async fn all_fresh(world: &World) {
    for number in 0..SELLERS {
        let left = world.token_ends_at(&crowd_id(number)).await.duration_since(world.stack.clock().now());
        assert!(left.as_secs() > 3000, "{}: {left:?}", crowd_id(number));
    }
}

#[tokio::test]
async fn promise_13_a_run_stopped_at_any_step_loses_nothing_and_doubles_nothing() {
    for dies in [Dies::AtOnce, Dies::AfterTheAnswer] {
        // Each step takes a day, and the client secret of a world lives for 180.
        let world = World::new().await;
        world.crowd(SELLERS).await;
        for awaits in 0.. {
            world.control("reset", json!({})).await;
            let run = world.run_planned_now();
            let now = world.stack.clock().now();
            let refresher = world.refresher();
            let first = Box::pin(refresher.handle(&run, Clock::starting_at(now, Deadline::after(TIMEOUT))));
            let ended = stopped_after(awaits, dies, first).await;

            // The next run, after the lease of the run that died has ended.
            world.advance(300).await;
            let (run, now) = (world.run_planned_now(), world.stack.clock().now());
            let next = world
                .refresher()
                .handle(&run, Clock::starting_at(now, Deadline::after(TIMEOUT)))
                .await
                .unwrap();

            assert_eq!(serde_json::to_value(next).unwrap(), json!({"batchItemFailures": []}));
            all_fresh(&world).await;
            let calls = world.calls().await;
            for number in 0..SELLERS {
                let calls = calls["tokenByPartner"][crowd_id(number)].as_u64().unwrap_or_default();
                assert!((1..=2).contains(&calls), "stopped after {awaits}: {calls} calls");
            }
            // Everything is due again, requested or not.
            world.advance(24 * 3600).await;
            if ended.is_some() {
                assert!(awaits > 10, "{awaits}");
                break;
            }
        }
    }
}

#[tokio::test]
async fn promise_13_a_message_that_comes_twice_at_the_same_time_does_its_work_once() {
    let world = World::new().await;
    world.crowd(SELLERS).await;
    let (run, now) = (world.run_planned_now(), world.stack.clock().now());
    let (one, other) = (world.refresher(), world.refresher());

    let (one, other) = join(
        Box::pin(one.handle(&run, Clock::starting_at(now, Deadline::after(TIMEOUT)))),
        Box::pin(other.handle(&run, Clock::starting_at(now, Deadline::after(TIMEOUT)))),
    )
    .await;

    assert!(one.is_ok() && other.is_ok());
    assert_eq!(world.refreshes().await, SELLERS as u64);
    all_fresh(&world).await;
}

#[tokio::test]
async fn promise_13_a_message_that_comes_again_late_or_out_of_order_does_nothing() {
    let world = World::new().await;
    world.crowd(SELLERS).await;
    let early = world.run_planned_now();
    world.advance(120).await;
    let run = world.run_planned_now();
    for message in [&run, &run, &early] {
        let now = world.stack.clock().now();
        world.refresher().handle(message, Clock::starting_at(now, Deadline::after(TIMEOUT))).await.unwrap();
    }
    assert_eq!(world.refreshes().await, SELLERS as u64);

    world.advance(24 * 3600).await;
    world
        .refresher()
        .handle(&run, Clock::starting_at(world.stack.clock().now(), Deadline::after(TIMEOUT)))
        .await
        .unwrap();
    assert_eq!(world.refreshes().await, SELLERS as u64, "a message of yesterday is dropped");
}

#[tokio::test]
async fn promise_13_a_run_that_is_out_of_time_hands_the_rest_on() {
    let world = World::new().await;
    world.crowd(SELLERS).await;
    let run = world.run_planned_now();
    let hurried = async |run: &Value| {
        let clock = Clock::starting_at(world.stack.clock().now(), Deadline::after(Duration::from_secs(10)));
        world.refresher().handle(run, clock).await.unwrap();
    };

    // Of one shard, because the stack soon delivers the message that each one leaves.
    let first = world.grant_key(&crowd_id(0));
    let shard: usize = Due::at(&first, Timestamp::UNIX_EPOCH).shard.parse().unwrap();
    hurried(&json!({"Records": [run["Records"][shard]]})).await;
    assert_eq!(world.refreshes().await, 0, "no refresh begins that may not end");

    hurried(&run).await;
    world.stack.drain().await;
    all_fresh(&world).await;
}

#[tokio::test]
async fn promise_13_a_caller_and_the_refresher_share_one_lease() {
    let world = World::new().await;
    world.crowd(1).await;
    world.fault("token", "latency", json!({"milliseconds": 300})).await;
    let (run, now) = (world.run_planned_now(), world.stack.clock().now());
    let (refresher, caller) = (world.refresher(), world.fresh());

    let partner = crowd_id(0);
    let (ran, got) = join(
        refresher.handle(&run, Clock::starting_at(now, Deadline::after(TIMEOUT))),
        caller.token_of(&partner),
    )
    .await;

    assert!(ran.is_ok() && got.is_ok(), "{got:?}");
    assert_eq!(world.refreshes().await, 1);
}
