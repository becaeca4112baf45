//! A refresh token that Amazon has issued survives transient failures.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::world::{World, attribute};

#[tokio::test]
async fn transient_failures_of_amazon_and_aws_are_retried_until_they_end() {
    let world = World::new().await;
    let cases = [
        ("token", "http_error", json!({"status": 500, "times": 2})),
        ("token", "html", json!({"times": 2})),
        ("token", "throttle", json!({"times": 2, "retryAfter": 1})),
        ("token", "reset", json!({"times": 1})),
        ("token", "http_error", json!({"status": 403, "times": 2})),
        ("token", "http_error", json!({"status": 404, "times": 2})),
        ("token", "http_error", json!({"status": 408, "times": 2})),
        ("token", "body", json!({"status": 403, "body": "<html>blocked</html>", "times": 2})),
        ("token", "body", json!({"status": 400, "body": "{\"message\":\"Bad Request\"}", "times": 2})),
        ("sp-api", "http_error", json!({"status": 503, "times": 2})),
        ("sp-api", "html", json!({"times": 2})),
        ("sp-api", "reset", json!({"times": 2})),
        ("kms", "throttle", json!({"times": 4})),
        ("kms", "http_error", json!({"times": 4})),
        ("secretsmanager", "http_error", json!({"times": 4})),
        ("dynamodb", "throttle", json!({"times": 4})),
        ("dynamodb", "http_error", json!({"times": 4})),
        ("dynamodb", "reset", json!({"times": 4})),
    ];
    for (number, (endpoint, fault, more)) in cases.into_iter().enumerate() {
        let partner = format!("A{number}");
        let browser = world.browser();
        // No environment has a data key or a secret at hand any more.
        world.advance(3600).await;
        let callback = browser.website_until_callback("US", "seller", &partner).await;
        world.fault(endpoint, fault, more).await;

        let page = browser.open(&callback).await;

        assert!(page.is_connected(), "{endpoint} {fault}: {} {}", page.status, page.body);
        let grant = world.grant("na", &partner).await.unwrap();
        assert!(!grant["stores"].as_l().unwrap().is_empty(), "{endpoint} {fault}: verified");
        assert_eq!(attribute(&grant, "version"), "1");
        world.control("reset", json!({})).await;
    }
}

#[tokio::test]
async fn a_refused_client_secret_is_the_applications_failure_and_the_page_says_so() {
    let world = World::new().await;
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", "A1US").await;
    world.fault("token", "invalid_client", json!({})).await;

    let page = browser.open(&callback).await;

    assert_eq!(page.support_code(), Some("APPLICATION_REFUSED"));
    assert!(world.grant("na", "A1US").await.is_none());
}

#[tokio::test]
async fn a_slow_exchange_and_a_verification_that_hangs_end_in_a_page_before_the_gateway_gives_up() {
    let world = World::new().await;
    // Nothing shows the region, so that the verification has all the time there is.
    world.control("website-form", json!({"form": "4b", "callbackUri": "amazon.com"})).await;
    let browser = world.browser();
    let appstore = format!("/appstore/{}?_as=A1US", world.application());
    let appstore = world.amazon("sellercentral.amazon.com", &appstore);
    let callback = browser.follow_until(&appstore, "/callback?").await;
    world.fault("token", "latency", json!({"milliseconds": 13_000})).await;
    world.fault("sp-api", "hang", json!({})).await;
    let asked_at = Instant::now();

    let page = browser.open(&callback).await;

    assert!(page.is_connected(), "{} {}", page.status, page.body);
    assert!(asked_at.elapsed() < Duration::from_secs(29), "{:?}", asked_at.elapsed());
    assert!(world.caller().token_of("A1US", "na").await.is_ok());
}
