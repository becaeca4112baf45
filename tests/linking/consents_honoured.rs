//! Whatever a partner has consented to, the journey that carried it is honoured, or refused with a way on; it is never dropped.

use serde_json::json;

use crate::support::{
    browser::{Browser, Shown},
    linking::{RETURN_URL, SIGN_IN_URL, token_of},
    world::{World, attribute},
};

const OVER_NIGHT: u32 = 14 * 3600;

/// From Amazon's consent page, as this partner, to the first page of this site that is not a redirect.
async fn consented(browser: &Browser, consent: &Shown, partner: &str) -> Shown {
    browser.follow(&format!("{}&_as={partner}", consent.location())).await
}

#[tokio::test]
async fn a_slow_consent_is_asked_for_its_link_and_keeps_account_and_return_url() {
    for slow in [600, 610, 3600, OVER_NIGHT, 3 * 24 * 3600] {
        for returning in [false, true] {
            let world = World::with_integrator(false).await;
            let browser = world.browser();
            let url = if returning { world.returning_link("t-x").await } else { world.link("t-x").await };
            let consent = browser.open_link(&url).await;
            world.advance(slow).await;

            let asked = consented(&browser, &consent, "A1US").await;

            assert!(asked.status.is_success() && !asked.is_connected(), "{slow} s: {}", asked.body);
            assert_eq!(world.exchanges().await, 0, "{slow} s: before the code is exchanged");
            assert_eq!(asked.choices().len(), 2, "{slow} s: {}", asked.body);
            let callback =
                browser.follow_until(&world.site(&asked.choice("Shop of t-x")), "/callback?").await;
            let ended = browser.open(&callback).await;
            if returning {
                assert!(ended.location().starts_with(RETURN_URL), "{slow} s: {}", ended.body);
                world.complete(&ended.location_parameter("result"), "t-x").await.unwrap();
            } else {
                assert!(ended.is_connected(), "{slow} s: {}", ended.body);
            }
            let token = world.caller().token(&json!({"account": "t-x"})).await.unwrap();
            assert_eq!(token["sellingPartnerId"], "A1US", "{slow} s");
            assert_eq!(browser.post_link(&url).await.support_code(), Some("LINK_USED"));
        }
    }
}

#[tokio::test]
async fn a_slow_vendors_renewal_renews_its_grant() {
    let world = World::with_integrator(false).await;
    let fields = json!({"account": "vendor-1", "label": "Vendor 1", "marketplace": "DE", "type": "vendor"});
    world.browser().authorize_with(&world.link_with(fields).await, "VDE01").await;
    let renewal =
        world.ask("requestRenewal", json!({"account": "vendor-1", "label": "Vendor 1"})).await.unwrap();
    for (partner, refused) in [("VDE01", false), ("VDE02", true)] {
        let browser = world.browser();
        let renewal = if refused {
            world.ask("requestRenewal", json!({"account": "vendor-1"})).await.unwrap()
        } else {
            renewal.clone()
        };
        let consent = browser.open_link(renewal["url"].as_str().unwrap()).await;
        world.advance(700).await;

        let asked = consented(&browser, &consent, partner).await;

        if refused {
            assert_eq!(asked.support_code(), Some("OTHER_PARTNER"), "{}", asked.body);
            assert!(world.grant("eu", partner).await.is_none());
            let again = browser.open(&world.site(&asked.choice("Start again"))).await;
            let callback = browser.consent(&browser.press(&again).await, "VDE01").await;
            assert!(browser.open(&callback).await.is_connected());
        } else {
            let callback = browser.follow_until(&world.site(&asked.choice("Vendor 1")), "/callback?").await;
            assert!(browser.open(&callback).await.is_connected());
        }
    }
    assert_eq!(attribute(&world.grant("eu", "VDE01").await.unwrap(), "version"), "3");
}

#[tokio::test]
async fn a_partner_who_says_that_it_started_at_amazon_goes_on_without_the_link() {
    let world = World::with_integrator(false).await;
    let browser = world.browser();
    let url = world.link("t-x").await;
    browser.open_link(&url).await;
    world.advance(OVER_NIGHT).await;

    let asked = browser.follow(&world.appstore(&browser, "A1US").await).await;
    let ended = browser.follow(&world.site(&asked.choice("without the link"))).await;

    assert!(ended.is_connected(), "{}", ended.body);
    assert_eq!(world.account_of("A1US").await, None);
    assert!(browser.authorize_with(&url, "A2US").await.is_connected(), "and the link is not used up");
    assert_eq!(world.account_of("A2US").await.as_deref(), Some("t-x"));
}

