//! Promise 7: nothing secret is in a log, a page, an event, a table, or a URL where Amazon does not require it.

use serde_json::json;

use crate::support::{
    linking::{RETURN_URL, SIGN_IN_URL, token_of},
    log::Log,
    world::World,
};

#[tokio::test]
async fn promise_7_nothing_secret_is_logged_shown_or_stored_in_the_clear() {
    // The most verbose log level that the environment can set.
    let log = Log::captured();
    let directory = std::env::temp_dir().join(format!("spapi-auth-{}", shared::secret::random_word()));
    let world = World::kept_in(&directory).await;
    let mut secrets = Vec::new();
    let mut pages = Vec::new();
    for (partner, fault) in
        [("A1US", "none"), ("A2US", "invalid_client"), ("A3US", "html"), ("A4US", "ok_error")]
    {
        let browser = world.browser();
        let callback = browser.website_until_callback("US", "seller", partner).await;
        let url = url::Url::parse(&callback).unwrap();
        let parameter =
            |name: &str| url.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
        secrets.push(parameter("spapi_oauth_code"));
        secrets.push(parameter("state").split_once('.').unwrap().1.to_owned());
        let cookie = browser.cookies();
        secrets.push(cookie.split(['=', '.']).nth(1).unwrap().to_owned());
        world.fault("token", fault, json!({"times": 1})).await;
        pages.push(browser.open(&callback).await.body);
        world.fault("token", "none", json!({})).await;
    }
    world.register_urls(Some(SIGN_IN_URL), &[RETURN_URL]).await;
    // By then every function has heard of them.
    world.advance(61).await;
    secrets.extend(secrets_of_linking(&world).await);
    world.fault("kms", "http_error", json!({})).await;
    world.advance(4000).await;
    pages.push(format!("{:?}", world.caller().token_of("A1US", "na").await.unwrap_err()));
    world.fault("kms", "none", json!({})).await;
    let token = world.caller().token_of("A1US", "na").await.unwrap();
    secrets.push(token["accessToken"].as_str().unwrap().to_owned());
    // Two new client secrets come through the queue, the second by hand.
    world.press_rotate().await;
    world.advance(5).await;
    let by_hand = world.press_rotate().await;
    let set =
        json!({"operation": "setClientSecret", "applicationId": world.application(), "secret": by_hand});
    pages.push(format!("{:?}", world.caller().invoke("administration", &set).await));
    world.advance(5).await;
    pages.extend(every_operation(&world, "A1US").await);
    let replay = json!({"operation": "replayEvents", "applicationId": world.application(),
        "from": "2000-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"});
    world.caller().invoke("administration", &replay).await.unwrap();
    let events: Vec<_> = world.stack.events().await.iter().map(|sent| sent.event.to_string()).collect();
    let books = std::fs::read_to_string(directory.join("amazon.json")).unwrap();
    let texts: Vec<_> = books.split('"').collect();
    secrets.extend(
        texts
            .iter()
            .filter(|text| text.starts_with("Atzr|") || text.starts_with("amzn1.oa2-cs."))
            .map(|&text| text.to_owned()),
    );
    assert!(secrets.iter().any(|text| text.starts_with("Atzr|")), "refresh tokens are among the canaries");
    assert!(secrets.iter().any(|text| text.starts_with("amzn1.oa2-cs.")), "and so is the client secret");

    let mut kept = Vec::new();
    for file in std::fs::read_dir(&directory).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("dynamodb") {
            kept.extend(std::fs::read(path).unwrap());
        }
    }
    let log = log.bytes();
    assert!(contains(&log, b"Authorization of grant "), "the log was captured");
    assert!(contains(&log, b"ClientSecretRotated"), "events are in the log");
    assert!(events.len() >= 8, "{} events", events.len());
    assert!(contains(&kept, b"fingerprint"), "the tables were read");
    for secret in &secrets {
        let shown = &secret[..6.min(secret.len())];
        assert!(!contains(&log, secret.as_bytes()), "{shown}… is in the log");
        assert!(!contains(&kept, secret.as_bytes()), "{shown}… is in a table");
        assert!(!events.iter().any(|event| event.contains(secret.as_str())), "{shown}… is in an event");
        assert!(!pages.iter().any(|page| page.contains(secret.as_str())), "{shown}… is on a page");
    }
    std::fs::remove_dir_all(&directory).unwrap();
}

