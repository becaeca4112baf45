//! Promise 3: how often a code is sent to Amazon, and how the journey ends whatever Amazon answers.

use serde_json::json;

use crate::support::{
    environments::{error_type, token},
    log::Log,
    world::World,
};

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

/// Texts in the place of a refresh token that surely are none.
const NO_TOKENS: [&str; 31] = [
    "AKIAAAAAAAAAAAAAAAAA",
    "ASIA0123456789ABCDEF",
    "Atzr|Atzr|0123456789abcdefghijkl",
    "Atzr|0123456789abcdefghijkl,Atzr|0123456789abcdefghijkl",
    "Atzr|0123456789abcdefghijklAtzr|0123456789abcdefghijkl",
    "Atzr&#124;0123456789abcdefghijkl",
    "Atzr&#x7C;0123456789abcdefghijkl",
    "Atzr\\u007c0123456789abcdefghijkl",
    "Atzr\\|0123456789abcdefghijkl",
    "Atzr|%20%20%20%20%20%20%20%20%20%20",
    "Atzr%7C0123456789abcdefghijkl",
    "Atzr%257C0123456789abcdefghijkl",
    "QXR6cnwwMTIzNDU2Nzg5YWJjZGVmZ2hpamts",
    "41747a727c303132333435363738396162636465",
    "Atzr|REDACTED",
    "Atzr|[REDACTED]",
    "REDACTED",
    "refresh_token=Atzr|0123456789abcdefghijkl",
    "ATZR|0123456789ABCDEFGHIJKL",
    "atzr|0123456789abcdefghijkl",
    "Atzr:0123456789abcdefghijkl",
    "Atzr||||||||||||||||||||||||",
    "Atzr|0123456789abcdefghijkl&x=1",
    "Atzr|0123456789abcdefghijkl\"",
    "Atzr|0123456789abcdefghijkl'",
    "Atzr|0123456789abcdefghijkl\\n",
    "Atzr|0123456789abcdefghijkl;",
    "<refresh_token>Atzr|0123456789abcdefghijkl</refresh_token>",
    "https://example.com/0123456789abcdefghijkl",
    "A1EXAMPLESELLER",
    "invalid_grant",
];

/// Texts that may be tokens of a later form.
const OF_A_LATER_FORM: [&str; 4] = [
    "Atnr|0123456789abcdefghijkl",
    "Atzs|0123456789abcdefghijkl",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.abcdefabcdef",
    "0123456789abcdef0123456789abcdef",
];

#[tokio::test]
async fn promise_3_a_text_that_is_surely_no_refresh_token_ends_in_no_grant() {
    let log = Log::captured();
    let world = World::new().await;
    let body = |access: &str, refresh: &str| json!({"body": json!({"access_token": access, "expires_in": 3600, "refresh_token": refresh}).to_string()});
    for text in NO_TOKENS {
        // So many refused codes would use up the budget of a minute.
        world.advance(61).await;
        let ended = ends(&world, "body", body("Atza|x", text)).await;
        assert_eq!(ended, (Some("CODE_REFUSED".to_owned()), 1), "{text}");
    }
    for line in log.lines_with("has an odd refresh token, which was not taken") {
        assert!(NO_TOKENS.iter().all(|text| !line.to_string().contains(text)), "{line}");
        assert!(line["fields"]["shape"].as_str().unwrap().contains("refresh_token is a text of"), "{line}");
    }
    for text in OF_A_LATER_FORM {
        // Nothing else exists here, so Amazon is believed.
        assert_eq!(ends(&world, "body", body("Atza|x", text)).await, (None, 1), "{text}");
    }
}

#[tokio::test]
async fn no_text_but_a_refresh_token_of_the_known_form_replaces_one_that_works() {
    let log = Log::captured();
    let world = World::new().await;
    world.cold_seller("A1REPLACE").await;
    let before = world.grant("na", "A1REPLACE").await;
    let short = ["Atzr|b", "Atzr|0123456789", "Atzr|unknown-error"];
    for (number, text) in NO_TOKENS.into_iter().chain(OF_A_LATER_FORM).chain(short).enumerate() {
        let issued = format!("Atza|{number}");
        let answer = json!({"access_token": issued, "expires_in": 3600, "refresh_token": text}).to_string();
        world.fault("token", "body", json!({"body": answer, "times": 1})).await;

        assert_eq!(token(&world.fresh().token_of("A1REPLACE").await), issued, "{text}");

        assert_eq!(world.grant("na", "A1REPLACE").await, before, "{text}: the refresh token stays");
        world.advance(3601).await;
    }
    assert!(
        !log.lines_with("of a form that is not known")
            .iter()
            .any(|line| line.to_string().contains("A1REPLACE"))
    );
    let good = format!("Atzr|{}", shared::secret::random_word());
    let answer = json!({"access_token": "Atza|last", "expires_in": 3600, "refresh_token": good}).to_string();
    world.fault("token", "body", json!({"body": answer, "times": 1})).await;
    world.fresh().token_of("A1REPLACE").await.unwrap();
    assert_ne!(world.grant("na", "A1REPLACE").await, before);
}

#[tokio::test]
async fn a_text_that_is_surely_no_access_token_is_handed_out_to_nobody() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    // A colon in place of the line is a change of a refresh token's beginning alone.
    let none = NO_TOKENS.into_iter().filter(|text| !text.starts_with("Atzr:"));
    for text in none.chain(["Atzr|0123456789abcdefghijkl", "ATZA|x", "Atza%7Cx", "Bearer Atza|x"]) {
        let answer = json!({"access_token": text, "expires_in": 3600}).to_string();
        world.fault("token", "body", json!({"body": answer, "times": 1})).await;

        assert_eq!(error_type(&world.fresh().token_of("A1US").await), "AmazonUnavailable", "{text}");

        world.advance(61).await;
    }
    world.fresh().token_of("A1US").await.unwrap();
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
async fn promise_3_a_good_refresh_token_is_kept_whatever_stands_in_the_place_of_the_access_token() {
    let world = World::new().await;
    let mut bodies = vec![
        ("missing", json!({})),
        ("null", json!({"access_token": null})),
        ("a number", json!({"access_token": 7})),
        ("a list", json!({"access_token": ["Atza|x"]})),
        ("odd in all fields", json!({"access_token": {}, "expires_in": "soon", "token_type": 7})),
    ];
    let texts =
        ["", "a b", "Atzr|0123456789abcdefghijkl", "REDACTED", "<html>Forbidden</html>", "invalid_client"];
    bodies.extend(texts.map(|text| (text, json!({"access_token": text}))));
    for (number, (what, mut body)) in bodies.into_iter().enumerate() {
        let partner = format!("A1ODD{number}");
        let own = json!({"applicationId": world.application(), "sellingPartnerId": partner, "region": "na", "kind": "seller"});
        let authorized = world.control("self-authorization", own).await;
        body["refresh_token"] = authorized["refreshToken"].clone();
        let browser = world.browser();
        let callback = browser.website_until_callback("US", "seller", &partner).await;
        world.fault("token", "body", json!({"body": body.to_string(), "times": 1})).await;

        assert!(browser.open(&callback).await.is_connected(), "{what}");

        let grant = world.grant("na", &partner).await.unwrap();
        assert_eq!(grant["status"].as_s().unwrap(), "active", "{what}");
        world.fresh().token_of(&partner).await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
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
