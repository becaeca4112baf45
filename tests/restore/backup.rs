//! Copies of tables, and their restore.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;

use crate::support::world::{Row, World};

pub const APPLICATIONS: &str = "spapi-auth-applications";
pub const GRANTS: &str = "spapi-auth-grants";
pub const TOKENS: &str = "spapi-auth-access-tokens";
pub const HISTORY: &str = "spapi-auth-history";

/// The rows of some tables at one moment.
pub struct Backup(pub HashMap<&'static str, Vec<Row>>);

pub async fn rows(world: &World, table: &str) -> Vec<Row> {
    let client = Client::new(&world.stack.sdk_config());
    client.scan().table_name(table).send().await.unwrap().items.unwrap_or_default()
}

pub async fn clear(world: &World, table: &'static str) {
    let keys: &[&str] = match table {
        APPLICATIONS => &["application_id"],
        GRANTS => &["grant_key"],
        HISTORY => &["subject", "revision"],
        _ => &["token_key"],
    };
    let client = Client::new(&world.stack.sdk_config());
    for mut row in rows(world, table).await {
        row.retain(|name, _| keys.contains(&name.as_str()));
        client.delete_item().table_name(table).set_key(Some(row)).send().await.unwrap();
    }
}

impl Backup {
    pub async fn of(world: &World) -> Self {
        let mut tables = HashMap::new();
        for table in [GRANTS, TOKENS, HISTORY] {
            tables.insert(table, rows(world, table).await);
        }
        Self(tables)
    }

    /// Puts a table back as it was.
    pub async fn restore(&self, world: &World, table: &'static str) {
        clear(world, table).await;
        let client = Client::new(&world.stack.sdk_config());
        for row in &self.0[table] {
            client.put_item().table_name(table).set_item(Some(row.clone())).send().await.unwrap();
        }
    }
}
