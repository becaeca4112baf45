//! With the grant's account: replaced and reported, unless the two sets of stores have nothing in common.

use serde_json::json;

use super::{CA, MX, US, authorizes, grant, latest_change, lists, shown, with_links};
use crate::support::{
    linking::RETURN_URL,
    operator::{events, operate},
    world::{World, attribute},
};

#[tokio::test]
async fn stores_that_the_accounts_seller_has_lost_and_gained_are_reported_with_the_renewal() {
    let world = with_links(false).await;
    lists(&world, "A1US", "Clocks", &[US, CA]).await;
    assert!(authorizes(&world, "t-7", "A1US").await.is_connected());

    lists(&world, "A1US", "Clocks", &[US, MX]).await;
    assert!(authorizes(&world, "t-7", "A1US").await.is_connected());

    assert_eq!(
        events(&world, "A1US").await,
        ["AuthorizationGranted", "AuthorizationRenewed", "StoresChanged"]
    );
    assert_eq!(latest_change(&world).await, [CA, MX]);
    let row = grant(&world).await;
    assert_eq!((attribute(&row, "version"), attribute(&row, "revision")), ("2", "3"));
    let sent = world.stack.events().await.pop().unwrap().event;
    assert_eq!(sent["detail-type"], "StoresChanged");
    let detail = &sent["detail"];
    assert_eq!((&detail["lost"], &detail["gained"]), (&json!(CA), &json!(MX)));
    assert_eq!((&detail["account"], &detail["actor"]), (&json!("t-7"), &json!("browser")));
    let listed = world.ask("getHistory", json!({"sellingPartnerId": "A1US", "limit": 1})).await.unwrap();
    assert_eq!(listed["history"][0]["lost"], CA);
    let token = world.caller().token(&json!({"account": "t-7", "marketplaceId": MX})).await;
    assert!(token.is_ok(), "{token:?}");

    assert!(authorizes(&world, "t-7", "A1US").await.is_connected());
    assert_eq!(events(&world, "A1US").await.last().unwrap(), "AuthorizationRenewed", "the same stores again");
}

#[tokio::test]
async fn a_store_under_another_name_is_reported_as_lost_and_gained() {
    let world = with_links(false).await;
    lists(&world, "A1US", "Clocks", &[US]).await;
    assert!(authorizes(&world, "t-7", "A1US").await.is_connected());
    lists(&world, "A1US", "Watches", &[US]).await;

    assert!(authorizes(&world, "t-7", "A1US").await.is_connected());

    assert_eq!(latest_change(&world).await, [US, US]);
}

#[tokio::test]
async fn promise_4_the_grants_account_with_no_store_in_common_is_a_conflict() {
    let world = with_links(false).await;
    lists(&world, "A1US", "Clocks", &[US]).await;
    assert!(authorizes(&world, "t-7", "A1US").await.is_connected());
    let before = grant(&world).await;
    lists(&world, "A1US", "Clocks", &[CA]).await;

    let page = authorizes(&world, "t-7", "A1US").await;

    assert_eq!(page.support_code(), Some("AUTHORIZATION_CONFLICT"));
    let after = grant(&world).await;
    for kept in ["fingerprint", "version", "authorized_at"] {
        assert_eq!(attribute(&before, kept), attribute(&after, kept));
    }
    let fingerprint = shown(&world).await["conflicts"][0]["fingerprint"].clone();
    let accept = json!({"fingerprint": fingerprint, "resolution": "accept"});
    operate(&world, "resolveConflict", "A1US", accept).await.unwrap();
    let expected = ["AuthorizationGranted", "AuthorizationConflict", "AuthorizationRenewed", "StoresChanged"];
    assert_eq!(events(&world, "A1US").await, expected);
    assert_eq!(latest_change(&world).await, [US, CA], "an operator's decision is reported like any other");
}

