//! `amazon_callback_uri`: the hostile ones are refused, and each shape that Amazon is known to send completes.

use serde_json::json;

use super::{Midway, Target, encoded, hostile_uris::hostile_uris, login::from_amazon};
use crate::support::world::World;

const HOST: &str = "sellercentral.amazon.com";

#[tokio::test]
async fn promise_2_a_hostile_callback_uri_is_refused_and_loses_nothing() {
    let midway = Midway::new().await;
    let login = from_amazon(&midway.world);
    let path = format!("/apps/authorize/confirm/{}", midway.world.application());
    let good = midway.world.amazon(HOST, &path);

    for uri in hostile_uris(&good) {
        // A control character has no place in any parameter; the rest is not Amazon's.
        let code = if uri.chars().any(char::is_control) { "BAD_LINK" } else { "NOT_AMAZON" };
        midway.refused(&login.with("amazon_callback_uri", &encoded(&uri)), code).await;
    }
    let twice = encoded(&encoded(&good));
    midway.refused(&login.with("amazon_callback_uri", &twice), "NOT_AMAZON").await;

    midway.loses_nothing().await;
}

#[tokio::test]
async fn promise_2_another_applications_id_is_refused_and_loses_nothing() {
    let midway = Midway::new().await;
    let login = from_amazon(&midway.world);
    for unregistered in [
        "amzn1.sp.solution.00000000-2222-4333-8444-555555555555",
        "amzn1.sellerapps.app.11111111-2222-4333-8444-555555555555",
        "amzn1.sp.solution.1",
    ] {
        for uri in [
            midway.world.amazon(HOST, &format!("/apps/authorize/confirm/{unregistered}")),
            format!("/apps/authorize/confirm/{unregistered}"),
        ] {
            midway.refused(&login.with("amazon_callback_uri", &encoded(&uri)), "UNKNOWN_APPLICATION").await;
        }
    }
    midway.loses_nothing().await;
}

#[tokio::test]
async fn every_shape_that_amazon_sends_completes_in_every_region() {
    for shape in ["central", "amazon.com", "relative", "trailing-slash"] {
        let world = World::new().await;
        shape_of_callback_uris(&world, shape).await;
        for (marketplace, region) in [("US", "na"), ("DE", "eu"), ("JP", "fe")] {
            let partner = format!("A1{marketplace}");

            let page = world.browser().website(marketplace, "seller", &partner).await;

            assert!(page.is_connected(), "{shape} {marketplace}: {}", page.body);
            let token = world.caller().token_of(&partner, region).await;
            assert!(token.is_ok(), "{shape} {marketplace}: {token:?}");
        }
    }
}

#[tokio::test]
async fn a_vendor_who_began_here_is_stored_in_the_region_of_its_marketplace_whatever_the_shape() {
    let mut lost = Vec::new();
    for shape in ["central", "amazon.com", "relative", "trailing-slash"] {
        let world = World::new().await;
        shape_of_callback_uris(&world, shape).await;
        for (marketplace, region) in [("US", "na"), ("DE", "eu"), ("JP", "fe")] {
            let partner = format!("V{marketplace}");
            let page = world.browser().website(marketplace, "vendor", &partner).await;
            assert!(page.is_connected(), "{shape} {marketplace}: {}", page.body);
            if world.caller().token_of(&partner, region).await.is_err() {
                lost.push((shape, marketplace));
            }
        }
    }
    assert_eq!(lost, [], "connected, and no token in the region of the marketplace");
}

#[tokio::test]
async fn a_relative_callback_uri_that_fits_two_journeys_asks_which_and_the_answer_completes() {
    for (marketplace, host, region) in
        [("US", "sellercentral.amazon.com", "na"), ("DE", "sellercentral-europe.amazon.com", "eu")]
    {
        let world = World::new().await;
        shape_of_callback_uris(&world, "relative").await;
        let browser = world.browser();
        let mut consent = String::new();
        for country in ["US", "DE"] {
            let start = world.site(&format!("/authorize?marketplace={country}&type=seller"));
            let page = browser.open(&start).await;
            if country == marketplace {
                page.location().clone_into(&mut consent);
            }
        }

        let question = browser.follow(&format!("{consent}&_as=A1BOTH")).await;

        assert_eq!(question.status, 200, "{}", question.body);
        let page = browser.follow(&world.site(&question.choice(host))).await;
        assert!(page.is_connected(), "{marketplace}: {}", page.body);
        assert!(world.caller().token_of("A1BOTH", region).await.is_ok());
    }
}

#[tokio::test]
async fn an_empty_answer_to_which_journey_asks_again_and_can_then_be_given() {
    let world = World::new().await;
    shape_of_callback_uris(&world, "relative").await;
    let browser = world.browser();
    browser.open(&world.site("/authorize?marketplace=DE&type=seller")).await;
    let start = world.site("/authorize?marketplace=US&type=seller");
    let consent = browser.open(&start).await.location().to_owned();
    let login = browser.follow_until(&format!("{consent}&_as=A1BOTH"), "/login?").await;

    let question = browser.open(&format!("{login}&journey=")).await;

    let page = browser.follow(&world.site(&question.choice(HOST))).await;
    assert!(page.is_connected(), "{}", page.body);
}

#[tokio::test]
async fn a_bad_answer_to_which_journey_is_refused_and_loses_nothing() {
    let midway = Midway::new().await;
    let login = from_amazon(&midway.world);
    let relative = format!("/apps/authorize/confirm/{}", midway.world.application());
    let chosen = Target::parse(
        "/login",
        login.with("amazon_callback_uri", &encoded(&relative)).trim_start_matches("/login?"),
    );
    let longer = "A".repeat(23);
    for journey in
        ["x", "A%2F", "//evil.example", longer.as_str(), "x&journey=x"].into_iter().chain(super::MALFORMED)
    {
        midway.refused(&chosen.with("journey", journey), "BAD_LINK").await;
    }
    midway.loses_nothing().await;
}

async fn shape_of_callback_uris(world: &World, shape: &str) {
    world.control("website-form", json!({"form": "4b", "callbackUri": shape})).await;
}
