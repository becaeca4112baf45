use std::{sync::Mutex, time::Duration};

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use serde_json::Value;
use simulated_amazon::{Application, Faults, SimulatedAmazon};
use tower::ServiceExt;

use super::*;
use crate::{
    aws::Aws,
    environment::CLIENT_SECRET_QUEUE,
    functions::{FunctionFuture, Functions},
};

const APPLICATION: &str = "amzn1.sp.solution.00000000-0000-4000-8000-000000000001";
const DAY: u32 = 86_400;

/// A stack with one function, which only records its events.
struct World {
    amazon: SimulatedAmazon,
    timekeeper: Arc<Timekeeper>,
    clock: Clock,
    received: Arc<Mutex<Vec<Value>>>,
}

impl World {
    async fn new() -> Self {
        let (functions, faults, clock) = (Functions::default(), Faults::default(), Clock::default());
        let received = Arc::new(Mutex::new(Vec::new()));
        let events = Arc::clone(&received);
        let function = move |event| {
            events.lock().unwrap().push(event);
            Box::pin(async { Ok(Value::Null) }) as FunctionFuture
        };
        functions.register("secret-rotation", Arc::new(function));
        let aws = Aws::open(None, functions.clone(), faults.clone(), clock.clone()).await.unwrap();
        let amazon = SimulatedAmazon::open(9001, None, clock.clone(), faults).unwrap();
        amazon.register(Application {
            application_id: APPLICATION.to_owned(),
            client_id: "amzn1.application-oa2-client.1".to_owned(),
            name: "One".to_owned(),
            draft: false,
            login_uri: "https://app.example/login".to_owned(),
            redirect_uris: vec!["https://app.example/callback".to_owned()],
            client_secret: "secret".to_owned(),
        });
        let queue = aws.clone();
        let subscriber = move |letter: Value| queue.deliver(CLIENT_SECRET_QUEUE, &letter.to_string());
        amazon.subscribe(APPLICATION, Arc::new(subscriber));
        let timekeeper =
            Arc::new(Timekeeper::new(amazon.clone(), &aws, &functions, clock.clone(), None, false));
        Self { amazon, timekeeper, clock, received }
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let controls = router(Arc::clone(&self.timekeeper), self.clock.clone());
        let whole = self.amazon.router().merge(controls);
        let request = Request::post(format!("/_control/{path}")).body(Body::from(body.to_string())).unwrap();
        let answer = whole.oneshot(request).await.unwrap().into_body();
        serde_json::from_slice(&to_bytes(answer, usize::MAX).await.unwrap()).unwrap()
    }

    /// The events that the function received since the last call: a schedule's task, or the type of a notification.
    fn received(&self) -> Vec<String> {
        let events = std::mem::take(&mut *self.received.lock().unwrap());
        let mut received = Vec::new();
        for event in events {
            received.extend(event["task"].as_str().map(str::to_owned));
            for record in event["Records"].as_array().into_iter().flatten() {
                let body: Value = serde_json::from_str(record["body"].as_str().unwrap()).unwrap();
                received.push(body["notificationType"].as_str().unwrap().to_owned());
            }
        }
        received
    }
}

#[tokio::test]
async fn advancing_runs_each_schedule_once_and_drains_the_queues_before_the_answer() {
    let world = World::new().await;

    let answer = world.post("advance", json!({"seconds": 91 * DAY})).await;

    assert_eq!(answer["ran"], json!(["secret-rotation"]));
    assert!(answer["now"].is_string());
    assert_eq!(world.received(), ["ask", "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY"]);
    let answer = world.post("advance", json!({"seconds": 60})).await;
    assert_eq!(answer["ran"], json!([]));
    assert!(world.received().is_empty());
}

#[tokio::test]
async fn a_rotation_by_hand_reaches_the_function_by_the_queue() {
    let world = World::new().await;

    let answer = world.post(&format!("rotate/{APPLICATION}"), json!({})).await;
    assert!(answer["newClientSecret"].is_string());
    world.timekeeper.drain().await;

    assert_eq!(world.received(), ["APPLICATION_OAUTH_CLIENT_NEW_SECRET"]);
}

#[tokio::test]
async fn time_that_passes_by_itself_counts_as_well() {
    let world = World::new().await;
    let running = Arc::clone(&world.timekeeper);
    let running = tokio::spawn(async move { running.run().await });

    world.clock.advance(121 * DAY);

    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if world.received.lock().unwrap().len() >= 3 {
            break;
        }
    }
    running.abort();
    let mut received = world.received();
    received.sort();
    let expiry = "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY";
    assert_eq!(received, [expiry, expiry, "ask"]);
}

#[tokio::test]
async fn without_a_function_there_are_no_triggers() {
    let (functions, faults, clock) = (Functions::default(), Faults::default(), Clock::default());
    let aws = Aws::open(None, functions.clone(), faults.clone(), clock.clone()).await.unwrap();
    let amazon = SimulatedAmazon::open(9001, None, clock.clone(), faults).unwrap();
    let timekeeper = Timekeeper::new(amazon, &aws, &functions, clock, None, false);

    let (ran, stored) = timekeeper.advance(400 * DAY).await;

    assert!(ran.is_empty() && stored.is_ok());
}
