//! What must last, what must not be seen, and who is notified: properties that an emulator drops silently.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::deployment::{Deployment, source, texts};

/// Tables whose loss would lose partners, or what is known of them.
const LASTING: [&str; 3] = ["ApplicationsTable", "GrantsTable", "HistoryTable"];

#[test]
fn tables_are_on_demand_and_encrypted_and_those_that_must_last_are_protected() {
    let deployment = Deployment::read();
    for (id, table) in deployment.of_type("AWS::DynamoDB::Table") {
        assert_eq!(table["BillingMode"], "PAY_PER_REQUEST", "{id}");
        assert_eq!(table["SSESpecification"]["SSEEnabled"], true, "{id}");
        if LASTING.contains(&id.as_str()) {
            assert_eq!(table["DeletionProtectionEnabled"], true, "{id}");
            assert_eq!(table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], true, "{id}");
            // The marks of erased grants alone end: `only_marks_of_erased_grants_end_among_what_must_last`.
            let forgets = table.get("TimeToLiveSpecification").is_some();
            assert_eq!(forgets, id == "ApplicationsTable", "{id} must not forget");
        } else {
            let ttl = &table["TimeToLiveSpecification"];
            assert_eq!(*ttl, json!({"AttributeName": "delete_at", "Enabled": true}), "{id}");
        }
    }
}

/// The table of applications has a time to live, so no other of its rows may have the attribute.
#[test]
fn only_marks_of_erased_grants_end_among_what_must_last() {
    for room in ["application", "consumer", "client_secret", "grant", "history"] {
        let mut places = vec![std::path::PathBuf::from(format!("../shared/src/{room}"))];
        let mut read = std::fs::read_to_string(format!("../shared/src/{room}.rs")).unwrap();
        while let Some(place) = places.pop() {
            for entry in std::fs::read_dir(place).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    places.push(path);
                } else {
                    read.push_str(&std::fs::read_to_string(path).unwrap());
                }
            }
        }
        assert!(!read.contains("delete_at"), "rows of the room {room} would end");
    }
}

#[test]
fn what_must_outlive_the_stack_is_retained() {
    let deployment = Deployment::read();
    let lasting_kinds = ["AWS::KMS::Key", "AWS::ApiGatewayV2::"];
    for (id, resource) in deployment.resources() {
        let kind = resource["Type"].as_str().unwrap();
        let lasts =
            LASTING.contains(&id.as_str()) || lasting_kinds.iter().any(|lasting| kind.starts_with(lasting));
        if lasts {
            for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
                assert_eq!(resource[policy], "Retain", "{id}: {policy}");
            }
        }
    }
    for (id, key) in deployment.of_type("AWS::KMS::Key") {
        assert_eq!(key["EnableKeyRotation"], true, "{id}");
    }
}

#[test]
fn queues_are_encrypted_and_only_amazon_may_send_from_outside() {
    let deployment = Deployment::read();
    for (id, queue) in deployment.of_type("AWS::SQS::Queue") {
        assert_eq!(queue["SqsManagedSseEnabled"], true, "{id}");
        assert!(
            queue.get("KmsMasterKeyId").is_none(),
            "{id}: a customer's key would keep Amazon's message out"
        );
    }
    let mut allowed = Vec::new();
    for (_, policy) in deployment.of_type("AWS::SQS::QueuePolicy") {
        let statements = policy["PolicyDocument"]["Statement"].as_array().unwrap().clone();
        allowed.extend(statements.into_iter().filter(|statement| statement["Effect"] == "Allow"));
    }
    let [statement] = allowed.as_slice() else { panic!("one account sends them") };
    assert_eq!(statement["Principal"]["AWS"], "arn:aws:iam::437568002678:root");
    assert_eq!(statement["Resource"], deployment.arn("ClientSecretQueue").as_str());
    assert_eq!(texts(&statement["Action"]), ["sqs:GetQueueAttributes", "sqs:SendMessage"]);
}

