//! A link: shown without being used, used once, for its time.

use futures::future::join_all;
use reqwest::{StatusCode, header::SET_COOKIE};
use serde_json::json;

use crate::support::{
    browser::Shown,
    linking::{RETURN_URL, token_of},
    world::{World, attribute},
};

#[tokio::test]
async fn a_link_ends_in_a_token_for_its_account_in_both_forms() {
    for form in ["4a", "4b"] {
        let world = World::with_integrator(false).await;
        world.website_form(form).await;
        let browser = world.browser();
        let url = world.link("tenant-1").await;

        let page = browser.open(&url).await;
        assert!(page.body.contains("Example Application") && page.body.contains("Shop of tenant-1"));
        assert!(!page.body.contains("tenant-1 ") && page.support_code().is_none());
        let connected = browser.authorize_with(&url, "A1US").await;

        assert!(connected.is_connected(), "{form}: {}", connected.body);
        assert_eq!(world.account_of("A1US").await.as_deref(), Some("tenant-1"));
        let token = world.caller().token(&json!({"account": "tenant-1", "region": "na"})).await.unwrap();
        assert_eq!(token["sellingPartnerId"], "A1US");
    }
}

#[tokio::test]
async fn looking_at_a_link_consumes_nothing_and_is_never_cached() {
    let world = World::with_integrator(false).await;
    let url = world.link("tenant-1").await;
    for _ in 0..3 {
        let scanner = world.browser();
        assert_eq!(scanner.open(&url).await.status, StatusCode::OK);
        let head = scanner.head(&url).await;
        assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
        assert_eq!(head.headers["cache-control"], "no-store");
    }

    assert!(world.browser().authorize_with(&url, "A1US").await.is_connected());
}

#[tokio::test]
async fn no_site_may_frame_the_page_of_a_link_and_its_form_posts_only_to_the_functions_and_amazon() {
    let world = World::with_integrator(false).await;
    let page = world.browser().open(&world.link("tenant-1").await).await;

    let policy = page.headers["content-security-policy"].to_str().unwrap();
    let amazon = format!("form-action 'self' http://*.localhost:{};", world.stack.ports().amazon);
    assert!(policy.contains(&amazon), "Chromium holds redirects after a form against it: {policy}");
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"));
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    assert!(page.body.contains("name=\"referrer\" content=\"same-origin\""), "or Origin would be null");
    assert!(!page.body.contains("<script") && page.body.contains("method=\"post\" action=\"/authorize\""));
}

#[tokio::test]
async fn a_link_works_once() {
    for form in ["4a", "4b"] {
        let world = World::with_integrator(false).await;
        world.website_form(form).await;
        let url = world.link("tenant-1").await;
        let browser = world.browser();
        assert!(browser.authorize_with(&url, "A1US").await.is_connected());

        for other in [browser, world.browser()] {
            assert_eq!(other.open(&url).await.support_code(), Some("LINK_USED"));
            let answer = other.post_link(&url).await;
            assert_eq!(
                (answer.status, answer.support_code()),
                (StatusCode::GONE, Some("LINK_USED")),
                "{form}"
            );
            assert_eq!(answer.headers.get(SET_COOKIE), None);
        }
    }
}

#[tokio::test]
async fn a_link_works_for_its_time() {
    let world = World::with_integrator(false).await;
    let browser = world.browser();
    let week = world.link("tenant-1").await;
    let fields = json!({"account": "tenant-2", "label": "Shop 2", "marketplace": "US", "validSeconds": 60});
    let minute = world.link_with(fields).await;
    world.advance(61).await;
    for _ in 0..2 {
        assert_eq!(browser.open(&minute).await.support_code(), Some("LINK_EXPIRED"));
        assert_eq!(browser.post_link(&minute).await.support_code(), Some("LINK_EXPIRED"));
    }

    world.advance(7 * 24 * 3600 - 600).await;
    assert_eq!(browser.open(&week).await.status, StatusCode::OK);
    world.advance(600).await;
    assert_eq!(browser.open(&week).await.support_code(), Some("LINK_EXPIRED"));
    assert_eq!(browser.post_link(&week).await.support_code(), Some("LINK_EXPIRED"));
}

