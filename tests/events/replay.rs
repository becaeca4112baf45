//! `replayEvents` sends the events of a time span again, and no others.

use std::time::Duration;

use serde_json::{Value, json};
use shared::deadline::{Clock, Deadline};

use super::{busy, details};
use crate::support::{caller::Failure, world::World};

/// Returns the request for a replay over all time, with the fields of `more` instead of its own.
fn request(world: &World, more: &Value) -> Value {
    let mut request = json!({
        "operation": "replayEvents",
        "applicationId": world.application(),
        "from": "2000-01-01T00:00:00Z",
        "until": "2100-01-01T00:00:00Z",
    });
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}

async fn replay(world: &World, more: Value) -> Result<Value, Failure> {
    world.caller().invoke("administration", &request(world, &more)).await
}

fn sorted(mut details: Vec<Value>) -> Vec<Value> {
    details.sort_by_key(|detail| detail["id"].as_str().unwrap().to_owned());
    details
}

#[tokio::test]
async fn promise_12_a_replayed_event_equals_the_first_one() {
    let world = World::new().await;
    busy(&world).await;
    let first = details(&world).await;

    let answer = replay(&world, json!({})).await.unwrap();

    assert_eq!(answer, json!({"sent": first.len()}));
    let again = details(&world).await.split_off(first.len());
    assert_eq!(sorted(again), sorted(first.clone()));
    let delivered = world.stack.events().await;
    let envelope = |position: usize| {
        let mut event = delivered[position].event.clone();
        for own in ["id", "time", "detail", "detail-type"] {
            event.as_object_mut().unwrap().remove(own).unwrap();
        }
        event
    };
    assert_eq!(envelope(0), envelope(first.len()));
    assert!(delivered.iter().all(|one| one.event["detail-type"] == one.event["detail"]["event"]));
}

#[tokio::test]
async fn a_replay_sends_the_events_of_its_span_and_no_others() {
    let world = World::new().await;
    for partner in ["A1US", "A2US", "A3US"] {
        world.browser().website("US", "seller", partner).await;
        world.advance(60).await;
    }
    let first = details(&world).await;
    let (from, until) = (&first[1]["at"], &first[2]["at"]);

    for (more, expected) in [
        (json!({"from": from, "until": until}), vec![first[1].clone()]),
        (json!({"until": until}), first[..2].to_vec()),
        (json!({"from": from}), first[1..].to_vec()),
        (json!({"sellingPartnerId": "A3US", "region": "na"}), vec![first[2].clone()]),
        (json!({"sellingPartnerId": "A3US", "region": "na", "until": until}), Vec::new()),
    ] {
        let before = details(&world).await.len();

        let answer = replay(&world, more.clone()).await.unwrap();

        assert_eq!(answer, json!({"sent": expected.len()}), "{more}");
        assert_eq!(sorted(details(&world).await.split_off(before)), sorted(expected), "{more}");
    }
}

#[tokio::test]
async fn a_replay_that_runs_out_of_time_continues_where_it_stopped() {
    let world = World::new().await;
    busy(&world).await;
    let first = details(&world).await;
    let administration = &world.stack.lambdas().administration;
    let (mut cursor, mut invocations) = (Value::Null, 0);
    loop {
        let request = request(&world, &json!({"cursor": cursor}));
        let deadline = Deadline::after(Duration::from_secs(4));
        let answer = administration
            .handle(&request, Clock::starting_at(world.stack.clock().now(), deadline))
            .await
            .unwrap();
        invocations += 1;
        if answer.get("cursor").is_none() {
            break;
        }
        assert_ne!(answer["cursor"], cursor);
        cursor = answer["cursor"].clone();
    }

    assert!(invocations >= 3, "{invocations}");
    assert_eq!(sorted(details(&world).await.split_off(first.len())), sorted(first));
    let other = replay(&world, json!({"cursor": cursor, "until": "2099-01-01T00:00:00Z"})).await.unwrap_err();
    assert!(other.error_message.starts_with("cursor:"), "{other:?}");
}

