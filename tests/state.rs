//! Promises 1 and 3: a state is redeemed once, and a page that is loaded again exchanges nothing.

use std::time::Duration;

use futures::future::join_all;
use serde_json::json;

use crate::support::{
    browser::Shown,
    invocation::{self, Dies, stopped_after},
    world::{World, attribute},
};

/// What a page shows, without its foot, which has the time.
fn without_time(page: &Shown) -> (&str, Option<&str>) {
    (page.body.split("<footer>").next().unwrap(), page.support_code())
}

/// Stops an invocation while it waits for Amazon's answer.
async fn dies_waiting_for_amazon(world: &World, callback: &str, cookie: &str) {
    let before = world.exchanges().await;
    let is_asked = async {
        while world.exchanges().await == before {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        _ = invocation::callback(world, callback, cookie) => panic!("Amazon hangs"),
        () = is_asked => {}
    }
}

#[tokio::test]
async fn promise_1_a_hundred_parallel_callbacks_with_one_state_make_one_exchange() {
    let world = World::new().await;
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", "A1US").await;

    let pages = join_all((0..100).map(|_| browser.open(&callback))).await;

    assert!(pages.iter().all(|page| page.is_connected() || page.looks_again()));
    assert!(pages.iter().any(Shown::is_connected));
    assert_eq!(world.exchanges().await, 1);
    assert_eq!(attribute(&world.grant("na", "A1US").await.unwrap(), "version"), "1");
}

#[tokio::test]
async fn promise_1_a_state_is_only_for_the_browser_that_began() {
    let world = World::new().await;
    let victim = world.browser();
    let callback = victim.website_until_callback("US", "seller", "A1US").await;
    let stranger = world.browser();
    stranger.website("US", "seller", "A2US").await;

    assert_eq!(stranger.open(&callback).await.support_code(), Some("OTHER_BROWSER"));
    assert_eq!(world.browser().open(&callback).await.support_code(), Some("OTHER_BROWSER"));

    assert_eq!(world.exchanges().await, 1, "only the stranger's own");
    assert!(victim.open(&callback).await.is_connected(), "and the victim's journey is unharmed");
}

#[tokio::test]
async fn promise_1_a_state_is_only_for_the_partner_that_was_expected() {
    let world = World::new().await;
    world.website_form("4b").await;
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", "A1US").await;

    let edited = callback.replace("selling_partner_id=A1US", "selling_partner_id=A2US");
    assert_eq!(browser.open(&edited).await.support_code(), Some("OTHER_PARTNER"));

    assert_eq!(world.exchanges().await, 0);
    assert!(browser.open(&callback).await.is_connected());
}

#[tokio::test]
async fn promise_1_a_state_expires_after_ten_minutes() {
    let world = World::new().await;
    world.website_form("4a").await;
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", "A1US").await;
    world.advance(601).await;

    assert_eq!(browser.open(&callback).await.support_code(), Some("EXPIRED"));
    assert_eq!(world.exchanges().await, 0);
}

#[tokio::test]
async fn promise_3_reloading_a_finished_callback_shows_the_page_again_and_exchanges_nothing() {
    let world = World::new().await;
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", "A1US").await;
    let first = browser.open(&callback).await;
    world.advance(3600).await;

    let again = browser.open(&callback).await;

    assert!(first.is_connected());
    assert_eq!(without_time(&again), without_time(&first));
    assert_eq!(world.exchanges().await, 1);
    let other_code = callback.replace("spapi_oauth_code=", "spapi_oauth_code=x");
    assert!(browser.open(&other_code).await.is_connected(), "a finished journey stays what it was");
    assert_eq!(world.exchanges().await, 1);
}

#[tokio::test]
async fn promise_3_reloading_a_refused_callback_asks_amazon_no_more() {
    let world = World::new().await;
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", "A1US").await;
    world.advance(301).await;

    for _ in 0..3 {
        assert_eq!(browser.open(&callback).await.support_code(), Some("CODE_REFUSED"));
    }

    assert_eq!(world.exchanges().await, 1);
}

#[tokio::test]
async fn promise_3_after_a_crash_the_page_waits_and_then_tries_the_code_once_more() {
    let world = World::new().await;
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", "A1US").await;
    world.fault("token", "hang", json!({"times": 1})).await;
    // The code was never taken.
    dies_waiting_for_amazon(&world, &callback, &browser.cookies()).await;

    assert!(browser.open(&callback).await.looks_again());
    world.advance(101).await;

    assert!(browser.open(&callback).await.is_connected());
}

#[tokio::test]
async fn the_page_that_looks_again_by_itself_can_be_made_to_and_comes_to_an_end() {
    let world = World::new().await;
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", "A1US").await;
    let cookie = browser.cookies();
    for _ in 0..2 {
        world.fault("token", "hang", json!({"times": 1})).await;
        dies_waiting_for_amazon(&world, &callback, &cookie).await;
        let page = browser.open(&callback).await;
        assert!(page.looks_again(), "{}", page.body);
        assert_eq!(page.choice("Look again now"), "", "the link loads the same address");
        world.advance(101).await;
    }

    let end = browser.open(&callback).await;

    assert_eq!(end.support_code(), Some("INTERRUPTED"), "{}", end.body);
    assert!(!end.body.contains("http-equiv=\"refresh\""), "{}", end.body);
    assert!(!end.choice("Start again").is_empty());
}

/// Stops the function at each of its awaits in turn, and each time looks what became of the partner.
#[tokio::test]
async fn promises_1_3_and_12_hold_wherever_the_callback_is_stopped() {
    let world = World::new().await;
    let (mut stopped, mut connected) = (0, 0);
    for dies in [Dies::AtOnce, Dies::AfterTheAnswer] {
        for awaits in 0.. {
            let partner = format!("A{awaits}{dies:?}");
            let browser = world.browser();
            let callback = browser.website_until_callback("US", "seller", &partner).await;
            let cookie = browser.cookies();
            let invocation = invocation::callback(&world, &callback, &cookie);
            if stopped_after(awaits, dies, invocation).await.is_some() {
                break;
            }
            stopped += 1;

            let mut page = browser.open(&callback).await;
            if page.looks_again() {
                world.advance(101).await;
                page = browser.open(&callback).await;
            }

            let grant = world.grant("na", &partner).await;
            if page.is_connected() {
                connected += 1;
                let grant = grant.unwrap();
                let history = world.history("na", &partner).await;
                assert_eq!(attribute(&grant, "revision"), history.len().to_string());
                assert!(world.caller().token_of(&partner, "na").await.is_ok());
            } else {
                assert!(
                    matches!(page.support_code(), Some("CODE_REFUSED")),
                    "{awaits} {dies:?}: {}",
                    page.body
                );
                assert!(page.body.contains("start the authorization again"));
                assert!(grant.is_none());
                assert!(world.history("na", &partner).await.is_empty());
            }
            let exchanges = world.exchanges().await;
            assert_eq!(without_time(&browser.open(&callback).await), without_time(&page));
            assert_eq!(world.exchanges().await, exchanges, "the state is used up");
        }
    }
    assert!(stopped > 10, "the function was stopped {stopped} times");
    assert!(connected > 0 && connected < stopped, "{connected} of {stopped} came to a grant all the same");
}
