//! The registry of applications: everything about them but their secrets.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, KeysAndAttributes, Put, TransactWriteItem, Update},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    amazon::marketplace::PartnerType,
    aws::{
        AwsError,
        transaction::{Write, text},
    },
    deadline::{Deadline, Transient, patiently},
    error::Error,
    ids::{ApplicationId, ClientId},
    region::Region,
};

/// An entry read longer ago is read again.
const READ_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// How many applications there are is asked again after this; it matters only to requests that name none.
const LIST_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// How many rows DynamoDB reads at once.
const READ_AT_ONCE: usize = 100;

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
    /// Whether vendors need `version=beta` even though the application is published. Amazon's support said so in 2022
    /// (F§1.3); whether it still holds is unconfirmed.
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

/// An application in an answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationView<'a> {
    application_id: &'a ApplicationId,
    client_id: &'a ClientId,
    name: &'a str,
    draft: bool,
    vendors_need_beta: bool,
    default_region: Region,
    scopes: &'a BTreeSet<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_in_url: Option<&'a str>,
    return_urls: &'a BTreeSet<String>,
}

impl<'a> From<&'a Application> for ApplicationView<'a> {
    fn from(application: &'a Application) -> Self {
        Self {
            application_id: &application.application_id,
            client_id: &application.client_id,
            name: &application.name,
            draft: application.draft,
            vendors_need_beta: application.vendors_need_beta,
            default_region: application.default_region,
            scopes: &application.scopes,
            sign_in_url: application.sign_in_url.as_deref(),
            return_urls: &application.return_urls,
        }
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
        let application = Arc::new(application_of(item)?);
        self.read
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id.clone(), (now, Arc::clone(&application)));
        Ok(Some(application))
    }

    /// The application, or an error for a caller who named one that is not registered.
    pub async fn registered(
        &self,
        id: &ApplicationId,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Arc<Application>, Error> {
        patiently(deadline, || self.find(id, now)).await?.ok_or(Error::UnknownApplication)
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
        let listed = self.directory().await?;
        *self.listed.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, listed.clone()));
        Ok(listed)
    }

    /// Every registered application as it stands at this moment, by its id: one read for the list and one for each
    /// hundred.
    pub async fn all(&self, deadline: Deadline) -> Result<Vec<Application>, AwsError> {
        let ids: Vec<_> = patiently(deadline, || self.directory()).await?.into_iter().collect();
        let mut all = Vec::with_capacity(ids.len());
        for ids in ids.chunks(READ_AT_ONCE) {
            let read = patiently(deadline, || self.read_all(ids)).await?;
            all.extend(read);
        }
        all.sort_by(|one, other| one.application_id.cmp(&other.application_id));
        Ok(all)
    }

    /// The application as it stands at this moment.
    pub async fn standing(&self, id: &ApplicationId) -> Result<Option<Application>, AwsError> {
        self.row(id.as_str()).await?.map(application_of).transpose()
    }

    /// The writes that put `application` in place of the one that was `seen`, or where there was none.
    #[must_use]
    pub fn put(&self, application: &Application, seen: Option<&Application>) -> Vec<Write> {
        let put = Write::put(&self.table, application);
        if let Some(seen) = seen {
            return vec![put.only_if("client_id = :seen").with(":seen", text(seen.client_id.as_str()))];
        }
        let listed = AttributeValue::Ss(vec![application.application_id.to_string()]);
        let list = Write::update(&self.table, ("application_id", DIRECTORY), "ADD application_ids :id");
        vec![put.only_if("attribute_not_exists(application_id)"), list.with(":id", listed)]
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

    async fn directory(&self) -> Result<BTreeSet<ApplicationId>, AwsError> {
        let Some(item) = self.row(DIRECTORY).await? else {
            return Ok(BTreeSet::new());
        };
        let directory: Directory = serde_dynamo::from_item(item)
            .map_err(|_| AwsError::corrupt("GetItem", "the directory of the applications table"))?;
        Ok(directory.application_ids)
    }

    /// The applications of these ids, at most a hundred.
    async fn read_all(&self, ids: &[ApplicationId]) -> Result<Vec<Application>, AwsError> {
        let row = |id: &ApplicationId| HashMap::from([("application_id".to_owned(), text(id.as_str()))]);
        let wanted = KeysAndAttributes::builder().consistent_read(true);
        let wanted = wanted.set_keys(Some(ids.iter().map(row).collect())).build();
        let wanted = wanted.map_err(|_| AwsError::corrupt("BatchGetItem", "incomplete keys"))?;
        let batch = self.client.batch_get_item().request_items(&self.table, wanted).send().await;
        let read = batch.map_err(|error| AwsError::of("BatchGetItem", &error))?;
        // What a throttled table leaves is asked for again with the rest: registries are small.
        if read.unprocessed_keys().is_some_and(|left| !left.is_empty()) {
            return Err(AwsError::passing("BatchGetItem", "UnprocessedKeys"));
        }
        read.responses.unwrap_or_default().into_values().flatten().map(application_of).collect()
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

fn application_of(item: HashMap<String, AttributeValue>) -> Result<Application, AwsError> {
    serde_dynamo::from_item(item).map_err(|_| AwsError::corrupt("GetItem", "a row of the applications table"))
}

#[derive(Deserialize)]
struct Directory {
    #[serde(default)]
    application_ids: BTreeSet<ApplicationId>,
}
