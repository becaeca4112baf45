//! The functions that can be invoked, by name.
//!
//! As on Lambda, an invocation runs to its end even if its caller has gone, and a panic ends only its own invocation.

use std::{any::Any, collections::HashMap, pin::Pin, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::secret::random_word;
use tokio::{
    task::{JoinError, JoinHandle},
    time::Instant,
};

use crate::{
    arn::{ACCOUNT, function_arn},
    locked::Locked,
    log_tail::LogTail,
};

tokio::task_local! {
    /// The id of the invocation that runs in this task.
    static REQUEST_ID: String;

    /// The ARN by which the function of this task was invoked.
    static INVOKED_ARN: String;
}

/// Returns the ARN by which the function of this task was invoked, with its qualifier if the caller named one, as Lambda's runtime
/// gives it to a function (`lambda-runtime-invoked-function-arn`). It is empty outside of any invocation.
pub fn invoked_arn() -> String {
    INVOKED_ARN.try_with(Clone::clone).unwrap_or_default()
}

/// Returns the id of the invocation that runs in this task; outside of any, a new one.
pub(crate) fn request_id() -> String {
    REQUEST_ID.try_with(Clone::clone).unwrap_or_else(|_| random_word())
}

/// The future outcome of an invocation.
pub type FunctionFuture = Pin<Box<dyn Future<Output = Result<Value, FunctionError>> + Send>>;

/// A function: it takes an event and returns an outcome.
pub type Function = Arc<dyn Fn(Value) -> FunctionFuture + Send + Sync>;

/// The failure of a function, as Lambda returns it to the caller.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FunctionError {
    /// The kind of failure, for programs.
    pub error_type: String,
    /// The failure as a sentence.
    pub error_message: String,
}

/// The functions by name. Clones share them.
#[derive(Clone, Default)]
pub struct Functions {
    by_name: Arc<Locked<HashMap<String, Function>>>,
}

impl Functions {
    /// Registers `function` under `name`. It replaces an earlier function of that name.
    pub fn register(&self, name: impl Into<String>, function: Function) {
        self.by_name.lock().insert(name.into(), function);
    }

    /// Returns whether a function of this name is registered.
    pub fn knows(&self, name: &str) -> bool {
        self.by_name.lock().contains_key(name)
    }

    /// Starts the function `name` with `event`, without a qualifier. Returns `None` if no function of that name is registered.
    pub fn start(&self, name: &str, event: Value) -> Option<Invocation> {
        self.start_by(name, None, event)
    }

    /// Starts the function `name` by an alias or by `$LATEST`. That the alias exists has been checked.
    pub(crate) fn start_by(&self, name: &str, qualifier: Option<&str>, event: Value) -> Option<Invocation> {
        let function = Arc::clone(self.by_name.lock().get(name)?);
        let (request_id, log_tail) = (random_word(), LogTail::default());
        let run = logged(request_id.clone(), log_tail.clone(), async move { function(event).await });
        let run = INVOKED_ARN.scope(function_arn(ACCOUNT, name, qualifier), run);
        let task = tokio::spawn(REQUEST_ID.scope(request_id.clone(), run));
        Some(Invocation { request_id, log_tail, task })
    }
}

/// Runs an invocation between the lines that Lambda itself writes into the log.
async fn logged<T>(request_id: String, log_tail: LogTail, work: impl Future<Output = T>) -> T {
    log_tail.add(&format!("START RequestId: {request_id} Version: $LATEST"));
    let start = Instant::now();
    let outcome = log_tail.of(work).await;
    log_tail.add(&format!("END RequestId: {request_id}"));
    let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
    log_tail.add(&format!("REPORT RequestId: {request_id}\tDuration: {milliseconds:.2} ms"));
    outcome
}

/// An invocation in flight. Dropping this does not stop it.
#[derive(Debug)]
pub struct Invocation {
    /// The id that the answer and the lines of the log have.
    pub(crate) request_id: String,
    pub(crate) log_tail: LogTail,
    task: JoinHandle<Result<Value, FunctionError>>,
}

impl Invocation {
    /// Waits for the outcome.
    pub async fn outcome(self) -> Result<Value, FunctionError> {
        self.task.await.unwrap_or_else(|failure| Err(FunctionError::from(failure)))
    }
}

impl From<JoinError> for FunctionError {
    fn from(failure: JoinError) -> Self {
        match failure.try_into_panic() {
            Ok(panic) => Self {
                error_type: "Runtime.Panic".to_owned(),
                error_message: format!("Lambda panicked: {}", message(panic.as_ref())),
            },
            Err(_) => Self {
                error_type: "Runtime.ExitError".to_owned(),
                error_message: "The local stack is shutting down".to_owned(),
            },
        }
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
