//! `event-publisher` as Lambda invokes it: stopped anywhere, invoked again, and with rows that no function wrote.

use std::time::Duration;

use serde_json::{Map, Value, json};
use shared::deadline::{Clock, Deadline};

use super::details;
use crate::support::{
    invocation::{Dies, stopped_after},
    world::{Row, World},
};

/// The event with which Lambda delivers rows that were appended to the history.
fn batch(rows: &[Row]) -> Value {
    let image = |row: &Row| -> Map<String, Value> {
        let json = |value: &aws_sdk_dynamodb::types::AttributeValue| match value.as_s() {
            Ok(text) => json!({ "S": text }),
            Err(_) => json!({"N": value.as_n().unwrap()}),
        };
        row.iter().map(|(name, value)| (name.clone(), json(value))).collect()
    };
    let change = |(number, row): (usize, &Row)| {
        json!({
            "eventID": number.to_string(), "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
            "awsRegion": "us-east-1",
            "dynamodb": {"NewImage": image(row), "SequenceNumber": number.to_string(), "StreamViewType": "NEW_IMAGE"},
        })
    };
    json!({"Records": rows.iter().enumerate().map(change).collect::<Vec<_>>()})
}

fn clock(world: &World) -> Clock {
    Clock::starting_at(world.stack.clock().now(), Deadline::after(Duration::from_secs(20)))
}

#[tokio::test]
async fn promise_12_a_batch_that_was_broken_off_anywhere_is_sent_whole_when_it_is_delivered_again() {
    let world = World::new().await;
    for _ in 0..3 {
        world.browser().website("US", "seller", "A1US").await;
    }
    let rows = world.history_of(&format!("{}#na#A1US", world.application())).await;
    assert_eq!(rows.len(), 3);
    let (first, event) = (details(&world).await, batch(&rows));
    let lambdas = world.stack.lambdas().clone();
    let mut stopped = 0;
    for dies in [Dies::AtOnce, Dies::AfterTheAnswer] {
        for awaits in 0.. {
            let invocation = lambdas.event_publisher.handle(&event, clock(&world));
            let ended = stopped_after(awaits, dies, Box::pin(invocation)).await.is_some();
            let before = details(&world).await.len();

            lambdas.event_publisher.handle(&event, clock(&world)).await.unwrap();

            assert_eq!(details(&world).await.split_off(before), first, "stopped at {awaits} {dies:?}");
            if ended {
                break;
            }
            stopped += 1;
        }
    }
    assert!(stopped >= 2, "{stopped}");
}

#[tokio::test]
async fn a_row_that_is_no_record_keeps_back_no_event_behind_it() {
    let world = World::new().await;
    world.browser().website("US", "seller", "A1US").await;
    let rows = world.history_of(&format!("{}#na#A1US", world.application())).await;
    let first = details(&world).await;
    let mut event = batch(&[rows[0].clone(), rows[0].clone(), rows[0].clone()]);
    event["Records"][0]["dynamodb"]["NewImage"].as_object_mut().unwrap().remove("event");
    event["Records"][1]["eventName"] = json!("MODIFY");

    world.stack.lambdas().event_publisher.handle(&event, clock(&world)).await.unwrap();

    assert_eq!(details(&world).await.split_off(first.len()), first);
    assert_eq!(world.counted("Internal", ("Function", "event-publisher")), 1, "an alarm asks for it");
}

#[tokio::test]
async fn what_is_no_event_of_a_stream_is_refused_and_not_repeated_in_the_error() {
    let world = World::new().await;
    for event in
        [json!({}), json!({"Records": [{"body": "a-secret"}]}), json!({"task": "a-secret"}), json!(null)]
    {
        let error = world.stack.lambdas().event_publisher.handle(&event, clock(&world)).await.unwrap_err();

        assert_eq!(error.error_type(), "InvalidRequest");
        assert!(!error.to_string().contains("a-secret"), "{error}");
    }
}
