//! The functions by name, through Lambda's Invoke.

use std::{
    error::Error as StdError,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_config::{BehaviorVersion, SdkConfig, timeout::TimeoutConfig};
use aws_sdk_lambda::{
    Client,
    config::Region,
    error::{ProvideErrorMetadata, SdkError},
    primitives::Blob,
    types::InvocationType,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::{arguments::AwsArguments, failure::Failure, functions::skew::Skew, request::Request};

mod skew;

/// A function that this tool invokes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Function {
    /// What operators change.
    Administration,
    /// What integrators, and we, read.
    Authorizations,
    /// The token itself.
    GetAccessToken,
}

impl Function {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Administration, Self::Authorizations, Self::GetAccessToken];

    fn name(self) -> &'static str {
        match self {
            Self::Administration => "administration",
            Self::Authorizations => "authorizations",
            Self::GetAccessToken => "get-access-token",
        }
    }
}

/// The way to the functions of one stack.
pub(crate) struct Functions {
    client: Client,
    config: SdkConfig,
    prefix: String,
    skew: Arc<Mutex<Option<SignedDuration>>>,
}

impl Functions {
    /// Reads the AWS configuration as every AWS tool does; nothing is called yet.
    pub(crate) async fn connect(aws: &AwsArguments, clock: fn() -> Timestamp) -> Result<Self, Failure> {
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECTING).read_timeout(ANSWERING).build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest()).timeout_config(timeouts);
        if let Some(profile) = &aws.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &aws.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(url) = &aws.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        let config = loader.load().await;
        if config.region().is_none() {
            return Err(Failure::Unreachable(
                "no AWS region is configured; give --region, set AWS_REGION, or add one to the profile"
                    .to_owned(),
            ));
        }
        let skew = Arc::default();
        let observed = aws_sdk_lambda::config::Builder::from(&config).interceptor(Skew::new(&skew, clock));
        let client = Client::from_conf(observed.build());
        Ok(Self { client, config, prefix: aws.function_prefix.clone(), skew })
    }

    /// What the function answers.
    pub(crate) async fn invoke(&self, function: Function, request: Request) -> Result<Value, Failure> {
        let name = self.name(function);
        let invocation = self.client.invoke().function_name(&name).payload(Blob::new(request.into_bytes()));
        let answer = invocation.send().await.map_err(|error| self.unreachable(&name, &error))?;
        let payload = answer.payload().map(Blob::as_ref).unwrap_or_default();
        let body: Option<Value> = serde_json::from_slice(payload).ok();
        match (answer.function_error(), body) {
            (None, Some(body)) => Ok(body),
            (None, None) => Err(Failure::NotUnderstood(name)),
            (Some(_), body) => Err(refusal(&name, body.as_ref())),
        }
    }

    /// Whether the function is there and may be invoked; it does not run.
    pub(crate) async fn reach(&self, function: Function) -> Result<(), Failure> {
        let name = self.name(function);
        let trial = self.client.invoke().function_name(&name).invocation_type(InvocationType::DryRun);
        trial.send().await.map(drop).map_err(|error| self.unreachable(&name, &error))
    }

    /// How far this machine's clock was ahead of AWS at the last answer; a refused call has one too.
    pub(crate) fn skew(&self) -> Option<SignedDuration> {
        *self.skew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The configuration, for another service of the same account.
    pub(crate) fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// The function's name in this stack.
    pub(crate) fn name(&self, function: Function) -> String {
        format!("{}{}", self.prefix, function.name())
    }

    fn unreachable<E>(&self, name: &str, error: &SdkError<E>) -> Failure
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let region = self.config.region().map(ToString::to_string).unwrap_or_default();
        let place = match self.config.endpoint_url() {
            Some(url) => format!("AWS at {url}"),
            None => format!("AWS in {region}"),
        };
        Failure::Unreachable(match error {
            SdkError::ServiceError(refused) => {
                let code = refused.err().code().unwrap_or("no code");
                let message = refused.err().message().unwrap_or("no reason given").trim_end_matches('.');
                match code {
                    "ResourceNotFoundException" => format!(
                        "{place} has no function {name}; is it the region and account of the stack, and --function-prefix right?"
                    ),
                    "AccessDeniedException" => format!("{place} does not let you invoke {name}: {message}"),
                    _ => format!("{place} did not run {name}: {message} ({code})"),
                }
            }
            SdkError::TimeoutError(_) => {
                format!("{place} did not answer in time; {name} may have run or not")
            }
            other => {
                let chain = chain(other);
                let cause = chain.last().cloned().unwrap_or_default();
                if chain.iter().any(|link| link.contains("credential")) {
                    // The rest is a list of every place that was looked into.
                    let why = cause.lines().next().unwrap_or_default().trim_end_matches(". Attempted:");
                    format!("no AWS credentials can be had ({why}); sign in, or choose a --profile")
                } else {
                    format!("{place} cannot be reached: {cause}")
                }
            }
        })
    }
}

const CONNECTING: Duration = Duration::from_secs(5);

/// Longer than any of the functions may run.
const ANSWERING: Duration = Duration::from_mins(2);

/// The function's own words, or Lambda's about a function that broke.
fn refusal(name: &str, body: Option<&Value>) -> Failure {
    let text = |field: &str| body.and_then(|body| body.get(field)?.as_str());
    Failure::Refused {
        kind: text("errorType").unwrap_or("Unhandled").to_owned(),
        message: text("errorMessage").map_or_else(
            || format!("{name} failed without a word; its log has the cause"),
            ToOwned::to_owned,
        ),
    }
}

/// What an error says, and what caused it, down to the first cause.
fn chain(error: &dyn StdError) -> Vec<String> {
    let mut chain = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        chain.push(error.to_string());
        cause = error.source();
    }
    chain
}
