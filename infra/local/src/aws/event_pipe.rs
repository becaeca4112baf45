//! The pipe from the history's stream to the bus. It stores its position only after an event is published, so that each event is
//! published at least once, also after a restart.

use std::path::Path;

use dynoxide::{
    Database, DynoxideError,
    actions::{
        describe_stream::DescribeStreamRequest, describe_table::DescribeTableRequest,
        get_records::GetRecordsRequest, get_shard_iterator::GetShardIteratorRequest,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::{
    aws::{OpenError, event_bridge::EventBridge, state_file::StateFile},
    template::pipe::Pipe,
};

pub(super) struct EventPipe {
    pipe: Pipe,
    file: StateFile,
    /// The lock is held while records are published, so that a caller that waits for events waits for those in flight, too.
    position: Mutex<Position>,
}

/// The position in the stream.
#[derive(Default, Deserialize, Serialize)]
struct Position {
    /// The sequence number of the last record. `None` is the beginning of the stream.
    after: Option<String>,
}

impl EventPipe {
    pub(super) async fn open(data: Option<&Path>, pipe: Pipe) -> Result<Self, OpenError> {
        let file = StateFile::new(data, "events");
        let position = file.read().await?.unwrap_or_default();
        Ok(Self { pipe, file, position: Mutex::new(position) })
    }

    /// Publishes on `bus` the records that are new in the stream.
    pub(super) async fn publish_new(&self, database: &Database, bus: &EventBridge) {
        let mut position = self.position.lock().await;
        loop {
            let records = match records(database, &self.pipe.table, position.after.as_deref()) {
                Ok(records) if records.is_empty() => return,
                Ok(records) => records,
                Err(error) => {
                    tracing::error!(%error, "Could not read the stream of the history");
                    return;
                }
            };
            for record in &records {
                match self.pipe.entry(record) {
                    None => {}
                    Some(Ok(entry)) => drop(bus.publish(entry, None)),
                    Some(Err(error)) => {
                        tracing::error!(%error, "Could not make an event of a history record");
                    }
                }
            }
            let last = records.last().and_then(|record| record["dynamodb"]["SequenceNumber"].as_str());
            position.after = last.map(str::to_owned);
            if let Err(error) = self.file.turn().await.write(&*position).await {
                tracing::error!(%error, "Could not store the position in the stream of the history");
            }
        }
    }
}

/// The next records of the table's stream, as a reader of the stream gets them.
fn records(database: &Database, table: &str, after: Option<&str>) -> Result<Vec<Value>, DynoxideError> {
    let table = DescribeTableRequest { table_name: table.to_owned() };
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
        let read = database.get_records(GetRecordsRequest { shard_iterator, limit: None })?;
        records.extend(read.records.iter().filter_map(|record| serde_json::to_value(record).ok()));
    }
    Ok(records)
}
