use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use serde_json::json;

use super::*;
use crate::functions::FunctionError;

const HOUR: u32 = 3600;

/// An hourly function and the number of its runs.
#[derive(Default)]
struct World {
    clock: Clock,
    functions: Functions,
    runs: Arc<AtomicU32>,
}

impl World {
    fn new(answer: Result<Value, FunctionError>) -> Self {
        let world = Self::default();
        let runs = Arc::clone(&world.runs);
        let function = move |payload: Value| {
            assert_eq!(payload, json!({"task": "x"}));
            runs.fetch_add(1, Ordering::SeqCst);
            let answer = answer.clone();
            Box::pin(async move { answer }) as crate::functions::FunctionFuture
        };
        world.functions.register("hourly", Arc::new(function));
        world
    }

    fn open(&self, file: Option<&Path>) -> Schedules {
        let every = SignedDuration::from_hours(1);
        let hourly =
            Schedule { name: "every-hour", function: "hourly", every, payload: json!({"task": "x"}) };
        Schedules::open(vec![hourly], self.functions.clone(), self.clock.clone(), file.map(Path::to_owned))
    }

    fn runs(&self) -> u32 {
        self.runs.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn a_schedule_runs_when_it_is_due_and_not_before() {
    let world = World::new(Ok(Value::Null));
    let schedules = world.open(None);

    assert!(schedules.run_due().await.is_empty());
    world.clock.advance(HOUR - 5);
    assert!(schedules.run_due().await.is_empty());
    world.clock.advance(5);
    assert_eq!(schedules.run_due().await, ["every-hour"]);
    assert!(schedules.run_due().await.is_empty());
    assert_eq!(world.runs(), 1);
}

#[tokio::test]
async fn after_any_number_of_periods_a_schedule_runs_once_and_keeps_its_minute() {
    let world = World::new(Ok(Value::Null));
    let schedules = world.open(None);

    let ran = schedules.run_due_after(|| world.clock.advance(100 * HOUR + HOUR / 2)).await;

    assert_eq!((ran.as_slice(), world.runs()), (["every-hour"].as_slice(), 1));
    world.clock.advance(HOUR / 2 - 5);
    assert!(schedules.run_due().await.is_empty());
    world.clock.advance(5);
    assert_eq!(schedules.run_due().await, ["every-hour"]);
}

#[tokio::test]
async fn a_failed_run_counts_as_a_run() {
    let error = FunctionError { error_type: "Internal".to_owned(), error_message: "by order".to_owned() };
    let world = World::new(Err(error));
    let schedules = world.open(None);
    world.clock.advance(HOUR);

    assert_eq!(schedules.run_due().await, ["every-hour"]);
    assert!(schedules.run_due().await.is_empty());
}

#[tokio::test]
async fn restarts_do_not_delay_a_run() {
    let file = std::env::temp_dir().join(format!("local-schedules-{}.json", std::process::id()));
    let world = World::new(Ok(Value::Null));
    drop(world.open(Some(&file)));
    world.clock.advance(HOUR - 5);

    let schedules = world.open(Some(&file));
    assert!(schedules.run_due().await.is_empty());
    world.clock.advance(5);
    assert_eq!(schedules.run_due().await, ["every-hour"]);
    assert!(world.open(Some(&file)).run_due().await.is_empty());

    fs::remove_file(file).unwrap();
}
