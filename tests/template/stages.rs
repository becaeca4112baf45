//! Stages, such as staging and production, are stacks side by side in one account and region: only the prefix distinguishes them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    deployment::{ACCOUNT, Deployment, REGION},
    role::{Role, via},
};

/// The second begins with the first, so that a pattern of names that ends in a wildcard would cover both.
const PREFIXES: [&str; 2] = ["spapi-auth-", "spapi-auth-staging-"];

/// The properties by which resources get names of their own in an account and region.
const NAMES: [&str; 13] = [
    "AlarmName",
    "AliasName",
    "ConnectionName",
    "DashboardName",
    "FunctionName",
    "LayerName",
    "LogGroupName",
    "MetricNamespace",
    "Name",
    "QueueName",
    "RoleName",
    "TableName",
    "TopicName",
];

/// What a name may have before the prefix.
const BEFORE_PREFIX: [&str; 4] = ["alias/", "/aws/lambda/", "/aws/vendedlogs/", ""];

/// The names of the resources. Names within a function, such as that of a consumer's alias, and references to other resources are none.
fn names(deployment: &Deployment) -> BTreeSet<String> {
    const WITHIN_ANOTHER: [&str; 4] = [
        "AWS::Lambda::Alias",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Permission",
    ];
    let resources = deployment.resources().iter();
    let own = resources.filter(|(_, resource)| !WITHIN_ANOTHER.contains(&resource["Type"].as_str().unwrap()));
    own.flat_map(|(id, resource)| {
        let kind = resource["Type"].as_str().unwrap().to_owned();
        let properties = deployment.properties(id);
        let named = NAMES
            .into_iter()
            .filter_map(move |name| Some(format!("{kind} {}", properties.get(name)?.as_str()?)));
        named.collect::<Vec<_>>()
    })
    // The filter of metrics reads a group that is named elsewhere.
    .filter(|name| !name.starts_with("AWS::Logs::MetricFilter /"))
    .collect()
}

#[test]
fn two_stacks_with_different_prefixes_share_no_name() {
    let [first, second] = PREFIXES.map(|prefix| names(&Deployment::with("Prefix", prefix)));
    assert!(first.len() > 30, "{first:?}");
    assert_eq!(first.len(), second.len());
    assert_eq!(first.intersection(&second).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn every_name_begins_with_the_prefix_or_is_the_prefix_without_its_hyphen() {
    let prefix = PREFIXES[1];
    for named in names(&Deployment::with("Prefix", prefix)) {
        let (_, name) = named.split_once(' ').unwrap();
        let bare = BEFORE_PREFIX.iter().find_map(|before| name.strip_prefix(before)).unwrap();
        assert!(bare.starts_with(prefix) || bare == prefix.trim_end_matches('-'), "{named}");
    }
}

/// Descriptions are for people, and integrators' rules match the source of events, which is that of the software.
fn texts_that_name_something(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => out.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts_that_name_something(value, out)),
        Value::Object(members) => {
            let naming = members.iter().filter(|(name, _)| {
                !["AlarmDescription", "Description", "EventPattern", "Metadata", "Source"]
                    .contains(&name.as_str())
            });
            naming.for_each(|(_, value)| texts_that_name_something(value, out));
        }
        _ => {}
    }
}

#[test]
fn nothing_in_a_stack_with_another_prefix_names_the_default_one() {
    let deployment = Deployment::with("Prefix", "stage-");
    for id in deployment.resources().keys() {
        let mut texts = Vec::new();
        texts_that_name_something(&deployment.resource(id), &mut texts);
        for text in texts {
            assert!(!text.contains("spapi-auth"), "{id}: {text}");
        }
    }
}

#[test]
fn no_function_reads_the_client_secrets_of_another_stage() {
    let deployments = PREFIXES.map(|prefix| Deployment::with("Prefix", prefix));
    let mut readers = 0;
    for (at, deployment) in deployments.iter().enumerate() {
        for (function, _) in deployment.functions() {
            let role = Role::of(deployment, &function);
            let may = |prefix: &str| {
                let stack = prefix.trim_end_matches('-');
                let secret = format!(
                    "arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{stack}/amzn1.sp.solution.x-AbCdEf"
                );
                role.may("secretsmanager:GetSecretValue", &secret, &via("secretsmanager"))
            };
            assert!(!may(PREFIXES[1 - at]), "{function} of {}", PREFIXES[at]);
            readers += usize::from(may(PREFIXES[at]));
        }
    }
    assert_eq!(readers, 2 * 5);
}
