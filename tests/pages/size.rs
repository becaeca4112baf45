//! A page is there quickly on a slow connection: it is below 10 KB in every language, and loads nothing.

use serde_json::{Map, Value, json};
use shared::browser::page::Language;

use super::{HOME, arrival_without_host, update};
use crate::support::{browser::Browser, world::World};

/// 10 KB.
const MOST: usize = 10 * 1024;

/// As long as the states that Amazon has sent, with what is written as three characters in a URL (F§2).
fn amazon_state() -> String {
    "Zm9vYmFy%2F%2BA1".repeat(25)
}

async fn assert_small(browser: &Browser, url: &str, what: &str) {
    for language in Language::ALL {
        let page = browser.open_with(url, ("accept-language", language.tag())).await;

        assert_eq!(page.headers["content-language"], language.tag(), "{what}");
        assert!(page.body.contains(what), "{}", page.body);
        assert!(page.body.len() < MOST, "{what} {language:?}: {} bytes", page.body.len());
    }
}

async fn branded() -> World {
    let world = World::with_integrator(false).await;
    let named = json!({"name": "Clocks and Watches Manager for Amazon Sellers", "company": "Clocks & Söhne Gesellschaft mbH",
        "supportUrl": "https://support.app.example.com/contact/amazon", "homeUrl": HOME});
    update(&world, named).await;
    world
}

#[tokio::test]
async fn the_page_that_asks_for_the_site_is_small_in_every_language() {
    let world = branded().await;
    assert_eq!(amazon_state().len(), 400);

    assert_small(&world.browser(), &arrival_without_host(&world, &amazon_state()), "name=\"arrival\"").await;
}

#[tokio::test]
async fn the_page_that_asks_for_the_journey_is_small_in_every_language() {
    let world = branded().await;
    let browser = world.browser();
    // A cookie names no more.
    for number in 1..=8 {
        browser.open_link(&world.link(&format!("tenant-{number}")).await).await;
    }

    assert_small(&browser, &arrival_without_host(&world, &amazon_state()), "Shop of tenant-8").await;
}

#[tokio::test]
async fn the_pages_before_and_after_consent_are_small_in_every_language() {
    let world = branded().await;
    let marketplaces = [
        "A1PA6795UKMFR9",
        "A1RKKUPIHCS9HS",
        "A13V1IB3VIYZZH",
        "APJ6JRA9NG5V4",
        "A1F83G8C2ARO7P",
        "A1805IZSGTT6HS",
        "A2NODRKZP88ZB9",
        "A1C3SOZRARQ6R3",
        "AMEN7PMS3EDWL",
        "A28R8C7NBKEWEA",
    ];
    let stores: Map<String, Value> = marketplaces
        .map(|id| (id.to_owned(), json!(format!("Clocks and Watches of {id}"))))
        .into_iter()
        .collect();
    let seller =
        json!({"sellingPartnerId": "A1EUROPE", "region": "eu", "kind": "seller", "storeNames": stores});
    world.control("partners", seller).await;
    let browser = world.browser();
    let link = world
        .link_with(json!({"account": "tenant-1", "label": "Clocks of tenant-1", "marketplace": "DE"}))
        .await;
    assert_small(&browser, &link, "Clocks of tenant-1").await;
    let consent = browser.open_link(&link).await;
    let callback = browser.consent(&consent, "A1EUROPE").await;

    assert_small(&browser, &callback, "Clocks and Watches of A28R8C7NBKEWEA").await;
}
