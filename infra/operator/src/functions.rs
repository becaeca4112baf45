//! Invokes the functions of one stack by name, through Lambda's Invoke.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_config::{SdkConfig, timeout::TimeoutConfig};
use aws_sdk_lambda::{
    Client,
    error::ProvideErrorMetadata as _,
    operation::invoke::{InvokeOutput, builders::InvokeFluentBuilder},
    primitives::Blob,
    types::InvocationType,
};
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

mod aliases;
pub(crate) mod layer;
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

/// The consumer of operators, whose alias the template makes.
pub(crate) const OPERATORS: &str = "operators";

/// A client of the functions of one stack.
pub(crate) struct Functions {
    client: Client,
    config: SdkConfig,
    prefix: String,
    /// The value of `--consumer`.
    consumer: Option<String>,
    /// The functions that turned out to have no alias of operators, or none that this identity may invoke.
    without_alias: Mutex<Vec<Function>>,
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
        let (prefix, consumer) = (aws.prefix.clone(), aws.consumer.clone());
        Ok(Self { client, config, prefix, consumer, without_alias: Mutex::default(), skew })
    }

    /// Invokes the function and returns its answer.
    pub(crate) async fn invoke(&self, function: Function, request: Request) -> Result<Value, Failure> {
        let name = self.name(function);
        let subject = Subject::of(&request);
        let invocation = self.client.invoke().payload(Blob::new(request.into_bytes()));
        let answer = self.send(function, invocation).await?;
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
        let trial = self.client.invoke().invocation_type(InvocationType::DryRun);
        self.send(function, trial).await.map(drop)
    }

    /// Sends an invocation by the alias of `--consumer`, or of operators where the function has it. Lambda answers before it runs
    /// anything if there is no such alias, and IAM if this identity may invoke only the function itself.
    async fn send(
        &self,
        function: Function,
        invocation: InvokeFluentBuilder,
    ) -> Result<InvokeOutput, Failure> {
        let name = self.name(function);
        let invocation = invocation.function_name(&name);
        let failed = |name: &str, error| unreachable(name, &error, &self.config);
        if function == Function::Administration {
            return invocation.send().await.map_err(|error| failed(&name, error));
        }
        if let Some(consumer) = &self.consumer {
            let by_alias = invocation.qualifier(consumer).send().await;
            return by_alias.map_err(|error| failed(&format!("{name}:{consumer}"), error));
        }
        let without = || self.without_alias.lock().unwrap_or_else(PoisonError::into_inner);
        if !without().contains(&function) {
            match invocation.clone().qualifier(OPERATORS).send().await {
                Err(error)
                    if matches!(
                        error.code(),
                        Some("ResourceNotFoundException" | "AccessDeniedException")
                    ) =>
                {
                    without().push(function);
                }
                answered => return answered.map_err(|error| failed(&name, error)),
            }
        }
        invocation.send().await.map_err(|error| failed(&name, error))
    }

    /// How far this machine's clock was ahead of AWS at the last answer, errors included. Nothing before the first answer.
    pub(crate) fn skew(&self) -> Option<SignedDuration> {
        *self.skew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The AWS configuration, for a client of another service of the same account.
    pub(crate) fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// The prefix of the stack's names.
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
