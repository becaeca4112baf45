use axum::{
    body::Body,
    http::{StatusCode, header},
};
use serde_json::json;

use crate::testing::{
    DRAFT, PUBLISHED, REDIRECT_URI, Reply, SECOND_REDIRECT_URI, TOKEN_URL, World, client_id, request,
};

impl World {
    async fn post(&self, content_type: &str, body: &str) -> Reply {
        let request = request("POST", TOKEN_URL).header(header::CONTENT_TYPE, content_type);
        self.send(request.body(Body::from(body.to_owned())).expect("a request")).await
    }
}

#[track_caller]
fn assert_refused(reply: &Reply, status: u16, error: &str, naming: &str) {
    assert_eq!(reply.status, status, "{reply:?}");
    assert_eq!(reply.text("error"), error);
    assert!(reply.text("error_description").contains(naming), "{reply:?}");
    assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn a_code_is_valid_once() {
    let world = World::new();
    let code = world.code_of("A1").await;

    let reply = world.exchange(&code).await;

    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.headers[header::PRAGMA], "no-cache");
    assert_eq!(reply.text("token_type"), "bearer");
    assert_eq!(reply.json()["expires_in"], 3600);
    assert!(reply.text("refresh_token").starts_with("Atzr|"));
    assert!(reply.text("access_token").starts_with("Atza|") && reply.text("access_token").len() >= 350);
    assert_refused(&world.exchange(&code).await, 400, "invalid_grant", ": code");
}

#[tokio::test]
async fn a_code_is_valid_for_five_minutes() {
    let world = World::new();
    let code = world.code_of("A1").await;

    world.clock.advance(300);

    assert_refused(&world.exchange(&code).await, 400, "invalid_grant", ": code");
}

#[tokio::test]
async fn a_code_is_bound_to_its_client_and_redirect_uri() {
    let world = World::new();
    let code = world.code_of("A1").await;
    let fields = [("grant_type", "authorization_code"), ("code", code.as_str())];

    let other = client_id(DRAFT);
    let credentials = [("client_id", other.as_str()), ("client_secret", "secret")];
    let by_other = world.post_form(TOKEN_URL, &[&fields[..], &credentials[..]].concat()).await;
    let elsewhere = world.token(&[&fields[..], &[("redirect_uri", SECOND_REDIRECT_URI)]].concat()).await;
    let right = world.token(&[&fields[..], &[("redirect_uri", REDIRECT_URI)]].concat()).await;

    assert_refused(&by_other, 400, "invalid_grant", ": code");
    assert_refused(&elsewhere, 400, "invalid_grant", ": code");
    assert_eq!(right.status, StatusCode::OK);
}

#[tokio::test]
async fn a_refresh_echoes_the_refresh_token_and_takes_json_too() {
    let world = World::new();
    let (_, refresh_token) = world.authorize("A1").await;
    let body = json!({
        "grant_type": "refresh_token", "refresh_token": refresh_token,
        "client_id": client_id(PUBLISHED), "client_secret": "secret",
    });

    for reply in [
        world.refresh(&refresh_token).await,
        world.post("application/json; charset=utf-8", &body.to_string()).await,
    ] {
        assert_eq!(reply.text("refresh_token"), refresh_token);
    }
}