#[tokio::test]
async fn with_a_sign_in_a_slow_consent_goes_there() {
    let world = World::with_integrator(true).await;
    let browser = world.browser();
    let consent = browser.open_link(&world.link("t-x").await).await;
    world.advance(610).await;

    let login = browser.follow_until(&format!("{}&_as=A1US", consent.location()), "/login?").await;

    assert!(browser.open(&login).await.location().starts_with(SIGN_IN_URL));
}

#[tokio::test]
async fn a_link_that_expired_meanwhile_is_refused_by_name_with_a_way_on() {
    let world = World::with_integrator(false).await;
    let browser = world.browser();
    let fields = json!({"account": "t-x", "label": "Shop of t-x", "marketplace": "US", "validSeconds": 60});
    let consent = browser.open_link(&world.link_with(fields).await).await;
    world.advance(610).await;

    let asked = consented(&browser, &consent, "A1US").await;
    let refused = browser.open(&world.site(&asked.choice("Shop of t-x"))).await;

    assert_eq!(refused.support_code(), Some("LINK_EXPIRED"), "{}", refused.body);
    assert_eq!(world.exchanges().await, 0);
    let ended = browser.follow(&world.site(&refused.choice("without the link"))).await;
    assert!(ended.is_connected(), "{}", ended.body);
}

#[tokio::test]
async fn a_slow_consent_is_not_taken_for_another_accounts_link_that_is_open() {
    let world = World::with_integrator(false).await;
    let browser = world.browser();
    let slow = browser.open_link(&world.link("t-slow").await).await;
    world.advance(570).await;
    browser.open_link(&world.link("t-quick").await).await;
    world.advance(60).await;

    let asked = consented(&browser, &slow, "A1US").await;

    let callback = browser.follow_until(&world.site(&asked.choice("Shop of t-slow")), "/callback?").await;
    assert!(browser.open(&callback).await.is_connected());
    assert_eq!(world.account_of("A1US").await.as_deref(), Some("t-slow"));
}

#[tokio::test]
async fn another_link_for_the_same_account_takes_the_place_of_one_that_was_left() {
    let world = World::with_integrator(false).await;
    let browser = world.browser();
    browser.open_link(&world.link("t-x").await).await;
    world.advance(OVER_NIGHT).await;

    let ended = browser.authorize_with(&world.link("t-x").await, "A1US").await;

    assert!(ended.is_connected(), "nothing is asked: {}", ended.body);
    assert_eq!(world.account_of("A1US").await.as_deref(), Some("t-x"));
}

#[tokio::test]
async fn a_slow_consent_whose_link_was_opened_elsewhere_since_is_refused_with_a_way_on() {
    let world = World::with_integrator(false).await;
    let (slow, quick) = (world.browser(), world.browser());
    let url = world.link("t-x").await;
    let consent = slow.open_link(&url).await;
    world.advance(610).await;
    let asked = consented(&slow, &consent, "A1US").await;
    assert!(quick.authorize_with(&url, "A2US").await.is_connected());

    // On the page that asks, and on a new arrival.
    let chosen = slow.open(&world.site(&asked.choice("Shop of t-x"))).await;
    let arrived = slow.follow(&world.appstore(&slow, "A1US").await).await;

    for refused in [chosen, arrived] {
        assert_eq!(refused.support_code(), Some("LINK_USED"), "{}", refused.body);
        refused.choice("without the link");
    }
    assert!(world.grant("na", "A1US").await.is_none());
    assert_eq!(world.account_of("A2US").await.as_deref(), Some("t-x"));
}

