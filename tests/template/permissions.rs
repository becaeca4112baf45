//! Who may do what: every role against every action on every resource, by the policies in the template.

mod calls;
mod may;

use std::collections::BTreeSet;

use iam_rs::ContextValue;
use serde_json::Value;

use self::may::MAY;
use super::{
    deployment::{ACCOUNT, Deployment, REGION, texts},
    role::{Role, by, encryption_context, purpose, via},
};

/// Who has every permission of the account that IAM can give.
pub(super) const STRANGER: &str = "arn:aws:iam::123456789012:role/Admin";

/// Actions that no role may do to anything.
const NOBODY_MAY: &[&str] = &[
    "dynamodb:DeleteTable",
    "dynamodb:PartiQLSelect",
    "dynamodb:UpdateTable",
    "iam:PassRole",
    "kms:CreateGrant",
    "kms:Encrypt",
    "kms:PutKeyPolicy",
    "kms:ReEncryptFrom",
    "lambda:InvokeFunction",
    "lambda:UpdateFunctionCode",
    "secretsmanager:DeleteSecret",
    "secretsmanager:ListSecrets",
    "sqs:PurgeQueue",
    "sts:AssumeRole",
];

#[test]
fn every_role_may_do_what_its_function_does_and_nothing_else() {
    let deployment = Deployment::read();
    let resources = resources(&deployment);
    let actions: BTreeSet<String> = granted()
        .into_iter()
        .map(|(_, action, _)| action)
        .chain(NOBODY_MAY.iter().map(|s| (*s).to_owned()))
        .collect();
    let granted = granted();
    let mut checked = 0;
    for (function, _) in deployment.functions() {
        let role = Role::of(&deployment, &function);
        for (name, arn) in &resources {
            for action in &actions {
                let expected = granted.contains(&(function.clone(), action.clone(), name.clone()));
                let context = match name.strip_prefix("key for ") {
                    Some(what) => purpose(what),
                    None => via("secretsmanager"),
                };
                let may = role.may(action, arn, &context);
                assert_eq!(may, expected, "{function}: {action} on {name}");
                checked += 1;
            }
        }
    }
    assert_eq!(deployment.functions().len(), MAY.len());
    assert!(checked > 2_000, "{checked}");
}

#[test]
fn tokens_are_sealed_and_opened_only_under_the_context_that_says_what_for() {
    let deployment = Deployment::read();
    let key = deployment.arn("SealingKey");
    let refresher = Role::of(&deployment, "TokenRefresher");
    let another = format!("{key}0");
    let cases: [(&[(&str, &str)], bool); 6] = [
        (&[("purpose", "refresh-token")], true),
        (&[("purpose", "access-token")], true),
        (&[("purpose", "backup")], false),
        (&[], false),
        (&[("tenant", "x")], false),
        (&[("purpose", "access-token"), ("tenant", "x")], false),
    ];
    for action in ["kms:Decrypt", "kms:GenerateDataKey"] {
        for (context, expected) in cases {
            let context = encryption_context(context);
            assert_eq!(refresher.may(action, &key, &context), expected, "{action} {context:?}");
            assert!(!refresher.may(action, &another, &context));
        }
    }
}

#[test]
fn the_keys_policy_names_who_may_use_it_and_the_account_may_only_administer() {
    let deployment = Deployment::read();
    let key = deployment.arn("SealingKey");
    let policy = Role::under(
        [deployment.properties("SealingKey")["KeyPolicy"].clone()],
        // What the policy allows to the account is for IAM to give to its roles.
        format!("arn:aws:iam::{ACCOUNT}:root"),
    );
    let sealing = |arn: &str, what: &str| [purpose(what), by(arn)].concat();
    let granted = granted();
    for (function, _) in MAY {
        let role = deployment.arn(&format!("{function}Role"));
        for action in ["kms:Decrypt", "kms:GenerateDataKey"] {
            for what in ["access-token", "refresh-token", "backup"] {
                let right = ((*function).to_owned(), action.to_owned(), format!("key for {what}"));
                assert_eq!(
                    policy.may(action, &key, &sealing(&role, what)),
                    granted.contains(&right),
                    "{right:?}"
                );
            }
        }
    }
    for action in ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:CreateGrant"] {
        assert!(!policy.may(action, &key, &sealing(STRANGER, "access-token")), "{action}");
    }
    assert!(policy.may("kms:PutKeyPolicy", &key, &[]), "or the policy could never be changed");
}

#[test]
fn client_secrets_have_a_key_of_their_own_that_works_through_secrets_manager_for_the_named_roles_alone() {
    let deployment = Deployment::read();
    let key = deployment.arn("ClientSecretKey");
    let policy = Role::under(
        [deployment.properties("ClientSecretKey")["KeyPolicy"].clone()],
        format!("arn:aws:iam::{ACCOUNT}:root"),
    );
    let granted = granted();
    for (function, _) in MAY {
        let role = by(&deployment.arn(&format!("{function}Role")));
        for action in ["kms:Decrypt", "kms:GenerateDataKey", "kms:Encrypt", "kms:CreateGrant"] {
            let right = ((*function).to_owned(), action.to_owned(), "client secret key".to_owned());
            let through = |service: &str| [via(service), role.clone()].concat();
            assert_eq!(
                policy.may(action, &key, &through("secretsmanager")),
                granted.contains(&right),
                "{right:?}"
            );
            let directly: [Vec<(String, ContextValue)>; 2] = [role.clone(), through("dynamodb")];
            for context in directly {
                assert!(!policy.may(action, &key, &context), "{right:?}");
                assert!(!Role::of(&deployment, function).may(action, &key, &context), "{right:?}");
            }
        }
    }
    let stranger = [via("secretsmanager"), by(STRANGER)].concat();
    assert!(!policy.may("kms:Decrypt", &key, &stranger));
    assert!(policy.may("kms:PutKeyPolicy", &key, &by(STRANGER)), "or the policy could never be changed");
}

