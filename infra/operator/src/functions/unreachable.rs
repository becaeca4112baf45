//! Why AWS did not run a function, and what to do now.

use std::error::Error as StdError;

use aws_config::SdkConfig;
use aws_sdk_lambda::error::{ProvideErrorMetadata, SdkError};

use crate::failure::Failure;

/// The failure of a call that was to invoke the function `name`.
pub(super) fn unreachable<E>(name: &str, error: &SdkError<E>, config: &SdkConfig) -> Failure
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    let place = match config.endpoint_url() {
        Some(url) => format!("AWS at {url}"),
        None => format!("AWS in {}", config.region().map(ToString::to_string).unwrap_or_default()),
    };
    let (message, hint) = match error {
        SdkError::ServiceError(refused) => answered(&place, name, refused.err()),
        SdkError::TimeoutError(_) => (
            format!("{place} did not answer in time; it is unknown whether {name} ran"),
            "see with `spapi-auth history` whether the change was made; if not, run the command again",
        ),
        other => {
            let chain = chain(other);
            let cause = chain.last().cloned().unwrap_or_default();
            if chain.iter().any(|link| link.contains("credential")) {
                // The rest lists every place that was searched.
                let cause = cause.lines().next().unwrap_or_default().trim_end_matches(". Attempted:");
                (format!("no AWS credentials were found: {cause}"), SIGN_IN)
            } else {
                (format!("{place} cannot be reached: {cause}"), not_connected(config.endpoint_url()))
            }
        }
    };
    Failure::Unreachable { message, hint: hint.to_owned() }
}

/// What an error answer of AWS itself means.
fn answered(place: &str, name: &str, error: &impl ProvideErrorMetadata) -> (String, &'static str) {
    let code = error.code().unwrap_or("no code");
    let cause = error.message().unwrap_or("no reason given").trim_end_matches('.');
    match code {
        "ResourceNotFoundException" => (
            format!("{place} has no function {name}"),
            "select the stack with `--profile`, `--region` and `--prefix`, or deploy it",
        ),
        "AccessDeniedException" => (
            format!("{place} denied the invocation of {name}: {cause}"),
            "allow `lambda:InvokeFunction` on this function in IAM, or choose another `--profile`",
        ),
        "ExpiredTokenException" | "InvalidSignatureException" | "UnrecognizedClientException" => {
            (format!("{place} rejected the AWS credentials: {cause} ({code})"), SIGN_IN)
        }
        _ => (
            format!("{place} did not run {name}: {cause} ({code})"),
            "run the command again; if it fails again, look at the function in the Lambda console",
        ),
    }
}

const SIGN_IN: &str = "sign in (`aws sso login`, for example), set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or choose a \
                       profile with `--profile`";

fn not_connected(endpoint_url: Option<&str>) -> &'static str {
    match endpoint_url {
        Some(_) => {
            "check `--endpoint-url` or `AWS_ENDPOINT_URL`; if it is the local stack, start that with `cargo run`"
        }
        None => "check the network and `--region`",
    }
}

/// The texts of an error and of its causes, down to the first cause.
fn chain(error: &dyn StdError) -> Vec<String> {
    let mut chain = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        chain.push(error.to_string());
        cause = error.source();
    }
    chain
}
