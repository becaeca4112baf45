//! Promise 3: how often a code is sent to Amazon, and how the journey ends whatever Amazon answers.

use serde_json::json;

use crate::support::world::World;

/// How a fresh journey ends under a fault: its support code (`None` if it is connected), and how often its code was sent.
async fn ends(world: &World, fault: &str, more: serde_json::Value) -> (Option<String>, u64) {
    world.control("reset", json!({})).await;
    let partner = format!("A{}", shared::secret::random_word().replace(['-', '_'], "x"));
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", &partner).await;
    world.fault("token", fault, more).await;
    let page = browser.open(&callback).await;
    let sent = world.exchanges().await;
    world.fault("token", "none", json!({})).await;
    // Whatever it says, loading it again soon sends nothing.
    browser.open(&callback).await;
    assert_eq!(world.exchanges().await, sent, "{fault}");
    assert_eq!(world.grant("na", &partner).await.is_some(), page.is_connected());
    let code =
        if page.is_connected() { None } else { Some(page.support_code().unwrap_or("WAIT").to_owned()) };
    (code, sent)
}

#[tokio::test]
async fn promise_3_a_code_is_never_sent_again_after_a_whole_or_partial_success() {
    let world = World::new().await;
    let body = |text: &str| ("body", json!({"body": text}));
    for (fault, more) in [
        ("empty", json!({})),
        ("truncated", json!({})),
        ("partial", json!({})),
        ("oversized", json!({})),
        body(r#"{"access_token":"Atza|x","expires_in":3600}"#),
        body(r#"{"access_token":"Atza|x","refresh_token":""}"#),
        body(r#"{"access_token":"Atza|x","refresh_token":null}"#),
        body(r#"{"access_token":"Atza|x","refresh_token":"a b"}"#),
        body(r#"{"refresh_token":"Atzr|x"}"#),
        body("<html>hello</html>"),
        body("[]"),
        body(r#"{"error":"unknown"}"#),
    ] {
        let ended = ends(&world, fault, more.clone()).await;
        assert_eq!(ended, (Some("CODE_REFUSED".to_owned()), 1), "{fault} {more}");
    }
}

#[tokio::test]
async fn promise_3_a_code_that_amazon_did_not_take_is_sent_up_to_three_times() {
    let world = World::new().await;
    for (fault, more) in [
        ("http_error", json!({"status": 500})),
        ("html", json!({})),
        ("throttle", json!({})),
        ("redirect", json!({})),
        ("http_error", json!({"status": 403})),
        ("http_error", json!({"status": 404})),
        ("http_error", json!({"status": 408})),
        ("body", json!({"status": 404, "body": "<html>not here</html>"})),
    ] {
        let ended = ends(&world, fault, more.clone()).await;
        assert_eq!(ended, (Some("WAIT".to_owned()), 3), "{fault} {more}");
    }
}

#[tokio::test]
async fn promise_3_a_code_without_an_answer_is_sent_once_more() {
    let world = World::new().await;
    assert_eq!(ends(&world, "reset", json!({"times": 1})).await, (None, 2));
    assert_eq!(ends(&world, "reset", json!({})).await, (Some("CODE_REFUSED".to_owned()), 2));
    // Amazon took it, and its answer was lost.
    let lost = ends(&world, "unanswered", json!({"times": 1})).await;
    assert_eq!(lost, (Some("CODE_REFUSED".to_owned()), 2));
}

#[tokio::test]
async fn a_code_refused_in_whatever_words_is_started_again_and_only_a_refused_client_is_ours() {
    let world = World::new().await;
    for (status, word, code) in [
        (400, "invalid_request", "CODE_REFUSED"),
        (400, "unauthorized_client", "CODE_REFUSED"),
        (401, "unauthorized_client", "CODE_REFUSED"),
        (400, "access_denied", "CODE_REFUSED"),
        (400, "unsupported_grant_type", "CODE_REFUSED"),
        (400, "INVALID_GRANT", "CODE_REFUSED"),
        (422, "expired_code", "CODE_REFUSED"),
        (400, "invalid_client", "APPLICATION_REFUSED"),
        (401, "invalid_client", "APPLICATION_REFUSED"),
    ] {
        let body = json!({"error": word}).to_string();
        let ended = ends(&world, "body", json!({"status": status, "body": body})).await;
        assert_eq!(ended, (Some(code.to_owned()), 1), "{status} {word}");
    }
}

#[tokio::test]
async fn a_good_refresh_token_beside_odd_fields_is_accepted() {
    let world = World::new().await;
    for odd in [
        json!({"expires_in": "soon"}),
        json!({"expires_in": null, "token_type": 7}),
        json!({"token_type": null, "expires_in": [1]}),
        json!({"scope": {"a": "b"}}),
    ] {
        let mut body = json!({"access_token": "Atza|x", "refresh_token": format!("Atzr|{}", shared::secret::random_word())});
        body.as_object_mut().unwrap().extend(odd.as_object().unwrap().clone());
        let ended = ends(&world, "body", json!({"body": body.to_string(), "times": 1})).await;
        assert_eq!(ended, (None, 1), "{odd}");
    }
}

#[tokio::test]
async fn an_authorization_whose_token_cannot_be_sealed_is_reported_as_lost_and_its_code_is_not_sent_again() {
    let world = World::new().await;
    let browser = world.browser();
    // No environment has a data key at hand any more.
    world.advance(3600).await;
    let callback = browser.website_until_callback("US", "seller", "A1US").await;
    world.fault("kms", "http_error", json!({})).await;
    let cookie = browser.cookies();

    let page = crate::support::invocation::callback(&world, &callback, &cookie).await;

    assert!(format!("{page:?}").contains("CODE_REFUSED"), "{page:?}");
    assert_eq!(world.counted("RefreshTokensLost", ("Function", "code-exchange")), 1);
    world.fault("kms", "none", json!({})).await;
    world.advance(101).await;
    assert_eq!(browser.open(&callback).await.support_code(), Some("CODE_REFUSED"));
    assert_eq!(world.exchanges().await, 1);
    assert!(world.grant("na", "A1US").await.is_none());
}
