//! What operators do to grants: validated first where it matters, and effective immediately.

use serde_json::{Value, json};

use crate::support::{
    environments::{error_type, token},
    operator::{authorized, conflicting, events, operate},
    world::{World, attribute},
};

#[tokio::test]
async fn promise_15_disabling_stops_immediately_through_the_tables_and_within_a_minute_through_memory() {
    for operation in ["disableGrant", "removeGrant"] {
        let heard =
            if operation == "disableGrant" { "AuthorizationDisabled" } else { "UnknownSellingPartner" };
        let world = World::new().await;
        world.cold_seller("A1US").await;
        let warm = world.fresh();
        token(&warm.token_of("A1US").await);

        let answer = operate(&world, operation, "A1US", json!({})).await.unwrap();

        assert_eq!(answer["grant"]["version"], 2);
        assert_eq!(error_type(&world.fresh().token_of("A1US").await), heard);
        world.advance(60).await;
        assert_eq!(error_type(&warm.token_of("A1US").await), heard);
        assert_eq!(world.refreshes().await, 1, "and Amazon is not asked");
    }
}

#[tokio::test]
async fn enabling_after_a_revocation_at_amazon_says_that_the_partner_must_authorize_again() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    operate(&world, "disableGrant", "A1US", json!({})).await.unwrap();
    world.control("partner/A1US/revoke", json!({})).await;

    for _ in 0..2 {
        let failure = operate(&world, "enableGrant", "A1US", json!({})).await.unwrap_err();
        assert_eq!(failure.error_type, "ReauthorizationRequired");
    }

    let grant = world.grant("na", "A1US").await.unwrap();
    assert_eq!(attribute(&grant, "status"), "reauthorizationRequired");
    let expected = ["AuthorizationGranted", "AuthorizationDisabled", "ReauthorizationRequired"];
    assert_eq!(events(&world, "A1US").await, expected);
    let history = world.history("na", "A1US").await;
    let manage = world.amazon("sellercentral.amazon.com", "/apps/manage");
    assert_eq!(attribute(history.last().unwrap(), "manage_your_apps_url"), manage);
    assert!(!attribute(history.last().unwrap(), "authorize_url").is_empty());
    assert_eq!(error_type(&world.fresh().token_of("A1US").await), "ReauthorizationRequired");

    world.control("partner/A1US/restore", json!({})).await;
    let restored = operate(&world, "enableGrant", "A1US", json!({"by": "anne"})).await.unwrap();
    assert_eq!(restored["grant"]["status"], "active");
    assert_eq!(events(&world, "A1US").await.last().unwrap(), "AuthorizationRestored");
    token(&world.fresh().token_of("A1US").await);
}

#[tokio::test]
async fn enabling_while_amazon_is_down_changes_nothing() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    operate(&world, "disableGrant", "A1US", json!({})).await.unwrap();
    let before = world.grant("na", "A1US").await;
    for (fault, more, heard) in [
        ("http_error", json!({"status": 503}), "AmazonUnavailable"),
        ("html", json!({}), "AmazonUnavailable"),
        ("invalid_client", json!({}), "ApplicationCredentialsRejected"),
    ] {
        world.fault("token", fault, more).await;
        let failure = operate(&world, "enableGrant", "A1US", json!({})).await.unwrap_err();
        assert_eq!(failure.error_type, heard, "{fault}");
        assert_eq!(world.grant("na", "A1US").await, before);
    }
    world.fault("token", "none", json!({})).await;
    world.advance(61).await;
    operate(&world, "enableGrant", "A1US", json!({})).await.unwrap();
}

#[tokio::test]
async fn a_refresh_token_that_amazon_replaces_during_validation_is_stored() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    operate(&world, "disableGrant", "A1US", json!({})).await.unwrap();
    let before = world.grant("na", "A1US").await.unwrap();
    world.control("tokens", json!({"onRefresh": "replace"})).await;

    let enabled = operate(&world, "enableGrant", "A1US", json!({})).await.unwrap();

    assert_ne!(enabled["grant"]["fingerprint"], attribute(&before, "fingerprint"));
    world.control("tokens", json!({"onRefresh": "echo"})).await;
    token(&world.fresh().token_of("A1US").await);
    let expected =
        ["AuthorizationGranted", "AuthorizationDisabled", "RefreshTokenReplaced", "AuthorizationEnabled"];
    assert_eq!(events(&world, "A1US").await, expected);
}

