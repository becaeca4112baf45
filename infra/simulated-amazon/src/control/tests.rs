use axum::http::StatusCode;
use serde_json::json;

use crate::testing::{PUBLISHED, US, World, client_id};

#[tokio::test]
async fn calls_are_counted_by_endpoint_and_partner() {
    let world = World::new();
    let nothing = json!({
        "token": { "authorization_code": 0, "refresh_token": 0, "client_credentials": 0 },
        "tokenByPartner": {}, "participations": 0, "restrictedDataToken": 0, "clientSecret": 0,
    });
    assert_eq!(world.calls().await, nothing);

    let (access_token, refresh_token) = world.authorize("A1").await;
    world.refresh(&refresh_token).await;
    world.refresh("Atzr|unknown").await;
    world.control("partner/A1/revoke", json!({})).await;
    world.refresh(&refresh_token).await;
    world.participations(&access_token, "na").await;
    world.participations("Atza|x", "na").await;

    let calls = json!({
        "token": { "authorization_code": 1, "refresh_token": 3, "client_credentials": 0 },
        "tokenByPartner": { "A1": 3 }, "participations": 2, "restrictedDataToken": 0, "clientSecret": 0,
    });
    assert_eq!(world.calls().await, calls);
    assert_eq!(world.control("reset", json!({})).await.status, StatusCode::OK);
    assert_eq!(world.calls().await, nothing);
}

#[tokio::test]
async fn calls_are_counted_before_a_fault_strikes() {
    let world = World::new();
    let (access_token, refresh_token) = world.authorize("A1").await;
    world.control("reset", json!({})).await;
    for endpoint in ["token", "sp-api"] {
        world.control("faults", json!({ "endpoint": endpoint, "fault": "http_error" })).await;
    }

    assert_eq!(world.refresh(&refresh_token).await.status, 500);
    assert_eq!(world.participations(&access_token, "na").await.status, 500);

    let calls = world.calls().await;
    assert_eq!(calls["token"]["refresh_token"], 1);
    assert_eq!(calls["tokenByPartner"]["A1"], 1);
    assert_eq!(calls["participations"], 1);
}

#[tokio::test]
async fn a_reset_ends_faults_and_keeps_grants() {
    let world = World::new();
    let (_, refresh_token) = world.authorize("A1").await;
    world.control("faults", json!({ "endpoint": "token", "fault": "html" })).await;

    world.control("reset", json!({})).await;

    assert_eq!(world.refresh(&refresh_token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_control_call_that_is_wrong_says_what_is_wrong() {
    let world = World::new();
    let wrong = [
        ("faults", json!({ "endpoint": "token" }), "fault"),
        ("faults", json!({ "endpoint": "tokens", "fault": "html" }), "tokens"),
        ("faults", json!({ "endpoint": "token", "fault": "html", "share": 2 }), "share"),
        ("faults", json!({ "endpoint": "token", "fault": "html", "times": 0 }), "times"),
        ("faults", json!({ "endpoint": "token", "fault": "http_error", "status": 99 }), "status"),
        ("faults", json!({ "endpoint": "token", "fault": "html", "sahre": 1 }), "sahre"),
        ("website-form", json!({ "form": "4c" }), "4c"),
        ("website-form", json!({ "form": "4a", "callbackUri": "x" }), "trailing-slash"),
        ("old-tokens", json!({ "onReauthorization": "x" }), "kill"),
        (
            "partners",
            json!({ "sellingPartnerId": "a b", "region": "na", "kind": "seller" }),
            "selling partner id",
        ),
        (
            "partners",
            json!({ "sellingPartnerId": "A", "region": "na", "kind": "seller", "storeNames": { "x": "y" } }),
            "x",
        ),
        ("applications", json!({ "applicationId": "x" }), "clientId"),
    ];

    for (call, body, naming) in wrong {
        let reply = world.control(call, body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{reply:?}");
        assert!(reply.text("error").contains(naming), "{reply:?}");
    }
    assert_eq!(world.control("unknown", json!({})).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.control("partner/A9/revoke", json!({})).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_application_can_be_registered_by_a_call_and_keeps_its_secret() {
    let world = World::new();
    let again = json!({
        "applicationId": PUBLISHED,
        "clientId": "other",
        "name": "New name",
        "draft": true,
        "loginUri": "https://n.example/",
        "redirectUris": ["https://n.example/"],
        "clientSecret": "other",
    });

    assert_eq!(world.control("applications", again).await.status, StatusCode::OK);

    let office = world.amazon.office();
    let registration = &office.ledger().applications[PUBLISHED];
    assert_eq!(registration.name, "New name");
    assert!(registration.draft);
    assert_eq!(registration.client_id, client_id(PUBLISHED));
    assert_eq!(registration.client_secrets[0].text, "secret");
}

#[tokio::test]
async fn control_calls_are_answered_on_every_host() {
    let world = World::new();
    for host in ["127.0.0.1", US, "sellingpartnerapi-eu.amazon.com", "unknown"] {
        assert_eq!(world.get(&format!("http://{host}/_control/calls")).await.status, StatusCode::OK);
    }
}
