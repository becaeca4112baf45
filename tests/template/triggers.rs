//! What sets a function going, and what becomes of it when that fails.

use std::collections::BTreeSet;

use local::{
    aws::{BATCH, PUBLISHER},
    lambdas::{DEFAULT_ROUTE, ROUTES},
};
use serde_json::{Value, json};
use shared::access_token::schedule::TICK;

use super::deployment::{ACCOUNT, Deployment, REGION, root, texts};

#[test]
fn every_function_of_the_repository_is_deployed_under_its_own_name() {
    let deployment = Deployment::read();
    let there: BTreeSet<String> = std::fs::read_dir(root().join("functions"))
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let mut deployed = BTreeSet::new();
    for (id, function) in deployment.functions() {
        let name = deployment.bare(&function["FunctionName"]);
        assert_eq!(function["CodeUri"], format!("../functions/{name}/").as_str(), "{id}");
        assert_eq!(
            deployment.resources()[&id]["Metadata"],
            json!({"BuildMethod": "rust-cargolambda"}),
            "{id}"
        );
        assert_eq!(
            function["Role"],
            deployment.arn(&format!("{id}Role")).as_str(),
            "{id} has a role of its own"
        );
        assert_eq!(deployment.resources()[&id]["DependsOn"], format!("{id}Permissions").as_str());
        deployed.insert(name.to_owned());
    }
    assert_eq!(deployed, there);
}

#[test]
fn the_routes_are_those_of_the_local_stack_and_api_gateway_may_invoke_their_functions() {
    let deployment = Deployment::read();
    let routes = deployment.of_type("AWS::ApiGatewayV2::Route");
    let mut found: Vec<_> = routes
        .iter()
        .map(|(id, route)| {
            let target = route["Target"].as_str().unwrap().trim_start_matches("integrations/").to_owned();
            let function = target.trim_end_matches("Integration").to_owned();
            assert_eq!(deployment.properties(&target)["IntegrationUri"], deployment.arn(&function).as_str());
            assert_eq!(deployment.properties(&target)["PayloadFormatVersion"], "2.0");
            let key = route["RouteKey"].as_str().unwrap();
            let permission = deployment.properties(&format!("{id}Permission"));
            let path = key.replacen(' ', "", 1).replace("{proxy+}", "*");
            let source = format!("arn:aws:execute-api:{REGION}:{ACCOUNT}:spapi-auth/*/{path}");
            assert_eq!(permission["SourceArn"], source.as_str());
            assert_eq!(permission["Principal"], "apigateway.amazonaws.com");
            assert_eq!(permission["Action"], "lambda:InvokeFunction");
            (key.to_owned(), deployment.bare(&deployment.properties(&function)["FunctionName"]).to_owned())
        })
        .collect();
    found.sort();

    let named = ROUTES.map(|(method, path, function)| (format!("{method} {path}"), function.to_owned()));
    let mut expected = vec![("$default".to_owned(), DEFAULT_ROUTE.to_owned())];
    expected.extend(named);
    assert_eq!(found, expected);
    assert_eq!(
        deployment.of_type("AWS::Lambda::Permission").len(),
        expected.len() + 1,
        "beside the rule of replayed events, no other principal may invoke anything"
    );
}

#[test]
fn every_route_is_throttled_and_the_callback_by_a_limit_of_its_own() {
    let deployment = Deployment::read();
    let stage = &deployment.resources()["HttpApiStage"]["Properties"];
    let limits = |settings: &Value| {
        let rate = settings["ThrottlingRateLimit"]["Ref"].as_str().unwrap().to_owned();
        (rate, settings["ThrottlingBurstLimit"]["Ref"].as_str().unwrap().to_owned())
    };
    let of_browsers = ("BrowserRequestsPerSecond".to_owned(), "BrowserRequestsAtOnce".to_owned());
    let of_callbacks = ("CallbackRequestsPerSecond".to_owned(), "CallbackRequestsAtOnce".to_owned());
    assert_eq!(limits(&stage["DefaultRouteSettings"]), of_browsers);
    let settings = stage["RouteSettings"].as_object().unwrap();
    assert_eq!(settings.len(), ROUTES.len());
    for (method, path, _) in ROUTES {
        let key = format!("{method} {path}");
        let expected = if path.starts_with("/callback") { &of_callbacks } else { &of_browsers };
        assert_eq!(limits(&settings[&key]), *expected, "{key}");
    }
}