/// What operators and integrators hear, of good requests and of some that carry a secret in the wrong place.
#[tokio::test]
async fn promise_7_a_secret_in_a_field_that_is_for_another_text_is_refused_and_shown_nowhere() {
    let log = Log::captured();
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let application = world.application();
    for secret in ["Atzr|IwEBMISPLACED0123456789", "x atza|MISPLACED0123456789", "amzn1.oa2-cs.v1.MISPLACED"]
    {
        let import = json!({"operation": "importGrant", "applicationId": application, "sellingPartnerId": "A2US", "region": "na", "kind": "self", "account": secret,
            "refreshToken": "Atzr|0123456789abcdefghijkl"});
        let disable = json!({"operation": "disableGrant", "applicationId": application, "sellingPartnerId": "A1US", "region": "na", "reason": secret});
        let enable = json!({"operation": "enableGrant", "applicationId": application, "sellingPartnerId": "A1US", "region": "na", "by": secret});
        let link = json!({"operation": "createAuthorizationLink", "applicationId": application, "account": "tenant-1", "label": secret, "marketplace": "US"});
        for (function, request, field) in [
            ("administration", &import, "account"),
            ("administration", &disable, "reason"),
            ("administration", &enable, "by"),
            ("authorizations", &link, "label"),
        ] {
            let failure = world.caller().invoke(function, request).await.unwrap_err();

            assert_eq!(failure.error_type, "InvalidRequest");
            let says = format!("{field}: expected a text without a secret");
            assert!(failure.error_message.starts_with(&says), "{failure:?}");
            assert!(!failure.error_message.contains("MISPLACED"), "{failure:?}");
        }
    }
    assert!(log.lines_with("MISPLACED").is_empty());
}

async fn every_operation(world: &World, partner: &str) -> Vec<String> {
    let invoke = async |function: &str, more: serde_json::Value| {
        let mut request =
            json!({"applicationId": world.application(), "sellingPartnerId": partner, "region": "na"});
        request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        format!("{:?}", world.caller().invoke(function, &request).await)
    };
    world.website_form("4a").await;
    let stranger = world.browser();
    let callback = stranger.website_until_callback("US", "seller", "A9US").await;
    stranger.open(&callback.replace("A9US", partner)).await;
    let secret = world.current_secret().await["clientSecret"].clone();
    let mut heard = Vec::new();
    for operation in ["getGrant", "getHistory", "listGrants", "disableGrant"] {
        heard.push(invoke("authorizations", json!({"operation": operation})).await);
    }
    for more in [
        json!({"operation": "importGrant", "kind": "self", "refreshToken": secret}),
        json!({"operation": "importGrant", "kind": secret, "refreshToken": "x"}),
        json!({"operation": "linkAccount", "account": null, "by": {"secret": secret}}),
        json!({"operation": "enableGrant", "reason": [secret]}),
        json!({"operation": secret}),
        json!({"operation": "enableGrant", secret.as_str().unwrap(): 1}),
        json!({"operation": "enableGrant", "by": "anne"}),
        json!({"operation": "linkAccount", "account": "tenant-1"}),
        json!({"operation": "removeGrant"}),
    ] {
        heard.push(invoke("administration", more).await);
    }
    let examine = json!({"operation": "examine", "applicationId": world.application()});
    heard.push(format!("{:?}", world.caller().invoke("administration", &examine).await));
    assert!(heard.iter().any(|answer| answer.contains("differs")), "grants were shown");
    heard
}

/// The secret halves of a link, of its state, of its result, and of a sign-in.
async fn secrets_of_linking(world: &World) -> Vec<String> {
    let browser = world.browser();
    let link = world.returning_link("tenant-1").await;
    let consent = browser.open_link(&link).await;
    let callback = browser.consent(&consent, "A5US").await;
    let returned = browser.open(&callback).await;
    let result = returned.location_parameter("result");
    world.complete(&result, "tenant-1").await.unwrap();
    let sign_in = browser.open(&world.appstore(&browser, "A6US").await).await;
    let fields = json!({"request": sign_in.location_parameter("request"), "account": "tenant-2"});
    let answer = world.ask("completeSignIn", fields).await.unwrap();
    let continue_url = answer["continueUrl"].as_str().unwrap().to_owned();
    assert!(browser.follow(&continue_url).await.is_connected());
    let cookies = browser.cookies();
    let offered = cookies.split("spapi-auth-offer=").nth(1).unwrap().split(';').next().unwrap();
    let halves = [token_of(&link), consent.location_parameter("state"), result];
    let halves = halves.iter().map(|token| token.split_once('.').unwrap().1.to_owned());
    let proof = continue_url.split_once("proof=").unwrap().1.to_owned();
    halves.chain([proof, offered.to_owned()]).collect()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
