//! What operators find in the log of a failure: the grant, the cause, the invocation, and Amazon's id of the call.

use std::time::Duration;

use futures::future::join_all;
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

/// The fields of a failed invocation whose line has all of these texts: other tests fail in other ways meanwhile.
async fn fields_of_the_failure(
    log: &Log,
    function: &str,
    payload: &Value,
    world: &World,
    texts: &[&str],
) -> Value {
    world.caller().invoke(function, payload).await.unwrap_err();

    let lines = log.lines_with("Invocation failed");
    let has_all = |line: &&Value| texts.iter().all(|text| line.to_string().contains(text));
    let line = lines.iter().rfind(has_all).unwrap_or_else(|| panic!("{texts:?} in none of {lines:?}"));
    assert_eq!(line["level"], "WARN", "{line}");
    line["fields"].clone()
}

#[tokio::test]
async fn the_last_line_of_a_failed_invocation_names_the_service_and_the_call_that_failed() {
    let log = Log::captured();
    let token = json!({"sellingPartnerId": "A1US", "region": "na"});
    let plan = json!({"task": "plan"});
    // All at once: each call is tried again until its function ends.
    let failures = [
        ("secretsmanager", "get-access-token", &token, "Secrets Manager GetSecretValue failed: "),
        ("kms", "get-access-token", &token, "KMS Decrypt failed: "),
        ("sqs", "token-refresher", &plan, "SQS SendMessageBatch failed: "),
    ]
    .map(async |(endpoint, function, payload, cause)| {
        let world = World::new().await;
        world.cold_seller("A1US").await;
        world.fault(endpoint, "http_error", json!({})).await;

        let texts = [cause, "HTTP status 500"];
        let fields = fields_of_the_failure(&log, function, payload, &world, &texts).await;

        let cause_of_it = fields["cause"].as_str().unwrap();
        assert!(texts.iter().all(|text| cause_of_it.contains(text)), "{fields}");
        assert!(cause_of_it.contains(fields["aws.requestId"].as_str().unwrap()), "{fields}");
    });
    join_all(failures).await;
}

#[tokio::test]
async fn the_last_line_of_an_invocation_that_amazon_slowed_down_says_which_service_asked_for_it() {
    let log = Log::captured();
    let token = json!({"sellingPartnerId": "A1US", "region": "na"});
    let restricted = json!({"sellingPartnerId": "A1US", "region": "na", "restrictedResources": [
        {"method": "GET", "path": "/orders/v0/orders/1", "dataElements": ["buyerInfo"]}]});
    for (endpoint, payload, causes) in [
        ("token", &token, &["Login with Amazon asks to slow down"][..]),
        (
            "sp-api",
            &restricted,
            &["SP-API asks to slow down", "Amazon asked another request to slow down a moment ago"],
        ),
    ] {
        let world = World::new().await;
        world.cold_seller("A1US").await;
        for cause in causes {
            // Longer than a slow machine takes to the next request.
            world.fault(endpoint, "throttle", json!({"retryAfter": 60})).await;

            let fields = fields_of_the_failure(&log, "get-access-token", payload, &world, &[cause]).await;

            assert!(fields["cause"].as_str().unwrap().contains(cause), "{fields}");
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
