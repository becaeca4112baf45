//! The pipe from the history's stream to the bus. It remembers how far it has read only after the bus has an event, so that each comes
//! at least once, also across a restart.

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
    aws::{OpenError, event_bridge::EventBridge, kept::Kept},
    template::pipe::Pipe,
};

pub(super) struct EventPipe {
    pipe: Pipe,
    kept: Kept,
    /// Held while records are carried, so that whoever waits for events waits for those on their way, too.
    position: Mutex<Position>,
}

/// How far the stream has been read.
#[derive(Default, Deserialize, Serialize)]
struct Position {
    /// The sequence number of the last record; the stream's beginning without it.
    after: Option<String>,
}

impl EventPipe {
    pub(super) async fn open(data: Option<&Path>, pipe: Pipe) -> Result<Self, OpenError> {
        let kept = Kept::new(data, "events");
        let position = kept.read().await?.unwrap_or_default();
        Ok(Self { pipe, kept, position: Mutex::new(position) })
    }

    /// Carries everything that the stream has to the bus.
    pub(super) async fn carry(&self, database: &Database, bus: &EventBridge) {
        let mut position = self.position.lock().await;
        loop {
            let records = match records(database, &self.pipe.table, position.after.as_deref()) {
                Ok(records) if records.is_empty() => return,
                Ok(records) => records,
                Err(error) => {
                    tracing::error!(%error, "The history's stream cannot be read");
                    return;
                }
            };
            for record in &records {
                match self.pipe.entry(record) {
                    None => {}
                    Some(Ok(entry)) => drop(bus.tell(entry, None)),
                    Some(Err(error)) => tracing::error!(%error, "A record of the history makes no event"),
                }
            }
            let last = records.last().and_then(|record| record["dynamodb"]["SequenceNumber"].as_str());
            position.after = last.map(str::to_owned);
            if let Err(error) = self.kept.turn().await.write(&*position).await {
                tracing::error!(%error, "It could not be kept how far the history's stream was read");
            }
        }
    }
}

/// The next records of the table's stream, as a reader of it gets them.
fn records(database: &Database, table: &str, after: Option<&str>) -> Result<Vec<Value>, DynoxideError> {
    let table = DescribeTableRequest { table_name: table.to_owned() };
    let stream_arn = database.describe_table(table)?.table.latest_stream_arn.unwrap_or_default();
    let stream = DescribeStreamRequest { stream_arn: stream_arn.clone(), ..Default::default() };
    let mut records = Vec::new();
    // The engine has one shard for a table, and never closes it.
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
