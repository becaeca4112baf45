//! The settings of tables that protect what is in them. A table that was restored under its name by hand lacks them.

use aws_sdk_dynamodb::{
    Client,
    error::ProvideErrorMetadata,
    types::{PointInTimeRecoverySpecification, TimeToLiveSpecification, TimeToLiveStatus},
};

use super::copies::refused;
use crate::failure::Failure;

/// The settings of one table in `infra/template.yaml`, with which a test compares them.
struct Settings {
    /// Its name after the stack's prefix.
    table: &'static str,
    /// Whether the table has point-in-time recovery and deletion protection.
    lasting: bool,
    /// The attribute by which rows end.
    ends_by: Option<&'static str>,
    /// Whether a stream feeds the event bus.
    streams: bool,
}

const ALL: [Settings; 6] = [
    Settings { table: "applications", lasting: true, ends_by: Some("delete_at"), streams: false },
    Settings { table: "authorization-requests", lasting: false, ends_by: Some("delete_at"), streams: false },
    Settings { table: "authorization-links", lasting: false, ends_by: Some("delete_at"), streams: false },
    Settings { table: "grants", lasting: true, ends_by: None, streams: false },
    Settings { table: "access-tokens", lasting: false, ends_by: Some("delete_at"), streams: false },
    Settings { table: "history", lasting: true, ends_by: None, streams: true },
];

/// Checks that every table is there. A row that is put back writes to several of them.
pub(super) async fn all_exist(client: &Client, prefix: &str) -> Result<(), Failure> {
    let mut gone = Vec::new();
    for settings in &ALL {
        let table = format!("{prefix}{}", settings.table);
        match client.describe_table().table_name(&table).send().await {
            Ok(_) => {}
            Err(error) if error.code() == Some("ResourceNotFoundException") => gone.push(table),
            Err(error) => return Err(refused(&format!("describe {table}"), &error)),
        }
    }
    if gone.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(
        format!("nothing was restored: these tables are gone: {}", gone.join(", ")),
        "make them again as infra/README.md says under \"A table that is gone\", then run the same command again",
    ))
}

/// Checks the settings of every table, and puts back what can be put back. Returns what it found.
pub(super) async fn checked(client: &Client, prefix: &str, dry_run: bool) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for settings in &ALL {
        settings.check(client, &format!("{prefix}{}", settings.table), dry_run, &mut found).await?;
    }
    Ok(found)
}

impl Settings {
    async fn check(
        &self,
        client: &Client,
        table: &str,
        dry_run: bool,
        found: &mut Vec<String>,
    ) -> Result<(), Failure> {
        let Self { lasting, ends_by, streams, .. } = *self;
        let done = if dry_run { "would be switched on again" } else { "was switched on again" };
        let described = client.describe_table().table_name(table).send().await;
        let described = described.map_err(|error| refused(&format!("describe {table}"), &error))?;
        let described = described.table.unwrap_or_else(|| unreachable!("a table that is described"));
        if lasting && described.deletion_protection_enabled == Some(false) {
            if !dry_run {
                let update =
                    client.update_table().table_name(table).deletion_protection_enabled(true).send().await;
                update.map_err(|error| refused(&format!("protect {table}"), &error))?;
            }
            found.push(format!("{table}: deletion protection {done}"));
        }
        if streams && described.latest_stream_arn.is_none() {
            found.push(format!("failure: table {table} has no stream, so no event is sent; hint: give it one, and the event source mapping of event-publisher its ARN"));
        }
        if lasting && !is_recoverable(client, table).await? {
            if !dry_run {
                let on =
                    PointInTimeRecoverySpecification::builder().point_in_time_recovery_enabled(true).build();
                let on = on.map_err(|error| Failure::NotUnderstood(error.to_string()))?;
                let update = client
                    .update_continuous_backups()
                    .table_name(table)
                    .point_in_time_recovery_specification(on);
                update.send().await.map_err(|error| refused(&format!("protect {table}"), &error))?;
            }
            found.push(format!("{table}: point-in-time recovery {done}"));
        }
        if let Some(attribute) = ends_by
            && !ends(client, table).await?
        {
            if !dry_run {
                let on = TimeToLiveSpecification::builder().attribute_name(attribute).enabled(true).build();
                let on = on.map_err(|error| Failure::NotUnderstood(error.to_string()))?;
                let update = client
                    .update_time_to_live()
                    .table_name(table)
                    .time_to_live_specification(on)
                    .send()
                    .await;
                update.map_err(|error| refused(&format!("let the rows of {table} end"), &error))?;
            }
            found.push(format!("{table}: the end of rows by {attribute} {done}"));
        }
        let arn = described.table_arn.unwrap_or_default();
        match client.get_resource_policy().resource_arn(arn).send().await {
            Ok(_) => {}
            Err(error) if error.code() == Some("PolicyNotFoundException") => found.push(format!(
                "warning: table {table} has no policy of its own, so everybody whom IAM allows reads it; hint: put the policy of infra/template.yaml back"
            )),
            Err(error) => return Err(refused(&format!("read the policy of {table}"), &error)),
        }
        Ok(())
    }
}

async fn is_recoverable(client: &Client, table: &str) -> Result<bool, Failure> {
    let described = client.describe_continuous_backups().table_name(table).send().await;
    let described =
        described.map_err(|error| refused(&format!("describe the backups of {table}"), &error))?;
    let recovery =
        described.continuous_backups_description.and_then(|all| all.point_in_time_recovery_description);
    Ok(recovery
        .and_then(|recovery| recovery.point_in_time_recovery_status)
        .is_some_and(|status| status.as_str() == "ENABLED"))
}

async fn ends(client: &Client, table: &str) -> Result<bool, Failure> {
    let described = client.describe_time_to_live().table_name(table).send().await;
    let described =
        described.map_err(|error| refused(&format!("describe how rows of {table} end"), &error))?;
    let status = described.time_to_live_description.and_then(|end| end.time_to_live_status);
    Ok(matches!(status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)))
}
