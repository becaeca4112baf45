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
        transaction::{Write, number, text},
    },
    deadline::{Deadline, retry_until},
    ids::ConsumerName,
};

/// How long a policy is cached in one environment, so how long a change may take.
const READ_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// The key of the row that lists the names of all consumers.
const DIRECTORY: &str = "consumers";

/// The stored consumers.
#[derive(Debug)]
pub struct ConsumerStore {
    client: Client,
    table: String,
    read: Mutex<HashMap<ConsumerName, (Timestamp, Arc<Policy>)>>,
}

/// A consumer's row.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Saved {
    /// The policy, unless the consumer was removed.
    pub policy: Option<Policy>,
    /// Counts the changes; 0 if there never was a row.
    pub revision: u64,
}

impl ConsumerStore {
    /// Stores consumers in `table`, the applications table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table, read: Mutex::default() }
    }

    /// Returns the policy of a consumer as it was at most 60 s before `now`. That there is none is not cached.
    pub async fn find(&self, name: &ConsumerName, now: Timestamp) -> Result<Option<Arc<Policy>>, AwsError> {
        if let Some((at, policy)) = self.read.lock().unwrap_or_else(PoisonError::into_inner).get(name)
            && now.duration_since(*at) < READ_AGAIN_AFTER
        {
            return Ok(Some(Arc::clone(policy)));
        }
        let policy = self.current(name).await?.policy.map(Arc::new);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        match &policy {
            Some(policy) => _ = read.insert(name.clone(), (now, Arc::clone(policy))),
            None => _ = read.remove(name),
        }
        Ok(policy)
    }

    /// Returns the consumer as currently stored.
    pub async fn current(&self, name: &ConsumerName) -> Result<Saved, AwsError> {
        let row = self.row(&Self::key(name)).await?;
        Ok(row.map(saved).transpose()?.unwrap_or_default())
    }

    /// Returns every consumer as currently stored, sorted by name.
    pub async fn all(&self, deadline: Deadline) -> Result<Vec<(ConsumerName, Policy)>, AwsError> {
        let names = retry_until(deadline, || self.names()).await?;
        let keys = names.iter().map(Self::key);
        let rows = batch::read_table(&self.client, &self.table, "application_id", keys, deadline).await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let key = row.get("application_id").and_then(|key| key.as_s().ok());
            let name = key.and_then(|key| key.strip_prefix(PREFIX)?.parse().ok());
            let name: ConsumerName =
                name.ok_or_else(|| AwsError::corrupt("BatchGetItem", "the key of a consumer"))?;
            all.extend(saved(row)?.policy.map(|policy| (name, policy)));
        }
        all.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(all)
    }

    /// Returns the writes that put `policy` in place of the revision `seen`, or remove it.
    pub fn put(&self, name: &ConsumerName, policy: Option<&Policy>, seen: u64, revision: u64) -> Vec<Write> {
        #[derive(Serialize)]
        struct Row<'a> {
            application_id: String,
            revision: u64,
            #[serde(skip_serializing_if = "Option::is_none")]
            policy: Option<&'a Policy>,
        }
        let row = Write::put(&self.table, &Row { application_id: Self::key(name), revision, policy });
        let row = match seen {
            0 => row.only_if("attribute_not_exists(application_id)"),
            seen => row.only_if("revision = :seen").with(":seen", number(seen)),
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

    async fn names(&self) -> Result<BTreeSet<ConsumerName>, AwsError> {
        #[derive(Deserialize)]
        struct Directory {
            #[serde(default)]
            consumer_names: BTreeSet<ConsumerName>,
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

fn saved(row: Item) -> Result<Saved, AwsError> {
    serde_dynamo::from_item(row)
        .map_err(|_| AwsError::corrupt("GetItem", "a consumer of the applications table"))
}
