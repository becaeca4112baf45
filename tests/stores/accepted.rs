//! Without an account: a conflict, which the refresher accepts if Amazon lists the same stores under the old token.

use std::time::Duration;

use futures::future::join;
use serde_json::json;
use shared::deadline::{Clock, Deadline};

use super::{CA, MX, US, authorizes, authorizes_alone, grant, latest_change, lists, shown, with_links};
use crate::support::{
    invocation::{Dies, stopped_after},
    operator::{conflicting, events, operate},
    world::{World, attribute},
};

const CONFLICT: Option<&str> = Some("AUTHORIZATION_CONFLICT");

/// A seller has authorized, and again after Amazon lists its stores under another name: a conflict.
async fn renamed(world: &World, name: &str) {
    lists(world, "A1US", name, &[US]).await;
    assert_eq!(authorizes_alone(world, "A1US").await.support_code(), CONFLICT);
}

async fn authorized(world: &World) {
    lists(world, "A1US", "Clocks", &[US]).await;
    assert!(authorizes_alone(world, "A1US").await.is_connected());
}

#[tokio::test]
async fn promise_4_a_conflict_whose_stores_the_old_token_shows_too_is_accepted_within_minutes() {
    for (name, marketplaces, change) in
        [("Watches", &[US][..], [US, US]), ("Clocks", &[CA, MX], [US, "A1AM78C64UM0Y8 A2EUQ1WTGCTBG2"])]
    {
        let world = with_links(true).await;
        authorized(&world).await;
        lists(&world, "A1US", name, marketplaces).await;
        assert_eq!(authorizes_alone(&world, "A1US").await.support_code(), CONFLICT);
        let conflict = shown(&world).await["conflicts"][0].clone();

        world.advance(600).await;

        let view = shown(&world).await;
        assert_eq!(view["fingerprint"], conflict["fingerprint"]);
        assert_eq!((&view["conflicts"], &view["status"]), (&json!([]), &json!("active")));
        assert_eq!(view["authorizedAt"], conflict["at"], "its year began with the new consent");
        let expected =
            ["AuthorizationGranted", "AuthorizationConflict", "AuthorizationRenewed", "StoresChanged"];
        assert_eq!(events(&world, "A1US").await, expected);
        assert_eq!(latest_change(&world).await, change);
        let record = &world.history("na", "A1US").await[2];
        assert_eq!(attribute(record, "actor"), "schedule");
        assert!(world.caller().token_of("A1US", "na").await.is_ok());
    }
}

#[tokio::test]
async fn a_conflict_of_the_grants_own_account_is_accepted_likewise() {
    let world = with_links(true).await;
    lists(&world, "A1US", "Clocks", &[US]).await;
    assert!(authorizes(&world, "t-7", "A1US").await.is_connected());
    lists(&world, "A1US", "Clocks", &[CA]).await;
    assert_eq!(authorizes(&world, "t-7", "A1US").await.support_code(), CONFLICT);

    world.advance(600).await;

    assert_eq!(latest_change(&world).await, [US, CA]);
    assert_eq!(attribute(&grant(&world).await, "account"), "t-7");
}

#[tokio::test]
async fn promise_4_a_conflict_of_another_seller_or_another_account_waits_for_the_operator() {
    let world = with_links(true).await;
    lists(&world, "A1US", "Clocks", &[US]).await;
    assert!(authorizes(&world, "t-7", "A1US").await.is_connected());
    conflicting(&world, "A1US", "A1OTHER").await;
    assert_eq!(authorizes(&world, "t-8", "A1US").await.support_code(), CONFLICT);
    let before = grant(&world).await;

    for _ in 0..3 {
        world.advance(24 * 3600).await;
    }

    let after = grant(&world).await;
    for kept in ["fingerprint", "version", "account"] {
        assert_eq!(attribute(&before, kept), attribute(&after, kept));
    }
    assert_eq!(after["conflicts"].as_l().unwrap().len(), 2);
}

#[tokio::test]
async fn a_conflict_stays_where_amazon_refuses_the_old_token() {
    let world = with_links(true).await;
    world.control("old-tokens", json!({"onReauthorization": "kill"})).await;
    authorized(&world).await;
    renamed(&world, "Watches").await;
    for _ in 0..3 {
        world.advance(24 * 3600).await;
    }
    let view = shown(&world).await;
    assert_eq!(
        (view["conflicts"].as_array().unwrap().len(), &view["status"]),
        (1, &json!("reauthorizationRequired"))
    );
    let accept = json!({"fingerprint": view["conflicts"][0]["fingerprint"], "resolution": "accept"});
    operate(&world, "resolveConflict", "A1US", accept).await.unwrap();
    assert_eq!(latest_change(&world).await, [US, US]);
    assert_eq!(shown(&world).await["status"], "active");
}

