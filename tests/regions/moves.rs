//! The move itself: stopped at any step, made by two at once, while a lease is held, and by an operator.

use std::time::Duration;

use futures::future::join;
use serde_json::json;
use shared::deadline::{Clock, Deadline};

use super::{DAY, EUROPE, arrived_unseen, shown};
use crate::support::{
    invocation::{Dies, stopped_after},
    operator::operate,
    world::{World, attribute},
};

/// A seller of Europe is in North America, and Amazon has shown it in Europe once. The second answer moves it.
async fn sighted_once(world: &World, partner: &str) {
    arrived_unseen(world, EUROPE, partner).await;
    world.advance(DAY).await;
    world.refresh_all_due().await;
    assert!(world.grant("na", partner).await.unwrap().contains_key("sighting"), "{partner}");
    world.advance(DAY).await;
}

/// The grant is in Europe, once, with a working token and its history; a pointer is left.
async fn is_moved(world: &World, partner: &str) {
    let pointer = world.grant("na", partner).await.unwrap();
    assert_eq!((attribute(&pointer, "status"), attribute(&pointer, "moved_to")), ("removed", "eu"));
    assert!(!pointer.contains_key("refresh_token") && !pointer.contains_key("sighting"));
    let records = world.history("eu", partner).await;
    let moves = records.iter().filter(|record| attribute(record, "event") == "AuthorizationMoved");
    assert_eq!(moves.count(), 1, "{partner}");
    assert_eq!(world.history("na", partner).await.len(), 1);
    let token = format!("partner#{}#na#{partner}", world.application());
    assert!(world.row("spapi-auth-access-tokens", ("token_key", &token)).await.is_none());
    assert_eq!(world.caller().token_of(partner, "na").await.unwrap()["region"], "eu");
}

#[tokio::test]
async fn a_move_stopped_at_any_step_is_made_whole_by_the_next_run() {
    let (mut stopped, mut number) = (0, 0);
    for dies in [Dies::AtOnce, Dies::AfterTheAnswer] {
        // Each step takes days, and the client secret of a world lives for 180.
        let world = World::new().await;
        for awaits in (0..).step_by(4) {
            number += 1;
            let partner = format!("A1STOPPED{number}");
            sighted_once(&world, &partner).await;
            let (run, now) = (world.run_planned_now(), world.stack.clock().now());
            let refresher = world.refresher();
            let clock = Clock::starting_at(now, Deadline::after(Duration::from_mins(2)));
            let ended = stopped_after(awaits, dies, Box::pin(refresher.handle(&run, clock))).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            let (old, new) = (world.grant("na", &partner).await, world.grant("eu", &partner).await);
            let is_pointer = attribute(&old.unwrap(), "status") == "removed";
            assert_eq!(is_pointer, new.is_some(), "both rows change or none: {awaits} {dies:?}");

            for _ in 0..2 {
                world.advance(DAY).await;
                world.refresh_all_due().await;
            }

            is_moved(&world, &partner).await;
            // The next runs have nothing to do with this one.
            let remove = json!({"region": "eu"});
            operate(&world, "removeGrant", &partner, remove).await.unwrap();
            if ended.is_some() {
                break;
            }
            stopped += 1;
        }
    }
    assert!(stopped > 10, "it was stopped {stopped} times");
}

#[tokio::test]
async fn two_refreshers_at_once_move_a_grant_once() {
    let world = World::new().await;
    sighted_once(&world, "A1DE").await;

    join(world.refresh_all_due(), world.refresh_all_due()).await;

    is_moved(&world, "A1DE").await;
}

#[tokio::test]
async fn a_refresher_and_an_operator_at_once_move_a_grant_once() {
    let world = World::new().await;
    sighted_once(&world, "A1DE").await;

    let set = operate(&world, "setRegion", "A1DE", json!({"toRegion": "eu"}));
    let ((), set) = join(world.refresh_all_due(), set).await;

    assert_eq!(set.unwrap()["grant"]["region"], "eu");
    is_moved(&world, "A1DE").await;
}

#[tokio::test]
async fn a_caller_that_holds_the_lease_gets_its_token_and_stores_none_under_the_old_key() {
    let world = World::new().await;
    sighted_once(&world, "A1DE").await;
    world.fault("token", "latency", json!({"milliseconds": 1500})).await;
    let caller = world.caller();
    let move_it = async {
        let before = world.refreshes().await;
        let first = world.until_refreshes(before + 1);
        tokio::time::timeout(Duration::from_secs(20), first).await.expect("the caller asks Amazon");
        operate(&world, "setRegion", "A1DE", json!({"toRegion": "eu"})).await.unwrap()
    };

    let (token, _) = join(caller.token_of("A1DE", "na"), move_it).await;

    assert!(token.is_ok(), "{token:?}");
    world.fault("token", "none", json!({})).await;
    is_moved(&world, "A1DE").await;
}

#[tokio::test]
async fn promise_12_setting_a_region_leaves_one_record_of_who_did_it_and_a_repeated_one_leaves_none() {
    let world = World::new().await;
    for (partner, to, event) in [("A1STAYS", "na", "RegionConfirmed"), ("A1GOES", "eu", "AuthorizationMoved")]
    {
        arrived_unseen(&world, EUROPE, partner).await;
        let more = json!({"toRegion": to, "by": "anne@example.com", "reason": "asked"});

        let answer = operate(&world, "setRegion", partner, more.clone()).await.unwrap();
        assert_eq!(operate(&world, "setRegion", partner, more).await.unwrap(), answer, "{to} again");

        let records = world.history(to, partner).await;
        let record = records.last().unwrap();
        assert_eq!(records.iter().filter(|record| attribute(record, "event") == event).count(), 1);
        for (name, value) in
            [("event", event), ("actor", "operator"), ("by", "anne@example.com"), ("reason", "asked")]
        {
            assert_eq!(attribute(record, name), value, "{partner}");
        }
        let grant = world.grant(to, partner).await.unwrap();
        assert_eq!(attribute(record, "revision"), attribute(&grant, "revision"));
    }
    assert_eq!(shown(&world, "A1GOES", "eu").await["movedFrom"], "na");
}
