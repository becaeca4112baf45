//! Promise 4: an operator decides whose an authorization was that could not be told from somebody else's.

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
    let told = ["AuthorizationGranted", "AuthorizationConflict", "AuthorizationRenewed"];
    assert_eq!(events(&world, "A1US").await, told);
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
