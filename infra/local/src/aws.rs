//! AWS on one loopback address: DynamoDB, EventBridge, KMS, Secrets Manager and SQS by `X-Amz-Target`, Lambda's Invoke, aliases and permissions by
//! path, one operation of CloudWatch, and one action of STS by form.
//!
//! Other crates provide the engines of the services. With a data directory, state is written before the answer is sent.
//! Signatures are not checked: nothing outside this machine can reach the address.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path as UrlPath, State},
    middleware,
    response::Response,
    routing,
};
use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use simulated_amazon::{Clock, Fault, Faults};

use crate::{
    aws::{
        aliases::{AliasRequest, Aliases},
        dynamodb::Dynamodb,
        event_bridge::EventBridge,
        history_stream::HistoryStream,
        kms::Kms,
        secrets_manager::SecretsManager,
        service::Service,
        sqs::Sqs,
    },
    functions::{Functions, Invocation},
    locked::Locked,
    metrics::CloudWatch,
    template::TableError,
};

mod alias_operations;
mod aliases;
mod backups;
mod cloud_watch;
mod data_directory;
mod dynamodb;
mod event_bridge;
mod faults;
mod function_name;
mod history_stream;
mod kms;
mod lagging_reads;
mod lambda;
pub(crate) mod queues;
mod secrets_manager;
mod service;
mod sqs;
mod state_file;
mod sts;

pub use data_directory::OpenError;
pub use dynamodb::ImportError;
pub use event_bridge::{EVENTS, PublishedEvent};
pub use history_stream::{BATCH, PUBLISHER};

/// The local AWS. Clones share it.
#[derive(Clone)]
pub struct Aws {
    inner: Arc<Inner>,
}

struct Inner {
    aliases: Aliases,
    clock: Clock,
    cloud_watch: CloudWatch,
    dynamodb: Dynamodb,
    event_bridge: EventBridge,
    history_stream: HistoryStream,
    kms: Kms,
    secrets_manager: SecretsManager,
    sqs: Sqs,
    functions: Functions,
    faults: Faults,
    calls: Locked<BTreeMap<String, u64>>,
    /// Keeps a second local stack from writing to the same directory.
    _lock: Option<fs::File>,
}

