//! Consumers: who may have which tokens. A policy and the record of its change are one transaction.

use serde_json::{Value, json};
use shared::{
    aws::{AwsError, transaction::Commit},
    consumer::{AllConsumers, ConsumerStore, Policy, Stored},
    deadline::{Clock, Pauses, retry_until},
    error::Error,
    history::{Record, actor::Who},
    ids::ConsumerName,
};

use crate::{Administration, operation::PutConsumer};

/// How many records of its history the answer about a consumer has.
const RECORDS: i32 = 20;

impl Administration {
    /// Gives a consumer this policy in place of the one that it has.
    pub(crate) async fn put_consumer(&self, request: PutConsumer, clock: Clock) -> Result<Value, Error> {
        let PutConsumer { name, policy, by } = request;
        self.save_consumer(&name, Some(&policy), &Who::operator(by), clock).await?;
        Ok(json!({ "consumer": view(&name, &policy) }))
    }

    /// Removes a consumer. Its alias gets nothing from then on. It is no error if there is none.
    pub(crate) async fn remove_consumer(
        &self,
        name: &ConsumerName,
        who: &Who,
        clock: Clock,
    ) -> Result<Value, Error> {
        let removed = self.save_consumer(name, None, who, clock).await?;
        Ok(json!({ "removed": removed }))
    }

    /// Returns the policy of every consumer, and in `unreadable` the names of those whose policy cannot be read.
    pub(crate) async fn list_consumers(&self, clock: Clock) -> Result<Value, Error> {
        let AllConsumers { policies, unreadable } = self.consumers.all(clock.deadline()).await?;
        let views: Vec<_> = policies.iter().map(|(name, policy)| view(name, policy)).collect();
        let mut answer = json!({ "consumers": views });
        if !unreadable.is_empty() {
            answer["unreadable"] = json!(unreadable);
        }
        Ok(answer)
    }

    /// Returns a consumer with the latest records of its history. It is `null` if it was removed or never was, and if its policy
    /// cannot be read, which `unreadable` says.
    pub(crate) async fn get_consumer(&self, name: &ConsumerName, clock: Clock) -> Result<Value, Error> {
        let saved = retry_until(clock.deadline(), || self.consumers.current(name)).await?;
        let subject = ConsumerStore::key(name);
        let page = || self.history.page(&subject, true, None, RECORDS);
        let (records, _) = retry_until(clock.deadline(), page).await?;
        let record = |record: &Record| {
            json!({
                "at": record.at, "event": record.event, "actor": record.actor, "by": record.by, "reason": record.reason,
                "revision": record.revision,
            })
        };
        let consumer = match &saved.policy {
            Stored::Policy(policy) => Some(view(name, policy)),
            Stored::Nothing | Stored::Unreadable => None,
        };
        let mut answer = json!({
            "consumer": consumer,
            "history": records.iter().map(record).collect::<Vec<_>>(),
        });
        if matches!(saved.policy, Stored::Unreadable) {
            answer["unreadable"] = true.into();
        }
        Ok(answer)
    }

    /// Writes the policy, or its end, with its record. Returns whether anything changed.
    async fn save_consumer(
        &self,
        name: &ConsumerName,
        wanted: Option<&Policy>,
        who: &Who,
        clock: Clock,
    ) -> Result<bool, Error> {
        let mut pauses = Pauses::until(clock.deadline());
        loop {
            let seen = retry_until(clock.deadline(), || self.consumers.current(name)).await?;
            let Some(reason) = reason(name, &seen.policy, wanted) else { return Ok(false) };
            let numbered = |revision| {
                let writes = self.consumers.put(name, wanted, &seen, revision);
                let subject = ConsumerStore::key(name);
                (writes, Some(Record::of_consumer(subject, revision, who, reason.clone(), clock.began())))
            };
            match self.recorder.commit(seen.revision, numbered, clock.deadline()).await? {
                Commit::Made => {
                    tracing::info!(consumer.name = %name, "Consumer {name} changed: {reason}");
                    return Ok(true);
                }
                Commit::Changed | Commit::Refused(_) if pauses.pause(None).await => {}
                Commit::Changed | Commit::Refused(_) => return Err(AwsError::contended().into()),
            }
        }
    }
}

/// Returns the consumer as `putConsumer` takes it.
fn view(name: &ConsumerName, policy: &Policy) -> Value {
    let mut view = json!(policy);
    view["consumer"] = json!(name);
    view
}

/// Returns the reason of a change, with the names of the fields that change and not their values. `None` if nothing changes.
fn reason(name: &ConsumerName, seen: &Stored, wanted: Option<&Policy>) -> Option<String> {
    match (seen, wanted) {
        (Stored::Nothing, None) => None,
        (Stored::Nothing, Some(_)) => Some(format!("an operator added the consumer {name}")),
        (Stored::Policy(_) | Stored::Unreadable, None) => {
            Some(format!("an operator removed the consumer {name}"))
        }
        (Stored::Unreadable, Some(_)) => {
            Some(format!("an operator replaced the policy of the consumer {name}, which could not be read"))
        }
        (Stored::Policy(seen), Some(wanted)) => {
            let fields = [
                ("applicationIds", seen.application_ids != wanted.application_ids),
                ("partners", seen.partners != wanted.partners),
                ("accounts", seen.accounts != wanted.accounts),
                ("regions", seen.regions != wanted.regions),
                ("scopes", seen.scopes != wanted.scopes),
                ("restricted", seen.restricted != wanted.restricted),
                ("delegates", seen.delegates != wanted.delegates),
                ("may", seen.may != wanted.may),
            ];
            let changed: Vec<_> =
                fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect();
            (!changed.is_empty()).then(|| {
                format!("an operator changed what the consumer {name} may have: {}", changed.join(", "))
            })
        }
    }
}
