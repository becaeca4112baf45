use std::{sync::Arc, time::Duration};

use aws_sdk_dynamodb::types::AttributeValue;
use event_publisher::EventPublisher;
use serde_json::json;
use shared::{
    deadline::{Clock as Time, Deadline},
    env::Env,
};

use super::*;

/// Has `event-publisher` read the stream.
fn deploy(served: &Served) {
    let env = Env::from_pairs([("EVENT_BUS_NAME", "spapi-auth")]);
    let publisher = EventPublisher::from_env(&env, &shared::aws::Aws::new(served.sdk.clone())).unwrap();
    let publisher = Arc::new(publisher);
    let function = move |event: Value| -> crate::functions::FunctionFuture {
        let publisher = Arc::clone(&publisher);
        Box::pin(async move {
            let clock =
                Time::starting_at(jiff::Timestamp::UNIX_EPOCH, Deadline::after(Duration::from_millis(300)));
            let failed = |error: shared::error::Error| crate::functions::FunctionError {
                error_type: error.error_type().to_owned(),
                error_message: error.to_string(),
            };
            publisher.handle(&event, clock).await.map(|()| Value::Null).map_err(failed)
        })
    };
    served.functions.register(PUBLISHER, Arc::new(function));
}

/// Appends a record to the history. `text` is the value of each of its texts.
async fn append(served: &Served, revision: u32, text: &str) {
    let mut put = put(served, revision);
    for attribute in [
        "id",
        "event",
        "at",
        "application_id",
        "region",
        "selling_partner_id",
        "account",
        "actor",
        "by",
        "reason",
        "fingerprint",
        "manage_your_apps_url",
        "authorize_url",
        "region_assumed",
        "previous_region",
        "lost",
        "gained",
    ] {
        put = put.item(attribute, AttributeValue::S(text.to_owned()));
    }
    put.send().await.unwrap();
}

fn put(
    served: &Served,
    revision: u32,
) -> aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder {
    aws_sdk_dynamodb::Client::new(&served.sdk)
        .put_item()
        .table_name("spapi-auth-history")
        .item("subject", AttributeValue::S("one".to_owned()))
        .item("revision", AttributeValue::N(revision.to_string()))
}

/// The revisions and reasons of the published events.
async fn published(served: &Served) -> Vec<(String, String)> {
    deploy(served);
    let text = |published: &PublishedEvent, member: &str| {
        published.event["detail"][member].as_str().unwrap().to_owned()
    };
    let events = served.aws.events(0).await;
    events.iter().map(|event| (text(event, "revision"), text(event, "reason"))).collect()
}

fn revisions(published: &[(String, String)]) -> Vec<&str> {
    published.iter().map(|(revision, _)| revision.as_str()).collect()
}

#[tokio::test]
async fn a_restart_loses_no_record_and_publishes_none_twice() {
    let data = Scratch::new();
    let first = Served::on(Some(&data.0)).await;
    append(&first, 1, "published immediately").await;
    assert_eq!(revisions(&published(&first).await), ["1"]);
    append(&first, 2, "not published before the end").await;
    append(&first, 3, "not published before the end").await;
    first.stop().await;

    let second = Served::on(Some(&data.0)).await;
    assert_eq!(revisions(&published(&second).await), ["2", "3"]);
    second.stop().await;

    let third = Served::on(Some(&data.0)).await;
    assert_eq!(published(&third).await, []);
    append(&third, 4, "after all").await;
    assert_eq!(revisions(&published(&third).await), ["4"]);
    assert_eq!(
        third.aws.calls().into_keys().collect::<Vec<_>>(),
        ["AWSEvents.PutEvents", "DynamoDB_20120810.PutItem"],
        "Lambda reads the stream, and the functions make no call for it"
    );
}

#[tokio::test]
async fn a_changed_or_deleted_record_makes_no_event() {
    let served = Served::new().await;
    append(&served, 1, "first").await;

    append(&served, 1, "changed").await;
    let delete = aws_sdk_dynamodb::Client::new(&served.sdk).delete_item().table_name("spapi-auth-history");
    let delete = delete.key("subject", AttributeValue::S("one".to_owned()));
    delete.key("revision", AttributeValue::N("1".to_owned())).send().await.unwrap();

    assert_eq!(published(&served).await, [("1".to_owned(), "first".to_owned())]);
}

