//! Promise 4: an operator decides on an authorization that may belong to another account.

use serde_json::json;

use crate::support::{
    environments::token,
    operator::{authorized, conflicting, events, operate},
    world::{World, attribute},
};

#[tokio::test]
async fn promise_4_an_accepted_conflict_replaces_the_token_once_amazon_accepts_it() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let fingerprint = conflicting(&world, "A1US", "A1OTHER").await;
    let accept = json!({"fingerprint": fingerprint, "resolution": "accept", "by": "anne"});
    world.fault("token", "http_error", json!({"status": 503})).await;
    let failure = operate(&world, "resolveConflict", "A1US", accept.clone()).await.unwrap_err();
    assert_eq!(failure.error_type, "AmazonUnavailable");
    world.fault("token", "none", json!({})).await;

    let resolved = operate(&world, "resolveConflict", "A1US", accept.clone()).await.unwrap();

    assert_eq!(resolved["grant"]["fingerprint"], fingerprint.as_str());
    assert_eq!((&resolved["grant"]["conflicts"], &resolved["grant"]["version"]), (&json!([]), &json!(2)));
    let expected = ["AuthorizationGranted", "AuthorizationConflict", "AuthorizationRenewed", "StoresChanged"];
    assert_eq!(events(&world, "A1US").await, expected);
    let again = operate(&world, "resolveConflict", "A1US", accept).await.unwrap_err();
    assert!(again.error_message.starts_with("fingerprint:"), "{again:?}");
    token(&world.fresh().token_of("A1US").await);
}

#[tokio::test]
async fn promise_4_a_rejected_conflict_leaves_the_grant_as_it_was() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let before = world.grant("na", "A1US").await.unwrap();
    let fingerprint = conflicting(&world, "A1US", "A1OTHER").await;
    let reject = json!({"fingerprint": fingerprint, "resolution": "reject", "by": "anne"});

    let resolved = operate(&world, "resolveConflict", "A1US", reject).await.unwrap();

    assert_eq!(resolved["grant"]["conflicts"], json!([]));
    let after = world.grant("na", "A1US").await.unwrap();
    for kept in ["fingerprint", "version", "authorized_at", "status"] {
        assert_eq!(attribute(&before, kept), attribute(&after, kept));
    }
    let record = world.history("na", "A1US").await.pop().unwrap();
    assert_eq!((attribute(&record, "event"), attribute(&record, "by")), ("ConflictRejected", "anne"));
    assert_eq!(attribute(&record, "fingerprint"), fingerprint);
}

#[tokio::test]
async fn a_conflict_whose_token_amazon_refuses_can_only_be_rejected() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let fingerprint = conflicting(&world, "A1US", "A1OTHER").await;
    world.control("partner/A1OTHER/revoke", json!({})).await;

    let accept = json!({"fingerprint": fingerprint, "resolution": "accept"});
    let failure = operate(&world, "resolveConflict", "A1US", accept).await.unwrap_err();

    assert_eq!(failure.error_type, "InvalidRequest");
    assert!(failure.error_message.starts_with("fingerprint:"), "{failure:?}");
    assert_eq!(attribute(&world.grant("na", "A1US").await.unwrap(), "version"), "1");
}

#[tokio::test]
async fn promise_4_another_account_does_not_get_the_token_of_an_accepted_conflict() {
    let world = World::with_integrator(false).await;
    world.website_form("4a").await;
    // A stranger is there first, with the victim's id and an account of its own.
    let stranger = world.browser();
    let consent = stranger.open_link(&world.link("stranger").await).await;
    let callback = stranger.consent(&consent, "A1OTHER").await;
    assert!(stranger.open(&callback.replace("A1OTHER", "A1US")).await.is_connected());
    let own = world.browser().authorize_with(&world.link("tenant-1").await, "A1US").await;
    assert_eq!(own.support_code(), Some("AUTHORIZATION_CONFLICT"));
    let shown = world.ask("getGrant", json!({"sellingPartnerId": "A1US"})).await.unwrap();
    let fingerprint = shown["grant"]["conflicts"][0]["fingerprint"].clone();

    let accept = json!({"fingerprint": fingerprint, "resolution": "accept"});
    let resolved = operate(&world, "resolveConflict", "A1US", accept).await.unwrap();

    assert_eq!(resolved["grant"]["account"], "tenant-1");
    assert_eq!(world.caller().refusal(&json!({"account": "stranger"})).await, "UnknownSellingPartner");
    let token = world.caller().token(&json!({"account": "tenant-1"})).await.unwrap();
    assert_eq!(token["sellingPartnerId"], "A1US");
}

#[tokio::test]
async fn promise_4_conflicts_without_stores_or_account_push_no_other_conflict_out() {
    let world = World::new().await;
    world.website_form("4a").await;
    authorized(&world, "A1US").await;
    let renamed = json!({
        "sellingPartnerId": "A1US", "region": "na", "kind": "seller", "storeNames": {"ATVPDKIKX0DER": "New name"},
    });
    world.control("partners", renamed).await;
    let page = world.browser().website("US", "seller", "A1US").await;
    assert_eq!(page.support_code(), Some("AUTHORIZATION_CONFLICT"));
    let conflicts = async || {
        let shown = world.ask("getGrant", json!({"sellingPartnerId": "A1US"})).await.unwrap();
        shown["grant"]["conflicts"].as_array().unwrap().clone()
    };
    let own = conflicts().await[0]["fingerprint"].clone();

    for _ in 0..21 {
        let stranger = world.browser();
        let callback = stranger.website_until_callback("US", "vendor", "VOTHER").await;
        let page = stranger.open(&callback.replace("VOTHER", "A1US")).await;
        assert_eq!(page.support_code(), Some("AUTHORIZATION_CONFLICT"));
    }

    assert_eq!(conflicts().await.len(), 20);
    let accept = json!({"fingerprint": own, "resolution": "accept"});
    let resolved = operate(&world, "resolveConflict", "A1US", accept).await.unwrap();
    assert_eq!(resolved["grant"]["fingerprint"], own);
}