#[tokio::test]
async fn every_page_that_says_start_again_leads_back_to_its_link() {
    for form in ["4a", "4b"] {
        for returning in [false, true] {
            let world = World::with_integrator(false).await;
            world.website_form(form).await;
            let browser = world.browser();
            let url = if returning { world.returning_link("t-x").await } else { world.link("t-x").await };
            let mut way = url.clone();
            for trouble in ["EXPIRED", "OTHER_PARTNER", "BAD_LINK", "NOT_CONSENTED", "CODE_REFUSED"] {
                if (form, trouble) == ("4a", "OTHER_PARTNER") {
                    // The first partner who comes back with a link is the right one.
                    continue;
                }
                let page = browser.open(&way).await;
                let consent = browser.press(&page).await;
                let callback = browser.consent(&consent, "A1US").await;
                let damaged = match trouble {
                    "EXPIRED" => {
                        world.advance(601).await;
                        callback
                    }
                    "OTHER_PARTNER" => callback.replace("selling_partner_id=A1US", "selling_partner_id=A2US"),
                    "BAD_LINK" => callback.replace("spapi_oauth_code=", "code="),
                    "NOT_CONSENTED" => callback.replace("spapi_oauth_code=", "error=access_denied&code="),
                    _ => callback.replace("spapi_oauth_code=", "spapi_oauth_code=x"),
                };

                let page = browser.open(&damaged).await;

                if trouble == "CODE_REFUSED" {
                    let elsewhere = world.browser().open(&url).await;
                    assert!(
                        elsewhere.status.is_success(),
                        "{form}: no browser is using the link: {}",
                        elsewhere.body
                    );
                }
                if ["CODE_REFUSED", "NOT_CONSENTED"].contains(&trouble) && returning {
                    // The integrator's own page says what to do. The link still opens.
                    assert_eq!(page.location_parameter("status"), trouble.to_lowercase());
                    way.clone_from(&url);
                    continue;
                }
                assert_eq!(page.support_code(), Some(trouble), "{form}: {}", page.body);
                way = world.site(&page.choice("Start again"));
                assert!(!way.contains(&token_of(&url)), "{trouble}: the link is not repeated");
                let stranger = world.browser().open(&way).await;
                assert_eq!(stranger.support_code(), Some("OTHER_BROWSER"), "{trouble}");
            }
            assert!(world.grant("na", "A1US").await.is_none());

            let page = browser.open(&way).await;
            let callback = browser.consent(&browser.press(&page).await, "A1US").await;
            let ended = browser.open(&callback).await;

            assert!(ended.is_connected() || returning, "{form}: {}", ended.body);
            assert_eq!(world.account_of("A1US").await.as_deref(), (!returning).then_some("t-x"));
            for used in [&way, &url] {
                let page = browser.open(used).await;
                assert_eq!(page.support_code(), Some("LINK_USED"), "{form}: {}", page.body);
            }
        }
    }
}

#[tokio::test]
async fn a_journey_without_a_link_begins_again_at_its_marketplace() {
    let world = World::new().await;
    world.website_form("4a").await;
    let browser = world.browser();
    let callback = browser.website_until_callback("DE", "vendor", "VDE01").await;
    world.advance(601).await;
    let expired = browser.open(&callback).await;
    let elsewhere = world.browser().open(&callback).await;
    assert_eq!(elsewhere.support_code(), Some("OTHER_BROWSER"));

    for page in [expired, elsewhere] {
        let again = world.browser().open(&world.site(&page.choice("Start again"))).await;
        let consent = world.amazon("vendorcentral.amazon.de", "/apps/authorize/consent?");
        assert!(again.location().starts_with(&consent), "{}", again.location());
    }

    let closed = World::with_variables(&[("DIRECT_AUTHORIZE", "off")]).await;
    let random = shared::secret::random_word();
    let unknown = closed.browser().open(&closed.site(&format!("/authorize?again={random}"))).await;
    assert_eq!(unknown.support_code(), Some("UNKNOWN_STATE"));
}

#[tokio::test]
async fn the_second_leg_of_a_journey_that_began_again_brings_no_second_partner() {
    let world = World::with_integrator(false).await;
    let browser = world.browser();
    let url = world.link("t-x").await;
    let consent = browser.open_link(&url).await;
    let left = browser.consent(&consent, "A1US").await;

    // The partner goes back, presses the button again, and consents as another.
    let ended = browser.authorize_with(&url, "A2US").await;
    let late = browser.open(&left).await;

    assert!(ended.is_connected(), "{}", ended.body);
    assert_eq!(late.support_code(), Some("INTERRUPTED"), "{}", late.body);
    assert!(world.grant("na", "A1US").await.is_none());
    assert_eq!(world.account_of("A2US").await.as_deref(), Some("t-x"));
}
