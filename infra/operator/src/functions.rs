//! Invokes the functions of one stack by name, through Lambda's Invoke.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_config::{SdkConfig, timeout::TimeoutConfig};
use aws_sdk_lambda::{Client, primitives::Blob, types::InvocationType};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::{
    arguments::AwsArguments,
    aws_configuration,
    failure::Failure,
    functions::{skew::Skew, unreachable::unreachable},
    refusal::{Refusal, Subject},
    request::Request,
};

mod skew;
mod unreachable;

/// A function that `spapi-auth` invokes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Function {
    /// Changes of applications, grants and client secrets.
    Administration,
    /// Reads of applications, grants and history, and authorization links.
    Authorizations,
    /// Access tokens.
    GetAccessToken,
}

impl Function {
    /// Every function that `spapi-auth` invokes.
    pub(crate) const ALL: [Self; 3] = [Self::Administration, Self::Authorizations, Self::GetAccessToken];

    fn name(self) -> &'static str {
        match self {
            Self::Administration => "administration",
            Self::Authorizations => "authorizations",
            Self::GetAccessToken => "get-access-token",
        }
    }
}

/// A client of the functions of one stack.
pub(crate) struct Functions {
    client: Client,
    config: SdkConfig,
    prefix: String,
    skew: Arc<Mutex<Option<SignedDuration>>>,
}

impl Functions {
    /// Reads the AWS configuration. Calls nothing yet.
    pub(crate) async fn connect(aws: &AwsArguments, clock: fn() -> Timestamp) -> Result<Self, Failure> {
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECTING).read_timeout(ANSWERING).build();
        let config = aws_configuration::load(aws, timeouts).await?;
        let skew = Arc::default();
        let observed = aws_sdk_lambda::config::Builder::from(&config).interceptor(Skew::new(&skew, clock));
        let client = Client::from_conf(observed.build());
        Ok(Self { client, config, prefix: aws.function_prefix.clone(), skew })
    }

    /// Invokes the function and returns its answer.
    pub(crate) async fn invoke(&self, function: Function, request: Request) -> Result<Value, Failure> {
        let name = self.name(function);
        let subject = Subject::of(&request);
        let invocation = self.client.invoke().function_name(&name).payload(Blob::new(request.into_bytes()));
        let answer = invocation.send().await.map_err(|error| unreachable(&name, &error, &self.config))?;
        let payload = answer.payload().map(Blob::as_ref).unwrap_or_default();
        let body: Option<Value> = serde_json::from_slice(payload).ok();
        match (answer.function_error(), body) {
            (None, Some(body)) => Ok(body),
            (None, None) => Err(Failure::NotUnderstood(format!("{name} did not answer with JSON"))),
            (Some(_), body) => Err(refusal(name, body.as_ref(), subject)),
        }
    }

    /// Checks that the function exists and may be invoked, without running it.
    pub(crate) async fn reach(&self, function: Function) -> Result<(), Failure> {
        let name = self.name(function);
        let trial = self.client.invoke().function_name(&name).invocation_type(InvocationType::DryRun);
        trial.send().await.map(drop).map_err(|error| unreachable(&name, &error, &self.config))
    }

    /// How far this machine's clock was ahead of AWS at the last answer, errors included. Nothing before the first answer.
    pub(crate) fn skew(&self) -> Option<SignedDuration> {
        *self.skew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The AWS configuration, for a client of another service of the same account.
    pub(crate) fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// The prefix of the functions' names.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The function's name in this stack.
    pub(crate) fn name(&self, function: Function) -> String {
        format!("{}{}", self.prefix, function.name())
    }
}

const CONNECTING: Duration = Duration::from_secs(5);

/// Longer than any of the functions may run.
const ANSWERING: Duration = Duration::from_mins(2);

/// The error that the function answered, or that Lambda answered for a function that crashed.
fn refusal(function: String, body: Option<&Value>, subject: Subject) -> Failure {
    let text = |field: &str| body.and_then(|body| body.get(field)?.as_str());
    Failure::Refused(Box::new(Refusal {
        kind: text("errorType").unwrap_or("Unhandled").to_owned(),
        message: text("errorMessage")
            .map_or_else(|| format!("{function} failed without a message"), ToOwned::to_owned),
        function,
        subject,
    }))
}
