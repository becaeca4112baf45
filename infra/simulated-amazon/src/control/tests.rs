use axum::http::StatusCode;
use serde_json::json;

use crate::testing::{PUBLISHED, TOKEN_URL, US, World, client_id};

#[tokio::test]
async fn calls_are_counted_by_endpoint_and_partner() {
    let world = World::new();
    let nothing = json!({
        "token": { "authorization_code": 0, "refresh_token": 0, "client_credentials": 0 },
        "tokenByPartner": {}, "participations": 0, "restrictedDataToken": 0, "clientSecret": 0,
        "latestRequestId": "",
    });
    assert_eq!(world.calls().await, nothing);

    let (access_token, refresh_token) = world.authorize("A1").await;
    world.refresh(&refresh_token).await;
    world.refresh("Atzr|unknown").await;
    world.control("partner/A1/revoke", json!({})).await;
    world.refresh(&refresh_token).await;
    world.participations(&access_token, "na").await;
    world.participations("Atza|x", "na").await;

    let counted = world.calls().await;
    let latest = counted["latestRequestId"].as_str().unwrap();
    assert!(!latest.is_empty());
    let calls = json!({
        "latestRequestId": latest,
        "token": { "authorization_code": 1, "refresh_token": 3, "client_credentials": 0 },
        "tokenByPartner": { "A1": 3 }, "participations": 2, "restrictedDataToken": 0, "clientSecret": 0,
    });
    assert_eq!(counted, calls);
    assert_eq!(world.control("reset", json!({})).await.status, StatusCode::OK);
    assert_eq!(world.calls().await, nothing);
}

#[tokio::test]
async fn calls_are_counted_before_a_fault_applies() {
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
async fn current_settings_can_be_read() {
    let world = World::new();
    world.authorize("A1").await;
    let read = async |call: &str| world.get(&format!("http://127.0.0.1/_control/{call}")).await;
    assert_eq!(read("faults").await.json(), json!([]));
    assert_eq!(read("website-form").await.json()["form"], "4a");
    assert_eq!(read("partner/A1").await.json()["grants"][0]["status"], "active");

    for (endpoint, fault) in [("sp-api", "hang"), ("token", "http_error")] {
        world.control("faults", json!({ "endpoint": endpoint, "fault": fault, "times": 2 })).await;
    }
    world.control("website-form", json!({ "form": "4b" })).await;
    world.control("partner/A1/revoke", json!({})).await;

    let active = json!([
        { "endpoint": "token", "fault": "http_error", "share": 1.0, "times": 2 },
        { "endpoint": "sp-api", "fault": "hang", "share": 1.0, "times": 2 },
    ]);
    assert_eq!(read("faults").await.json(), active);
    assert_eq!(read("website-form").await.json(), json!({ "form": "4b", "callbackUri": "central" }));
    let grant = &read("partner/A1").await.json()["grants"][0];
    assert_eq!((&grant["status"], &grant["region"]), (&json!("disabled"), &json!("na")));
    assert_eq!(read("partner/A9").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_wrong_control_call_is_refused_and_names_what_is_wrong() {
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
        ("tokens", json!({ "onRefresh": "x" }), "echo"),
        ("client-secret", json!({ "clientId": "x" }), "clientSecret"),
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
async fn an_application_that_is_registered_again_keeps_its_client_id_and_secret() {
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

    let backend = world.amazon.backend();
    let registration = &backend.ledger().applications[PUBLISHED];
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

#[tokio::test]
async fn a_token_response_says_the_expires_in_that_is_set() {
    let world = World::new();
    let (_, refresh_token) = world.authorize("A1").await;
    for (set, lives) in [
        (json!(90), 90),
        (json!("soon"), 3600),
        (json!(-5), 3600),
        (json!(0), 3600),
        (json!(1e12), 3600),
        (json!(null), 3600),
    ] {
        assert_eq!(world.control("tokens", json!({ "expiresIn": set })).await.status, StatusCode::OK);

        let reply = world.refresh(&refresh_token).await;

        assert_eq!(reply.json().get("expires_in"), Some(&set).filter(|set| !set.is_null()));
        world.control("reset", json!({})).await;
        assert_eq!(world.refresh(&refresh_token).await.json()["expires_in"], 3600);
        let token = reply.text("access_token");
        let ends_at = world.amazon.backend().ledger().access_tokens[&token].ends_at;
        let life = ends_at.duration_since(world.clock.now()).as_secs();
        assert!((lives - 5..=lives).contains(&life), "{set}: {life}");
    }
}

#[tokio::test]
async fn a_refresh_token_that_is_replaced_stops_working() {
    let world = World::new();
    let (_, first) = world.authorize("A1").await;
    world.control("tokens", json!({ "onRefresh": "replace" })).await;

    let second = world.refresh(&first).await.text("refresh_token");

    assert_ne!(second, first);
    assert_eq!(world.refresh(&first).await.text("error"), "invalid_grant");
    // A member that is missing stays as it is.
    world.control("tokens", json!({ "expiresIn": 60 })).await;
    let third = world.refresh(&second).await.text("refresh_token");
    assert_ne!(third, second);
    world.control("reset", json!({})).await;
    assert_eq!(world.refresh(&third).await.text("refresh_token"), third);
}

#[tokio::test]
async fn an_additional_client_secret_is_valid_beside_the_others_until_its_end() {
    let world = World::new();
    let client_id = client_id(PUBLISHED);
    let (_, refresh_token) = world.authorize("A1").await;
    let with = async |secret: &str| {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.as_str()),
            ("client_id", &client_id),
            ("client_secret", secret),
        ];
        world.post_form(TOKEN_URL, &fields).await.status
    };
    let end = (world.clock.now() + jiff::SignedDuration::from_mins(1)).to_string();
    for secret in [
        json!({ "clientId": client_id, "clientSecret": "long" }),
        json!({ "clientId": client_id, "clientSecret": "short", "expiresAt": end }),
    ] {
        assert_eq!(world.control("client-secret", secret).await.status, StatusCode::OK);
    }

    for secret in ["secret", "long", "short"] {
        assert_eq!(with(secret).await, StatusCode::OK, "{secret}");
    }
    world.clock.advance(60);
    assert_eq!(with("short").await, StatusCode::UNAUTHORIZED);
    assert_eq!(with("long").await, StatusCode::OK);
    let unknown = json!({ "clientId": "x", "clientSecret": "y" });
    assert_eq!(world.control("client-secret", unknown).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_self_authorization_gives_a_new_token_each_time_and_none_ends_after_a_year() {
    let world = World::new();
    let own = json!({
        "applicationId": PUBLISHED, "sellingPartnerId": "A1", "region": "na", "kind": "seller",
    });
    let token =
        async || world.control("self-authorization", own.clone()).await.json()["refreshToken"].clone();
    let (first, second) = (token().await, token().await);
    assert_ne!(first, second);

    world.clock.advance(400 * 24 * 3600);
    let renewed = json!({"clientId": client_id(PUBLISHED), "clientSecret": "secret"});
    world.control("client-secret", renewed).await;
    for refresh_token in [first, second] {
        assert_eq!(world.refresh(refresh_token.as_str().unwrap()).await.status, StatusCode::OK);
    }
    let unknown = json!({"applicationId": "x", "sellingPartnerId": "A1", "region": "na", "kind": "seller"});
    assert_eq!(world.control("self-authorization", unknown).await.status, StatusCode::NOT_FOUND);
}
