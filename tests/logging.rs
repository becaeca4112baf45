//! What operators find in the log of a failure: the grant, the cause, the invocation, and Amazon's id of the call.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{log::Log, world::World};

#[tokio::test]
async fn a_callback_address_that_is_not_amazons_is_logged_with_its_host_and_nothing_else_of_it() {
    let log = Log::captured();
    let world = World::new().await;
    let host = "sellercentral.amazon.new-country";
    for (uri, is_named) in [
        (format!("https%3A%2F%2F{host}%2Fapps%2Fhunter2"), true),
        (format!("https%3A%2F%2Fhunter2%40{host}%2Fapps"), false),
    ] {
        let before = log.lines_with(host).len();
        let query = format!("amazon_callback_uri={uri}&amazon_state=x&selling_partner_id=A1US");

        let page = world.browser().open(&world.site(&format!("/login?{query}"))).await;

        assert_eq!(page.support_code(), Some("NOT_AMAZON"));
        let lines = log.lines_with(host);
        assert_eq!(lines.len() > before, is_named, "{uri}");
        if is_named {
            assert_eq!(lines[before]["fields"]["host"], host);
            let message = lines[before]["fields"]["message"].as_str().unwrap();
            assert!(message.contains(host) && message.contains("MARKETPLACES"), "{message}");
        }
        assert!(lines.iter().all(|line| !line.to_string().contains("hunter2")), "{lines:?}");
    }
}

#[tokio::test]
async fn a_failed_fetch_of_a_token_is_logged_with_its_grant_its_cause_and_amazons_id_of_the_call() {
    let log = Log::captured();
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let mut request_ids = Vec::new();
    for (fault, more, cause, advice) in [
        (
            "http_error",
            json!({"status": 500}),
            "Login with Amazon did not answer: HTTP status 500",
            "; try again",
        ),
        (
            "truncated",
            json!({}),
            "Login with Amazon accepted the request, and its answer cannot be used: HTTP status 200 with an answer \
             that is not understood",
            "; Amazon is asked again after a pause; operators find the shape of the answer in the log",
        ),
    ] {
        world.fault("token", fault, more).await;

        let error = world.caller().token_of("A1US", "na").await.unwrap_err();

        assert_eq!(error.error_type, "AmazonUnavailable");
        assert!(error.error_message.starts_with(cause), "{error:?}");
        assert!(error.error_message.ends_with(advice), "{error:?}");
        let calls = world.calls().await;
        let amazons_id = calls["latestRequestId"].as_str().unwrap();
        let lines = log.lines_with(amazons_id);
        let message = |line: &Value| line["fields"]["message"].as_str().unwrap().to_owned();
        let fetch = lines.iter().find(|line| message(line).starts_with("Fetch of token partner#")).unwrap();
        assert!(message(fetch).contains(world.application()), "{fetch}");
        assert!(message(fetch).contains(cause), "{fetch}");
        assert_eq!(fetch["fields"]["amazon.requestId"], amazons_id);
        let invocation = lines.iter().find(|line| message(line).starts_with("Invocation failed")).unwrap();
        assert_eq!(fetch["requestId"], invocation["requestId"]);
        request_ids.push(fetch["requestId"].as_str().unwrap().to_owned());
        world.fault("token", "none", json!({})).await;
        world.advance(5).await;
    }
    assert_ne!(request_ids[0], request_ids[1], "each invocation has an id of its own");
}

/// The line of the last invocation that failed with an error whose message or cause has this text.
fn last_failure(log: &Log, text: &str) -> Value {
    let lines = log.lines_with("Invocation failed");
    lines.iter().rfind(|line| line.to_string().contains(text)).unwrap_or_else(|| panic!("{text}")).clone()
}

#[tokio::test]
async fn the_last_line_of_a_failed_invocation_names_the_service_and_the_call_that_failed() {
    let log = Log::captured();
    let token = json!({"sellingPartnerId": "A1US", "region": "na"});
    let restricted = json!({"sellingPartnerId": "A1US", "region": "na", "restrictedResources": [
        {"method": "GET", "path": "/orders/v0/orders/1", "dataElements": ["buyerInfo"]}]});
    for (endpoint, fault, function, payload, cause) in [
        (
            "secretsmanager",
            "http_error",
            "get-access-token",
            &token,
            "Secrets Manager GetSecretValue failed: ",
        ),
        ("kms", "http_error", "get-access-token", &token, "KMS Decrypt failed: "),
        ("sqs", "http_error", "token-refresher", &json!({"task": "plan"}), "SQS SendMessageBatch failed: "),
        ("token", "throttle", "get-access-token", &token, "Login with Amazon asks to slow down"),
        ("sp-api", "throttle", "get-access-token", &restricted, "SP-API asks to slow down"),
        (
            "sp-api",
            "throttle",
            "get-access-token",
            &restricted,
            "Amazon asked another request to slow down a moment ago",
        ),
    ] {
        let world = World::new().await;
        world.cold_seller("A1US").await;
        if cause.starts_with("Amazon asked") {
            // Longer than a slow machine takes to the next request.
            world.fault(endpoint, fault, json!({"retryAfter": 60})).await;
            world.caller().invoke(function, payload).await.unwrap_err();
        }
        world.fault(endpoint, fault, json!({})).await;

        world.caller().invoke(function, payload).await.unwrap_err();

        let line = last_failure(&log, cause);
        assert_eq!(line["level"], "WARN", "{line}");
        let fields = &line["fields"];
        assert!(fields["cause"].as_str().unwrap().contains(cause), "{line}");
        if fault == "http_error" {
            assert!(fields["cause"].as_str().unwrap().contains("HTTP status 500"), "{line}");
            let id = fields["aws.requestId"].as_str().unwrap();
            assert!(fields["cause"].as_str().unwrap().contains(id), "{line}");
        }
    }
}

#[tokio::test]
async fn a_service_of_aws_that_hangs_is_named_before_the_caller_waits_no_longer() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    for (endpoint, operation, cause) in [
        ("dynamodb", "BatchGetItem", "DynamoDB BatchGetItem failed: TimeOut"),
        ("dynamodb", "UpdateItem", "DynamoDB UpdateItem failed: TimeOut"),
        ("kms", "Decrypt", "KMS Decrypt failed: TimeOut"),
        ("secretsmanager", "GetSecretValue", "Secrets Manager GetSecretValue failed: TimeOut"),
    ] {
        world.fault(endpoint, "hang", json!({"operation": operation})).await;
        let request = json!({"sellingPartnerId": "A1US", "region": "na"});

        let failure = world.fresh().failure_within(&request, Duration::from_secs(3)).await;

        assert!(failure.cause().contains(cause), "{operation}: {failure:?}");
        world.fault(endpoint, "none", json!({})).await;
    }
}