#[test]
fn every_dead_letter_queue_keeps_its_messages_for_14_days_and_sounds_an_alarm() {
    let deployment = Deployment::read();
    let watched: BTreeSet<String> = deployment
        .of_type("AWS::CloudWatch::Alarm")
        .into_iter()
        .filter(|(_, alarm)| alarm["MetricName"] == "ApproximateNumberOfMessagesVisible")
        .map(|(_, alarm)| alarm["Dimensions"][0]["Value"].as_str().unwrap().to_owned())
        .collect();
    // A queue that no function reads is one of dead letters.
    let mappings = deployment.of_type("AWS::Lambda::EventSourceMapping");
    let read: Vec<_> = mappings.iter().map(|(_, mapping)| mapping["EventSourceArn"].clone()).collect();
    for (id, queue) in deployment.of_type("AWS::SQS::Queue") {
        if read.contains(&json!(deployment.arn(&id))) {
            let redrive = &queue["RedrivePolicy"];
            let target =
                redrive["deadLetterTargetArn"].as_str().unwrap_or_else(|| panic!("{id} has no dead letters"));
            assert!(target.ends_with("-dead"), "{id}: {target}");
        } else {
            assert_eq!(queue["MessageRetentionPeriod"], 1_209_600, "{id}");
            assert!(watched.contains(queue["QueueName"].as_str().unwrap()), "{id} sounds no alarm");
        }
    }
}

