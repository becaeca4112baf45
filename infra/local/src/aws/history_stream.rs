//! The event source mapping of the history's stream: it invokes `event-publisher` with what is new, as Lambda does. It stores its position
//! only after an invocation has succeeded, so that each record is delivered at least once, also after a restart.

use std::path::Path;

use dynoxide::{
    Database, DynoxideError,
    actions::{
        describe_stream::DescribeStreamRequest, describe_table::DescribeTableRequest,
        get_records::GetRecordsRequest, get_shard_iterator::GetShardIteratorRequest,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::{
    aws::{OpenError, state_file::StateFile},
    environment::HISTORY_TABLE,
    functions::Functions,
};

/// The function that gets the records.
pub const PUBLISHER: &str = "event-publisher";

/// The largest number of records in one event.
pub const BATCH: usize = 10;

pub(super) struct HistoryStream {
    functions: Functions,
    file: StateFile,
    /// The lock is held while records are delivered, so that a caller that waits for events waits for those in flight, too.
    position: Mutex<Position>,
}

/// The position in the stream.
#[derive(Default, Deserialize, Serialize)]
struct Position {
    /// The sequence number of the last record. `None` is the beginning of the stream.
    after: Option<String>,
}

impl HistoryStream {
    pub(super) async fn open(data: Option<&Path>, functions: Functions) -> Result<Self, OpenError> {
        let file = StateFile::new(data, "events");
        let position = file.read().await?.unwrap_or_default();
        Ok(Self { functions, file, position: Mutex::new(position) })
    }

    /// Delivers the records that are new in the stream. A batch that the function fails on stays for the next call.
    pub(super) async fn deliver_new(&self, database: &Database) {
        let mut position = self.position.lock().await;
        loop {
            let records = match records(database, position.after.as_deref()) {
                Ok(records) if records.is_empty() => return,
                Ok(records) => records,
                Err(error) => {
                    tracing::error!(%error, "Could not read the stream of the history");
                    return;
                }
            };
            let last = records.last().and_then(|record| record["dynamodb"]["SequenceNumber"].as_str());
            let after = last.map(str::to_owned);
            let Some(invocation) = self.functions.start(PUBLISHER, json!({ "Records": records })) else {
                return;
            };
            if let Err(error) = invocation.outcome().await {
                let kind = error.error_type;
                tracing::error!(
                    error.kind = kind,
                    "{PUBLISHER} failed on records of the history; they come again"
                );
                return;
            }
            position.after = after;
            if let Err(error) = self.file.turn().await.write(&*position).await {
                tracing::error!(%error, "Could not store the position in the stream of the history");
            }
        }
    }
}

/// The next records of the stream, as a reader of the stream gets them.
fn records(database: &Database, after: Option<&str>) -> Result<Vec<Value>, DynoxideError> {
    let table = DescribeTableRequest { table_name: HISTORY_TABLE.to_owned() };
    let stream_arn = database.describe_table(table)?.table.latest_stream_arn.unwrap_or_default();
    let stream = DescribeStreamRequest { stream_arn: stream_arn.clone(), ..Default::default() };
    let mut records = Vec::new();
    // The engine has one shard for each table and never closes it.
    for shard in database.describe_stream(stream)?.stream_description.shards {
        let iterator = GetShardIteratorRequest {
            stream_arn: stream_arn.clone(),
            shard_id: shard.shard_id,
            shard_iterator_type: if after.is_some() { "AFTER_SEQUENCE_NUMBER" } else { "TRIM_HORIZON" }
                .to_owned(),
            sequence_number: after.map(str::to_owned),
        };
        let shard_iterator = database.get_shard_iterator(iterator)?.shard_iterator.unwrap_or_default();
        let read = database.get_records(GetRecordsRequest { shard_iterator, limit: Some(BATCH) })?;
        records.extend(read.records.iter().filter_map(|record| serde_json::to_value(record).ok()));
    }
    Ok(records)
}
