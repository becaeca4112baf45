//! Stores rotations of client secrets in the applications table. A change and its history record are one transaction.

use aws_sdk_dynamodb::Client;
use serde::Serialize;

use crate::{
    aws::{
        AwsError,
        transaction::{Commit, Write, number, text},
    },
    client_secret::rotation::Rotation,
    deadline::{Clock, Pauses, retry_until},
    history::{ApplicationEvent, Record, commit::Recorder},
    ids::ApplicationId,
};

/// The rotations of all applications.
#[derive(Clone, Debug)]
pub struct RotationStore {
    client: Client,
    table: String,
    recorder: Recorder,
}

/// What a decision does to a rotation.
#[derive(Debug)]
pub enum RotationChange {
    /// It does not change.
    Nothing,
    /// It changes, and this event is recorded.
    To(Box<Rotation>, Option<ApplicationEvent>),
}

impl RotationChange {
    /// Returns a change to `rotation`, with its event.
    pub fn to(rotation: Rotation, event: Option<ApplicationEvent>) -> Self {
        Self::To(Box::new(rotation), event)
    }
}

impl RotationStore {
    /// Stores rotations in `table`, the applications table, with their history in `history_table`.
    pub fn new(client: Client, table: String, history_table: String) -> Self {
        Self { recorder: Recorder::new(client.clone(), history_table), client, table }
    }

    /// Returns the current rotation of the application's secret.
    pub async fn find(&self, application: &ApplicationId) -> Result<Rotation, AwsError> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("application_id", text(key(application)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsError::of("GetItem", &error))?;
        let row = read.item.map(serde_dynamo::from_item).transpose();
        let row = row.map_err(|_| AwsError::corrupt("GetItem", "a rotation of the applications table"))?;
        Ok(row.unwrap_or_default())
    }

    /// Decides on the current rotation and commits the decision together with its history. Decides again if another
    /// write came first. Returns whether anything changed.
    pub async fn change(
        &self,
        application: &ApplicationId,
        decide: impl Fn(&Rotation) -> RotationChange,
        clock: Clock,
    ) -> Result<bool, AwsError> {
        let mut pauses = Pauses::until(clock.deadline());
        loop {
            let seen = retry_until(clock.deadline(), || self.find(application)).await?;
            let RotationChange::To(mut rotation, event) = decide(&seen) else {
                return Ok(false);
            };
            let numbered = |revision| {
                rotation.revision = revision;
                let record = event
                    .as_ref()
                    .map(|event| Record::of_application(application, revision, event, clock.began()));
                (vec![self.put(application, &rotation, seen.revision)], record)
            };
            match self.recorder.commit(seen.revision, numbered, clock.deadline()).await? {
                Commit::Made => return Ok(true),
                Commit::Changed | Commit::Refused(_) if pauses.pause(None).await => {}
                Commit::Changed | Commit::Refused(_) => return Err(AwsError::contended()),
            }
        }
    }

    /// Returns the write that raises the revision of the application from `seen` to `revision` and changes nothing
    /// else, for a transaction that appends the record of this revision.
    pub fn count(&self, application: &ApplicationId, seen: &Rotation, revision: u64) -> Write {
        self.put(application, &Rotation { revision, ..seen.clone() }, seen.revision)
    }

    fn put(&self, application: &ApplicationId, rotation: &Rotation, seen: u64) -> Write {
        #[derive(Serialize)]
        struct Row<'a> {
            application_id: String,
            #[serde(flatten)]
            rotation: &'a Rotation,
        }
        let write = Write::put(&self.table, &Row { application_id: key(application), rotation });
        match seen {
            0 => write.only_if("attribute_not_exists(application_id)"),
            seen => write.only_if("revision = :seen").with(":seen", number(seen)),
        }
    }
}

fn key(application: &ApplicationId) -> String {
    format!("rotation#{application}")
}