impl Aws {
    /// Starts the services with the state of an earlier run in `data`; without `data`, they start empty and in memory. Creates the
    /// missing tables and queues of the template.
    pub async fn open(
        data: Option<&Path>,
        functions: Functions,
        faults: Faults,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let lock = match data {
            Some(directory) => Some(data_directory::lock(directory).await?),
            None => None,
        };
        Ok(Self {
            inner: Arc::new(Inner {
                aliases: Aliases::open(data).await?,
                clock: clock.clone(),
                cloud_watch: CloudWatch::default(),
                dynamodb: Dynamodb::open(data, clock.clone()).await?,
                event_bridge: EventBridge::new(clock.clone()),
                history_stream: HistoryStream::open(data, functions.clone()).await?,
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

    /// Returns the router of the AWS port.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/2015-03-31/functions/{name}/invocations", routing::post(invocation))
            .merge(alias_operations::routes())
            .fallback(operation)
            .layer(middleware::map_response(service::with_request_id))
            .layer(DefaultBodyLimit::max(LARGEST_BODY))
            .with_state(self.clone())
    }

    /// Makes the aliases of a consumer, as infra/template.yaml does for operators, unless they are there.
    pub(crate) async fn make_consumer(&self, name: &str) -> Result<(), String> {
        for function in ["authorizations", "get-access-token"] {
            if !self.inner.aliases.has(function, name) {
                let made = self.inner.aliases.create(function, AliasRequest::of_latest(name)).await;
                made.map_err(|refusal| refusal.message)?;
            }
        }
        Ok(())
    }

    /// Invokes a function as a consumer does: by the alias of its name, if the function has it, else without a qualifier.
    pub(crate) fn start_as(
        &self,
        consumer: &str,
        function: &str,
        event: serde_json::Value,
    ) -> Option<Invocation> {
        let alias = self.inner.aliases.has(function, consumer).then_some(consumer);
        self.inner.functions.start_by(function, alias, event)
    }

    /// The metrics of the functions.
    pub(crate) fn cloud_watch(&self) -> &CloudWatch {
        &self.inner.cloud_watch
    }

    /// The number of calls by operation, such as `TrentService.Decrypt` or `Lambda.Invoke`, since the start or the last reset.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.inner.calls.lock().clone()
    }

    /// Resets every count to zero.
    pub fn reset_calls(&self) {
        self.inner.calls.lock().clear();
    }

    /// Imports rows, each in DynamoDB's JSON, into a table, all or none. No fault applies, no condition is checked, no call is
    /// counted, and no stream record is written.
    pub fn import(&self, table: &str, rows: Vec<serde_json::Value>) -> Result<(), ImportError> {
        self.inner.dynamodb.import(table, rows)
    }

    /// Makes the reads of the tables that are not consistent, those of indexes among them, lag behind by so much real time from now on, as
    /// they may on AWS; a lag of zero ends it. Rows that are there already are seen at once.
    pub fn delay_reads(&self, lag: Duration) -> Result<(), TableError> {
        self.inner.dynamodb.delay_reads(lag)
    }

    /// The events after number `after`, of the latest 1,000 since the start, oldest first. They include everything that is in the
    /// history by now.
    pub async fn events(&self, after: u64) -> Vec<PublishedEvent> {
        self.publish_history().await;
        self.inner.event_bridge.events(after)
    }

    /// Returns those attributes of a row that are whole numbers. Empty if the row does not exist or cannot be read. No fault
    /// applies, and no call is counted.
    pub(crate) fn numbers(
        &self,
        table: &str,
        key: (&str, &str),
        attributes: &[&str],
    ) -> BTreeMap<String, i64> {
        self.inner.dynamodb.numbers(table, key, attributes).unwrap_or_else(|error| {
            tracing::error!(%error, table, "Could not read a row of table {table}");
            BTreeMap::new()
        })
    }

    /// Has what was added to the history published on the bus.
    pub(crate) async fn publish_history(&self) {
        self.inner.history_stream.deliver_new(self.inner.dynamodb.database()).await;
    }

    fn count(&self, operation: &str) {
        let mut calls = self.inner.calls.lock();
        *calls.entry(operation.to_owned()).or_default() += 1;
    }
}

/// The alias of operators, as infra/template.yaml names it.
pub(crate) const OPERATORS: &str = "operators";

/// The largest body in bytes: 16 MB, the limit of DynamoDB, which is the highest.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

async fn invocation(
    State(aws): State<Aws>,
    UrlPath(identifier): UrlPath<String>,
    uri: Uri,
    headers: HeaderMap,
    payload: Bytes,
) -> Response {
    aws.count("Lambda.Invoke");
    lambda::invoke(&aws.inner.functions, &aws.inner.aliases, &identifier, &uri, &headers, &payload).await
}

async fn operation(
    State(aws): State<Aws>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    if target == cloud_watch::GET_METRIC_DATA {
        aws.count(target);
        return service::response(cloud_watch::answer(aws.cloud_watch(), aws.inner.clock.now(), &body));
    }
    let Some((service, operation)) = Service::of(target) else {
        let other = lambda::other_operation(&method, &uri).or_else(|| sts::answer(&body));
        return other.unwrap_or_else(|| service::response(service::unknown_operation()));
    };
    aws.count(target);
    let operation = operation.to_owned();
    let order = aws.inner.faults.strike_operation(service.endpoint(), &operation);
    let partly =
        service == Service::EventBridge && order.as_ref().is_some_and(|order| order.fault == Fault::OkError);
    if let Some(order) = order.filter(|_| !partly)
        && let Some(answer) = faults::answer(order, service).await
    {
        return answer;
    }
    if service == Service::EventBridge {
        return service::response(aws.inner.event_bridge.handle(&operation, &body, partly));
    }
    if service == Service::Dynamodb {
        return aws.inner.dynamodb.forward(&operation, headers, body).await;
    }
    let waits = operation == "ReceiveMessage";
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
    // A task of its own stores a change even if the caller hangs up. A call that waits for a message ends with its caller instead,
    // or it would receive the message for no one.
    let answer = if waits {
        work.await
    } else {
        tokio::spawn(work).await.unwrap_or_else(|_| service.internal_error())
    };
    service::response(answer)
}

#[cfg(test)]
mod tests;
