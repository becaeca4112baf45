//! Copies of tables at a moment, for rehearsals of a restore. The engine has no point-in-time recovery: a copy is taken whenever
//! `CreateBackup` asks for one, and `RestoreTableToPointInTime` makes a table of the latest copy before the moment. They are
//! in memory alone. Policies of tables are stored, and nothing checks them.

use std::collections::BTreeMap;

use dynoxide::{
    Database, ImportOptions, Item,
    actions::{create_table::CreateTableRequest, describe_table::DescribeTableRequest, scan::ScanRequest},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use simulated_amazon::Clock;
use winterbaume_core::MockResponse;

use crate::{aws::service, locked::Locked};

/// The copies, and the policies of tables, which the engine does not know.
pub(super) struct Backups {
    clock: Clock,
    copies: Locked<Vec<Copy>>,
    policies: Locked<BTreeMap<String, Value>>,
}

struct Copy {
    table: String,
    at: Timestamp,
    rows: Vec<Item>,
}

impl Backups {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, copies: Locked::default(), policies: Locked::default() }
    }

    /// Answers the operations that the engine does not have. Returns `None` for any other.
    pub(super) fn answer(&self, database: &Database, operation: &str, body: &[u8]) -> Option<MockResponse> {
        let request: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| request[name].as_str().unwrap_or_default();
        Some(match operation {
            "CreateBackup" => self.take(database, text("TableName")),
            "DescribeContinuousBackups" | "UpdateContinuousBackups" => {
                answered(&json!({ "ContinuousBackupsDescription": self.window(text("TableName")) }))
            }
            "RestoreTableToPointInTime" => self.restore(database, &request),
            "PutResourcePolicy" => {
                let policy = request["Policy"].clone();
                self.policies.lock().insert(text("ResourceArn").to_owned(), policy);
                answered(&json!({"RevisionId": "1"}))
            }
            "GetResourcePolicy" => match self.policies.lock().get(text("ResourceArn")) {
                Some(policy) => answered(&json!({"Policy": policy, "RevisionId": "1"})),
                None => refused("PolicyNotFoundException", "the table has no policy"),
            },
            _ => return None,
        })
    }

    fn take(&self, database: &Database, table: &str) -> MockResponse {
        let (mut rows, mut start) = (Vec::new(), None);
        loop {
            let scan = ScanRequest {
                table_name: table.to_owned(),
                exclusive_start_key: start.take(),
                ..Default::default()
            };
            let page = match database.scan(scan) {
                Ok(page) => page,
                Err(error) => return refused("TableNotFoundException", &error.to_string()),
            };
            rows.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        let at = self.clock.now();
        self.copies.lock().push(Copy { table: table.to_owned(), at, rows });
        answered(&json!({"BackupDetails": {
            "BackupArn": format!("arn:aws:dynamodb:us-east-1:123456789012:table/{table}/backup/{}", at.as_millisecond()),
            "BackupName": "copy", "BackupStatus": "AVAILABLE", "BackupType": "USER",
            "BackupCreationDateTime": at.as_second(),
        }}))
    }

    fn window(&self, table: &str) -> Value {
        let copies = self.copies.lock();
        let first = copies.iter().find(|copy| copy.table == table).map(|copy| copy.at);
        let now = self.clock.now();
        json!({"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": {
            "PointInTimeRecoveryStatus": "ENABLED",
            "EarliestRestorableDateTime": first.unwrap_or(now).as_second(),
            "LatestRestorableDateTime": now.as_second(),
        }})
    }

    fn restore(&self, database: &Database, request: &Value) -> MockResponse {
        let (source, target) = (&request["SourceTableName"], &request["TargetTableName"]);
        let seconds = request["RestoreDateTime"].as_f64();
        let since_epoch = seconds.and_then(|seconds| SignedDuration::try_from_secs_f64(seconds).ok());
        let Some(moment) = since_epoch.and_then(|after| Timestamp::from_duration(after).ok()) else {
            return refused("ValidationException", "the local stack needs RestoreDateTime");
        };
        let copies = self.copies.lock();
        let before = |copy: &&Copy| source == copy.table.as_str() && copy.at <= moment;
        let Some(copy) = copies.iter().rev().find(before) else {
            return refused(
                "InvalidRestoreTimeException",
                "there is no copy of the table before this moment",
            );
        };
        let made = serde_json::from_value(json!({"TableName": source}))
            .map_err(|error| error.to_string())
            .and_then(|described: DescribeTableRequest| {
                database.describe_table(described).map_err(|error| error.to_string())
            })
            .and_then(|described| serde_json::to_value(described.table).map_err(|error| error.to_string()))
            .and_then(|described| made(database, &described, target, copy.rows.clone()));
        match made {
            Ok(()) => answered(&json!({"TableDescription": {"TableName": target, "TableStatus": "ACTIVE"}})),
            Err(reason) if reason.contains("exist") => refused("TableAlreadyExistsException", &reason),
            Err(reason) => refused("ValidationException", &reason),
        }
    }
}

/// Makes a table with the key of the `described` one, without its indexes, its stream and its other settings.
fn made(database: &Database, described: &Value, target: &Value, rows: Vec<Item>) -> Result<(), String> {
    let keys = described["KeySchema"].as_array().cloned().unwrap_or_default();
    let is_key =
        |attribute: &&Value| keys.iter().any(|key| key["AttributeName"] == attribute["AttributeName"]);
    let attributes = described["AttributeDefinitions"].as_array().into_iter().flatten();
    let attributes: Vec<&Value> = attributes.filter(is_key).collect();
    let request = json!({
        "TableName": target, "BillingMode": "PAY_PER_REQUEST", "KeySchema": keys, "AttributeDefinitions": attributes,
    });
    let request: CreateTableRequest = serde_json::from_value(request).map_err(|error| error.to_string())?;
    database.create_table(request).map_err(|error| error.to_string())?;
    let target = target.as_str().unwrap_or_default();
    database.import_items(target, rows, ImportOptions::default()).map_err(|error| error.to_string())?;
    Ok(())
}

fn answered(value: &Value) -> MockResponse {
    MockResponse::json(200, value.to_string())
}

fn refused(kind: &str, message: &str) -> MockResponse {
    service::error(400, &format!("com.amazonaws.dynamodb.v20120810#{kind}"), message)
}
