use axum::{
    body::Body,
    http::{StatusCode, header},
};
use serde_json::{Value, json};

use crate::testing::{PARTICIPATIONS, PUBLISHED, Reply, World, application, consent, request};

const NA: &str = "http://sellingpartnerapi-na.amazon.com.localhost:9001";

impl World {
    async fn restricted(&self, access_token: &str, body: &Value) -> Reply {
        let request = request("POST", &format!("{NA}/tokens/2021-03-01/restrictedDataToken"))
            .header("x-amz-access-token", access_token)
            .header(header::USER_AGENT, "test/1")
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).expect("a request")).await
    }
}

#[track_caller]
fn assert_refused(reply: &Reply, status: u16, code: &str, details: &str) {
    assert_eq!(reply.status, status, "{reply:?}");
    let error = &reply.json()["errors"][0];
    assert_eq!(error["code"], code);
    assert!(error["details"].as_str().unwrap_or_default().contains(details), "{reply:?}");
}

#[tokio::test]
async fn participations_list_the_stores_of_a_seller() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;

    let reply = world.participations(&access_token, "na").await;

    assert_eq!(reply.headers["x-amzn-RateLimit-Limit"], "0.016");
    let payload = reply.json()["payload"].clone();
    let of = |id: &str| {
        let entries = payload.as_array().into_iter().flatten();
        entries.into_iter().find(|entry| entry["marketplace"]["id"] == id).cloned()
    };
    let us = json!({
        "marketplace": {
            "id": "ATVPDKIKX0DER", "name": "Amazon.com", "countryCode": "US", "defaultCurrencyCode": "USD",
            "defaultLanguageCode": "en_US", "domainName": "www.amazon.com",
        },
        "storeName": "Store of A1",
        "participation": { "isParticipating": true, "hasSuspendedListings": false },
    });
    assert_eq!(of("ATVPDKIKX0DER"), Some(us));
    assert!(of("A38D8NSA03LJTC").is_some());
    assert_eq!(payload.as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn another_regions_endpoint_returns_an_empty_list() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;

    let reply = world.participations(&access_token, "eu").await;

    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.json(), json!({ "payload": [] }));
}

#[tokio::test]
async fn vendors_have_no_participations() {
    let world = World::new();
    world.use_form_4a().await;
    let url =
        consent("vendorcentral.amazon.com", &[("application_id", PUBLISHED), ("state", "s"), ("_as", "V1")]);
    let code = world.get(&url).await.parameter("spapi_oauth_code");
    let access_token = world.exchange(&code).await.text("access_token");

    assert_refused(&world.participations(&access_token, "na").await, 403, "Unauthorized", "");
}

#[tokio::test]
async fn a_token_must_be_known_unexpired_and_of_an_active_grant() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;

    assert_refused(&world.participations("Atza|x", "na").await, 403, "Unauthorized", "malformed");
    world.control("partner/A1/revoke", json!({})).await;
    assert_refused(&world.participations(&access_token, "na").await, 403, "Unauthorized", "revoked");
    world.control("partner/A1/restore", json!({})).await;
    assert_eq!(world.participations(&access_token, "na").await.status, StatusCode::OK);
    world.clock.advance(3600);
    assert_refused(&world.participations(&access_token, "na").await, 403, "Unauthorized", "expired");
}

#[tokio::test]
async fn a_token_ends_with_the_client_secret_with_which_it_was_requested() {
    let world = World::new();
    let (_, refresh_token) = world.authorize("A1").await;
    world.clock.advance(180 * 86_400 - 60);
    let access_token = world.refresh(&refresh_token).await.text("access_token");

    world.clock.advance(60);

    let reply = world.participations(&access_token, "na").await;
    assert_refused(&reply, 403, "Unauthorized", "LWA secret has expired");
}

#[tokio::test]
async fn a_grantless_token_opens_no_account() {
    let world = World::new();
    let grantless = [("grant_type", "client_credentials"), ("scope", "sellingpartnerapi::notifications")];
    let token = world.token(&grantless).await.text("access_token");

    assert_refused(&world.participations(&token, "na").await, 403, "Unauthorized", "");
}

#[tokio::test]
async fn a_request_needs_an_access_token_and_a_user_agent() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let url = format!("{NA}{PARTICIPATIONS}");

    assert_refused(&world.get(&url).await, 403, "MissingAuthenticationToken", "");
    for agent in [None, Some("x".repeat(501))] {
        let mut request = request("GET", &url).header("x-amz-access-token", &access_token);
        if let Some(agent) = agent {
            request = request.header(header::USER_AGENT, agent);
        }
        let reply = world.send(request.body(Body::empty()).unwrap()).await;
        assert_refused(&reply, 400, "InvalidInput", "User-Agent");
    }
    let request = request("GET", &format!("{NA}/unknown"))
        .header("x-amz-access-token", &access_token)
        .header(header::USER_AGENT, "x");
    assert_refused(&world.send(request.body(Body::empty()).unwrap()).await, 404, "NotFound", "");
}

