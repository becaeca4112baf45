//! Promise 12: a change of a grant and its history record are one, with who did it.

use std::time::Duration;

use serde_json::json;
use shared::deadline::{Clock, Deadline};

use crate::support::{
    environments::token,
    invocation::{Dies, stopped_after},
    operator::{authorized, events, operate},
    world::{World, attribute},
};

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
async fn promise_12_two_operators_at_the_same_time_leave_a_consistent_history() {
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
                let invocation = lambdas.administration.handle(&request, Clock::starting_at(now, deadline));
                let ended = stopped_after(awaits, dies, Box::pin(invocation)).await.is_some();
                // A write that was on its way may still arrive.
                tokio::time::sleep(Duration::from_millis(100)).await;

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

    let expected = ["AuthorizationGranted", "AuthorizationDisabled", "RefreshTokenReplaced"];
    assert_eq!(events(&world, "A1US").await, expected);
    assert_eq!(attribute(&world.grant("na", "A1US").await.unwrap(), "revision"), "3");
}
