//! The policies of tables, client secrets and queues: whatever IAM allows, they deny reading and writing to everybody but the
//! functions that do it.

use std::collections::BTreeSet;

use iam_rs::ContextValue;
use serde_json::{Value, json};
use shared::{client_secret::protection::Protection, env::Env};

use super::{
    deployment::{ACCOUNT, Deployment},
    permissions::{STRANGER, granted, resources},
    role::{Role, by},
};

const BREAK_GLASS: &str = "arn:aws:iam::123456789012:role/break-glass";
const AMAZON: &str = "437568002678";

/// What reads or writes rows, of the actions of DynamoDB.
const OF_ROWS: [&str; 13] = [
    "BatchGetItem",
    "BatchWriteItem",
    "ConditionCheckItem",
    "DeleteItem",
    "GetItem",
    "PartiQLDelete",
    "PartiQLInsert",
    "PartiQLSelect",
    "PartiQLUpdate",
    "PutItem",
    "Query",
    "Scan",
    "UpdateItem",
];

/// What must never be denied: else nobody could change the policy, look after the table or bring it back.
const OF_TABLES: [&str; 11] = [
    "CreateBackup",
    "DeleteResourcePolicy",
    "DescribeContinuousBackups",
    "DescribeTable",
    "GetResourcePolicy",
    "PutResourcePolicy",
    "RestoreTableFromBackup",
    "RestoreTableToPointInTime",
    "StartAwsBackupJob",
    "UpdateContinuousBackups",
    "UpdateTable",
];

/// One to whom IAM allows everything, under the policy of a resource.
fn all_powerful_under(policy: Value) -> Role {
    let everything =
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
    Role::under([everything, policy], format!("arn:aws:iam::{ACCOUNT}:root"))
}

fn with_break_glass() -> Deployment {
    Deployment::with("BreakGlassRoleArn", BREAK_GLASS)
}

#[test]
fn the_rows_of_each_table_are_for_the_roles_that_work_with_them_and_for_no_administrator() {
    for (deployment, break_glass_may) in [(Deployment::read(), false), (with_break_glass(), true)] {
        let named = resources(&deployment);
        let arn = |name: &str| &named.iter().find(|(of, _)| of == name).unwrap().1;
        let mut checked = 0;
        for (id, table) in deployment.of_type("AWS::DynamoDB::Table") {
            let short = table["TableName"].as_str().unwrap().strip_prefix("spapi-auth-").unwrap();
            let policy = all_powerful_under(table["ResourcePolicy"]["PolicyDocument"].clone());
            let places: Vec<_> = named
                .iter()
                .filter(|(name, _)| {
                    *name == format!("table {short}") || name.starts_with(&format!("index {short} "))
                })
                .collect();
            assert!(!places.is_empty(), "{id}");
            for (function, _) in deployment.functions() {
                let works_here: BTreeSet<_> = granted()
                    .into_iter()
                    .filter(|(of, _, on)| *of == function && places.iter().any(|(name, _)| name == on))
                    .collect();
                let role = by(&deployment.arn(&format!("{function}Role")));
                for (_, action, on) in &works_here {
                    assert!(policy.may(action, arn(on), &role), "{function}: {action} on {on}");
                }
                for (action, (name, arn)) in
                    OF_ROWS.iter().flat_map(|action| places.iter().map(move |place| (action, place)))
                {
                    let may = policy.may(&format!("dynamodb:{action}"), arn, &role);
                    assert_eq!(may, !works_here.is_empty(), "{function}: {action} on {name}");
                    checked += 1;
                }
            }
            for (name, arn) in places {
                for action in OF_ROWS {
                    let may = |who: &str| policy.may(&format!("dynamodb:{action}"), arn, &by(who));
                    for stranger in [
                        STRANGER,
                        &format!("arn:aws:iam::{ACCOUNT}:root"),
                        &deployment.arn("EventPublisherRole"),
                    ] {
                        assert!(!may(stranger), "{stranger}: {action} on {name}");
                    }
                    assert_eq!(may(BREAK_GLASS), break_glass_may, "{action} on {name}");
                }
                for action in OF_TABLES {
                    assert!(
                        policy.may(&format!("dynamodb:{action}"), arn, &by(STRANGER)),
                        "{action} on {name}"
                    );
                }
            }
        }
        assert!(checked > 500, "{checked}");
    }
}

