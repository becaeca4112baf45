//! Promise 15: within a minute of disabling, no function hands out a token of that grant.

use serde_json::{Value, json};

use crate::support::{
    environments::{all_heard, at_once, error_type},
    world::World,
};

fn own() -> Value {
    json!({"sellingPartnerId": "A1US", "region": "na"})
}

fn restricted() -> Value {
    let resources = json!([{"method": "GET", "path": "/orders/v0/orders", "dataElements": ["buyerInfo"]}]);
    json!({"sellingPartnerId": "A1US", "region": "na", "restrictedResources": resources})
}

#[tokio::test]
async fn promise_15_a_grant_that_is_disabled_or_removed_stops_everywhere_within_a_minute() {
    for (status, heard) in [
        ("disabled", "AuthorizationDisabled"),
        ("removed", "UnknownSellingPartner"),
        ("reauthorization_required", "ReauthorizationRequired"),
    ] {
        let world = World::new().await;
        world.cold_seller("A1US").await;
        let environments = world.environments(10);
        for request in [own(), restricted()] {
            for outcome in at_once(&environments, &request).await {
                outcome.unwrap();
            }
        }
        let calls = world.calls().await;

        world.change_grant("na", "A1US", "status", status).await;

        for request in [own(), restricted()] {
            assert_eq!(
                error_type(&world.fresh().token(&request).await),
                heard,
                "who remembers nothing, at once"
            );
        }
        world.advance(61).await;
        for request in [own(), restricted()] {
            all_heard(&at_once(&environments, &request).await, heard);
        }
        assert_eq!(world.calls().await, calls, "and Amazon is not asked");
    }
}

#[tokio::test]
async fn promise_15_a_token_that_was_on_its_way_while_its_grant_was_disabled_is_not_kept() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let environment = world.fresh();
    world.fault("token", "latency", json!({"milliseconds": 1000, "times": 1})).await;
    let disabling = async {
        world.until_refreshes(1).await;
        world.change_grant("na", "A1US", "status", "disabled").await;
    };

    let (_, ()) = tokio::join!(environment.token_of("A1US"), disabling);

    assert_eq!(error_type(&world.fresh().token(&own()).await), "AuthorizationDisabled");
    world.advance(60).await;
    assert_eq!(error_type(&environment.token(&own()).await), "AuthorizationDisabled");
}

#[tokio::test]
async fn promise_15_a_grant_that_is_enabled_again_gets_new_tokens() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let before = world.fresh().token(&restricted()).await.unwrap();
    world.change_grant("na", "A1US", "status", "disabled").await;
    world.change_grant("na", "A1US", "status", "active").await;

    let after = world.fresh().token(&restricted()).await.unwrap();

    assert_ne!(before["accessToken"], after["accessToken"]);
    assert_eq!((world.refreshes().await, world.restricted_calls().await), (2, 2));
}
