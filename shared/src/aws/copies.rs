//! Reads copies of tables, which a point-in-time recovery has made, and puts rows of them back. Rows stay as they are stored, so that
//! one of another release is put back whole.

use std::collections::HashMap;

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use serde::de::DeserializeOwned;

use crate::{
    aws::{
        AwsError,
        batch::Item,
        transaction::{Commit, Transactions, Write},
    },
    deadline::{Deadline, retry_until},
    secret::random_word,
};

/// A row, as it is stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row(Item);

/// Reads copies, and puts rows back.
#[derive(Clone, Debug)]
pub struct Copies {
    client: Client,
    transactions: Transactions,
}

impl Row {
    /// Returns an attribute that is a text or a number, as text, or an empty string.
    pub fn text(&self, name: &str) -> &str {
        let value = self.0.get(name);
        value.and_then(|value| value.as_s().or_else(|_| value.as_n()).ok()).map_or("", String::as_str)
    }

    /// Returns what the row holds, or nothing if this release cannot read it.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_dynamo::from_item(self.0.clone()).ok()
    }

    /// Sets an attribute.
    #[must_use]
    pub fn with(mut self, name: &str, value: AttributeValue) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    /// Sets an attribute that is true or false.
    #[must_use]
    pub fn with_flag(self, name: &str, value: bool) -> Self {
        self.with(name, AttributeValue::Bool(value))
    }

    /// Returns the row with these attributes alone.
    #[must_use]
    pub fn only(mut self, names: &[&str]) -> Self {
        self.0.retain(|name, _| names.contains(&name.as_str()));
        self
    }

    /// Returns the lists of texts in the row, by name.
    fn lists(&self) -> impl Iterator<Item = (&String, &AttributeValue)> {
        self.0.iter().filter(|(_, value)| value.is_ss())
    }

    /// Returns the attribute by which a write of the grants table recognizes that the row is still the same.
    pub(crate) fn revision(&self) -> Option<AttributeValue> {
        self.0.get("revision").cloned()
    }
}

impl Copies {
    /// Reads and writes through `client`.
    pub fn new(client: Client) -> Self {
        Self { transactions: Transactions::new(client.clone()), client }
    }

    /// Returns at most `limit` rows of the table `copy` that follow the key `after`, and the key after which the next page begins.
    /// Nothing else in this project scans a table: a copy is read once, and the functions do not use it.
    pub async fn page(
        &self,
        copy: &str,
        after: Option<&Row>,
        limit: i32,
    ) -> Result<(Vec<Row>, Option<Row>), AwsError> {
        let scan = self.client.scan().table_name(copy).limit(limit).consistent_read(true);
        let scan = scan.set_exclusive_start_key(after.map(|after| after.0.clone())).send().await;
        let page = scan.map_err(|error| AwsError::of("Scan", &error))?;
        let rows = page.items.unwrap_or_default().into_iter().map(Row).collect();
        Ok((rows, page.last_evaluated_key.map(Row)))
    }

    /// Returns the row of `table` that has the same value of the attribute `key`.
    pub async fn current(&self, table: &str, key: &str, row: &Row) -> Result<Option<Row>, AwsError> {
        let key = HashMap::from_iter(row.0.get(key).map(|value| (key.to_owned(), value.clone())));
        let read = self.client.get_item().table_name(table).set_key(Some(key)).consistent_read(true);
        let read = read.send().await.map_err(|error| AwsError::of("GetItem", &error))?;
        Ok(read.item.map(Row))
    }

    /// Returns whether `table` exists, whose key is the text `key`. It reads one row, which need not be there.
    pub async fn has_table(&self, table: &str, key: &str) -> Result<bool, AwsError> {
        let any = AttributeValue::S("any".to_owned());
        match self.current(table, key, &Row::default().with(key, any)).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_missing() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Puts a row into `table` where none with its key exists. `key` is an attribute of the key. Returns whether none existed.
    pub async fn put_missing(
        &self,
        table: &str,
        key: &str,
        row: Row,
        deadline: Deadline,
    ) -> Result<bool, AwsError> {
        let write = Write::put_item(table, row.0).only_if(&format!("attribute_not_exists({key})"));
        self.put(write, deadline).await
    }

    /// Adds the lists of a row to those of the row of `table` with its key.
    pub async fn add_lists(
        &self,
        table: &str,
        key: &str,
        row: &Row,
        deadline: Deadline,
    ) -> Result<(), AwsError> {
        for (name, list) in row.lists() {
            let write = Write::update(table, (key, row.text(key)), &format!("ADD {name} :list"));
            self.put(write.with(":list", list.clone()), deadline).await?;
        }
        Ok(())
    }

    async fn put(&self, write: Write, deadline: Deadline) -> Result<bool, AwsError> {
        let (writes, token) = ([write], random_word());
        Ok(retry_until(deadline, || self.transactions.commit(&writes, &token)).await? == Commit::Made)
    }
}
