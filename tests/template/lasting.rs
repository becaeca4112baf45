//! An upgrade replaces nothing that must last. `CloudFormation` replaces a resource if its logical id or its type changes, or one of the
//! properties below: the stack then has a new and empty one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::deployment::{Deployment, source};

/// The types that must last, and the properties whose change makes `CloudFormation` replace a resource of the type ("Update requires:
/// Replacement" in AWS's reference of resource types).
const REPLACED_BY: [(&str, &[&str]); 6] = [
    ("AWS::ApiGatewayV2::Api", &["ProtocolType"]),
    (
        "AWS::DynamoDB::Table",
        &["ImportSourceSpecification", "KeySchema", "LocalSecondaryIndexes", "TableName"],
    ),
    ("AWS::Events::EventBus", &["EventSourceName", "Name"]),
    ("AWS::KMS::Alias", &["AliasName"]),
    ("AWS::KMS::Key", &["KeySpec", "KeyUsage", "MultiRegion"]),
    ("AWS::SQS::Queue", &["FifoQueue", "QueueName"]),
];

const ADVICE: &str = "
CloudFormation would replace a table, a key, the API, the bus or a queue of every stack that is upgraded (left is the last release, right \
the template). A replaced table or key is a new and empty one: every partner would have to authorize again. A replaced API has addresses \
that Amazon does not know, a replaced queue is not subscribed. An index that is changed ends the upgrade with an error: CloudFormation makes or deletes one index of a
table in an upgrade, and changes none.
If a resource was renamed or its keys changed: undo it. Data that needs other keys needs another table, beside this one, and a migration.
If a resource is new, or one is gone on purpose and the changelog says what operators do: write what is printed on the right \
into tests/template/lasting.json.";

/// The README has the commands that make the one table again that has no backup. They make it as the template does.
#[test]
fn the_table_of_access_tokens_is_made_again_as_in_the_template() {
    let table = Deployment::read().properties("AccessTokensTable");
    let (index, ends) = (&table["GlobalSecondaryIndexes"][0], &table["TimeToLiveSpecification"]);
    let readme = source("infra/README.md");
    for words in [
        format!("--billing-mode {} ", text(&table["BillingMode"])),
        format!("--sse-specification Enabled={} ", table["SSESpecification"]["SSEEnabled"]),
        format!(
            "--attribute-definitions {} ",
            pairs(&table["AttributeDefinitions"], "AttributeType").join(" ")
        ),
        format!("--key-schema {} ", pairs(&table["KeySchema"], "KeyType").join(" ")),
        format!(
            "'IndexName={},KeySchema=[{{{}}}],Projection={{ProjectionType={}}}'",
            text(&index["IndexName"]),
            pairs(&index["KeySchema"], "KeyType").join("},{"),
            text(&index["Projection"]["ProjectionType"])
        ),
        format!(
            "--time-to-live-specification Enabled={},AttributeName={}\n",
            ends["Enabled"],
            text(&ends["AttributeName"])
        ),
    ] {
        assert!(readme.contains(&words), "{words}");
    }
    // What else the table had would be lost.
    let named: BTreeSet<_> = table.as_object().unwrap().keys().map(String::as_str).collect();
    let known = [
        "AttributeDefinitions",
        "BillingMode",
        "GlobalSecondaryIndexes",
        "KeySchema",
        "ResourcePolicy",
        "SSESpecification",
        "TableName",
        "TimeToLiveSpecification",
    ];
    assert_eq!(
        (named, table["GlobalSecondaryIndexes"].as_array().unwrap().len()),
        (BTreeSet::from(known), 1)
    );
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Attributes with one of their members, as the AWS CLI takes them.
fn pairs(attributes: &Value, member: &str) -> Vec<String> {
    let pair = |one: &Value| {
        format!("AttributeName={},{member}={}", text(&one["AttributeName"]), text(&one[member]))
    };
    attributes.as_array().unwrap().iter().map(pair).collect()
}

#[test]
fn an_upgrade_replaces_no_table_key_api_bus_or_queue() {
    let deployment = Deployment::read();
    let of_types = REPLACED_BY.iter().flat_map(|(kind, properties)| {
        deployment.of_type(kind).into_iter().map(move |(id, found)| {
            let members = properties.iter().filter_map(|name| Some((*name, found.get(*name)?.clone())));
            let mut members: BTreeMap<_, _> = members.collect();
            // Attributes that are keys, because a changed definition of one replaces the table as well.
            if let Some(definitions) = found.get("AttributeDefinitions") {
                members.insert("AttributeDefinitions", keys_of(definitions, &found["KeySchema"]));
            }
            // An index is no table, but `CloudFormation` refuses to change one, and ends the upgrade.
            if let Some(indexes) = found.get("GlobalSecondaryIndexes") {
                members.insert("GlobalSecondaryIndexes", indexes.clone());
            }
            members.insert("Type", json!(kind));
            (id, json!(members))
        })
    });
    let now: BTreeMap<String, Value> = of_types.collect();

    let before: BTreeMap<String, Value> =
        serde_json::from_str(&source("tests/template/lasting.json")).unwrap();

    let is = serde_json::to_string_pretty(&now).unwrap();
    for (id, before) in &before {
        assert_eq!(Some(before), now.get(id), "{id}{ADVICE}\n{is}");
    }
    for id in now.keys() {
        assert!(before.contains_key(id), "{id} is new{ADVICE}\n{is}");
    }
}

fn keys_of(definitions: &Value, schema: &Value) -> Value {
    let is_key = |definition: &&Value| {
        schema.as_array().unwrap().iter().any(|key| key["AttributeName"] == definition["AttributeName"])
    };
    definitions.as_array().unwrap().iter().filter(is_key).cloned().collect()
}
