//! What happens to a grant between the two answers that would move it.

use serde_json::json;

use super::{DAY, EUROPE, arrived_unseen, shown};
use crate::support::{
    operator::{events, operate},
    world::{World, attribute},
};

/// A seller of Europe is in North America, and Amazon has shown it in Europe once.
async fn sighted_once() -> World {
    let world = World::attended().await;
    arrived_unseen(&world, EUROPE, "A1DE").await;
    world.advance(DAY).await;
    assert!(world.grant("na", "A1DE").await.unwrap().contains_key("sighting"));
    world
}

#[tokio::test]
async fn a_disabled_grant_stays_where_it_is_until_it_is_enabled() {
    let world = sighted_once().await;
    operate(&world, "disableGrant", "A1DE", json!({})).await.unwrap();
    for _ in 0..2 {
        world.advance(DAY).await;
    }
    assert!(world.grant("eu", "A1DE").await.is_none());
    assert_eq!(attribute(&world.grant("na", "A1DE").await.unwrap(), "status"), "disabled");

    operate(&world, "enableGrant", "A1DE", json!({})).await.unwrap();
    world.advance(DAY).await;

    assert_eq!(shown(&world, "A1DE", "na").await["region"], "eu");
}

#[tokio::test]
async fn a_removed_grant_is_not_moved_and_leaves_no_sighting() {
    let world = sighted_once().await;
    operate(&world, "removeGrant", "A1DE", json!({})).await.unwrap();
    for _ in 0..2 {
        world.advance(DAY).await;
    }
    assert!(world.grant("eu", "A1DE").await.is_none());
    assert!(!world.grant("na", "A1DE").await.unwrap().contains_key("sighting"));
    assert_eq!(events(&world, "A1DE").await, ["AuthorizationGranted", "AuthorizationRemoved"]);

    // It comes back, and the answer from before its removal counts for nothing.
    arrived_unseen(&world, EUROPE, "A1DE").await;
    world.advance(DAY).await;
    assert!(world.grant("eu", "A1DE").await.is_none(), "one answer moves nothing");
    world.advance(DAY).await;
    assert_eq!(shown(&world, "A1DE", "na").await["region"], "eu");
}

#[tokio::test]
async fn a_grant_that_is_authorized_again_takes_its_conflict_along() {
    let world = sighted_once().await;
    world.fault("sp-api", "http_error", json!({"status": 403})).await;
    let appstore = world.amazon(EUROPE, &format!("/appstore/{}?_as=A1DE", world.application()));
    let page = world.browser().follow(&appstore).await;
    assert_eq!(page.support_code(), Some("AUTHORIZATION_CONFLICT"));
    world.fault("sp-api", "none", json!({})).await;

    world.advance(DAY).await;

    let moved = shown(&world, "A1DE", "na").await;
    assert_eq!(moved["region"], "eu");
    let accept = json!({
        "region": "eu", "fingerprint": moved["conflicts"][0]["fingerprint"], "resolution": "accept",
    });
    let accepted = operate(&world, "resolveConflict", "A1DE", accept).await.unwrap();
    assert_eq!(accepted["grant"]["fingerprint"], moved["conflicts"][0]["fingerprint"]);
    assert!(world.caller().token_of("A1DE", "na").await.is_ok(), "its token opens under the new key");
}