#[tokio::test]
async fn a_removed_grant_has_no_token_and_starts_again_with_a_higher_version() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    conflicting(&world, "A1US", "A1OTHER").await;
    operate(&world, "linkAccount", "A1US", json!({"account": "tenant-1"})).await.unwrap();

    let removed = operate(&world, "removeGrant", "A1US", json!({})).await.unwrap();

    assert_eq!((&removed["grant"]["status"], &removed["grant"]["actions"]), (&json!("removed"), &json!([])));
    let row = world.grant("na", "A1US").await.unwrap();
    for gone in ["refresh_token", "conflicts", "account", "central_host"] {
        assert!(!row.contains_key(gone), "{gone}");
    }
    let history = world.history("na", "A1US").await;
    assert_eq!(attribute(history.last().unwrap(), "account"), "tenant-1", "the history names its account");
    let list = async |more: Value| {
        let mut request = json!({"operation": "listGrants"});
        request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        let answer = world.caller().invoke("authorizations", &request).await.unwrap();
        answer["grants"].as_array().unwrap().len()
    };
    assert_eq!(list(json!({})).await, 0);
    assert_eq!(list(json!({"sellingPartnerId": "A1US"})).await, 0);
    assert_eq!(list(json!({"status": "removed"})).await, 1);
    for operation in ["disableGrant", "enableGrant"] {
        let failure = operate(&world, operation, "A1US", json!({})).await.unwrap_err();
        assert_eq!(failure.error_type, "UnknownSellingPartner");
    }

    authorized(&world, "A1US").await;

    let row = world.grant("na", "A1US").await.unwrap();
    assert_eq!((attribute(&row, "status"), attribute(&row, "version")), ("active", "4"));
    assert!(!row.contains_key("account"));
    token(&world.fresh().token_of("A1US").await);
    assert_eq!((list(json!({})).await, list(json!({"status": "removed"})).await), (1, 0));
}

#[tokio::test]
async fn bad_input_gets_a_typed_error_that_names_the_field_and_nothing_secret() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let before = world.grant("na", "A1US").await;
    let unknown = "0".repeat(64);
    for (operation, more, said) in [
        ("dance", json!({}), "operation: expected one of registerApplication, "),
        ("disableGrant", json!({"colour": "red"}), "payload: "),
        ("disableGrant", json!({"region": "us"}), "region: "),
        ("disableGrant", json!({"reason": "a\u{202e}b"}), "reason: "),
        ("disableGrant", json!({"by": ""}), "by: "),
        ("enableGrant", json!({"sellingPartnerId": "A 1"}), "sellingPartnerId: "),
        ("eraseGrant", json!({"region": "us"}), "region: "),
        ("eraseGrant", json!({"reason": "a\u{202e}b"}), "reason: "),
        ("linkAccount", json!({}), "account: "),
        ("setRegion", json!({}), "toRegion: "),
        ("setRegion", json!({"toRegion": "hunter2"}), "toRegion: "),
        ("setRegion", json!({"toRegion": null}), "toRegion: "),
        ("setRegion", json!({"toRegion": "eu", "reason": ""}), "reason: "),
        ("setRegion", json!({"toRegion": "eu", "region": "EU"}), "region: "),
        ("linkAccount", json!({"account": "hunter2 and more"}), "account: "),
        ("resolveConflict", json!({"fingerprint": "hunter2", "resolution": "accept"}), "fingerprint: "),
        ("resolveConflict", json!({"fingerprint": unknown, "resolution": "hunter2"}), "resolution: "),
        ("resolveConflict", json!({"fingerprint": unknown, "resolution": "reject"}), "fingerprint: "),
        ("resolveConflict", json!({"fingerprint": unknown, "resolution": "accept"}), "fingerprint: "),
    ] {
        let failure = operate(&world, operation, "A1US", more.clone()).await.unwrap_err();
        assert_eq!(failure.error_type, "InvalidRequest", "{operation} {more}");
        assert!(failure.error_message.starts_with(said), "{operation} {more}: {failure:?}");
        assert!(!failure.error_message.contains("hunter2"), "{failure:?}");
    }
    let unregistered = json!({"applicationId": "amzn1.sp.solution.0"});
    let failure = operate(&world, "disableGrant", "A1US", unregistered).await.unwrap_err();
    assert_eq!(failure.error_type, "UnknownApplication");
    for (operation, more) in [
        ("disableGrant", json!({})),
        ("enableGrant", json!({})),
        ("removeGrant", json!({})),
        ("setRegion", json!({"toRegion": "eu"})),
    ] {
        let failure = operate(&world, operation, "A9", more).await.unwrap_err();
        assert_eq!(failure.error_type, "UnknownSellingPartner", "{operation}");
    }
    assert_eq!(world.grant("na", "A1US").await, before);
}
