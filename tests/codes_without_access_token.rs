//! An answer to a code that has a good refresh token and no access token that can be used: the code is used up, so the refresh token
//! fetches what the access token would have shown.

use serde_json::json;

use crate::support::{
    operator::authorized,
    world::{World, attribute},
};

/// Amazon gives the next answers, or this many of them, without an access token and with a refresh token of this partner.
async fn answers_without_access_token(world: &World, region: &str, partner: &str, times: Option<u32>) {
    let own = json!({"applicationId": world.application(), "sellingPartnerId": partner, "region": region, "kind": "seller"});
    let refresh = world.control("self-authorization", own).await["refreshToken"].clone();
    let body = json!({"access_token": "REDACTED", "expires_in": 3600, "refresh_token": refresh}).to_string();
    let mut fault = json!({"body": body});
    if let Some(times) = times {
        fault["times"] = json!(times);
    }
    world.fault("token", "body", fault).await;
}

#[tokio::test]
async fn a_code_that_brings_no_access_token_is_followed_by_a_refresh_so_a_renewal_and_a_region_are_recognised()
 {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let before = world.grant("na", "A1US").await.unwrap();
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", "A1US").await;
    answers_without_access_token(&world, "na", "A1US", Some(1)).await;

    assert!(browser.open(&callback).await.is_connected(), "a conflict would wait for an operator");

    let renewed = world.grant("na", "A1US").await.unwrap();
    assert_ne!(attribute(&renewed, "fingerprint"), attribute(&before, "fingerprint"));
    world.control("reset", json!({})).await;
    world.fresh().token_of("A1US").await.unwrap();
    assert_eq!(world.refreshes().await, 0, "that access token is stored");

    world.control("website-form", json!({"form": "4b", "callbackUri": "amazon.com"})).await;
    let appstore = format!("/appstore/{}?_as=A1DE", world.application());
    let browser = world.browser();
    let arrival = world.amazon("sellercentral-europe.amazon.com", &appstore);
    let callback = browser.follow_until(&arrival, "/callback?").await;
    answers_without_access_token(&world, "eu", "A1DE", Some(1)).await;
    assert!(browser.open(&callback).await.is_connected());
    assert!(world.grant("eu", "A1DE").await.is_some(), "nothing but the access token shows the region");
}

#[tokio::test]
async fn a_code_whose_refresh_brings_no_access_token_either_connects_and_is_verified_later() {
    let world = World::new().await;
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", "A1US").await;
    answers_without_access_token(&world, "na", "A1US", None).await;

    assert!(browser.open(&callback).await.is_connected());

    assert!(world.grant("na", "A1US").await.unwrap()["stores"].as_l().unwrap().is_empty());
    assert_eq!((world.exchanges().await, world.refreshes().await), (1, 1));
    world.control("reset", json!({})).await;
    world.refresh_all_due().await;
    assert!(!world.grant("na", "A1US").await.unwrap()["stores"].as_l().unwrap().is_empty());
    world.fresh().token_of("A1US").await.unwrap();
    assert_eq!(world.refreshes().await, 1, "the refresher has stored an access token");
}
