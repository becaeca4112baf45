//! The headers of every answer, and the attributes of the cookie.

use std::time::Duration;

use reqwest::header::SET_COOKIE;
use serde_json::json;

use crate::support::{browser::Shown, world::World};

/// Nothing of the answer is stored, framed, sniffed, or sent to the next site, and no script or foreign style runs.
pub(super) fn assert_guarded(shown: &Shown, what: &str) {
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(shown.headers.get(name).unwrap(), value, "{name}: {what}");
    }
    let header = |name: &str| shown.headers.get(name).unwrap().to_str().unwrap();
    let policy = header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{what}: {policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
    assert!(!policy.contains("unsafe"), "{what}: {policy}");
    assert!(header("strict-transport-security").starts_with("max-age=63072000"), "{what}");
    for forbidden in ["<script", " style=", " src=", "http-equiv=\"content"] {
        assert!(!shown.body.contains(forbidden), "{forbidden}: {what}");
    }
}

#[tokio::test]
async fn every_redirect_is_guarded_and_its_cookie_is_http_only() {
    let world = World::new().await;
    world.website_form("4b").await;
    let browser = world.browser();
    let authorize = browser.open(&world.site("/authorize?marketplace=US&type=seller")).await;
    let consent = format!("{}&_as=A1US", authorize.location());
    let login = browser.follow_until(&consent, "/login?").await;
    let login = browser.open(&login).await;
    let passed_on = browser.open(&world.site("/login?spapi_oauth_code=x")).await;

    for (answer, what) in [(&authorize, "authorize"), (&login, "login"), (&passed_on, "passed on")] {
        assert_eq!(answer.status, 302, "{what}");
        assert_guarded(answer, what);
    }
    for answer in [authorize, login] {
        let cookie = answer.headers[SET_COOKIE].to_str().unwrap();
        let (_, attributes) = cookie.split_once("; ").unwrap();
        let attributes: Vec<_> = attributes.split("; ").collect();
        for wanted in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(attributes.contains(&wanted), "{cookie}");
        }
        assert!(!cookie.to_ascii_lowercase().contains("domain"), "{cookie}");
    }
    assert_eq!(passed_on.headers.get(SET_COOKIE), None);
}

#[tokio::test]
async fn every_page_is_guarded() {
    let world = World::new().await;
    let browser = world.browser();
    let connected = browser.website("US", "seller", "A1US").await;
    assert!(connected.is_connected());

    world.fault("token", "latency", json!({"milliseconds": 4000, "times": 1})).await;
    let callback = browser.website_until_callback("DE", "seller", "A1DE").await;
    let (_, exchanging) = futures::join!(browser.open(&callback), async {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        browser.open(&callback).await
    });
    assert!(exchanging.looks_again(), "{}", exchanging.body);

    let choose = {
        for country in ["US", "DE"] {
            let start = format!("/authorize?marketplace={country}&type=seller");
            browser.open(&world.site(&start)).await;
        }
        let path = format!(
            "/login?amazon_callback_uri=/apps/authorize/confirm/{}&amazon_state=x&selling_partner_id=A1",
            world.application()
        );
        browser.open(&world.site(&path)).await
    };
    assert!(choose.body.contains("<a href"), "{}", choose.body);

    let refused = browser.open(&world.site("/callback?state=x")).await;
    world.fault("dynamodb", "http_error", json!({"status": 500})).await;
    let unavailable = world.browser().open(&world.site("/authorize?marketplace=US&type=seller")).await;
    assert!(unavailable.status.is_server_error());
    assert!(unavailable.support_code().is_some());

    for (page, what) in [
        (connected, "connected"),
        (exchanging, "exchanging"),
        (choose, "choose"),
        (refused, "refused"),
        (unavailable, "unavailable"),
    ] {
        assert_guarded(&page, what);
        assert_eq!(page.headers.get(SET_COOKIE), None, "{what}");
    }
}
