//! The copy of a table at a moment, which DynamoDB makes by point-in-time recovery. Its name is that of the table and the moment, so the
//! same command finds it again.

use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    primitives::DateTime,
    types::TableStatus,
};
use jiff::Timestamp;

use crate::{arguments::service::RestoredTable, failure::Failure};

/// A copy.
pub(super) struct Copy {
    /// The prefix of the stack's names.
    prefix: String,
    table: RestoredTable,
    moment: Timestamp,
}

/// How far DynamoDB is with it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum State {
    Missing,
    Creating,
    Ready,
}

impl Copy {
    pub(super) fn of(prefix: &str, table: RestoredTable, moment: Timestamp) -> Self {
        Self { prefix: prefix.to_owned(), table, moment }
    }

    /// The name of the table.
    pub(super) fn table(&self) -> String {
        format!("{}{}", self.prefix, self.short())
    }

    /// The name of the table in requests to `administration`.
    pub(super) fn short(&self) -> &'static str {
        match self.table {
            RestoredTable::Applications => "applications",
            RestoredTable::Grants => "grants",
            RestoredTable::History => "history",
        }
    }

    /// The name of the copy.
    pub(super) fn name(&self) -> String {
        format!("{}-restore-{}", self.table(), self.moment.as_second())
    }

    /// Checks that DynamoDB can make the copy.
    pub(super) async fn check(&self, client: &Client) -> Result<(), Failure> {
        let table = self.table();
        let described = client.describe_continuous_backups().table_name(&table).send().await;
        let described =
            described.map_err(|error| refused(&format!("describe the backups of {table}"), &error))?;
        let window =
            described.continuous_backups_description.and_then(|all| all.point_in_time_recovery_description);
        let seconds = |time: Option<DateTime>| time.map(|time| time.secs());
        let (earliest, latest) = window.map_or((None, None), |window| {
            (seconds(window.earliest_restorable_date_time), seconds(window.latest_restorable_date_time))
        });
        let moment = self.moment.as_second();
        match (earliest, latest) {
            (Some(earliest), Some(latest)) if (earliest..=latest).contains(&moment) => Ok(()),
            (Some(earliest), Some(latest)) => {
                let shown =
                    |second| Timestamp::from_second(second).map(|time| time.to_string()).unwrap_or_default();
                Err(Failure::usage(
                    format!("table {table} cannot be restored to {}", self.moment),
                    format!("choose a time from {} to {}", shown(earliest), shown(latest)),
                ))
            }
            _ => Err(Failure::usage(
                format!("table {table} has no point-in-time recovery"),
                "restore it from a backup of yours as infra/README.md says under \"A table that is gone\"",
            )),
        }
    }

    /// Says how far the copy is.
    pub(super) async fn state(&self, client: &Client) -> Result<State, Failure> {
        match client.describe_table().table_name(self.name()).send().await {
            Ok(described) => {
                let status = described.table.and_then(|table| table.table_status);
                Ok(if status == Some(TableStatus::Active) { State::Ready } else { State::Creating })
            }
            Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(State::Missing),
            Err(error) => Err(refused(&format!("describe {}", self.name()), &error)),
        }
    }

    /// Orders the copy. It has no indexes, which would take longest, and no rows are found by them.
    pub(super) async fn begin(&self, client: &Client) -> Result<(), Failure> {
        let order = client
            .restore_table_to_point_in_time()
            .source_table_name(self.table())
            .target_table_name(self.name())
            .restore_date_time(DateTime::from_secs(self.moment.as_second()))
            .set_global_secondary_index_override(Some(Vec::new()))
            .send();
        match order.await {
            Ok(_) => Ok(()),
            // Another run of the same command has ordered it.
            Err(error) if error.code() == Some("TableAlreadyExistsException") => Ok(()),
            Err(error) => Err(refused(&format!("copy {}", self.table()), &error)),
        }
    }

    /// Gives the copy the policy of its table, which a copy lacks. Returns `false` if the table has none.
    pub(super) async fn close(&self, client: &Client) -> Result<bool, Failure> {
        let (table, name) = (self.arn(client, &self.table()).await?, self.arn(client, &self.name()).await?);
        let policy = match client.get_resource_policy().resource_arn(&table).send().await {
            Ok(read) => read.policy,
            Err(error) if error.code() == Some("PolicyNotFoundException") => None,
            Err(error) => return Err(refused(&format!("read the policy of {}", self.table()), &error)),
        };
        let Some(policy) = policy else { return Ok(false) };
        let put = client.put_resource_policy().resource_arn(&name).policy(policy.replace(&table, &name));
        put.send().await.map_err(|error| refused(&format!("give {} a policy", self.name()), &error))?;
        Ok(true)
    }

    /// Deletes the copy.
    pub(super) async fn delete(&self, client: &Client) -> Result<(), Failure> {
        match client.delete_table().table_name(self.name()).send().await {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(()),
            Err(error) => Err(refused(&format!("delete {}", self.name()), &error)),
        }
    }

    async fn arn(&self, client: &Client, table: &str) -> Result<String, Failure> {
        let described = client.describe_table().table_name(table).send().await;
        let described = described.map_err(|error| refused(&format!("describe {table}"), &error))?;
        Ok(described.table.and_then(|table| table.table_arn).unwrap_or_default())
    }
}

/// The failure of a call to DynamoDB.
pub(super) fn refused<E: ProvideErrorMetadata>(what: &str, error: &SdkError<E>) -> Failure {
    let reason = error.message().unwrap_or("AWS was not reached");
    let code = error.code().map(|code| format!(" ({code})")).unwrap_or_default();
    Failure::Unreachable {
        message: format!("AWS did not {what}: {reason}{code}"),
        hint: "allow it in IAM as infra/README.md says under \"Restore tables\", then run the same command again: it goes on".to_owned(),
    }
}
