//! EventBridge: one bus, and `PutEvents` on it. There are no rules: every event is logged, and the latest can be read.

use std::collections::VecDeque;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use shared::secret::random_word;
use simulated_amazon::Clock;
use winterbaume_core::MockResponse;

use crate::{
    arn::{ACCOUNT, REGION},
    aws::service,
    environment::EVENT_BUS,
    locked::Locked,
};

/// The number of events that are stored.
const STORED: usize = 1000;

/// The log target of events.
pub const EVENTS: &str = "events";

/// AWS's limits on one call: the number of entries, and their total size in bytes.
const ENTRIES: usize = 10;
const BYTES: usize = 256 * 1024;

/// An accepted entry of `PutEvents`.
struct Entry {
    source: String,
    detail_type: String,
    detail: Map<String, Value>,
}

/// An event on the bus.
#[derive(Clone, Debug, Serialize)]
pub struct PublishedEvent {
    /// The number of the event since the start of the stack, from 1.
    pub n: u64,
    /// The event as EventBridge sends it to the target of a rule.
    pub event: Value,
}

pub(super) struct EventBridge {
    clock: Clock,
    published: Locked<VecDeque<PublishedEvent>>,
}

impl EventBridge {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, published: Locked::default() }
    }

    /// The stored events after number `after`, oldest first.
    pub(super) fn events(&self, after: u64) -> Vec<PublishedEvent> {
        let published = self.published.lock();
        published.iter().filter(|event| event.n > after).cloned().collect()
    }

    /// Publishes an event and returns its id.
    fn publish(&self, entry: Entry, at: Option<Timestamp>) -> String {
        let id = random_word();
        let time = at.unwrap_or_else(|| self.clock.now());
        let time = Timestamp::from_second(time.as_second()).unwrap_or(time);
        let detail = Value::Object(entry.detail);
        tracing::info!(target: EVENTS, %detail, "{}", entry.detail_type);
        let event = json!({
            "version": "0",
            "id": id,
            "detail-type": entry.detail_type,
            "source": entry.source,
            "account": ACCOUNT,
            "time": time,
            "region": REGION,
            "resources": [],
            "detail": detail,
        });
        let mut published = self.published.lock();
        let n = published.back().map_or(1, |last| last.n + 1);
        published.push_back(PublishedEvent { n, event });
        if published.len() > STORED {
            published.pop_front();
        }
        id
    }

    /// Answers `PutEvents`. If `faulty`, the first entry fails, as can happen in AWS at any time.
    pub(super) fn handle(&self, operation: &str, body: &Bytes, faulty: bool) -> MockResponse {
        if operation != "PutEvents" {
            return service::unknown_operation();
        }
        let invalid = |message: &str| service::error(400, "ValidationException", message);
        let Ok(PutEvents { entries }) = serde_json::from_slice(body) else {
            return service::error(400, "SerializationException", "The request is malformed");
        };
        if !(1..=ENTRIES).contains(&entries.len()) {
            return invalid(
                "1 validation error detected: Value at 'entries' failed to satisfy constraint: \
                            Member must have length between 1 and 10",
            );
        }
        if entries.iter().map(PutEntry::size).sum::<usize>() > BYTES {
            return invalid("Total size of the entries in the request is over the limit.");
        }
        let mut failed = 0;
        let mut answers = Vec::new();
        for (position, entry) in entries.into_iter().enumerate() {
            let refused = Refused("InternalFailure", "The local stack failed, as ordered".to_owned());
            let checked = if faulty && position == 0 { Err(refused) } else { entry.checked(EVENT_BUS) };
            answers.push(match checked {
                Ok((entry, time)) => json!({"EventId": self.publish(entry, time)}),
                Err(Refused(code, message)) => {
                    failed += 1;
                    json!({"ErrorCode": code, "ErrorMessage": message})
                }
            });
        }
        MockResponse::json(200, json!({"FailedEntryCount": failed, "Entries": answers}).to_string())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutEvents {
    #[serde(default)]
    entries: Vec<PutEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutEntry {
    event_bus_name: Option<String>,
    source: Option<String>,
    detail_type: Option<String>,
    detail: Option<String>,
    /// Epoch seconds.
    time: Option<f64>,
}

/// The code and the message of an entry that failed.
struct Refused(&'static str, String);

impl PutEntry {
    /// The size in bytes, as AWS counts it.
    fn size(&self) -> usize {
        let texts = [&self.source, &self.detail_type, &self.detail].into_iter().flatten();
        texts.map(String::len).sum::<usize>() + self.time.map_or(0, |_| 14)
    }

    fn checked(self, bus: &str) -> Result<(Entry, Option<Timestamp>), Refused> {
        let required = |value: Option<String>, name: &str| {
            let message = format!("Parameter {name} is not valid. Reason: {name} is a required argument.");
            value.filter(|value| !value.is_empty()).ok_or(Refused("InvalidArgument", message))
        };
        let source = required(self.source, "Source")?;
        let detail_type = required(self.detail_type, "DetailType")?;
        let detail = required(self.detail, "Detail")?;
        let malformed = |_| Refused("MalformedDetail", "Detail is malformed.".to_owned());
        let detail: Map<String, Value> = serde_json::from_str(&detail).map_err(malformed)?;
        if source.starts_with("aws.") {
            let message = "Not authorized for the source.".to_owned();
            return Err(Refused("NotAuthorizedForSourceException", message));
        }
        // A wrong name is an error here, where AWS would drop the events without one.
        let named = self.event_bus_name.as_deref().unwrap_or("default");
        if named.rsplit('/').next() != Some(bus) {
            return Err(Refused("InvalidArgument", format!("Event bus {named} does not exist.")));
        }
        #[expect(clippy::cast_possible_truncation, reason = "a time that is out of range is ignored")]
        let time = self.time.and_then(|seconds| Timestamp::from_second(seconds as i64).ok());
        Ok((Entry { source, detail_type, detail }, time))
    }
}