#[test]
fn no_policy_has_a_wildcard_but_where_aws_has_no_narrower_form() {
    let deployment = Deployment::read();
    let own =
        deployment.of_type("AWS::IAM::Role").into_iter().map(|(id, role)| (id, role["Policies"].clone()));
    let attached = deployment.of_type("AWS::IAM::Policy");
    let resources =
        attached.into_iter().map(|(id, policy)| (id, policy["PolicyDocument"].clone())).chain(own);
    for (id, document) in resources {
        let mut statements = Vec::new();
        collect_statements(&document, &mut statements);
        for statement in statements {
            assert_eq!(statement["Effect"], "Allow", "{id}");
            assert!(statement.get("NotAction").is_none() && statement.get("NotResource").is_none(), "{id}");
            assert!(
                texts(&statement["Action"]).iter().all(|action| !action.contains('*')),
                "{id}: {statement}"
            );
            for resource in texts(&statement["Resource"]) {
                let whole_service =
                    texts(&statement["Action"]).iter().all(|action| action.starts_with("xray:"));
                let ends = ["*"].iter().any(|end| resource.ends_with(end));
                let narrow = !ends
                    || resource.ends_with("-restore-*")
                    || resource.ends_with("secret:spapi-auth/*")
                    || resource.ends_with("table/spapi-auth-history/stream/*")
                    || resource.contains(":log-group:");
                assert!(narrow || whole_service, "{id}: {resource}");
            }
        }
    }
}

/// Every right of the table above: function, action, resource.
pub(super) fn granted() -> BTreeSet<(String, String, String)> {
    let rights = MAY.iter().flat_map(|(function, rights)| rights.iter().map(move |right| (function, right)));
    rights
        .flat_map(|(function, (actions, on))| {
            expanded(actions)
                .into_iter()
                .map(move |action| ((*function).to_owned(), action, (*on).to_owned()))
        })
        .collect()
}

/// `dynamodb:GetItem PutItem` is `dynamodb:GetItem` and `dynamodb:PutItem`.
fn expanded(actions: &str) -> BTreeSet<String> {
    let (service, operations) = actions.split_once(':').unwrap();
    operations.split(' ').map(|operation| format!("{service}:{operation}")).collect()
}

/// Everything that a role could be allowed to touch, and what is none of its business.
pub(super) fn resources(deployment: &Deployment) -> Vec<(String, String)> {
    let short = |name: &str| name.trim_start_matches("spapi-auth-").to_owned();
    let mut resources = Vec::new();
    for (id, table) in deployment.of_type("AWS::DynamoDB::Table") {
        let (name, arn) = (short(table["TableName"].as_str().unwrap()), deployment.arn(&id));
        for index in table["GlobalSecondaryIndexes"].as_array().into_iter().flatten() {
            let index = index["IndexName"].as_str().unwrap();
            resources.push((format!("index {name} {index}"), format!("{arn}/index/{index}")));
        }
        resources.push((format!("copy of {name}"), format!("{arn}-restore-1790000000")));
        resources.push((format!("table {name}"), arn));
    }
    for (id, queue) in deployment.of_type("AWS::SQS::Queue") {
        resources
            .push((format!("queue {}", short(queue["QueueName"].as_str().unwrap())), deployment.arn(&id)));
    }
    for what in ["access-token", "refresh-token", "backup"] {
        resources.push((format!("key for {what}"), deployment.arn("SealingKey")));
    }
    resources.push(("client secret key".to_owned(), deployment.arn("ClientSecretKey")));
    resources.push(("event bus".to_owned(), deployment.arn("EventBus")));
    let stream = deployment.properties("EventPublisherStreamMapping")["EventSourceArn"].clone();
    resources.push(("stream of history".to_owned(), stream.as_str().unwrap().to_owned()));
    let secret = |name: &str| format!("arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-AbCdEf");
    resources.push(("secret".to_owned(), secret("spapi-auth/amzn1.sp.solution.x")));
    resources.push(("a secret outside the prefix".to_owned(), secret("spapi-authority")));
    resources.push(("a function".to_owned(), deployment.arn("GetAccessToken")));
    resources.push(("a role".to_owned(), deployment.arn("GetAccessTokenRole")));
    resources
}

fn collect_statements(value: &Value, out: &mut Vec<Value>) {
    match value {
        Value::Object(object) if object.contains_key("Effect") => out.push(value.clone()),
        Value::Object(object) => object.values().for_each(|value| collect_statements(value, out)),
        Value::Array(values) => values.iter().for_each(|value| collect_statements(value, out)),
        _ => {}
    }
}
