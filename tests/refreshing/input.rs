//! What the refresher does with events and messages that are none.

use std::time::Duration;

use aws_sdk_sqs::Client;
use serde_json::{Value, json};
use shared::deadline::{Clock, Deadline};

use crate::support::{crowd::crowd_id, world::World};

const QUEUE: &str = "spapi-auth-refresh";

fn url(world: &World, queue: &str) -> String {
    format!("http://127.0.0.1:{}/123456789012/{queue}", world.stack.ports().aws)
}

async fn dead(world: &World, sqs: &Client) -> Vec<(String, String)> {
    let queue = url(world, "spapi-auth-refresh-dead");
    let received = sqs.receive_message().queue_url(queue).max_number_of_messages(10);
    let received = received.message_attribute_names("All").send().await.unwrap();
    let reason = |message: &aws_sdk_sqs::types::Message| {
        let attributes = message.message_attributes().unwrap();
        attributes["reason"].string_value().unwrap().to_owned()
    };
    let messages = received.messages().iter();
    messages.map(|message| (message.body().unwrap().to_owned(), reason(message))).collect()
}

#[tokio::test]
async fn a_message_that_is_none_is_among_the_dead_letters_with_the_reason_and_blocks_nothing() {
    let world = World::attended().await;
    world.crowd(3).await;
    let sqs = Client::new(&world.stack.sdk_config());
    for (body, reason) in [
        ("sing", "not a message"),
        (r#"{"task":"shard","shard":99,"plannedFor":"2026-01-01T00:00:00Z"}"#, "shard: expected"),
        (r#"{"task":"shard","plannedFor":"2026-01-01T00:00:00Z"}"#, "missing field `shard`"),
    ] {
        sqs.send_message().queue_url(url(&world, QUEUE)).message_body(body).send().await.unwrap();

        world.stack.drain().await;

        let dead = dead(&world, &sqs).await;
        assert_eq!(dead.len(), 1, "{body}: {dead:?}");
        assert_eq!(dead[0].0, body);
        assert!(dead[0].1.contains(reason), "{dead:?}");
    }
    world.advance(300).await;
    for number in 0..3 {
        world.token_ends_at(&crowd_id(number)).await;
    }
}

#[tokio::test]
async fn an_event_that_is_none_is_a_typed_error() {
    let world = World::attended().await;
    for event in [json!({}), json!(null), json!({"task": "sing"}), json!({"Records": 7}), json!("plan")] {
        let failure = world.caller().invoke("token-refresher", &event).await.unwrap_err();

        assert_eq!(failure.error_type, "InvalidRequest", "{event}");
        assert!(failure.error_message.starts_with("event: expected"), "{}", failure.error_message);
    }
}

#[tokio::test]
async fn one_message_of_a_batch_that_fails_comes_again_and_stops_no_other() {
    let world = World::new().await;
    world.crowd(6).await;
    let mut run = world.run_planned_now();
    let renewals = json!({"task": "renewals", "applicationId": world.application(),
        "plannedFor": world.stack.clock().now(), "cursor": "nonsense"});
    run["Records"]
        .as_array_mut()
        .unwrap()
        .insert(0, json!({"messageId": "bad", "body": renewals.to_string()}));

    let now = world.stack.clock().now();
    let answer = world
        .refresher()
        .handle(&run, Clock::starting_at(now, Deadline::after(Duration::from_mins(2))))
        .await
        .unwrap();

    let answer: Value = serde_json::to_value(answer).unwrap();
    assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "bad"}]}));
    assert_eq!(world.refreshes().await, 6);
}
