//! With an origin secret, only requests are answered that come through the distribution in front: those that have the secret.

use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderName, LOCATION, SET_COOKIE},
};
use shared::{browser::origin_secret::HEADER, secret::Fingerprint};

use crate::support::{browser::Browser, linking::token_of, world::World};

const OLD: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const NEW: &str = "2222222222222222222222222222222222222222222222222222222222222222";

async fn closed_but_for(secrets: &[&str]) -> World {
    let hashes: Vec<_> = secrets.iter().map(|secret| Fingerprint::of(secret).as_str().to_owned()).collect();
    World::with_variables(&[("ORIGIN_SECRET_HASHES", &hashes.join(","))]).await
}

/// A browser that comes through a distribution with this secret.
fn through_distribution(world: &World, secret: &str) -> Browser {
    let name = HeaderName::from_static(HEADER);
    Browser::sending(world.stack.ports(), HeaderMap::from_iter([(name, secret.parse().unwrap())]))
}

#[tokio::test]
async fn a_request_past_the_distribution_gets_a_page_that_says_nothing_and_amazon_hears_nothing() {
    let world = closed_but_for(&[NEW]).await;
    let link = world.link("tenant-1").await;
    let callback = through_distribution(&world, NEW).website_until_callback("US", "seller", "A1US").await;
    let consent =
        through_distribution(&world, NEW).open(&world.site("/authorize?marketplace=US&type=seller")).await;
    let application = ["Example Application", world.application(), "sellercentral"];

    for browser in [world.browser(), through_distribution(&world, OLD), through_distribution(&world, "")] {
        for url in [
            world.site("/authorize?marketplace=US&type=seller"),
            world.site("/login?amazon_callback_uri=https%3A%2F%2Famazon.com%2Fx&amazon_state=s&selling_partner_id=A1"),
            world.site("/login/continue?request=x"),
            world.site("/help"),
            world.site("/favicon.ico"),
            world.site("/nothing"),
            callback.clone(),
            link.clone(),
        ] {
            let page = browser.open(&url).await;

            assert_eq!(page.status, StatusCode::NOT_FOUND, "{url}");
            assert_eq!(page.support_code(), Some("NOT_FOUND"), "{url}: {}", page.body);
            assert!(page.headers.get(SET_COOKIE).is_none() && page.headers.get(LOCATION).is_none(), "{url}");
            for own in application {
                assert!(!page.body.contains(own), "{url} shows {own}: {}", page.body);
            }
            assert!(page.headers.contains_key("content-security-policy"), "{url}");
            assert_eq!(browser.head(&url).await.body, "");
        }
        let posted = browser.post_form(&[("link", &token_of(&link))], &[]).await;
        assert_eq!((posted.status, posted.support_code()), (StatusCode::NOT_FOUND, Some("NOT_FOUND")));
    }
    assert_eq!(world.exchanges().await, 0);
    assert!(consent.status.is_redirection(), "the same request through the distribution goes on");
}

#[tokio::test]
async fn through_the_distribution_a_partner_connects_with_either_secret_while_one_replaces_the_other() {
    let world = closed_but_for(&[OLD, NEW]).await;

    for (secret, partner) in [(OLD, "A1OLD"), (NEW, "A1NEW")] {
        let page = through_distribution(&world, secret).website("US", "seller", partner).await;
        assert!(page.is_connected(), "{page:?}");
    }
    // CloudFront may change from one secret to the other between two requests of one browser.
    let browser = through_distribution(&world, OLD);
    let callback = browser.website_until_callback("US", "seller", "A1BOTH").await;
    let jar = browser.cookies();
    let other = through_distribution(&world, NEW);
    for cookie in jar.split("; ") {
        other.keep_cookie(cookie);
    }
    assert!(other.open(&callback).await.is_connected());
}