#[tokio::test]
async fn promise_4_a_completion_for_the_grants_account_compares_the_stores_too() {
    let world = World::with_integrator(false).await;
    world.website_form("4a").await;
    lists(&world, "A1US", "Clocks", &[US]).await;
    assert!(authorizes(&world, "t-7", "A1US").await.is_connected());
    for (name, marketplaces, is_completed) in [("Clocks", [CA], false), ("Watches", [US], true)] {
        lists(&world, "A1US", name, &marketplaces).await;
        let link = world.returning_link("t-7").await;
        let back = world.browser().authorize_with(&link, "A1US").await;
        let back = reqwest::Url::parse(back.location()).unwrap();
        assert!(back.as_str().starts_with(RETURN_URL.split('?').next().unwrap()), "{back}");
        let result = back.query_pairs().find(|(name, _)| name == "result").unwrap().1.into_owned();

        let completed = world.complete(&result, "t-7").await;

        assert_eq!(completed.is_ok(), is_completed, "{completed:?}");
        if let Err(failure) = completed {
            assert_eq!(failure.error_type, "RequestRefused");
            assert!(failure.error_message.contains("none of the stores"), "{failure:?}");
        }
    }
    assert_eq!(latest_change(&world).await, [US, US]);
}

#[tokio::test]
async fn stores_that_amazon_lists_only_later_are_compared_then() {
    for status in [403, 503] {
        let world = with_links(true).await;
        lists(&world, "A1US", "Clocks", &[US]).await;
        assert!(authorizes(&world, "t-7", "A1US").await.is_connected());
        lists(&world, "A1US", "Clocks", &[US, MX]).await;
        world.fault("sp-api", "http_error", json!({"status": status})).await;
        assert!(authorizes(&world, "t-7", "A1US").await.is_connected());
        world.advance(7200).await;
        assert_eq!(
            events(&world, "A1US").await,
            ["AuthorizationGranted", "AuthorizationRenewed"],
            "an answer without stores proves nothing"
        );
        assert!(grant(&world).await.contains_key("superseded"));

        world.fault("sp-api", "none", json!({})).await;
        world.advance(24 * 3600).await;

        let expected =
            ["AuthorizationGranted", "AuthorizationRenewed", "AuthorizationVerified", "StoresChanged"];
        assert_eq!(events(&world, "A1US").await, expected, "{status}");
        assert_eq!(latest_change(&world).await, ["", MX]);
        assert!(!grant(&world).await.contains_key("superseded"), "the token before is deleted");
    }
}

#[tokio::test]
async fn promise_4_stores_that_come_later_and_are_all_others_bring_the_token_before_back() {
    for old_token in ["keep", "kill"] {
        let world = with_links(true).await;
        world.control("old-tokens", json!({"onReauthorization": old_token})).await;
        lists(&world, "A1US", "Clocks", &[US]).await;
        lists(&world, "A1OTHER", "Tea", &[MX]).await;
        assert!(authorizes(&world, "t-7", "A1US").await.is_connected());
        let before = grant(&world).await;
        world.fault("sp-api", "http_error", json!({"status": 503})).await;
        // The account's user signs in to another store, and the callback names the first one.
        let browser = world.browser();
        let consent = browser.open_link(&world.link("t-7").await).await;
        let callback = browser.consent(&consent, "A1OTHER").await;
        assert!(browser.open(&callback.replace("A1OTHER", "A1US")).await.is_connected());
        assert_ne!(attribute(&grant(&world).await, "fingerprint"), attribute(&before, "fingerprint"));
        world.fault("sp-api", "none", json!({})).await;

        world.advance(24 * 3600).await;
        world.advance(24 * 3600).await;

        let after = grant(&world).await;
        for again in ["fingerprint", "authorized_at", "renewal_due_at", "status"] {
            assert_eq!(attribute(&after, again), attribute(&before, again), "{again} {old_token}");
        }
        let view = shown(&world).await;
        assert_eq!(view["stores"].as_array().unwrap().len(), 1);
        assert_eq!(view["conflicts"][0]["stores"][0]["name"], "Tea");
        assert_eq!(view["conflicts"][0]["account"], "t-7");
        let expected = ["AuthorizationGranted", "AuthorizationRenewed", "AuthorizationConflict"];
        assert_eq!(events(&world, "A1US").await, expected, "{old_token}");
        assert!(world.caller().token_of("A1US", "na").await.is_ok(), "its own token works");
    }
}
