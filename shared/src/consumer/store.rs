//! The rows of consumers in the applications table: one for each, and one that lists their names, so that finding them needs no
//! scan. The row of a removed consumer stays with its revision, so that its history goes on if it comes again.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Policy;
use crate::{
    aws::{
        AwsError,
        batch::{self, Item},
        transaction::{Write, text},
    },
    deadline::{Deadline, retry_until},
    ids::ConsumerName,
};

/// How long a policy is cached in one environment, so how long a change may take.
const READ_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// The key of the row that lists the names of all consumers.
const DIRECTORY: &str = "consumers";

/// Why a consumer has no policy.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WithoutPolicy {
    /// It never had one, or it was removed.
    Missing,
    /// What is stored cannot be read.
    Unreadable,
}

/// The stored consumers.
#[derive(Debug)]
pub struct ConsumerStore {
    client: Client,
    table: String,
    read: Mutex<HashMap<ConsumerName, (Timestamp, Arc<Policy>)>>,
}

/// A consumer's row.
#[derive(Clone, Debug, Default)]
pub struct Saved {
    /// The policy.
    pub policy: Stored,
    /// Counts the changes; 0 if there never was a row, or if the count cannot be read.
    pub revision: u64,
    /// The attribute `revision` as stored, on which the next write depends.
    written: Option<AttributeValue>,
}

/// What is stored as the policy of a consumer.
#[derive(Clone, Debug, Default)]
pub enum Stored {
    /// None: there never was a consumer, or it was removed.
    #[default]
    Nothing,
    /// A policy.
    Policy(Arc<Policy>),
    /// Something that this release cannot read, and that covers nothing: a newer release or another hand wrote it.
    Unreadable,
}

/// Every consumer as currently stored.
#[derive(Debug, Default)]
pub struct AllConsumers {
    /// The policies, sorted by name.
    pub policies: Vec<(ConsumerName, Arc<Policy>)>,
    /// The names in the list of consumers whose policy, or which themselves, cannot be read; sorted.
    pub unreadable: Vec<String>,
}

impl ConsumerStore {
    /// Stores consumers in `table`, the applications table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table, read: Mutex::default() }
    }

    /// Returns the policy of a consumer as it was at most 60 s before `now`, or as `Err` why it has none. That is not cached.
    pub async fn find(
        &self,
        name: &ConsumerName,
        now: Timestamp,
    ) -> Result<Result<Arc<Policy>, WithoutPolicy>, AwsError> {
        if let Some((at, policy)) = self.read.lock().unwrap_or_else(PoisonError::into_inner).get(name)
            && now.duration_since(*at) < READ_AGAIN_AFTER
        {
            return Ok(Ok(Arc::clone(policy)));
        }
        let policy = match self.current(name).await?.policy {
            Stored::Policy(policy) => Ok(policy),
            Stored::Nothing => Err(WithoutPolicy::Missing),
            Stored::Unreadable => Err(WithoutPolicy::Unreadable),
        };
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        match &policy {
            Ok(policy) => _ = read.insert(name.clone(), (now, Arc::clone(policy))),
            Err(_) => _ = read.remove(name),
        }
        Ok(policy)
    }

    /// Returns the consumer as currently stored.
    pub async fn current(&self, name: &ConsumerName) -> Result<Saved, AwsError> {
        Ok(self.row(&Self::key(name)).await?.as_ref().map(saved).unwrap_or_default())
    }

    /// Returns every consumer as currently stored. A row that cannot be read is named, and stops none of the others.
    pub async fn all(&self, deadline: Deadline) -> Result<AllConsumers, AwsError> {
        let names = retry_until(deadline, || self.names()).await?;
        let keys = names.iter().map(|name| format!("{PREFIX}{name}"));
        let rows = batch::read_table(&self.client, &self.table, "application_id", keys, deadline).await?;
        let mut all = AllConsumers::default();
        for row in rows {
            let key = row.get("application_id").and_then(|key| key.as_s().ok());
            let name = key.and_then(|key| key.strip_prefix(PREFIX)).unwrap_or_default().to_owned();
            match (saved(&row).policy, name.parse()) {
                (Stored::Nothing, _) => {}
                (Stored::Policy(policy), Ok(name)) => all.policies.push((name, policy)),
                (Stored::Policy(_), Err(_)) | (Stored::Unreadable, _) => all.unreadable.push(name),
            }
        }
        all.policies.sort_by(|(one, _), (other, _)| one.cmp(other));
        all.unreadable.sort_unstable();
        Ok(all)
    }

    /// Returns the writes that put `policy` in place of what was `seen`, or remove it.
    pub fn put(
        &self,
        name: &ConsumerName,
        policy: Option<&Policy>,
        seen: &Saved,
        revision: u64,
    ) -> Vec<Write> {
        #[derive(Serialize)]
        struct Row<'a> {
            application_id: String,
            revision: u64,
            #[serde(skip_serializing_if = "Option::is_none")]
            policy: Option<&'a Policy>,
        }
        let row = Write::put(&self.table, &Row { application_id: Self::key(name), revision, policy });
        let row = match &seen.written {
            None => row.only_if("attribute_not_exists(revision)"),
            Some(seen) => row.only_if("revision = :seen").with(":seen", seen.clone()),
        };
        let change =
            if policy.is_some() { "ADD consumer_names :name" } else { "DELETE consumer_names :name" };
        let listed = AttributeValue::Ss(vec![name.to_string()]);
        let list = Write::update(&self.table, ("application_id", DIRECTORY), change).with(":name", listed);
        vec![row, list]
    }

    /// Returns the key of a consumer's row, which is the subject of its history too.
    pub fn key(name: &ConsumerName) -> String {
        format!("{PREFIX}{name}")
    }

    /// Returns the list of names. They are texts: one that is no name of a consumer does not hide the others.
    async fn names(&self) -> Result<BTreeSet<String>, AwsError> {
        #[derive(Deserialize)]
        struct Directory {
            #[serde(default)]
            consumer_names: BTreeSet<String>,
        }
        let Some(row) = self.row(DIRECTORY).await? else { return Ok(BTreeSet::new()) };
        let directory: Directory = serde_dynamo::from_item(row)
            .map_err(|_| AwsError::corrupt("GetItem", "the list of consumers in the applications table"))?;
        Ok(directory.consumer_names)
    }

    async fn row(&self, key: &str) -> Result<Option<Item>, AwsError> {
        let read = self.client.get_item().table_name(&self.table).key("application_id", text(key));
        let read = read.consistent_read(true).send().await;
        Ok(read.map_err(|error| AwsError::of("GetItem", &error))?.item)
    }
}

/// Begins the key of a consumer's row.
const PREFIX: &str = "consumer#";

fn saved(row: &Item) -> Saved {
    let written = row.get("revision").cloned();
    let revision = written.as_ref().and_then(|revision| revision.as_n().ok()?.parse().ok()).unwrap_or(0);
    let policy = match row.get("policy") {
        None => Stored::Nothing,
        Some(policy) => serde_dynamo::from_attribute_value(policy.clone())
            .map_or(Stored::Unreadable, |policy| Stored::Policy(Arc::new(policy))),
    };
    Saved { policy, revision, written }
}
