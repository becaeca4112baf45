//! What was done since the backup is done again from the history.

use serde_json::json;

use super::{
    DAY, REFRESHER,
    backup::{Backup, GRANTS, HISTORY, TOKENS, rows},
};
use crate::support::{
    environments::{error_type, token},
    operator::{authorized, conflicting, events, operate},
    world::{World, attribute},
};

/// What an operator does after the backup.
async fn forgotten_work(world: &World, conflict: &str) {
    for (operation, partner, more) in [
        ("removeGrant", "A1GONE", json!({"reason": "erasure asked for"})),
        ("disableGrant", "A1OFF", json!({})),
        ("disableGrant", "A1ONOFF", json!({})),
        ("enableGrant", "A1ONOFF", json!({})),
        ("linkAccount", "A1LINKED", json!({"account": "first"})),
        ("linkAccount", "A1LINKED", json!({"account": "last"})),
        ("linkAccount", "A1CLEARED", json!({"account": null})),
        ("resolveConflict", "A1SAME", json!({"fingerprint": conflict, "resolution": "reject"})),
    ] {
        operate(world, operation, partner, more).await.unwrap();
    }
}

/// A rehearsal: what an operator did after the backup, the restore of several tables, and what is left to do.
#[tokio::test]
async fn promise_16_what_was_done_since_the_backup_is_done_again_from_the_history() {
    for tables in [&[GRANTS][..], &[GRANTS, TOKENS], &[TOKENS]] {
        let world = World::attended().await;
        for partner in ["A1GONE", "A1OFF", "A1ONOFF", "A1LINKED", "A1CLEARED", "A1SAME", "A1RENEWED"] {
            authorized(&world, partner).await;
        }
        operate(&world, "linkAccount", "A1CLEARED", json!({"account": "old"})).await.unwrap();
        let conflict = conflicting(&world, "A1SAME", "A1STRANGER").await;
        world.advance(60).await;
        let since = world.stack.clock().now();
        let backup = Backup::of(&world).await;

        forgotten_work(&world, &conflict).await;
        authorized(&world, "A1RENEWED").await;
        world.advance(600).await;
        for table in tables {
            backup.restore(&world, table).await;
        }
        // The sweep may run before the operator does.
        world.advance(DAY).await;

        let reconcile = |dry_run: bool| {
            let request = json!({
                "operation": "reconcile", "applicationId": world.application(), "since": since.to_string(),
                "dryRun": dry_run, "by": "olga",
            });
            async { world.caller().invoke("administration", &{ request }).await.unwrap() }
        };
        let before = rows(&world, GRANTS).await.len();
        let shown = reconcile(true).await;
        let done = reconcile(false).await;
        let again = reconcile(false).await;

        assert_eq!(shown["changes"], done["changes"], "a dry run shows what is done");
        assert_eq!(again["changes"], json!([]), "{tables:?}: the second run finds its result");
        let mut changed: Vec<_> = done["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| (change["sellingPartnerId"].as_str().unwrap(), change["event"].as_str().unwrap()))
            .collect();
        changed.sort_unstable();
        let forgotten = [
            ("A1CLEARED", "AccountLinked"),
            ("A1GONE", "AuthorizationRemoved"),
            ("A1LINKED", "AccountLinked"),
            ("A1OFF", "AuthorizationDisabled"),
            ("A1SAME", "ConflictRejected"),
        ];
        let is_forgotten = tables.contains(&GRANTS);
        assert_eq!(changed, if is_forgotten { &forgotten[..] } else { &[] }, "{tables:?}");
        let renewed = json!([{"sellingPartnerId": "A1RENEWED", "region": "na"}]);
        assert_eq!(done["authorizeAgain"], if is_forgotten { renewed } else { json!([]) }, "{tables:?}");
        assert_eq!(done["historyBehind"], json!([]));
        assert_eq!(rows(&world, GRANTS).await.len(), before);

        let environment = world.fresh();
        let heard = async |partner| match environment.token_of(partner).await {
            Ok(_) => "a token".to_owned(),
            refused => error_type(&refused).to_owned(),
        };
        let mut transcript = vec![format!("restored: {}\n  reconcile: {done}", tables.join(", "))];
        for (partner, expected) in [
            ("A1GONE", "UnknownSellingPartner"),
            ("A1OFF", "AuthorizationDisabled"),
            ("A1ONOFF", "a token"),
            ("A1LINKED", "a token"),
            ("A1CLEARED", "a token"),
            ("A1SAME", "a token"),
            ("A1RENEWED", "a token"),
        ] {
            let heard = heard(partner).await;
            transcript.push(format!("  {partner}: {heard}; {}", events(&world, partner).await.join(", ")));
            assert_eq!(heard, expected, "{partner} after {tables:?}");
        }
        let repaired = world.counted("GrantsRepaired", REFRESHER);
        eprintln!("{}\n  GrantsRepaired: {repaired}\n", transcript.join("\n"));
        let linked = world.grant("na", "A1LINKED").await.unwrap();
        assert_eq!(attribute(&linked, "account"), "last");
        assert!(!world.grant("na", "A1CLEARED").await.unwrap().contains_key("account"));
        // No revision was sent twice.
        for partner in ["A1GONE", "A1OFF", "A1LINKED"] {
            let grant = world.grant("na", partner).await.unwrap();
            let newest = world.history("na", partner).await.pop().unwrap();
            assert_eq!(attribute(&grant, "revision"), attribute(&newest, "revision"), "{partner}");
        }
    }
}

/// The same for an enabled grant. Its account is that of its history before it is active.
#[tokio::test]
async fn promise_16_what_was_enabled_since_the_backup_is_enabled_again() {
    let world = World::new().await;
    for partner in ["A1ON", "A1REFUSED"] {
        authorized(&world, partner).await;
        operate(&world, "disableGrant", partner, json!({})).await.unwrap();
    }
    let backup = Backup::of(&world).await;
    world.advance(1).await;
    let since = world.stack.clock().now();
    for partner in ["A1ON", "A1REFUSED"] {
        operate(&world, "enableGrant", partner, json!({})).await.unwrap();
        operate(&world, "linkAccount", partner, json!({"account": "last"})).await.unwrap();
    }
    world.control("partner/A1REFUSED/revoke", json!({})).await;
    operate(&world, "disableGrant", "A1REFUSED", json!({})).await.unwrap();
    assert!(operate(&world, "enableGrant", "A1REFUSED", json!({})).await.is_err());
    backup.restore(&world, GRANTS).await;

    let request = json!({
        "operation": "reconcile", "applicationId": world.application(), "since": since.to_string(),
    });
    let done = world.caller().invoke("administration", &request).await.unwrap();

    let events = |partner: &str| -> Vec<&str> {
        let changes = done["changes"].as_array().unwrap().iter();
        let of_partner = changes.filter(|change| change["sellingPartnerId"] == partner);
        of_partner.map(|change| change["event"].as_str().unwrap()).collect()
    };
    assert_eq!(events("A1ON"), ["AccountLinked", "AuthorizationEnabled"], "{done}");
    assert_eq!(events("A1REFUSED"), ["AccountLinked"], "{done}");
    token(&world.fresh().token_of("A1ON").await);
    assert_eq!(error_type(&world.fresh().token_of("A1REFUSED").await), "AuthorizationDisabled");
}

/// The history may have been restored too. It is said of which grants it knows less than their rows do.
#[tokio::test]
async fn promise_16_a_history_that_is_older_than_the_grants_undoes_nothing() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    operate(&world, "disableGrant", "A1US", json!({})).await.unwrap();
    let backup = Backup::of(&world).await;
    operate(&world, "enableGrant", "A1US", json!({})).await.unwrap();
    backup.restore(&world, HISTORY).await;

    let request = json!({
        "operation": "reconcile", "applicationId": world.application(), "since": "2020-01-01T00:00:00Z",
    });
    let done = world.caller().invoke("administration", &request).await.unwrap();

    assert_eq!(done["changes"], json!([]));
    assert_eq!(done["historyBehind"], json!([{"sellingPartnerId": "A1US", "region": "na"}]));
    token(&world.fresh().token_of("A1US").await);
}