#[tokio::test]
async fn a_history_longer_than_a_page_is_sent_completely() {
    let world = World::new().await;
    world.browser().website("US", "seller", "A1US").await;
    let invalidate = json!({
        "operation": "invalidateTokens",
        "applicationId": world.application(),
        "sellingPartnerId": "A1US",
        "region": "na",
    });
    for _ in 0..200 {
        world.caller().invoke("administration", &invalidate).await.unwrap();
    }
    let first = details(&world).await;

    let answer = replay(&world, json!({"sellingPartnerId": "A1US", "region": "na"})).await.unwrap();

    assert_eq!(answer, json!({"sent": 201}));
    assert_eq!(details(&world).await.split_off(201), first, "and in the order in which it happened");
}

#[tokio::test]
async fn events_that_the_bus_rejects_are_sent_again() {
    let world = World::new().await;
    for partner in ["A1US", "A2US"] {
        world.browser().website("US", "seller", partner).await;
    }
    let first = details(&world).await;
    for (fault, times) in [("ok_error", 2), ("throttle", 4), ("http_error", 1)] {
        let before = details(&world).await.len();
        world.fault("eventbridge", fault, json!({"times": times})).await;

        assert_eq!(replay(&world, json!({})).await.unwrap(), json!({"sent": 2}), "{fault}");

        assert_eq!(sorted(details(&world).await.split_off(before)), sorted(first.clone()), "{fault}");
    }
}

#[tokio::test]
async fn a_bus_that_does_not_answer_is_reported_and_the_replay_can_be_repeated() {
    let world = World::new().await;
    world.browser().website("US", "seller", "A1US").await;
    for fault in ["ok_error", "throttle"] {
        world.fault("eventbridge", fault, json!({})).await;
        let (now, deadline) = (world.stack.clock().now(), Deadline::after(Duration::from_secs(2)));
        let request = request(&world, &json!({"sellingPartnerId": "A1US", "region": "na"}));

        let error = world
            .stack
            .lambdas()
            .administration
            .handle(&request, Clock::starting_at(now, deadline))
            .await
            .unwrap_err();

        assert_eq!(error.error_type(), "AmazonUnavailable", "{fault}");
        world.fault("eventbridge", "none", json!({})).await;
    }
    assert_eq!(replay(&world, json!({})).await.unwrap(), json!({"sent": 1}));
}

#[tokio::test]
async fn an_invalid_replay_is_refused_and_names_the_wrong_field() {
    let world = World::new().await;
    world.browser().website("US", "seller", "A1US").await;
    let before = details(&world).await.len();
    for (more, error_type, named) in [
        (json!({"until": "2000-01-01T00:00:00Z"}), "InvalidRequest", "until"),
        (json!({"from": "yesterday"}), "InvalidRequest", "from"),
        (json!({"from": null}), "InvalidRequest", "from"),
        (json!({"region": "na"}), "InvalidRequest", "sellingPartnerId"),
        (json!({"sellingPartnerId": "A1US"}), "InvalidRequest", "region"),
        (json!({"sellingPartnerId": "A1US", "region": "eu"}), "UnknownSellingPartner", ""),
        (json!({"applicationId": "amzn1.sp.solution.0"}), "UnknownApplication", ""),
        (json!({"cursor": "x"}), "InvalidRequest", "cursor"),
        (json!({"limit": 1}), "InvalidRequest", "limit"),
    ] {
        let failure = replay(&world, more.clone()).await.unwrap_err();

        assert_eq!(failure.error_type, error_type, "{more}: {}", failure.error_message);
        assert!(failure.error_message.contains(named), "{more}: {}", failure.error_message);
    }
    assert_eq!(details(&world).await.len(), before, "nothing was sent");
}
