//! Invokes `get-access-token`, on connections that are not older than the last few seconds.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use aws_config::{
    BehaviorVersion, SdkConfig, retry::RetryConfig, stalled_stream_protection::StalledStreamProtectionConfig,
};
use aws_sdk_lambda::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::invoke::{InvokeError, InvokeOutput},
    primitives::Blob,
    types::InvocationType,
};
use jiff::Timestamp;
use serde_json::Value;
use tokio::{sync::OnceCell, time::timeout};

use crate::{failure::Failure, is_recent};

/// A client of one function.
pub(crate) struct Invoker {
    function: String,
    config: OnceCell<SdkConfig>,
    client: Mutex<Option<(Client, Timestamp)>>,
}

impl Invoker {
    /// Of this function: a name, a name and an alias, or an ARN. `config` is read as every AWS tool does it if it is `None`, when it
    /// is first needed: reading it at the start would lengthen the init of a Lambda function.
    pub(crate) fn new(function: String, config: Option<SdkConfig>) -> Self {
        Self { function, config: OnceCell::new_with(config), client: Mutex::default() }
    }

    /// The answer of the function to this payload. `time_limit` is the longest time that it may take.
    pub(crate) async fn invoke(
        &self,
        payload: String,
        time_limit: Duration,
        now: Timestamp,
    ) -> Result<Vec<u8>, Failure> {
        let answer = self.send(InvocationType::RequestResponse, Some(payload), time_limit, now).await?;
        let body = answer.payload.map(Blob::into_inner).unwrap_or_default();
        if answer.function_error.is_none() {
            return Ok(body);
        }
        let error: Value = serde_json::from_slice(&body).unwrap_or_default();
        let text = |field: &str| error.get(field).and_then(Value::as_str);
        Err(Failure::of_function(
            text("errorType").unwrap_or("Unhandled"),
            text("errorMessage").unwrap_or("the function failed without a message"),
        ))
    }

    /// Whether the function may be invoked, by an invocation that does not run it.
    pub(crate) async fn try_out(&self, time_limit: Duration, now: Timestamp) -> Result<(), Failure> {
        self.send(InvocationType::DryRun, None, time_limit, now).await.map(drop)
    }

    async fn send(
        &self,
        kind: InvocationType,
        payload: Option<String>,
        time_limit: Duration,
        now: Timestamp,
    ) -> Result<InvokeOutput, Failure> {
        let attempt = async {
            let invocation =
                self.client(now).await?.invoke().function_name(&self.function).invocation_type(kind);
            let sent = invocation.set_payload(payload.map(|payload| Blob::new(payload.into_bytes()))).send();
            // Boxed, because the futures of the AWS SDK are large, and nest deeper than the compiler can lay out in one piece.
            Box::pin(sent).await.map_err(|error| failure(&self.function, &error))
        };
        let late = || Failure::unreachable(format!("{} did not answer within {time_limit:?}", self.function));
        timeout(time_limit, attempt).await.unwrap_or_else(|_| Err(late()))
    }

    /// A client whose connections are new, or were in use just now by the wall clock. After a freeze the others only look open.
    async fn client(&self, now: Timestamp) -> Result<Client, Failure> {
        let config = self.config.get_or_init(configuration).await;
        if config.region().is_none() {
            return Err(Failure::of_function("NoRegion", "no AWS region is configured: set AWS_REGION"));
        }
        let mut kept = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        let client = match kept.take() {
            Some((client, used_at)) if is_recent(used_at, now) => client,
            _ => Client::from_conf(
                aws_sdk_lambda::config::Builder::from(config)
                    .retry_config(RetryConfig::disabled())
                    .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
                    .build(),
            ),
        };
        *kept = Some((client.clone(), now));
        Ok(client)
    }
}

async fn configuration() -> SdkConfig {
    Box::pin(aws_config::defaults(BehaviorVersion::latest()).load()).await
}

/// What an error of the SDK means. Only no connection, a time-out, 5xx and throttling say nothing about the permission.
fn failure(function: &str, error: &SdkError<InvokeError>) -> Failure {
    match error {
        SdkError::TimeoutError(_) | SdkError::ResponseError(_) => {
            Failure::unreachable("AWS Lambda did not answer")
        }
        SdkError::DispatchFailure(cause) if cause.is_io() || cause.is_timeout() => {
            Failure::unreachable("AWS Lambda cannot be reached")
        }
        SdkError::ServiceError(answer) => {
            let (status, error) = (answer.raw().status().as_u16(), answer.err());
            let message = format!(
                "AWS Lambda did not run {function}: {} ({})",
                error.message().unwrap_or("no reason given").trim_end_matches('.'),
                error.code().unwrap_or("no code"),
            );
            match status {
                429 => Failure::of_function(Failure::THROTTLED, message),
                500.. => Failure::unreachable(message),
                _ => Failure::of_function(error.code().unwrap_or("Unhandled"), message),
            }
        }
        _ => {
            Failure::of_function("NoCredentials", "the AWS credentials of the agent cannot be used or found")
        }
    }
}
