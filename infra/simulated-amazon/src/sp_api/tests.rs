use axum::{
    body::Body,
    http::{StatusCode, header},
};
use serde_json::{Value, json};

use crate::testing::{PARTICIPATIONS, PUBLISHED, Reply, World, application, consent, request};

mod endpoints;
mod orders;
mod restricted;

const NA: &str = "http://sellingpartnerapi-na.amazon.com.localhost:9001";

impl World {
    /// Sends a request as a client does, with this token.
    async fn call(&self, access_token: &str, url: &str) -> Reply {
        let request = request("GET", url).header("x-amz-access-token", access_token);
        self.send(request.header(header::USER_AGENT, "test/1").body(Body::empty()).expect("a request")).await
    }

    async fn token_of_scope(&self, scope: &str) -> String {
        let fields = [("grant_type", "client_credentials"), ("scope", scope)];
        self.token(&fields).await.text("access_token")
    }

    async fn restricted(&self, access_token: &str, body: &Value) -> Reply {
        self.restricted_as("application/json", access_token, body).await
    }

    async fn restricted_as(&self, content_type: &str, access_token: &str, body: &Value) -> Reply {
        let request = request("POST", &format!("{NA}/tokens/2021-03-01/restrictedDataToken"))
            .header("x-amz-access-token", access_token)
            .header(header::USER_AGENT, "test/1")
            .header(header::CONTENT_TYPE, content_type);
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

    let malformed = "The access token you provided is revoked, malformed or invalid.";
    assert_refused(&world.participations("Atza|x", "na").await, 403, "Unauthorized", malformed);
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
async fn a_token_of_the_wrong_kind_is_refused_without_details() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let grantless = world.token_of_scope("sellingpartnerapi::notifications").await;
    let tracking = world.token_of_scope("sellingpartnerapi::shipments:track").await;
    let destinations = format!("{NA}/notifications/v1/destinations");
    let rotation = request("POST", &format!("{NA}/applications/2023-11-30/clientSecret"))
        .header("x-amz-access-token", &access_token);

    let replies = [
        world.participations(&grantless, "na").await,
        world.call(&grantless, &format!("{NA}/sellers/v1/account")).await,
        world.call(&access_token, &destinations).await,
        world.call(&tracking, &destinations).await,
        world.send(rotation.body(Body::empty()).unwrap()).await,
    ];

    for reply in replies {
        assert_refused(&reply, 403, "Unauthorized", "");
        assert_eq!(reply.json()["errors"][0]["details"], "", "{reply:?}");
    }
}

#[tokio::test]
async fn a_grantless_token_lists_destinations() {
    let world = World::new();
    let grantless = world.token_of_scope("sellingpartnerapi::notifications").await;
    let both =
        world.token_of_scope("sellingpartnerapi::shipments:track sellingpartnerapi::notifications").await;

    for token in [grantless, both] {
        let reply = world.call(&token, &format!("{NA}/notifications/v1/destinations")).await;

        assert_eq!((reply.status, reply.json()), (StatusCode::OK, json!({ "payload": [] })));
        assert_eq!(reply.headers["x-amzn-RateLimit-Limit"], "1.0");
    }
}

#[tokio::test]
async fn getting_an_account_lists_the_stores_of_the_seller() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;

    let reply = world.call(&access_token, &format!("{NA}/sellers/v1/account")).await;

    let payload = &reply.json()["payload"];
    let participations = &world.participations(&access_token, "na").await.json()["payload"];
    assert_eq!(&payload["marketplaceParticipationList"], participations);
    assert_eq!(payload["business"]["name"], "A1 Ltd");
}

#[tokio::test]
async fn a_request_needs_an_access_token_and_a_user_agent_only_if_that_is_set() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let url = format!("{NA}{PARTICIPATIONS}");
    let with_agent = async |agent: Option<String>| {
        let mut request = request("GET", &url).header("x-amz-access-token", &access_token);
        if let Some(agent) = agent {
            request = request.header(header::USER_AGENT, agent);
        }
        world.send(request.body(Body::empty()).unwrap()).await
    };

    let without_token = world.get(&url).await;
    assert_refused(&without_token, 403, "Unauthorized", "Access token is missing in the request header.");
    assert_eq!(with_agent(None).await.status, StatusCode::OK);
    assert_refused(&with_agent(Some("x".repeat(501))).await, 400, "InvalidInput", "User-Agent");

    world.control("user-agent", json!({ "required": true })).await;
    assert_refused(&with_agent(None).await, 400, "InvalidInput", "User-Agent");
    assert_eq!(with_agent(Some("x".to_owned())).await.status, StatusCode::OK);
    world.control("reset", json!({})).await;
    assert_eq!(with_agent(None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_unknown_path_is_refused_and_an_operation_that_is_only_not_simulated_says_so() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;

    for path in ["/unknown", "/sellers/v1/unknown", "/ordersx/v0/orders", "/auth/o2/token", "/"] {
        let reply = world.call(&access_token, &format!("{NA}{path}")).await;
        assert_refused(&reply, 403, "MissingAuthenticationToken", "");
        assert_eq!(reply.headers["x-amzn-errortype"], "MissingAuthenticationTokenException");
        assert!(reply.json()["errors"][0].get("details").is_none());
    }
    for path in ["/reports/2021-06-30/reports", "/orders/v0/orders/1", "/notifications/v1/subscriptions/X"] {
        let reply = world.call(&access_token, &format!("{NA}{path}")).await;
        assert_refused(&reply, 501, "NotSimulated", "");
    }
    let wrong_method = request("POST", &format!("{NA}{PARTICIPATIONS}")).body(Body::empty()).unwrap();
    assert_refused(&world.send(wrong_method).await, 403, "MissingAuthenticationToken", "");
}

#[tokio::test]
async fn every_answer_has_the_ids_that_amazons_support_asks_for() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let mut replies = vec![
        world.participations(&access_token, "na").await,
        world.participations("x", "na").await,
        world.call(&access_token, &format!("{NA}/unknown")).await,
    ];
    world.control("faults", json!({ "endpoint": "sp-api", "fault": "html" })).await;
    replies.push(world.participations(&access_token, "na").await);

    let ids: std::collections::BTreeSet<_> =
        replies.iter().map(|reply| reply.headers["x-amzn-requestid"].clone().as_bytes().to_vec()).collect();
    assert_eq!(ids.len(), replies.len());
    for reply in replies {
        assert!(reply.headers.contains_key("x-amz-apigw-id"), "{reply:?}");
        let trace = reply.headers["x-amzn-trace-id"].to_str().unwrap();
        assert!(trace.starts_with("Root=1-") && trace.len() == 40, "{trace}");
    }
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
