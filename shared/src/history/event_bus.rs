//! Sends records of the history to the event bus, when they are appended and when they are replayed.

use aws_sdk_eventbridge::{
    Client,
    types::{PutEventsRequestEntry, PutEventsResultEntry},
};
use serde_json::{Map, Value, json};

use crate::{
    aws::{Aws, AwsError, Lazy},
    deadline::{Deadline, Pauses, Transient},
    env::{Env, Unset},
    history::Record,
};

/// The `source` of every event of this service.
pub const SOURCE: &str = "spapi-auth";

/// `PutEvents` accepts at most 10 entries.
const ENTRIES_OF_A_CALL: usize = 10;

/// `PutEvents` accepts at most 256 KiB.
const BYTES_OF_A_CALL: usize = 256 * 1024;

/// The event bus that receives every event.
#[derive(Debug)]
pub struct EventBus {
    client: Lazy<Client>,
    name: String,
}

impl EventBus {
    /// Reads `EVENT_BUS_NAME`.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        Ok(Self { client: aws.event_bridge(), name: env.required("EVENT_BUS_NAME")?.to_owned() })
    }

    /// Sends an event for each `detail`, in this order. Returns when the bus has accepted all of them; after an error
    /// it may have accepted some.
    pub async fn send(&self, details: &[Value], deadline: Deadline) -> Result<(), AwsError> {
        let entries = details.iter().map(|detail| entry(detail, &self.name)).collect();
        for batch in batches(entries) {
            self.put(batch, deadline).await?;
        }
        Ok(())
    }

    /// Sends the entries that the bus did not accept again, until it has accepted them or time runs out.
    async fn put(&self, mut entries: Vec<PutEventsRequestEntry>, deadline: Deadline) -> Result<(), AwsError> {
        let mut pauses = Pauses::until(deadline);
        loop {
            let answer = self.client.put_events().set_entries(Some(entries.clone())).send().await;
            let failure = match answer.map_err(|error| AwsError::of("PutEvents", &error)) {
                Ok(answer) => {
                    entries = not_taken(entries, answer.entries())?;
                    AwsError::transient("PutEvents", "FailedEntries")
                }
                Err(error) if error.is_transient() => error,
                Err(error) => return Err(error),
            };
            if entries.is_empty() {
                return Ok(());
            }
            if !pauses.pause(None).await {
                return Err(failure);
            }
        }
    }
}

/// The members of a `detail`, each with the attribute of the record that it repeats. Records of earlier versions lack some of those
/// after the first five.
pub const MEMBERS: [(&str, &str); 19] = [
    ("id", "id"),
    ("event", "event"),
    ("at", "at"),
    ("subject", "subject"),
    ("revision", "revision"),
    ("applicationId", "application_id"),
    ("region", "region"),
    ("sellingPartnerId", "selling_partner_id"),
    ("account", "account"),
    ("actor", "actor"),
    ("by", "by"),
    ("reason", "reason"),
    ("fingerprint", "fingerprint"),
    ("manageYourAppsUrl", "manage_your_apps_url"),
    ("authorizeUrl", "authorize_url"),
    ("regionAssumed", "region_assumed"),
    ("previousRegion", "previous_region"),
    ("lost", "lost"),
    ("gained", "gained"),
];
const ALWAYS: usize = 5;

/// The attribute without which, or with which empty, a row is no record.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lacking(pub &'static str);

/// Returns the `detail` of a record's event: every member is a text, always present, and none is secret. `attribute` gives the text of an
/// attribute of the record, and a number as a text. The event's name is taken as it is: a newer version of another function may have
/// appended the record.
pub fn detail_with(attribute: impl Fn(&str) -> Option<String>) -> Result<Value, Lacking> {
    let member = |(place, (member, name)): (usize, &(&'static str, &'static str))| match attribute(name) {
        // EventBridge refuses an event without a name for good.
        Some(text) if place >= ALWAYS || !text.is_empty() => Ok(((*member).to_owned(), Value::String(text))),
        _ if place < ALWAYS => Err(Lacking(name)),
        _ => Ok(((*member).to_owned(), Value::String(String::new()))),
    };
    MEMBERS.iter().enumerate().map(member).collect::<Result<Map<_, _>, _>>().map(Value::Object)
}

