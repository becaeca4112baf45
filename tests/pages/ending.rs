//! What a page says before and after consent, and the ways on.

use serde_json::json;

use super::{HOME, between, update, way_back};
use crate::support::{
    linking::{RETURN_URL, SIGN_IN_URL},
    world::World,
};

#[tokio::test]
async fn the_page_of_success_lists_what_was_connected_until_when_and_where_to_end_it() {
    let world = World::new().await;
    update(&world, json!({"homeUrl": HOME})).await;
    let stores = json!({"ATVPDKIKX0DER": "Clocks", "A2EUQ1WTGCTBG2": "Horloges"});
    let seller = json!({"sellingPartnerId": "A9US", "region": "na", "kind": "seller", "storeNames": stores});
    world.control("partners", seller).await;
    let browser = world.browser();
    let consent = browser.open_link(&world.link("tenant-1").await).await;
    let callback = browser.consent(&consent, "A9US").await;

    let page = browser.open(&callback).await;

    assert!(page.is_connected(), "{}", page.body);
    assert!(
        page.body.contains("The application <bdi>Example Application</bdi> can now use"),
        "{}",
        page.body
    );
    assert!(page.body.contains("<span class=\"done\">Done</span>"), "{}", page.body);
    let facts = between(&page, "<dl>", "</dl>");
    for fact in [
        "<dt>Amazon account</dt><dd><bdi>A9US</bdi></dd>",
        "<dt>Account in the application</dt><dd><bdi>Shop of tenant-1</bdi></dd>",
        "<div><bdi>Clocks</bdi> – United States</div>",
        "<div><bdi>Horloges</bdi> – Canada</div>",
    ] {
        assert!(facts.contains(fact), "{fact}: {facts}");
    }
    let listed = world.ask("getGrant", json!({"account": "tenant-1"})).await.unwrap();
    let grant = &listed["grant"];
    let until: jiff::civil::Date = grant["renewalDueAt"].as_str().unwrap()[..10].parse().unwrap();
    let day =
        |written: &str| format!("<dd><time datetime=\"{until}\">{}</time></dd>", until.strftime(written));
    assert!(facts.contains(&format!("<dt>Valid until</dt>{}", day("%-d %B %Y"))), "{facts}");
    let manage = grant["manageYourAppsUrl"].as_str().unwrap();
    assert_eq!(between(&page, "<a class=\"manage\" href=\"", "\""), manage);
    assert_eq!(way_back(&page).as_deref(), Some(HOME));
    let again = browser.open(&callback).await;
    assert_eq!(between(&again, "<dl>", "</dl>"), facts, "a reload shows the same");
    let german = browser.open_with(&callback, ("accept-language", "de")).await;
    assert!(between(&german, "<dl>", "</dl>").contains("<bdi>Horloges</bdi> – Kanada"), "{}", german.body);
    let japanese = browser.open_with(&callback, ("accept-language", "ja")).await;
    assert!(between(&japanese, "<dl>", "</dl>").contains(&day("%Y年%-m月%-d日")), "{}", japanese.body);
    // A partner whose grant is removed meanwhile is not shown what it was.
    let remove = json!({"operation": "removeGrant", "applicationId": world.application(), "sellingPartnerId": "A9US", "region": "na"});
    world.caller().invoke("administration", &remove).await.unwrap();
    assert!(!browser.open(&callback).await.body.contains("<dl>"));
}

#[tokio::test]
async fn the_page_of_a_link_says_before_consent_who_may_authorize_and_where() {
    let world = World::new().await;
    for (marketplace, kind, place, plan) in [
        ("US", "seller", "<bdi>sellercentral.amazon.com</bdi> (United States)", true),
        (
            "FR",
            "seller",
            "<bdi>sellercentral-europe.amazon.com</bdi> (France, Germany, Italy, Spain, United Kingdom)",
            true,
        ),
        ("IN", "vendor", "<bdi>www.vendorcentral.in</bdi> (India)", false),
    ] {
        let fields = json!({"account": "t", "label": "Shop", "marketplace": marketplace, "type": kind});
        let page = world.browser().open(&world.link_with(fields).await).await;

        assert!(page.body.contains(&format!("<dt>Sign in at</dt><dd>{place}</dd>")), "{}", page.body);
        let central = if kind == "seller" { "Seller Central" } else { "Vendor Central" };
        assert!(
            page.body.contains(&format!("Sign in to {central} as the primary user of the account")),
            "{}",
            page.body
        );
        assert_eq!(page.body.contains("Professional selling plan"), plan, "{marketplace}");
    }
}

#[tokio::test]
async fn a_journey_that_brings_nothing_leads_back_to_its_return_url_and_says_why() {
    let world = World::with_integrator(false).await;
    update(&world, json!({"homeUrl": HOME})).await;
    world.website_form("4a").await;
    for (trouble, status) in [("BAD_LINK", "failed"), ("EXPIRED", "failed")] {
        let browser = world.browser();
        let consent = browser.open_link(&world.returning_link("tenant-1").await).await;
        let callback = browser.consent(&consent, "A1US").await;
        let damaged = if trouble == "BAD_LINK" {
            callback.replace("spapi_oauth_code=", "code=")
        } else {
            world.advance(601).await;
            callback
        };

        let page = browser.open(&damaged).await;
        let stranger = world.browser().open(&damaged).await;

        assert_eq!(page.support_code(), Some(trouble), "{}", page.body);
        assert_eq!(way_back(&page), Some(format!("{RETURN_URL}&status={status}")), "{trouble}");
        assert!(page.body.contains("<span class=\"problem\">Problem</span>"), "{}", page.body);
        assert!(
            page.body.contains("<p class=\"main\"><a href=\"/authorize?again="),
            "{trouble}: {}",
            page.body
        );
        assert_eq!(way_back(&stranger).as_deref(), Some(HOME), "{trouble}: another browser did not begin it");
    }
}

