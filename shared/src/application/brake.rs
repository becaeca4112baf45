//! The brake: what stops the access tokens of a whole application with one write. It is read together with the tokens, so it
//! has a small row of its own beside the application's, and both are written in one transaction.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
};

use aws_sdk_dynamodb::{Client, types::KeysAndAttributes};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    aws::{
        AwsError,
        batch::{self, Item},
        transaction::Write,
    },
    deadline::Clock,
    ids::ApplicationId,
};

/// How long an environment uses a brake that it has read. So the row of an application with many callers is read once in
/// this time by each environment, and not once for each token.
const READ_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(5);

/// What an operator has stopped. The default is nothing.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Brake {
    /// No access token of the application is handed out or refreshed.
    #[serde(default)]
    pub disabled: bool,
    /// An access token that was requested before this time is not handed out.
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub not_before: Option<Timestamp>,
    /// When the application's roles changed: it stops nothing, and answers say which grants are older.
    #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
    pub roles_changed_at: Option<Timestamp>,
}

impl Brake {
    /// Returns the write of an application's brake to the table of applications.
    pub(super) fn put(&self, table: &str, application: &ApplicationId) -> Write {
        #[derive(Serialize)]
        struct Row<'a> {
            application_id: &'a str,
            #[serde(flatten)]
            brake: &'a Brake,
        }
        Write::put(table, &Row { application_id: &row_key(application), brake: self })
    }
}

/// Returns the key of the row of an application's brake.
fn row_key(application: &ApplicationId) -> String {
    format!("brake#{application}")
}

/// A brake, and when it was read.
#[derive(Clone, Copy, Debug)]
pub struct Applied {
    /// The brake.
    pub brake: Brake,
    /// When the read began.
    pub read_at: Timestamp,
}

/// The brakes of the registered applications, each cached for 5 seconds.
#[derive(Debug)]
pub struct Brakes {
    table: String,
    read: Mutex<HashMap<ApplicationId, Applied>>,
}

impl Brakes {
    /// Reads the brakes of the applications in `table`.
    pub fn new(table: String) -> Self {
        Self { table, read: Mutex::default() }
    }

    /// Returns the table of the applications.
    pub(crate) fn table(&self) -> &str {
        &self.table
    }

    /// Returns the brake of an application, if it was read less than 5 seconds ago.
    pub(crate) fn known(&self, application: &ApplicationId, now: Timestamp) -> Option<Applied> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let applied = read.get(application)?;
        (now.duration_since(applied.read_at) < READ_AGAIN_AFTER).then_some(*applied)
    }

    /// Asks for the brakes of these applications.
    pub(crate) fn keys<'a>(
        applications: impl IntoIterator<Item = &'a ApplicationId>,
    ) -> Result<KeysAndAttributes, AwsError> {
        batch::keys("application_id", applications.into_iter().map(row_key))
    }

    /// Caches the brake in this row, which a read has returned that began at `read_at`. Without a row, nothing is stopped.
    pub(crate) fn cache(
        &self,
        application: &ApplicationId,
        row: Option<Item>,
        read_at: Timestamp,
    ) -> Result<Applied, AwsError> {
        let corrupt = |_| AwsError::corrupt("BatchGetItem", "a row of the applications table");
        let brake = row.map(serde_dynamo::from_item).transpose().map_err(corrupt)?.unwrap_or_default();
        let applied = Applied { brake, read_at };
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(application.clone(), applied);
        Ok(applied)
    }

    /// Returns those of the applications that are disabled, from one read for each 100 that are not cached.
    pub(crate) async fn disabled(
        &self,
        client: &Client,
        applications: BTreeSet<ApplicationId>,
        clock: Clock,
    ) -> Result<BTreeSet<ApplicationId>, AwsError> {
        let now = clock.now();
        let (mut disabled, mut unread) = (BTreeSet::new(), Vec::new());
        for application in applications {
            match self.known(&application, now) {
                Some(known) if known.brake.disabled => _ = disabled.insert(application),
                Some(_) => {}
                None => unread.push(application),
            }
        }
        for applications in unread.chunks(batch::ROWS_AT_ONCE) {
            let wanted = HashMap::from([(self.table.clone(), Self::keys(applications)?)]);
            let rows = batch::read(client, wanted, clock.deadline()).await?.into_values().flatten();
            let id = |row: Item| Some((row.get("application_id")?.as_s().ok()?.clone(), row));
            let mut rows: HashMap<String, Item> = rows.filter_map(id).collect();
            for application in applications {
                if self.cache(application, rows.remove(&row_key(application)), now)?.brake.disabled {
                    disabled.insert(application.clone());
                }
            }
        }
        Ok(disabled)
    }
}