#[tokio::test]
async fn a_second_press_goes_on_with_the_same_journey_and_a_stranger_does_not() {
    let world = World::with_integrator(false).await;
    let browser = world.browser();
    let url = world.link("tenant-1").await;
    let first = browser.open_link(&url).await;

    let second = browser.open_link(&url).await;
    assert_eq!(first.location(), second.location());
    assert_eq!(world.browser().post_link(&url).await.support_code(), Some("LINK_USED"));
    assert_eq!(world.browser().open(&url).await.support_code(), Some("LINK_USED"));

    let callback = browser.consent(&first, "A1US").await;
    assert!(browser.open(&callback).await.is_connected());
}

#[tokio::test]
async fn a_link_whose_journey_was_left_at_amazon_opens_another_after_its_ten_minutes() {
    let world = World::with_integrator(false).await;
    for other_browser in [false, true] {
        let account = format!("tenant-{other_browser}");
        let (browser, url) = (world.browser(), world.link(&account).await);
        let first = browser.open_link(&url).await;
        let next = if other_browser { world.browser() } else { browser.clone() };
        if other_browser {
            assert_eq!(
                next.post_link(&url).await.support_code(),
                Some("LINK_USED"),
                "a browser may be at Amazon's consent page"
            );
        }
        world.advance(601).await;

        let second = next.open_link(&url).await;

        assert_ne!(first.location(), second.location(), "the old journey is not continued");
        let partner = format!("A{}", u8::from(other_browser));
        let callback = next.consent(&second, &partner).await;
        assert!(next.open(&callback).await.is_connected());
        assert_eq!(world.account_of(&partner).await.as_deref(), Some(account.as_str()));
        for browser in [&browser, &next] {
            assert_eq!(browser.post_link(&url).await.support_code(), Some("LINK_USED"));
        }
    }
}

#[tokio::test]
async fn ten_browsers_that_open_a_left_link_at_the_same_time_open_one_journey() {
    let world = World::with_integrator(false).await;
    let url = world.link("tenant-1").await;
    world.browser().open_link(&url).await;
    world.advance(601).await;
    let strangers: Vec<_> = (0..10).map(|_| world.browser()).collect();

    let pressed = join_all(strangers.iter().map(|browser| browser.post_link(&url))).await;

    assert_eq!(pressed.iter().filter(|answer| answer.status == 303).count(), 1);
    for answer in pressed.iter().filter(|answer| answer.status != 303) {
        assert!(matches!(answer.support_code(), Some("LINK_USED" | "UNAVAILABLE")), "{}", answer.body);
    }
}

#[tokio::test]
async fn two_posts_of_one_link_at_the_same_time_open_one_journey() {
    let world = World::with_integrator(false).await;
    let url = world.link("tenant-1").await;
    let one = world.browser();
    one.open(&url).await;
    let pressed = join_all((0..10).map(|_| one.post_link(&url))).await;
    let places: std::collections::HashSet<_> =
        pressed.iter().filter(|answer| answer.status == 303).map(Shown::location).collect();
    assert_eq!(places.len(), 1, "one browser comes to one journey");

    let url = world.link("tenant-2").await;
    let strangers: Vec<_> = (0..10).map(|_| world.browser()).collect();
    let pressed = join_all(strangers.iter().map(|browser| browser.post_link(&url))).await;
    assert_eq!(pressed.iter().filter(|answer| answer.status == 303).count(), 1);
    for answer in pressed.iter().filter(|answer| answer.status != 303) {
        assert!(matches!(answer.support_code(), Some("LINK_USED" | "UNAVAILABLE")), "{}", answer.body);
    }
}

#[tokio::test]
async fn another_site_cannot_press_the_button() {
    let world = World::with_integrator(false).await;
    let url = world.link("tenant-1").await;
    let browser = world.browser();
    browser.open(&url).await;
    let own = world.site("");
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", own.as_str())],
        &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
        &[("sec-fetch-site", "same-origin, same-origin")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1")],
        &[("origin", "")],
    ] {
        let answer = browser.post_link_with(&url, headers).await;
        assert_eq!((answer.status, answer.support_code()), (StatusCode::FORBIDDEN, Some("START_ELSEWHERE")));
    }
    for headers in [
        &[("sec-fetch-site", "same-origin"), ("origin", own.as_str())][..],
        &[("sec-fetch-site", "same-origin"), ("origin", "null")],
        &[("origin", own.as_str())],
    ] {
        assert_eq!(browser.post_link_with(&url, headers).await.status, StatusCode::SEE_OTHER, "{headers:?}");
    }
}

