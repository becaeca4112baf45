//! Reads the tables and the queues from the template of the deployment.

use std::collections::BTreeMap;

use dynoxide::{
    Database,
    actions::{
        create_table::CreateTableRequest, describe_table::DescribeTableRequest,
        update_table::UpdateTableRequest,
    },
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::environment::{PREFIX, STACK};

pub(crate) mod queues;

/// Creates the template's tables that are missing in `database`. Fails if an existing table differs from the template.
pub fn create_missing_tables(database: &Database) -> Result<(), TableError> {
    create_missing(database, TEMPLATE)
}

/// Returns the names of the key attributes of each of the template's tables.
pub(crate) fn keys_of_tables() -> Result<BTreeMap<String, Vec<String>>, TableError> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let keys = |table: &Value| {
        let schema = table["KeySchema"].as_array().into_iter().flatten();
        (text(&table["TableName"]), schema.map(|part| text(&part["AttributeName"])).collect())
    };
    Ok(tables(TEMPLATE)?.iter().map(keys).collect())
}

/// Why the template's tables could not be created.
#[derive(Debug, Error)]
pub enum TableError {
    /// The template could not be read.
    #[error("could not read the tables of infra/template.yaml: {0}")]
    Template(String),
    /// The data directory is from another version of the template.
    #[error(
        "table {table} of the data directory has another {property} than the template\nhint: delete the data directory, or start with --ephemeral"
    )]
    Differs {
        /// The table's name.
        table: String,
        /// The property that differs.
        property: &'static str,
    },
    /// The engine refused the table.
    #[error("the DynamoDB engine refused table {table}: {reason}")]
    Refused {
        /// The table's name.
        table: String,
        /// The engine's reason.
        reason: String,
    },
}

const TEMPLATE: &str = include_str!("../../template.yaml");

fn create_missing(database: &Database, template: &str) -> Result<(), TableError> {
    for wanted in tables(template)? {
        let table = wanted["TableName"].as_str().unwrap_or_default().to_owned();
        let refused = |reason: String| TableError::Refused { table: table.clone(), reason };
        let existing = request::<DescribeTableRequest>(json!({"TableName": table}))
            .map_err(refused)
            .map(|request| database.describe_table(request).ok())?;
        let Some(existing) = existing else {
            let request = request::<CreateTableRequest>(wanted).map_err(refused)?;
            database.create_table(request).map_err(|error| refused(error.to_string()))?;
            continue;
        };
        let existing = serde_json::to_value(existing.table).map_err(|error| refused(error.to_string()))?;
        let stream = "StreamSpecification";
        for property in COMPARED {
            // A table without a stream gets one, as an update of the deployment does it.
            if property == stream && existing[stream].is_null() && !wanted[stream].is_null() {
                let update = json!({"TableName": table, stream: wanted[stream]});
                let update = request::<UpdateTableRequest>(update).map_err(refused)?;
                database.update_table(update).map_err(|error| refused(error.to_string()))?;
            } else if comparable(&wanted[property]) != comparable(&existing[property]) {
                return Err(TableError::Differs { table, property });
            }
        }
    }
    Ok(())
}

/// The template's tables as requests to create them.
fn tables(template: &str) -> Result<Vec<Value>, TableError> {
    let unreadable = |error: yaml_serde::Error| TableError::Template(error.to_string());
    let tables = resources(template, "AWS::DynamoDB::Table").map_err(TableError::Template)?;
    tables
        .into_iter()
        .map(|(_, properties)| {
            // Only what is created becomes JSON: the rest has tags such as !Ref, which JSON cannot express.
            let is_created =
                |name: &yaml_serde::Value| name.as_str().is_some_and(|name| CREATED.contains(&name));
            let properties = properties.as_mapping().cloned().unwrap_or_default();
            let created: yaml_serde::Mapping =
                properties.into_iter().filter(|(name, _)| is_created(name)).collect();
            let created = yaml_serde::Value::Mapping(created);
            let mut table: Map<String, Value> = yaml_serde::from_value(created).map_err(unreadable)?;
            // CloudFormation enables a stream that is mentioned. The API needs the member.
            if let Some(Value::Object(stream)) = table.get_mut("StreamSpecification") {
                stream.insert("StreamEnabled".to_owned(), true.into());
            }
            Ok(Value::Object(table))
        })
        .collect()
}

/// Returns the resources of one type: their names in the template, and their properties. Their own names are those of the default
/// prefix.
fn resources(template: &str, kind: &str) -> Result<Vec<(String, yaml_serde::Value)>, String> {
    let template = template.replace(OF_THE_STACK, STACK).replace(PREFIXED, PREFIX);
    let template: yaml_serde::Value = yaml_serde::from_str(&template).map_err(|error| error.to_string())?;
    let resources = template.get("Resources").and_then(yaml_serde::Value::as_mapping);
    let resources = resources.ok_or("it has no Resources")?.iter();
    let of_kind = resources
        .filter(|(_, resource)| resource.get("Type").and_then(yaml_serde::Value::as_str) == Some(kind));
    Ok(of_kind
        .map(|(name, resource)| {
            let properties = resource.get("Properties").cloned().unwrap_or_default();
            (name.as_str().unwrap_or_default().to_owned(), properties)
        })
        .collect())
}

