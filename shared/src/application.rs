//! The registry of applications: everything about them but their secrets.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, Put, TransactWriteItem, Update},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    aws::AwsError,
    ids::{ApplicationId, ClientId},
    marketplace::PartnerType,
    region::Region,
};

/// An entry read longer ago is read again.
const READ_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// How many applications there are is asked again after this; it matters only to requests that name none.
const LIST_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// The key of the row that lists every application, so that finding the only one needs no scan.
const DIRECTORY: &str = "directory";

/// One SP-API application.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Application {
    /// Amazon's id of the application.
    pub application_id: ApplicationId,
    /// Its OAuth client.
    pub client_id: ClientId,
    /// What partners know it by.
    pub name: String,
    /// Whether it is a draft, whose consent needs `version=beta` (F§1.3).
    pub draft: bool,
    /// Whether vendors need `version=beta` even though the application is published. Amazon's staff said so in 2022
    /// (F§1.3, docs#2001); whether it still holds is unconfirmed.
    #[serde(default)]
    pub vendors_need_beta: bool,
    /// The region of a grant about which nothing else tells its region.
    pub default_region: Region,
    /// The scopes of which `get-access-token` may hand out the application's own tokens (F§4.3).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub scopes: BTreeSet<String>,
    /// The integrator's page at which a partner who comes from Amazon signs in, so that its account is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in_url: Option<String>,
    /// Where a browser may be sent when an authorization is finished; compared as they are written.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub return_urls: BTreeSet<String>,
}

impl Application {
    /// Whether a consent of such a partner carries `version=beta`.
    #[must_use]
    pub fn needs_beta(&self, partner_type: PartnerType) -> bool {
        self.draft || (self.vendors_need_beta && partner_type == PartnerType::Vendor)
    }
}

/// The registered applications, kept in memory for a minute.
#[derive(Debug)]
pub struct ApplicationStore {
    client: Client,
    table: String,
    read: Mutex<HashMap<ApplicationId, (Timestamp, Arc<Application>)>>,
    listed: Mutex<Option<(Timestamp, BTreeSet<ApplicationId>)>>,
}

/// Why no application stands for a request that names none.
#[derive(Debug, thiserror::Error)]
pub enum NotOne {
    /// None is registered, or several are: the request must name one.
    #[error("{0} applications are registered")]
    Registered(usize),
    /// The registry did not answer.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

impl ApplicationStore {
    /// The registry in `table`.
    #[must_use]
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table, read: Mutex::default(), listed: Mutex::default() }
    }

    /// The application, if it is registered.
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
        let application: Application = serde_dynamo::from_item(item)
            .map_err(|_| AwsError::corrupt("GetItem", "a row of the applications table"))?;
        let application = Arc::new(application);
        self.read
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id.clone(), (now, Arc::clone(&application)));
        Ok(Some(application))
    }

    /// The id of the one application that is registered.
    pub async fn only(&self, now: Timestamp) -> Result<ApplicationId, NotOne> {
        let listed = self.list(now).await?;
        match listed.first() {
            Some(only) if listed.len() == 1 => Ok(only.clone()),
            _ => Err(NotOne::Registered(listed.len())),
        }
    }

    /// The ids of all registered applications.
    pub async fn list(&self, now: Timestamp) -> Result<BTreeSet<ApplicationId>, AwsError> {
        if let Some((at, listed)) = self.listed.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            && *at > now - LIST_AGAIN_AFTER
        {
            return Ok(listed.clone());
        }
        let directory = match self.row(DIRECTORY).await? {
            Some(item) => serde_dynamo::from_item(item)
                .map_err(|_| AwsError::corrupt("GetItem", "the directory of the applications table"))?,
            None => Directory::default(),
        };
        *self.listed.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((now, directory.application_ids.clone()));
        Ok(directory.application_ids)
    }

    /// Forgets what was read, so that an application registered a moment ago is found.
    pub fn forget(&self) {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).clear();
        *self.listed.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Registers the application, or replaces its entry.
    pub async fn register(&self, application: &Application) -> Result<(), AwsError> {
        let item = serde_dynamo::to_item(application)
            .map_err(|_| AwsError::corrupt("TransactWriteItems", "an application that is no item"))?;
        let malformed = |_| AwsError::corrupt("TransactWriteItems", "an incomplete write");
        let put = Put::builder().table_name(&self.table).set_item(Some(item)).build().map_err(malformed)?;
        let list = Update::builder()
            .table_name(&self.table)
            .key("application_id", AttributeValue::S(DIRECTORY.to_owned()))
            .update_expression("ADD application_ids :id")
            .expression_attribute_values(
                ":id",
                AttributeValue::Ss(vec![application.application_id.to_string()]),
            )
            .build()
            .map_err(malformed)?;
        self.client
            .transact_write_items()
            .transact_items(TransactWriteItem::builder().put(put).build())
            .transact_items(TransactWriteItem::builder().update(list).build())
            .send()
            .await
            .map_err(|error| AwsError::of("TransactWriteItems", &error))?;
        Ok(())
    }

    async fn row(&self, key: &str) -> Result<Option<HashMap<String, AttributeValue>>, AwsError> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("application_id", AttributeValue::S(key.to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsError::of("GetItem", &error))?;
        Ok(read.item)
    }
}

#[derive(Default, Deserialize)]
struct Directory {
    #[serde(default)]
    application_ids: BTreeSet<ApplicationId>,
}