#[test]
fn every_alarm_says_what_to_do_and_notifies_the_topic_if_there_is_one() {
    let deployment = Deployment::read();
    let alarms = deployment.of_type("AWS::CloudWatch::Alarm");
    for (id, alarm) in &alarms {
        assert!(alarm["AlarmDescription"].as_str().unwrap().len() > 40, "{id}");
        let written = &deployment.resources()[id]["Properties"]["AlarmActions"];
        let expected =
            json!({"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]});
        assert_eq!(*written, expected, "{id}");
    }
    let watched = serde_json::to_string(&alarms).unwrap();
    for metric in [
        "ApplicationCredentialsRejected",
        "ApproximateAgeOfOldestMessage",
        "ClientSecretDaysLate",
        "ClientSecretExpiryDoubted",
        "CodesRefused",
        "BrowsersThrottled",
        "4xx",
        "DueLag",
        "GrantsNeedingAttention",
        "GrantsRepaired",
        "GrantsUnreadable",
        "Internal",
        "LastingRefusals",
        "LwaFailures",
        "RefreshTokensLost",
        "RefusalsDisbelieved",
        "RotationDidNotCome",
        "Throttles",
    ] {
        assert!(watched.contains(metric), "no alarm watches {metric}");
    }
}

#[test]
fn alarms_and_dashboard_look_for_metrics_as_the_functions_write_them() {
    let deployment = Deployment::read();
    let written = source("shared/src/aws/metrics/metric.rs");
    let alarms =
        serde_json::to_string(&deployment.of_type("AWS::CloudWatch::Alarm")).unwrap().replace('\\', "");
    let body = deployment.properties("Dashboard")["DashboardBody"].as_str().unwrap().replace('\\', "");
    let of_alarm = |query: &str| {
        let (name, rest) = query.split_once("(\"")?.1.split_once("\")")?;
        let dimension = rest.split_once("SCHEMA(\"spapi-auth\", \"")?.1.split_once('"')?.0;
        Some((name.to_owned(), dimension.to_owned()))
    };
    let of_dashboard = |search: &str| {
        let (dimension, rest) = search.split_once("} MetricName=\"")?;
        Some((rest.split_once('"')?.0.to_owned(), dimension.to_owned()))
    };
    let looked_for: Vec<_> = alarms
        .split("SELECT ")
        .skip(1)
        .map(|query| of_alarm(query).unwrap())
        .chain(body.split("SEARCH('{\"spapi-auth\",").skip(1).map(|search| of_dashboard(search).unwrap()))
        .collect();
    assert!(looked_for.len() > 20, "{looked_for:?}");
    for (name, dimension) in looked_for {
        let line = written.lines().find(|line| line.contains(&format!("(\"{name}\", ")));
        let line = line.unwrap_or_else(|| panic!("nothing writes {name}"));
        let expected = match dimension.as_str() {
            "Function" => "FUNCTION",
            "Application" => "application(id)",
            "Class" => "(\"Class\", class)",
            other => panic!("{name}: nothing has the dimension {other}"),
        };
        assert!(line.contains(expected), "{name} by {dimension}: {line}");
    }
}

#[test]
fn the_dashboard_is_json_and_shows_every_function_and_dead_letter_queue() {
    let deployment = Deployment::read();
    let body = deployment.properties("Dashboard")["DashboardBody"].as_str().unwrap().to_owned();
    let dashboard: Value = serde_json::from_str(&body).unwrap();
    assert!(dashboard["widgets"].as_array().unwrap().len() > 10);
    for (id, function) in deployment.functions() {
        assert!(body.contains(function["FunctionName"].as_str().unwrap()), "{id}");
    }
    for (id, queue) in deployment.of_type("AWS::SQS::Queue") {
        let name = queue["QueueName"].as_str().unwrap();
        let dead = name.ends_with("-dead") || name.contains("-failed-");
        assert_eq!(body.contains(&format!("\"{name}\"")), dead, "{id}");
    }
}

#[test]
fn logs_end_and_hold_no_query_string() {
    let deployment = Deployment::read();
    let groups = deployment.of_type("AWS::Logs::LogGroup");
    for (id, group) in &groups {
        assert!(group["RetentionInDays"].as_u64().unwrap() >= 366, "{id}: 12 months, of a leap year too");
    }
    for (id, function) in deployment.functions() {
        let expected = format!("/aws/lambda/{}", function["FunctionName"].as_str().unwrap());
        assert_eq!(function["LoggingConfig"]["LogGroup"], expected.as_str(), "{id}");
        assert!(groups.iter().any(|(_, group)| group["LogGroupName"] == expected.as_str()), "{id}");
    }
    let stage = deployment.properties("HttpApiStage");
    let format: Value = serde_json::from_str(stage["AccessLogSettings"]["Format"].as_str().unwrap()).unwrap();
    let harmless = [
        "$context.requestId",
        "$context.requestTime",
        "$context.identity.sourceIp",
        "$context.routeKey",
        "$context.status",
        "$context.responseLength",
        "$context.responseLatency",
        "$context.integrationLatency",
        "$context.integrationErrorMessage",
    ];
    for (name, variable) in format.as_object().unwrap() {
        assert!(harmless.contains(&variable.as_str().unwrap()), "{name}: {variable}");
    }
}

#[test]
fn no_variable_holds_a_secret_and_the_simulated_amazon_is_off() {
    let deployment = Deployment::read();
    for (id, function) in deployment.functions() {
        let variables = &function["Environment"]["Variables"];
        assert!(variables.get("SIMULATED_AMAZON_PORT").is_none_or(|port| port == ""), "{id}");
    }
    assert!(
        !source("infra/template.yaml").contains("resolve:secretsmanager"),
        "a secret would be in a variable"
    );
}

/// `spapi-auth restore tables` puts these settings back, and knows them from a list of its own.
#[test]
fn the_settings_of_tables_that_a_restore_checks_are_those_of_the_template() {
    let deployment = Deployment::read();
    let listed = std::fs::read_to_string("../infra/operator/src/commands/restore/settings.rs").unwrap();
    let listed: String = listed.split_whitespace().collect();
    let tables = deployment.of_type("AWS::DynamoDB::Table");
    for (_, table) in &tables {
        let name = table["TableName"].as_str().unwrap();
        let lasting = table["DeletionProtectionEnabled"] == true;
        let recovers = table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] == true;
        assert_eq!(lasting, recovers, "{name}");
        let ends = match table["TimeToLiveSpecification"]["AttributeName"].as_str() {
            Some(attribute) => format!("Some(\"{attribute}\")"),
            None => "None".to_owned(),
        };
        let streams = table.get("StreamSpecification").is_some_and(|stream| !stream.is_null());
        let short = name.strip_prefix("spapi-auth-").unwrap();
        let expected =
            format!("Settings{{table:\"{short}\",lasting:{lasting},ends_by:{ends},streams:{streams}");
        assert!(listed.contains(&expected), "{expected}");
    }
    assert_eq!(listed.matches("Settings{table:\"").count(), tables.len());
}

#[test]
fn every_role_has_the_permissions_boundary_and_every_log_the_key_that_are_given() {
    const BOUNDARY: &str = "arn:aws:iam::123456789012:policy/boundary";
    const KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-4333-8444-555555555555";
    for (kind, property, parameter, value) in [
        ("AWS::IAM::Role", "PermissionsBoundary", "PermissionsBoundaryArn", BOUNDARY),
        ("AWS::Logs::LogGroup", "KmsKeyId", "LogKeyArn", KEY),
    ] {
        let all = Deployment::with(parameter, value).of_type(kind);
        assert!(all.len() > 7, "{kind}");
        for (id, properties) in all {
            assert_eq!(properties[property], value, "{id}");
        }
        for (id, properties) in Deployment::read().of_type(kind) {
            assert!(properties.get(property).is_none(), "{id}");
        }
    }
}

#[test]
fn every_function_takes_only_signed_code_if_a_parameter_says_so_and_any_by_default() {
    const CONFIG: &str = "arn:aws:lambda:eu-west-1:123456789012:code-signing-config:csc-0123456789abcdef0";
    for (id, function) in Deployment::with("CodeSigningConfigArn", CONFIG).functions() {
        assert_eq!(function["CodeSigningConfigArn"], CONFIG, "{id}");
    }
    for (id, function) in Deployment::read().functions() {
        assert!(function.get("CodeSigningConfigArn").is_none(), "{id}");
    }
}
