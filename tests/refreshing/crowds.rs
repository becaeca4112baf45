//! Many partners, and an Amazon that refuses, fails or lies.

use std::collections::BTreeMap;

use local::seed::NewApplication;
use serde_json::{Value, json};
use shared::region::Region;

use crate::support::{
    crowd::crowd_id,
    world::{World, attribute},
};

/// How many grants of the crowd have which status.
async fn statuses(world: &World, count: usize) -> BTreeMap<String, usize> {
    let mut statuses = BTreeMap::new();
    for number in 0..count {
        let grant = world.grant("na", &crowd_id(number)).await.unwrap();
        *statuses.entry(attribute(&grant, "status").to_owned()).or_default() += 1;
    }
    statuses
}

/// The events so far, but for those of the application itself.
async fn events(world: &World) -> Vec<Value> {
    let events = world.stack.events().await;
    events.iter().map(|reported| reported.event["detail"].clone()).collect()
}

async fn fresh_tokens(world: &World, count: usize) -> usize {
    let mut fresh = 0;
    for number in 0..count {
        let row = world.token_row(&crowd_id(number)).await;
        let ends_at = row.get("expires_at").map_or(0, |_| super::number(&row, "expires_at"));
        fresh += usize::from(ends_at > world.stack.clock().now().as_second() + 60);
    }
    fresh
}

#[tokio::test]
async fn promise_11_one_revoked_among_a_thousand_is_found_confirmed_and_reported_once() {
    let world = World::attended().await;
    world.crowd(1000).await;
    world.control(&format!("partner/{}/revoke", crowd_id(500)), json!({})).await;

    world.advance(300).await;
    assert_eq!(fresh_tokens(&world, 1000).await, 999);
    assert_eq!(statuses(&world, 1000).await, BTreeMap::from([("active".to_owned(), 1000)]));
    world.advance(300).await;
    assert!(events(&world).await.is_empty(), "a second refusal comes ten minutes after the first");
    world.advance(900).await;

    let expected = [("active".to_owned(), 999), ("reauthorizationRequired".to_owned(), 1)];
    assert_eq!(statuses(&world, 1000).await, BTreeMap::from(expected));
    let reported = events(&world).await;
    assert_eq!(reported.len(), 1, "{reported:?}");
    assert_eq!(reported[0]["event"], "ReauthorizationRequired");
    assert_eq!(reported[0]["sellingPartnerId"], crowd_id(500));
    assert_eq!(
        world.fresh().token_of(&crowd_id(500)).await.unwrap_err().error_type,
        "ReauthorizationRequired"
    );
    for _ in 0..30 {
        world.advance(3600).await;
    }
    assert_eq!(events(&world).await.len(), 1, "it is reported once");
}

#[tokio::test]
async fn promise_11_a_wrong_client_id_changes_no_grant_however_often_amazon_refuses_them_all() {
    let world = World::attended().await;
    world.crowd(1000).await;
    world.use_the_client_of_another_application().await;

    for _ in 0..6 {
        world.advance(900).await;
    }

    assert_eq!(statuses(&world, 1000).await, BTreeMap::from([("active".to_owned(), 1000)]));
    assert!(events(&world).await.is_empty());
    assert!(world.refreshes().await >= 2000, "they were tried again");
}

#[tokio::test]
async fn promise_11_a_dozen_partners_are_enough_for_doubt() {
    let world = World::attended().await;
    world.crowd(12).await;
    world.use_the_client_of_another_application().await;

    for _ in 0..48 {
        world.advance(1800).await;
    }

    assert_eq!(statuses(&world, 12).await, BTreeMap::from([("active".to_owned(), 12)]));
}

#[tokio::test]
async fn promise_13_amazon_down_for_two_hours_changes_no_grant_and_is_not_stormed_afterwards() {
    let world = World::attended().await;
    world.crowd(200).await;
    world.advance(300).await;
    for number in 0..200 {
        world.fresh().token_of(&crowd_id(number)).await.unwrap();
    }
    world.control("reset", json!({})).await;
    world.fault("token", "http_error", json!({"status": 503})).await;

    let mut tries = Vec::new();
    for _ in 0..24 {
        let before = world.refreshes().await;
        world.advance(300).await;
        tries.push(world.refreshes().await - before);
    }
    assert_eq!(statuses(&world, 200).await, BTreeMap::from([("active".to_owned(), 200)]));
    assert!(events(&world).await.is_empty());
    // Eight shards, each of which gives up after a dozen failures.
    assert!(tries.iter().all(|tries| *tries <= 8 * 16), "{tries:?}");

    world.fault("token", "none", json!({})).await;
    let mut recovered = Vec::new();
    while fresh_tokens(&world, 200).await < 200 {
        let before = world.refreshes().await;
        world.advance(300).await;
        recovered.push(world.refreshes().await - before);
        assert!(recovered.len() < 36, "{recovered:?}");
    }
    assert!(recovered.iter().sum::<u64>() >= 200, "{recovered:?}");
}

