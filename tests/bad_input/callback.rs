//! `GET /callback`, each of its parameters, and states that are not this browser's to redeem.

use shared::secret::random_word;

use super::{Midway, PARTNER, assert_refused};
use crate::support::world::World;

#[tokio::test]
async fn a_bad_parameter_gets_a_page_and_loses_nothing() {
    let midway = Midway::new().await;
    let callback = midway.callback_query();

    for name in ["spapi_oauth_code", "selling_partner_id", "state"] {
        for path in callback.malformed_or_missing(name) {
            midway.refused(&path, "BAD_LINK").await;
        }
    }
    let (long_code, long_id) = ("c".repeat(2049), "A".repeat(65));
    for (name, value) in [
        ("spapi_oauth_code", long_code.as_str()),
        ("spapi_oauth_code", "co%20de"),
        ("spapi_oauth_code", "cod%C3%A9"),
        ("selling_partner_id", long_id.as_str()),
        ("selling_partner_id", "A%231"),
        ("selling_partner_id", "A1%20"),
        ("selling_partner_id", "%3Cscript%3E"),
    ] {
        midway.refused(&callback.with(name, value), "BAD_LINK").await;
    }
    midway.refused("/callback", "BAD_LINK").await;
    midway.refused("/callback?&&=&", "BAD_LINK").await;
    let without_code = callback.to_string().replace("spapi_oauth_code=", "other=");
    for error in
        ["error=access_denied", "error=%3Cscript%3E", "error=x&error_description=y", "error=x&error=y"]
    {
        midway.refused(&format!("{without_code}&{error}"), "NOT_CONSENTED").await;
    }

    midway.loses_nothing().await;
}

#[tokio::test]
async fn an_unknown_state_is_refused_and_loses_nothing() {
    let midway = Midway::new().await;
    let callback = midway.callback_query();
    let (id, secret) = callback.get("state").split_once('.').unwrap();
    let word = random_word();
    for state in [
        "x".to_owned(),
        ".".to_owned(),
        "undefined".to_owned(),
        id.to_owned(),
        format!("{id}."),
        format!(".{secret}"),
        format!("{id}.{secret}."),
        format!("{id}.{secret}.{secret}"),
        format!("{id}.{secret}A"),
        format!("{id}%20.{secret}"),
        format!("{id}.{}", &secret[1..]),
        format!("{secret}.{id}"),
        format!("{id}.{word}"),
        format!("{word}.{secret}"),
        format!("{word}.{word}"),
        format!("{id}.{}", secret.chars().rev().collect::<String>()),
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E".to_owned(),
    ] {
        midway.refused(&callback.with("state", &state), "UNKNOWN_STATE").await;
    }
    midway.loses_nothing().await;
}

#[tokio::test]
async fn another_browsers_state_is_refused_and_loses_nothing() {
    let midway = Midway::new().await;
    let without_cookies = midway.world.browser();
    let with_cookies = midway.world.browser();
    with_cookies.open(&midway.world.site("/authorize?marketplace=US&type=seller")).await;
    for other in [without_cookies, with_cookies] {
        let shown = other.open(&midway.callback).await;
        assert_refused(&shown, "OTHER_BROWSER", &midway.callback);
    }
    midway.loses_nothing().await;
}

#[tokio::test]
async fn another_partners_state_is_refused_and_loses_nothing() {
    let midway = Midway::new().await;
    let callback = midway.callback_query();
    for partner in ["A1OTHER", "a1midway", "A1MIDWAY-", "A1MIDWA"] {
        midway.refused(&callback.with("selling_partner_id", partner), "OTHER_PARTNER").await;
    }
    midway.loses_nothing().await;
}

#[tokio::test]
async fn an_expired_state_is_refused_and_exchanges_nothing() {
    let midway = Midway::new().await;
    midway.world.advance(600).await;

    let shown = midway.browser.open(&midway.callback).await;

    assert_refused(&shown, "EXPIRED", &midway.callback);
    assert_eq!(midway.world.exchanges().await, 0);
    assert!(
        midway.browser.website("US", "seller", PARTNER).await.is_connected(),
        "the way round is open again"
    );
}

#[tokio::test]
async fn a_used_state_exchanges_nothing_more_from_any_browser_with_any_code() {
    let midway = Midway::new().await;
    let callback = midway.callback_query();
    let (world, browser) = (&midway.world, &midway.browser);
    assert!(browser.open(&midway.callback).await.is_connected());

    let other_code = world.site(&callback.with("spapi_oauth_code", "another"));
    let shown = browser.open(&other_code).await;
    assert!(shown.status.is_success() || shown.status.is_client_error());
    let shown = world.browser().open(&midway.callback).await;
    assert_refused(&shown, "OTHER_BROWSER", &midway.callback);
    let other_partner = callback.with("selling_partner_id", "A1OTHER");
    midway.refused(&other_partner, "OTHER_PARTNER").await;

    assert_eq!(world.exchanges().await, 1);
    assert!(browser.open(&midway.callback).await.is_connected());
    assert!(world.caller().token_of(PARTNER, "na").await.is_ok());
    assert!(world.grant("na", "A1OTHER").await.is_none());
}

#[tokio::test]
async fn a_code_that_amazon_refuses_gets_a_page_and_leaves_grants_and_other_journeys_alone() {
    let world = World::new().await;
    let browser = world.browser();
    browser.website("US", "seller", PARTNER).await;
    let before = world.grant("na", PARTNER).await;
    let open = browser.website_until_callback("DE", "seller", "A1OPEN").await;
    for code in ["none-of-yours", "0", "%25", "a%26grant_type%3Dx", "%22%7B%7D", &"c".repeat(2048)] {
        let started = browser.website_until_callback("US", "seller", PARTNER).await;
        let callback = super::Target::parse("/callback", started.split_once('?').unwrap().1);
        let refused = callback.with("spapi_oauth_code", code);
        let exchanges = world.exchanges().await;

        for _ in 0..2 {
            let shown = browser.open(&world.site(&refused)).await;
            assert_refused(&shown, "CODE_REFUSED", &refused);
        }

        assert_eq!(world.exchanges().await, exchanges + 1, "a refused code is not asked about again");
    }
    assert_eq!(world.grant("na", PARTNER).await, before);
    assert!(browser.open(&open).await.is_connected());
    assert!(world.caller().token_of(PARTNER, "na").await.is_ok());
}