#[tokio::test]
async fn a_text_arrives_unchanged_and_a_record_without_it_blocks_no_other() {
    let served = Served::new().await;
    let odd = "\"quoted\" \\ <$.dynamodb> \n \u{1f600} {}";

    put(&served, 1).send().await.unwrap();
    append(&served, 2, odd).await;

    assert_eq!(published(&served).await, [("2".to_owned(), odd.to_owned())]);
}

#[tokio::test]
async fn what_the_bus_does_not_accept_comes_with_the_next_delivery_in_the_order_of_the_history() {
    let served = Served::new().await;
    for revision in 1..=12 {
        append(&served, revision, "while the bus was away").await;
    }
    served.order(Endpoint::Eventbridge, Fault::Throttle);
    assert_eq!(published(&served).await, []);
    append(&served, 13, "while the bus was away").await;

    served.faults.clear();

    let expected: Vec<_> = (1..=13).map(|revision| revision.to_string()).collect();
    assert_eq!(revisions(&published(&served).await), expected);
}

#[tokio::test]
async fn the_latest_thousand_events_are_stored_and_can_be_read_after_any_number() {
    let served = Served::new().await;
    let entry = json!({"EventBusName": "spapi-auth", "Source": "s", "DetailType": "d", "Detail": "{}"});
    for _ in 0..101 {
        let (status, answer) = served.raw("AWSEvents.PutEvents", &json!({"Entries": vec![&entry; 10]})).await;
        assert_eq!((status, &answer["FailedEntryCount"]), (200, &json!(0)), "{answer}");
    }

    let numbers = |events: Vec<PublishedEvent>| events.iter().map(|event| event.n).collect::<Vec<_>>();
    assert_eq!(numbers(served.aws.events(0).await), (11..=1010).collect::<Vec<_>>());
    assert_eq!(numbers(served.aws.events(1008).await), [1009, 1010]);
}

#[tokio::test]
async fn an_entry_that_aws_would_refuse_is_refused_alone_with_its_error_code() {
    let served = Served::new().await;
    let entry = |more: Value| {
        let mut entry = json!({"EventBusName": "spapi-auth", "Source": "s", "DetailType": "d", "Detail": "{\"a\": \"b\"}"});
        entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        entry
    };
    let entries = [
        entry(json!({"Source": ""})),
        entry(json!({"DetailType": null})),
        entry(json!({"Detail": null})),
        entry(json!({"Detail": "[]"})),
        entry(json!({"Detail": "{"})),
        entry(json!({"Source": "aws.ec2"})),
        entry(json!({"EventBusName": "another"})),
        entry(json!({"EventBusName": null})),
        entry(
            json!({"EventBusName": "arn:aws:events:us-east-1:123456789012:event-bus/spapi-auth", "Time": 86400.0}),
        ),
    ];

    let (status, answer) = served.raw("AWSEvents.PutEvents", &json!({"Entries": entries})).await;

    assert_eq!((status, &answer["FailedEntryCount"]), (200, &json!(8)), "{answer}");
    let codes: Vec<_> =
        answer["Entries"].as_array().unwrap().iter().map(|entry| &entry["ErrorCode"]).collect();
    let (argument, detail) = (json!("InvalidArgument"), json!("MalformedDetail"));
    let source = json!("NotAuthorizedForSourceException");
    assert_eq!(
        codes,
        [&argument, &argument, &argument, &detail, &detail, &source, &argument, &argument, &Value::Null]
    );
    let published = served.aws.events(0).await;
    assert_eq!(published.len(), 1);
    assert_eq!(published[0].event["detail"], json!({"a": "b"}));
    assert_eq!(published[0].event["time"], "1970-01-02T00:00:00Z");
}

#[tokio::test]
async fn a_call_beyond_the_limits_is_refused_as_a_whole() {
    let served = Served::new().await;
    let entry = |detail: &str| json!({"EventBusName": "spapi-auth", "Source": "s", "DetailType": "d", "Detail": detail});
    let large = format!("{{\"a\": \"{}\"}}", "x".repeat(140_000));
    for entries in [vec![], vec![entry("{}"); 11], vec![entry(&large), entry(&large)]] {
        let (status, answer) = served.raw("AWSEvents.PutEvents", &json!({"Entries": entries})).await;

        assert_eq!((status, &answer["__type"]), (400, &json!("ValidationException")), "{answer}");
    }
    assert_eq!(served.aws.events(0).await.len(), 0);
}
