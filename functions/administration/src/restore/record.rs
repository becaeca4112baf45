//! Puts a record of the history back from its event, which the archive of the bus has.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use shared::{
    deadline::Clock,
    error::Error,
    grant::GrantKey,
    history::{Event, Record, event_bus::MEMBERS},
};

use crate::Administration;

/// Returns the record of an event, or nothing if it is no event of the history.
pub(crate) fn record_of(detail: &Value) -> Option<Record> {
    let mut record = Map::new();
    for (member, attribute) in MEMBERS {
        let text = detail.get(member)?.as_str()?;
        let value = if attribute == "revision" { json!(text.parse::<u64>().ok()?) } else { json!(text) };
        record.insert(attribute.to_owned(), value);
    }
    serde_json::from_value(Value::Object(record)).ok()
}

impl Administration {
    /// Appends a record that the history has lost. What was erased stays so: the event of an erasure is obeyed, not appended.
    pub(crate) async fn restore_record_of_event(
        &self,
        record: &Record,
        clock: Clock,
    ) -> Result<Value, Error> {
        if let Ok(key) = record.subject.parse::<GrantKey>() {
            if record.event == Event::AuthorizationErased {
                self.erasures.remember(&key, record.at, clock).await?;
                self.erasures.delete_history(&key, record.revision, clock.deadline()).await?;
                return Ok(json!({ "restored": false }));
            }
            if self.is_erased_since(&key, record.at, clock).await? {
                return Ok(json!({ "restored": false }));
            }
        }
        Ok(json!({ "restored": self.history.append(record, clock.deadline()).await? }))
    }

    /// Returns whether the grant was erased after `at`.
    pub(super) async fn is_erased_since(
        &self,
        key: &GrantKey,
        at: Timestamp,
        clock: Clock,
    ) -> Result<bool, Error> {
        Ok(self.erasures.erased_at(key, clock).await?.is_some_and(|erased| erased > at))
    }
}

#[cfg(test)]
mod tests {
    use shared::history::event_bus::detail;

    use super::*;

    #[test]
    fn the_record_of_an_event_is_the_one_that_the_event_was_made_of() {
        let published = json!({
            "id": "x", "event": "AuthorizationMoved", "at": "2026-03-01T09:30:00Z", "subject": "a#na#A1", "revision": "7",
            "applicationId": "a", "region": "na", "sellingPartnerId": "A1", "account": "t", "actor": "operator", "by": "jo",
            "reason": "why", "fingerprint": "f", "manageYourAppsUrl": "m", "authorizeUrl": "u", "regionAssumed": "false",
            "previousRegion": "eu", "lost": "l", "gained": "g",
        });

        let record = record_of(&published).unwrap();

        assert_eq!(detail(&record), published);
        let mut incomplete = published;
        incomplete.as_object_mut().unwrap().remove("gained");
        assert!(record_of(&incomplete).is_none());
    }
}
