//! The functions that can be invoked, each by its name.
//!
//! An invocation runs to its end whether or not anybody still waits for it, and a panic ends only its own invocation, as on Lambda.

use std::{any::Any, collections::HashMap, pin::Pin, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::task::{JoinError, JoinHandle};

use crate::locked::Locked;

/// What a function returns when it is called: its outcome, later.
pub type FunctionFuture = Pin<Box<dyn Future<Output = Result<Value, FunctionError>> + Send>>;

/// One function: from an event to its outcome.
pub type Function = Arc<dyn Fn(Value) -> FunctionFuture + Send + Sync>;

/// The failure of a function, in the words that Lambda gives to whoever invoked it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FunctionError {
    /// The kind of failure, for programs.
    pub error_type: String,
    /// A sentence for a person.
    pub error_message: String,
}

/// The functions by name. Clones share them.
#[derive(Clone, Default)]
pub struct Functions {
    by_name: Arc<Locked<HashMap<String, Function>>>,
}

impl Functions {
    /// Makes `function` known as `name`, in place of an earlier one of that name.
    pub fn register(&self, name: impl Into<String>, function: Function) {
        self.by_name.lock().insert(name.into(), function);
    }

    /// Whether a function of this name is known.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        self.by_name.lock().contains_key(name)
    }

    /// Starts the function `name` on `event`, or returns `None` if there is none of that name.
    #[must_use]
    pub fn start(&self, name: &str, event: Value) -> Option<Invocation> {
        let function = Arc::clone(self.by_name.lock().get(name)?);
        Some(Invocation { task: tokio::spawn(async move { function(event).await }) })
    }
}

/// An invocation under way; dropping it leaves it running.
#[derive(Debug)]
pub struct Invocation {
    task: JoinHandle<Result<Value, FunctionError>>,
}

impl Invocation {
    /// Waits for the end.
    pub async fn outcome(self) -> Result<Value, FunctionError> {
        self.task.await.unwrap_or_else(|failure| Err(FunctionError::from(failure)))
    }
}

impl From<JoinError> for FunctionError {
    fn from(failure: JoinError) -> Self {
        match failure.try_into_panic() {
            Ok(panic) => Self {
                error_type: "Runtime.Panic".to_owned(),
                error_message: format!("Lambda panicked: {}", words(panic.as_ref())),
            },
            Err(_) => Self {
                error_type: "Runtime.ExitError".to_owned(),
                error_message: "The local stack is shutting down".to_owned(),
            },
        }
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
