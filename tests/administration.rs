//! What operators do to grants: proved first where it matters, at once, and with one record of who did it.

use std::time::Duration;

use serde_json::{Value, json};
use shared::deadline::Deadline;

use crate::support::{
    caller::Failure,
    environments::{error_type, token},
    invocation::{Dies, stopped_after},
    world::{World, attribute},
};

/// An operation on the grant of a partner in North America.
async fn operate(world: &World, operation: &str, partner: &str, more: Value) -> Result<Value, Failure> {
    let mut request = json!({
        "operation": operation, "applicationId": world.application(), "sellingPartnerId": partner, "region": "na",
    });
    request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    world.caller().invoke("administration", &request).await
}

async fn events(world: &World, partner: &str) -> Vec<String> {
    let history = world.history("na", partner).await;
    history.iter().map(|record| attribute(record, "event").to_owned()).collect()
}

async fn authorized(world: &World, partner: &str) {
    assert!(world.browser().website("US", "seller", partner).await.is_connected());
}

/// A stranger who authorizes its own store and writes another's id on the callback.
async fn conflicting(world: &World, victim: &str, stranger: &str) -> String {
    world.website_form("4a").await;
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", stranger).await;
    let page = browser.open(&callback.replace(stranger, victim)).await;
    assert_eq!(page.support_code(), Some("AUTHORIZATION_CONFLICT"));
    let shown = json!({"operation": "getGrant", "sellingPartnerId": victim});
    let grant = world.caller().invoke("authorizations", &shown).await.unwrap();
    let conflicts = grant["grant"]["conflicts"].as_array().unwrap().clone();
    conflicts.last().unwrap()["fingerprint"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn promise_15_disabling_stops_at_once_through_the_tables_and_within_a_minute_through_memory() {
    for operation in ["disableGrant", "removeGrant"] {
        let heard =
            if operation == "disableGrant" { "AuthorizationDisabled" } else { "UnknownSellingPartner" };
        let world = World::new().await;
        world.cold_seller("A1US").await;
        let remembers = world.fresh();
        token(&remembers.token_of("A1US").await);

        let answer = operate(&world, operation, "A1US", json!({})).await.unwrap();

        assert_eq!(answer["grant"]["version"], 2);
        assert_eq!(error_type(&world.fresh().token_of("A1US").await), heard);
        world.advance(60).await;
        assert_eq!(error_type(&remembers.token_of("A1US").await), heard);
        assert_eq!(world.refreshes().await, 1, "and Amazon is not asked");
    }
}

#[tokio::test]
async fn promise_12_every_operation_leaves_one_record_of_who_did_it_and_a_repeated_one_leaves_none() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    for (operation, more, event) in [
        ("linkAccount", json!({"account": "tenant-1"}), "AccountLinked"),
        ("disableGrant", json!({"reason": "contract ended"}), "AuthorizationDisabled"),
        ("enableGrant", json!({}), "AuthorizationEnabled"),
        ("linkAccount", json!({"account": null}), "AccountLinked"),
        ("removeGrant", json!({}), "AuthorizationRemoved"),
    ] {
        let before = world.history("na", "A1US").await.len();
        let mut more = more;
        more["by"] = json!("anne@example.com");

        let answer = operate(&world, operation, "A1US", more.clone()).await.unwrap();
        assert_eq!(operate(&world, operation, "A1US", more).await.unwrap(), answer, "{operation} again");

        let history = world.history("na", "A1US").await;
        assert_eq!(history.len(), before + 1, "{operation}");
        let record = history.last().unwrap();
        assert_eq!(attribute(record, "event"), event);
        assert_eq!(attribute(record, "actor"), "operator");
        assert_eq!(attribute(record, "by"), "anne@example.com");
        let grant = world.grant("na", "A1US").await.unwrap();
        assert_eq!(attribute(record, "revision"), attribute(&grant, "revision"));
        assert_eq!(
            attribute(&grant, "version"),
            attribute(&grant, "revision"),
            "every one raised the version"
        );
    }
    let reasons = world.history("na", "A1US").await;
    assert_eq!(attribute(&reasons[2], "reason"), "contract ended");
}

#[tokio::test]
async fn promise_12_two_operators_at_once_leave_a_history_that_adds_up() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let accounts =
        (0..8).map(|number| {
            let world = &world;
            async move {
                operate(world, "linkAccount", "A1US", json!({"account": format!("tenant-{number}")})).await
            }
        });
    let (linked, disabled) = tokio::join!(
        futures::future::join_all(accounts),
        operate(&world, "disableGrant", "A1US", json!({"by": "one"})),
    );
    for answer in linked {
        answer.unwrap();
    }
    disabled.unwrap();

    let grant = world.grant("na", "A1US").await.unwrap();
    let history = world.history("na", "A1US").await;
    assert_eq!((attribute(&grant, "version"), attribute(&grant, "status")), ("10", "disabled"));
    assert_eq!(history.len(), 10);
    assert_eq!(attribute(history.last().unwrap(), "account"), attribute(&grant, "account"));
}

