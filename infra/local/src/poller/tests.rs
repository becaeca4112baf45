use std::sync::{Arc, Mutex as StdMutex};

use simulated_amazon::{Clock, Endpoint, Fault, Faults, Order};

use super::*;
use crate::{environment::CLIENT_SECRET_QUEUE, functions::FunctionError};

const DEAD: &str = "spapi-auth-client-secrets-dead";

/// A poller, a function that answers as the test orders, and the events that the function received.
struct World {
    poller: Arc<Poller>,
    aws: Aws,
    clock: Clock,
    faults: Faults,
    events: Arc<StdMutex<Vec<Value>>>,
}

impl World {
    async fn new(
        batch_size: u8,
        answer: impl Fn(&Value) -> Result<Value, FunctionError> + Send + Sync + 'static,
    ) -> Self {
        let (functions, clock, faults) = (Functions::default(), Clock::default(), Faults::default());
        let aws = Aws::open(None, functions.clone(), faults.clone(), clock.clone()).await.unwrap();
        let events = Arc::new(StdMutex::new(Vec::new()));
        let given = Arc::clone(&events);
        let function = move |event: Value| {
            let answer = answer(&event);
            given.lock().unwrap().push(event);
            Box::pin(async move { answer }) as crate::functions::FunctionFuture
        };
        functions.register("fed", Arc::new(function));
        let mapping = Mapping { queue: CLIENT_SECRET_QUEUE, function: "fed", batch_size };
        Self { poller: Arc::new(Poller::new(mapping, aws.clone(), functions)), aws, clock, faults, events }
    }

    fn send(&self, bodies: &[&str]) {
        for body in bodies {
            self.aws.deliver(CLIENT_SECRET_QUEUE, body);
        }
    }

    /// The bodies of each batch since the last call.
    fn batches(&self) -> Vec<Vec<String>> {
        let events = std::mem::take(&mut *self.events.lock().unwrap());
        let bodies = |event: &Value| {
            let records = event["Records"].as_array().unwrap().iter();
            records.map(|record| record["body"].as_str().unwrap().to_owned()).collect()
        };
        events.iter().map(bodies).collect()
    }

    async fn drained_after(&self, seconds: u32) -> Vec<Vec<String>> {
        self.clock.advance(seconds);
        self.poller.drain().await;
        self.batches()
    }
}

fn failure() -> FunctionError {
    FunctionError { error_type: "Internal".to_owned(), error_message: "by order".to_owned() }
}

#[tokio::test]
async fn a_message_has_the_format_of_lambda_and_is_deleted_after_processing() {
    let world = World::new(10, |_| Ok(Value::Null)).await;
    world.send(&["{\"a\": 1}"]);

    world.poller.drain().await;

    let event = world.events.lock().unwrap()[0].clone();
    let record = &event["Records"][0];
    assert_eq!(record["body"], "{\"a\": 1}");
    assert_eq!(record["eventSource"], "aws:sqs");
    assert_eq!(record["eventSourceARN"], queue_arn(CLIENT_SECRET_QUEUE));
    assert_eq!(record["awsRegion"], REGION);
    assert_eq!(record["messageAttributes"], json!({}));
    assert_eq!(record["attributes"]["ApproximateReceiveCount"], "1");
    assert!(record["attributes"]["SentTimestamp"].is_string());
    assert_eq!(record["md5OfBody"].as_str().unwrap().len(), 32);
    for member in ["messageId", "receiptHandle"] {
        assert!(!record[member].as_str().unwrap().is_empty(), "{member}");
    }
    world.batches();
    assert_eq!(world.drained_after(301).await, Vec::<Vec<String>>::new());
    assert_eq!(world.aws.calls().len(), 0, "what AWS does itself is not counted");
}

#[tokio::test]
async fn a_drained_queue_has_no_visible_message_left() {
    let world = World::new(2, |_| Ok(json!({"batchItemFailures": []}))).await;
    world.send(&["one", "two", "three"]);

    assert_eq!(world.drained_after(0).await, [vec!["one", "two"], vec!["three"]]);
    assert_eq!(world.drained_after(301).await, Vec::<Vec<String>>::new());
}

#[tokio::test]
async fn only_the_messages_that_the_function_names_are_redelivered() {
    let fails = |event: &Value| {
        let records = event["Records"].as_array().unwrap().iter();
        let bad = records.filter(|record| record["body"] == "bad");
        let failures: Vec<_> = bad.map(|record| json!({"itemIdentifier": record["messageId"]})).collect();
        Ok(json!({"batchItemFailures": failures}))
    };
    let world = World::new(10, fails).await;
    world.send(&["good", "bad", "good"]);

    assert_eq!(world.drained_after(0).await, [["good", "bad", "good"]]);
    assert_eq!(world.drained_after(299).await, Vec::<Vec<String>>::new());
    assert_eq!(world.drained_after(2).await, [["bad"]]);
}

#[tokio::test]
async fn a_whole_batch_is_redelivered_after_an_error_or_a_malformed_answer() {
    for answer in [
        Err(failure()),
        Ok(json!({"batchItemFailures": [{"itemIdentifier": ""}]})),
        Ok(json!({"batchItemFailures": [{"messageId": "x"}]})),
        Ok(json!("done")),
    ] {
        let world = World::new(10, move |_| answer.clone()).await;
        world.send(&["one", "two"]);

        assert_eq!(world.drained_after(0).await, [["one", "two"]]);
        assert_eq!(world.drained_after(301).await, [["one", "two"]]);
    }
}

#[tokio::test]
async fn a_message_that_fails_a_hundred_times_goes_to_the_dead_letter_queue() {
    let world = World::new(10, |_| Err(failure())).await;
    world.send(&["poison"]);

    for _ in 0..100 {
        assert_eq!(world.drained_after(301).await, [["poison"]]);
    }

    assert_eq!(world.drained_after(301).await, Vec::<Vec<String>>::new());
    let dead = world.aws.receive(DEAD, 10).await.unwrap();
    assert_eq!(dead[0].body, "poison");
}

#[tokio::test]
async fn faults_of_sqs_do_not_affect_the_poller() {
    let world = World::new(10, |_| Ok(Value::Null)).await;
    world.faults.set(Order {
        endpoint: Endpoint::Sqs,
        fault: Fault::Hang,
        body: None,
        milliseconds: None,
        status: None,
        retry_after: None,
        share: 1.0,
        times: None,
        region: None,
        operation: None,
    });
    world.send(&["one"]);

    assert_eq!(world.drained_after(0).await, [["one"]]);
}

#[tokio::test]
async fn messages_are_delivered_without_a_drain() {
    let world = World::new(10, |_| Ok(Value::Null)).await;
    let poller = Arc::clone(&world.poller);
    let running = tokio::spawn(async move { poller.run().await });
    tokio::task::yield_now().await;

    world.send(&["one"]);

    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let batches = world.batches();
        if !batches.is_empty() {
            assert_eq!(batches, [["one"]]);
            running.abort();
            return;
        }
    }
    panic!("nothing came in 5 seconds");
}
