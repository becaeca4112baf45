//! Promise 15: within a minute of disabling, no function hands out a token of that grant.

use serde_json::{Value, json};

use crate::support::{
    environments::{all_heard, at_once, error_type},
    operator::{conflicting, operate},
    world::{World, attribute},
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
        ("reauthorizationRequired", "ReauthorizationRequired"),
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
                "an environment without cached tokens, immediately"
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
async fn promise_15_a_token_in_flight_while_its_grant_is_disabled_is_not_cached() {
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

#[tokio::test]
async fn promise_15_a_grant_disabled_while_it_is_authorized_completed_and_resolved_stays_disabled() {
    let world = World::with_integrator(false).await;
    world.website_form("4a").await;
    for round in 0..8 {
        let partner = format!("A{round}US");
        let returned =
            world.browser().authorize_with(&world.returning_link("tenant-1").await, &partner).await;
        let result = returned.location_parameter("result");
        let fingerprint = conflicting(&world, &partner, "A1OTHER").await;
        let again = world.browser();
        let callback = again.website_until_callback("US", "seller", &partner).await;

        let accept = json!({"fingerprint": fingerprint, "resolution": "accept"});
        let (ended, completed, accepted, disabled) = tokio::join!(
            again.open(&callback),
            world.complete(&result, "tenant-1"),
            operate(&world, "resolveConflict", &partner, accept),
            operate(&world, "disableGrant", &partner, json!({})),
        );

        disabled.unwrap();
        for failure in [completed.err(), accepted.err()].into_iter().flatten() {
            assert!(
                ["RequestRefused", "InvalidRequest"].contains(&failure.error_type.as_str()),
                "{failure:?}"
            );
        }
        let codes = [None, Some("AUTHORIZATION_DISABLED"), Some("AUTHORIZATION_CONFLICT")];
        assert!(codes.contains(&ended.support_code()), "{}", ended.body);
        assert_eq!(attribute(&world.grant("na", &partner).await.unwrap(), "status"), "disabled");
        let request = json!({"sellingPartnerId": partner, "region": "na"});
        assert_eq!(world.caller().refusal(&request).await, "AuthorizationDisabled");
    }
}