/// The properties that the engine supports. It has no time to live, backups or deletion protection.
const CREATED: [&str; 7] = [
    "AttributeDefinitions",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
    "StreamSpecification",
    "TableName",
];

/// How the template spells a name that begins with the prefix, and the name that is the prefix without its hyphen.
const PREFIXED: &str = "!Sub ${Prefix}";
const OF_THE_STACK: &str = r#"!Select [0, !Split ["-.", !Sub "${Prefix}."]]"#;

const COMPARED: [&str; 5] = [
    "KeySchema",
    "AttributeDefinitions",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "StreamSpecification",
];

/// Returns a property without the members that the engine adds, and in a fixed order.
fn comparable(property: &Value) -> Value {
    match property {
        Value::Array(entries) => {
            let entries = entries.iter().map(|entry| (entry.to_string(), comparable(entry)));
            let named = |(text, entry): (String, Value)| {
                let name = entry["AttributeName"].as_str().or(entry["IndexName"].as_str()).map(str::to_owned);
                (name.unwrap_or(text), entry)
            };
            json!(entries.map(named).collect::<BTreeMap<_, _>>())
        }
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| DESCRIBED.contains(&name.as_str()))
            .map(|(name, member)| (name.clone(), comparable(member)))
            .collect(),
        scalar => scalar.clone(),
    }
}

/// The members that describe a key, an index or a stream in both the template and the engine.
const DESCRIBED: [&str; 9] = [
    "AttributeName",
    "AttributeType",
    "IndexName",
    "KeySchema",
    "KeyType",
    "NonKeyAttributes",
    "Projection",
    "ProjectionType",
    "StreamViewType",
];

fn request<T: DeserializeOwned>(request: Value) -> Result<T, String> {
    serde_json::from_value(request).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(database: &Database) -> Vec<String> {
        database.list_tables(request(json!({})).unwrap()).unwrap().table_names
    }

    #[test]
    fn every_table_of_the_template_exists_after_the_first_start_and_the_second() {
        let database = Database::memory().unwrap();

        create_missing_tables(&database).unwrap();
        create_missing_tables(&database).unwrap();

        let names = names(&database);
        assert!(names.contains(&"spapi-auth-grants".to_owned()), "{names:?}");
        assert_eq!(names.len(), tables(TEMPLATE).unwrap().len());
    }

    #[test]
    fn tags_elsewhere_in_the_template_are_ignored_and_streams_are_enabled() {
        let database = Database::memory().unwrap();

        create_missing(&database, WITH_STREAM).unwrap();
        create_missing(&database, WITH_STREAM).unwrap();

        let described = database.describe_table(request(json!({"TableName": "history"})).unwrap()).unwrap();
        assert!(described.table.latest_stream_arn.is_some());
    }

    #[test]
    fn a_table_without_a_stream_gets_one() {
        let database = Database::memory().unwrap();
        let stream = "      StreamSpecification: {StreamViewType: NEW_IMAGE}\n";
        create_missing(&database, &WITH_STREAM.replace(stream, "")).unwrap();

        create_missing(&database, WITH_STREAM).unwrap();
        create_missing(&database, WITH_STREAM).unwrap();

        let described = database.describe_table(request(json!({"TableName": "history"})).unwrap()).unwrap();
        assert!(described.table.latest_stream_arn.is_some());
    }

    #[test]
    fn a_table_that_differs_is_refused_with_a_hint() {
        let database = Database::memory().unwrap();
        create_missing(&database, WITH_STREAM).unwrap();

        let error = create_missing(&database, &WITH_STREAM.replace("subject", "grant_key")).unwrap_err();
        assert!(error.to_string().contains("--ephemeral"), "{error}");

        let error = create_missing(&database, &WITH_STREAM.replace("NEW_IMAGE", "KEYS_ONLY")).unwrap_err();
        assert!(matches!(error, TableError::Differs { property: "StreamSpecification", .. }), "{error}");
    }

    const WITH_STREAM: &str = "
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Sub '${AWS::StackName}-topic'
  History:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: history
      BillingMode: PAY_PER_REQUEST
      DeletionProtectionEnabled: true
      TimeToLiveSpecification: {AttributeName: delete_at, Enabled: true}
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
      ResourcePolicy: {PolicyDocument: {Statement: [{Resource: !Sub 'arn:${AWS::Partition}'}]}}
      StreamSpecification: {StreamViewType: NEW_IMAGE}
      AttributeDefinitions: [{AttributeName: subject, AttributeType: S}]
      KeySchema: [{AttributeName: subject, KeyType: HASH}]
";
}