#[tokio::test]
async fn participations_are_served_fifteen_times_and_then_once_a_minute() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let (other, _) = world.authorize("A2").await;

    for _ in 0..15 {
        assert_eq!(world.participations(&access_token, "na").await.status, StatusCode::OK);
    }
    let reply = world.participations(&access_token, "na").await;
    assert_refused(&reply, 429, "QuotaExceeded", "");
    assert!(!reply.headers.contains_key("x-amzn-RateLimit-Limit"));
    assert_eq!(world.participations(&other, "na").await.status, StatusCode::OK);
    world.clock.advance(63);
    assert_eq!(world.participations(&access_token, "na").await.status, StatusCode::OK);
    assert_eq!(world.participations(&access_token, "na").await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_restricted_data_token_opens_no_other_operation() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let body = json!({
        "restrictedResources": [
            { "method": "GET", "path": "/orders/v0/orders", "dataElements": ["buyerInfo"] },
            { "method": "GET", "path": "/orders/v0/orders/{orderId}/orderItems", "dataElements": [] },
            { "method": "GET", "path": "/reports/2021-06-30/documents/1" },
        ],
        "targetApplication": PUBLISHED,
    });

    let reply = world.restricted(&access_token, &body).await;

    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    assert_eq!(reply.json()["expiresIn"], 3600);
    let token = reply.text("restrictedDataToken");
    assert!(token.starts_with("Atz.sprdt|"));
    assert_refused(&world.participations(&token, "na").await, 403, "Unauthorized", "");
    assert_refused(&world.restricted(&token, &body).await, 403, "Unauthorized", "");
}

#[tokio::test]
async fn a_request_for_a_restricted_data_token_is_validated() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let orders = json!({ "method": "GET", "path": "/orders/v0/orders" });
    let refused = [
        json!({}),
        json!({ "restrictedResources": [] }),
        json!({ "restrictedResources": vec![orders.clone(); 51] }),
        json!({ "restrictedResources": [{ "method": "PATCH", "path": "/x" }] }),
        json!({ "restrictedResources": [{ "method": "GET", "path": "x" }] }),
        json!({ "restrictedResources": [{ "method": "GET", "path": "/x", "dataElements": ["buyerInfo"] }] }),
        json!({ "restrictedResources": [
            { "method": "GET", "path": "/orders/v0/orders", "dataElements": ["x"] },
        ] }),
        json!({ "restrictedResources": [orders.clone()], "targetApplication": "amzn1.sp.solution.unknown" }),
    ];

    for body in refused {
        assert_refused(&world.restricted(&access_token, &body).await, 400, "InvalidInput", "");
        world.clock.advance(1);
    }
    let fifty = json!({ "restrictedResources": vec![orders; 50] });
    assert_eq!(world.restricted(&access_token, &fifty).await.status, StatusCode::OK);
}

#[tokio::test]
async fn restricted_data_tokens_are_served_ten_times_and_then_once_a_second() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let body = json!({ "restrictedResources": [{ "method": "GET", "path": "/orders/v0/orders" }] });

    let mut statuses = Vec::new();
    for _ in 0..14 {
        statuses.push(world.restricted(&access_token, &body).await.status);
    }

    assert!(statuses[..10].iter().all(|status| *status == StatusCode::OK));
    assert_eq!(statuses[13], StatusCode::TOO_MANY_REQUESTS);
    world.clock.advance(1);
    assert_eq!(world.restricted(&access_token, &body).await.status, StatusCode::OK);
}

#[tokio::test]
async fn stores_of_a_partner_can_be_set() {
    let world = World::new();
    let partner = json!({
        "sellingPartnerId": "A1",
        "region": "na",
        "kind": "seller",
        "storeNames": { "A2EUQ1WTGCTBG2": "Maple" },
    });
    assert_eq!(world.control("partners", partner).await.status, StatusCode::OK);
    world.amazon.register(application(PUBLISHED, false));
    let (access_token, _) = world.authorize("A1").await;

    let payload = world.participations(&access_token, "na").await.json()["payload"].clone();

    assert_eq!(payload.as_array().map(Vec::len), Some(1));
    assert_eq!(payload[0]["storeName"], "Maple");
}
