//! Two partners at the same time, with two links: in two browsers, and in two tabs of one, they never cross.

use serde_json::json;

use crate::support::{
    browser::{Browser, Shown},
    world::World,
};

async fn login(browser: &Browser, consent: &Shown, partner: &str) -> Shown {
    let login = browser.follow_until(&format!("{}&_as={partner}", consent.location()), "/login?").await;
    browser.open(&login).await
}

async fn are_linked(world: &World) {
    for (partner, account) in [("A1US", "tenant-1"), ("A2US", "tenant-2")] {
        assert_eq!(world.account_of(partner).await.as_deref(), Some(account));
    }
}

#[tokio::test]
async fn promise_5_two_partners_in_two_browsers_never_cross() {
    for form in ["4a", "4b"] {
        let world = World::with_integrator(false).await;
        world.website_form(form).await;
        let (one, two) = (world.browser(), world.browser());
        let (first, second) = (world.link("tenant-1").await, world.link("tenant-2").await);

        let (first, second) = tokio::join!(one.open_link(&first), two.open_link(&second));
        let (first, second) = tokio::join!(one.consent(&first, "A1US"), two.consent(&second, "A2US"));
        assert_eq!(two.open(&first).await.support_code(), Some("OTHER_BROWSER"));
        let (first, second) = tokio::join!(one.open(&first), two.open(&second));

        assert!(first.is_connected() && second.is_connected());
        are_linked(&world).await;
    }
}

#[tokio::test]
async fn promise_5_two_tabs_of_one_browser_never_cross_in_form_4a() {
    let world = World::with_integrator(false).await;
    world.website_form("4a").await;
    let browser = world.browser();
    let (first, second) = (world.link("tenant-1").await, world.link("tenant-2").await);
    browser.open(&first).await;
    let (first, second) = tokio::join!(browser.open_link(&first), browser.open_link(&second));

    let second = browser.consent(&second, "A2US").await;
    let first = browser.consent(&first, "A1US").await;

    assert!(browser.open(&first).await.is_connected() && browser.open(&second).await.is_connected());
    are_linked(&world).await;
}

#[tokio::test]
async fn promise_5_two_tabs_of_one_browser_never_cross_in_form_4b_whatever_the_cookie_lost() {
    for at_once in [false, true] {
        let world = World::with_integrator(false).await;
        let browser = world.browser();
        let urls = [world.link("tenant-1").await, world.link("tenant-2").await];
        browser.open(&urls[0]).await;
        // Answers that come at the same time overwrite each other's cookie: it then names the one request or the other.
        let (first, second) = if at_once {
            tokio::join!(browser.open_link(&urls[0]), browser.open_link(&urls[1]))
        } else {
            (browser.open_link(&urls[0]).await, browser.open_link(&urls[1]).await)
        };

        let asked = login(&browser, &first, "A1US").await;
        assert_eq!(asked.choices().len(), 2, "{}", asked.body);
        let chosen = asked.choice("Shop of tenant-1");
        let callback = browser.follow_until(&world.site(&chosen), "/callback?").await;
        // What the one tab has taken up, the other is not asked about.
        let other = login(&browser, &second, "A2US").await;
        assert_eq!(other.status, 302, "{}", other.body);
        let other = browser.follow_until(other.location(), "/callback?").await;

        assert!(browser.open(&callback).await.is_connected() && browser.open(&other).await.is_connected());
        are_linked(&world).await;
    }
}

#[tokio::test]
async fn a_choice_is_only_among_the_browsers_own_journeys() {
    let world = World::with_integrator(false).await;
    let (victim, attacker) = (world.browser(), world.browser());
    let own = attacker.open_link(&world.link("attacker").await).await;
    let theirs = own.location_parameter("state").split_once('.').unwrap().0.to_owned();

    let arrival = world.appstore(&victim, "A1US").await;
    let page = victim.follow(&format!("{arrival}&journey={theirs}")).await;

    assert!(page.is_connected(), "{}", page.body);
    assert_eq!(world.account_of("A1US").await, None);
}

#[tokio::test]
async fn a_journey_that_another_partner_took_up_or_that_has_ended_is_not_inherited() {
    let world = World::with_integrator(false).await;
    let browser = world.browser();
    let consent = browser.open_link(&world.link("tenant-1").await).await;
    let callback = browser.consent(&consent, "A1US").await;

    let page = browser.follow(&world.appstore(&browser, "A2US").await).await;
    assert_eq!(page.support_code(), Some("OTHER_PARTNER"), "{}", page.body);
    let page = browser.follow(&world.site(&page.choice("Connect this Amazon account instead"))).await;
    assert!(page.is_connected() && world.account_of("A2US").await.is_none());

    assert!(browser.open(&callback).await.is_connected());
    let again = browser.follow(&world.appstore(&browser, "A1US").await).await;
    assert!(again.is_connected());
    assert_eq!(world.account_of("A1US").await.as_deref(), Some("tenant-1"));
    let state = consent.location_parameter("state");
    let replayed = format!("/callback?state={state}&selling_partner_id=A3US&spapi_oauth_code=x");
    assert_eq!(browser.open(&world.site(&replayed)).await.support_code(), Some("INTERRUPTED"));
}

#[tokio::test]
async fn a_journey_of_another_application_region_or_type_is_not_inherited() {
    let world = World::with_integrator(false).await;
    for place in [json!({"marketplace": "DE"}), json!({"marketplace": "US", "type": "vendor"})] {
        let browser = world.browser();
        let mut fields = json!({"account": "tenant-1", "label": "Shop 1"});
        fields.as_object_mut().unwrap().extend(place.as_object().unwrap().clone());
        browser.open_link(&world.link_with(fields).await).await;

        let page = browser.follow(&world.appstore(&browser, "A1US").await).await;

        assert!(page.is_connected(), "{}", page.body);
        assert_eq!(world.account_of("A1US").await, None);
    }
}

#[tokio::test]
async fn a_page_that_comes_late_does_not_take_a_browsers_name_away() {
    let world = World::with_integrator(false).await;
    let browser = world.browser();
    let consent = browser.open_link(&world.link("tenant-1").await).await;
    // What a tab that was opened before any cookie was there is still offered.
    let late = world.browser().open(&world.link("tenant-2").await).await;
    let offered = late.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    browser.keep_cookie(&offered);

    let callback = browser.consent(&consent, "A1US").await;

    assert!(browser.open(&callback).await.is_connected());
    assert_eq!(world.account_of("A1US").await.as_deref(), Some("tenant-1"));
}
