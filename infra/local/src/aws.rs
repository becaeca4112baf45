//! AWS on one loopback address: DynamoDB, EventBridge, KMS, Secrets Manager and SQS by `X-Amz-Target`, Lambda's Invoke by its path.
//!
//! The services are engines of other crates; what is kept in a data directory is written before the answer is sent.
//! Signatures are not checked: nothing outside this machine can reach the address.

use std::{
    collections::BTreeMap,
    fs::{self, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path as UrlPath, State},
    response::Response,
    routing,
};
use bytes::Bytes;
use http::HeaderMap;
use simulated_amazon::{Clock, Fault, Faults};
use thiserror::Error;

use crate::{
    aws::{
        dynamodb::Dynamodb, event_bridge::EventBridge, event_pipe::EventPipe, kms::Kms,
        secrets_manager::SecretsManager, service::Service, sqs::Sqs,
    },
    functions::Functions,
    locked::Locked,
    template::{
        TableError,
        pipe::{self, PipeError},
        queues::QueueError,
    },
};

mod dynamodb;
mod event_bridge;
mod event_pipe;
mod faults;
mod invoke;
mod kept;
mod kms;
pub(crate) mod queues;
mod secrets_manager;
mod service;
mod sqs;

pub use dynamodb::ImportError;
pub use event_bridge::{EVENTS, Told};

/// The local AWS. Clones share it.
#[derive(Clone)]
pub struct Aws {
    inner: Arc<Inner>,
}

struct Inner {
    dynamodb: Dynamodb,
    event_bridge: EventBridge,
    event_pipe: EventPipe,
    kms: Kms,
    secrets_manager: SecretsManager,
    sqs: Sqs,
    functions: Functions,
    faults: Faults,
    calls: Locked<BTreeMap<String, u64>>,
    /// Held so that no second local stack writes to the same directory.
    _lock: Option<fs::File>,
}

impl Aws {
    /// Starts the services with what `data` holds from an earlier run, or empty and in memory without it, and creates
    /// the template's missing tables and queues.
    pub async fn open(
        data: Option<&Path>,
        functions: Functions,
        faults: Faults,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let lock = match data {
            Some(directory) => Some(lock(directory).await?),
            None => None,
        };
        let pipe = pipe::pipe()?;
        Ok(Self {
            inner: Arc::new(Inner {
                dynamodb: Dynamodb::open(data).await?,
                event_bridge: EventBridge::new(pipe.bus.clone(), clock.clone()),
                event_pipe: EventPipe::open(data, pipe).await?,
                kms: Kms::open(data).await?,
                secrets_manager: SecretsManager::open(data).await?,
                sqs: Sqs::open(data, clock).await?,
                functions,
                faults,
                calls: Locked::default(),
                _lock: lock,
            }),
        })
    }

    /// What is to be served on the AWS port.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/2015-03-31/functions/{name}/invocations", routing::post(invocation))
            .fallback(operation)
            .layer(DefaultBodyLimit::max(LARGEST_BODY))
            .with_state(self.clone())
    }

    /// How often each operation was called since the start or the last reset, such as `TrentService.Decrypt`; Lambda's
    /// counts as `Lambda.Invoke`.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.inner.calls.lock().clone()
    }

    /// Sets every count to zero.
    pub fn reset_calls(&self) {
        self.inner.calls.lock().clear();
    }

    /// Puts rows, each in DynamoDB's JSON, into a table all at once, as a table is imported: no fault strikes it, no condition is
    /// asked, and neither calls nor streams tell of it.
    pub fn import(&self, table: &str, rows: Vec<serde_json::Value>) -> Result<(), ImportError> {
        self.inner.dynamodb.import(table, rows)
    }

    /// The events after the one of number `after`, of the latest 1,000 since the start, oldest first; among them everything that
    /// is in the history by now.
    pub async fn events(&self, after: u64) -> Vec<Told> {
        self.carry_events().await;
        self.inner.event_bridge.told(after)
    }

    /// Those of a row's attributes that are whole numbers; empty where there is no such row, or it cannot be read. No fault
    /// strikes this, and no call is counted.
    pub(crate) fn numbers(
        &self,
        table: &str,
        key: (&str, &str),
        attributes: &[&str],
    ) -> BTreeMap<String, i64> {
        self.inner.dynamodb.numbers(table, key, attributes).unwrap_or_else(|error| {
            tracing::error!(%error, table, "A row cannot be read");
            BTreeMap::new()
        })
    }

    /// Brings to the bus what has been added to the history.
    pub(crate) async fn carry_events(&self) {
        self.inner.event_pipe.carry(self.inner.dynamodb.database(), &self.inner.event_bridge).await;
    }

    fn count(&self, operation: &str) {
        let mut calls = self.inner.calls.lock();
        *calls.entry(operation.to_owned()).or_default() += 1;
    }
}