#[tokio::test]
async fn a_refresh_token_is_bound_to_its_client_and_its_grant() {
    let world = World::new();
    let (_, refresh_token) = world.authorize("A1").await;
    let other = client_id(DRAFT);
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.as_str()),
        ("client_id", other.as_str()),
        ("client_secret", "secret"),
    ];

    assert_refused(&world.post_form(TOKEN_URL, &fields).await, 400, "invalid_grant", "refresh_token");
    assert_refused(&world.refresh("Atzr|unknown").await, 400, "invalid_grant", "refresh_token");
    assert_eq!(world.control("partner/A1/revoke", json!({})).await.json()["grants"], 1);
    assert_refused(&world.refresh(&refresh_token).await, 400, "invalid_grant", "revoked");
    world.control("partner/A1/restore", json!({})).await;
    assert_eq!(world.refresh(&refresh_token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_new_authorization_keeps_old_refresh_tokens_unless_set_to_kill_them() {
    let world = World::new();
    let (_, first) = world.authorize("A1").await;
    let (_, second) = world.authorize("A1").await;
    assert_eq!(world.refresh(&first).await.status, StatusCode::OK);

    world.control("old-tokens", json!({ "onReauthorization": "kill" })).await;
    let (_, third) = world.authorize("A1").await;

    assert_refused(&world.refresh(&first).await, 400, "invalid_grant", "refresh_token");
    assert_refused(&world.refresh(&second).await, 400, "invalid_grant", "refresh_token");
    assert_eq!(world.refresh(&third).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_grant_lasts_365_days() {
    let world = World::new();
    let (_, refresh_token) = world.authorize("A1").await;

    let grant = *world.amazon.backend().ledger().grants.values().next().unwrap();

    assert_eq!(grant.ends_at.duration_since(grant.authorized_at).as_hours(), 365 * 24);
    assert_eq!(world.refresh(&refresh_token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_client_secret_ends_after_180_days() {
    let world = World::new();
    let (_, refresh_token) = world.authorize("A1").await;
    let ends_at = world.amazon.client_secret_ends_at(&client_id(PUBLISHED)).unwrap();
    assert_eq!(ends_at.duration_since(world.clock.now()).as_hours(), 180 * 24 - 1);

    world.clock.advance(180 * 86_400 - 60);
    assert_eq!(world.refresh(&refresh_token).await.status, StatusCode::OK);
    world.clock.advance(60);
    assert_refused(
        &world.refresh(&refresh_token).await,
        401,
        "invalid_client",
        "Client authentication failed",
    );
}

#[tokio::test]
async fn an_unknown_client_and_a_wrong_secret_get_the_same_answer() {
    let world = World::new();
    let client_id = client_id(PUBLISHED);
    for (client_id, client_secret) in [("amzn1.application-oa2-client.x", "secret"), (&client_id, "wrong")] {
        let fields = [
            ("grant_type", "client_credentials"),
            ("scope", "sellingpartnerapi::notifications"),
            ("client_id", client_id),
            ("client_secret", client_secret),
        ];
        let reply = world.post_form(TOKEN_URL, &fields).await;
        assert_refused(&reply, 401, "invalid_client", "Client authentication failed");
    }
}

#[tokio::test]
async fn a_grantless_token_requires_a_scope_that_is_still_served() {
    let world = World::new();
    let grantless = [("grant_type", "client_credentials"), ("scope", "sellingpartnerapi::notifications")];
    let dead = [("grant_type", "client_credentials"), ("scope", "sellingpartnerapi::migration")];

    let reply = world.token(&grantless).await;

    assert!(reply.text("access_token").starts_with("Atc|"));
    assert!(reply.json().get("refresh_token").is_none());
    assert_refused(&world.token(&dead).await, 400, "invalid_scope", "scope");
}

#[tokio::test]
async fn a_request_must_be_a_well_formed_post() {
    let world = World::new();
    let form = "application/x-www-form-urlencoded";

    assert_eq!(world.get(TOKEN_URL).await.status, StatusCode::METHOD_NOT_ALLOWED);
    let query = [("grant_type", "client_credentials")];
    assert_eq!(world.post_form(&format!("{TOKEN_URL}?code=x"), &query).await.status, 500);
    for (content_type, body) in
        [(form, "a=%"), (form, "a=1&a=2"), ("application/json", "{"), ("application/json", "[]")]
    {
        let reply = world.post(content_type, body).await;
        assert_refused(&reply, 400, "invalid_request", "Malformed request");
        assert!(reply.json().get("error_index").is_some());
    }
    assert_refused(&world.post("text/plain", "grant_type=x").await, 400, "invalid_request", "Content-Type");
    assert_refused(&world.token(&[("code", "x")]).await, 400, "invalid_request", "grant_type");
    assert_refused(&world.token(&[("grant_type", "password")]).await, 400, "unsupported_grant_type", "");
    for (grant_type, missing) in
        [("authorization_code", "code"), ("refresh_token", "refresh_token"), ("client_credentials", "scope")]
    {
        assert_refused(&world.token(&[("grant_type", grant_type)]).await, 400, "invalid_request", missing);
    }
}

#[tokio::test]
async fn tokens_are_served_at_api_amazon_com_and_at_loopback() {
    let world = World::new();
    let fields = [("grant_type", "x")];

    for host in ["127.0.0.1", "api.amazon.com.localhost"] {
        let url = format!("http://{host}:9001/auth/o2/token");
        assert_eq!(world.post_form(&url, &fields).await.text("error"), "unsupported_grant_type");
    }
    let url = "http://sellingpartnerapi-na.amazon.com.localhost:9001/auth/o2/token";
    let reply = world.post_form(url, &fields).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    assert_eq!(reply.json()["errors"][0]["code"], "MissingAuthenticationToken");
}
