//! The columns that `list --columns` chooses: the fields of a grant in JSON, as a reader sees them.

use clap::ValueEnum;
use serde_json::Value;

use crate::views::day;

/// A field of a grant, named as in JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
#[value(rename_all = "camelCase")]
pub(crate) enum Column {
    ApplicationId,
    Region,
    SellingPartnerId,
    PartnerType,
    Status,
    Kind,
    Account,
    Draft,
    Verified,
    RegionAssumed,
    MovedTo,
    MovedFrom,
    AuthorizedAt,
    AuthorizedAtUnknown,
    RenewalDueAt,
    RolesOutdated,
    Stores,
    Version,
    Revision,
    Fingerprint,
    Conflicts,
    Actions,
    ManageYourAppsUrl,
}

impl Column {
    /// The name of the field.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// The cell of a table: of a time its date, of stores their names, of conflicts their number.
    pub(crate) fn cell(self, grant: &Value) -> String {
        match (self, &grant[self.name()]) {
            (Self::AuthorizedAt | Self::RenewalDueAt, Value::String(time)) => day(time),
            (Self::Stores, Value::Array(stores)) => {
                stores.iter().filter_map(|store| store["name"].as_str()).collect::<Vec<_>>().join(", ")
            }
            (Self::Conflicts, Value::Array(conflicts)) => conflicts.len().to_string(),
            (Self::Actions, Value::Array(actions)) => {
                actions.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
            }
            // These two are in the JSON only where they are true.
            (Self::AuthorizedAtUnknown | Self::RolesOutdated, Value::Null) => "no".to_owned(),
            (_, Value::Bool(is)) => if *is { "yes" } else { "no" }.to_owned(),
            (_, Value::String(text)) => text.clone(),
            (_, Value::Null) => String::new(),
            (_, other) => other.to_string(),
        }
    }
}

/// The grant with these fields alone. One that the grant has not is null.
pub(crate) fn chosen(grant: &Value, columns: &[Column]) -> Value {
    Value::Object(columns.iter().map(|column| (column.name(), grant[column.name()].clone())).collect())
}
