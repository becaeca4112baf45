//! Promise 16: after a restore from a backup, grants work, and what was done since the backup is done again.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use serde_json::{Value, json};

use crate::support::{
    environments::{Environment, token},
    operator::{authorized, operate},
    world::{Row, World, attribute},
};

const GRANTS: &str = "spapi-auth-grants";
const TOKENS: &str = "spapi-auth-access-tokens";

/// The rows of some tables at one moment.
struct Backup(HashMap<&'static str, Vec<Row>>);

async fn rows(world: &World, table: &str) -> Vec<Row> {
    let client = Client::new(&world.stack.sdk_config());
    client.scan().table_name(table).send().await.unwrap().items.unwrap_or_default()
}

async fn clear(world: &World, table: &'static str) {
    let key = match table {
        GRANTS => "grant_key",
        _ => "token_key",
    };
    let client = Client::new(&world.stack.sdk_config());
    for row in rows(world, table).await {
        client.delete_item().table_name(table).key(key, row[key].clone()).send().await.unwrap();
    }
}

impl Backup {
    async fn of(world: &World) -> Self {
        let mut tables = HashMap::new();
        for table in [GRANTS, TOKENS] {
            tables.insert(table, rows(world, table).await);
        }
        Self(tables)
    }

    /// Puts a table back as it was.
    async fn restore(&self, world: &World, table: &'static str) {
        clear(world, table).await;
        let client = Client::new(&world.stack.sdk_config());
        for row in &self.0[table] {
            client.put_item().table_name(table).set_item(Some(row.clone())).send().await.unwrap();
        }
    }
}

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
