//! Promise 4: a token belongs to the partner that Amazon names. `selling_partner_id` on the callback is not signed.

use serde_json::json;

use crate::support::world::{World, attribute};

#[tokio::test]
async fn promise_4_a_callback_edited_to_carry_anothers_id_never_replaces_that_sellers_token() {
    let world = World::new().await;
    world.website_form("4a").await;
    world.browser().website("US", "seller", "A1VICTIM").await;
    let before = world.grant("na", "A1VICTIM").await.unwrap();

    let attacker = world.browser();
    let callback = attacker.website_until_callback("US", "seller", "A1ATTACKER").await;
    let page = attacker.open(&callback.replace("A1ATTACKER", "A1VICTIM")).await;

    assert_eq!(page.support_code(), Some("AUTHORIZATION_CONFLICT"));
    let after = world.grant("na", "A1VICTIM").await.unwrap();
    for kept in ["fingerprint", "version", "authorized_at", "status"] {
        assert_eq!(attribute(&before, kept), attribute(&after, kept));
    }
    assert_eq!(after["conflicts"].as_l().unwrap().len(), 1, "the conflict is stored for an operator");
    let events = world.history("na", "A1VICTIM").await;
    assert_eq!(attribute(&events[1], "event"), "AuthorizationConflict");
    assert_eq!(attribute(&events[1], "reason"), "the new token shows other stores than the grant has");
    assert_ne!(attribute(&events[1], "fingerprint"), attribute(&after, "fingerprint"));
    world.advance(3700).await;
    let token = world.caller().token_of("A1VICTIM", "na").await.unwrap();
    let calls = world.calls().await;
    assert_eq!(calls["tokenByPartner"]["A1VICTIM"], 2, "the victim's own token was refreshed: {token}");
    assert!(world.grant("na", "A1ATTACKER").await.is_none());
}

#[tokio::test]
async fn promise_4_a_seller_with_the_same_stores_and_new_ones_is_the_same_seller() {
    let world = World::new().await;
    let define = async |stores: serde_json::Value| {
        let partner =
            json!({"sellingPartnerId": "A1US", "region": "na", "kind": "seller", "storeNames": stores});
        world.control("partners", partner).await;
    };
    define(json!({"ATVPDKIKX0DER": "Clocks"})).await;
    world.browser().website("US", "seller", "A1US").await;

    define(json!({"ATVPDKIKX0DER": "Clocks", "A1AM78C64UM0Y8": "Relojes"})).await;
    assert!(world.browser().website("US", "seller", "A1US").await.is_connected());
    assert_eq!(attribute(&world.grant("na", "A1US").await.unwrap(), "version"), "2");

    define(json!({"ATVPDKIKX0DER": "Watches", "A1AM78C64UM0Y8": "Relojes"})).await;
    let renamed = world.browser().website("US", "seller", "A1US").await;
    assert_eq!(renamed.support_code(), Some("AUTHORIZATION_CONFLICT"));
    assert_eq!(attribute(&world.grant("na", "A1US").await.unwrap(), "version"), "2");
}

#[tokio::test]
async fn a_verification_that_amazon_refuses_or_throttles_stores_the_grant_unverified() {
    let world = World::new().await;
    for (partner, fault, more) in
        [("A1REFUSED", "http_error", json!({"status": 403})), ("A1THROTTLED", "throttle", json!({}))]
    {
        world.fault("sp-api", fault, more).await;
        let page = world.browser().website("US", "seller", partner).await;
        world.fault("sp-api", "none", json!({})).await;

        assert!(page.is_connected(), "{}", page.body);
        let grant = world.grant("na", partner).await.unwrap();
        assert!(grant["stores"].as_l().unwrap().is_empty());
        assert!(world.caller().token_of(partner, "na").await.is_ok());
    }
}

#[tokio::test]
async fn where_nothing_else_names_the_region_participations_do() {
    let world = World::new().await;
    for shape in ["amazon.com", "relative"] {
        world.control("website-form", json!({"form": "4b", "callbackUri": shape})).await;
        for (host, region, partner) in [
            ("sellercentral.amazon.com", "na", "A1US"),
            ("sellercentral-europe.amazon.com", "eu", "A1DE"),
            ("sellercentral.amazon.co.jp", "fe", "A1JP"),
        ] {
            let partner = format!("{partner}{}", &shape[..1]);
            let appstore = world.amazon(host, &format!("/appstore/{}?_as={partner}", world.application()));

            let browser = world.browser();
            let mut page = browser.follow(&appstore).await;
            if shape == "relative" {
                // Without an open journey, the partner alone knows where to return.
                page = browser.follow(&world.site(&page.site(&format!("– {host}")))).await;
            }

            assert!(page.is_connected(), "{shape} {partner}: {}", page.body);
            assert!(world.grant(region, &partner).await.is_some());
        }
    }
}

#[tokio::test]
async fn a_seller_without_stores_is_looked_up_in_every_region_and_stored_unverified() {
    let world = World::new().await;
    // An account for which SP-API lists no store in North America.
    world.control("website-form", json!({"form": "4a"})).await;
    let stores = json!({"sellingPartnerId": "A1EMPTY", "region": "na", "kind": "seller", "storeNames": {}});
    world.control("partners", stores).await;

    let page = world.browser().website("US", "seller", "A1EMPTY").await;

    assert!(page.is_connected());
    assert_eq!(
        world.calls().await["participations"],
        3,
        "an empty answer is no proof, so every region is asked"
    );
    let grant = world.grant("na", "A1EMPTY").await.unwrap();
    assert!(grant["stores"].as_l().unwrap().is_empty(), "and the grant is unverified");
}
