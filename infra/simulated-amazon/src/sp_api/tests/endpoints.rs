//! The hosts and paths of SP-API and its sandbox.

use super::*;

const SANDBOX: &str = "http://sandbox.sellingpartnerapi-na.amazon.com.localhost:9001";

#[tokio::test]
async fn sp_api_is_served_on_loopback_by_region_and_at_its_root_by_the_region_of_the_token() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let at_its_host = world.participations(&access_token, "na").await.json();

    for origin in ["http://127.0.0.1:9001", "http://localhost:9001", "http://[::1]:9001"] {
        let stores = async |base: &str| {
            let reply = world.call(&access_token, &format!("{origin}{base}{PARTICIPATIONS}?x=1")).await;
            assert!(reply.headers.contains_key("x-amzn-requestid"));
            assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
            reply.json()
        };
        assert_eq!(stores("/na").await, at_its_host);
        assert_eq!(stores("").await, at_its_host);
        assert_eq!(stores("/eu").await, json!({ "payload": [] }));
        assert_eq!(stores("/fe").await, json!({ "payload": [] }));
    }
}

#[tokio::test]
async fn the_parameters_of_a_request_to_loopback_arrive() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let path = "/orders/v0/orders?MarketplaceIds=ATVPDKIKX0DER&CreatedAfter=2020-01-01T00:00:00Z";

    let reply = world.call(&access_token, &format!("http://127.0.0.1:9001/na{path}")).await;

    assert_eq!(reply.json()["payload"]["Orders"].as_array().map(Vec::len), Some(3), "{reply:?}");
}

#[tokio::test]
async fn loopback_still_serves_tokens_and_the_index_and_refuses_what_is_no_endpoint() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let at = |path: &str| format!("http://127.0.0.1:9001{path}");

    assert!(world.get(&at("/")).await.body.contains("Simulated Amazon"));
    assert_eq!(world.get(&at("/unknown")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get(&at("/nax/sellers")).await.status, StatusCode::NOT_FOUND);
    for path in ["/na", "/na/", "/na/unknown", "/sandbox/na/unknown", "/unknown"] {
        let reply = world.call(&access_token, &at(path)).await;
        assert_refused(&reply, 403, "MissingAuthenticationToken", "");
    }
    let without_token = world.get(&at(&format!("/na{PARTICIPATIONS}"))).await;
    assert_refused(&without_token, 403, "Unauthorized", "missing");
}

#[tokio::test]
async fn the_sandbox_answers_the_same_tokens_with_made_up_data_and_changes_nothing() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let rotation = world.token_of_scope("sellingpartnerapi::client_credential:rotation").await;
    world.amazon.subscribe(PUBLISHED, std::sync::Arc::new(|_| ()));
    let secrets = || world.amazon.backend().ledger().applications[PUBLISHED].client_secrets.len();

    for base in [SANDBOX, "http://127.0.0.1:9001/sandbox/na", "http://127.0.0.1:9001/sandbox/eu"] {
        let reply = world.call(&access_token, &format!("{base}{PARTICIPATIONS}")).await;
        let payload = &reply.json()["payload"];
        assert_eq!(
            (payload[0]["marketplace"]["id"].as_str(), &payload[1]),
            (Some("ATVPDKIKX0DER"), &Value::Null)
        );
    }
    assert_refused(&world.call("x", &format!("{SANDBOX}{PARTICIPATIONS}")).await, 403, "Unauthorized", "");
    let rotate = request("POST", &format!("{SANDBOX}/applications/2023-11-30/clientSecret"))
        .header("x-amz-access-token", rotation);
    assert_eq!(world.send(rotate.body(Body::empty()).unwrap()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(secrets(), 1);
}