#[tokio::test]
async fn a_partner_that_amazon_accepts_again_is_restored_within_a_day() {
    let world = World::attended().await;
    world.crowd(1).await;
    let partner = crowd_id(0);
    world.control(&format!("partner/{partner}/revoke"), json!({})).await;
    world.advance(300).await;
    world.advance(1200).await;
    assert_eq!(world.events_of(&partner).await, ["ReauthorizationRequired"]);
    for _ in 0..72 {
        world.advance(3600).await;
    }
    let probes = world.refreshes().await;
    assert!(probes <= 12, "{probes} tries in three days");

    world.control(&format!("partner/{partner}/restore"), json!({})).await;
    for _ in 0..25 {
        world.advance(3600).await;
    }

    assert_eq!(world.events_of(&partner).await, ["ReauthorizationRequired", "AuthorizationRestored"]);
    world.fresh().token_of(&partner).await.unwrap();
}

#[tokio::test]
async fn a_refusal_that_a_caller_met_is_confirmed_by_the_refresher() {
    let world = World::attended().await;
    world.browser().website("US", "seller", "A1US").await;
    world.control("partner/A1US/revoke", json!({})).await;
    world.advance(3000).await;
    world.advance(700).await;
    world.advance(700).await;

    assert_eq!(world.events_of("A1US").await, ["AuthorizationGranted", "ReauthorizationRequired"]);
    let reported = events(&world).await;
    let asks = reported.iter().find(|event| event["event"] == "ReauthorizationRequired").unwrap();
    assert_eq!(asks["manageYourAppsUrl"], world.amazon("sellercentral.amazon.com", "/apps/manage"));
    let again = asks["authorizeUrl"].as_str().unwrap();
    assert!(again.starts_with(&world.site("/authorize?marketplace=US&type=seller&application=")), "{again}");
}

#[tokio::test]
async fn a_disabled_grant_is_left_alone_and_a_removed_one_is_forgotten() {
    let world = World::attended().await;
    world.crowd(2).await;
    for (operation, number) in [("disableGrant", 0), ("removeGrant", 1)] {
        let request = json!({"operation": operation, "applicationId": world.application(),
            "sellingPartnerId": crowd_id(number), "region": "na"});
        world.caller().invoke("administration", &request).await.unwrap();
    }
    world.control("reset", json!({})).await;

    world.advance(300).await;
    for _ in 0..4 {
        world.advance(24 * 3600).await;
    }

    assert_eq!(world.refreshes().await, 0);
    assert!(!world.token_row(&crowd_id(0)).await.is_empty(), "a disabled one may be enabled again");
    assert!(world.token_row(&crowd_id(1)).await.is_empty());
}

#[tokio::test]
async fn a_seller_that_could_not_be_verified_is_verified_with_its_next_token() {
    let world = World::attended().await;
    world.fault("sp-api", "http_error", json!({"status": 500})).await;
    world.browser().website("US", "seller", "A1US").await;
    world.fault("sp-api", "none", json!({})).await;
    assert!(world.grant("na", "A1US").await.unwrap()["stores"].as_l().unwrap().is_empty());

    world.advance(3000).await;

    assert!(!world.grant("na", "A1US").await.unwrap()["stores"].as_l().unwrap().is_empty());
    assert_eq!(world.events_of("A1US").await, ["AuthorizationGranted", "AuthorizationVerified"]);
}

#[tokio::test]
async fn each_refresh_token_is_sealed_again_once_and_kms_is_asked_for_keys_and_not_for_tokens() {
    let world = World::attended().await;
    world.crowd(64).await;
    world.advance(300).await;
    world.advance(24 * 3600).await;
    let sealed = world.grant("na", &crowd_id(7)).await.unwrap()["refresh_token"].clone();
    world.stack.aws().reset_calls();
    let refreshed = world.refreshes().await;

    world.advance(24 * 3600).await;

    assert_eq!(world.refreshes().await - refreshed, 64);
    let calls = world.stack.aws().calls();
    let count =
        |service: &str| calls.iter().filter(|(name, _)| name.contains(service)).map(|(_, n)| n).sum::<u64>();
    assert!(count("TrentService") <= 2, "{calls:?}");
    // Two for each token, and two for the tally of each shard.
    assert!(count("UpdateItem") <= 64 * 2 + 8 * 2, "{calls:?}");
    // One for the grants and tokens of a shard, and one for the brake of their application.
    assert!(count("BatchGetItem") <= 8 * 2, "{calls:?}");
    assert_eq!(world.grant("na", &crowd_id(7)).await.unwrap()["refresh_token"], sealed);
}

impl World {
    /// A configuration error: the secret of the first application names another client, with that client's own secret.
    async fn use_the_client_of_another_application(&self) {
        const OTHER: &str = "amzn1.sp.solution.99999999-2222-4333-8444-555555555555";
        let other = NewApplication {
            application_id: OTHER.to_owned(),
            name: "Another Application".to_owned(),
            draft: false,
            default_region: Region::Na,
            scopes: Vec::new(),
        };
        self.stack.register(other).await.unwrap();
        let secrets = aws_sdk_secretsmanager::Client::new(&self.stack.sdk_config());
        let read = secrets.get_secret_value().secret_id(format!("spapi-auth/{OTHER}")).send().await.unwrap();
        let put = secrets.put_secret_value().secret_id(format!("spapi-auth/{}", self.application()));
        put.secret_string(read.secret_string().unwrap()).send().await.unwrap();
    }
}