#[test]
fn queues_deliver_one_message_at_a_time_and_take_failures_one_by_one() {
    let deployment = Deployment::read();
    let mappings = deployment.of_type("AWS::Lambda::EventSourceMapping");
    let mut mapped = Vec::new();
    for (id, mapping) in mappings.iter().filter(|(_, mapping)| mapping["StartingPosition"].is_null()) {
        assert_eq!(mapping["BatchSize"], 1, "{id}");
        assert_eq!(mapping["FunctionResponseTypes"], json!(["ReportBatchItemFailures"]), "{id}");
        assert!(mapping["ScalingConfig"]["MaximumConcurrency"].as_u64().unwrap() >= 2, "{id}");
        let queues = deployment.of_type("AWS::SQS::Queue");
        let (queue_id, queue) = queues
            .iter()
            .find(|(queue, _)| mapping["EventSourceArn"] == deployment.arn(queue).as_str())
            .unwrap();
        let functions = deployment.functions();
        let (function_id, function) = functions
            .iter()
            .find(|(_, function)| function["FunctionName"] == mapping["FunctionName"])
            .unwrap();
        let (visible, timeout) = (queue["VisibilityTimeout"].as_u64(), function["Timeout"].as_u64());
        assert!(visible.unwrap() >= 6 * timeout.unwrap(), "{queue_id}: AWS advises six times the time-out");
        mapped.push((queue_id.clone(), function_id.clone()));
    }
    mapped.sort();
    let expected = [("ClientSecretQueue", "SecretRotation"), ("RefreshQueue", "TokenRefresher")];
    assert_eq!(mapped, expected.map(|(queue, function)| (queue.to_owned(), function.to_owned())));
}

#[test]
fn schedules_run_as_often_as_the_code_counts_on_under_roles_that_may_do_nothing_else() {
    let deployment = Deployment::read();
    let every = format!("rate({} minutes)", TICK.as_secs() / 60);
    let expected = [
        ("RefreshPlanSchedule", "TokenRefresher", every.as_str(), json!({"task": "plan"})),
        ("RenewalsSchedule", "TokenRefresher", "rate(1 day)", json!({"task": "renewals"})),
        ("SecretRotationSchedule", "SecretRotation", "rate(1 hour)", json!({"task": "ask"})),
    ];
    assert_eq!(deployment.of_type("AWS::Scheduler::Schedule").len(), expected.len());
    for (id, function, every, input) in expected {
        let schedule = deployment.properties(id);
        let target = &schedule["Target"];
        let role = format!("{function}ScheduleRole");
        assert_eq!(schedule["ScheduleExpression"], every, "{id}");
        assert!(schedule.get("State").is_none_or(|state| state == "ENABLED"), "{id}");
        assert_eq!(serde_json::from_str::<Value>(target["Input"].as_str().unwrap()).unwrap(), input, "{id}");
        assert_eq!(target["Arn"], deployment.arn(function).as_str(), "{id}");
        assert_eq!(target["RoleArn"], deployment.arn(&role).as_str(), "{id}");
        assert_eq!(
            target["DeadLetterConfig"]["Arn"],
            deployment.arn("FailedSchedulesQueue").as_str(),
            "{id}"
        );
        let rights = deployment.properties(&format!("{function}SchedulePermissions"));
        assert_eq!(rights["Roles"], json!([role]));
        let rights = rights["PolicyDocument"]["Statement"].as_array().unwrap().iter();
        let rights: Vec<_> =
            rights.map(|right| (texts(&right["Action"]), texts(&right["Resource"]))).collect();
        let right = |action: &str, on: &str| (vec![action.to_owned()], vec![deployment.arn(on)]);
        let both =
            [right("lambda:InvokeFunction", function), right("sqs:SendMessage", "FailedSchedulesQueue")];
        assert_eq!(rights, both, "{id}");
        let trust = &deployment.properties(&role)["AssumeRolePolicyDocument"]["Statement"][0];
        assert_eq!(trust["Principal"]["Service"], "scheduler.amazonaws.com", "{id}");
        assert_eq!(trust["Condition"]["StringEquals"]["aws:SourceAccount"], ACCOUNT, "{id}");
        assert_eq!(
            trust["Condition"]["ArnEquals"]["aws:SourceArn"],
            deployment.arn("Schedules").as_str(),
            "{id}"
        );
    }
}

