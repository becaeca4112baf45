use axum::http::StatusCode;
use serde_json::json;

use crate::{
    testing::{DRAFT, LOGIN_URI, PUBLISHED, REDIRECT_URI, SECOND_REDIRECT_URI, US, World},
    urls::with_parameters,
};

#[tokio::test]
async fn form_4a_goes_directly_to_the_first_redirect_uri() {
    let world = World::new();
    world.use_form_4a().await;

    let reply = world.consent(&[("application_id", PUBLISHED), ("state", "a+b/c=="), ("_as", "A1")]).await;

    assert_eq!(reply.status, StatusCode::FOUND);
    assert!(
        reply.location().starts_with(&format!("{REDIRECT_URI}?state=a%2Bb%2Fc%3D%3D&selling_partner_id=A1&"))
    );
    assert!(!reply.location().contains("mws_auth_token"));
}

#[tokio::test]
async fn form_4a_goes_to_the_requested_redirect_uri() {
    let world = World::new();
    world.use_form_4a().await;

    let asked = ("redirect_uri", SECOND_REDIRECT_URI);
    let reply = world.consent(&[("application_id", PUBLISHED), ("state", "s"), asked, ("_as", "A1")]).await;

    assert!(reply.location().starts_with(SECOND_REDIRECT_URI));
}

#[tokio::test]
async fn form_4b_goes_through_the_login_uri_and_drops_the_first_state() {
    let world = World::new();

    let login = world.begin("A1").await;

    assert!(login.location().starts_with(&format!("{LOGIN_URI}&amazon_callback_uri=")));
    assert!(!login.location().contains("first"));
    assert!(!login.location().contains("version"));
    assert_eq!(login.parameter("selling_partner_id"), "A1");
    assert!(login.parameter("amazon_state").len() > 200);
    let callback_uri = format!("http://{US}.localhost:9001/apps/authorize/confirm/{PUBLISHED}");
    assert_eq!(login.parameter("amazon_callback_uri"), callback_uri);

    let reply = world.return_from_login(&login, &[]).await;

    assert!(reply.location().starts_with(&format!("{REDIRECT_URI}?state=second&selling_partner_id=A1&")));
    assert_eq!(world.exchange(&reply.parameter("spapi_oauth_code")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_draft_requires_version_beta_at_every_step() {
    let world = World::new();
    let beta = ("version", "beta");

    world.consent(&[("application_id", DRAFT), ("state", "s")]).await.assert_shows("MD1000");
    let login = world.consent(&[("application_id", DRAFT), ("state", "s"), beta, ("_as", "A1")]).await;

    assert_eq!(login.parameter("version"), "beta");
    world.return_from_login(&login, &[]).await.assert_shows("MD1000");
    world.return_from_login(&login, &[("version", "alpha")]).await.assert_shows("MD1000");
    assert_eq!(world.return_from_login(&login, &[beta]).await.status, StatusCode::FOUND);
}

#[tokio::test]
async fn amazon_state_must_be_returned_byte_for_byte() {
    let world = World::new();
    let login = world.begin("A1").await;
    let amazon_state = login.parameter("amazon_state");
    let encoded_twice = with_parameters("", &[("", &amazon_state)]).split_off(2);

    for changed in [
        &amazon_state[1..],
        &amazon_state.replace('+', " "),
        &amazon_state.to_lowercase(),
        &encoded_twice,
        "",
    ] {
        world.return_from_login(&login, &[("amazon_state", changed)]).await.assert_shows("MD5100");
    }
    let raw = format!("{}?state=s&amazon_state={amazon_state}", login.parameter("amazon_callback_uri"));
    world.get(&raw).await.assert_shows("MD5100");
    assert_eq!(world.return_from_login(&login, &[]).await.status, StatusCode::FOUND);
}

#[tokio::test]
async fn a_journey_ends_once_and_within_ten_minutes() {
    let world = World::new();
    let first = world.begin("A1").await;
    let second = world.begin("A1").await;

    world.clock.advance(590);
    assert_eq!(world.return_from_login(&first, &[]).await.status, StatusCode::FOUND);
    world.return_from_login(&first, &[]).await.assert_shows("MD5100");
    world.clock.advance(10);
    world.return_from_login(&second, &[]).await.assert_shows("MD5100");
}

#[tokio::test]
async fn a_journey_ends_only_for_the_application_with_which_it_began() {
    let world = World::new();
    let amazon_state = world.begin("A1").await.parameter("amazon_state");

    let url = format!("http://{US}.localhost:9001/apps/authorize/confirm/{DRAFT}");
    let parameters = [("amazon_state", amazon_state.as_str()), ("state", "s"), ("version", "beta")];
    world.get(&with_parameters(&url, &parameters)).await.assert_shows("MD5100");
}

#[tokio::test]
async fn the_callback_uri_has_every_shape_that_was_seen() {
    let world = World::new();
    let path = format!("/apps/authorize/confirm/{PUBLISHED}");
    let shapes = [
        ("amazon.com", format!("http://amazon.com.localhost:9001{path}")),
        ("trailing-slash", format!("http://{US}.localhost:9001{path}/")),
        ("relative", path),
    ];

    for (shape, expected) in shapes {
        world.control("website-form", json!({ "form": "4b", "callbackUri": shape })).await;
        world.control("website-form", json!({ "form": "4b" })).await;
        let login = world.begin("A1").await;
        assert_eq!(login.parameter("amazon_callback_uri"), expected);
        if shape != "relative" {
            assert_eq!(world.return_from_login(&login, &[]).await.status, StatusCode::FOUND, "{shape}");
        }
    }
}

#[tokio::test]
async fn a_journey_ends_only_on_the_host_on_which_it_began() {
    let world = World::new();
    let amazon_state = world.begin("A1").await.parameter("amazon_state");
    let at = |host: &str| {
        let url = format!("http://{host}.localhost:9001/apps/authorize/confirm/{PUBLISHED}");
        with_parameters(&url, &[("amazon_state", &amazon_state), ("state", "s")])
    };

    world.get(&at("sellercentral.amazon.ca")).await.assert_shows("MD4010");
    world.get(&at("www.amazon.com")).await.assert_shows("MD4010");
    assert_eq!(world.get(&at(US)).await.status, StatusCode::FOUND);
}