/// Why the local AWS did not start.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Another local stack runs on the same data.
    #[error("the data directory {} is in use by another local stack; stop it, or use --ephemeral", .0.display())]
    InUse(PathBuf),
    /// A file of the data directory cannot be read or written.
    #[error("{} cannot be used", path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file of the data directory does not hold what it should.
    #[error("{} is damaged; delete the data directory, or use --ephemeral", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The DynamoDB engine did not open its file.
    #[error("the DynamoDB engine does not start: {0}")]
    Engine(#[from] dynoxide::DynoxideError),
    /// A table of the template cannot be had.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A queue of the template cannot be had.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The pipe of the template cannot be had.
    #[error(transparent)]
    Pipe(#[from] PipeError),
}

/// DynamoDB takes the largest bodies: 16 MB.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

async fn invocation(
    State(aws): State<Aws>,
    UrlPath(name): UrlPath<String>,
    headers: HeaderMap,
    payload: Bytes,
) -> Response {
    aws.count("Lambda.Invoke");
    invoke::invoke(&aws.inner.functions, &name, &headers, &payload).await
}

async fn operation(State(aws): State<Aws>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let Some((service, operation)) = Service::of(target) else {
        return service::response(service::unknown_operation());
    };
    aws.count(target);
    let order = aws.inner.faults.strike(service.endpoint());
    let in_part = service == Service::EventBridge && order.is_some_and(|order| order.fault == Fault::OkError);
    if let Some(order) = order.filter(|_| !in_part)
        && let Some(answer) = faults::answer(order, service).await
    {
        return answer;
    }
    if service == Service::EventBridge {
        return service::response(aws.inner.event_bridge.handle(operation, &body, in_part));
    }
    if service == Service::Dynamodb {
        return aws.inner.dynamodb.forward(headers, body).await;
    }
    let (waits, operation) = (operation == "ReceiveMessage", operation.to_owned());
    let request = service.request(headers, body);
    let work = async move {
        match service {
            Service::Kms => aws.inner.kms.handle(&operation, request).await,
            Service::SecretsManager => aws.inner.secrets_manager.handle(&operation, request).await,
            Service::Sqs | Service::Dynamodb | Service::EventBridge => {
                aws.inner.sqs.handle(&operation, request).await
            }
        }
    };
    // On a task of its own, so that a caller who hangs up cannot part a change from its being kept; but nobody is to wait for
    // a message, and take it, on behalf of a caller who is gone.
    let answer = if waits {
        work.await
    } else {
        tokio::spawn(work).await.unwrap_or_else(|_| service.internal_error())
    };
    service::response(answer)
}

/// Takes the data directory for this process. A stack that has just stopped may hold it for another moment.
async fn lock(directory: &Path) -> Result<fs::File, OpenError> {
    let path = directory.join("lock");
    let refused = |source| OpenError::File { path: path.clone(), source };
    fs::create_dir_all(directory).map_err(refused)?;
    let file = fs::File::create(&path).map_err(refused)?;
    for _ in 0..LOCK_ATTEMPTS {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(LOCK_PAUSE).await,
            Err(TryLockError::Error(source)) => return Err(refused(source)),
        }
    }
    Err(OpenError::InUse(directory.to_owned()))
}

const LOCK_ATTEMPTS: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests;
