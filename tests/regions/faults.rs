//! A grant whose region is assumed, while SP-API refuses or fails, everywhere or in one region.

use serde_json::json;

use super::{DAY, EUROPE, arrived_unseen, shown};
use crate::support::world::World;

#[tokio::test]
async fn a_seller_of_the_far_east_is_moved_there() {
    let world = World::attended().await;
    arrived_unseen(&world, "sellercentral.amazon.co.jp", "A1JP").await;
    for _ in 0..2 {
        world.advance(DAY).await;
    }
    assert_eq!(shown(&world, "A1JP", "na").await["region"], "fe");
    assert_eq!(world.caller().token_of("A1JP", "na").await.unwrap()["region"], "fe");
}

#[tokio::test]
async fn refusals_and_failures_of_days_move_nothing_and_hold_nothing_up_afterwards() {
    for (fault, more) in [
        // The application lacks the role.
        ("http_error", json!({"status": 403})),
        ("http_error", json!({"status": 503})),
        ("throttle", json!({})),
        ("truncated", json!({})),
    ] {
        let world = World::attended().await;
        arrived_unseen(&world, EUROPE, "A1DE").await;
        world.fault("sp-api", fault, more).await;
        for _ in 0..4 {
            world.advance(DAY).await;
        }
        assert_eq!(shown(&world, "A1DE", "na").await["regionAssumed"], true, "{fault}");
        assert!(world.caller().token_of("A1DE", "na").await.is_ok(), "{fault}");

        world.fault("sp-api", "none", json!({})).await;
        for _ in 0..2 {
            world.advance(DAY).await;
        }

        assert_eq!(shown(&world, "A1DE", "na").await["region"], "eu", "{fault}");
    }
}

#[tokio::test]
async fn a_region_that_does_not_answer_may_list_stores_so_nothing_moves_before_it_does() {
    for region in ["na", "eu", "fe"] {
        let world = World::attended().await;
        arrived_unseen(&world, EUROPE, "A1DE").await;
        world.fault("sp-api", "http_error", json!({"status": 503, "region": region})).await;
        for _ in 0..3 {
            world.advance(DAY).await;
        }
        assert!(world.grant("eu", "A1DE").await.is_none(), "{region}");
        assert!(!world.grant("na", "A1DE").await.unwrap().contains_key("sighting"), "{region}");

        world.fault("sp-api", "none", json!({})).await;
        for _ in 0..2 {
            world.advance(DAY).await;
        }

        assert_eq!(shown(&world, "A1DE", "na").await["region"], "eu", "{region}");
    }
}

/// An endpoint refuses a token of another region, or of an application without the role, with the same answer (F§4.7).
#[tokio::test]
async fn a_region_that_refuses_counts_as_one_that_lists_nothing() {
    for (region, is_moved) in [("na", true), ("fe", true), ("eu", false)] {
        let world = World::attended().await;
        arrived_unseen(&world, EUROPE, "A1DE").await;
        world.fault("sp-api", "http_error", json!({"status": 403, "region": region})).await;
        for _ in 0..3 {
            world.advance(DAY).await;
        }
        assert_eq!(world.grant("eu", "A1DE").await.is_some(), is_moved, "{region}");
    }
}
