//! The applications table.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::Application;
use crate::{
    aws::{
        AwsError,
        batch::{self, Item},
        transaction::{Write, text},
    },
    deadline::{Clock, Deadline, Transient, retry_until},
    error::Error,
    ids::ApplicationId,
};

/// How long an entry is cached.
const READ_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// How long the list of applications is cached. It matters only to requests that name none.
const LIST_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// The key of the row that lists every application, so that finding the only one needs no scan.
const DIRECTORY: &str = "directory";

/// The registered applications, cached in memory for a minute.
#[derive(Debug)]
pub struct ApplicationStore {
    client: Client,
    table: String,
    read: Mutex<HashMap<ApplicationId, (Timestamp, Arc<Application>)>>,
    listed: Mutex<Option<(Timestamp, BTreeSet<ApplicationId>)>>,
}

/// Why a request that names no application has none.
#[derive(Debug, thiserror::Error)]
pub enum NotOne {
    /// None is registered, or several are: the request must name one.
    #[error("{0} applications are registered")]
    Registered(usize),
    /// The registry did not answer.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

impl Transient for NotOne {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Aws(error) if error.is_transient())
    }
}

impl From<NotOne> for Error {
    fn from(not_one: NotOne) -> Self {
        match not_one {
            NotOne::Registered(0) => Self::UnknownApplication,
            NotOne::Registered(_) => {
                Self::invalid("applicationId", "one, since several applications are registered")
            }
            NotOne::Aws(error) => error.into(),
        }
    }
}

impl ApplicationStore {
    /// Stores applications in `table`.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table, read: Mutex::default(), listed: Mutex::default() }
    }

    /// Returns the application, if it is registered.
    pub async fn find(
        &self,
        id: &ApplicationId,
        now: Timestamp,
    ) -> Result<Option<Arc<Application>>, AwsError> {
        if let Some((at, application)) = self.read.lock().unwrap_or_else(PoisonError::into_inner).get(id)
            && *at > now - READ_AGAIN_AFTER
        {
            return Ok(Some(Arc::clone(application)));
        }
        let Some(item) = self.row(id.as_str()).await? else {
            return Ok(None);
        };
        let application = Arc::new(application_of(item)?);
        self.read
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id.clone(), (now, Arc::clone(&application)));
        Ok(Some(application))
    }

    /// Returns the application as this environment read it last, without a call to AWS.
    pub fn last_read(&self, id: &ApplicationId) -> Option<Arc<Application>> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.get(id).map(|(_, application)| Arc::clone(application))
    }

    /// Returns the application, or an error for a caller who named one that is not registered.
    pub async fn registered(&self, id: &ApplicationId, clock: Clock) -> Result<Arc<Application>, Error> {
        retry_until(clock.deadline(), || self.find(id, clock.began())).await?.ok_or(Error::UnknownApplication)
    }

    /// Returns the id of the only registered application.
    pub async fn only(&self, now: Timestamp) -> Result<ApplicationId, NotOne> {
        let listed = self.list(now).await?;
        match listed.first() {
            Some(only) if listed.len() == 1 => Ok(only.clone()),
            _ => Err(NotOne::Registered(listed.len())),
        }
    }

    /// Returns the ids of all registered applications.
    pub async fn list(&self, now: Timestamp) -> Result<BTreeSet<ApplicationId>, AwsError> {
        if let Some((at, listed)) = self.listed.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            && *at > now - LIST_AGAIN_AFTER
        {
            return Ok(listed.clone());
        }
        let listed = self.directory().await?;
        *self.listed.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, listed.clone()));
        Ok(listed)
    }

    /// Returns every registered application as currently stored, sorted by id: one read for the list and one for each
    /// hundred.
    pub async fn all(&self, deadline: Deadline) -> Result<Vec<Application>, AwsError> {
        let ids = retry_until(deadline, || self.directory()).await?.into_iter().map(|id| id.to_string());
        let rows = batch::read_table(&self.client, &self.table, "application_id", ids, deadline).await?;
        let mut all = rows.into_iter().map(application_of).collect::<Result<Vec<_>, _>>()?;
        all.sort_by(|one, other| one.application_id.cmp(&other.application_id));
        Ok(all)
    }

    /// Returns the application as currently stored.
    pub async fn current(&self, id: &ApplicationId) -> Result<Option<Application>, AwsError> {
        self.row(id.as_str()).await?.map(application_of).transpose()
    }

    /// Returns the writes that put `application` in place of `seen`, or where no row existed.
    pub fn put(&self, application: &Application, seen: Option<&Application>) -> Vec<Write> {
        let put = Write::put(&self.table, application);
        if let Some(seen) = seen {
            let mut writes =
                vec![put.only_if("client_id = :seen").with(":seen", text(seen.client_id.as_str()))];
            if seen.brake() != application.brake() {
                writes.push(application.brake().put(&self.table, &application.application_id));
            }
            return writes;
        }
        let listed = AttributeValue::Ss(vec![application.application_id.to_string()]);
        let list = Write::update(&self.table, ("application_id", DIRECTORY), "ADD application_ids :id");
        vec![put.only_if("attribute_not_exists(application_id)"), list.with(":id", listed)]
    }

    /// Clears the cache, so that an application registered a moment ago is found.
    pub fn forget(&self) {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).clear();
        *self.listed.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn directory(&self) -> Result<BTreeSet<ApplicationId>, AwsError> {
        let Some(item) = self.row(DIRECTORY).await? else {
            return Ok(BTreeSet::new());
        };
        let directory: Directory = serde_dynamo::from_item(item)
            .map_err(|_| AwsError::corrupt("GetItem", "the directory of the applications table"))?;
        Ok(directory.application_ids)
    }

    async fn row(&self, key: &str) -> Result<Option<Item>, AwsError> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("application_id", text(key))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsError::of("GetItem", &error))?;
        Ok(read.item)
    }
}

fn application_of(item: Item) -> Result<Application, AwsError> {
    serde_dynamo::from_item(item).map_err(|_| AwsError::corrupt("GetItem", "a row of the applications table"))
}

#[derive(Deserialize)]
struct Directory {
    #[serde(default)]
    application_ids: BTreeSet<ApplicationId>,
}