#[tokio::test]
async fn promise_12_a_history_that_is_ahead_of_a_restored_grant_is_passed_over() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let backup = world.grant("na", "A1US").await.unwrap();
    operate(&world, "disableGrant", "A1US", json!({})).await.unwrap();
    operate(&world, "enableGrant", "A1US", json!({})).await.unwrap();
    world.put_grant(backup).await;

    operate(&world, "disableGrant", "A1US", json!({})).await.unwrap();

    let grant = world.grant("na", "A1US").await.unwrap();
    assert_eq!((attribute(&grant, "revision"), attribute(&grant, "status")), ("4", "disabled"));
    assert_eq!(world.history("na", "A1US").await.len(), 4);
}

/// Wherever the function is stopped, grant and history agree, and the same request again brings it to its end.
#[tokio::test]
async fn promise_12_an_operation_that_is_stopped_anywhere_has_happened_whole_or_not_at_all() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let lambdas = world.stack.lambdas().clone();
    let mut stopped = 0;
    for (operation, status) in [("disableGrant", "disabled"), ("enableGrant", "active")] {
        for dies in [Dies::AtOnce, Dies::AfterTheAnswer] {
            for awaits in 0.. {
                // Where the other operation has left off.
                let undo = if operation == "disableGrant" { "enableGrant" } else { "disableGrant" };
                operate(&world, undo, "A1US", json!({})).await.unwrap();
                let before = world.history("na", "A1US").await.len();
                let request = json!({
                    "operation": operation, "applicationId": world.application(), "sellingPartnerId": "A1US", "region": "na",
                });
                let (now, deadline) = (world.stack.clock().now(), Deadline::after(Duration::from_secs(20)));
                let invocation = lambdas.administration.handle(&request, now, deadline);
                let ended = stopped_after(awaits, dies, Box::pin(invocation)).await.is_some();
                // A write that was on its way may still arrive.
                tokio::time::sleep(Duration::from_millis(20)).await;

                let (grant, history) =
                    (world.grant("na", "A1US").await.unwrap(), world.history("na", "A1US").await);
                assert_eq!(
                    attribute(&grant, "revision"),
                    history.len().to_string(),
                    "{operation} {awaits} {dies:?}"
                );
                operate(&world, operation, "A1US", json!({})).await.unwrap();
                assert_eq!(attribute(&world.grant("na", "A1US").await.unwrap(), "status"), status);
                assert_eq!(
                    world.history("na", "A1US").await.len(),
                    before + 1,
                    "{operation} {awaits} {dies:?}"
                );
                if ended {
                    break;
                }
                stopped += 1;
            }
        }
    }
    assert!(stopped > 10, "it was stopped {stopped} times");
}

#[tokio::test]
async fn promise_12_a_history_that_is_ahead_loses_no_refresh_token_that_amazon_replaces() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let backup = world.grant("na", "A1US").await.unwrap();
    operate(&world, "disableGrant", "A1US", json!({})).await.unwrap();
    world.put_grant(backup).await;
    world.control("tokens", json!({"onRefresh": "replace"})).await;

    token(&world.fresh().token_of("A1US").await);

    let told = ["AuthorizationGranted", "AuthorizationDisabled", "RefreshTokenReplaced"];
    assert_eq!(events(&world, "A1US").await, told);
    assert_eq!(attribute(&world.grant("na", "A1US").await.unwrap(), "revision"), "3");
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
    assert_eq!(attribute(&grant, "status"), "reauthorization_required");
    let told = ["AuthorizationGranted", "AuthorizationDisabled", "ReauthorizationRequired"];
    assert_eq!(events(&world, "A1US").await, told);
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
async fn a_refresh_token_that_amazon_replaces_while_it_is_proved_is_kept() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    operate(&world, "disableGrant", "A1US", json!({})).await.unwrap();
    let before = world.grant("na", "A1US").await.unwrap();
    world.control("tokens", json!({"onRefresh": "replace"})).await;

    let enabled = operate(&world, "enableGrant", "A1US", json!({})).await.unwrap();

    assert_ne!(enabled["grant"]["fingerprint"], attribute(&before, "fingerprint"));
    world.control("tokens", json!({"onRefresh": "echo"})).await;
    token(&world.fresh().token_of("A1US").await);
    let told =
        ["AuthorizationGranted", "AuthorizationDisabled", "RefreshTokenReplaced", "AuthorizationEnabled"];
    assert_eq!(events(&world, "A1US").await, told);
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
    assert_eq!(attribute(history.last().unwrap(), "account"), "tenant-1", "whose it was is told");
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
        ("linkAccount", json!({}), "account: "),
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
    for operation in ["disableGrant", "enableGrant", "removeGrant"] {
        let failure = operate(&world, operation, "A9", json!({})).await.unwrap_err();
        assert_eq!(failure.error_type, "UnknownSellingPartner");
    }
    assert_eq!(world.grant("na", "A1US").await, before);
}