#[tokio::test]
async fn a_link_opens_though_starting_directly_is_switched_off() {
    let world = World::with_variables(&[("DIRECT_AUTHORIZE", "off")]).await;
    let url = world.link("tenant-1").await;

    assert!(world.browser().authorize_with(&url, "A1US").await.is_connected());
    let direct = world.browser().open(&world.site("/authorize?marketplace=US&type=seller")).await;
    assert_eq!(direct.support_code(), Some("START_ELSEWHERE"));
}

#[tokio::test]
async fn promise_7_a_link_and_a_result_are_stored_as_their_hashes_alone() {
    let world = World::with_integrator(false).await;
    let url = world.returning_link("tenant-1").await;
    let browser = world.browser();
    let returned = browser.authorize_with(&url, "A1US").await;

    let (link_id, secret) =
        token_of(&url).split_once('.').map(|(id, s)| (id.to_owned(), s.to_owned())).unwrap();
    let link = world.row("spapi-auth-authorization-links", ("link_id", &link_id)).await.unwrap();
    assert!(!format!("{link:?}").contains(&secret));
    assert_eq!(attribute(&link, "secret_hash"), shared::secret::Fingerprint::of(&secret).as_str());
    let result = returned.location_parameter("result");
    let (request_id, secret) = result.split_once('.').unwrap();
    let request = world.row("spapi-auth-authorization-requests", ("request_id", request_id)).await.unwrap();
    assert!(!format!("{request:?}").contains(secret));
    assert_eq!(secret.len(), 22, "128 bits");
    assert!(returned.location().starts_with(RETURN_URL));
    assert!(!returned.location().contains("tenant-1") && !returned.location().contains("A1US"));
}

#[tokio::test]
async fn a_link_for_a_region_or_a_vendor_leads_where_its_partner_consents() {
    let world = World::with_integrator(false).await;
    for (place, host, region, partner) in [
        (json!({"region": "na"}), "sellercentral.amazon.com", "na", "A1NA"),
        (json!({"region": "eu"}), "sellercentral-europe.amazon.com", "eu", "A1EU"),
        (json!({"region": "fe"}), "sellercentral.amazon.co.jp", "fe", "A1FE"),
        (json!({"marketplace": "DE", "type": "vendor"}), "vendorcentral.amazon.de", "eu", "VDE01"),
        (json!({"marketplace": "A21TJRUUN4KGV", "type": "vendor"}), "www.vendorcentral.in", "eu", "VIN01"),
    ] {
        let mut fields = json!({"account": partner, "label": "Clocks & Söhne <b>"});
        fields.as_object_mut().unwrap().extend(place.as_object().unwrap().clone());
        let url = world.link_with(fields).await;
        let browser = world.browser();
        assert!(browser.open(&url).await.body.contains("Clocks &amp; Söhne &lt;b&gt;"));
        let consent = browser.open_link(&url).await;
        let consent_page = world.amazon(host, "/apps/authorize/consent?application_id=");
        assert!(consent.location().starts_with(&consent_page), "{}", consent.location());

        let callback = browser.consent(&consent, partner).await;

        assert!(browser.open(&callback).await.is_connected());
        assert_eq!(attribute(&world.grant(region, partner).await.unwrap(), "account"), partner);
    }
}

#[tokio::test]
async fn a_link_links_one_partner_though_both_of_its_legs_come_back() {
    let world = World::with_integrator(false).await;
    let browser = world.browser();
    let consent = browser.open_link(&world.link("tenant-1").await).await;
    let state = consent.location_parameter("state");
    // The first leg is left at Amazon, and another store comes by the Login URI.
    let second = browser.follow_until(&world.appstore(&browser, "A2US").await, "/callback?").await;
    world.website_form("4a").await;
    let first = world.browser().website_until_callback("US", "seller", "A1US").await;
    let code = reqwest::Url::parse(&first).unwrap();
    let code = code.query_pairs().find(|(name, _)| name == "spapi_oauth_code").unwrap().1.into_owned();
    let first = format!("/callback?state={state}&selling_partner_id=A1US&spapi_oauth_code={code}");

    assert!(browser.open(&world.site(&first)).await.is_connected());
    let late = browser.open(&second).await;

    assert_eq!(late.support_code(), Some("INTERRUPTED"), "{}", late.body);
    assert_eq!(world.account_of("A1US").await.as_deref(), Some("tenant-1"));
    assert!(world.grant("na", "A2US").await.is_none());
}
