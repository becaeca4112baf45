//! Reads many rows at once, to the last key: a throttled table, or more than 16 MB, leaves some for another read.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, KeysAndAttributes},
};

use crate::{
    aws::{AwsError, transaction::text},
    deadline::{Deadline, Pauses, Transient},
};

/// A row of a table.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The number of rows that DynamoDB reads at once.
pub(crate) const ROWS_AT_ONCE: usize = 100;

/// Asks for the current rows of a table whose key `name` has one of `values`.
pub(crate) fn keys(
    name: &str,
    values: impl IntoIterator<Item = impl Into<String>>,
) -> Result<KeysAndAttributes, AwsError> {
    let keys = values.into_iter().map(|value| HashMap::from([(name.to_owned(), text(value))]));
    let keys = KeysAndAttributes::builder().set_keys(Some(keys.collect())).consistent_read(true);
    keys.build().map_err(|_| AwsError::corrupt("BatchGetItem", "incomplete keys"))
}

/// The same, but eventually consistent, at half the price: a write that has just been made may not show.
pub(crate) fn eventually(mut wanted: KeysAndAttributes) -> KeysAndAttributes {
    wanted.consistent_read = Some(false);
    wanted
}

/// Reads the `wanted` rows, at most 100, of several tables. Returns those that exist, by table, in any order.
pub(crate) async fn read(
    client: &Client,
    mut wanted: HashMap<String, KeysAndAttributes>,
    deadline: Deadline,
) -> Result<HashMap<String, Vec<Item>>, AwsError> {
    let mut rows: HashMap<String, Vec<Item>> = HashMap::new();
    let mut pauses = Pauses::until(deadline);
    loop {
        let read = client.batch_get_item().set_request_items(Some(wanted.clone())).send().await;
        let error = match read {
            Ok(read) => {
                for (table, items) in read.responses.unwrap_or_default() {
                    rows.entry(table).or_default().extend(items);
                }
                wanted = read.unprocessed_keys.unwrap_or_default();
                if wanted.is_empty() {
                    return Ok(rows);
                }
                AwsError::transient("BatchGetItem", "UnprocessedKeys")
            }
            Err(error) => AwsError::of("BatchGetItem", &error),
        };
        if !error.is_transient() || !pauses.pause(None).await {
            return Err(error);
        }
    }
}

/// Reads the rows of `table` whose key `name` has one of `values`: one read for each 100 of them.
pub(crate) async fn read_table(
    client: &Client,
    table: &str,
    name: &str,
    values: impl IntoIterator<Item = impl Into<String>>,
    deadline: Deadline,
) -> Result<Vec<Item>, AwsError> {
    let values: Vec<String> = values.into_iter().map(Into::into).collect();
    let mut rows = Vec::with_capacity(values.len());
    for values in values.chunks(ROWS_AT_ONCE) {
        let wanted = HashMap::from([(table.to_owned(), keys(name, values)?)]);
        rows.extend(read(client, wanted, deadline).await?.into_values().flatten());
    }
    Ok(rows)
}
