//! Promise 16: after a restore from a backup, grants work, and what was done since the backup is done again.

pub mod backup;
mod reconcile;

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use serde_json::{Value, json};

use self::backup::{Backup, GRANTS, TOKENS, clear};
use crate::support::{
    environments::{Environment, token},
    operator::{authorized, events, operate},
    world::{World, attribute},
};

const REFRESHER: (&str, &str) = ("Function", "token-refresher");

/// Sellers, each named for what happens to it after the backup. None of it kills the refresh token of the backup.
const CHANGES: [(&str, &[&str]); 5] = [
    ("A1STAYS", &[]),
    ("A1LINKED", &["linkAccount"]),
    ("A1TWICE", &["linkAccount", "invalidateTokens"]),
    ("A1TOGGLED", &["disableGrant", "enableGrant"]),
    ("A1RENEWED", &["website"]),
];

async fn change(world: &World, partner: &str, what: &str) {
    match what {
        "website" => authorized(world, partner).await,
        "linkAccount" => {
            operate(world, what, partner, json!({"account": format!("of-{partner}")})).await.unwrap();
        }
        _ => drop(operate(world, what, partner, json!({})).await.unwrap()),
    }
}

/// Sellers with tokens, a backup, the changes, and tokens again.
async fn changed_since() -> (World, Backup) {
    let world = World::new().await;
    for (partner, _) in CHANGES {
        authorized(&world, partner).await;
        token(&world.fresh().token_of(partner).await);
    }
    let backup = Backup::of(&world).await;
    for (partner, changes) in CHANGES {
        for what in changes {
            change(&world, partner, what).await;
        }
        token(&world.fresh().token_of(partner).await);
        token(&world.fresh().token(&restricted(partner)).await);
    }
    world.control("reset", json!({})).await;
    (world, backup)
}

fn restricted(partner: &str) -> Value {
    let resources = json!([{"method": "GET", "path": "/orders/v0/orders", "dataElements": ["buyerInfo"]}]);
    json!({"sellingPartnerId": partner, "region": "na", "restrictedResources": resources})
}

/// Each seller gets its own and its restricted token at the next request.
async fn all_get_tokens(world: &World) {
    let environment: Environment = world.fresh();
    for (partner, _) in CHANGES {
        let before = world.refreshes().await;
        token(&environment.token_of(partner).await);
        token(&environment.token(&restricted(partner)).await);
        let calls = world.refreshes().await - before;
        assert!(calls <= 1, "{partner}: {calls} calls");
        let grant = world.grant("na", partner).await.unwrap();
        let own = format!("partner#{}", attribute(&grant, "grant_key"));
        let row = world.row(TOKENS, ("token_key", &own)).await.unwrap();
        assert_eq!(row.get("grant_epoch"), grant.get("epoch"), "{partner}");
        assert_eq!(attribute(&row, "grant_version"), attribute(&grant, "version"), "{partner}");
    }
}

#[tokio::test]
async fn promise_16_a_restored_grants_table_gives_tokens_at_the_next_request() {
    let (world, backup) = changed_since().await;
    backup.restore(&world, GRANTS).await;
    all_get_tokens(&world).await;
}

#[tokio::test]
async fn promise_16_a_restored_access_tokens_table_gives_tokens_at_the_next_request() {
    let (world, backup) = changed_since().await;
    backup.restore(&world, TOKENS).await;
    all_get_tokens(&world).await;
}

#[tokio::test]
async fn promise_16_a_lost_access_tokens_table_gives_tokens_at_the_next_request() {
    let (world, backup) = changed_since().await;
    clear(&world, TOKENS).await;
    all_get_tokens(&world).await;

    backup.restore(&world, GRANTS).await;
    clear(&world, TOKENS).await;
    all_get_tokens(&world).await;
}

/// Rows of an earlier release have no epoch; their versions alone differ.
#[tokio::test]
async fn promise_16_rows_of_an_earlier_release_give_tokens_after_a_restore_too() {
    let (world, mut backup) = changed_since().await;
    for row in backup.0.values_mut().flatten() {
        row.retain(|name, _| !matches!(name.as_str(), "epoch" | "grant_epoch" | "failed_epoch"));
    }
    backup.restore(&world, GRANTS).await;
    all_get_tokens(&world).await;
    backup.restore(&world, TOKENS).await;
    all_get_tokens(&world).await;
}

/// A version that a restore undid and the next one with its number are two.
#[tokio::test]
async fn promise_16_a_token_of_a_version_that_a_restore_undid_is_not_handed_out_under_the_next_of_its_number()
{
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let backup = Backup::of(&world).await;
    change(&world, "A1US", "invalidateTokens").await;
    let undone = token(&world.fresh().token_of("A1US").await);
    backup.restore(&world, GRANTS).await;
    change(&world, "A1US", "invalidateTokens").await;

    assert_ne!(token(&world.fresh().token_of("A1US").await), undone);
}

