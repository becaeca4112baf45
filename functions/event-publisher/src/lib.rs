//! Sends each record that is appended to the history to the event bus, in the order of the stream.
//!
//! Lambda reads the stream and invokes this function with some records; it repeats a batch until an invocation succeeds or its
//! records are too old. So an event is sent at least once, and may be sent twice.

use serde::Deserialize;
use serde_json::Value;
use shared::{
    aws::{
        Aws,
        metrics::{Metric, Metrics},
    },
    deadline::Clock,
    env::{Env, Unset},
    error::Error,
    history::event_bus::{self, EventBus, Lacking},
};

/// The dependencies of the function.
#[derive(Debug)]
pub struct EventPublisher {
    bus: EventBus,
    metrics: Metrics,
}

/// The event of a stream of DynamoDB.
#[derive(Deserialize)]
struct Batch {
    #[serde(rename = "Records")]
    changes: Vec<Change>,
}

/// A row that was added, changed or deleted.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    event_name: String,
    dynamodb: Images,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Images {
    #[serde(default)]
    new_image: Value,
}

impl EventPublisher {
    /// Reads `EVENT_BUS_NAME`.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        Ok(Self { bus: EventBus::from_env(env, aws)?, metrics: aws.metrics().clone() })
    }

    /// Sends the events of one batch. After an error, Lambda invokes the function with the same batch again.
    ///
    /// A row that is no record of the history, which only a person can have written, is logged as an error, by its key, and left out: it
    /// would keep back every event behind it for hours.
    pub async fn handle(&self, event: &Value, clock: Clock) -> Result<(), Error> {
        // The error of the parser would quote the event.
        let Batch { changes } = Batch::deserialize(event)
            .map_err(|_| Error::invalid("event", "one of a DynamoDB stream, with Records"))?;
        let mut details = Vec::new();
        // A record that is changed or deleted by hand is no event.
        for Change { dynamodb, .. } in changes.into_iter().filter(|change| change.event_name == "INSERT") {
            match detail(&dynamodb.new_image) {
                Ok(detail) => details.push(detail),
                Err(Lacking(attribute)) => {
                    let key = |name: &str| text(&dynamodb.new_image, name).unwrap_or_default();
                    tracing::error!(
                        subject = key("subject"),
                        revision = key("revision"),
                        "A row of the history lacks {attribute} and became no event; hint: look who may write to the history table \
                         beside the functions"
                    );
                    self.metrics.count(Metric::Internal);
                }
            }
        }
        Ok(self.bus.send(&details, clock.deadline()).await?)
    }
}

/// Returns the `detail` of the record that was added, whose attributes are in DynamoDB's JSON.
fn detail(image: &Value) -> Result<Value, Lacking> {
    event_bus::detail_with(|attribute| text(image, attribute))
}

fn text(image: &Value, attribute: &str) -> Option<String> {
    let value = &image[attribute];
    value["S"].as_str().or(value["N"].as_str()).map(str::to_owned)
}

#[cfg(test)]
mod tests;