#[test]
fn the_stream_of_the_history_is_delivered_from_its_beginning_and_as_on_the_local_stack() {
    let deployment = Deployment::read();
    let mapping = deployment.properties("EventPublisherStreamMapping");
    let publisher = deployment.properties("EventPublisher");
    assert_eq!(deployment.bare(&publisher["FunctionName"]), PUBLISHER);
    assert_eq!(mapping["FunctionName"], publisher["FunctionName"]);
    assert!(mapping["EventSourceArn"].as_str().unwrap().contains("table/spapi-auth-history/stream/"));
    // LATEST would lose what is appended while the mapping is made.
    assert_eq!(mapping["StartingPosition"], "TRIM_HORIZON");
    assert_eq!(mapping["BatchSize"], BATCH);
    let [filter] = mapping["FilterCriteria"]["Filters"].as_array().unwrap().as_slice() else {
        panic!("{mapping}")
    };
    let pattern: Value = serde_json::from_str(filter["Pattern"].as_str().unwrap()).unwrap();
    assert_eq!(pattern, json!({"eventName": ["INSERT"]}));
}

/// Promise 12: a record that cannot be sent is named in a queue, and the others are sent.
#[test]
fn promise_12_a_record_that_cannot_be_sent_is_parted_from_the_others_and_named_in_a_queue() {
    let deployment = Deployment::read();
    let mapping = deployment.properties("EventPublisherStreamMapping");
    assert_eq!(mapping["BisectBatchOnFunctionError"], true);
    assert_eq!(mapping["MaximumRetryAttempts"], -1, "only the age of a record ends the attempts");
    let age = mapping["MaximumRecordAgeInSeconds"].as_u64().unwrap();
    assert!(
        (3_600..=43_200).contains(&age),
        "an outage of an hour, and half of the time that a stream keeps records"
    );
    let dead = deployment.arn("EventDeadLetterQueue");
    assert_eq!(mapping["DestinationConfig"]["OnFailure"]["Destination"], dead.as_str());
    let alarm = deployment.properties("EventDeadLetterAlarm");
    assert_eq!(alarm["Dimensions"][0]["Value"], deployment.properties("EventDeadLetterQueue")["QueueName"]);
}

#[test]
fn an_asynchronous_invocation_that_fails_is_stored_unless_it_may_hold_a_secret() {
    let deployment = Deployment::read();
    let configs = deployment.of_type("AWS::Lambda::EventInvokeConfig");
    for (id, config) in &configs {
        let function = id.trim_end_matches("Asynchronously");
        let kept = config["DestinationConfig"]["OnFailure"]["Destination"].as_str();
        let scheduled = ["SecretRotation", "TokenRefresher"].contains(&function);
        let failed = deployment.arn("FailedInvocationsQueue");
        assert_eq!(kept, scheduled.then_some(failed.as_str()), "{id}");
        assert!(scheduled || config["MaximumRetryAttempts"] == 0, "{id}");
    }
    assert_eq!(
        configs.len(),
        deployment.functions().len() - 3,
        "API Gateway waits for two of the others, and the reader of the stream for the third"
    );
}

/// A replay of the archive puts records back by one rule, which no other event reaches.
#[test]
fn replayed_events_and_no_others_reach_administration() {
    let deployment = Deployment::read();
    let rules = deployment.of_type("AWS::Events::Rule");
    let of_replays = |rule: &Value| !rule["EventPattern"]["replay-name"].is_null();
    assert_eq!(rules.iter().filter(|(_, rule)| of_replays(rule)).count(), 1);
    assert_eq!(rules.iter().filter(|(_, rule)| rule.to_string().contains(":function:")).count(), 1);
    let rule = deployment.properties("ReplayedRecords");
    assert_eq!(rule["EventPattern"], json!({"source": ["spapi-auth"], "replay-name": [{"exists": true}]}));
    let target = &rule["Targets"][0];
    assert_eq!(target["Arn"], deployment.arn("Administration").as_str());
    let input = target["InputTransformer"]["InputTemplate"].as_str().unwrap();
    assert_eq!(input, r#"{"operation": "restoreRecord", "record": <record>}"#);
    let permission = deployment.properties("ReplayedRecordsPermission");
    assert_eq!(permission["Principal"], "events.amazonaws.com");
    assert_eq!(permission["SourceArn"], deployment.arn("ReplayedRecords").as_str());
    let archive = deployment.properties("EventArchive");
    assert_eq!(archive["SourceArn"], deployment.arn("EventBus").as_str());
    assert_eq!(archive["ArchiveName"], "spapi-auth");
}