#[test]
fn client_secrets_are_for_the_roles_that_use_them_and_for_no_administrator() {
    const DENIED: [&str; 4] =
        ["GetSecretValue", "PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage"];
    const NEVER_DENIED: [&str; 7] = [
        "DeleteResourcePolicy",
        "DeleteSecret",
        "DescribeSecret",
        "GetResourcePolicy",
        "ListSecretVersionIds",
        "PutResourcePolicy",
        "RestoreSecret",
    ];
    let secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:spapi-auth/amzn1.sp.solution.x-AbCdEf";
    for (deployment, break_glass_may) in [(Deployment::read(), false), (with_break_glass(), true)] {
        let uses: BTreeSet<_> = granted()
            .into_iter()
            .filter(|(_, _, on)| on == "secret")
            .map(|(function, _, _)| function)
            .collect();
        let mut writers = 0;
        for (_, function) in deployment.functions() {
            let variables = function["Environment"]["Variables"].as_object().unwrap();
            if !variables.contains_key("CLIENT_SECRET_ROLES") {
                continue;
            }
            writers += 1;
            let env = Env::from_pairs(variables.iter().map(|(name, value)| {
                (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            }));
            let protection = Protection::from_env(&env).unwrap();
            assert_eq!(protection.key_id, deployment.arn("ClientSecretKey"));
            let policy = all_powerful_under(serde_json::from_str(&protection.policy).unwrap());
            for action in DENIED {
                let may = |who: &str| policy.may(&format!("secretsmanager:{action}"), secret, &by(who));
                for (function, _) in deployment.functions() {
                    let role = deployment.arn(&format!("{function}Role"));
                    assert_eq!(may(&role), uses.contains(&function), "{function}: {action}");
                }
                assert!(!may(STRANGER), "{action}");
                assert_eq!(may(BREAK_GLASS), break_glass_may, "{action}");
            }
            for action in NEVER_DENIED {
                assert!(policy.may(&format!("secretsmanager:{action}"), secret, &by(STRANGER)), "{action}");
            }
        }
        assert_eq!(writers, 2, "the functions that write client secrets");
    }
}

/// The condition keys of a request to a queue.
fn from(account: &str, arn: &str, tls: bool) -> Vec<(String, ContextValue)> {
    let account = ("aws:PrincipalAccount".to_owned(), ContextValue::String(account.to_owned()));
    let tls = ("aws:SecureTransport".to_owned(), ContextValue::Boolean(tls));
    [by(arn), vec![account, tls]].concat()
}

#[test]
fn only_amazons_account_sends_into_the_queue_of_client_secrets_and_only_its_function_receives() {
    for (deployment, break_glass_may) in [(Deployment::read(), false), (with_break_glass(), true)] {
        let policy_of = |id: &str| all_powerful_under(deployment.properties(id)["PolicyDocument"].clone());
        let (queue, dead) =
            (policy_of("ClientSecretQueuePolicy"), policy_of("ClientSecretDeadLetterQueuePolicy"));
        let (at_queue, at_dead) =
            (deployment.arn("ClientSecretQueue"), deployment.arn("ClientSecretDeadLetterQueue"));
        let amazon = "arn:aws:iam::437568002678:role/notifications";
        let rotation = deployment.arn("SecretRotationRole");

        assert!(queue.may("sqs:SendMessage", &at_queue, &from(AMAZON, amazon, true)));
        assert!(!queue.may("sqs:ReceiveMessage", &at_queue, &from(AMAZON, amazon, true)));
        for who in [STRANGER, &rotation, &format!("arn:aws:iam::{ACCOUNT}:root")] {
            assert!(!queue.may("sqs:SendMessage", &at_queue, &from(ACCOUNT, who, true)), "{who}");
        }
        for action in ["sqs:ReceiveMessage", "sqs:DeleteMessage"] {
            assert!(queue.may(action, &at_queue, &from(ACCOUNT, &rotation, true)), "{action}");
        }
        for action in ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:PurgeQueue"] {
            assert!(!queue.may(action, &at_queue, &from(ACCOUNT, STRANGER, true)), "{action}");
            assert!(!dead.may(action, &at_dead, &from(ACCOUNT, STRANGER, true)), "{action} of dead letters");
            assert_eq!(
                queue.may(action, &at_queue, &from(ACCOUNT, BREAK_GLASS, true)),
                break_glass_may,
                "{action}"
            );
            assert_eq!(
                dead.may(action, &at_dead, &from(ACCOUNT, BREAK_GLASS, true)),
                break_glass_may,
                "{action}"
            );
        }
        let send = queue.may("sqs:SendMessage", &at_queue, &from(ACCOUNT, BREAK_GLASS, true));
        assert_eq!(send, break_glass_may, "to move a message back from the dead letters");
        // Without TLS, nobody.
        assert!(!queue.may("sqs:SendMessage", &at_queue, &from(AMAZON, amazon, false)));
        assert!(!queue.may("sqs:ReceiveMessage", &at_queue, &from(ACCOUNT, &rotation, false)));
        assert!(!dead.may("sqs:ReceiveMessage", &at_dead, &from(ACCOUNT, BREAK_GLASS, false)));
        // What looks after the queue stays with the account.
        for (policy, arn) in [(&queue, &at_queue), (&dead, &at_dead)] {
            for action in [
                "sqs:SetQueueAttributes",
                "sqs:AddPermission",
                "sqs:RemovePermission",
                "sqs:GetQueueAttributes",
            ] {
                assert!(policy.may(action, arn, &from(ACCOUNT, STRANGER, true)), "{action}");
            }
        }
    }
}