#[tokio::test]
async fn a_partner_who_does_not_consent_is_sent_to_the_return_url_as_one_who_does() {
    let world = World::with_integrator(false).await;
    update(&world, json!({"homeUrl": HOME})).await;
    world.website_form("4a").await;
    let browser = world.browser();
    let url = world.returning_link("tenant-1").await;
    let consent = browser.open_link(&url).await;
    let callback = browser.consent(&consent, "A1US").await;
    let refused = callback.replace("spapi_oauth_code=", "error=access_denied&code=");

    let back = browser.open(&refused).await;
    let stranger = world.browser().open(&refused).await;

    assert_eq!(
        (back.status.as_u16(), back.location()),
        (303, &*format!("{RETURN_URL}&status=not_consented"))
    );
    assert_eq!(stranger.support_code(), Some("NOT_CONSENTED"), "another browser did not begin it");
    assert_eq!(way_back(&stranger).as_deref(), Some(HOME));
    assert!(world.grant("na", "A1US").await.is_none());

    // The same link opens the next try, and a link without a return URL ends on a page.
    assert_eq!(browser.authorize_with(&url, "A1US").await.status, 303);
    let consent = browser.open_link(&world.link("tenant-2").await).await;
    let callback = browser.consent(&consent, "A2US").await;
    let page = browser.open(&callback.replace("spapi_oauth_code=", "error=access_denied&code=")).await;
    assert_eq!(page.support_code(), Some("NOT_CONSENTED"), "{}", page.body);

    // A return URL that was taken away gets no browser any more.
    let consent = browser.open_link(&world.returning_link("tenant-3").await).await;
    let callback = browser.consent(&consent, "A3US").await;
    world.deregister_urls().await;
    world.advance(61).await;
    let page = browser.open(&callback.replace("spapi_oauth_code=", "error=access_denied&code=")).await;
    assert_eq!(page.support_code(), Some("NOT_CONSENTED"), "{}", page.body);
}

#[tokio::test]
async fn a_sign_in_that_is_opened_again_after_success_shows_success() {
    let world = World::with_integrator(true).await;
    let browser = world.browser();
    let sign_in = browser.open(&world.appstore(&browser, "A1US").await).await;
    assert!(sign_in.location().starts_with(SIGN_IN_URL));
    let request = sign_in.location_parameter("request");
    let answer =
        world.ask("completeSignIn", json!({"request": request, "account": "tenant-1"})).await.unwrap();
    let continue_url = answer["continueUrl"].as_str().unwrap();
    assert!(browser.follow(continue_url).await.is_connected());

    assert!(browser.open(continue_url).await.is_connected());
    world.advance(601).await;
    let again = browser.open(continue_url).await;
    let stranger = world.browser().open(continue_url).await;

    assert!(again.is_connected(), "{}", again.body);
    assert!(again.body.contains("<bdi>Example Application</bdi>"), "{}", again.body);
    assert_eq!(stranger.support_code(), Some("OTHER_BROWSER"), "{}", stranger.body);
}

#[tokio::test]
async fn a_page_that_says_start_again_has_the_button_that_does_so() {
    let world = World::with_integrator(false).await;
    let browser = world.browser();
    // A state that is not known, in a browser that has begun a journey.
    let consent = browser.open_link(&world.link("tenant-1").await).await;
    let callback = browser.consent(&consent, "A1US").await;
    for unknown in [
        callback.replace("state=", "state=x"),
        world.site("/callback?state=y&spapi_oauth_code=c&selling_partner_id=A1US"),
    ] {
        let page = browser.open(&unknown).await;
        assert_eq!(page.support_code(), Some("UNKNOWN_STATE"), "{}", page.body);
        let again = browser.open(&world.site(&page.choice("Start again"))).await;
        assert!(again.body.contains("<bdi>Shop of tenant-1</bdi>"), "{}", again.body);
        let stranger = world.browser().open(&unknown).await;
        assert!(stranger.choices().is_empty(), "it has begun nothing: {}", stranger.body);
    }

    // A journey that Amazon began begins at the same site of Amazon.
    let expired = async |world: &World| {
        let browser = world.browser();
        let arrival = world.appstore(&browser, "A1US").await;
        let callback = browser.follow_until(&arrival, "/callback?").await;
        world.advance(601).await;
        let page = browser.open(&callback).await;
        assert_eq!(page.support_code(), Some("EXPIRED"), "{}", page.body);
        (browser, page)
    };
    let (browser, page) = expired(&world).await;
    let again = browser.open(&world.site(&page.choice("Start again"))).await;
    assert!(
        again.location().starts_with(&world.amazon("sellercentral.amazon.com", "/apps/authorize/consent?"))
    );

    // Where no browser may begin a journey here, or the partner signs in at the integrator's first, it begins at Amazon again.
    let closed = World::with_variables(&[("DIRECT_AUTHORIZE", "off")]).await;
    assert!(expired(&closed).await.1.choices().is_empty());
    let (_, page) = expired(&world).await;
    let way = world.site(&page.choice("Start again"));
    world.register_urls(Some(SIGN_IN_URL), &[]).await;
    world.advance(61).await;
    assert_eq!(world.browser().open(&way).await.support_code(), Some("START_ELSEWHERE"));
}