/// The refresher refreshes what a restore put back, as a request does.
#[tokio::test]
async fn promise_16_the_refresher_warms_restored_grants() {
    let world = World::attended().await;
    for (partner, _) in CHANGES {
        authorized(&world, partner).await;
    }
    let backup = Backup::of(&world).await;
    for (partner, changes) in CHANGES {
        for what in changes {
            change(&world, partner, what).await;
        }
    }
    world.advance(3000).await;
    backup.restore(&world, GRANTS).await;
    world.control("reset", json!({})).await;

    world.advance(3600).await;

    for (partner, _) in CHANGES {
        let calls = world.calls().await["tokenByPartner"][partner].as_u64();
        assert!(calls >= Some(1), "{partner}: {calls:?}");
        token(&world.fresh().token_of(partner).await);
    }
}

const DAY: u32 = 24 * 3600;

#[tokio::test]
async fn promise_13_a_grant_that_nothing_watches_is_watched_within_a_day_and_said() {
    let world = World::attended().await;
    for partner in ["A1KEPT", "A1LOST", "A1OUT"] {
        authorized(&world, partner).await;
    }
    operate(&world, "removeGrant", "A1OUT", json!({})).await.unwrap();
    clear(&world, TOKENS).await;
    world.control("partner/A1LOST/revoke", json!({})).await;

    world.advance(DAY).await;

    for partner in ["A1KEPT", "A1LOST"] {
        assert!(world.token_row(partner).await.contains_key("due_at"), "{partner}");
        assert_eq!(events(&world, partner).await, ["AuthorizationGranted", "GrantRepaired"]);
    }
    assert_eq!(events(&world, "A1OUT").await, ["AuthorizationGranted", "AuthorizationRemoved"]);
    assert_eq!(world.counted("GrantsRepaired", REFRESHER), 2);

    for seconds in [DAY, 900, 900] {
        world.advance(seconds).await;
    }

    // Nobody has asked for a token of it.
    assert_eq!(attribute(&world.grant("na", "A1LOST").await.unwrap(), "status"), "reauthorizationRequired");
    assert_eq!(world.counted("GrantsRepaired", REFRESHER), 2, "what was repaired stays so");
}

#[tokio::test]
async fn promise_16_a_row_that_cannot_be_read_stops_no_list_no_doctor_no_sweep_and_no_brake() {
    let world = World::attended().await;
    for partner in ["A1FINE", "A2NEWER", "A3BROKEN", "A4TOKEN"] {
        authorized(&world, partner).await;
    }
    let mut newer = world.grant("na", "A2NEWER").await.unwrap();
    newer.insert("status".to_owned(), AttributeValue::S("frozen".to_owned()));
    newer.insert("of_a_newer_release".to_owned(), AttributeValue::Bool(true));
    world.put_grant(newer).await;
    let mut broken = world.grant("na", "A3BROKEN").await.unwrap();
    broken.remove("fingerprint");
    world.put_grant(broken).await;
    clear(&world, TOKENS).await;
    let client = Client::new(&world.stack.sdk_config());
    let key = AttributeValue::S(format!("partner#{}#na#A4TOKEN", world.application()));
    let row = client.put_item().table_name(TOKENS).item("token_key", key);
    row.item("expires_at", AttributeValue::S("soon".to_owned())).send().await.unwrap();

    let list = json!({"operation": "listGrants", "applicationId": world.application()});
    let list = world.caller().invoke("authorizations", &list).await.unwrap();
    assert_eq!(list["grants"].as_array().unwrap().len(), 2);
    let unreadable = ["A2NEWER", "A3BROKEN"].map(|id| json!({"sellingPartnerId": id, "region": "na"}));
    for partner in unreadable.clone() {
        assert!(list["unreadable"].as_array().unwrap().contains(&partner), "{list}");
    }
    let of_application = |operation: &str, more: Value| {
        let mut request = json!({"operation": operation, "applicationId": world.application()});
        request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        async { world.caller().invoke("administration", &{ request }).await.unwrap() }
    };
    let examined = of_application("examine", json!({})).await;
    let rows = examined["findings"].as_array().unwrap().iter().find(|finding| finding["check"] == "rows");
    assert_eq!(rows.unwrap()["verdict"], "warning", "{examined}");
    let reconciled = of_application("reconcile", json!({"since": "2020-01-01T00:00:00Z"})).await;
    assert_eq!(
        (&reconciled["checked"], &reconciled["unreadable"].as_array().unwrap().len()),
        (&json!(2), &2)
    );
    of_application("invalidateTokens", json!({})).await;

    world.advance(DAY).await;

    assert!(world.token_row("A1FINE").await.contains_key("due_at"));
    assert!(world.counted("GrantsUnreadable", REFRESHER) >= 3);
}
