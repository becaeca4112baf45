//! A partner whose region nothing shows is saved in the application's default region, marked, and found out later.

mod between;
mod faults;
mod meeting;
mod moves;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use crate::support::{
    operator::{events, operate},
    world::{World, attribute},
};

/// A partner arrives by `amazon.com` from a Central host, while SP-API refuses every call.
async fn arrived_unseen(world: &World, host: &str, partner: &str) {
    world.fault("sp-api", "http_error", json!({"status": 403})).await;
    arrived(world, host, partner).await;
    world.fault("sp-api", "none", json!({})).await;
}

async fn arrived(world: &World, host: &str, partner: &str) {
    world.control("website-form", json!({"form": "4b", "callbackUri": "amazon.com"})).await;
    let appstore = world.amazon(host, &format!("/appstore/{}?_as={partner}", world.application()));
    let page = world.browser().follow(&appstore).await;
    assert!(page.is_connected(), "{partner}: {}", page.body);
}

async fn assumed(world: &World, assumed: bool) -> Vec<String> {
    let request = json!({"operation": "listGrants", "regionAssumed": assumed});
    let answer = world.caller().invoke("authorizations", &request).await.unwrap();
    let id = |grant: &Value| grant["sellingPartnerId"].as_str().unwrap().to_owned();
    let mut ids: Vec<_> = answer["grants"].as_array().unwrap().iter().map(id).collect();
    ids.sort();
    ids
}

async fn shown(world: &World, partner: &str, region: &str) -> Value {
    let request = json!({"operation": "getGrant", "sellingPartnerId": partner, "region": region});
    world.caller().invoke("authorizations", &request).await.unwrap()["grant"].clone()
}

const DAY: u32 = 24 * 3600;
const EUROPE: &str = "sellercentral-europe.amazon.com";

#[tokio::test]
async fn a_seller_whose_region_was_assumed_is_moved_once_amazon_lists_its_stores_elsewhere_twice() {
    let world = World::attended().await;
    arrived_unseen(&world, EUROPE, "A1DE").await;
    let assumed = shown(&world, "A1DE", "na").await;
    assert_eq!((&assumed["regionAssumed"], &assumed["verified"]), (&json!(true), &json!(false)));
    let granted = world.stack.events().await.last().unwrap().event["detail"].clone();
    assert_eq!(granted["regionAssumed"], "true");
    let link = operate(&world, "linkAccount", "A1DE", json!({"account": "tenant-7"})).await;
    assert!(link.is_ok());

    world.advance(DAY).await;
    assert!(world.grant("eu", "A1DE").await.is_none(), "one answer moves nothing");
    assert!(world.caller().token_of("A1DE", "na").await.is_ok());
    world.advance(DAY).await;

    let moved = shown(&world, "A1DE", "na").await;
    assert_eq!(
        (&moved["region"], &moved["movedFrom"]),
        (&json!("eu"), &json!("na")),
        "the old region leads there"
    );
    assert_eq!((&moved["regionAssumed"], &moved["verified"]), (&json!(false), &json!(true)));
    assert_eq!(moved["account"], "tenant-7");
    for request in [
        json!({"sellingPartnerId": "A1DE"}),
        json!({"sellingPartnerId": "A1DE", "region": "na"}),
        json!({"sellingPartnerId": "A1DE", "marketplaceId": "A1PA6795UKMFR9"}),
        json!({"account": "tenant-7"}),
        json!({"account": "tenant-7", "region": "na"}),
    ] {
        let token = world.caller().token(&request).await.unwrap();
        assert_eq!(token["region"], "eu", "{request}");
    }
    let events = world.stack.events().await;
    let moved = events.iter().find(|sent| sent.event["detail-type"] == "AuthorizationMoved").unwrap();
    let detail = &moved.event["detail"];
    assert_eq!((&detail["region"], &detail["previousRegion"]), (&json!("eu"), &json!("na")));
    let whole = json!({"operation": "getHistory", "sellingPartnerId": "A1DE", "limit": 1});
    let first = world.caller().invoke("authorizations", &whole).await.unwrap();
    assert_eq!(first["history"][0]["event"], "AuthorizationMoved");
    let next = json!({"operation": "getHistory", "sellingPartnerId": "A1DE", "cursor": first["cursor"]});
    let earlier = world.caller().invoke("authorizations", &next).await.unwrap();
    assert_eq!(earlier["history"][1]["event"], "AuthorizationGranted");

    // The refresher looks after it in its new region, and an authorization that shows no region is saved there too.
    world.advance(DAY).await;
    assert!(world.caller().token_of("A1DE", "eu").await.is_ok());
    world.fault("sp-api", "http_error", json!({"status": 403})).await;
    let appstore = world.amazon(EUROPE, &format!("/appstore/{}?_as=A1DE", world.application()));
    let page = world.browser().follow(&appstore).await;
    assert_eq!(
        page.support_code(),
        Some("AUTHORIZATION_CONFLICT"),
        "nothing shows that it is the same partner"
    );
    assert_eq!(world.grant("eu", "A1DE").await.unwrap()["conflicts"].as_l().unwrap().len(), 1);
    assert_eq!(attribute(&world.grant("na", "A1DE").await.unwrap(), "status"), "removed");
}

