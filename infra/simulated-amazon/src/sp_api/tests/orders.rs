//! Made-up orders, and who sees their buyers.

use super::*;

const V0: &str = "/orders/v0/orders";
const V2026: &str = "/orders/2026-01-01/orders";
const ELEMENTS: [&str; 2] = ["buyerInfo", "shippingAddress"];

impl World {
    /// Returns the orders of the United States in Orders v0, since this moment.
    async fn orders(&self, access_token: &str, since: &str) -> Vec<Value> {
        let query = format!("MarketplaceIds=ATVPDKIKX0DER&CreatedAfter={since}");
        let reply = self.call(access_token, &format!("{NA}{V0}?{query}")).await;
        reply.json()["payload"]["Orders"].as_array().unwrap_or_else(|| panic!("{reply:?}")).clone()
    }

    async fn search(&self, access_token: &str, query: &str) -> Vec<Value> {
        let reply = self.call(access_token, &format!("{NA}{V2026}?{query}")).await;
        reply.json()["orders"].as_array().unwrap_or_else(|| panic!("{reply:?}")).clone()
    }

    async fn token_for(&self, access_token: &str, path: &str, elements: &[&str]) -> String {
        let resource = json!({ "method": "GET", "path": path, "dataElements": elements });
        let body = json!({ "restrictedResources": [resource] });
        self.restricted(access_token, &body).await.text("restrictedDataToken")
    }
}

#[tokio::test]
async fn a_store_has_three_orders_whose_buyers_only_a_restricted_token_shows() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let long_ago = "2020-01-01T00:00:00Z";

    let plain = world.orders(&access_token, long_ago).await;
    let buyers = world.token_for(&access_token, V0, &["buyerInfo"]).await;
    let both = world.token_for(&access_token, V0, &ELEMENTS).await;

    assert_eq!(plain.len(), 3);
    assert_eq!(
        plain[0]["AmazonOrderId"].as_str().unwrap().split('-').map(str::len).collect::<Vec<_>>(),
        [3, 7, 7]
    );
    assert!(plain[0].get("BuyerInfo").is_none() && plain[0].get("ShippingAddress").is_none());
    let shown = &world.orders(&buyers, long_ago).await[0];
    assert!(shown.get("BuyerInfo").is_some() && shown.get("ShippingAddress").is_none());
    assert!(world.orders(&both, long_ago).await[0].get("ShippingAddress").is_some());
    assert_eq!(world.orders(&access_token, "2999-01-01T00:00:00Z").await, Vec::<Value>::new());
    assert_refused(&world.participations(&both, "na").await, 403, "Unauthorized", "");
    let other_version = world.call(&both, &format!("{NA}{V2026}?createdAfter={long_ago}")).await;
    assert_refused(&other_version, 403, "Unauthorized", "");
}

#[tokio::test]
async fn the_search_for_orders_includes_what_is_asked_for_if_the_application_has_the_role() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let since = "createdAfter=2020-01-01T00:00:00Z";
    let everything = format!("{since}&includedData=BUYER,RECIPIENT");

    let plain = world.search(&access_token, since).await;
    assert_eq!(plain.len(), 9, "three stores without the one that is not of Amazon");
    assert!(plain[0].get("buyer").is_none());
    let one_store = format!("{since}&marketplaceIds=A2EUQ1WTGCTBG2");
    assert_eq!(world.search(&access_token, &one_store).await.len(), 3);
    let included = &world.search(&access_token, &everything).await[0];
    assert!(included.get("buyer").is_some() && included.get("recipient").is_some());

    let restricted = world.token_for(&access_token, V2026, &["shippingAddress"]).await;
    let missing = json!({ "applicationId": PUBLISHED, "missing": ["directToConsumerShipping"] });
    world.control("roles", missing).await;
    let included = &world.search(&access_token, &everything).await[0];
    assert!(included.get("buyer").is_some() && included.get("recipient").is_none());
    let included = &world.search(&restricted, since).await[0];
    assert!(included.get("buyer").is_none() && included.get("recipient").is_some());
}

#[tokio::test]
async fn a_wrong_request_for_orders_is_refused() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let (after, us) = ("2020-01-01T00:00:00Z", "MarketplaceIds=ATVPDKIKX0DER");
    for (path, query) in [
        (V0, format!("CreatedAfter={after}")),
        (V0, us.to_owned()),
        (V0, format!("{us}&CreatedAfter=yesterday")),
        (V0, format!("{us}&CreatedAfter={after}&LastUpdatedAfter={after}")),
        (V2026, String::new()),
        (V2026, format!("createdAfter={after}&createdAfter={after}")),
    ] {
        let reply = world.call(&access_token, &format!("{NA}{path}?{query}")).await;
        assert_refused(&reply, 400, "InvalidInput", "");
    }
}