/// Returns the `detail` of the record's event.
pub fn detail(record: &Record) -> Value {
    let row = json!(record);
    let detail = detail_with(|attribute| match &row[attribute] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    detail.expect("a record has every attribute")
}

fn entry(detail: &Value, bus: &str) -> PutEventsRequestEntry {
    PutEventsRequestEntry::builder()
        .event_bus_name(bus)
        .source(SOURCE)
        .detail_type(detail["event"].as_str().unwrap_or_default())
        .detail(detail.to_string())
        .build()
}

/// Groups the entries into as few calls as possible.
fn batches(entries: Vec<PutEventsRequestEntry>) -> Vec<Vec<PutEventsRequestEntry>> {
    let mut batches: Vec<Vec<PutEventsRequestEntry>> = Vec::new();
    let mut bytes = 0;
    for entry in entries {
        let size = size(&entry);
        match batches.last_mut() {
            Some(batch) if batch.len() < ENTRIES_OF_A_CALL && bytes + size <= BYTES_OF_A_CALL => {
                batch.push(entry);
                bytes += size;
            }
            _ => {
                batches.push(vec![entry]);
                bytes = size;
            }
        }
    }
    batches
}

/// Returns the size in bytes, as EventBridge counts it.
fn size(entry: &PutEventsRequestEntry) -> usize {
    [&entry.source, &entry.detail_type, &entry.detail].into_iter().flatten().map(String::len).sum()
}

/// Returns the entries to send again. It is an error if the bus rejects an entry permanently.
fn not_taken(
    entries: Vec<PutEventsRequestEntry>,
    results: &[PutEventsResultEntry],
) -> Result<Vec<PutEventsRequestEntry>, AwsError> {
    if entries.len() != results.len() {
        return Err(AwsError::corrupt("PutEvents", "an answer with another number of entries"));
    }
    let mut again = Vec::new();
    for (entry, result) in entries.into_iter().zip(results) {
        match result.error_code() {
            None => {}
            Some("InternalFailure" | "InternalException" | "ThrottlingException") => again.push(entry),
            Some(code) => {
                return Err(AwsError::corrupt("PutEvents", &format!("the bus refuses an event: {code}")));
            }
        }
    }
    Ok(again)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(details: &[usize]) -> Vec<PutEventsRequestEntry> {
        details
            .iter()
            .map(|size| PutEventsRequestEntry::builder().detail("x".repeat(*size)).build())
            .collect()
    }

    fn result(code: Option<&str>) -> PutEventsResultEntry {
        PutEventsResultEntry::builder().set_error_code(code.map(str::to_owned)).build()
    }

    #[test]
    fn a_call_has_no_more_entries_and_bytes_than_the_service_takes() {
        let sizes = |details: &[usize]| batches(entries(details)).iter().map(Vec::len).collect::<Vec<_>>();

        assert!(sizes(&[]).is_empty());
        assert_eq!(sizes(&[1; 25]), [10, 10, 5]);
        assert_eq!(sizes(&[100_000; 5]), [2, 2, 1]);
        assert_eq!(sizes(&[BYTES_OF_A_CALL, 1]), [1, 1]);
        assert_eq!(sizes(&[BYTES_OF_A_CALL - 1, 1, 1]), [2, 1]);
    }

    #[test]
    fn what_the_bus_did_not_take_is_sent_again_and_nothing_else() {
        let results = [result(None), result(Some("ThrottlingException")), result(Some("InternalFailure"))];

        let again = not_taken(entries(&[1, 2, 3]), &results).unwrap();

        assert_eq!(again.iter().map(size).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn what_the_bus_will_never_take_is_an_error() {
        for results in [vec![result(Some("MalformedDetail"))], Vec::new()] {
            assert!(!not_taken(entries(&[1]), &results).unwrap_err().is_transient());
        }
    }
}