#[tokio::test]
async fn an_assumed_region_stays_where_amazon_answers_nothing_or_lists_stores_there() {
    let world = World::attended().await;
    world
        .control(
            "partners",
            json!({"sellingPartnerId": "A1EMPTY", "region": "eu", "kind": "seller", "storeNames": {}}),
        )
        .await;
    arrived_unseen(&world, EUROPE, "A1EMPTY").await;
    arrived_unseen(&world, "sellercentral.amazon.com", "A1US").await;
    arrived_unseen(&world, "vendorcentral.amazon.de", "VDE").await;
    for _ in 0..3 {
        world.advance(DAY).await;
    }
    assert_eq!(shown(&world, "A1EMPTY", "na").await["regionAssumed"], true);
    assert_eq!(shown(&world, "VDE", "na").await["regionAssumed"], true);
    let here = shown(&world, "A1US", "na").await;
    assert_eq!((&here["regionAssumed"], &here["verified"]), (&json!(false), &json!(true)));
    let examined = json!({"operation": "examine", "applicationId": world.application()});
    let examined = world.caller().invoke("administration", &examined).await.unwrap();
    assert_eq!(examined["facts"]["regionsAssumed"], 2);
    assert_eq!(assumed(&world, true).await, ["A1EMPTY", "VDE"]);
    assert_eq!(assumed(&world, false).await, ["A1US"]);

    let confirmed = json!({"region": "na", "toRegion": "na"});
    assert!(operate(&world, "setRegion", "VDE", confirmed).await.is_ok());
    assert_eq!(assumed(&world, true).await, ["A1EMPTY"]);
}

#[tokio::test]
async fn a_grant_is_never_moved_over_another_one() {
    let world = World::attended().await;
    arrived_unseen(&world, EUROPE, "A1DE").await;
    // Later, so that the token of the first authorization is the older one.
    world.advance(60).await;
    world.website_form("4a").await;
    assert!(world.browser().website("DE", "seller", "A1DE").await.is_connected());
    let before = world.grant("eu", "A1DE").await.unwrap();
    for _ in 0..4 {
        world.advance(DAY).await;
    }
    let after = world.grant("eu", "A1DE").await.unwrap();
    assert_eq!(attribute(&before, "fingerprint"), attribute(&after, "fingerprint"));
    assert_eq!(after["conflicts"].as_l().unwrap().len(), 1);
    assert_eq!(attribute(&world.grant("na", "A1DE").await.unwrap(), "status"), "active");
    let conflicts = world.history("eu", "A1DE").await;
    let conflicts = conflicts.iter().filter(|record| attribute(record, "event") == "AuthorizationConflict");
    assert_eq!(conflicts.count(), 1, "it is reported once");
}

