use axum::{
    body::Body,
    http::{StatusCode, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
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
async fn a_grantless_token_requires_scopes_that_are_served() {
    let world = World::new();
    let ask =
        async |scope: &str| world.token(&[("grant_type", "client_credentials"), ("scope", scope)]).await;
    let (notifications, migration) = ("sellingpartnerapi::notifications", "sellingpartnerapi::migration");
    let several = format!("{migration} {notifications}");

    for scope in [notifications, migration, &several] {
        let reply = ask(scope).await;
        assert!(reply.text("access_token").starts_with("Atc|"));
        assert!(reply.json().get("refresh_token").is_none());
    }
    for scope in ["x", "sellingpartnerapi::notifications x", " "] {
        assert_refused(&ask(scope).await, 400, "invalid_scope", "scope");
    }
    world.control("tokens", json!({ "severalScopes": "refuse" })).await;
    assert_refused(&ask(&several).await, 400, "invalid_scope", "scope");
    assert_eq!(ask(migration).await.status, StatusCode::OK);
    world.control("tokens", json!({ "migrationScope": "refuse" })).await;
    assert_refused(&ask(migration).await, 400, "invalid_scope", "scope");
    assert_eq!(ask(notifications).await.status, StatusCode::OK);
    world.control("reset", json!({})).await;
    assert_eq!(ask(&several).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nulls_numbers_and_unknown_fields_of_json_are_accepted() {
    let world = World::new();
    let (_, refresh_token) = world.authorize("A1").await;
    let request = json!({
        "grant_type": "refresh_token", "refresh_token": refresh_token, "scope": null, "code": null,
        "redirect_uri": "", "client_id": client_id(PUBLISHED), "client_secret": "secret",
        "expires_in": 3600, "verbose": true, "extra": { "a": [1] }, "more": [],
    });
    let grantless = json!({
        "grant_type": "client_credentials", "scope": "sellingpartnerapi::notifications",
        "refresh_token": null, "client_id": client_id(PUBLISHED), "client_secret": "secret",
    });

    for body in [&request, &grantless] {
        let reply = world.post("application/json", &body.to_string()).await;
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json;charset=UTF-8");
    }
    for (field, value, error, naming) in [
        ("refresh_token", json!(null), "invalid_request", "refresh_token"),
        ("client_secret", json!(12), "invalid_client", ""),
        ("grant_type", json!(true), "unsupported_grant_type", ""),
        ("refresh_token", json!(["x"]), "invalid_request", "Malformed"),
    ] {
        let mut wrong = request.clone();
        wrong[field] = value;
        let status = if error == "invalid_client" { 401 } else { 400 };
        assert_refused(&world.post("application/json", &wrong.to_string()).await, status, error, naming);
    }
}

#[tokio::test]
async fn a_client_may_authenticate_by_http_basic() {
    let world = World::new();
    let with = async |authorization: &str, form: &str| {
        let request = request("POST", TOKEN_URL)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::AUTHORIZATION, authorization);
        world.send(request.body(Body::from(form.to_owned())).unwrap()).await
    };
    let basic = |id: &str, secret: &str| format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let id = client_id(PUBLISHED);
    let form = "grant_type=client_credentials&scope=sellingpartnerapi%3A%3Anotifications";
    let encoded = id.replace('-', "%2D");

    for (id, secret) in [(&id, "secret"), (&encoded, "%73ecret")] {
        assert_eq!(with(&basic(id, secret), form).await.status, StatusCode::OK, "{id}");
    }
    let with_both = format!("{form}&client_id={id}&client_secret=secret");
    assert_eq!(with(&basic(&id, "secret"), &with_both).await.status, StatusCode::OK);
    assert_eq!(with(&basic("other", "other"), &with_both).await.status, StatusCode::OK, "the body counts");
    assert_eq!(with("Bearer x", &with_both).await.status, StatusCode::OK, "no other scheme is read");
    for wrong in [basic(&id, "wrong"), basic("x", "secret"), "Basic ?".to_owned(), "Basic eA==".to_owned()] {
        assert_refused(&with(&wrong, form).await, 401, "invalid_client", "");
    }
    assert_refused(&with("Bearer x", form).await, 400, "invalid_request", "client_id");
}

#[tokio::test]
async fn a_token_is_described_until_it_ends() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let about =
        async |query: &str| world.get(&TOKEN_URL.replace("/token", &format!("/tokeninfo{query}"))).await;
    let query = format!("?access_token={}", access_token.replace('|', "%7C"));

    let described = about(&query).await;

    assert_eq!(described.json()["aud"], client_id(PUBLISHED));
    assert!((3595..=3600).contains(&described.json()["exp"].as_i64().unwrap()), "{described:?}");
    assert!(!described.body.contains("A1"), "nothing names the partner");
    assert_refused(&about("").await, 400, "invalid_request", "access_token");
    assert_refused(&about("?access_token=x").await, 400, "invalid_token", "");
    world.clock.advance(3600);
    assert_refused(&about(&query).await, 400, "invalid_token", "");
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