#[tokio::test]
async fn a_conflict_waits_while_amazon_refuses_its_token() {
    let world = with_links(true).await;
    authorized(&world).await;
    // Two ids of one seller: the tokens show the same stores, and Amazon refuses one of them.
    lists(&world, "A1OTHER", "Watches", &[US]).await;
    conflicting(&world, "A1US", "A1OTHER").await;
    lists(&world, "A1US", "Watches", &[US]).await;
    world.control("partner/A1OTHER/revoke", json!({})).await;
    let before = grant(&world).await;

    for _ in 0..2 {
        world.advance(24 * 3600).await;
        let after = grant(&world).await;
        assert_eq!(attribute(&before, "fingerprint"), attribute(&after, "fingerprint"));
        assert_eq!(after["conflicts"].as_l().unwrap().len(), 1);
    }
    world.control("partner/A1OTHER/restore", json!({})).await;
    world.advance(24 * 3600).await;

    assert_eq!(latest_change(&world).await, [US, US]);
}

#[tokio::test]
async fn a_conflict_waits_while_sp_api_answers_nothing_or_an_error_and_is_accepted_afterwards() {
    let world = with_links(true).await;
    authorized(&world).await;
    renamed(&world, "Watches").await;
    for (fault, more) in [
        ("http_error", json!({"status": 403})),
        ("http_error", json!({"status": 503})),
        ("throttle", json!({})),
        ("body", json!({"body": "{\"payload\": []}"})),
    ] {
        world.fault("sp-api", fault, more).await;
        world.advance(24 * 3600).await;
        assert_eq!(shown(&world).await["conflicts"].as_array().unwrap().len(), 1, "{fault}");
    }
    world.fault("sp-api", "none", json!({})).await;

    world.advance(24 * 3600).await;

    assert_eq!(latest_change(&world).await, [US, US]);
}

#[tokio::test]
async fn two_refreshers_at_once_accept_a_conflict_once() {
    let world = with_links(false).await;
    authorized(&world).await;
    renamed(&world, "Watches").await;

    join(world.refresh_all_due(), world.refresh_all_due()).await;

    let expected = ["AuthorizationGranted", "AuthorizationConflict", "AuthorizationRenewed", "StoresChanged"];
    assert_eq!(events(&world, "A1US").await, expected);
}

#[tokio::test]
async fn a_conflict_that_an_operator_rejects_or_a_grant_that_one_disables_meanwhile_is_left_alone() {
    for (operation, event) in
        [("resolveConflict", "ConflictRejected"), ("disableGrant", "AuthorizationDisabled")]
    {
        let world = with_links(false).await;
        authorized(&world).await;
        renamed(&world, "Watches").await;
        let view = shown(&world).await;
        let reject = json!({"fingerprint": view["conflicts"][0]["fingerprint"], "resolution": "reject"});
        let more = if operation == "resolveConflict" { reject } else { json!({}) };
        // The refresher's second call, which validates the token of the conflict, is in flight when the operator decides.
        world.fault("token", "latency", json!({"milliseconds": 3000})).await;

        let decide = async {
            let before = world.refreshes().await;
            let second = world.until_refreshes(before + 2);
            tokio::time::timeout(Duration::from_secs(20), second).await.expect("it asks Amazon twice");
            operate(&world, operation, "A1US", more).await.unwrap()
        };
        join(world.refresh_all_due(), decide).await;

        assert_eq!(
            events(&world, "A1US").await,
            ["AuthorizationGranted", "AuthorizationConflict", event],
            "{operation}"
        );
        assert_eq!(shown(&world).await["fingerprint"], view["fingerprint"]);
    }
}

#[tokio::test]
async fn a_refresher_stopped_at_any_step_accepts_a_conflict_once() {
    let world = with_links(false).await;
    authorized(&world).await;
    let mut stopped = 0;
    for dies in [Dies::AtOnce, Dies::AfterTheAnswer] {
        for awaits in (0..).step_by(4) {
            let before = events(&world, "A1US").await.len();
            renamed(&world, &format!("{dies:?} {awaits}")).await;
            let (run, now) = (world.run_planned_now(), world.stack.clock().now());
            let refresher = world.refresher();
            let clock = Clock::starting_at(now, Deadline::after(Duration::from_mins(2)));
            let ended = stopped_after(awaits, dies, Box::pin(refresher.handle(&run, clock))).await;

            // The lease of the run that died ends. The token is due again within a day at most.
            for _ in 0..2 {
                world.advance(24 * 3600).await;
                world.refresh_all_due().await;
            }

            let happened = events(&world, "A1US").await.split_off(before);
            let expected = ["AuthorizationConflict", "AuthorizationRenewed", "StoresChanged"];
            assert_eq!(happened, expected, "stopped after {awaits}, {dies:?}");
            assert_eq!(attribute(&grant(&world).await, "revision"), (before + 3).to_string());
            if ended.is_some() {
                break;
            }
            stopped += 1;
        }
    }
    assert!(stopped > 10, "it was stopped {stopped} times");
}