#[tokio::test]
async fn an_operator_moves_a_vendor_or_confirms_its_region() {
    let world = World::new().await;
    arrived_unseen(&world, "vendorcentral.amazon.de", "VDE").await;
    let moved = operate(&world, "setRegion", "VDE", json!({"toRegion": "eu", "by": "olga"})).await.unwrap();
    assert_eq!((&moved["grant"]["region"], &moved["grant"]["regionAssumed"]), (&json!("eu"), &json!(false)));
    let again = operate(&world, "setRegion", "VDE", json!({"toRegion": "eu"})).await.unwrap();
    assert_eq!(again["grant"]["version"], moved["grant"]["version"], "sent again, it finds its result");
    assert_eq!(world.caller().token_of("VDE", "na").await.unwrap()["region"], "eu");

    arrived_unseen(&world, "vendorcentral.amazon.com", "VUS").await;
    let confirmed = operate(&world, "setRegion", "VUS", json!({"toRegion": "na"})).await.unwrap();
    assert_eq!(confirmed["grant"]["regionAssumed"], false);
    assert_eq!(events(&world, "VUS").await, ["AuthorizationGranted", "RegionConfirmed"]);

    world.website_form("4a").await;
    assert!(world.browser().website("DE", "vendor", "VUS").await.is_connected());
    let taken = operate(&world, "setRegion", "VUS", json!({"toRegion": "eu"})).await.unwrap_err();
    assert_eq!(taken.error_type, "RequestRefused");
    let odd = operate(&world, "setRegion", "VUS", json!({"toRegion": "mars"})).await.unwrap_err();
    assert!(odd.error_message.starts_with("toRegion: "), "{odd:?}");
}

#[tokio::test]
async fn the_stores_of_a_country_outside_the_table_tell_the_region() {
    let world = World::new().await;
    let new = json!({"A0NEWCOUNTRY00": "Uhren"});
    let partner = json!({"sellingPartnerId": "A1NEW", "region": "eu", "kind": "seller", "storeNames": new});
    world.control("partners", partner).await;
    arrived(&world, EUROPE, "A1NEW").await;

    let grant = shown(&world, "A1NEW", "eu").await;
    assert_eq!((&grant["regionAssumed"], &grant["verified"]), (&json!(false), &json!(true)));
    let request = json!({"sellingPartnerId": "A1NEW", "marketplaceId": "A0NEWCOUNTRY00"});
    assert_eq!(world.caller().token(&request).await.unwrap()["region"], "eu");
    let other = json!({"sellingPartnerId": "A1NEW", "marketplaceId": "A0OTHERCOUNTRY"});
    assert_eq!(world.caller().token(&other).await.unwrap_err().error_type, "InvalidRequest");
}

#[tokio::test]
async fn a_moved_grant_begins_without_the_failures_that_the_row_of_its_new_key_records() {
    let world = World::attended().await;
    arrived_unseen(&world, EUROPE, "A1DE").await;
    let client = aws_sdk_dynamodb::Client::new(&world.stack.sdk_config());
    let key = format!("partner#{}#eu#A1DE", world.application());
    let left = [
        "overdue_since",
        "lasting_since",
        "lasting_fingerprint",
        "lost_at",
        "lost_fingerprint",
        "refused_since",
    ];
    let mut row = client
        .put_item()
        .table_name("spapi-auth-access-tokens")
        .item("token_key", AttributeValue::S(key.clone()));
    for name in left {
        let value = if name.ends_with("fingerprint") {
            AttributeValue::S("f".repeat(64))
        } else {
            AttributeValue::N("1700000000".to_owned())
        };
        row = row.item(name, value);
    }
    row.send().await.unwrap();

    operate(&world, "setRegion", "A1DE", json!({"toRegion": "eu"})).await.unwrap();

    let row = world.row("spapi-auth-access-tokens", ("token_key", &key)).await.unwrap();
    assert!(row.contains_key("due_at"), "{:?}", row.keys());
    assert!(left.iter().all(|name| !row.contains_key(*name)), "{:?}", row.keys());
}
