//! A flood of made-up codes reaches Amazon within a budget, and stops no partner who comes by a link.

use serde_json::json;

use crate::support::world::World;

/// A system that lets Amazon refuse some codes a minute, at the beginning of one.
async fn with_budget(codes: &str) -> World {
    let world = World::with_variables(&[("REFUSED_CODES_PER_MINUTE", codes)]).await;
    let into_the_minute = world.stack.clock().now().as_second().rem_euclid(60);
    world.advance(60 - u32::try_from(into_the_minute).unwrap()).await;
    world
}

/// A system in which no code may be refused any more in this minute.
async fn flooded() -> World {
    let world = with_budget("3").await;
    let refusal = json!({"error": "invalid_grant", "error_description": "refused"}).to_string();
    world.fault("token", "body", json!({"status": 400, "body": refusal, "times": 3})).await;
    for _ in 0..3 {
        let page = world.browser().website("US", "seller", "A1FLOOD").await;
        assert_eq!(page.support_code(), Some("CODE_REFUSED"));
    }
    world
}

#[tokio::test]
async fn above_the_budget_amazon_is_not_asked_and_the_journey_goes_on_in_the_next_minute() {
    let world = flooded().await;
    let before = world.exchanges().await;
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", "A1PATIENT").await;

    for _ in 0..3 {
        let page = browser.open(&callback).await;
        assert_eq!(page.support_code(), Some("UNAVAILABLE"), "{page:?}");
    }

    assert_eq!(world.exchanges().await, before);
    assert_eq!(world.counted("CodesHeldBack", ("Application", world.application())), 3);

    world.advance(60).await;
    assert!(browser.open(&callback).await.is_connected());
}

#[tokio::test]
async fn journeys_of_links_go_on_while_others_are_held_back() {
    let world = flooded().await;
    let page = world.browser().website("US", "seller", "A1HELD").await;
    assert_eq!(page.support_code(), Some("UNAVAILABLE"));

    let link = world.link("tenant-1").await;
    let page = world.browser().authorize_with(&link, "A1LINKED").await;
    assert!(page.is_connected(), "{page:?}");
}

/// Codes that Amazon accepts use nothing up.
#[tokio::test]
async fn partners_who_connect_use_up_nothing_of_the_budget() {
    let world = with_budget("1").await;
    for partner in ["A1US", "A2US", "A3US"] {
        assert!(world.browser().website("US", "seller", partner).await.is_connected(), "{partner}");
    }
}

/// Any number of callbacks at once keep to the budget.
#[tokio::test]
async fn a_crowd_of_callbacks_at_once_keeps_to_the_budget() {
    let world = with_budget("3").await;
    let refusal = json!({"error": "invalid_grant", "error_description": "refused"}).to_string();
    world.fault("token", "body", json!({"status": 400, "body": refusal})).await;
    let browsers: Vec<_> = (0..12).map(|_| world.browser()).collect();
    let mut callbacks = Vec::new();
    for browser in &browsers {
        callbacks.push(browser.website_until_callback("US", "seller", "A1FLOOD").await);
    }
    let opened = browsers.iter().zip(&callbacks).map(|(browser, callback)| browser.open(callback));

    let pages = futures::future::join_all(opened).await;

    let refused = pages.iter().filter(|page| page.support_code() == Some("CODE_REFUSED")).count();
    let held_back = pages.iter().filter(|page| page.support_code() == Some("UNAVAILABLE")).count();
    assert_eq!((refused, held_back), (3, 9));
}
