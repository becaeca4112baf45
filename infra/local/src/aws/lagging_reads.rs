//! Reads that lag behind, as those of DynamoDB may that are not consistent: of an index, or of rows without `ConsistentRead`. They are
//! answered from a copy of the tables, which gets each written row some time later.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use axum::response::{IntoResponse, Response};
use dynoxide::{
    AttributeValue, Database, DynoxideError, ImportOptions, Item,
    actions::{
        batch_get_item::BatchGetItemRequest, delete_item::DeleteItemRequest, get_item::GetItemRequest,
        query::QueryRequest, scan::ScanRequest,
    },
};
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::template::{self, TableError};

/// A copy of the tables, for the reads that lag.
pub(super) struct LaggingReads {
    copy: Database,
    /// The names of each table's key attributes.
    keys: BTreeMap<String, Vec<String>>,
    lag: Duration,
}

/// A row of a table.
struct Row {
    table: String,
    key: Item,
}

impl LaggingReads {
    /// Copies the tables as they are. Their later rows are seen after `lag`.
    pub(super) fn of(database: &Database, lag: Duration) -> Result<Self, TableError> {
        let copy = Database::memory().map_err(refused(""))?;
        template::create_missing_tables(&copy)?;
        let keys = template::keys_of_tables()?;
        for table in keys.keys() {
            copy_rows(database, &copy, table).map_err(refused(table))?;
        }
        Ok(Self { copy, keys, lag })
    }

    /// Answers a read that lags. Returns `None` for any other request, and for one that the engine does not accept, which then
    /// says why.
    pub(super) fn answer(&self, database: &Database, operation: &str, body: &[u8]) -> Option<Response> {
        let answer = match operation {
            "Query" => {
                let query: QueryRequest = serde_json::from_slice(body).ok()?;
                query.index_name.as_ref()?;
                serde_json::to_vec(&self.copy.query(query).ok()?)
            }
            "GetItem" => {
                let get: GetItemRequest = serde_json::from_slice(body).ok()?;
                (get.consistent_read != Some(true)).then_some(())?;
                serde_json::to_vec(&self.copy.get_item(get).ok()?)
            }
            "BatchGetItem" => {
                let all: BatchGetItemRequest = serde_json::from_slice(body).ok()?;
                let (consistent, lagging): (HashMap<_, _>, HashMap<_, _>) =
                    all.request_items.into_iter().partition(|(_, keys)| keys.consistent_read == Some(true));
                let read = |from: &Database, request_items: HashMap<_, _>| {
                    if request_items.is_empty() {
                        return Some(HashMap::new());
                    }
                    let request = BatchGetItemRequest { request_items, return_consumed_capacity: None };
                    Some(from.batch_get_item(request).ok()?.responses)
                };
                let mut rows = read(database, consistent)?;
                rows.extend(read(&self.copy, lagging)?);
                serde_json::to_vec(&json!({"Responses": rows, "UnprocessedKeys": {}}))
            }
            _ => return None,
        };
        Some(([(CONTENT_TYPE, "application/x-amz-json-1.0")], answer.ok()?).into_response())
    }

    /// Takes over the rows that a successful request has written, after the lag.
    pub(super) fn follow(&self, database: &Database, operation: &str, body: &[u8]) {
        let request: Value = serde_json::from_slice(body).unwrap_or_default();
        for row in self.written(operation, &request) {
            let read = GetItemRequest {
                table_name: row.table.clone(),
                key: row.key.clone(),
                consistent_read: Some(true),
                ..Default::default()
            };
            let (copy, lag) = (self.copy.clone(), self.lag);
            let state = database.get_item(read);
            tokio::spawn(async move {
                tokio::time::sleep(lag).await;
                if let Err(error) = state.and_then(|state| put(&copy, row, state.item)) {
                    tracing::error!(%error, "A read that lags does not show a row that was written");
                }
            });
        }
    }

    fn written(&self, operation: &str, request: &Value) -> Vec<Row> {
        let writes: Vec<&Value> = match operation {
            "PutItem" | "UpdateItem" | "DeleteItem" => vec![request],
            "TransactWriteItems" => {
                let items = request["TransactItems"].as_array().into_iter().flatten();
                items.filter_map(|item| item.as_object()?.values().next()).collect()
            }
            // The functions use no `BatchWriteItem`.
            _ => Vec::new(),
        };
        writes.into_iter().filter_map(|write| self.row(write)).collect()
    }

    fn row(&self, write: &Value) -> Option<Row> {
        let table = write["TableName"].as_str()?;
        // A `PutItem` has the whole row, every other write the key alone.
        let attributes = write.get("Key").or_else(|| write.get("Item"))?;
        let attribute = |name: &String| {
            let value: AttributeValue = serde_json::from_value(attributes.get(name)?.clone()).ok()?;
            Some((name.clone(), value))
        };
        let key = self.keys.get(table)?.iter().map(attribute).collect::<Option<Item>>()?;
        Some(Row { table: table.to_owned(), key })
    }

    /// Shows rows at once, for an import.
    pub(super) fn import(&self, table: &str, rows: Vec<Item>) -> Result<(), DynoxideError> {
        self.copy.import_items(table, rows, ImportOptions::default()).map(|_| ())
    }
}

fn copy_rows(from: &Database, to: &Database, table: &str) -> Result<(), DynoxideError> {
    let mut start = None;
    loop {
        let scan = ScanRequest {
            table_name: table.to_owned(),
            exclusive_start_key: start.take(),
            ..Default::default()
        };
        let page = from.scan(scan)?;
        to.import_items(table, page.items.unwrap_or_default(), ImportOptions::default())?;
        start = page.last_evaluated_key;
        if start.is_none() {
            return Ok(());
        }
    }
}

fn put(copy: &Database, row: Row, state: Option<Item>) -> Result<(), DynoxideError> {
    if let Some(item) = state {
        return copy.import_items(&row.table, vec![item], ImportOptions::default()).map(|_| ());
    }
    let delete = DeleteItemRequest { table_name: row.table, key: row.key, ..DeleteItemRequest::default() };
    copy.delete_item(delete).map(|_| ())
}

fn refused(table: &str) -> impl Fn(DynoxideError) -> TableError {
    let table = table.to_owned();
    move |error| TableError::Refused { table: table.clone(), reason: error.to_string() }
}
